"""Commands as processes: full disks, closed and cut streams, missing homes; one message, the right status."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from shared import ROOT

pytestmark = pytest.mark.skipif(os.name != "posix", reason="shell redirections of POSIX")

WX = '"f = wx + b" w=-2 x=5 b=3'
QUICK = f"{WX} --no-check"
"""Without the check, which loads SymPy, where the check is not the point."""

PROBLEMS = """
[[problem]]
id = "p1"
program = "q = x + y; f = q*z"
values = {x = -2, y = 5, z = -4}
"""

ANSWERS = "student,q,f\nanna,3,-12\nben,4,-12\n"


def shell(
    command: str, place: Path, *, own_mounts: bool = False, **environment: str | None
) -> tuple[int, str, str]:
    """Run a shell's line in a folder, where `tutor` is the command; return status, output and errors."""
    env: dict[str, str] = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "error"}
    for name, value in environment.items():
        env.pop(name, None)
        if value is not None:
            env[name] = value
    text = f'tutor() {{ "{sys.executable}" -m backprop_tutor "$@"; }}\nset -o pipefail\n{command}'
    done = subprocess.run(
        [*(["unshare", "-rm"] if own_mounts else []), "bash", "-c", text], cwd=place, env=env, capture_output=True, timeout=300, check=False
    )
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def parts(place: Path) -> list[str]:
    return [path.name for path in place.rglob("*") if path.name.startswith(".")]


CLOSED = "Error: the output cannot be written: it is closed\n"
FULL = "Error: the output cannot be written: No space left on device\n"

STREAMS = [
    (f"tutor explain {QUICK} >&-", (2, "", CLOSED)),
    (f"tutor explain {QUICK} > /dev/full", (2, "", FULL)),
    ("tutor --help > /dev/full", (2, "", FULL)),
    ("tutor check-gradients " + WX + " > /dev/full", (2, "", FULL)),
    (f"tutor explain {QUICK} 2>&- > explained; head -n 1 explained", (0, "The derivation of f\n", "")),
    (f"tutor draw {WX} -o f.svg >&-", (0, "", "wrote f.svg\n")),
    (f"tutor draw {WX} -o f.svg 2>&-", (0, "", "")),
    (f"tutor draw {WX} -o f.svg 2> /dev/full", (0, "", "")),
    (f"tutor draw {WX} -o f.svg <&- >&- 2>&-", (0, "", "")),
    ("tutor explain 'f = (' 2> /dev/full", (2, "", "")),
    ("tutor explain - <&-", (2, "", "Error: standard input is closed\n")),
    (f"tutor explain {QUICK} <&- | head -n 1", (0, "The derivation of f\n", "")),
    (r"printf 'f = \377' | tutor explain -", (2, "", "Error: standard input is not UTF-8 text\n")),
    ("yes f | tutor explain -", (2, "", "Error: standard input has more than 20,000,000 characters\n")),
    (f"tutor explain {QUICK} -o /dev/null", (2, "", "Error: `/dev/null` is a device, not a file\n")),
    ("tutor explain -f <(echo 'f = 2w') w=1 --no-check -o f.txt", (0, "", "wrote f.txt\n")),
    ("tutor explain -f folder", (2, "", "Error: `folder` is a folder, not a file\n")),
]  # fmt: skip


@pytest.mark.parametrize(("command", "expected"), STREAMS, ids=[command for command, _ in STREAMS])
def test_streams(command: str, expected: tuple[int, str, str], tmp_path: Path) -> None:
    """A result that cannot be printed is one message and 2; a remark that cannot is let go."""
    (tmp_path / "folder").mkdir()
    assert shell(command, tmp_path) == expected
    assert parts(tmp_path) == []


def test_a_reader_that_leaves_is_no_error(tmp_path: Path) -> None:
    """`| head -1` ends the command with 141, as a program that SIGPIPE ends, and without a message."""
    (tmp_path / "long.txt").write_text(
        "\n".join(f"a{i} = a{i - 1} + 1" for i in range(1, 1500)), encoding="utf-8"
    )
    command = "tutor explain -f long.txt a0=1 --no-check | head -n 1"
    status, out, err = shell(command, tmp_path)
    assert (status, out, err) == (141, "The derivation of a₁₄₉₉\n", "")


