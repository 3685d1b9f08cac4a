"""A box of an array: its head, its halves, the place of every entry; measured here, drawn where it stands.

Enters: an array, its gradient, and how many figures are shown. Leaves: a `Figure`. The upper half holds
the value, the lower the gradient, the line between is the wire; data have no lower half. Columns are sized
for bold digits, so that nothing moves where an entry is found.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ...sentences import N_, counted
from ..stage.marks import Layers, Path, Rect, Run, Words, words
from ..typesetting.fonts import elided, width
from .entries import Entries, entries_of, short, table_of
from .heat import CELL, Heat, cells_across, heat_of, heat_paths

__all__ = ["HEADER", "Figure", "Look", "draw_figure", "measured"]

HEADER, SHAPE, RANGE = 16.0, 16.0, 12.0
LARGEST_WHOLE = 6
"""A matrix of more rows or columns is a heat map."""

_ROW, _PAD = 18.0, 5.0
_ENTRY_GAP, _SIDE = 8.0, 6.0
_HEAD_GAP = 8.0
_HEAT_PAD = 9.0
_LONGEST_NAME = 150.0


@dataclass(frozen=True, slots=True)
class Figure:
    """A box before it has a place.

    Attributes:
        place: the array's place in the graph.
        name, shape: what its head says.
        size: of its entries, in px.
        value, gradient: the entries; None in a heat map, and for a gradient that is not shown.
        heat: value and gradient as heat maps.
        data: whether it has no lower half.
        box: the box's width.
        up, down: from the middle line to the box's edges.
        column: width of one column.
        wide: the width of box and head together.
        notes: what the head says of value and gradient: a power of ten, the range of a heat map.
        bare: whether it is a head alone, as many labels are.
    """

    place: int
    name: str
    shape: str
    size: float
    value: Entries | None
    gradient: Entries | None
    heat: tuple[Heat, Heat | None] | None
    data: bool
    rows: int
    columns: int
    box: float
    up: float
    down: float
    column: float
    wide: float
    notes: tuple[str, str] = field(default=("", ""))
    bare: bool = False

    @property
    def overhang(self) -> float:
        """Return by how much the head is wider than the box."""
        return max(self.wide - self.box, 0.0)

    @property
    def lines(self) -> int:
        """Return how many lines the head takes."""
        return 2 if any(self.notes) else 1


def shape_text(shape: tuple[Any, ...]) -> str:
    """Return a shape as heads show it: `4×3`, `3` for a vector, nothing for a number."""
    return "×".join(map(str, shape))


def measured(
    place: int, name: str, value: Any, gradient: Any, data: bool, *, column: bool, size: float,
    figures: int, most: int,
) -> Figure:  # fmt: skip
    """Return the box of an array, measured."""
    if getattr(value, "dtype", np.dtype(float)).kind != "f" and getattr(value, "size", 1) > LARGEST_WHOLE:
        return _bare(place, name, value, size)
    table = table_of(value, column)
    slope = None if gradient is None or data else table_of(gradient, column)
    rows, columns = table.shape
    shape = shape_text(getattr(value, "shape", ()))
    name = elided(name, _LONGEST_NAME, HEADER, "italic")
    whole = rows <= LARGEST_WHOLE and columns <= LARGEST_WHOLE
    head = width(name, HEADER, "italic") + (10 + width(shape, SHAPE) if shape else 0)
    if whole:
        own = entries_of(table, figures, most)
        down = None if slope is None else entries_of(slope, figures, most)
        texts = [t for each in (own, down) if each for row in each.rows for t in row]
        wide = max(width(text, size, "bold") for text in texts) + _ENTRY_GAP
        box = columns * wide + 2 * _SIDE
        half = _ROW * rows + _PAD
        up, below = (half, half) if not data else (9.0 * rows + _PAD, 9.0 * rows + _PAD)
        notes = (own.factor, down.factor if down else "")
        heat = None
    else:
        own, down = None, None
        high, across = cells_across(rows, columns)
        tall = max(CELL, 14.0) if high == 1 else CELL
        wide = max(CELL, 14.0) if across == 1 else CELL
        box = across * wide + 12.0
        inner = high * tall
        up, below = (inner + _HEAT_PAD,) * 2 if not data else (inner / 2 + _PAD,) * 2
        maps = heat_of(table), None if slope is None else heat_of(slope)
        heat = maps
        notes = (f"±{short(maps[0].largest)}", f"±{short(maps[1].largest)}" if maps[1] else "")
    range_ = sum(width(note, RANGE) + 6 for note in notes if note)
    return Figure(
        place=place, name=name, shape=shape, size=size, value=own, gradient=down, heat=heat, data=data,
        rows=rows, columns=columns, box=box, up=up, down=below, column=wide,
        wide=max(box, head + 4, range_ + 4), notes=notes,
    )  # fmt: skip


def _bare(place: int, name: str, labels: Any, size: float) -> Figure:
    """Return the head that stands for many labels, which have no numbers worth a box."""
    count = counted(labels.shape[0], N_("{count} label"), N_("{count} labels"))
    shape = count if labels.ndim == 1 else shape_text(labels.shape)
    wide = width(name, HEADER, "italic") + 10 + width(shape, SHAPE)
    return Figure(
        place=place, name=name, shape=shape, size=size, value=None, gradient=None, heat=None, data=True,
        rows=0, columns=0, box=wide, up=0.0, down=0.0, column=0.0, wide=wide, bare=True,
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How a box looks in one frame: what of it is known, found just now, at work; cells that are lit."""

    value: bool = False
    gradient: bool = False
    found_value: bool = False
    found_gradient: bool = False
    aim: bool = False
    tint_value: frozenset[tuple[int, int]] = frozenset()
    tint_gradient: frozenset[tuple[int, int]] = frozenset()
    ring: tuple[str, int, int] | None = None


