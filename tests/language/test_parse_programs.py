"""What plain text is read as: names, implicit products, signs, Unicode, functions, several lines."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from backprop_tutor.language import PLAIN, Apply, parse, parse_formula, same, written
from backprop_tutor.language.tree import Number

CASES = Path(__file__).parents[1] / "cases"


def reading(text: str, *names: str) -> str:
    """Return the right side of a one-line program in plain characters, every sign written."""
    return written(parse(text, names).assignments[-1].expression, PLAIN)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("f = wx + b", "w*x + b"),
        ("2x", "2*x"),
        ("2(x+1)", "2*(x + 1)"),
        ("w x", "w*x"),
        ("w1x1", "w1*x1"),
        ("w_1x_2", "w_1*x_2"),
        ("x(x+1)", "x*(x + 1)"),
        ("(x+1)(x-1)", "(x + 1)*(x - 1)"),
        ("2pi x", "2*pi*x"),
        ("2 e^x", "2*exp(x)"),
        ("2e3x", "2e3*x"),
        ("3|x|y", "3*abs(x)*y"),
        ("-x^2", "-x^2"),
        ("(-x)^2", "(-x)^2"),
        ("2^-3", "2^(-3)"),
        ("x^y^z", "x^y^z"),
        ("x**2", "x^2"),
        ("a - b - c", "a - b - c"),
        ("a - (b - c)", "a - (b - c)"),
        ("a/b/c", "a/b/c"),
        ("a/(b c)", "a/(b*c)"),
        ("1/2x", "1/2*x"),
        ("n/-m", "n/(-m)"),
        ("x--y", "x - (-y)"),
        ("+x", "x"),
        ("||x| - y|", "abs(abs(x) - y)"),
        ("|x||y|", "abs(x)*abs(y)"),
    ],
)
def test_products_without_sign_and_signs_bind_as_in_mathematics(text: str, read: str) -> None:
    """A multiplication sign may be left out; powers bind to the right and before the minus."""
    assert reading(text) == read


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("σ(z)", "sigmoid(z)"),
        ("sigma(z)", "sigmoid(z)"),
        ("logistic(z)", "sigmoid(z)"),
        ("log(x) + ln(x)", "ln(x) + ln(x)"),
        ("log2(x) + log10(x)", "log2(x) + log10(x)"),
        ("swish(x)", "silu(x)"),
        ("leaky_relu(x)", "leaky_relu(x)"),
        ("leaky_relu(x, 0.1)", "leaky_relu(x, slope=0.1)"),
        ("leaky_relu(x, slope=0.1)", "leaky_relu(x, slope=0.1)"),
        ("max(x, y, 3)", "max(x, y, 3)"),
        ("half_se(y, t)", "half_se(y, t)"),
        ("mse([y1, y2], [t1, t2])", "mse([y1, y2], [t1, t2])"),
        ("sin x", "sin(x)"),
        ("sin^2(x)", "sin(x)^2"),
        ("sin^2 x", "sin(x)^2"),
        ("sin**2 (m)", "sin(m)^2"),
        ("e^x", "exp(x)"),
        ("e^-(w x + b)", "exp(-(w*x + b))"),
    ],
)
def test_functions_are_known_by_their_usual_names(text: str, read: str) -> None:
    """A function has one operation whichever of its names is typed; e^x is the exponential."""
    assert reading(text) == read


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("x − y", "x - y"),
        ("2·x×y", "2*x*y"),
        ("x ÷ y", "x/y"),
        ("x²y³", "x^2*y^3"),
        ("x⁻¹", "x^(-1)"),
        ("w₁x₁ + w₂x₂", "w1*x1 + w2*x2"),
        ("xᵢ + θ", "x_i + theta"),
        ("θx", "theta*x"),
        ("w⁽²⁾₂₁a", "w2_21*a"),
        ("ŷ - y", "y_hat - y"),
        ("（x＋ｙ）", "x + y"),
        ("２x", "2*x"),
        ("x\u200by", "x*y"),
        ("\ufeffx", "x"),
        ("√(x+1)", "sqrt(x + 1)"),
        ("x½", "x*(1/2)"),
        ("2π", "2*pi"),
    ],
)
def test_unicode_is_read_as_people_paste_it(text: str, read: str) -> None:
    """Mathematical signs, Greek, sub- and superscripts and full-width forms mean what they show."""
    assert reading(text) == read


def test_a_run_of_letters_is_one_name_where_it_is_declared() -> None:
    """Assigned, given or listed, a run is one name; otherwise it falls into letters."""
    assert reading("net_h1 + bias", "net_h1", "bias") == "net_h1 + bias"
    assert reading("price = 3; f = price x") == "price*x"
    assert reading("bias x") == "b*i*a*s*x"
    assert reading("lambda*x") == "lambda*x"
    assert reading("e = a + b; f = e x") == "e*x"
    assert reading("e x", "e") == "e*x"


def test_a_program_is_lines_or_statements_with_comments() -> None:
    """Assignments stand one a line or behind `;`; the last name is the output; `#` is a comment."""
    program = parse("q = x + y  # the sum\n\nf = q*z;g = f + 1")
    assert program.assigned == ("q", "f", "g")
    assert program.output == "g"
    assert program.inputs == ("x", "y", "z")
    assert program.reading == "q = x + y\nf = q·z\ng = f + 1"
    assert parse("f = (x +\n y)").reading == "f = x + y"
    assert parse("f = x + \\\n y").reading == "f = x + y"
    for end in ("\n", "\r\n", "\r"):
        assert parse(f"q = x + y{end}{end}f = q·z").reading == "q = x + y\nf = q·z"


def test_several_outputs_are_assigned_to_several_names() -> None:
    """`p1, p2 = softmax(z1, z2)` has one assignment with two targets."""
    program = parse("p1, p2 = softmax(z1, z2)")
    assert program.assignments[0].targets == ("p1", "p2")
    assert program.output == "p2"


def test_notes_say_how_the_text_was_read() -> None:
    """What could have been meant otherwise is said: products, slashes, function powers."""
    assert parse("f = wx + b").notes == ("`wx` was read as w·x",)
    assert parse("f = w x").notes == ("`w x` was read as w·x",)
    assert parse("f = x(x+1)").notes == ("`x(` was read as a product: x is not a function",)
    assert parse("f = x^2^y").notes == ("`^2^` raises 2 first: powers go from right to left",)
    assert parse("f = (x^2)^y + x^2*y^2").notes == ()
    assert parse("f = sin^2(x)").notes == ("`sin^2(…)` was read as (sin(…))^2",)
    assert parse("f = 1/2x").notes == (
        "`/2x` divides by 2 alone and then multiplies; brackets change that: /(2*x…)",
    )
    assert parse("f = 1e-400 x").notes == ("`1e-400` is too small for float64 and was read as 0",)
    assert parse("f = 2*x + b").notes == ()


def test_integers_are_exact_and_decimals_are_floats() -> None:
    """A whole number is a fraction with its sign; a decimal is float64."""
    for text, value in (("3", "Fraction(3, 1)"), ("-3", "Fraction(-3, 1)"), ("0.5", "0.5")):
        number = parse(f"f = {text}").assignments[0].expression
        assert isinstance(number, Number)
        assert repr(number.value) == value


def test_spans_tell_where_each_part_stood() -> None:
    """Every node knows its stretch of the text as typed, behind Unicode too."""
    text = "f = θ·(x₁ + 2)"
    product = parse(text).assignments[0].expression
    assert isinstance(product, Apply)
    parts = [text[o.span.start : o.span.stop] for o in product.operands]
    assert parts == ["θ", "x₁ + 2"]


def test_a_formula_drops_a_left_side_that_names_the_quantity() -> None:
    """`df/dx = ...` is the answer for df/dx, in any spelling; another left side is refused."""
    for left in ("df/dx", "∂f/∂x", r"\frac{\partial f}{\partial x}", r"\frac{df}{dx}"):
        tree, notes = parse_formula(f"{left} = 2x", ["x"], node="df/dx")
        assert written(tree) == "2·x"
        assert notes == ("the left side `df/dx =` was left out: it names this quantity",)


@pytest.mark.parametrize("case", json.loads((CASES / "equivalence_cases.json").read_text("utf-8")))
def test_formulas_as_students_type_them_have_the_tree_of_their_explicit_form(
    case: dict[str, Any],
) -> None:
    """Each published pair parses over its variables to the tree with every `*` written."""
    for side in ("expected", "student"):
        tree, _ = parse_formula(case[side], case["variables"])
        explicit, _ = parse_formula(case.get(f"{side}_explicit", case[side]), case["variables"])
        assert same(tree, explicit)
        assert same(parse_formula(written(tree, PLAIN), case["variables"])[0], tree)


@pytest.mark.parametrize("case", json.loads((CASES / "worked_examples.json").read_text("utf-8")))
def test_published_programs_are_read(case: dict[str, Any]) -> None:
    """Each worked example is read with its output and with its values as inputs."""
    program = parse(case["program"], case["values"])
    assert program.output == case["output"]
    assert set(program.inputs) <= set(case["values"])
