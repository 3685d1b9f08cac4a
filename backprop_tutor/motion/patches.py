"""Frames as pixels: the first is drawn whole, each other is the one before with what changed redrawn.

Enters: the SVG texts of frames of one size. Leaves: Pillow images, as if each had been drawn whole
(but for the shade of single pixels on the edges of lines). Between two frames a gate, a few arrows
and the words change; the rest is not drawn again. This file knows of an SVG only how large its
elements are.
"""

from __future__ import annotations

import io
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from ..render.drawing.shapes import path_commands
from ..render.drawing.styles import Rules, read_rules
from ..render.typesetting.fonts import width
from ..render.typesetting.raster import png_bytes

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["drawn_frames"]

Box = tuple[float, float, float, float]
"""Left, top, right and bottom."""

_SVG = "{http://www.w3.org/2000/svg}"
_XML = "{http://www.w3.org/XML/1998/namespace}"
_EDGE = 4.0
"""What lines and letters may reach beyond their points, in px."""

_PATCH_COST = 40_000.0
"""What beginning another patch costs, in pixels of patch."""


@dataclass(frozen=True, slots=True)
class _Part:
    """A piece of a picture that changes as a whole: its SVG and the box that it fills."""

    source: str
    box: Box


class _Reader:
    """Takes frames apart; what it has measured once it keeps."""

    def __init__(self) -> None:
        self.style = ""
        self.rules = Rules(())
        self.known: dict[str, Box] = {}

    def parts(self, svg: str) -> list[_Part]:
        """Return the parts of a frame, in drawing order."""
        return list(self._inside(ElementTree.fromstring(svg), (), (0.0, 0.0)))

    def _inside(
        self, parent: ElementTree.Element, above: tuple[ElementTree.Element, ...],
        at: tuple[float, float],
    ) -> Iterator[_Part]:  # fmt: skip
        chain = (*above, parent)
        for child in parent:
            tag = child.tag.removeprefix(_SVG)
            if tag == "style" and not self.style:
                self.style = child.text or ""
                self.rules = read_rules(self.style)
            if tag in ("title", "desc", "style"):
                continue
            if tag == "svg" or (tag == "g" and child.get("transform")):
                yield from self._inside(child, chain, _origin(child, at))
            else:
                yield self._part(child, chain, at)

    def _part(
        self, element: ElementTree.Element, above: tuple[ElementTree.Element, ...],
        at: tuple[float, float],
    ) -> _Part:  # fmt: skip
        names = " ".join(name for e in above if (name := e.get("class")))
        source = (
            f'<g class="{escape(names)}"><g transform="translate({at[0]:.2f},{at[1]:.2f})">'
            f"{_written(element)}</g></g>"
        )
        box = self.known.get(source)
        if box is None:
            box = _union(self._boxes(element, above, at))
            self.known[source] = box
        return _Part(source, box)

    def _boxes(
        self, element: ElementTree.Element, above: tuple[ElementTree.Element, ...],
        at: tuple[float, float],
    ) -> Iterator[Box]:  # fmt: skip
        chain = (*above, element)
        tag = element.tag.removeprefix(_SVG)
        number = {key: float(v) for key, v in element.items() if key in _NUMBERS}
        x, y = number.get("x", 0.0) + at[0], number.get("y", 0.0) + at[1]
        if tag == "path":
            for _, points in path_commands(element.attrib["d"], at):
                for px, py in points:
                    yield px, py, px, py
        elif tag == "circle":
            x, y, r = number["cx"] + at[0], number["cy"] + at[1], number["r"]
            yield x - r, y - r, x + r, y + r
        elif tag == "rect":
            yield x, y, x + number["width"], y + number["height"]
        elif tag == "text":
            yield self._text_box(element, chain, x, y)
        for child in element:
            yield from self._boxes(child, chain, at)

    def _text_box(
        self, element: ElementTree.Element, chain: tuple[ElementTree.Element, ...], x: float, y: float
    ) -> Box:
        style = self.rules.of(chain)
        size = float((element.get("font-size") or style.get("font-size", "16px")).removesuffix("px"))
        long = width("".join(element.itertext()), size, "bold")
        anchor = element.get("text-anchor") or style.get("text-anchor", "start")
        shift = {"middle": 0.5, "end": 1.0}.get(anchor, 0.0)
        left = x - shift * long
        return left, y - size, left + long, y + 0.4 * size


