"""Programs as courses write them: f(x) = …, values behind commas, sums, derivatives, bare formulas."""

from __future__ import annotations

from fractions import Fraction

import pytest

import backprop_tutor as bt
from backprop_tutor.errors import LimitError, ParseError
from backprop_tutor.language import parse, parse_formula
from backprop_tutor.language.elsewhere import _WRITTEN
from backprop_tutor.ops import function_named

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
    ("f(x; w) = wx", "f = w·x"),
    ("f(x; w, b) = wx + b; L = (f - 1)^2", "f = w·x + b\nL = (f − 1)²"),
    ("z := w*x + b; a ← σ(z)", "z = w·x + b\na = σ(z)"),
    (r"z := \frac{x}{2}", "z = x/2"),
    ("h_θ(x) = θ_0 + θ_1 x", "h_theta = θ₀ + θ₁·x"),
    ("loss = −[y ln ŷ + (1−y) ln(1−ŷ)]", "loss = −(y·ln(ŷ) + (1 − y)·ln(1 − ŷ))"),
    ("½[(y_1 − t_1)² + (y_2 − t_2)²]", "f = 1/2·((y₁ − t₁)² + (y₂ − t₂)²)"),
    ("L = 2[x + (y*[z - 1])]^2", "L = 2·(x + y·(z − 1))²"),
    ("L = mse([a, b], [c, d]) + [e]", "L = mse([a, b], [c, d]) + e"),
    ("f = w^(T) x", "f = w^T·x"),
    ("T = 3; f = x^T", "T = 3\nf = x^T"),
    ("f = 2^T", "f = 2^T"),
    ("f = exp(-E/T) + x^T", "f = exp(−E/T) + x^T"),
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
    """Derivatives, commas between formulas, sums without a range."""
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


@pytest.mark.parametrize(
    "text",
    ["w^T x", "z = w^T x + b", "f = w^Tx", "f = W^T W", r"f = \mathbf{w}^T \mathbf{x}", r"f = w^{T}x",
     r"f = \theta^T x"],
)  # fmt: skip
def test_a_transpose_is_no_power(text: str) -> None:
    """`^T` is refused where T is no name: as a power it would be another formula without a word."""
    with pytest.raises(ParseError) as caught:
        parse(text)
    assert caught.value.faults[0].message == (
        "`^T` could be a transpose or a power, and T is no name of the program"
    )


def test_a_raised_name_is_a_power() -> None:
    """`x^T` is a power where T has a value."""
    assert bt.derive("f = x^T", at={"x": 2, "T": 3}).values["f"] == 8


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("mae", "write |y - t|"), ("MAE", "write |y - t|"), ("L1Loss", "write |y - t|"),
        ("huber", "write where(|y - t| < 1, (y - t)^2/2, |y - t| - 1/2)"), ("hinge", "write max(0, 1 - t*y)"),
        ("log_loss", "write bce(p, t)"), ("expit", "write sigmoid(x)"), ("sig", "write sigmoid(x)"),
        ("tg", "write tan(x)"), ("pow", "write x^n"), ("square", "write x^2"), ("Heaviside", "write step(x)"),
        ("floor", "it is flat between its steps, so there is no gradient to follow"),
    ],
)  # fmt: skip
def test_functions_of_elsewhere_have_a_way_out(name: str, hint: str) -> None:
    """A function that courses have and the language has not says what to write."""
    with pytest.raises(ParseError) as caught:
        parse(f"L = {name}(y, t)")
    fault = caught.value.faults[0]
    assert (fault.message, fault.hint) == (f"there is no function `{name}`", hint)


def test_every_way_out_is_a_formula() -> None:
    """What is proposed can be typed as it stands, and no function of the language is in the table."""
    for name, formula in _WRITTEN.items():
        assert not function_named(name)
        if formula:
            parse(f"f = {formula}")


def test_one_number_of_several_is_remarked() -> None:
    """A sum or a mean of one number says that it is that number; of several it says nothing."""
    assert parse("L = mean((y - t)^2)").notes == (
        "`mean((y − t)²)` is the mean of one number, which is that number: each name is one number; "
        "several are listed, mean(a, b), or written with Σ_{i=1}^{3}",
    )
    assert parse("L = sum(x) + norm(x)").notes[0].startswith("`sum(x)` is the sum of one number")
    assert parse("L = mean(x, y) + norm(x)").notes == ()
