"""Sums and products over a stated range, `Σ_{i=1}^{3} x_i²`, written out term by term.

Enters: the tokens of a formula with a sum's sign among them. Leaves: the tokens of the terms, the
index replaced by each of its numbers. A sum whose range is not said is refused by name: how many
terms it has, nobody can know. It reaches as far as a product does, up to the next `+` or `−`.
"""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import accumulate

from ..errors import Fault, Span
from ..sentences import said
from .limits import Limits, SizeFault
from .names import Names
from .symbols import SUPERSCRIPT_DIGITS, bare
from .tokens import CLOSES, ENDS_OPERAND, OPENS, Reach, Token

__all__ = ["sum_at", "taken_body", "written_out"]

_SIGN = re.compile(r"⟨Sigma⟩|⟨Pi⟩|∑|∏|\\sum(?![A-Za-z])|\\prod(?![A-Za-z])|sum(?=\s*_)|prod(?=\s*_)")
_LIMITS = r"(?:\s*\\(?:no)?limits)?"
_EQUALS = r"\s*([A-Za-z])\u2060?\s*=\s*(\d+)\s*"
_BELOW = rf"\s*_\s*(?:\{{{_EQUALS}\}}|\({_EQUALS}\)|{_EQUALS})"
_ABOVE = r"\s*(?:\^\s*(?:\{\s*(\d+)\s*\}|\(\s*(\d+)\s*\)|(\d+))|([⁰¹²³⁴⁵⁶⁷⁸⁹]+))"
_RANGE = re.compile(f"{_LIMITS}(?:{_BELOW}{_ABOVE}|{_ABOVE}{_BELOW})")
_INDEX = re.compile(rf"{_LIMITS}\s*_\s*(?:\{{[^{{}}]*\}}|[A-Za-z]\u2060?)")
_END = re.compile(r"\s*\^\s*(?:\{[^{}]*\}|[A-Za-z0-9]+)|[⁰¹²³⁴⁵⁶⁷⁸⁹]+")
_MOST_TERMS = 1_000
_DIGITS = 400
_NUMBER = str.maketrans(SUPERSCRIPT_DIGITS)


def sum_at(text: str, position: int) -> tuple[str, Reach | None, int] | None:
    """Return the sign that begins here with its subscripts, its range if said, and where it ends.

    >>> sum_at("Σ_{i=1}^{3} x".replace("Σ", "⟨Sigma⟩"), 0)
    ('⟨Sigma⟩_{i=1}^{3}', Reach(index='i', low=1, high=3, product=False), 17)
    """
    sign = _SIGN.match(text, position)
    if sign is None:
        return None
    product = sign.group() in ("⟨Pi⟩", "∏", "\\prod", "prod")
    found = _RANGE.match(text, sign.end())
    if found:
        given = [part for part in found.groups() if part is not None]
        index = next(part for part in given if part.isalpha())
        numbers = [_bound(part.translate(_NUMBER)) for part in given if part != index]
        low, high = numbers if given.index(index) == 0 else (numbers[1], numbers[0])
        reach = Reach(index, low, high, product)
        return text[position : found.end()], reach, found.end()
    if sign.group().startswith("⟨") and not _INDEX.match(text, sign.end()):
        return None  # a name; before an operand it is asked about
    index_part = _INDEX.match(text, sign.end())
    stop = index_part.end() if index_part else sign.end()
    end = _END.match(text, stop) if index_part and sign.group()[0] != "⟨" else None
    stop = end.end() if end else stop
    return text[position:stop], None, stop


def _bound(digits: str) -> int:
    """Return the number of a bound; for one of more digits than float64 has, one beyond float64."""
    digits = digits.lstrip("0") or "0"
    return int(digits) if len(digits) <= _DIGITS else 10**_DIGITS


def written_out(
    tokens: list[Token], names: Names, limits: Limits, notes: dict[str, None]
) -> tuple[list[Token], list[Fault]]:
    """Return the tokens with every sum written out, and the faults of those that cannot be.

    `notes` are told how far each reaches.
    """
    faults: list[Fault] = []
    if not any(token.kind == "SUM" or token.text in ("⟨Sigma⟩", "⟨Pi⟩") for token in tokens):
        return tokens, faults
    bars = list(accumulate((token.kind == "BAR" for token in tokens), initial=0))
    behind: list[Token] = []  # what follows, the next token last
    left = 2 * limits.nodes  # so many tokens may be made
    for place in range(len(tokens) - 1, -1, -1):  # the innermost first: it stands further right
        token = tokens[place]
        if token.kind == "SUM" and token.reach is None and bare(token.text) in names.declared:
            behind.append(replace(token, kind="word"))
            continue
        if token.kind == "SUM" and token.reach is not None:
            body = taken_body(behind, inside=bars[place] % 2 == 1)
            left -= (token.reach.high - token.reach.low + 1) * (len(body) + 3)
            fault = _fault(token, token.reach, body, left)
            if fault is None:
                notes[_note(token.reach, behind)] = None
                behind += reversed(_terms(body, token, token.reach, names))
                continue
            faults.append(fault)
            if left < 0:
                return tokens, faults
        elif token.kind == "SUM" or _asks(token, behind, names):
            faults.append(_without_range(token))
        behind.append(token)
    return behind[::-1], faults


