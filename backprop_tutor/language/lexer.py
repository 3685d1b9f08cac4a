"""Text in plain characters to raw tokens: numbers, words, signs, one after the other.

Enters: text in plain characters. Leaves: tokens as they stand, before words are read and products
are filled in (`scan.py`), and a fault for everything that is no token. LaTeX has a lexer of its
own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..errors import Fault, Span, quoted
from ..sentences import N_, said
from .derivatives import PARTIAL
from .dotted import dotted
from .elsewhere import entry_by_entry
from .limits import Limits, SizeFault
from .norms import norm_bar, norm_end
from .sums import sum_at
from .symbols import Plain
from .tokens import Token

__all__ = ["Lexer", "number_fault"]

_TOKEN = re.compile(
    r"""
    (?P<space>[ \f\v]+|\\\n)
  | (?P<joiner>\u2060)
  | (?P<partial>∂)
  | (?P<comment>\#[^\n]*)
  | (?P<number>(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)
  | (?P<word>(?:⟨[A-Za-z]+⟩(?:_(?:hat|bar|tilde))?\d*(?:_(?:\d+|[A-Za-z]+\d*))?
              |[A-Za-z]\d*_⟨[A-Za-z]+⟩|[A-Za-z][A-Za-z0-9_]*))
  | (?P<super>[⁻⁺]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+)
  | (?P<TRANSPOSED>\^?ᵀ|\.T(?![A-Za-z0-9_])|\^\{?⊤\}?)
  | (?P<MATMUL>@)
  | (?P<POWER>\*\*|\^)
  | (?P<TIMES>\*)
  | (?P<DIVIDE>/)
  | (?P<PLUS>\+)
  | (?P<MINUS>-)
  | (?P<LPAR>[(\[])
  | (?P<RPAR>[)\]])
  | (?P<COMMA>,)
  | (?P<COMPARE>[<>]=?|=[<>])
  | (?P<EQUALS>:?=(?!=))
  | (?P<BAR>\|)
  | (?P<end>[\n;])
    """,
    re.VERBOSE,
)
_RANGE = re.compile(r"\.\.\.|…|:(?!=)")
"""What stands between the brackets of an index beside numbers: a range's colon, and all that is left."""

_NORM: tuple[tuple[str, str], ...] = (("word", "norm"), ("LPAR", "("))

_STRANGERS = {
    "{": (N_("curly brackets are not part of the language"), "use ( and )"),
    "}": (N_("curly brackets are not part of the language"), "use ( and )"),
    ".": (N_("a `.` that belongs to no number; names have no attributes"), ""),
    "'": (N_("a prime is a derivative, and a derivative is not a name"),
          N_("type the formulas alone: every derivative is found from them")),
    "∞": (N_("infinity is not a number"), N_("of a norm it is the order: ‖x‖_∞")),
    "‖": (N_("norms are not part of the language"), N_("for one number write |x|")),
    '"': (N_("quotation marks are not part of the language"), ""),
    ":": (N_("a `:` has no meaning here"), N_("an assignment is written with `=` alone")),
    "!": (N_("a `!` has no meaning here"), ""),
    "%": (N_("a `%` has no meaning here"), N_("52% is written 0.52; there is no operation for remainders")),
    "_": (N_("a name starts with a letter, not with `_`"), ""),
    "=": (N_("equality is not part of the language: comparisons are >, <, >= and <="),
          N_("an assignment has one `=`")),
    "\\": (N_("a backslash starts LaTeX, and this text was not read as LaTeX"), ""),
}


class Lexer:
    """Yields the tokens of one text; `faults` and `notes` gather what was found on the way."""

    groups = False
    """Whether square brackets group as round ones do; else they are a list's alone."""

    def __init__(
        self, plain: Plain, limits: Limits, comments: bool = True, arrays: bool = False
    ) -> None:
        self.plain = plain
        self.limits = limits
        self.comments = comments
        self.arrays = arrays
        self.norm: bool = False  # whether a ‖ is open
        self.faults: list[Fault] = list(plain.faults)
        self.notes: dict[str, None] = {}
        self.end: int = plain.offsets[-1]
        self.opened: list[str] = []

    def tokens(self) -> Iterator[Token]:
        """Yield the tokens as they stand, before words are read and products are filled in."""
        text, position, tight = self.plain.text, 0, False
        end = len(text)
        while position < end:
            if text[position] in "⟨∑∏sp":
                found = None if tight and text[position - 1].isalnum() else sum_at(text, position)
                if found is not None:
                    span = self.plain.span(position, found[2])
                    yield Token("SUM", found[0], span, tight, reach=found[1])
                    position, tight = found[2], True
                    continue
            ranged = _RANGE.match(text, position) if self.arrays and self.opened[-1:] == ["["] else None
            if ranged:
                span = self.plain.span(position, ranged.end())
                yield Token("RANGE", ":" if ranged.group() == ":" else "...", span, tight)
                position, tight = ranged.end(), True
                continue
            width = self._norm_bar(position) if self.arrays and text[position] in "‖|" else 0
            if width:
                span, self.norm = self.plain.span(position, position + width), not self.norm
                signs, position = _NORM, position + width
                if not self.norm:
                    ended = norm_end(text, position, plain=True)
                    signs, position = ended.tokens, ended.stop
                    self.notes |= {ended.note: None} if ended.note else {}
                    if ended.place is not None:
                        span = self.plain.span(ended.place, ended.stop)
                        self.faults.append(Fault(ended.fault[0], span, ended.fault[1]))
                yield from (Token(kind, sign, span, tight) for kind, sign in signs)
                tight = True
                continue
            match = _TOKEN.match(text, position)
            if match is None:
                found_dot = dotted(text, position) if text[position] == "." else None
                if found_dot is not None:
                    span = self.plain.span(found_dot.start, found_dot.stop)
                    self.faults.append(Fault(found_dot.message, span, found_dot.hint))
                    position, tight = found_dot.stop, False
                    if found_dot.stands_for:
                        yield Token("word", found_dot.stands_for, span, False)
                    continue
                start, position = position, self._stranger(position)
                if text[start] in _BRACKETS:  # so that what it encloses is read all the same
                    span = self.plain.span(start, start + 1)
                    yield Token(_BRACKETS[text[start]], text[start], span, tight)
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
            if kind == "partial":
                yield Token("word", PARTIAL, span, tight)
                tight = True
                continue
            if kind == "comment":
                if not self.comments:
                    message = said("a `#` starts a comment, and a formula has none")
                    self.faults.append(Fault(message, span, said("delete it")))
                tight = False
                continue
            if kind == "number":
                text_read, position = self._number(match.group(), span, position)
                yield Token("NUMBER", text_read, span, tight)
            else:
                if kind == "LPAR":
                    self.opened.append(match.group())
                elif kind == "COMPARE" and match.group()[0] == "=":
                    message = said("`{group}` is no comparison", group=match.group())
                    self.faults.append(
                        Fault(message, span, said("write `{group}`", group=match.group()[::-1]))
                    )
                elif kind == "RPAR" and self.opened:
                    self.opened.pop()
                elif match.group() == ";" and self.opened != ["("]:
                    self.opened.clear()
                yield Token(kind, match.group(), span, tight)
            tight = True

    def _norm_bar(self, position: int) -> int:
        """Return how many characters of a norm's bar stand here, ‖ or ||; 0 where it is no norm's."""
        if self.plain.text[position] == "‖":
            return 1
        width, (message, hint) = norm_bar(self.plain.text, position)
        if message:
            self.faults.append(Fault(message, self.plain.span(position, position + width), hint))
        return width

    def _stranger(self, position: int) -> int:
        text = self.plain.text
        character = text[position]
        stop = position + 1
        if character == "{":
            self.opened.append(character)
        elif character == "}":
            left = self.opened.pop() if self.opened else ""
            if left in ("(", "["):
                message = said(
                    "`{left}` is closed by `{character}`", left=left, character=character
                )
                hint = said("use `{right}`", right=_RIGHT[left])
                self.faults.append(Fault(message, self.plain.span(position, stop), hint))
                return stop
            if left:
                return stop  # it was refused where it opened
        elif character == "_":
            while stop < len(text) and (text[stop].isalnum() or text[stop] == "_"):
                stop += 1
        else:
            while stop < len(text) and text[stop] == character:
                stop += 1
        message, hint = _STRANGERS.get(
            character, (said("{character} has no meaning here", character=quoted(character)), "")
        )
        if character == "_" and text[position - 1 : position] in (")", "]"):
            message = said("a subscript belongs to a name")
            hint = said("one entry is taken by its place, from 0 on: [0]")
        elif character == ".":
            hint = entry_by_entry(text, position)
        elif character == "'" and self.arrays:
            hint = N_("a transpose is W.T or Wᵀ, a product of matrices A @ B")
        self.faults.append(Fault(message, self.plain.span(position, stop), hint))
        return stop

    def _number(self, text: str, span: Span, stop: int) -> tuple[str, int]:
        """Return the number as read, and where to go on."""
        fault, after = number_fault(text, self.plain.text, stop, self.limits, span)
        if fault is not None:
            self.faults.append(fault)
            return "0", after
        return text, after


def number_fault(
    text: str, whole: str, stop: int, limits: Limits, span: Span
) -> tuple[Fault | None, int]:
    """Return what is wrong with a number, if anything is, and where it ends all told."""
    if len(text) > limits.digits:
        message = said(
            "a number of {count:,} characters; at most {digits}",
            count=len(text),
            digits=limits.digits,
        )
        return SizeFault(message, span), stop
    if text == "0":
        prefixed = _PREFIXED.match(whole, stop - 1)
        if prefixed:
            message = said("hexadecimal, octal and binary numbers are not part of the language")
            return Fault(
                message, Span(span.start, span.start + len(prefixed.group()))
            ), prefixed.end()
    broken = _BROKEN.match(whole, stop)
    if broken and (broken.group()[0] == "_" or "." in text):
        message = (
            said("a number has no `_` in it")
            if broken.group()[0] == "_"
            else said("a number with two decimal points")
        )
        return Fault(message, Span(span.start, span.stop + len(broken.group()))), broken.end()
    return None, stop


_PREFIXED = re.compile(r"0(?:[xX][0-9A-Fa-f]+|[bB][01]+|[oO][0-7]+)(?![A-Za-z0-9_])")
_BROKEN = re.compile(r"(?:[._]\d+)+|\.(?!\d)")
_BRACKETS = {"{": "LPAR", "}": "RPAR"}
_RIGHT = {"(": ")", "[": "]"}
