"""How derivations, pictures, frames and markings show themselves in notebooks, each apart from the others.

Enters: one of these. Leaves: HTML for an output cell. A picture's ids carry a prefix made of its
content, and what runs a script stands in a frame of its own, so that several outputs on one page do
not disturb each other. Nothing is loaded from anywhere.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from html import escape
from pathlib import Path

from ..homework.verdicts import Marking
from ..render.agreement import agreed
from ..render.diagram import Diagram
from ..render.document import Block, Document, Heading, Paragraph, Table
from ..render.explain import document
from ..render.frames import Frames
from ..render.html import html
from ..steps import Derivation
from ..translation import sentence as _
from .page import framed

__all__ = ["derivation_html", "diagram_html", "frames_html", "marking_html", "scoped"]

_ID = re.compile(r'(?<=\sid=")([^"]+)(?=")')
_REFERENCE = re.compile(r"url\(#([^)]+)\)|(?<=href=\"#)([^\"]+)(?=\")")
_MOST_EXPLAINED = 200


def scoped(svg: str) -> str:
    """Return an SVG whose ids, and what refers to them, carry a prefix made of its content.

    >>> scoped('<svg><g id="a"/><use href="#a"/></svg>')
    '<svg><g id="i9f9826-a"/><use href="#i9f9826-a"/></svg>'
    """
    prefix = "i" + hashlib.sha256(svg.encode()).hexdigest()[:6] + "-"

    def referred(match: re.Match[str]) -> str:
        return f"url(#{prefix}{match[1]})" if match[1] else f"{prefix}{match[2]}"

    return _ID.sub(lambda match: prefix + match[1], _REFERENCE.sub(referred, svg))


def diagram_html(picture: Diagram) -> str:
    """Return a picture that is as wide as its cell allows."""
    return f'<div style="overflow-x:auto">{scoped(picture.svg)}</div>'


def derivation_html(derivation: Derivation, picture: Diagram) -> str:
    """Return a derivation's picture, and its explanation to be opened below."""
    if derivation.graph_table.operations > _MOST_EXPLAINED:
        return diagram_html(picture)
    told = html(agreed(document(derivation, check=False)), top=3)
    words = escape(_("The derivation in words"))
    return f"{diagram_html(picture)}<details><summary>{words}</summary>{told}</details>"


def marking_html(marking: Marking) -> str:
    """Return a marked sheet as a table: what was answered, the verdict, and why."""
    rows = tuple(
        ((cell.quantity,), (cell.given or "–",), (cell.status,), (cell.sentence,))
        for cell in marking.cells.values()
    )
    headers = (_("quantity"), _("answer"), _("verdict"), _("why"))
    score = _("score {share}").format(share=f"{marking.score:.0%}")
    blocks: list[Block] = [Heading(4, (score,)), Table(headers, rows)]
    blocks += [Paragraph((note,)) for note in marking.notes]
    return html(Document(tuple(blocks)))


def frames_html(frames: Frames) -> str:
    """Return a player for the pictures of all steps: buttons, a slider, arrow keys."""
    pictures = [frame.svg for frame in frames]
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
    height = max(float(frames[0].size[1]) + 70, 200)
    return framed(page, _PLAYER_WORDS["title"], int(min(height, 900)))


_PLAYER_WORDS = {"title": "Steps", "back": "Back", "next": "Next", "step": "Step"}
"""Sentences that the lesson page has too, marked there."""