def _asks(token: Token, behind: list[Token], names: Names) -> bool:
    """Return whether a Σ that is no known name stands before an operand, as a sum's sign does."""
    if token.text not in ("⟨Sigma⟩", "⟨Pi⟩") or bare(token.text) in names.declared or not behind:
        return False
    return behind[-1].kind in ("word", "NUMBER", "LPAR", "LBRACE", "FRAC", "ROOT")


def _note(reach: Reach, behind: list[Token]) -> str:
    word = said("product" if reach.product else "sum")
    note = said(
        "the {word} over {index} was written out, from {low} to {high}",
        word=word,
        index=reach.index,
        low=reach.low,
        high=reach.high,
    )
    if behind and behind[-1].kind in ("PLUS", "MINUS"):
        note += said(
            "; what follows the `{which}` is no part of it",
            which="+" if behind[-1].kind == "PLUS" else "−",
        )
    return note


def _without_range(token: Token) -> Fault:
    product = any(letter in token.text for letter in ("Pi", "∏", "prod"))
    sign, name, word = ("Π", "Pi", "product") if product else ("Σ", "Sigma", "sum")
    message = said("a {word} whose range is not said in numbers", word=word)
    hint = said("write {sign}_{{i=1}}^{{3}}, or its terms one by one", sign=sign)
    if token.text.startswith("⟨"):
        return Fault(
            said("{message}, or a name {sign}", message=message, sign=sign),
            token.span,
            said("{hint}; the name is typed {name}", hint=hint, name=name),
        )
    return Fault(message, token.span, hint)


def _fault(token: Token, reach: Reach, body: list[Token], left: int) -> Fault | None:
    if not body:
        return Fault(said("nothing stands behind this sum"), token.span, said("expected its terms"))
    if reach.low > reach.high:
        message = said(
            "{index} runs from {low} to {high}: that is no term at all",
            index=reach.index,
            low=reach.low,
            high=reach.high,
        )
        return Fault(message, token.span)
    if reach.high - reach.low >= _MOST_TERMS:
        return SizeFault(
            said("a sum of more than {most_terms:,} terms", most_terms=_MOST_TERMS), token.span
        )
    return (
        SizeFault(said("sums of too many terms to be written out"), token.span)
        if left < 0
        else None
    )


def taken_body(behind: list[Token], inside: bool) -> list[Token]:
    """Take the sum's terms from what follows it, as far as a product reaches, and return them.

    `inside` tells that a bar of |…| is open.
    """
    body: list[Token] = []
    depth = 0
    while behind:
        kind = behind[-1].kind
        if kind in OPENS:
            depth += 1
        elif kind in CLOSES:
            depth -= 1
            if depth < 0:
                return body
        elif depth == 0 and (kind in ("COMMA", "EQUALS", "OVER", "ROOT_OF") or (kind == "BAR" and inside)):
            return body
        elif depth == 0 and kind in ("PLUS", "MINUS") and body:
            before = body[-1].kind
            if before in ENDS_OPERAND or before in ("word", "super", "BAR"):
                return body
        body.append(behind.pop())
    return body


def _terms(body: list[Token], token: Token, reach: Reach, names: Names) -> list[Token]:
    span = Span(token.span.start, token.span.stop)
    left, right = Token("LPAR", "(", span), Token("RPAR", ")", span)
    sign = Token("TIMES", "*", span) if reach.product else Token("PLUS", "+", span)
    made = [left]
    for number in range(reach.low, reach.high + 1):
        made += [sign] if number > reach.low else []
        made += [replace(left)]
        for part in body:
            made += _put_in(part, reach.index, str(number), names)
        made += [replace(right)]
    return [replace(part) for part in [*made, right]]


def _put_in(token: Token, index: str, number: str, names: Names) -> list[Token]:
    """Return the token with the index replaced, several where it is one of the run's letters."""
    if token.kind != "word" or index not in token.text:
        return [token]
    pieces = names.pieces(token.text)
    if not pieces or names.is_whole(token.text):
        return [token]
    made = []
    for i, piece in enumerate(pieces):
        tight = token.tight or i > 0
        if piece == index:
            made.append(Token("LPAR", "(", token.span, tight))  # a factor wherever it stands
            made.append(Token("NUMBER", number, token.span, True))
            made.append(Token("RPAR", ")", token.span, True))
            continue
        text = _with_number(piece, index, number, names)
        layer = token.layer
        if layer is not None:
            layer = (_with_number(layer[0], index, number, names), layer[1])
        made.append(Token("word", text, token.span, tight, layer))
    return made


def _with_number(piece: str, index: str, number: str, names: Names) -> str:
    stem, mark, below = piece.rpartition("_")
    letters = below.strip("{}\u2060")
    accent = letters in ("hat", "bar", "tilde")
    if not mark or accent or index not in letters or not (letters.isalnum() and len(letters) <= 3):
        return piece
    below = letters.replace(index, number)
    if below.isdigit() and bare(stem) + below in names.declared:
        return stem + below  # x1 was given, and x_i is typed
    return f"{stem}_{below}" if below.isdigit() else f"{stem}_{{{below}}}"
