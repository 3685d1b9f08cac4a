"""All pictures of a derivation at the scale of neurons, on one layout.

Enters: a derivation and its network. Leaves: a `NeuronPlate`, from which `Diagram` and `Frames` take
their pictures, as they do from the plate of gates.
"""

from __future__ import annotations

from ...choices import Fit, ThemeName
from ...frozen import Final
from ...language import shown_name
from ...once import cached_property
from ...scales import Network, ScaleStep, scale_steps
from ...steps import Derivation
from ...translation import checked_language, speaking, spoken
from ...translation import sentence as _
from ..drawing.bands import Stage, find_stage
from ..drawing.diagram import Diagram, checked_step
from ..drawing.frames import Frames
from ..drawing.theme import Theme, find_theme
from ..narration.numbers import checked_precision
from ..stage.caption import LEGEND, Legend, Note, caption_height, caption_marks, spoken_note
from ..stage.marks import Mark, Path, Run, Words
from ..stage.stage_svg import stage_svg
from .connections import Schedule, Wire, wires_of
from .drawing import Drawer
from .focus import focus_layout
from .labels import Labels
from .look import Look
from .notes import legend, note
from .page import Page
from .places import Layout
from .plain import plain_layout
from .upright import upright_layout
from .upright_focus import upright_focus_layout

__all__ = ["NeuronPlate", "neuron_diagram", "neuron_frames"]

_MOST = 4
_NARROW = 500.0


class NeuronPlate(Final):
    """What all pictures of a network share: its steps, one layout, its texts."""

    derivation: Derivation
    network: Network
    precision: int | None
    theme: Theme
    fit: Stage
    lang: str

    def __init__(
        self, derivation: Derivation, network: Network, *, precision: int | None = None,
        theme: ThemeName | Theme = "light", fit: Fit | Stage = "16:9", lang: str | None = None,
    ) -> None:  # fmt: skip
        self.__dict__.update(
            derivation=derivation, network=network,
            precision=None if precision is None else checked_precision(precision),
            theme=find_theme(theme), fit=find_stage(fit),
            lang=checked_language(lang) if lang else spoken(),
        )  # fmt: skip

    def _parts(self) -> tuple[object, ...]:
        return self.derivation, self.precision, self.theme, self.fit, self.lang

    @cached_property
    def scale_steps(self) -> tuple[ScaleStep, ...]:
        """Return the steps."""
        return scale_steps(self.derivation, self.network)

    @property
    def steps(self) -> int:
        """Return the number of steps."""
        return len(self.scale_steps)

    @property
    def wires(self) -> tuple[Wire, ...]:
        """Return the wires, by number."""
        return tuple(self.labels.wires)

    @cached_property
    def labels(self) -> Labels:
        """Return what stands on the wires and beside the units."""
        page = Page(self.derivation, self.network, self.precision or 4, true=False, most=_MOST)
        return Labels(page, wires_of(self.network))

    @cached_property
    def layout(self) -> Layout:
        """Return where everything stands, in all frames."""
        labels = self.labels
        if self.fit.width < _NARROW:
            found = upright_layout(self.network, labels.wires, self.fit, self.precision)
            return found or upright_focus_layout(labels, self.fit, self.precision)
        found = plain_layout(self.network, labels.wires, self.fit, labels.zones, self.precision)
        return found or focus_layout(labels.page, labels.wires, self.fit, self.precision)

    @cached_property
    def _page(self) -> Page:
        """Return the page of the captions: as many figures as the picture has."""
        return Page(
            self.derivation, self.network, self.layout.figures, true=False, most=_MOST
        )

    @cached_property
    def _drawer(self) -> Drawer:
        labels = self.labels
        schedule = Schedule(self.network, self.scale_steps, labels.wires)
        return Drawer(Look(self._page, labels, schedule, self.layout))

    @cached_property
    def _notes(self) -> tuple[Note, ...]:
        stage, crowded = self.layout.stage, self.layout.crowded
        with speaking(self.lang):
            return tuple(
                note(self._page, self.scale_steps, step, stage, crowded)
                for step in range(self.steps + 2)
            )

    @cached_property
    def stage(self) -> Stage:
        """Return the stage, its foot high enough for every caption."""
        with speaking(self.lang):
            lines = legend(self._page, self.layout.crowded)
        stage = self.layout.stage
        beside = _beside(lines)
        return stage.with_foot(max(caption_height(each, stage, lines, beside) for each in self._notes))

    def note(self, step: int) -> Note:
        """Return the words of a step's caption."""
        return self._notes[step]

    def title(self, step: int) -> str:
        """Return the title of a step's caption."""
        return self._notes[step].title

    def marks(self, step: int) -> tuple[tuple[Mark, ...], tuple[Mark, ...]]:
        """Return a step's display list: the picture's marks, and the caption's."""
        with speaking(self.lang):
            drawn = self._drawer.frame(step)
            lines = legend(self._page, self.layout.crowded)
        foot = caption_marks(self._notes[step], self.stage, lines, _beside(lines))
        return drawn, (*foot, *_samples(foot))

    def picture(self, step: int) -> str:
        """Return a step's picture as SVG."""
        drawn, foot = self.marks(step)
        with speaking(self.lang):
            title = _("Neurons of {name}").format(name=shown_name(self.derivation.output))
        size = (self.stage.width, self.stage.height)
        return stage_svg(drawn, foot, size, self.theme, title, spoken_note(self._notes[step]))

    def source(self, step: int) -> str:
        """Return a step's picture as DOT."""
        from .pinned import pinned_source  # start-up time: graphviz

        with speaking(self.lang):
            name = shown_name(self.derivation.output)
            return pinned_source(self._drawer, step, self._notes[step], self.theme, name)


