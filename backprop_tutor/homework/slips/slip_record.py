"""What a slip is: one frozen record a wrong rule, and the sites at which it can be made.

Enters: a `Scene`. Leaves: `Site`s, each an edge or a node with the `Bend` that the slip makes
there. The rows of the table `SLIPS` are built with what stands here.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from ...errors import OptionError
from ...ops import OPS, Operation
from .broken_pass import Bend, Edge, Handed, Scene
from .operators import Operator

__all__ = ["EdgeView", "Site", "Slip", "different", "handed_on_edges"]


@dataclass(frozen=True, slots=True)
class Site:
    """One place at which a slip can be made, and what the pass does differently then.

    `at` is an edge, or a node's place; `variant` tells the slip's different wrong rules apart; `words` fill
    the places of its sentence, where that has any.
    """

    at: Edge | int
    bend: Bend
    variant: str = ""
    words: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, kw_only=True)
class Slip:
    """One row of the table: a wrong rule that students use.

    Attributes:
        name: how it is called in files and tables ("path-dropped").
        family: what sort of slip it is, for class tables.
        sentence: what went wrong, said to the student.
        hint: what to look at, without the answer.
        sites: the `Site`s of a scene at which it can be made; of an `ArrayPlan` its `ArraySite`s.
        variants: sentences in place of `sentence`, by the sites' variants.
        joined: whether the slip can be made everywhere at once too.
        rank: how ready an explanation it is; among slips that give the same numbers the least comes
            first.
        ranks: other ranks, by variant.
        fixed: whether what it does is the same at all values, so that it is found once for all sheets.
        of_reading: whether it is a number misread, and no wrong rule that a problem's numbers may hide.
    """

    name: str
    family: str
    sentence: str
    hint: str
    sites: Callable[[Any], Iterator[Any]]  # Any: a scene of numbers or a plan of arrays
    variants: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    joined: bool = True
    rank: float = 5
    ranks: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    fixed: bool = False
    of_reading: bool = False

    def __post_init__(self) -> None:
        if not self.name.replace("-", "").isalpha() or self.name != self.name.lower():
            raise OptionError(f"a slip's name is lower-case words with hyphens, not {self.name!r}")
        for sentence in (self.sentence, self.hint, *self.variants.values()):
            if not sentence.endswith((".", "?")):
                raise OptionError(f"{self.name}: {sentence!r} is not a sentence")

    def says(self, variant: str) -> str:
        """Return the sentence for one of its variants."""
        return self.variants.get(variant, self.sentence)

    def rank_of(self, variant: str) -> float:
        """Return how ready an explanation one of its variants is."""
        return self.ranks.get(variant, self.rank)


@dataclass(frozen=True, slots=True)
class EdgeView:
    """An edge as a slip looks at it: the operation, its operands' values, the local gradient."""

    scene: Scene
    edge: Edge
    operator: Operator
    operands: tuple[float, ...]
    out: float
    local: float

    @property
    def op(self) -> str:
        """Return the operation's name."""
        return self.operator.op

    @property
    def row(self) -> Operation:
        """Return the operation's row."""
        return OPS[self.operator.op]

    @property
    def slot(self) -> int:
        """Return the operand's number."""
        return self.edge[2]

    @property
    def value(self) -> float:
        """Return the operand's value."""
        return self.operands[self.edge[2]]

    @property
    def other(self) -> float:
        """Return the value of the other operand of two; nan for one."""
        return self.operands[1 - self.slot] if len(self.operands) == 2 else math.nan

    def kind(self, slot: int) -> str:
        """Return what operand number `slot` is: "input", "constant" or "operation"."""
        return self.scene.plan.graph.nodes[self.operator.operands[slot]].kind

    def slope(self, out: float, *operands: float) -> float:
        """Return the local gradient as it would be at other numbers."""
        return self.operator.slope(self.slot, out, operands)


def views(scene: Scene) -> tuple[EdgeView, ...]:
    """Return every edge of a scene, from the output down; the same ones each time."""
    found: tuple[EdgeView, ...] | None = scene.notes.get("views")
    if found is None:
        values, plan = scene.values, scene.plan
        made: list[EdgeView] = []
        for edge in plan.edges:
            operator = plan.at[edge[1]]
            operands = tuple(values[i] for i in operator.operands)
            made.append(EdgeView(scene, edge, operator, operands, values[edge[1]], scene.locals[edge]))
        found = scene.notes["views"] = tuple(made)
    return found


def different(one: float, other: float) -> bool:
    """Return whether two numbers differ by more than rounding.

    >>> different(0.1 + 0.2, 0.3), different(1.0, 2.0)
    (False, True)
    """
    if math.isnan(one) or math.isnan(other):
        return False
    return abs(one - other) > 1e-9 * max(abs(one), abs(other))


def handed_on_edges(
    rule: Callable[[EdgeView], Mapping[str, float | Handed] | float | Handed | None],
    ops: str = "",
    where: Callable[[Operation], bool] = lambda row: True,
) -> Callable[[Scene], Iterator[Site]]:
    """Return the sites of a slip that replaces what edges hand down.

    `rule` looks at an edge and returns nothing, a wrong local gradient, a `Handed`, or several by
    variant. With `ops` (names with spaces between) only edges of those operations are looked at, with
    `where` only edges of rows for which it holds.
    """
    wanted = frozenset(ops.split())

    def sites(scene: Scene) -> Iterator[Site]:
        for view in views(scene):
            if (wanted and view.op not in wanted) or not where(view.row):
                continue
            try:
                made = rule(view)
            except (ArithmeticError, ValueError):
                continue
            if made is None:
                continue
            for variant, item in (made if isinstance(made, Mapping) else {"": made}).items():
                handed = item if isinstance(item, Handed) else Handed(item, local=item)
                if not (math.isfinite(handed.factor) and math.isfinite(handed.plus)):
                    continue
                plain = handed.plus == 0 and not handed.gate
                if plain and not different(handed.factor, view.local):
                    continue
                yield Site(view.edge, Bend(edges={view.edge: handed}), variant)

    return sites
