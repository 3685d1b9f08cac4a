"""Logarithms of any base, however the base is written."""

from __future__ import annotations

import pytest

from backprop_tutor.errors import ParseError
from backprop_tutor.language import PLAIN, functions, parse, written
from backprop_tutor.render.narration.formulas import latex


@pytest.mark.parametrize(
    ("text", "plain", "as_latex"),
    [
        ("f = log_a(x)", "log(x, a)", r"\log_{a}\left(x\right)"),
        ("f = log(x, a)", "log(x, a)", r"\log_{a}\left(x\right)"),
        ("f = log_3(x)", "log(x, 3)", r"\log_{3}\left(x\right)"),
        ("f = log_2(x)", "log2(x)", r"\log_{2}\left(x\right)"),
        ("f = log(x, 10)", "log10(x)", r"\log_{10}\left(x\right)"),
        ("f = log(x, e)", "ln(x)", r"\ln\left(x\right)"),
        ("f = log_theta(x + 1)", "log(x + 1, theta)", r"\log_{\theta}\left(x + 1\right)"),
        ("f = log_a(log_b(x))", "log(log(x, b), a)", r"\log_{a}\left(\log_{b}\left(x\right)\right)"),
        (r"f = \log_a x", "log(x, a)", r"\log_{a}\left(x\right)"),
        (r"f = \log_{a + 1}(x)", "log(x, a + 1)", r"\log_{a + 1}\left(x\right)"),
        (r"f = \log_{w_1}\left(x\right)", "log(x, w_1)", r"\log_{w_{1}}\left(x\right)"),
        (r"f = \log_\theta(x)", "log(x, theta)", r"\log_{\theta}\left(x\right)"),
        (r"f = \log_{\log_{b}(y)}(x)", "log(x, log(y, b))",
         r"\log_{\log_{b}\left(y\right)}\left(x\right)"),
    ],
)  # fmt: skip
def test_a_base_stands_below_or_behind(text: str, plain: str, as_latex: str) -> None:
    """`log_a(x)`, `log(x, a)` and LaTeX's forms are one operation, and parse back."""
    tree = parse(text).assignments[0].expression
    assert (written(tree, PLAIN), latex(tree)) == (plain, as_latex)
    assert written(parse(f"f = {plain}").assignments[0].expression, PLAIN) == plain


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("f = ln(x, 2)", "line 1, column 5: `ln` takes 1 argument, and 2 were given\n"
         "  f = ln(x, 2)\n      ^^^^^^^^"),
        ("f = log_ab(x)", "line 1, column 5: the base of a logarithm is one name or a number, not `ab`\n"
         "  f = log_ab(x)\n      ^^^^^^\nwrite log(x, …)"),
        (r"f = \log_a", "line 1, column 9: a logarithm with a base is written with its argument in "
         "brackets\n  f = \\log_a\n          ^\nsuch as log_a(x), or log(x, a)"),
        (r"f = \log_{a(x)", "line 1, column 9: this bracket is not closed\n"
         "  f = \\log_{a(x)\n          ^\nadd a `}`"),
    ],
)  # fmt: skip
def test_a_base_that_cannot_be_read_is_refused(text: str, message: str) -> None:
    """The message says where, and how a base is written."""
    with pytest.raises(ParseError) as caught:
        parse(text)
    assert str(caught.value) == message


def test_the_functions_of_python_take_a_base_too() -> None:
    """`log` with two arguments is the logarithm to that base."""
    assert functions()["log"](9, 3) == pytest.approx(2, rel=1e-15)
