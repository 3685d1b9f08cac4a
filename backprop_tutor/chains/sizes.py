"""How many operations a tree takes written out; trees that share parts are counted without writing.

A formula in the inputs grows with every layer, and what is shared in memory is written out on paper:
so sizes come first, and only what is short is written.
"""

from __future__ import annotations

from ..language import Apply, Expression

__all__ = ["CAP", "Sizes"]

CAP = 10**9
"""No size above this is told apart."""


class Sizes:
    """The sizes of trees, each part looked at once however often it is used.

    >>> from backprop_tutor.language import parse
    >>> Sizes().of(parse("f = w*x + b").assignments[0].expression)
    2
    """

    def __init__(self) -> None:
        self._known: dict[int, tuple[Expression, int]] = {}  # the tree is held, so its id stays its own

    def of(self, tree: Expression) -> int:
        """Return how many operations the tree has, at most `CAP`."""
        stack = [tree]
        while stack:
            node = stack[-1]
            if id(node) in self._known:
                stack.pop()
                continue
            parts = node.operands if isinstance(node, Apply) else ()
            waiting = [part for part in parts if id(part) not in self._known]
            if waiting:
                stack += waiting
                continue
            stack.pop()
            size = sum(self._known[id(part)][1] for part in parts) + isinstance(node, Apply)
            self._known[id(node)] = node, min(size, CAP)
        return self._known[id(tree)][1]
