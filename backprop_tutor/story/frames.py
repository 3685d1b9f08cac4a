"""One frame of a course: every panel that its data have, each at its place, in all frames the same.

Enters: a view and a moment. Leaves: the parts of a picture of 1280 × 720, and its marks.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ..charts.moving import Part
from ..charts.picture import Picture
from ..render.stage.marks import Mark, words
from ..sentences import said
from .course_panels import metric_panel, weights_panel
from .curve_panels import curve_panel, parts_panel
from .network_panel import network_panel
from .plane_panels import hidden_panel, input_panel, key_of_classes
from .view import View

__all__ = ["SIZE", "frame", "panels_of", "parts"]

SIZE = (1280.0, 720.0)

Box = tuple[float, float, float, float]
Drawer = Callable[[View, int, Box], list[Mark]]


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


def parts(view: View, place: int) -> list[Part]:
    """Return the whole frame of a moment, panel by panel."""
    upper = panels_of(view)
    head = [_head(view, place)]
    found = [Part(area=(24, 12, 776, 32), marks=head)]
    if view.table.classes:
        found.append(Part(area=(800, 12, 440, 32), marks=key_of_classes(view, 800, 30, 440)))
    wide = (SIZE[0] - 40) / max(3, len(upper))
    for number, draw in enumerate(upper.values()):
        left = 64 + number * wide
        spare = wide * (3 - len(upper)) if number == len(upper) - 1 and len(upper) < 3 else 0
        box = (left, 96.0, wide - 74 + spare, 316.0)
        found.append(_part(box, draw(view, place, box)))
    history, moments = view.course.outcome.history, view.course.moments
    below = [name for name in history.history if not name.startswith("val_")]
    for number, name in enumerate(below[:2]):
        box = (64 + number * wide, 496.0, wide - 74, 172.0)
        until = box[0] + box[2] * moments[place].epoch / max(1, *history.epoch)
        found.append(_part(box, metric_panel(view, place, box, name), until))
    box = (64 + 2 * wide, 496.0, wide - 104, 172.0)
    until = box[0] + box[2] * moments[place].epoch / max(1, moments[-1].epoch)
    found.append(_part(box, weights_panel(view, place, box), until))
    return found


_AROUND = 16.0
"""So far beyond a panel's box its names and discs reach at most, in px."""


def _part(box: Box, marks: Sequence[Mark], until: float | None = None) -> Part:
    left, top, wide, high = box
    area = (left - _AROUND, top - _AROUND, wide + 2 * _AROUND, high + 2 * _AROUND)
    return Part(area=area, marks=marks, until=until)


def frame(view: View, place: int) -> tuple[Mark, ...]:
    """Return the marks of the whole frame of a moment."""
    return tuple(mark for part in parts(view, place) for mark in part.marks)


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
