"""Where pictures are looked for: the user's folder, then Keras's own; and what is said otherwise."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np

from ....engine.datasets import picture_arrays
from ....errors import FileError

__all__ = ["VARIABLE", "load"]

VARIABLE = "BACKPROP_TUTOR_DATA"
"""The environment's variable that names a folder of data sets."""
_IDX = "train-images-idx3-ubyte"

Pair = tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]


def _roots() -> list[Path]:
    given = os.environ.get(VARIABLE, "")
    return [*([Path(given).expanduser()] if given else []), Path("~/.keras/datasets").expanduser()]


def _candidates(root: Path, names: tuple[str, ...]) -> list[Path]:
    """Return the places in a folder that may hold a data set of these names: npz files, then folders."""
    files = [root / f"{name}.npz" for name in names]
    folders = [path for name in names for path in (root / name, root / name / "raw")]
    return [*files, *folders]


def load(names: tuple[str, ...], path: str | None = None) -> tuple[Pair, Pair]:
    """Return ((x_train, y_train), (x_test, y_test)), unsigned bytes, of the first place that has them.

    Raises:
        FileError: no place has them, or what is there is damaged.
    """
    if path is not None and Path(path).is_absolute():
        return _pairs(picture_arrays(path))
    for root in _roots():
        for place in _candidates(root, names):
            found = place.is_file() if place.suffix == ".npz" else any(place.glob("*idx3-ubyte*"))
            if found:
                return _pairs(picture_arrays(place))
    raise FileError(_nowhere(names))


def _nowhere(names: tuple[str, ...]) -> str:
    name = names[0]
    looked = " and in ".join(str(root) for root in _roots())
    loose = [root for root in _roots() if any(root.glob(f"{_IDX}*"))]
    if loose:
        return (
            f"{loose[0]}: the IDX files there may be of mnist or of fashion-mnist, whose files have the "
            f"same names; "
            f"put them into a folder {loose[0] / name}"
        )
    return (
        f"no {name} in {looked}; nothing is downloaded. Put {name}.npz (x_train, y_train, x_test, "
        f"y_test), or a folder "
        f"{name} with the four IDX files (train-images-idx3-ubyte.gz and its like), into one of them, "
        f"or name yours "
        f"with {VARIABLE}"
    )


def _pairs(parts: dict[str, Pair]) -> tuple[Pair, Pair]:
    train, test = (tuple(np.array(each) for each in parts[part]) for part in ("train", "test"))
    return (train[0], train[1]), (test[0], test[1])
