"""The picture of a lesson: the derivation's one drawing, made ready for the page's style and script."""

from __future__ import annotations

import re

from ..errors import OptionError
from ..render.drawing.captions import Caption, heading, legend
from ..render.drawing.circuit import LABEL_SIZE, NUMBER_SIZE
from ..render.drawing.diagram import Plate
from ..render.drawing.svg import Frame, draw
from ..render.typesetting.fonts import width
from ..sentences import said
from ..steps import AccumulateStep, Derivation

__all__ = ["MOST_NODES", "band", "bands", "bounds", "picture", "plate", "rooms"]

MOST_NODES = 1500
"""A page of more nodes is refused: nobody could step through it."""

_OWN_STYLE = re.compile(r"<style>.*?</style>", re.DOTALL)
_DESCRIPTION = re.compile(r"<desc>.*?</desc>", re.DOTALL)
_FOOT = re.compile(r'<g transform="[^"]*"><g class="caption">.*\Z', re.DOTALL)
_FRAME = re.compile(r'width="[^"]*" height="[^"]*" viewBox="[^"]*"')
_PLACE = re.compile(r'<g transform="translate\([^)]*\)">')
_MARGIN = 6.0
_ROOM = 742.0
"""How wide a row of gates may be: on a screen of 1280 px the page shows it whole, without a scroll bar."""
_LABEL = 44.0
"""The width that a local gradient may take on its arrow."""


def plate(derivation: Derivation, precision: int) -> Plate:
    """Return the plate of a lesson's picture.

    Raises:
        OptionError: more nodes than anybody could step through.
    """
    count = len(derivation.graph_table.nodes)
    if count > MOST_NODES:
        raise OptionError(
            said(
                "a lesson has at most {most_nodes} nodes; this graph has {count}; choose an inner "
                "node as the output (of=…, --of NAME), or explain it as text",
                most_nodes=MOST_NODES,
                count=count,
            )
        )
    return Plate(derivation, precision=precision, force=True, room=_ROOM)


def picture(drawn: Plate) -> str:
    """Return the SVG before the first step, without its own style, words and legend."""
    # The page says the captions itself, beside the picture.
    wordless = Frame(Caption(""), "")
    title = heading(drawn.derivation)
    words = legend(drawn.derivation, True)
    sheet = draw(drawn.circuit, drawn.placement, [wordless], words, title, drawn.theme)
    svg = _DESCRIPTION.sub("", _OWN_STYLE.sub("", sheet.at(0)))
    svg = _FOOT.sub("</svg>", svg)
    _left, _top, wide, high = box = bounds(drawn)
    place = f'<g transform="translate({_MARGIN:.1f},{_MARGIN + drawn.placement.top:.1f})">'
    view = " ".join(f"{number:.1f}" for number in box)
    svg = _FRAME.sub(f'width="{wide:.0f}" height="{high:.0f}" viewBox="{view}"', svg, count=1)
    svg = _PLACE.sub(place, svg, count=1)
    return svg.replace('role="img"', 'role="group"', 1).replace("<svg ", '<svg id="graph" ', 1)


def bounds(drawn: Plate) -> list[float]:
    """Return where the drawing is, a margin included: left, top, width, height.

    It is known from the layout, never measured: a page that is not laid out yet has no sizes.
    """
    placement = drawn.placement
    return [0.0, 0.0, round(placement.width + 2 * _MARGIN, 1), round(placement.height + 2 * _MARGIN, 1)]


def bands(drawn: Plate) -> list[list[float]]:
    """Return where the rows are: the upper and the lower end of each, in the picture's own px."""
    down = drawn.placement.top + _MARGIN
    return [[round(top + down, 1), round(foot + down, 1)] for top, foot in drawn.placement.rows]


def band(drawn: Plate, step: int) -> list[float]:
    """Return where the rows stand that a step (from 1) is about: their upper and their lower end.

    That is the row of its node; of a gradient that is added up, the rows of its parts too.
    """
    placement, found = drawn.placement, drawn.derivation.steps[step - 1]
    places = [found.place]
    if isinstance(found, AccumulateStep):
        places += [edge.places[1] for edge in found.contributions]
    lines = [placement.wires[place].y + placement.top + _MARGIN for place in places]
    rows = [row for row in bands(drawn) if any(row[0] <= y <= row[1] for y in lines)]
    return [min(top for top, _foot in rows), max(foot for _top, foot in rows)]


def rooms(drawn: Plate) -> dict[str, float]:
    """Return how wide each number may be: as wide as its wire, or as it is at first."""
    found = {}
    for wire, place in zip(drawn.circuit.wires, drawn.placement.wires, strict=True):
        line = place.line[1] - place.line[0] - 2.0
        for key, text in (("v", wire.value), ("g", wire.gradient)):
            if text is not None:
                own = width(text.text, NUMBER_SIZE, "bold")
                found[f"{key}{wire.place}"] = round(max(line, own), 1)
    for arrow in drawn.circuit.arrows:
        for key, text in (("l", arrow.local), ("d", arrow.downstream)):
            if text is not None:
                own = width(text.text, LABEL_SIZE, "bold")
                found[f"{key}{arrow.target}.{arrow.slot}"] = round(max(_LABEL, own), 1)
    return found
