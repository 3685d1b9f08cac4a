"""Frames that are legible on paper: text of 6 pt and more where a picture is as wide as A4.

Enters: a plate. Leaves: the plate, or one of the same pictures in more rows or on a stage of the same
format with fewer px, where its letters take a larger share.
"""

from __future__ import annotations

import re
from dataclasses import replace

from ..render.drawing.bands import STAGES, Stage
from ..render.drawing.diagram import Diagram, Drawn, Plate
from ..render.layers.plate import LayersPlate
from ..render.neurons.plate import NeuronPlate

__all__ = ["legible", "points_on_paper"]

_LEAST = 6.0
_WIDTH = 210 / 25.4 * 72
"""Points of the width of A4."""

_ROWS = Stage(name="A4", width=1180, height=1669, margin=24, top=26, foot=150)
_SLIDE = STAGES["16:9"]
_CLOSER = replace(_SLIDE, width=1180, height=664)
_SIZES = re.compile(r'font-size[:=]"?([\d.]+)')


def legible(plate: Drawn) -> Drawn:
    """Return the plate, or, where its letters are too small on paper, the same with larger ones."""
    if points_on_paper(plate) >= _LEAST:
        return plate
    other: Drawn | None = None
    if isinstance(plate, Plate):
        other = plate.on_page(_ROWS) if plate.wrap and plate.page is None else None
    elif isinstance(plate, NeuronPlate) and plate.fit == _SLIDE:
        other = NeuronPlate(plate.derivation, plate.network, precision=plate.precision, theme=plate.theme,
                            fit=_CLOSER, lang=plate.lang)  # fmt: skip
    elif isinstance(plate, LayersPlate) and plate.format == _SLIDE:
        other = LayersPlate(plate.derivation, precision=plate.precision, theme=plate.theme, lang=plate.lang,
                            fit=_CLOSER, force=True)  # fmt: skip
    return plate if other is None else max(plate, other, key=points_on_paper)


def points_on_paper(plate: Drawn) -> float:
    """Return the points of the last picture's smallest text, where the picture is as wide as A4."""
    drawn = Diagram(plate, plate.steps)
    return min(map(float, _SIZES.findall(drawn.svg))) * _WIDTH / drawn.size[0]
