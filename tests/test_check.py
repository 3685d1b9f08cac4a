"""The check three ways: what it sees, and what it does not hold against a derivation."""

from __future__ import annotations

import dataclasses
from fractions import Fraction

import pytest
import sympy
from searches import check_truth as truth
from shared import in_lists

import backprop_tutor as bt
from backprop_tutor.check import check
from backprop_tutor.check.exactly import Exactly, number
from backprop_tutor.ops import OPS
from backprop_tutor.ops.precise import Precise
from backprop_tutor.symbolic import Allowance, Late
from backprop_tutor.symbolic.numbers import worked_out


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
    wrong = d.with_fields(upstreams=(Fraction(4), *d.upstreams[1:]))
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


SATURATED = [
    ("-ln(σ(z))", {"z": 16}), ("bce(σ(z), 0)", {"z": 15.5}), ("ln(1 + exp(-z))", {"z": 30}),
    ("tanh(z)", {"z": 30}), ("tanh(z)", {"z": 37}), ("tanh(z)", {"z": 400}), ("1 - σ(z)", {"z": 40}),
    ("p, q = softmax(a, b); L = -ln(p)", {"a": 15.5, "b": 0}),
    ("p, q = softmax(a, b); L = -ln(p)", {"a": 1000, "b": 990}),
    ("p, q = softmax(a, b); L = p", {"a": 1000, "b": 0}), ("sin(z)^2 + cos(z)^2", {"z": 1.3}),
    ("erf(z)", {"z": 12}), ("gelu(z)", {"z": -9}), ("asin(z)", {"z": 1 - 2**-40}),
    ("exp(-(x-c)^2/(2*s^2))", {"x": 3, "c": 0, "s": 0.1}), ("σ(z)", {"z": -400}),
    ("z^200", {"z": 0.1}), ("(x*1e-170)*y", {"x": 2, "y": 3}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "at"), SATURATED)
def test_saturation_is_no_alarm(text: str, at: dict[str, float]) -> None:
    """Where float64 is too coarse for differences they are taken with more digits, and all agree."""
    result = bt.derive(text, at=at).check()
    assert {row.status for row in result.rows} == {"agree"}
    for row in result.rows:
        assert row.numeric == pytest.approx(row.reverse, rel=1e-6, abs=1e-12)
        assert row.symbolic == pytest.approx(row.reverse, rel=1e-9, abs=1e-300)


@pytest.mark.parametrize(
    ("text", "z", "name", "reverse", "right"),
    [
        ("f = (1 - tanh(z))^2", 16, "z", -2.5645456e-27, -2.5660967e-27),
        ("f = bce(σ(z), 0)", 36.5, "z", 0.6335937, 1.0),
    ],
)
def test_round_off_is_told_from_a_fault(
    text: str, z: float, name: str, reverse: float, right: float
) -> None:
    """A gradient of which float64 holds few digits is no fault; SymPy's column has the true number."""
    result = bt.derive(text, at={"z": z}).check()
    row = result[name]
    assert (row.status, result.ok) == ("round-off", True)
    assert row.reverse == pytest.approx(reverse, rel=1e-6)
    assert row.symbolic == pytest.approx(right, rel=1e-6)
    assert row.numeric == pytest.approx(right, rel=1e-6)


@pytest.mark.parametrize(
    ("text", "x", "right"),
    [
        ("exp(x)/(1 + exp(x))", 400, 1.9151695967140057e-174),
        ("exp(x)/(1 + exp(x))", 700, 9.85967654375977e-305),
        ("ln(exp(x) + 1) - x", 300, -5.148200222412013e-131),
        ("sqrt(x^2 + 1) - x", 1e10, -5e-21),
        ("x^2/(1 + x^2)", 1e9, 2e-27),
        ("cosh(x) - sinh(x)", 30, -9.357622968840174e-14),
    ],
)
def test_contributions_that_cancel_are_round_off(text: str, x: float, right: float) -> None:
    """A gradient that cancels to 0 in float64 is said to be round-off, beside the true number."""
    result = bt.derive(f"f = {text}", at={"x": x}).check()
    row = result["x"]
    assert (row.reverse, row.status, result.ok) == (0, "round-off", True)
    assert row.symbolic == pytest.approx(right, rel=1e-12)
    assert row.numeric == pytest.approx(right, rel=1e-6)


@pytest.mark.parametrize("text", ["exp(x)*exp(-x)", "sin(x)^2 + cos(x)^2", "x - x", "x/x"])
def test_contributions_that_are_truly_nothing_agree(text: str) -> None:
    """Where the true gradient is 0, a sum that cancels is right."""
    row = bt.derive(f"f = {text}", at={"x": 2.5}).check()["x"]
    assert row.status == "agree"
    assert row.symbolic == 0


def test_values_are_compared() -> None:
    """A value that is not its formula's is seen; one that lost its digits before is round-off."""
    d = bt.derive("p = σ(z); q = 1 - p; f = q*2", at={"z": 40})
    assert {row.name: row.status for row in d.check().values} == {
        "p": "agree", "q": "round-off", "f": "round-off",
    }  # fmt: skip
    numbers = list(d.numbers)
    numbers[d.graph_table.index["p"]] = 0.999
    wrong = check(d.with_fields(numbers=tuple(numbers)))
    assert not wrong
    assert [row.name for row in wrong.values if not row.ok] == ["p", "q"]


