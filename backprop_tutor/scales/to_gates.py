"""A program over arrays as a program of single numbers: every entry has a gate.

Enters: a derivation over arrays. Leaves: the program, its point, and which gate holds which entry. Fused
operations are taken apart first; the softmax of a row stays one operation of single numbers. The rules are
those of the tables, run on formulas (`entry_trees`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np

from ..errors import OptionError
from ..graph import Node
from ..language import Apply, Assignment, Name, Program, postorder
from ..matrices.array_building import build_array_graph
from ..matrices.array_derivation import ArrayDerivation
from ..matrices.array_graph import ArrayGraph, is_target, options_of, record_of
from ..matrices.array_pass import value_of
from ..matrices.composites import composites
from ..ops.tensors import TENSOR_OPS
from ..sentences import said
from .entries import Entries, Entry
from .entry_trees import TREES, Cell, cells_of

__all__ = ["MOST_GATES", "Gates", "to_gates"]

MOST_GATES = 20_000
"""A program that takes more gates stays a program over arrays."""

_WHOLE = frozenset({"softmax"})
"""Fused operations that single numbers have too."""

_NO_FORMULA = frozenset({"inverse", "solve"})
"""Operations whose entries no formula of a stated size gives."""

_ONCE_EACH = frozenset({"sum", "mean"})
"""Operations that take each entry once and alone."""


@dataclass(frozen=True, slots=True)
class Gates:
    """A program of single numbers, its point, and the gates of the arrays' entries."""

    program: Program
    at: dict[str, Any]
    output: str
    entries: Entries


def to_gates(derivation: ArrayDerivation) -> Gates:
    """Return a derivation over arrays as a program of single numbers.

    Raises:
        OptionError: it takes more than 20,000 gates, or has an operation without a formula for its entries.
    """
    given = derivation.graph_table
    values: Mapping[str, Any] = derivation.at
    shapes = {name: np.shape(value) for name, value in values.items()}
    apart = composites("all") & TENSOR_OPS.keys() - _WHOLE
    graph = build_array_graph(given.program, shapes, derivation.output, apart)
    writer = _Writer(graph, dict(derivation.at))
    for place, node in enumerate(graph.nodes):
        if graph.relevant[place] or node.kind == "operation":
            writer.add(place, node)
    program = Program(tuple(writer.assignments))
    used = {*program.inputs}
    at = {name: value for name, value in writer.at.items() if name in used}
    pairs = ((entry, gate) for entry, gate in writer.pairs if gate in used or gate in writer.made)
    output = writer.names[graph.output][()]
    return Gates(program, at, output, Entries(pairs))


