"""The pass over arrays with one rule replaced: what a broken rule makes of a whole sheet of matrices.

An `ArrayPlan` is a derivation's graph made ready for many passes, an `ArrayBend` what is done differently,
a `View` what a wrong rule looks at: the operation, its operands, the gradient that arrives. What a wrong
rule hands down may have any shape; where no further operation takes it, nothing is known from there on.
A pass may be run on a student's own matrices (`OwnArrays`), each worked out from those before it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...graph import Node
from ...language import shown_name, written
from ...matrices.array_graph import ArrayGraph
from ...matrices.array_pass import as_needed, value_of, way_back
from ...ops import OPS
from ...ops.array_kernel import RAW
from ...ops.array_rows import PREFIX
from ...steps import Derivation

__all__ = ["Array", "ArrayBend", "ArrayPass", "ArrayPlan", "Edge", "OwnArrays", "View", "kind_of"]

Array = NDArray[Any]
Edge = tuple[int, int, int]
"""Source, target, slot."""

_NOTHING: Mapping[Any, Any] = MappingProxyType({})
_LONGEST = 24


def _nothing() -> Mapping[Any, Any]:
    return _NOTHING


@dataclass(frozen=True, slots=True)
class View:
    """What a rule of the way back looks at.

    Attributes:
        plan: the plan.
        edge: from the operand (source) to the operation (target), as operand number `slot`.
        values: each node's value in this pass.
        g: the gradient that arrives at the operation.
    """

    plan: ArrayPlan
    edge: Edge
    values: Sequence[Any]
    g: Array

    @property
    def node(self) -> Node:
        """Return the operation."""
        return self.plan.graph.nodes[self.edge[1]]

    @property
    def slot(self) -> int:
        """Return the operand's number."""
        return self.edge[2]

    @property
    def operands(self) -> list[Any]:
        """Return the operands' values."""
        return as_needed(self.node, [self.values[i] for i in self.node.operands])

    @property
    def operand(self) -> Array:
        """Return the operand's own value."""
        found: Array = self.operands[self.slot]
        return found

    @property
    def other(self) -> Array:
        """Return the other operand's value, of two."""
        found: Array = self.operands[1 - self.slot]
        return found

    @property
    def out(self) -> Array:
        """Return the operation's value."""
        found: Array = np.asarray(self.values[self.edge[1]])
        return found

    def right(self, g: Any = None) -> Array:
        """Return what the ordinary rule hands down, of another gradient where one is given."""
        g = self.g if g is None else np.asarray(g, float)
        back = way_back(self.node, self.slot, g, self.out, self.operands)
        return np.asarray(back, float)

    def slope(self, out: Any, *operands: Any) -> Array:
        """Return the slope of an operation on single entries, at other numbers."""
        row = OPS[self.node.op]
        options = row.with_options(self.node.options)
        return np.asarray(row.slope(self.slot)(RAW, out, *operands, **options), float)


ValueRule = Callable[["ArrayPlan", list[Any]], Any]
EdgeRule = Callable[[View], Any]
GradientRule = Callable[["ArrayPlan", Sequence[Any], Array], Any]
"""From the plan, the pass's values and a node's gradient to another gradient."""


@dataclass(frozen=True, kw_only=True)
class ArrayBend:
    """What a broken pass does differently. Everything not named is done by the ordinary rules.

    Attributes:
        values: for an operation, its value from its operands' values.
        written: for a node, what is written down for its value, which is itself carried on.
        edges: for an edge, what it hands down.
        dropped: edges whose contribution is left out of the sum.
        totals: for a node, its gradient from the right one; handed on so.
        answers: for a node, what is written down for its gradient, which is itself handed on.
        news: for an input, what is written down for it after a step of descent.
    """

    values: Mapping[int, ValueRule] = field(default_factory=_nothing)
    written: Mapping[int, Callable[[Array], Any]] = field(default_factory=_nothing)
    edges: Mapping[Edge, EdgeRule] = field(default_factory=_nothing)
    dropped: frozenset[Edge] = frozenset()
    totals: Mapping[int, GradientRule] = field(default_factory=_nothing)
    answers: Mapping[int, GradientRule] = field(default_factory=_nothing)
    news: Mapping[int, Callable[[Array, Array, float], Any]] = field(default_factory=_nothing)

    @staticmethod
    def union(bends: Sequence[ArrayBend]) -> ArrayBend:
        """Return the bend that does what all of them do."""
        merged: dict[str, Any] = {}
        for name in ("values", "written", "edges", "totals", "answers", "news"):
            merged[name] = {}
            for bend in bends:
                merged[name].update(getattr(bend, name))
        dropped = frozenset[Edge]().union(*(bend.dropped for bend in bends))
        return ArrayBend(**merged, dropped=dropped)


@dataclass(frozen=True, slots=True)
class OwnArrays:
    """The matrices on a student's sheet, by what they are of."""

    values: Mapping[int, Array] = field(default_factory=_nothing)
    gradients: Mapping[int, Array] = field(default_factory=_nothing)
    downs: Mapping[Edge, Array] = field(default_factory=_nothing)

    def __bool__(self) -> bool:
        return bool(self.values or self.gradients or self.downs)


