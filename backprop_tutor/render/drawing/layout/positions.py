"""Where everything stands, read from an engine's answer and straightened into columns.

Enters: the circuit, its boxes and Graphviz's JSON. Leaves: a `Placement` in px, y downwards, the
circuit's upper left corner at (0, 0). Graphviz centres the boxes of a rank; here the gates of a
column stand one above the other at its left, and the labels end together at its right. A box moves
within its column only, so it stays clear of all others and of the arrows between them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from ..circuit import Circuit
from ..shapes import path_commands
from .boxes import GATE_RADIUS, UNDER, Boxes, under_gates
from .lanes import Far, columns_of, far_arrows, lanes
from .routes import Approach, Point, across, along, approaches, entering
from .rows import Row

__all__ = ["ArrowPlace", "Landing", "Placement", "WirePlace", "below_one_another", "placed"]

_ABOVE_LINE = 4.5
"""From an arrow up to the base line of its local gradient."""


@dataclass(frozen=True, slots=True)
class WirePlace:
    """A wire's place: `y` of its line, the line's ends, its name's start, its gate's centre."""

    y: float
    line: tuple[float, float]
    name: float
    gate: float | None


@dataclass(frozen=True, slots=True)
class ArrowPlace:
    """An arrow's place: its curve, its tip with the direction it points to, its label's centre.

    `local` is the middle of the local gradient's base line: above the arrow, or below the gate.
    """

    path: str
    tip: Point
    toward: Point
    label: Point
    width: float
    local: Point


@dataclass(frozen=True, slots=True)
class Landing:
    """A wire that comes again in a later row, where it is used."""

    wire: int
    spot: WirePlace


@dataclass(frozen=True, slots=True)
class Placement:
    """The places of all wires, by place, and of all arrows, by number.

    `height` is the whole; `top` is how much of it lies above y = 0, where lanes run. `rows` are the
    upper and the lower end of each row; a circuit that is not wrapped has one.
    """

    width: float
    height: float
    top: float
    wires: tuple[WirePlace, ...]
    arrows: tuple[ArrowPlace, ...]
    landings: tuple[Landing, ...] = ()
    rows: tuple[tuple[float, float], ...] = ()


@dataclass(slots=True)
class _Box:
    """A box as Graphviz placed it and, after straightening, as it is drawn."""

    x: float
    y: float
    width: float
    left: float = 0.0
    column: int = 0

    @property
    def right(self) -> float:
        return self.left + self.width


def placed(circuit: Circuit, boxes: Boxes, answer: dict[str, Any]) -> Placement:
    """Return the places of everything, from the engine's answer."""
    _, bottom, width, top = (float(part) for part in answer["bb"].split(","))
    # Subgraphs are among the objects; they have no place of their own.
    items = [item for item in answer["objects"] if "pos" in item]
    names = {item["_gvid"]: item["name"] for item in items}
    centres = {item["name"]: _point(item["pos"], top) for item in items}
    splines = {
        (names[edge["tail"]], names[edge["head"]]): [
            _point(pair, top) for pair in edge["pos"].split()
        ]
        for edge in answer.get("edges", ())
        if "pos" in edge
    }
    wires = [_Box(*centres[f"w{i}"], box.width) for i, box in enumerate(boxes.wires)]
    labels = [_Box(*centres[f"a{i}"], box.width) for i, box in enumerate(boxes.labels)]
    columns = _columns([*wires, *labels])
    _straighten(circuit, boxes, wires, labels, columns)
    around = lanes(_far(circuit, wires, labels, columns), top - bottom)
    arrows = _arrows(circuit, boxes, wires, labels, columns, splines, around.paths)
    places = tuple(_wire_place(circuit, boxes, place, box) for place, box in enumerate(wires))
    whole = top - bottom + around.above + around.below
    band = (-around.above, whole - around.above)
    return Placement(width, whole, around.above, places, arrows, rows=(band,))


def _point(pair: str, top: float) -> Point:
    x, y = pair.split(",")
    return float(x), top - float(y)


def _columns(boxes: list[_Box]) -> list[tuple[float, float]]:
    """Give every box its column and return the columns' left and right ends."""
    centres = sorted({round(box.x, 1) for box in boxes})
    starts: list[float] = []
    for x in centres:
        if not starts or x - starts[-1] > 1.0:
            starts.append(x)
    column_of = {}
    column = -1
    for x in centres:
        if column + 1 < len(starts) and x >= starts[column + 1]:
            column += 1
        column_of[x] = column
    spans = [[float("inf"), float("-inf")] for _ in starts]
    for box in boxes:
        box.column = column_of[round(box.x, 1)]
        box.left = box.x - box.width / 2
        spans[box.column][0] = min(spans[box.column][0], box.left)
        spans[box.column][1] = max(spans[box.column][1], box.left + box.width)
    return [(left, right) for left, right in spans]


def _straighten(
    circuit: Circuit,
    boxes: Boxes,
    wires: list[_Box],
    labels: list[_Box],
    columns: list[tuple[float, float]],
) -> None:
    """Move boxes within their columns: gates to the left, labels to the right."""
    far = {
        arrow.target
        for arrow, label in zip(circuit.arrows, labels, strict=True)
        if wires[arrow.target].column != label.column + 1
    }
    for arrow, label in zip(circuit.arrows, labels, strict=True):
        if arrow.target not in far:
            label.left = columns[label.column][1] - label.width
    starts: dict[int, float] = {}
    for wire, box in zip(circuit.wires, wires, strict=True):
        if wire.gate and wire.place not in far:
            box.left = columns[box.column][0]
        if not wire.gate:
            start = box.left + boxes.wires[wire.place].name
            starts[box.column] = min(starts.get(box.column, start), start)
    for wire, box in zip(circuit.wires, wires, strict=True):
        if not wire.gate:
            # The lines of a column's inputs begin together.
            aligned = starts[box.column] - boxes.wires[wire.place].name
            box.left = max(columns[box.column][0], min(box.left, aligned))


