"""The themes' colours as the variables of a page's style, so that pages and pictures share one table.

Enters: nothing, or the wish for every theme. Leaves: CSS, from the style sheet that all pages share.
"""

from __future__ import annotations

from functools import cache

from ...pages.filling import filled
from ..drawing.theme import THEMES, Theme
from .colours import HEAT_LEVELS, colour

__all__ = ["variables"]

_ROLES = ("paper", "ink", "quiet", "pending", "value", "gradient", "active", "active_fill", "slot")
_MIXED = ("casing", "tint", *(f"heat{level}" for level in range(-HEAT_LEVELS, HEAT_LEVELS + 1)))


def _colours(theme: Theme, roles: tuple[str, ...]) -> dict[str, str]:
    return {role.replace("_", "-"): colour(theme, role) for role in roles}


@cache
def variables(*, themed: bool = False) -> str:
    """Return the variables of a page's style: of light paper, or of every theme.

    Those of every theme follow the system's wish and the choice on the page, and hold what pictures
    that are drawn on the page need beside.

    >>> "--value: #007a00;" in variables(), "#6fd08c" in variables(), "#6fd08c" in variables(themed=True)
    (True, False, True)
    """
    names, roles = (tuple(THEMES), (*_ROLES, *_MIXED)) if themed else (("light",), _ROLES)
    themes = {name: _colours(THEMES[name], roles) for name in names}
    return filled("pages/templates/variables.css", themes=themes)
