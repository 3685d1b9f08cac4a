"""The value of a formula at given values of its names: one pass over the tree, no recursion.

Enters: a tree and a value for each of its names. Leaves: a number, exact where every step is exact,
or the error that names the sub-formula without a value. With another kernel the same pass computes
arrays, symbols or whatever the kernel's numbers are.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, overload

from ..errors import DomainError, OptionError, ShapeError, UnknownNameError, did_you_mean, quoted
from ..ops import OPS, SCALAR, Kernel, Operation, exact, plain
from ..sentences import N_, said
from .tree import Apply, Expression, Name, Number, postorder
from .write import UNICODE, number_text, written

__all__ = ["Value", "applied", "evaluate", "evaluated"]


@dataclass(frozen=True, slots=True)
class Value:
    """A number, and remarks on how it came about for the user (an underflow, a reading)."""

    value: Fraction | float
    notes: tuple[str, ...] = ()


@overload
def evaluate(
    expression: Expression, env: Mapping[str, int | float | Fraction]
) -> Fraction | float: ...
@overload
def evaluate(
    expression: Expression,
    env: Mapping[str, Any],
    kernel: Kernel,
    constant: Callable[[Number], Any] | None = None,
) -> Any: ...
def evaluate(
    expression: Expression,
    env: Mapping[str, Any],
    kernel: Kernel | None = None,
    constant: Callable[[Number], Any] | None = None,
) -> Any:
    """Return the formula's value where its names have the values of `env`.

    Without a kernel the numbers are `Fraction` or `float` and every step is checked. A kernel of
    another kind computes with its own numbers and checks nothing; `constant` makes its constants
    (by default an `int` or a `float`).

    Raises:
        UnknownNameError: a name without a value.
        DomainError: no finite real value; the message names the sub-formula and its operands.

    >>> from backprop_tutor.language import parse
    >>> tree = parse("x/3 + 1", ["x"]).assignments[0].expression
    >>> evaluate(tree, {"x": 1})
    Fraction(4, 3)
    """
    if kernel is None:
        return evaluated(expression, env).value
    made = constant or (lambda node: plain(node.value))
    stack: list[Any] = []
    for node in postorder(expression):
        if isinstance(node, Number):
            stack.append(made(node))
        elif isinstance(node, Name):
            stack.append(_looked_up(node.name, env))
        else:
            op = OPS[node.op]
            operands = _taken(stack, len(node.operands))
            stack.append(op.forward(kernel, *operands, **op.with_options(node.options)))
    return stack.pop()


def evaluated(expression: Expression, env: Mapping[str, int | float | Fraction]) -> Value:
    """Return the formula's value with remarks, such as a result too small for float64.

    Raises:
        UnknownNameError, DomainError: as `evaluate`.

    >>> from backprop_tutor.language import parse
    >>> evaluated(parse("10^-400").assignments[0].expression, {})
    Value(value=0.0, notes=('`10^(−400)` is too small for float64 and was taken as 0',))
    """
    known = {name: _finite(name, value) for name, value in env.items()}
    stack: list[Fraction | float] = []
    notes: dict[str, None] = {}
    for node in postorder(expression):
        if isinstance(node, Number):
            stack.append(exact(node.value))
        elif isinstance(node, Name):
            stack.append(_looked_up(node.name, known))
        else:
            op = OPS[node.op]
            if op.outputs and "index" not in dict(node.options):
                raise ShapeError(
                    said("{node} has several values, not one", node=quoted(written(node, UNICODE)))
                )
            operands = _taken(stack, len(node.operands))
            try:
                out = applied(op, operands, op.with_options(node.options))
            except DomainError as error:
                raise DomainError(_explained(node, operands, str(error))) from None
            stack.append(out)
            if isinstance(out, float) and out == 0 and not op.vanishes and all(operands):
                formula = quoted(written(node, UNICODE))
                notes[
                    said("{formula} is too small for float64 and was taken as 0", formula=formula)
                ] = None
    return Value(stack.pop(), tuple(notes))


def applied(
    op: Operation, operands: Sequence[Fraction | float], options: Mapping[str, Any]
) -> Fraction | float:
    """Return one operation's value on single numbers, exact where it is exact.

    Raises:
        DomainError: no finite real value; the message says why.
    """
    try:
        value: Fraction | float = exact(op.value(SCALAR, *operands, **options))
    except ZeroDivisionError:
        raise DomainError(said("division by zero")) from None
    except OverflowError:
        raise DomainError(_OVERFLOW) from None
    except ValueError:
        raise DomainError(
            said("no real value; {domain}", domain=op.domain or said("the number lies outside"))
        ) from None
    if isinstance(value, float) and not math.isfinite(value):
        raise DomainError(_OVERFLOW)
    if op.angle and abs(float(value)) > op.poles and abs(float(operands[0])) > 1:
        raise DomainError(said("no value: a pole of {name}", name=op.name))
    return value


_OVERFLOW = N_("an overflow, beyond float64, which ends near 1.8e308")


def _explained(node: Apply, operands: Sequence[Fraction | float], why: str) -> str:
    """Return `ln(w·x)` where w·x = −4: no real value; ..."""
    where: dict[str, None] = {}
    for operand, value in zip(node.operands, operands, strict=True):
        formula = quoted(written(operand, UNICODE))[1:-1]
        if not isinstance(operand, Number) and formula != _shown(value):
            where[f"{formula} = {_shown(value)}"] = None
    listed = f" where {', '.join(list(where)[:6])}" if where else ""
    return f"{quoted(written(node, UNICODE), 60)}{listed}: {why}"


def _shown(value: Fraction | float) -> str:
    text = number_text(value)
    short = text if len(text) <= 24 else f"{float(value):.6g}"
    return short.replace("-", "−")


def _taken(stack: list[Any], count: int) -> list[Any]:
    operands = stack[len(stack) - count :]
    del stack[len(stack) - count :]
    return operands


def _looked_up(name: str, env: Mapping[str, Any]) -> Any:
    if name in env:
        return env[name]
    hint = did_you_mean(name, env)
    raise UnknownNameError(
        said("{name} has no value", name=quoted(name)) + (f"; {hint}" if hint else "")
    )


def _finite(name: str, value: object) -> Fraction | float:
    if isinstance(value, bool) or not isinstance(value, int | float | Fraction):
        kind = type(value).__name__
        raise OptionError(
            said(
                "the value of {name} is a number, not of type {kind}", name=quoted(name), kind=kind
            )
        )
    if isinstance(value, float) and not math.isfinite(value):
        raise DomainError(
            said(
                "the value of {name} is {value}, which is not a finite number",
                name=quoted(name),
                value=value,
            )
        )
    try:
        return exact(value)
    except OverflowError:
        raise DomainError(
            said("the value of {name} is {overflow}", name=quoted(name), overflow=_OVERFLOW)
        ) from None