def _wire_place(circuit: Circuit, boxes: Boxes, place: int, box: _Box) -> WirePlace:
    size = boxes.wires[place]
    gate = box.left + size.lead + GATE_RADIUS if circuit.wires[place].gate else None
    name = box.left + size.gate
    return WirePlace(box.y, (name + size.name, box.right), name, gate)


def _far(
    circuit: Circuit, wires: list[_Box], labels: list[_Box], columns: list[tuple[float, float]]
) -> list[Far]:
    found = []
    for number in sorted(far_arrows(circuit, columns_of(circuit))):
        arrow = circuit.arrows[number]
        wire, label = wires[arrow.source], labels[number]
        found.append(
            Far(
                number=number,
                source=arrow.source,
                start=(wire.right, wire.y),
                end=(label.left, label.y),
                leaves=(columns[wire.column][1], columns[wire.column + 1][0]),
                returns=(columns[label.column - 1][1], columns[label.column][0]),
            )
        )
    return found


def _arrows(
    circuit: Circuit,
    boxes: Boxes,
    wires: list[_Box],
    labels: list[_Box],
    columns: list[tuple[float, float]],
    splines: dict[tuple[str, str], list[Point]],
    far: dict[int, str],
) -> tuple[ArrowPlace, ...]:
    into: dict[int, list[int]] = {}
    for arrow in circuit.arrows:
        into.setdefault(arrow.target, []).append(arrow.number)
    ends: dict[int, Approach] = {}
    for target, numbers in into.items():
        gate = wires[target]
        centre = (gate.left + boxes.wires[target].lead + GATE_RADIUS, gate.y)
        starts = [(labels[n].right, labels[n].y) for n in numbers]
        ends.update(zip(numbers, approaches(centre, GATE_RADIUS, starts), strict=True))
    found = []
    below = under_gates(circuit)
    for arrow, label in zip(circuit.arrows, labels, strict=True):
        wire, gate = wires[arrow.source], wires[arrow.target]
        middle = label.left + label.width / 2
        local = (middle, label.y - _ABOVE_LINE)
        if arrow.number in below:
            x = gate.left + boxes.wires[arrow.target].lead + GATE_RADIUS
            local = (x, gate.y + GATE_RADIUS + UNDER)
        if arrow.number in far:
            first = far[arrow.number]
        elif label.column == wire.column + 1:
            first = across(
                (wire.right, wire.y),
                (label.left, label.y),
                columns[wire.column][1],
                columns[label.column][0],
            )
        else:
            spline = splines[f"w{arrow.source}", f"a{arrow.number}"]
            first = along((wire.right, wire.y), spline, (label.left, label.y))
        end = ends[arrow.number]
        if gate.column == label.column + 1:
            second = entering((label.right, label.y), end)
        else:
            spline = splines[f"a{arrow.number}", f"w{arrow.target}"]
            second = "L" + along((label.right, label.y), spline, end.base)[1:]
        found.append(
            ArrowPlace(
                path=first + second,
                tip=end.tip,
                toward=end.toward,
                label=(middle, label.y),
                width=label.width,
                local=local,
            )
        )
    return tuple(found)


_BETWEEN_ROWS = 30.0


def below_one_another(rows: Sequence[Row], parts: Sequence[Placement]) -> Placement:
    """Return the rows' places as those of one circuit, each row below the one before it."""
    wires: dict[int, WirePlace] = {}
    arrows: dict[int, ArrowPlace] = {}
    landings: list[Landing] = []
    bands: list[tuple[float, float]] = []
    foot = 0.0
    for row, part in zip(rows, parts, strict=True):
        down = foot + part.top
        for i, spot in enumerate(part.wires):
            moved = replace(spot, y=spot.y + down)
            if i in row.landings:
                landings.append(Landing(row.places[i], moved))
            else:
                wires[row.places[i]] = moved
        for i, arrow in enumerate(part.arrows):
            arrows[row.numbers[i]] = _lowered(arrow, down)
        bands.append((foot, foot + part.height))
        foot += part.height + _BETWEEN_ROWS
    return Placement(
        width=max(part.width for part in parts),
        height=foot - _BETWEEN_ROWS,
        top=0.0,
        wires=tuple(wires[i] for i in range(len(wires))),
        arrows=tuple(arrows[i] for i in range(len(arrows))),
        landings=tuple(landings),
        rows=tuple(bands),
    )


@lru_cache(maxsize=2048)
def _lowered_path(path: str, down: float) -> str:
    """Return a path moved down; of a picture that is drawn again most arrows stand where they stood."""
    return "".join(
        letter + " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        for letter, points in path_commands(path, (0.0, down))
    )


def _lowered(arrow: ArrowPlace, down: float) -> ArrowPlace:
    return replace(
        arrow, path=_lowered_path(arrow.path, down), tip=(arrow.tip[0], arrow.tip[1] + down),
        label=(arrow.label[0], arrow.label[1] + down), local=(arrow.local[0], arrow.local[1] + down),
    )  # fmt: skip
