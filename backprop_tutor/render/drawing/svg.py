"""A circuit drawn as SVG: one base drawing, in which each step shows what is known by then.

Enters: a circuit, its placement, its captions and a theme. Leaves: a `Sheet`. Every node, edge and
quantity has an id made of numbers (`node-3`, `node-3-value`, `edge-5-0-local`: the edge into node 5
at slot 0) and a class (`wire`, `gate`, `edge`, `name`, `value`, `gradient`, `local`, `downstream`);
a step's emphasis is a class too: `pending`, `done`, `active`, and `found` on a text found just then.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

from ...language import shown_name
from ..typesetting.fonts import FAMILY, width, wrapped
from .bands import Stage
from .captions import Caption
from .circuit import LABEL_SIZE, NAME_SIZE, NUMBER_SIZE, SLOT, Arrow, Circuit, Text, Wire
from .layout.boxes import (
    GATE_RADIUS,
    LABEL_MARGIN,
    OUT_ARROW,
    STACKED,
    WEIGHT_GAP,
    sign_size,
    weight_width,
)
from .layout.positions import ArrowPlace, Placement, WirePlace
from .layout.routes import HEAD, Point
from .slots import Sheet
from .theme import Theme

__all__ = ["Frame", "draw"]

MARGIN = 24.0
TITLE_SIZE, FORMULA_SIZE, NOTE_SIZE = 13, 15, 12
_NARROWEST, _WIDEST_FOOT = 720.0, 1100.0
_NARROW, _SLIM = 560.0, 8.0
_FOOT_GAP, _LEADING, _NOTE_LEADING, _LEGEND_LEADING = 30.0, 23.0, 18.0, 18.0
_INDENT = 24.0


@dataclass(frozen=True, slots=True)
class Frame:
    """The words of one frame: for those who see it, and for those who do not."""

    caption: Caption
    description: str


def draw(
    circuit: Circuit,
    placement: Placement,
    frames: Sequence[Frame],
    legend: Sequence[tuple[str, str]],
    heading: str,
    theme: Theme,
    page: Stage | None = None,
) -> Sheet:
    """Return the drawing; `frames[step]` holds the words for steps 0 to their number + 1.

    With a `page` it is as large as that, larger where it has to be, never smaller letters.
    """
    return _Draftsman(circuit, placement, theme, page).sheet(frames, legend, heading)


class _Draftsman:
    """Writes a circuit's parts into a sheet, each at its place."""

    def __init__(
        self, circuit: Circuit, placement: Placement, theme: Theme, page: Stage | None
    ) -> None:
        self.circuit = circuit
        self.placement = placement
        self.theme = theme
        self.out = Sheet()
        self.margin = MARGIN if page is None or page.width > _NARROW else _SLIM
        narrowest = _NARROWEST if page is None else page.width - 2 * self.margin
        self.height = 0.0 if page is None else page.height
        self.width = max(placement.width, narrowest)
        # A small circuit stands in the middle above its caption.
        self.dx = self.margin + (self.width - placement.width) / 2
        self.dy = self.margin + placement.top
        self.gates = _when(e.gates for e in circuit.emphasis)
        self.wires = _when(e.wires for e in circuit.emphasis)
        self.arrows = _when(e.arrows for e in circuit.emphasis)

    def sheet(
        self, frames: Sequence[Frame], legend: Sequence[tuple[str, str]], heading: str
    ) -> Sheet:
        feet = self.feet(frames, legend)
        legend_bottom = _LEGEND_LEADING * (len(legend) - 1)
        below = max(bottom for _, bottom in feet) + 26 if self.width < _NARROW else 0.0
        foot = max([legend_bottom + below, *(bottom for _, bottom in feet)]) + 8
        top = self.margin + self.placement.height + _FOOT_GAP
        height, total = top + foot + self.margin, self.width + 2 * self.margin
        spare = max(self.height - height, 0.0)  # what a page has more stands around the circuit
        self.dy, top, height = self.dy + spare / 2, top + spare, height + spare
        self.out.fixed(
            f'<svg xmlns="http://www.w3.org/2000/svg" class="backprop {self.theme.name}" '
            f'width="{total:.0f}" height="{height:.0f}" viewBox="0 0 {total:.1f} {height:.1f}" '
            f'role="img"><title>{escape(heading)}</title>'
        )
        self.out.slot(
            [(i, f"<desc>{escape(frame.description)}</desc>") for i, frame in enumerate(frames)]
        )
        self.out.fixed(
            f"<style>{_style(self.theme)}</style>"
            f'<rect class="paper" width="{total:.1f}" height="{height:.1f}"/>'
            f'<g transform="translate({self.dx:.1f},{self.dy:.1f})">'
        )
        self.circuit_parts()
        self.out.fixed(f'</g><g transform="translate({self.margin:.1f},{top:.1f})"><g class="caption">')
        self.out.slot([(i, text) for i, (text, _) in enumerate(feet)])
        self.out.fixed(f'</g><g class="legend">{self.legend(legend, below)}</g></g></svg>\n')
        return self.out

    def circuit_parts(self) -> None:
        for arrow, place in zip(self.circuit.arrows, self.placement.arrows, strict=True):
            self.arrow(arrow, place)
        self.active_on_top()
        for wire, spot in zip(self.circuit.wires, self.placement.wires, strict=True):
            self.wire(wire, spot)
        for landing in self.placement.landings:
            self.landing(self.circuit.wires[landing.wire], landing.spot)

    def active_on_top(self) -> None:
        """Draw the arrows at work once more: those of one wire run together for a while."""
        shared = {
            number
            for arrows in _by_source(self.circuit.arrows).values()
            for number in arrows
            if len(arrows) > 1
        }
        texts = [(-1, "")]
        for step, work in enumerate(self.circuit.emphasis):
            lines = "".join(
                f'<path class="line" d="{self.placement.arrows[number].path}"/>'
                for number in sorted(work.arrows & shared)
            )
            text = f'<g class="active">{lines}</g>' if lines else ""
            if text != texts[-1][1]:
                texts.append((step, text))
        self.out.slot(texts)

    def arrow(self, arrow: Arrow, place: ArrowPlace) -> None:
        source = self.circuit.wires[arrow.source].name
        target = self.circuit.wires[arrow.target].name
        key = f"edge-{arrow.target}-{arrow.slot}"
        out = self.out
        out.fixed(
            f'<g id="{key}" data-source="{escape(source)}" data-target="{escape(target)}" '
            f'data-slot="{arrow.slot}" class="edge '
        )
        out.slot(_states(arrow.since, self.arrows.get(arrow.number, ())))
        x, y = place.label
        out.fixed(f'"><path class="line" d="{place.path}"/>{_head(place.tip, place.toward)}')
        half = place.width / 2 - 6
        if arrow.weight is not None:
            self.weight(arrow, place, key)
            out.fixed("</g>")
            return
        under = abs(place.local[0] - x) > 1
        room = self.circuit.slot[0] / 2 if under else half
        self.text(f"{key}-local", "local", arrow.local, *place.local, room, LABEL_SIZE, under)
        self.text(f"{key}-downstream", "downstream", arrow.downstream, x, y + 14, half, LABEL_SIZE)
        out.fixed("</g>")

    def weight(self, arrow: Arrow, place: ArrowPlace, key: str) -> None:
        """Draw what stands on an arrow into a weighted sum: the contribution, then the weight."""
        weight, (x, y) = arrow.weight, place.label
        assert weight is not None  # asked of such arrows alone
        wide = weight_width(arrow)
        right = x + place.width / 2 - LABEL_MARGIN
        middle = x if self.circuit.stacked else right - wide / 2
        if self.circuit.stacked:
            below = y + 14 + (STACKED if weight.gradient else 0.0)
            self.text(f"{key}-downstream", "downstream", arrow.downstream, x, below, 20, LABEL_SIZE)
        elif arrow.downstream is not None:
            tail = (x - place.width / 2 + LABEL_MARGIN + right - wide - WEIGHT_GAP) / 2
            self.text(f"{key}-downstream", "downstream", arrow.downstream, tail, y + 14, 20, LABEL_SIZE)
        start = middle
        if weight.label:
            name = width(weight.label + " ", LABEL_SIZE, "italic")
            both = name + width(weight.value.text, LABEL_SIZE)
            self.out.fixed(
                f'<text class="weight" x="{middle - both / 2:.1f}" y="{y - 5:.1f}">'
                f"{escape(weight.label)}</text>"
            )
            start = middle + name / 2
        self.text(f"{key}-value", "value small", weight.value, start, y - 5, 20, LABEL_SIZE)
        self.text(f"{key}-gradient", "gradient small", weight.gradient, middle, y + 14, 20, LABEL_SIZE)

    def wire(self, wire: Wire, place: WirePlace) -> None:
        out, key, y = self.out, f"node-{wire.place}", place.y
        name = escape(wire.name)
        if wire.gate and place.gate is not None:
            x, size = place.gate, sign_size(wire.gate.sign)
            out.fixed(
                f'<g id="gate-{wire.place}" data-op="{wire.gate.op}" data-node="{name}" class="gate '
            )
            out.slot(_states(wire.gate.since, self.gates.get(wire.place, ())))
            tip = x + GATE_RADIUS + OUT_ARROW - 5
            out.fixed(
                f'"><path class="line" d="M{x + GATE_RADIUS:.1f},{y:.1f}H{tip - HEAD + 1:.1f}"/>'
                f"{_head((tip, y), (1.0, 0.0))}"
                f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{GATE_RADIUS:.1f}"/>'
                f'<text class="sign" x="{x:.1f}" y="{y + 0.36 * size:.1f}" font-size="{size}">'
                f"{escape(wire.gate.sign)}</text></g>"
            )
        kind = " constant" if wire.gradient is None and not wire.gate else ""
        out.fixed(f'<g id="{key}" data-node="{name}" class="wire{kind} ')
        self.named_line(wire, place, key)

    def landing(self, wire: Wire, place: WirePlace) -> None:
        """Draw a wire of an earlier row once more, where it is used; it has no id."""
        self.out.fixed(f'<g data-node="{escape(wire.name)}" class="wire landing ')
        self.named_line(wire, place, "")

    def named_line(self, wire: Wire, place: WirePlace, key: str) -> None:
        """Draw a wire's name and line with its numbers; the group is open in its class attribute."""
        out, y = self.out, place.y
        out.slot(_states(wire.since, self.wires.get(wire.place, ())))
        left, right = place.line
        tooltip = f"<title>{escape(shown_name(wire.name))}</title>" if "…" in wire.label else ""
        out.fixed(f'">{tooltip}')
        if wire.label:
            out.fixed(
                f'<text class="name" x="{place.name:.1f}" y="{y + 5:.1f}">{escape(wire.label)}</text>'
            )
        out.fixed(f'<path class="line" d="M{left:.1f},{y:.1f}H{right:.1f}"/>')
        middle, half = (left + right) / 2, min(self.circuit.slot[0], right - left - 6) / 2
        value, gradient = (f"{key}-value", f"{key}-gradient") if key else ("", "")
        self.text(value, "value", wire.value, middle, y - 5, half, NUMBER_SIZE)
        self.text(gradient, "gradient", wire.gradient, middle, y + 17, half, NUMBER_SIZE)
        out.fixed("</g>")

    def text(
        self, key: str, kind: str, text: Text | None, x: float, y: float, half: float, size: float,
        under: bool = False,
    ) -> None:  # fmt: skip
        """Add a quantity: nothing before it is known, bold in the step that finds it."""
        if text is None:
            return
        named = f' id="{key}"' if key else ""
        if text.blank:
            top, foot = y - size + 0.5, y + 1.5
            if self.circuit.slot != SLOT:  # on paper: up from the line, or down from it
                high = self.circuit.slot[1]
                over = kind.startswith(("value", "local")) and not under
                top, foot = (foot - high, foot) if over else (top, top + high)
            empty = (
                f'<g{named} class="slot"><rect x="{x - half:.1f}" y="{top:.1f}" '
                f'width="{2 * half:.1f}" height="{foot - top:.1f}"/>'
                f'<path d="M{x - half:.1f},{foot:.1f}H{x + half:.1f}"/></g>'
            )
            self.out.slot([(-1, ""), (text.since, empty)] if text.since > 0 else [(0, empty)])
            return
        place = f'x="{x:.1f}" y="{y:.1f}">'
        shown = f'<text{named} class="{kind}" {place}{escape(text.text)}</text>'
        if text.since <= 0:
            self.out.fixed(shown)
            return
        found = f'<text{named} class="{kind} found" {place}{escape(text.text)}</text>'
        hidden = f'<text{named} class="{kind}" {place}</text>'
        self.out.slot([(-1, hidden), (text.since, found), (text.since + 1, shown)])

    def feet(
        self, frames: Sequence[Frame], legend: Sequence[tuple[str, str]]
    ) -> list[tuple[str, float]]:
        """Return each frame's caption as SVG, with the height it takes."""
        if self.width < _NARROW:  # no room beside the legend: it stands below
            return [_foot(frame.caption, self.width) for frame in frames]
        beside = max(width(text, NOTE_SIZE) for _, text in legend) + 36
        room = min(self.width - beside, _WIDEST_FOOT)
        return [_foot(frame.caption, room) for frame in frames]

    def legend(self, legend: Sequence[tuple[str, str]], below: float) -> str:
        right = self.width
        return "".join(
            f'<text class="key {kind}" x="{right:.1f}" y="{below + i * _LEGEND_LEADING:.1f}">'
            f"{escape(text)}</text>"
            for i, (kind, text) in enumerate(legend)
        )


