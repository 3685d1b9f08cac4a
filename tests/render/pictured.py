"""Derivations that the tests of pictures draw."""

from __future__ import annotations

import tomllib
from pathlib import Path

import backprop_tutor as bt

CASES = Path(__file__).parent.parent / "cases" / "pictures" / "programs.toml"
PROGRAMS = tomllib.loads(CASES.read_text(encoding="utf-8"))


def derived(name):
    """Return the derivation of a program of the cases."""
    case = PROGRAMS[name]
    return bt.derive(bt.parse(case["program"], names=case["values"]), at=case["values"])


def recurrence(steps):
    """Return the derivation of y ← y·w + b, repeated: two inputs used far and wide."""
    lines = ["y0 = x*1", *(f"y{i} = y{i - 1}*w + b" for i in range(1, steps + 1))]
    return bt.derive("\n".join(lines), at={"x": 1.0, "w": 0.5, "b": 0.25})
