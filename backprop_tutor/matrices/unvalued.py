"""Gradients of a program over arrays of which shapes alone are known: each rule, and the chain filled in.

Enters: a program and its inputs' shapes, of numbers or symbols. Leaves: an `UnvaluedPass`. The rules are
the records', run on texts (`rules`) at sizes that stand for the symbols. What reads alike at two choices
of them is true of all; what does not, such as a constant worked out from a size, is not shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import numpy as np

from ..errors import DomainError, ShapeError
from ..language import Program, shown_name
from ..ops.formula_text import Text, times
from ..ops.matrix_formulas import spelled
from ..ops.named_sizes import NamedSize
from ..ops.record import PRODUCT
from ..ops.sizes import Shape, Size
from .array_building import build_array_graph
from .array_graph import ArrayGraph, record_of
from .array_pass import need_number
from .index_words import IndexFormula, index_formula
from .placing import check_fixed
from .rules import rule_of
from .shape_table import holds_labels

__all__ = ["LONGEST", "ShapedEdge", "UnvaluedPass", "handing", "unvalued_pass"]

LONGEST = 90
"""A formula in matrices is shown, and filled in, up to so many characters."""

_SMALL = 12
"""Sizes above it are stood for by smaller ones, so that rules are found fast."""

_STAND_INS = (
    (5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43), (14, 15, 16, 18, 20, 21, 22, 24, 25, 26, 27, 28),
    (61, 67, 71, 73, 79, 83, 89, 97, 101, 103, 107, 109),
    (62, 63, 64, 65, 66, 68, 69, 70, 72, 74, 75, 76),
)  # fmt: skip
"""Numbers that stand for symbols: in pairs, the second where an index is beyond the first."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ShapedEdge:
    """What the operation at `target` hands to its operand number `slot`, the node at `source`.

    `rule` has δ for the upstream gradient, `named` its name, `∂L/∂Z`; both are empty where no formula in
    matrices says it well.
    """

    source: int
    target: int
    slot: int
    rule: str
    named: str


@dataclass(frozen=True, eq=False)
class UnvaluedPass:
    """Every gradient of a program over arrays as a formula in matrices.

    Attributes:
        graph: the nodes with their shapes.
        edges: for each operation, from the output back, what it hands down.
        filled: for each node its gradient with the upstream ones filled in; empty where it is long, or
            where no formula says it, or where the output does not depend on it.
        named: the same in the names of the gradients before it.
    """

    graph: ArrayGraph
    edges: Mapping[int, tuple[ShapedEdge, ...]]
    filled: tuple[str, ...]
    named: tuple[str, ...]
    twins: tuple[ArrayGraph, ...]

    def indices(
        self, edge: ShapedEdge, latex_name: Callable[[str], str] = str
    ) -> IndexFormula | None:
        """Return what an edge hands back entry by entry; None where no formula over indices reads well."""
        return _alike([index_formula(twin, edge.target, edge.slot, latex_name) for twin in self.twins])


def unvalued_pass(
    program: Program, shapes: Mapping[str, Shape], of: str | None = None, expand: str | Iterable[str] = ()
) -> UnvaluedPass:
    """Return every gradient of a program as a formula in matrices.

    >>> from backprop_tutor.language import parse
    >>> sizes = {"X": ("N", 3), "W": (3, 4)}
    >>> found = unvalued_pass(parse("Z = X@W; L = mean(Z^2)", list(sizes), arrays=True), sizes)
    >>> found.named[found.graph.find("W")], found.filled[found.graph.find("Z")]
    ('Xᵀ·∂L/∂Z', '1/(2·N)·Z')

    Raises:
        MissingValueError, ShapeError, UnknownNameError: as `build_array_graph`.
        OptionError: a mask or class weights that are a result.
    """
    graph = build_array_graph(program, shapes, of, expand)
    need_number(graph)
    check_fixed(graph, frozenset(n.name for i, n in enumerate(graph.nodes) if holds_labels(graph, i)))
    twins = _twins(program, shapes, of, expand, len(graph.nodes))
    walks = [_Walk(twin) for twin in twins]
    edges: dict[int, tuple[ShapedEdge, ...]] = {}
    for place in range(graph.output, -1, -1):
        found = tuple(
            ShapedEdge(source, place, slot, *_both(walks, (place, slot)))
            for source, slot in handing(graph, place)
        )
        if found:
            edges[place] = found
    count = range(len(graph.nodes))
    filled = tuple(_alike([walk.filled.get(i, "") for walk in walks]) or "" for i in count)
    named = tuple(_alike([walk.named.get(i, "") for walk in walks]) or "" for i in count)
    return UnvaluedPass(graph, edges, filled, named, tuple(twins))


def handing(graph: ArrayGraph, place: int) -> Iterator[tuple[int, int]]:
    """Yield the operands that an operation hands a gradient to, with their numbers."""
    node = graph.nodes[place]
    if node.kind != "operation" or not graph.relevant[place]:
        return
    record = record_of(node)
    for slot, source in enumerate(node.operands):
        has_rule = record is None or record.gradient(slot) is not None
        if has_rule and graph.varies[source] and not holds_labels(graph, source):
            yield source, slot


def _alike(found: list[T]) -> T | None:
    """Return what is the same at every choice of sizes."""
    return found[0] if found and all(each == found[0] for each in found) else None