@dataclass(frozen=True, slots=True)
class ArrayPass:
    """What a pass comes to, worked out from what stands before it; None where a wrong shape leads nowhere.

    Attributes:
        values, gradients, downs: what is written down.
        there: the values that were carried on.
        ups: the gradients that were handed on.
    """

    values: list[Any]
    gradients: list[Any]
    downs: Mapping[Edge, Any]
    there: list[Any]
    ups: list[Any]


Rounding = Callable[[Any], Any]


class ArrayPlan:
    """A derivation over arrays, made ready for many passes.

    Attributes:
        graph, output: the graph, and the place of its output.
        numbers: the true values, by place.
        edges: the edges along which something is handed down, from the output down.
        gathered: for each node, its edges, in the order typed.
        upstreams: the true gradients, by place; None where there is none.
        rates: the learning rates that a student may have used.
    """

    def __init__(self, derivation: Derivation, rates: Sequence[float] = ()) -> None:
        graph = derivation.graph_table
        assert isinstance(graph, ArrayGraph)  # asked of derivations over arrays
        self.graph: ArrayGraph = graph
        self.output: int = graph.output
        self.numbers: list[Any] = [np.asarray(number) for number in derivation.numbers]
        self.upstreams: list[Any] = [None if u is None else np.asarray(u) for u in derivation.upstreams]
        self.edges: tuple[Edge, ...] = tuple(
            sorted(derivation.contributions, key=lambda edge: (-edge[1], edge[2]))
        )
        gathered: list[list[Edge]] = [[] for _ in graph.nodes]
        self.from_target: dict[int, list[Edge]] = {}
        for edge in self.edges:
            self.from_target.setdefault(edge[1], []).append(edge)
        for place in range(len(graph.nodes)):
            for use in graph.uses[place]:
                if (place, use.target, use.slot) in derivation.contributions:
                    gathered[place].append((place, use.target, use.slot))
        self.gathered: tuple[tuple[Edge, ...], ...] = tuple(map(tuple, gathered))
        self.rates: tuple[float, ...] = tuple(rates)
        self.size: int = sum(number.size for number in self.numbers)

    def name(self, place: int) -> str:
        """Return how a node is called: by its name, or by its formula where it has none that is typed."""
        node = self.graph.nodes[place]
        if kind_of(node) == "expand":
            return self.name(node.operands[0])  # the same value, once for each sample
        if node.named or node.kind != "operation":
            return shown_name(node.name)
        operands = [self.graph.nodes[i] for i in node.operands]
        formula = written(self.graph.formula(place))
        if len(formula) <= _LONGEST and all(each.named or each.kind == "constant" for each in operands):
            return formula
        uses = self.graph.uses[place]
        return self.name(uses[0].target) if uses else shown_name(node.name)

    def run(
        self, bend: ArrayBend, own: OwnArrays, base: ArrayPass | None = None,
        rounding: Rounding | None = None, *, values: bool = True,
    ) -> ArrayPass:  # fmt: skip
        """Return what a pass comes to, from the student's own matrices where there are any.

        Args:
            bend: what is done differently.
            own: the student's own matrices.
            base: the ordinary pass on the same ones; what the bend leaves as it is, is taken from it.
            rounding: rounds every gradient as it is found, and with `values` every value.
        """
        with np.errstate(all="ignore"):
            there, found, moved = self._forward(bend, own, base, rounding if values else None)
            return self._backward(bend, own, base, there, found, moved, rounding)

    def _forward(
        self, bend: ArrayBend, own: OwnArrays, base: ArrayPass | None, rounding: Rounding | None
    ) -> tuple[list[Any], list[Any], set[int]]:
        if base is not None and not bend.values and not bend.written:
            return base.there, base.values, set()
        there = list(self.numbers if base is None else base.there)
        found = list(self.numbers if base is None else base.values)
        moved = set(bend.values)
        if base is None:
            moved |= set(own.values)
        if not moved and not bend.written and rounding is None:
            return there, found, moved
        for place, node in enumerate(self.graph.nodes):
            if node.kind == "operation" and (
                rounding is not None or place in bend.values or moved.intersection(node.operands)
            ):
                operands = [there[i] for i in node.operands]
                value = self._value(place, operands, bend.values.get(place))
                if rounding is not None and value is not None:
                    value = rounding(value)
                there[place] = found[place] = value
                moved.add(place)
            if place in bend.written and found[place] is not None:
                found[place] = _tried(lambda p=place: bend.written[p](there[p]))  # type: ignore[misc]
            if place in own.values:
                there[place] = own.values[place]
        return there, found, moved

    def _value(self, place: int, operands: list[Any], rule: ValueRule | None) -> Any:
        if any(operand is None for operand in operands):
            return None
        node = self.graph.nodes[place]
        if rule is not None:
            return _tried(lambda: rule(self, as_needed(node, operands)))
        return _tried(lambda: value_of(node, as_needed(node, operands)))

    def _backward(
        self, bend: ArrayBend, own: OwnArrays, base: ArrayPass | None, there: list[Any], found: list[Any],
        moved: set[int], rounding: Rounding | None,
    ) -> ArrayPass:  # fmt: skip
        whole = base is None
        gradients: list[Any] = [None if u is None else np.zeros(u.shape) for u in self.upstreams]
        ups = list(gradients)
        if base is not None:
            gradients, ups = list(base.gradients), list(base.ups)
        downs: dict[Edge, Any] = {} if base is None else dict(base.downs)
        changed: set[Edge] = set()
        for place in range(self.output, -1, -1):
            edges = self.gathered[place]
            fresh = whole or place in bend.totals or any(
                edge in changed or edge in bend.dropped for edge in edges
            )  # fmt: skip
            if place != self.output and not edges:
                continue
            if fresh:
                ups[place] = gradients[place] = self._gathered(
                    place, bend, own, there, downs, gradients[place], rounding
                )
            if place in bend.answers and ups[place] is not None:
                gradients[place] = _tried(
                    lambda p=place: bend.answers[p](self, there, ups[p])  # type: ignore[misc]
                )
            up = own.gradients.get(place, ups[place])
            fresh = fresh and (whole or place not in own.gradients)
            for edge in self.from_target.get(place, ()):
                touched = place in moved or moved.intersection(self.graph.nodes[place].operands)
                if fresh or touched or edge in bend.edges:
                    changed.add(edge)
                    rule = bend.edges.get(edge)
                    downs[edge] = None if up is None else self._handed(edge, rule, there, up)
        return ArrayPass(found, gradients, downs, there, ups)

    def _gathered(
        self, place: int, bend: ArrayBend, own: OwnArrays, there: list[Any], downs: Mapping[Edge, Any],
        nothing: Any, rounding: Rounding | None,
    ) -> Any:  # fmt: skip
        """Return a node's gradient: the sum of what its uses hand down."""
        gradient: Any = np.ones(())
        if place != self.output:
            kept = [edge for edge in self.gathered[place] if edge not in bend.dropped]
            gradient = _summed([own.downs.get(edge, downs.get(edge)) for edge in kept], nothing)
        if place in bend.totals and gradient is not None:
            gradient = _tried(lambda: bend.totals[place](self, there, gradient))
        if rounding is not None and gradient is not None:
            gradient = rounding(gradient)
        return gradient

    def _handed(self, edge: Edge, rule: EdgeRule | None, there: list[Any], up: Any) -> Any:
        if any(there[i] is None for i in self.graph.nodes[edge[1]].operands) or there[edge[1]] is None:
            return None
        view = View(self, edge, there, up)
        if rule is not None:
            return _tried(lambda: rule(view))
        shape = np.shape(self.numbers[edge[0]])
        out = np.shape(self.numbers[edge[1]])
        if up.shape != out and kind_of(view.node) in _LOOSELY:
            return _tried(lambda: _LOOSELY[kind_of(view.node)](view, out, shape))
        return _tried(lambda: _shaped(view.right(), shape))


