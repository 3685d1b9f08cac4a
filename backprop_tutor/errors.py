"""The exceptions a user can cause, and the caret drawn under the offending character.

Everything a user does wrong ends in a subclass of `TutorError`. Each says what was given, where,
what was expected and, where there is one, the nearest valid choice; none shows a traceback on the
command line. This module knows nothing of the house but the language in which sentences are said.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from .sentences import said

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
    "did_you_mean",
    "nearest",
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
    """The base of every error that a user can cause."""


class OptionError(TutorError, ValueError):
    """An option, a value or a setting that is not one of the valid choices."""


class UnknownNameError(TutorError, LookupError):
    """A name that the program or the graph does not have."""

    def __str__(self) -> str:
        return str(self.args[0]) if self.args else ""


class MissingValueError(TutorError, ValueError):
    """Inputs of a program for which no value was given; all of them are listed."""


class DomainError(TutorError, ArithmeticError):
    """A number outside an operation's domain: log(-1), 1/0, an overflow."""


class ShapeError(TutorError, ValueError):
    """Operands whose number or shape does not fit."""


class FileError(TutorError, OSError):
    """A file that cannot be read, understood or written."""

    def __str__(self) -> str:
        return str(self.args[0]) if self.args else ""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in a text: the message, where it stands, and a hint towards the remedy."""

    message: str
    span: Span
    hint: str = ""


class ParseError(TutorError, ValueError):
    """Text that is not a program or a formula; every fault found is in `faults`.

    `line` and `column` (from 1) and `caret` belong to the first fault.
    """

    def __init__(self, text: str, faults: Iterable[Fault], source: str = "") -> None:
        self.text = text
        self.faults = tuple(faults)
        self.source = source
        first = self.faults[0]
        self.line, self.column = first.span.line_and_column(text)
        self.caret = caret(text, first.span)
        self.hint = first.hint
        # In the language in which it happened, wherever it is shown.
        self._said = "\n".join(self._paragraph(fault) for fault in self.faults)
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
    """Text that is larger than what is accepted; the limit is named."""


_WINDOW = 76


def _printable(line: str) -> str:
    """Return the line with every character that would move the cursor replaced by one that shows."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in line)


def caret(text: str, span: Span) -> str:
    """Return the span's line and, under it, carets below the offending characters.

    A long line is cut to a window around the place.

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
    shown = _printable(line[left : left + _WINDOW])
    before = "…" if left else ""
    after = "…" if left + _WINDOW < len(line) else ""
    width = min(width, max(1, _WINDOW - (column - left)))
    return f"  {before}{shown}{after}\n  {' ' * (len(before) + column - left)}{'^' * width}"


def quoted(text: str, most: int = 40) -> str:
    """Return the text in backquotes, cut to `most` characters, with nothing unprintable in it.

    >>> quoted("w x")
    '`w x`'
    """
    shown = _printable(text if len(text) <= most else text[: most - 1] + "…")
    return f"`{shown}`"


def nearest(name: str, choices: Iterable[str]) -> str | None:
    """Return the choice most like `name`, or None where none is near.

    A choice that differs in case alone comes first.

    >>> nearest("Sin", ["cos", "sin"])
    'sin'
    >>> nearest("momentum", ["x", "y"]) is None
    True
    """
    if len(name) > 60:
        return None
    listed = sorted(set(choices))
    folded = {choice.casefold(): choice for choice in reversed(listed)}
    if name.casefold() in folded:
        return folded[name.casefold()]
    found = get_close_matches(name, [c for c in listed if len(c) > 1], n=1, cutoff=0.6)
    return found[0] if found else None


def did_you_mean(name: str, choices: Iterable[str]) -> str:
    """Return "did you mean `sin`?", or the empty string where no choice is near.

    >>> did_you_mean("Sin", ["cos", "sin"])
    'did you mean `sin`?'
    """
    choice = nearest(name, choices)
    return said("did you mean {choice}?", choice=quoted(choice)) if choice else ""
