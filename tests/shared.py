"""Where the cases lie, and how a test reads one of their files."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import pytest

from backprop_tutor.cli import main
from backprop_tutor.ops import Operation

ROOT = Path(__file__).parents[1]
CASES = Path(__file__).parent / "cases"


def load_cases(name: str) -> Any:
    """Return a JSON file of tests/cases."""
    return json.loads((CASES / name).read_text(encoding="utf-8"))


def in_lists(op: Operation, operands: Sequence[str]) -> list[str]:
    """Return written operands as they are typed: one by one, or in the lists that the row takes."""
    if op.name == "where_above":
        return [f"{operands[0]} > {operands[1]}", *operands[2:]]
    length = len(operands) // op.lists
    if op.lists == 1 or length == 1:
        return list(operands)
    return [f"[{', '.join(operands[i : i + length])}]" for i in range(0, len(operands), length)]


def place_of_example(program: Path, tmp_path: Path) -> Path:
    """Return the empty folder in which an example is run.

    Where `BACKPROP_TUTOR_EXAMPLES` names a folder it is there, by the example's name, and stays: the
    documentation's gallery shows what the examples drew, and they are not run twice for it.
    """
    kept = os.environ.get("BACKPROP_TUTOR_EXAMPLES")
    if not kept:
        return tmp_path
    place = Path(kept, program.stem)
    place.mkdir(parents=True)
    return place


def environment(**more: str) -> dict[str, str]:
    """Return this process's environment for a process of the same tree, in English and in UTF-8."""
    return {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "BACKPROP_TUTOR_LANG": "en", **more}


def process(
    *arguments: str, cwd: Path, stdin: str = "", seconds: int = 120
) -> subprocess.CompletedProcess[str]:
    """Return what became of `backprop-tutor` as a process of its own, in the folder `cwd`."""
    return subprocess.run(
        [sys.executable, "-m", "backprop_tutor", *arguments], cwd=cwd, input=stdin,
        capture_output=True, text=True, encoding="utf-8", check=False, timeout=seconds,
        env=environment(),
    )  # fmt: skip


def here(*arguments: str, cwd: Path, stdin: str = "") -> subprocess.CompletedProcess[str]:
    """Return what became of `backprop-tutor` within this process: as `process`, without Python's start."""
    given, out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="") for _ in range(3))
    given.write(stdin)
    given.seek(0)
    status: object = 0
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        patch.chdir(cwd)
        patch.setattr(sys, "stdin", given)
        patch.setenv("BACKPROP_TUTOR_LANG", "en")
        try:
            main(list(arguments))
        except SystemExit as end:
            status = end.code or 0
    assert isinstance(status, int), status
    told = []
    for stream in (out, err):
        stream.seek(0)
        told.append(stream.read())
    return subprocess.CompletedProcess(list(arguments), status, *told)


def faults_of(check: Callable[..., object], cases: Iterable[tuple[Any, ...]]) -> list[str]:
    """Return what fails of a check over all its cases, each by its name: none keeps the next from its turn."""
    found = []
    for case in cases:
        try:
            check(*case)
        except Exception as error:  # whatever it is, it is told with its case
            named = (getattr(part, "__name__", None) or getattr(part, "name", part) for part in case)
            found.append(f"{', '.join(map(str, named))}: {type(error).__name__}: {error}")
    return found


def said_to_serve(settings: Any, ready: Callable[[str, str], None]) -> None:
    """Say where a server would listen, in place of one that goes on until it is told to end."""
    ready(f"http://{settings.host}:{settings.port}/", "token" if settings.problems else "")


@contextmanager
def counted() -> Iterator[Callable[[], int]]:
    """Count the calls of functions within the block; call what it gives for how many there were.

    A cost that is the same on every machine and at every load, where seconds are not. What it does
    not see is time within one call; `benchmarks/` measures that, as ratios.
    """
    total = 0

    def note(frame: object, event: str, argument: object) -> None:
        nonlocal total
        if event in ("call", "c_call"):
            total += 1

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        yield lambda: total
    finally:
        sys.setprofile(before)