def _both(walks: list[_Walk], key: tuple[int, int]) -> tuple[str, str]:
    """Return a rule with δ and with its upstream gradient's name; empty where sizes change it."""
    bare, named = (_alike([walk.rules[key][i] for walk in walks]) or "" for i in (0, 1))
    return bare, named


def _twins(
    program: Program, shapes: Mapping[str, Shape], of: str | None, expand: str | Iterable[str], count: int
) -> list[ArrayGraph]:
    """Return the graph twice more, at sizes that stand for the symbols; nothing where none of them fits."""
    for pair, shrunk in ((0, True), (0, False), (2, False)):
        try:
            twins = [
                build_array_graph(program, _stood_for(shapes, numbers, shrunk), of, expand)
                for numbers in _STAND_INS[pair : pair + 2]
            ]
        except ShapeError:
            continue
        if all(len(twin.nodes) == count for twin in twins):
            return twins
    return []


def _stood_for(
    shapes: Mapping[str, Shape], numbers: tuple[int, ...], shrunk: bool
) -> dict[str, tuple[int, ...]]:
    """Return shapes of numbers that stand for the symbols; for large sizes too, if `shrunk`."""
    taken = {n for shape in shapes.values() for n in shape if isinstance(n, int)}
    free = (n for n in (*numbers, *range(200, 300)) if n not in taken)
    known: dict[Size, int] = {}

    def stand_in(n: Size) -> int:
        if isinstance(n, int) and (n <= _SMALL or not shrunk):
            return n
        if n not in known:
            known[n] = NamedSize(next(free), n)
        return known[n]

    return {name: tuple(map(stand_in, shape)) for name, shape in shapes.items()}


class _Walk:
    """One walk from the output back, at one choice of sizes: every rule, and what they come to.

    `rules` are by target and slot, with δ and with ∂f/∂target; `filled` and `named` by node.
    """

    def __init__(self, graph: ArrayGraph) -> None:
        self.graph = graph
        self.rules: dict[tuple[int, int], tuple[str, str]] = {}
        self.filled: dict[int, str] = {graph.output: "1"}
        self.named: dict[int, str] = {graph.output: "1"}
        self.texts: dict[int, Text] = {graph.output: Text("1", np.ones(()))}
        self.parts: dict[int, list[tuple[Text | None, Text | None]]] = {}
        for place in range(graph.output, -1, -1):
            if place != graph.output:
                self._gather(place)
            for source, slot in handing(graph, place):
                self._hand(place, slot, source)

    def _hand(self, place: int, slot: int, source: int) -> None:
        name = self._name(place)
        bare, named = self._rule(place, slot, "δ"), self._rule(place, slot, name)
        self.rules[place, slot] = "" if bare is None else bare.text, self._spelled(named)
        factor, rest = self.texts.get(place, name).split()
        shape: Any = self.graph.shapes[place]
        found = self._rule(place, slot, rest or Text("1", np.ones(shape), even=True))
        if found is not None:
            own, rest = found.split()
            stretched = found.stretched
            found = times(own * factor, rest, found.array)
            found = Text(found.text, found.array, found.binds, found.even, found.sign, found.parts)
            found.stretched = stretched
        self.parts.setdefault(source, []).append((found, named))

    def _gather(self, place: int) -> None:
        """Add up what the uses of a node hand back."""
        parts = self.parts.get(place, [])
        filled, named = (_total([part[i] for part in parts]) for i in (0, 1))
        if filled is not None and not filled.stretched:  # what is repeated is too small for a product
            self.texts[place] = filled
        self.filled[place], self.named[place] = self._spelled(filled), self._spelled(named)

    def _name(self, place: int) -> Text:
        nodes = self.graph.nodes
        if place == self.graph.output:
            return Text("1", np.ones(()))
        name = f"∂{shown_name(nodes[self.graph.output].name)}/∂{shown_name(nodes[place].name)}"
        shape: Any = self.graph.shapes[place]
        return Text(name, np.ones(shape), PRODUCT)

    def _rule(self, place: int, slot: int, upstream: str | Text) -> Text | None:
        """Return a rule's formula; None where it has none that is short."""
        try:
            found = rule_of(self.graph, place, slot, upstream)
        except (DomainError, ShapeError):
            return None
        return found if found.text and len(found.text) <= LONGEST else None

    def _spelled(self, found: Text | None) -> str:
        return "" if found is None else spelled(found, self.graph.shapes)


def _total(parts: list[Text | None]) -> Text | None:
    """Return the sum of what uses hand back while it is short."""
    if not parts or parts[0] is None:
        return None
    if len(parts) == 1:
        return parts[0]
    terms: list[Text] = []
    for part in parts:
        if part is None or part.stretched:
            return None
        alike = [i for i, term in enumerate(terms) if _alike_but_for_numbers(term, part)]
        if alike:
            (one, rest), (other, _) = terms[alike[0]].split(), part.split()
            terms[alike[0]] = times(
                replace(one, number=one.number + other.number), rest, terms[alike[0]].array
            )
        else:
            terms.append(part)
    total = terms[0]
    for term in terms[1:]:
        total = total - -term if term.text.startswith("−") else total + term
    return total if len(total.text) <= LONGEST else None


def _alike_but_for_numbers(one: Text, other: Text) -> bool:
    """Return whether two terms differ in their numbers alone."""
    (factor, rest), (second, other_rest) = one.split(), other.split()
    same = (factor.over, factor.under) == (second.over, second.under)
    texts = ["" if each is None else each.text for each in (rest, other_rest)]
    return same and texts[0] == texts[1] and factor.number + second.number != 0
