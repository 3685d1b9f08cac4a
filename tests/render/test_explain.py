"""The explanation: whole texts, its sentences, its formats, its options."""

from __future__ import annotations

import json
import re
from fractions import Fraction

import pytest

import backprop_tutor as bt

WX_PLUS_B = """\
The derivation of f
  f = w·x + b
  at w = −2, x = 5, b = 3
  • `wx` was read as w·x

The graph
  5 nodes, 2 of them operations, and 4 edges, one for each use.
  node  kind      formula    uses
  ────  ────────  ───────  ──────
  w     input                   1
  x     input                   1
  v₁    multiply  w·x           1
  b     input                   1
  f     add       v₁ + b   output

Forward: the values, from the inputs to the output
  1  v₁ = w·x = (−2)·5 = −10
  2  f = v₁ + b = −10 + 3 = −7

Seed
  3  ∂f/∂f = 1   (f changes by 1 when f does)

Backward: the gradients, from the output to the inputs
  Each gate hands down: downstream = upstream × local.
  4  f = v₁ + b   [sum rule]   upstream ∂f/∂f = 1
      local       ∂f/∂v₁ = 1   (a sum moves exactly as much as either of its terms)
      downstream  ∂f/∂v₁ = upstream × local = 1 × 1 = 1
      local       ∂f/∂b = 1
      downstream  ∂f/∂b = upstream × local = 1 × 1 = 1
      raising v₁ by 0.01 changes f by about 0.01
      raising b by 0.01 changes f by about 0.01
  5  v₁ = w·x   [product rule]   upstream ∂f/∂v₁ = 1
      local       ∂v₁/∂w = x = 5   (the slope along one factor is the other factor)
      downstream  ∂f/∂w = ∂f/∂v₁ × ∂v₁/∂w = 1 × 5 = 5
      local       ∂v₁/∂x = w = −2
      downstream  ∂f/∂x = ∂f/∂v₁ × ∂v₁/∂x = 1 × (−2) = −2
      raising w by 0.01 changes f by about 0.05
      raising x by 0.01 changes f by about −0.02

Summary
  node  value          gradient
  ────  ─────  ──────  ────────
  w        −2  ∂f/∂w          5
  x         5  ∂f/∂x         −2
  v₁      −10  ∂f/∂v₁         1
  b         3  ∂f/∂b          1
  f        −7  ∂f/∂f          1

Check: every gradient three ways
          reverse pass  SymPy  differences
  ──────  ────────────  ─────  ───────────  ─────
  ∂f/∂w              5      5            5  agree
  ∂f/∂x             −2     −2           −2  agree
  ∂f/∂v₁             1      1            1  agree
  ∂f/∂b              1      1            1  agree
  ∂f/∂f              1      1            1  agree
  Every value is that of the same formula with 57 digits.

Update: one step of gradient descent
  new = old − η · gradient, η = 0.1, every gradient the old one
  parameter  old  gradient   new
  ─────────  ───  ────────  ────
  w           −2         5  −2.5
  b            3         1   2.9
  f goes from −7 to −9.6
"""

FAN_OUT = """\
# The derivation of $f$

$$
\\begin{aligned}
f &= x \\cdot x
\\end{aligned}
$$

at $x = 0.3$

## Forward: the values, from the inputs to the output

$$
\\begin{aligned}
\\text{1}\\quad f &= x \\cdot x = 0.3 \\cdot 0.3 = 0.09
\\end{aligned}
$$

## Seed

$$
\\begin{aligned}
\\text{2}\\quad \\frac{\\partial f}{\\partial f} &= 1 \\quad \\text{(f changes by 1 when f does)}
\\end{aligned}
$$

## Backward: the gradients, from the output to the inputs

3  $f$ = $x \\cdot x$   \\[product rule\\]   upstream $\\frac{\\partial f}{\\partial f}$ = $1$

$$
\\begin{aligned}
\\text{downstream, operand 1}\\quad \\text{upstream} \\times \\text{local} &= 1 \\times 0.3 = 0.3 \\quad \\text{(contribution 1 of 2 to ∂f/∂x)} \\\\
\\text{downstream, operand 2}\\quad \\text{upstream} \\times \\text{local} &= 1 \\times 0.3 = 0.3 \\quad \\text{(contribution 2 of 2 to ∂f/∂x)}
\\end{aligned}
$$

4  $x$   used 2 times: its contributions add up

$$
\\begin{aligned}
\\text{sum}\\quad \\frac{\\partial f}{\\partial x} &= 0.3 + 0.3 = 0.6
\\end{aligned}
$$

## Summary

| node | value |  | gradient |
| --- | ---: | --- | ---: |
| $x$ | $0.3$ | $\\frac{\\partial f}{\\partial x}$ | $0.6$ |
| $f$ | $0.09$ | $\\frac{\\partial f}{\\partial f}$ | $1$ |
"""  # the text as it is written


