"""The library's front: `derive` and the `Derivation` that students, teachers and programs hold.

The rooms below compute and write; here they are put within reach of one object, and nothing is
computed. Rooms that take time to load are loaded when they are first asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, overload

from . import descent as _descent
from . import held as _held
from . import jacobians as _jacobians
from . import steps as _steps
from . import sweeps as _sweeps
from .costs import find_costs
from .errors import OptionError
from .given_programs import graph_at, read_program
from .graph_builder import build_graph
from .language import with_remarks
from .local_gradients import EdgeRow, LocalGradient, edge_rows, local_gradient
from .matrices.given import is_array
from .numbered_graph import numbered_graph
from .once import cached_property
from .ops import Number
from .passes import run
from .paths import find_paths
from .sentences import said

if TYPE_CHECKING:
    import networkx as nx

    from .check import Check
    from .lesson import LessonPage
    from .motion import Animation, ContactSheet
    from .render.drawing.diagram import Diagram
    from .render.drawing.frames import Frames
    from .symbolic import ClosedForm

__all__ = ["Derivation", "LocalGradient", "derive", "descend", "jacobian", "sweep"]


class Derivation(_steps.Derivation):
    """A program's forward and backward pass at one point, with all that can be asked of it.

    >>> d = derive("q = x + y; f = q*z", at={"x": -2, "y": 5, "z": -4})
    >>> d.output, d.values["q"], d.gradients["x"]
    ('f', 3, -4)
    """

    @cached_property
    def graph(self) -> nx.MultiDiGraph[str]:
        """Return the graph as a frozen `networkx.MultiDiGraph`, with every number on it.

        Nodes carry `op`, `kind`, `value`, `gradient`; edges `(u, v, slot)` carry `local` (a
        `sympy.Expr`), `local_value`, `upstream`, `downstream`. A constant of the text has no
        gradient: there `gradient`, `local_value` and `downstream` are None.
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

    def rows(self) -> list[EdgeRow]:
        """Return a row for each edge that a gradient passes: `pandas.DataFrame(d.rows())`.

        >>> derive("f = x*y", at={"x": 2, "y": 3}).rows()[0]
        EdgeRow(of='f', wrt='x', slot=0, local=3, upstream=1, downstream=3, symbols='y')
        """
        return list(edge_rows(self))

    def check(self) -> Check:
        """Return every gradient three ways: reverse pass, SymPy, centred differences."""
        from .check import check  # start-up time: SymPy and NumPy

        return check(self)

    def closed_form(self, name: str, limit: int = 100) -> ClosedForm:
        """Return the closed form of ∂output/∂name while it is short, its size otherwise."""
        from .symbolic import closed_form  # start-up time: SymPy

        return closed_form(self, name, limit)

    def paths(self, name: str, limit: int = 1000) -> _held.Paths:
        """Return every path from a node to the output, with its product of local gradients."""
        return find_paths(self, name, _held.Paths, limit)

    def costs(self) -> _held.Costs:
        """Return what all inputs' gradients take, by paths, by forward differences, by one pass."""
        return find_costs(self, _held.Costs)

    def update(
        self, lr: Any, wrt: Iterable[str] | None = None, maximize: bool = False
    ) -> Derivation:
        """Return the same program one step of gradient descent later.

        Every gradient is the old one. `wrt` names what moves; by default the inputs named like
        weights and biases, and where there are none, all inputs. A negative `lr` climbs,
        and so does a positive one with `maximize`.
        """
        point = _descent.updated_point(self, lr, wrt, maximize)
        after = run(self.graph_table, point, Derivation)
        return after.with_fields(previous=self.with_fields(previous=None))

    def moved(self, at: Mapping[str, Any] | None = None, **values: Any) -> Derivation:
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

    def explain(
        self,
        format: str = "text",
        *,
        detail: str = "full",
        precision: int = 4,
        update: Any = None,
        steps: int | None = None,
        wrt: Iterable[str] | None = None,
        maximize: bool = False,
        check: bool | None = None,
        lang: str | None = None,
    ) -> str:
        """Return the whole derivation in words and formulas.

        Args:
            format: "text", "markdown", "latex" or "json".
            detail: "full", or "brief" for the formulas without the sentences.
            precision: significant figures shown, 1 to 17; nothing is rounded before it is shown.
            update: a learning rate, to append a step of gradient descent; a negative one climbs.
            steps: how many steps; with more than one, a table of their course is appended.
            wrt: the names that move; as for `update`.
            maximize: whether to climb.
            check: whether the check three ways is appended; by default up to 200 operations.
            lang: the language, "en" or "ko"; by default the one that is spoken.
        """
        from .render.narration.explain import explain  # start-up time

        return explain(
            self, format, detail=detail, precision=precision, update=update, steps=steps, wrt=wrt,
            maximize=maximize, check=check, lang=lang,
        )  # fmt: skip

    def diagram(self, step: int | None = None, **options: Any) -> Diagram:
        """Return the picture after a step (counted from 1), or complete if None."""
        from .render.drawing.diagram import diagram  # start-up time: the layout engine

        return diagram(self, step, **options)

    def frames(self, **options: Any) -> Frames:
        """Return one picture a step, all on one layout."""
        from .render.drawing.frames import frames  # start-up time: the layout engine

        return frames(self, **options)

    def lesson(self, **options: Any) -> LessonPage:
        """Return the lesson page: one HTML file to step through, practise on and play with.

        Options: `title`, `lang`, `theme`, `practice`, `precision`, `asked`, `problem`, `key`, as for
        `lesson.lesson`.
        """
        from .lesson import lesson  # start-up time: the page's parts

        return lesson(self, **options)

    def animation(self, **options: Any) -> Animation:
        """Return all frames as an animation, to save as GIF, APNG or WebP; see `motion.animation`."""
        from .motion import animation  # start-up time: Pillow

        return animation(self, **options)

    def contact_sheet(self, **options: Any) -> ContactSheet:
        """Return all frames on one page; see `motion.contact_sheet`."""
        from .motion import contact_sheet  # start-up time: Pillow

        return contact_sheet(self, **options)

    def tikz(self, step: int | None = None, **options: Any) -> str:
        """Return the picture as TikZ source for a LaTeX paper; see `motion.tikz`."""
        from .motion import tikz  # start-up time: Pillow

        return tikz(self, step, **options)

    def _repr_html_(self) -> str:
        from .render.drawing.cells import (
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


@overload
def derive(
    program: Any, at: Mapping[str, Number | str] | None = None, *, of: str | None = None,
    expand: str | Iterable[str] = (), merge: bool = False, names: str | Iterable[str] = (),
) -> Derivation: ...  # fmt: skip
@overload
def derive(
    program: Any, at: Mapping[str, Any], *, of: str | None = None,
    expand: str | Iterable[str] = (), merge: bool = False, names: str | Iterable[str] = (),
) -> Any: ...  # fmt: skip
def derive(
    program: Any,
    at: Mapping[str, Any] | None = None,
    *,
    of: str | None = None,
    expand: str | Iterable[str] = (),
    merge: bool = False,
    names: str | Iterable[str] = (),
) -> Any:
    """Return every value and gradient of a program at a point, and the steps that find them.

    Args:
        program: the text of a program, a `Program`, a Python function to trace, an expression or
            equations of SymPy's, or a networkx graph as `Program.from_graph` takes it.
        at: a value for each input: int and Fraction stay exact, float is float64. Where one is an array
            or a nested list, the derivation is over arrays.
        of: the output; the last name assigned if None.
        expand: composites to take apart, by name, or "all"; not over arrays.
        merge: whether the same text typed twice becomes one node; not over arrays.
        names: further names of several letters, so that they are read whole.

    Raises:
        ParseError: the text is not a program.
        MissingValueError: inputs without a value.
        OptionError, UnknownNameError: an argument that does not fit.
        DomainError: an operation outside its domain at this point.

    >>> derive("f = wx + b", at={"w": -2, "x": 5, "b": 3}).gradients["w"]
    5
    """
    parsed, given = read_program(program, at, names)
    if any(map(is_array, given.values())):
        from .array_api import array_derive  # start-up time: NumPy

        for option, asked in (("expand", expand), ("merge", merge)):
            if asked:
                raise OptionError(
                    said(
                        "{option} is for programs of single numbers, and arrays are given",
                        option=option,
                    )
                )
        return array_derive(parsed, given, of)
    graph = build_graph(with_remarks(parsed, given), of=of, expand=expand, merge=merge)
    return run(graph, given, Derivation)


def descend(
    program: Any,
    at: Mapping[str, Any] | None = None,
    lr: Any = 0.1,
    steps: int = 100,
    *,
    wrt: str | Iterable[str] | None = None,
    of: str | None = None,
    expand: str | Iterable[str] = (),
    merge: bool = False,
    names: str | Iterable[str] = (),
    on_step: Callable[[int, Number], None] | None = None,
    maximize: bool = False,
) -> _descent.Descent:
    """Return the course of gradient descent on a program's own parameters.

    Args:
        program, of, expand, merge, names: as for `derive`.
        at: the values to start from.
        lr: the learning rate; a negative one climbs.
        steps: how many steps.
        wrt: the names that move; by default those like weights and biases.
        on_step: called with the step's number and the loss after it.
        maximize: whether to climb: gradient ascent.

    >>> run = descend("L = (w - 3)^2", {"w": 0}, lr=0.25, steps=2)
    >>> run.losses, run.at["w"]
    ((9, 2.25, 0.5625), 2.25)
    """
    graph, given = graph_at(program, at, of, expand, merge, names)
    return _descent.descend(graph, given, wrt, lr, steps, on_step, maximize)


def jacobian(
    program: Any,
    at: Mapping[str, Any] | None = None,
    of: str | Iterable[str] = (),
    wrt: str | Iterable[str] | None = None,
    *,
    expand: str | Iterable[str] = (),
    merge: bool = False,
    names: str | Iterable[str] = (),
) -> _jacobians.Jacobian:
    """Return ∂of[i]/∂wrt[j]: one backward pass an output.

    Args:
        program, at, expand, merge, names: as for `derive`.
        of: the outputs, one or more names.
        wrt: the nodes differentiated along; all inputs if None.

    >>> jacobian("y1 = u*v; y2 = u + v^2", {"u": 2, "v": 3}, of=("y1", "y2")).values
    ((3, 2), (1, 6))
    """
    graph, given = graph_at(program, at, None, expand, merge, names)
    return _jacobians.jacobian(graph, given, of, wrt, into=Derivation)


def sweep(
    program: Any,
    at: Mapping[str, Any] | None = None,
    *,
    of: str | None = None,
    expand: str | Iterable[str] = (),
    merge: bool = False,
    names: str | Iterable[str] = (),
) -> _sweeps.Sweep:
    """Return every value and gradient at many points at once, as arrays.

    Args:
        program, of, expand, merge, names: as for `derive`.
        at: for each input a number or an array; the arrays broadcast together.

    >>> found = sweep("f = w*x", {"w": [1.0, 2.0, 3.0], "x": 4})
    >>> found.values["f"].tolist(), found.gradients["x"].tolist()
    ([4.0, 8.0, 12.0], [1.0, 2.0, 3.0])
    """
    return _sweeps.sweep(*graph_at(program, at, of, expand, merge, names))