def _tried(work: Callable[[], Any]) -> Any:
    """Return an array, or None where a rule does not go with the shapes that it meets."""
    try:
        found = work()
        return None if found is None else np.asarray(found, float)
    except (ArithmeticError, ValueError, TypeError, IndexError):
        return None


def _shaped(found: Array, shape: tuple[int, ...]) -> Array:
    """Return what an ordinary rule hands down in the operand's shape; of a wrong shape as it is."""
    try:
        return np.broadcast_to(found, shape)
    except ValueError:
        return found


def _of_product(view: View, out: tuple[int, ...], operand: tuple[int, ...]) -> Array:
    """Return what a product of matrices hands down of a gradient of a wrong shape, where it can."""
    left, right = view.operands
    return np.asarray(view.g @ right.T if view.slot == 0 else left.T @ view.g)


def _over_the_rows(view: View, out: tuple[int, ...], operand: tuple[int, ...]) -> Array:
    """Return a gradient of a wrong shape summed along the axes that its value was repeated along."""
    g = view.g
    own = (1,) * (len(out) - len(operand)) + operand
    axes = tuple(i for i, (n, m) in enumerate(zip(own, out, strict=True)) if n != m)
    if g.ndim != len(out):
        raise ValueError("no such axis")
    return np.asarray(g.sum(axis=axes, keepdims=len(operand) == len(out)))


_LOOSELY: Mapping[str, Callable[[View, tuple[int, ...], tuple[int, ...]], Array]] = {
    "expand": _over_the_rows, "matmul": _of_product, "add": lambda view, out, operand: view.g,
}  # fmt: skip
"""Operations through which a gradient of a wrong shape is carried on as a student would."""


def _summed(handed: list[Any], nothing: Any) -> Any:
    """Return the sum of contributions; None where one is not known, or they have different shapes."""
    if any(each is None for each in handed):
        return None
    if not handed:
        return nothing
    if any(each.shape != handed[0].shape for each in handed):
        return None
    total = handed[0]
    for each in handed[1:]:
        total = total + each
    return total


def kind_of(node: Node) -> str:
    """Return an operation's name, whether arrays or single numbers have it."""
    return node.op.removeprefix(PREFIX)
