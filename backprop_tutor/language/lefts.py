"""Left sides: a name, several for an operation of several outputs, or `f(x, y)`, and the name that a
formula without one is given.

Enters: a statement's tokens before its `=`. Leaves: the names, and where it is written like a
function, the names it is said to depend on; it is one value all the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ..errors import Fault, Span, quoted
from ..sentences import said
from .shown_names import shown_name
from .symbols import bare
from .tokens import Statement, Token

__all__ = ["Left", "as_written", "called_faults", "free_target", "left_side"]


@dataclass(frozen=True, slots=True)
class Left:
    """The names of a left side; `of` holds those in brackets behind its only name, if any do."""

    targets: tuple[str, ...] = ()
    of: tuple[str, ...] = ()
    fault: Fault | None = None


def left_side(statement: Statement, text: str) -> Left:
    """Return what stands before the `=`; a fault where that is no name."""
    if statement.equals is None:
        return Left()
    left = statement.tokens[: statement.equals]
    names = _listed(left)
    if names:
        return Left(names)
    if len(left) > 3 and left[0].kind == "word" and left[1].text == "(" and left[-1].text == ")":
        of = _listed(left[2:-1])
        if of and "∂" not in left[0].text:
            return Left((bare(left[0].text),), of)
    ends = left or statement.tokens[:1]
    span = Span(ends[0].span.start, ends[-1].span.stop)
    given = text[span.start : span.stop]
    message = said("an assignment's left side is a name") + (
        said(", not {given}", given=quoted(given)) if left else ""
    )
    gradient = "/" in given or "\\frac" in given or "∂" in given or "'" in given
    hint = said("a gradient is asked for, not assigned") if gradient else said("such as q = x + y")
    return Left(fault=Fault(message, span, hint))


def as_written(left: Left) -> str:
    """Return the note on a left side like `f(x, y)`."""
    name, inner = shown_name(left.targets[0]), ", ".join(map(shown_name, left.of))
    return said(
        "`{name}({inner}) =` was read as `{name} =`: it is the value at the {inner} given",
        name=name,
        inner=inner,
    )


def _listed(tokens: list[Token]) -> tuple[str, ...]:
    """Return the names that the tokens list, or nothing where they are no list of names."""
    if len(tokens) % 2 == 0:
        return ()
    for i, token in enumerate(tokens):
        if token.kind != ("COMMA" if i % 2 else "word") or "∂" in token.text:
            return ()
    return tuple(bare(token.text) for token in tokens[::2])


def called_faults(
    tokens: list[Token], functions: Mapping[str, tuple[str, ...]]
) -> tuple[list[Token], list[Fault]]:
    """Return the tokens with `f(x)` read as `f` where it was assigned so, and the other calls' faults.

    A value that was written `f(x) = …` is one number: `f(3)` would be another.
    """
    if not functions:
        return tokens, []
    out: list[Token] = []
    faults: list[Fault] = []
    i = 0
    while i < len(tokens):
        token = tokens[i]
        out.append(token)
        i += 1
        of = functions.get(bare(token.text)) if token.kind == "word" else None
        if of is None or i == len(tokens) or tokens[i].text != "(":
            continue
        stop = i + 2 * len(of) + 1
        if stop <= len(tokens) and _listed(tokens[i + 1 : stop - 1]) == of and tokens[stop - 1].text == ")":
            i = stop
            continue
        name = shown_name(bare(token.text))
        message = said(
            "{name} is one value here, that of {name_2}({names})",
            name=quoted(name),
            name_2=name,
            names=", ".join(map(shown_name, of)),
        )
        hint = said(
            "write {name} for it, {name}*( … ) for a product, or the formula once more", name=name
        )
        faults.append(Fault(message, Span(token.span.start, tokens[i].span.stop), hint))
    return out, faults


def free_target(taken: Iterable[str]) -> str:
    """Return the name of a formula that was typed without one: `f` where that is free.

    >>> free_target(["x"]), free_target(["f", "s"])
    ('f', 'y')
    """
    known = set(taken)
    usual = ("f", "y", "out")
    numbered = (f"out{i}" for i in range(1, len(known) + 2))
    return next(name for name in (*usual, *numbered) if name not in known)
