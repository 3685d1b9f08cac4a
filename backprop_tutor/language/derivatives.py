"""Derivatives where a formula is expected, `d/dx x²` and `∂f/∂x`: they are found, not typed.

Enters: the tokens of a formula as the lexer made them. Leaves: the fault of the first derivative in
it, with what to type instead. Read as products of `d` and `x` they would silently mean nothing.
"""

from __future__ import annotations

from ..errors import Fault, Span, quoted
from ..sentences import said
from .names import Names
from .symbols import bare
from .tokens import CLOSES, OPENS, Token

__all__ = ["PARTIAL", "derivative_fault"]

PARTIAL = "⟨∂⟩"
"""The text of the token of `∂`."""


def derivative_fault(tokens: list[Token], text: str, stop: int, names: Names) -> Fault | None:
    """Return the fault of the first derivative among the tokens, or None where there is none."""
    partners: dict[int, int] | None = None
    for i, token in enumerate(tokens):
        if token.kind != "word" or not _differential(token.text, names, alone=True):
            continue
        top, j = _part(tokens, i)
        taken = ""
        if top == "d" and j < len(tokens) and tokens[j].kind == "LPAR":
            partners = _partners(tokens) if partners is None else partners
            end = partners.get(j, j)  # d(x²)/dx
            taken = text[tokens[j].span.start : tokens[end].span.stop] if end > j else ""
            j = end + 1
        if j < len(tokens) and tokens[j].kind in ("DIVIDE", "OVER"):
            bottom, end = _part(tokens, j + 1)
            if bottom and _differential(tokens[j + 1].text, names, alone=len(bottom) > 1):
                span = Span(token.span.start, tokens[end - 1].span.stop)
                rest = taken or _rest(tokens, end, text, stop)
                return _fault(top, bottom, span, rest, names, token.text == PARTIAL)
        if token.text == PARTIAL:
            return Fault(said("a `∂` without a quotient such as ∂f/∂x"), token.span, _found(names))
    return None


def _partners(tokens: list[Token]) -> dict[int, int]:
    """Return for each bracket that opens the place of the one that closes it."""
    found: dict[int, int] = {}
    opened: list[int] = []
    for i, token in enumerate(tokens):
        if token.kind in OPENS:
            opened.append(i)
        elif token.kind in CLOSES and opened:
            found[opened.pop()] = i
    return found


def _differential(run: str, names: Names, alone: bool) -> bool:
    """Return whether the run is `d`, `∂` or one of them with a name, and no name that is known."""
    if run == PARTIAL:
        return True
    plain = bare(run)
    if not plain.startswith("d") or plain in names.declared or "d" in names.declared:
        return False
    if len(plain) == 1:
        return alone
    return plain[1].isalpha() and not names.is_whole(run)


def _part(tokens: list[Token], i: int) -> tuple[str, int]:
    """Return what the derivative's upper or lower part is of, `d` before it, and where it ends."""
    read = ""
    while i < len(tokens) and tokens[i].kind in ("word", "super", "POWER", "NUMBER", "LBRACE"):
        if tokens[i].kind == "word":
            if read and read != "d":
                break
            read += "d" if tokens[i].text == PARTIAL else bare(tokens[i].text)
        elif tokens[i].kind == "NUMBER" and tokens[i - 1].kind != "POWER":
            break
        i += 1
    return read, i


def _rest(tokens: list[Token], end: int, text: str, stop: int) -> str:
    """Return the text behind the derivative, what it is taken of."""
    while end < len(tokens) and tokens[end].kind in ("CLOSE", "RPAR"):
        end += 1
    if end >= len(tokens) or tokens[end].kind not in OPENS | {"word", "NUMBER", "BAR"}:
        return ""
    return text[tokens[end].span.start : stop].strip()


def _found(names: Names) -> str:
    if names.closed:
        return said("write the formula that it is")
    return said("type the formulas alone: every derivative is found from them")


def _fault(
    top: str, bottom: str, span: Span, rest: str, names: Names, partial: bool
) -> Fault:
    shown = f"d{top[1:]}/{bottom}"
    typed = f"∂{top[1:]}/∂{bottom[1:]}" if partial else shown
    message = said("{typed} is a derivative, and formulas are written without", typed=quoted(typed))
    if names.closed or (not rest and len(top) < 2):
        return Fault(message, span, _found(names))
    if len(top) > 1:
        return Fault(
            message,
            span,
            said("type the formula of {top}: {shown} is found from it", top=top[1:], shown=shown),
        )
    return Fault(
        message,
        span,
        said("type f = {rest}: df/{bottom} is found from it", rest=rest, bottom=bottom),
    )
