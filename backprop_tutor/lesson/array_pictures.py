"""The pictures of layers for a page: frames without words, boxes to point at, the places of entries."""

from __future__ import annotations

from typing import Any

from ..language import shown_name
from ..render.drawing.bands import Stage
from ..render.layers.figures import entry_place
from ..render.layers.frame import Lit, draw_scene
from ..render.layers.plate import LayersPlate
from ..render.stage.frame_pictures import pictures
from ..translation import sentence as _

__all__ = ["PHONE", "WIDE", "layer_pictures"]

WIDE = Stage(name="page", width=1216, height=300, margin=8, top=20, foot=0, gap=0)
PHONE = Stage(name="page of a phone", width=388, height=300, margin=10, top=20, foot=0, gap=0)
"""The pages' stages: a picture alone, its words stand beside it."""


def layer_pictures(plate: LayersPlate) -> dict[str, Any]:
    """Return the frames of layers without captions, what can be pointed at, and where entries stand."""
    arrangement = plate.arrangement
    top = WIDE.top
    frames = [
        draw_scene(arrangement, plate.timeline, step, top, Lit()).flat()
        for step in range(plate.steps + 2)
    ]
    width = max(plate.format.width, arrangement.scene.right + 4.0)
    found = pictures(frames, round(width, 1), _("The layers"))
    touch, spots = [], {}
    for place, spot in sorted(arrangement.scene.boxes.items()):
        figure = arrangement.figures[place]
        middle = spot.middle + top
        high = figure.up + figure.down or 24.0
        touch.append([
            f"node-{place}", shown_name(figure.name) + (f" {figure.shape}" if figure.shape else ""),
            f'<rect x="{spot.left:.1f}" y="{middle - (figure.up or 24.0):.1f}" '
            f'width="{figure.box:.1f}" height="{high:.1f}" rx="6"/>',
        ])  # fmt: skip
        spots[str(place)] = {
            "columns": figure.columns, "heat": figure.heat is not None,
            "value": [round(n, 1) for n in entry_place(figure, spot.left, middle, "value", 0, 0)],
            "gradient": [round(n, 1) for n in entry_place(figure, spot.left, middle, "gradient", 0, 0)],
            "decimals": {
                role: [entries.decimals, entries.power]
                for role, entries in (("value", figure.value), ("gradient", figure.gradient))
                if entries is not None
            },
        }  # fmt: skip
    return found | {"touch": touch, "spots": spots}
