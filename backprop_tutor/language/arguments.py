"""What may stand among a function's arguments beside formulas: options, lists, comparisons.

The grammar makes them, and `calls.py` lays them out; this file says what each holds.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ..errors import Fault, Span
from ..sentences import said
from .faults import BadFormula
from .tree import Expression, Number

__all__ = ["Compared", "Listed", "Option", "constant_of"]


@dataclass(frozen=True, slots=True)
class Option:
    """`slope=0.01` among a function's arguments."""

    name: str
    value: Expression | Any
    span: Span


@dataclass(frozen=True, slots=True)
class Listed:
    """`[a, b, c]` among a function's arguments; of a shape `(a, b, c)`, `comma` is the first one."""

    items: tuple[Any, ...]
    span: Span = field(default=Span(0, 0))
    comma: Span | None = None


@dataclass(frozen=True, slots=True)
class Compared:
    """`x > 0` among a function's arguments."""

    one: Any
    sign: str
    other: Any
    span: Span = field(default=Span(0, 0))


def constant_of(value: Any, name: str) -> float:
    """Return the number that an option is given.

    Raises:
        BadFormula: it is given something else.
    """
    if isinstance(value, Number):
        return float(value.value)
    raise BadFormula(Fault(said("the option `{name}` takes a number", name=name), value.span))
