"""One frame of a course: every panel that its data have, each at its place, in all frames the same.

Enters: a view and a moment. Leaves: the marks of a picture of 1280 × 720.
"""

from __future__ import annotations

from collections.abc import Callable

from ..charts.picture import Picture
from ..render.stage.marks import Mark, words
from ..sentences import said
from .course_panels import metric_panel, weights_panel
from .curve_panels import curve_panel, parts_panel
from .network_panel import network_panel
from .plane_panels import hidden_panel, input_panel, key_of_classes
from .view import View

__all__ = ["SIZE", "frame", "panels_of"]

SIZE = (1280.0, 720.0)

Drawer = Callable[[View, int, tuple[float, float, float, float]], list[Mark]]


def panels_of(view: View) -> dict[str, Drawer]:
    """Return what can be drawn of a course: the upper row's panels, by their files' names."""
    found: dict[str, Drawer] = {}
    if view.planar and view.table.classes:
        found["regions"] = input_panel
    if view.layered and view.table.classes:
        found["hidden-space"] = hidden_panel
    if view.curve:
        found["curve"] = curve_panel
        if view.layered:
            found["parts"] = parts_panel
    found["network"] = network_panel
    return found


def frame(view: View, place: int) -> tuple[Mark, ...]:
    """Return the whole frame of a moment."""
    upper = panels_of(view)
    marks: list[Mark] = [_head(view, place)]
    if view.table.classes:
        marks += key_of_classes(view, 800, 30, 440)
    wide = (SIZE[0] - 40) / max(3, len(upper))
    for number, draw in enumerate(upper.values()):
        left = 64 + number * wide
        spare = wide * (3 - len(upper)) if number == len(upper) - 1 and len(upper) < 3 else 0
        marks += draw(view, place, (left, 96.0, wide - 74 + spare, 316.0))
    history = view.course.outcome.history
    below = [name for name in history.history if not name.startswith("val_")]
    for number, name in enumerate(below[:2]):
        marks += metric_panel(view, place, (64 + number * wide, 496.0, wide - 74, 172.0), name)
    marks += weights_panel(view, place, (64 + 2 * wide, 496.0, wide - 104, 172.0))
    return tuple(marks)


def _head(view: View, place: int) -> Mark:
    epoch = view.course.moments[place].epoch
    last = view.course.moments[-1].epoch
    when = (
        said("before the training")
        if epoch == 0
        else said("after epoch {epoch} of {last}", epoch=epoch, last=last)
    )
    return words(f"{view.table.name}: {when}", 28, 34, 20, style="bold", kind="head")


def picture(view: View, place: int) -> Picture:
    """Return a frame as a picture."""
    return Picture(marks=frame(view, place), size=SIZE, title=view.table.name)
