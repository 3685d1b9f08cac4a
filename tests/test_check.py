"""The check three ways: what it sees, and what it does not hold against a derivation."""

from __future__ import annotations

import dataclasses
from fractions import Fraction

import pytest
from shared import in_lists

import backprop_tutor as bt
from backprop_tutor.check import check
from backprop_tutor.ops import OPS


def test_rows_hold_three_numbers() -> None:
    """A row holds the reverse pass's, SymPy's and the differences' number."""
    row = bt.derive("f = x^3", at={"x": 2}).check()["x"]
    assert (row.reverse, row.symbolic, row.status) == (12.0, 12.0, "agree")
    assert row.numeric == pytest.approx(12, rel=1e-9)


@pytest.mark.parametrize("op", [op for op in OPS.values() if op.spelled], ids=lambda op: op.name)
def test_every_function_checks(op: object) -> None:
    """Every function of the language passes the check at its samples."""
    for sample in op.samples:
        names = [f"x{i}" for i in range(len(sample))]
        call = f"{op.spelled[0]}({', '.join(in_lists(op, names))})"
        left = ", ".join(f"p{i}" for i in range(len(names))) if op.outputs else "f"
        d = bt.derive(f"{left} = {call}", at=dict(zip(names, sample, strict=True)))
        assert {row.status for row in d.check().rows} == {"agree"}


@pytest.mark.parametrize(
    ("text", "x"),
    [("sin(100*x)", 3.0), ("ln(x)", 1e-6), ("1/x", 1e-5), ("σ(x)", 30.0), ("exp(x)", -50.0),
     ("tan(x)", 1.57), ("x^20", 3.0), ("σ(1000*x)", 0.5), ("abs(x)", 1e-9)],
)  # fmt: skip
def test_hard_points(text: str, x: float) -> None:
    """Steep, flat and nearly singular points are checked without a false alarm."""
    assert {row.status for row in bt.derive(text, at={"x": x}).check().rows} == {"agree"}


def test_kinks_are_reported() -> None:
    """A point on a kink is reported as such for all that lies above it."""
    rows = bt.derive("z = w*x; f = relu(z) + z", at={"w": 2, "x": 0}).check()
    assert {name: rows[name].status for name in ("w", "x", "z", "f")} == {
        "w": "agree", "x": "kink", "z": "kink", "f": "agree",
    }  # fmt: skip


def test_a_wrong_gradient_is_seen() -> None:
    """A derivation whose numbers were tampered with does not pass."""
    d = bt.derive("f = x*y", at={"x": 2, "y": 3})
    wrong = dataclasses.replace(d, upstreams=(Fraction(4), *d.upstreams[1:]))
    result = check(wrong)
    assert not result
    assert [row.name for row in result.rows if not row.ok] == ["x"]


def test_differences_override_after_assignment() -> None:
    """An inner node is moved after its own assignment, so its gradient is measured too."""
    row = bt.derive("q = x*y; f = q^2", at={"x": 2, "y": 3}).check()["q"]
    assert row.numeric == pytest.approx(12, rel=1e-9)


def test_many_nodes() -> None:
    """Several hundred nodes are checked in groups."""
    text = "a0 = x\n" + "\n".join(f"a{i} = sin(a{i - 1} + x)" for i in range(1, 300))
    assert bt.derive(text, at={"x": 0.3}).check().ok
