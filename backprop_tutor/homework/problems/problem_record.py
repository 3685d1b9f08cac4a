"""The records of a problem file: a `ProblemSet` of `Problem`s, each of which derives its own answers.

What a problem's values are for one student is `variants`' affair; how a file is read that of `problem_set`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from ...choices import Attempts, Kinks, Want
from ...errors import UnknownNameError, did_you_mean, quoted
from ...graph import Graph
from ...matrices.array_derivation import array_derive
from ...matrices.array_graph import ArrayGraph
from ...ops import Number
from ...sentences import said
from ...steps import Derivation
from ..quantities.quantity import Quantity, parse_quantity, true_number
from ..quantities.tolerance import DEFAULT, Tolerance
from .array_values import frozen_value
from .variants import Draw, drawn

__all__ = ["Cell", "Problem", "ProblemSet"]


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One thing that is asked: the quantity, its points, its tolerance, number or formula.

    Attributes:
        accept: answers that a person has declared right, as they are typed.
    """

    quantity: Quantity
    points: float = 1.0
    tolerance: Tolerance = DEFAULT
    want: Want = "number"
    accept: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """Return the quantity's name, as in answer files."""
        return self.quantity.text


@dataclass(frozen=True, kw_only=True, eq=False)
class Problem:
    """One problem: a graph, values or where they are drawn from, and the cells that are asked.

    Attributes:
        fixed: values that all students share.
        draws: for the other inputs, where their values are drawn from.
        together: whether the draws are sets of values, of which a student gets one.
        small_gradients: whether values are drawn, too, at which a gradient that is asked is below 0.001.
        kinks: "convention", or "any": on a kink any subgradient is right.
    """

    id: str
    title: str
    text: str
    graph: Graph
    fixed: Mapping[str, Any]
    draws: Mapping[str, Draw]
    cells: tuple[Cell, ...]
    seed: str
    together: bool = False
    small_gradients: bool = False
    follow_through: float = 1.0
    lr: Number | None = None
    domain: Any = None
    kinks: Kinks = "convention"

    @property
    def points(self) -> float:
        """Return the most points that the problem gives."""
        return sum(cell.points for cell in self.cells)

    def cell(self, text: str) -> Cell:
        """Return the cell of a quantity, however its name is typed.

        Raises:
            UnknownNameError: no such quantity, or one that is not asked for.
        """
        quantity = parse_quantity(text, self.graph)
        found = self._cell(quantity.text)
        if found is not None:
            return found
        asked = [cell.text for cell in self.cells]
        listed = said("asked are {names}", names=", ".join(asked[:12]))
        hint = did_you_mean(quantity.text, asked) or listed
        given = quoted(quantity.text)
        raise UnknownNameError(
            said("{given} is not asked for in {id}; {hint}", given=given, id=self.id, hint=hint)
        )

    def _cell(self, text: str) -> Cell | None:
        return next((cell for cell in self.cells if cell.text == text), None)

    def name(self, text: str) -> str:
        """Return the canonical name of what an answer is for: a cell, or an entry of a cell's matrix.

        Raises:
            UnknownNameError: no such quantity, or one that is not asked for.
        """
        quantity = parse_quantity(text, self.graph)
        whole = quantity.text.partition("[")[0]
        if quantity.part == "entry" and not self._cell(quantity.text) and self._cell(whole):
            return quantity.text
        return self.cell(text).text

    @property
    def of_arrays(self) -> bool:
        """Return whether it is over vectors and matrices."""
        return isinstance(self.graph, ArrayGraph)

    def values(self, student: str = "") -> dict[str, Any]:
        """Return the inputs' values for a student: the fixed ones and those drawn by the seed.

        Raises:
            OptionError: no values were found at which the program is defined.
        """
        return dict(_values(self, student))

    def faint(self, derivation: Derivation) -> int:
        """Return how many of the gradients that are asked are too small to work with, and not 0."""
        asked = (c.quantity for c in self.cells if c.quantity.kind in ("gradient", "down"))
        sizes = (_size(true_number(derivation, one, self.lr)) for one in asked if not one.part)
        return sum(0 < size < LEAST_GRADIENT for size in sizes)

    def derivation(self, student: str = "") -> Derivation:
        """Return the derivation with a student's values; the answers are read from it."""
        values = self.values(student if self.draws else "")
        if isinstance(self.graph, ArrayGraph):
            return _array_derived(self.graph, tuple((k, frozen_value(v)) for k, v in values.items()))
        return _derived(self.graph, tuple(values.items()))

    def answers(self, student: str = "") -> dict[str, Any]:
        """Return the right number for every cell."""
        derivation = self.derivation(student)
        return {cell.text: true_number(derivation, cell.quantity, self.lr) for cell in self.cells}


LEAST_GRADIENT = 0.001
"""Smaller gradients are not drawn: behind a saturated gate three figures of them say nothing."""


def _size(value: Any) -> float:
    """Return how large a number is, of an array its largest entry."""
    if hasattr(value, "tolist"):
        return float(abs(value).max()) if value.size else 0.0
    return abs(float(value))


@lru_cache(maxsize=1024)
def _values(problem: Problem, student: str) -> tuple[tuple[str, Any], ...]:
    key = f"{problem.seed}\n{problem.id}\n{student}"
    faults = None if problem.small_gradients else problem.faint
    found = drawn(problem.graph, problem.fixed, problem.draws, key, problem.together, faults)
    return tuple(found.items())


@lru_cache(maxsize=256)
def _derived(graph: Graph, point: tuple[tuple[str, Number], ...]) -> Derivation:
    from ...passes import run  # a neighbour's function: the derivation of a graph already built

    return run(graph, dict(point), Derivation)


@lru_cache(maxsize=64)
def _array_derived(graph: ArrayGraph, point: tuple[tuple[str, Any], ...]) -> Derivation:
    return array_derive(graph.program, dict(point), graph.nodes[graph.output].name)


@dataclass(frozen=True, kw_only=True, eq=False)
class ProblemSet:
    """A problem file: its title, its problems in order, and the digest of its text.

    Attributes:
        students: the class: names, or the path of a roster, beside the problem file.
        attempts: which of several sheets of one student counts.
        headings: what columns of answer files hold, by their headings (`headings.heading_key`): a cell,
            "student", "time", or "" for one that is passed over.
    """

    title: str
    problems: tuple[Problem, ...]
    digest: str = ""
    source: str = ""
    notes: tuple[str, ...] = field(default=())
    students: str | tuple[str, ...] = ()
    attempts: Attempts = "last"
    headings: Mapping[str, str] = field(default_factory=dict)

    def __iter__(self) -> Iterator[Problem]:
        return iter(self.problems)

    def __len__(self) -> int:
        return len(self.problems)

    @property
    def points(self) -> float:
        """Return the most points that the sheet gives."""
        return sum(problem.points for problem in self.problems)

    def problem(self, name: str) -> Problem:
        """Return a problem by its id.

        Raises:
            UnknownNameError: there is none; the nearest is suggested.
        """
        for problem in self.problems:
            if problem.id == name:
                return problem
        ids = [problem.id for problem in self.problems]
        hint = did_you_mean(name, ids) or said("the problems: {names}", names=", ".join(ids[:12]))
        raise UnknownNameError(
            said("there is no problem {name}; {hint}", name=quoted(name), hint=hint)
        )
