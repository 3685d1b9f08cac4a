"""A plot that moves, as a GIF: what stays the same in all frames is drawn once.

Enters: the marks of frames of one size. Leaves: the file's bytes, by Pillow. What never changes (axes,
numbers, points) lies above what does, but for lines of the kinds in `UNDER`.
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Sequence
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

__all__ = ["gif_bytes"]

UNDER = {"later", "mesh", "region", "plate", "under"}
"""Kinds of marks that stay beneath what changes, whether or not they change."""

LOWEST = {"later"}
"""Those of them that nothing stands beneath: where they never change they are drawn once."""


def gif_bytes(
    frames: Sequence[Sequence[Mark]],
    size: tuple[float, float],
    *,
    seconds: float = 0.12,
    hold: float = 2.5,
    scale: float = 0.75,
) -> bytes:
    """Return frames as a GIF that plays for ever; the last stays for `hold` seconds.

    Raises:
        OptionError: Pillow is not installed.
    """
    need("PIL")
    counts = Counter(mark for frame in frames for mark in set(frame))
    same = {m for m, n in counts.items() if n == len(frames)}
    first_of_all = {m for m in same if m.kind in LOWEST}
    fixed = {m for m in same if m.kind not in UNDER}
    below = _drawn([mark for mark in frames[0] if mark in first_of_all], size, scale, paper=True)
    above = _drawn([mark for mark in frames[0] if mark in fixed], size, scale, paper=False)
    left_out = fixed | first_of_all
    palette = _palette(frames)
    made: list[Image] = []
    for frame in frames:
        moving = _drawn([mark for mark in frame if mark not in left_out], size, scale, paper=False)
        image = below.copy()
        for layer in (moving, above):
            image.alpha_composite(layer)
        made.append(palette.indexed(image))
    out = io.BytesIO()
    first, *rest = made
    times = [round(1000 * seconds)] * len(rest) + [round(1000 * hold)]
    more: dict[str, Any] = {"duration": times if rest else times[0]}
    first.save(out, "GIF", save_all=True, append_images=rest, loop=0, **more)
    return out.getvalue()


def _drawn(marks: Sequence[Mark], size: tuple[float, float], scale: float, paper: bool) -> Image:
    from PIL import Image as images  # start-up time

    wide, high = size
    ground = f'<rect width="{wide:g}" height="{high:g}" fill="{PAPER.paper}"/>' if paper else ""
    inside = "".join(written_mark(mark, PAPER) for mark in marks)
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide:g}" height="{high:g}" '
        f'viewBox="0 0 {wide:g} {high:g}" font-family=\'{FAMILY}\' stroke-linejoin="round">'
        f"{ground}{inside}</svg>"
    )
    with images.open(io.BytesIO(png_bytes(svg, scale, size))) as image:
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
