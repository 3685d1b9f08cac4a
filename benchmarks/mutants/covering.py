"""Which tests call which functions of the package: found by running them, kept in a file.

    python -m benchmarks.mutants.covering map.json tests/ops tests/test_check.py

Enters: a file to write and what pytest is given. Leaves: the file, a JSON object with every passed test
and its seconds, and for every function that was called the numbers of its tests. The tests run in this
process under a profiler; several runs may add to one file (`--add`), so that a long run goes in parts.
What runs while a module is imported belongs to no test.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import threading
import time
from collections.abc import Generator
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

import pytest

__all__ = ["ROOT", "Covering", "load"]

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = f"{ROOT / 'backprop_tutor'}{os.sep}"

Tests = list[tuple[str, float]]
Calls = dict[str, list[int]]


class Covering:
    """A pytest plugin that notes, for each passed test, its time and the functions it called.

    Attributes:
        tests: node ids, each with its seconds of processor time.
        calls: for "path:first line:name" of a function, the places of its tests in `tests`.
    """

    def __init__(self, tests: Tests, calls: Calls) -> None:
        self.tests = tests
        self.calls = calls
        self._codes: set[CodeType] = set()
        self._failed = False

    def _called(self, frame: FrameType, event: str, argument: Any) -> None:
        if event == "call":
            self._codes.add(frame.f_code)

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, None, None]:
        """Run one test under the profiler."""
        self._codes = set()
        self._failed = False
        threading.setprofile(self._called)
        sys.setprofile(self._called)
        start = time.process_time()
        yield
        taken = time.process_time() - start
        sys.setprofile(None)
        threading.setprofile(None)
        if self._failed:
            return
        number = len(self.tests)
        self.tests.append((item.nodeid, round(taken, 3)))
        for code in self._codes:
            if code.co_filename.startswith(PACKAGE):
                path = Path(code.co_filename).relative_to(ROOT).as_posix()
                key = f"{path}:{code.co_firstlineno}:{code.co_name}"
                self.calls.setdefault(key, []).append(number)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Leave out tests that fail or are skipped."""
        if not report.passed:
            self._failed = True


def load(path: Path) -> tuple[Tests, Calls]:
    """Return the tests with their seconds, and for each function the numbers of its tests."""
    data = json.loads(path.read_text(encoding="utf-8"))
    return [(name, seconds) for name, seconds in data["tests"]], data["calls"]


def main() -> int:
    """Run the tests and write the file; return 0 where the run came to its end."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("map", type=Path)
    parser.add_argument("--add", action="store_true", help="keep what the file says already")
    given, others = parser.parse_known_args()
    tests, calls = load(given.map) if given.add and given.map.exists() else ([], {})
    covering = Covering(tests, calls)
    status = pytest.main(["-q", "-p", "no:cacheprovider", "-n", "0", *others], plugins=[covering])
    data = {"tests": covering.tests, "calls": covering.calls}
    given.map.write_text(json.dumps(data), encoding="utf-8")
    broken_off = (pytest.ExitCode.INTERRUPTED, pytest.ExitCode.USAGE_ERROR)
    return int(status in broken_off)  # a test that fails is left out


if __name__ == "__main__":
    sys.exit(main())
