"""What a drawn SVG holds, measured: boxes of its texts and gates, points along its arrows."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from xml.etree import ElementTree

from backprop_tutor.render.typesetting.fonts import width

SVG = "{http://www.w3.org/2000/svg}"
SIZES = {"name": 15, "value": 14, "gradient": 14, "local": 12, "downstream": 12,
         "step": 13, "formula": 15, "reason": 12, "key": 12}  # fmt: skip
ANCHORS = {"value": 0.5, "gradient": 0.5, "local": 0.5, "downstream": 0.5, "sign": 0.5, "key": 1.0}


@dataclass(frozen=True)
class Box:
    """A rectangle and what it belongs to."""

    what: str
    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Box) -> bool:
        """Return whether the two have more than an edge in common."""
        return (
            self.left < other.right and other.left < self.right
            and self.top < other.bottom and other.top < self.bottom
        )  # fmt: skip

    def holds(self, x: float, y: float) -> bool:
        """Return whether a point lies inside."""
        return self.left < x < self.right and self.top < y < self.bottom


@dataclass(frozen=True)
class Picture:
    """The measured parts of a picture; `arrows` are points along each arrow, by id."""

    width: float
    height: float
    texts: tuple[Box, ...]
    gates: tuple[Box, ...]
    arrows: dict[str, list[tuple[float, float]]]


def measure(svg: str) -> Picture:
    """Return where everything of a picture lies."""
    root = ElementTree.fromstring(svg)
    _, _, width_, height = map(float, root.get("viewBox").split())
    texts, gates, arrows = [], [], {}

    def visit(element, dx, dy, key):
        shift = re.match(r"translate\(([-\d.]+),([-\d.]+)\)", element.get("transform", ""))
        if shift:
            dx, dy = dx + float(shift[1]), dy + float(shift[2])
        key = element.get("id", key)
        if element.tag == SVG + "text" and element.text:
            texts.append(_text_box(element, dx, dy, key))
        elif element.tag == SVG + "circle":
            x, y, r = (float(element.get(k)) for k in ("cx", "cy", "r"))
            gates.append(Box(key, x - r + dx, y - r + dy, x + r + dx, y + r + dy))
        elif (
            element.tag == SVG + "path"
            and element.get("class") == "line"
            and key.startswith("edge")
        ):
            arrows[key] = [(x + dx, y + dy) for x, y in points(element.get("d"))]
        for child in element:
            visit(child, dx, dy, key)

    visit(root, 0.0, 0.0, "")
    return Picture(width_, height, tuple(texts), tuple(gates), arrows)


def _text_box(element, dx, dy, key):
    classes = element.get("class").split()
    kind = classes[0]
    size = float(element.get("font-size", 0)) or SIZES[kind]
    style = "italic" if kind == "name" else "bold" if "found" in classes else "regular"
    wide = width(element.text, size, style)
    x, y = float(element.get("x")) + dx, float(element.get("y")) + dy
    left = x - ANCHORS.get(kind, 0.0) * wide
    # Capitals and digits of DejaVu Sans are 0.73 high; tails reach 0.24 below the line.
    tail = 0.24 if kind in ("name", "local", "formula", "reason", "step", "key") else 0.02
    return Box(f"{key} {kind} {element.text}", left, y - 0.76 * size, left + wide, y + tail * size)


def points(path: str, most: float = 2.0) -> list[tuple[float, float]]:
    """Return points along a path of M, L, H and C, a few px apart."""
    found: list[tuple[float, float]] = []
    for command, numbers in re.findall(r"([MLHC])([^MLHC]*)", path):
        values = [float(n) for n in re.findall(r"-?[\d.]+", numbers)]
        if command == "M":
            found.append((values[0], values[1]))
        elif command == "H":
            found += _straight(found[-1], (values[0], found[-1][1]), most)
        elif command == "L":
            found += _straight(found[-1], (values[0], values[1]), most)
        else:
            for i in range(0, len(values), 6):
                found += _curve(found[-1], *values[i : i + 6])
    return found


def _straight(start, end, most):
    steps = max(1, int(max(abs(end[0] - start[0]), abs(end[1] - start[1])) / most))
    return [
        (start[0] + (end[0] - start[0]) * i / steps, start[1] + (end[1] - start[1]) * i / steps)
        for i in range(1, steps + 1)
    ]


def _curve(start, x1, y1, x2, y2, x3, y3, steps=60):
    found = []
    for i in range(1, steps + 1):
        t = i / steps
        a, b, c, d = (1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3
        found.append(
            (a * start[0] + b * x1 + c * x2 + d * x3, a * start[1] + b * y1 + c * y2 + d * y3)
        )
    return found


def faults(picture: Picture) -> list[str]:
    """Return what overlaps or leaves the picture, in words; nothing in a good one."""
    found = []
    texts = sorted(picture.texts, key=lambda box: box.left)
    for i, one in enumerate(texts):
        for other in texts[i + 1 :]:
            if other.left >= one.right:
                break
            if one.meets(other):
                found.append(f"{one.what!r} meets {other.what!r}")
        if one.left < 0 or one.top < 0 or one.right > picture.width or one.bottom > picture.height:
            found.append(f"{one.what!r} leaves the picture")
        found += [
            f"{one.what!r} meets gate {gate.what}"
            for gate in picture.gates
            if one.meets(gate) and " sign " not in one.what
        ]
    for one, other in pairwise(sorted(picture.gates, key=lambda box: (box.left, box.top))):
        if one.meets(other):
            found.append(f"gates {one.what} and {other.what} meet")
    found += _struck(picture)
    return found


def _struck(picture: Picture) -> list[str]:
    """Return the texts that an arrow strikes through."""
    found = []
    cells: dict[tuple[int, int], list[Box]] = {}
    for box in picture.texts + picture.gates:
        for cx in range(int(box.left // 50), int(box.right // 50) + 1):
            for cy in range(int(box.top // 50), int(box.bottom // 50) + 1):
                cells.setdefault((cx, cy), []).append(box)
    for key, line in picture.arrows.items():
        struck = {
            box.what
            for x, y in line
            for box in cells.get((int(x // 50), int(y // 50)), ())
            if box.holds(x, y)
        }
        found += [f"{key} runs through {what!r}" for what in sorted(struck)]
    return found
