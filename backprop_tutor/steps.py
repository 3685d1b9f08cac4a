"""The records of a derivation: one frozen record a step, and the `Derivation` that holds them all.

A derivation is one pass at one point. Nothing in it is ever overwritten; another pass is another
derivation. Numbers are exact (`int`, `Fraction`) where the inputs were and the operations allow it,
else float64; nothing here is rounded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Self

from .errors import OptionError, TutorError, UnknownNameError, quoted
from .frozen import Final, FrozenDict, Unchanging
from .graph import Graph
from .language import Program
from .once import cached_property
from .ops import Number, plain
from .sentences import said

__all__ = [
    "AccumulateStep",
    "BackwardStep",
    "Contribution",
    "Derivation",
    "Edges",
    "ForwardStep",
    "Quantities",
    "SeedStep",
    "Step",
    "UpdateStep",
    "check_single",
]

Exact = Fraction | float


def _told(value: Any) -> str:
    """Return a number as it stands in a repr; of an array its shape."""
    shape = getattr(value, "shape", ())
    return f"an array {'×'.join(map(str, shape))}" if shape else str(plain(value))


@dataclass(frozen=True, slots=True, repr=False)
class ForwardStep:
    """The value of one operation, from its operands' values.

    `node` is its name, as in every step; `place` where it stands in the graph's nodes.

    >>> from backprop_tutor import derive
    >>> derive("f = x*y + x", at={"x": 2, "y": 3}).steps[0]
    <step 1: v1 = 6>
    """

    number: int
    node: str
    value: Exact
    place: int

    phase = "forward"

    def __repr__(self) -> str:
        return f"<step {self.number}: {self.node} = {_told(self.value)}>"


@dataclass(frozen=True, slots=True, repr=False)
class SeedStep:
    """The gradient of the output along itself, 1.

    >>> from backprop_tutor import derive
    >>> derive("f = x*y + x", at={"x": 2, "y": 3}).steps[2]
    <step 3: ∂f/∂f = 1>
    """

    number: int
    node: str
    place: int

    phase = "seed"

    def __repr__(self) -> str:
        return f"<step {self.number}: ∂{self.node}/∂{self.node} = 1>"


@dataclass(frozen=True, slots=True, repr=False)
class Contribution:
    """One edge in the backward pass: downstream = upstream(target) · local(source → target).

    `source` and `target` are names and `places` where they stand in the graph's nodes; `slot` is the
    operand's number. `local` is nan where the operation has no slope along this operand at this point.

    >>> from backprop_tutor import derive
    >>> derive("f = x*y + x", at={"x": 2, "y": 3}).edges["x", "v1", 0]
    <x → v1 (operand 0): 1 · 3 = 3>
    """

    source: str
    target: str
    slot: int
    local: Exact
    upstream: Exact
    downstream: Exact
    places: tuple[int, int]

    def __repr__(self) -> str:
        edge = f"{self.source} → {self.target} (operand {self.slot})"
        if getattr(self.downstream, "shape", None) is not None:
            return f"<{edge}: {_told(self.downstream)}>"
        return f"<{edge}: {_told(self.upstream)} · {_told(self.local)} = {_told(self.downstream)}>"


@dataclass(frozen=True, slots=True, repr=False)
class BackwardStep:
    """One operation handing its upstream gradient down along each of its operands.

    >>> from backprop_tutor import derive
    >>> derive("f = x*y + x", at={"x": 2, "y": 3}).steps[4]
    <step 5: v1 hands down x 3, y 2>
    """

    number: int
    node: str
    upstream: Exact
    edges: tuple[Contribution, ...]
    place: int

    phase = "backward"

    def __repr__(self) -> str:
        handed = ", ".join(f"{edge.source} {_told(edge.downstream)}" for edge in self.edges[:4])
        more = ", …" if len(self.edges) > 4 else ""
        return f"<step {self.number}: {self.node} hands down {handed}{more}>"


@dataclass(frozen=True, slots=True, repr=False)
class AccumulateStep:
    """The gradient of a node that is used more than once: the sum of its contributions.

    >>> from backprop_tutor import derive
    >>> derive("f = x*y + x", at={"x": 2, "y": 3}).steps[5]
    <step 6: x gathers 4 from 2 uses>
    """

    number: int
    node: str
    contributions: tuple[Contribution, ...]
    total: Exact
    place: int

    phase = "accumulate"

    def __repr__(self) -> str:
        count = len(self.contributions)
        return f"<step {self.number}: {self.node} gathers {_told(self.total)} from {count} uses>"


@dataclass(frozen=True, slots=True, repr=False)
class UpdateStep:
    """One parameter after a step of gradient descent: new = old - lr · gradient.

    >>> from backprop_tutor import derive
    >>> from backprop_tutor.descent import update_steps
    >>> update_steps(derive("L = (w - 3)^2", at={"w": 0}), lr=0.5)
    (<step 6: w moves from 0 to 3.0>,)
    """

    number: int
    node: str
    old: Exact
    gradient: Exact
    lr: Exact
    new: Exact
    place: int

    phase = "update"

    def __repr__(self) -> str:
        return (
            f"<step {self.number}: {self.node} moves from {plain(self.old)} to {plain(self.new)}>"
        )


Step = ForwardStep | SeedStep | BackwardStep | AccumulateStep | UpdateStep


class Quantities(Unchanging[str, Number]):
    """Numbers by node name, in creation order; constants of the text are left out.

    A `dict` that cannot be changed, so that tables take it as a column: `pandas.Series(d.values)`. A name
    is found however it is written: `w1`, `w₁`. What has no number (the gradient of a part that is made of
    constants alone) is not among the names.
    """

    __slots__ = ("_graph", "_numbers", "_why_none")

    def __init__(
        self, graph: Graph, numbers: tuple[Any, ...], why_none: Callable[[str], str] | None = None
    ) -> None:
        pairs = zip(graph.nodes, numbers, strict=True)  # arrays, where many points are swept
        super().__init__(
            (n.name, plain(number)) for n, number in pairs if n.kind != "constant" and number is not None
        )
        self._graph, self._numbers = graph, numbers
        self._why_none = why_none or _of_constants

    def __getitem__(self, name: str) -> Number:
        try:
            return super().__getitem__(name)  # another spelling is `__missing__`
        except TypeError:  # a list, a slice: no key of a dict
            return self.__missing__(name)

    def __missing__(self, name: str) -> Number:
        try:
            place = self._graph.find(name)
        except TutorError as error:
            found = _UnknownNode(str(error))
            raise found.about(names=error.names, choices=error.choices) from None
        number = self._numbers[place]
        if number is None:
            raise _UnknownNode(self._why_none(name)).about(names=[name])
        return plain(number)

    def __contains__(self, name: object) -> bool:
        try:
            place = self._graph.find(name)  # type: ignore[arg-type]  # anything may be asked about
        except TutorError:
            return False
        return self._numbers[place] is not None

    def get(self, name: str, default: Any = None) -> Any:  # Any: what the caller hands in
        """Return the number of a name however it is written, or the default."""
        return self[name] if name in self else default  # noqa: SIM401  # this is what `get` is

    def copy(self) -> dict[str, Number]:
        """Return a plain dict of one's own."""
        return dict(self)

    def __reduce__(self) -> tuple[type[Any], tuple[Any, ...]]:
        return type(self), (self._graph, self._numbers, self._why_none)


