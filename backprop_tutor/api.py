"""The library's front: `derive` and the `Derivation` that students, teachers and programs hold.

The rooms below compute and write; here they are put within reach of one object, and nothing is
computed. Rooms that take time to load are loaded when they are first asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from . import descent as _descent
from . import held as _held
from . import jacobians as _jacobians
from . import steps as _steps
from .costs import find_costs
from .errors import OptionError, UnknownNameError, quoted
from .graph import build_graph
from .language import Program, parse, with_remarks
from .once import cached_property
from .ops import Number, plain
from .passes import run
from .paths import find_paths
from .sentences import said

if TYPE_CHECKING:
    import networkx as nx

    from .check import Check
    from .lesson import LessonPage
    from .motion import Animation, ContactSheet
    from .render.diagram import Diagram
    from .render.frames import Frames
    from .symbolic import ClosedForm

__all__ = ["Derivation", "LocalGradient", "derive", "descend", "jacobian"]


@dataclass(frozen=True)
class LocalGradient:
    """∂v/∂u of one operation, for one use of u.

    `value` is the number at the inputs; `symbolic` a `sympy.Expr`; `text` the formula as people
    write it; `upstream` and `downstream` belong to the same edge.
    """

    of: str
    wrt: str
    slot: int
    value: Number
    upstream: Number
    downstream: Number
    text: str
    _symbolic: Callable[[], Any]

    @cached_property
    def symbolic(self) -> Any:
        """Return the local gradient as a `sympy.Expr` over the operands' names."""
        return self._symbolic()


