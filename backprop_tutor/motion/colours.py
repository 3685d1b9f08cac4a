"""A GIF's 256 colours, from the theme's, and the nearest of them for every pixel.

Nothing is guessed from the pixels, so the same derivation gives the same bytes, and a colour that
covers little is as true as one that covers much. Pillow's own search is coarse: it makes white grey.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ..once import cached_property
from ..render.drawing.theme import Theme

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["Palette"]

_SHADES = 16
_MOST = 255
"""One colour is kept free, as the mark of pixels not looked up yet."""

_UNKNOWN = 255

Colour = tuple[int, int, int]


class Palette:
    """The colours of a theme, each in steps from its background to itself.

    >>> from backprop_tutor.render.drawing.theme import find_theme
    >>> found = Palette(find_theme("light"))
    >>> len(found.colours) <= 255, found.colours[0]
    (True, (255, 255, 255))
    """

    def __init__(self, theme: Theme) -> None:
        on_paper = (
            theme.ink, theme.quiet, theme.pending, theme.value, theme.gradient, theme.active,
            theme.slot,
        )  # fmt: skip
        pairs = [(theme.paper, colour) for colour in on_paper]
        pairs += [(theme.active_fill, colour) for colour in (theme.ink, theme.active, theme.paper)]
        shades = dict.fromkeys(
            _blend(_rgb(ground), _rgb(colour), step / (_SHADES - 1))
            for ground, colour in pairs
            for step in range(_SHADES)
        )
        self.colours: list[Colour] = list(shades)[:_MOST]

    @cached_property
    def _nearest(self) -> NDArray[np.uint8]:
        return np.full(1 << 24, _UNKNOWN, dtype=np.uint8)

    def indexed(self, image: Image) -> Image:
        """Return an RGB image in these colours."""
        from PIL import Image as images  # start-up time: only an animation pays for it

        pixels = np.asarray(image).astype(np.uint32)
        keys = (pixels[..., 0] << 16) | (pixels[..., 1] << 8) | pixels[..., 2]
        found = self._nearest[keys]
        unknown = np.unique(keys[found == _UNKNOWN])
        if unknown.size:
            self._nearest[unknown] = self._search(unknown)
            found = self._nearest[keys]
        made = images.fromarray(found)
        made.putpalette([part for colour in self.colours for part in colour])
        return made

    def _search(self, keys: NDArray[np.uint32]) -> NDArray[np.uint8]:
        parts = np.stack([keys >> 16, (keys >> 8) & 255, keys & 255], axis=1).astype(np.int32)
        table = np.array(self.colours, dtype=np.int32)
        best = np.empty(len(parts), dtype=np.uint8)
        for start in range(0, len(parts), 4096):  # a block at a time keeps memory small
            block = parts[start : start + 4096]
            apart = ((block[:, None, :] - table[None, :, :]) ** 2).sum(axis=2)
            best[start : start + 4096] = apart.argmin(axis=1)
        return best


def _rgb(colour: str) -> Colour:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _blend(ground: Colour, colour: Colour, share: float) -> Colour:
    red, green, blue = (round(g + (c - g) * share) for g, c in zip(ground, colour, strict=True))
    return red, green, blue
