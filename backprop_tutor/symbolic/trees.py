"""A tree of the language as SymPy's expression, operation by operation from their definitions."""

from __future__ import annotations

from typing import Any

import sympy as sp

from ..language import Apply, Expression, Name, Number, postorder
from .derivatives import forward, sympy_number

__all__ = ["tree_form"]


def tree_form(tree: Expression) -> Any:
    """Return a tree as a `sympy.Expr` over its names; no text is read.

    >>> from backprop_tutor.language import parse
    >>> tree_form(parse("f = (a - t)*a").assignments[0].expression)
    a*(a - t)
    """
    stack: list[Any] = []
    for node in postorder(tree):
        if isinstance(node, Number):
            stack.append(sympy_number(node.value, node.text))
        elif isinstance(node, Name):
            stack.append(sp.Symbol(node.name))
        elif isinstance(node, Apply):
            count = len(node.operands)
            operands = stack[len(stack) - count :]
            del stack[len(stack) - count :]
            stack.append(forward(node.op, node.options, operands))
    return stack.pop()
