"""Saving and loading without pickle."""

from __future__ import annotations

import io
import pickle
import zipfile
from collections import OrderedDict
from pathlib import Path

import numpy as np
import pytest

from backprop_tutor import TutorError
from backprop_tutor import engine as torch


def test_nested_data_comes_back_as_it_was(tmp_path: Path) -> None:
    """Tensors of every dtype and shape, in dictionaries, lists and tuples, with numbers and text."""
    state = OrderedDict(
        w=torch.rand(2, 3), empty=torch.zeros(0, 2), scalar=torch.tensor(2.5, dtype=torch.float64),
        bytes=torch.ones(2, dtype=torch.uint8), flags=torch.tensor([True, False]),
        nested={"betas": (0.9, 0.999), 3: [1, None, "x", True, 2**70, float("inf"), torch.int32]},
        parameter=torch.ones(2, requires_grad=True),
    )
    torch.save(state, tmp_path / "state.npz")
    again = torch.load(tmp_path / "state.npz")
    assert isinstance(again, OrderedDict)
    assert list(again) == list(state)
    for name in ("w", "empty", "scalar", "bytes", "flags"):
        assert torch.equal(again[name], state[name])
        assert again[name].dtype is state[name].dtype
        assert again[name].shape == state[name].shape
    assert again["nested"] == state["nested"]
    assert again["parameter"].requires_grad


def test_a_flat_state_dict_can_be_a_safetensors_file(tmp_path: Path) -> None:
    """The name's ending chooses the format."""
    state = {"w": torch.rand(2, 3), "n": torch.tensor(7), "mask": torch.tensor([True])}
    path = tmp_path / "state.safetensors"
    torch.save(state, path)
    again = torch.load(path)
    assert list(again) == ["w", "n", "mask"]
    assert all(torch.equal(again[k], state[k]) for k in state)
    with pytest.raises(TypeError, match="flat dictionary"):
        torch.save([1], tmp_path / "list.safetensors")


def test_an_open_file_will_do() -> None:
    """Binary streams are written and read as paths are."""
    stream = io.BytesIO()
    torch.save(torch.arange(3), stream)
    stream.seek(0)
    assert torch.load(stream).tolist() == [0, 1, 2]


def test_a_pickle_is_never_opened(tmp_path: Path) -> None:
    """A plain pickle, and a zip of one as PyTorch writes, are refused by what they are."""
    plain = tmp_path / "model.pt"
    plain.write_bytes(pickle.dumps({"w": 1}))
    with pytest.raises(TutorError, match="pickles are not loaded"):
        torch.load(plain)
    with zipfile.ZipFile(tmp_path / "zip.pt", "w") as archive:
        archive.writestr("archive/data.pkl", pickle.dumps({"w": 1}))
    with pytest.raises(TutorError, match="holds a pickle"):
        torch.load(tmp_path / "zip.pt")
    np.savez(tmp_path / "objects.npz", a=np.array([{}], dtype=object))
    with pytest.raises(TutorError, match="cannot be understood"):
        torch.load(tmp_path / "objects.npz")


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 broken", b"hello", b"\x10" + b"\x00" * 7 + b"{"])
def test_a_damaged_file_says_so(tmp_path: Path, content: bytes) -> None:
    """What is no archive gives an error of this project, with the file's name."""
    path = tmp_path / "damaged.npz"
    path.write_bytes(content)
    with pytest.raises(TutorError, match=r"damaged\.npz"):
        torch.load(path)


def test_a_missing_file_or_folder_says_so(tmp_path: Path) -> None:
    """Neither reading nor writing where nothing is ends in a traceback of NumPy."""
    with pytest.raises(FileNotFoundError, match=r"No such file or directory: .*nowhere\.npz"):
        torch.load(tmp_path / "nowhere.npz")
    with pytest.raises(TutorError, match=r"folder\.npz` cannot be written: there is no folder"):
        torch.save({}, tmp_path / "no" / "folder.npz")


def test_what_is_no_data_is_refused_with_its_place(tmp_path: Path) -> None:
    """A function inside a dictionary is named by where it stands, and no file is left behind."""
    with pytest.raises(TypeError, match=r"cannot save a builtin_function_or_method \(at object\['f'\]\)"):
        torch.save({"f": print}, tmp_path / "f.npz")
    assert list(tmp_path.iterdir()) == []


def test_other_npz_files_load_as_tensors(tmp_path: Path) -> None:
    """An archive that NumPy wrote gives a dictionary of tensors."""
    np.savez(tmp_path / "plain.npz", a=np.arange(3), b=np.eye(2))
    found = torch.load(tmp_path / "plain.npz")
    assert found["a"].tolist() == [0, 1, 2]
    assert found["b"].dtype is torch.float64


def test_a_name_in_a_file_reaches_nothing_but_the_dtypes(tmp_path: Path) -> None:
    """A file that names something else than a dtype is damaged, whatever that name means elsewhere."""
    torch.save({"a": torch.float32}, tmp_path / "good.npz")
    with np.load(tmp_path / "good.npz") as held:
        text = bytes(held["structure"]).decode().replace("float32", "annotations")
    np.savez(tmp_path / "crafted.npz", structure=np.frombuffer(text.encode(), np.uint8))
    with pytest.raises(TutorError, match=r"crafted\.npz"):
        torch.load(tmp_path / "crafted.npz")
