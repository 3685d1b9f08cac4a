"""How derivations, pictures and frames show themselves in a notebook's output cells.

Enters: one of these. Leaves: HTML that loads nothing from anywhere and leaves other outputs alone.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Sequence
from html import escape
from pathlib import Path

from ...steps import Derivation
from ...translation import sentence as _
from ..narration.explain import document
from ..narration.html import html
from .embedding import framed, scoped

__all__ = ["derivation_html", "diagram_html", "frames_html"]

_MOST_EXPLAINED = 200


def diagram_html(svg: str) -> str:
    """Return a picture, given as SVG text, that is as wide as its cell allows."""
    return f'<div style="overflow-x:auto">{scoped(svg)}</div>'


def derivation_html(derivation: Derivation, svg: str) -> str:
    """Return a derivation's picture, and its explanation to be opened below."""
    if derivation.graph_table.operations > _MOST_EXPLAINED:
        return diagram_html(svg)
    told = html(document(derivation, check=False), top=3)
    words = escape(_("The derivation in words"))
    return f"{diagram_html(svg)}<details><summary>{words}</summary>{told}</details>"


def frames_html(pictures: Sequence[str], height: float) -> str:
    """Return a player for the pictures of all steps: buttons, a slider, arrow keys.

    Args:
        pictures: SVG texts of the same size, one a step.
        height: of each picture, in px.
    """
    if not pictures:
        return ""
    code = (Path(__file__).parent / "player.js").read_text(encoding="utf-8")
    style = (
        "body{margin:0;font:15px system-ui,sans-serif}"
        "#bar{display:flex;gap:.4em;align-items:center;padding:.4em}"
        "button{font:inherit;padding:.2em .8em}input{flex:1}#frame{overflow:auto}"
        "#frame svg{max-width:100%;height:auto}"
    )

    def digest(text: str) -> str:
        return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode("ascii")

    # The pictures' own styles are part of them, so styles are allowed; scripts are not, but one.
    policy = f"default-src 'none'; script-src '{digest(code)}'; style-src 'unsafe-inline'"
    data = json.dumps(pictures, ensure_ascii=True).replace("<", "\\u003c")
    words = {name: escape(_(text)) for name, text in _PLAYER_WORDS.items()}
    page = (
        f'<!DOCTYPE html><html lang="en"><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}"><title>{words["title"]}</title>'
        f'<style>{style}</style><div id="bar">'
        f'<button id="back" aria-label="{words["back"]}">◀</button>'
        f'<button id="next" aria-label="{words["next"]}">▶</button>'
        f'<input id="slider" type="range" min="0" max="{len(pictures) - 1}" value="0" '
        f'aria-label="{words["step"]}"><output id="count"></output></div>'
        f'<div id="frame">{pictures[0]}</div>'
        f'<script type="application/json" id="frames">{data}</script><script>{code}</script></html>'
    )
    return framed(page, _PLAYER_WORDS["title"], int(min(max(height + 70, 200), 900)))


_PLAYER_WORDS = {"title": "Steps", "back": "Back", "next": "Next", "step": "Step"}
"""Sentences that the lesson page has too, marked there."""
