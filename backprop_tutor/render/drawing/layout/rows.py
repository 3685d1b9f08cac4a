"""A long circuit wrapped into rows, one below the other, so that its text stays legible on a slide.

Enters: the circuit and its boxes. Leaves: `Row`s, each a circuit of its own. A cut runs between two
columns, where few wires cross; a wire that is used in a later row comes again there, as a landing.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Container, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import inf

from ..bands import Stage
from ..circuit import Circuit
from .boxes import Boxes, gap
from .lanes import columns_of

__all__ = ["Row", "room_of", "rows_within", "wrapped_rows"]

_WIDEST = 1192.0
"""A circuit so wide or narrower stays in one row: with its margins a slide's 1240 px."""

_SLIDE = (1232.0, 560.0)
_FOOT = 150.0
_MARGINS, _SLIM, _SLIM_PAGE = 48.0, 16.0, 560.0
"""What a page's margins take; a phone has slim ones."""
_MOST_ROWS = 16
_BETWEEN = 30.0
_CROSSING = 0.05
_UNEVEN = 0.7
_WIRE_CUT = 30.0
"""So many px of height a row may save for each wire more that comes again."""
_FLATTEST = 2.5
"""No picture is wider than so many times its height."""


@dataclass(frozen=True, slots=True)
class Row:
    """A part of a circuit: `places[i]` and `numbers[i]` are the whole's wire and arrow that are its i.

    `landings` are the row's wires that stand in an earlier row already; `span` is its first column and
    the one behind its last.
    """

    circuit: Circuit
    places: tuple[int, ...]
    numbers: tuple[int, ...]
    landings: frozenset[int]
    span: tuple[int, int]


def wrapped_rows(circuit: Circuit, boxes: Boxes, page: Stage | None = None) -> tuple[Row, ...]:
    """Return the circuit's rows; one where it is narrow enough as it stands."""
    columns = columns_of(circuit)
    return _rows_from(circuit, columns, _starts(circuit, boxes, columns, page))


def room_of(page: Stage) -> float:
    """Return how wide a row may be on a page."""
    return page.width - (_MARGINS if page.width > _SLIM_PAGE else _SLIM)


def rows_within(
    circuit: Circuit, boxes: Boxes, room: float, too_wide: Container[tuple[int, int]] = ()
) -> tuple[Row, ...]:
    """Return rows of at most this width by estimate, and none of the spans that are known to be wider.

    A column that is too wide by itself is a row all the same.
    """
    columns = columns_of(circuit)
    return _rows_from(circuit, columns, _Sizes.of(circuit, boxes, columns).within(room, too_wide))


def _rows_from(circuit: Circuit, columns: Sequence[int], starts: list[int]) -> tuple[Row, ...]:
    """Return the rows that begin with these columns."""
    end = max(columns, default=0) + 1
    gates = {columns[wire.place] for wire in circuit.wires if wire.gate}
    starts = [0, *(  # a row of inputs alone is none: they stand where they are used
        start for start, before in zip(starts[1:], pairwise([*starts, end]), strict=False)
        if any(before[0] <= column < before[1] for column in gates)
    )]  # fmt: skip
    row_of = [0] * end
    for row, start in enumerate(starts):
        row_of[start:] = [row] * (end - start)
    rows = [row_of[column] for column in columns]
    first: dict[int, int] = {}
    for arrow in reversed(circuit.arrows):
        first[arrow.source] = min(rows[arrow.target], first.get(arrow.source, len(starts)))
    for wire in circuit.wires:
        if wire.gate is None:  # an input stands in the row of its first use
            rows[wire.place] = first.get(wire.place, rows[wire.place])
    spans = zip(starts, [*starts[1:], end], strict=True)
    return tuple(_row(circuit, rows, number, span) for number, span in enumerate(spans))


def _row(circuit: Circuit, rows: Sequence[int], number: int, span: tuple[int, int]) -> Row:
    arrows = [arrow for arrow in circuit.arrows if rows[arrow.target] == number]
    own = {place for place, row in enumerate(rows) if row == number}
    again = {arrow.source for arrow in arrows} - own
    places = tuple(sorted(own | again))
    at = {place: i for i, place in enumerate(places)}
    wires = tuple(
        replace(circuit.wires[p], place=at[p], gate=None if p in again else circuit.wires[p].gate)
        for p in places
    )
    renumbered = tuple(
        replace(arrow, number=i, source=at[arrow.source], target=at[arrow.target])
        for i, arrow in enumerate(arrows)
    )
    together = tuple(
        tuple(at[p] for p in group) for group in circuit.together if rows[group[0]] == number
    )
    part = Circuit(
        wires, renumbered, (), 0, circuit.blanks, together, circuit.binary, circuit.stacked
    )
    return Row(
        part, places, tuple(a.number for a in arrows), frozenset(at[place] for place in again), span
    )


