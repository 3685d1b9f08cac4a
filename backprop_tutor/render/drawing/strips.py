"""A wide picture cut into strips for paper, one below the other, so that its text stays legible.

Enters: a plate and a step. Leaves: `Strip`s of the circuit without the words under it. A cut runs
through wires only, never through a gate, a name, a number or a label; its edges are dashed, and beside
them stands the name of every wire that goes on.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from xml.etree import ElementTree

from ..typesetting.fonts import width
from .diagram import Diagram, Plate
from .layout.boxes import APPROACH, GATE_RADIUS, OUT_ARROW
from .shapes import path_commands

__all__ = ["Strip", "picture_strips"]

_SVG = "{http://www.w3.org/2000/svg}"
_NUMBERS = re.compile(r"-?[0-9.]+")
_EDGE = 14.0
_NAME, _NAME_GAP, _APART = 14, 5.0, 14.0
"""The size of the names beside a cut, their gap from it, and how far they are from each other."""


@dataclass(frozen=True, slots=True)
class Strip:
    """A strip of a picture: an SVG of its own, and its width and height in px at scale 1."""

    svg: str
    width: float
    height: float


def picture_strips(
    plate: Plate, step: int | None = None, *, most: float = 760.0, prefix: str = "",
    svg: str | None = None,
) -> tuple[Strip, ...]:
    """Return a step's picture, or the complete one, in strips at most `most` px wide.

    Args:
        plate: what all pictures of the derivation share.
        step: counted from 1; None for the complete picture.
        most: the widest strip; where nothing can be cut a strip is wider.
        svg: the step's picture where its texts are others than the plate's.
        prefix: put before every id, for pages with several pictures; ids of the second strip
            begin with `part-2-` besides.
    """
    root = ElementTree.fromstring(Diagram(plate, step).svg if svg is None else svg)
    circuit = root.findall(f"{_SVG}g[@transform]")[0]
    dx, dy = _shift(circuit)
    right = dx + plate.placement.width
    cuts = list(_cuts(plate, dx, right, most))
    edges = [dx - _EDGE, *cuts, right + _EDGE]
    crossing = {x: _crossing(plate, x - dx) for x in cuts}
    head = (
        f"<title>{escape(root.findtext(f'{_SVG}title') or '')}</title>"
        f"<style>{root.findtext(f'{_SVG}style') or ''}</style>"
    )
    last = len(edges) - 2
    found = []
    for number, (start, stop) in enumerate(itertools.pairwise(edges)):
        spans = [_heights(part, start - dx, stop - dx) for part in circuit]
        mark = f"{prefix}part-{number + 1}-" if number else prefix
        inside = "".join(_written(part, mark) for part, ys in zip(circuit, spans, strict=True) if ys)
        named = [*_beside(crossing, start, dy, "end"), *_beside(crossing, stop, dy, "start")]
        before, behind = (max((wide for *_, side, wide in named if side == end), default=0.0)
                          for end in ("end", "start"))  # fmt: skip
        left, wide = start - before, stop - start + before + behind
        names = "".join(_name(t, x, y, side, plate.theme.ink) for t, x, y, side, _ in named)
        top = dy + min((min(ys) for ys in spans if ys), default=0.0) - _EDGE
        height = dy + max((max(ys) for ys in spans if ys), default=0.0) + _EDGE - top
        marks = names + "".join(
            f'<path d="M{x:.1f},{top:.1f}v{height:.1f}" fill="none" stroke="{plate.theme.pending}" '
            f'stroke-width="1" stroke-dasharray="3 4"/>'
            for x, here in ((start + 0.5, number > 0), (stop - 0.5, number < last))
            if here
        )
        classes = escape(root.get("class", ""))
        found.append(
            Strip(
                f'<svg xmlns="http://www.w3.org/2000/svg" class="{classes}" role="img" '
                f'viewBox="{left:.1f} {top:.1f} {wide:.1f} {height:.1f}" '
                f'width="{wide:.0f}" height="{height:.0f}">{head}'
                # An inner picture ends at its cuts; names stand outside.
                f'<svg x="{start:.1f}" y="{top:.1f}" width="{stop - start:.1f}" height="{height:.1f}" '
                f'viewBox="{start:.1f} {top:.1f} {stop - start:.1f} {height:.1f}">'
                f'<g transform="translate({dx:.1f},{dy:.1f})">{inside}</g></svg>{marks}</svg>',
                wide, height,
            )
        )  # fmt: skip
    return tuple(found)


def _crossing(plate: Plate, x: float) -> list[tuple[str, float]]:
    """Return the names of the wires that a cut goes through, each once at its height, from the top."""
    found: list[tuple[str, float]] = []
    for arrow, place in zip(plate.circuit.arrows, plate.placement.arrows, strict=True):
        wire = plate.circuit.wires[arrow.source]
        text = wire.label or wire.value.at(0)
        y = _height_at(place.path, x)
        if y is not None and text and not any(t == text and abs(y - at) < _APART for t, at in found):
            found.append((text, y))
    found.sort(key=lambda each: each[1])
    apart: list[tuple[str, float]] = []
    for text, y in found:
        apart.append((text, max(y, apart[-1][1] + _APART) if apart else y))
    return apart


def _height_at(path: str, x: float) -> float | None:
    """Return the y of a path at an x that it passes; None where it does not."""
    here: tuple[float, float] = (0.0, 0.0)
    for kind, points in path_commands(path):
        if kind == "C":
            ends = [_on_curve((here, *points), t / 16) for t in range(17)]
        else:
            ends = [here, *points] if kind == "L" else [*points]
        for (x1, y1), (x2, y2) in itertools.pairwise(ends):
            if min(x1, x2) <= x <= max(x1, x2) and x1 != x2:
                return y1 + (y2 - y1) * (x - x1) / (x2 - x1)
        here = points[-1] if points else here
    return None


def _on_curve(points: Sequence[tuple[float, float]], t: float) -> tuple[float, float]:
    """Return the point of a cubic curve at t, from its four points (Bernstein's weights)."""
    weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3)
    x, y = (sum(w * p[i] for w, p in zip(weights, points, strict=True)) for i in (0, 1))
    return x, y