def test_what_was_asked_for_is_written_though_nobody_reads_the_report(tmp_path: Path) -> None:
    """A training's files are there when its reader leaves after the first line."""
    status, _, err = shell("tutor train xor --epochs 2 --quiet --frames 0 -o out | head -n 1", tmp_path)
    assert (status in (0, 141), err) == (True, "")
    written = {path.name for path in (tmp_path / "out").iterdir()}
    assert {"curves.png", "curves.svg", "record.json", "weights.npz"} <= written


def need_mounts() -> None:
    """Skip where this user may not mount a disk of its own."""
    try:
        able = subprocess.run(["unshare", "-rm", "true"], capture_output=True, check=False)
    except FileNotFoundError:
        pytest.skip("this system has no unshare")
    if able.returncode:
        pytest.skip("this system lets this user mount nothing")


FULL_DISKS = [
    (f"draw {WX} -o out.svg", 4),
    (f"draw {WX} --steps -o out", 16),
    (f"animate {WX} -o out.gif", 8),
    (f"lesson {WX} -o out.html", 8),
    ("worksheet ../problems.toml --format html -o out", 12),
    ("train xor --epochs 2 --quiet -o out", 40),
    ("check ../problems.toml ../answers.csv --workers 0 -o out", 40),
]
"""Commands, and a disk's kilobytes on which a part of their files has room."""

SMALL_DISKS = """
import contextlib, io, json, os, shlex, subprocess, sys
from hashlib import sha256
from pathlib import Path
from backprop_tutor.cli import main

def ran(command):
    out, said = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(said):
        try:
            main(shlex.split(command))
            status = 0
        except SystemExit as end:
            status = end.code or 0
    left = {str(p): sha256(p.read_bytes()).hexdigest() for p in sorted(Path(".").rglob("*")) if p.is_file()}
    return [status, said.getvalue(), left]

place, found = os.getcwd(), []
for command, size in json.loads(sys.argv[1]):
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}k", "none", "disk"], check=True)
    os.chdir("disk")
    before = ran(command)
    subprocess.run(["mount", "-o", "remount,size=20m", "none", "."], check=True)
    found.append([before, ran(command)])
    os.chdir(place)
    subprocess.run(["umount", "-l", "disk"], check=True)
print(json.dumps(found))
"""
"""Each command on a disk of its own that is too small, and once more when there is room; in one process."""


def test_full_disks(tmp_path: Path) -> None:
    """Where a file does not fit there is one message; what is there is whole, and a rerun completes."""
    (tmp_path / "problems.toml").write_text(PROBLEMS, encoding="utf-8")
    (tmp_path / "answers.csv").write_text(ANSWERS, encoding="utf-8")
    (tmp_path / "disk").mkdir()
    need_mounts()
    words = shlex.join([sys.executable, "-c", SMALL_DISKS, json.dumps(FULL_DISKS)])
    status, out, err = shell(words, tmp_path, own_mounts=True)
    assert (status, err) == (0, "")
    for (command, _), ((first, said, before), (second, told, after)) in zip(
        FULL_DISKS, json.loads(out), strict=True
    ):
        assert (first, second) == (2, 0), (command, said, told)
        assert said.startswith("Error: `out"), said
        assert said.endswith("cannot be written: No space left on device\n")
        assert said.count("\n") == 1
        assert not any(".part" in name for name in (*before, *after))
        assert before.items() < after.items(), command  # what was there is what the whole run leaves


@pytest.mark.parametrize("command", [f"draw {WX} -o out.svg"])
def test_a_full_disk_of_a_process(command: str, tmp_path: Path) -> None:
    """A process on a full disk says so once, ends with 2 and leaves no part."""
    (tmp_path / "disk").mkdir()
    need_mounts()
    script = f"mount -t tmpfs -o size=4k none disk; cd disk; tutor {command}; echo $?; ls -A"
    status, out, err = shell(script, tmp_path, own_mounts=True)
    assert (status, out, err) == (0, "2\n", "Error: `out.svg` cannot be written: No space left on device\n")


