"""The pictures of a program over arrays: one arrangement, one frame a step, as SVG.

Enters: a derivation over arrays and options. Leaves: a `LayersPlate`, which `Diagram` and `Frames` show.
"""

from __future__ import annotations

from ...errors import OptionError
from ...frozen import Final
from ...language import shown_name
from ...matrices.array_derivation import ArrayDerivation
from ...once import cached_property
from ...sentences import said
from ...translation import checked_language, speaking, spoken
from ...translation import sentence as _
from ..drawing.circuit import MOST_NODES
from ..drawing.diagram import Diagram, checked_step
from ..drawing.theme import Theme, find_theme
from ..narration.numbers import checked_precision
from ..stage.bands import Stage, find_stage
from ..stage.marks import Mark
from ..stage.stage_svg import stage_svg
from .arrangement import Arrangement, arrange
from .frame import Lit, draw_scene
from .gates import Parts, find_parts
from .layer_steps import Timeline, layer_steps

__all__ = ["LayersPlate", "layers_diagram", "layers_frames"]


class LayersPlate(Final):
    """What all pictures of a derivation at the scale of layers share."""

    derivation: ArrayDerivation
    theme: Theme
    lang: str
    precision: int | None
    format: Stage

    def __init__(
        self, derivation: ArrayDerivation, *, precision: int | None = None, theme: str | Theme = "light",
        lang: str | None = None, fit: str | Stage = "16:9", force: bool = False,
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
    def stage(self) -> Stage:
        """Return the stage, taller where the picture needs it."""
        stage = self.format
        need = self.arrangement.scene.height - (stage.bottom - stage.top)
        return stage.taller(need)

    def marks(self, step: int) -> tuple[Mark, ...]:
        """Return a frame's display list, without its caption."""
        room = self.stage.bottom - self.stage.top
        top = self.stage.top + (room - self.arrangement.scene.height) / 2
        return draw_scene(self.arrangement, self.timeline, step, top, Lit()).flat()

    def picture(self, step: int) -> str:
        """Return a step's picture as SVG."""
        with speaking(self.lang):
            size = self.stage.width, self.stage.height
            title = _("Layers of {name}").format(name=shown_name(self.derivation.output))
            return stage_svg(self.marks(step), (), size, self.theme, title, "")

    def source(self, step: int) -> str:
        """Return a step's picture as DOT."""
        return ""


def layers_diagram(
    derivation: ArrayDerivation, step: int | None = None, *, precision: int | None = None,
    theme: str | Theme = "light", lang: str | None = None, fit: str | Stage = "16:9", force: bool = False,
) -> Diagram:  # fmt: skip
    plate = LayersPlate(
        derivation, precision=precision, theme=theme, lang=lang, fit=fit, force=force
    )
    checked_step(step, plate.steps)
    return Diagram(plate, step)
