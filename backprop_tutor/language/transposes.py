"""`w^T x`: a transpose on the page of a course, the power of a number T here; refused, never guessed.

Enters: the tokens of a formula, before words are read. Leaves: a fault for each raised T that is no
name of the program.
"""

from __future__ import annotations

from ..errors import Fault, Span
from ..sentences import said
from .names import Names
from .tokens import Token

__all__ = ["transpose_faults"]


def transpose_faults(tokens: list[Token], names: Names) -> list[Fault]:
    """Return the faults of `^T`; none where T is declared, or used otherwise than raised."""
    raised = [i for i in range(1, len(tokens)) if _is_t(tokens, i)]
    if not raised or names.knows("T"):
        return []
    if any(t.kind == "word" and t.text == "T" and i not in raised for i, t in enumerate(tokens)):
        return []
    return [
        Fault(
            said("`^T` could be a transpose or a power, and T is no name of the program"),
            Span(tokens[i].span.start, tokens[i].span.start + 1),
            said("of single numbers write w*x or w1*x1 + w2*x2, of a matrix w.T; a power is w^(T)"),
        )
        for i in raised
    ]


def _is_t(tokens: list[Token], i: int) -> bool:
    """Return whether a word begins with a T that is raised: `^T`, `^Tx`, `^{T}`; not `^(T)`, not `2^T`."""
    if tokens[i].kind != "word" or not tokens[i].text.startswith("T"):
        return False
    braced = tokens[i - 1].text == "{"
    power = i - 1 - braced
    rest = tokens[i].text[1:]
    if power < 1 or tokens[power].kind != "POWER" or tokens[power - 1].kind == "NUMBER":
        return False
    return not rest or (rest.isalpha() and not braced)
