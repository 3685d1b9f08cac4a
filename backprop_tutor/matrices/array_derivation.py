"""The derivation of a program over arrays, and what can be asked of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Self, TypeVar

import numpy as np

from ..accepted import ArrayLike, NumberLike
from ..asked import name_of
from ..descent import learning_rate, parameters
from ..errors import OptionError, UnknownNameError, did_you_mean, quoted
from ..frozen import FrozenDict
from ..language import Program, canonical_name
from ..once import cached_property
from ..ops.sizes import Shape
from ..sentences import said
from ..steps import Derivation, Quantities
from .array_graph import ArrayGraph, record_of
from .array_pass import array_pass, as_needed, kind_of, single, way_back
from .exact_pass import Exact, exact_inputs, exact_pass
from .placing import placed_arrays
from .rules import rule_formula

__all__ = ["ArrayDerivation", "Entry", "EntryTerm", "array_derive"]


@dataclass(frozen=True, slots=True)
class EntryTerm:
    """One term of an entry's gradient: what one entry of an operation hands back.

    `of` is the operation's name, `at` its entry, `upstream` that entry's gradient, `slope` how much it
    changes with the entry asked about.
    """

    of: str
    at: tuple[int, ...]
    upstream: float
    slope: float

    @property
    def product(self) -> float:
        """Return upstream times slope."""
        return self.upstream * self.slope


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a gradient as a written sum.

    `name[at]` is the entry asked about; `terms` are what its uses hand back, those that are not 0.
    """

    name: str
    at: tuple[int, ...]
    terms: tuple[EntryTerm, ...]
    value: float

    def __str__(self) -> str:
        where = ", ".join(map(str, self.at))
        head = f"∂/∂{self.name}[{where}]" if self.at else f"∂/∂{self.name}"
        products = " + ".join(f"{t.upstream:.4g}·{t.slope:.4g}" for t in self.terms) or "0"
        return f"{head} = {products} = {self.value:.4g}"


@dataclass(frozen=True, slots=True, eq=False)
class ArrayLocal:
    """One edge over arrays: `downstream` is what `rule` says, with δ for `upstream`.

    `value` is the slope entry by entry; None where the operation mixes entries, as a product of matrices
    does.
    """

    of: str
    wrt: str
    slot: int
    rule: str
    value: Any
    upstream: Any
    downstream: Any

    def __repr__(self) -> str:
        return f"<from {self.of} to {self.wrt}: {self.rule}>"


