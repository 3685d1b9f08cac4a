"""A display list written as SVG, every look on the element itself, so that several share a page.

Enters: marks, a size, a theme, a title and a description for those who do not see it. Leaves: SVG text.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from ..drawing.theme import Theme
from ..typesetting.fonts import FAMILY
from .colours import colour
from .marks import Disc, Mark, Path, Rect, Words

__all__ = ["stage_svg", "written_mark"]


def stage_svg(
    marks: Iterable[Mark], foot: Iterable[Mark], size: tuple[float, float], theme: Theme,
    title: str, description: str,
) -> str:  # fmt: skip
    """Return a picture as SVG, its caption and legend (`foot`) in a group of their own."""
    wide, high = (_n(side) for side in size)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="stage {escape(theme.name)}" '
        f'width="{wide}" height="{high}" viewBox="0 0 {wide} {high}" role="img" '
        f'font-family="{escape(FAMILY)}" stroke-linejoin="round"><title>{escape(title)}</title>'
        f"<desc>{escape(description)}</desc>"
        f'<rect class="paper" width="{wide}" height="{high}" fill="{theme.paper}"/><g>'
    ]
    parts += [written_mark(mark, theme) for mark in marks]
    parts.append('</g><g class="caption">')
    parts += [written_mark(mark, theme) for mark in foot]
    parts.append("</g></svg>\n")
    return "".join(parts)


def _n(number: float) -> str:
    """Return a length as short as it can be, to a tenth of a px."""
    return f"{number:.1f}".removesuffix(".0")


def _known(mark: Mark) -> str:
    key = f' id="{escape(mark.key)}"' if mark.key else ""
    return key + (f' class="{escape(mark.kind)}"' if mark.kind else "")


def _outline(theme: Theme, fill: str, stroke: str, width: float) -> str:
    line = f' stroke="{colour(theme, stroke)}" stroke-width="{width:g}"' if stroke else ""
    return f' fill="{colour(theme, fill)}"{line}'


def _path(mark: Path, theme: Theme) -> str:
    more = f' stroke-dasharray="{mark.dash}"' if mark.dash else ""
    more += f' stroke-linecap="{mark.cap}"' if mark.cap else ""
    if mark.opacity < 1:  # of one paint alone it needs no layer of its own, which is slow to draw
        paint = "" if mark.fill and mark.stroke else "fill-" if mark.fill else "stroke-"
        more += f' {paint}opacity="{mark.opacity:g}"'
    more += ' shape-rendering="crispEdges"' if mark.crisp else ""
    return f'<path{_known(mark)} d="{mark.d}"{_outline(theme, mark.fill, mark.stroke, mark.width)}{more}/>'


def _rect(mark: Rect, theme: Theme) -> str:
    corner = f' rx="{_n(mark.rx)}"' if mark.rx else ""
    return (
        f'<rect{_known(mark)} x="{_n(mark.x)}" y="{_n(mark.y)}" width="{_n(mark.width)}" '
        f'height="{_n(mark.height)}"{corner}{_outline(theme, mark.fill, mark.stroke, mark.line)}/>'
    )


def _disc(mark: Disc, theme: Theme) -> str:
    return (
        f'<circle{_known(mark)} cx="{_n(mark.x)}" cy="{_n(mark.y)}" r="{_n(mark.r)}"'
        f"{_outline(theme, mark.fill, mark.stroke, mark.line)}/>"
    )


_STYLES = {"regular": "", "italic": ' font-style="italic"', "bold": ' font-weight="bold"'}


def _words(mark: Words, theme: Theme) -> str:
    anchor = f' text-anchor="{mark.anchor}"' if mark.anchor != "start" else ""
    runs = [run for run in mark.runs if run.text]
    one = len(runs) == 1
    fill = (runs[0].fill if one else "") or mark.fill
    head = (
        f'<text{_known(mark)} x="{_n(mark.x)}" y="{_n(mark.y)}" font-size="{mark.size:g}"'
        f'{anchor} fill="{colour(theme, fill)}"'
    )
    if one:
        return f"{head}{_STYLES[runs[0].style]}{_kept(runs[0].text)}>{escape(runs[0].text)}</text>"
    pieces = "".join(
        f"<tspan{_STYLES[run.style]}"
        + (f' fill="{colour(theme, run.fill)}"' if run.fill else "")
        + f">{escape(run.text)}</tspan>"
        for run in runs
    )
    return f"{head}{_kept(mark.text)}>{pieces}</text>"


def _kept(text: str) -> str:
    """Return the attribute that keeps blanks side by side, where there are any."""
    return ' xml:space="preserve"' if "  " in text or text != text.strip() else ""


def written_mark(mark: Mark, theme: Theme) -> str:
    """Return one mark as SVG."""
    if isinstance(mark, Words):
        return _words(mark, theme)
    if isinstance(mark, Path):
        return _path(mark, theme)
    return _rect(mark, theme) if isinstance(mark, Rect) else _disc(mark, theme)
