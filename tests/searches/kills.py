"""Commands killed at random moments: what they leave, what they say, and whether a rerun completes.

    python -m benchmarks.kills                      # 30 kills of each command, with figures
    python -m benchmarks.kills --count 3 check      # of one command
    python -m benchmarks.kills --seed 7

Each command runs to its end once, which gives its time and its files. Then it is started again and
again in an empty folder and gets SIGKILL, SIGINT (the whole group, as a terminal sends it) or SIGTERM
in turn, at a moment between its start and a little past the end of its quickest run. Counted are:
files that are there under their name and are not the complete run's (`torn`), answers that are no
single message (`said`) and exit statuses that are none of the expected (`status`), processes still
there afterwards (`orphans`), parts that SIGKILL left (`parts`); then the same command runs again,
undisturbed, and what it leaves is compared with the complete run's files: missing, different or
additional ones are counted (`rerun`). Everything but `parts` is expected to be 0. A process that
Python's own start had not left yet when the signal came is counted under `early`.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

PROBLEMS = """
title = "Sheet"
[[problem]]
id = "p1"
program = "q = x + y; f = q*z"
values = {x = -2, y = 5, z = -4}
[[problem]]
id = "p2"
program = "f = 1/(1 + exp(-(w*x + b)))"
values = {w = 2, x = -1, b = 0.5}
"""

STUDENTS = 12


def answers() -> str:
    rows = "".join(f"s{i:02},{3 + i % 2},-12,{-4 if i % 3 else 4},0.1\n" for i in range(STUDENTS))
    return "student,p1:q,p1:f,p1:df/dx,p2:df/dw\n" + rows


def roster() -> str:
    return "student\n" + "".join(f"s{i:02}\n" for i in range(STUDENTS))


PROGRAM = ("a = tanh(w*x + b); f = 1/(1 + exp(-(v*a + c)))", "w=2", "x=-1", "b=0.5", "v=3", "c=1")


def _kept_training(folder: Path) -> list[str]:
    """Return what is wrong with the files of a training that Ctrl-C ended early."""
    whole = {
        ".json": lambda path: bool(json.loads(path.read_text(encoding="utf-8"))),
        ".npz": lambda path: zipfile.ZipFile(path).testzip() is None,
        ".svg": lambda path: path.read_text(encoding="utf-8").rstrip().endswith("</svg>"),
        ".png": lambda path: b"IEND" in path.read_bytes()[-16:],
    }
    found = [path for path in sorted(folder.rglob("*")) if path.suffix in whole]
    return [path.name for path in found if not whole[path.suffix](path)]


@dataclass(frozen=True)
class Command:
    """A command line, and what is true of its files when Ctrl-C ends it early, if anything else is."""

    arguments: tuple[str, ...]
    kept: Callable[[Path], list[str]] | None = None


COMMANDS: Mapping[str, Command] = {
    "check": Command(("check", "problems.toml", "answers.csv", "-o", "out", "--workers", "2")),
    "worksheet": Command(
        ("worksheet", "problems.toml", "--students", "roster.csv", "--format", "html", "-o", "out")
    ),
    "draw": Command(("draw", *PROGRAM, "--steps", "-o", "out")),
    "animate": Command(("animate", *PROGRAM, "-o", "out.gif")),
    "train": Command(("train", "xor", "--epochs", "40", "--quiet", "-o", "out"), _kept_training),
    "lesson": Command(("lesson", *PROGRAM, "-o", "out.html")),
}

INPUTS = {"problems.toml": PROBLEMS, "answers.csv": answers(), "roster.csv": roster()}

STATUSES = {
    signal.SIGKILL: {-signal.SIGKILL, 0},
    signal.SIGINT: {130, 0},
    signal.SIGTERM: {143, 0},
}
EARLY = {signal.SIGINT: {-signal.SIGINT}, signal.SIGTERM: {-signal.SIGTERM}}
"""How a process ends whose command has not yet taken the signals over."""


def files(folder: Path) -> dict[str, str]:
    """Return the digests of the files below a folder, without the inputs."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.relative_to(folder).as_posix() not in INPUTS
    }


def started(command: Command, folder: Path) -> subprocess.Popen[str]:
    """Start a command in a folder, in a process group of its own.

    A shell that starts this in the background lets it ignore Ctrl-C; the command is not to inherit that.
    """
    before = signal.getsignal(signal.SIGINT)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        return subprocess.Popen(
            [sys.executable, "-m", "backprop_tutor", *command.arguments],
            cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8",
            start_new_session=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(map(os.path.abspath, sys.path)), "COLUMNS": "80"},
        )  # fmt: skip
    finally:
        signal.signal(signal.SIGINT, before)


