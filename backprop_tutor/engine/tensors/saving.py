"""Saving tensors and state dicts without pickle, and loading: a file gives what was saved, or one error.

A file is a NumPy archive (`.npz`) of plain arrays with a JSON description of how they were nested,
or, where the name ends in `.safetensors` and the object is a flat dictionary of tensors, a
safetensors file. Anything else is refused: loading never runs code from a file.

Loading gives tensors, or a `FileError` that names the file. Nothing of a damaged file is trusted: sizes
are looked at before anything is unpacked, an archive's checks before anything is built, and no
text in it reaches more than the kinds of `_restored`.
"""

from __future__ import annotations

import io
import json
import math
import os
import struct
import zipfile
import zlib
from collections import OrderedDict
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from ...errors import FileError
from ...files import special, write_whole
from ..autograd.tape import Tensor, wrap
from ..functions import table as _table  # noqa: F401  (fills in the class Tensor)
from .devices import check_device, device
from .dtypes import DTYPES, from_numpy_dtype
from .dtypes import dtype as Dtype

__all__ = ["FORMAT", "SAFE", "load", "save"]


FORMAT = "backprop_tutor/1"
SAFE = {
    "F64": np.float64, "F32": np.float32, "I64": np.int64, "I32": np.int32,
    "I16": np.int16, "I8": np.int8, "U8": np.uint8, "BOOL": np.bool_,
}  # fmt: skip
"""The dtypes of tensors, as a safetensors file names them: https://github.com/huggingface/safetensors#format."""

_MOST_FILE = 4 * 2**30
_MOST_ENTRIES = 100_000
_MOST_TEXT = 50_000_000
_UNPACKED_FREELY = 100_000_000
_MOST_RATIO = 100
"""An archive larger than that many bytes unpacked may be so many times as large as its file: an
honest one is as large, and a bomb a thousand times."""

_BROKEN = (
    ValueError, KeyError, TypeError, AttributeError, IndexError, OverflowError, EOFError, RuntimeError,
    RecursionError, MemoryError, OSError, struct.error, zlib.error, zipfile.BadZipFile,
    zipfile.LargeZipFile,
)  # fmt: skip
"""What Python's and NumPy's readers raise where a file is not what it says."""


class MissingFileError(FileError, FileNotFoundError):
    """A file to load that is not there."""


def load(
    f: Any, map_location: Any = None, *, weights_only: bool = True, mmap: bool | None = None
) -> Any:
    """Return what `save` saved, from a path or an open binary file.

    `.npz` files of other programs load as dictionaries of tensors, safetensors files too. Only data
    is ever loaded, whatever `weights_only` says, and it is read at once, whatever `mmap` says. Files
    of up to 4 GiB are read; an archive that would unpack to more than 100 MB and a hundred times its
    size is refused.

    Raises:
        AssertionError: a `map_location` on a GPU.
        FileError: a file that is missing, damaged, too large or of another kind (a pickle is never
            opened).
    """
    if isinstance(map_location, (str, device)):
        check_device(map_location)
    raw, name = _read(f)
    try:
        if raw[:2] == b"PK":
            return _archive(raw)
        if raw[8:9] == b"{":
            return _safe_tensors(raw)
    except FileError as error:
        raise FileError(f"{name} {error}") from None
    except _BROKEN as error:
        why = str(error) or type(error).__name__
        raise FileError(f"{name} cannot be understood: {why}") from error
    raise FileError(
        f"{name} is neither an .npz archive nor a safetensors file; pickles are not loaded, "
        "because loading one can run any code"
    )


