"""What a program may be given as: numbers of other libraries, SymPy's expressions, graphs, arrays; or refused."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import networkx as nx
import numpy as np
import pytest
import sympy
from searches.check_programs import program

import backprop_tutor as bt
from backprop_tutor.language.from_sympy import sympy_program
from backprop_tutor.render.drawing.theme import THEMES

X, Y, Z, W = sympy.symbols("x y z w", real=True)

NUMBERS = [
    ("1/3", Fraction(1, 3)),
    ("pi/2", np.pi / 2),
    ("−2", -2),
    (sympy.Rational(1, 3), Fraction(1, 3)),
    (sympy.pi, np.pi),
    (sympy.sqrt(2), 2**0.5),
    (np.int8(3), 3),
    (np.float32(0.5), 0.5),
    (np.array(2.5), 2.5),
    (Decimal("0.5"), 0.5),
]


@pytest.mark.parametrize(("given", "number"), NUMBERS, ids=[repr(given) for given, _ in NUMBERS])
def test_a_number_is_taken_as_it_comes(given: Any, number: Any) -> None:
    """Text as on the command line, and numbers of NumPy's and SymPy's, exact where they are exact."""
    value = bt.derive("f = x", at={"x": given}).values["x"]
    assert (type(value), value) == (type(number), number)


EXPRESSIONS = [
    (X - Y, "f = x − y"),
    (-X - Y, "f = −x − y"),
    (Z - W, "f = z − w"),
    (-X * Y, "f = −(x·y)"),
    (X / Y, "f = x/y"),
    (2 * X / 3, "f = 2·x/3"),
    (sympy.Rational(-5, 3) * X * Y / Z, "f = −(5·x·y/(3·z))"),
    (X**2, "f = x²"),
    (1 / X, "f = 1/x"),
    (sympy.sqrt(X), "f = sqrt(x)"),
    (1 / (1 + sympy.exp(-X)), "f = 1/(1 + exp(−x))"),
    (sympy.Abs(X), "f = |x|"),
    (sympy.Max(X, Y), "f = max(x, y)"),
    (sympy.log(X), "f = ln(x)"),
    (sympy.pi * X + 1.5, "f = π·x + 1.5"),
    ((X + Y) ** 2 / (Z - W), "f = (x + y)²/(z − w)"),
    (2**X, "f = 2^x"),
    (sympy.Symbol("f") * X, "y = f·x"),
    (sympy.Eq(sympy.Symbol("L"), (X - Y) ** 2 / 2), "L = (x − y)²/2"),
    ([sympy.Eq(Z, X + Y), sympy.Eq(W, Z**2 + Z)], "z = x + y\nw = z² + z"),
]


@pytest.mark.parametrize(("given", "reading"), EXPRESSIONS, ids=[str(given) for given, _ in EXPRESSIONS])
def test_an_expression_of_sympys_is_a_program(given: Any, reading: str) -> None:
    """It is read as a person would write it, and has SymPy's value and derivatives."""
    at = {"x": 1.25, "y": 2.5, "z": 3.75, "w": 0.5, "f": 1.5}
    program = sympy_program(given)
    assert program.reading == reading
    d = bt.derive(given, at={name: at[name] for name in program.inputs})
    whole = given
    if isinstance(given, list):
        whole = given[1].rhs.xreplace({given[0].lhs: given[0].rhs})
    elif isinstance(given, sympy.Equality):
        whole = given.rhs
    symbols = {symbol.name: symbol for symbol in whole.free_symbols}
    point = {symbol: at[name] for name, symbol in symbols.items()}
    assert d.values[d.output] == pytest.approx(float(whole.xreplace(point)), rel=1e-14)
    for name in program.inputs:
        slope = whole.diff(symbols[name]).xreplace(point)
        assert d.gradients[name] == pytest.approx(float(slope), rel=1e-13)


PROGRAMS = [
    ("q = x + y; f = q*z*q", {"x": -2, "y": 5, "z": -4}),
    ("p1, p2 = softmax(z1, z2); L = -ln(p2)", {"z1": 1, "z2": 2}),
    ("f = leaky_relu(x, 0.2)*2", {"x": -3}),
    ("f = max(x, y, 3)", {"x": 1, "y": 2}),
    ("w = 2; f = w/3 + x", {"x": 1}),
]