def _beside(
    crossing: Mapping[float, list[tuple[str, float]]], x: float, dy: float, side: str
) -> Iterator[tuple[str, float, float, str, float]]:
    """Yield the names beside a cut: the text, where it stands, where it is anchored, its room."""
    away = -_NAME_GAP if side == "end" else _NAME_GAP
    for text, y in crossing.get(x, ()):
        yield text, x + away, y + dy + 4.5, side, width(text, _NAME, "italic") + 2 * _NAME_GAP


def _name(text: str, x: float, y: float, anchor: str, ink: str) -> str:
    return (
        f'<text class="cut" x="{x:.1f}" y="{y:.1f}" font-size="{_NAME}" font-style="italic" '
        f'style="fill:{ink};text-anchor:{anchor}">{escape(text)}</text>'
    )


def _shift(group: ElementTree.Element) -> tuple[float, float]:
    x, y = _NUMBERS.findall(group.attrib["transform"])
    return float(x), float(y)


def _cuts(plate: Plate, left: float, right: float, most: float) -> Iterator[float]:
    """Yield where to cut: strips of about the same width, none wider than `most` where it can be."""
    blocked = _blocked(plate, left)
    start = left
    while right - start > most * 1.05:
        count = int((right - start) / most) + 1
        wish = start + (right - start) / count
        free = [x for gap in _gaps(blocked) for x in _within(gap, start + 0.3 * most, start + most)]
        if not free:
            later = [gap[0] + 1 for gap in _gaps(blocked) if gap[0] > start + most]
            if not later or right - later[0] < 0.2 * most:
                return
            free = later[:1]
        start = min(free, key=lambda x: abs(x - wish))
        yield start


def _within(gap: tuple[float, float], low: float, high: float) -> list[float]:
    start, stop = max(gap[0], low), min(gap[1], high)
    return [(start + stop) / 2, start, stop] if start <= stop else []


def _blocked(plate: Plate, left: float) -> list[tuple[float, float]]:
    """Return the spans of x in which something stands that must not be cut, merged and in order."""
    spans = []
    for wire in plate.placement.wires:
        spans.append((min(wire.name, wire.line[0]) - 4, wire.line[1] + 4))
        if wire.gate is not None:
            spans.append((wire.gate - GATE_RADIUS - APPROACH, wire.gate + GATE_RADIUS + OUT_ARROW))
    for arrow in plate.placement.arrows:
        if arrow.width > 2 * GATE_RADIUS:
            half = arrow.width / 2 + 2
            spans.append((arrow.label[0] - half, arrow.label[0] + half))
    merged: list[tuple[float, float]] = []
    for start, stop in sorted((a + left, b + left) for a, b in spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], stop))
        else:
            merged.append((start, stop))
    return merged


def _gaps(blocked: list[tuple[float, float]]) -> list[tuple[float, float]]:
    return [(a[1], b[0]) for a, b in itertools.pairwise(blocked) if b[0] - a[1] >= 2]


def _heights(element: ElementTree.Element, start: float, stop: float) -> list[float]:
    """Return the y of what an element has between two x; nothing where it does not reach there."""
    ys: list[float] = []
    for part in element.iter():
        tag = part.tag.removeprefix(_SVG)
        if tag == "path":
            points = [point for _, group in path_commands(part.attrib["d"]) for point in group]
            for (x1, y1), (x2, y2) in itertools.pairwise(points):
                if min(x1, x2) <= stop and max(x1, x2) >= start:
                    ys += [y1, y2]
        elif tag == "circle":
            x, y, radius = (float(part.attrib[key]) for key in ("cx", "cy", "r"))
            if x - radius <= stop and x + radius >= start:
                ys += [y - radius, y + radius]
        elif tag == "text" and part.text:
            x, y = float(part.attrib["x"]), float(part.attrib["y"])
            if start <= x <= stop:
                ys += [y - 14, y + 4]
        elif tag == "rect":
            x, y = float(part.attrib["x"]), float(part.attrib["y"])
            if x <= stop and x + float(part.attrib["width"]) >= start:
                ys += [y, y + float(part.attrib["height"])]
    return ys


def _written(element: ElementTree.Element, prefix: str) -> str:
    tag = element.tag.removeprefix(_SVG)
    given = "".join(
        f' {key}="{escape(prefix + value if key == "id" else value)}"' for key, value in element.items()
    )
    inside = escape(element.text or "") + "".join(_written(child, prefix) for child in element)
    return f"<{tag}{given}>{inside}</{tag}>"
