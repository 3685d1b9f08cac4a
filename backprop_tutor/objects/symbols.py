"""The derivation of a program without values: what `derive(program)` returns where none are given.

The chain rule in symbols is worked out in `chains`; here it is put within reach of one object. Values
can come later: `s.at({"u": 1, "v": 2})` is the usual derivation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ..accepted import NumberLike
from ..chains import SHORT, Formula, SymbolicPass, chain_of, routes, symbolic_pass, ways
from ..choices import Detail, Fit, Format, Layout, Scale, ThemeName
from ..errors import MissingValueError, OptionError
from ..graph import Graph
from ..language import Expression, shown_name, written
from ..once import cached_property
from ..passes import point, run
from ..scales import recognise
from ..sentences import said, whole
from ..studies.paths import TooManyPathsError
from .numbers import Derivation
from .scaled import checked_scale
from .without_numbers import Unvalued, given_once

if TYPE_CHECKING:
    import networkx as nx

    from ..render.drawing.diagram import Diagram
    from ..render.drawing.frames import Frames
    from ..render.drawing.theme import Theme
    from ..render.narration.document import Document
    from ..symbolic import ClosedForm

__all__ = ["SymbolicDerivation", "SymbolicGradient", "SymbolicPath"]

@dataclass(frozen=True, repr=False)
class SymbolicGradient:
    """∂of/∂wrt as a formula: in the names on the way, and in the inputs alone.

    Attributes:
        of, wrt: the two names.
        text: the formula in names as people write it; empty where it is longer than `limit` operations.
        by_inputs: the same in the inputs alone.
        operations: how many operations the formula in names takes; an estimate where it was not built.
        limit: the number of operations up to which formulas are written.

    >>> from backprop_tutor import derive
    >>> derive("z = x^2 + y; x = u + v; y = u*v").gradients["u"].text
    '2·x + v'
    """

    of: str
    wrt: str
    text: str
    by_inputs: str
    operations: int
    limit: int
    _tree: Expression | None = field(repr=False, compare=False)

    @property
    def symbolic(self) -> Any:
        """Return the formula in names as a `sympy.Expr`.

        Raises:
            OptionError: it is longer than `limit` operations.
        """
        if self._tree is None:
            raise OptionError(str(self))
        from ..symbolic import tree_form  # start-up time: SymPy

        return tree_form(self._tree)

    def __str__(self) -> str:
        return self.text or said(
            "∂{of}/∂{wrt} put together takes about {operations} operations, more than the {limit} up to "
            "which it is written",
            of=shown_name(self.of), wrt=shown_name(self.wrt), operations=whole(self.operations),
            limit=self.limit,
        )  # fmt: skip

    def __repr__(self) -> str:
        told = str(self)
        short = told if len(told) < 120 else told[:119] + "…"
        return f"<∂{shown_name(self.of)}/∂{shown_name(self.wrt)} = {short}>" if self.text else f"<{short}>"

    def _repr_latex_(self) -> str | None:
        if self._tree is None:
            return None
        from ..render.narration.formulas import latex  # start-up time: only notebooks show cells
        from ..render.notebook_cells import derivative_latex

        return derivative_latex(self.of, self.wrt, latex(self._tree))


@dataclass(frozen=True, slots=True, repr=False)
class SymbolicPath:
    """One path to the output: its nodes from first to last, and the slopes along it as formulas.

    >>> from backprop_tutor import derive
    >>> derive("z = x^2 + y; x = u + v; y = u*v").paths("u")[0]
    <u → x → z: 1 · 2·x>
    """

    nodes: tuple[str, ...]
    locals: tuple[str, ...]

    def __repr__(self) -> str:
        line = f"<{' → '.join(self.nodes)}: {' · '.join(self.locals)}>"
        return line if len(line) <= 160 else f"{line[:158]}…>"


class SymbolicDerivation(Unvalued):
    """A program's gradients in symbols, without a value for any input.

    Attributes:
        graph_table: the graph.
        notes: remarks on how the program was read.

    >>> from backprop_tutor import derive
    >>> s = derive("z = x^2 + y; x = u + v; y = u*v")
    >>> s.gradients["u"].text, s.gradients["u"].by_inputs
    ('2·x + v', '2·u + 3·v')
    >>> s.at({"u": 1, "v": 2}).gradients["u"]
    8
    """

    graph_table: Graph
    notes: tuple[str, ...]
    _NUMBERED = Derivation

    def __init__(self, graph: Graph) -> None:
        self.__dict__.update(graph_table=graph, notes=graph.program.notes)

    def _listed(self) -> list[str]:
        return [shown_name(name) for name in self.inputs]

    def without(self, what: str) -> str:
        """Return the message that something needs values, and which are missing."""
        try:
            point(self.graph_table, {})
        except MissingValueError as error:
            return said("{what} needs numbers: {reason}", what=what, reason=error)
        return super().without(what)

    @cached_property
    def gradients(self) -> Mapping[str, SymbolicGradient]:
        """Return each named quantity's gradient as a formula, by name; operations without a name too."""
        return _Gradients(self.graph_table)

    def at(
        self, at: Mapping[str, NumberLike] | None = None, **values: NumberLike
    ) -> Derivation:
        """Return the derivation at a point: `s.at({"u": 1, "v": 2})` or `s.at(u=1, v=2)`.

        Raises:
            MissingValueError: inputs without a value.
            OptionError: a value that is not a number, or for a name that is no input.
            DomainError: an operation outside its domain at this point.
        """
        return run(self.graph_table, given_once(at, values), Derivation)

    def paths(self, name: str, limit: int = 1000) -> tuple[SymbolicPath, ...]:
        """Return every path from a quantity to the output, with the slopes along it.

        Raises:
            UnknownNameError: no such node.
            TooManyPathsError: more than `limit` paths; they are counted first.
        """
        chain = _chain_with(self.graph_table, name)
        start = chain.numbers[self.graph_table.nodes[self.graph_table.find(name)].name]
        count = ways(chain)[start]
        if count > limit:
            raise TooManyPathsError(
                said("{count} paths lead from {wrt} to {of}, more than the {limit} that are listed (limit)",
                     count=whole(count), wrt=shown_name(name), of=shown_name(self.output),
                     limit=whole(limit)), count, 0,
            )  # fmt: skip
        return tuple(
            SymbolicPath(
                tuple(chain.quantities[i].name for i in (start, *(k.target for k in route.links))),
                tuple(written(link.local) for link in route.links),
            )
            for route in routes(chain, start)
        )

    def closed_form(self, name: str, limit: int = 100) -> ClosedForm:
        """Return SymPy's closed form of ∂output/∂name while it is short, its size otherwise."""
        from ..symbolic import closed_form_of  # start-up time: SymPy

        return closed_form_of(self.graph_table, name, limit)

    @cached_property
    def graph(self) -> nx.MultiDiGraph[str]:
        """Return the graph as a frozen `networkx.MultiDiGraph`.

        Edges `(u, v, slot)` carry `local`, `upstream_symbolic` and `downstream_symbolic`, each a
        `sympy.Expr` over the nodes' names; None where it takes more than 100 operations.
        """
        from .numbered_graph import symbolic_graph  # start-up time: networkx

        return symbolic_graph(self.graph_table)

    def explain(
        self, format: Format | Callable[[Document], str] = "text", *, scale: Scale | None = None,
        detail: Detail = "full", limit: int = SHORT, lang: str | None = None,
    ) -> str:  # fmt: skip
        """Return the derivation in words and formulas.

        Args:
            format: "text", "markdown", "latex", a format that an installed package adds, or a function from
                the explanation's `Document`. The others hold numbers.
            scale: "gates" for operation by operation; if left out, assignment by assignment where the
                program has several. Neurons and layers are told by assignments, layer by layer.
            detail: "full", or "brief" for the formulas without the sentences.
            limit: the number of operations up to which a gradient is put together.
            lang: the language, "en" or "ko"; by default the one that is spoken.

        Raises:
            MissingValueError: a format that holds numbers.
            OptionError: an option that does not fit.
        """
        return self._told(format, lang, lambda: self.document(scale=scale, detail=detail, limit=limit))

    def document(
        self, *, scale: Scale | None = None, detail: Detail = "full", limit: int = SHORT
    ) -> Document:
        """Return the explanation as a document; the options are those of `explain`."""
        from ..render.narration.explain import checked_detail  # start-up time: the sentences
        from ..render.narration.symbols_told import symbols_document

        if isinstance(limit, bool) or not isinstance(limit, int) or limit < 1:
            raise OptionError(
                said("limit is a number of operations, at least 1, not {limit}", limit=repr(limit))
            )
        full = checked_detail(detail) == "full"
        by = "gates" if scale is not None and checked_scale(scale) == "gates" else ""
        network = None if by else recognise(self.graph_table)
        return symbols_document(
            symbolic_pass(self.graph_table, by, limit), notes=self.notes, full=full, network=network
        )

    def diagram(
        self, step: int | None = None, *, scale: Scale | None = None, fit: Fit | None = None,
        layout: Layout = "embedded", force: bool = False, theme: ThemeName | Theme = "light",
        lang: str | None = None,
    ) -> Diagram:  # fmt: skip
        """Return the picture with formulas in place of numbers, complete or after a step.

        Args:
            step: 1 to the number of steps; 0 for before the first; None for everything.
            scale: "gates" for every operation; if left out, a gate for each assignment where there
                are several.
            fit, layout, force, theme, lang: as for `Derivation.diagram`.

        Raises:
            OptionError: an unknown option, a step that does not exist, or more than 400 quantities.
        """
        from ..render.drawing.symbol_plate import symbol_diagram  # start-up time: the layout engine

        return symbol_diagram(self._plate(scale, fit, layout, force, theme, lang), step)

    def frames(
        self, *, scale: Scale | None = None, fit: Fit | None = None, layout: Layout = "embedded",
        force: bool = False, theme: ThemeName | Theme = "light", lang: str | None = None,
    ) -> Frames:  # fmt: skip
        """Return one picture a step, all on one layout; the options are those of `diagram`."""
        from ..render.drawing.symbol_plate import symbol_frames  # start-up time: the layout engine

        return symbol_frames(self._plate(scale, fit, layout, force, theme, lang))

    def _plate(
        self, scale: Scale | None, fit: Fit | None, layout: Layout, force: bool,
        theme: ThemeName | Theme, lang: str | None,
    ) -> Any:  # fmt: skip
        from ..render.drawing.symbol_plate import SymbolPlate  # start-up time: the layout engine

        by = "gates" if scale is not None and checked_scale(scale) == "gates" else ""
        return SymbolPlate(
            self, symbolic_pass(self.graph_table, by), layout=layout, force=force, theme=theme, lang=lang,
            fit=fit,
        )  # fmt: skip

    def _repr_svg_(self) -> str:
        return self.diagram().svg

    def _repr_markdown_(self) -> str:
        return self.explain("markdown")


