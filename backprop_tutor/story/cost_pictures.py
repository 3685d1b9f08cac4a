"""What gradients cost, drawn: counted multiplications as networks grow, and seconds on this machine."""

from __future__ import annotations

from collections.abc import Sequence

from ..charts.axes import Axes
from ..charts.bars import bars
from ..charts.picture import Picture
from ..render.stage.marks import Mark, Rect, words
from ..sentences import N_, counted, said
from ..studies.costs import Growth
from .cost_measured import Timed

__all__ = ["counted_picture", "measured_picture"]


def counted_picture(growth: Growth) -> Picture:
    """Return the multiplications by paths, by differences and by one pass against the depth."""
    depths = [depth for depth, _ in growth]
    series = (
        (said("by paths"), [c.by_paths.total for _, c in growth], "gradient", "2 4"),
        (said("by differences"), [c.by_differences.total for _, c in growth], "#d95f02", "8 4"),
        (said("by one backward pass"), [c.by_pass.total for _, c in growth], "active", ""),
    )
    most = max(max(values) for _, values, *_ in series)
    least = min(min(values) for _, values, *_ in series)
    high = 10.0 ** len(str(most))
    low = 10.0 ** (len(str(least)) - 1)
    axes = Axes(
        box=(90.0, 96.0, 480.0, 330.0),
        x=(depths[0], max(depths[-1], depths[0] + 1)),
        y=(low, high),
        log_y=True,
    )
    title = said("multiplications for all gradients")
    wide = counted(
        growth.width, N_("layers of 1 sigmoid neuron"), N_("layers of {count} sigmoid neurons")
    )
    marks: list[Mark] = [
        words(title, 28, 34, 20, style="bold"),
        words(wide, 28, 58, 14, fill="quiet"),
    ]
    ends = []
    for name, values, colour, dash in series:
        marks += axes.line(depths, [float(v) for v in values], colour, 2.4, dash)
        y = axes.place(depths[-1], float(values[-1]))[1]
        ends.append((y, name, colour))
    at = -99.0
    for y, name, colour in sorted(ends):
        at = max(y, at + 17)
        marks.append(words(name, axes.edges[2] + 10, at + 4, 13, fill=colour))
    marks += axes.frame("", said("layers"), grid=True)
    return Picture(marks=tuple(marks), size=(820.0, 480.0), title=title)


def measured_picture(found: Sequence[Timed]) -> Picture:
    """Return forward and backward seconds as bars, and how many times as long the backward pass takes."""
    title = said("one forward and one backward pass, on this machine")
    high = max(max(each.recorded, each.backward) for each in found) * 1000
    marks: list[Mark] = [words(title, 28, 34, 20, style="bold")]
    axes = Axes(
        box=(80.0, 96.0, 130.0 + 190.0 * len(found), 280.0),
        x=(0.4, 2 * len(found) + 0.6),
        y=(0, high * 1.15),
    )
    places = [1 + 2 * number for number in range(len(found))]
    marks += bars(
        axes, [p - 0.4 + 0.4 for p in places], [e.recorded * 1000 for e in found], "value", 0
    )
    marks += bars(
        axes, [p + 0.8 for p in places], [e.backward * 1000 for e in found], "gradient", 0
    )
    for place, each in zip(places, found, strict=True):
        x, y = axes.place(place + 0.8, each.backward * 1000)
        marks.append(
            words(
                f"×{each.ratio:.1f}", x, y - 6, 14, fill="gradient", style="bold", anchor="middle"
            )
        )
    labels = ["–".join(map(str, each.sizes)) for each in found]
    marks += axes.frame(
        "",
        said("network"),
        said("milliseconds"),
        x_ticks=[p + 0.4 for p in places],
        x_labels=labels,
    )
    x = 300.0
    for text, colour in ((said("forward, recorded"), "value"), (said("backward"), "gradient")):
        marks += [Rect(x=x, y=64, width=16, height=12, fill=colour), words(text, x + 22, 75, 13)]
        x += 190
    return Picture(marks=tuple(marks), size=(axes.edges[2] + 40, 440.0), title=title)
