"""The operations of a graph with their rules ready to be called, on single numbers or on many at once.

Enters: a graph and a place in it. Leaves: an `Operator`: its value, and its slopes, which are read off the
student's own output where the rule reads that.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from ...graph import Graph
from ...ops import OPS, SCALAR
from ...ops.array_kernel import RAW

__all__ = ["Operator", "operator_at"]

_NOTHING: Mapping[Any, Any] = MappingProxyType({})


def _nothing() -> Mapping[Any, Any]:
    return _NOTHING


@dataclass(frozen=True, slots=True)
class Operator:
    """One operation of a plan, with its rules ready to be called.

    Attributes:
        by_output: its slopes written with its output, where they can be: σ' = a(1 − a); else nothing.
        siblings: for one output of several, where the others stand, by their number.
    """

    op: str
    place: int
    operands: tuple[int, ...]
    forward: Callable[..., Any]
    slopes: tuple[Callable[..., Any], ...]
    options: Mapping[str, Any]
    by_output: tuple[Callable[..., Any], ...] = ()
    siblings: Mapping[int, int] = field(default_factory=_nothing)

    def value(self, operands: Sequence[float]) -> float:
        """Return the operation's value; nan where it has none."""
        try:
            return float(self.forward(SCALAR, *operands, **self.options))
        except (ArithmeticError, ValueError):
            return math.nan

    def slope(self, slot: int, out: float, operands: Sequence[float]) -> float:
        """Return the local gradient along an operand; nan where there is none."""
        try:
            return float(self.slopes[slot](SCALAR, out, *operands, **self.options))
        except (ArithmeticError, ValueError):
            return math.nan

    def slope_by_output(self, slot: int, values: Sequence[float]) -> float:
        """Return the local gradient as one finds it who reads it off the outputs that `values` has."""
        kernel = _Outputs({i: values[place] for i, place in self.siblings.items()})
        operands = [values[i] for i in self.operands]
        try:
            return float(self.by_output[slot](kernel, values[self.place], *operands, **self.options))
        except (ArithmeticError, ValueError):
            return math.nan

    def values_of(self, operands: Sequence[Any]) -> Any:
        """Return the values at many numbers at once: operands are numbers or arrays of one length."""
        return self.forward(RAW, *operands, **self.options)

    def slopes_of(self, slot: int, out: Any, operands: Sequence[Any]) -> Any:
        """Return the local gradients along an operand at many numbers at once."""
        return self.slopes[slot](RAW, out, *operands, **self.options)


class _Outputs:
    """The kernel of single numbers, in which the shares of a softmax are those already found."""

    def __init__(self, shares: Mapping[int, float]) -> None:
        self.shares: Mapping[int, float] = shares

    def __getattr__(self, name: str) -> Any:
        return getattr(SCALAR, name)

    def softmax(self, index: int, *scores: float) -> Any:
        """Return a share as it was found; worked out where it was not."""
        return self.shares[index] if index in self.shares else SCALAR.softmax(index, *scores)


def operator_at(graph: Graph, place: int) -> Operator:
    """Return the operation at a place of a graph."""
    node = graph.nodes[place]
    op = OPS[node.op]
    slopes = tuple(op.slope(slot) for slot in range(len(node.operands)))
    options = op.with_options(node.options) if op.options or op.outputs else {}
    siblings: dict[int, int] = {}
    if op.outputs:
        siblings = {
            int(dict(graph.nodes[use.target].options)["index"]): use.target
            for use in graph.uses[node.operands[0]]
            if graph.nodes[use.target].op == node.op
            and graph.nodes[use.target].operands == node.operands
        }
    by_output: tuple[Callable[..., Any], ...] = ()
    if op.accurate is not None and (op.outputs or "out" in op.reads(0)):
        by_output = tuple(op.partial(slot) for slot in range(len(node.operands)))
    return Operator(node.op, place, node.operands, op.value, slopes, options, by_output, siblings)
