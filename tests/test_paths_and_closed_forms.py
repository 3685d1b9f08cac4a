"""Paths, closed forms, Jacobians, descent: what can be asked of a derivation besides."""

from __future__ import annotations

import numpy as np
import pytest
import sympy
from shared import load_cases

import backprop_tutor as bt

MAZUR = next(c for c in load_cases("worked_examples.json") if c["name"] == "mazur_2_2_2")


def test_paths_are_the_gradient_path_by_path() -> None:
    """colah's example: ∂e/∂b is the sum of two paths, 1·2 and 1·3."""
    paths = bt.derive("c = a + b; d = b + 1; e = c*d", at={"a": 2, "b": 1}).paths("b")
    assert [(p.nodes, p.product) for p in paths] == [(("b", "c", "e"), 2), (("b", "d", "e"), 3)]
    assert (paths.total, paths.by_path, paths.by_backprop) == (5, 4, 4)


def test_two_edges_are_two_paths() -> None:
    """x·x has two paths, one for each operand."""
    paths = bt.derive("f = x*x", at={"x": 3}).paths("x")
    assert [p.product for p in paths] == [3, 3]


def test_too_many_paths_are_counted() -> None:
    """2^40 paths are counted and refused, not listed; backprop needs 80 multiplications."""
    text = "\n".join(["a0 = x + 0", *(f"a{i} = a{i - 1}*a{i - 1}" for i in range(1, 41))])
    with pytest.raises(bt.TutorError) as caught:
        bt.derive(text, at={"x": 1}).paths("a0")
    assert str(caught.value) == (
        "1,099,511,627,776 paths lead from a₀ to a₄₀, more than the 1,000 that are listed (limit); path "
        "by path they take 43,980,465,111,040 multiplications, backprop 80"
    )


def test_path_from_the_output_and_from_outside() -> None:
    """The output's own path is empty, with product 1; a node beside the output has none."""
    d = bt.derive("r = x^2; f = 2*x", at={"x": 3})
    assert [(p.nodes, p.product) for p in d.paths("f")] == [(("f",), 1)]
    assert len(d.paths("r")) == 0


def test_closed_forms() -> None:
    """A short closed form is a SymPy expression over the inputs; a long one is its size."""
    w = sympy.Symbol("w")
    assert bt.derive("f = (w - 3)^2", at={"w": 1}).closed_form("w").symbolic.equals(2 * (w - 3))
    d = bt.derive(MAZUR["program"], at=MAZUR["values"])
    form = d.closed_form("w1")
    assert form.symbolic is None
    assert (
        str(form)
        == f"∂E/∂w1 written out takes {form.operations} operations, more than the 100 up to which it is shown"
    )
    whole = d.closed_form("w1", limit=1000).symbolic
    point = {sympy.Symbol(n): sympy.Float(v, 20) for n, v in MAZUR["values"].items()}
    assert float(whole.xreplace(point)) == pytest.approx(
        MAZUR["verified_gradients"]["w1"], rel=1e-12
    )


def test_closed_form_of_a_deep_graph_is_not_built() -> None:
    """The size of a closed form with 2^60 paths is told at once."""
    text = "\n".join(["a0 = x + 0", *(f"a{i} = a{i - 1}*a{i - 1}" for i in range(1, 61))])
    assert bt.derive(text, at={"x": 1}).closed_form("a0").operations > 10**15


@pytest.mark.parametrize(
    "text",
    [
        "2^(-(10^9))*x + x", "(1/3)^(10^8)*x", "x*cbrt((1/7)^(10^5))", "x*(2/3)^(10^7)*5^2",
        "x*max(2^(-(10^8)), 3^(-(10^8)))", "x*exp(-(10^9)*ln(2))", "(x/3)^(10^8) + x",
    ],
)  # fmt: skip
def test_powers_too_long_to_write_out_are_not_written_out(text: str) -> None:
    """A power of numbers with hundreds of millions of digits is no closed form; SymPy is not asked for it."""
    d = bt.derive(text, at={"x": 1})
    form = d.closed_form("x")
    assert (form.symbolic, form.late) == (None, True)
    with pytest.raises(bt.errors.OptionError, match="is a power of numbers too long to be written out"):
        d.symbolic(d.output)
    assert d.check().ok


def test_long_powers_are_written_out() -> None:
    """A power of some hundred digits is a closed form like any other."""
    assert bt.derive("2^(-1000)*x", at={"x": 1}).closed_form("x").symbolic == sympy.Rational(1, 2**1000)


