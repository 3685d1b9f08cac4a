"""Sums and products over a stated range, `Σ_{i=1}^{3} x_i²`, written out term by term.

Enters: the tokens of a formula with a sum's sign among them. Leaves: the tokens of the terms, the
index replaced by each of its numbers. A sum whose range is not said is refused by name: how many
terms it has, nobody can know. It reaches as far as a product does, up to the next `+` or `−`.
"""

from __future__ import annotations

import re
from dataclasses import replace

from ..errors import Fault, Span
from .limits import Limits, SizeFault
from .names import Names
from .symbols import SUPERSCRIPT_DIGITS, bare
from .tokens import CLOSES, ENDS_OPERAND, OPENS, Reach, Token

__all__ = ["sum_at", "written_out"]

_SIGN = re.compile(r"⟨Sigma⟩|⟨Pi⟩|∑|∏|\\sum(?![A-Za-z])|\\prod(?![A-Za-z])|sum(?=\s*_)|prod(?=\s*_)")
_LIMITS = r"(?:\s*\\(?:no)?limits)?"
_EQUALS = r"\s*([A-Za-z])\u2060?\s*=\s*(\d+)\s*"
_BELOW = rf"\s*_\s*(?:\{{{_EQUALS}\}}|\({_EQUALS}\)|{_EQUALS})"
_ABOVE = r"\s*(?:\^\s*(?:\{\s*(\d+)\s*\}|\(\s*(\d+)\s*\)|(\d+))|([⁰¹²³⁴⁵⁶⁷⁸⁹]+))"
_RANGE = re.compile(f"{_LIMITS}(?:{_BELOW}{_ABOVE}|{_ABOVE}{_BELOW})")
_INDEX = re.compile(rf"{_LIMITS}\s*_\s*(?:\{{[^{{}}]*\}}|[A-Za-z]\u2060?)")
_END = re.compile(r"\s*\^\s*(?:\{[^{}]*\}|[A-Za-z0-9]+)|[⁰¹²³⁴⁵⁶⁷⁸⁹]+")
_MOST_TERMS = 1_000
_NUMBER = str.maketrans(SUPERSCRIPT_DIGITS)


def sum_at(text: str, position: int) -> tuple[str, Reach | None, int] | None:
    """Return the sign that begins here with its subscripts, its range if said, and where it ends.

    >>> sum_at("Σ_{i=1}^{3} x".replace("Σ", "⟨Sigma⟩"), 0)
    ('⟨Sigma⟩_{i=1}^{3}', Reach(index='i', low=1, high=3, product=False), 18)
    """
    sign = _SIGN.match(text, position)
    if sign is None:
        return None
    product = sign.group() in ("⟨Pi⟩", "∏", "\\prod", "prod")
    found = _RANGE.match(text, sign.end())
    if found:
        given = [part for part in found.groups() if part is not None]
        index = next(part for part in given if part.isalpha())
        numbers = [int(part.translate(_NUMBER)) for part in given if part != index]
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


def written_out(
    tokens: list[Token], names: Names, limits: Limits, notes: dict[str, None]
) -> tuple[list[Token], list[Fault]]:
    """Return the tokens with every sum written out, and the faults of those that cannot be.

    `notes` are told how far each reaches.
    """
    faults: list[Fault] = []
    if not any(token.kind == "SUM" or token.text in ("⟨Sigma⟩", "⟨Pi⟩") for token in tokens):
        return tokens, faults
    out = list(tokens)
    for place in range(len(tokens) - 1, -1, -1):  # the innermost first: it stands further right
        token = tokens[place]
        if token.kind == "SUM":
            named = bare(token.text)
            if token.reach is None and named in names.declared:
                out[place] = replace(token, kind="word")
                continue
            if token.reach is None:
                faults.append(_without_range(token))
                continue
            stop = _stop(out, place)
            terms = _terms(out[place + 1 : stop], token, token.reach, names)
            fault = _fault(out, place, stop, len(terms), limits)
            if fault:
                faults.append(fault)
                continue
            out[place:stop] = terms
            notes[_note(token.reach, out[place + len(terms) :])] = None
        elif token.text in ("⟨Sigma⟩", "⟨Pi⟩") and bare(token.text) not in names.declared:
            following = out[place + 1].kind if place + 1 < len(out) else ""
            if following in ("word", "NUMBER", "LPAR", "LBRACE", "FRAC", "ROOT"):
                faults.append(_without_range(token))
    return out, faults


def _note(reach: Reach, behind: list[Token]) -> str:
    word = "product" if reach.product else "sum"
    note = f"the {word} over {reach.index} was written out, from {reach.low} to {reach.high}"
    if behind and behind[0].kind in ("PLUS", "MINUS"):
        note += f"; what follows the `{'+' if behind[0].kind == 'PLUS' else '−'}` is no part of it"
    return note


def _without_range(token: Token) -> Fault:
    product = any(letter in token.text for letter in ("Pi", "∏", "prod"))
    sign, name, word = ("Π", "Pi", "product") if product else ("Σ", "Sigma", "sum")
    message = f"a {word} whose range is not said in numbers"
    hint = f"write {sign}_{{i=1}}^{{3}}, or its terms one by one"
    if token.text.startswith("⟨"):
        return Fault(f"{message}, or a name {sign}", token.span, f"{hint}; the name is typed {name}")
    return Fault(message, token.span, hint)


def _fault(out: list[Token], place: int, stop: int, made: int, limits: Limits) -> Fault | None:
    token, reach = out[place], out[place].reach
    assert reach is not None  # the caller looked
    if stop == place + 1:
        return Fault("nothing stands behind this sum", token.span, "expected its terms")
    if reach.low > reach.high:
        message = f"{reach.index} runs from {reach.low} to {reach.high}: that is no term at all"
        return Fault(message, token.span)
    if reach.high - reach.low >= _MOST_TERMS or made > 8 * limits.nodes:
        return SizeFault(f"a sum of more than {_MOST_TERMS:,} terms", token.span)
    return None


def _stop(tokens: list[Token], place: int) -> int:
    """Return where the terms of the sum at `place` end: as far as a product reaches."""
    inside = sum(t.kind == "BAR" for t in tokens[:place]) % 2 == 1
    depth = 0
    for i in range(place + 1, len(tokens)):
        kind = tokens[i].kind
        if kind in OPENS or kind in CLOSES:
            depth += 1 if kind in OPENS else -1
            if depth < 0:
                return i
        elif depth > 0:
            continue
        elif kind in ("COMMA", "EQUALS", "OVER", "ROOT_OF") or (kind == "BAR" and inside):
            return i
        elif kind in ("PLUS", "MINUS"):
            before = tokens[i - 1].kind
            if i > place + 1 and (before in ENDS_OPERAND or before in ("word", "super", "BAR")):
                return i
    return len(tokens)


def _terms(body: list[Token], token: Token, reach: Reach, names: Names) -> list[Token]:
    span = Span(token.span.start, token.span.stop)
    left, right = Token("LPAR", "(", span), Token("RPAR", ")", span)
    sign = Token("TIMES", "*", span) if reach.product else Token("PLUS", "+", span)
    made = [left]
    for number in range(reach.low, min(reach.high, reach.low + _MOST_TERMS) + 1):
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
            made.append(Token("NUMBER", number, token.span, tight))
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
