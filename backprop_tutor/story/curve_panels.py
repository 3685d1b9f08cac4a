"""A function of one input as it is learnt: the curve through the points, and what each hidden unit adds.

Enters: a view, a moment, a box. Leaves: marks.
"""

from __future__ import annotations

from ..charts.axes import Axes, around
from ..charts.regions import CLASS_COLOURS
from ..render.stage.marks import Mark, Path
from ..sentences import said
from .view import View

__all__ = ["curve_panel", "parts_panel"]

Box = tuple[float, float, float, float]


def curve_panel(view: View, place: int, box: Box, title: bool = True) -> list[Mark]:
    """Return the points and the model's curve at a moment."""
    table = view.table
    fine = view.fine
    _, said_ = view.course.answers(view.course.moments[place], fine)
    axes = Axes(
        box=box,
        x=(float(fine[0, 0]), float(fine[-1, 0])),
        y=around(table.targets.reshape(-1), 0.15),
    )
    r = 4.0 if len(table) < 80 else 2.6
    d = ""
    for x, y in zip(table.features[:, 0], table.targets.reshape(-1), strict=True):
        px, py = axes.place(float(x), float(y))
        d += f"M{px - r:.1f} {py:.1f}a{r:g} {r:g} 0 1 0 {2 * r:g} 0a{r:g} {r:g} 0 1 0 {-2 * r:g} 0Z"
    marks: list[Mark] = [Path(d=d, fill="pending", kind="later")]
    marks += axes.line(fine[:, 0], said_[:, 0], "active", 2.6, kind="learnt")
    head = said("the curve and the points") if title else ""
    return [*marks, *axes.frame(head, table.columns[0], table.target)]


def parts_panel(view: View, place: int, box: Box, title: bool = True) -> list[Mark]:
    """Return what each unit of the last hidden layer adds to the curve: its weight times its value."""
    fine = view.fine
    parts = view.parts(place)
    axes = Axes(
        box=box, x=(float(fine[0, 0]), float(fine[-1, 0])), y=around(view.parts_range, 0.08)
    )
    marks: list[Mark] = []
    for unit in range(parts.shape[1]):
        colour = CLASS_COLOURS[unit % len(CLASS_COLOURS)]
        marks += axes.line(
            fine[:, 0], parts[:, unit], colour, 1.6, "" if unit < 10 else "5 3", kind="part"
        )
    head = said("what each hidden unit adds") if title else ""
    note = said("weight times value; the sum and the bias are the curve")
    return [*marks, *axes.frame(head, view.table.columns[0], note)]
