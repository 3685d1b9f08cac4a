"""The derivation of a program of single numbers that students, teachers and programs hold.

The rooms below compute and write; here they are put within reach of one object, and nothing is
computed. Rooms that take time to load are loaded when they are first asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from .. import descent as _descent
from .. import steps as _steps
from ..accepted import NumberLike
from ..choices import Blank, Detail, Fit, Format, Layout, PageTheme, Scale, ThemeName
from ..errors import OptionError
from ..once import cached_property
from ..passes import run
from ..scales import recognise
from ..sentences import said
from ..studies.costs import find_costs
from ..studies.paths import find_paths
from . import held as _held
from .local_gradients import EdgeRow, LocalGradient, edge_rows, local_gradient
from .numbered_graph import numbered_graph
from .scaled import NO_LAYERS, ScaledDerivation, default_scale

if TYPE_CHECKING:
    import networkx as nx

    from ..check import Check
    from ..lesson import LessonPage
    from ..motion import Animation, ContactSheet
    from ..render.drawing.diagram import Diagram
    from ..render.drawing.frames import Frames
    from ..render.drawing.theme import Theme
    from ..render.narration.document import Document
    from ..symbolic import ClosedForm
    from .arrays import LayerDerivation

__all__ = ["Derivation"]


class Derivation(_steps.Derivation):
    """A program's forward and backward pass at one point, with all that can be asked of it.

    >>> from backprop_tutor import derive
    >>> d = derive("q = x + y; f = q*z", at={"x": -2, "y": 5, "z": -4})
    >>> d.output, d.values["q"], d.gradients["x"]
    ('f', 3, -4)
    """

    @cached_property
    def graph(self) -> nx.MultiDiGraph[str]:
        """Return the graph as a frozen `networkx.MultiDiGraph`, with every number on it.

        Nodes carry `op`, `kind`, `value`, `gradient`; edges `(u, v, slot)` carry `local` (a
        `sympy.Expr`), `local_value`, `upstream`, `downstream`, and the last two as `sympy.Expr` in
        `upstream_symbolic`, `downstream_symbolic`, None beyond 100 operations. A constant of the text
        has no gradient: there `gradient`, `local_value` and `downstream` are None.
        """

        return numbered_graph(self)

    def local(self, of: str, wrt: str, slot: int | None = None) -> LocalGradient:
        """Return the local gradient of the node `of` along its operand `wrt`.

        Where `wrt` is used more than once by `of`, `slot` tells which operand is meant, from 0;
        without it the first is.

        Raises:
            UnknownNameError: no such node, or no such edge.
            OptionError: the operand `slot` is another node.
        """
        return local_gradient(self, of, wrt, slot)

    @classmethod
    def from_json(cls, text: str | bytes) -> Derivation:
        """Return the derivation of a JSON text that `explain("json")` wrote, worked out again.

        Raises:
            OptionError: no JSON of a derivation, or numbers that its program does not have there.

        >>> from backprop_tutor import derive
        >>> d = derive("f = x*y", at={"x": 2, "y": 3})
        >>> Derivation.from_json(d.explain("json")) == d
        True
        """
        from ..stored import from_json  # start-up time: pydantic

        return from_json(text, cls)

    def to_networkx(self, plain: bool = False) -> nx.MultiDiGraph[str]:
        """Return the graph as a `networkx.MultiDiGraph` of one's own, that can be changed.

        With `plain`, every attribute is a text, a float, an integer or a truth value, and none is
        missing, so that node-link JSON, GraphML, GEXF and Cytoscape's JSON take it: exact fractions
        become float64, formulas text, a number that there is not is left out.
        """
        from .numbered_graph import own_graph  # start-up time: networkx

        return own_graph(self.graph, plain)

    def symbolic(self, name: str) -> Any:
        """Return a node's value as a `sympy.Expr` over the inputs, nothing simplified.

        Raises:
            UnknownNameError: no such node.
            OptionError: written out it takes more than 10,000 operations.

        >>> from backprop_tutor import derive
        >>> derive("q = x + y; f = q*z", at={"x": -2, "y": 5, "z": -4}).symbolic("f")
        z*(x + y)
        """
        from ..symbolic import value_form  # start-up time: SymPy

        return value_form(self.graph_table, name)

    def rows(self) -> list[EdgeRow]:
        """Return a row for each edge that a gradient passes: `pandas.DataFrame(d.rows())`.

        >>> from backprop_tutor import derive
        >>> derive("f = x*y", at={"x": 2, "y": 3}).rows()[0]
        EdgeRow(of='f', wrt='x', slot=0, local=3, upstream=1, downstream=3, symbols='y')
        """
        return list(edge_rows(self))

    def check(self) -> Check:
        """Return every gradient three ways: reverse pass, SymPy, centred differences."""
        from ..check import check  # start-up time: SymPy and NumPy

        return check(self)

    def closed_form(self, name: str, limit: int = 100) -> ClosedForm:
        """Return the closed form of ∂output/∂name while it is short, its size otherwise."""
        from ..symbolic import closed_form  # start-up time: SymPy

        return closed_form(self, name, limit)

    def paths(self, name: str, limit: int = 1000) -> _held.Paths:
        """Return every path from a node to the output, with its product of local gradients."""
        return find_paths(self, name, _held.Paths, limit)

    def costs(self) -> _held.Costs:
        """Return what all inputs' gradients take, by paths, by forward differences, by one pass."""
        return find_costs(self, _held.Costs)

    def update(
        self, lr: NumberLike, wrt: Iterable[str] | None = None, maximize: bool = False
    ) -> Derivation:
        """Return the same program one step of gradient descent later.

        Every gradient is the old one. `wrt` names what moves; by default the inputs named like
        weights and biases, and where there are none, all inputs. A negative `lr` climbs,
        and so does a positive one with `maximize`.
        """
        point = _descent.updated_point(self, lr, wrt, maximize)
        after = run(self.graph_table, point, Derivation)
        return after.with_fields(previous=self.with_fields(previous=None))

    def moved(
        self, at: Mapping[str, NumberLike] | None = None, **values: NumberLike
    ) -> Derivation:
        """Return the derivation of the same program at another point: `d.moved(x=3)`.

        Args:
            at: new values by name, for names that are no Python identifiers.
            values: new values; the other inputs keep theirs.

        Raises:
            OptionError: a name that is no input, or a value that is not a number.
        """
        changed = {**({} if at is None else at), **values}
        inputs = {self.graph_table.find(name): name for name in changed}
        names = [self.graph_table.nodes[place].name for place in inputs]
        if len(inputs) != len(changed):
            raise OptionError(said("a value is given twice for one name"))
        point = {**self.at, **dict(zip(names, changed.values(), strict=True))}
        return run(self.graph_table, point, Derivation)

    def __replace__(self, **changes: Any) -> Derivation:
        """Return `moved(at)`: what `copy.replace(d, at={...})` means from Python 3.13 on."""
        if set(changes) != {"at"}:
            raise TypeError("only `at` of a derivation can be replaced; d.moved(x=3) does it too")
        return self.moved(changes["at"])

    def at_scale(self, scale: Scale | None = None, *, binary: bool = False) -> ScaledDerivation:
        """Return the derivation at a scale, "layers", "neurons", "gates": its steps, told and drawn.

        Neurons and layers are recognised in any program; where it has none, gates are shown and it says so.

        Args:
            scale: the scale; by default the largest that tells the whole, `default_scale`: gates for a
                formula, neurons for a network of at most 12 units a layer, layers for a larger one.
            binary: whether in pictures of a network's gates weighted sums are taken apart: one picture for
                each of `steps`. Else a sum is one gate and one picture.

        >>> from backprop_tutor import derive
        >>> d = derive("h = sigmoid(w*x + b); L = (h - t)^2", {"w": 1, "x": 2, "b": 0, "t": 1})
        >>> len(d.steps), [step.node for step in d.at_scale("neurons").steps]
        (11, ['h', 'L', 'L', 'L', 'h'])

        Raises:
            OptionError: there is no such scale.
        """
        return ScaledDerivation(self, default_scale(self) if scale is None else scale, binary)

    def gates(self) -> Derivation:
        """Return the derivation over single numbers: itself. One over arrays is written out."""
        return self

    def neurons(self) -> ScaledDerivation:
        """Return the derivation neuron by neuron: `at_scale("neurons")`."""
        return self.at_scale("neurons")

    def layers(self) -> LayerDerivation:
        """Return the same program over arrays: each layer of neurons a product of a matrix.

        `entries` of what is returned says which entry each number is. One sample is a column, z = W·x + b.

        >>> from backprop_tutor import derive
        >>> d = derive("h = tanh(w1*x1 + w2*x2 + b); L = (h - t)^2/2",
        ...            {"w1": 1, "w2": -1, "x1": 0.5, "x2": 0.5, "b": 0, "t": 1})
        >>> d.layers().gradients["W1"].tolist(), d.layers().entries.of("w2")
        ([[-0.5, -0.5]], (('W1', (0, 1)),))

        Raises:
            OptionError: no neurons of it have a matrix of weights, or it has more than 20,000 weights.
        """
        from ..scales.to_layers import as_layers  # start-up time: NumPy
        from .arrays import LayerDerivation  # start-up time: NumPy

        network = recognise(self.graph_table)
        found, entries = (None, None) if network is None else as_layers(self, network, LayerDerivation)
        if found is None:
            raise OptionError(said(NO_LAYERS, name=self.output))
        return found.with_fields(origin=self, entries=entries)

    def _shown_at(self, scale: Scale | None) -> ScaledDerivation:
        """Return the scale that is asked for; without one its own steps, each gate by itself."""
        return self.at_scale(scale or "gates", binary=scale is None)

    def explain(
        self,
        format: Format | Callable[[Document], str] = "text",
        *,
        scale: Scale | None = None,
        detail: Detail = "full",
        precision: int = 4,
        update: NumberLike | None = None,
        steps: int | None = None,
        wrt: Iterable[str] | None = None,
        maximize: bool = False,
        check: bool | None = None,
        lang: str | None = None,
    ) -> str:
        """Return the whole derivation in words and formulas.

        Args:
            format: "text", "markdown", "latex", "json", "numpy" or "torch" (programs), the name of a
                format that an installed package adds, or a function from the explanation's `Document`.
            detail: "full", or "brief" for the formulas without the sentences.
            precision: significant figures shown, 1 to 17; nothing is rounded before it is shown.
            update: a learning rate, to append a step of gradient descent; a negative one climbs.
            steps: how many steps; with more than one, a table of their course is appended.
            wrt: the names that move; as for `update`.
            maximize: whether to climb.
            check: whether the check three ways is appended; by default up to 200 operations.
            lang: the language, "en" or "ko"; by default the one that is spoken.
            scale: "layers", "neurons" or "gates" as `at_scale` shows them; if left out, each of the
                derivation's own steps.
        """
        return self._shown_at(scale).explain(
            format, detail=detail, precision=precision, update=update, steps=steps, wrt=wrt,
            maximize=maximize, check=check, lang=lang,
        )  # fmt: skip

    def diagram(
        self, step: int | None = None, *, scale: Scale | None = None, fit: Fit | None = None,
        precision: int | None = None, blank: Blank | Iterable[Blank] = (), layout: Layout = "embedded",
        force: bool = False, theme: ThemeName | Theme = "light", lang: str | None = None,
    ) -> Diagram:  # fmt: skip
        """Return the picture after a step (counted from 1), or complete if None.

        Args:
            step: 1 to the number of steps; 0 for before the first; None for everything.
            scale: "layers", "neurons" or "gates" as `at_scale` shows them; if left out, each of the
                derivation's own steps.
            fit: the format: "16:9", "4:3", "a4" or "phone"; at the scale of gates as large as needed if
                left out.
            precision: significant figures of the numbers shown; 4 where gates are shown, and in large
                circles, 3 in small ones.
            blank: what a worksheet leaves out: "values", "gradients", "locals", "downstream".
            layout: "embedded", or "dot" for the system's Graphviz.
            force: whether more than 400 nodes are drawn.
            theme: "light", "dark" or "colour-blind", or a `Theme`.
            lang: the language of its words; by default the one that is spoken now.

        `blank`, `layout` and `force` are of the scale of gates.

        Raises:
            OptionError: an unknown option, one of another scale, a step that does not exist, or too many
                nodes.
        """
        return self._shown_at(scale).diagram(
            step, fit=fit, precision=precision, blank=blank, layout=layout, force=force, theme=theme,
            lang=lang,
        )  # fmt: skip

    def frames(
        self, *, scale: Scale | None = None, fit: Fit | None = None, precision: int | None = None,
        blank: Blank | Iterable[Blank] = (), layout: Layout = "embedded", force: bool = False,
        theme: ThemeName | Theme = "light", lang: str | None = None,
    ) -> Frames:  # fmt: skip
        """Return one picture a step, all on one layout; the options are those of `diagram`."""
        return self._shown_at(scale).frames(
            fit=fit, precision=precision, blank=blank, layout=layout, force=force, theme=theme, lang=lang
        )

    def lesson(
        self, *, title: str | None = None, lang: str = "en", theme: PageTheme = "auto",
        practice: bool = True, asked: str | Iterable[str] | None = None, problem: str = "",
        precision: int = 4, key: bool = True, scale: Scale | None = None,
    ) -> LessonPage:  # fmt: skip
        """Return the lesson page: one HTML file to step through, practise on and play with.

        The options are those of `lesson.lesson`.
        """
        from ..lesson import lesson  # start-up time: the page's parts

        return lesson(
            self, title=title, lang=lang, theme=theme, practice=practice, asked=asked,
            problem=problem, precision=precision, key=key, scale=scale,
        )  # fmt: skip

    def animation(
        self, *, pace: float = 1.2, hold: float | None = None, loop: bool = True,
        scale: float | None = None, title: str | Sequence[str] = "{program}", precision: int = 4,
        blank: Blank | Iterable[Blank] = (), layout: Layout = "embedded", force: bool = False,
        theme: ThemeName | Theme = "light",
    ) -> Animation:  # fmt: skip
        """Return all frames as an animation, to save as GIF, APNG or WebP; see `motion.animation`."""
        from ..motion import animation  # start-up time

        return animation(
            self, pace=pace, hold=hold, loop=loop, scale=scale, title=title, precision=precision,
            blank=blank, layout=layout, force=force, theme=theme,
        )  # fmt: skip

    def contact_sheet(
        self, *, columns: int | None = None, title: str = "{program}", precision: int = 4,
        blank: Blank | Iterable[Blank] = (), layout: Layout = "embedded", force: bool = False,
        theme: ThemeName | Theme = "light",
    ) -> ContactSheet:  # fmt: skip
        """Return all frames on one page; see `motion.contact_sheet`."""
        from ..motion import contact_sheet  # start-up time

        return contact_sheet(
            self, columns=columns, title=title, precision=precision, blank=blank, layout=layout,
            force=force, theme=theme,
        )  # fmt: skip

    def tikz(
        self, step: int | None = None, *, precision: int = 4, blank: Blank | Iterable[Blank] = (),
        layout: Layout = "embedded", force: bool = False, theme: ThemeName | Theme = "light",
        caption: bool = False,
    ) -> str:  # fmt: skip
        """Return the picture as TikZ source for a LaTeX paper; see `motion.tikz`."""
        from ..motion import tikz  # start-up time

        return tikz(
            self, step, precision=precision, blank=blank, layout=layout, force=force, theme=theme,
            caption=caption,
        )  # fmt: skip

    def _repr_latex_(self) -> str:
        from ..render.notebook_cells import (
            program_latex,  # start-up time: only notebooks show cells
        )

        return program_latex(self.program)

    def _repr_html_(self) -> str:
        from ..render.drawing.cells import (
            derivation_html,  # start-up time: only notebooks show cells
        )

        return derivation_html(self, self.diagram().svg)

    def _repr_svg_(self) -> str:
        return self.diagram().svg

    def _repr_markdown_(self) -> str:
        return self.explain("markdown")

    def __repr__(self) -> str:
        point = ", ".join(f"{name}={value}" for name, value in list(self.at.items())[:6])
        more = ", …" if len(self.at) > 6 else ""
        return f"<Derivation of {self.output} = {self.values[self.output]} at {point}{more}>"
