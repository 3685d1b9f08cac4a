"""A tree written as text: in Unicode as the explanations show it, or in plain characters that parse
back to the same tree. Where brackets are needed is decided here, once, for every notation.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction

from ..ops import ATOM, OPS, POWER, PRODUCT, SIGN, Operation
from ..ops.array_rows import option_texts, row_of
from .shown_names import shown_name
from .tree import Apply, Assignment, Expression, Name, Number, postorder

__all__ = ["PLAIN", "UNICODE", "Notation", "number_text", "output_number", "written", "written_assignments"]

_EXPONENT = re.compile(r"\de[-−+]?\d")
_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


@dataclass(frozen=True, slots=True)
class Notation:
    """How trees are written: the pieces around operands, names, numbers and brackets.

    `own` may write an operation in a way of its own, from its written operands and how tightly
    each holds together; it returns the text and how tightly that holds, or None.
    """

    pieces: Callable[[Operation], tuple[str, ...] | None]
    call: Callable[[Operation, tuple[tuple[str, float], ...]], str]
    name: Callable[[str], str]
    number: Callable[[Number], str]
    brackets: tuple[str, str]
    square: tuple[str, str]
    minus: str
    own: Callable[[Apply, list[tuple[str, int]]], tuple[str, int] | None]
    encloses: Callable[[Operation, int], bool]
    order: Callable[[Operation], tuple[int, ...]]


def written(expression: Expression, notation: Notation | None = None) -> str:
    """Return the tree as text; no bracket is missing and few are superfluous.

    >>> from backprop_tutor.language import parse
    >>> tree = parse("f = 2x(w - -1)^2").assignments[0].expression
    >>> print(written(tree), "|", written(tree, PLAIN))
    2·x·(w − (−1))² | 2*x*(w - (-1))^2
    """
    style = notation or UNICODE
    if isinstance(expression, Name):
        return style.name(expression.name)
    if isinstance(expression, Number):
        return style.number(expression)
    stack: list[tuple[str, int]] = []
    for node in postorder(expression):
        if isinstance(node, Number):
            text = style.number(node)
            stack.append((text, _number_binds(node, text, style)))
        elif isinstance(node, Name):
            stack.append((style.name(node.name), ATOM))
        else:
            count = len(node.operands)
            operands = stack[len(stack) - count :]
            del stack[len(stack) - count :]
            stack.append(style.own(node, operands) or _applied(node, operands, style))
    return stack.pop()[0]


def _number_binds(node: Number, text: str, style: Notation) -> int:
    if text.startswith(style.minus):
        return SIGN
    if any(sign in text for sign in ("/", "·", "×", "\\cdot", "\\times")):
        return PRODUCT
    return POWER if text.startswith("\\frac") or _EXPONENT.search(text) else ATOM


def _applied(node: Apply, operands: list[tuple[str, int]], style: Notation) -> tuple[str, int]:
    op = row_of(node.op)
    pieces = style.pieces(op)
    if pieces is None:
        inner = arguments(op, [text for text, _ in operands], style)
        left, right = style.brackets
        return f"{style.call(op, node.options)}{left}{inner}{right}", ATOM
    out = [pieces[0]]
    for place, slot in enumerate(style.order(op) or range(len(operands))):
        text, binds = operands[slot]
        needs = op.operands_bind[slot] if op.operands_bind else 0
        follows_sign = text.startswith(style.minus) and (place > 0 or op.name == "negate")
        if not style.encloses(op, slot) and (
            binds < needs or (follows_sign and op.name != "identity")
        ):
            text = f"{style.brackets[0]}{text}{style.brackets[1]}"
        out.append(text)
        out.append(pieces[place + 1])
    return "".join(out), op.binds


def arguments(op: Operation, operands: list[str], style: Notation) -> str:
    """Return written operands as they stand between a function's brackets.

    Where an operation takes several lists and they are longer than one, they are written as such.
    """
    count = len(operands) // op.lists
    if op.lists == 1 or count == 1:
        return ", ".join(operands)
    left, right = style.square
    lists = (operands[i : i + count] for i in range(0, len(operands), count))
    return ", ".join(f"{left}{', '.join(one)}{right}" for one in lists)


def _plain_number(node: Number) -> str:
    if node.text in ("π", "pi"):
        return "pi"
    if node.text:
        return node.text.replace("−", "-")
    return number_text(node.value)


def number_text(value: Fraction | float) -> str:
    """Return a number in plain characters, whole: every digit that float64 holds."""
    if isinstance(value, Fraction):
        return (
            str(value.numerator)
            if value.denominator == 1
            else f"{value.numerator}/{value.denominator}"
        )
    return repr(value)


def _unicode_own(node: Apply, operands: list[tuple[str, int]]) -> tuple[str, int] | None:
    exponent = node.operands[1] if node.op == "power" else None
    if isinstance(exponent, Number) and isinstance(exponent.value, Fraction):
        value = exponent.value
        if value.denominator == 1 and 2 <= value <= 99:
            text, binds = operands[0]
            base = text if binds >= ATOM else f"({text})"
            return base + str(value.numerator).translate(_SUPERSCRIPTS), OPS["power"].binds
    number = output_number(node)
    if number:
        text, binds = _applied(node, operands, UNICODE)
        return text + str(number).translate(_SUBSCRIPTS), binds
    return _with_options(node, operands)


def output_number(node: Apply) -> int:
    """Return which of several outputs an operation's formula means, from 1; 0 where it has one."""
    return next((int(value) + 1 for name, value in node.options if name == "index"), 0)


