"""Functions that a program defines, g(z) = …, and calls: written out where they are called."""

from __future__ import annotations

import math

import numpy as np
import pytest

import backprop_tutor as bt
from backprop_tutor.errors import LimitError, ParseError
from backprop_tutor.language import parse

DEFINED = "`{}({}) =` defines a function: its formula is written out where it is called"

READ = [
    ("g(z) = 1/(1+exp(-z)); h = g(w*x+b); y = g(v*h)", "h = 1/(1 + exp(−(w·x + b)))\ny = 1/(1 + exp(−(v·h)))"),
    ("σ(z) = 1/(1+e^(-z)); y = σ(w*x+b)", "y = 1/(1 + exp(−(w·x + b)))"),
    (r"\sigma(z) = \frac{1}{1+e^{-z}}; y = \sigma\left(w x\right)", "y = 1/(1 + exp(−(w·x)))"),
    ("σ(net) = 1/(1+e^(-net)); h = 2σ(w*x) σ(v*x)",
     "h = 2·(1/(1 + exp(−(w·x))))·(1/(1 + exp(−(v·x))))"),
    ("f(x) = x²; y = (f(x+h) - f(x))/h", "y = ((x + h)² − x²)/h"),
    ("f(x, y) = x - 2y; g = f(y, x)", "g = y − 2·x"),
    ("g(z) = z²; g(x+1)", "f = (x + 1)²"),
    ("y = g(x+1) + g(2); g(t) = t*w", "y = (x + 1)·w + 2·w"),
    ("g(z) = max(0, z); E = Σ_{i=1}^{3} g(x_i)", "E = max(0, x₁) + max(0, x₂) + max(0, x₃)"),
    ("g(z) = z²; h(z) = g(z) + 1; y = h(2x)", "y = (2·x)² + 1"),
    ("g(z) = 1/z; y = 2 g (x+1)^2", "y = 2·(1/(x + 1))²"),
    ("g(z) = z²; y = |g(x-1)|", "y = |(x − 1)²|"),
    ("g(z) = z²; y = g(-3)", "y = (−3)²"),
    ("p(z) = softmax(z, 1); y, u = p(x)", "y, u = softmax(x, 1)"),
    # an operation that is used several times is worked out once, under a name
    ("swish(z) = z/(1+exp(-z)); y = swish(x) + swish(w*x) + swish(swish(3x) + 1)",
     "z₁ = w·x\nz₂ = 3·x\nz₃ = z₂/(1 + exp(−z₂)) + 1\n"
     "y = x/(1 + exp(−x)) + z₁/(1 + exp(−z₁)) + z₃/(1 + exp(−z₃))"),
    ("g(z) = z*z; z_1 = 3x; y = g(z1 + z_1)", "z_1 = 3·x\nz₂ = z1 + z_1\ny = z₂·z₂"),
    # called with what it is said to depend on alone, it is a value as before
    ("σ(z) = 1/(1+e^(-z)); z = w*x + b; y = σ(z)", "z = w·x + b\nσ = 1/(1 + exp(−z))\ny = σ"),
    ("f(net) = net²; g = f(net) + 1", "f = net²\ng = f + 1"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "reading"), READ)
def test_calls_are_written_out(text: str, reading: str) -> None:
    """Each call becomes the function's formula at its operands."""
    assert parse(text).reading == reading


def test_the_reading_tells_a_function_from_a_value() -> None:
    """A remark says which of the two a left side like g(z) was read as."""
    assert parse("g(z) = z²; y = g(x)").notes == (DEFINED.format("g", "z"),)
    assert parse("g(z) = z²; y = g(z)").notes == ("`g(z) =` was read as `g =`: it is the value at the z given",)


