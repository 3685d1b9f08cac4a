"""Second derivatives: how each gradient changes with each input, by one more pass an input.

Enters: a derivation. Leaves: a `Hessian`. The slope of an edge is a formula of the language
(`slopes.local_form`), so its own slopes are derived by the rules of `OPS` like any program's: exact where
numbers are, by the conventions at kinks. A tangent is carried forward through the graph and then backward.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..asked import name_of, names_of
from ..cells import table
from ..errors import OptionError, UnknownNameError, did_you_mean, quoted
from ..graph import Graph
from ..graph_builder import build_graph
from ..language import Apply, Assignment, Name, Program, canonical_name
from ..ops import Number, plain
from ..passes import run
from ..sentences import said
from ..slopes import local_form
from ..steps import Derivation, Exact

__all__ = ["Hessian", "hessian"]

_MOST = 1000


@dataclass(frozen=True, slots=True)
class Hessian:
    """∂²of/∂wrt[i]∂wrt[j] at one point.

    Attributes:
        of: the output.
        wrt: the inputs differentiated along, rows and columns alike.
        values: the rows, a tuple of tuples; symmetric.
        derivation: the pass at the point.
    """

    of: str
    wrt: tuple[str, ...]
    values: tuple[tuple[Number, ...], ...]
    derivation: Derivation = field(repr=False)

    def __repr__(self) -> str:
        rows = ", ".join(f"[{', '.join(map(str, row))}]" for row in self.values[:3])
        shown = f"[{rows}]" if len(self.wrt) <= 3 else f"{len(self.wrt)}×{len(self.wrt)}"
        return f"<Hessian of {self.of} along {', '.join(self.wrt[:4])}: {shown}>"

    def _repr_html_(self) -> str:
        rows = [(name, *row) for name, row in zip(self.wrt, self.values, strict=True)]
        return table(("", *self.wrt), rows, f"second derivatives of {self.of}")

    @property
    def shape(self) -> tuple[int, int]:
        """Return (inputs, inputs)."""
        return len(self.wrt), len(self.wrt)

    @property
    def symbolic(self) -> tuple[tuple[Any, ...], ...]:
        """Return the rows as `sympy.Expr` over the inputs.

        Raises:
            OptionError: they are too long to be built.
        """
        from ..symbolic import second_forms  # start-up time: SymPy

        return second_forms(self.derivation, self.wrt)

    def __getitem__(self, key: tuple[str, str]) -> Number:
        """Return ∂²of/∂a∂b: `hessian["w", "x"]`.

        Raises:
            UnknownNameError: a name that is not among `wrt`.
        """
        places = []
        for given in key:
            name = canonical_name(name_of(given, "name"))
            if name not in self.wrt:
                hint = did_you_mean(name, self.wrt) or said(
                    "there are: {names}", names=", ".join(self.wrt)
                )
                raise UnknownNameError(
                    said("the Hessian has no {name}; {hint}", name=quoted(name), hint=hint)
                )
            places.append(self.wrt.index(name))
        return self.values[places[0]][places[1]]

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Any:
        import numpy as np  # only who asks for an array pays for numpy

        return np.array([[float(v) for v in row] for row in self.values], dtype=dtype or float)


def hessian(
    graph: Graph, at: Mapping[str, Any], wrt: str | Iterable[str] | None, into: type[Derivation]
) -> Hessian:
    """Return the Hessian of a graph's output along inputs; along all of them if `wrt` is None.

    Raises:
        UnknownNameError: a name that is no input.
        OptionError: an empty list of names, or more than 1,000.
    """
    derivation = run(graph, at, into)
    names = graph.inputs if wrt is None else names_of(wrt, "wrt")
    if not names:
        raise OptionError(said("`{what}` lists no name", what="wrt"))
    if len(names) > _MOST:
        raise OptionError(said("a Hessian along {count} names is too large", count=f"{len(names):,}"))
    places = [graph.find(name) for name in names]
    for place in places:
        if graph.nodes[place].kind != "input":
            raise UnknownNameError(
                said(
                    "{name} is no input; a Hessian is along {names}",
                    name=quoted(graph.nodes[place].name), names=", ".join(graph.inputs[:12]),
                )
            )  # fmt: skip
    bends = _bends(derivation)
    rows = [_row(derivation, bends, place, places) for place in places]
    return Hessian(
        derivation.output, tuple(graph.nodes[p].name for p in places), tuple(rows), derivation
    )


Bends = dict[tuple[int, int, int], dict[int, Exact]]
"""For each edge, how its slope changes with each operand of its operation."""


def _bends(derivation: Derivation) -> Bends:
    graph = derivation.graph_table
    found: Bends = {}
    for key in derivation.contributions:
        place, slot = key[1], key[2]
        tree = local_form(derivation, place, slot).by_inputs
        operands = {graph.nodes[i].name: i for i in graph.nodes[place].operands}
        if isinstance(tree, Name):
            found[key] = {operands[str(tree.name)]: 1} if str(tree.name) in operands else {}
        elif isinstance(tree, Apply):
            program = Program((Assignment((_FRESH,), tree),))
            sub = build_graph(program)
            slope = run(sub, {n: plain(derivation.numbers[operands[n]]) for n in sub.inputs}, Derivation)
            found[key] = {operands[name]: slope.gradients[name] for name in sub.inputs}
    return found


_FRESH = "slope_of_the_edge"


def _row(
    derivation: Derivation, bends: Bends, along: int, asked: list[int]
) -> tuple[Number, ...]:
    """Return how the gradients change with one input."""
    graph = derivation.graph_table
    moved: dict[int, Exact] = {along: 1}
    for place, node in enumerate(graph.nodes):
        if node.kind == "operation":
            handed = [
                derivation.contributions[source, place, slot].local * moved[source]
                for slot, source in enumerate(node.operands)
                if source in moved and (source, place, slot) in derivation.contributions
            ]
            if handed:
                moved[place] = sum(handed[1:], handed[0])
    changes: dict[int, Exact] = {}
    for (source, place, _), edge in sorted(
        derivation.contributions.items(), key=lambda item: (-item[0][1], item[0][2])
    ):
        bend = sum((rate * moved[i] for i, rate in bends.get((source, place, edge.slot), {}).items()
                    if i in moved), start=0)  # fmt: skip
        change = changes.get(place, 0) * edge.local + edge.upstream * bend
        changes[source] = changes.get(source, 0) + change
    return tuple(plain(changes.get(place, 0)) for place in asked)