def filled(folder: Path) -> Path:
    """Return the folder with the inputs in it."""
    folder.mkdir()
    for name, text in INPUTS.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def gone(group: int, seconds: float = 10.0) -> bool:
    """Return whether every process of a group ends within some seconds."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            os.killpg(group, 0)
        except (ProcessLookupError, PermissionError):
            return True
        time.sleep(0.02)
    return False


@dataclass
class Trial:
    """One command with what its complete run left, and the figures of its kills so far."""

    command: Command
    place: Path
    expected: dict[str, str]
    seconds: float
    figures: Counter[str]
    remarks: list[str]

    def kill(self, number: int, how: signal.Signals, share: float) -> None:
        """Start the command in a new folder, kill it after a share of its time, look, and run it again."""
        after = share * self.seconds
        folder = filled(self.place / f"kill-{number}")
        process = started(self.command, folder)
        try:
            process.wait(after)
        except subprocess.TimeoutExpired:
            if how is signal.SIGINT:
                os.killpg(process.pid, how)
            else:
                process.send_signal(how)
        else:
            self.figures["finished"] += 1
        out, said = process.communicate(timeout=120)
        self._look(folder, how, process.returncode, said, out)
        if not gone(process.pid):
            self._count("orphans", f"{how.name} after {after:.2f} s")
            os.killpg(process.pid, signal.SIGKILL)
        start = time.monotonic()
        again = started(self.command, folder)
        _, complaint = again.communicate(timeout=300)
        self.seconds = min(self.seconds, time.monotonic() - start)  # other programs may slow one down
        found = files(folder)
        if again.returncode or found != self.expected:
            names = sorted(set(found) ^ set(self.expected)) or "other contents"
            self._count("rerun", f"{how.name} after {after:.2f} s: {names} {complaint[-300:]}")

    def _look(self, folder: Path, how: signal.Signals, status: int, said: str, out: str) -> None:
        found = files(folder)
        parts = [name for name in found if name.endswith(".part")]
        self.figures["parts"] += len(parts)
        if how is not signal.SIGKILL and parts:
            self._count("torn", f"{how.name} left {parts}")
        kept = how is signal.SIGINT and status == 0 and self.command.kept is not None
        if kept and self.command.kept is not None:
            for name in self.command.kept(folder):
                self._count("torn", name)
        else:
            for name in set(found) - set(parts):
                if self.expected.get(name) != found[name]:
                    self._count("torn", f"{how.name}: {name}")
        before_main = "Traceback" in said and "in _status" not in said
        if how is signal.SIGINT and (status in EARLY[how] or before_main):
            self.figures["early"] += 1
            return
        if status not in STATUSES[how] | EARLY.get(how, set()):
            self._count("status", f"{how.name}: {status}: {said[-300:]}")
        if "Traceback" in said or "Exception ignored" in said or said.count("Stopped.") > 1:
            self._count("said", f"{how.name}: {said[-2000:]}")

    def _count(self, what: str, remark: str) -> None:
        self.figures[what] += 1
        self.remarks.append(f"{what}: {remark}")


COLUMNS = ("kills", "finished", "early", "torn", "said", "status", "orphans", "parts", "rerun")
WRONG = ("torn", "said", "status", "orphans", "rerun")


def trial(name: str, count: int, seed: int, place: Path) -> Trial:
    """Run a command to its end, then kill it so often; return the figures."""
    command = COMMANDS[name]
    whole = filled(place / "whole")
    start = time.monotonic()
    process = started(command, whole)
    _, complaint = process.communicate(timeout=300)
    seconds = time.monotonic() - start
    if process.returncode:
        raise SystemExit(f"{name} does not even run: {complaint}")
    found = Trial(command, place, files(whole), seconds, Counter(), [])
    # Each of the commands is killed at other moments.
    draw = random.Random(f"{seed} {name}")
    signals = (signal.SIGKILL, signal.SIGINT, signal.SIGTERM)
    for number in range(count):
        found.kill(number, signals[number % 3], draw.uniform(0.001, 1.05))
        found.figures["kills"] += 1
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("commands", nargs="*", default=list(COMMANDS), metavar="COMMAND")
    parser.add_argument("--count", type=int, default=30)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    for name in given.commands:
        if name not in COMMANDS:
            raise SystemExit(f"no command {name}; the commands: {', '.join(COMMANDS)}")
    wrong = 0
    print(f"{'command':<10} {'s':>5} " + " ".join(f"{column:>8}" for column in COLUMNS))
    for name in given.commands:
        with tempfile.TemporaryDirectory() as place:
            found = trial(name, given.count, given.seed, Path(place))
        figures = " ".join(f"{found.figures[column]:>8}" for column in COLUMNS)
        print(f"{name:<10} {found.seconds:>5.2f} {figures}", flush=True)
        for remark in found.remarks:
            print(f"    {remark}")
        wrong += sum(found.figures[column] for column in WRONG)
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