class ArrayDerivation(Derivation):
    """Values and gradients of a program over arrays; gradients have their values' shapes.

    >>> from backprop_tutor import derive
    >>> d = derive("Z = X@W; L = sum(Z*Z)", at={"X": [[1.0, 2.0]], "W": [[3.0], [4.0]]})
    >>> d.shapes["Z"], d.gradients["W"].tolist()
    ((1, 1), [[22.0], [44.0]])
    """

    graph_table: ArrayGraph
    fractions: FrozenDict[str, Any]

    _FIELDS = (*Derivation._FIELDS, "fractions")

    @classmethod
    def made(cls, **fields: Any) -> Self:  # Any: each field is of a type of its own
        """Return a derivation of what a pass found; `fractions` are the inputs that were given exactly."""
        return super().made(**{"fractions": FrozenDict(), **fields})

    @cached_property
    def exactly(self) -> Exact:
        """Return what is exact, by place: of small matrices of whole numbers and fractions."""
        return exact_pass(self.graph_table, self.fractions)

    @property
    def exact(self) -> Quantities:
        """Return the values that are exact, by name: `Fraction`s, in arrays of objects.

        `.values` are float64, for all that NumPy does; what these are stands here where whole numbers and
        fractions stay so.
        """
        return Quantities(self.graph_table, _as_held(self.exactly.values), _not_exact)

    @property
    def exact_gradients(self) -> Quantities:
        """Return the gradients that are exact, by name: `Fraction`s, in arrays of objects."""
        return Quantities(self.graph_table, _as_held(self.exactly.gradients), _not_exact)

    @property
    def shapes(self) -> FrozenDict[str, Shape]:
        """Return each node's shape by name; constants of the text are left out."""
        table = self.graph_table
        return FrozenDict(
            {n.name: table.shapes[i] for i, n in enumerate(table.nodes) if n.kind != "constant"}
        )

    @cached_property
    def gradients(self) -> Quantities:
        """Return the output's gradient along each node by name; labels, masks, class weights have none."""
        return Quantities(self.graph_table, self.upstreams, _takes_none)

    def _parts(self) -> tuple[object, ...]:
        given: Mapping[str, Any] = self.at
        arrays = ((name, np.asarray(value)) for name, value in given.items())
        point = tuple((name, str(a.dtype), a.shape, a.tobytes()) for name, a in arrays)
        return point, self.graph_table

    def __repr__(self) -> str:
        inputs = ", ".join(
            f"{name} {'×'.join(map(str, self.shapes[name])) or 'number'}"
            for name in list(self.at)[:6]
        )
        more = ", …" if len(self.at) > 6 else ""
        return f"<Derivation of {self.output} = {float(self.values[self.output]):.6g} from {inputs}{more}>"

    def moved(
        self, at: Mapping[str, NumberLike | ArrayLike] | None = None, **values: NumberLike | ArrayLike
    ) -> Self:
        """Return the derivation of the same program at other values: `d.moved(b=[0, 0])`."""
        changed = {
            canonical_name(name): v for name, v in {**({} if at is None else at), **values}.items()
        }
        for name in changed:
            if name not in self.at:
                listed = ", ".join(self.at)
                hint = did_you_mean(name, self.at) or said("its inputs: {names}", names=listed)
                raise UnknownNameError(
                    said("no input is called {name}; {hint}", name=quoted(name), hint=hint)
                )
        program = self.graph_table.program
        expand = self.graph_table.expand
        exact = {name: array if array.ndim else array.item() for name, array in self.fractions.items()}
        at = {**self.at, **exact, **changed}
        return array_derive(
            program, at, self.output, type(self), expand, self.graph_table, kind_of(self.at)
        )

    def update(
        self, lr: NumberLike, wrt: str | Iterable[str] | None = None, maximize: bool = False
    ) -> Self:
        """Return the same program one step of gradient descent later: new = old − lr · gradient."""
        rate = float(learning_rate(lr, maximize))
        moved = {}
        for name in parameters(self.graph_table, wrt):
            if name not in self.gradients:
                raise OptionError(_takes_none(name))
            moved[name] = self.at[name] - rate * self.gradients[name]
        after = self.moved(moved)
        return after.with_fields(previous=self.with_fields(previous=None))

    def local(self, of: str, wrt: str, slot: int | None = None) -> ArrayLocal:
        """Return how `of` hands its gradient down to its operand `wrt`: the rule and its parts.

        Where `wrt` is used more than once by `of`, `slot` tells which operand is meant, from 0.

        Raises:
            UnknownNameError: no such node or edge, or one without a gradient.
            OptionError: the operand `slot` is another node.
        """
        table = self.graph_table
        source, target, place = table.edge(wrt, of, slot)
        edge = self.contributions.get((source, target, place))
        if edge is None:
            raise UnknownNameError(
                said("no gradient passes from {of} to {wrt}", of=quoted(of), wrt=quoted(wrt))
            )
        upstream, downstream, local = edge.upstream, edge.downstream, edge.local
        entrywise = None if record_of(table.nodes[target]) is not None else local
        return ArrayLocal(
            edge.target, edge.source, place, rule_formula(table, target, place),
            entrywise, upstream, downstream,
        )  # fmt: skip

    def entry(self, name: str, at: int | tuple[int, ...] = ()) -> Entry:
        """Return one entry of a gradient in full: the sum over the entries that use it.

        Args:
            name: a node.
            at: the entry's place, from 0: `(0, 2)`; `()` of a single number.

        Raises:
            UnknownNameError: no such node, or one without a gradient.
            OptionError: a place outside the array.
        """
        table = self.graph_table
        source = table.find(name_of(name, "name"))
        own = table.nodes[source].name
        gradient = self.upstreams[source]
        if gradient is None:
            raise UnknownNameError(_takes_none(own))
        place = (at,) if isinstance(at, int) else tuple(at)
        shape: Any = table.shapes[source]
        if len(place) != len(shape) or any(
            not 0 <= i < n for i, n in zip(place, shape, strict=False)
        ):
            raise OptionError(
                said(
                    "{name} is {shape} and has no entry {place}", name=quoted(own),
                    shape="×".join(map(str, shape)) or said("a single number"), place=str(list(place)),
                )
            )  # fmt: skip
        terms = [
            term
            for use in table.uses[source]
            if (source, use.target, use.slot) in self.contributions
            for term in self._terms(source, place, use.target, use.slot)
        ]
        return Entry(own, place, tuple(terms), float(np.asarray(gradient)[place]))

    def _terms(self, source: int, at: tuple[int, ...], target: int, slot: int) -> list[EntryTerm]:
        """Return what each entry of one use hands back: its gradient times its slope along the entry."""
        table = self.graph_table
        node = table.nodes[target]
        arrays: Any = [*map(np.asarray, self.numbers)]
        operands = as_needed(node, [arrays[i] for i in node.operands])
        upstream = np.asarray(self.upstreams[target])
        terms = []
        with np.errstate(all="ignore"):
            for place in np.ndindex(*upstream.shape):
                one = np.zeros(upstream.shape)
                one[place] = 1.0
                back = np.broadcast_to(
                    way_back(node, slot, one, arrays[target], operands), arrays[source].shape
                )
                if back[at] != 0:
                    terms.append(
                        EntryTerm(node.name, place, float(upstream[place]), float(back[at]))
                    )
        return terms


