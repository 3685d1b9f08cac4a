"""Formulas as they are shown: trees in Unicode or LaTeX, with names or with numbers put in.

Where brackets are needed is `language/write.py`'s; numbers are `numbers.py`'s. This file knows how a
name looks in LaTeX and how a formula looks with its operands' values.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from functools import lru_cache

from ...language import UNICODE, Apply, Expression, Name, Notation, Number, postorder, written
from ...language.shown_names import name_parts
from ...language.symbols import GREEK
from ...language.write import INDEXED, indexed, output_number
from ...ops import ATOM, Operation
from ...ops.array_rows import ARRAY_ROWS, option_texts, row_of
from ...steps import Exact
from .numbers import latex_number, shown

__all__ = [
    "LATEX", "latex", "latex_name", "shown_options", "unicode", "with_numbers",
]  # fmt: skip

_ACCENTS = {"hat": r"\hat", "bar": r"\bar", "tilde": r"\tilde"}


@lru_cache(maxsize=8192, typed=True)  # an AsTyped is equal to its text, and shown otherwise
def latex_name(name: str) -> str:
    r"""Return a name in LaTeX.

    >>> [latex_name(n) for n in ("w1", "theta_i", "y_hat", "w2_21", "net_h1", "price")]
    ['w_{1}', '\\theta_{i}', '\\hat{y}', 'w^{(2)}_{21}', '\\mathrm{net\\_h1}', '\\mathrm{price}']
    """
    parts = name_parts(name)
    if parts is None:
        return rf"\mathrm{{{name.replace('_', chr(92) + '_')}}}"
    base = rf"\{parts.stem}" if parts.stem in GREEK else parts.stem
    if parts.accent:
        base = f"{_ACCENTS[parts.accent]}{{{base}}}"
    word = not parts.below.isdigit() and len(parts.below) > 2
    below = rf"\mathrm{{{parts.below}}}" if word else parts.below
    return base + (f"^{{({parts.above})}}" if parts.above else "") + (f"_{{{below}}}" if below else "")


def _latex_constant(number: Number) -> str:
    text = number.text.replace("−", "-").replace("π", r"\pi")
    if text:
        mantissa, mark, exponent = text.lower().partition("e")
        if not mark or not exponent:  # no exponent follows Euler's number
            return text
        return rf"{mantissa} \times 10^{{{int(exponent)}}}"
    return latex_number(number.value)


def _latex_call(op: Operation, options: tuple[tuple[str, float], ...]) -> str:
    return op.latex_name or rf"\operatorname{{{op.called.replace('_', chr(92) + '_')}}}"


def _latex_encloses(op: Operation, slot: int) -> bool:
    """Return whether an operand stands between signs that need no brackets around it."""
    if op.latex_order:
        return True
    before = op.latex[min(slot, len(op.latex) - 2)] if op.latex else ""
    return before.endswith(("(", "{", "|")) and before != "{"  # a bare brace is not seen


def shown_options(node: Apply) -> list[str]:
    """Return the numbers that an operation takes besides its operands, as they are shown."""
    if node.op in ARRAY_ROWS:
        return option_texts(node.op, node.options)
    return [f"{value:g}" for name, value in node.options if name != "index"]


def _latex_own(node: Apply, operands: list[tuple[str, int]]) -> tuple[str, int] | None:
    number = output_number(node)
    if node.op == INDEXED:
        return indexed(operands[0], dict(node.options)["key"], r"\left(", r"\right)")
    if number:
        inner = ", ".join(text for text, _ in operands)
        return rf"{_latex_call(row_of(node.op), ())}\left({inner}\right)_{{{number}}}", ATOM
    options = shown_options(node)
    if not options:
        return None
    inner = ", ".join([text for text, _ in operands] + options)
    return rf"{_latex_call(row_of(node.op), ())}\left({inner}\right)", ATOM


LATEX = Notation(
    pieces=lambda op: op.latex,
    call=_latex_call,
    name=latex_name,
    number=_latex_constant,
    brackets=(r"\left(", r"\right)"),
    square=(r"\left[", r"\right]"),
    minus="-",
    own=_latex_own,
    encloses=_latex_encloses,
    order=lambda op: op.latex_order,
)
"""Trees in LaTeX's mathematics."""


def unicode(expression: Expression) -> str:
    """Return the tree in Unicode: `w·x + b`."""
    return written(expression, UNICODE)


def latex(expression: Expression) -> str:
    r"""Return the tree in LaTeX: `w \cdot x + b`."""
    return written(expression, LATEX)


def with_numbers(
    expression: Expression,
    value: Callable[[str], Exact],
    digits: int = 4,
    notation: Notation = UNICODE,
) -> str:
    """Return the formula with each name's number in its place, rounded for the eye.

    >>> from backprop_tutor.language import parse
    >>> tree = parse("w*x + b").assignments[0].expression
    >>> with_numbers(tree, {"w": -2.0, "x": 5.0, "b": 3.0}.__getitem__)
    '(−2)·5 + 3'
    >>> with_numbers(parse("-t/o").assignments[0].expression, {"t": 0.0, "o": 0.012}.__getitem__)
    '0/0.012'
    """
    write = latex_number if notation is LATEX else shown
    nodes: dict[int, Expression] = {}
    numbers: set[int] = set()
    for node in postorder(expression):
        if isinstance(node, Name):
            number = value(node.name)
            put_in = Number(
                number if isinstance(number, (Fraction, float)) else Fraction(number),
                write(number, digits),
            )
            numbers.add(id(put_in))
            nodes[id(node)] = put_in
        elif isinstance(node, Apply):
            operands = tuple(nodes.get(id(o), o) for o in node.operands)
            if node.op == "negate" and id(operands[0]) in numbers and _is_zero(operands[0]):
                nodes[id(node)] = operands[0]  # nobody writes −0
            else:
                nodes[id(node)] = Apply(node.op, operands, node.options)
    # A constant of the text stands as the notation writes it, a number put in as it was rounded.
    own = notation.number
    numbered = replace(notation, number=lambda n: n.text if id(n) in numbers else own(n))
    text = written(nodes.get(id(expression), expression), numbered)
    return _bracket_first(text) if isinstance(expression, Apply) else text


def _is_zero(node: Expression) -> bool:
    return isinstance(node, Number) and node.value == 0


def _bracket_first(text: str) -> str:
    """Return the text with brackets around a negative number that begins a product."""
    return _FIRST.sub(r"(\1)\2", text)


_FIRST = re.compile(r"\A([−-][0-9.]+(?:/[0-9]+)?)(·| \\cdot )")