@dataclass(slots=True)
class _Writer:
    """Writes assignments, an array at a time."""

    graph: ArrayGraph
    given: dict[str, Any]
    cells: dict[int, Any] = field(default_factory=dict)
    labels: dict[int, Any] = field(default_factory=dict)
    names: dict[int, Any] = field(default_factory=dict)
    assignments: list[Assignment] = field(default_factory=list)
    at: dict[str, Any] = field(default_factory=dict)
    pairs: list[tuple[Entry, str]] = field(default_factory=list)
    taken: set[str] = field(default_factory=set)
    made: set[str] = field(default_factory=set)
    count: int = 0

    def add(self, place: int, node: Node) -> None:
        shape: Any = self.graph.shapes[place]
        if node.kind == "constant":
            self.cells[place] = cells_of(np.asarray(float(node.value or 0)))
            return
        if node.kind == "input":
            self._input(place, node, shape)
            return
        self._weigh(place, node)
        self._assign(place, node, np.asarray(self._formulas(place, node), object), shape)

    def _input(self, place: int, node: Node, shape: Any) -> None:
        value = self.given.get(node.name, node.value)
        array = np.asarray(float(value) if isinstance(value, Fraction) else value)
        if array.dtype.kind != "f":
            self.labels[place] = array
        names = self._named(place, node, shape)
        for at in np.ndindex(*shape):
            self.at[names[at]] = array[at].item() if array.dtype.kind != "f" else float(array[at])
        self.cells[place] = _names_as_cells(names)

    def _named(self, place: int, node: Node, shape: Any) -> Any:
        """Return an array of the gates' names, and note whose entry each is."""
        names = np.empty(shape, object)
        wide = max(shape, default=0) > 10
        for at in np.ndindex(*shape):
            gate = self._fresh(node.name, ("_" if wide else "").join(map(str, at)))
            names[at] = gate
            if node.named:
                self.pairs.append(((node.name, at), gate))
        self.names[place] = names
        return names

    def _fresh(self, name: str, index: str) -> str:
        made = f"{name}_{index}" if index else name
        while made in self.taken:
            made = f"{made}_"
        self.taken.add(made)
        return made

    def _formulas(self, place: int, node: Node) -> Any:
        record = record_of(node)
        operands = [self._operand(node, slot, i) for slot, i in enumerate(node.operands)]
        if record is None:
            options = node.options
            made = np.frompyfunc(
                lambda *each: Cell(Apply(node.op, tuple(c.tree for c in each), options)), len(operands), 1
            )
            return _whole(made(*operands))
        if record.name in _NO_FORMULA:
            raise OptionError(
                said("{operation} has no gates: no short formula gives its entries", operation=record.name)
            )
        if record.name == "softmax":
            return self._softmax(operands[0], int(options_of(node)["axis"]))
        return _whole(value_of(node, operands, TREES))

    def _operand(self, node: Node, slot: int, place: int) -> Any:
        if place in self.labels and (is_target(node, slot) or record_of(node) is not None):
            record = record_of(node)
            assert record is not None  # a target is a record's
            if is_target(node, slot) or record.gradient(slot) is None:
                return self.labels[place]
        return self.cells[place]

    def _softmax(self, scores: Any, axis: int) -> Any:
        """Return the shares of every row, each row one operation of several outputs."""
        rows = np.moveaxis(scores, axis, -1)
        found = np.empty(rows.shape, object)
        for at in np.ndindex(*rows.shape[:-1]):
            found[at] = _Row(tuple(cell.tree for cell in rows[at]))
        return np.moveaxis(found, -1, axis)

    def _weigh(self, place: int, node: Node) -> None:
        """Refuse a program of too many gates before they are made."""
        shape: Any = self.graph.shapes[place]
        inner = [self.graph.shapes[i] for i in node.operands]
        most: Any = max([int(np.prod(s, dtype=float)) for s in [shape, *inner]])
        record = record_of(node)
        if record is not None and record.name in ("matmul", "einsum", "outer"):
            most = int(np.prod(shape, dtype=float)) * int(max([1, *inner[0][-1:]]))
        if self.count + most > MOST_GATES:
            raise OptionError(
                said("written out this takes more than {most} gates, which is too many",
                     most=f"{MOST_GATES:,}")
            )  # fmt: skip

    def _assign(self, place: int, node: Node, formulas: Any, shape: Any) -> None:
        formulas = np.broadcast_to(formulas, shape)
        moves = record_of(node) is not None and all(
            isinstance(cell, Cell) and isinstance(cell.tree, Name) for cell in formulas.flat
        )
        shares = any(isinstance(cell, _Row) for cell in formulas.flat)
        if not node.named and not shares and (moves or self._goes_on(place, shape)):
            self.cells[place] = formulas  # entries in another order, or part of the next formula
            return
        names = self._named(place, node, shape)
        for row in _rows(formulas):
            targets = tuple(names[at] for at, _cell in row)
            cell = row[0][1]
            tree = Apply("softmax", cell.operands) if isinstance(cell, _Row) else cell.tree
            self.count += sum(isinstance(each, Apply) for each in postorder(tree)) or 1
            if self.count > MOST_GATES:
                self._weigh(place, node)
            self.assignments.append(Assignment(targets, tree))
            self.made.update(targets)
        self.cells[place] = _names_as_cells(names)

    def _goes_on(self, place: int, shape: Any) -> bool:
        """Return whether each entry of a nameless value is used once, in the formula of the next."""
        uses = self.graph.uses[place]
        if len(uses) != 1 or place == self.graph.output:
            return False
        user = self.graph.nodes[uses[0].target]
        record = record_of(user)
        if record is not None:
            return record.name in _ONCE_EACH
        return bool(self.graph.shapes[uses[0].target] == shape)


@dataclass(frozen=True, slots=True, eq=False)
class _Row:
    """The shares of one row's scores, all its entries the same object."""

    operands: tuple[Any, ...]


def _rows(formulas: Any) -> Iterator[list[tuple[tuple[int, ...], Any]]]:
    """Yield the entries in order, those of one row of shares together."""
    groups: dict[int, list[tuple[tuple[int, ...], Any]]] = {}
    for at in np.ndindex(*formulas.shape):
        cell = formulas[at]
        key = id(cell) if isinstance(cell, _Row) else -1 - len(groups)
        groups.setdefault(key, []).append((at, cell))
    yield from groups.values()


def _names_as_cells(names: Any) -> Any:
    return _whole(np.frompyfunc(lambda name: Cell(Name(name)), 1, 1)(names))


def _whole(found: Any) -> Any:
    """Return a bare cell as an array without axes."""
    if isinstance(found, np.ndarray):
        return found
    made = np.empty((), object)
    made[()] = found
    return made
