"""Tokens to formulas: statements told apart, words read, the multiplication signs that mathematics
leaves out filled in.

Enters: the raw tokens of a lexer. Leaves: statements, each a list of tokens, and every fault
found on the way. The grammar sees only tokens; what a run of letters means is `names.py`'s.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from ..errors import Fault, Span, quoted
from ..sentences import said
from .bars import match_bars
from .bases import move_bases
from .cases import arrange_cases
from .comparisons import mark_comparisons
from .indices import ranges_left, with_indices
from .lists import mark_lists
from .names import CONSTANTS, Names
from .symbols import SUPERSCRIPT_DIGITS, bare
from .tokens import CLOSES, ENDS_OPERAND, OPENS, PARTS, STARTS_OPERAND, Statement, Token
from .transposes import transpose_faults, transposed

__all__ = ["Scanner", "Source"]


class Source(Protocol):
    """What a lexer is to the scanner: its tokens, and what it found on the way."""

    faults: list[Fault]
    notes: dict[str, None]
    end: int
    groups: bool

    def tokens(self) -> Iterator[Token]:
        """Yield the tokens as they stand."""


class Scanner:
    """Turns raw tokens into statements; `faults` and `notes` gather what was found on the way."""

    def __init__(self, source: Source, names: Names, arrays: bool = False) -> None:
        self.source = source
        self.names = names
        self.arrays: bool = arrays
        self.faults: list[Fault] = source.faults
        self.notes: dict[str, None] = source.notes

    def statements(self) -> list[Statement]:
        """Return the statements as they stand: words not yet read, products not filled in."""
        groups: list[Statement] = [Statement([])]
        depth = 0
        for token in self.source.tokens():
            if token.text == ";" and _parts_a_left_side(groups[-1].tokens, depth):
                token = Token("COMMA", ",", token.span, token.tight)
            if token.kind == "end":
                if depth == 0 or token.text == ";":
                    groups[-1].stop = token.span.start
                    groups.append(Statement([]))
                    depth = 0
                continue
            if token.kind in OPENS:
                depth += 1
            elif token.kind in CLOSES:
                depth = max(0, depth - 1)
            groups[-1].tokens.append(token)
        groups[-1].stop = self.source.end
        found = [group for group in groups if group.tokens]
        for group in found:
            group.equals = _first_equals(group.tokens)
        return found

    def read(self, group: list[Token]) -> list[Token]:
        """Return the tokens of a formula: words read, bars told apart, products filled in."""
        if self.arrays:
            group, unclear = with_indices(group, self.names, self.source.groups)
            self.faults.extend([*unclear, *ranges_left(group)])
            group = transposed(group, self.names, self.notes)
        else:
            self.faults.extend(transpose_faults(group, self.names))
        words, unclear = move_bases(list(self._words(group)))
        self.faults.extend(unclear)
        words, unclear = arrange_cases(words)
        self.faults.extend(unclear)
        self.faults.extend(mark_comparisons(words))
        self.faults.extend(mark_lists(words, self.source.groups, self.arrays))
        self.faults.extend(match_bars(words))
        return list(self._products(words))

    def _words(self, group: list[Token]) -> Iterator[Token]:
        last = len(group) - 1
        depth = 0
        for i, token in enumerate(group):
            if token.kind in OPENS:
                depth += 1
            elif token.kind in CLOSES:
                depth -= 1
            if token.kind == "word":
                following = group[i + 1] if i < last else None
                before = group[i - 1].kind if i else ""
                if depth > 0 and following is not None and following.kind == "EQUALS":
                    yield Token("OPTION", token.text, token.span, token.tight)
                elif depth > 0 and before == "EQUALS" and token.text in _TRUTHS:
                    yield Token("NUMBER", _TRUTHS[token.text], token.span, token.tight)
                elif depth > 0 and before == "EQUALS" and token.text == "inf" and group[i - 2].text == "p":
                    yield Token("NUMBER", "inf", token.span, token.tight)
                elif token.layer is not None:
                    yield from self._layered(token, token.layer, following)
                else:
                    yield from self._word(token, following)
            elif token.kind == "super":
                yield Token("POWER", "^", token.span, True)
                digits = "".join(SUPERSCRIPT_DIGITS[c] for c in token.text)
                if digits[0] in "+-":
                    sign = "MINUS" if digits[0] == "-" else "PLUS"
                    yield Token(sign, digits[0], token.span, True)
                    digits = digits[1:]
                yield Token("NUMBER", digits, token.span, True)
            else:
                yield token

    def _layered(
        self, token: Token, layer: tuple[str, str], following: Token | None
    ) -> Iterator[Token]:
        """Read `z^{(2)}`: a name with a layer's number, or a power where only `z` can be meant."""
        base, number = layer
        shown = f"`{bare(base)}^{{({number})}}`"
        if self.names.closed and not self.names.knows(token.text) and self.names.knows(base):
            self._note(
                said(
                    "{shown} was read as a power: no name of a layer {number} is known",
                    shown=shown,
                    number=number,
                )
            )
            yield from self._word(Token("word", base, token.span, token.tight), None)
            yield Token("POWER", "^", token.span, True)
            yield Token("NUMBER", number, token.span, True)
            return
        yield from self._word(token, following)

    def _word(self, token: Token, following: Token | None) -> Iterator[Token]:
        if token.note:
            self._note(token.note)
        called = following is not None and following.kind in ("LPAR", "LBRACE", "BASED")
        raised = following is not None and following.kind in ("POWER", "super")
        parts, fault, note = self.names.read(
            token.text, called=called, tight=bool(following and following.tight), raised=raised
        )
        if fault and fault[0]:
            self.faults.append(Fault(fault[0], token.span, fault[1]))
        if note:
            self._note(note)
        start = token.span.start
        exact = token.span.stop - start == len(token.text)
        for i, (kind, text, width) in enumerate(parts):
            span = Span(start, start + width) if exact else token.span
            yield Token(kind, text, span, token.tight or i > 0)
            start += width

    def _products(self, tokens: list[Token]) -> Iterator[Token]:
        before: Token | None = None
        slash = False
        for i, token in enumerate(tokens):
            raised = i > 2 and tokens[i - 3].kind == "FUNCTION" and tokens[i - 2].kind == "POWER"
            if raised and token.kind in STARTS_OPERAND and tokens[i - 1].kind == "NUMBER":
                name, exponent = tokens[i - 3].text, tokens[i - 1].text
                self._note(
                    said(
                        "`{name}^{exponent}(…)` was read as ({name}(…))^{exponent}",
                        name=name,
                        exponent=exponent,
                    )
                )
            elif before and before.kind in ENDS_OPERAND and token.kind in STARTS_OPERAND:
                if token.kind == "NUMBER" and token.text not in CONSTANTS:
                    self._number_behind(before, token)
                elif slash and before.kind in ("NUMBER", "NAME"):
                    self._note_slash(before, token)
                yield Token("JUXTAPOSED", "", Span(token.span.start, token.span.start), True)
            if before and before.kind == token.kind == "NAME" and not token.tight:
                self._note(
                    said(
                        "`{given} {given_2}` was read as {given}·{given_2}",
                        given=before.text,
                        given_2=token.text,
                    )
                )
            if before and before.kind == "NAME" and token.kind == "LPAR" and token.tight:
                self._note(
                    said(
                        "`{given}(` was read as a product: {given} is not a function",
                        given=before.text,
                    )
                )
            if i > 1 and token.kind == tokens[i - 2].kind == "POWER":
                given = tokens[i - 1].text
                note = said("`^{given}^` raises {given} first: powers go from right to left", given=given)
                self._note(note)
            if token.kind in ("PLUS", "MINUS", "TIMES", "COMMA") or token.kind in PARTS:
                slash = False
            elif token.kind == "DIVIDE":
                slash = True
            before = token
            yield token

    def _number_behind(self, before: Token, token: Token) -> None:
        if before.kind == "NUMBER":
            message = said("two numbers side by side")
        else:
            message = said("a number right behind {given}", given=quoted(before.text))
        self.faults.append(
            Fault(message, token.span, said("write the operation between them, for a product `*`"))
        )

    def _note_slash(self, before: Token, token: Token) -> None:
        self._note(
            said(
                "`/{given}{given_2}` divides by {given} alone and then multiplies; brackets change "
                "that: /({given}*{given_2}…)",
                given=before.text,
                given_2=token.text,
            )
        )

    def _note(self, note: str) -> None:
        self.notes[note] = None


def _parts_a_left_side(group: list[Token], depth: int) -> bool:
    """Return whether a `;` here parts what `f(x; w) =` depends on, and not two assignments."""
    begun = depth == 1 and len(group) > 2 and group[0].kind == "word" and group[1].text == "("
    return begun and all(t.kind in ("word", "COMMA") for t in group[2:])


_TRUTHS = {"True": "1", "False": "0", "true": "1", "false": "0"}
"""What stands behind an option's name: `keepdims=True`."""


def _first_equals(group: list[Token]) -> int | None:
    depth = 0
    for i, token in enumerate(group):
        if token.kind in OPENS:
            depth += 1
        elif token.kind in CLOSES:
            depth -= 1
        elif token.kind == "EQUALS" and depth <= 0:
            return i
    return None
