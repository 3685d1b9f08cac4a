"""The derivation over arrays that users hold: what `matrices` computes, told by `render`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, Literal

from .accepted import NumberLike
from .choices import ArrayFormat, Detail, Format, ThemeName, words
from .descent import Descent, learning_rate, parameters
from .errors import DomainError, OptionError, did_you_mean, quoted
from .language import Program, parse
from .matrices.array_building import build_array_graph
from .matrices.array_derivation import ArrayDerivation as _ArrayDerivation
from .matrices.array_derivation import array_derive as _array_derive
from .matrices.array_derivation import placed_arrays
from .matrices.array_jacobians import ArrayJacobian
from .matrices.array_jacobians import array_jacobian as _array_jacobian
from .once import cached_property
from .sentences import said
from .translation import speaking, spoken

if TYPE_CHECKING:
    from .render.drawing.diagram import Diagram
    from .render.drawing.frames import Frames
    from .render.drawing.theme import Theme
    from .render.narration.document import Document

__all__ = ["ArrayDerivation", "array_derive", "array_descend", "array_jacobian", "shapes"]

_SYMBOL = re.compile(r"[A-Za-z]\w*\Z")
_FORMATS = words(ArrayFormat)


_ASKED = (
    "check", "diagram", "edges", "entry", "explain", "explain_entry", "frames", "graph", "local",
    "moved", "shapes", "update",
)  # fmt: skip


_OF_NUMBERS = (
    "animation", "at_scale", "closed_form", "contact_sheet", "costs", "from_json", "lesson", "paths",
    "rows", "symbolic", "tikz",
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
            format: "text", "markdown" or "latex", the name of a format that an installed package
                adds, or a function from the explanation's `Document` to text.
            detail: "full", or "brief" for the formulas without the sentences.
            precision: significant figures shown, 1 to 17.
            check: whether the check is appended; by default up to 3,000 entries.
            lang: the language; by default the one that is spoken.
        """
        from .render.narration.agreement import agreed
        from .render.narration.array_words import array_document
        from .render.narration.explain import Writer, own_writer, written_by
        from .render.narration.markdown import markdown
        from .render.narration.numbers import checked_precision
        from .render.narration.tex import tex
        from .render.narration.text import text

        writers: dict[str, Writer] = {"text": text, "markdown": markdown, "latex": tex}
        own = own_writer(format, words(Format))
        if own is None and format not in writers:
            hint = did_you_mean(format, _FORMATS) or said(
                "the formats: {names}", names=", ".join(_FORMATS)
            )
            raise OptionError(
                said("a derivation over arrays is not written as {format}; {hint}",
                     format=quoted(format), hint=hint)
            )  # fmt: skip
        if detail not in ("full", "brief"):
            raise OptionError(said("detail is full or brief, not {detail}", detail=quoted(detail)))
        with speaking(lang or spoken()):
            whole = array_document(self, checked_precision(precision), detail == "full", check)
            return written_by(own or writers[str(format)], agreed(whole))

    def explain_entry(
        self,
        name: str,
        at: int | tuple[int, ...] = (),
        *,
        precision: int = 4,
        lang: str | None = None,
    ) -> str:
        """Return one entry of a gradient in full, as text: the written sum and where each term is from."""
        from .render.narration.agreement import agreed
        from .render.narration.array_words import entry_document
        from .render.narration.numbers import checked_precision
        from .render.narration.text import text

        with speaking(lang or spoken()):
            told = entry_document(self, self.entry(name, at), checked_precision(precision))
            return text(agreed(told))

    def check(self) -> Any:
        """Return each gradient against centred differences and, where it is small, SymPy; `.ok`."""
        from .matrices.array_check import check_arrays  # start-up time: SymPy

        return check_arrays(self)

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
        from .render.layers.plate import layers_diagram  # start-up time: measuring texts

        return layers_diagram(
            self, step, precision=precision, theme=theme, lang=lang, fit=fit, force=force
        )

    def frames(
        self, *, precision: int | None = None, theme: ThemeName | Theme = "light",
        lang: str | None = None, fit: Literal["16:9", "4:3", "a4", "phone"] = "16:9", force: bool = False,
    ) -> Frames:  # fmt: skip
        """Return one picture as layers a step, all on one layout; the options are those of `diagram`."""
        from .render.layers.plate import layers_frames  # start-up time: measuring texts

        return layers_frames(
            self, precision=precision, theme=theme, lang=lang, fit=fit, force=force
        )

    def _repr_svg_(self) -> str:
        return self.diagram().svg

    def _repr_markdown_(self) -> str:
        return self.explain("markdown")


def array_derive(
    program: Program, at: Mapping[str, Any], of: str | None = None, expand: str | Iterable[str] = ()
) -> ArrayDerivation:
    """Return the derivation of a program over arrays."""
    return _array_derive(program, at, of, ArrayDerivation, expand)


def array_descend(
    program: Program, at: Mapping[str, Any], wrt: Any, lr: NumberLike, steps: int, of: str | None,
    expand: str | Iterable[str], on_step: Callable[[int, Any], None] | None, maximize: bool,
) -> Descent:  # fmt: skip
    """Return the course of gradient descent on arrays: losses, points, and where it ends."""
    if isinstance(steps, bool) or not isinstance(steps, int) or steps < 0:
        raise OptionError(said("steps is a whole number, 0 or more, not {steps!r}", steps=steps))
    rate = learning_rate(lr, maximize)
    now = array_derive(program, at, of, expand)
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


def shapes(program: str | Program, given: Mapping[str, tuple[int | str, ...]]) -> dict[str, Any]:
    """Return the shape of every name of a program, from its inputs' shapes, before any number.

    Sizes are numbers or symbols. A gradient has its value's shape.

    Raises:
        ShapeError: operands that do not fit, all at once, each with its place and what would fit.

    >>> shapes("Z = X@W + b", {"X": ("N", 3), "W": (3, 4), "b": (4,)})["Z"]
    ('N', 4)
    """
    parsed = parse(program, list(given), arrays=True) if isinstance(program, str) else program
    sizes = {}
    for name, shape in given.items():
        whole = tuple(shape)
        for size in whole:
            if isinstance(size, bool) or not (isinstance(size, int) or _SYMBOL.match(str(size))):
                raise OptionError(
                    said("a size of {name} is a whole number or a symbol, not {size}",
                         name=quoted(name), size=quoted(repr(size)))
                )  # fmt: skip
        sizes[name] = whole
    graph = build_array_graph(parsed, sizes)
    named = zip(graph.nodes, graph.shapes, strict=True)
    return {node.name: shape for node, shape in named if node.named}
