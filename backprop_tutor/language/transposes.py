"""`w^T x`: a transpose on the page of a course, the power of a number T of numbers; never guessed.

Enters: the tokens of a formula, before words are read. Leaves: of single numbers a fault for each raised T
that is no name of the program; over arrays the transpose, and a note that it was read as such.
"""

from __future__ import annotations

from ..errors import Fault, Span
from ..sentences import said
from .names import Names
from .tokens import Token

__all__ = ["transpose_faults", "transposed"]


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


def transposed(tokens: list[Token], names: Names, notes: dict[str, None]) -> list[Token]:
    """Return the tokens with `^T` and `^{T}` as transposes, unless T is a name of the program."""
    if names.knows("T"):
        return tokens
    found: list[Token] = []
    place = 0
    while place < len(tokens):
        token = tokens[place]
        width = _raised_t(tokens, place)
        if not width:
            found.append(token)
            place += 1
            continue
        last = tokens[place + width - 1]
        rest = last.text[1:] if last.kind == "word" else ""
        stop = last.span.stop - len(rest)
        found.append(Token("TRANSPOSED", "^T", Span(token.span.start, stop), True))
        if rest:  # ^Tx: the T alone is raised
            found.append(Token("word", rest, Span(stop, last.span.stop), True))
        notes[said("`^T` was read as the transpose; a power of T is written ^(T)")] = None
        place += width
    return found


def _raised_t(tokens: list[Token], place: int) -> int:
    """Return how many tokens from here are a raised T, 0 where none is."""
    if tokens[place].kind != "POWER" or place + 1 >= len(tokens):
        return 0
    braced = tokens[place + 1].kind == "LBRACE"
    at = place + 1 + braced
    if at >= len(tokens) or not _is_t(tokens, at):
        return 0
    if not braced:
        return 2
    closed = at + 1 < len(tokens) and tokens[at + 1].kind == "RBRACE"
    return 4 if closed and tokens[at].text == "T" else 0


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
