"""Formulas by cases in LaTeX are choices; cases that leave a gap are refused."""

from __future__ import annotations

import pytest

from backprop_tutor.errors import ParseError
from backprop_tutor.language import PLAIN, parse, written
from backprop_tutor.render.narration.formulas import latex


@pytest.mark.parametrize(
    ("body", "plain"),
    [
        (r"x & x > 0 \\ 0 & \text{otherwise}", "where(x > 0, x, 0)"),
        (r"x^2, & \text{if } x \geq 0, \\ -x, & \text{if } x < 0", "where(x >= 0, x^2, (-x))"),
        (r"1 & x > 1 \\[2pt] x & \text{for } x > y \\ y & \text{else}",
         "where(x > 1, 1, where(x > y, x, y))"),
        ("\n x & \\text{if } x > 0 \\\\\n \\alpha x & \\text{otherwise}\n",
         "where(x > 0, x, alpha*x)"),
        (r"\frac{x}{2} & x > \frac{1}{2} \\ e^{x} & x \leq \frac{1}{2}", "where(x > 1/2, x/2, exp(x))"),
        (r"\begin{cases} 1 & y > 0 \\ 2 & \text{otherwise} \end{cases} & x > 0 \\ 0 & otherwise",
         "where(x > 0, where(y > 0, 1, 2), 0)"),
        (r"\max(x, y) & x < y \\ \mathbf{1}[x > 0] & \text{otherwise}",
         "where(x < y, max(x, y), 1[x > 0])"),
    ],
)  # fmt: skip
def test_cases_are_choices(body: str, plain: str) -> None:
    """Rows become `where`, one in the other, and what is written of it is read again."""
    tree = parse(rf"f = 2 \begin{{cases}} {body} \end{{cases}} + 1").assignments[0].expression
    assert written(tree, PLAIN) == f"2*{plain} + 1"
    again = parse(f"f = {latex(tree)}").assignments[0].expression
    assert written(again, PLAIN) == written(tree, PLAIN)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (r"x & x > 0", "cases are two rows or more"),
        (r"x & x > 0 \\ 0", "a row of cases without a condition"),
        (r"& x > 0 \\ 0 & \text{otherwise}", "a row of cases without a value"),
        (r"x & x > 0 \\ 0 & x < 0", "cases may leave a gap, or say two things at once"),
        (r"x & x > 0 \\ 0 & y \leq 0", "cases may leave a gap, or say two things at once"),
        (r"1 & x > 1 \\ 2 & x > 0 \\ 3 & x \leq 0", "cases may leave a gap, or say two things at once"),
        (r"x & \text{otherwise} \\ 0 & x > 0", "`otherwise` stands in the last row alone"),
        (r"x & x > 0 & 1 \\ 0 & \text{otherwise}", "a row of cases has one `&`"),
        (r"x & 0 < x < 1 \\ 0 & \text{otherwise}", "a chain of comparisons"),
        (r"x & y \\ 0 & \text{otherwise}", "the first argument of `where` is a comparison"),
    ],
)
def test_cases_that_say_nothing_for_some_number_are_refused(body: str, message: str) -> None:
    """Each fault of a formula by cases is named where it stands."""
    with pytest.raises(ParseError) as caught:
        parse(rf"f = \begin{{cases}} {body} \end{{cases}}")
    assert caught.value.faults[0].message == message


def test_cases_around_assignments_still_group_them() -> None:
    """A system of assignments in `cases` is a program, as before."""
    program = parse(r"\begin{cases} z = w x + b \\ a = \sigma(z) \end{cases}")
    assert program.assigned == ("z", "a")


def test_an_environment_that_is_not_closed_is_told() -> None:
    """`cases` without its end is a fault of the text."""
    with pytest.raises(ParseError) as caught:
        parse(r"f = \begin{cases} x & x > 0 \\ 0 & \text{otherwise}")
    assert str(caught.value).startswith(r"line 1, column 51: `\begin{cases}` has no `\end`")
