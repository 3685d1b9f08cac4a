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
        *axes.frame("", said("layers"), grid=True, x_ticks=_whole(depths)),
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
    return Picture(marks=tuple(marks), size=(820.0, 480.0), title=title)


def _whole(depths: Sequence[int]) -> list[int]:
    """Return at most ten of the depths, evenly apart: there is no half a layer."""
    return list(depths[:: -(-len(depths) // 10)])


def measured_picture(found: Sequence[Timed]) -> Picture:
    """Return both passes' seconds as bars, a plot for each batch, and the backward pass as a multiple."""
    title = said("one forward and one backward pass, on this machine")
    marks: list[Mark] = [words(title, 28, 34, 20, style="bold")]
    batches = list(dict.fromkeys(each.batch for each in found))
    wide = max(_NETWORK * len(found) / len(batches), _LEAST)
    left = 80.0
    for batch in batches:
        own = [each for each in found if each.batch == batch]
        title_y = said("batches of {count}: milliseconds", count=batch)
        marks += _panel(own, (left, 122.0, wide, 280.0), title_y)
        left += wide + 90
    x = 28.0
    for text, colour in _BARS:
        label = words(said(text), x + 22, 69, 13)
        marks += [Rect(x=x, y=58, width=16, height=12, fill=colour), label]
        x += label.width + 48
    return Picture(marks=tuple(marks), size=(max(left - 50, x), 466.0), title=title)


_NETWORK, _LEAST = 150.0, 240.0
"""How wide the bars of one network are, and a plot at least."""

_BARS = ((N_("forward alone"), "active"), (N_("forward, recorded"), "value"), (N_("backward"), "gradient"))


def _panel(found: Sequence[Timed], box: tuple[float, float, float, float], name: str) -> list[Mark]:
    """Return the bars of the networks at one batch."""
    heights = [[each.forward, each.recorded, each.backward] for each in found]
    axes = Axes(box=box, x=(0, 4 * len(found)), y=(0, 1150 * max(map(max, heights))))
    marks: list[Mark] = []
    for number, (_, colour) in enumerate(_BARS):
        places = [4 * i + 1 + number for i in range(len(found))]
        marks += bars(axes, places, [1000 * each[number] for each in heights], colour, 0)
    for i, each in enumerate(found):
        x, y = axes.place(4 * i + 3, 1000 * max(each.backward, each.recorded))
        marks.append(
            words(f"×{each.ratio:.2f}", x, y - 6, 14, fill="gradient", style="bold", anchor="middle")
        )
    labels = ["–".join(map(str, each.sizes)) for each in found]
    middles = [4 * i + 2 for i in range(len(found))]
    return [*marks, *axes.frame("", said("network"), name, x_ticks=middles, x_labels=labels)]
