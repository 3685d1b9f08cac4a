"""A story as one HTML file: the frames with a slider, and the still pictures with what they show.

The file loads nothing: its content security policy allows the one style and the one script that it
carries, by their hashes. Every text is escaped here.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

from ..lesson.frame_pictures import pictures
from ..lesson.page import policy, script_hash
from ..render.drawing.theme import THEMES
from ..render.stage.marks import Mark, Words
from ..render.typesetting.fonts import FAMILY
from ..sentences import said, spoken

__all__ = ["Section", "Slides", "page"]


@dataclass(frozen=True, kw_only=True)
class Section:
    """A still picture, its heading and what it shows; `wide` takes the page's whole width.

    `svg` and `table` are markup that was made from escaped texts; the rest is text.
    """

    heading: str
    told: str
    svg: str = ""
    table: str = ""
    wide: bool = False


@dataclass(frozen=True, kw_only=True)
class Slides:
    """Frames that a slider goes through, each with its label."""

    frames: Sequence[Sequence[Mark]]
    labels: Sequence[str]
    size: tuple[float, float]
    told: str


@cache
def _resource(name: str) -> str:
    return Path(__file__).with_name(name).read_text(encoding="utf-8")


_SIZE = re.compile(r'font-size="([0-9.]+)"')
_BOX = re.compile(r'viewBox="0 0 ([0-9.]+) ')
_LEAST = 11.0
"""No text of a picture is shown smaller, in px; a picture that would be is scrolled sideways."""


def _least_width(wide: float, sizes: Iterable[float]) -> int:
    """Return the width below which a picture's smallest text would not be legible."""
    return math.ceil(wide * _LEAST / min(sizes, default=_LEAST))


def _framed(svg: str, name: str, least: int) -> str:
    """Return a picture in a box that can be scrolled; `_style` has the rule of its class."""
    said_as = escape(name)
    return f'<div class="picture w{least}" tabindex="0" role="group" aria-label="{said_as}">{svg}</div>'


def _style(widths: Iterable[int]) -> str:
    light = THEMES["light"]
    roles = (
        "paper",
        "ink",
        "quiet",
        "pending",
        "value",
        "gradient",
        "active",
        "active_fill",
        "slot",
    )
    colours = "".join(f"--{role.replace('_', '-')}: {getattr(light, role)}; " for role in roles)
    least = "".join(f".w{width} svg {{ min-width: {width}px; }}\n" for width in sorted(set(widths)))
    return f":root {{ {colours}}}\n{_resource('story.css')}{least}"


def _slides(slides: Slides, title: str) -> tuple[str, str, int]:
    """Return the section with the slider, the frames as JSON that may stand in a page, the least width."""
    found: dict[str, Any] = pictures(slides.frames, slides.size[0], title)
    held = {
        "marks": found["marks"],
        "steps": found["steps"],
        "labels": list(slides.labels),
        "play": said("play"),
        "pause": said("pause"),
    }
    text = json.dumps(held, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    wide, high = slides.size
    last = len(slides.frames) - 1
    least = _least_width(wide, (m.size for frame in slides.frames for m in frame if isinstance(m, Words)))
    drawn = (
        f'<svg viewBox="0 0 {wide:g} {high:g}" role="img" aria-label="{escape(slides.told)}" '
        f'font-family=\'{escape(FAMILY, quote=False)}\' stroke-linejoin="round"><g id="scene"></g></svg>'
    )
    html = (
        f'<section><div class="controls"><button id="play" type="button">{escape(said("play"))}</button>'
        f'<input id="moment" type="range" min="0" max="{last}" value="{last}" '
        f'aria-label="{escape(said("moment of the training"))}">'
        f'<span id="when" aria-live="polite"></span></div>'
        f'{_framed(drawn, title, least)}<p class="quiet">{escape(slides.told)}</p></section>'
    )
    return html, text, least


def _section(section: Section) -> str:
    told = f"<p>{escape(section.told)}</p>" if section.told else ""
    drawn = _framed(section.svg, section.heading, _least(section)) if section.svg else ""
    return f"<section><h2>{escape(section.heading)}</h2>{told}{drawn}{section.table}</section>"


def _least(section: Section) -> int:
    box = _BOX.search(section.svg)
    return _least_width(float(box[1]), map(float, _SIZE.findall(section.svg))) if box else 0


def page(
    title: str,
    lead: Sequence[str],
    sections: Sequence[Section],
    command: str,
    slides: Slides | None = None,
) -> str:
    """Return the whole page; `command` is what made it."""
    moving, frames, least = _slides(slides, title) if slides is not None else ("", "", 0)
    code = (
        f'(() => {{\n"use strict";\n{_resource("story.js")}}})();\n' if slides is not None else ""
    )
    style = _style([least, *map(_least, sections)])
    wide = "".join(_section(each) for each in sections if each.wide)
    rest = "".join(_section(each) for each in sections if not each.wide)
    made = escape(said("made by"))
    tail = (
        f'<script type="application/json" id="frames">{frames}</script><script>{code}</script>'
        if slides is not None
        else ""
    )
    leads = "".join(f"<p>{escape(each)}</p>" for each in lead)
    return (
        f'<!DOCTYPE html>\n<html lang="{escape(spoken())}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy(code, _quoted(style))}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{style}</style>\n</head>\n<body>\n<main>\n"
        f"<h1>{escape(title)}</h1>\n{leads}\n{moving}\n{wide}\n"
        f'<div class="pair">{rest}</div>\n'
        f'<p class="quiet">{made} <code>{escape(command)}</code></p>\n</main>\n{tail}\n</body>\n</html>\n'
    )


def _quoted(style: str) -> str:
    return f"'{script_hash(style)}'"
