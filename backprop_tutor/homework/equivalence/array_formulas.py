"""Formulas in matrices, judged by their shapes and by numbers at random matrices.

Enters: a derivation, a quantity, a student's formula. Leaves: an `ArrayVerdict`. Random inputs keep the
kind of the problem's own: whole labels, one-hot rows, shares, signs, positive numbers. What cannot be
computed at enough of them could not be judged.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...descent import parameters
from ...errors import ShapeError, TutorError
from ...graph import Node
from ...matrices.array_building import build_array_graph
from ...matrices.array_derivation import ArrayDerivation, array_derive
from ...matrices.array_graph import ArrayGraph
from ...matrices.array_pass import as_needed, value_of
from ...once import cached_property
from ...ops import OPS
from ...ops.array_kernel import RAW
from ...ops.sizes import shown as shape_shown
from ...sentences import said
from ..quantities.array_quantities import true_array
from ..quantities.quantity_record import Quantity
from .array_formula_texts import ReadFormula, fault_of, read_formula

__all__ = ["ArrayFormulas", "ArrayVerdict"]

_POINTS, _ENOUGH, _TRIES = 5, 3, 20
_SAME, _APART = 1e-11, 1e-7
_MOST_NUMBERS = 20_000_000
"""A formula makes so many numbers at most, at one point."""

Env = dict[str, Any]


@dataclass(frozen=True, slots=True)
class ArrayVerdict:
    """What became of a formula.

    Attributes:
        status: "right", "wrong", "unjudged", or "unreadable".
        reason: why, in words.
        number: its value at the problem's own matrices; None where it has none there.
        here: whether that is the right one.
    """

    status: str
    reason: str = ""
    number: Any = None
    here: bool = False


@dataclass(frozen=True, slots=True)
class _Ready:
    """A formula whose shapes fit: its graph, and the slopes that it reads."""

    read: ReadFormula
    graph: ArrayGraph
    slopes: tuple[_Ready, ...]

    @property
    def shape(self) -> tuple[int, ...]:
        shape: Any = self.graph.shapes[self.graph.output]
        return tuple(shape)

    @property
    def numbers(self) -> int:
        """Return how many numbers it makes."""
        own = sum(math.prod(shape) for shape in self.graph.shapes)  # type: ignore[arg-type, misc]
        return int(own) + sum(each.numbers for each in self.slopes)

    def value(self, env: Env) -> NDArray[np.float64]:
        """Return its value where names have these values."""
        given = dict(env)
        for slope, inside in zip(self.read.slopes, self.slopes, strict=True):
            at = inside.value(env)
            row = OPS[slope.op]
            given[slope.name] = np.asarray(row.slope(0)(RAW, row.value(RAW, at), at), float)
        values: list[Any] = []
        for node in self.graph.nodes:
            if node.kind == "operation":
                operands = as_needed(node, [values[i] for i in node.operands])
                values.append(np.asarray(value_of(node, operands)))
            elif node.kind == "input":
                values.append(np.asarray(given.get(node.name, float(node.value or 0))))
            else:
                values.append(np.asarray(float(node.value or 0)))
        return np.asarray(values[self.graph.output], float)


class ArrayFormulas:
    """What formulas of one problem are judged by."""

    def __init__(self, derivation: ArrayDerivation, lr: Any = None) -> None:
        self.derivation = derivation
        self.graph: ArrayGraph = derivation.graph_table
        self.lr = lr

    def judged(self, quantity: Quantity, text: str) -> ArrayVerdict:
        """Return whether a student's formula is a quantity's."""
        try:
            read = read_formula(text, self.graph)
            needed = self._presupposed(quantity, read)
            if needed:
                return ArrayVerdict(
                    "unreadable",
                    said(
                        "the value of {name} is what is asked for, or needs it; write what it is made of",
                        name=f"`{needed}`",
                    ),
                )
            ready = self._ready(read)
        except ShapeError as error:
            return ArrayVerdict("wrong", said("its shapes do not fit: {fault}", fault=str(error)))
        except TutorError as error:
            return ArrayVerdict("unreadable", fault_of(error))
        return self._compared(quantity, ready)

    def _presupposed(self, quantity: Quantity, read: ReadFormula) -> str:
        """Return a name in a formula that needs what is asked for: a value, or a gradient, of its own."""
        place = quantity.source if quantity.source >= 0 else quantity.node
        output = self.graph.nodes[self.graph.output].name
        if quantity.kind == "value":
            later = self._later(quantity.node)
            return next((n for n in read.all_names() if self.graph.index[n] in later), "")
        if quantity.kind in ("gradient", "new", "down"):
            # What is above the node is known before its gradient; itself and what is below is not.
            above = self._later(place) - {place}
            if quantity.kind == "down":
                above |= {quantity.node}
            if quantity.kind == "new":
                above |= {place}
            wrong = next((p for p in read.all_gradients() if p not in above), None)
            if wrong is not None:
                return f"d{output}/d{self.graph.nodes[wrong].name}"
        return ""

    def _later(self, place: int) -> set[int]:
        """Return the nodes that are worked out from a node, and itself."""
        waiting, later = [place], {place}
        while waiting:
            for use in self.graph.uses[waiting.pop()]:
                if use.target not in later:
                    later.add(use.target)
                    waiting.append(use.target)
        return later

    def _ready(self, read: ReadFormula) -> _Ready:
        """Return a formula with its shapes.

        Raises:
            ShapeError: shapes that do not fit, with their place.
        """
        slopes = tuple(self._ready(slope.inside) for slope in read.slopes)
        shapes: dict[str, Any] = {name: self.graph.shapes[self.graph.index[name]] for name in read.names}
        for name, place in read.gradients.items():
            shapes[name] = self.graph.shapes[place]
        shapes.update(dict.fromkeys(read.counts, ()))
        for slope, inside in zip(read.slopes, slopes, strict=True):
            shapes[slope.name] = inside.shape
        if read.counts and self.samples is None:
            raise TutorError(
                said(
                    "{name} is no name of this program, and the number of samples cannot be told from the "
                    "shapes; write the number",
                    name=f"`{read.counts[0]}`",
                )
            )
        return _Ready(read, build_array_graph(read.program, shapes), slopes)

    @cached_property
    def samples(self) -> int | None:
        """Return the number of samples: the size of data along which no weight multiplies.

        Where no product with a weight says so, the one size that all data have in common; None if there is
        none.
        """
        weights = set(parameters(self.graph))
        seen = {size for node in self.graph.nodes for size in self._not_contracted(node, weights)}
        if len(seen) == 1:
            return seen.pop()
        given: Any = self.derivation.at
        shapes = [
            set(np.shape(value)) for name, value in given.items()
            if name not in weights and np.ndim(value) > 0
        ]  # fmt: skip
        if not shapes:
            return None
        common = set.intersection(*shapes)
        return int(common.pop()) if len(common) == 1 else None

    def _not_contracted(self, node: Node, weights: set[str]) -> list[int]:
        """Return the size of an input's axis that a product with a weight leaves."""
        if node.op != "array_matmul":
            return []
        sides = [self._leaf(place) for place in node.operands]
        names = [leaf.name if leaf.kind == "input" else "" for leaf in sides]
        shapes: list[Any] = [self.graph.shapes[place] for place in node.operands]
        if any(len(shape) != 2 for shape in shapes):
            return []
        if names[0] and names[0] not in weights and names[1] in weights:
            return [int(shapes[0][0])]
        if names[1] and names[1] not in weights and names[0] in weights:
            return [int(shapes[1][1])]
        return []

    def _leaf(self, place: int) -> Node:
        """Return a node, or what is behind its transpose."""
        node = self.graph.nodes[place]
        return self.graph.nodes[node.operands[0]] if node.op == "array_transpose" else node

    def _env(self, derivation: ArrayDerivation, ready: _Ready) -> Env:
        env: Env = {}
        for name in ready.read.all_names():
            env[name] = np.asarray(derivation.numbers[self.graph.index[name]])
        output = self.graph.nodes[self.graph.output].name
        for place in ready.read.all_gradients():
            gradient = derivation.upstreams[place]
            env[f"d{output}_d{self.graph.nodes[place].name}"] = np.asarray(
                0.0 if gradient is None else gradient
            )
        env.update(dict.fromkeys(_counts(ready), float(self.samples or 0)))
        return env

    def _compared(self, quantity: Quantity, ready: _Ready) -> ArrayVerdict:
        expected = np.asarray(true_array(self.derivation, quantity, self.lr), float)
        if ready.numbers > _MOST_NUMBERS:
            return ArrayVerdict(
                "unjudged",
                said("it makes more than {most:,} numbers", most=_MOST_NUMBERS),
            )
        number = self._at(self.derivation, ready)
        if ready.shape != expected.shape:
            return ArrayVerdict(
                "wrong",
                said(
                    "it is {given}, and {expected} is expected",
                    given=_called(ready.shape), expected=_called(expected.shape),
                ),
                number,
            )
        here = number is not None and _distance(number, expected) <= _SAME
        compared = 0
        for other in self._elsewhere:
            found = self._at(other, ready)
            right = np.asarray(true_array(other, quantity, self.lr), float)
            if found is None:
                continue
            distance = _distance(found, right)
            if distance >= _APART:
                return ArrayVerdict("wrong", self._witness(number, expected, here), number, here)
            if distance > _SAME:
                return ArrayVerdict(
                    "unjudged",
                    said("it differs from the right one by {share} of its size", share=f"{distance:.1g}"),
                    number, here,
                )  # fmt: skip
            compared += 1
        if number is not None and not here:
            return ArrayVerdict("wrong", self._witness(number, expected, here), number, here)
        if compared < _ENOUGH:
            return ArrayVerdict(
                "unjudged", said("it has a value at too few of the matrices that were tried"), number, here
            )
        return ArrayVerdict("right", "", number, True)

    def _witness(self, number: Any, expected: Any, here: bool) -> str:
        if here:
            return said("at other matrices it is different")
        if number is None:
            return said("it has no value at the matrices of the problem")
        apart = np.abs(number - expected)
        at = np.unravel_index(int(np.argmax(apart)), apart.shape) if apart.ndim else ()
        given = float(number[at])
        if not apart.ndim:
            return said("at the problem's matrices it is {given}", given=f"{given:.4g}")
        place = f"[{', '.join(str(int(i)) for i in at)}]"
        return said(
            "at the problem's matrices its entry {place} is {given}",
            place=place, given=f"{given:.4g}",
        )

    def _at(self, derivation: ArrayDerivation, ready: _Ready) -> Any:
        """Return a formula's value at a derivation's matrices; None where it is not finite."""
        with np.errstate(all="ignore"):
            found = ready.value(self._env(derivation, ready))
        return found if np.all(np.isfinite(found)) else None

    @cached_property
    def _elsewhere(self) -> tuple[ArrayDerivation, ...]:
        """Return the derivation at random matrices."""
        chance = np.random.default_rng(14)
        found: list[ArrayDerivation] = []
        program = self.graph.program
        for _ in range(_TRIES):
            at = {name: self._drawn(name, value, chance) for name, value in self.derivation.at.items()}
            try:
                found.append(array_derive(program, at, self.derivation.output))
            except TutorError:
                continue
            if len(found) == _POINTS:
                break
        return tuple(found)

    def _drawn(self, name: str, value: Any, chance: np.random.Generator) -> Any:
        given = np.asarray(value)
        if given.ndim == 0 and float(given) == self.samples:
            return value  # the number of samples
        return _like(given, chance)