_NUMBERS = {"x", "y", "cx", "cy", "r", "width", "height"}


def _origin(element: ElementTree.Element, at: tuple[float, float]) -> tuple[float, float]:
    transform = element.get("transform")
    if transform:
        x, y = transform.removeprefix("translate(").removesuffix(")").split(",")
    else:
        x, y = element.get("x", "0"), element.get("y", "0")
    return at[0] + float(x), at[1] + float(y)


def _written(element: ElementTree.Element) -> str:
    tag = element.tag.removeprefix(_SVG)
    if tag == "title":
        return ""
    given = "".join(
        f' {key.replace(_XML, "xml:")}="{escape(value)}"'
        for key, value in element.items()
        if not key.startswith("data-")
    )
    inside = escape(element.text or "") + "".join(map(_written, element))
    return f"<{tag}{given}>{inside}</{tag}>"


def _union(boxes: Iterable[Box]) -> Box:
    lefts, tops, rights, bottoms = zip(*boxes, strict=True) if (boxes := list(boxes)) else ([0.0],) * 4
    return min(lefts) - _EDGE, min(tops) - _EDGE, max(rights) + _EDGE, max(bottoms) + _EDGE


def _touch(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _area(box: Box) -> float:
    return max(0.0, box[2] - box[0]) * max(0.0, box[3] - box[1])


def _around(one: Box, other: Box) -> Box:
    return min(one[0], other[0]), min(one[1], other[1]), max(one[2], other[2]), max(one[3], other[3])


def _joined(boxes: Iterable[Box], cost: float) -> list[Box]:
    """Return fewer boxes over the same places: two become one where that is cheaper to draw."""
    found: list[Box] = []
    for box in boxes:
        while True:
            for other in found:
                whole = _around(box, other)
                if _touch(box, other) or _area(whole) < _area(box) + _area(other) + cost:
                    found.remove(other)
                    box = whole
                    break
            else:
                break
        found.append(box)
    return found


def drawn_frames(frames: Iterable[str], size: tuple[float, float], scale: float) -> Iterator[Image]:
    """Yield each frame as an RGB image.

    Args:
        frames: their SVG texts; the classes of all are styled by the first frame's `<style>`.
        size: the width and height of all of them, in px.
        scale: pixels a px.
    """
    from PIL import Image  # start-up time: only an animation pays for it

    # Whole pixels alone: a row of which paper covers a tenth would be black.
    page: tuple[int, int] = (math.floor(size[0] * scale + 1e-6), math.floor(size[1] * scale + 1e-6))
    reader = _Reader()
    before: list[_Part] = []
    image = Image.new("RGB", page)
    for svg in frames:
        parts = reader.parts(svg)
        if before:
            regions = _joined(_changed(before, parts), _PATCH_COST / scale**2)
        else:
            regions = [(0.0, 0.0, page[0] / scale, page[1] / scale)]
        image = image.copy()
        for region in regions:
            left, top = (max(0, math.floor(edge * scale)) for edge in region[:2])
            right = min(page[0], math.ceil(region[2] * scale))
            bottom = min(page[1], math.ceil(region[3] * scale))
            if left < right and top < bottom:
                image.paste(_patch(parts, reader.style, (left, top, right, bottom), scale), (left, top))
        before = parts
        yield image


def _changed(before: list[_Part], after: list[_Part]) -> list[Box]:
    """Return the boxes of what is in one of two frames only; the order of the rest is the same."""
    old, new = {part.source for part in before}, {part.source for part in after}
    return [part.box for part in before if part.source not in new] + [
        part.box for part in after if part.source not in old
    ]


def _patch(parts: list[_Part], style: str, pixels: tuple[int, int, int, int], scale: float) -> Image:
    """Return a part of the page, drawn from all that reaches into it."""
    from PIL import Image  # start-up time

    left, top, right, bottom = (edge / scale for edge in pixels)
    inside = "".join(p.source for p in parts if _touch(p.box, (left, top, right, bottom)))
    wide, high = pixels[2] - pixels[0], pixels[3] - pixels[1]
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide}" height="{high}" '
        f'viewBox="{left!r} {top!r} {right - left!r} {bottom - top!r}" preserveAspectRatio="none">'
        f"<style>{style}</style>{inside}</svg>"
    )
    with Image.open(io.BytesIO(png_bytes(svg, 1.0, (wide, high)))) as image:
        return image.convert("RGB")
