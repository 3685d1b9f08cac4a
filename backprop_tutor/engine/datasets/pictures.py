"""Reading MNIST and Fashion-MNIST from a folder the user has: IDX files, packed or not, or one npz.

Nothing is downloaded. An IDX file begins with two zero bytes, a type (8 for unsigned bytes), the
number of dimensions and each of them as a big-endian 32-bit number.
Source: the format's description by Y. LeCun.
"""

from __future__ import annotations

import gzip
import math
import struct
import zipfile
import zlib
from pathlib import Path
from typing import Any

import numpy as np

from ...errors import FileError
from ...files import special
from ...reasons import reason
from ...sentences import said
from .tables import Table

__all__ = ["FASHION", "picture_arrays", "pictures", "read_idx"]

_MOST_BYTES = 200_000_000
"""Unpacked; the largest of the known files has 47 million."""

FASHION = (
    "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat",
    "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot",
)
_PARTS = {
    "train": ("train-images-idx3-ubyte", "train-labels-idx1-ubyte"),
    "test": ("t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"),
}


def read_idx(path: str | Path) -> np.ndarray[Any, Any]:
    """Return the array of unsigned bytes in an IDX file; a name ending in .gz is unpacked.

    Raises:
        FileError: it cannot be read, or is not what its header says.
    """
    path = Path(path)
    try:
        found = special(path)
        if found:
            raise FileError(said("{path}: it {found}", path=path, found=found))
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
            data = file.read(_MOST_BYTES + 1)
    except FileError:
        raise
    except (OSError, EOFError, zlib.error) as error:
        raise FileError(said("{path}: cannot be read: {error}", path=path, error=reason(error))) from None
    if len(data) > _MOST_BYTES:
        raise FileError(
            said("{path}: more than {most:,} bytes", path=path, most=_MOST_BYTES)
        )
    if len(data) < 4 or data[:2] != b"\0\0" or data[2] != 8:
        raise FileError(
            said(
                "{path}: begins with {start}; an IDX file of bytes begins with 00 00 08",
                path=path, start=data[:4].hex(" "),
            )
        )
    rank = data[3]
    start = 4 + 4 * rank
    if len(data) < start:
        raise FileError(
            said("{path}: ends within its header of {rank} dimensions", path=path, rank=rank)
        )
    shape = struct.unpack(f">{rank}I", data[4:start])
    expected = math.prod(shape)
    if len(data) - start != expected:
        raise FileError(
            said(
                "{path}: holds {count} bytes; its header says {names} = {expected}",
                path=path, count=len(data) - start, names=" x ".join(map(str, shape)),
                expected=expected,
            )
        )
    return np.frombuffer(data, np.uint8, offset=start).reshape(shape)


def _find(folder: Path, stem: str) -> Path | None:
    for name in (stem, stem + ".gz", stem.replace("-idx", ".idx"), stem.replace("-idx", ".idx") + ".gz"):
        if (folder / name).is_file():
            return folder / name
    return None


def _from_npz(path: Path) -> dict[str, tuple[Any, Any]]:
    try:
        with np.load(path, allow_pickle=False) as held:
            return {
                part: (held[f"x_{part}"], held[f"y_{part}"]) for part in ("train", "test")
            }
    except KeyError as error:
        raise FileError(
            said(
                "{path}: {told}; expected the arrays x_train, y_train, x_test, y_test",
                path=path, told=error.args[0],
            )
        ) from None
    except (OSError, ValueError, zipfile.BadZipFile) as error:
        raise FileError(said("{path}: cannot be read: {error}", path=path, error=reason(error))) from None


def _table(name: str, images: Any, labels: Any, classes: tuple[str, ...], test: Any) -> Table:
    if images.ndim != 3 or labels.ndim != 1 or len(images) != len(labels):
        raise FileError(
            said(
                "{name}: pictures of shape {shape} and labels of shape {shape_2}; expected (n, "
                "height, width) and (n,)",
                name=name, shape=images.shape, shape_2=labels.shape,
            )
        )
    if labels.size and int(labels.max()) > 9:
        raise FileError(
            said("{name}: a label is {max}; expected 0 to 9", name=name, max=int(labels.max()))
        )
    height, width = images.shape[1:]
    return Table(
        name=name, features=images.reshape(len(images), -1).astype(np.float32) / np.float32(255),
        targets=labels.astype(np.int64),
        columns=tuple(f"pixel {row},{column}" for row in range(height) for column in range(width)),
        classes=classes, shape=(height, width), test=test,
    )


def picture_arrays(folder: str | Path) -> dict[str, tuple[Any, Any]]:
    """Return pictures and labels of "train" and "test" in a folder (or an npz file), as they are stored.

    Raises:
        FileError: what is expected is not there, or damaged.
    """
    folder = Path(folder)
    if folder.suffix == ".npz":
        return _from_npz(folder)
    if not folder.is_dir():
        raise FileError(said("{folder}: there is no such folder", folder=folder))
    packed = sorted(folder.glob("*.npz"))
    found = {part: [_find(folder, stem) for stem in stems] for part, stems in _PARTS.items()}
    missing = [
        stem
        for part, stems in _PARTS.items()
        for stem, path in zip(stems, found[part], strict=True)
        if path is None
    ]
    if missing and packed:
        return _from_npz(packed[0])
    if missing:
        raise FileError(
            said(
                "{folder}: not found: {names}; expected these four IDX files, or packed as .gz, or "
                "one .npz file",
                folder=folder, names=", ".join(missing),
            )
        )
    return {
        part: (read_idx(str(paths[0])), read_idx(str(paths[1]))) for part, paths in found.items()
    }


def pictures(folder: str | Path, fashion: bool = False) -> Table:
    """Return the pictures in a folder (or an npz file), brightness from 0 to 1, `test` set aside.

    Raises:
        FileError: what is expected is not there, or damaged.
    """
    parts = picture_arrays(folder)
    name = "fashion-mnist" if fashion else "mnist"
    classes = FASHION if fashion else tuple(str(number) for number in range(10))
    test = _table(f"{name} (test)", *parts["test"], classes, None)
    return _table(name, *parts["train"], classes, test)
