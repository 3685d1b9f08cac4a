"""Of a damaged or hostile saved file nothing is trusted: one error of ours, which names the file."""

from __future__ import annotations

import io
import json
import os
import struct
import tracemalloc
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import backprop_tutor as bt
from backprop_tutor import engine as torch

STATE = {"w": [[1.5, -2.0], [0.25, 3.0]], "n": [1, 2, 3]}


def tensors() -> dict[str, Any]:
    """Return a small state."""
    return {key: torch.tensor(value) for key, value in STATE.items()}


def loaded(path: Path) -> Any:
    """Return what a file gives as plain data: the state, or nothing where it is refused by name."""
    try:
        found = torch.load(path)
    except bt.FileError as error:
        if repr(str(path)) not in str(error):
            raise
        return None
    return {key: value.tolist() for key, value in found.items()}


@pytest.mark.parametrize("name", ["a.npz", "a.safetensors"])
def test_every_cut_is_seen(tmp_path: Path, name: str) -> None:
    """A file cut off anywhere is refused."""
    torch.save(tensors(), tmp_path / name)
    whole = (tmp_path / name).read_bytes()
    for length in range(len(whole)):
        (tmp_path / name).write_bytes(whole[:length])
        assert loaded(tmp_path / name) is None, length


@pytest.mark.parametrize("packed", [False, True], ids=["stored", "deflated"])
def test_every_changed_byte_is_seen_or_means_nothing(tmp_path: Path, packed: bool) -> None:
    """Whatever byte of an archive changes, by a bit or whole, it gives what was saved or is refused."""
    path = tmp_path / "a.npz"
    if packed:
        np.savez_compressed(path, **{key: np.array(value) for key, value in STATE.items()})
    else:
        torch.save(tensors(), path)
    whole = path.read_bytes()
    refused = 0
    for place in range(len(whole)):
        changed = bytearray(whole)
        changed[place] ^= (0x01, 0x80, 0xFF)[place % 3]
        path.write_bytes(changed)
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            found = loaded(path)
        assert found is None or list(found.values()) == list(STATE.values()), place
        refused += found is None
    assert refused > len(whole) // 3


def archive(**entries: bytes) -> bytes:
    """Return a zip of entries."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as out:
        for name, data in entries.items():
            out.writestr(f"{name}.npy", data)
    return held.getvalue()


def npy(array: Any) -> bytes:
    """Return an array as an .npy file."""
    held = io.BytesIO()
    np.save(held, np.array(array))
    return held.getvalue()


def head(shape: str, descr: str = "<f8") -> bytes:
    """Return an .npy file of 8 bytes that says it has another shape."""
    text = f"{{'descr': '{descr}', 'fortran_order': False, 'shape': {shape}, }}".encode()
    text += b" " * (-(len(text) + 11) % 64) + b"\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text + b"\0" * 8


def described(data: object) -> bytes:
    """Return an archive with a description and one array."""
    text = json.dumps({"format": "backprop_tutor/1", "data": data}) if not isinstance(data, str) else data
    return archive(structure=npy(np.frombuffer(text.encode(), np.uint8)), array_0=npy([1.5]))


def safe(header: object, body: bytes = b"\0" * 8) -> bytes:
    """Return a safetensors file."""
    text = (header if isinstance(header, str) else json.dumps(header)).encode()
    return struct.pack("<Q", len(text)) + text + body


def entry(kind: str = "F64", shape: object = (1,), offsets: object = (0, 8)) -> dict[str, object]:
    """Return what a safetensors head says of a tensor."""
    return {"dtype": kind, "shape": shape, "data_offsets": offsets}


def marked(change: Callable[[bytearray], object]) -> bytes:
    """Return an archive with something changed in its bytes."""
    data = bytearray(archive(a=npy([1.5])))
    change(data)
    return bytes(data)


def central(offset: int, value: int) -> Callable[[bytearray], object]:
    """Return what writes a byte into the archive's directory."""
    return lambda data: data.__setitem__(data.index(b"PK\x01\x02") + offset, value)


