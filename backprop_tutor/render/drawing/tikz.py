r"""A picture as TikZ source for LaTeX: read off the SVG with its own style rules, so the two show the same.

Enters: an SVG of `render`'s. Leaves: a `tikzpicture` that needs `\usepackage{tikz}` and nothing else,
or a file that is both such a figure and a document of its own. Every text is escaped.
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree import ElementTree

from ..narration.tex import escape
from ..narration.tex_characters import packages
from .shapes import path_commands
from .styles import Rules, read_rules

__all__ = ["UNIT", "tikz_file", "tikz_picture"]

_SVG = "{http://www.w3.org/2000/svg}"
UNIT = 0.6
"""Points a px: text of 14 px becomes 8.4 pt, which suits a figure."""

_ANCHORS = {"middle": "base", "end": "base east", "start": "base west"}
_WHITE = "#ffffff"
_SKIPPED = {"title", "desc", "style"}


def tikz_file(svg: str) -> str:
    r"""Return a picture as a `.tex` file, which compiles by itself and which a paper takes by `\input`.

    The document around the picture is there only where no paper has loaded TikZ before.
    """
    picture = tikz_picture(svg)
    return "".join(
        (
            "% Compiles by itself. In a paper write \\usepackage{tikz}, and \\input this file.\n",
            "\\def\\backpropend{}\n",
            "\\ifdefined\\tikzpicture\\else\n",
            "\\documentclass[border=2pt]{standalone}\n\\usepackage[T1]{fontenc}\n\\usepackage{lmodern}\n",
            packages(picture),
            "\\usepackage{tikz}\n\\def\\backpropend{\\end{document}}\n\\begin{document}\n\\fi\n",
            picture.rstrip("\n"),
            "%\n\\backpropend\n",
        )
    )


def tikz_picture(svg: str, caption: bool = False) -> str:
    """Return a picture as a `tikzpicture`; `caption`: with the words and the legend under it."""
    root = ElementTree.fromstring(svg)
    rules = read_rules(root.findtext(f"{_SVG}style") or "")
    writer = _Writer(rules)
    lines = list(writer.element(root, (), (0.0, 0.0), caption))
    if not caption:
        lines = [*writer.paper(root), *lines]
    _, _, width, height = (float(part) for part in root.attrib["viewBox"].split())
    bounds = f"  \\useasboundingbox (0,0) rectangle ({width:.1f},{height:.1f});\n" if caption else ""
    return (
        f"\\begin{{tikzpicture}}[x={UNIT}pt, y=-{UNIT}pt, font=\\sffamily, inner sep=0pt]\n"
        f"{writer.colours()}{bounds}" + "".join(f"  {line}\n" for line in lines)
        + "\\end{tikzpicture}\n"
    )  # fmt: skip


class _Writer:
    """Writes SVG elements as TikZ, and remembers the colours they need."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self.used: dict[str, str] = {}

    def colours(self) -> str:
        return "".join(
            f"  \\definecolor{{{name}}}{{HTML}}{{{colour[1:].upper()}}}\n"
            for colour, name in self.used.items()
        )

    def colour(self, colour: str) -> str:
        return self.used.setdefault(colour, f"backprop{len(self.used) + 1}")

    def element(
        self, element: ElementTree.Element, above: tuple[ElementTree.Element, ...],
        at: tuple[float, float], caption: bool,
    ) -> Iterator[str]:  # fmt: skip
        tag = element.tag.removeprefix(_SVG)
        if tag in _SKIPPED or (not caption and _names(element) & {"caption", "legend", "paper"}):
            return
        at = _moved(at, element.get("transform", ""))
        chain = (*above, element)
        if tag in ("svg", "g"):
            for child in element:
                yield from self.element(child, chain, at, caption)
            return
        style = {**_own(element), **self.rules.of(chain)}
        line = _WRITERS[tag](self, element, style, at)
        if line:
            yield line

    def paper(self, root: ElementTree.Element) -> Iterator[str]:
        """Yield the ground of a picture without its caption, where that is not a page's white."""
        *_, ground, _graph, words = root
        colour = {**_own(ground), **self.rules.of((root, ground))}["fill"]
        if colour != _WHITE:
            whole = f"translate(0,{ground.attrib['height']})"
            _, bottom = _moved((0.0, 0.0), words.get("transform", whole))
            corner = f"({float(ground.attrib['width']):.1f},{bottom:.1f})"
            yield f"\\path[fill={self.colour(colour)}] (0,0) rectangle {corner};"

    def drawn(self, style: dict[str, str]) -> str:
        """Return the options of a shape: its outline and its inside."""
        options = []
        stroke, fill = style.get("stroke", "none"), style.get("fill", "#000000")
        if stroke != "none":
            width = float(style.get("stroke-width", "1").removesuffix("px"))
            options += [f"draw={self.colour(stroke)}", f"line width={UNIT * width:.2f}pt"]
            dashes = style.get("stroke-dasharray", "").split()
            if len(dashes) == 2:
                on, off = (UNIT * float(length) for length in dashes)
                options.append(f"dash pattern=on {on:.1f}pt off {off:.1f}pt")
            if style.get("stroke-linecap") == "round":
                options.append("line cap=round")
        if fill != "none":
            options.append(f"fill={self.colour(fill)}")
        for look, option in (("opacity", ""), ("stroke-opacity", "draw "), ("fill-opacity", "fill ")):
            if look in style:
                options.append(f"{option}opacity={style[look]}")
        return ", ".join(options)

    def path(self, element: ElementTree.Element, style: dict[str, str], at: tuple[float, float]) -> str:
        parts = []
        for letter, points in path_commands(element.attrib["d"], at):
            spots = [f"({x:.1f},{y:.1f})" for x, y in points]
            if letter == "M":
                parts.append(spots[0])
            elif letter == "L":
                parts.append(f"-- {spots[0]}")
            elif letter == "C":
                parts.append(f".. controls {spots[0]} and {spots[1]} .. {spots[2]}")
            else:
                parts.append("-- cycle")
        return f"\\path[{self.drawn(style)}] {' '.join(parts)};"

    def circle(self, element: ElementTree.Element, style: dict[str, str], at: tuple[float, float]) -> str:
        x, y, radius = (float(element.attrib[k]) for k in ("cx", "cy", "r"))
        spot = f"({x + at[0]:.1f},{y + at[1]:.1f})"
        return f"\\path[{self.drawn(style)}] {spot} circle[radius={UNIT * radius:.2f}pt];"

    def rect(self, element: ElementTree.Element, style: dict[str, str], at: tuple[float, float]) -> str:
        x, y, width, height = (float(element.get(k, "0")) for k in ("x", "y", "width", "height"))
        left, top = x + at[0], y + at[1]
        corners = f"({left:.1f},{top:.1f}) rectangle ({left + width:.1f},{top + height:.1f})"
        corner = UNIT * float(element.get("rx", "0"))
        rounded = f", rounded corners={corner:.1f}pt" if corner else ""
        return f"\\path[{self.drawn(style)}{rounded}] {corners};"

    def text(self, element: ElementTree.Element, style: dict[str, str], at: tuple[float, float]) -> str:
        words = self.runs(element)
        if not words:
            return ""
        size = UNIT * float((element.get("font-size") or style["font-size"]).removesuffix("px"))
        shape = "\\itshape" if style.get("font-style") == "italic" else ""
        shape += "\\bfseries" if style.get("font-weight") == "bold" else ""
        x, y = float(element.get("x", "0")) + at[0], float(element.get("y", "0")) + at[1]
        anchor = _ANCHORS[style.get("text-anchor", "start")]
        font = f"\\sffamily\\fontsize{{{size:.1f}}}{{{1.2 * size:.1f}}}\\selectfont{shape}"
        return (
            f"\\node[anchor={anchor}, text={self.colour(style['fill'])}, font={font}] "
            f"at ({x:.1f},{y:.1f}) {{{words}}};"
        )

    def runs(self, element: ElementTree.Element) -> str:
        """Return a text's characters, each of its runs in its own style."""
        parts = [escape(element.text or "")]
        for run in element:
            style = _own(run)
            shape = "\\itshape" if style.get("font-style") == "italic" else ""
            shape += "\\bfseries" if style.get("font-weight") == "bold" else ""
            if "fill" in style:
                shape += f"\\color{{{self.colour(style['fill'])}}}"
            words = escape("".join(run.itertext()))
            parts.append(f"{{{shape} {words}}}" if shape else words)
            parts.append(escape(run.tail or ""))
        return "".join(parts)


_WRITERS = {
    "path": _Writer.path,
    "circle": _Writer.circle,
    "rect": _Writer.rect,
    "text": _Writer.text,
}


_LOOKS = frozenset({
    "fill", "fill-opacity", "font-size", "font-style", "font-weight", "opacity", "stroke",
    "stroke-dasharray", "stroke-linecap", "stroke-opacity", "stroke-width", "text-anchor",
})  # fmt: skip
"""Attributes that say how an element looks; pictures of a stage have these instead of style rules."""


def _own(element: ElementTree.Element) -> dict[str, str]:
    return {name: value for name, value in element.attrib.items() if name in _LOOKS}


def _names(element: ElementTree.Element) -> frozenset[str]:
    return frozenset(element.get("class", "").split())


def _moved(at: tuple[float, float], transform: str) -> tuple[float, float]:
    """Return the origin after a `translate(x,y)`, the only transformation of the pictures."""
    if not transform:
        return at
    x, y = transform.removeprefix("translate(").removesuffix(")").split(",")
    return at[0] + float(x), at[1] + float(y)
