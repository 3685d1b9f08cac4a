"""Pages put beside others on one page, without disturbing each other: each stands in a frame of its own."""

from __future__ import annotations

from ...cells import image
from ...pages.filling import filled, resource

__all__ = ["framed"]


def framed(page: str, title: str, height: int, picture: str = "") -> str:
    """Return a page in a frame of its own, so that several in one notebook leave each other alone.

    The frame is as tall as `height` until the page in it says how tall it is; where a notebook runs no
    scripts it stays so, and the page scrolls in it. Where a notebook is not trusted and takes frames away,
    a sentence that says so is left of it, and the `picture`, which is SVG text.
    """
    return filled(
        "render/drawing/templates/frame.html",
        page=page, title=title, height=height, picture=image(picture) if picture else "",
        code=resource("render/drawing/growing.js"),
    )  # fmt: skip
