"""The derivation over arrays without values: what `derive(program, shapes=…)` returns.

`matrices` finds each rule and fills the chain in; here it is put within reach of one object. Values can
come later: `s.at({"X": X, "W": W})` is the usual derivation over arrays.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..accepted import ArrayLike, NumberLike
from ..choices import Detail, Fit, Format, Layout, ThemeName
from ..errors import OptionError, UnknownNameError, quoted
from ..language import Program, shown_name
from ..matrices.array_graph import ArrayGraph
from ..matrices.placing import remarks
from ..matrices.rules import reason_of
from ..matrices.shape_table import Shapes, shapes_of, sizes_given
from ..matrices.unvalued import ShapedEdge, UnvaluedPass, unvalued_pass
from ..once import cached_property
from ..ops.sizes import Shape, shown
from ..sentences import said
from .arrays import ArrayDerivation
from .entries import EntryDerivation
from .entries import array_derive as _array_derive
from .without_numbers import Unvalued, given_once

if TYPE_CHECKING:
    from ..render.drawing.diagram import Diagram
    from ..render.drawing.frames import Frames
    from ..render.drawing.theme import Theme
    from ..render.narration.document import Document

__all__ = ["ArrayGradient", "ArrayRule", "SymbolicArrayDerivation", "shaped_derive"]

@dataclass(frozen=True, repr=False)
class ArrayGradient:
    """∂of/∂wrt as a formula in matrices.

    Attributes:
        of, wrt: the two names.
        text: the formula with the gradients before it filled in; empty where it is long, or depends on
            sizes in a way that no formula says.
        rule: the same in the names of the gradients before it.
        shape: its shape, which is its value's.
    """

    of: str
    wrt: str
    text: str
    rule: str
    shape: Shape

    def __str__(self) -> str:
        return self.text or said(
            "∂{of}/∂{wrt} has no short formula in matrices; explain tells its rule",
            of=shown_name(self.of), wrt=shown_name(self.wrt),
        )  # fmt: skip

    def __repr__(self) -> str:
        name = f"∂{shown_name(self.of)}/∂{shown_name(self.wrt)}"
        return f"<{name} = {self.text}, {shown(self.shape)}>" if self.text else f"<{self}>"


@dataclass(frozen=True, repr=False)
class ArrayRule:
    """How an operation hands its gradient δ down to one operand.

    Attributes:
        of, wrt, slot: the operation, the operand, and its number.
        rule: the formula in matrices, `Xᵀ·δ`; empty where none is short.
        entry, by_entries: one entry of it and what it is, `Wᵢⱼ` and `Σₙ Xₙᵢ·δₙⱼ`; empty where no formula
            over indices reads well.
        reason: why it is so.
        shape: the operand's shape.
    """

    of: str
    wrt: str
    slot: int
    rule: str
    entry: str
    by_entries: str
    reason: str
    shape: Shape

    def __repr__(self) -> str:
        return f"<from {self.of} to {self.wrt}: {self.rule or self.by_entries or self.reason}>"


class SymbolicArrayDerivation(Unvalued):
    """The gradients of a program over vectors and matrices as formulas; shapes alone are known.

    Attributes:
        graph_table: the graph, whose nodes have shapes.
        notes: remarks on how the program was read.

    >>> from backprop_tutor import derive
    >>> s = derive("Z = X@W; L = mean(Z^2)", shapes={"X": ("N", 3), "W": (3, 4)})
    >>> s.shapes["dL/dW"], s.gradients["W"].rule, s.gradients["W"].text
    ((3, 4), 'Xᵀ·∂L/∂Z', '1/(2·N)·Xᵀ·Z')
    >>> s.at(X=[[1, 2, 3]], W=[[0] * 4] * 3).shapes["Z"]
    (1, 4)
    """

    graph_table: ArrayGraph
    notes: tuple[str, ...]
    _NUMBERED = ArrayDerivation
    _found: UnvaluedPass
    _expand: str | Iterable[str]

    def __init__(
        self, found: UnvaluedPass, expand: str | Iterable[str], spare: tuple[str, ...] = ()
    ) -> None:
        graph = found.graph
        notes = (*remarks(graph), *graph.notes, *spare)
        self.__dict__.update(graph_table=graph, notes=notes, _found=found, _expand=expand)

    def _listed(self) -> list[str]:
        return [f"{shown_name(name)} {shown(self.shapes[name])}" for name in self.inputs]

    def without(self, what: str) -> str:
        """Return the message that something needs numbers, and that only shapes are known."""
        return said("{what} needs numbers, and only shapes are given", what=what)

    @cached_property
    def shapes(self) -> Shapes:
        """Return the shape of each name; `shapes["dL/dW"]` is that of a gradient."""
        return shapes_of(self.graph_table)

    @cached_property
    def gradients(self) -> Mapping[str, ArrayGradient]:
        """Return each node's gradient as a formula in matrices, by name; labels have none."""
        return _Gradients(self._found)

    def local(self, of: str, wrt: str, slot: int | None = None) -> ArrayRule:
        """Return how `of` hands its gradient to its operand `wrt`: in matrices, in indices, and why.

        Where `wrt` is used more than once by `of`, `slot` tells which operand is meant, from 0.

        Raises:
            UnknownNameError: no such node or edge, or one without a gradient.
            OptionError: the operand `slot` is another node.
        """
        table = self.graph_table
        source, target, place = table.edge(wrt, of, slot)
        for edge in self._found.edges.get(target, ()):
            if (edge.source, edge.slot) == (source, place):
                return self._rule(edge)
        raise UnknownNameError(
            said("no gradient passes from {of} to {wrt}", of=quoted(of), wrt=quoted(wrt))
        )

    def _rule(self, edge: ShapedEdge) -> ArrayRule:
        table = self.graph_table
        found = self._found.indices(edge)
        entry, body = ("", "") if found is None else (found.entry[0], found.body[0])
        return ArrayRule(
            table.nodes[edge.target].name, table.nodes[edge.source].name, edge.slot, edge.rule, entry, body,
            said(reason_of(table, edge.target, edge.slot)), table.shapes[edge.source],
        )  # fmt: skip

    def at(
        self, at: Mapping[str, NumberLike | ArrayLike] | None = None, **values: NumberLike | ArrayLike
    ) -> EntryDerivation:
        """Return the derivation at given arrays: `s.at({"X": X, "W": W})` or `s.at(X=X, W=W)`.

        Sizes that are symbols may be any; those that are numbers are held to.

        Raises:
            MissingValueError: inputs without a value.
            OptionError: a value that is no array of numbers, of another shape than was said, or twice.
            ShapeError: sizes that do not fit each other.
        """
        given = {**self.program.values, **given_once(at, values)}
        found = _array_derive(self.program, given, self.output, self._expand)
        sizes: dict[int | str, int | str] = {}
        for name in self.inputs:
            wanted, shape = self.shapes[name], found.shapes[name]
            if len(wanted) != len(shape) or any(
                sizes.setdefault(n, n if isinstance(n, int) else m) != m
                for n, m in zip(wanted, shape, strict=True)
            ):
                raise OptionError(
                    said("{name} was said to be {wanted}, and the value given is {shape}",
                         name=quoted(name), wanted=shown(wanted), shape=shown(shape))
                )  # fmt: skip
        return found

    def explain(
        self, format: Format | Callable[[Document], str] = "text", *, detail: Detail = "full",
        lang: str | None = None,
    ) -> str:  # fmt: skip
        """Return the derivation in words and formulas.

        Args:
            format: "text", "markdown", "latex", a format that an installed package adds, or a function from
                the explanation's `Document`. The others hold numbers.
            detail: "full", or "brief" for the formulas without the sentences.
            lang: the language, "en" or "ko"; by default the one that is spoken.

        Raises:
            MissingValueError: a format that holds numbers.
            OptionError: an option that does not fit.
        """
        return self._told(format, lang, lambda: self.document(detail=detail))

    def document(self, *, detail: Detail = "full") -> Document:
        """Return the explanation as a document; the options are those of `explain`."""
        from ..render.narration.explain import checked_detail  # start-up time: the sentences
        from ..render.narration.shaped_told import shaped_document

        return shaped_document(self._found, self.notes, checked_detail(detail) == "full")

    def diagram(
        self, step: int | None = None, *, fit: Fit | None = None, layout: Layout = "embedded",
        force: bool = False, theme: ThemeName | Theme = "light", lang: str | None = None,
    ) -> Diagram:  # fmt: skip
        """Return the picture with shapes in place of values and rules in place of gradients.

        Args:
            step: 1 to the number of steps; 0 for before the first; None for everything.
            fit, layout, force, theme, lang: as for `Derivation.diagram`.

        Raises:
            OptionError: an unknown option, a step that does not exist, or more than 400 nodes.
        """
        from ..render.drawing.diagram import (  # start-up time: the layout engine
            Diagram,
            checked_step,
        )

        plate = self._plate(fit, layout, force, theme, lang)
        checked_step(step, plate.steps)
        return Diagram(plate, step)

    def frames(
        self, *, fit: Fit | None = None, layout: Layout = "embedded", force: bool = False,
        theme: ThemeName | Theme = "light", lang: str | None = None,
    ) -> Frames:  # fmt: skip
        """Return one picture a step, all on one layout; the options are those of `diagram`."""
        from ..render.drawing.frames import Frames  # start-up time: the layout engine

        return Frames(self._plate(fit, layout, force, theme, lang))

    def _plate(
        self, fit: Fit | None, layout: Layout, force: bool, theme: ThemeName | Theme, lang: str | None
    ) -> Any:
        from ..render.drawing.shaped_plate import ShapedPlate  # start-up time: the layout engine

        return ShapedPlate(self, self._found, layout=layout, force=force, theme=theme, lang=lang, fit=fit)

    def _repr_svg_(self) -> str:
        return self.diagram().svg

    def _repr_markdown_(self) -> str:
        return self.explain("markdown")