class Derivation(_steps.Derivation):
    """A program's forward and backward pass at one point, with all that can be asked of it.

    >>> d = derive("q = x + y; f = q*z", at={"x": -2, "y": 5, "z": -4})
    >>> d.output, d.values["q"], d.gradients["x"]
    ('f', 3, -4)
    """

    @cached_property
    def graph(self) -> nx.MultiDiGraph:
        """Return the graph as a frozen `networkx.MultiDiGraph`, with every number on it.

        Nodes carry `op`, `kind`, `value`, `gradient`; edges `(u, v, slot)` carry `local` (a
        `sympy.Expr`), `local_value`, `upstream`, `downstream`. A constant of the text has no
        gradient: there `gradient`, `local_value` and `downstream` are None.
        """
        import networkx as nx  # start-up time: only who asks for networkx pays for it

        from .symbolic import local_derivative  # start-up time: SymPy

        table = self.graph_table
        graph = table.multidigraph()
        for place, node in enumerate(table.nodes):
            gradient = self.upstreams[place]
            graph.nodes[node.name]["value"] = plain(self.numbers[place])
            graph.nodes[node.name]["gradient"] = None if gradient is None else plain(gradient)
        for place, node in enumerate(table.nodes):
            for slot, source in enumerate(node.operands):
                data = graph.edges[table.nodes[source].name, node.name, slot]
                edge = self.edges.get((source, place, slot))
                upstream = self.upstreams[place]
                data["upstream"] = None if upstream is None else plain(upstream)
                data["local"] = local_derivative(table, place, slot)
                data["local_value"] = None if edge is None else plain(edge.local)
                data["downstream"] = None if edge is None else plain(edge.downstream)
                if edge is None and table.varies[source] and not table.relevant[place]:
                    data["downstream"] = 0
        return nx.freeze(graph)

    def local(self, of: str, wrt: str, slot: int | None = None) -> LocalGradient:
        """Return the local gradient of the node `of` along its operand `wrt`.

        Where `wrt` is used more than once by `of`, `slot` tells which operand is meant, from 0;
        without it the first is.

        Raises:
            UnknownNameError: no such node, or no such edge.
            OptionError: the operand `slot` is another node.
        """
        table = self.graph_table
        target, source = table.find(of), table.find(wrt)
        slots = [i for i, operand in enumerate(table.nodes[target].operands) if operand == source]
        if not slots:
            operands = ", ".join(table.nodes[i].name for i in table.nodes[target].operands)
            hint = said("its operands: {names}", names=operands) if operands else said("it has no operands")
            raise UnknownNameError(
                said("{of} does not use {wrt} directly; {hint}", of=quoted(of), wrt=quoted(wrt), hint=hint)
            )
        if slot is None:
            slot = slots[0]
        elif slot not in slots:
            listed = " or ".join(map(str, slots))
            raise OptionError(
                said(
                    "{wrt} is operand {listed} of {of}, not {slot}",
                    wrt=quoted(wrt),
                    listed=listed,
                    of=quoted(of),
                    slot=slot,
                )
            )
        return self._local(source, target, slot)

    def _local(self, source: int, target: int, slot: int) -> LocalGradient:
        from .language import written
        from .passes import local_value  # a neighbour's function under the same name
        from .slopes import local_form

        table = self.graph_table
        edge = self.edges.get((source, target, slot))
        value = edge.local if edge else local_value(table, target, slot, self.numbers)
        upstream = self.upstreams[target]

        def symbolic() -> Any:
            from .symbolic import local_derivative  # start-up time: SymPy

            return local_derivative(table, target, slot)

        return LocalGradient(
            table.nodes[target].name, table.nodes[source].name, slot, plain(value),
            plain(upstream if upstream is not None else 0),
            plain(edge.downstream) if edge else 0,
            written(local_form(self, target, slot).by_inputs), symbolic,
        )  # fmt: skip

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
        return replace(after, previous=replace(self, previous=None))

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
        """
        from .render.explain import explain  # start-up time

        return explain(
            self, format, detail=detail, precision=precision, update=update, steps=steps, wrt=wrt,
            maximize=maximize, check=check,
        )  # fmt: skip

    def diagram(self, step: int | None = None, **options: Any) -> Diagram:
        """Return the picture after a step (counted from 1), or complete if None."""
        from .render.diagram import diagram  # start-up time: the layout engine

        return diagram(self, step, **options)

    def frames(self, **options: Any) -> Frames:
        """Return one picture a step, all on one layout."""
        from .render.frames import frames  # start-up time: the layout engine

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
        from .render.cells import derivation_html  # start-up time: only notebooks show cells

        return derivation_html(self, self.diagram().svg)

    def _repr_svg_(self) -> str:
        return self.diagram().svg

    def _repr_markdown_(self) -> str:
        return self.explain("markdown")

    def __repr__(self) -> str:
        point = ", ".join(f"{name}={value}" for name, value in list(self.at.items())[:6])
        more = ", …" if len(self.at) > 6 else ""
        return f"<Derivation of {self.output} = {self.values[self.output]} at {point}{more}>"


def _program(program: str | Program | Callable[..., Any], names: Iterable[str]) -> Program:
    if isinstance(program, Program):
        return program
    if isinstance(program, str):
        return parse(program, names)
    if callable(program):
        from .language import trace  # start-up time: only for functions

        return trace(program)
    raise OptionError(
        said(
            "a program is text, a Program or a function, not {kind}",
            kind=quoted(type(program).__name__),
        )
    )


def derive(
    program: str | Program | Callable[..., Any],
    at: Mapping[str, Any] | None = None,
    *,
    of: str | None = None,
    expand: str | Iterable[str] = (),
    merge: bool = False,
    names: Iterable[str] = (),
) -> Derivation:
    """Return every value and gradient of a program at a point, and the steps that find them.

    Args:
        program: the text of a program, a `Program`, or a Python function to trace.
        at: a value for each input: int and Fraction stay exact, float is float64.
        of: the output; the last name assigned if None.
        expand: composites to take apart, by name, or "all".
        merge: whether the same text typed twice becomes one node.
        names: further names of several letters, so that they are read whole.

    Raises:
        ParseError: the text is not a program.
        MissingValueError: inputs without a value.
        OptionError, UnknownNameError: an argument that does not fit.
        DomainError: an operation outside its domain at this point.

    >>> derive("f = wx + b", at={"w": -2, "x": 5, "b": 3}).gradients["w"]
    5
    """
    at = {} if at is None else at
    if not isinstance(at, Mapping):
        raise OptionError(
            said("`at` maps names to numbers; {kind} was given", kind=quoted(type(at).__name__))
        )
    parsed = _program(program, [*map(str, at), *_listed(names)])
    given = {**parsed.values, **at}
    graph = build_graph(with_remarks(parsed, given), of=of, expand=expand, merge=merge)
    return run(graph, given, Derivation)


def _listed(names: str | Iterable[str]) -> list[str]:
    return names.replace(",", " ").split() if isinstance(names, str) else list(names)


def descend(
    program: str | Program | Callable[..., Any],
    at: Mapping[str, Any],
    wrt: Iterable[str] | None = None,
    lr: Any = 0.1,
    steps: int = 100,
    *,
    of: str | None = None,
    on_step: Callable[[int, Number], None] | None = None,
    maximize: bool = False,
) -> _descent.Descent:
    """Return the course of gradient descent on a program's own parameters.

    Args:
        program: as for `derive`.
        at: the values to start from.
        wrt: the names that move; by default those like weights and biases.
        lr: the learning rate; a negative one climbs.
        steps: how many steps.
        of: the output to lower; the last name assigned if None.
        on_step: called with the step's number and the loss after it.
        maximize: whether to climb: gradient ascent.

    >>> run = descend("L = (w - 3)^2", {"w": 0}, lr=0.25, steps=2)
    >>> run.losses, run.at["w"]
    ((9, 2.25, 0.5625), 2.25)
    """
    parsed = _program(program, list(at))
    graph = build_graph(parsed, of=of)
    return _descent.descend(graph, {**parsed.values, **at}, wrt, lr, steps, on_step, maximize)


def jacobian(
    program: str | Program | Callable[..., Any],
    at: Mapping[str, Any],
    of: str | Iterable[str],
    wrt: str | Iterable[str] | None = None,
) -> _jacobians.Jacobian:
    """Return ∂of[i]/∂wrt[j]: one backward pass an output.

    >>> jacobian("y1 = u*v; y2 = u + v^2", {"u": 2, "v": 3}, of=("y1", "y2")).values
    ((3, 2), (1, 6))
    """
    parsed = _program(program, list(at))
    return _jacobians.jacobian(parsed, {**parsed.values, **at}, of, wrt, into=Derivation)
