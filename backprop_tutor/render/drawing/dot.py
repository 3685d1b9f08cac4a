"""A picture as DOT for any Graphviz: wires as records, gates as circles, labels on the arrows.

Built with `graphviz.Digraph` only, every label escaped. No HTML-like labels: a Graphviz without
them would show a node's name in their place. The texts are those of the SVG at the same step. Where the
places are given, wires and gates are pinned to them: `neato -n` draws them there, `dot` where it likes.
"""

from __future__ import annotations

import re
from itertools import pairwise

import graphviz

from .captions import Caption
from .circuit import Arrow, Circuit, Text, Wire
from .layout.positions import Landing, Placement, WirePlace
from .theme import Theme

__all__ = ["dot_source"]

_FIELD = re.compile(r"([{}|<>\\ ])")


def dot_source(
    circuit: Circuit, step: int, caption: Caption, theme: Theme, name: str,
    placement: Placement | None = None,
) -> str:  # fmt: skip
    """Return the DOT text of the picture after a step."""
    pins = _Pins(placement, again=not circuit.binary)
    work = circuit.emphasis[step]
    lines = (caption.title, *caption.lines, caption.reason)
    graph = graphviz.Digraph(
        name=f"backprop {name}",
        graph_attr={
            "rankdir": "LR", "nodesep": "0.25", "ranksep": "0.35", "labeljust": "l",
            "fontname": "DejaVu Sans", "fontsize": "13", "bgcolor": theme.paper,
            "fontcolor": theme.ink,
            "label": "".join(rf"{_plain(line)}\l" for line in lines if line),
        },
        node_attr={"fontname": "DejaVu Sans", "fontsize": "13", "fontcolor": theme.ink},
        edge_attr={"fontname": "DejaVu Sans", "fontsize": "11", "arrowsize": "0.7"},
    )  # fmt: skip
    for wire in circuit.wires:
        colour = theme.active if wire.place in work.wires else _colour(step, wire.since, theme)
        graph.node(
            f"w{wire.place}", shape="record", label=_record(wire, step), color=colour,
            penwidth=_pen(wire.place in work.wires), height="0.5", **pins.wire(wire.place),
        )  # fmt: skip
        if wire.gate:
            active = wire.place in work.gates
            colour = theme.active if active else _colour(step, wire.gate.since, theme)
            graph.node(
                f"g{wire.place}", shape="circle", label=_plain(wire.gate.sign), color=colour,
                fixedsize="true", width="0.5", ordering="in", penwidth=_pen(active),
                fontsize="13" if len(wire.gate.sign) < 3 else "10", **pins.gate(wire.place),
            )  # fmt: skip
            graph.edge(
                f"g{wire.place}", f"w{wire.place}", color=colour, penwidth=_pen(active), weight="4"
            )
    for number, landing in enumerate(pins.landings):
        wire = circuit.wires[landing.wire]
        graph.node(
            f"l{number}", shape="record", style="dashed", label=_record(wire, step), height="0.5",
            color=_colour(step, wire.since, theme), **pins.spot(landing.spot),
        )  # fmt: skip
        graph.edge(f"w{landing.wire}", f"l{number}", style="invis")
    for arrow in circuit.arrows:
        active = arrow.number in work.arrows
        colour = theme.active if active else _colour(step, arrow.since, theme)
        graph.edge(
            pins.source(arrow), f"g{arrow.target}", label=_label(arrow, step), color=colour,
            penwidth=_pen(active), fontcolor=theme.active if active else theme.quiet,
        )  # fmt: skip
    for places in circuit.together:
        with graph.subgraph(graph_attr={"rank": "same"}) as same:
            for upper, lower in pairwise(places):
                same.edge(f"w{upper}", f"w{lower}", style="invis")
    return str(graph.source)


class _Pins:
    """The attributes that pin wires and gates to their places, in points from the lower left corner.

    With `again` a wire that comes again in a later row is a record there too.
    """

    def __init__(self, placement: Placement | None, again: bool) -> None:
        self.placement = placement
        self.landings: tuple[Landing, ...] = placement.landings if placement and again else ()
        self.starts = {
            f"M{landing.spot.line[1]:.1f},{landing.spot.y:.1f}": number
            for number, landing in enumerate(self.landings)
        }

    def source(self, arrow: Arrow) -> str:
        """Return the record that an arrow starts from: that of its wire, or where it comes again."""
        if self.placement is not None:
            path = self.placement.arrows[arrow.number].path
            for start, number in self.starts.items():
                if path.startswith(start) and not path[len(start) : len(start) + 1].isdigit():
                    return f"l{number}"
        return f"w{arrow.source}"

    def wire(self, place: int) -> dict[str, str]:
        """Return the place of a wire's record."""
        if self.placement is None:
            return {}
        return self.spot(self.placement.wires[place])

    def spot(self, spot: WirePlace) -> dict[str, str]:
        """Return a record's place: the middle of its name and line."""
        return self._at((spot.name + spot.line[1]) / 2, spot.y)

    def gate(self, place: int) -> dict[str, str]:
        """Return the place of a gate's circle."""
        if self.placement is None:
            return {}
        spot = self.placement.wires[place]
        return {} if spot.gate is None else self._at(spot.gate, spot.y)

    def _at(self, x: float, y: float) -> dict[str, str]:
        assert self.placement is not None  # asked of one alone
        return {"pos": f"{x:.1f},{self.placement.height - self.placement.top - y:.1f}!"}


def _colour(step: int, since: int, theme: Theme) -> str:
    return theme.ink if step >= since else theme.pending


def _pen(active: bool) -> str:
    return "2.4" if active else "1"


def _plain(text: str) -> str:
    """Return a text as a DOT label that shows it as it stands."""
    return str(graphviz.nohtml(graphviz.escape(text)))


def _field(text: str) -> str:
    return _FIELD.sub(r"\\\1", text)


def _shown(text: Text | None, step: int) -> str:
    """Return a quantity as it stands after a step; on a worksheet an empty place to write on."""
    if text is None:
        return ""
    return "___" if text.blank and step >= text.since else text.at(step)


def _record(wire: Wire, step: int) -> str:
    """Return the record's label: the name, and beside it the value above the gradient."""
    fields = [_field(_shown(wire.value, step)) or r"\ "]
    if wire.gradient is not None:
        fields.append(_field(_shown(wire.gradient, step)) or r"\ ")
    # Every pair of braces turns the direction; the graph's own is left to right.
    numbers = "|".join(fields)
    return f"{{{_field(wire.label)}|{{{numbers}}}}}" if wire.label else numbers


def _label(arrow: Arrow, step: int) -> str:
    """Return an arrow's label: its local gradient, and below it the contribution in brackets.

    Into a weighted sum stand the weight's name and value, below them its gradient.
    """
    if arrow.weight is not None:
        weight = arrow.weight
        above = f"{weight.label} {_shown(weight.value, step)}".strip()
        below, back = _shown(weight.gradient, step), _shown(arrow.downstream, step)
        texts = (above, " ".join(part for part in (below, f"[{back}]" if back else "") if part))
        return r"\n".join(_plain(text) for text in texts if text)
    local, contribution = _shown(arrow.local, step), _shown(arrow.downstream, step)
    texts = (local, f"[{contribution}]" if contribution else "")
    return r"\n".join(_plain(text) for text in texts if text)
