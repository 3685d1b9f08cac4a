"""Rows from outside the package, added to the table: those of installed packages among them."""

from __future__ import annotations

from ..installed import loaded
from .admission import reason_against
from .record import Operation
from .registry import Table

__all__ = ["OPERATIONS", "add_installed", "add_operation"]

OPERATIONS = "backprop_tutor.operations"
"""The group of entry points that are operations."""


def add_operation(table: Table[Operation], row: Operation) -> None:
    """Add a row; one that is there as it is stays.

    Raises:
        OptionError: the row does not fit in, with the reason.
    """
    known = table.known()
    reason_against(row, known)
    if row.name not in known:
        table.add(row.name, row)


def add_installed(table: Table[Operation]) -> bool:
    """Add the installed packages' operations; return whether none is left for later."""
    return loaded(OPERATIONS, Operation, lambda row: add_operation(table, row))
