"""A Python function to a program, by running it once on symbolic operands.

Enters: a function of numbers. Leaves: the `Program` of what it computed. What a symbolic operand
can and cannot do is said here; what is written down and how it is named is `tape.py`'s.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

from ..errors import TutorError, quoted
from ..sentences import said
from .latex_names import canonical_name
from .losses import roles_read
from .program import Program
from .symbolic import Symbolic, TraceError, lifted
from .tape import Output, Tape
from .tree import Name
from .write import PLAIN, written_assignments

__all__ = ["trace"]

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*\Z")


def trace(function: Callable[..., object]) -> Program:
    """Return the program of what a Python function computes.

    The function runs once on symbolic operands, one for each parameter of its signature; a
    numeric default becomes a value of the program. What it uses more than once is computed once
    and named `v1`, `v2`, ... One result is called `f` (`y` or `out` where a parameter has that
    name), several `y1`, `y2`, ... (`f1`, ... or `out1`, ...), those of a mapping by their keys;
    the last is the output.

    Raises:
        TraceError: a function that branches on a symbolic value, leaves the language (`math.exp`)
            or does not return what it computed.

    >>> print(trace(lambda w, x, b: w * x + b).reading)
    f = w·x + b
    >>> def squared(w, x):
    ...     a = w * x
    ...     return a * a
    >>> print(trace(squared).reading)
    v₁ = w·x
    f = v₁·v₁
    """
    tape = Tape()
    parameters, values = _parameters(function)
    operands = {
        parameter: Symbolic(tape, tape.leaf(Name(name))) for parameter, name in parameters.items()
    }
    returned = _called(function, operands)
    taken = frozenset(parameters.values())
    results = _results(tape, returned, taken)
    assignments = tape.assignments(results, taken)
    program = Program(assignments, notes=tuple(roles_read(assignments)), values=values)
    return replace(program, text=written_assignments(program.assignments, PLAIN))


def _parameters(
    function: Callable[..., Any],
) -> tuple[dict[str, str], dict[str, int | float | Fraction]]:
    """Return each parameter's name in the language, and the values of those with a default."""
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):
        raise TraceError(
            said(
                "{function} has no signature to trace; give a Python function whose parameters are "
                "the names",
                function=quoted(repr(function)),
            )
        ) from None
    names: dict[str, str] = {}
    values: dict[str, int | float | Fraction] = {}
    for parameter in signature.parameters.values():
        if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
            stars = "*" if parameter.kind is parameter.VAR_POSITIONAL else "**"
            raise TraceError(
                said(
                    "{stars} stands for any number of operands; give each operand a parameter of its own",
                    stars=quoted(stars + parameter.name),
                )
            )
        name = canonical_name(parameter.name)
        if not _NAME.match(name):
            raise TraceError(
                said(
                    "the parameter {name} is not a name of the language: a letter, then letters, digits "
                    "and `_`",
                    name=quoted(parameter.name),
                )
            )
        if name in names.values():
            raise TraceError(said("two parameters are both read as {name}", name=quoted(name)))
        names[parameter.name] = name
        if parameter.default is not parameter.empty:
            values[name] = _default(parameter.name, parameter.default)
    return names, values


def _default(name: str, default: object) -> int | float | Fraction:
    number = lifted(default)
    if number is None:
        kind = type(default).__name__
        raise TraceError(
            said(
                "the default of {name} is a number, not of type {kind}",
                name=quoted(name),
                kind=kind,
            )
        )
    return number


def _called(function: Callable[..., Any], operands: Mapping[str, Symbolic]) -> Any:
    """Return what the function returns on the operands, each handed over as its kind asks."""
    by_place: list[Symbolic] = []
    by_name: dict[str, Symbolic] = {}
    for parameter in inspect.signature(function).parameters.values():
        if parameter.kind is parameter.KEYWORD_ONLY:
            by_name[parameter.name] = operands[parameter.name]
        else:
            by_place.append(operands[parameter.name])
    try:
        return function(*by_place, **by_name)
    except (AttributeError, TypeError) as error:
        if isinstance(error, TutorError) or Symbolic.__name__ not in str(error):
            raise  # a fault of the function's own
        raise TraceError(
            said(
                "the function does with an operand what formulas cannot: {error}; call bt.exp, "
                "bt.tanh, … on operands",
                error=error,
            )
        ) from None


def _results(tape: Tape, returned: object, taken: frozenset[str]) -> list[tuple[str, Output]]:
    if isinstance(returned, Mapping):
        named = [(_key(key, taken), value) for key, value in returned.items()]
        if len({name for name, _ in named}) < len(named):
            raise TraceError(said("two keys of the returned mapping are read as the same name"))
    elif isinstance(returned, tuple | list):
        named = [(f"{_stem(taken, len(returned))}{i + 1}", v) for i, v in enumerate(returned)]
    else:
        named = [(next(n for n in _single() if n not in taken), returned)]
    if not named:
        raise TraceError(said("the function returns no result: the tuple or mapping is empty"))
    return [(name, _output(tape, value)) for name, value in named]


def _single() -> Any:
    yield from ("f", "y", "out")
    yield from (f"out{i}" for i in range(1, 10_000))


def _stem(taken: frozenset[str], count: int) -> str:
    for stem in ("y", "f", "out", "result"):
        if not any(f"{stem}{i + 1}" in taken for i in range(count)):
            return stem
    raise TraceError(said("return a mapping to name the results: y1, f1 and out1 are parameters"))


def _key(key: object, taken: frozenset[str]) -> str:
    name = canonical_name(key) if isinstance(key, str) else ""
    if not _NAME.match(name):
        raise TraceError(
            said(
                "the result {key} is not a name: a letter, then letters, digits and `_`",
                key=quoted(str(key)),
            )
        )
    if name in taken:
        raise TraceError(said("the result {name} has the name of a parameter", name=quoted(name)))
    return name


def _output(tape: Tape, value: object) -> Output:
    if isinstance(value, Symbolic):
        if value.tape is not tape:
            raise TraceError(said("the function returns an operand of another trace"))
        return value.output
    if lifted(value) is None:
        kind = "nothing" if value is None else f"a {type(value).__name__}"
        raise TraceError(
            said(
                "the function returns {kind}; it returns a number made from its operands, or a tuple "
                "or mapping of them",
                kind=kind,
            )
        )
    return Symbolic.of(tape, value).output