def _starts(
    circuit: Circuit, boxes: Boxes, columns: Sequence[int], page: Stage | None
) -> list[int]:
    """Return the first column of each row: as many rows as let the picture fill a slide, or page, best."""
    sizes = _Sizes.of(circuit, boxes, columns)
    if sum(sizes.widths) <= (_WIDEST if page is None else room_of(page)):
        return [0]
    best, most = [0], 0.0
    for count in range(2, min(_MOST_ROWS, len(sizes.widths) // 2) + 1):
        starts = sizes.parted(count)
        if not starts:
            continue
        width, height = sizes.whole(starts)
        shown = min(_SLIDE[0] / width, _SLIDE[1] / height)
        if shown > most or width > _FLATTEST * (height + _FOOT):
            best, most = starts, shown
    return best


@dataclass(frozen=True, slots=True)
class _Sizes:
    """What each column takes, and how many wires cross the cut before it."""

    widths: tuple[float, ...]
    heights: tuple[float, ...]
    crossed: tuple[int, ...]
    again: tuple[float, ...]
    """What stands before a column where a row begins with it: its gates' operands once more."""
    between: float

    @classmethod
    def of(cls, circuit: Circuit, boxes: Boxes, columns: Sequence[int]) -> _Sizes:
        count = max(columns, default=0) + 1
        wire, label, height = [0.0] * count, [0.0] * count, [0.0] * count
        again = [0.0] * count
        last = list(columns)
        for place, box in enumerate(boxes.wires):
            wire[columns[place]] = max(wire[columns[place]], box.width)
            height[columns[place]] += box.height + 8
        for arrow, around in zip(circuit.arrows, boxes.labels, strict=True):
            column = columns[arrow.target]
            label[column] = max(label[column], around.width)
            last[arrow.source] = max(last[arrow.source], column)
            source = boxes.wires[arrow.source]
            again[column] = max(again[column], source.name + source.line)
        crossed = [0] * (count + 1)
        for each, column in zip(circuit.wires, columns, strict=True):
            used = column + 1 if each.gate else column + 2
            for cut in range(used, last[each.place] + 1):
                crossed[cut] += 1
        between = 2 * gap(circuit.arrows)
        widths = tuple(w + t + between for w, t in zip(wire, label, strict=True))
        return cls(widths, tuple(height), tuple(crossed), tuple(again), between)

    def parted(self, count: int) -> list[int]:
        """Return the first columns of so many rows: about equally wide, cut where few wires cross.

        The best parts of the first columns into 1, 2, … rows are found in turn. Empty where no parts
        are even enough.
        """
        sums = [0.0]
        for width in self.widths:
            sums.append(sums[-1] + width)
        ideal = sums[-1] / count
        columns = len(self.widths)
        best: list[dict[int, tuple[float, int]]] = [{0: (0.0, 0)}]
        for _ in range(count):
            found: dict[int, tuple[float, int]] = {}
            for start, (cost, _before) in best[-1].items():
                nearest = bisect_left(sums, sums[start] + (1 - _UNEVEN) * ideal, start + 1) - 1
                for stop in range(max(start + 1, nearest), columns + 1):
                    off = (sums[stop] - sums[start]) / ideal - 1
                    if off > _UNEVEN:
                        break
                    if off < -_UNEVEN:
                        continue
                    crossing = _CROSSING * self.crossed[stop] if stop < columns else 0.0
                    whole = cost + off * off + crossing
                    if stop not in found or whole < found[stop][0]:
                        found[stop] = (whole, start)
            best.append(found)
        if columns not in best[count]:
            return []
        starts, at = [], columns
        for row in range(count, 0, -1):
            at = best[row][at][1]
            starts.append(at)
        return starts[::-1]

    def within(self, room: float, too_wide: Container[tuple[int, int]]) -> list[int]:
        """Return the first columns of rows of at most this width, which are low and cut few wires.

        The best rows of the first columns are found in turn. A column that is wider by itself is a row.
        """
        count = len(self.widths)
        best: list[tuple[float, int]] = [(0.0, 0)]
        for stop in range(1, count + 1):
            wide, high, found = -self.between, 0.0, (inf, 0)
            for start in range(stop - 1, -1, -1):
                wide += self.widths[start]
                high = max(high, self.heights[start])
                alone = start == stop - 1
                if not alone and wide > room:
                    break
                again = self.again[start] if start else 0.0
                if not alone and (wide + again > room or (start, stop) in too_wide):
                    continue
                cut = _WIRE_CUT * self.crossed[stop] if stop < count else 0.0
                found = min(found, (best[start][0] + high + _BETWEEN + cut, start))
            best.append(found)
        starts, at = [], count
        while at:
            at = best[at][1]
            starts.append(at)
        return starts[::-1]

    def whole(self, starts: Sequence[int]) -> tuple[float, float]:
        """Return about how wide and high the rows are together."""
        stops = [*starts[1:], len(self.widths)]
        parts = list(zip(starts, stops, strict=True))
        width = max(sum(self.widths[a:b]) for a, b in parts)
        height = sum(max(self.heights[a:b]) for a, b in parts) + _BETWEEN * (len(starts) - 1)
        return width, height