def test_local_gradients() -> None:
    """A local gradient is symbolic and numeric, and says its slot."""
    z = sympy.Symbol("z")
    d = bt.derive("q = x + y\nf = q*z", at={"x": -2, "y": 5, "z": -4})
    assert d.local("f", "q").symbolic == z
    assert (d.local("f", "q").value, d.local("f", "z").value, d.local("f", "z").slot) == (-4, 3, 1)
    square = bt.derive("f = x*x", at={"x": 3})
    assert square.local("f", "x", slot=1).downstream == 3
    with pytest.raises(bt.OptionError, match="`x` is operand 0 or 1 of `f`, not 2"):
        square.local("f", "x", slot=2)
    with pytest.raises(
        bt.UnknownNameError, match="`f` does not use `x` directly; its operands: q, z"
    ):
        d.local("f", "x")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("f = σ(z)", "σ(z)·(1 − σ(z))"), ("f = tanh(z)", "1 − tanh(z)²"), ("f = z^3", "3·z²"),
        ("f = 1/z", "−1/z²"), ("f = ln(z)", "1/z"), ("f = exp(z)", "exp(z)"), ("f = sqrt(z)", "1/(2·sqrt(z))"),
        ("f = relu(z)", "1"), ("f = z*2", "2"), ("f = e^z", "exp(z)"), ("f = |z|", "1"),
    ],
)  # fmt: skip
def test_local_gradients_as_people_write_them(text: str, shown: str) -> None:
    """Local gradients are shown in the form that people expect."""
    assert bt.derive(text, at={"z": 2}).local("f", "z").text == shown


@pytest.mark.parametrize(
    ("text", "z", "shown"),
    [
        ("f = z^1", 2, "1"), ("f = z^0", 2, "0"), ("f = z^2", 2, "2·z"), ("f = z/1", 2, "1"),
        ("f = |z|", -2, "−1"), ("f = |z|", 0, "0"), ("f = max(z, 1)", 1, "1/2"), ("f = hardtanh(z)", 1, "0"),
        ("f = relu6(z)", 6, "0"), ("f = relu6(z)", 5, "1"), ("f = elu(z)", -1, "exp(z)"),
    ],
)  # fmt: skip
def test_local_gradients_at_the_piece_in_force(text: str, z: int, shown: str) -> None:
    """What is shown is the piece where the operand lies, ends included, with no power of 1 or 0 in it."""
    assert bt.derive(text, at={"z": z}).local("f", "z").text == shown


def test_jacobian() -> None:
    """A Jacobian has one backward pass an output."""
    jacobian = bt.jacobian(
        "y1 = u*v; y2 = u + v^2", {"u": 2, "v": 3}, of=("y1", "y2"), wrt=("u", "v")
    )
    assert jacobian.values == ((3, 2), (1, 6))
    assert jacobian["y2", "v"] == 6
    assert np.asarray(jacobian).tolist() == [[3.0, 2.0], [1.0, 6.0]]


def test_descent_learns() -> None:
    """Gradient descent lowers Mazur's error, and its table has the first and the last loss."""
    course = bt.descend(MAZUR["program"], MAZUR["values"], lr=0.5, steps=200)
    assert course.losses[0] == pytest.approx(MAZUR["verified_values"]["E"])
    assert course.losses[-1] < 0.005
    assert [step for step, _ in course.table(3)] == [0, 100, 200]
    assert course.at["i1"] == 0.05


def test_descent_uses_the_old_values() -> None:
    """Both parameters move by gradients taken before either moved."""
    after = bt.descend("L = a*b", {"a": 2, "b": 3}, lr=1, steps=1, wrt=("a", "b")).at
    assert (after["a"], after["b"]) == (-1, 1)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"lr": 0}, "the learning rate lr is positive to descend or negative to climb, not 0"),
        ({"lr": [1]}, "the value of `lr` is a number, not `[1]`"),
        ({"lr": 1, "steps": -1}, "steps is a whole number, 0 or more, not -1"),
        (
            {"lr": 1, "wrt": ("c",)},
            "`c` is not an input, so it cannot be updated; its inputs: a, b",
        ),
    ],
)
def test_descent_refuses(arguments: dict[str, object], message: str) -> None:
    """Settings that do not fit are refused in words."""
    with pytest.raises(bt.OptionError) as caught:
        bt.descend("L = a*b", {"a": 2, "b": 3}, **arguments)
    assert str(caught.value).startswith(message)


def test_an_update_remembers_where_it_came_from() -> None:
    """After an update a value left over from before is recognised; only one step is remembered."""
    before = bt.derive("h = w*x; L = h^2", at={"w": 2, "x": 3})
    after = before.update(lr=0.01).update(lr=0.01)
    assert after.previous is not None
    assert after.previous.previous is None
    marking = bt.mark(after, {"h": str(after.previous.values["h"])})
    assert [slip.name for slip in marking.slips] == ["stale-value"]
