"""Expressions as lines: what is used twice in one of them, or long, gets a line and a name of its own."""

from __future__ import annotations

import sys
from collections.abc import Callable

from ..ops.code import ATOM, Code

__all__ = ["statements"]

_WHOLE, _PIECE = 80, 50
"""Of an expression of more letters, pieces of more than so many get lines of their own, too."""


def statements(
    code: Code, new_name: Callable[[], str], known: dict[int, str] | None = None
) -> tuple[list[tuple[str, str]], str]:
    """Return the lines that go before, as names and expressions, and the expression itself.

    `known` are the names of pieces that lines before have made; new ones are added to it.

    >>> from backprop_tutor.ops.source_kernel import SourceKernel
    >>> k = SourceKernel()
    >>> e = k.exp(k.named("z", 1.0))
    >>> statements(e / (1 + e), lambda: "t1")
    ([('t1', 'np.exp(z)')], 't1 / (1 + t1)')
    """
    known = {} if known is None else known
    order, uses = _walked(code, known)
    _, whole = _lines(code, order, uses, lambda: "t1", dict(known), sys.maxsize)
    longest = _PIECE if len(whole) > _WHOLE else sys.maxsize
    return _lines(code, order, uses, new_name, known, longest)


def _lines(
    code: Code, order: list[Code], uses: dict[int, int], new_name: Callable[[], str], known: dict[int, str],
    longest: int,
) -> tuple[list[tuple[str, str]], str]:
    """Return the lines that go before and the expression; pieces longer than `longest` are lines."""
    before: list[tuple[str, str]] = []
    texts: dict[int, tuple[str, int]] = {}
    for each in order:
        if id(each) in known:
            texts[id(each)] = known[id(each)], ATOM
            continue
        text = "".join(_placed(piece, texts) for piece in each.pieces)
        binds = each.binds
        split = uses[id(each)] > 1 or (len(text) > longest and each is not code)
        if split and each.fresh and not each.name:
            name = new_name()
            before.append((name, text))
            text, binds = name, ATOM
            known[id(each)] = name
        texts[id(each)] = text, binds
    return before, texts[id(code)][0]


def _placed(piece: object, texts: dict[int, tuple[str, int]]) -> str:
    if isinstance(piece, str):
        return piece
    assert isinstance(piece, tuple)  # a piece is a text, or code and what its place asks for
    inner, least = piece
    text, binds = texts[id(inner)]
    return text if binds >= least else f"({text})"


def _walked(code: Code, known: dict[int, str]) -> tuple[list[Code], dict[int, int]]:
    """Return all pieces of code, operands before what uses them, and how often each is used."""
    uses: dict[int, int] = {id(code): 1}
    order: list[Code] = []
    stack: list[tuple[Code, bool]] = [(code, False)]
    seen: set[int] = set()
    while stack:
        each, done = stack.pop()
        if done:
            order.append(each)
            continue
        if id(each) in seen:
            continue
        seen.add(id(each))
        stack.append((each, True))
        inner = [piece[0] for piece in each.pieces if isinstance(piece, tuple)]
        if id(each) in known:
            continue
        for one in inner:
            uses[id(one)] = uses.get(id(one), 0) + 1
        stack += [(one, False) for one in reversed(inner)]
    return order, uses