@pytest.mark.parametrize(("text", "said"), [
    ("g(z) = g(z-1)*z; y = g(3)",
     "line 1, column 8: the function `g` calls itself\n"
     "  g(z) = g(z-1)*z; y = g(3)\n"
     "         ^^^^^^\n"
     "a function is written out where it is called, and this one would never end"),
    ("a(z) = b(z) + 1; b(z) = a(2z); y = b(3)",
     "line 1, column 8: the function `a` calls itself: a → b → a\n"
     "  a(z) = b(z) + 1; b(z) = a(2z); y = b(3)\n"
     "         ^^^^\n"
     "a function is written out where it is called, and this one would never end"),
    ("g(z) = z²; y = g(2, x)",
     "line 1, column 16: `g(z)` is called with 2 arguments, and was defined with 1 argument\n"
     "  g(z) = z²; y = g(2, x)\n"
     "                 ^^^^^^^\n"
     "write g(…)"),
    ("g(z) = z²; y = g(2) + g",
     "line 1, column 23: `g` is a function here, g(z), and stands without its argument\n"
     "  g(z) = z²; y = g(2) + g\n"
     "                        ^\n"
     "write g( … )"),
    ("g(z) = z²; z = w*x; y = g(z) + g(2x)",
     "line 1, column 1: `z` is the argument of g here, and is assigned as well\n"
     "  g(z) = z²; z = w*x; y = g(z) + g(2x)\n"
     "  ^^^^\n"
     "call the argument another name: g(t) = …"),
    ("q = z²; h(z) = q + z; y = h(3x)",
     "line 1, column 9: `z` is the argument of h here, and `q`, which h uses, is made of another z\n"
     "  q = z²; h(z) = q + z; y = h(3x)\n"
     "          ^^^^\n"
     "call the argument another name: h(t) = …"),
    ("g(t) = t*z; h(z) = g(z); y = h(2) + g(3)",
     "line 1, column 13: `z` is the argument of h here, and `g`, which h uses, is made of another z\n"
     "  g(t) = t*z; h(z) = g(z); y = h(2) + g(3)\n"
     "              ^^^^\n"
     "call the argument another name: h(s) = …"),
    ("g(z) = z²; y = 3x",
     "line 1, column 1: the function `g(z)` is defined and never called\n"
     "  g(z) = z²; y = 3x\n"
     "  ^^^^\n"
     "call it, g( … ), or leave it out; a value is written g = …"),
    ("g(z, z) = z²; y = g(1, 2)",
     "line 1, column 1: `g(z, z)` has the same argument twice\n"
     "  g(z, z) = z²; y = g(1, 2)\n"
     "  ^^^^^^^"),
    ("g(z) = z²; g(z) = z³; y = g(2)",
     "line 1, column 12: `g` is assigned twice, and is a function\n"
     "  g(z) = z²; g(z) = z³; y = g(2)\n"
     "             ^^^^^^^^^\n"
     "give the second another name"),
    ("g(z) = z²; y = wg(x)",
     "line 1, column 17: `g` before a bracket could be a function or a product\n"
     "  g(z) = z²; y = wg(x)\n"
     "                  ^^\n"
     "write g( … ) with nothing else in its word, or g*( … )"),
    ("g(z) = z²; y = g^2(x)",
     "line 1, column 16: `g` before a bracket could be a function or a product\n"
     "  g(z) = z²; y = g^2(x)\n"
     "                 ^^^^\n"
     "write g( … ) with nothing else in its word, or g*( … )"),
    ("g(z) = z²; y = g(a=2)",
     "line 1, column 18: `g` is a function of this program: its arguments are formulas\n"
     "  g(z) = z²; y = g(a=2)\n"
     "                   ^^^\n"),
    ("p(z) = softmax(z, 1); y = p(x)",
     "line 1, column 8: the outputs of softmax number 2 here; the names on the left side: 1\n"
     "  p(z) = softmax(z, 1); y = p(x)\n"
     "         ^^^^^^^^^^^^^\n"
     "p1, p2 = softmax(…)"),
])  # fmt: skip
def test_what_is_no_function_is_refused(text: str, said: str) -> None:
    """Functions that call themselves, wrong numbers of arguments, names that hide others, no call at all."""
    with pytest.raises(ParseError) as caught:
        parse(text)
    assert str(caught.value).rstrip() == said.rstrip()


