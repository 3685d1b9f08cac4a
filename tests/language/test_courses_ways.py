"""Programs as courses write them: f(x) = …, values behind commas, sums, derivatives, bare formulas."""

from __future__ import annotations

from fractions import Fraction

import pytest

import backprop_tutor as bt
from backprop_tutor.errors import LimitError, ParseError
from backprop_tutor.language import parse, parse_formula

READ = [
    ("f(x, y) = (x + y)·z", "f = (x + y)·z"),
    ("f(x) = x²; g = f(x) + 1", "f = x²\ng = f + 1"),
    (r"L(\theta, b) = \theta^2 b", "L = θ²·b"),
    ("σ(z) = 1/(1 + exp(-z)); a = 2σ(z)", "σ = 1/(1 + exp(−z))\na = 2·σ"),
    ("E = Σ_{i=1}^{2} ½(t_i − o_i)²", "E = 1/2·(t₁ − o₁)² + 1/2·(t₂ − o₂)²"),
    ("E = Σᵢ₌₁² (tᵢ − oᵢ)² + b", "E = (t₁ − o₁)² + (t₂ − o₂)² + b"),
    ("E = ∑_(i=1)^3 x_i", "E = x₁ + x₂ + x₃"),
    ("E = sum_{i=1}^{2} -x_i", "E = −x₁ + (−x₂)"),
    (r"E = \sum_{i=1}^{2}\sum_{j=1}^{2} w_{ij} x_j", "E = w₁₁·x₁ + w₁₂·x₂ + (w₂₁·x₁ + w₂₂·x₂)"),
    (r"E = \sum_{k=0}^{2} k x^k", "E = 0·x^0 + 1·x^1 + 2·x²"),
    (r"E = 2\sum\limits_{i=1}^{2} \frac{x_i}{i}", "E = 2·(x₁/1 + x₂/2)"),
    (r"E = \left(\sum_{i=1}^{2} x_i\right)^2", "E = (x₁ + x₂)²"),
    ("E = |Σ_{i=1}^{2} x_i|", "E = |x₁ + x₂|"),
    (r"E = \max(\sum_{i=1}^{2} x_i, b)", "E = max(x₁ + x₂, b)"),
    ("E = Σ_{i=1}^{2} (x_i) - b + Σ_{i=1}^{2} i·2 + c", "E = x₁ + x₂ − b + (1·2 + 2·2) + c"),
    (r"E = \sum_{n=1}^{2} x_n n", "E = x₁·1 + x₂·2"),
    ("E = x + Σ_{i=1}^{2} i - Σ_{i=1}^{2} i y_i", "E = x + (1 + 2) − (1·y₁ + 2·y₂)"),
    (r"P = \prod_{i=1}^{3} x_i", "P = x₁·x₂·x₃"),
    ("½x + ⅓y", "f = 1/2·x + 1/3·y"),
    ("x^½", "f = x^(1/2)"),
    ("f*s", "y = f·s"),
    ("s + f·y", "out = s + f·y"),
    ("f = x; f*2", "f = x\ny = f·2"),
    ("d1/d2 + d/x", "f = d₁/d₂ + d/x"),
    ("d = 3; f = d/dx", "d = 3\nf = d/d·x"),
]


@pytest.mark.parametrize(("text", "reading"), READ)
def test_what_courses_write_is_read(text: str, reading: str) -> None:
    """Left sides like f(x), sums over a stated range, fractions of one character, bare formulas."""
    assert parse(text).reading == reading


def test_the_reading_says_what_was_done() -> None:
    """A left side like f(x) and a sum that was written out are told."""
    assert parse("f(x) = x^2").notes == (
        "`f(x) =` was read as `f =`: it is the value at the x given",
    )
    assert parse(r"E = \sum_{i=1}^{2} x_i - b").notes == (
        "the sum over i was written out, from 1 to 2; what follows the `−` is no part of it",
    )


