"""What the pictures of gates have in common, with numbers or without: a circuit on one layout.

Enters: a circuit, its placement, its base drawing, a caption for each step. Leaves: a step's SVG and DOT.
"""

from __future__ import annotations

from typing import Any

from ...frozen import Final
from ...language import shown_name
from ...once import cached_property
from ...translation import speaking
from .captions import Caption
from .circuit import Circuit
from .dot import dot_source
from .layout import Placement
from .slots import Sheet
from .svg import Frame
from .theme import Theme

__all__ = ["CircuitPlate"]


class CircuitPlate(Final):
    """All pictures of one circuit; a class of it has captions, a placement and the base drawing."""

    derivation: Any  # with numbers or without
    circuit: Circuit
    theme: Theme
    lang: str

    @cached_property
    def placement(self) -> Placement:
        """Return where everything stands."""
        raise NotImplementedError

    @cached_property
    def sheet(self) -> Sheet:
        """Return the base drawing."""
        raise NotImplementedError

    def caption(self, step: int) -> Caption:
        """Return the caption of a step."""
        raise NotImplementedError

    def frame(self, step: int) -> Frame:
        """Return what a step changes of the base drawing."""
        words = self.caption(step)
        parts = (words.title, *words.lines, words.reason)
        return Frame(words, ". ".join(part for part in parts if part))

    def picture(self, step: int) -> str:
        """Return a step's picture as SVG."""
        return self.sheet.at(step)

    def source(self, step: int) -> str:
        """Return a step's picture as DOT."""
        name = shown_name(self.derivation.output)
        with speaking(self.lang):
            return dot_source(
                self.circuit, step, self.caption(step), self.theme, name, self.placement
            )
