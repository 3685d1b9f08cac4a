"""A table's columns, chosen by name for a picture of them."""

from __future__ import annotations

from dataclasses import replace

from ..engine.datasets import Table
from ..errors import OptionError, did_you_mean, quoted
from ..sentences import said

__all__ = ["with_columns"]


def with_columns(table: Table, names: str | None) -> Table:
    """Return the table with the named columns alone, in that order; all of them where none is named.

    Raises:
        OptionError: a name that no column has, or a column twice.
    """
    if names is None:
        return table
    wanted = [name.strip() for name in names.split(",")]
    for number, name in enumerate(wanted):
        if name not in table.columns:
            hint = did_you_mean(name, table.columns)
            raise OptionError(
                said(
                    "--columns: {table} has no column {name}; it has {names}",
                    table=table.name,
                    name=quoted(name, 60),
                    names=", ".join(table.columns[:12]),
                )
                + (f" ({hint})" if hint else "")
            )
        if name in wanted[:number]:
            raise OptionError(said("--columns: {name} twice", name=quoted(name, 60)))
    places = [table.columns.index(name) for name in wanted]
    test = table.test and with_columns(table.test, names)
    return replace(
        table, features=table.features[:, places], columns=tuple(wanted), shape=(), test=test
    )