def test_an_index_finds_the_names_that_have_values() -> None:
    """`x_i` is `x1` where that is declared, and `x_1` where nothing is."""
    at = {"x1": 2, "x2": 3}
    assert bt.derive("E = Σ_{i=1}^{2} x_i²", at).values["E"] == 13
    assert bt.derive("E = Σᵢ₌₁² xᵢ²", {"x_1": 2, "x_2": 3}).values["E"] == 13


VALUES = [
    ("f = wx + b; w=-2, x=5, b=3", {"w": -2, "x": 5, "b": 3}),
    ("f = wx + b, w=-2, x=5, b=3", {"w": -2, "x": 5, "b": 3}),
    ("f = wx + b\nw = -2\nx = 5\nb = 1/3", {"w": -2, "x": 5, "b": Fraction(1, 3)}),
    ("wx + b, w=2, x=½, b=-1.5", {"w": 2, "x": Fraction(1, 2), "b": -1.5}),
    ("f = max(x, y), x = 2, y = pi/2", {"x": 2, "y": 1.5707963267948966}),
]


@pytest.mark.parametrize(("text", "values"), VALUES)
def test_values_may_stand_behind_the_program(text: str, values: dict[str, object]) -> None:
    """Constants behind the last formula are the values of its inputs, parted by commas too."""
    program = parse(text)
    assert program.values == values
    assert program.output == "f"
    assert bt.derive(text).output == "f"
    assert bt.derive(text, {"x": 7}).at["x"] == 7


def test_values_before_a_program_stay_assignments() -> None:
    """`w = 2` in front is an assignment; with nothing but constants, all are."""
    assert parse("w = -2, x = 5; f = wx").reading == "w = −2\nx = 5\nf = w·x"
    assert parse("w = -2, x = 5").assigned == ("w", "x")


DERIVED = "type the formulas alone: every derivative is found from them"
REFUSED = [
    ("d/dx x^2", "`d/dx` is a derivative, and formulas are written without",
     "type f = x^2: df/dx is found from it"),
    ("∂/∂x (x^2 + y)", "`∂/∂x` is a derivative, and formulas are written without",
     "type f = (x^2 + y): df/dx is found from it"),
    (r"\frac{d}{dx} x^2", "`d/dx` is a derivative, and formulas are written without",
     "type f = x^2: df/dx is found from it"),
    (r"\frac{\partial L}{\partial w}", "`∂L/∂w` is a derivative, and formulas are written without",
     "type the formula of L: dL/dw is found from it"),
    ("f = d(x²)/dx", "`d/dx` is a derivative, and formulas are written without",
     "type f = (x²): df/dx is found from it"),
    (r"\frac{\partial (wx + b)}{\partial w}", "`∂/∂w` is a derivative, and formulas are written without",
     "type f = (wx + b): df/dw is found from it"),
    ("g = x dL/dw", "`dL/dw` is a derivative, and formulas are written without",
     "type the formula of L: dL/dw is found from it"),
    ("d²/dx² x^3", "`d/dx` is a derivative, and formulas are written without",
     "type f = x^3: df/dx is found from it"),
    ("f = 2∂x", "a `∂` without a quotient such as ∂f/∂x", DERIVED),
    ("f = y'", "a prime is a derivative, and a derivative is not a name", DERIVED),
    ("∂L/∂w = x", "an assignment's left side is a name, not `∂L/∂w`",
     "a gradient is asked for, not assigned"),
    ("f(2) = x", "an assignment's left side is a name, not `f(2)`", "such as q = x + y"),
    ("f() = x", "an assignment's left side is a name, not `f()`", "such as q = x + y"),
    ("f(x) = x²; g = f(3)", "`f` is one value here, that of f(x)",
     "write f for it, f*( … ) for a product, or the formula once more"),
    ("f(x, y) = x; g = f(y, x)", "`f` is one value here, that of f(x, y)",
     "write f for it, f*( … ) for a product, or the formula once more"),
    ("y = wx + b, L = (y-t)^2", "a comma between two assignments",
     "assignments are parted by `;`: y = wx + b; L = (y-t)^2"),
    ("p, q = softmax(a, b), L = p*q", "a comma between two assignments",
     "assignments are parted by `;`: p, q = softmax(a, b); L = p*q"),
    ("E = Σ_i ½(t_i − o_i)²", "a sum whose range is not said in numbers, or a name Σ",
     "write Σ_{i=1}^{3}, or its terms one by one; the name is typed Sigma"),
    ("E = Σ(t − o)²", "a sum whose range is not said in numbers, or a name Σ",
     "write Σ_{i=1}^{3}, or its terms one by one; the name is typed Sigma"),
    (r"E = \sum_{i=1}^{n} x_i", "a sum whose range is not said in numbers",
     "write Σ_{i=1}^{3}, or its terms one by one"),
    (r"E = \sum_i x_i", "a sum whose range is not said in numbers",
     "write Σ_{i=1}^{3}, or its terms one by one"),
    ("E = ∏ x_i", "a product whose range is not said in numbers",
     "write Π_{i=1}^{3}, or its terms one by one"),
    (r"E = \sum_{i=3}^{1} x_i", "i runs from 3 to 1: that is no term at all", ""),
    (r"E = \sum_{i=1}^{2}", "nothing stands behind this sum", "expected its terms"),
    ("2½", "a mixed number: `2½` could be a sum or a product", "write the operation between them"),
    ("x; y", "`f` is assigned twice; first on line 1",
     "a formula without a left side is called `f`; name each: y = …"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "message", "hint"), REFUSED)