def _takes_none(name: str) -> str:
    return said(
        "{name} takes no gradient: it holds labels, a mask or class weights, or is made of constants",
        name=quoted(name),
    )


def _not_exact(name: str) -> str:
    return said("{name} is not exact: it is float64, or not small", name=quoted(name))


def _as_held(arrays: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(None if array is None else array if array.ndim else array.item() for array in arrays)


D = TypeVar("D", bound="ArrayDerivation")


def array_derive(
    program: Program, at: Mapping[str, Any], of: str | None = None, into: type[D] | None = None,
    expand: str | Iterable[str] = (), known: ArrayGraph | None = None, kind: Any = float,
) -> D:  # fmt: skip
    """Return every value and gradient of a program over arrays, in the dtype `kind`.

    `known` is the program's graph, which is taken where the shapes are those it has.

    Raises:
        MissingValueError: inputs without a value.
        ShapeError: operands that do not fit, an output that is no single number.
        OptionError, DomainError: values that are no numbers, or lead to none.
    """
    graph, point, notes = placed_arrays(program, at, of, expand, known, kind)
    fields = array_pass(graph, point)
    sizes = {name: array.size for name, array in point.items() if array.dtype == np.float64}  # no labels
    own = {node.name: node.value for node in graph.nodes if node.kind == "input" and node.value is not None}
    named = {canonical_name(str(name)): value for name, value in {**program.values, **at}.items()}
    fractions = exact_inputs({**own, **named}, sizes)
    made: Any = into or ArrayDerivation
    return made.made(  # type: ignore[no-any-return]
        graph_table=graph, at=FrozenDict((name, single(array)) for name, array in point.items()),
        previous=None, notes=notes, fractions=FrozenDict(fractions), **fields,
    )  # fmt: skip
