"""Lines get their heights: a picture on one strip, or cut into strips one below the other.

Enters: arranged cells, wires, a stage. Leaves: a `Scene`, every box, gate and wire at its place. A cut goes
through wires only, where the fewest cross; the wire goes on dashed, in lanes of which none crosses another,
and its name is repeated where it lands.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field

from ..drawing.bands import Stage
from ..typesetting.fonts import width
from .cells import SIDE, ArrangedCell
from .figures import HEADER, Figure
from .wiring import Height, Wire

__all__ = ["BoxSpot", "GatePlace", "Landing", "Route", "Scene", "cuts_of", "staged"]

_TRACK, _CUT_TRACK, _CHANNEL, _LANE = 11.0, 24.0, 13.0, 8.0
_BETWEEN_LINES, _BETWEEN_STRIPS = 16.0, 30.0
LANDING = 14.0

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class BoxSpot:
    """A box at its place; `below`: its head stands below it."""

    left: float
    middle: float
    below: bool


@dataclass(frozen=True, slots=True)
class GatePlace:
    """A gate at its place: its middle, half its width, the size of its sign."""

    x: float
    y: float
    half: float
    size: float


@dataclass(slots=True)
class Route:
    """A wire at its place, in pieces; those between strips are dashed."""

    wire: Wire
    pieces: list[list[Point]] = field(default_factory=list)
    dashed: list[list[Point]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Landing:
    """Where a cut wire goes on: the array's place, and where its name stands."""

    source: int
    x: float
    y: float


@dataclass(slots=True)
class Scene:
    """Everything at its place, from the picture's own upper left corner down to `height`."""

    boxes: dict[int, BoxSpot] = field(default_factory=dict)
    gates: dict[int, GatePlace] = field(default_factory=dict)
    routes: list[Route] = field(default_factory=list)
    landings: list[Landing] = field(default_factory=list)
    height: float = 0.0
    right: float = 0.0


def cuts_of(
    edges: Sequence[float], reach: Sequence[float], wires: Sequence[Wire], room: float, boxed: Set[int]
) -> list[int]:
    """Return after which columns a picture is cut, so that each strip fits the room.

    `edges`: where each column ends, with the gap behind it; `reach`: where its heads end. Of
    the last third of a strip the cut that the
    fewest wires cross is taken, one behind a box (`boxed`) and the widest strip among equals.
    """
    found: list[int] = []
    start, first = 0.0, 0
    while reach[-1] - start > room:
        fitting = [k for k in range(first, len(edges) - 1) if reach[k] - start <= room]
        if not fitting:
            fitting = [first]
            if first >= len(edges) - 1:
                break
        far = [k for k in fitting if edges[k] - start >= 0.62 * room] or fitting[-1:]
        best = min(far, key=lambda k: (_crossing(edges[k], wires), k not in boxed, -k))
        found.append(best)
        start, first = edges[best], best + 1
        if first >= len(edges):
            break
    return found


def _crossing(x: float, wires: Sequence[Wire]) -> int:
    return sum(
        min(at for at, _ in w.points) < x < max(at for at, _ in w.points) for w in wires
    )


@dataclass(slots=True)
class _Piece:
    """A stretch of a wire inside one strip."""

    route: Route
    strip: int
    points: list[tuple[float, Height]]
    begins: bool
    """Whether it begins at the cut on its left or right, and not at its own end."""
    ends: bool


def staged(
    cells: Sequence[ArrangedCell], wires: Sequence[Wire], figures: Mapping[int, Figure],
    cuts: Sequence[float], stage: Stage, lines: int, names: Mapping[int, str],
) -> Scene:  # fmt: skip
    """Return the scene of a picture cut at these places."""
    return _Stager(cells, wires, figures, cuts, stage, lines, names).scene()