@pytest.mark.parametrize(("text", "at"), PROGRAMS, ids=[text for text, _ in PROGRAMS])
def test_a_graph_is_a_program(text: str, at: dict[str, Any]) -> None:
    """The graph that a derivation hands out gives a program of the same values and gradients."""
    d = bt.derive(text, at=at)
    again = bt.derive(d.graph)
    assert again.values[d.output] == d.values[d.output]
    assert {name: again.gradients[name] for name in d.at} == {name: d.gradients[name] for name in d.at}
    assert bt.Program.from_graph(d.graph).output == d.output


def graph(*edges: tuple[str, str, int], **ops: str) -> Any:
    """Return a small graph of edges and the operations of some nodes."""
    made = nx.MultiDiGraph()
    made.add_nodes_from((name, {"op": op}) for name, op in ops.items())
    made.add_edges_from(edges)
    return made


REFUSED: dict[str, tuple[Callable[[], object], str]] = {
    "no such operation": (lambda: bt.derive(graph(("a", "b", 0), b="sine")), "`b` is of the operation `sine`, which is not there; did you mean `sin`?"),
    "too few operands": (lambda: bt.derive(graph(("a", "b", 0), b="add")), "`b` has 1 operands; add takes 2 arguments"),
    "slots": (lambda: bt.derive(graph(("a", "b", 1), b="sin")), "the operands of `b` are numbered 1; expected 0 to 0"),
    "a cycle": (lambda: bt.derive(graph(("a", "b", 0), ("b", "a", 0), a="sin", b="sin")), "the graph has a cycle through `a`"),
    "no operation": (lambda: bt.derive(nx.MultiDiGraph()), "the graph has no operation"),
    "an unknown function": (lambda: bt.derive(sympy.gamma(X)), "there is no function `gamma`; write it out in functions that there are"),
    "a relation": (lambda: bt.derive(X > 2), "there is no function `StrictGreaterThan`; write it out in functions that there are"),
    "i": (lambda: bt.derive(sympy.I * X), "`I` is no real number"),
    "two formulas": (lambda: bt.derive([X, Y]), "`x` has no name; several formulas are equations"),
    "nothing": (lambda: bt.derive(None), "a program is text, a Program, a function, an expression of SymPy's or a graph, not `NoneType`"),
    "no text": (lambda: bt.parse(None), "a program is text, not `None`"),  # type: ignore[arg-type]
    "a value that is complex": (lambda: bt.derive("f = x", at={"x": 1j}), 'the value of `x` is a number, not `1j`; expected an int, a float, a Fraction or text such as "1/3"'),
    "a value that is SymPy's I": (lambda: bt.derive("f = x", at={"x": sympy.I}), 'the value of `x` is a number, not `I`; expected an int, a float, a Fraction or text such as "1/3"'),
    "a large value": (lambda: bt.derive("f = x", at={"x": 10**400}), "the value of `x` is beyond float64, which ends near 1.8e308"),
    "values as a list": (lambda: bt.descend("L = w^2", [1]), "`at` maps names to numbers; `list` was given"),  # type: ignore[arg-type]
    "names as a number": (lambda: bt.derive("f = x", at={"x": 1}, names=3), "`names` lists names, such as \"w1, w2\"; `3` was given"),  # type: ignore[arg-type]
    "expand as a number": (lambda: bt.derive("f = x", at={"x": 1}, expand=3), "`expand` lists names, such as \"w1, w2\"; `3` was given"),  # type: ignore[arg-type]
    "an output as a number": (lambda: bt.derive("f = x", at={"x": 1}, of=3), "`name` is a name, not `3`"),  # type: ignore[arg-type]
    "a rate in the place of names": (lambda: bt.descend("L = w^2", {"w": 1}, wrt=0.1), "`wrt` lists names, such as \"w1, w2\"; `0.1` was given"),  # type: ignore[arg-type]
    "no limit": (lambda: LINE.closed_form("x", limit=None), "limit is a number of operations, at least 1, not None"),  # type: ignore[arg-type]
    "a theme that is none": (lambda: LINE.diagram(theme=3), "there is no theme `3`; the themes: light, dark, colour-blind"),
    "another layout": (lambda: LINE.diagram(layout="neato"), "there is no layout `neato`; the layouts: embedded, dot"),
    "a gradient by number": (lambda: LINE.gradients[0], "`name` is a name, not `0`"),  # type: ignore[index]
    "a row that is not there": (lambda: bt.jacobian("y = x", {"x": 1}, of="y")["t", "x"], "the Jacobian has no `t`; there are: y"),
    "no outputs": (lambda: bt.jacobian("y = x", {"x": 1}), "`of` lists no name"),
    "an array of words": (lambda: bt.sweep("f = x", {"x": ["a"]}), "the values of `x` are no array of real numbers"),
    "nan in an array": (lambda: bt.sweep("f = x", {"x": [[1, 2], [3, np.nan]]}), "the value of `x[1, 1]` is nan; expected a finite number"),
    "shapes": (lambda: bt.sweep("f = x*y", {"x": [1, 2], "y": [1, 2, 3]}), "these shapes do not broadcast: x (2,), y (3,)"),
    "a missing array": (lambda: bt.sweep("f = x*y", {"x": [1, 2]}), "no value for y; give one: y=…"),
}  # fmt: skip