def _read(f: Any) -> tuple[bytes, str]:
    """Return a file's bytes, and what it is called in messages."""
    if hasattr(f, "read"):
        raw = f.read()
        if not isinstance(raw, (bytes, bytearray)):
            raise FileError("the file is open for text; open it for bytes, as in open(path, 'rb')")
        return bytes(raw), "the file"
    path = os.fsdecode(f)
    name = repr(path)
    try:
        wrong = special(path)
        if wrong:
            raise FileError(f"cannot read {name}: it {wrong}")
        size = Path(path).stat().st_size
        if size > _MOST_FILE:
            raise FileError(f"{name} has {size:,} bytes; at most {_MOST_FILE:,} are read")
        return Path(path).read_bytes(), name
    except FileNotFoundError as error:
        raise MissingFileError(f"[Errno 2] No such file or directory: {name}") from error
    except FileError:
        raise
    except (OSError, ValueError) as error:
        raise FileError(f"cannot read {name}: {getattr(error, 'strerror', None) or error}") from error


def _archive(raw: bytes) -> Any:
    """Return what an .npz archive holds."""
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        entries = _entries(archive, raw)

        def array(name: str) -> np.ndarray[Any, Any]:
            with archive.open(entries[name]) as stream:
                return _array(stream.read(), name)

        if "structure" not in entries:
            return {key: _tensor(array(key)) for key in entries}
        if entries["structure"].file_size > _MOST_TEXT:
            raise FileError(f"describes itself in more than {_MOST_TEXT:,} bytes")
        described = json.loads(bytes(array("structure")).decode("utf-8"), object_pairs_hook=_once)
        if not isinstance(described, dict) or described.get("format") != FORMAT:
            raise FileError(f"was saved in another format than {FORMAT}")
        taken: set[int] = set()

        def numbered(number: Any) -> np.ndarray[Any, Any]:
            if isinstance(number, bool) or not isinstance(number, int) or number in taken:
                raise ValueError(f"array {number!r} is none, or stands twice")
            taken.add(number)
            return array(f"array_{number}")

        found = _restored(described["data"], numbered)
        if len(taken) != len(entries) - 1:
            raise ValueError("it holds arrays that its description does not name")
        return found


def _entries(archive: zipfile.ZipFile, raw: bytes) -> dict[str, zipfile.ZipInfo]:
    """Return an archive's entries by name, looked at before any of them is unpacked."""
    infos = archive.infolist()
    size, end = len(raw), raw.rfind(b"PK\5\6")
    (counted,) = struct.unpack("<H", raw[end + 10 : end + 12])
    if counted != min(len(infos), 0xFFFF):  # a longer comment may swallow an entry
        raise ValueError(f"it says that it has {counted} entries and has {len(infos)}")
    if len(infos) > _MOST_ENTRIES:
        raise FileError(f"has {len(infos):,} entries; at most {_MOST_ENTRIES:,} are read")
    if any(info.filename.endswith(".pkl") for info in infos):
        raise FileError(
            "holds a pickle, as PyTorch saves by default; pickles are not loaded, because loading "
            "one can run any code. Save it there with safetensors instead"
        )
    found: dict[str, zipfile.ZipInfo] = {}
    for info in infos:
        name = info.filename.removesuffix(".npy")
        if name == info.filename:
            raise FileError(f"cannot be understood: it holds {info.filename!r}, which is no .npy array")
        if info.flag_bits & 1:
            raise FileError("is encrypted; save it without a password")
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise FileError("is packed in a way that is not read; numpy.savez writes one that is")
        if name in found:
            raise FileError(f"cannot be understood: {name!r} stands twice in it")
        found[name] = info
    unpacked = sum(info.file_size for info in infos)
    if unpacked > max(_UNPACKED_FREELY, min(_MOST_RATIO * size, _MOST_FILE)):
        raise FileError(
            f"would unpack to {unpacked:,} bytes from {size:,}; more than {_UNPACKED_FREELY:,} are "
            f"read only from a file that is at least a {_MOST_RATIO}th of it, and {_MOST_FILE:,} at most"
        )
    return found


