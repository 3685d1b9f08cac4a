r"""Trees in typst's mathematics, for the pages that typst sets: what stands between its dollar signs.

Enters: a tree. Leaves: typst markup in which every name and number that was typed is an identifier's
letters, digits, or a string literal, so that nothing typed is markup. How an operation looks is read
off its LaTeX in `OPS`, piece by piece, so that a formula looks the same wherever it is set.
"""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction

from ...language import Apply, Assignment, Number, written
from ...language.shown_names import name_parts
from ...language.symbols import GREEK
from ...language.write import output_number
from ...ops import ATOM, OPS, Operation
from ..narration.formulas import LATEX, shown_options
from .typeset import literal

__all__ = ["TYPST", "typst_assignment", "typst_name"]

_PIECES = {
    r"\frac{": "frac(", "}{": ", ", "}": ")", "{": "", "}^{": "^(", "e^{": "e^(", r"\sqrt{": "sqrt(",
    r"\sqrt[3]{": "root(3, ",
    r"\begin{cases} ": "cases(", r" & \text{if } ": ' & "if" ', r" \\ ": ", ", r" \geq ": " >= ",
    r" & \text{otherwise} \end{cases}": ' & "otherwise")', r" \leq ": " <= ",
    r"\mathbf{1}\left[": "bold(1)[", r"\right]": "]",
    r"\log_{": "log_(", r"}\left(": ")(",
    r"\left|": "abs(", r"\right|": ")", r"\right)": ")", r" \cdot ": " ⋅ ",
}  # fmt: skip
"""Pieces of LaTeX around operands, and what stands there in typst; a plain sign stays as it is."""

_HEAD = re.compile(
    r"\\(?:operatorname\{(?P<word>\w+)\}|(?P<known>[a-z]+)(?:_\{(?P<base>\d+)\})?)\\left\(\Z"
)
_ACCENTS = {"hat": "hat", "bar": "macron", "tilde": "tilde"}


def typst_name(name: str) -> str:
    r"""Return a name in typst's mathematics.

    >>> [typst_name(n) for n in ("w1", "theta_i", "y_hat", "w2_21", "net_h1", "price")]
    ['w_(1)', 'θ_(i)', 'hat(y)', 'w^((2))_(21)', '"net_h1"', '"price"']
    """
    parts = name_parts(name)
    if parts is None:
        return literal(name)
    letter = GREEK.get(parts.stem, parts.stem)
    base = f"{_ACCENTS[parts.accent]}({letter})" if parts.accent else letter
    # Letters side by side would be one word; with blanks between they are set like a product's.
    below = parts.below if parts.below.isdigit() else " ".join(parts.below)
    if len(parts.below) > 2 and not parts.below.isdigit():
        below = literal(parts.below)
    return base + (f"^(({parts.above}))" if parts.above else "") + (f"_({below})" if below else "")


def _number(number: Number) -> str:
    value, text = number.value, number.text.replace("−", "-")
    if text.lstrip("-") in ("π", "e"):
        return text
    if not text and isinstance(value, Fraction):
        sign, top = "-" if value < 0 else "", abs(value.numerator)
        return f"{sign}{top}" if value.denominator == 1 else f"{sign}frac({top}, {value.denominator})"
    mantissa, mark, exponent = (text or repr(value)).lower().partition("e")
    digits = mantissa if _DIGITS.match(mantissa) else literal(mantissa)
    return f"{digits} × 10^({int(exponent)})" if mark else digits


_DIGITS = re.compile(r"-?[0-9.]+\Z")


def _pieces(op: Operation) -> tuple[str, ...] | None:
    return None if op.latex is None else tuple(map(_piece, op.latex))


def _piece(latex: str) -> str:
    if latex in _PIECES:
        return _PIECES[latex]
    head = _HEAD.match(latex)
    if head is None:
        return latex
    if head["word"]:
        return f'op("{head["word"]}") ('
    known = GREEK.get(head["known"], head["known"])
    return known + (f"_({head['base']})" if head["base"] else "") + "("


def _call(op: Operation, options: tuple[tuple[str, float], ...]) -> str:
    return f"op({literal(op.called)}) "


def _own(node: Apply, operands: list[tuple[str, int]]) -> tuple[str, int] | None:
    options, number = shown_options(node), output_number(node)
    if number:
        return f"{_call(OPS[node.op], ())}({', '.join(text for text, _ in operands)})_({number})", ATOM
    if not options:
        return None
    inner = ", ".join([text for text, _ in operands] + options)
    return f"{_call(OPS[node.op], ())}({inner})", ATOM


TYPST = replace(
    LATEX, pieces=_pieces, call=_call, name=typst_name, number=_number, brackets=("(", ")"),
    square=("[", "]"), own=_own
)
"""Trees in typst's mathematics; brackets stand where LaTeX has them."""


def typst_assignment(assignment: Assignment) -> str:
    r"""Return an assignment in typst's mathematics.

    >>> from backprop_tutor.language import parse
    >>> print(typst_assignment(parse("f = sqrt(w_1)/2 + relu(x)^2").assignments[0]))
    f = frac(sqrt(w_(1)), 2) + op("ReLU") (x)^(2)
    """
    # Escaped, so that no comma divides the arguments of a function around the formula.
    left = r"\, ".join(map(typst_name, assignment.targets))
    return f"{left} = {written(assignment.expression, TYPST)}"
