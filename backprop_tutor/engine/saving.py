"""Saving tensors and state dicts, and loading them again, without pickle.

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
import zipfile
from collections import OrderedDict
from collections.abc import Mapping
from typing import Any

import numpy as np

from ..errors import FileError
from ..files import write_whole
from . import methods as _methods  # noqa: F401  (fills in the class Tensor)
from .devices import check_device, device
from .dtypes import DTYPES, from_numpy_dtype
from .dtypes import dtype as Dtype
from .tape import Tensor, wrap

__all__ = ["load", "save"]

_FORMAT = "backprop_tutor/1"
_SAFE = {
    "F64": np.float64, "F32": np.float32, "I64": np.int64, "I32": np.int32,
    "I16": np.int16, "I8": np.int8, "U8": np.uint8, "BOOL": np.bool_,
}


class MissingFileError(FileError, FileNotFoundError):
    """A file to load that is not there."""


def _described(obj: Any, arrays: list[Any], place: str) -> Any:
    """Return the object as JSON data; its arrays are appended to `arrays`."""
    if isinstance(obj, Tensor):
        arrays.append(obj._a)
        described: dict[str, Any] = {"tensor": len(arrays) - 1}
        if obj.requires_grad and obj._edge is None:
            described["requires_grad"] = True
        return described
    if isinstance(obj, (np.ndarray, np.generic)):
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
    described = json.dumps({"format": _FORMAT, "data": _described(obj, arrays, "object")})
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
    names = {kind: name for name, kind in _SAFE.items()}
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


def _safe_tensors(raw: bytes, name: str) -> dict[str, Tensor]:
    try:
        (size,) = struct.unpack("<Q", raw[:8])
        header = json.loads(raw[8 : 8 + size].decode("utf-8"))
        found = {}
        for key, facts in header.items():
            if key == "__metadata__":
                continue
            start, stop = facts["data_offsets"]
            data = raw[8 + size + start : 8 + size + stop]
            kind = np.dtype(_SAFE[facts["dtype"]])
            found[key] = wrap(np.frombuffer(data, kind.newbyteorder("<")).astype(kind).reshape(
                facts["shape"]))
        return found
    except (KeyError, ValueError, TypeError, struct.error, AttributeError) as error:
        raise FileError(f"{name} is not a whole safetensors file: {error}") from error


def _restored(data: Any, arrays: Any) -> Any:
    if isinstance(data, list):
        raise ValueError("a list without a kind")
    if not isinstance(data, dict):
        return data
    ((kind, value),) = ((k, v) for k, v in data.items() if k != "requires_grad")
    if kind == "tensor":
        t = wrap(arrays(value))
        from_numpy_dtype(t._a.dtype)
        t._rg = bool(data.get("requires_grad", False))
        return t
    if kind == "array":
        return arrays(value)
    if kind == "int":
        return int(value)
    if kind == "float":
        return float(value)
    if kind == "dtype":
        return DTYPES[value]
    if kind in ("dict", "ordered"):
        pairs = [(_restored(k, arrays), _restored(v, arrays)) for k, v in value]
        return OrderedDict(pairs) if kind == "ordered" else dict(pairs)
    if kind in ("list", "tuple"):
        found = [_restored(v, arrays) for v in value]
        return found if kind == "list" else tuple(found)
    raise ValueError(f"an unknown kind of data, {kind!r}")


def load(
    f: Any, map_location: Any = None, *, weights_only: bool = True, mmap: bool | None = None
) -> Any:
    """Return what `save` saved, from a path or an open binary file.

    `.npz` files of other programs load as dictionaries of tensors, safetensors files too. Only data
    is ever loaded, whatever `weights_only` says, and it is read at once, whatever `mmap` says.

    Raises:
        AssertionError: a `map_location` on a GPU.
        FileError: a file that is missing, damaged or of another kind (a pickle is never opened).
    """
    if isinstance(map_location, (str, device)):
        check_device(map_location)
    if hasattr(f, "read"):
        raw, name = f.read(), "the file"
    else:
        name = repr(os.fspath(f))
        try:
            with open(f, "rb") as stream:
                raw = stream.read()
        except FileNotFoundError as error:
            raise MissingFileError(f"[Errno 2] No such file or directory: {name}") from error
        except OSError as error:
            raise FileError(f"cannot read {name}: {error.strerror or error}") from error
    if raw[:2] != b"PK":
        if len(raw) > 9 and raw[8:9] == b"{":
            return _safe_tensors(raw, name)
        raise FileError(
            f"{name} is neither an .npz archive nor a safetensors file; pickles are not loaded, "
            "because loading one can run any code"
        )
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            if any(entry.endswith(".pkl") for entry in archive.namelist()):
                raise FileError(
                    f"{name} holds a pickle, as PyTorch saves by default; pickles are not loaded, "
                    "because loading one can run any code. Save it there with safetensors instead"
                )
        with np.load(io.BytesIO(raw), allow_pickle=False) as held:
            if "structure" not in held:
                return {key: wrap(held[key]) for key in held.files}
            described = json.loads(bytes(held["structure"]).decode("utf-8"))
            if not isinstance(described, dict) or described.get("format") != _FORMAT:
                raise FileError(f"{name} was saved in another format than {_FORMAT}")
            return _restored(described["data"], lambda i: held[f"array_{i}"])
    except FileError:
        raise
    except (ValueError, KeyError, TypeError, zipfile.BadZipFile, AttributeError) as error:
        raise FileError(f"{name} cannot be understood: {error}") from error
