"""What is wrong with a formula that the grammar refuses, in words, with the place and the
remedy."""

from __future__ import annotations

from typing import Any

from ..errors import DomainError, Fault, ParseError, Span, quoted
from .tokens import BETWEEN, CLOSES, OPENS, STARTS_OPERAND, Token

__all__ = [
    "BadFormula",
    "NumberRangeError",
    "RangeFault",
    "bracket_faults",
    "grammar_fault",
    "habit_fault",
]


class BadFormula(Exception):
    """A formula that the grammar or a rule refuses; carries the fault."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.message)
        self.fault = fault


class RangeFault(Fault):
    """A number beyond float64: well written, without a value."""

    __slots__ = ()


class NumberRangeError(ParseError, DomainError):
    """A text whose only faults are numbers beyond float64."""


_OPERATORS = {"PLUS": "+", "MINUS": "−", "TIMES": "*", "DIVIDE": "/", "POWER": "^"}


def bracket_faults(tokens: list[Token]) -> list[Fault]:
    """Return the faults of brackets: empty, mismatched, never opened, never closed."""
    faults: list[Fault] = []
    opened: list[Token] = []
    before: Token | None = None
    for token in tokens:
        if token.kind in CLOSES or token.kind in BETWEEN:
            if not opened:
                hint = "delete it, or open one"
                faults.append(Fault("this bracket closes nothing", token.span, hint))
            else:
                faults += _pair_faults(opened.pop(), token, before)
        if token.kind in OPENS or token.kind in BETWEEN:
            opened.append(token)
        before = token
    for token in opened:
        # What follows a fraction bar opens behind the token that ended the part before.
        stop = token.span.stop
        span = Span(stop, stop + 1) if token.kind in BETWEEN else token.span
        if len(opened) == 1:
            faults.append(Fault("this bracket is not closed", span, f"add a `{_partner(token)}`"))
        else:
            message = f"{len(opened)} brackets are opened and not closed; this is one"
            faults.append(Fault(message, span))
    return faults


def _pair_faults(left: Token, right: Token, before: Token | None) -> list[Fault]:
    if _partner(left) != right.text:
        message = f"`{_LEFT[_partner(left)]}` is closed by `{right.text}`"
        return [Fault(message, right.span, f"expected `{_partner(left)}`")]
    if before is left:
        span = Span(left.span.start, right.span.stop)
        return [Fault("empty brackets", span, "something stands between brackets")]
    return []


_RIGHT = {"(": ")", "[": "]", "\\{": "\\}", "{": "}", "|": "|"}
_LEFT = {right: left for left, right in _RIGHT.items()}


def _partner(token: Token) -> str:
    """Return what closes the bracket that the token opens."""
    return "}" if token.kind in BETWEEN else _RIGHT.get(token.text, ")")


def habit_fault(tokens: list[Token]) -> Fault | None:
    """Return the fault of `sin x^2` and `sin 2x`, whose reading would be a guess."""
    partners: dict[int, int] = {}
    opened: list[int] = []
    for i, token in enumerate(tokens):
        if token.kind in OPENS:
            opened.append(i)
        elif token.kind in CLOSES and opened:
            partners[opened.pop()] = i
    found: Fault | None = None
    ends: dict[int, int] = {}
    for i in range(len(tokens) - 2, -1, -1):
        if tokens[i].kind == "FUNCTION":
            found = _reach_fault(tokens, i, partners, ends) or found
    return found


def _reach_fault(
    tokens: list[Token], i: int, partners: dict[int, int], ends: dict[int, int]
) -> Fault | None:
    """Note in `ends` where the function's argument ends; return the fault where that is a guess."""
    function = tokens[i]
    j = i + 1
    if tokens[j].kind == "POWER":
        following = tokens[j + 1 : j + 3]
        sign = next((t for t in following if t.kind not in ("LBRACE", "LPAR")), None)
        if sign is not None and sign.kind == "MINUS":
            return Fault(
                f"`{function.text}^-1` could mean the inverse or one over",
                Span(function.span.start, sign.span.stop),
                f"write 1/{function.text}(…), or the inverse by its name",
            )
        j += 2
    if j >= len(tokens):
        return None
    argument = tokens[j]
    if argument.kind == "FUNCTION":
        ends[i] = ends.get(j, len(tokens))
    else:
        ends[i] = partners.get(j, j) + 1
    if argument.kind in ("LPAR", "LBRACE") or argument.kind not in STARTS_OPERAND:
        return None
    if ends[i] < len(tokens) and tokens[ends[i]].kind in ("POWER", "JUXTAPOSED"):
        single = argument.kind in ("NAME", "NUMBER")
        return Fault(
            f"how far {quoted(function.text)} reaches is not clear",
            Span(function.span.start, tokens[ends[i] - 1].span.stop),
            f"write brackets: {function.text}({f'{argument.text} ' if single else ''}…)",
        )
    return None


