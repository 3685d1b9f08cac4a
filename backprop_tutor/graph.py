"""The graph of a program: an immutable table of nodes in creation order, one edge for each use.

Operands stand before the operations that use them. On request it is a `networkx.MultiDiGraph` whose
edges `(u, v, slot)` go from an operand to the operation that uses it. What is drawn, derived and
marked is this graph; nothing of it passes through SymPy, so what was typed is what is shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from .asked import name_of
from .errors import OptionError, UnknownNameError, did_you_mean, quoted
from .frozen import FrozenDict
from .language import (
    Apply,
    Expression,
    Name,
    Number,
    Program,
    canonical_name,
)
from .once import cached_property
from .sentences import said

if TYPE_CHECKING:
    import networkx as nx

__all__ = ["Graph", "Node", "Use"]


@dataclass(frozen=True, slots=True)
class Use:
    """One edge seen from its operand: the operation that uses it, and as operand number `slot`."""

    target: int
    slot: int


@dataclass(frozen=True, slots=True)
class Node:
    """A leaf or the result of one operation.

    Attributes:
        name: its assignment's name, else `v1`, `v2`, ...: operations first, then constants.
        kind: "input", "constant" or "operation".
        op: the operation's name in `OPS`; empty for leaves.
        operands: the operands' places in `Graph.nodes`, in slot order.
        options: the operation's numeric options.
        value: a constant's number, or the number a program assigns to an input.
        text: how a constant is written.
        named: whether the user gave the name.
    """

    name: str
    kind: str
    op: str = ""
    operands: tuple[int, ...] = ()
    options: tuple[tuple[str, Any], ...] = ()
    value: Fraction | float | None = None
    text: str = ""
    named: bool = True


@dataclass(frozen=True, eq=False)
class Graph:
    """The nodes of a program in creation order, which is a topological order.

    Two are equal where their programs, nodes and outputs are.
    """

    program: Program
    nodes: tuple[Node, ...]
    output: int

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Graph):
            return NotImplemented
        return self is other or (
            self.output == other.output
            and self.nodes == other.nodes
            and self.program == other.program
        )

    def __hash__(self) -> int:
        return self._hash

    def __repr__(self) -> str:
        return f"<Graph of {self.nodes[self.output].name}: {len(self.nodes)} nodes>"

    @cached_property
    def _hash(self) -> int:
        return hash((self.nodes, self.output))

    def __getstate__(self) -> dict[str, object]:
        return {"program": self.program, "nodes": self.nodes, "output": self.output}

    @cached_property
    def index(self) -> FrozenDict[str, int]:
        """Return each name's place in `nodes`."""
        return FrozenDict((node.name, i) for i, node in enumerate(self.nodes))

    @cached_property
    def uses(self) -> tuple[tuple[Use, ...], ...]:
        """Return for each node its uses, in the order typed: the edges that leave it."""
        found: list[list[Use]] = [[] for _ in self.nodes]
        for target, node in enumerate(self.nodes):
            for slot, source in enumerate(node.operands):
                found[source].append(Use(target, slot))
        return tuple(map(tuple, found))

    @cached_property
    def relevant(self) -> tuple[bool, ...]:
        """Return for each node whether the output depends on it."""
        reached = [False] * len(self.nodes)
        reached[self.output] = True
        for i in range(len(self.nodes) - 1, -1, -1):
            if reached[i]:
                for source in self.nodes[i].operands:
                    reached[source] = True
        return tuple(reached)

    @cached_property
    def varies(self) -> tuple[bool, ...]:
        """Return for each node whether a gradient is asked for: not for bare constants."""
        found: list[bool] = []
        for i, node in enumerate(self.nodes):
            found.append(
                (node.named and self._asked(i)) or any(found[source] for source in node.operands)
            )
        return tuple(found)

    def _asked(self, place: int) -> bool:
        """Return whether a gradient is asked for along a node with a name of its own."""
        return True

    @property
    def inputs(self) -> tuple[str, ...]:
        """Return the names of the inputs, in order of first use."""
        return tuple(node.name for node in self.nodes if node.kind == "input")

    @property
    def operations(self) -> int:
        """Return the number of operations."""
        return sum(node.kind == "operation" for node in self.nodes)

    def find(self, name: str) -> int:
        """Return the place of a node.

        Raises:
            UnknownNameError: no node has that name; the nearest is suggested.
        """
        name = name_of(name, "name")
        place = self.index.get(canonical_name(name))
        if place is None:
            names = [node.name for node in self.nodes if node.kind != "constant"]
            hint = did_you_mean(name, names) or said(
                "its nodes: {names}", names=", ".join(names[:12])
            )
            raise UnknownNameError(
                said("the graph has no node {name}; {hint}", name=quoted(name), hint=hint)
            ).about(names=[name], choices=names)
        return place

    def edge(self, wrt: str, of: str, slot: int | None = None) -> tuple[int, int, int]:
        """Return the places and the operand's number of the edge by which `of` uses `wrt`.

        Where it is used more than once, `slot` tells which operand is meant; else the first is.

        Raises:
            UnknownNameError: no such node, or no such edge.
            OptionError: the operand `slot` is another node.
        """
        target, source = self.find(of), self.find(wrt)
        slots = [i for i, operand in enumerate(self.nodes[target].operands) if operand == source]
        if not slots:
            operands = ", ".join(self.nodes[i].name for i in self.nodes[target].operands)
            hint = (
                said("its operands: {names}", names=operands)
                if operands
                else said("it has no operands")
            )
            raise UnknownNameError(
                said(
                    "{of} does not use {wrt} directly; {hint}",
                    of=quoted(of), wrt=quoted(wrt), hint=hint,
                )
            ).about(
                names=[wrt], node=self.nodes[target].name,
                choices=[self.nodes[i].name for i in self.nodes[target].operands],
            )
        if slot is not None and slot not in slots:
            listed = " or ".join(map(str, slots))
            raise OptionError(
                said(
                    "{wrt} is operand {listed} of {of}, not {slot}",
                    wrt=quoted(wrt), listed=listed, of=quoted(of), slot=slot,
                )
            ).about(names=[wrt], node=self.nodes[target].name, choices=map(str, slots))  # fmt: skip
        return source, target, slots[0] if slot is None else slot

    def formula(self, place: int) -> Expression:
        """Return a node's own operation as a tree over its operands' names and constants."""
        node = self.nodes[place]
        if node.kind != "operation":
            return self.term(place)
        return Apply(node.op, tuple(self.term(i) for i in node.operands), node.options)

    def term(self, place: int) -> Expression:
        """Return a node as it stands in a formula: by its name, a constant by its number."""
        node = self.nodes[place]
        if node.kind == "constant" and node.value is not None:
            return Number(node.value, node.text)
        return Name(node.name)

    def multidigraph(self) -> nx.MultiDiGraph[str]:
        """Return the graph as a `networkx.MultiDiGraph`; keys are operand slots."""
        import networkx as nx  # start-up time: only who asks for networkx pays for it

        graph = nx.MultiDiGraph(output=self.nodes[self.output].name)
        for node in self.nodes:
            graph.add_node(
                node.name, op=node.op or node.kind, kind=node.kind, options=FrozenDict(node.options),
                label=node.text or node.name,
            )  # fmt: skip
        for node in self.nodes:
            for slot, source in enumerate(node.operands):
                graph.add_edge(self.nodes[source].name, node.name, key=slot, slot=slot)
        return graph
