"""A display list held to the rules of the stage: what lies on what, and what leaves the picture."""

from __future__ import annotations

from itertools import combinations

from backprop_tutor.render.drawing.shapes import path_commands
from backprop_tutor.render.stage.marks import Bounds, Path, Words

SMALLEST = 12.0


def texts(marks):
    """Return the texts of a display list, those without a character left out."""
    return [mark for mark in marks if isinstance(mark, Words) and mark.text.strip()]


def assert_texts_apart(marks, size):
    """Hold texts to their picture, to 12 px, and apart from each other."""
    found = texts(marks)
    for mark in found:
        box = mark.bounds
        inside = box.left >= 0 and box.top >= 0 and box.right <= size[0] and box.bottom <= size[1]
        assert inside, f"{mark.text!r} leaves the picture: {box}"
        assert mark.size >= SMALLEST, f"{mark.text!r} is {mark.size} px"
    for one, other in combinations(found, 2):
        assert not one.bounds.meets(other.bounds, 1.0), f"{one.text!r} lies on {other.text!r}"


def segments(path):
    """Yield the straight pieces of a path, curves by their ends."""
    here = (0.0, 0.0)
    for letter, points in path_commands(path.d):
        if letter != "Z":
            if letter != "M":
                yield here, points[-1]
            here = points[-1]


def crosses(segment, box):
    """Return whether a piece of a line has more than a point in a box."""
    (x0, y0), (x1, y1) = segment
    for share in range(1, 40):
        x, y = x0 + (x1 - x0) * share / 40, y0 + (y1 - y0) * share / 40
        if box.left + 0.5 < x < box.right - 0.5 and box.top + 0.5 < y < box.bottom - 0.5:
            return True
    return False


def assert_wires_clear(marks, boxes):
    """Hold wires away from texts and from the inside of boxes (bounds)."""
    wires = [m for m in marks if isinstance(m, Path) and m.kind.startswith("wire")]
    words = [(m.text, Bounds(m.bounds.left, m.y - 0.7 * m.size, m.bounds.right, m.y)) for m in texts(marks)]
    for wire in wires:
        for segment in segments(wire):
            for text, box in words:
                assert not crosses(segment, box), f"{wire.key or wire.d} runs through {text!r}"
            for name, box in boxes:
                assert not crosses(segment, box), f"{wire.key or wire.d} runs through {name}"
