"""What notebooks show of programs and derivatives: displayed formulas, in LaTeX."""

from __future__ import annotations

from ..language import Program
from .narration.formulas import latex, latex_name

__all__ = ["derivative_latex", "program_latex"]


def program_latex(program: Program) -> str:
    r"""Return a program in LaTeX, displayed, an assignment a line.

    >>> from backprop_tutor.language import parse
    >>> program_latex(parse("f = w*x^2"))
    '$$\\begin{aligned}f &= w \\cdot {x}^{2}\\end{aligned}$$'
    """
    lines = [
        f"{', '.join(map(latex_name, each.targets))} &= {latex(each.expression)}"
        for each in program.assignments
    ]
    joined = r" \\ ".join(lines)
    return rf"$$\begin{{aligned}}{joined}\end{{aligned}}$$"


def derivative_latex(of: str, wrt: str, formula: str) -> str:
    r"""Return an equation for a derivative in LaTeX, displayed.

    >>> derivative_latex("f", "w1", "x")
    '$\\displaystyle \\frac{\\partial f}{\\partial w_{1}} = x$'
    """
    left = rf"\frac{{\partial {latex_name(of)}}}{{\partial {latex_name(wrt)}}}"
    return rf"$\displaystyle {left} = {formula}$"
