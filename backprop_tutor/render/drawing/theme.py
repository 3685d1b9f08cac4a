"""The colours of the pictures: one frozen record a theme, in the table `THEMES`.

Values are green and gradients red in the first; whatever the theme, position, sign and the legend
say the same as the colour.
"""

from __future__ import annotations

from dataclasses import dataclass

from ...choices import ThemeName
from ...errors import OptionError, did_you_mean, quoted
from ...sentences import said

__all__ = ["THEMES", "Theme", "find_theme"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """One set of colours, each as `#rrggbb`.

    Attributes:
        name: the theme's name, also a class of the picture.
        paper: the background.
        ink: names, finished wires and gates, formulas.
        quiet: local gradients, the step's title, its reason.
        pending: what the forward pass has not reached.
        value, gradient: the numbers above and below a wire.
        active, active_fill: the gate at work, its arrows, and the gate's inside.
        slot: the empty place on a worksheet.
    """

    name: str
    paper: str
    ink: str
    quiet: str
    pending: str
    value: str
    gradient: str
    active: str
    active_fill: str
    slot: str


THEMES = {
    theme.name: theme
    for theme in (
        Theme(
            name="light", paper="#ffffff", ink="#1a1a1a", quiet="#5f6368", pending="#b4b8bd",
            value="#007a00", gradient="#c00000", active="#1f5fbf", active_fill="#e8f0fe",
            slot="#eef1f4",
        ),
        Theme(
            name="dark", paper="#15181c", ink="#eceff1", quiet="#a9b1b8", pending="#59616a",
            value="#6fd08c", gradient="#ff8a80", active="#7db3ff", active_fill="#1d3355",
            slot="#262c33",
        ),
        # Okabe and Ito's bluish green and vermilion, darkened to 4.5:1 on white; orange stays free.
        Theme(
            name="colour-blind", paper="#ffffff", ink="#1a1a1a", quiet="#5f6368", pending="#b4b8bd",
            value="#00694b", gradient="#b34700", active="#0b4f8a", active_fill="#e3f0fa",
            slot="#eef1f4",
        ),
    )
}  # fmt: skip


def find_theme(name: ThemeName | Theme) -> Theme:
    """Return the theme of that name; a `Theme` is its own.

    Raises:
        OptionError: there is none; the choices are listed.

    >>> find_theme("light").value
    '#007a00'
    """
    if isinstance(name, Theme):
        return name
    theme = THEMES.get(name) if isinstance(name, str) else None
    if theme is None:
        hint = did_you_mean(name, THEMES) or said("the themes: {names}", names=", ".join(THEMES))
        raise OptionError(
            said("there is no theme {name}; {hint}", name=quoted(name), hint=hint)
        ).about(names=[str(name)], choices=THEMES)
    return theme
