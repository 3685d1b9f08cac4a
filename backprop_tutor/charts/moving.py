"""A plot that moves, as a GIF: what stays the same in all frames is drawn once, what moves where it moves.

Enters: the parts of frames of one size. Leaves: the file's bytes, by Pillow. What never changes (axes,
numbers, points) lies above what does, but for lines of the kinds in `UNDER`.
"""

from __future__ import annotations

import io
import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..extras import need
from ..render.stage.colours import colour, mixed
from ..render.stage.marks import Mark, Words
from ..render.stage.stage_svg import written_mark
from ..render.typesetting.fonts import FAMILY
from ..render.typesetting.raster import png_bytes
from .palette import Palette, shades
from .picture import PAPER

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["Part", "gif_bytes"]

Area = tuple[float, float, float, float]

UNDER = {"later", "mesh", "region", "plate", "under"}
"""Kinds of marks that stay beneath what changes, whether or not they change."""

LOWEST = {"later"}
"""Those of them that nothing stands beneath: where they never change they are drawn once."""

GROWS = "course"
"""The kind of a curve that is drawn further from frame to frame."""

NEAR = 8
"""So far, in px, from where a curve has come stands what moves with its end."""

_SCALE = 0.75
"""Pixels a px."""

_STEP = 4
"""Areas begin and end at multiples of so many px, which are whole pixels."""


@dataclass(frozen=True, kw_only=True)
class Part:
    """Marks of a frame, and the area (left, top, width, height) within which those that change stay.

    The parts of a frame follow each other from below upwards; areas do not overlap. The time that a
    frame takes goes into the pixels that are written and read again, so small areas are quick ones.

    Where `until` is given, the marks of the kind `GROWS` only become longer from left to right: those of
    the last frame are drawn once and shown as far as that x. What else moves is less than `NEAR` from it.
    """

    area: Area
    marks: Sequence[Mark]
    until: float | None = None


def gif_bytes(
    frames: Sequence[Sequence[Part]],
    size: tuple[float, float],
    *,
    seconds: float = 0.12,
    hold: float = 2.5,
) -> bytes:
    """Return frames as a GIF that plays for ever; the last stays for `hold` seconds.

    Raises:
        OptionError: Pillow is not installed.
    """
    need("PIL")
    layers = _Layers(frames, size)
    made = [layers.image(frame) for frame in frames]
    out = io.BytesIO()
    first, *rest = made
    times = [round(1000 * seconds)] * len(rest) + [round(1000 * hold)]
    more: dict[str, Any] = {"duration": times if rest else times[0]}
    first.save(out, "GIF", save_all=True, append_images=rest, loop=0, **more)
    return out.getvalue()


class _Layers:
    """What the frames have in common: what lies below and above what changes, and the colours."""

    def __init__(self, frames: Sequence[Sequence[Part]], size: tuple[float, float]) -> None:
        from PIL import Image as images  # start-up time: only an animation pays for it

        whole = [[mark for part in frame for mark in part.marks] for frame in frames]
        counts = Counter(mark for marks in whole for mark in set(marks))
        same = {mark for mark, count in counts.items() if count == len(frames)}
        self._lowest = {mark for mark in same if mark.kind in LOWEST}
        self._fixed = {mark for mark in same if mark.kind not in UNDER}
        self._size = size
        all_of_it = (0, 0, *size)
        self._below = _drawn([mark for mark in whole[0] if mark in self._lowest], all_of_it)
        self._above = _drawn([m for m in whole[0] if m in self._fixed], all_of_it, paper=False)
        self._palette = _palette(whole)
        self._start = self._palette.indexed(images.alpha_composite(self._below, self._above))
        self._grown = {part.area: part for part in frames[-1] if part.until is not None}
        self._complete: dict[Area, Image] = {}

    def image(self, frame: Sequence[Part]) -> Image:
        """Return a frame in the palette's colours."""
        image = self._start.copy()
        for part in frame:
            moving = [m for m in part.marks if m not in self._fixed and m not in self._lowest]
            if not moving:
                continue
            box = _whole_pixels(part.area, self._size)
            place = _pixels(box)
            if part.until is not None:
                piece = self._as_far(part, box, moving)
            elif any(mark in self._lowest for mark in part.marks):
                piece = self._over_lowest(box, moving)
            else:
                piece = _drawn(moving, box)
            piece.alpha_composite(self._above, source=place)
            image.paste(self._palette.indexed(piece), place)
        return image

    def _over_lowest(self, box: Area, marks: Sequence[Mark]) -> Image:
        piece = self._below.crop(_pixels(box))
        piece.alpha_composite(_drawn(marks, box, paper=False))
        return piece

    def _as_far(self, part: Part, box: Area, moving: Sequence[Mark]) -> Image:
        """Return the courses of the last frame up to `until`, and what moves along."""
        assert part.until is not None  # the caller's case
        if part.area not in self._complete:
            last = [m for m in self._grown[part.area].marks if m.kind == GROWS]
            self._complete[part.area] = self._over_lowest(box, last)
        piece = self._below.crop(_pixels(box))
        shown = round((part.until - box[0]) * _SCALE)
        piece.paste(self._complete[part.area].crop((0, 0, max(0, shown), piece.height)))
        rest = [mark for mark in moving if mark.kind != GROWS]
        if rest:
            near = (part.until - NEAR, box[1], 2 * NEAR, box[3])
            column = _whole_pixels(near, self._size)
            at = (round((column[0] - box[0]) * _SCALE), 0)
            piece.alpha_composite(_drawn(rest, column, paper=False), dest=at)
        return piece


