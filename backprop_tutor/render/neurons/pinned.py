"""A network's picture as DOT with pinned positions, which `neato -n` draws alike.

Built with `graphviz.Digraph` only, every label escaped. Units stand where the picture has them, in points
from the lower left corner; wires are straight, with the texts of the picture at the same step.
"""

from __future__ import annotations

import graphviz

from ..drawing.theme import Theme
from ..narration.numbers import shown
from ..stage.caption import Note, spoken_note
from .connections import Wire, Work
from .drawing import Drawer
from .places import Spot

__all__ = ["pinned_source"]

_POINTS = 0.75
_INCH = 72.0


def pinned_source(drawer: Drawer, step: int, note: Note, theme: Theme, name: str) -> str:
    """Return the DOT text of the picture after a step."""
    look = drawer.look
    work = look.schedule.work(step)
    height = look.layout.stage.height
    graph = graphviz.Digraph(
        name=f"neurons {name}", engine="neato",
        graph_attr={
            "splines": "line", "bgcolor": theme.paper, "fontname": "DejaVu Sans", "fontsize": "13",
            "fontcolor": theme.ink, "label": _plain(spoken_note(note)), "outputorder": "edgesfirst",
        },
        node_attr={
            "fontname": "DejaVu Sans", "fontsize": "9", "fixedsize": "true", "style": "filled",
            "fillcolor": theme.paper,
        },
        edge_attr={"fontname": "DejaVu Sans", "fontsize": "9", "arrowsize": "0.6"},
    )  # fmt: skip
    for place, spot in look.layout.spots.items():
        _unit(graph, drawer, spot, step, place in work.units, theme, height)
    for place, foot in look.layout.feet.items():
        value = shown(look.page.write.value(place), look.layout.figures)
        graph.node(
            f"b{place}", label=_plain(f"{look.page.write.name(place).unicode} {value}"),
            shape="plaintext", pos=_at((foot.left + foot.right) / 2, foot.y, height),
            fontcolor=theme.ink, fixedsize="false",
        )  # fmt: skip
    for wire in look.labels.wires:
        if wire.number in look.layout.runs:
            _wire(graph, drawer, wire, step, work, theme)
    return str(graph.source)


def _at(x: float, y: float, height: float) -> str:
    return f"{x * _POINTS:.2f},{(height - y) * _POINTS:.2f}!"


def _unit(
    graph: graphviz.Digraph, drawer: Drawer, spot: Spot, step: int, active: bool, theme: Theme,
    height: float,
) -> None:  # fmt: skip
    look, place = drawer.look, spot.place
    unit = look.network.units.get(place)
    done = unit is None or step >= look.schedule.forward[place]
    lines = [look.page.write.name(place).unicode]
    if done:
        lines.append(shown(look.page.write.value(place), look.layout.figures))
    if unit is not None and look.known(look.schedule.backward.get(place), step):
        delta = getattr(unit, "net", place)
        sign = getattr(unit, "net_sign", 1)
        lines.append(shown(look.page.write.upstream(delta) * sign, look.layout.figures))
    colour = theme.active if active else theme.ink if done else theme.pending
    graph.node(
        f"n{place}", label=_plain("\n".join(lines)), shape="circle" if spot.round else "box",
        pos=_at(spot.x, spot.y, height), color=colour, fontcolor=theme.ink,
        width=f"{2 * spot.wide * _POINTS / _INCH:.3f}", height=f"{2 * spot.high * _POINTS / _INCH:.3f}",
        penwidth="2.2" if active else "1",
    )  # fmt: skip


def _wire(
    graph: graphviz.Digraph, drawer: Drawer, wire: Wire, step: int, work: Work, theme: Theme
) -> None:
    look = drawer.look
    active = wire.number in work.wires
    done = step >= look.schedule.forward[wire.target]
    text = look.labels.texts[wire.number]
    label = "" if text.value is None else f"{text.name} {shown(text.value, look.layout.figures)}".strip()
    colour = theme.active if active else theme.ink if done else theme.pending
    graph.edge(
        f"{'b' if wire.bias is not None else 'n'}{wire.source}", f"n{wire.target}",
        color=colour, penwidth=f"{drawer.width(wire):.2f}", fontcolor=theme.value,
        style="dashed" if drawer.dash(wire) else "solid",
        headlabel=_plain(label) if not look.layout.crowded else "", labeldistance="5",
    )  # fmt: skip


def _plain(text: str) -> str:
    """Return a text as a DOT label that shows it as it stands."""
    return str(graphviz.nohtml(graphviz.escape(text)))
