"""Data sets for training: small ones at hand, pictures from a folder, CSV files of the user."""

from __future__ import annotations

from pathlib import Path

from ...errors import OptionError, did_you_mean
from .numbers_file import read_csv
from .pictures import pictures, read_idx
from .small import digits, iris, moons, xor
from .table import Table

__all__ = [
    "NAMES", "Table", "digits", "iris", "load", "moons", "pictures", "read_csv", "read_idx", "xor",
]

_MADE = {"xor": xor, "iris": iris, "digits": digits, "moons": moons}
NAMES = (*_MADE, "mnist", "fashion-mnist")


def load(name: str, *, folder: str | None = None, target: str | None = None) -> Table:
    """Return the data set of a name, or the table in a CSV file.

    `folder` is where the pictures of "mnist" and "fashion-mnist" are; `target` names the column to
    be predicted in a CSV file.

    >>> len(load("iris"))
    150

    Raises:
        OptionError: neither a name nor a file, or an option that does not belong to it.
        FileError: a file that cannot be read or holds something else.
    """
    is_file = name.casefold().endswith((".csv", ".tsv", ".txt")) or Path(name).is_file()
    if target is not None and not is_file:
        raise OptionError(f"a target column is chosen in a CSV file, not in `{name}`")
    if name in ("mnist", "fashion-mnist"):
        if folder is None:
            raise OptionError(f"{name} is read from a folder you have: say where it is with `folder`")
        return pictures(folder, fashion=name == "fashion-mnist")
    if folder is not None:
        raise OptionError(f"a folder is read for mnist and fashion-mnist, not for `{name}`")
    if name in _MADE:
        return _MADE[name]()
    if is_file:
        return read_csv(name, target)
    hint = did_you_mean(name, NAMES)
    raise OptionError(
        f"no data set `{name}`; there are {', '.join(NAMES)}, or a file ending in .csv"
        + (f" ({hint})" if hint else "")
    )
