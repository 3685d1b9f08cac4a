"""Text to tokens: numbers, names, signs, and the multiplication signs that mathematics leaves out.

Enters: text in plain characters. Leaves: statements, each a list of tokens, and every fault found on
the way. The grammar (`grammar.py`) sees only tokens; what a run of letters means is `names.py`'s.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ..errors import Fault, Span, quoted
from .bars import match_bars
from .limits import Limits
from .names import Names
from .symbols import SUPERSCRIPT_DIGITS, Plain

__all__ = ["Scanner", "Statement", "Token"]


@dataclass(slots=True)
class Token:
    """One word of the language: its kind (a terminal of the grammar), its text, its place.

    `tight` tells that nothing stood between it and the token before.
    """

    kind: str
    text: str
    span: Span
    tight: bool = False


@dataclass(slots=True)
class Statement:
    """The tokens of one assignment or formula; `equals` is where its `=` stands, if any."""

    tokens: list[Token]
    equals: int | None = None


_TOKEN = re.compile(
    r"""
    (?P<space>[ \f\v]+|\\\n)
  | (?P<joiner>\u2060)
  | (?P<comment>\#[^\n]*)
  | (?P<number>(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)
  | (?P<word>(?:⟨[A-Za-z]+⟩\d*(?:_[A-Za-z0-9]+)?|[A-Za-z][A-Za-z0-9_]*))
  | (?P<super>[⁻⁺]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+)
  | (?P<POWER>\*\*|\^)
  | (?P<TIMES>\*)
  | (?P<DIVIDE>/)
  | (?P<PLUS>\+)
  | (?P<MINUS>-)
  | (?P<LPAR>\()
  | (?P<RPAR>\))
  | (?P<COMMA>,)
  | (?P<EQUALS>=)
  | (?P<BAR>\|)
  | (?P<end>[\n;])
    """,
    re.VERBOSE,
)

_ENDS_OPERAND = frozenset({"NUMBER", "NAME", "RPAR", "BAR_CLOSE"})
_STARTS_OPERAND = frozenset({"NUMBER", "NAME", "FUNCTION", "LPAR", "BAR_OPEN"})

_STRANGERS = {
    "[": ("square brackets are not part of the language", "use ( and )"),
    "]": ("square brackets are not part of the language", "use ( and )"),
    "{": ("curly brackets are not part of the language", "use ( and )"),
    "}": ("curly brackets are not part of the language", "use ( and )"),
    ".": ("a `.` that belongs to no number; names have no attributes", ""),
    "'": ("quotation marks are not part of the language", ""),
    '"': ("quotation marks are not part of the language", ""),
    ":": ("a `:` has no meaning here", "an assignment is written with `=` alone"),
    "!": ("a `!` has no meaning here", ""),
    "%": ("a `%` has no meaning here", "write a percentage as a decimal: 0.52"),
    "_": ("a name starts with a letter, not with `_`", ""),
    "<": ("comparisons are not part of the language", ""),
    ">": ("comparisons are not part of the language", ""),
    "∂": ("a derivative is not a name", "an assignment's left side is a name"),
    "\\": ("a backslash starts LaTeX, and this text was not read as LaTeX", ""),
}


class Scanner:
    """Turns one text into statements; `faults` and `notes` gather what was found on the way."""

    def __init__(self, plain: Plain, names: Names, limits: Limits, comments: bool = True) -> None:
        self.plain = plain
        self.names = names
        self.limits = limits
        self.comments = comments
        self.faults: list[Fault] = list(plain.faults)
        self.notes: list[str] = []

    def raw(self) -> Iterator[Token]:
        """Yield the tokens as they stand, before words are read and products are filled in."""
        text, position, tight = self.plain.text, 0, False
        end = len(text)
        while position < end:
            match = _TOKEN.match(text, position)
            if match is None:
                position = self._stranger(position)
                tight = False
                continue
            kind = match.lastgroup or ""
            start, position = position, match.end()
            span = self.plain.span(start, position)
            if kind == "space":
                tight = False
                continue
            if kind == "joiner":
                continue
            if kind == "comment":
                if not self.comments:
                    self.faults.append(
                        Fault("a `#` starts a comment, and a formula has none", span, "delete it")
                    )
                tight = False
                continue
            if kind == "number":
                yield from self._number(match.group(), span, tight, position)
            else:
                yield Token(kind, match.group(), span, tight)
            tight = True

    def _stranger(self, position: int) -> int:
        text = self.plain.text
        character = text[position]
        stop = position + 1
        while stop < len(text) and text[stop] == character:
            stop += 1
        message, hint = _STRANGERS.get(character, (f"{quoted(character)} has no meaning here", ""))
        self.faults.append(Fault(message, self.plain.span(position, stop), hint))
        return stop

    def _number(self, text: str, span: Span, tight: bool, stop: int) -> Iterator[Token]:
        after = self.plain.text[stop : stop + 1]
        if len(text) > self.limits.digits:
            self.faults.append(
                Fault(f"a number of {len(text)} characters; at most {self.limits.digits}", span)
            )
            text = "0"
        elif (
            text == "0"
            and after in ("x", "X", "b", "o")
            and self.plain.text[stop + 1 : stop + 2].isalnum()
        ):
            self.faults.append(
                Fault("hexadecimal, octal and binary numbers are not part of the language", span)
            )
        elif after == "." and "." in text:
            self.faults.append(Fault("a number with two decimal points", span))
        elif after == "_":
            self.faults.append(Fault("a number has no `_` in it", span))
        yield Token("NUMBER", text, span, tight)

    def statements(self) -> list[Statement]:
        """Return the statements as they stand: words not yet read, products not filled in."""
        groups: list[list[Token]] = [[]]
        depth = 0
        for token in self.raw():
            if token.kind == "end":
                if depth == 0 or token.text == ";":
                    groups.append([])
                    depth = 0
                continue
            if token.kind == "LPAR":
                depth += 1
            elif token.kind == "RPAR":
                depth = max(0, depth - 1)
            groups[-1].append(token)
        return [Statement(group, _first_equals(group)) for group in groups if group]

    def read(self, group: list[Token]) -> list[Token]:
        """Return the tokens of a formula: words read, bars told apart, products filled in."""
        words = list(self._words(group))
        self.faults.extend(match_bars(words))
        return list(self._products(words))

    def _words(self, group: list[Token]) -> Iterator[Token]:
        last = len(group) - 1
        for i, token in enumerate(group):
            if token.kind == "word":
                following = group[i + 1] if i < last else None
                if following is not None and following.kind == "EQUALS":
                    yield Token("OPTION", token.text, token.span, token.tight)
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

    def _word(self, token: Token, following: Token | None) -> Iterator[Token]:
        called = following is not None and following.kind == "LPAR"
        raised = following is not None and following.kind in ("POWER", "super")
        parts, fault, note = self.names.read(
            token.text, called=called, tight=bool(following and following.tight), raised=raised
        )
        if fault:
            self.faults.append(Fault(fault[0], token.span, fault[1]))
        if note and note not in self.notes:
            self.notes.append(note)
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
            raised = i > 2 and [t.kind for t in tokens[i - 3 : i]] == [
                "FUNCTION",
                "POWER",
                "NUMBER",
            ]
            if raised and token.kind == "LPAR":
                name = tokens[i - 3].text
                self._note(
                    f"`{name}^{tokens[i - 1].text}(…)` was read as ({name}(…))^{tokens[i - 1].text}"
                )
            elif before and before.kind in _ENDS_OPERAND and token.kind in _STARTS_OPERAND:
                if token.kind == "NUMBER":
                    self._number_behind(before, token)
                elif slash and before.kind in ("NUMBER", "NAME"):
                    self._note_slash(before, token)
                yield Token("JUXTAPOSED", "", Span(token.span.start, token.span.start), True)
            if before and before.kind == "NAME" and token.kind == "LPAR" and token.tight:
                self._note(
                    f"`{before.text}(` was read as a product: {before.text} is not a function"
                )
            if token.kind in ("PLUS", "MINUS", "TIMES", "LPAR", "RPAR", "COMMA"):
                slash = False
            elif token.kind == "DIVIDE":
                slash = True
            before = token
            yield token

    def _number_behind(self, before: Token, token: Token) -> None:
        if before.kind == "NUMBER":
            message = "two numbers side by side"
        else:
            message = f"a number right behind {quoted(before.text)}"
        self.faults.append(
            Fault(message, token.span, "write the operation between them, for a product `*`")
        )

    def _note_slash(self, before: Token, token: Token) -> None:
        self._note(
            f"`/{before.text}{token.text}` divides by {before.text} alone and then multiplies; "
            f"brackets change that: /({before.text}*{token.text}…)"
        )

    def _note(self, note: str) -> None:
        if note not in self.notes:
            self.notes.append(note)


def _first_equals(group: list[Token]) -> int | None:
    depth = 0
    for i, token in enumerate(group):
        if token.kind == "LPAR":
            depth += 1
        elif token.kind == "RPAR":
            depth -= 1
        elif token.kind == "EQUALS" and depth <= 0:
            return i
    return None
