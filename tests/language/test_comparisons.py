"""Comparisons: what is read, how it is written, and where a comparison is refused."""

from __future__ import annotations

import pytest

import backprop_tutor as bt
from backprop_tutor.language import PLAIN, TraceError, parse, trace, written
from backprop_tutor.render.narration.formulas import latex

CASES = r"\begin{cases} a & \text{if } x > 0 \\ b & \text{otherwise} \end{cases}"


@pytest.mark.parametrize(
    ("text", "plain", "as_latex"),
    [
        ("f = where(x > 0, a, b)", "where(x > 0, a, b)", CASES),
        (r"f = \operatorname{where}(x > 0, a, b)", "where(x > 0, a, b)", CASES),
        ("f = where(x ≥ 0, x^2, -x)", "where(x >= 0, x^2, (-x))",
         r"\begin{cases} {x}^{2} & \text{if } x \geq 0 \\ -x & \text{otherwise} \end{cases}"),
        ("f = 1[x > 0]*y", "1[x > 0]*y", r"\mathbf{1}\left[x > 0\right] \cdot y"),
        ("f = 2 1(x<=y)", "2*1[x <= y]", r"2 \cdot \mathbf{1}\left[x \leq y\right]"),
        ("f = x·𝟙[x < y]", "x*1[x < y]", r"x \cdot \mathbf{1}\left[x < y\right]"),
        ("f = I(x > 0)", "1[x > 0]", r"\mathbf{1}\left[x > 0\right]"),
        (r"f = \mathbb{1}[x > 0]", "1[x > 0]", r"\mathbf{1}\left[x > 0\right]"),
        (r"f = \mathbf{1}_{x \geq 0} y", "1[x >= 0]*y", r"\mathbf{1}\left[x \geq 0\right] \cdot y"),
        (r"f = 1_{x > 0}", "1[x > 0]", r"\mathbf{1}\left[x > 0\right]"),
        (r"f = \mathbb{1}\left\{x \le 0\right\}", "1[x <= 0]", r"\mathbf{1}\left[x \leq 0\right]"),
        ("f = where(1[x > 0] > y, a, b)", "where(1[x > 0] > y, a, b)",
         r"\begin{cases} a & \text{if } \mathbf{1}\left[x > 0\right] > y \\ b & \text{otherwise} "
         r"\end{cases}"),
    ],
)  # fmt: skip
def test_comparisons_are_read_and_written(text: str, plain: str, as_latex: str) -> None:
    """Choices and indicators are one operation each however written, and parse back."""
    tree = parse(text).assignments[0].expression
    assert (written(tree, PLAIN), latex(tree)) == (plain, as_latex)
    assert written(parse(f"f = {plain}").assignments[0].expression, PLAIN) == plain


@pytest.mark.parametrize(
    ("text", "message", "remedy"),
    [
        ("f = x > 0", "line 1, column 7: a comparison is no number",
         "it stands first in where(x > 0, a, b), or in an indicator 1[x > 0]"),
        ("f = (x > 0)*y", "line 1, column 8: a comparison is no number",
         "it stands first in where(x > 0, a, b), or in an indicator 1[x > 0]"),
        ("f = relu(x > 0)", "line 1, column 12: a comparison is no number",
         "it stands first in where(x > 0, a, b), or in an indicator 1[x > 0]"),
        ("f = where(a, x > 0, b)", "line 1, column 16: a comparison is no number",
         "it stands first in where(x > 0, a, b), or in an indicator 1[x > 0]"),
        ("f = where(0 < x < 1, a, b)", "line 1, column 17: a chain of comparisons",
         "one at a time: where(0 < x, where(x < 1, a, b), b), or 1[0 < x]*1[x < 1]"),
        ("f = where(x, a, b)", "line 1, column 5: the first argument of `where` is a comparison",
         "write where(x > 0, a, b)"),
        ("f = where(x > 0, a)", "line 1, column 5: `where` takes a comparison and two numbers",
         "write where(x > 0, a, b)"),
        ("f = where(x => 0, a, b)", "line 1, column 13: `=>` is no comparison", "write `>=`"),
        ("f = where(x == 0, a, b)",
         "line 1, column 13: equality is not part of the language: comparisons are >, <, >= and <=",
         "an assignment has one `=`"),
        (r"f = \mathbb{1}", "line 1, column 5: an indicator without its comparison",
         r"write \mathbb{1}[x > 0]"),
        (r"f = \operatorname{where}(x \neq 0, a, b)",
         r"line 1, column 28: of comparisons, >, <, \geq and \leq are part of the language", ""),
    ],
)  # fmt: skip
def test_a_comparison_elsewhere_is_refused(text: str, message: str, remedy: str) -> None:
    """A comparison is no number: the message says where it may stand."""
    with pytest.raises(bt.ParseError) as caught:
        parse(text)
    fault = caught.value.faults[0]
    assert str(caught.value).startswith(message + "\n")
    assert fault.hint == remedy


