"""What a mark's role looks like in a theme: the theme's own colours, and those mixed from them.

`casing` lies under the wires at work, `tint` under cells at work; `heat-4` … `heat0` … `heat4` are the
nine levels of a heat map, negative to positive (PuOr of ColorBrewer 2.0, which colour-blind readers
tell apart; on dark paper its ends are the bright ones).
"""

from __future__ import annotations

from ..drawing.theme import Theme

__all__ = ["HEAT_LEVELS", "colour", "is_dark", "mixed"]

HEAT_LEVELS = 4
"""How many levels there are on either side of 0."""

_ON_LIGHT = (
    "#542788", "#8073ac", "#b2abd2", "#d8daeb", "#f7f7f7", "#fee0b6", "#fdb863", "#e08214", "#b35806",
)  # fmt: skip
_ON_DARK = (
    "#cdc6ff", "#9a91dc", "#6a60ab", "#3f3a70", "#262c33", "#573a17", "#8c5c1c", "#cf8a2e", "#ffc069",
)  # fmt: skip


def mixed(over: str, under: str, share: float) -> str:
    """Return a colour laid over another as if by that share of it.

    >>> mixed("#000000", "#ffffff", 0.25)
    '#bfbfbf'
    """
    pairs = [(int(over[i : i + 2], 16), int(under[i : i + 2], 16)) for i in (1, 3, 5)]
    return "#" + "".join(f"{round(share * a + (1 - share) * b):02x}" for a, b in pairs)


def is_dark(theme: Theme) -> bool:
    """Return whether a theme's paper is darker than its ink."""
    paper, ink = (sum(int(c[i : i + 2], 16) for i in (1, 3, 5)) for c in (theme.paper, theme.ink))
    return paper < ink


def colour(theme: Theme, role: str) -> str:
    """Return the colour of a role; a colour is its own, and no role is "none".

    >>> from backprop_tutor.render.drawing.theme import THEMES
    >>> colour(THEMES["light"], "value"), colour(THEMES["light"], ""), colour(THEMES["light"], "casing")
    ('#007a00', 'none', '#d2dff2')
    """
    if not role:
        return "none"
    if role.startswith("#"):
        return role
    if theme.paper.startswith("var("):  # a page's variables, of which it sets each
        return f"var(--{role.replace('_', '-')})"
    if role == "casing":
        return mixed(theme.active, theme.paper, 0.32 if is_dark(theme) else 0.2)
    if role == "tint":
        return mixed(theme.active, theme.paper, 0.26 if is_dark(theme) else 0.2)
    if role.startswith("heat"):
        table = _ON_DARK if is_dark(theme) else _ON_LIGHT
        return table[int(role.removeprefix("heat")) + HEAT_LEVELS]
    found: str = getattr(theme, role)
    return found
