"""How large the parts of a circuit are: each box fits the widest text it will ever hold.

Enters: a circuit. Leaves: the sizes of wires and of arrows' labels, in px. A wire's box holds its
gate, the short arrow out of the gate, its name and its line; a label's box is centred on its arrow.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from ...typesetting.fonts import width
from ..circuit import LABEL_SIZE, NAME_SIZE, NUMBER_SIZE, SLOT, Arrow, Circuit, Text, Wire

__all__ = [
    "APPROACH", "GATE_RADIUS", "LABEL_MARGIN", "OUT_ARROW", "STACKED", "UNDER", "WEIGHT_GAP", "Boxes",
    "LabelBox", "WireBox", "gap", "measured", "sign_size", "under_gates", "weight_width",
]  # fmt: skip

GATE_RADIUS = 18.0
APPROACH = 14.0
"""Room left of a gate, in which arrows turn towards it."""

OUT_ARROW = 21.0
"""From a gate to the name of its wire: the arrow and a gap."""

_NAME_GAP = 6.0
_LINE_MARGIN = 5.0
_SHORTEST_LINE = 40.0
_BLANK_MARGIN = 4.0
LABEL_MARGIN = 7.0
UNDER = 15.0
"""From a gate's circle down to the base line of the text below it."""

WIRE_HEIGHT = 42.0
_WIRE_WITH_TEXT_HEIGHT = 2 * (GATE_RADIUS + UNDER + 5.0)
LABEL_HEIGHT = 36.0
PLAIN_HEIGHT = 20.0


@dataclass(frozen=True, slots=True)
class WireBox:
    """A wire's box: the widths of its gate's part, its name's part and its line, and its height.

    `lead` is how much of the gate's part lies left of the circle.
    """

    gate: float
    name: float
    line: float
    lead: float
    height: float

    @property
    def width(self) -> float:
        """Return the width of the whole."""
        return self.gate + self.name + self.line


@dataclass(frozen=True, slots=True)
class LabelBox:
    """The box of an arrow's label, or of the bare arrow where there is none."""

    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Boxes:
    """The boxes of all wires, by place, and of all arrows, by number."""

    wires: tuple[WireBox, ...]
    labels: tuple[LabelBox, ...]


def measured(circuit: Circuit) -> Boxes:
    """Return the sizes of everything in the circuit."""
    below = under_gates(circuit)
    texts = {circuit.arrows[number].target: circuit.arrows[number].local for number in below}
    room = APPROACH + gap(circuit.arrows)
    slot = circuit.slot
    wires = tuple(
        _wire_box(wire, APPROACH, slot, texts.get(wire.place))
        for wire in circuit.wires
    )
    labels = []
    for arrow in circuit.arrows:
        box = _label_box(arrow, arrow.number in below, circuit.stacked, slot)
        if arrow.number in below:  # the text below the gate may reach under its arrow, and no further
            half = _text_width(arrow.local, LABEL_SIZE, ("regular",), slot) / 2 + LABEL_MARGIN - GATE_RADIUS
            box = LabelBox(max(box.width, half - room), _height_with(arrow.local, slot))
        labels.append(box)
    return Boxes(wires, tuple(labels))


def gap(arrows: Sequence[Arrow]) -> float:
    """Return the room between columns, in px: more where many arrows fan out in it."""
    uses = Counter(arrow.source for arrow in arrows)
    return min(48.0, 13.0 + 4.0 * max(uses.values(), default=1))


def under_gates(circuit: Circuit) -> frozenset[int]:
    """Return the numbers of the arrows whose local gradient stands below the gate: its only arrow's."""
    into = Counter(arrow.target for arrow in circuit.arrows)
    return frozenset(
        arrow.number
        for arrow in circuit.arrows
        if arrow.local is not None and into[arrow.target] == 1
    )


def _text_width(
    text: Text | None, size: float, styles: tuple[str, ...], slot: tuple[float, float] = SLOT
) -> float:
    if text is None:
        return 0.0
    if text.blank:
        return slot[0] + _BLANK_MARGIN
    return max(width(text.text, size, style) for style in styles)


def _height(least: float, slot: tuple[float, float], *texts: Text | None) -> float:
    """Return the height of a box with texts above and below its middle: more where a slot is high."""
    if any(text is not None and text.blank for text in texts):
        return max(least, 2 * (slot[1] + _BLANK_MARGIN))
    return least


def _height_with(below: Text | None, slot: tuple[float, float]) -> float:
    """Return the height of a gate with a text below its circle."""
    return _height(_WIRE_WITH_TEXT_HEIGHT, (slot[0], slot[1] + GATE_RADIUS), below)


def _wire_box(wire: Wire, lead: float, slot: tuple[float, float], below: Text | None) -> WireBox:
    numbers = (
        _text_width(text, NUMBER_SIZE, ("regular", "bold"), slot) for text in (wire.value, wire.gradient)
    )
    line = max(_SHORTEST_LINE if wire.label else 0.0, max(numbers) + 2 * _LINE_MARGIN)
    name = width(wire.label, NAME_SIZE, "italic") + _NAME_GAP if wire.label else 0.0
    gate = lead + 2 * GATE_RADIUS + OUT_ARROW if wire.gate else 0.0
    high = WIRE_HEIGHT if below is None else _height_with(below, slot)
    return WireBox(gate, name, line, lead, _height(high, slot, wire.value, wire.gradient))


STACKED = 13.0
"""How far below a weight's gradient what goes back stands, where there is no room before it."""

WEIGHT_GAP = 14.0
"""Between what an arrow into a weighted sum hands back and its weight."""


def weight_width(arrow: Arrow) -> float:
    """Return how wide the weight on an arrow is, its name and number above its gradient."""
    weight = arrow.weight
    if weight is None:
        return 0.0
    above = _text_width(weight.value, LABEL_SIZE, ("regular", "bold"))
    if weight.label:
        above += width(weight.label + " ", LABEL_SIZE, "italic")
    return max(above, _text_width(weight.gradient, LABEL_SIZE, ("regular", "bold")))


def _label_box(arrow: Arrow, below: bool, stacked: bool, slot: tuple[float, float]) -> LabelBox:
    if arrow.weight is not None:
        tail = _text_width(arrow.downstream, LABEL_SIZE, ("regular", "bold"))
        if stacked:
            return LabelBox(max(weight_width(arrow), tail) + 2 * LABEL_MARGIN, LABEL_HEIGHT + 2 * STACKED)
        wide = weight_width(arrow) + (tail + WEIGHT_GAP if tail else 0.0)
        return LabelBox(wide + 2 * LABEL_MARGIN, LABEL_HEIGHT)
    text = max(
        0.0 if below else _text_width(arrow.local, LABEL_SIZE, ("regular",), slot),
        _text_width(arrow.downstream, LABEL_SIZE, ("regular", "bold"), slot),
    )
    if not text:
        return LabelBox(LABEL_MARGIN * 2, PLAIN_HEIGHT)
    return LabelBox(text + 2 * LABEL_MARGIN, _height(LABEL_HEIGHT, slot, arrow.local, arrow.downstream))


def sign_size(sign: str) -> float:
    """Return the font size at which a gate's sign fits into its circle.

    >>> sign_size("+"), sign_size("tanh") < 17
    (17.0, True)
    """
    inner = 2 * GATE_RADIUS - 3
    return round(min(17.0, 17.0 * inner / width(sign, 17)), 1)
