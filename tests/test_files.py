"""Files are written whole or not at all, and a place that does not work is named."""

from __future__ import annotations

from pathlib import Path

import pytest

import backprop_tutor as bt
from backprop_tutor.files import folder, read_text, write_whole


def test_written_whole(tmp_path: Path) -> None:
    """A file is there with its bytes, and nothing else is left beside it."""
    target = write_whole(tmp_path / "a.txt", "∂f\n")
    assert target.read_bytes() == "∂f\n".encode()
    assert [p.name for p in tmp_path.iterdir()] == ["a.txt"]


def test_a_failed_write_keeps_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the last step fails, the old file stands and no part is left."""
    (tmp_path / "a.txt").write_text("old", encoding="utf-8")

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", fail)
    with pytest.raises(bt.FileError, match="cannot be written: No space left"):
        write_whole(tmp_path / "a.txt", "new")
    assert (tmp_path / "a.txt").read_text(encoding="utf-8") == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["a.txt"]


def test_an_interrupt_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C in the middle leaves no part of a file."""

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("os.replace", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_whole(tmp_path / "a.txt", "new")
    assert list(tmp_path.iterdir()) == []


def test_places_that_do_not_work(tmp_path: Path) -> None:
    """A missing folder, a folder in the file's place and a file in the folder's place are named."""
    with pytest.raises(bt.FileError, match="there is no folder"):
        write_whole(tmp_path / "no" / "a.txt", "x")
    with pytest.raises(bt.FileError, match="is a folder, not a file"):
        write_whole(tmp_path, "x")
    (tmp_path / "f").write_text("x", encoding="utf-8")
    with pytest.raises(bt.FileError, match="is a file, not a folder"):
        folder(tmp_path / "f")


def test_reading(tmp_path: Path) -> None:
    """A byte order mark is dropped; what is not there, too large or not UTF-8 is refused."""
    (tmp_path / "a").write_bytes(b"\xef\xbb\xbff = x")
    assert read_text(tmp_path / "a") == "f = x"
    (tmp_path / "b").write_bytes(b"ab\xff")
    with pytest.raises(bt.FileError, match="not UTF-8 text: byte 3 is 0xff"):
        read_text(tmp_path / "b")
    with pytest.raises(bt.FileError, match="there is no file"):
        read_text(tmp_path / "c")
    with pytest.raises(bt.FileError, match="at most 1 are read"):
        read_text(tmp_path / "a", most=1)
    with pytest.raises(bt.FileError, match="is a folder"):
        read_text(tmp_path)
