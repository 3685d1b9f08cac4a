"""How long the frames of an animation stay, how often it plays, and how large it is.

Everything that is a number or a choice of the user's is checked here, once, before anything is drawn.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from ..errors import OptionError, quoted
from ..render.typesetting.raster import LARGEST_SCALE
from ..sentences import said

__all__ = ["Pace", "chosen_scale"]

_SHORTEST, _LONGEST = 0.02, 600.0
_WIDE = 1600.0
_MOST_PIXELS = 300_000_000
_MOST_SIDE = 16_383
"""The longest side that every one of the three formats can have (WebP's limit)."""


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds a frame, seconds the last one is held, and whether it plays again.

    Raises:
        OptionError: a time that is none, shorter than 0.02 s (players slow such frames down) or
            longer than 600 s.
    """

    seconds: float = 1.2
    hold: float = 3.0
    loop: bool = True

    def __post_init__(self) -> None:
        for name, value in (("pace", self.seconds), ("hold", self.hold)):
            number = isinstance(value, (int, float)) and not isinstance(value, bool)
            if not number or not _SHORTEST <= value <= _LONGEST:
                raise OptionError(
                    said(
                        "{name} is a number of seconds from {shortest:g} to {longest:g}, not {value}",
                        name=name,
                        shortest=_SHORTEST,
                        longest=_LONGEST,
                        value=quoted(repr(value)),
                    )
                )
        if not isinstance(self.loop, bool):
            raise OptionError(
                said("loop is True or False, not {loop}", loop=quoted(repr(self.loop)))
            )

    def milliseconds(self, frames: int) -> list[int]:
        """Return how long each frame stays, in whole hundredths of a second as GIF has them.

        >>> Pace(seconds=0.5, hold=2).milliseconds(3)
        [500, 500, 2000]
        """
        each, last = (round(s * 100) * 10 for s in (self.seconds, self.hold))
        return [each] * (frames - 1) + [last]


def chosen_scale(scale: float | None, size: tuple[float, float], frames: int) -> float:
    """Return the pixels a px: the one given, or the one that makes the pictures about 1600 wide.

    Raises:
        OptionError: no number above 0 and up to 10, or more pixels than fit into memory and into
            the formats; the largest scale that fits is named.

    >>> chosen_scale(None, (800, 400), 20), chosen_scale(None, (4000, 500), 20)
    (2.0, 1.0)
    """
    width, height = size
    fits = min(
        _MOST_SIDE / max(size), math.sqrt(_MOST_PIXELS / (width * height * max(frames, 1))),
        LARGEST_SCALE,
    )  # fmt: skip
    if scale is None:
        return min(fits, max(1.0, min(2.0, _WIDE / width)))
    if isinstance(scale, bool) or not isinstance(scale, (int, float)) or not 0 < scale <= LARGEST_SCALE:
        raise OptionError(
            said(
                "scale is a number above 0 and up to {largest_scale:g}, not {scale}",
                largest_scale=LARGEST_SCALE,
                scale=quoted(repr(scale)),
            )
        )
    if scale > fits:
        raise OptionError(
            said(
                "{frames} frames of {width:.0f} × {height:.0f} pixels are too many for one animation "
                "at scale {scale:g}; a scale up to {fits:g} fits",
                frames=frames,
                width=width * scale,
                height=height * scale,
                scale=scale,
                fits=math.floor(fits * 100) / 100,
            )
        )
    return float(scale)