def test_whole_text() -> None:
    """The explanation of f = wx + b, whole."""
    d = bt.derive("f = wx + b", at={"w": -2, "x": 5, "b": 3})
    assert d.explain(update=0.1) == WX_PLUS_B


def test_whole_markdown() -> None:
    """The brief explanation of a fan-out in Markdown, whole."""
    assert bt.derive("f = x*x", at={"x": 0.3}).explain("markdown", detail="brief") == FAN_OUT


def line(d: bt.Derivation, start: str, **options: object) -> str:
    found = [
        row.strip() for row in d.explain(**options).splitlines() if row.strip().startswith(start)
    ]
    assert found, start
    return found[0]


@pytest.mark.parametrize(
    ("text", "at", "sentence"),
    [
        ("relu(z)", 2, "z > 0, so relu lets it through: slope 1"),
        ("relu(z)", -2, "z < 0, so relu blocks it: slope 0"),
        ("relu(z)", 0, "z = 0 lies on the kink; by convention the slope of relu there is 0"),
        ("leaky_relu(z)", -1, "z < 0, so the small slope of the leak holds"),
        ("abs(z)", -1, "z < 0, so |z| falls as z rises: slope −1"),
        ("abs(z)", 0, "z = 0 lies on the kink of |z|; by convention the slope there is 0"),
        ("max(z, y)", 3, "z is the largest, so the whole slope goes to it"),
        ("max(z, y)", 1, "z and y tie; by convention each gets an equal share of the slope"),
        ("step(z)", 0, "z = 0 lies on the jump; by convention the slope there is 0"),
    ],
)
def test_branches_are_said(text: str, at: int, sentence: str) -> None:
    """Piecewise operations are explained with the piece in force, and kinks are said aloud."""
    assert sentence in bt.derive(text, at={"z": at, "y": 1} if "y" in text else {"z": at}).explain()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("f = tanh(z)", "local       ∂f/∂z = 1 − tanh(z)² = 1 − f² = 1 − 0.46212² = 0.7864   "
                        "(the slope of tanh is one minus the square of its output)"),
        ("f = σ(z)", "local       ∂f/∂z = σ(z)·(1 − σ(z)) = f·(1 − f) = 0.6225·(1 − 0.6225) = 0.235   "
                     "(the slope of the sigmoid is its output times one minus its output)"),
        ("f = z^3", "local       ∂f/∂z = 3·z² = 3·0.5² = 0.75   "
                    "(bring the exponent down as a factor and lower it by one)"),
    ],
)  # fmt: skip
def test_local_gradients_in_steps(text: str, expected: str) -> None:
    """A local gradient is a formula, the same with the output's name, with numbers, and a number."""
    assert line(bt.derive(text, at={"z": 0.5}), "local") == expected


def test_the_sum_is_written_out() -> None:
    """A node used more than once gets the sum of its contributions written out."""
    d = bt.derive("f = x*y + sin(x)", at={"x": 2.0, "y": 0.5})
    assert line(d, "sum") == "sum  ∂f/∂x = 0.5 + (−0.41615) = 0.08385"


def test_long_sums_are_shortened() -> None:
    """A sum of very many contributions shows the first ones and the last."""
    d = bt.derive("+".join(["x"] * 40), at={"x": 1})
    assert "sum  ∂f/∂x = " + "1 + " * 11 + "… + 1 = 40" in d.explain(check=False)


def test_a_line_shows_the_digits_that_make_it_true() -> None:
    """Where the numbers at the precision do not multiply to the product as shown, more are shown."""
    d = bt.derive("f = a*b", at={"a": 1.2345678, "b": 7.6543219})
    assert line(d, "1  f") == "1  f = a·b = 1.2346·7.6543 = 9.45"
    d = bt.derive("f = a*b", at={"a": 1.5, "b": 2.5})
    assert line(d, "1  f") == "1  f = a·b = 1.5·2.5 = 3.75"