def _counts(ready: _Ready) -> tuple[str, ...]:
    return (*ready.read.counts, *(letter for each in ready.slopes for letter in _counts(each)))


def _called(shape: tuple[int, ...]) -> str:
    return shape_shown(shape) if shape else said("a single number")


def _distance(one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    """Return how far two arrays are apart, relative to the largest entry."""
    scale = max(float(np.max(np.abs(one), initial=0.0)), float(np.max(np.abs(other), initial=0.0)))
    return float(np.max(np.abs(one - other), initial=0.0)) / scale if scale else 0.0


def _like(given: NDArray[Any], chance: np.random.Generator) -> Any:
    """Return random numbers of the kind of the ones given."""
    shape = given.shape
    if given.dtype.kind in "iu":
        return chance.integers(0, int(given.max()) + 1, shape) if given.min() >= 0 else given
    bits = bool(np.all((given == 0) | (given == 1)))
    if given.ndim and shape[-1] > 1 and np.all(given >= 0) and np.allclose(given.sum(axis=-1), 1):
        if bits:
            return np.eye(shape[-1])[chance.integers(0, shape[-1], shape[:-1])]
        return chance.dirichlet(np.ones(shape[-1]), shape[:-1])
    if given.ndim == 2 and shape[0] > 1 and bits and np.allclose(given.sum(axis=0), 1):
        return np.eye(shape[0])[:, chance.integers(0, shape[0], shape[1])]  # one-hot columns
    if bits and given.ndim:
        return chance.integers(0, 2, shape).astype(float)
    if np.all(np.abs(given) == 1) and given.ndim:
        return chance.integers(0, 2, shape) * 2.0 - 1
    if np.all((given > 0) & (given < 1)):
        return chance.uniform(0.1, 0.9, shape)
    if np.all(given > 0):
        return chance.uniform(0.2, 2.0, shape)
    return chance.normal(0.0, 1.0, shape)