def _of_constants(name: str) -> str:
    return said("{name} is made of constants alone and takes no gradient", name=f"`{name}`")


class _UnknownNode(UnknownNameError, KeyError):
    """An unknown node's name where a mapping raises KeyError."""


class Edges(Mapping[tuple[str, str, int], Contribution]):
    """Every edge's contribution by its nodes' names and the operand's number, in the graph's order.

    `edges["q", "f", 0]`; `edges["q", "f"]` where f uses q once. Names are found however written.
    """

    def __init__(self, graph: Graph, found: Mapping[tuple[int, int, int], Contribution]) -> None:
        self._graph = graph
        self._found = found

    def __getitem__(self, key: tuple[str, str, int] | tuple[str, str]) -> Contribution:
        if not isinstance(key, tuple) or len(key) not in (2, 3):
            example = '"q", "f", 0'
            raise _UnknownEdge(
                said("an edge is named by two nodes and the operand: {example}", example=example)
            )
        source, target = str(key[0]), str(key[1])
        try:
            places = self._graph.edge(source, target, key[2] if len(key) == 3 else None)
        except TutorError as error:
            edge = _UnknownEdge(str(error))
            raise edge.about(
                names=error.names, node=error.node, choices=error.choices
            ) from None
        found = self._found.get(places)
        if found is None:
            raise _UnknownEdge(
                said("no gradient passes from {of} to {wrt}", of=quoted(target), wrt=quoted(source))
            )
        return found

    def __iter__(self) -> Iterator[tuple[str, str, int]]:
        return ((e.source, e.target, e.slot) for e in self._ordered())

    def _ordered(self) -> Iterator[Contribution]:
        order = sorted(self._found, key=lambda key: (key[1], key[2]))
        return (self._found[key] for key in order)

    def __len__(self) -> int:
        return len(self._found)

    def __repr__(self) -> str:
        return f"<{len(self)} edges>" if len(self) != 1 else "<1 edge>"


