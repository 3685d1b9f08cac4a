"""What is wrong with a formula that the grammar refuses, in words, with the place and the
remedy."""

from __future__ import annotations

from typing import Any

from ..errors import DomainError, Fault, ParseError, Span, quoted
from ..sentences import said
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
                hint = said("delete it, or open one")
                faults.append(Fault(said("this bracket closes nothing"), token.span, hint))
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
            faults.append(
                Fault(
                    said("this bracket is not closed"),
                    span,
                    said("add a `{token}`", token=_partner(token)),
                )
            )
        else:
            message = said(
                "{count} brackets are opened and not closed; this is one", count=len(opened)
            )
            faults.append(Fault(message, span))
    return faults


def _pair_faults(left: Token, right: Token, before: Token | None) -> list[Fault]:
    if _partner(left) != right.text:
        message = said(
            "`{left}` is closed by `{given}`", left=_LEFT[_partner(left)], given=right.text
        )
        return [Fault(message, right.span, said("expected `{left}`", left=_partner(left)))]
    if before is left:
        span = Span(left.span.start, right.span.stop)
        return [Fault(said("empty brackets"), span, said("something stands between brackets"))]
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
                said("`{given}^-1` could mean the inverse or one over", given=function.text),
                Span(function.span.start, sign.span.stop),
                said("write 1/{given}(…), or the inverse by its name", given=function.text),
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
            said("how far {given} reaches is not clear", given=quoted(function.text)),
            Span(function.span.start, tokens[ends[i] - 1].span.stop),
            said(
                "write brackets: {given}({which}…)",
                given=function.text,
                which=f"{argument.text} " if single else "",
            ),
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
            said("the function {given} is used without an argument", given=quoted(before.text)),
            before.span,
            said("write {given}( … )", given=before.text),
        )
    if place.kind == "COMMA":
        return _comma(tokens, i)
    if place.kind == "EQUALS":
        return Fault(
            said("an `=` inside a formula"), place.span, said("an assignment is a line of its own")
        )
    if place.kind == "OPTION":
        message = said(
            "{given}= is an option, and stands among a function's arguments", given=quoted(place.text)
        )
        return Fault(message, place.span)
    if place.kind in _OPERATORS or place.kind in CLOSES or place.kind in BETWEEN:
        if before is None or before.kind in OPENS or before.kind == "COMMA":
            what = said("nothing stands before this")
        else:
            what = said("nothing stands between {given} and this", given=quoted(before.text))
        return Fault(what, place.span, said("expected a number, a name, a function or a bracket"))
    return Fault(said("{given} cannot stand here", given=quoted(place.text)), place.span)


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
                    said(
                        "{given} is not a function, and a product has no commas",
                        given=quoted(name.text),
                    ),
                    comma.span,
                )
            break
    if (
        before and after and before.kind == "NUMBER" and after.kind == "NUMBER"
        and before.text.isdigit() and after.text.isdigit()
    ):  # fmt: skip
        return Fault(
            said('a comma between two numbers'), comma.span,
            said('write {given}.{given_2}: the decimal mark is a point',
                 given=before.text, given_2=after.text),
        )  # fmt: skip
    return Fault(said("a comma stands only between the arguments of a function"), comma.span)


def _at_the_end(tokens: list[Token]) -> Fault:
    last = tokens[-1]
    span = Span(max(last.span.stop - 1, last.span.start), last.span.stop)
    if last.kind == "FUNCTION":
        return Fault(
            said('the function {given} is used without an argument', given=quoted(last.text)), last.span,
            said('write {given}( … )', given=last.text),
        )  # fmt: skip
    return Fault(
        said('the formula ends after {given}', given=quoted(last.text)), span,
        said('expected a number, a name, a function or a bracket'),
    )  # fmt: skip
