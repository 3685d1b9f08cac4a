"""Sums over an index of arrays, `\\sum_i x_i y_i`: read as the sum over all entries, the index left out.

Enters: the tokens of a formula over arrays, with sums whose range is not said in numbers. Leaves: each such
sum as a call of `sum` around its terms, where every name with the index is an array of the program.
"""

from __future__ import annotations

import re
from dataclasses import replace

from ..sentences import said
from .names import Names
from .sums import taken_body
from .symbols import bare
from .tokens import Token

__all__ = ["whole_sums"]

_UNDER = re.compile(r"_\s*(?:\{([^{}]*)\}|([A-Za-z]))")
_INDEX = re.compile(r"\s*([A-Za-z])\s*(?:=\s*[01]\s*)?\Z")
_BELOW = re.compile(r"(.+)_\{?([A-Za-z]+)\}?\Z")


def whole_sums(tokens: list[Token], names: Names, notes: dict[str, None]) -> list[Token]:
    """Return the tokens with sums over an index as calls of `sum`; what is unclear stays as it is."""
    if not any(token.kind == "SUM" and token.reach is None for token in tokens):
        return tokens
    bars = 0
    behind: list[Token] = []
    for token in reversed(tokens):  # the innermost first: it stands further right
        bars += token.kind == "BAR"
        indices = _indices(token, names)
        if indices is None:
            behind.append(token)
            continue
        shown = bare(token.text)
        while behind and (inner := _indices(behind[-1], names)):  # Σ_i Σ_j: over both
            indices |= inner
            shown += bare(behind.pop().text)
        body = taken_body(behind, inside=bars % 2 == 1)
        read = _without(body, indices, names) if body else None
        if read is None:
            behind += [*reversed(body), token]
            continue
        sign = f"`{''.join(shown.split())}`"
        notes[said("{sign} was read as the sum over all entries", sign=sign)] = None
        span = token.span
        made = [Token("word", "sum", span, token.tight), Token("LPAR", "(", span, True), *read]
        behind += reversed([*made, Token("RPAR", ")", read[-1].span, True)])
    return behind[::-1]


def _indices(token: Token, names: Names) -> frozenset[str] | None:
    """Return the letters that a sum runs over, none for a bare sign; None where it is no such sum."""
    if token.kind != "SUM" or token.reach is not None or bare(token.text) in names.declared:
        return None
    if any(sign in token.text for sign in ("Pi", "∏", "prod")):
        return None
    under = _UNDER.search(token.text)
    if under is None:
        return frozenset()
    listed = (under[1] if under[1] is not None else under[2]).split(",")
    parts = list(listed[0].strip()) if len(listed) == 1 and listed[0].strip().isalpha() else listed
    found = [_INDEX.match(part) for part in parts]
    return None if None in found else frozenset(match[1] for match in found if match)


def _without(body: list[Token], indices: frozenset[str], names: Names) -> list[Token] | None:
    """Return the terms without the indices under their names.

    None where a name is not the program's, or names have different indices: along which axis each would
    run is not said.
    """
    found: list[Token] = []
    seen: set[str] = set()
    for token in body:
        below = _BELOW.match(token.text) if token.kind == "word" else None
        if below is None or names.knows(token.text) or not indices.intersection(below[2]):
            found.append(token)
        elif names.knows(below[1]) and indices.issuperset(below[2]):
            found.append(replace(token, text=below[1]))
            seen.add(below[2])
        else:
            return None
    return found if len(seen) < 2 and all(indices == set(below) for below in seen) else None
