"""The base under a logarithm, `log_a(x)`, moved to where a function's last argument stands.

Enters: the tokens of a formula, its words read, a base between BASED and BASE_END behind its
function. Leaves: the tokens of `log(x, a)`, so that the grammar knows one form, and a fault where
it is not clear what the logarithm is of.
"""

from __future__ import annotations

from ..errors import Fault
from ..sentences import said
from .tokens import CLOSES, OPENS, Token

__all__ = ["move_bases"]


def move_bases(tokens: list[Token]) -> tuple[list[Token], list[Fault]]:
    """Return the tokens with every base behind its logarithm's argument, and the faults."""
    if all(token.kind != "BASED" for token in tokens):
        return tokens, []
    faults: list[Fault] = []
    frames: list[list[Token]] = [[]]  # the innermost base that is being read comes last
    opened: list[list[Token]] = []  # for each open bracket, the base to put before its end
    pending: list[Token] | None = None
    for token in tokens:
        if token.kind == "BASED":
            frames.append([token])
            continue
        if token.kind == "BASE_END" and len(frames) > 1:
            pending = frames.pop()
            continue
        if pending is not None:
            base, pending = pending, None
            if token.kind in ("LPAR", "LBRACE"):
                opened.append(base)
            elif token.kind in ("NAME", "NUMBER"):
                left, right = Token("LPAR", "(", token.span), Token("RPAR", ")", token.span)
                frames[-1] += [left, token, *_as_argument(base), right]
                continue
            else:
                faults.append(_not_called(base))
                opened += [[]] if token.kind in OPENS else []
        elif token.kind in OPENS:
            opened.append([])
        elif token.kind in CLOSES and opened:
            frames[-1] += _as_argument(opened.pop())
        frames[-1].append(token)
    if pending is not None:
        faults.append(_not_called(pending))
    for left_open in frames[1:]:
        mark = left_open[0]
        frames[0] += [Token("LBRACE", "{", mark.span), *left_open[1:]]
    return frames[0], faults


def _as_argument(base: list[Token]) -> list[Token]:
    """Return a comma and the base, or nothing where there is none."""
    return [Token("COMMA", ",", base[0].span), *base[1:]] if base else []


def _not_called(base: list[Token]) -> Fault:
    return Fault(
        said('a logarithm with a base is written with its argument in brackets'), base[0].span,
        said('such as log_a(x), or log(x, a)'),
    )  # fmt: skip
