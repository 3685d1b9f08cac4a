"""The derivation over arrays that users hold: what `matrices` computes, told by `render`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, Literal, Self

from ..accepted import NumberLike
from ..choices import ArrayFormat, Detail, PageTheme, Scale, ThemeName
from ..descent import Descent, learning_rate, parameters
from ..errors import DomainError, OptionError, quoted
from ..language import Program, parse
from ..matrices.array_derivation import ArrayDerivation as _ArrayDerivation
from ..matrices.array_derivation import array_derive as _array_derive
from ..matrices.array_jacobians import ArrayJacobian
from ..matrices.array_jacobians import array_jacobian as _array_jacobian
from ..matrices.placing import placed_arrays
from ..matrices.shape_table import Shapes, shape_table
from ..once import cached_property
from ..scales import Entries
from ..sentences import said
from ..steps import Derivation as _Derivation
from ..translation import speaking, spoken
from .scaled import ScaledDerivation, checked_scale

if TYPE_CHECKING:
    from ..lesson import LessonPage
    from ..render.drawing.diagram import Diagram
    from ..render.drawing.frames import Frames
    from ..render.drawing.theme import Theme
    from ..render.narration.document import Document

__all__ = ["ArrayDerivation", "LayerDerivation", "array_descend", "array_jacobian", "shapes"]

_ASKED = (
    "at_scale", "check", "diagram", "edges", "entry", "explain", "explain_entry", "frames", "gates",
    "graph", "layers", "lesson", "local", "moved", "neurons", "shapes", "update",
)  # fmt: skip


_OF_NUMBERS = (
    "animation", "closed_form", "contact_sheet", "costs", "from_json", "paths", "rows", "symbolic",
    "tikz",
)  # fmt: skip
"""What only a derivation of single numbers can be asked."""


class _NotOfArrays(OptionError, AttributeError):
    """Something asked of a derivation over arrays that only one of single numbers has."""


class ArrayDerivation(_ArrayDerivation):
    """A program over vectors and matrices at given arrays: every value, every gradient, every step.

    >>> from backprop_tutor import derive
    >>> d = derive("Z = X@W + b; L = mean(Z**2)", at={"X": [[1, 2]], "W": [[1], [0]], "b": [1]})
    >>> d.gradients["W"].tolist(), d.shapes["W"]
    ([[4.0], [8.0]], (2, 1))
    """

    def __getattr__(self, name: str) -> Any:
        if name in _OF_NUMBERS:
            raise _NotOfArrays(
                said(
                    "{name} is for programs of single numbers; over arrays there are {names}",
                    name=quoted(name), names=", ".join(_ASKED),
                )
            )  # fmt: skip
        message = f"{type(self).__name__!r} object has no attribute {name!r}"
        raise AttributeError(message, name=name, obj=self)

    @cached_property
    def graph(self) -> Any:
        """Return the graph as a frozen `networkx.MultiDiGraph`.

        Nodes carry `op`, `kind`, `shape`, `value`, `gradient`; edges `(u, v, slot)` that a gradient
        passes carry `rule`, `upstream`, `downstream`.
        """
        from .numbered_graph import array_graph  # start-up time: networkx

        return array_graph(self)

    def to_networkx(self, plain: bool = False) -> Any:
        """Return the graph as a `networkx.MultiDiGraph` of one's own; see `Derivation.to_networkx`.

        With `plain` arrays are texts.
        """
        from .numbered_graph import own_graph  # start-up time: networkx

        return own_graph(self.graph, plain)

    def explain(
        self, format: ArrayFormat | Callable[[Document], str] = "text", *,
        detail: Detail = "full", precision: int = 4,
        check: bool | None = None, lang: str | None = None,
    ) -> str:  # fmt: skip
        """Return the whole derivation in words, formulas and matrices.

        Args:
            format: "text", "markdown", "latex", "numpy" or "torch" (programs), the name of a
                format that an installed package adds, or a function from the explanation's `Document`.
            detail: "full", or "brief" for the formulas without the sentences.
            precision: significant figures shown, 1 to 17.
            check: whether the check is appended; by default up to 3,000 entries.
            lang: the language; by default the one that is spoken.
        """
        from ..render.narration.array_explained import array_explained  # start-up time

        with speaking(lang or spoken()):
            return array_explained(self, format, detail=detail, precision=precision, check=check)

    def explain_entry(
        self,
        name: str,
        at: int | tuple[int, ...] = (),
        *,
        precision: int = 4,
        lang: str | None = None,
    ) -> str:
        """Return one entry of a gradient in full, as text: the written sum and where each term is from."""
        from ..render.narration.agreement import agreed
        from ..render.narration.array_words import entry_document
        from ..render.narration.numbers import checked_precision
        from ..render.narration.text import text

        with speaking(lang or spoken()):
            told = entry_document(self, self.entry(name, at), checked_precision(precision))
            return text(agreed(told))

    def check(self) -> Any:
        """Return each gradient against centred differences and, where it is small, SymPy; `.ok`."""
        from ..matrices.array_check import check_arrays  # start-up time: SymPy

        return check_arrays(self)

    def at_scale(self, scale: Scale | None = None, *, binary: bool = False) -> ScaledDerivation:
        """Return the derivation at a scale: "layers", its own; "neurons" or "gates" of single numbers.

        `binary`: whether in pictures of gates weighted sums are taken apart.

        Raises:
            OptionError: there is no such scale, or written out it takes more than 20,000 gates.
        """
        asked = checked_scale(scale or "layers")
        return ScaledDerivation(self if asked == "layers" else self.gates(), asked, binary)

    def gates(self) -> _Derivation:
        """Return the same program over single numbers; see the classes that have it."""
        raise NotImplementedError

    def neurons(self) -> ScaledDerivation:
        """Return the derivation neuron by neuron: `at_scale("neurons")`."""
        return self.at_scale("neurons")

    def layers(self) -> Self:
        """Return the derivation over arrays: itself."""
        return self

    def diagram(
        self, step: int | None = None, *, precision: int | None = None, theme: ThemeName | Theme = "light",
        lang: str | None = None, fit: Literal["16:9", "4:3", "a4", "phone"] = "16:9", force: bool = False,
    ) -> Diagram:  # fmt: skip
        """Return the picture as layers, after a step (counted from 1) or complete if None.

        Args:
            step: 1 to the number of the picture's steps; 0 for before the first; None for everything.
            precision: figures of a matrix' largest entry; by default 3, or 2 where that keeps one line.
            theme: "light", "dark" or "colour-blind", or a `Theme`.
            lang: the language of its words; by default the one that is spoken now.
            fit: the format: "16:9", "4:3", "a4" or "phone".
            force: whether more than 400 nodes are drawn.

        Raises:
            OptionError: an unknown option, a step that does not exist, or too many nodes.
        """
        from ..render.layers.plate import layers_diagram  # start-up time: measuring texts

        return layers_diagram(
            self, step, precision=precision, theme=theme, lang=lang, fit=fit, force=force
        )

    def frames(
        self, *, precision: int | None = None, theme: ThemeName | Theme = "light",
        lang: str | None = None, fit: Literal["16:9", "4:3", "a4", "phone"] = "16:9", force: bool = False,
    ) -> Frames:  # fmt: skip
        """Return one picture as layers a step, all on one layout; the options are those of `diagram`."""
        from ..render.layers.plate import layers_frames  # start-up time: measuring texts

        return layers_frames(
            self, precision=precision, theme=theme, lang=lang, fit=fit, force=force
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

    def _repr_svg_(self) -> str:
        return self.diagram().svg

    def _repr_markdown_(self) -> str:
        return self.explain("markdown")


class LayerDerivation(ArrayDerivation):
    """The layers of a program of single numbers, over arrays.

    Attributes:
        origin: the derivation of single numbers.
        entries: which entry each of its numbers is, `entries.of("w5")`, and which number each entry.
    """

    origin: Any
    entries: Entries

    _FIELDS = (*_ArrayDerivation._FIELDS, "origin", "entries")

    @classmethod
    def made(cls, **fields: Any) -> Self:  # Any: each field is of a type of its own
        """Return a derivation of what a pass found; where it came from is told afterwards."""
        return super().made(**{"origin": None, "entries": Entries(()), **fields})

    def moved(self, at: Mapping[str, Any] | None = None, **values: Any) -> Self:
        """Return the derivation of the same program at other values: `d.moved(b1=[0, 0])`."""
        return super().moved(at, **values).with_fields(origin=self.origin, entries=self.entries)

    def gates(self) -> Any:
        """Return the program of single numbers that this one came from, at its values."""
        given: Any = self.at
        point = {}
        for (name, place), gate in self.entries.gates.items():
            if gate in self.origin.at and name in given:
                point[gate] = float(given[name] if place == () else given[name][place])
        same = all(float(self.origin.at[gate]) == value for gate, value in point.items())
        return self.origin if same else self.origin.moved(point)


def array_descend(
    program: Program, at: Mapping[str, Any], wrt: Any, lr: NumberLike, steps: int, of: str | None,
    expand: str | Iterable[str], on_step: Callable[[int, Any], None] | None, maximize: bool,
) -> Descent:  # fmt: skip
    """Return the course of gradient descent on arrays: losses, points, and where it ends."""
    if isinstance(steps, bool) or not isinstance(steps, int) or steps < 0:
        raise OptionError(said("steps is a whole number, 0 or more, not {steps!r}", steps=steps))
    rate = learning_rate(lr, maximize)
    now = _array_derive(program, at, of, ArrayDerivation, expand)
    names = parameters(now.graph_table, wrt)
    losses, points = [now.values[now.output]], [tuple(now.at[name] for name in names)]
    for step in range(1, steps + 1):
        try:
            now = now.update(rate, names).with_fields(previous=None)
        except DomainError as error:
            raise DomainError(said("step {step}: {error}", step=step, error=str(error))) from None
        losses.append(now.values[now.output])
        points.append(tuple(now.at[name] for name in names))
        if on_step is not None:
            on_step(step, losses[-1])
    return Descent(rate, names, tuple(losses), tuple(points), now.at)


def array_jacobian(
    program: Program, at: Mapping[str, Any], of: Any, wrt: Any, expand: str | Iterable[str]
) -> ArrayJacobian:
    """Return the Jacobian of a program over arrays."""
    graph, point, _ = placed_arrays(program, at, None, expand)
    return _array_jacobian(graph, point, of, wrt)


def shapes(program: str | Program, given: Mapping[str, tuple[int | str, ...]]) -> Shapes:
    """Return the shape of every name of a program, from its inputs' shapes, before any number.

    Sizes are numbers or symbols. `.gradients` has the shape of every gradient, which is its value's;
    `found["dL/dW"]` is one of them.

    Raises:
        ShapeError: operands that do not fit, all at once, each with its place and what would fit.

    >>> found = shapes("L = mean((X@W + b)**2)", {"X": ("N", 3), "W": (3, 4), "b": (4,)})
    >>> found["W"], found["dL/dW"], sorted(found.gradients)
    ((3, 4), (3, 4), ['L', 'W', 'X', 'b'])
    """
    parsed = parse(program, list(given), arrays=True) if isinstance(program, str) else program
    return shape_table(parsed, given)
