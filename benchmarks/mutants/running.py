"""One mutant put to its tests in a process of its own, and what became of it.

Enters: a `Mutant` and the tests that may notice it. Leaves: "noticed", "noticed: endless" or "survived".
Nothing is written: the module with the fault is compiled in the process that runs the tests. Needs an
operating system that can fork.
"""

from __future__ import annotations

import importlib
import importlib.machinery
import os
import resource
import signal
import time
from collections import defaultdict
from typing import Any

from .covering import ROOT, Calls, Tests
from .planting import Mutant, planted

__all__ = ["Children", "chosen_tests", "control", "preload"]

MOST_SECONDS = 60.0
"""A mutant's tests are cut at so many recorded seconds; the first of each file always runs."""

_ENDLESS = 4 * MOST_SECONDS
"""Seconds of the processor after which a mutant's loop is called endless."""

_MOST_BYTES = 6 * 2**30
"""Room for a mutant's process: a loop that fills it ends with a `MemoryError`, which a test notices."""

_PRELOADED = (
    "numpy", "sympy", "networkx", "lark", "pydantic", "mpmath", "rich", "click", "_pytest.doctest",
    "_pytest.assertion.rewrite",
)  # fmt: skip
"""Not pytest's plugins, as hypothesis, whose modules pytest wants to import itself."""


def preload() -> None:
    """Import what every mutant's process would import, before it is forked; none of it is ours."""
    for name in _PRELOADED:
        importlib.import_module(name)


def chosen_tests(mutant: Mutant, tests: Tests, calls: Calls) -> list[str]:
    """Return the tests that call the mutant's function, quickest first, every file in turn.

    Of what runs while its module is imported, and of a function that no test calls by itself, the
    tests that call anything in the module.
    """
    line, name = mutant.function
    numbers = set(calls.get(f"{mutant.path}:{line}:{name}", ()))
    if name == "<module>" or not numbers:
        for key, found in calls.items():
            if key.startswith(f"{mutant.path}:"):
                numbers.update(found)
    files: dict[str, list[tuple[float, str]]] = defaultdict(list)
    for number in numbers:
        test, seconds = tests[number]
        files[test.partition("::")[0]].append((seconds, test))
    for several in files.values():
        several.sort()
    room = mutant.path.split("/")[1].removesuffix(".py")
    order = sorted(files, key=lambda file: (room not in file, files[file][0]))
    ordered: list[str] = []
    spent = 0.0
    for turn in range(max((len(found) for found in files.values()), default=0)):
        for file in order:
            if turn < len(files[file]):
                seconds, test = files[file][turn]
                if turn == 0 or spent + seconds <= MOST_SECONDS:
                    spent += seconds
                    ordered.append(test)
    return ordered


def control(tests: Tests) -> None:
    """Run the quickest test of every file without a fault: a tool that always says "noticed" is none.

    Raises:
        SystemExit: one of them fails.
    """
    quickest: dict[str, tuple[float, str]] = {}
    for test, seconds in tests:
        file = test.partition("::")[0]
        quickest[file] = min(quickest.get(file, (seconds, test)), (seconds, test))
    children = Children()
    for _, test in quickest.values():
        children.start(None, [test])
        if children.ended()[1] != "survived":
            raise SystemExit(f"{test} fails without any fault")


class Children:
    """The mutants' processes that run at once; a mutant that is None is the source as it stands."""

    def __init__(self) -> None:
        self._running: dict[int, tuple[Mutant | None, float]] = {}
        self._nowhere = os.open(os.devnull, os.O_WRONLY)

    def __len__(self) -> int:
        return len(self._running)

    def start(self, mutant: Mutant | None, names: list[str]) -> None:
        """Start the process of one mutant."""
        child = os.fork()
        if child == 0:
            _work(mutant, names, self._nowhere)
        self._running[child] = mutant, time.monotonic() + 10 * _ENDLESS

    def ended(self) -> tuple[Mutant | None, str]:
        """Wait for the next mutant that is decided; return it with what became of it."""
        while True:
            for child, (mutant, end) in list(self._running.items()):
                done, status = os.waitpid(child, os.WNOHANG)
                if not done and time.monotonic() < end:
                    continue
                if not done:
                    os.killpg(child, signal.SIGKILL)
                    _, status = os.waitpid(child, 0)
                del self._running[child]
                code = os.waitstatus_to_exitcode(status)
                if code in (-signal.SIGXCPU, -signal.SIGKILL):
                    return mutant, "noticed: endless"
                return mutant, "survived" if code == 0 else "noticed"
            time.sleep(0.02)


def _work(mutant: Mutant | None, names: list[str], out: int) -> None:
    """Run the tests with the fault planted, and end the process with 0 where none noticed."""
    status = 1
    try:
        os.dup2(out, 1)
        os.dup2(out, 2)
        os.setsid()
        _, hard = resource.getrlimit(resource.RLIMIT_CPU)
        resource.setrlimit(resource.RLIMIT_CPU, (int(time.process_time() + _ENDLESS), hard))
        resource.setrlimit(resource.RLIMIT_DATA, (_MOST_BYTES, resource.getrlimit(resource.RLIMIT_DATA)[1]))
        if mutant is not None:
            _plant(mutant)
        import pytest

        # With its assertions rewritten a module whose own examples are run would be read without the fault.
        options = ["-x", "-q", "-n", "0", "-p", "no:cacheprovider", "--assert=plain"]
        status = int(pytest.main([*options, *names]))
    finally:
        os._exit(status)


def _plant(mutant: Mutant) -> None:
    """Let this process import the mutant's module with the fault in it."""
    target = str(ROOT / mutant.path)
    source = (ROOT / mutant.path).read_text(encoding="utf-8")
    code = compile(planted(mutant, source), target, "exec")
    usual = importlib.machinery.SourceFileLoader.get_code

    def get_code(self: Any, fullname: str) -> Any:
        return code if self.path == target else usual(self, fullname)

    importlib.machinery.SourceFileLoader.get_code = get_code  # type: ignore[method-assign]
