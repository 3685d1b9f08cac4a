"""A GIF's 256 colours, and the nearest of them for every pixel.

Nothing is guessed from the pixels, so the same picture gives the same bytes, and a colour that covers
little is as true as one that covers much. Pillow's own search is coarse: it makes white grey.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ..once import cached_property

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["Palette", "shades"]

_MOST = 255
"""One colour is kept free, as the mark of pixels not looked up yet."""

_UNKNOWN = 255

Colour = tuple[int, int, int]


def shades(pairs: Iterable[tuple[str, str]], steps: int = 16) -> list[Colour]:
    """Return the colours from each pair's ground to its colour, in steps, each colour once.

    >>> shades([("#ffffff", "#000000")], 3)
    [(255, 255, 255), (128, 128, 128), (0, 0, 0)]
    """
    found = dict.fromkeys(
        _blend(_rgb(ground), _rgb(colour), step / (steps - 1))
        for ground, colour in pairs
        for step in range(steps)
    )
    return list(found)


class Palette:
    """At most 255 colours, the first ones of those that are given.

    >>> len(Palette([(255, 255, 255), (0, 0, 0)]).colours)
    2
    """

    def __init__(self, colours: Iterable[Colour]) -> None:
        self.colours: list[Colour] = list(dict.fromkeys(colours))[:_MOST]

    @cached_property
    def _nearest(self) -> NDArray[np.uint8]:
        return np.full(1 << 24, _UNKNOWN, dtype=np.uint8)

    def indexed(self, image: Image) -> Image:
        """Return an image in these colours; its transparency plays no part."""
        from PIL import Image as images  # start-up time: only an animation pays for it

        whole = image if image.mode == "RGBA" else image.convert("RGBA")
        keys = np.asarray(whole).view("<u4")[..., 0] & 0xFFFFFF  # blue, green, red: one number a pixel
        found = self._nearest.take(keys, mode="clip")
        missing = found == _UNKNOWN
        if missing.any():
            unknown = np.unique(keys[missing])
            self._nearest[unknown] = self._search(unknown)
            found = self._nearest.take(keys, mode="clip")
        made = images.fromarray(found)
        made.putpalette([part for colour in self.colours for part in colour])
        return made

    def _search(self, keys: NDArray[np.uint32]) -> NDArray[np.uint8]:
        parts = np.stack([keys & 255, (keys >> 8) & 255, keys >> 16], axis=1).astype(np.int32)
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