def _array(data: bytes, name: str) -> np.ndarray[Any, Any]:
    """Return the array of an .npy entry, whose size its head must tell before it is made."""
    stream = io.BytesIO(data)
    version = np.lib.format.read_magic(stream)
    readers = {
        (1, 0): np.lib.format.read_array_header_1_0, (2, 0): np.lib.format.read_array_header_2_0,
    }  # fmt: skip
    if version not in readers:
        raise ValueError(f"{name} is of version {version[0]}.{version[1]} of the .npy format")
    shape, fortran, kind = readers[version](stream)
    if kind.hasobject:
        raise ValueError(f"{name} holds objects, which only a pickle can")
    return _numbers(data[stream.tell() :], shape, kind, name, "F" if fortran else "C")


def _numbers(
    data: bytes, shape: Any, kind: np.dtype[Any], name: str, order: Any = "C"
) -> np.ndarray[Any, Any]:
    """Return an array of a shape and dtype from exactly so many bytes."""
    if not all(isinstance(n, int) and not isinstance(n, bool) and n >= 0 for n in shape):
        raise ValueError(f"{name} has the shape {list(shape)!r}")
    expected = math.prod(shape) * kind.itemsize
    if expected != len(data):
        raise ValueError(f"{name} has {len(data):,} bytes, and its shape needs {expected:,}")
    if kind.kind == "b" and data.translate(None, b"\0\1"):
        raise ValueError(f"{name} has truth values that are neither 0 nor 1")
    array = np.frombuffer(data, kind).reshape(shape, order=order)
    return np.array(array, kind.newbyteorder("="), order="C")


def _tensor(array: np.ndarray[Any, Any]) -> Tensor:
    from_numpy_dtype(array.dtype)
    return wrap(array)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found


def _safe_tensors(raw: bytes) -> dict[str, Tensor]:
    """Return what a safetensors file holds: every byte of it belongs to one tensor."""
    (size,) = struct.unpack("<Q", raw[:8])
    if size > min(len(raw) - 8, _MOST_TEXT):
        raise FileError(f"is not a whole safetensors file: its head has {size:,} bytes")
    header = json.loads(raw[8 : 8 + size].decode("utf-8"), object_pairs_hook=_once)
    body = raw[8 + size :]
    found: dict[str, Tensor] = {}
    places: list[tuple[int, int]] = []
    for key, facts in header.items():
        if key == "__metadata__":
            continue
        start, stop = facts["data_offsets"]
        if facts["dtype"] not in SAFE:
            raise ValueError(f"{key} has the dtype {facts['dtype']!r}, which tensors do not have here")
        if not (type(start) is type(stop) is int and 0 <= start <= stop <= len(body)):
            raise ValueError(f"{key} lies from {start!r} to {stop!r} of {len(body):,} bytes")
        places.append((start, stop))
        kind = np.dtype(SAFE[facts["dtype"]]).newbyteorder("<")
        found[key] = _tensor(_numbers(body[start:stop], facts["shape"], kind, key))
    end = 0
    for start, stop in sorted(places):
        if start != end:
            raise ValueError(f"its tensors do not lie side by side at byte {min(start, end):,}")
        end = stop
    if end != len(body):
        raise ValueError(f"{len(body) - end:,} bytes at its end belong to no tensor")
    return found


def _restored(data: Any, arrays: Callable[[Any], np.ndarray[Any, Any]]) -> Any:
    if isinstance(data, list):
        raise ValueError("a list without a kind")
    if not isinstance(data, dict):
        return data
    ((kind, value),) = ((k, v) for k, v in data.items() if k != "requires_grad")
    if kind == "tensor":
        return _with_grad(_tensor(arrays(value)), data.get("requires_grad", False))
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


def _with_grad(tensor: Tensor, wanted: Any) -> Tensor:
    if wanted and tensor._a.dtype.kind != "f":
        raise ValueError(f"a gradient of {tensor._a.dtype} numbers")
    tensor._rg = bool(wanted)
    return tensor


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