HOSTILE: list[tuple[str, bytes, str]] = [
    ("encrypted", marked(central(8, 1)), "is encrypted; save it without a password"),
    ("method", marked(central(10, 99)), "is packed in a way that is not read; numpy.savez writes one that is"),
    ("bzip2", marked(central(10, 12)), "is packed in a way that is not read; numpy.savez writes one that is"),
    ("version", marked(central(6, 99)), "cannot be understood: "),
    ("shape", archive(a=head("(1000000000000,)")), "cannot be understood: a has 8 bytes, and its shape needs 8,000,000,000,000"),
    ("negative", archive(a=head("(-1,)")), "cannot be understood: a has the shape [-1]"),
    ("truth", archive(a=head("(True,)")), "cannot be understood: "),
    ("objects", archive(a=head("(1,)", "|O")), "cannot be understood: a holds objects, which only a pickle can"),
    ("bools", archive(a=head("(8,)", "|b1")[:-1] + b"\2"), "cannot be understood: a has truth values that are neither 0 nor 1"),
    ("dtype", archive(a=head("(2,)", "<U1")), "cannot be understood: can't convert np.ndarray of type numpy.str_"),
    ("npy 9.9", archive(a=b"\x93NUMPY\x09\x09" + b"\0" * 20), "cannot be understood: "),
    ("literal", archive(a=head("__import__('os')")), "cannot be understood: "),
    ("not npy", archive(a=b"hello"), "cannot be understood: "),
    ("twice used", described({"list": [{"tensor": 0}, {"tensor": 0}]}), "cannot be understood: array 0 is none, or stands twice"),
    ("text index", described({"tensor": "0"}), "cannot be understood: array '0' is none, or stands twice"),
    ("no array", described({"tensor": 7}), "cannot be understood: 'array_7'"),
    ("deep", described('{"format": "backprop_tutor/1", "data": ' + '{"list": [' * 5000), "cannot be understood: "),
    ("deep and whole", described('{"format": "backprop_tutor/1", "data": ' + '{"list": [' * 5000 + "]}" * 5000 + "}"), "cannot be understood: "),
    ("digits", described('{"format": "backprop_tutor/1", "data": ' + "9" * 5000 + "}"), "cannot be understood: "),
    ("kind", described({"exec": "1"}), "cannot be understood: an unknown kind of data, 'exec'"),
    ("key", described({"dict": [[{"list": []}, 1]]}), "cannot be understood: unhashable type: 'list'"),
    ("key twice", described('{"format": "backprop_tutor/1", "data": {"int": "1", "int": "2"}}'), "cannot be understood: a key stands twice"),
    ("not named", described({"list": []}), "cannot be understood: it holds arrays that its description does not name"),
    ("other format", described('{"format": "other", "data": 1}'), "was saved in another format than backprop_tutor/1"),
    ("head size", struct.pack("<Q", 2**63) + b"{}" + b" " * 6, "is not a whole safetensors file: its head has 9,223,372,036,854,775,808 bytes"),
    ("offsets", safe({"a": entry(offsets=(-8, 8))}), "cannot be understood: a lies from -8 to 8 of 8 bytes"),
    ("beyond", safe({"a": entry(offsets=(0, 16), shape=(2,))}), "cannot be understood: a lies from 0 to 16 of 8 bytes"),
    ("overlap", safe({"a": entry(), "b": entry()}), "cannot be understood: its tensors do not lie side by side at byte 0"),
    ("hole", safe({"a": entry(offsets=(8, 16))}, b"\0" * 16), "cannot be understood: its tensors do not lie side by side at byte 0"),
    ("left over", safe({"a": entry()}, b"\0" * 9), "cannot be understood: 1 bytes at its end belong to no tensor"),
    ("wrong shape", safe({"a": entry(shape=(2,))}), "cannot be understood: a has 8 bytes, and its shape needs 16"),
    ("huge shape", safe({"a": entry(shape=(2**62, 2**62))}), "cannot be understood: a has 8 bytes, and its shape needs "),
    ("negative shape", safe({"a": entry(shape=(-1,))}), "cannot be understood: a has the shape [-1]"),
    ("float shape", safe({"a": entry(shape=(1.0,))}), "cannot be understood: a has the shape [1.0]"),
    ("BF16", safe({"a": entry("BF16")}), "cannot be understood: a has the dtype 'BF16', which tensors do not have here"),
    ("name twice", safe('{"a": {"dtype": "F64", "shape": [1], "data_offsets": [0, 8]}, "a": 1}'), "cannot be understood: a key stands twice"),
    ("deep head", safe('{"a":' * 5000), "cannot be understood: "),
    ("list head", safe('{"a": []}'), "cannot be understood: "),
    ("BOOL 2", safe({"a": entry("BOOL", (8,))}, b"\2" * 8), "cannot be understood: a has truth values that are neither 0 nor 1"),
]  # fmt: skip


