"""One pair of axes: where a point of the data stands on the picture, and the frame around the plot.

Enters: a box in px and the ranges of both axes. Leaves: marks. Everything that is drawn from data ends at
the box's edge; numbers that are not finite break a line.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..render.stage.marks import Mark, Path, words
from .ticks import decades, nice_ticks, power, tick_labels

__all__ = ["Axes", "around", "clipped", "simplified"]

TICK, NAME, TITLE = 12.0, 13.0, 15.0

Point = tuple[float, float]


def around(values: Iterable[float], margin: float = 0.06) -> tuple[float, float]:
    """Return a range that holds all the finite values, with a share of it free on either side.

    >>> around([0, 10], 0.1), around([3.0])
    ((-1.0, 11.0), (2.5, 3.5))
    """
    found = [float(v) for v in values if math.isfinite(v)]
    low, high = (min(found), max(found)) if found else (0.0, 1.0)
    if high - low < 1e-9 * max(1.0, abs(high)):
        half = 0.5 * max(1.0, abs(high)) if abs(high) > 1e6 else 0.5
        return low - half, high + half
    room = margin * (high - low)
    return low - room, high + room


def clipped(
    a: Point, b: Point, box: tuple[float, float, float, float]
) -> tuple[Point, Point] | None:
    """Return the piece of a segment inside a box (left, top, right, bottom), None where none is.

    Liang and Barsky (1984): the piece is where all four sides let the segment through.

    >>> clipped((-1, 0.5), (3, 0.5), (0, 0, 1, 1))
    ((0.0, 0.5), (1.0, 0.5))
    """
    (x, y), dx, dy = a, b[0] - a[0], b[1] - a[1]
    start, end = 0.0, 1.0
    for rate, room in ((-dx, x - box[0]), (dx, box[2] - x), (-dy, y - box[1]), (dy, box[3] - y)):
        if rate == 0:
            if room < 0:
                return None
            continue
        share = room / rate
        if rate < 0:
            start = max(start, share)
        else:
            end = min(end, share)
        if start > end:
            return None
    return (x + start * dx, y + start * dy), (x + end * dx, y + end * dy)


def simplified(
    xs: Iterable[float],
    ys: Iterable[float],
    place: Callable[[float, float], Point],
    by: float = 0.12,
) -> Iterator[Point | None]:
    """Yield the places of a curve's points, without those that lie on the way; None where it breaks.

    A point goes where the straight way past it stays within `by` px of every point left out (the cone of
    directions that do so is narrowed point by point).

    >>> list(simplified([0, 1, 2, 2], [0, 0, 0, 5], lambda x, y: (float(x), float(y))))
    [(0.0, 0.0), (2.0, 0.0), (2.0, 5.0)]
    """
    start: Point | None = None
    last: Point | None = None
    low, high, turn, reached = -math.pi, math.pi, 0.0, 0.0
    for x, y in zip(xs, ys, strict=True):
        here = place(x, y) if math.isfinite(x) and math.isfinite(y) else None
        if here is None or not (math.isfinite(here[0]) and math.isfinite(here[1])):
            if last is not None:
                yield last
            yield None
            start = last = None
            continue
        if start is None:
            yield here
            start = here
            continue
        across, down = here[0] - start[0], here[1] - start[1]
        apart = math.hypot(across, down)
        way = 0.0
        if last is not None and apart > by:
            way = (math.atan2(down, across) - turn + math.pi) % (2 * math.pi) - math.pi
            if not low <= way <= high or apart < reached - by:
                yield last
                start, last = last, None
                across, down = here[0] - start[0], here[1] - start[1]
                apart = math.hypot(across, down)
        if apart > by:
            if last is None:
                turn, way, low, high = math.atan2(down, across), 0.0, -math.pi, math.pi
            free = math.asin(min(1.0, by / apart))
            low, high = max(low, way - free), min(high, way + free)
            last, reached = here, apart
        elif last is not None:
            last, reached = here, apart
    if last is not None:
        yield last


@dataclass(frozen=True, kw_only=True)
class Axes:
    """A plot's place: `box` is (left, top, width, height) in px, `x` and `y` are ranges of the data."""

    box: tuple[float, float, float, float]
    x: tuple[float, float]
    y: tuple[float, float]
    log_x: bool = False
    log_y: bool = False

    def place(self, x: float, y: float) -> Point:
        """Return where a point of the data stands, in px.

        >>> Axes(box=(10, 10, 100, 50), x=(0, 1), y=(0, 1)).place(0.5, 1)
        (60.0, 10.0)
        """
        left, top, wide, high = self.box
        across = _share(x, self.x, self.log_x)
        up = _share(y, self.y, self.log_y)
        return left + across * wide, top + (1 - up) * high

    @property
    def edges(self) -> tuple[float, float, float, float]:
        """Return the box as left, top, right, bottom."""
        left, top, wide, high = self.box
        return left, top, left + wide, top + high

    def inside(self, x: float, y: float) -> bool:
        """Return whether a point of the data stands within the box."""
        px, py = self.place(x, y)
        left, top, right, bottom = self.edges
        return left - 0.01 <= px <= right + 0.01 and top - 0.01 <= py <= bottom + 0.01

    def line(
        self,
        xs: Iterable[float],
        ys: Iterable[float],
        stroke: str,
        width: float = 2.0,
        dash: str = "",
        opacity: float = 1.0,
        kind: str = "",
    ) -> list[Mark]:
        """Return a curve through points, cut off at the box."""
        if isinstance(xs, np.ndarray) and isinstance(ys, np.ndarray) and not (self.log_x or self.log_y):
            points = simplified(*self._placed(xs, ys), lambda across, down: (across, down))
        else:
            points = simplified(xs, ys, self.place)
        d = "".join(self._pieces(points))
        if not d:
            return []
        return [Path(d=d, stroke=stroke, width=width, dash=dash, opacity=opacity, kind=kind)]

    def _placed(self, xs: Any, ys: Any) -> tuple[list[float], list[float]]:
        """Return where points stand, as `place` says, all of them at once, which is faster."""
        left, top, wide, high = self.box
        (x0, x1), (y0, y1) = self.x, self.y
        across = (np.asarray(xs, np.float64) - x0) / (x1 - x0)
        up = (np.asarray(ys, np.float64) - y0) / (y1 - y0)
        return (left + across * wide).tolist(), (top + (1 - up) * high).tolist()

    def _pieces(self, points: Iterable[Point | None]) -> Iterator[str]:
        before: Point | None = None
        at: Point | None = None
        for here in points:
            if before is not None and here is not None:
                piece = clipped(before, here, self.edges)
                if piece is not None:
                    if at is None or abs(at[0] - piece[0][0]) + abs(at[1] - piece[0][1]) > 0.06:
                        yield f"M{piece[0][0]:.1f} {piece[0][1]:.1f}"
                    yield f"L{piece[1][0]:.1f} {piece[1][1]:.1f}"
                    at = piece[1]
            before = here

    def straight(self, a: float, b: float, c: float) -> tuple[Point, Point] | None:
        """Return the ends, in the data's numbers, of the line a·x + b·y + c = 0 within the box.

        >>> Axes(box=(0, 0, 9, 9), x=(0, 1), y=(0, 1)).straight(1, 1, -1)
        ((1.0, 0.0), (0.0, 1.0))
        """
        (x0, x1), (y0, y1) = self.x, self.y
        reach = math.hypot(a, b)
        if not reach or not math.isfinite(reach + c):
            return None
        wide, high = (x1 - x0), (y1 - y0)
        # in shares of the box, so that axes of very different units are cut alike
        p, q, r = a * wide, b * high, c + a * x0 + b * y0
        norm = p * p + q * q
        if not norm:
            return None
        size = math.sqrt(norm)
        along = (-q / size * 4, p / size * 4)
        middle = r + (p + q) / 2
        near = (0.5 - p * middle / norm, 0.5 - q * middle / norm)
        piece = clipped(
            (near[0] - along[0], near[1] - along[1]),
            (near[0] + along[0], near[1] + along[1]),
            (0.0, 0.0, 1.0, 1.0),
        )
        if piece is None:
            return None
        (u, v), (s, t) = ((min(max(i, 0.0), 1.0), min(max(j, 0.0), 1.0)) for i, j in piece)
        return (x0 + u * wide, y0 + v * high), (x0 + s * wide, y0 + t * high)

    def frame(
        self,
        title: str = "",
        x_name: str = "",
        y_name: str = "",
        *,
        grid: bool = False,
        x_ticks: Sequence[float] | None = None,
        y_ticks: Sequence[float] | None = None,
        x_labels: Sequence[str] | None = None,
    ) -> list[Mark]:
        """Return the box's outline, its marks with their numbers, the axes' names and the title."""
        left, top, right, bottom = self.edges
        across = (
            list(x_ticks)
            if x_ticks is not None
            else self._ticks(self.x, self.log_x, right - left, 62)
        )
        up = (
            list(y_ticks)
            if y_ticks is not None
            else self._ticks(self.y, self.log_y, bottom - top, 34)
        )
        lines, texts = [], []
        for value, label in zip(across, x_labels or self._labels(across, self.log_x), strict=True):
            px, _ = self.place(value, self.y[0])
            lines.append(f"M{px:.1f} {bottom:.1f}v4")
            if grid:
                lines.append(f"M{px:.1f} {top:.1f}V{bottom:.1f}")
            texts.append(
                words(label, px, bottom + 17, TICK, fill="quiet", anchor="middle", kind="tick")
            )
        for value, label in zip(up, self._labels(up, self.log_y), strict=True):
            _, py = self.place(self.x[0], value)
            lines.append(f"M{left:.1f} {py:.1f}h-4")
            if grid:
                lines.append(f"M{left:.1f} {py:.1f}H{right:.1f}")
            texts.append(
                words(label, left - 7, py + 4, TICK, fill="quiet", anchor="end", kind="tick")
            )
        outline = f"M{left:.1f} {top:.1f}H{right:.1f}V{bottom:.1f}H{left:.1f}Z"
        marks: list[Mark] = (
            [Path(d="".join(lines), stroke="pending", width=0.8, kind="ticks")] if lines else []
        )
        marks.append(Path(d=outline, stroke="pending", width=1.0, kind="axes"))
        if x_name:
            texts.append(
                words(x_name, (left + right) / 2, bottom + 36, NAME, anchor="middle", kind="name")
            )
        if y_name:
            texts.append(words(y_name, left, top - 8, NAME, anchor="start", kind="name"))
        if title:
            raised = 28.0 if y_name else 10.0
            texts.append(words(title, left, top - raised, TITLE, style="bold", kind="title"))
        return [*marks, *texts]

    def _ticks(self, span: tuple[float, float], log: bool, room: float, each: float) -> list[float]:
        most = max(2, int(room / each) + 1)
        return decades(*span, most) if log else nice_ticks(*span, most)

    @staticmethod
    def _labels(ticks: Sequence[float], log: bool) -> list[str]:
        return [power(tick) for tick in ticks] if log else tick_labels(ticks)


def _share(value: float, span: tuple[float, float], log: bool) -> float:
    low, high = span
    if log:
        value = math.log10(value) if value > 0 else -math.inf
        low, high = math.log10(low), math.log10(high)
        value = max(value, low - 10)
    return (value - low) / (high - low)
