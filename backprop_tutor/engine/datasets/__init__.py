"""Data sets for training: small ones at hand, pictures from a folder, CSV files of the user."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from ...errors import OptionError, did_you_mean
from ...sentences import N_, said, sentence
from .numbers_file import read_csv
from .pictures import picture_arrays, pictures, read_idx
from .small import GATES, digits, gate, iris, moons, xor
from .tables import Table

__all__ = [
    "GATES", "NAMES", "Table", "digits", "gate", "iris", "load", "moons", "picture_arrays", "pictures",
    "read_csv", "read_idx", "xor",
]

_MADE: dict[str, Callable[[], Table]] = {
    **{name: partial(gate, name) for name in GATES},
    "iris": iris, "digits": digits, "moons": moons,
}  # fmt: skip
NAMES = (*_MADE, "mnist", "fashion-mnist")

_OF_FILES = {
    "target": N_("a target column is chosen"), "one_hot": N_("columns are made one-hot"),
    "drop": N_("columns are left out"), "header": N_("a header is looked for"),
    "kind": N_("the kind of target is said"),
}  # fmt: skip
"""The options that only a CSV file has, and what each does there."""


def load(name: str, *, folder: str | None = None, **of_file: Any) -> Table:
    """Return the data set of a name, or the table in a CSV file.

    `folder` is where the pictures of "mnist" and "fashion-mnist" are; `target`, `one_hot`, `drop`,
    `header` and `kind` belong to a CSV file, as for `read_csv`.

    >>> len(load("iris"))
    150

    Raises:
        OptionError: neither a name nor a file, or an option that does not belong to it.
        FileError: a file that cannot be read or holds something else.
    """
    is_file = name.casefold().endswith((".csv", ".tsv", ".txt")) or Path(name).is_file()
    for option, meant in _OF_FILES.items():
        if of_file.get(option) not in (None, (), []) and not is_file:
            raise OptionError(
                said("{meant} in a CSV file, not in `{name}`", meant=sentence(meant), name=name)
            )
    if name in ("mnist", "fashion-mnist"):
        if folder is None:
            raise OptionError(
                said("{name} is read from a folder you have: say where it is with `folder`", name=name)
            )
        return pictures(folder, fashion=name == "fashion-mnist")
    if folder is not None:
        raise OptionError(
            said("a folder is read for mnist and fashion-mnist, not for `{name}`", name=name)
        )
    if name in _MADE:
        return _MADE[name]()
    if is_file:
        return read_csv(name, **of_file)
    hint = did_you_mean(name, NAMES)
    raise OptionError(
        said(
            "no data set `{name}`; there are {names}, or a file ending in .csv",
            name=name, names=", ".join(NAMES),
        )
        + (f" ({hint})" if hint else "")
    )
