"""Left sides: a name, several for an operation of several outputs, or `f(x, y)`, and the name that a
formula without one is given.

Enters: a statement's tokens before its `=`. Leaves: the names, and where it is written like a
function, the names it is said to depend on; it is one value all the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ..errors import Fault, Span, quoted
from ..sentences import said
from .shown_names import shown_name
from .symbols import bare
from .tokens import Statement, Token

__all__ = ["Left", "as_written", "free_target", "left_side", "own_call", "values_read"]


_NOWHERE = Span(0, 0)


@dataclass(frozen=True, slots=True)
class Left:
    """The names of a left side; `of` holds those in brackets behind its only name, if any do.

    `span` is where it stands; nowhere for a formula without one.
    """

    targets: tuple[str, ...] = ()
    of: tuple[str, ...] = ()
    fault: Fault | None = None
    span: Span = _NOWHERE


def left_side(statement: Statement, text: str) -> Left:
    """Return what stands before the `=`; a fault where that is no name."""
    if statement.equals is None:
        return Left()
    left = statement.tokens[: statement.equals]
    ends = left or statement.tokens[:1]
    span = Span(ends[0].span.start, ends[-1].span.stop)
    names = _listed(left)
    if names:
        return Left(names, span=span)
    if len(left) > 3 and left[0].kind == "word" and left[1].text == "(" and left[-1].text == ")":
        of = _listed(left[2:-1])
        if of and "∂" not in left[0].text:
            return Left((bare(left[0].text),), of, span=span)
    given = text[span.start : span.stop]
    message = said("an assignment's left side is a name") + (
        said(", not {given}", given=quoted(given)) if left else ""
    )
    gradient = "/" in given or "\\frac" in given or "∂" in given or "'" in given
    hint = said("a gradient is asked for, not assigned") if gradient else said("such as q = x + y")
    return Left(fault=Fault(message, span, hint), span=span)


def as_written(left: Left, function: bool = False) -> str:
    """Return the note on a left side like `f(x, y)`: a value, or a function of the program."""
    name, inner = shown_name(left.targets[0]), ", ".join(map(shown_name, left.of))
    if function:
        return said(
            "`{name}({inner}) =` defines a function: its formula is written out where it is called",
            name=name,
            inner=inner,
        )
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


def own_call(tokens: Sequence[Token], place: int, of: tuple[str, ...]) -> bool:
    """Return whether behind this place stands what its name is said to depend on, and nothing else."""
    stop = place + 2 * len(of) + 2
    inner = list(tokens[place + 2 : stop - 1])
    return stop <= len(tokens) and tokens[stop - 1].text == ")" and _listed(inner) == of


def values_read(tokens: list[Token], values: Mapping[str, tuple[str, ...]]) -> list[Token]:
    """Return the tokens with `f(x)` read as `f` where that is a value and was assigned so."""
    if not values:
        return tokens
    out: list[Token] = []
    i = 0
    while i < len(tokens):
        token = tokens[i]
        out.append(token)
        of = values.get(bare(token.text)) if token.kind == "word" else None
        called = of is not None and i + 1 < len(tokens) and tokens[i + 1].text == "("
        i += 2 * len(of) + 2 if of is not None and called and own_call(tokens, i, of) else 1
    return out


def free_target(taken: Iterable[str]) -> str:
    """Return the name of a formula that was typed without one: `f` where that is free.

    >>> free_target(["x"]), free_target(["f", "s"])
    ('f', 'y')
    """
    known = set(taken)
    usual = ("f", "y", "out")
    numbered = (f"out{i}" for i in range(1, len(known) + 2))
    return next(name for name in (*usual, *numbered) if name not in known)
