"""The exceptions a user can cause, and the caret drawn under the offending character.

Everything a user does wrong ends in a subclass of `TutorError`. Each says what was given, where,
what was expected and, where there is one, the nearest valid choice; none shows a traceback on the
command line. This module knows nothing of the house but the language in which sentences are said.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Self

from .sentences import said, sentence

__all__ = [
    "DomainError",
    "Fault",
    "FileError",
    "LimitError",
    "MissingValueError",
    "OptionError",
    "ParseError",
    "ShapeError",
    "Span",
    "TutorError",
    "UnknownNameError",
    "caret",
    "columns_of",
    "did_you_mean",
    "harmless",
    "nearest",
    "printable",
    "quoted",
]


@dataclass(frozen=True, slots=True)
class Span:
    """Where a piece of text stands: offsets `[start, stop)` into the text as it was given."""

    start: int
    stop: int

    def line_and_column(self, text: str) -> tuple[int, int]:
        """Return the line and the column of the span's start, both counted from 1.

        >>> Span(6, 7).line_and_column("a = 1\\nb = ?")
        (2, 1)
        """
        before = text[: self.start]
        return before.count("\n") + 1, self.start - (before.rfind("\n") + 1) + 1


class TutorError(Exception):
    """The base of every error that a user can cause; its message is safe on a terminal.

    What the message is about is data, too; None, or no names, where it is about none of these.

    Attributes:
        names: the names at fault: inputs without a value, a name that there is not.
        node: the node at which something failed.
        choices: what there was to choose from.
        line, column: where in the text, from 1.
        filename: the file.

    >>> from backprop_tutor import derive
    >>> try:
    ...     derive("f = w*x", at={"w": 2}).gradients["v"]
    ... except TutorError as error:
    ...     print(type(error).__name__, error.names)
    MissingValueError ('x',)
    """

    names: tuple[str, ...] = ()
    node: str | None = None
    choices: tuple[str, ...] = ()
    line: int | None = None
    column: int | None = None
    filename: str | None = None

    def about(
        self, *, names: Iterable[str] | None = None, node: str | None = None,
        choices: Iterable[str] | None = None, filename: str | None = None,
    ) -> Self:  # fmt: skip
        """Return the error itself, with what it is about."""
        if names is not None:
            self.names = tuple(names)
        if choices is not None:
            self.choices = tuple(choices)
        self.node = node if node is not None else self.node
        self.filename = filename if filename is not None else self.filename
        return self

    def __str__(self) -> str:
        return harmless(str(self.args[0]) if len(self.args) == 1 else super().__str__())


class OptionError(TutorError, ValueError):
    """An option, a value or a setting that is not one of the valid choices.

    >>> from backprop_tutor import derive
    >>> derive("f = 2x", at={"x": 1}).explain("latx")
    Traceback (most recent call last):
        ...
    backprop_tutor.errors.OptionError: format is one of text, ..., not `latx`; did you mean `latex`?
    """


class UnknownNameError(TutorError, LookupError):
    """A name that the program or the graph does not have.

    >>> from backprop_tutor import derive
    >>> derive("f = 2x", at={"x": 1}).local("f", "y")
    Traceback (most recent call last):
        ...
    backprop_tutor.errors.UnknownNameError: the graph has no node `y`; its nodes: x, f
    """


class MissingValueError(TutorError, ValueError):
    """Inputs of a program for which no value was given; all of them are listed.

    >>> from backprop_tutor import derive
    >>> derive("f = w*x", at={"w": 2})
    Traceback (most recent call last):
        ...
    backprop_tutor.errors.MissingValueError: no value for x; give one: x=…
    """


class DomainError(TutorError, ArithmeticError):
    """A number outside an operation's domain: log(-1), 1/0, an overflow.

    >>> from backprop_tutor import derive
    >>> derive("f = 1/x", at={"x": 0})
    Traceback (most recent call last):
        ...
    backprop_tutor.errors.DomainError: f = 1/x is a division by zero; at x = 0
    """


class ShapeError(TutorError, ValueError):
    """Operands whose number or shape does not fit.

    >>> from backprop_tutor import derive
    >>> derive("L = sum(X@W)", at={"X": [[1, 2]], "W": [[3, 4]]})
    Traceback (most recent call last):
        ...
    backprop_tutor.errors.ShapeError: line 1, column 9: the inner sizes 2 and 1 of 1×2 @ 1×2 differ; ...
      L = sum(X@W)
              ^^^
    """


class FileError(TutorError, OSError):
    """A file that cannot be read, understood or written.

    >>> from backprop_tutor import derive
    >>> derive("f = 2x", at={"x": 1}).diagram().save("none/f.svg")
    Traceback (most recent call last):
        ...
    backprop_tutor.errors.FileError: `none/f.svg` cannot be written: there is no folder `none`
    """


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in a text: the message, where it stands, and a hint towards the remedy."""

    message: str
    span: Span
    hint: str = ""

    def __post_init__(self) -> None:
        # Tables of faults are written in English; a fault is said in the language of its finding.
        object.__setattr__(self, "message", sentence(self.message))
        object.__setattr__(self, "hint", sentence(self.hint))