def test_every_fault_of_the_functions_is_told_at_once() -> None:
    """Two wrong calls, a function that calls itself and one without its argument are four faults."""
    with pytest.raises(ParseError) as caught:
        parse("g(z) = z²; h(z) = h(z+1); y = g(1, 2) + h(3)*g(1, 2, 3) + g")
    assert [fault.span.start for fault in caught.value.faults] == [18, 30, 45, 58]


def test_the_gradient_is_that_of_the_formula_written_twice() -> None:
    """A network with its own σ has the values and gradients of the built-in one."""
    at = {"w": 1, "x": 2, "b": -1, "v": 0.5}
    own = bt.derive("σ(z) = 1/(1+e^(-z)); h = σ(w*x+b); y = σ(v*h)", at=at)
    built_in = bt.derive("h = sigmoid(w*x+b); y = sigmoid(v*h)", at=at)
    assert own.check().ok
    for name in ("w", "x", "b", "v", "h"):
        assert math.isclose(own.gradients[name], built_in.gradients[name], rel_tol=1e-14)


def test_a_function_is_called_with_matrices() -> None:
    """Of arrays it goes entry by entry, and a sign between parameters means what it means between names."""
    text = "σ(Z) = 1/(1+exp(-Z)); H = σ(X@W + b); Y = σ(H@V); L = mean(Y)"
    at = {"X": np.ones((2, 3)), "W": np.ones((3, 4)), "b": np.ones(4), "V": np.ones((4, 1))}
    d = bt.derive(text, at=at)
    same = bt.derive(text.partition(";")[2].replace("σ", "sigmoid"), at=at)
    assert np.allclose(d.gradients["W"], same.gradients["W"], rtol=1e-14, atol=0)
    assert d.check().ok
    squares = bt.parse("h(u) = u*u + exp(u)*v; L = sum(h(A@B))", ["A", "B", "v"], arrays=True)
    at = {"A": [[1, 2], [3, 4]], "B": [[1, 0], [1, 1]], "v": 2}
    assert squares.reading == "u₁ = A @ B\nL = sum(u₁·u₁ + exp(u₁)·v)"
    product = np.array(at["A"]) @ np.array(at["B"])
    assert bt.derive(squares, at=at).values["L"] == pytest.approx(float((product**2 + 2*np.exp(product)).sum()))


def test_a_misfit_in_a_function_is_told_in_the_names_that_it_was_called_with() -> None:
    """The caret lies under the formula, and what is needed is said of the program's own names."""
    with pytest.raises(bt.ShapeError) as raised:
        bt.shapes("g(s, t) = s@t + 1; L = sum(g(X, W))", {"X": (2, 3), "W": (4, 5)})
    assert str(raised.value) == (
        "line 1, column 11: the inner sizes 3 and 4 of 2×3 @ 4×5 differ; `W` would need 3 rows\n"
        "  g(s, t) = s@t + 1; L = sum(g(X, W))\n"
        "            ^^^"
    )


def test_the_work_is_linear_and_bounded() -> None:
    """Three thousand functions that call each other are read; what would double sixty times is refused."""
    chain = "f0(z) = z + 1;" + ";".join(f"f{i}(z) = f{i - 1}(z)*2" for i in range(1, 3000))
    assert len(parse(f"{chain}; y = f2999(x + 1)").assignments) == 1
    doubling = "f0(z) = z;" + ";".join(f"f{i}(z) = f{i - 1}(z) + f{i - 1}(2z)" for i in range(1, 60))
    with pytest.raises(LimitError):
        parse(f"{doubling}; y = f59(x)")
