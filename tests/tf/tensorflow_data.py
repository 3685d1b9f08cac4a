"""Pictures that stand in for the real ones, in the files' own formats: each class has a bar in a place of its own."""

from __future__ import annotations

import gzip
import struct
from pathlib import Path
from typing import Any

import numpy as np


def pictures(count: int) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Return pictures of 28 by 28 and their classes, 0 to 9 in turn."""
    classes = np.arange(count) % 10
    drawn = np.random.default_rng(0).integers(0, 60, (count, 28, 28))
    for picture, number in zip(drawn, classes, strict=True):
        picture[2 * number : 2 * number + 6, 4:24] += 160
    return drawn.astype(np.uint8), classes.astype(np.uint8)


def write_idx(folder: Path, train: int = 300, test: int = 100, packed: bool = True) -> Path:
    """Write the four files of a data set in the IDX format; return their folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for stem, count in (("train", train), ("t10k", test)):
        images, classes = pictures(count)
        for kind, array in (("images-idx3", images), ("labels-idx1", classes)):
            data = struct.pack(f">2xBB{array.ndim}I", 8, array.ndim, *array.shape) + array.tobytes()
            name = f"{stem}-{kind}-ubyte"
            if packed:
                (folder / f"{name}.gz").write_bytes(gzip.compress(data, 1))
            else:
                (folder / name).write_bytes(data)
    return folder


def write_npz(path: Path, train: int = 300, test: int = 100) -> Path:
    """Write a data set as Keras's npz; return its path."""
    (x, y), (x_test, y_test) = pictures(train), pictures(test)
    np.savez(path, x_train=x, y_train=y, x_test=x_test, y_test=y_test)
    return path


def stand_in(folder: Path) -> Path:
    """Write both data sets into a folder as people have them; return the folder."""
    write_idx(folder / "fashion-mnist")
    write_npz(folder / "mnist.npz")
    return folder
