"""The picture as DOT whose positions are pinned, so that every Graphviz draws it alike (`neato -n`, `dot`).

Enters: an arrangement and a step. Leaves: DOT text. Boxes hold name, shape and the range of their numbers;
gates hold their sign. Texts are escaped by the `graphviz` package.
"""

from __future__ import annotations

from graphviz import Digraph
from graphviz.quoting import escape

from ...language import shown_name
from ..drawing.theme import Theme
from ..stage.caption import Note, spoken_note
from .arrangement import Arrangement
from .cells import GATE
from .figures import Figure
from .layer_steps import Timeline

__all__ = ["pinned_dot"]

_POINT = 0.75
"""Points a px."""


def pinned_dot(
    arrangement: Arrangement, timeline: Timeline, step: int, top: float, theme: Theme, note: Note
) -> str:
    """Return the DOT of a frame; y goes up in Graphviz, so it is negated."""
    graph = arrangement.parts.graph
    now = timeline.steps[step - 1] if 1 <= step <= len(timeline.steps) else None
    dot = Digraph(
        graph_attr={
            "layout": "neato", "notranslate": "true", "splines": "true", "bgcolor": theme.paper,
            "label": escape(spoken_note(note)), "labelloc": "b", "fontcolor": theme.ink,
            "fontname": "DejaVu Sans", "fontsize": "10",
        },
        node_attr={"fontname": "DejaVu Sans", "fontsize": "9", "fontcolor": theme.ink, "fixedsize": "true",
                   "color": theme.ink},
        edge_attr={"color": theme.ink, "arrowsize": "0.6"},
    )  # fmt: skip
    for place, spot in sorted(arrangement.scene.boxes.items()):
        figure = arrangement.figures[place]
        middle = spot.middle + (figure.down - figure.up) / 2
        known = timeline.values.get(place, 1 << 30) <= step
        dot.node(
            f"n{place}", escape(_label(figure, known)), shape="box", style="rounded",
            pos=_pos(spot.left + figure.box / 2, middle + top), width=_inches(max(figure.box, 24)),
            height=_inches(max(figure.up + figure.down, 24)),
            color=theme.ink if known else theme.pending,
        )  # fmt: skip
    for number, gate in sorted(arrangement.scene.gates.items()):
        active = now is not None and now.gate == number
        dot.node(
            f"g{number}", escape(arrangement.parts.gates[number].sign), shape="ellipse",
            pos=_pos(gate.x, gate.y + top), width=_inches(2 * gate.half), height=_inches(2 * GATE),
            color=theme.active if active else theme.ink, penwidth="2.4" if active else "1",
        )  # fmt: skip
    for route in arrangement.scene.routes:
        wire = route.wire
        source = f"n{wire.source}" if wire.source in arrangement.figures else None
        if wire.operand is None:
            dot.edge(f"g{wire.gate}", f"n{wire.source}")
        else:
            start = source or f"g{arrangement.parts.gate_of[wire.source]}"
            dot.edge(start, f"g{wire.gate}", tooltip=escape(shown_name(graph.nodes[wire.source].name)))
    return str(dot.source)


def _label(figure: Figure, known: bool) -> str:
    head = f"{figure.name} {figure.shape}".strip()
    if not known or figure.value is None:
        return head
    return "\n".join([head, *("  ".join(row) for row in figure.value.rows)])


def _pos(x: float, y: float) -> str:
    return f"{_POINT * x:.1f},{-_POINT * y:.1f}!"


def _inches(length: float) -> str:
    return f"{_POINT * length / 72:.3f}"
