"""Files are written whole or not at all, and a place that does not work is named."""

from __future__ import annotations

import os
import signal
import socket
import stat
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pytest

import backprop_tutor as bt
from backprop_tutor.files import Growing, folder, lines_within, read_text, write_whole
from backprop_tutor.files.parts import Part

POSIX = pytest.mark.skipif(os.name != "posix", reason="modes, links and pipes of POSIX")


def names(place: Path) -> list[str]:
    return sorted(path.name for path in place.iterdir())


def test_written_whole(tmp_path: Path) -> None:
    """A file is there with its bytes, and nothing else is left beside it."""
    target = write_whole(tmp_path / "a.txt", "∂f\n")
    assert target.read_bytes() == "∂f\n".encode()
    assert names(tmp_path) == ["a.txt"]


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_a_failed_write_keeps_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    """When the last step fails or is interrupted, the old file stands and no part is left."""
    (tmp_path / "a.txt").write_text("old", encoding="utf-8")

    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr("os.replace", fail)
    expected = bt.FileError if isinstance(error, OSError) else KeyboardInterrupt
    with pytest.raises(expected) as raised:
        write_whole(tmp_path / "a.txt", "new")
    if expected is bt.FileError:
        told = f"`{tmp_path / 'a.txt'}` cannot be written: No space left on device"
        assert str(raised.value) == told
    assert (tmp_path / "a.txt").read_text(encoding="utf-8") == "old"
    assert names(tmp_path) == ["a.txt"]


def test_a_growing_file_takes_its_place_when_it_is_finished(tmp_path: Path) -> None:
    """Pieces go beside the old file; finishing replaces it, dropping leaves it, twice changes nothing."""
    target = tmp_path / "a.txt"
    target.write_text("old", encoding="utf-8")
    growing = Growing(target)
    growing.write("n")
    growing.write(b"ew")
    assert target.read_text(encoding="utf-8") == "old"
    growing.finish()
    growing.drop()
    assert target.read_text(encoding="utf-8") == "new"
    dropped = Growing(target)
    dropped.write("never")
    dropped.drop()
    assert (target.read_text(encoding="utf-8"), names(tmp_path)) == ("new", ["a.txt"])


@POSIX
def test_a_file_keeps_its_mode_and_a_new_one_gets_what_the_umask_leaves(tmp_path: Path) -> None:
    """A private file stays private when it is written again; a new one is as `open` would make it."""
    usual = tmp_path / "usual"
    usual.touch()
    write_whole(tmp_path / "new", "x")
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == stat.S_IMODE(usual.stat().st_mode)
    private = tmp_path / "private"
    private.touch(0o600)
    write_whole(private, "x")
    assert stat.S_IMODE(private.stat().st_mode) == 0o600


@POSIX
def test_a_link_stays_a_link(tmp_path: Path) -> None:
    """The file that a link leads to is written, in its own folder."""
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "a").write_text("old", encoding="utf-8")
    (tmp_path / "link").symlink_to(tmp_path / "real" / "a")
    assert write_whole(tmp_path / "link", "new") == tmp_path / "link"
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real" / "a").read_text(encoding="utf-8") == "new"
    assert names(tmp_path / "real") == ["a"]


def test_places_that_do_not_work(tmp_path: Path) -> None:
    """A missing folder, a name too long, a name that is none, and a file in a folder's place."""
    (tmp_path / "f").write_text("x", encoding="utf-8")
    long = tmp_path / ("a" * 300)
    shown = f"`{str(long)[:199]}…`"
    for path, told in (
        (tmp_path / "no" / "a.txt", f"`{tmp_path}/no/a.txt` cannot be written: there is no folder `{tmp_path}/no`"),
        (tmp_path / "f" / "a.txt", f"`{tmp_path}/f/a.txt` cannot be written: Not a directory"),
        (long, f"{shown} cannot be written: File name too long"),
        ("a\0b", "`a\\x00b` cannot be written: embedded null byte"),
    ):
        with pytest.raises(bt.FileError) as raised:
            write_whole(path, "x")
        assert str(raised.value) == told
    for path, told in (
        (tmp_path / "f", f"`{tmp_path}/f` is a file, not a folder"),
        (tmp_path / "f" / "g", f"`{tmp_path}/f/g` cannot be made: Not a directory"),
        (long, f"{shown} cannot be made: File name too long"),
        ("a\0b", "`a\\x00b` cannot be made: embedded null byte"),
    ):
        with pytest.raises(bt.FileError) as raised:
            folder(path)
        assert str(raised.value) == told
    assert names(tmp_path) == ["f"]


def test_the_longest_name_that_a_folder_takes_can_be_written(tmp_path: Path) -> None:
    """The part's name is short whatever the target's is."""
    assert write_whole(tmp_path / ("a" * 255), "x").read_bytes() == b"x"


