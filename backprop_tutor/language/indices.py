"""`A[0, 2]`, `A[:, 1]`, `A[1:3]`: the square brackets behind an array, read as the places that they name.

Enters: the tokens of a formula over arrays, before words are read. Leaves: the same with one token for each
index, and a fault for what names no places. Places are numbers of the text: `A[i]` is no formula.
"""

from __future__ import annotations

from ..errors import Fault, Span
from ..ops import FUNCTIONS
from ..ops.array_rows import ARRAY_NAMES
from ..sentences import said
from .names import Names
from .tokens import Token

__all__ = ["ranges_left", "with_indices"]

_BEFORE = frozenset({"word", "RPAR", "TRANSPOSED", "INDEX", "NAME", "RBRACE"})
_NEW = frozenset({"None", "newaxis"})
_LONGEST = 9
"""Digits of a place: no array has more entries along an axis."""


def with_indices(
    tokens: list[Token], names: Names, group: bool
) -> tuple[list[Token], list[Fault]]:
    """Return the tokens with each index as one; with `group`, brackets that name no places only group."""
    faults: list[Fault] = []
    found: list[Token] = []
    place = 0
    while place < len(tokens):
        token = tokens[place]
        begins = _begins(token, found, names)
        stop = _closing(tokens, place) if begins else -1
        if begins and stop < 0:  # told as a bracket that is not closed
            return [*found, token], faults
        if stop < 0:
            found.append(token)
            place += 1
            continue
        span = Span(token.span.start, tokens[stop].span.stop)
        text = _places(tokens[place + 1 : stop])
        if text is None and group:
            found.append(token)
            place += 1
            continue
        if text is None:
            faults.append(_no_places(tokens[place + 1 : stop], found[-1], span))
        found.append(Token("INDEX", text or "0", span, True))
        place = stop + 1
    return found, faults


def ranges_left(tokens: list[Token]) -> list[Fault]:
    """Return the faults of colons and `...` that stand in no index."""
    return [
        Fault(said("a `{sign}` stands only in the places of an array, as in A[0:2]", sign=token.text),
              token.span)
        for token in tokens
        if token.kind == "RANGE"
    ]  # fmt: skip


def _begins(token: Token, before: list[Token], names: Names) -> bool:
    """Return whether a bracket stands right behind what may be an array."""
    if token.kind != "LPAR" or token.text != "[" or not token.tight or not before:
        return False
    last = before[-1]
    if last.kind == "word" and (last.text in FUNCTIONS or last.text in ARRAY_NAMES):
        return names.knows(last.text)
    return last.kind in _BEFORE


def _closing(tokens: list[Token], left: int) -> int:
    """Return where the bracket closes, -1 where it does not."""
    depth = 0
    for i in range(left, len(tokens)):
        depth += (tokens[i].kind == "LPAR") - (tokens[i].kind == "RPAR")
        if depth == 0:
            return i if tokens[i].text == "]" else -1
    return -1


def _places(tokens: list[Token]) -> str | None:
    """Return the places as text; None where they are none."""
    parts: list[list[Token]] = [[]]
    for token in tokens:
        if token.kind == "COMMA":
            parts.append([])
        else:
            parts[-1].append(token)
    if len(parts) > 1 and not parts[-1]:
        parts.pop()  # A[0,], as tuples are written
    read = [_part(part) for part in parts]
    known = [part for part in read if part is not None]
    if len(known) < len(read) or known.count("...") > 1:
        return None
    return ", ".join(known)


def _part(tokens: list[Token]) -> str | None:
    """Return one place or one range: whole numbers, a minus before each, at most two colons."""
    if len(tokens) == 1 and tokens[0].kind == "word" and tokens[0].text in _NEW:
        return "None"
    if [token.text for token in tokens] == ["..."]:
        return "..."
    ends, sign = [""], ""
    for token in tokens:
        if token.kind == "RANGE" and token.text == ":" and not sign:
            ends.append("")
        elif token.kind == "MINUS" and not sign and not ends[-1]:
            sign = "-"
        elif token.kind == "NUMBER" and _is_place(token.text) and not ends[-1]:
            ends[-1], sign = sign + token.text, ""
        else:
            return None
    if sign or len(ends) > 3 or ends == [""]:
        return None
    numbers = [str(int(end)) if end else "" for end in ends]
    return None if len(numbers) == 3 and numbers[2] == "0" else ":".join(numbers)


def _is_place(text: str) -> bool:
    return text.isdigit() and len(text) <= _LONGEST


def _no_places(inner: list[Token], before: Token, span: Span) -> Fault:
    if not inner:
        return Fault(said("nothing stands between these brackets"), span,
                     said("places are whole numbers or ranges: A[0, 2], A[:, 1], A[1:3]"))  # fmt: skip
    return Fault(
        said("places of an array are whole numbers or ranges, and this is neither"), span,
        said("such as A[0, 2], A[:, 1], A[1:3]; a product is written with `*` or `@`"),
    )  # fmt: skip