def _chain_with(graph: Graph, name: str) -> Any:
    """Return the chain that a node is part of: by names where it has one, else by gates."""
    chain = chain_of(graph)
    node = graph.nodes[graph.find(name)].name
    return chain if node in chain.numbers else chain_of(graph, "gates")


class _Gradients(Mapping[str, SymbolicGradient]):
    """Gradients as formulas by name; a name is found however it is written."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph

    def _pass(self, by: str = "") -> SymbolicPass:
        return symbolic_pass(self._graph, by, _LIMIT)

    def __getitem__(self, name: str) -> SymbolicGradient:
        node = self._graph.nodes[self._graph.find(name)].name
        found = self._pass()
        if node not in found.chain.numbers:
            found = self._pass("gates")
        if node not in found.chain.numbers:
            raise KeyError(name)
        i = found.chain.numbers[node]
        own, inputs = found.by_names[i], found.by_inputs[i]
        of = found.chain.quantities[found.chain.output].name
        return SymbolicGradient(of, node, _text(own), _text(inputs), own.size, _LIMIT, own.tree)

    def __iter__(self) -> Iterator[str]:
        return (quantity.name for quantity in self._pass().chain.quantities)

    def __len__(self) -> int:
        return len(self._pass().chain.quantities)

    def __repr__(self) -> str:
        return f"<gradients of {', '.join(list(self)[:8])}{', …' if len(self) > 8 else ''}>"


_LIMIT = 100


def _text(formula: Formula) -> str:
    return "" if formula.tree is None else written(formula.tree)
