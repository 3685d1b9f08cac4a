"""Where `load_data` finds pictures: the user's folder first, then Keras's; and what it says where there are none."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tensorflow_data import write_idx, write_npz

from backprop_tutor import tf
from backprop_tutor.errors import FileError

FORMS: dict[str, Callable[[Path], object]] = {
    "keras's folder of packed files": lambda d: write_idx(d / "fashion-mnist", 20, 10),
    "torchvision's folder": lambda d: write_idx(d / "FashionMNIST" / "raw", 20, 10, packed=False),
    "an npz": lambda d: write_npz(d / "fashion_mnist.npz", 20, 10),
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("home", [False, True])
def test_the_files_that_people_have_are_read(
    form: str, home: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In each form, from `BACKPROP_TUTOR_DATA` and from `~/.keras/datasets`: unsigned bytes, as Keras gives them."""
    monkeypatch.setenv("HOME", str(tmp_path))
    folder = tmp_path / ".keras" / "datasets" if home else tmp_path / "mine"
    folder.mkdir(parents=True)
    if home:
        monkeypatch.delenv("BACKPROP_TUTOR_DATA", raising=False)
    else:
        monkeypatch.setenv("BACKPROP_TUTOR_DATA", str(folder))
    FORMS[form](folder)
    (x, y), (x_test, y_test) = tf.keras.datasets.fashion_mnist.load_data()
    assert (x.shape, x.dtype.name, y.tolist()[:3], x_test.shape, len(y_test)) == (
        (20, 28, 28), "uint8", [0, 1, 2], (10, 28, 28), 10,
    )


def test_where_there_are_none_the_message_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both folders are named, what is expected in them, and that nothing is downloaded."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("BACKPROP_TUTOR_DATA", str(tmp_path))
    with pytest.raises(FileError) as caught:
        tf.keras.datasets.mnist.load_data()
    assert str(caught.value) == (
        f"no mnist in {tmp_path} and in {tmp_path}/home/.keras/datasets; nothing is downloaded. Put mnist.npz (x_train, "
        "y_train, x_test, y_test), or a folder mnist with the four IDX files (train-images-idx3-ubyte.gz and its like), "
        "into one of them, or name yours with BACKPROP_TUTOR_DATA"
    )


def test_files_that_may_be_of_either_are_not_guessed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """MNIST's and Fashion-MNIST's files have the same names; loose ones are asked about."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("BACKPROP_TUTOR_DATA", str(tmp_path))
    write_idx(tmp_path, 20, 10)
    with pytest.raises(FileError) as caught:
        tf.keras.datasets.mnist.load_data()
    assert str(caught.value) == (
        f"{tmp_path}: the IDX files there may be of mnist or of fashion-mnist, whose files have the same names; put them "
        f"into a folder {tmp_path}/mnist"
    )


def test_damaged_files_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that is cut short says which, and what its header promised."""
    monkeypatch.setenv("BACKPROP_TUTOR_DATA", str(tmp_path))
    folder = write_idx(tmp_path / "mnist", 20, 10, packed=False)
    path = folder / "train-images-idx3-ubyte"
    path.write_bytes(path.read_bytes()[:1000])
    with pytest.raises(FileError) as caught:
        tf.keras.datasets.mnist.load_data()
    assert str(caught.value) == f"{path}: holds 984 bytes; its header says 20 x 28 x 28 = 15680"
