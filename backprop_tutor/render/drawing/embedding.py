"""Pictures and pages put beside others on one page, without disturbing each other.

A picture's ids carry a prefix made of its content; a page stands in a frame of its own.
"""

from __future__ import annotations

import hashlib
import re
from html import escape

__all__ = ["framed", "scoped"]

_GROWING = (
    "window.backpropFrames||=(addEventListener('message',(e)=>{"
    "const h=e.data&&e.data.backprop==='height'?Number(e.data.height):0;"
    "if(h>0)for(const f of document.querySelectorAll('iframe.backprop-frame'))"
    "if(f.contentWindow===e.source)f.style.height=Math.min(Math.max(h,240),6000)+'px'}),true)"
)
"""Gives a frame the height that the page in it asks for; of any other message nothing is taken."""

_ID = re.compile(r'(?<=\sid=")([^"]+)(?=")')
_REFERENCE = re.compile(r"url\(#([^)]+)\)|(?<=href=\"#)([^\"]+)(?=\")")


def scoped(svg: str) -> str:
    """Return an SVG whose ids, and what refers to them, carry a prefix made of its content.

    >>> scoped('<svg><g id="a"/><use href="#a"/></svg>')
    '<svg><g id="i9f9826-a"/><use href="#i9f9826-a"/></svg>'
    """
    prefix = "i" + hashlib.sha256(svg.encode()).hexdigest()[:6] + "-"

    def referred(match: re.Match[str]) -> str:
        return f"url(#{prefix}{match[1]})" if match[1] else f"{prefix}{match[2]}"

    return _ID.sub(lambda match: prefix + match[1], _REFERENCE.sub(referred, svg))


def framed(page: str, title: str, height: int) -> str:
    """Return a page in a frame of its own, so that several in one notebook leave each other alone.

    The frame is as tall as `height` until the page in it says how tall it is; where a notebook runs no
    scripts it stays so, and the page scrolls in it.
    """
    return (
        f'<iframe class="backprop-frame" title="{escape(title)}" '
        'sandbox="allow-scripts allow-downloads allow-modals" '
        f'srcdoc="{escape(page)}" width="100%" height="{height}" '
        'style="border:1px solid #8886;border-radius:8px"></iframe>'
        f"<script>{_GROWING}</script>"
    )
