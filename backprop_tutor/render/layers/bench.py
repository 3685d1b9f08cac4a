"""The bench below a picture: the product at work repeated larger, its row, column and entry lit and tagged.

Enters: a `Product` whose matrices are shown whole, and their names. Leaves: its size, and marks. Several
products of one step stand side by side where there is room, else the first alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ...sentences import said
from ..stage.marks import Layers, Path, Rect, Run, words
from ..typesetting.fonts import width
from .entries import Entries, entries_of
from .products import Factor, Product

__all__ = ["Bench", "bench_height", "bench_of", "bench_width", "draw_bench"]

_SIZE, _ROW, _TAG, _NAME = 15.0, 23.0, 13.0, 15.0
_GAP, _SIDE, _ENTRY = 18.0, 10.0, 26.0
_TAGS, _NAMES = 26.0, 30.0
_BETWEEN = 70.0


@dataclass(frozen=True, slots=True, eq=False)
class Bench:
    """A product with its entries as texts, the width of each matrix, and what stands below them."""

    product: Product
    entries: tuple[Entries, Entries, Entries]
    columns: tuple[float, float, float]
    names: tuple[tuple[Run, ...], ...]
    tag: float

    @property
    def widths(self) -> tuple[float, float, float]:
        """Return how wide each matrix is, brackets and name included."""
        a, b, c = (
            max(len(e.rows[0]) * column + 2 * _SIDE, sum(run.width(_NAME) for run in name))
            for e, column, name in zip(self.entries, self.columns, self.names, strict=True)
        )
        return a, b, c

    @property
    def rows(self) -> int:
        """Return how many rows the tallest matrix has."""
        return max(len(e.rows) for e in self.entries)


def bench_of(product: Product, names: Sequence[tuple[Run, ...]], digits: int) -> Bench | None:
    """Return a product as a bench; None where a matrix is too large to be shown whole."""
    if not all(factor.is_whole for factor in product.factors):
        return None
    first, second, third = (entries_of(f.table, digits, digits + 1) for f in product.factors)
    entries = first, second, third
    a, b, c = (
        max(width(text, _SIZE, "bold") for row in e.rows for text in row) + _ENTRY for e in entries
    )
    tag = width(said("row {number}", number=product.at[0]), _TAG) + 12.0
    return Bench(product, entries, (a, b, c), tuple(names), tag)


def bench_width(bench: Bench) -> float:
    """Return how wide a bench is, the row's tag and the signs included."""
    return bench.tag + sum(bench.widths) + 4 * _GAP + 24.0


def bench_height(benches: Sequence[Bench]) -> float:
    """Return how high benches side by side are."""
    return max((b.rows for b in benches), default=0) * _ROW + 6.0 + _TAGS + _NAMES


def draw_bench(layers: Layers, benches: Sequence[Bench], middle: float, top: float) -> None:
    """Add benches side by side, centred at `middle`; the first is the one whose entry is followed."""
    total = sum(map(bench_width, benches)) + _BETWEEN * (len(benches) - 1)
    x = middle - total / 2
    line = top + _TAGS + (bench_height(benches) - _TAGS - _NAMES) / 2
    low = top + bench_height(benches) - 8.0
    for bench in benches:
        _draw(layers, bench, x, line, low)
        x += bench_width(bench) + _BETWEEN


def _draw(layers: Layers, bench: Bench, x: float, line: float, low: float) -> None:
    row, column = bench.product.at
    x += bench.tag
    lit = ((row, None), (None, column), (row, column))
    for number, (entries, wide, room, name) in enumerate(
        zip(bench.entries, bench.columns, bench.widths, bench.names, strict=True)
    ):
        if number:
            sign = "·" if number == 1 else "="
            layers.texts.append(words(sign, x + _GAP + 6, line + 7, 20, anchor="middle", kind="bench"))
            x += 2 * _GAP + 12.0
        inner = len(entries.rows[0]) * wide
        left = x + (room - inner) / 2
        up = len(entries.rows) * _ROW / 2
        _brackets(layers, left - 3, left + inner + 3, line, up)
        factor = bench.product.factors[number]
        _entries(layers, entries, factor, wide, left, line - up, lit[number], ring=number == 2)
        layers.texts.append(words(name, x + room / 2, low, _NAME, anchor="middle", kind="bench"))
        if number == 0:
            tag = said("row {number}", number=row)
            y = line - up + (row + 0.5) * _ROW + 4.5
            layers.texts.append(
                words(tag, left - 12, y, _TAG, fill="active", anchor="end", kind="tag")
            )
        elif number == 1:
            tag = said("column {number}", number=column)
            _above(layers, tag, left + (column + 0.5) * wide, line - up, (x, x + room))
        else:
            tag = said("entry [{row}, {column}]", row=row, column=column)
            _above(layers, tag, left + (column + 0.5) * wide, line - up, (x, x + room))
        x += room


def _above(
    layers: Layers, tag: str, x: float, top: float, room: tuple[float, float]
) -> None:
    half = width(tag, _TAG) / 2
    low, high = room[0] + half, room[1] - half
    at = min(max(x, low), high) if low <= high else (room[0] + room[1]) / 2
    layers.texts.append(words(tag, at, top - 9, _TAG, fill="active", anchor="middle", kind="tag"))


def _brackets(layers: Layers, left: float, right: float, line: float, up: float) -> None:
    top, bottom = line - up - 3, line + up + 3
    for x, inward in ((left, 6.0), (right, -6.0)):
        d = f"M{x + inward:.1f},{top:.1f}H{x:.1f}V{bottom:.1f}H{x + inward:.1f}"
        layers.bodies.append(Path(d=d, stroke="ink", width=1.5, kind="bracket"))


def _entries(
    layers: Layers, entries: Entries, factor: Factor, wide: float, left: float, top: float,
    lit: tuple[int | None, int | None], ring: bool,
) -> None:  # fmt: skip
    widest = max(width(t, _SIZE, "bold") for row in entries.rows for t in row)
    if not ring:
        high = _ROW if lit[0] is not None else _ROW * len(entries.rows)
        across = wide if lit[1] is not None else wide * len(entries.rows[0])
        x, y = left + (lit[1] or 0) * wide, top + (lit[0] or 0) * _ROW
        layers.tints.append(Rect(x=x, y=y, width=across, height=high, fill="tint", kind="tint"))
    for r, row in enumerate(entries.rows):
        for c, text in enumerate(row):
            chosen = lit[0] in (None, r) and lit[1] in (None, c)
            if ring and chosen:
                layers.tints.append(
                    Rect(x=left + c * wide, y=top + r * _ROW, width=wide, height=_ROW, rx=3, fill="tint",
                         stroke="active", line=2, kind="ring")
                )  # fmt: skip
            bold = chosen or ring
            layers.texts.append(
                words(text, left + c * wide + (wide + widest) / 2, top + (r + 0.5) * _ROW + 5.4, _SIZE,
                      style="bold" if bold else "regular", fill=factor.role, anchor="end", kind="bench")
            )  # fmt: skip