PLACES = [
    ("no home", {"HOME": None, "XDG_CACHE_HOME": None, "MPLCONFIGDIR": None}),
    ("a home that is not there", {"HOME": "/nonexistent", "XDG_CACHE_HOME": None}),
    ("a cache that is a file", {"HOME": "/dev/null", "XDG_CACHE_HOME": "/dev/null"}),
    ("the C locale", {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "LANG": None}),
]


ALL_IN_ONE = f"""
"{sys.executable}" -c "
import sys
from backprop_tutor.cli import main
wx = ['f = wx + b', 'w=-2', 'x=5', 'b=3']
for words in (['explain', *wx, *sys.argv[1:]], ['draw', *wx, '-o', 'f.svg'], ['train', 'xor', *'--epochs 1 --quiet --frames 0 -o t'.split()]):
    try:
        main(words)
    except SystemExit as end:
        if end.code:
            sys.exit(end.code)
" {{check}}
"""
"""Three commands of one process: the environment is the point, not the start."""


@pytest.mark.parametrize("environment", [e for _, e in PLACES], ids=[name for name, _ in PLACES])
def test_bare_environments(environment: dict[str, str | None], tmp_path: Path) -> None:
    """Without a home, a cache or a locale, pictures, curves and formulas are what they are elsewhere."""
    checked = "LC_ALL" in environment  # SymPy, which the check loads, looks for no home
    line = ALL_IN_ONE.format(check="" if checked else "--no-check")
    status, out, err = shell(line, tmp_path, **environment)
    assert (status, err) == (0, "wrote f.svg\n")
    assert out.splitlines()[0] == "The derivation of f"
    assert ("  Every value is that of the same formula with 57 digits.\n" in out) is checked
    assert {path.name for path in tmp_path.iterdir()} == {"f.svg", "t"}


ONE_BY_ONE = """
import shlex, sys
from backprop_tutor.cli import main
for command in sys.argv[1:]:
    try:
        main(shlex.split(command))
    except SystemExit as end:
        print(end.code or 0, flush=True)
"""
"""Commands of one process, with the status of each."""


READ_ONLY = [
    (f"draw {WX} -o out.svg", "`out.svg` cannot be written: Read-only file system"),
    (f"draw {WX} --steps -o out", "`out` cannot be made: Read-only file system"),
    ("check ../problems.toml ../answers.csv -o out", "`out` cannot be made: Read-only file system"),
    ("train xor --quiet -o out", "`out` cannot be made: Read-only file system"),
]


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    """A read-only disk is named, once, by every command, and nothing is left on it."""
    (tmp_path / "problems.toml").write_text(PROBLEMS, encoding="utf-8")
    (tmp_path / "answers.csv").write_text(ANSWERS, encoding="utf-8")
    (tmp_path / "disk").mkdir()
    need_mounts()
    words = shlex.join([sys.executable, "-c", ONE_BY_ONE, *(command for command, _ in READ_ONLY)])
    script = f"mount -t tmpfs -o size=1m,ro none disk; cd disk\n{words}\nls -A"
    status, out, err = shell(script, tmp_path, own_mounts=True)
    assert (status, out) == (0, "2\n" * len(READ_ONLY))
    assert err == "".join(f"Error: {told}\n" for _, told in READ_ONLY)


def test_names_that_are_too_long(tmp_path: Path) -> None:
    """A name of 300 letters, of a file or of a folder, is one message."""
    long = "a" * 300
    commands = (f"draw {WX} -o {long}.svg", f"draw {WX} --steps -o {long}", f"explain {WX} --no-check -o {long}.md")
    status, out, err = shell(shlex.join([sys.executable, "-c", ONE_BY_ONE, *commands]), tmp_path)
    assert (status, out) == (0, "2\n" * 3)
    for line, done in zip(err.splitlines(), ("written", "made", "written"), strict=True):
        assert line.startswith("Error: `aaaa")
        assert line.endswith(f"…` cannot be {done}: File name too long")


def test_a_name_of_other_bytes_is_refused(tmp_path: Path) -> None:
    """A file name that is not UTF-8 is refused, with the byte as an escape."""
    told = "Error: `b\\udcff.svg` has a name that is not UTF-8 text\n"
    assert shell(f"tutor draw {WX} -o $'b\\xff.svg'", tmp_path) == (2, "", told)
    assert list(tmp_path.iterdir()) == []
