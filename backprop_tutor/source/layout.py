"""How lines of a program stand on the page: comments in a column, arrays as nested lists."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..ops.code import Code
from ..ops.sizes import shown

__all__ = ["Line", "blanked", "block", "dictionary", "function", "literal", "shapes_told"]

_COLUMN = 44
"""Comments stand in this column, or behind what reaches further."""
_WIDEST = 120
"""A comment that reaches further stands on a line of its own, above."""


@dataclass(frozen=True, slots=True)
class Line:
    """One assignment: a name, `=` or `+=`, an expression, and what is said of it.

    `told` is what may be said of it without the answer; nothing for a line that only helps the next one.
    """

    name: str
    sign: str
    text: str
    comment: str = ""
    told: str = ""

    @property
    def names(self) -> frozenset[str]:
        """Return the identifiers of the expression."""
        return frozenset(re.findall(r"[^\W\d]\w*", self.text))

    def __str__(self) -> str:
        return f"{self.name} {self.sign} {self.text}"


def block(lines: Iterable[Line], comments: bool) -> list[str]:
    """Return lines as they stand in a function's body, with their comments if wanted."""
    found = []
    for line in lines:
        code = str(line)
        comment = f"# {line.comment}" if comments and line.comment else ""
        padded = code.ljust(_COLUMN)
        if comment and len(padded) + 2 + len(comment) > _WIDEST:
            found += [comment, code]
        else:
            found.append(f"{padded}  {comment}" if comment else code)
    return found


def blanked(lines: Iterable[Line]) -> list[Line]:
    """Return a line to fill in for each name, where the last of its own lines stood.

    >>> twice = [Line("dx", "=", "df", "", "∂f/∂x"), Line("dx", "+=", "df", "", "∂f/∂x")]
    >>> [line.name for line in blanked(twice)]
    ['dx']
    """
    last = {line.name: line for line in lines if line.told}
    return [Line(line.name, "=", "...", line.told) for line in lines if last.get(line.name) is line]


def function(name: str, parameters: str, docstring: str, body: Iterable[str]) -> str:
    """Return a function's text."""
    lines = [f"def {name}({parameters}):", f'    """{docstring}"""', *(f"    {line}" for line in body)]
    return "\n".join(lines)


def dictionary(items: Iterable[tuple[str, str]]) -> str:
    """Return a dictionary's text: keys as strings, values as expressions."""
    return "{" + ", ".join(f"{literal(key)}: {text}" for key, text in items) + "}"


def literal(value: Any) -> str:
    """Return a name, a number or an array as Python writes it, to the last digit.

    >>> literal("w"), literal(0.5), literal(np.array([[1.0, 2.0]]))
    ('"w"', '0.5', 'np.array([[1.0, 2.0]])')
    """
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if isinstance(value, np.ndarray):
        return f"np.array({value.tolist()!r})"
    return repr(value)


def shapes_told(code: Code) -> str:
    """Return an expression's shape; of a product of matrices, and of a sum, what it is made from too.

    >>> from backprop_tutor.ops.source_kernel import SourceKernel
    >>> k = SourceKernel()
    >>> X, W = k.named("X", np.ones((4, 3))), k.named("W", np.ones((3, 2)))
    >>> shapes_told(k.matmul(X, W)), shapes_told(k.matmul(X, W) + 1), shapes_told(k.sum(X, (0,)))
    ('(4×3)(3×2) → 4×2', '(4×3)(3×2) → 4×2', '4×3 → (3,)')
    """
    result = shown(code.shape)
    inner, product = [code], None
    while inner and product is None:
        each = inner.pop()
        operands = [piece[0] for piece in each.pieces if isinstance(piece, tuple)]
        if each.pieces[1:2] == (" @ ",):
            product = operands
        elif each.pieces[1:2] in ((" + ",), (" - ",)):
            inner += reversed(operands)
    if product is not None:
        factors = (shown(a.shape) for a in product)
        return f"{''.join(s if s.startswith('(') else f'({s})' for s in factors)} → {result}"
    inside = [piece[0] for piece in code.pieces if isinstance(piece, tuple)]
    largest = max(inside, default=code, key=lambda each: int(np.size(each.value)))
    if np.size(largest.value) <= np.size(code.value):
        return result
    return f"{shown(largest.shape)} → {result}"
