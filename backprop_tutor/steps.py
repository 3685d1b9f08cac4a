"""The records of a derivation: one frozen record a step, and the `Derivation` that holds them all.

A derivation is one pass at one point. Nothing in it is ever overwritten; another pass is another
derivation. Numbers are exact (`int`, `Fraction`) where the inputs were and the operations allow it,
else float64; nothing here is rounded.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from .errors import UnknownNameError
from .graph import Graph
from .ops import Number, plain

__all__ = [
    "AccumulateStep",
    "BackwardStep",
    "Contribution",
    "Derivation",
    "ForwardStep",
    "Quantities",
    "SeedStep",
    "Step",
    "UpdateStep",
]

Exact = Fraction | float


@dataclass(frozen=True, slots=True)
class ForwardStep:
    """The value of one operation, from its operands' values."""

    number: int
    node: int
    value: Exact

    phase = "forward"


@dataclass(frozen=True, slots=True)
class SeedStep:
    """The gradient of the output along itself, 1."""

    number: int
    node: int

    phase = "seed"


@dataclass(frozen=True, slots=True)
class Contribution:
    """One edge in the backward pass: downstream = upstream(target) · local(source → target).

    `source` and `target` are places in the graph's nodes; `slot` is the operand's number.
    `local` is nan where the operation has no slope along this operand at this point.
    """

    source: int
    target: int
    slot: int
    local: Exact
    upstream: Exact
    downstream: Exact


@dataclass(frozen=True, slots=True)
class BackwardStep:
    """One operation handing its upstream gradient down along each of its operands."""

    number: int
    node: int
    upstream: Exact
    edges: tuple[Contribution, ...]

    phase = "backward"


@dataclass(frozen=True, slots=True)
class AccumulateStep:
    """The gradient of a node that is used more than once: the sum of its contributions."""

    number: int
    node: int
    contributions: tuple[Contribution, ...]
    total: Exact

    phase = "accumulate"


@dataclass(frozen=True, slots=True)
class UpdateStep:
    """One parameter after a step of gradient descent: new = old - lr · gradient."""

    number: int
    node: int
    old: Exact
    gradient: Exact
    lr: Exact
    new: Exact

    phase = "update"


Step = ForwardStep | SeedStep | BackwardStep | AccumulateStep | UpdateStep


class Quantities(Mapping[str, Number]):
    """Numbers by node name, in creation order; constants of the text are left out.

    A name is found however it is written: `w1`, `w₁`. What has no number (the gradient of a part
    that is made of constants alone) is not among the names.
    """

    def __init__(self, graph: Graph, numbers: tuple[Exact | None, ...]) -> None:
        self._graph = graph
        self._numbers = numbers

    def __getitem__(self, name: str) -> Number:
        try:
            place = self._graph.find(name)
        except UnknownNameError as error:
            raise _UnknownNode(str(error)) from None
        number = self._numbers[place]
        if number is None:
            raise _UnknownNode(f"`{name}` is made of constants alone and takes no gradient")
        return plain(number)

    def __contains__(self, name: object) -> bool:
        try:
            place = self._graph.find(str(name))
        except UnknownNameError:
            return False
        return self._numbers[place] is not None

    def __iter__(self) -> Iterator[str]:
        pairs = zip(self._graph.nodes, self._numbers, strict=True)
        return (n.name for n, number in pairs if n.kind != "constant" and number is not None)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __repr__(self) -> str:
        return repr(dict(self))


class _UnknownNode(UnknownNameError, KeyError):
    """An unknown node's name where a mapping raises KeyError."""


@dataclass(frozen=True, eq=False)
class Derivation:
    """One forward and one backward pass over a graph at one point.

    Attributes:
        graph_table: the graph the pass ran over.
        at: the inputs' values, by name, for all inputs.
        numbers: each node's value, by place.
        upstreams: each node's complete gradient ∂f/∂node, by place; 0 where f does not depend on
            it, None for constants of the text, for which none is asked.
        edges: every edge's contribution, by (source, target, slot).
        steps: all steps, forward first.
        notes: remarks for the user on the reading, the point and conventions.
        previous: the pass before the update that led here, where there was one; it does not
            remember its own.
    """

    graph_table: Graph
    at: Mapping[str, Number]
    numbers: tuple[Exact, ...]
    upstreams: tuple[Exact | None, ...]
    edges: Mapping[tuple[int, int, int], Contribution]
    steps: tuple[Step, ...]
    notes: tuple[str, ...] = field(default=())
    previous: Derivation | None = None

    @property
    def program(self) -> object:
        """Return the program."""
        return self.graph_table.program

    @property
    def output(self) -> str:
        """Return the name of the output, the f of every ∂f/∂·."""
        return self.graph_table.nodes[self.graph_table.output].name

    @property
    def values(self) -> Quantities:
        """Return the forward values by name."""
        return Quantities(self.graph_table, self.numbers)

    @property
    def gradients(self) -> Quantities:
        """Return ∂f/∂node by name; parts made of constants alone have none."""
        return Quantities(self.graph_table, self.upstreams)
