"""A small network on a worksheet, neuron by neuron: blanks where its numbers stand.

Enters: a derivation and its network. Leaves: a strip. The columns run down the page, so that a blank of
14 × 7 mm fits into every circle and beside every wire; a network that does not fit so is drawn by gates.
"""

from __future__ import annotations

from ..choices import Blank, ThemeName
from ..language import shown_name
from ..render.drawing.bands import Stage
from ..render.drawing.strips import Strip
from ..render.drawing.theme import find_theme
from ..render.neurons.drawing import plate_of
from ..render.neurons.plate import NeuronPlate
from ..render.stage.marks import Mark, Rect, Words
from ..render.stage.stage_svg import stage_svg
from ..scales import Network, recognise
from ..steps import Derivation

__all__ = ["neuron_strip", "paper_network"]

_PAPER = Stage(name="paper", width=390, height=300, margin=8, top=10, foot=0, gap=0)
MILLIMETRES = 0.39
"""Of paper, for a px of such a picture."""

_WIDE, _HIGH = 37.0, 18.5
"""A blank: 14.4 × 7.2 mm on paper."""

_INNER = 44.0, 22.0
"""A blank inside a circle or a box."""

_TELLING = frozenset({"symbol", "net", "upstream", "slope", "heading"})
"""What would help, and is left out with the gradients."""


def paper_network(derivation: Derivation, lang: str) -> NeuronPlate | None:
    """Return the plate of a network that fits a page from top to bottom; None of all else."""
    network: Network | None = recognise(derivation.graph_table)
    if network is None:
        return None
    plate = NeuronPlate(derivation, network, fit=_PAPER, lang=lang)
    return plate if plate.layout.upright else None


def neuron_strip(
    plate: NeuronPlate, blank: frozenset[Blank], theme: ThemeName, prefix: str
) -> Strip:
    """Return the network with blanks in place of what is left out."""
    drawn, _foot = plate.marks(plate.steps + 1)
    marks: list[Mark] = []
    for mark in drawn:
        if isinstance(mark, Words):
            kept = _on_paper(mark, plate, blank)
            texts = [each for each in kept if isinstance(each, Words) and each.key.startswith("wire-")]
            marks += map(plate_of, texts)
            marks += kept
        elif mark.kind != "plate":  # a plate without its text would be a gap in a wire
            marks.append(mark)
    bounds = [mark.bounds for mark in marks if isinstance(mark, Words | Rect)]
    top = min(0.0, *(b.top for b in bounds))
    height = max(b.bottom for b in bounds) + 8.0
    assert top >= -1.0  # the stage's top is above every unit
    name = shown_name(plate.derivation.output)
    svg = stage_svg(marks, (), (_PAPER.width, height), find_theme(theme), name, name)
    wide = _PAPER.width * MILLIMETRES / _PX
    return Strip(svg.replace(' id="', f' id="{prefix}'), wide, height * MILLIMETRES / _PX)


_PX = 0.79 * 25.4 / 96
"""Millimetres of paper, for a px of a worksheet's pictures."""


def _on_paper(text: Words, plate: NeuronPlate, blank: frozenset[Blank]) -> list[Mark]:
    """Return a text, or a blank for it."""
    if "gradients" in blank and text.kind in _TELLING:
        return []
    role = _role(text, plate)
    if role is None or f"{role}s" not in blank:
        return [text]
    inside = text.key.startswith("unit-") and text.kind in ("value", "gradient")
    wide, high = _INNER if inside else (_WIDE, _HIGH)
    if inside and not plate.layout.spots[int(text.key.split("-")[1])].round:
        high = _HIGH
    bounds = text.bounds
    x, y = (bounds.left + bounds.right) / 2, (bounds.top + bounds.bottom) / 2
    if text.anchor == "start":
        x = bounds.left + wide / 2
    elif text.anchor == "end":
        x = bounds.right - wide / 2
    if text.key.endswith("-contribution") and _into_box(text, plate):
        x = bounds.left - wide / 2 + 8.0  # right of it stands the target
    if inside:
        y += -2.0 if role == "value" else 2.0
    elif role == "gradient":
        y = bounds.top - 1.0 + high / 2
    slot = Rect(x=x - wide / 2, y=y - high / 2, width=wide, height=high, rx=3, fill="slot", stroke="quiet",
                line=0.8, kind="slot", key=f"{text.key}-slot")  # fmt: skip
    return [slot]


def _into_box(text: Words, plate: NeuronPlate) -> bool:
    """Return whether a text stands on a wire that leads to a box, with its target close to it."""
    wire = plate.wires[int(text.key.split("-")[1])]
    run = plate.layout.runs[wire.number]
    straight = run.label is not None and run.label[0] == run.back[0]
    return wire.term is None and wire.bias is None and not straight


def _role(text: Words, plate: NeuronPlate) -> str | None:
    """Return whether a text is a value that is found, or a gradient; None of all else."""
    if text.kind == "gradient" or text.key.endswith("-bias-1"):
        return "gradient"
    if text.kind == "value" and text.key.startswith("unit-"):
        place = int(text.key.split("-")[1])
        return "value" if place in plate.network.units else None
    return None
