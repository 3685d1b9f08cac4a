"""How derivations and frames show themselves in a notebook's output cells.

Enters: one of these. Leaves: HTML that loads nothing from anywhere and leaves other outputs alone.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from ...cells import image
from ...pages.filling import filled, resource
from ...pages.policy import hashed
from ...steps import Derivation
from ...translation import sentence as _
from ...translation import spoken
from ..narration.explain import document
from ..narration.html import html
from .embedding import framed

__all__ = ["derivation_html", "frames_html"]

_MOST_EXPLAINED = 200


def derivation_html(derivation: Derivation, svg: str) -> str:
    """Return a derivation's picture, and its explanation to be opened below."""
    if derivation.graph_table.operations > _MOST_EXPLAINED:
        return image(svg)
    told = html(document(derivation, check=False), top=3)
    return filled("render/drawing/templates/derivation.html", picture=image(svg), told=told)


def frames_html(pictures: Sequence[str], height: float, complete: str) -> str:
    """Return a player for the pictures of all steps: buttons, a slider, arrow keys.

    Args:
        pictures: SVG texts of the same size, one a step.
        height: of each picture, in px.
        complete: the picture of everything, for a notebook that is not trusted.
    """
    if not pictures:
        return ""
    code = resource("render/drawing/player.js")
    # The pictures' own styles are part of them, so styles are allowed; scripts are not, but one.
    policy = f"default-src 'none'; script-src {hashed(code)}; style-src 'unsafe-inline'"
    page = filled(
        "render/drawing/templates/player.html",
        lang=spoken(), title=_("Steps"), policy=policy, style=resource("render/drawing/player.css"),
        pictures=pictures, code=code,
        data=json.dumps(pictures, ensure_ascii=True).replace("<", "\\u003c"),
    )  # fmt: skip
    return framed(page, _("Steps"), int(min(max(height + 70, 200), 900)), complete)
