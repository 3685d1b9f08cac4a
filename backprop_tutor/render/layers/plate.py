"""The pictures of a program over arrays: one arrangement, one frame a step, as SVG.

Enters: a derivation over arrays and options. Leaves: a `LayersPlate`, which `Diagram` and `Frames` show.
"""

from __future__ import annotations

import numpy as np

from ...choices import ThemeName
from ...errors import OptionError
from ...frozen import Final
from ...language import shown_name
from ...matrices.array_derivation import ArrayDerivation
from ...once import cached_property
from ...sentences import said
from ...translation import checked_language, speaking, spoken
from ...translation import sentence as _
from ..drawing.bands import Stage, find_stage
from ..drawing.circuit import MOST_NODES
from ..drawing.diagram import Diagram, checked_step
from ..drawing.frames import Frames
from ..drawing.theme import Theme, find_theme
from ..narration.numbers import checked_precision
from ..stage.caption import LEGEND, Legend, Note, caption_height, caption_marks, spoken_note
from ..stage.marks import Mark
from ..stage.stage_svg import stage_svg
from ..typesetting.fonts import width
from .arrangement import Arrangement, arrange
from .bench import bench_height, draw_bench
from .frame import draw_scene
from .gates import Parts, find_parts
from .layer_steps import Timeline, layer_steps
from .layer_words import layers_legend, notes_of
from .pinned import pinned_dot
from .scales import MOST_NORMS, colour_bar, norm_bars, norms_width
from .work import Work, works_of

__all__ = ["LayersPlate", "layers_diagram", "layers_frames"]

_ABOVE_BENCH = 16.0
_COLOUR_BAR = 52.0
_BARS_FROM, _BAR_FROM = 1200.0, 700.0
"""A narrower stage has no room for the bars of norms, and for the bar of colours."""


