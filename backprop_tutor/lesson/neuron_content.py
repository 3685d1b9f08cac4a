"""The scale of neurons on a lesson page: its steps in words, its frames, and whose number each text is.

Enters: a derivation and its network. Leaves: plain data. A number in the picture is told by its text's key,
so that the picture follows when numbers are changed or hidden.
"""

from __future__ import annotations

from dataclasses import replace
from html import escape
from typing import Any

from ..particles import agreed_text
from ..render.drawing.bands import Stage
from ..render.narration.document import Math
from ..render.narration.html import mathml_row
from ..render.neurons.connections import Wire
from ..render.neurons.keys import text_sources
from ..render.neurons.page import Page
from ..render.neurons.places import Run, Spot
from ..render.neurons.plate import NeuronPlate
from ..render.neurons.telling import told
from ..render.stage.caption import spoken_note
from ..render.stage.frame_pictures import pictures
from ..scales import Box, Network, ScaleStep
from ..steps import Derivation
from ..translation import sentence as _
from .listed import neuron_row

__all__ = ["neuron_plates", "neuron_scale"]

_WIDE = Stage(name="page", width=1216, height=466, margin=8, top=26, foot=0)
_TALL = replace(_WIDE, height=514)
_PHONE = Stage(name="page of a phone", width=390, height=846, margin=14, top=20, foot=0, gap=20)
"""The pages' stages: a picture alone, its words stand beside it; at 1280 px it is shown as large as it is.
The tall one is for networks that show all their numbers there and not on the other."""

_MOST = 12
"""Summands written in a sum; longer ones leave their middle out."""


def neuron_plates(
    derivation: Derivation, network: Network, lang: str
) -> tuple[NeuronPlate, NeuronPlate]:
    """Return the pictures for a screen, and those for a phone."""
    wide, tall, phone = (
        NeuronPlate(derivation, network, precision=None, fit=fit, lang=lang)
        for fit in (_WIDE, _TALL, _PHONE)
    )
    return (tall if wide.layout.crowded and not tall.layout.crowded else wide), phone


def neuron_scale(wide: NeuronPlate, phone: NeuronPlate, precision: int) -> dict[str, Any]:
    """Return the scale of neurons: steps, pictures, the numbers in them."""
    page = Page(wide.derivation, wide.network, precision, true=False, most=_MOST)
    return {
        "name": "neurons",
        "steps": [_step(page, wide, step) for step in wide.scale_steps],
        "pictures": _pictures(wide), "phone": _pictures(phone),
        "keys": text_sources(wide),
    }  # fmt: skip


def _step(page: Page, plate: NeuronPlate, step: ScaleStep) -> dict[str, Any]:
    words = told(page, step)
    return {
        "phase": step.phase, "node": step.place, "gates": list(step.gates),
        "title": agreed_text(" · ".join(part for part in (words.what, words.of) if part)),
        "row": neuron_row(page.derivation, step, page.network.units.get(step.place), words),
        "speech": agreed_text(spoken_note(plate.note(step.number))),
        "upstream": _upstream(plate, step),
        "lines": [[_row(term) for term in line.terms] for line in words.lines],
        "rounded": [line.rounded for line in words.lines],
        "reason": agreed_text(words.reason),
    }  # fmt: skip


def _upstream(plate: NeuronPlate, step: ScaleStep) -> list[str]:
    """Return the keys of the texts that hold what comes back to a unit: what its wires carry."""
    if step.phase != "backward":
        return []
    wires = [f"wire-{wire.number}-contribution" for wire in plate.wires if wire.source == step.place]
    return wires or [f"unit-{step.place}-gradient"]


def _row(term: Math) -> str:
    row = mathml_row(term.latex)
    return f'<mrow class="{escape(term.role)}">{row}</mrow>' if term.role else row


def _pictures(plate: NeuronPlate) -> dict[str, Any]:
    frames = [plate.marks(step)[0] for step in range(plate.steps + 2)]
    found = pictures(frames, plate.stage.width, _("The graph"))
    layout = plate.layout
    found["touch"] = [
        *(_wire(plate, wire, layout.runs[wire.number]) for wire in plate.wires
          if wire.number in layout.runs),
        *(_unit(plate, spot) for spot in layout.spots.values()),
    ]  # fmt: skip
    found["figures"] = layout.figures
    return found


def _unit(plate: NeuronPlate, spot: Spot) -> list[str]:
    """Return what stands for a unit under the pointer and for the keyboard: (what, label, shape)."""
    network, graph = plate.network, plate.derivation.graph_table
    page = Page(plate.derivation, network, 4, true=False, most=4)
    label = page.unit_name(spot.place) if spot.place in network.units else _("input") + " " + (
        page.write.name(spot.place).unicode
    )
    shape = (
        f'<circle cx="{spot.x:.1f}" cy="{spot.y:.1f}" r="{spot.wide:.1f}"/>' if spot.round else
        f'<rect x="{spot.x - spot.wide:.1f}" y="{spot.y - spot.high:.1f}" '
        f'width="{2 * spot.wide:.1f}" height="{2 * spot.high:.1f}" rx="10"/>'
    )
    assert graph.nodes[spot.place]
    return [f"node-{spot.place}", agreed_text(label), shape]


def _wire(plate: NeuronPlate, wire: Wire, run: Run) -> list[str]:
    graph, unit = plate.derivation.graph_table, plate.network.units[wire.target]
    page = Page(plate.derivation, plate.network, 4, true=False, most=4)
    weight = wire.term.weight if wire.term is not None else None
    if weight is not None and graph.nodes[weight].kind != "constant":
        what, label = f"node-{weight}", _("weight") + " " + page.write.name(weight).unicode
    else:
        edge = (
            unit.edges[wire.source][0] if isinstance(unit, Box)
            else wire.bias.edge if wire.bias is not None
            else wire.term.source_edge if wire.term is not None else (0, 0, 0)
        )  # fmt: skip
        what = f"edge-{edge[1]}-{edge[2]}"
        label = " → ".join(page.write.name(place).unicode for place in (wire.source, wire.target))
        label = f"{_('arrow')} {label}"
    return [what, label, f'<path d="{escape(run.d)}"/>']
