"""The colours that an animation's GIF is written in: the theme's, each in steps from its background."""

from __future__ import annotations

from ..charts.palette import Palette, shades
from ..render.drawing.theme import Theme

__all__ = ["theme_palette"]


def theme_palette(theme: Theme) -> Palette:
    """Return the colours of a theme, each in steps from its background to itself.

    >>> from backprop_tutor.render.drawing.theme import find_theme
    >>> found = theme_palette(find_theme("light"))
    >>> len(found.colours) <= 255, found.colours[0]
    (True, (255, 255, 255))
    """
    on_paper = (
        theme.ink, theme.quiet, theme.pending, theme.value, theme.gradient, theme.active, theme.slot,
    )  # fmt: skip
    pairs = [(theme.paper, colour) for colour in on_paper]
    pairs += [(theme.active_fill, colour) for colour in (theme.ink, theme.active, theme.paper)]
    return Palette(shades(pairs))
