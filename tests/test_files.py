"""Files are written whole or not at all, and a place that does not work is named."""

from __future__ import annotations

import os
import socket
import stat
from io import BytesIO
from pathlib import Path

import pytest

import backprop_tutor as bt
from backprop_tutor.files import folder, lines_within, read_text, write_whole


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


posix = pytest.mark.skipif(os.name == "nt", reason="pipes, devices and bytes in names are POSIX's")


def odd_places(tmp_path: Path) -> list[tuple[str, str]]:
    """Return paths that are no files, and what is said of each."""
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "broken").symlink_to(tmp_path / "nothing")
    (tmp_path / "to-pipe").symlink_to(tmp_path / "pipe")
    (tmp_path / "to-folder").symlink_to(tmp_path)
    with socket.socket(socket.AF_UNIX) as end:
        end.bind(os.path.relpath(tmp_path / "socket"))
    return [
        (str(tmp_path / "pipe"), "is a pipe, not a file"),
        (str(tmp_path / "to-pipe"), "is a pipe, not a file"),
        (str(tmp_path / "socket"), "is a socket, not a file"),
        ("/dev/null", "is a device, not a file"),
        ("/dev/zero", "is a device, not a file"),
        (str(tmp_path / "broken"), "is a link to something that is not there"),
        (str(tmp_path / "to-folder"), "is a folder, not a file"),
        (os.fsdecode(os.fsencode(tmp_path) + b"/\xff.txt"), "has a name that is not UTF-8 text"),
    ]


@posix
def test_what_is_no_file_is_neither_read_nor_replaced(tmp_path: Path) -> None:
    """Pipes, devices, sockets, broken links and names of other bytes are refused, and stay."""
    for path, said in odd_places(tmp_path):
        with pytest.raises(bt.FileError) as caught:
            write_whole(path, "x")
        assert str(caught.value) == f"{bt.errors.quoted(path, 200)} {said}"
        with pytest.raises(bt.FileError) as caught:
            read_text(path)
        assert str(caught.value) == f"{bt.errors.quoted(path, 200)} {said}"
    assert stat.S_ISFIFO((tmp_path / "pipe").stat().st_mode)
    assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)
    assert (tmp_path / "broken").is_symlink()


@posix
def test_what_is_no_folder(tmp_path: Path) -> None:
    """A pipe, a device or a broken link in a folder's place is named."""
    for path, said in odd_places(tmp_path):
        if "folder" not in said:
            with pytest.raises(bt.FileError) as caught:
                folder(path)
            expected = said.replace("not a file", "not a folder")
            assert str(caught.value) == f"{bt.errors.quoted(path, 200)} {expected}"


def test_names_that_no_system_takes(tmp_path: Path) -> None:
    """A name with a zero byte or of 300 letters, and a text that UTF-8 does not have, are refused."""
    for name in ("a\0b", "a" * 300, "a.txt/b"):
        (tmp_path / "a.txt").write_text("", encoding="utf-8")
        with pytest.raises(bt.FileError):
            write_whole(tmp_path / name, "x")
        with pytest.raises(bt.FileError):
            read_text(tmp_path / name)
        with pytest.raises(bt.FileError):
            folder(tmp_path / name)
    with pytest.raises(bt.FileError, match=r"cannot be written: \\ud800 is no character of UTF-8"):
        write_whole(tmp_path / "new.txt", "a\ud800")
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]


def test_lines_end_in_any_of_three_ways() -> None:
    """LF, CR LF and CR end a line wherever a chunk of the file ends; a long line is the last."""
    ends = (b"\n", b"\r\n", b"\r")
    wanted = [b"x" * n + ends[n % 3] for n in range(1, 700)] + [b"last"]
    assert list(lines_within(BytesIO(b"".join(wanted)), 1_000)) == wanted
    for pad in (8_190, 8_191, 8_192):
        lines = [b"a" * pad + b"\r\n", b"b\r", b"c"]
        assert list(lines_within(BytesIO(b"".join(lines)), 100_000)) == lines
    assert list(lines_within(BytesIO(b"a\r" + b"b" * 300_000 + b"\rc"), 1_000)) == [
        b"a\r", b"b" * 1_000,
    ]  # fmt: skip
    assert list(lines_within(BytesIO(b""), 10)) == []