def _by_source(arrows: Iterable[Arrow]) -> dict[int, list[int]]:
    """Return the numbers of each wire's arrows."""
    found: dict[int, list[int]] = {}
    for arrow in arrows:
        found.setdefault(arrow.source, []).append(arrow.number)
    return found


def _foot(caption: Caption, room: float) -> tuple[str, float]:
    parts = [f'<text class="step" x="0" y="0">{escape(caption.title)}</text>']
    y = 0.0
    for line in caption.lines:
        for i, piece in enumerate(wrapped(line, room, FORMULA_SIZE, _INDENT)):
            y += _LEADING
            x = _INDENT if i else 0
            parts.append(f'<text class="formula" x="{x:g}" y="{y:.1f}">{escape(piece)}</text>')
    y += 5.0
    for piece in wrapped(caption.reason, room, NOTE_SIZE) if caption.reason else ():
        y += _NOTE_LEADING
        parts.append(f'<text class="reason" x="0" y="{y:.1f}">{escape(piece)}</text>')
    return "".join(parts), y


def _head(tip: Point, toward: Point) -> str:
    (x, y), (dx, dy) = tip, toward
    bx, by = x - HEAD * dx, y - HEAD * dy
    half = 0.45 * HEAD
    return (
        f'<path class="head" d="M{x:.1f},{y:.1f}L{bx - half * dy:.1f},{by + half * dx:.1f} '
        f'{bx + half * dy:.1f},{by - half * dx:.1f}z"/>'
    )