@pytest.mark.parametrize(
    ("text", "z", "expected"),
    [
        ("f = σ(z)", 12, "f·(1 − f) = 0.999993856·(1 − 0.999993856) = 6.144×10⁻⁶   ("),
        ("f = σ(z)", 40, "f·(1 − f) = σ(z)·σ(−z) = σ(40)·σ(−40) = 4.248×10⁻¹⁸   ("),
        ("f = tanh(z)", 8, "1 − f² = 4·σ(2·z)·σ(−2·z) = 4·σ(2·8)·σ(−2·8) = 4.501×10⁻⁷   ("),
        ("f, g = softmax(z, 0)", 20, "f·(1 − f) = f·g = 1·(2.061×10⁻⁹) = 2.061×10⁻⁹   ("),
        ("f = z^2", 1.2e-5, "∂f/∂z = 2·z = 2·(1.2×10⁻⁵) = 2.4×10⁻⁵   ("),
    ],
)
def test_another_true_form_where_digits_cancel(text: str, z: float, expected: str) -> None:
    """Where 1 − σ loses all digits shown, a form that loses none is shown with numbers."""
    assert expected in line(bt.derive(text, at={"z": z}, of="f"), "local")


@pytest.mark.parametrize(
    ("text", "at", "start", "expected"),
    [
        ("f = exp(-z)", {"z": 800}, "2  f", "2  f = exp(v₁) = exp(−800) = 0   (too small for float64)"),
        ("f = z*y", {"z": 1e-200, "y": 1e-200}, "1  f",
         "1  f = z·y = 1×10⁻²⁰⁰·(1×10⁻²⁰⁰) = 0   (too small for float64)"),
        ("f = (1.2e-5)^2*z", {"z": 1}, "1  v₁", "1  v₁ = (1.2e−5)² = 1.44×10⁻¹⁰"),
        ("f = z^2", {"z": 1.2e-5}, "1  f", "1  f = z² = (1.2×10⁻⁵)² = 1.44×10⁻¹⁰"),
        ("f = erf(z)", {"z": 30}, "local", "local       ∂f/∂z = 2·exp(−z²)/sqrt(π) = 2·exp(−30²)/sqrt(π) = 0"
         "   (the slope of the error function is the bell curve under its integral; too small for float64)"),
        ("f = x + y + z", {"x": 0.1, "y": 0.2, "z": -0.3}, "2  f",
         "2  f = v₁ + z = 5.551×10⁻¹⁷   (to the accuracy of float64)"),
        ("f = -t/o", {"t": 0, "o": 0.012}, "1  v₁", "1  v₁ = −t = 0"),
        ("f = t/o", {"t": 0, "o": 0.012}, "local       ∂f/∂o",
         "local       ∂f/∂o = −t/o² = 0/0.012² = 0   (a fraction falls as its denominator grows, with the "
         "square of the denominator)"),
        ("f = exp(x)/(1 + exp(x))", {"x": 400}, "as far", "as far as float64 can tell, moving x a little "
         "does not change f"),
        ("f = x - x", {"x": 400}, "moving", "moving x a little does not change f"),
    ],
)  # fmt: skip
def test_hard_numbers_are_true(text: str, at: dict[str, float], start: str, expected: str) -> None:
    """Tiny numbers are bracketed under a power, underflow is said, and round-off is not dressed up."""
    assert line(bt.derive(text, at=at), start) == expected


def test_precision_is_for_the_eye() -> None:
    """More significant figures show more of the same number."""
    d = bt.derive("f = exp(x)", at={"x": 1.0})
    assert line(d, "1  f", precision=2) == "1  f = exp(x) = exp(1) = 2.7"
    assert line(d, "1  f", precision=12) == "1  f = exp(x) = exp(1) = 2.71828182846"


def test_what_does_not_matter_is_said() -> None:
    """A node that the output does not depend on is named."""
    d = bt.derive("f = 2*x; g = 3*z", at={"x": 1, "z": 1}, of="f")
    assert "z, g do not influence the output: their gradients are 0." in d.explain()


