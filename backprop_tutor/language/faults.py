"""What is wrong with a formula that the grammar refuses, in words, with the place and the remedy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..errors import Fault, Span, quoted

if TYPE_CHECKING:
    from .scan import Token

__all__ = ["bracket_faults", "grammar_fault", "habit_fault"]

_OPERATORS = {"PLUS": "+", "MINUS": "−", "TIMES": "*", "DIVIDE": "/", "POWER": "^"}


def bracket_faults(tokens: list[Token]) -> list[Fault]:
    """Return the faults of brackets: empty, never opened, never closed."""
    faults: list[Fault] = []
    opened: list[Token] = []
    before: Token | None = None
    for token in tokens:
        if token.kind == "LPAR":
            opened.append(token)
        elif token.kind == "RPAR":
            if not opened:
                faults.append(
                    Fault("this bracket closes nothing", token.span, "delete it, or open one")
                )
            else:
                left = opened.pop()
                if before is left:
                    faults.append(
                        Fault("empty brackets", Span(left.span.start, token.span.stop),
                              "something stands between brackets")
                    )  # fmt: skip
        before = token
    if len(opened) == 1:
        faults.append(Fault("this bracket is not closed", opened[0].span, "add a `)`"))
    elif opened:
        for token in opened:
            faults.append(
                Fault(f"{len(opened)} brackets are opened and not closed; this is one", token.span)
            )
    return faults


def habit_fault(tokens: list[Token]) -> Fault | None:
    """Return the fault of `sin x^2` and `sin 2x`, whose reading would be a guess."""
    for i, token in enumerate(tokens[:-2]):
        argument, after = tokens[i + 1], tokens[i + 2]
        if (
            token.kind == "FUNCTION"
            and argument.kind in ("NAME", "NUMBER")
            and after.kind in ("POWER", "JUXTAPOSED")
        ):
            return Fault(
                f"how far {quoted(token.text)} reaches is not clear",
                Span(token.span.start, argument.span.stop),
                f"write brackets: {token.text}({argument.text} …)",
            )
        if token.kind == "FUNCTION" and argument.kind == "POWER" and after.kind == "MINUS":
            return Fault(
                f"`{token.text}^-1` could mean the inverse or one over",
                Span(token.span.start, after.span.stop),
                f"write 1/{token.text}(…), or the inverse by its name",
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
    if place.kind in _OPERATORS or place.kind in ("RPAR", "BAR_CLOSE"):
        if before is None or before.kind in ("LPAR", "BAR_OPEN", "COMMA"):
            what = "nothing stands before this"
        else:
            what = f"nothing stands between {quoted(before.text)} and this"
        return Fault(what, place.span, "expected a number, a name, a function or a bracket")
    return Fault(f"{quoted(place.text)} cannot stand here", place.span)


def _comma(tokens: list[Token], i: int) -> Fault:
    comma = tokens[i]
    before = tokens[i - 1] if i else None
    after = tokens[i + 1] if i + 1 < len(tokens) else None
    if (
        before and after and before.kind == "NUMBER" and after.kind == "NUMBER"
        and before.text.isdigit() and after.text.isdigit()
    ):  # fmt: skip
        return Fault(
            "a comma between two numbers", comma.span,
            f"the decimal point is a point: {before.text}.{after.text}",
        )  # fmt: skip
    depth = 0
    for n in range(i - 1, -1, -1):
        kind = tokens[n].kind
        depth += (kind == "RPAR") - (kind == "LPAR")
        if depth < 0:
            name = tokens[n - 1 - (n > 1 and tokens[n - 1].kind == "JUXTAPOSED")] if n else None
            if name is not None and name.kind == "NAME":
                return Fault(
                    f"{quoted(name.text)} is not a function, and a product has no commas",
                    comma.span,
                )
            break
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
