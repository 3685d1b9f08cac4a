"""The network small, beside its planes: units in columns, wires as wide as their weights, dashed below 0.

Enters: a view, a moment, a box. Leaves: marks. The picture with every number is `neurons.py`'s.
"""

from __future__ import annotations

import itertools

from ..render.stage.marks import Disc, Mark, Path, words
from ..sentences import said
from .view import View, index_name

__all__ = ["network_panel"]

Box = tuple[float, float, float, float]

_MOST_UNITS = 12
_LEAST_SHARE = 0.02


def _largest(view: View) -> float:
    """Return the size of the largest weight of all moments."""
    found = (abs(w).max() for m in view.course.moments for w, _ in view.course.weights(m))
    return max(map(float, found)) or 1.0


def network_panel(view: View, place: int, box: Box, title: bool = True) -> list[Mark]:
    """Return the network with the weights of a moment; of a wide layer its first units."""
    left, top, wide, high = box
    layers = list(view.course.weights(view.course.moments[place]))
    largest = view.once("largest", _largest)
    sizes = [layers[0][0].shape[1], *(len(bias) for _, bias in layers)]
    columns = len(sizes)
    pitch = (wide - 60) / max(1, columns - 1)
    spots: list[list[tuple[float, float]]] = []
    shown = [min(size, _MOST_UNITS) for size in sizes]
    step = min(110.0, (high - 26) / max(shown))
    radius = max(5.0, min(18.0, step / 2 - 4))
    for number, count in enumerate(shown):
        x = left + 30 + number * pitch
        middle = top + high / 2
        spots.append([(x, middle + (i - (count - 1) / 2) * step) for i in range(count)])
    marks: list[Mark] = []
    numbered = sum(n * m for n, m in itertools.pairwise(sizes)) <= 8
    for number, (weight, _) in enumerate(layers):
        for i, (x1, y1) in enumerate(spots[number + 1]):
            for j, (x0, y0) in enumerate(spots[number]):
                marks += _wire(
                    (x0 + radius, y0),
                    (x1 - radius, y1),
                    float(weight[i, j]),
                    largest,
                    numbered,
                    i == j,
                )
    marks += _units(view, sizes, spots, radius)
    if title:
        marks.append(words(said("the network"), left, top - 28, 15, style="bold", kind="title"))
        marks.append(
            words(
                said("width: size of w, dashes: negative"),
                left,
                top - 8,
                13,
                fill="quiet",
                kind="name",
            )
        )
    return marks


def _wire(
    a: tuple[float, float],
    b: tuple[float, float],
    weight: float,
    largest: float,
    numbered: bool,
    straight: bool,
) -> list[Mark]:
    share = abs(weight) / largest
    if share < _LEAST_SHARE and not numbered:
        return []
    d = f"M{a[0]:.1f} {a[1]:.1f}L{b[0]:.1f} {b[1]:.1f}"
    wire = Path(
        d=d,
        stroke="ink",
        width=round(0.6 + 4.4 * share, 2),
        dash="7 5" if weight < 0 else "",
        kind="wire",
        opacity=0.9 if numbered else 0.55,
    )
    if not numbered:
        return [wire]
    share_along = 0.5 if straight else 0.3
    x, y = a[0] + share_along * (b[0] - a[0]), a[1] + share_along * (b[1] - a[1])
    text = words(
        f"{weight:.2f}".replace("-", "−"),
        x,
        y + 4.5,
        12,
        fill="value",
        anchor="middle",
        kind="weight",
    )
    half = text.width / 2 + 2
    under = Path(
        d=f"M{x - half:.1f} {y - 8:.1f}h{2 * half:.1f}v16h{-2 * half:.1f}Z",
        fill="paper",
        kind="plate",
    )
    return [wire, under, text]


def _units(
    view: View, sizes: list[int], spots: list[list[tuple[float, float]]], radius: float
) -> list[Mark]:
    marks: list[Mark] = []
    last = len(sizes) - 1
    for number, column in enumerate(spots):
        letter = (
            "x"
            if number == 0
            else "y"
            if number == last
            else "h"
            if last == 2
            else "hgk"[(number - 1) % 3]
        )
        for i, (x, y) in enumerate(column):
            fill = "active_fill" if 0 < number < last else "paper"
            marks.append(Disc(x=x, y=y, r=radius, stroke="ink", line=1.4, fill=fill, kind="unit"))
            if radius >= 12:
                name = letter if sizes[number] == 1 and number == last else index_name(letter, i)
                marks.append(
                    words(name, x, y + 5, 14, style="italic", anchor="middle", kind="unit-name")
                )
        if sizes[number] > len(column):
            x, y = column[-1]
            more = said("+ {count}", count=sizes[number] - len(column))
            marks.append(
                words(more, x, y + radius + 15, 12, fill="quiet", anchor="middle", kind="more")
            )
    return marks