@pytest.mark.parametrize(
    ("text", "x", "value", "slope", "says"),
    [
        ("where(x > 0, 3*x, 5*x)", 2, 6, 3,
         "the condition holds, so the first value v₁ is chosen and the whole slope goes to it"),
        ("where(x > 0, 3*x, 5*x)", -2, -10, 5,
         "the condition does not hold, so the second value v₂ is chosen and the whole slope goes to it"),
        ("where(x > 0, 3*x, 5*x)", 0, 0, 5,
         "x = 0 lies where the two pieces meet; the condition does not hold there, so v₂ gets the whole "
         "slope"),
        ("where(x >= 0, 3*x, 5*x)", 0, 0, 3,
         "x = 0 lies where the two pieces meet; the condition holds there, so v₁ gets the whole slope"),
        ("1[x > 0]*x", 2, 2, 1,
         "the condition holds, so the value is 1; away from the jump nothing moves: slope 0"),
        ("1[x > 0]*x", 0, 0, 0, "x = 0 lies on the jump; by convention the slope there is 0"),
        ("1[x <= 0] + x", 0, 1, 1, "x = 0 lies on the jump; by convention the slope there is 0"),
    ],
)  # fmt: skip
def test_the_branch_taken_is_said_and_its_kink_marked(
    text: str, x: int, value: int, slope: int, says: str
) -> None:
    """The value, the slope and the sentence are those of PyTorch's where; the check lets kinks pass."""
    derivation = bt.derive(f"f = {text}", at={"x": x})
    assert (derivation.values["f"], derivation.gradients["x"]) == (value, slope)
    assert says in " ".join(derivation.explain("text").split())
    assert derivation.check().ok


def test_a_python_function_chooses_with_where() -> None:
    """`bt.where(x > 0, a, b)` is traced; `if` and a bare comparison are refused with the way out."""
    assert trace(lambda x, a, b: bt.where(x <= 0, a, b)).reading == "f = where(x ≤ 0, a, b)"
    assert bt.where(3 > 2, 5, 6) == 5
    with pytest.raises(TraceError, match=r"choose with bt\.where"):
        trace(lambda x, a: a if x > 0 else x)
    with pytest.raises(TraceError, match="a comparison is no number"):
        trace(lambda x: (x > 0).mean())


def test_answers_and_equivalence_know_choices() -> None:
    """A slope may be answered with an indicator, and relu is its own choice."""
    assert bt.equivalent("where(x > 0, x, 0)", "relu(x)").equal
    assert bt.equivalent("1[x > 0]", "step(x)").equal
    assert not bt.equivalent("where(x > 0, x, 0)", "where(x > 0.5, x, 0)").equal
    derivation = bt.derive("f = relu(x)^2", at={"x": 3})
    assert bt.mark(derivation, {"df/dx": "2x*1[x > 0]"}, want="formula").cells["df/dx"].right