class _UnknownEdge(UnknownNameError, KeyError):
    """An edge that is not there, where a mapping raises KeyError."""


class Derivation(Final):
    """One forward and one backward pass over a graph at one point.

    It is made by a pass (`made`), never by its constructor, and final: another point is another
    derivation. Two are equal where their programs and points are.

    Attributes:
        graph_table: the graph the pass ran over.
        at: the inputs' values, by name, for all inputs.
        numbers: each node's value, by place.
        upstreams: each node's complete gradient ∂f/∂node, by place; 0 where f does not depend on
            it, None for constants of the text, for which none is asked.
        contributions: every edge's contribution, by the places (source, target) and the slot.
        steps: all steps, forward first.
        notes: remarks for the user on the reading, the point and conventions.
        previous: the pass before the update that led here, where there was one; it does not
            remember its own.
    """

    graph_table: Graph
    at: FrozenDict[str, Number]
    numbers: tuple[Exact, ...]
    upstreams: tuple[Exact | None, ...]
    contributions: FrozenDict[tuple[int, int, int], Contribution]
    steps: tuple[Step, ...]
    notes: tuple[str, ...]
    previous: Self | None

    _FIELDS: tuple[str, ...] = (
        "graph_table", "at", "numbers", "upstreams", "contributions", "steps", "notes", "previous",
    )  # fmt: skip

    def __init__(self, *given: object, **named: object) -> None:  # object: whatever it is, it is refused
        raise TypeError("a Derivation is made by derive(program, at=...), not by its constructor")

    @classmethod
    def made(cls, **fields: Any) -> Self:  # Any: each field is of a type of its own
        """Return a derivation of what a pass found, a value for each attribute."""
        self = cls.__new__(cls)
        self.__dict__.update({name: fields[name] for name in cls._FIELDS})
        return self

    def with_fields(self, **fields: Any) -> Self:  # Any: each field is of a type of its own
        """Return the same derivation with other records, for passes and for checks of the check."""
        return self.made(**{**self.__getstate__(), **fields})

    def _parts(self) -> tuple[object, ...]:
        point = tuple((name, type(value), value) for name, value in self.at.items())
        return point, self.graph_table

    def __getstate__(self) -> dict[str, Any]:
        return {name: self.__dict__[name] for name in self._FIELDS}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self

    @property
    def program(self) -> Program:
        """Return the program."""
        return self.graph_table.program

    @property
    def output(self) -> str:
        """Return the name of the output, the f of every ∂f/∂·."""
        return self.graph_table.nodes[self.graph_table.output].name

    @cached_property
    def values(self) -> Quantities:
        """Return the forward values by name."""
        return Quantities(self.graph_table, self.numbers)

    @cached_property
    def gradients(self) -> Quantities:
        """Return ∂f/∂node by name; parts made of constants alone have none."""
        return Quantities(self.graph_table, self.upstreams)

    @property
    def edges(self) -> Edges:
        """Return each edge's contribution: `edges["q", "f", 0].local`."""
        return Edges(self.graph_table, self.contributions)


def check_single(derivation: Derivation) -> None:
    """Refuse a derivation over vectors and matrices.

    Raises:
        OptionError: the derivation is over arrays.
    """
    if hasattr(derivation, "shapes"):
        raise OptionError(
            said("a program of single numbers is expected, and this one is over arrays")
        )