def _beside(lines: tuple[Legend, ...]) -> float:
    """Return how much room the legend takes at the right, its samples of wires included."""
    last = Run(lines[-1].text).width(LEGEND) + 92.0
    return max([last, *(Run(line.text).width(LEGEND) for line in lines)])


def _samples(foot: tuple[Mark, ...]) -> list[Mark]:
    """Return the legend's samples of wires, before its last line."""
    last = foot[-1]
    assert isinstance(last, Words)  # a caption ends with its legend
    left, y = last.bounds.left, last.bounds.bottom - 7.0
    if last.anchor == "start":
        left = last.bounds.right + 100.0
    ends = ((88.0, 1.2, "ink", ""), (62.0, 3.2, "ink", ""), (34.0, 2.4, "ink", "7 5"))
    return [
        Path(d=f"M{left - x:.1f},{y:.1f}h22", stroke=role, width=wide, dash=dash, kind="sample")
        for x, wide, role, dash in ends
    ]


def neuron_diagram(
    derivation: Derivation, network: Network, step: int | None = None, *,
    precision: int | None = None, theme: ThemeName | Theme = "light", fit: Fit | Stage = "16:9",
    lang: str | None = None,
) -> Diagram:  # fmt: skip
    """Return the picture of a network, complete or after a step.

    Args:
        derivation: what is drawn.
        network: its neurons.
        step: 1 to the number of steps; 0 for before the first; None for everything.
        precision: significant figures; by default 4 in large circles and 3 in small ones.
        theme: "light", "dark" or "colour-blind", or a `Theme`.
        fit: the format: "16:9", "4:3", "a4" or "phone".
        lang: the language of its words; by default the one that is spoken now.

    Raises:
        OptionError: an unknown option, or a step that does not exist.
    """
    plate = NeuronPlate(derivation, network, precision=precision, theme=theme, fit=fit, lang=lang)
    checked_step(step, plate.steps)
    return Diagram(plate, step)


def neuron_frames(
    derivation: Derivation, network: Network, *, precision: int | None = None,
    theme: ThemeName | Theme = "light", fit: Fit | Stage = "16:9", lang: str | None = None,
) -> Frames:  # fmt: skip
    """Return one picture a step, all on one layout; the options are those of `neuron_diagram`.

    Raises:
        OptionError: an unknown option.
    """
    return Frames(
        NeuronPlate(derivation, network, precision=precision, theme=theme, fit=fit, lang=lang)
    )