WRITING = """
import sys, time
from pathlib import Path
from backprop_tutor.files import Growing
growing = Growing(Path(sys.argv[1]) / "a.txt")
growing.write("half")
print("writing", flush=True)
time.sleep(600)
"""

LOOKING = """
import sys
from pathlib import Path
from backprop_tutor.files import write_whole
write_whole(Path(sys.argv[1]) / "b.txt", "x")
print(*sorted(p.name.endswith(".part") for p in Path(sys.argv[1]).iterdir()))
"""


@POSIX
def test_the_next_run_removes_parts_of_killed_ones_and_nothing_else(tmp_path: Path) -> None:
    """A part stays while its writer lives and goes with the first file written after its death."""
    foreign = [".a.part", "a.part", ".backprop-tutor-1.part", ".tmp0123.part", ".a.txt.4711.part"]
    for name in foreign:
        (tmp_path / name).write_text("foreign", encoding="utf-8")
    (tmp_path / f".backprop-tutor-{'0' * 16}.part").mkdir()  # named like one, and no file
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITING, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    assert writer.stdout is not None
    assert writer.stdout.readline() == "writing\n"

    def another_run() -> int:
        subprocess.run([sys.executable, "-c", LOOKING, str(tmp_path)], check=True, capture_output=True)
        return sum(name.startswith(".backprop-tutor-") for name in names(tmp_path))

    assert another_run() == 3  # the foreign one, the folder, and the part that is being written
    writer.send_signal(signal.SIGKILL)
    writer.wait()
    writer.stdout.close()
    assert another_run() == 2
    assert names(tmp_path) == sorted([*foreign, f".backprop-tutor-{'0' * 16}.part", "b.txt"])


@POSIX
def test_a_part_taken_for_abandoned_before_it_was_locked_is_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another run may remove a part between its making and its lock; then there is another part."""
    import fcntl

    taken: list[str] = []
    real = fcntl.flock

    def flock(descriptor: int, how: int) -> None:
        if not taken:
            taken.extend(names(tmp_path))
            (tmp_path / taken[0]).unlink()
        real(descriptor, how)

    monkeypatch.setattr(fcntl, "flock", flock)
    part = Part(tmp_path / "a")
    assert names(tmp_path) == [part.path.name]
    assert part.path.name != taken[0]
    part.file.write(b"x")
    part.finish()
    assert names(tmp_path) == ["a"]


def test_without_locks_nothing_is_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a file system has no locks, files are written and parts of others are left."""
    fcntl = pytest.importorskip("fcntl")

    def flock(descriptor: int, how: int) -> None:
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr(fcntl, "flock", flock)
    other = tmp_path / f".backprop-tutor-{'1' * 16}.part"
    other.touch()
    write_whole(tmp_path / "a", "x")
    assert names(tmp_path) == [other.name, "a"]


def test_reading(tmp_path: Path) -> None:
    """A byte order mark is dropped; what is not there, too large or not UTF-8 is refused."""
    (tmp_path / "a").write_bytes(b"\xef\xbb\xbff = x")
    assert read_text(tmp_path / "a") == "f = x"
    (tmp_path / "b").write_bytes(b"ab\xff")
    for path, most, told in (
        (tmp_path / "b", 100, f"`{tmp_path}/b` is not UTF-8 text: byte 3 is 0xff"),
        (tmp_path / "c", 100, f"there is no file `{tmp_path}/c`"),
        (tmp_path / "a", 1, f"`{tmp_path}/a` has 8 bytes; at most 1 are read"),
        (tmp_path, 100, f"`{tmp_path}` is a folder, not a file"),
        ("a\0", 100, "`a\\x00` cannot be read: embedded null byte"),
    ):
        with pytest.raises(bt.FileError) as raised:
            read_text(path, most)
        assert str(raised.value) == told


@POSIX
def test_reading_does_not_wait_for_a_pipe(tmp_path: Path) -> None:
    """A named pipe that nobody writes to is refused; what a shell hands over is read."""
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(bt.FileError, match="is a pipe, not a file"):
        read_text(tmp_path / "pipe")
    with pytest.raises(bt.FileError, match="is a device, not a file"):
        read_text("/dev/zero")
    reading, writing = os.pipe()
    os.write(writing, b"f = x")
    os.close(writing)
    assert read_text(f"/dev/fd/{reading}") == "f = x"
    os.close(reading)


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


@POSIX
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


@POSIX
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


def test_a_part_that_nobody_keeps_is_dropped_at_the_end(tmp_path: Path) -> None:
    """Between the making of a part and its keeping a signal may come; the end of a command removes it."""
    from backprop_tutor.files import parts

    path, descriptor = parts._locked(tmp_path, 0o666)
    os.close(descriptor)
    assert path.exists()
    parts.drop_unfinished()
    assert list(tmp_path.iterdir()) == []
    write_whole(tmp_path / "f.txt", "whole")
    parts.drop_unfinished()
    assert (tmp_path / "f.txt").read_text(encoding="utf-8") == "whole"