def test_undefined_slope_is_said() -> None:
    """A slope that does not exist over the reals is called undefined."""
    text = bt.derive("f = x^n", at={"x": -2, "n": 2}).explain()
    assert "not defined at this point over the real numbers" in text
    assert "no gradient along n at this point" in text


def test_json_holds_everything() -> None:
    """The JSON has the schema's keys, every node, edge and step, and exact fractions."""
    d = bt.derive("q = x/3; f = q*q + relu(y)", at={"x": 1, "y": 2})
    data = json.loads(d.explain("json", check=True, update=0.5))
    assert (data["schema"], data["version"], data["output"]) == (
        "backprop_tutor.derivation",
        1,
        "f",
    )
    assert [n["name"] for n in data["nodes"]] == [n.name for n in d.graph_table.nodes]
    assert len(data["edges"]) == len(d.edges)
    assert [s["phase"] for s in data["steps"]] == [s.phase for s in d.steps]
    q = next(n for n in data["nodes"] if n["name"] == "q")
    assert q["value"] == {"exact": "1/3", "float": 1 / 3}
    assert data["check"]["ok"] is True
    assert [row["node"] for row in data["check"]["values"]][-1] == "f"
    assert {row["status"] for row in data["check"]["values"]} == {"agree"}
    assert data["check"]["wrong_slopes"] == []
    assert data["update"]["steps"][0]["phase"] == "update"
    kinks = [s["kink"] for s in data["steps"] if "kink" in s]
    assert kinks == [False]


def test_json_has_no_nan() -> None:
    """An undefined gradient is null, since JSON has no nan."""
    data = json.loads(bt.derive("f = x^n", at={"x": -2, "n": 2}).explain("json"))
    assert next(n for n in data["nodes"] if n["name"] == "n")["gradient"] is None


def test_latex_is_a_whole_file_in_ascii_markup() -> None:
    """The LaTeX is a whole file; outside of it no character needs a special font."""
    text = bt.derive(
        "ŷ = σ(w1*x + θ); L = half_se(ŷ, t)", at={"w1": 1, "x": 2, "θ": 3, "t": 0.5}
    ).explain("latex")
    assert text.startswith("\\documentclass{article}")
    assert text.endswith("\\end{document}\n")
    assert text.isascii()
    assert text.count("\\begin{align*}") == text.count("\\end{align*}") > 3
    assert re.search(r"\\hat\{y\}", text)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"format": "txt"},
            "format is one of text, markdown, latex, json, numpy, torch, not `txt`; did you mean `text`?",
        ),
        ({"detail": "ful"}, "detail is one of full, brief, not `ful`; did you mean `full`?"),
        ({"precision": 0}, "precision is a whole number from 1 to 17, not `0`"),
        ({"precision": True}, "precision is a whole number from 1 to 17, not `True`"),
        ({"update": 0}, "the learning rate lr is positive to descend or negative to climb, not 0"),
    ],
)
def test_options_that_do_not_fit(options: dict[str, object], message: str) -> None:
    """An option that does not fit is refused with the choices, never ignored."""
    with pytest.raises(bt.OptionError) as caught:
        bt.derive("2*x", at={"x": 1}).explain(**options)
    assert str(caught.value) == message


def test_exact_numbers_stand_whole() -> None:
    """Exact fractions are shown as fractions all the way."""
    d = bt.derive("f = a*b", at={"a": Fraction(1, 3), "b": Fraction(2, 7)})
    assert line(d, "1  f") == "1  f = a·b = 1/3·(2/7) = 2/21"


def test_named_constants_are_not_rounded() -> None:
    """π stands in a line as itself, so nothing there was rounded."""
    assert line(bt.derive("f = 2*pi", at={}), "1  f") == "1  f = 2·π = 6.283"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("f = -x", "2 nodes, 1 of them an operation, and 1 edge, one for each use."),
        ("f = x", "2 nodes, 1 of them an operation, and 1 edge, one for each use."),
        ("f = x*x", "2 nodes, 1 of them an operation, and 2 edges, one for each use."),
        ("f = x*x + 1", "4 nodes, 2 of them operations, and 4 edges, one for each use."),
    ],
)
def test_one_is_not_many(text: str, sentence: str) -> None:
    """A count of one takes the singular."""
    assert sentence in bt.derive(text, at={"x": 2}).explain(check=False)
