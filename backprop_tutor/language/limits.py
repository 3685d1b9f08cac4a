"""The sizes of text that are accepted, and the refusals that name them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..errors import Fault
from ..sentences import N_, said
from .tokens import CLOSES, OPENS, Token

__all__ = [
    "ANSWER",
    "MOST_FAULTS",
    "NUMBER",
    "PROGRAM",
    "Limits",
    "SizeFault",
    "too_deep",
    "underflows",
]


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a text may be: characters, nodes of its tree, nesting, characters a number."""

    what: str
    characters: int
    nodes: int
    depth: int
    digits: int = 400


class SizeFault(Fault):
    """A part of a text that is larger than its limit."""

    __slots__ = ()


MOST_FAULTS = 50
"""So many faults of a text are reported at most."""

PROGRAM = Limits(N_("a program"), characters=2_000_000, nodes=200_000, depth=1_000)
"""For a program; a formula of its own or one of many."""

ANSWER = Limits(N_("an answer"), characters=10_000, nodes=2_000, depth=100)
"""For a single formula given as an answer."""

NUMBER = Limits(N_("a number"), characters=400, nodes=200, depth=100)
"""For a single number given as an answer or a value."""


def too_deep(tokens: list[Token], limits: Limits) -> list[Fault]:
    """Return a fault where brackets, signs, powers and functions nest deeper than the limit."""
    pending = 0  # signs, powers and functions whose operand is still to come
    enclosing: list[int] = [0]  # how deep each open bracket stands
    operand = False
    for token in tokens:
        kind = token.kind
        if kind in OPENS:
            enclosing.append(enclosing[-1] + pending + 1)
            pending, operand = 0, False
        elif kind in CLOSES and len(enclosing) > 1:
            enclosing.pop()
            pending, operand = 0, True
        elif kind in ("POWER", "FUNCTION") or (kind in ("MINUS", "PLUS") and not operand):
            pending, operand = pending + (kind != "FUNCTION"), False
            pending += kind == "FUNCTION" and pending > 0
        elif kind in ("NUMBER", "NAME"):
            operand = True
        else:
            pending, operand = 0, False
        if enclosing[-1] + pending > limits.depth:
            message = said(
                "brackets, signs and powers nest more than {depth:,} deep", depth=limits.depth
            )
            return [SizeFault(message, token.span)]
    return []


_SMALL = re.compile(r"[0.]*[1-9][\d.]*[eE]-|0*\.0{300,}\d*[1-9]")


def underflows(text: str) -> bool:
    """Return whether the text of a number says one that float64 can only hold as 0.

    >>> underflows("1e-400"), underflows("0.0"), underflows("1e-3")
    (True, False, False)
    """
    return bool(_SMALL.match(text)) and float(text) == 0
