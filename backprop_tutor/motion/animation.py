"""An animation of all frames: GIF, APNG and WebP, written by Pillow.

Enters: a derivation and how it is to be shown. Leaves: an `Animation`, whose `save` writes the file
that its suffix says. There is one frame a step, so the animation has as many frames as the
derivation has steps.
"""

from __future__ import annotations

import io
from base64 import b64encode
from collections.abc import Callable, Iterable, Mapping, Sequence
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..choices import Blank, Layout, ThemeName
from ..errors import OptionError, quoted
from ..extras import need
from ..files import write_whole
from ..frozen import Final
from ..language import shown_name
from ..once import cached_property
from ..render.drawing.diagram import Drawn, Plate
from ..render.drawing.theme import Theme
from ..sentences import counted, said
from ..steps import Derivation
from .legible import legible
from .pace import Pace, chosen_scale
from .patches import drawn_frames
from .reel import Reel
from .titles import frame_titles

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["Animation", "animation"]


class Animation(Final):
    """A derivation that moves: `.gif()`, `.apng()`, `.webp()`, `.save(path)`; notebooks play it."""

    pace: Pace
    scale: float
    _plate: Drawn
    _titles: tuple[str, ...]
    _reel: Reel

    def __init__(self, plate: Drawn, titles: Sequence[str], pace: Pace, scale: float | None) -> None:
        reel = Reel(plate, titles)
        self.__dict__.update(
            pace=pace, scale=chosen_scale(scale, reel.size, len(reel)), _plate=plate,
            _titles=tuple(titles), _reel=reel,
        )  # fmt: skip

    def _parts(self) -> tuple[object, ...]:
        return self._plate, self._titles, self.pace, self.scale

    def __len__(self) -> int:
        return len(self._reel)

    def __repr__(self) -> str:
        name = shown_name(self._plate.derivation.output)
        return f"<Animation of {name}, {counted(len(self), '1 frame', '{count} frames')}>"

    @property
    def seconds(self) -> float:
        """Return how long it plays once."""
        return sum(self.pace.milliseconds(len(self))) / 1000

    def frame(self, step: int) -> str:
        """Return a step's frame as SVG, with its title; steps count from 1.

        Raises:
            OptionError: there is no such step.
        """
        if isinstance(step, bool) or not isinstance(step, int) or not 1 <= step <= len(self):
            raise OptionError(
                said(
                    "step is a whole number from 1 to {count}, not {step}",
                    count=len(self),
                    step=quoted(repr(step)),
                )
            )
        return self._reel.svg(step)

    @cached_property
    def _images(self) -> list[Image]:
        frames = (self._reel.svg(step) for step in range(1, len(self) + 1))
        return list(drawn_frames(frames, self._reel.size, self.scale))

    def gif(self) -> bytes:
        """Return the animation as GIF, in the theme's colours and their shades."""
        from .colours import theme_palette  # start-up time: NumPy

        colours = theme_palette(self._plate.theme)
        images = [colours.indexed(image) for image in self._images]
        return self._written(images, "GIF", {"loop": 0} if self.pace.loop else {})

    def apng(self) -> bytes:
        """Return the animation as APNG, in true colours."""
        return self._written(self._images, "PNG", {"loop": 0 if self.pace.loop else 1})

    def webp(self) -> bytes:
        """Return the animation as WebP, without loss."""
        options = {"loop": 0 if self.pace.loop else 1, "lossless": True, "method": 2, "quality": 50}
        return self._written(self._images, "WEBP", options)

    def _written(self, images: Sequence[Image], format: str, options: Mapping[str, Any]) -> bytes:
        out = io.BytesIO()
        first, *rest = images
        times = self.pace.milliseconds(len(images))
        duration: int | list[int] = times if rest else times[0]
        first.save(
            out, format, save_all=True, append_images=rest, duration=duration, **options
        )
        return out.getvalue()

    def save(self, path: str | PathLike[str]) -> Path:
        """Write the animation and return its path; the suffix says the format.

        `.gif`, `.apng` or `.png` (both APNG), `.webp`. The file is written whole or not at all.

        Raises:
            OptionError: another suffix.
            FileError: the place cannot be written.
        """
        place = Path(path)
        write = _FORMATS.get(place.suffix.lower())
        if write is None:
            raise OptionError(
                said(
                    "an animation's file name ends in .gif, .apng, .png or .webp, not {suffix}",
                    suffix=quoted(place.suffix or str(place)),
                )
            )
        return write_whole(place, write(self))

    def _repr_html_(self) -> str:
        steps = counted(len(self), "1 step", "{count} steps")
        words = f"{steps} of the computational graph of {self._plate.derivation.output}"
        data = b64encode(self.apng()).decode("ascii")
        return f'<img alt="{words}" style="max-width:100%" src="data:image/png;base64,{data}">'


_FORMATS: dict[str, Callable[[Animation], bytes]] = {
    ".gif": Animation.gif,
    ".apng": Animation.apng,
    ".png": Animation.apng,
    ".webp": Animation.webp,
}


def animation(
    derivation: Derivation, *, pace: float = 1.2, hold: float | None = None, loop: bool = True,
    scale: float | None = None, title: str | Sequence[str] = "{program}", precision: int = 4,
    blank: Blank | Iterable[Blank] = (), layout: Layout = "embedded", force: bool = False,
    theme: ThemeName | Theme = "light",
) -> Animation:  # fmt: skip
    """Return all frames of a derivation as an animation.

    Args:
        derivation: the derivation.
        pace: seconds a frame.
        hold: seconds the last frame stays; by default two and a half times as long as the others.
        loop: whether it plays again from the beginning.
        scale: pixels a px; by default the pictures are about 1600 pixels wide.
        title: above the picture: a text with fields (`{program}`, `{step}`, `{count}`, `{phase}`,
            `{what}`, `{node}`), one text a frame, or "" for none.
        precision, blank, layout, force, theme: as for `diagram`.

    Raises:
        OptionError: an option that is none, too many nodes or pixels, or Pillow is not installed.
    """
    need("PIL")
    checked = Pace(pace)
    checked = Pace(pace, min(600.0, 2.5 * checked.seconds) if hold is None else hold, loop)
    plate = Plate(
        derivation, precision=precision, blank=blank, layout=layout, force=force, theme=theme
    )
    return Animation(legible(plate), frame_titles(derivation, title), checked, scale)