def test_what_has_another_meaning_is_refused_by_name(text: str, message: str, hint: str) -> None:
    """Derivatives, calls at other points, commas between formulas, sums without a range."""
    with pytest.raises(ParseError) as caught:
        parse(text)
    assert (caught.value.faults[0].message, caught.value.faults[0].hint) == (message, hint)


def test_a_derivative_in_an_answer_is_refused() -> None:
    """An answer is the formula of the derivative, not its sign."""
    for text in ("d/dx x^2", "∂f/∂x", "2 dL/dw"):
        with pytest.raises(ParseError) as caught:
            parse_formula(text, ["x", "w"])
        assert caught.value.faults[0].hint == "write the formula that it is"


def test_a_long_sum_is_refused_before_it_is_written_out() -> None:
    """A thousand terms are the most; nested sums are bounded by the nodes of a program."""
    with pytest.raises(LimitError):
        parse(r"E = \sum_{i=1}^{1001} x_i")
    nested = "".join(rf"\sum_{{{c}=1}}^{{1000}}" for c in "ijk")
    deep = r"\sum_{i=1}^{1} " * 3000
    for text in (nested, deep):
        with pytest.raises(LimitError):
            parse(f"E = {text} x_i")
    assert len(parse("E = " + "Σ_{i=1}^{2} x_i + " * 3000 + "b").inputs) == 3


def test_sigma_is_a_name_where_it_is_declared() -> None:
    """A name Σ that is assigned or given is no sum; typed as Sigma it never is."""
    assert parse("Σ = x + 1; f = Σy").reading == "Σ = x + 1\nf = Σ·y"
    assert parse("f = Σ_i x", ["Sigma_i"]).reading == "f = Σᵢ·x"
    assert parse("f = Sigma*x").reading == "f = Σ·x"


def test_formulas_that_use_f_are_formulas() -> None:
    """Bare formulas, equivalences and answers may use the name f."""
    d = bt.derive("f*s", {"f": 2, "s": 3})
    assert (d.output, d.gradients["s"]) == ("y", 2)
    assert bt.equivalent("f*s", "s*f")
    assert bt.mark(d, {"dy/ds": "f"}, want="formula").cells["dy/ds"].right