@pytest.mark.parametrize(("data", "says"), [case[1:] for case in HOSTILE], ids=[c[0] for c in HOSTILE])
def test_a_hostile_file_is_refused_by_name(tmp_path: Path, data: bytes, says: str) -> None:
    """Each is one error of ours, which begins with the file and says what is wrong."""
    path = tmp_path / "hostile.npz"
    path.write_bytes(data)
    with pytest.raises(bt.FileError) as caught:
        torch.load(path)
    assert str(caught.value).startswith(f"{str(path)!r} {says}")
    with pytest.raises(bt.FileError, match=r"^the file "):
        torch.load(io.BytesIO(data))


def bomb(size: int) -> bytes:
    """Return an archive of zeros that unpacks to so many bytes."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as out, out.open("a.npy", "w") as stream:
        stream.write(head(f"({size // 8},)")[:-8])
        for _ in range(size // 2**20):
            stream.write(b"\0" * 2**20)
    return held.getvalue()


def test_a_bomb_is_not_unpacked(tmp_path: Path) -> None:
    """An archive of 120 kB that would unpack to 120 MB is refused before a byte is unpacked."""
    path = tmp_path / "bomb.npz"
    path.write_bytes(bomb(120 * 2**20))
    size = path.stat().st_size
    tracemalloc.start()
    with pytest.raises(bt.FileError) as caught:
        torch.load(path)
    top = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert top < 2_000_000
    assert str(caught.value) == (
        f"{str(path)!r} would unpack to 125,829,248 bytes from {size:,}; more than 100,000,000 are "
        "read only from a file that is at least a 100th of it, and 4,294,967,296 at most"
    )
    path.write_bytes(bomb(4 * 2**20))
    assert torch.load(path)["a"].shape == (2**19,)


def test_a_size_that_is_a_lie(tmp_path: Path) -> None:
    """An archive whose directory understates what it holds gives no more than it states."""
    data = bytearray(bomb(8 * 2**20))
    place = data.index(b"PK\x01\x02") + 24
    data[place : place + 4] = struct.pack("<I", 200)
    (tmp_path / "lie.npz").write_bytes(data)
    assert loaded(tmp_path / "lie.npz") is None


@pytest.mark.skipif(os.name == "nt", reason="pipes and devices are POSIX's")
def test_what_is_no_file(tmp_path: Path) -> None:
    """A pipe and a device are refused, not waited for; a file open for text is named as such."""
    os.mkfifo(tmp_path / "pipe.npz")
    with pytest.raises(bt.FileError) as caught:
        torch.load(tmp_path / "pipe.npz")
    assert str(caught.value) == f"cannot read {str(tmp_path / 'pipe.npz')!r}: it is a pipe, not a file"
    with pytest.raises(bt.FileError, match="it is a device, not a file"):
        torch.load("/dev/zero")
    with pytest.raises(bt.FileError, match="open it for bytes"):
        torch.load(io.StringIO("PK"))


def test_what_cannot_be_saved_is_said(tmp_path: Path) -> None:
    """An array of objects, which would be pickled, is refused when it is saved."""
    with pytest.raises(TypeError, match="cannot save a ndarray"):
        torch.save({"a": np.array([{}], dtype=object)}, tmp_path / "a.npz")