LINE = bt.derive("f = wx + b", at={"w": -2, "x": 5, "b": 3})


@pytest.mark.parametrize("case", REFUSED.values(), ids=list(REFUSED))
def test_what_does_not_fit_is_told_in_words(case: tuple[Callable[[], object], str]) -> None:
    """Whatever is given, the error is ours: what was given and what was expected."""
    call, message = case
    with pytest.raises(bt.TutorError) as caught:
        call()
    assert str(caught.value) == message


def test_a_symbol_stands_for_its_name() -> None:
    """Names may be SymPy's symbols: of values, gradients, operands, parameters."""
    w, x = sympy.symbols("w x")
    assert (LINE.values[w], LINE.gradients[x]) == (-2, -2)
    assert LINE.local("v1", x).value == -2
    assert LINE.closed_form(x).symbolic == w
    assert bt.descend("L = w^2", {w: 1}, wrt=w, steps=1).wrt == ("w",)


def test_a_theme_of_ones_own() -> None:
    """A theme is a name or a `Theme`."""
    assert LINE.diagram(theme=THEMES["dark"]) == LINE.diagram(theme="dark")


def test_functions_of_pytorchs_are_read() -> None:
    """What asks operands for `__torch_function__`, as PyTorch does, is traced by its name."""

    def sigmoid(operand: Any) -> Any:
        return type(operand).__torch_function__(sigmoid, (), (operand,))

    assert bt.derive(lambda w, x: sigmoid(w * x), at={"w": 1, "x": 2}).program.reading == "f = σ(w·x)"

    def fft(operand: Any) -> Any:
        return type(operand).__torch_function__(fft, (), (operand,))

    with pytest.raises(bt.TraceError, match=r"torch\.fft is not part of the language"):
        bt.trace(lambda x: fft(x))


def random_program(seed: int) -> tuple[str, dict[str, float]]:
    """Return a random program over the whole table, and a point."""
    return program(seed)


@pytest.mark.parametrize("seed", range(60))
def test_a_sweep_is_the_single_derivations(seed: int) -> None:
    """At each of four points a sweep has the derivation's numbers; nan where there is no derivation."""
    text, at = random_program(seed)
    points = {name: np.array([number, number / 2, -number, 0.0]) for name, number in at.items()}
    found = bt.sweep(text, points)
    assert found.shape == (4,)
    for i in range(4):
        here = {name: float(array[i]) for name, array in points.items()}
        try:
            d = bt.derive(text, at=here)
        except bt.DomainError:
            assert not found.defined[i]
            assert np.isnan(found.values[found.output][i])
            continue
        assert found.defined[i]
        for many, one in ((found.values, d.values), (found.gradients, d.gradients)):
            assert list(many) == list(one)
            for name in one:
                assert many[name][i] == pytest.approx(float(one[name]), rel=1e-12, abs=1e-300, nan_ok=True)


def test_a_sweep_broadcasts_and_is_final() -> None:
    """Inputs broadcast as NumPy has it, numbers among them; the arrays cannot be written to."""
    found = bt.sweep("f = w*x + b", {"w": [[1.0], [2.0]], "x": [1, 2, 3], "b": "1/2"})
    assert found.values["f"].tolist() == [[1.5, 2.5, 3.5], [2.5, 4.5, 6.5]]
    assert found.gradients["w"].tolist() == [[1, 2, 3], [1, 2, 3]]
    assert repr(found) == "<Sweep of f at 6 points>"
    with pytest.raises(ValueError, match="read-only"):
        found.values["f"][0, 0] = 1
