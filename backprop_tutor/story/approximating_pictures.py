"""Approximation drawn: one panel a width with the curve and the points; pieces against depth and width."""

from __future__ import annotations

from collections.abc import Sequence

from ..charts.axes import Axes, around
from ..charts.picture import Picture
from ..charts.regions import CLASS_COLOURS
from ..engine.datasets import Table
from ..render.narration.numbers import shown
from ..render.stage.marks import Disc, Mark, Path, words
from ..sentences import N_, counted, said
from .approximating import Fit

__all__ = ["folds_picture", "widths_picture"]

Box = tuple[float, float, float, float]


def _panel(table: Table, fit: Fit, box: Box, title: str, note: str) -> list[Mark]:
    targets = table.targets.reshape(-1)
    axes = Axes(box=box, x=around(table.features[:, 0], 0.04), y=around(targets, 0.25))
    d = ""
    for x, y in zip(table.features[:, 0], targets, strict=True):
        px, py = axes.place(float(x), float(y))
        d += f"M{px - 2.6:.1f} {py:.1f}a2.6 2.6 0 1 0 5.2 0a2.6 2.6 0 1 0 -5.2 0Z"
    marks: list[Mark] = [Path(d=d, fill="pending", kind="points")]
    marks += axes.line(fit.x, fit.y, "active", 2.4, kind="learnt")
    for cut in fit.cuts[1:-1] if len(fit.cuts) <= 80 else ():
        y = float(fit.y[abs(fit.x - cut).argmin()])
        if axes.inside(cut, y):
            px, py = axes.place(cut, y)
            marks.append(Disc(x=px, y=py, r=3, fill="paper", stroke="active", line=1.4, kind="cut"))
    marks += axes.frame(title, table.columns[0], note)
    return marks


def widths_picture(table: Table, found: Sequence[Fit]) -> Picture:
    """Return a panel for each width of one hidden layer, and how far each is off."""
    columns = min(3, len(found))
    rows = -(-len(found) // columns)
    title = said("{name} by one hidden layer", name=table.name)
    marks: list[Mark] = [words(title, 28, 34, 20, style="bold")]
    for number, fit in enumerate(found):
        box = (60.0 + number % columns * 380, 118.0 + number // columns * 330, 310.0, 210.0)
        units = counted(fit.layers[0], N_("1 unit"), N_("{count} units"))
        note = said("off by {off} in the quadratic mean", off=shown(fit.off, 3))
        marks += _panel(table, fit, box, units, note)
    size = (max(560.0, 20 + 380.0 * columns), 70.0 + 330 * rows)
    return Picture(marks=tuple(marks), size=size, title=title)


def folds_picture(table: Table, found: Sequence[Fit]) -> Picture:
    """Return the number of straight pieces against the depth, a line a width; and two of the curves."""
    title = said("straight pieces against depth and width (relu)")
    marks: list[Mark] = [words(title, 28, 34, 20, style="bold")]
    widths = sorted({fit.layers[0] for fit in found})
    deepest = max(len(fit.layers) - 1 for fit in found)
    most = max(fit.pieces for fit in found)
    axes = Axes(box=(70.0, 118.0, 330.0, 260.0), x=(0.7, deepest + 0.3), y=(0, most * 1.12 + 1))
    marks += axes.frame(
        "", said("hidden layers"), said("straight pieces"), grid=True, x_ticks=range(1, deepest + 1)
    )
    for number, width in enumerate(widths):
        mine = sorted((f for f in found if f.layers[0] == width), key=lambda f: len(f.layers))
        colour = CLASS_COLOURS[number % len(CLASS_COLOURS)]
        places = [(len(f.layers) - 1, f.pieces) for f in mine]
        marks += axes.line([p for p, _ in places], [q for _, q in places], colour, 2.2)
        for depth, pieces in places:
            px, py = axes.place(depth, pieces)
            marks.append(Disc(x=px, y=py, r=4, fill=colour, kind="count"))
        x = 80.0 + 150 * number
        marks.append(Path(d=f"M{x:.1f} 76h26", stroke=colour, width=2.4))
        marks.append(words(said("width {width}", width=width), x + 32, 81, 13, fill=colour))
    widest = [f for f in found if f.layers[0] == widths[-1]]
    ends = sorted(widest, key=lambda f: len(f.layers))
    for number, fit in enumerate((ends[0], ends[-1])[: len(ends)]):
        layers = counted(len(fit.layers) - 1, N_("1 hidden layer"), N_("{count} hidden layers"))
        name = said("{layers} of {width}", layers=layers, width=fit.layers[0])
        note = said("{pieces} pieces, off by {off}", pieces=fit.pieces, off=shown(fit.off, 3))
        marks += _panel(table, fit, (470.0 + 380 * number, 118.0, 310.0, 260.0), name, note)
    return Picture(marks=tuple(marks), size=(1230.0, 440.0), title=title)