class LayersPlate(Final):
    """What all pictures of a derivation at the scale of layers share."""

    derivation: ArrayDerivation
    theme: Theme
    lang: str
    precision: int | None
    format: Stage

    def __init__(
        self, derivation: ArrayDerivation, *, precision: int | None = None,
        theme: ThemeName | Theme = "light", lang: str | None = None, fit: str | Stage = "16:9",
        force: bool = False,
    ) -> None:  # fmt: skip
        count = len(derivation.graph_table.nodes)
        if count > MOST_NODES and not force:
            raise OptionError(
                said(
                    "a picture of {count} nodes is hard to read; {most} are drawn, more with force",
                    count=count, most=MOST_NODES,
                )
            )
        self.__dict__.update(
            derivation=derivation, theme=find_theme(theme),
            lang=checked_language(lang) if lang else spoken(),
            precision=None if precision is None else checked_precision(precision),
            format=find_stage(fit),
        )  # fmt: skip

    def _parts(self) -> tuple[object, ...]:
        return self.derivation, self.precision, self.theme, self.lang, self.format

    @cached_property
    def parts(self) -> Parts:
        """Return the gates and boxes."""
        return find_parts(self.derivation.graph_table)

    @cached_property
    def timeline(self) -> Timeline:
        """Return the steps."""
        return layer_steps(self.derivation, self.parts)

    @property
    def steps(self) -> int:
        """Return the number of steps."""
        return len(self.timeline.steps)

    @cached_property
    def arrangement(self) -> Arrangement:
        """Return where everything stands."""
        return arrange(self.derivation, self.parts, self.format, self.precision)

    @cached_property
    def notes(self) -> tuple[Note, ...]:
        """Return the words of every frame, from before the first step to after all."""
        with speaking(self.lang):
            note = notes_of(self.derivation, self.parts, self.timeline, self.arrangement.digits)
            return tuple(note(step) for step in range(self.steps + 2))

    @cached_property
    def legend(self) -> tuple[Legend, ...]:
        """Return the legend's lines."""
        with speaking(self.lang):
            return layers_legend(self.derivation.output, self.has_heat)

    @cached_property
    def has_heat(self) -> bool:
        """Return whether some matrix is a heat map."""
        return any(figure.heat is not None for figure in self.arrangement.figures.values())

    @property
    def has_bar(self) -> bool:
        """Return whether the bar of colours is shown."""
        return self.has_heat and self.format.width >= _BAR_FROM

    @cached_property
    def norms(self) -> tuple[tuple[int, str, float], ...]:
        """Return the place, the name and the norm of each parameter's gradient, where they have bars."""
        d, graph = self.derivation, self.derivation.graph_table
        if not self.has_heat or self.format.width < _BARS_FROM:
            return ()
        output = shown_name(d.output)
        found = [
            (i, f"∂{output}/∂{shown_name(node.name)}", float(np.linalg.norm(np.asarray(d.upstreams[i]))))
            for i, node in enumerate(graph.nodes)
            if node.kind == "input" and d.upstreams[i] is not None and i not in self.parts.data
        ]  # fmt: skip
        return tuple(found) if len(found) <= MOST_NORMS else ()

    @cached_property
    def beside(self) -> float:
        """Return the width of what stands right of the caption, legend included; 0 for the legend alone."""
        if not self.has_bar:
            return 0.0
        legend = max(216.0, *(width(line.text, LEGEND) for line in self.legend))
        bars = norms_width([name for _place, name, _norm in self.norms]) + 30.0 if self.norms else 0.0
        return legend + bars

    @cached_property
    def works(self) -> tuple[Work, ...]:
        """Return what each frame has at work: lit cells, and the products on its bench."""
        with speaking(self.lang):
            room = self.format.right - self.format.left
            found = works_of(
                self.derivation, self.parts, self.arrangement, self.timeline.steps, room
            )
            return (Work(), *found, Work())

    @cached_property
    def bench_room(self) -> float:
        """Return the height kept for the bench in every frame: that of the tallest that fits."""
        left = self.format.bottom - self.format.top - self.arrangement.scene.height - _ABOVE_BENCH
        heights = [bench_height(work.benches) for work in self.works if work.benches]
        return max((height for height in heights if height <= left), default=0.0)

    @cached_property
    def stage(self) -> Stage:
        """Return the stage, taller where the picture or a caption needs it."""
        foot = max(
            caption_height(note, self.format, self.legend, self.beside) for note in self.notes
        )
        bar = _COLOUR_BAR + 22.0 * len(self.legend) if self.has_bar else 0.0
        rows = 16.0 + 22.0 * len(self.norms)
        stage = self.format.with_foot(max(foot, bar, rows) + 8.0)
        need = self.arrangement.scene.height - (stage.bottom - stage.top)
        return stage.taller(need).wider(self.arrangement.scene.right - stage.right)

    def marks(self, step: int) -> tuple[Mark, ...]:
        """Return a frame's display list, without its caption."""
        bench = self.bench_room + _ABOVE_BENCH if self.bench_room else 0.0
        room = self.stage.bottom - self.stage.top
        top = self.stage.top + (room - self.arrangement.scene.height - bench) / 2
        work = self.works[step]
        layers = draw_scene(self.arrangement, self.timeline, step, top, work.lit)
        if work.benches and bench_height(work.benches) <= self.bench_room:
            low = top + self.arrangement.scene.height + _ABOVE_BENCH
            middle = (self.stage.left + self.stage.right) / 2
            low += (self.bench_room - bench_height(work.benches)) / 2
            with speaking(self.lang):
                draw_bench(layers, work.benches, middle, low)
        return layers.flat()

    def foot(self, step: int) -> tuple[Mark, ...]:
        """Return a frame's caption and legend."""
        marks = caption_marks(self.notes[step], self.stage, self.legend, self.beside)
        if not self.has_bar:
            return marks
        with speaking(self.lang):
            marks = (*marks, *colour_bar(self.stage, self.legend))
            if self.norms:
                legend = max(216.0, *(width(line.text, LEGEND) for line in self.legend))
                known = self.timeline.gradients
                norms = [
                    (name, norm, known[i] <= step, known[i] == step) for i, name, norm in self.norms
                ]
                marks = (*marks, *norm_bars(self.stage, self.stage.right - legend - 30.0, norms))
        return marks

    def picture(self, step: int) -> str:
        """Return a step's picture as SVG."""
        with speaking(self.lang):
            title = _("{name} as layers").format(name=shown_name(self.derivation.output))
        size = self.stage.width, self.stage.height
        return stage_svg(
            self.marks(step), self.foot(step), size, self.theme, title, spoken_note(self.notes[step])
        )

    def source(self, step: int) -> str:
        """Return a step's picture as DOT, every position pinned."""
        room = self.stage.bottom - self.stage.top
        bench = self.bench_room + _ABOVE_BENCH if self.bench_room else 0.0
        top = self.stage.top + (room - self.arrangement.scene.height - bench) / 2
        return pinned_dot(self.arrangement, self.timeline, step, top, self.theme, self.notes[step])


def layers_diagram(
    derivation: ArrayDerivation, step: int | None = None, *, precision: int | None = None,
    theme: ThemeName | Theme = "light", lang: str | None = None, fit: str | Stage = "16:9",
    force: bool = False,
) -> Diagram:  # fmt: skip
    """Return the picture of a derivation over arrays, complete or after a step.

    Args:
        derivation: what is drawn.
        step: 1 to the number of steps; 0 for before the first; None for everything.
        precision: figures of a matrix' largest entry; by default 3, or 2 where that keeps one line.
        theme: "light", "dark" or "colour-blind", or a `Theme`.
        lang: the language of its words; by default the one that is spoken now.
        fit: the format: "16:9", "4:3", "a4" or "phone".
        force: whether more than 400 nodes are drawn.

    Raises:
        OptionError: an unknown option, a step that does not exist, or too many nodes.
    """
    plate = LayersPlate(
        derivation, precision=precision, theme=theme, lang=lang, fit=fit, force=force
    )
    checked_step(step, plate.steps)
    return Diagram(plate, step)


def layers_frames(
    derivation: ArrayDerivation, *, precision: int | None = None, theme: ThemeName | Theme = "light",
    lang: str | None = None, fit: str | Stage = "16:9", force: bool = False,
) -> Frames:  # fmt: skip
    """Return one picture a step, all on one layout; the options are those of `layers_diagram`.

    Raises:
        OptionError: an unknown option, or too many nodes.
    """
    return Frames(
        LayersPlate(derivation, precision=precision, theme=theme, lang=lang, fit=fit, force=force)
    )