@pytest.mark.parametrize("factor", [-1, 0, 0.5, 1.0001, 1 + 1e-7])
@pytest.mark.parametrize("z", [0.5, 16, 39])
def test_a_planted_slope_is_seen(factor: float, z: float) -> None:
    """A wrong local gradient is named with what it should be, wherever float64 stands."""
    d = bt.derive("p = σ(z); f = -ln(p) + z", at={"z": z})
    key = (d.graph_table.index["z"], d.graph_table.index["p"], 0)
    edge = d.contributions[key]
    wrong = dataclasses.replace(edge, local=float(edge.local) * factor)
    result = check(d.with_fields(contributions={**d.contributions, key: wrong}))
    assert not result
    (found,) = result.slopes
    assert (found.of, found.wrt, found.local) == ("p", "z", wrong.local)
    assert found.right == pytest.approx(float(edge.local), rel=1e-12)


@pytest.mark.parametrize(("local", "ok"), [(0, True), (0.5, True), (1, True), (1.5, False), (-1, False)])
def test_a_convention_lies_between_the_sides(local: float, ok: bool) -> None:
    """At a kink any slope between those of the two sides may be the convention, and no other."""
    d = bt.derive("f = relu(z)", at={"z": 0})
    (key,) = d.contributions
    edge = dataclasses.replace(d.contributions[key], local=local, downstream=local)
    bent = d.with_fields(contributions={key: edge}, upstreams=(local, *d.upstreams[1:]))
    assert check(bent).ok is ok


def test_a_sum_that_does_not_add_up_is_seen() -> None:
    """A gradient that is not the sum of its contributions differs, though every gate is right."""
    d = bt.derive("f = tanh(z)*tanh(z) + z", at={"z": 20})
    place = d.graph_table.index["z"]
    upstreams = list(d.upstreams)
    upstreams[place] = float(upstreams[place]) * 1.001
    result = check(d.with_fields(upstreams=tuple(upstreams)))
    assert [row.name for row in result.rows if not row.ok] == ["z"]


SYMPY_ONCE_FAILED = [
    ("h0 = cbrt(sin(z)); f = |sqrt(max(7, h0))| - h0", {"z": 1.5}), ("abs(ln(relu(w)))", {"w": 2}),
    ("log2(cosh(B + B)) + step(max(B, 2))", {"B": 1.5}), ("relu(1/x)", {"x": 2}),
    ("u_0 = cbrt(w/x)/((1e5+0)^-1); f = atan(gelu(u_0))", {"w": 2, "x": 3}),
    ("abs(sqrt(x) - 3*ln(x))", {"x": 2}), ("max(asin(x), acos(x), atan(x))", {"x": 0.3}),
    ("max(a, b, c, d, e1, g, h, k)", dict(zip("abcdghk", range(7), strict=True)) | {"e1": 9}),
    ("min(relu(x), leaky_relu(x), elu(x))^3", {"x": -2}), ("2^(-(10^9))*x + x", {"x": 1}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "at"), SYMPY_ONCE_FAILED)
def test_choices_between_complex_forms(text: str, at: dict[str, float]) -> None:
    """Choices are never compared by SymPy: the check and the closed forms end, and are right."""
    d = bt.derive(text, at=at)
    assert d.check().ok
    for name in d.graph_table.inputs:
        form = d.closed_form(name, 400)
        if form.symbolic is None:
            continue
        k = Precise(200)
        given = {sympy.Symbol(n): k.ball(v) for n, v in d.at.items()}
        assert number(worked_out(k, form.symbolic, given)) == pytest.approx(float(d.gradients[name]))


def test_operations_too_large_for_sympy() -> None:
    """Of an operation of very many operands SymPy has no number, and the other two decide."""
    names = [f"x{i}" for i in range(80)]
    d = bt.derive(f"f = norm({', '.join(names)})", at={name: i + 1.0 for i, name in enumerate(names)})
    result = d.check()
    assert result.ok
    assert {(row.status, row.late) for row in result.rows[:-1]} == {("two of three", True)}
    assert "not within 1 s" in d.explain()
    assert isinstance(d.local("f", "x3").symbolic, sympy.Derivative)


def test_the_allowance_ends() -> None:
    """What SymPy is asked ends when its seconds are over."""
    with pytest.raises(Late, match="not within 0 s"):
        Allowance(0).spend()
    d = bt.derive("f = sin(x)", at={"x": 1})
    exactly = Exactly(d, 200, Allowance(0))
    assert exactly.by_sympy(1, 0, exactly.exact_operands(1)) is None
    assert exactly.late == {1}


def test_no_false_alarm_on_random_programs() -> None:
    """A short run of the judge of the check: 60 programs with inputs up to ±40, 20 planted slopes."""
    drawn = {op.name for op in OPS.values() if op.spelled} - {"where_above"}
    assert drawn <= set(truth.DEFINITIONS), "the judge has no definition of its own"
    found = truth.alarms(60, seed=5000)
    assert (found.false, found.true, found.missed) == ([], [], [])
    assert truth.planted(20, seed=5000) == (20, [])