def _with_options(node: Apply, operands: list[tuple[str, int]]) -> tuple[str, int] | None:
    if node.op == INDEXED:
        return indexed(operands[0], dict(node.options)["key"], "(", ")")
    shown = tuple((n, v) for n, v in node.options if n != "index")
    if not shown:
        return None
    inner = ", ".join([*(text for text, _ in operands), *option_texts(node.op, shown)])
    return f"{_call(row_of(node.op), ())}({inner})", ATOM


INDEXED = "array_index"
"""The operation that square brackets behind an array say."""


def indexed(operand: tuple[str, int], key: str, left: str, right: str) -> tuple[str, int]:
    """Return `A[0, 2]`, the array in brackets where it is no name."""
    text, binds = operand
    return f"{text if binds >= ATOM else f'{left}{text}{right}'}[{key}]", ATOM


def _call(op: Operation, options: tuple[tuple[str, float], ...]) -> str:
    return op.called


_OPENING = tuple("([|,<>≤≥")
"""Behind these no bracket is needed around an operand."""

UNICODE = Notation(
    pieces=lambda op: op.text,
    call=_call,
    name=shown_name,
    number=lambda n: (n.text or number_text(n.value)).replace("-", "−"),
    brackets=("(", ")"),
    square=("[", "]"),
    minus="−",
    own=_unicode_own,
    encloses=lambda op, slot: op.text is not None and op.text[slot].rstrip()[-1:] in _OPENING,
    order=lambda op: (),
)
"""As the explanations show it: `w·x + b`, `σ(z)`, `x²`, `w₁`."""

PLAIN = Notation(
    pieces=lambda op: op.plain,
    call=_call,
    name=lambda name: name,
    number=_plain_number,
    brackets=("(", ")"),
    square=("[", "]"),
    minus="-",
    own=_with_options,
    encloses=lambda op, slot: False,
    order=lambda op: (),
)
"""In plain characters that parse back to the same tree."""


def written_assignments(
    assignments: Iterable[Assignment], notation: Notation = UNICODE
) -> str:
    """Return a program's assignments as text, one a line."""
    return "\n".join(
        f"{', '.join(notation.name(t) for t in a.targets)} = {written(a.expression, notation)}"
        for a in assignments
    )