class _Gradients(Mapping[str, ArrayGradient]):
    """Gradients as formulas in matrices by name; a name is found however it is written."""

    def __init__(self, found: UnvaluedPass) -> None:
        self._found = found

    def _takes(self, place: int) -> bool:
        graph = self._found.graph
        return place == graph.output or any(
            edge.source == place for edges in self._found.edges.values() for edge in edges
        )

    def __getitem__(self, name: str) -> ArrayGradient:
        graph = self._found.graph
        place = graph.find(name)
        if not self._takes(place) and (graph.relevant[place] or not graph.varies[place]):
            raise UnknownNameError(
                said("{name} takes no gradient: it holds labels, a mask or class weights, or is made of "
                     "constants", name=quoted(name))
            )  # fmt: skip
        zero = "" if graph.relevant[place] else "0"
        return ArrayGradient(
            graph.nodes[graph.output].name, graph.nodes[place].name, self._found.filled[place] or zero,
            self._found.named[place] or zero, graph.shapes[place],
        )  # fmt: skip

    def __iter__(self) -> Iterator[str]:
        graph = self._found.graph
        return (
            node.name for place, node in enumerate(graph.nodes)
            if self._takes(place) or (graph.varies[place] and not graph.relevant[place])
        )  # fmt: skip

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __repr__(self) -> str:
        return f"<gradients of {', '.join(list(self)[:8])}{', …' if len(self) > 8 else ''}>"


def shaped_derive(
    program: Program, shapes: Mapping[str, tuple[int | str, ...]], of: str | None = None,
    expand: str | Iterable[str] = (),
) -> SymbolicArrayDerivation:  # fmt: skip
    """Return the derivation of a program over arrays of which shapes alone are known.

    Raises:
        OptionError: `shapes` is no mapping of names to sizes.
        MissingValueError: inputs without a shape.
        ShapeError: operands that do not fit, or an output that is no single number.
    """
    if not isinstance(shapes, Mapping) or any(isinstance(each, (str, int)) for each in shapes.values()):
        raise OptionError(
            said('`shapes` maps names to sizes, such as {example}', example='{"X": ("N", 3), "b": (4,)}')
        )
    sizes = sizes_given(shapes)
    found = unvalued_pass(program, sizes, of, expand)
    spare = tuple(
        said("a shape was given for {name}, which the program does not use", name=quoted(name))
        for name in sizes if name not in found.graph.inputs
    )  # fmt: skip
    return SymbolicArrayDerivation(found, expand, spare)
