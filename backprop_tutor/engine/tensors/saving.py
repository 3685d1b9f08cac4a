"""Saving tensors and state dicts without pickle; `loading` reads them again.

A file is a NumPy archive (`.npz`) of plain arrays with a JSON description of how they were nested,
or, where the name ends in `.safetensors` and the object is a flat dictionary of tensors, a
safetensors file. Anything else is refused: loading never runs code from a file.
"""

from __future__ import annotations

import io
import json
import math
import os
import struct
from collections import OrderedDict
from collections.abc import Mapping
from typing import Any

import numpy as np

from ...files import write_whole
from ..autograd.tape import Tensor
from .dtypes import dtype as Dtype
from .loading import FORMAT, SAFE

__all__ = ["save"]


def _described(obj: Any, arrays: list[Any], place: str) -> Any:
    """Return the object as JSON data; its arrays are appended to `arrays`."""
    if isinstance(obj, Tensor):
        arrays.append(obj._a)
        described: dict[str, Any] = {"tensor": len(arrays) - 1}
        if obj.requires_grad and obj._edge is None:
            described["requires_grad"] = True
        return described
    if isinstance(obj, (np.ndarray, np.generic)) and not obj.dtype.hasobject:
        arrays.append(np.asarray(obj))
        return {"array": len(arrays) - 1}
    if obj is None or isinstance(obj, (bool, str)):
        return obj
    if isinstance(obj, int):
        return {"int": str(obj)} if abs(obj) > 2**53 else obj
    if isinstance(obj, float):
        return obj if math.isfinite(obj) else {"float": repr(obj)}
    if isinstance(obj, Dtype):
        return {"dtype": obj.name}
    if isinstance(obj, Mapping):
        pairs = [
            [_described(key, arrays, f"{place}.keys()"), _described(value, arrays, f"{place}[{key!r}]")]
            for key, value in obj.items()
        ]
        return {"ordered" if isinstance(obj, OrderedDict) else "dict": pairs}
    if isinstance(obj, (list, tuple)):
        kind = "list" if isinstance(obj, list) else "tuple"
        return {kind: [_described(x, arrays, f"{place}[{i}]") for i, x in enumerate(obj)]}
    raise TypeError(
        f"cannot save a {type(obj).__name__} (at {place}): tensors, arrays, numbers, text, lists, "
        "tuples and dictionaries of them can be saved; of a module save its state_dict()"
    )


def _write(path: Any, content: bytes) -> None:
    """Write a file whole or not at all, or into an open file."""
    if hasattr(path, "write"):
        path.write(content)
    else:
        write_whole(path, content)


def save(obj: Any, f: Any) -> None:
    """Save a tensor, a state dict, or nested data of tensors to a path or an open binary file.

    Raises:
        TypeError: something that is not data (a module: save its `state_dict()`).
        FileError: a place that cannot be written.
    """
    if isinstance(f, (str, os.PathLike)) and os.fspath(f).endswith(".safetensors"):
        _write(f, _safe_bytes(obj))
        return
    arrays: list[Any] = []
    described = json.dumps({"format": FORMAT, "data": _described(obj, arrays, "object")})
    held: dict[str, Any] = {f"array_{i}": np.array(a, order="C") for i, a in enumerate(arrays)}
    held["structure"] = np.frombuffer(described.encode("utf-8"), np.uint8)

    packed = io.BytesIO()
    np.savez(packed, **held)
    _write(f, packed.getvalue())


def _safe_bytes(obj: Any) -> bytes:
    if not isinstance(obj, Mapping) or not all(
        isinstance(k, str) and isinstance(v, Tensor) for k, v in obj.items()
    ):
        raise TypeError("a .safetensors file holds a flat dictionary of names and tensors; "
                        "save anything else as .npz")
    names = {kind: name for name, kind in SAFE.items()}
    header: dict[str, Any] = {}
    blobs, offset = [], 0
    for key, value in obj.items():
        blob = np.ascontiguousarray(value._a).astype(value._a.dtype.newbyteorder("<")).tobytes()
        header[key] = {
            "dtype": names[value._a.dtype.type], "shape": list(value._a.shape),
            "data_offsets": [offset, offset + len(blob)],
        }
        offset += len(blob)
        blobs.append(blob)
    text = json.dumps(header, separators=(",", ":")).encode("utf-8")
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text + b"".join(blobs)
