"""The public test suites that `benchmarks.other_suites` runs: where each lies and what it asks for beside.

A suite is never part of this tree: its tests are read from the source distribution of the engine
they belong to, or from a folder. `differs` lists tests that the engine is not meant to pass, with
the reason; a test listed there that passes is reported, so that the list stays true.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class Suite:
    """One suite: the distribution it comes with, its files, the package that our shim stands for."""

    name: str
    version: str
    package: str
    tests: tuple[str, ...]  # paths in the source distribution, below its top folder
    needs: tuple[str, ...] = ()  # packages that its tests import beside
    differs: Mapping[str, str] = field(default_factory=dict)  # a test's name without its file: why


SUITES = {
    suite.name: suite
    for suite in (
        Suite(
            name="micrograd", version="0.1.0", package="micrograd", needs=("torch",),
            tests=("test/test_engine.py",),
        ),
        Suite(
            name="smallpebble", version="3.0.5", package="smallpebble",
            tests=("tests/test_smallpebble.py",),
            differs={"test_add_at": "adds at positions by index_put, outside of the scope"},
        ),
    )
}