class _Stager:
    def __init__(
        self, cells: Sequence[ArrangedCell], wires: Sequence[Wire], figures: Mapping[int, Figure],
        cuts: Sequence[float], stage: Stage, lines: int, names: Mapping[int, str],
    ) -> None:  # fmt: skip
        self.cells, self.figures, self.stage, self.lines, self.names = cells, figures, stage, lines, names
        self.bounds = [-1e9, *cuts, 1e9]
        self.out = Scene(routes=[Route(wire) for wire in wires])
        self.pieces = [piece for route in self.out.routes for piece in self.split(route)]
        self.tracks: dict[tuple[int, Height], float] = {}
        self.middles: dict[tuple[int, int], float] = {}

    def strip_of(self, x: float) -> int:
        return next(i for i in range(len(self.bounds) - 1) if x < self.bounds[i + 1])

    def split(self, route: Route) -> list[_Piece]:
        points = route.wire.points
        strip = self.strip_of(points[0][0])
        pieces = [_Piece(route, strip, [points[0]], False, False)]
        for x, height in points[1:]:
            goal = self.strip_of(x)
            while strip != goal:
                onward = 1 if goal > strip else -1
                cut = self.bounds[strip + 1] if onward > 0 else self.bounds[strip]
                last = pieces[-1].points[-1][1]
                pieces[-1].points.append((cut, last))
                pieces[-1].ends = True
                strip += onward
                pieces.append(_Piece(route, strip, [(cut, last)], True, False))
            pieces[-1].points.append((x, height))
        return pieces

    def scene(self) -> Scene:
        top = 0.0
        for strip in range(len(self.bounds) - 1):
            top = self.strip(strip, top)
        self.join()
        self.out.height = max(top - _BETWEEN_STRIPS, 0.0)
        return self.out

    def indent(self, strip: int) -> float:
        """Return the room at the left of a strip for the names of the wires that land there."""
        names = {p.route.wire.source for p in self.pieces if p.strip == strip and p.begins}
        return max((width(self.names[s], HEADER, "italic") + LANDING for s in names), default=0.0)

    def shift(self, strip: int) -> float:
        first = 0.0 if strip == 0 else self.bounds[strip]
        return self.stage.left - first + (self.indent(strip) if strip else 0.0)

    def strip(self, strip: int, top: float) -> float:
        """Place one strip; return where the next begins."""
        low, high = self.bounds[strip], self.bounds[strip + 1]
        own = [cell for cell in self.cells if low <= cell.x < high]
        mine = [piece for piece in self.pieces if piece.strip == strip]
        dx = self.shift(strip)
        y = top
        for line in range(self.lines + 1):
            y = self.channel(strip, line, mine, y)
            if line == self.lines:
                break
            up, down = self.extents(line, own, mine)
            if up or down:
                y += up
                self.middles[strip, line] = y
                y += down + _BETWEEN_LINES
            else:
                self.middles[strip, line] = y
        for cell in own:
            self.cell(cell, dx, self.middles[strip, cell.line])
        crossing = sum(piece.ends for piece in mine if piece.strip == strip)
        return y - _BETWEEN_LINES + (_BETWEEN_STRIPS + _LANE * crossing)

    def extents(
        self, line: int, cells: Sequence[ArrangedCell], pieces: Sequence[_Piece]
    ) -> tuple[float, float]:
        own = [cell for cell in cells if cell.line == line]
        used = any(h[0] == "line" and h[1] == line for p in pieces for _, h in p.points)
        least = 18.0 if used else 0.0
        return max([least, *(c.up for c in own)]), max([least, *(c.down for c in own)])

    def channel(self, strip: int, channel: int, pieces: Sequence[_Piece], y: float) -> float:
        """Give the tracks between two lines their heights, short ones nearest to the line above."""
        spans: dict[Height, tuple[float, float, bool]] = {}
        for piece in pieces:
            for (x0, h0), (x1, h1) in zip(piece.points, piece.points[1:], strict=False):
                if h0 == h1 and h0[0] == "track" and h0[1] == channel:
                    low, high, cut = spans.get(h0, (1e9, -1e9, False))
                    spans[h0] = (min(low, x0, x1), max(high, x0, x1), cut or piece.begins or piece.ends)
        order = sorted(spans.items(), key=lambda item: (item[1][1] - item[1][0], item[0]))
        rows: list[list[tuple[float, float]]] = []
        heights: list[float] = []
        for height, (low, high, cut) in order:
            pitch = _CUT_TRACK if cut else _TRACK
            row = next(
                (r for r, taken in enumerate(rows)
                 if not cut and all(high + 8 < a or b + 8 < low for a, b in taken)),
                None,
            )  # fmt: skip
            if row is None:
                rows.append([])
                heights.append((heights[-1] if heights else y) + pitch)
                row = len(rows) - 1
            rows[row].append((low, high))
            self.tracks[strip, height] = heights[row]
        return heights[-1] + _CHANNEL if heights else y

    def cell(self, cell: ArrangedCell, dx: float, y: float) -> None:
        x = cell.x + dx
        if cell.box is not None:
            self.out.boxes[cell.box.place] = BoxSpot(x, y, False)
        for gate in cell.gates:
            self.out.gates[gate.gate] = GatePlace(x + gate.x, y, gate.half, gate.size)
        for spot in cell.sides:
            figure = self.figures[spot.place]
            below = spot.side == "below"
            middle = y + SIDE + figure.up if below else y - SIDE - figure.down
            self.out.boxes[spot.place] = BoxSpot(x + spot.left, middle, below)
        over = max((more for more, _low, _high in cell.heads), default=0.0)
        self.out.right = max(self.out.right, x + cell.wide + over)

    def at(self, strip: int, point: tuple[float, Height]) -> Point:
        x, height = point
        if height[0] == "track":
            return x + self.shift(strip), self.tracks[strip, height]
        return x + self.shift(strip), self.middles[strip, height[1]] + height[2]

    def join(self) -> None:
        """Place every piece, and the dashed ways from strip to strip."""
        placed = [[self.at(p.strip, point) for point in p.points] for p in self.pieces]
        between: dict[int, list[int]] = {}
        for number, piece in enumerate(self.pieces):
            piece.route.pieces.append(placed[number])
            if piece.ends:
                between.setdefault(min(piece.strip, self.pieces[number + 1].strip), []).append(number)
        for strip, numbers in sorted(between.items()):
            self.lanes(strip, numbers, placed)

    def lanes(self, strip: int, numbers: list[int], placed: list[list[Point]]) -> None:
        """Lead cut wires around: the outermost lane on the way out is the innermost on the way in."""
        upper = {n: placed[n][-1] if self.pieces[n].strip == strip else placed[n + 1][0] for n in numbers}
        lower = {n: placed[n + 1][0] if self.pieces[n].strip == strip else placed[n][-1] for n in numbers}
        right = max(
            [self.out.gates[g.gate].x + g.half for c in self.cells for g in c.gates
             if self.strip_of(c.x) == strip]
            + [c.x + c.wide + self.shift(strip) for c in self.cells if self.strip_of(c.x) == strip]
        )  # fmt: skip
        pitch = min(_LANE, 22.0 / len(numbers))
        bottom = max(self.middles[strip, line] for line in range(self.lines))
        bottom = max([bottom] + [
            self.middles[strip, c.line] + c.down for c in self.cells if self.strip_of(c.x) == strip
        ] + [y for (s, _), y in self.tracks.items() if s == strip])  # fmt: skip
        order = sorted(numbers, key=lambda n: -upper[n][1])
        for k, number in enumerate(order):
            (x0, y0), (x1, y1) = upper[number], lower[number]
            out = right + 12.0 + pitch * k
            level = bottom + 14.0 + _LANE * k
            back = self.stage.left - 8.0 - pitch * (len(order) - 1 - k)
            points = [(x0, y0), (out, y0), (out, level), (back, level), (back, y1), (x1, y1)]
            route = self.pieces[number].route
            route.dashed.append(points if self.pieces[number].strip == strip else points[::-1])
            self.out.landings.append(Landing(route.wire.source, self.stage.left + 1.0, y1 - 6.0))
