r"""LaTeX to raw tokens: `\frac{a}{b}` as a fraction with two parts, `\left|` as a bar that opens.

Enters: text in plain characters with LaTeX in it. Leaves: tokens for `latex_grammar.py`, each where
it stood in the text as typed. Commands are looked up in `latex_commands.py`, names in
`latex_names.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..errors import Fault, Span, quoted
from ..sentences import said, sentence
from .derivatives import PARTIAL
from .latex_choices import ONE, sign_of_cases
from .latex_commands import (
    COMPARED,
    DELIMITERS,
    ENVIRONMENTS,
    FRACTIONS,
    OPERATORS,
    SIZES,
    SKIPPED_WITH_ARGUMENT,
    SPACES,
    function_command,
    refusal,
)
from .latex_names import RAISED, argument_at, name_at
from .latex_signs import SIGN, SIMPLE, array_sign, without_arrows
from .lexer import number_fault
from .limits import Limits
from .sums import sum_at
from .symbols import Plain
from .tokens import Token

__all__ = ["LatexLexer"]

_CHOICE = "cases of a formula"
"""The environment `cases` inside a formula; around assignments it groups them."""
_DELIMITER = re.compile(r"\s*([()\[\]|.]|\\[{}|]|\\[A-Za-z]+)")
_BASE = re.compile(
    r"\s*_\s*(?:(?P<open>\{)(?:\s*(?P<word>\w+)\s*\})?|(?P<sign>\w|⟨[A-Za-z]+⟩|\\[A-Za-z]+))"
)
_BASES = {"2": "log2", "10": "log10", "e": "log"}
"""The bases whose logarithms are functions of their own."""
_BEHIND = re.compile(r"\s*(?:[_^]\s*)?\{[^{}]*\}|\s*[_^]\s*(?:[^\s{}\\]|\\[A-Za-z]+)")
_SPACE = re.compile(r"\s*")
_PARTS = {"top": "OVER", "bottom": "CLOSE", "root": "CLOSE", "index": "ROOT_OF", "group": "RBRACE",
          "base": "BASE_END", "indicator": "RPAR"}


class LatexLexer:
    """Yields the tokens of one text; `faults` and `notes` gather what was found on the way."""

    groups = True
    """Whether square brackets group as round ones do, where they hold no list."""

    def __init__(
        self, plain: Plain, limits: Limits, comments: bool = True, arrays: bool = False
    ) -> None:
        self.arrays = arrays
        self.norms: int = 0  # how many bars of a norm are open
        self.plain = plain
        self.text: str = without_arrows(plain.text) if arrays else plain.text
        self.limits = limits
        self.comments = comments
        self.faults: list[Fault] = list(plain.faults)
        self.notes: dict[str, None] = {}
        self.end: int = plain.offsets[-1]
        self.position: int = 0
        self.tight: bool = False
        self.frames: list[str] = []  # what each open brace belongs to: a key of _PARTS
        self.environments: list[str] = []
        self.fresh: bool = True  # whether a statement has not begun yet

    def tokens(self) -> Iterator[Token]:
        """Yield the tokens as they stand, before words are read and products are filled in."""
        while self.position < len(self.text):
            start = self.position
            for token in self._next():
                self.fresh = token.kind == "end"
                yield token
            self.tight = self.position > start and not self.text[self.position - 1].isspace()
        if self.environments:
            open_ = self.environments[-1].split()[0]
            message = said("`\\begin{{{open}}}` has no `\\end`", open=open_)
            self._fault(message, len(self.text) - 1, len(self.text))

    def _next(self) -> Iterator[Token]:
        """Yield the tokens of the sign, the name or the command at the present position."""
        start = self.position
        if self.environments and self.environments[-1] == _CHOICE:
            sign = sign_of_cases(self.text, start)
            if sign is not None:
                self.position = sign[1]
                if sign[0]:
                    yield Token(sign[0], sign[0], self._span(start, sign[1]), self.tight)
                return
        total = sum_at(self.text, start)
        if total is not None:
            self.position = total[2]
            yield Token("SUM", total[0], self._span(start, total[2]), self.tight, reach=total[1])
            return
        one = ONE.match(self.text, start)
        if one:
            end = one.end("sign")
            self.position = one.end()
            kind = "NUMBER" if one["sign"] == "1" else "ONE"
            yield Token(kind, "1", self._span(start, end), self.tight)
            if one["under"]:  # 1_{x > 0}: the comparison stands below
                self.frames.append("indicator")
                yield Token("LPAR", "{", self._span(one.end() - 1, one.end()), True)
            return
        if self.arrays:
            own = array_sign(self.text, start, self.norms > 0)
            if own is not None:
                self.position = own.stop
                self.norms = max(0, self.norms + own.opens)
                self.notes |= dict.fromkeys(own.notes)
                if own.fault[0]:
                    place = start if own.place is None else own.place
                    self._fault(own.fault[0], place, own.stop, own.fault[1])
                for kind, text in own.tokens:
                    yield Token(kind, text, self._span(start, own.stop), self.tight)
                return
        name = name_at(self.text, start)
        if name is not None:
            self.position = name.stop
            if name.fault[0]:
                self._fault(name.fault[0], start, name.stop, name.fault[1])
            kind = "NAME" if name.fault[0] else "word"
            span = self._span(start, name.stop)
            yield Token(kind, name.text, span, self.tight, name.layer, name.note)
            return
        match = SIGN.match(self.text, start)
        if match is None:
            self._stranger()
            return
        kind = match.lastgroup or ""
        self.position = match.end()
        if match.group("raised"):
            yield Token("POWER", "^", self._span(start, start + 1), True)
            yield Token("NUMBER", match.group("digits"), self._span(start + 1, match.end()), True)
        elif kind in SIMPLE:
            yield from self._simple(kind, match.group(), start)
        elif kind == "partial":
            yield Token("word", PARTIAL, self._span(start, match.end()), self.tight)
        elif kind == "super":
            yield Token(kind, match.group(), self._span(start, match.end()), self.tight)
        elif kind == "number":
            yield self._number(match.group(), start)
        elif kind == "open":
            self.frames.append("group")
            yield Token("LBRACE", "{", self._span(start, match.end()), self.tight)
        elif kind == "close":
            yield from self._closed(start)
        elif kind == "command":
            yield from self._command(match.group("command"), start)
        elif kind == "line" or (kind == "newline" and not self.frames and not self.environments):
            self.frames.clear()
            yield Token("end", ";" if kind == "line" else "\n", self._span(start, match.end()))
        elif kind == "comment" and not self.comments:
            mark = match.group()[0]
            message = said("a `{mark}` starts a comment, and a formula has none", mark=mark)
            hint = said("a percentage is written as a decimal" if mark == "%" else "delete it")
            self._fault(message, start, match.end(), hint)

    def _simple(self, kind: str, text: str, start: int) -> Iterator[Token]:
        if text == "]" and self.frames and self.frames[-1] == "index":
            yield from self._closed(start)
            return
        yield Token(kind, text, self._span(start, self.position), self.tight)
        if text == "^" and not (self.arrays and self.text[self.position :].lstrip(" {").startswith("T")):
            for pattern, note in RAISED:
                raised = pattern.match(self.text, self.position)
                if raised:
                    self.notes[sentence(note).format(raised.group(1))] = None

    def _number(self, text: str, start: int) -> Token:
        span = self._span(start, self.position)
        fault, self.position = number_fault(text, self.text, self.position, self.limits, span)
        if fault is not None:
            self.faults.append(fault)
            text = "0"
        return Token("NUMBER", text, span, self.tight)

    def _stranger(self) -> None:
        start = self.position
        character = self.text[start]
        self.position += 1
        message, hint = said("{character} has no meaning here", character=quoted(character)), ""
        if character == "\\":
            following = self.text[start + 1 : start + 2]
            message = said("{pair} has no meaning here", pair=quoted(character + following))
            hint = said("write a percentage as a decimal: 0.52") if following == "%" else ""
            self.position += bool(following)
        elif character == "'":
            message = said("a prime is a derivative, and a derivative is not a name")
            hint = said("a transpose is W.T or Wᵀ, a product of matrices A @ B") if self.arrays else ""
        elif character == "_":
            message, hint = said("a subscript belongs to a name"), said("such as w_{12}")
        elif character == "=":
            message, hint = refusal("ne")
            self.position += self.text.startswith("==", start)
        elif character == ".":
            message, hint = said("a `.` that belongs to no number"), said("delete it")
        self._fault(message, start, self.position, hint)

    def _closed(self, start: int) -> Iterator[Token]:
        """Yield what the end of a brace means: the end of a group, or of a part of a fraction."""
        frame = self.frames.pop() if self.frames else "group"
        text = "]" if frame == "index" else "}"
        yield Token(_PARTS[frame], text, self._span(start, self.position), self.tight)
        if frame == "top":
            yield from self._argument("\\frac", "bottom")
        elif frame == "index":
            yield from self._argument("\\sqrt", "root")

    def _argument(self, command: str, frame: str) -> Iterator[Token]:
        """Yield the part of a fraction or a root that begins here: in braces, or one sign."""
        self.position = start = self._behind_space()
        if self.text[start : start + 1] == "{":
            self.frames.append(frame)
            self.position += 1
            return
        content, end = argument_at(self.text, start)
        if content is None or (content[0] == "\\" and name_at(content, 0) is None):
            message = said("`{command}` lacks a part here", command=command)
            self._fault(message, start - 1, start, said("write {command}{{…}}", command=command))
            return
        span = self._span(start, end)
        name = None if content.isdigit() else name_at(content, 0)
        if name is None:
            yield Token("NUMBER", content, span, True)
        else:
            yield Token("word", name.text, span, True)
        self.position = end
        yield Token(_PARTS[frame], "}", self._span(end, end), True)
        if frame == "top":
            yield from self._argument(command, "bottom")

    def _command(self, command: str, start: int) -> Iterator[Token]:
        command = command.rstrip("*")
        function = function_command(command)
        if command in COMPARED:
            span = self._span(start, self.position)
            yield Token("COMPARE", COMPARED[command], span, self.tight)
        elif command in OPERATORS:
            kind = OPERATORS[command]
            text = DELIMITERS.get("\\" + command, "*")
            yield Token(kind, text, self._span(start, self.position), self.tight)
        elif command in FRACTIONS:
            yield Token("FRAC", "{", self._span(start, self.position), self.tight)
            yield from self._argument("\\" + command, "top")
        elif command == "sqrt":
            yield from self._root(start)
        elif command in ("left", "right"):
            yield from self._delimiter(command, start)
        elif command in ("begin", "end"):
            yield from self._environment(command, start)
        elif function:
            yield from self._function(function, start)
        elif command in SKIPPED_WITH_ARGUMENT:
            _, self.position = argument_at(self.text, self._behind_space())
        elif command not in SPACES and command not in SIZES:
            message, hint = refusal(command)
            self._fault(message, start, self.position, hint)
            while (behind := _BEHIND.match(self.text, self.position)) is not None:
                self.position = behind.end()  # the refusal covers what belongs to the command
            yield Token("NAME", "x", self._span(start, start + 1), self.tight)

    def _root(self, start: int) -> Iterator[Token]:
        self.position = self._behind_space()
        if self.text[self.position : self.position + 1] == "[":
            self.position += 1
            yield Token("ROOT_INDEX", "[", self._span(start, self.position), self.tight)
            self.frames.append("index")
            return
        yield Token("ROOT", "{", self._span(start, self.position), self.tight)
        yield from self._argument("\\sqrt", "root")

    def _function(self, function: str, start: int) -> Iterator[Token]:
        """Yield a function's name, and the base that stands under a logarithm."""
        base = _BASE.match(self.text, self.position)
        named = (base.group("word") or base.group("sign") or "") if base else ""
        shown = self._span(start, self.position)
        if base is None or (function == "log" and named in _BASES):
            self.position = base.end() if base else self.position
            shown = self._span(start, self.position)
            yield Token("word", _BASES[named] if base else function, shown, self.tight)
            return
        if function != "log":
            self.position = base.end()
            message = said(
                "`\\{function}` has no subscript {named} here",
                function=function, named=quoted(named or "{"),
            )
            self._fault(message, start, self.position, said("delete it"))
            self.frames += [] if named else ["group"]
            yield Token("word", function, shown, self.tight)
            return
        yield Token("word", function, shown, self.tight)
        yield Token("BASED", "{", self._span(base.start(), base.start() + 1), True)
        if base.group("sign"):  # \log_a: the next sign alone
            self.position = base.start("sign")
            content, self.position = argument_at(self.text, self.position)
            name = None if content is None or content.isdigit() else name_at(content, 0)
            kind, text = ("NUMBER", content or "0") if name is None else ("word", name.text)
            yield Token(kind, text, self._span(base.start("sign"), self.position), True)
            yield Token("BASE_END", "}", self._span(self.position, self.position), True)
            return
        self.position = base.start("open") + 1
        self.frames.append("base")

    def _delimiter(self, command: str, start: int) -> Iterator[Token]:
        match = _DELIMITER.match(self.text, self.position)
        sign = DELIMITERS.get(match.group(1)) if match else None
        if match is None or sign is None:
            shown = quoted(match.group(1)) if match else "nothing"
            stop = match.end() if match else self.position
            self.position = stop
            self._fault(
                said(
                    "`\\{command}` needs a bracket or a bar behind it, not {shown}",
                    command=command, shown=shown,
                ),
                start, stop,
            )
            yield Token("LPAR" if command == "left" else "RPAR", "(", self._span(start, stop))
            return
        self.position = match.end()
        kind = {"left": "LPAR", "right": "RPAR"}[command]
        if sign == "|":
            kind = {"left": "BAR_OPEN", "right": "BAR_CLOSE"}[command]
        elif (sign in "([\\{") != (command == "left"):
            message = said("`\\{command}` before {sign}", command=command, sign=quoted(sign))
            self._fault(message, start, self.position)
        yield Token(kind, sign, self._span(start, self.position), self.tight)

    def _environment(self, command: str, start: int) -> Iterator[Token]:
        name, self.position = argument_at(self.text, self.position)
        known = (name or "").rstrip("*")
        if known not in ENVIRONMENTS:
            message = said(
                "the environment {name} is not part of the language", name=quoted(name or "")
            )
            self._fault(
                message, start, self.position, said("formulas stand in align, equation or alone")
            )
            return
        if known == "alignat" and command == "begin":
            _, self.position = argument_at(self.text, self.position)
        if known == "cases" and command == "begin" and not self.fresh:
            self.environments.append(_CHOICE)
            yield Token("CASES", "{", self._span(start, self.position), self.tight)
            return
        if known == "cases" and self.environments and self.environments[-1] == _CHOICE:
            self.environments.pop()
            yield Token("CASES_END", "}", self._span(start, self.position), self.tight)
            return
        if command == "begin":
            self.environments.append(known)
            return
        if not self.environments or self.environments.pop() != known:
            self._fault(said("`\\end{{{name}}}` closes nothing", name=name), start, self.position)
        self.frames.clear()
        yield Token("end", ";", self._span(start, self.position))

    def _behind_space(self) -> int:
        match = _SPACE.match(self.text, self.position)
        return match.end() if match else self.position

    def _span(self, start: int, stop: int) -> Span:
        return self.plain.span(start, stop)

    def _fault(self, message: str, start: int, stop: int, hint: str = "") -> None:
        self.faults.append(Fault(message, self._span(max(start, 0), stop), hint))