def grammar_fault(tokens: list[Token], error: Any) -> Fault:
    """Return the fault for the token at which the grammar stopped."""
    stopped = getattr(error, "token", None)
    if stopped is None or stopped.type == "$END":
        return _at_the_end(tokens)
    i = stopped.line
    place = tokens[i]
    before = tokens[i - 1] if i else None
    if before is not None and before.kind == "FUNCTION":
        return Fault(
            f"the function {quoted(before.text)} is used without an argument",
            before.span,
            f"write {before.text}( … )",
        )
    if place.kind == "COMMA":
        return _comma(tokens, i)
    if place.kind == "EQUALS":
        return Fault("an `=` inside a formula", place.span, "an assignment is a line of its own")
    if place.kind == "OPTION":
        return Fault(f"{quoted(place.text)}= is an option, and stands among a function's arguments",
                     place.span)  # fmt: skip
    if place.kind in _OPERATORS or place.kind in CLOSES or place.kind in BETWEEN:
        if before is None or before.kind in OPENS or before.kind == "COMMA":
            what = "nothing stands before this"
        else:
            what = f"nothing stands between {quoted(before.text)} and this"
        return Fault(what, place.span, "expected a number, a name, a function or a bracket")
    return Fault(f"{quoted(place.text)} cannot stand here", place.span)


def _comma(tokens: list[Token], i: int) -> Fault:
    comma = tokens[i]
    before = tokens[i - 1] if i else None
    after = tokens[i + 1] if i + 1 < len(tokens) else None
    depth = 0
    for n in range(i - 1, -1, -1):
        kind = tokens[n].kind
        depth += (kind in CLOSES) - (kind in OPENS)
        if depth < 0:
            name = tokens[n - 1 - (n > 1 and tokens[n - 1].kind == "JUXTAPOSED")] if n else None
            if name is not None and name.kind == "NAME":
                return Fault(
                    f"{quoted(name.text)} is not a function, and a product has no commas",
                    comma.span,
                )
            break
    if (
        before and after and before.kind == "NUMBER" and after.kind == "NUMBER"
        and before.text.isdigit() and after.text.isdigit()
    ):  # fmt: skip
        return Fault(
            "a comma between two numbers", comma.span,
            f"the decimal point is a point: {before.text}.{after.text}",
        )  # fmt: skip
    return Fault("a comma stands only between the arguments of a function", comma.span)


def _at_the_end(tokens: list[Token]) -> Fault:
    last = tokens[-1]
    span = Span(max(last.span.stop - 1, last.span.start), last.span.stop)
    if last.kind == "FUNCTION":
        return Fault(
            f"the function {quoted(last.text)} is used without an argument", last.span,
            f"write {last.text}( … )",
        )  # fmt: skip
    return Fault(
        f"the formula ends after {quoted(last.text)}", span,
        "expected a number, a name, a function or a bracket",
    )  # fmt: skip
