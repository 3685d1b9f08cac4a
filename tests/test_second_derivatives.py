"""`hessian`, `symbolic`, `jacobian(...).symbolic`: against differences of gradients and against SymPy."""

from __future__ import annotations

import math
import pickle
from typing import Any

import numpy as np
import pytest

import backprop_tutor as bt
from backprop_tutor.ops import OPS

ROWS = [row for row in OPS.values() if row.spelled and not row.outputs and "where" not in row.spelled]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_second_derivatives_are_differences_of_gradients(row: Any) -> None:
    """Of each operation, at its samples, times a function of its first operand."""
    for point in row.samples:
        names = [f"a{i}" for i in range(len(point))]
        half = len(names) // 2
        lists = [names[:half], names[half:]] if row.lists == 2 else [[name] for name in names]
        inner = ", ".join(f"[{', '.join(part)}]" if row.lists == 2 else part[0] for part in lists)
        program = bt.parse(f"F = {row.spelled[0]}({inner})*(1 + a0/3)", names)
        found = bt.hessian(program, dict(zip(names, point, strict=True)))
        values = np.array(found)
        assert np.allclose(values, values.T, rtol=1e-9, atol=1e-12)

        def gradient(moved: dict[str, float], names: tuple[str, ...] = found.wrt, program: Any = program) -> Any:
            d = bt.derive(program, moved)
            return np.array([float(d.gradients[name]) for name in names])

        at = {name: float(x) for name, x in zip(names, point, strict=True)}
        for i, name in enumerate(found.wrt):
            try:
                ends = [gradient({**at, name: at[name] + step}) for step in (1e-6, -1e-6)]
            except bt.DomainError:
                continue  # a step outside the domain
            assert np.allclose((ends[0] - ends[1]) / 2e-6, values[i], rtol=1e-4, atol=1e-5), (point, name)


def test_a_hessian_is_exact_named_and_symbolic() -> None:
    """Whole numbers stay exact; entries are found by name; the formulas are SymPy's."""
    found = bt.hessian("q = x*y; f = q*q + x^3", {"x": 3, "y": 2})
    assert found.values == ((26, 24), (24, 18))
    assert found["x", "y"] == found["y", "x"] == 24
    assert found.shape == (2, 2)
    assert repr(found) == "<Hessian of f along x, y: [[26, 24], [24, 18]]>"
    assert [[int(form.subs({"x": 3, "y": 2})) for form in row] for row in found.symbolic] == [[26, 24], [24, 18]]
    assert pickle.loads(pickle.dumps(found)) == found  # noqa: S301  # of our own making
    assert bt.hessian("f = w1*x", {"w1": 1, "x": 2}, wrt="w₁").values == ((0,),)
    assert bt.hessian("f = x*x*x", {"x": 2}).values == ((12,),)
    assert bt.hessian("u = x^2; v = x*y", {"x": 1, "y": 2}, of="u", wrt=["x", "y"]).values == ((2, 0), (0, 0))
    assert bt.hessian("f = relu(x)*x", {"x": 0}).values == ((0,),)  # the convention at the kink
    assert bt.hessian("f = abs(x)*x", {"x": -2}).values == ((-2,),)


REFUSED: list[tuple[Any, dict[str, Any], str]] = [
    ("q = x*y; f = q", {"wrt": "q"}, "`q` is no input; a Hessian is along x, y"),
    ("f = x*y", {"wrt": "t"}, "the graph has no node `t`; its nodes: x, y, f"),
    ("f = x*y", {"wrt": []}, "`wrt` lists no name"),
    ("f = x*y", {"of": "g"}, "the graph has no node `g`; its nodes: x, y, f"),
]


@pytest.mark.parametrize(("program", "options", "message"), REFUSED, ids=[m for *_, m in REFUSED])
def test_what_a_hessian_cannot_be_is_refused(program: Any, options: dict[str, Any], message: str) -> None:
    """Names that are no inputs, and an output that there is not."""
    with pytest.raises(bt.TutorError) as caught:
        bt.hessian(program, {"x": 1, "y": 2}, **options)
    assert message == str(caught.value)


def test_formulas_of_values_and_of_a_jacobian() -> None:
    """`symbolic` is a node over the inputs; a Jacobian's entries are formulas, too."""
    d = bt.derive("q = x + y; f = q*z*q", at={"x": -2, "y": 5, "z": -4})
    assert str(d.symbolic("f")) == "z*(x + y)**2"
    assert str(d.symbolic("q")) == "x + y"
    assert str(d.symbolic("x")) == "x"
    assert float(d.symbolic("f").subs(dict(d.at))) == d.values["f"]
    found = bt.jacobian("u = x*y; v = x + y^2", {"x": 1, "y": 2}, of=("u", "v"))
    assert [[str(form) for form in row] for row in found.symbolic] == [["y", "x"], ["1", "2*y"]]
    deep = "; ".join(["a0 = x"] + [f"a{i} = a{i - 1}*a{i - 1}" for i in range(1, 20)])
    with pytest.raises(bt.OptionError, match=r"a19 written out takes 1,048,575 operations, more than the 10,000"):
        bt.derive(deep, {"x": 1}).symbolic("a19")
    with pytest.raises(bt.UnknownNameError):
        d.symbolic("t")
    with pytest.raises(bt.OptionError, match="`symbolic` is for programs of single numbers"):
        bt.derive("L = sum(X)", {"X": [1.0]}).symbolic("L")


def test_a_long_chain_has_a_hessian() -> None:
    """Nothing recurses over the graph."""
    lines = ["a0 = x"] + [f"a{i} = sin(a{i - 1})" for i in range(1, 400)]
    found = bt.hessian("; ".join(lines), {"x": 0.5})
    step = 1e-5
    ends = [bt.derive("; ".join(lines), {"x": 0.5 + s}).gradients["x"] for s in (step, -step)]
    assert math.isclose(float(found.values[0][0]), (float(ends[0]) - float(ends[1])) / (2 * step), rel_tol=1e-5)