class ParseError(TutorError, ValueError):
    """Text that is not a program or a formula; every fault found is in `faults`.

    `line` and `column` (from 1) and `caret` belong to the first fault.

    >>> from backprop_tutor import parse
    >>> try:
    ...     parse("f = w x + * b")
    ... except ParseError as error:
    ...     print(error.line, error.column, error.faults[0].message)
    1 11 nothing stands between `+` and this
    """

    def __init__(self, text: str, faults: Iterable[Fault], source: str = "") -> None:
        self.text = text
        self.faults: tuple[Fault, ...] = tuple(faults)
        self.source = source
        first = self.faults[0]
        self.line: int
        self.column: int
        self.line, self.column = first.span.line_and_column(text)
        self.filename: str | None = source or None
        self.caret: str = caret(text, first.span)
        self.hint: str = first.hint
        # In the language in which it happened, wherever it is shown.
        self._said = harmless("\n".join(self._paragraph(fault) for fault in self.faults))
        super().__init__(text, self.faults, source)

    def __str__(self) -> str:
        return self._said

    def _paragraph(self, fault: Fault) -> str:
        line, column = fault.span.line_and_column(self.text)
        place = f"{self.source}: " if self.source else ""
        head = said(
            "line {line}, column {column}: {message}",
            line=line, column=column, message=fault.message,
        )  # fmt: skip
        tail = f"\n{fault.hint}" if fault.hint else ""
        return f"{place}{head}\n{caret(self.text, fault.span)}{tail}"


class LimitError(ParseError):
    """Text that is larger than what is accepted; the limit is named.

    >>> from backprop_tutor import parse
    >>> try:
    ...     parse("f = " + "1" * 5000)
    ... except LimitError as error:
    ...     print(error.faults[0].message)
    a number of 5,000 characters; at most 400
    """


_WINDOW = 76


_MOVES_A_TERMINAL = re.compile(
    "[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\\u061c\\u200e\\u200f\\u2028-\\u202e\\u2066-\\u2069\\ud800-\\udfff]"
)
"""C0 (but tab and line end), DEL and C1; what turns the direction of writing; lone surrogates."""


def _escape(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")


def harmless(text: str) -> str:
    r"""Return the text with what a terminal would obey, or cannot show, written as escapes.

    Lines stay lines and letters of all scripts stay letters.

    >>> print(harmless("anna\x1b[2J\nben\x9b1m"))
    anna\x1b[2J
    ben\x9b1m
    """
    return _MOVES_A_TERMINAL.sub(lambda found: _escape(found.group()), text)


def printable(text: str) -> str:
    r"""Return the text on one line, every character that does not show written as its escape.

    >>> print(printable("3\x1b[2J\n4\u202e"))
    3\x1b[2J\n4\u202e
    """
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else _escape(c) for c in text)