def head_height(figure: Figure) -> float:
    """Return how much a head takes above or below its box."""
    return _HEAD_GAP + 14.0 + (16.0 if figure.lines == 2 else 0.0)


def draw_figure(
    layers: Layers, figure: Figure, left: float, middle: float, look: Look, below: bool = False
) -> None:
    """Add a box whose middle line is at `middle`; its head above it, or below it."""
    f = figure
    top = middle - f.up
    stroke, line = ("active", 2.6) if look.aim else ("ink" if look.value else "pending", 1.4)
    key = f"box-{f.place}"
    if f.bare:
        _draw_head(layers, f, left, top, middle + f.down, look, below)
        return
    layers.bodies.append(
        Rect(x=left, y=top, width=f.box, height=f.up + f.down, rx=6, stroke=stroke, line=line, fill="paper",
             kind="box", key=key)
    )  # fmt: skip
    _draw_head(layers, f, left, top, middle + f.down, look, below)
    if not f.data:
        rule = "active" if look.aim else ("quiet" if look.value else "pending")
        layers.tints.append(
            Path(d=f"M{left + 5:.1f},{middle:.1f}H{left + f.box - 5:.1f}", stroke=rule, width=1.1,
                 kind="rule")
        )
    if f.heat is not None:
        _draw_heat(layers, f, left, middle, look)
        return
    for role, entries, known, found, tints in (
        ("value", f.value, look.value, look.found_value, look.tint_value),
        ("gradient", f.gradient, look.gradient, look.found_gradient, look.tint_gradient),
    ):
        if entries is not None and known:
            _draw_entries(layers, f, left, middle, role, entries, found, tints, look.ring)


def entry_place(figure: Figure, left: float, middle: float, role: str, row: int, column: int) -> tuple[
    float, float, float, float
]:  # fmt: skip
    """Return the cell of an entry: left, top, width, height."""
    f = figure
    start = middle - f.up + (_PAD if f.data else 3.0) if role == "value" else middle + 4.0
    return left + _SIDE + column * f.column, start + row * _ROW, f.column, _ROW


def _draw_entries(
    layers: Layers, f: Figure, left: float, middle: float, role: str, entries: Entries, found: bool,
    tints: frozenset[tuple[int, int]], ring: tuple[str, int, int] | None,
) -> None:  # fmt: skip
    widest = max(width(t, f.size, "bold") for row in entries.rows for t in row)
    for r, row in enumerate(entries.rows):
        for c, text in enumerate(row):
            x, y, wide, high = entry_place(f, left, middle, role, r, c)
            if (r, c) in tints:
                layers.tints.append(Rect(x=x, y=y, width=wide, height=high, fill="tint", kind="tint"))
            if ring == (role, r, c):
                layers.tints.append(
                    Rect(x=x, y=y, width=wide, height=high, rx=3, stroke="active", line=2, fill="tint",
                         kind="ring")
                )  # fmt: skip
            bold = found or (r, c) in tints or ring == (role, r, c)
            layers.texts.append(
                words(text, x + (wide + widest) / 2, y + _ROW / 2 + 0.36 * f.size, f.size,
                      style="bold" if bold else "regular", fill=role, anchor="end",
                      kind=role + (" found" if found else ""), key=f"{role}-{f.place}-{r}-{c}")
            )  # fmt: skip


def _draw_heat(layers: Layers, f: Figure, left: float, middle: float, look: Look) -> None:
    assert f.heat is not None  # asked of heat maps alone
    high, across = f.heat[0].levels.shape
    tall = 14.0 if high == 1 else CELL
    inner = high * tall
    x = left + 6.0
    spots = (
        ("value", f.heat[0], look.value, middle - f.up + (_PAD if f.data else 5.0)),
        ("gradient", f.heat[1], look.gradient, middle + 4.0),
    )
    for role, heat, known, y in spots:
        if heat is None:
            continue
        wide, frame = across * f.column, role if known else "pending"
        if known:
            for d, fill, stroke in heat_paths(heat, x, y, (f.column, tall)):
                layers.tints.append(
                    Path(d=d, stroke=fill if stroke else "", width=1.1, fill="" if stroke else fill,
                         kind=f"{role} heat")
                )  # fmt: skip
        layers.tints.append(
            Rect(x=x, y=y, width=wide, height=inner, stroke=frame, line=1.3, kind=f"{role} frame")
        )


def _draw_head(
    layers: Layers, f: Figure, left: float, top: float, bottom: float, look: Look, below: bool
) -> None:
    y = bottom + _HEAD_GAP + 12.0 if below else top - _HEAD_GAP - (16.0 if f.lines == 2 else 0.0)
    runs = [Run(f.name, "italic", "active" if look.aim else "ink")]
    if f.shape:
        runs.append(Run(f"  {f.shape}", "regular", "quiet"))
    layers.texts.append(words(runs, left + 2, y, HEADER, kind="name", key=f"name-{f.place}"))
    pieces = [
        Run(note + ("  " if role == "value" and f.notes[1] else ""), "regular", role)
        for note, role, known in (
            (f.notes[0], "value", look.value), (f.notes[1], "gradient", look.gradient),
        )
        if note and known
    ]  # fmt: skip
    if pieces and not look.value:
        return
    if pieces:
        layers.texts.append(
            Words(x=left + 2, y=y + 18.0, runs=tuple(pieces), size=RANGE, kind="range",
                  key=f"range-{f.place}")
        )