def _pixels(box: Area) -> tuple[int, int, int, int]:
    """Return a box of whole pixels as left, top, right, bottom."""
    left, top, wide, high = box
    edges = (left, top, left + wide, top + high)
    return tuple(round(each * _SCALE) for each in edges)  # type: ignore[return-value]


def _whole_pixels(area: Area, size: tuple[float, float]) -> Area:
    """Return the smallest box around an area, within a picture's size, that is of whole pixels."""
    left, top, wide, high = area
    x, y = (max(0, math.floor(each / _STEP) * _STEP) for each in (left, top))
    right = min(size[0], math.ceil((left + wide) / _STEP) * _STEP)
    bottom = min(size[1], math.ceil((top + high) / _STEP) * _STEP)
    return x, y, right - x, bottom - y


def _drawn(marks: Iterable[Mark], box: Area, paper: bool = True) -> Image:
    from PIL import Image as images  # start-up time

    x, y, wide, high = box
    at = f'x="{x:g}" y="{y:g}" width="{wide:g}" height="{high:g}"'
    ground = f'<rect {at} fill="{PAPER.paper}"/>' if paper else ""
    inside = "".join(written_mark(mark, PAPER) for mark in marks)
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide:g}" height="{high:g}" '
        f'viewBox="{x:g} {y:g} {wide:g} {high:g}" font-family=\'{FAMILY}\' stroke-linejoin="round">'
        f"{ground}{inside}</svg>"
    )
    with images.open(io.BytesIO(png_bytes(svg, _SCALE, (wide, high)))) as image:
        return image.convert("RGBA")


def _palette(frames: Sequence[Sequence[Mark]]) -> Palette:
    """Return the paper and every colour of the frames, then their steps to the paper, as room allows."""
    found: Counter[str] = Counter()
    for frame in (frames[0], frames[len(frames) // 2], frames[-1]):
        for mark in frame:
            fills = (
                [mark.fill, *(run.fill for run in mark.runs)]
                if isinstance(mark, Words)
                else [mark.fill, mark.stroke]
            )
            found.update(colour(PAPER, fill) for fill in fills if fill)
    used = [each for each, _ in sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))]
    pairs = [(PAPER.paper, PAPER.ink), (PAPER.paper, PAPER.quiet)]
    pairs += [(PAPER.paper, each) for each in used]
    pale = [mixed(each, PAPER.paper, 0.3) for each in used[:6]]
    exact = shades([(each, each) for each in used], 2)
    return Palette(
        [
            *shades([(PAPER.paper, PAPER.paper)], 2),
            *exact,
            *shades(pairs, 8),
            *shades([(each, PAPER.ink) for each in pale], 4),
        ]
    )