_ODD = re.compile(
    "[\u0300-\u036f\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\uffff\U00010000-\U0010ffff]"
)
"""Characters that may take another number of columns than one."""


def columns_of(line: str) -> int:
    """Return how many columns a line takes in a terminal; combining marks take none.

    >>> columns_of("ŷ = 가")
    6
    """
    if not _ODD.search(line):
        return len(line)
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1
        for c in line
    )


def caret(text: str, span: Span) -> str:
    """Return the span's line and, under it, carets below the offending characters.

    A long line is cut to a window around the place; a wide letter has two carets.

    >>> print(caret("f = w x + + b", Span(10, 11)))
      f = w x + + b
                ^
    """
    start = text.rfind("\n", 0, span.start) + 1
    end = text.find("\n", span.start)
    line = text[start : end if end >= 0 else len(text)].rstrip("\r")
    column = span.start - start
    width = max(1, min(span.stop, start + len(line)) - span.start)
    left = 0
    if len(line) > _WINDOW:
        left = max(0, min(column - _WINDOW // 2, len(line) - _WINDOW))
    before = ("…" if left else "") + printable(line[left:column])
    width = min(width, max(1, _WINDOW - (column - left)))
    marked = printable(line[column : column + width])
    behind = printable(line[column + width : left + _WINDOW])
    after = "…" if left + _WINDOW < len(line) else ""
    carets = " " * columns_of(before) + "^" * max(1, columns_of(marked))
    return f"  {before}{marked}{behind}{after}\n  {carets}"


def quoted(text: object, most: int = 40) -> str:
    """Return the text in backquotes, cut to `most` characters, what does not show as escapes.

    Of what is no text, its repr.

    >>> quoted("w x")
    '`w x`'
    """
    shown = text if isinstance(text, str) else repr(text)
    return f"`{printable(shown if len(shown) <= most else shown[: most - 1] + '…')}`"


def nearest(name: object, choices: Iterable[str]) -> str | None:
    """Return the choice most like `name`, or None where none is near.

    A choice that differs in case alone comes first.

    >>> nearest("Sin", ["cos", "sin"])
    'sin'
    >>> nearest("momentum", ["x", "y"]) is None
    True
    """
    if not isinstance(name, str) or len(name) > 60:
        return None
    listed = sorted(set(choices))
    folded = {choice.casefold(): choice for choice in reversed(listed)}
    if name.casefold() in folded:
        return folded[name.casefold()]
    longer = _likely(name, [choice for choice in listed if len(choice) > 1])
    found = get_close_matches(name, longer, n=1, cutoff=_ALIKE)
    return found[0] if found else None


_ALIKE = 0.6
_COMPARED = 60


def _likely(name: str, choices: list[str]) -> list[str]:
    """Return at most 60 choices, those that share most letters with `name`, in their order.

    A comparison takes its time for each; a network of a thousand neurons has thousands of names.
    """
    if len(choices) <= _COMPARED:
        return choices
    shortest, longest = len(name) * _ALIKE / (2 - _ALIKE), len(name) * (2 - _ALIKE) / _ALIKE
    choices = [choice for choice in choices if shortest <= len(choice) <= longest]
    letters = Counter(name)
    shared = [
        2 * sum(min(choice.count(c), n) for c, n in letters.items()) / (len(name) + len(choice))
        for choice in choices
    ]
    order = sorted(range(len(choices)), key=lambda i: -shared[i])[:_COMPARED]
    return [choices[i] for i in sorted(order) if shared[i] >= _ALIKE]


def did_you_mean(name: object, choices: Iterable[str]) -> str:
    """Return "did you mean `sin`?", or the empty string where no choice is near.

    >>> did_you_mean("Sin", ["cos", "sin"])
    'did you mean `sin`?'
    """
    choice = nearest(name, choices)
    return said("did you mean {choice}?", choice=quoted(choice)) if choice else ""
