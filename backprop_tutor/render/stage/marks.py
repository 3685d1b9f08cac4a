"""The display list: what a picture is made of before it is a file, every part at its place.

A mark's colours are roles (`ink`, `value`, `active`, `casing`), which a theme turns into colours when
the list is written; `#rrggbb` stands for itself. Places are px from the upper left corner. Because
every text knows the box it takes, a test can hold a picture to its rules without a browser.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from ..typesetting.fonts import width

__all__ = ["Bounds", "Disc", "Layers", "Mark", "Path", "Rect", "Run", "Words", "words"]

_ASCENT, _DESCENT = 0.76, 0.24
"""Of a size, what DejaVu Sans' capitals, digits with a raised index, and descenders take."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """A rectangle: what a mark covers."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Bounds, by: float = 0.0) -> bool:
        """Return whether the two overlap by more than `by` px both ways."""
        return (
            self.left + by < other.right and other.left + by < self.right
            and self.top + by < other.bottom and other.top + by < self.bottom
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of a text in one style: "regular", "italic" or "bold"; "" takes the text's own colour."""

    text: str
    style: str = "regular"
    fill: str = ""

    def width(self, size: float) -> float:
        """Return how wide it is drawn."""
        return width(self.text, size, self.style)


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """A text on one line: `x` is its start, middle or end as `anchor` says, `y` its baseline."""

    x: float
    y: float
    runs: tuple[Run, ...]
    size: float
    fill: str = "ink"
    anchor: str = "start"
    kind: str = ""
    key: str = ""

    @property
    def width(self) -> float:
        """Return how wide it is drawn."""
        return sum(run.width(self.size) for run in self.runs)

    @property
    def text(self) -> str:
        """Return its characters."""
        return "".join(run.text for run in self.runs)

    @property
    def bounds(self) -> Bounds:
        """Return the box it takes."""
        wide = self.width
        left = self.x - {"start": 0.0, "middle": 0.5, "end": 1.0}[self.anchor] * wide
        return Bounds(
            left, self.y - _ASCENT * self.size, left + wide, self.y + _DESCENT * self.size
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Path:
    """A line or an area, as path data of SVG; `crisp` ends at whole pixels, so that no seam shows."""

    d: str
    stroke: str = ""
    width: float = 1.3
    fill: str = ""
    dash: str = ""
    cap: str = ""
    opacity: float = 1.0
    crisp: bool = False
    kind: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rect:
    """A rectangle, its corners rounded by `rx`."""

    x: float
    y: float
    width: float
    height: float
    rx: float = 0.0
    stroke: str = ""
    line: float = 1.4
    fill: str = ""
    kind: str = ""
    key: str = ""

    @property
    def bounds(self) -> Bounds:
        """Return the box it takes."""
        return Bounds(self.x, self.y, self.x + self.width, self.y + self.height)


@dataclass(frozen=True, slots=True, kw_only=True)
class Disc:
    """A circle."""

    x: float
    y: float
    r: float
    stroke: str = ""
    line: float = 1.4
    fill: str = ""
    kind: str = ""
    key: str = ""

    @property
    def bounds(self) -> Bounds:
        """Return the box it takes."""
        return Bounds(self.x - self.r, self.y - self.r, self.x + self.r, self.y + self.r)


Mark = Words | Path | Rect | Disc


def words(
    text: str | Iterable[Run], x: float, y: float, size: float, *, style: str = "regular",
    fill: str = "ink", anchor: str = "start", kind: str = "", key: str = "",
) -> Words:  # fmt: skip
    """Return a text as a mark: a string in one style, or runs.

    >>> words("W₁", 10, 20, 16, style="italic").bounds.left
    10.0
    """
    runs = (Run(text, style),) if isinstance(text, str) else tuple(text)
    return Words(x=float(x), y=y, runs=runs, size=size, fill=fill, anchor=anchor, kind=kind, key=key)


@dataclass(slots=True)
class Layers:
    """Marks by depth, so that casings lie under wires, wires under boxes, texts above all."""

    casings: list[Mark] = field(default_factory=list)
    wires: list[Mark] = field(default_factory=list)
    bodies: list[Mark] = field(default_factory=list)
    tints: list[Mark] = field(default_factory=list)
    texts: list[Mark] = field(default_factory=list)

    def flat(self) -> tuple[Mark, ...]:
        """Return all marks, deepest first."""
        return (*self.casings, *self.wires, *self.bodies, *self.tints, *self.texts)