def _when(groups: Iterable[frozenset[int]]) -> dict[int, tuple[int, ...]]:
    """Return for each part the steps in which it is at work."""
    found: dict[int, list[int]] = {}
    for step, group in enumerate(groups):
        for part in sorted(group):
            found.setdefault(part, []).append(step)
    return {part: tuple(steps) for part, steps in found.items()}


def _states(since: int, active: Sequence[int]) -> list[tuple[int, str]]:
    """Return a part's class from step to step: pending, active while at work, done."""
    states: dict[int, str] = {-1: "done" if since <= 0 else "pending"}
    if since > 0:
        states[since] = "done"
    for step in active:
        states[step] = "active"
        states.setdefault(step + 1, "done" if step + 1 >= since else "pending")
    return sorted(states.items())


def _style(theme: Theme) -> str:
    scope = f".backprop.{theme.name}"
    rules = {
        "text": f"font-family:{FAMILY};fill:{theme.ink}",
        ".paper": f"fill:{theme.paper}",
        ".line": f"fill:none;stroke:{theme.ink};stroke-width:1.2px",
        ".landing .line": "stroke-dasharray:4 3",
        ".head": f"fill:{theme.ink}",
        "circle": f"fill:{theme.paper};stroke:{theme.ink};stroke-width:1.2px",
        ".name": f"font-size:{NAME_SIZE}px;font-style:italic",
        ".value": f"font-size:{NUMBER_SIZE}px;text-anchor:middle;fill:{theme.value}",
        ".gradient": f"font-size:{NUMBER_SIZE}px;text-anchor:middle;fill:{theme.gradient}",
        ".local": f"font-size:{LABEL_SIZE}px;text-anchor:middle;fill:{theme.quiet}",
        ".downstream": f"font-size:{LABEL_SIZE}px;text-anchor:middle;fill:{theme.gradient}",
        ".small.value,{0} .small.gradient": f"font-size:{LABEL_SIZE}px",
        ".weight": f"font-size:{LABEL_SIZE}px;font-style:italic",
        ".sign": "text-anchor:middle",
        ".found.value,{0} .found.gradient,{0} .found.downstream": "font-weight:bold",
        ".pending .line,{0} .pending circle": f"stroke:{theme.pending}",
        ".pending .head,{0} .pending .sign,{0} .pending .name": f"fill:{theme.pending}",
        ".active .line": f"stroke:{theme.active};stroke-width:2.4px",
        ".active .head,{0} .active .local": f"fill:{theme.active}",
        ".active circle": f"stroke:{theme.active};stroke-width:2.6px;fill:{theme.active_fill}",
        ".slot rect": f"fill:{theme.slot}",
        ".slot path": f"fill:none;stroke:{theme.quiet};stroke-width:1px",
        ".step": f"font-size:{TITLE_SIZE}px;fill:{theme.quiet}",
        ".formula": f"font-size:{FORMULA_SIZE}px",
        ".reason": f"font-size:{NOTE_SIZE}px;fill:{theme.quiet}",
        ".key": f"font-size:{NOTE_SIZE}px;text-anchor:end",
    }
    return "".join(f"{scope} {key.replace('{0}', scope)}{{{rule}}}" for key, rule in rules.items())
