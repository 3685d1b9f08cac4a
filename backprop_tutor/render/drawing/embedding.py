"""Pictures and pages put beside others on one page, without disturbing each other.

A picture's ids carry a prefix made of its content; a page stands in a frame of its own.
"""

from __future__ import annotations

import hashlib
import re

from ...pages.filling import filled, resource

__all__ = ["framed", "scoped"]

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
    return filled(
        "render/drawing/templates/frame.html",
        page=page, title=title, height=height, code=resource("render/drawing/growing.js"),
    )  # fmt: skip
