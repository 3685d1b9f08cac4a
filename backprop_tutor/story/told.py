"""What a story says: the page's sections, each picture with the sentence that tells what to see in it.

Enters: a view. Leaves: sections and pictures by their files' names. Numbers in the sentences are those of
the model.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ..charts.picture import Picture
from ..render.stage.marks import Mark, words
from ..sentences import N_, counted, said, sentence
from .course_panels import metric_panel, weights_panel
from .curve_panels import curve_panel, parts_panel
from .lifted import lifted, lifted_picture
from .neurons import neurons_derivation
from .page import Section
from .plane_panels import hidden_panel, input_panel, key_of_classes
from .view import View

__all__ = ["Told", "lead", "stills"]

_SIZE = (640.0, 560.0)


@dataclass(frozen=True, kw_only=True)
class Told:
    """A still picture: its file's name, the section it stands in, and its SVG and PNG."""

    name: str
    section: Section
    picture: Picture | None = None
    png: Callable[[], bytes] | None = None


def lead(view: View) -> list[str]:
    """Return the story's first sentences: what is learnt, by what, how it ended."""
    course, table = view.course, view.table
    outcome, settings = course.outcome, course.plan.settings
    sizes = "–".join(map(str, (table.features.shape[1], *course.plan.network.sizes)))
    lines = [
        said(
            "A network of {sizes} units learns {name}: {loss}, by {optimizer} at learning rate {lr:g}, "
            "from {rows}, seed {seed}.",
            sizes=sizes,
            name=table.name,
            loss=sentence(course.plan.network.output.said),
            optimizer=settings.optimizer,
            lr=settings.lr,
            seed=settings.seed,
            rows=counted(outcome.train_size, N_("1 row"), N_("{count} rows")),
        )
    ]
    epoch, loss = course.moments[-1].epoch, outcome.history["loss"]
    ended = said(
        "After epoch {epoch} the loss is {loss:.4g}; it was {first:.4g} in the first one.",
        epoch=epoch,
        loss=loss[outcome.history.epoch.index(epoch)],
        first=loss[0],
    )
    if table.classes:
        right, rows = round(outcome.score * outcome.test_size), outcome.test_size
        where = (
            said("{right} of the {rows} rows trained on are told right.", right=right, rows=rows)
            if outcome.tested_on_all
            else said(
                "{right} of the {rows} rows set aside are told right.", right=right, rows=rows
            )
        )
        ended += " " + where
    return [*lines, ended]


def _framed(view: View, marks: list[Mark], name: str) -> Picture:
    head = words(f"{view.table.name}: {name}", 24, 32, 17, style="bold", kind="head")
    key = key_of_classes(view, 24, 548, 590) if view.table.classes else []
    return Picture(marks=(head, *marks, *key), size=_SIZE, title=f"{view.table.name}: {name}")


_BOX = (70.0, 72.0, 540.0, 412.0)


def stills(view: View) -> list[Told]:
    """Return the pictures of the last moment that a course's data have."""
    last = view.count - 1
    found: list[Told] = []
    if view.planar and view.table.classes:
        found.append(_regions(view, last))
    if view.layered and view.table.classes:
        found.append(_hidden(view, last))
    if view.planar and len(view.table.classes) == 2:
        found.append(_lifted(view))
    if view.curve:
        found += _curves(view, last)
    found.append(_weights(view, last))
    neurons = _neurons(view, last)
    return [*found, neurons] if neurons is not None else found


def _regions(view: View, last: int) -> Told:
    name = said("regions")
    picture = _framed(view, input_panel(view, last, _BOX, title=False), name)
    units = counted(view.units, N_("1 unit"), N_("{count} units"))
    told = said(
        "The plane is coloured by what the network says of each place. Each line is where the net input of "
        "a unit of the first layer ({units}) is 0; its arrow points to where it is above.",
        units=units,
    )
    return Told(
        name="regions", section=Section(heading=name, told=told, svg=picture.svg), picture=picture
    )


def _hidden(view: View, last: int) -> Told:
    name = said("the hidden space")
    picture = _framed(view, hidden_panel(view, last, _BOX, title=False), name)
    plane = view.flats[0][last]
    if plane.slopes is None:
        told = said(
            "The same points after the last hidden layer, in the plane of their largest spread: of so "
            "many classes no plane holds all boundaries."
        )
    else:
        told = said(
            "The same points after the last hidden layer. There the output layer alone decides, and "
            "its boundaries are straight; grey lines are the grid of the inputs, folded."
        )
    return Told(
        name="hidden-space",
        section=Section(heading=name, told=told, svg=picture.svg),
        picture=picture,
    )


def _curves(view: View, last: int) -> list[Told]:
    name = said("the curve")
    picture = _framed(view, curve_panel(view, last, _BOX, title=False), name)
    told = said("The grey points are what is learnt from, the blue curve is what the network says.")
    found = [_still("curve", name, told, picture)]
    if view.layered:
        name = said("the parts of the curve")
        picture = _framed(view, parts_panel(view, last, _BOX, title=False), name)
        told = said(
            "What each unit of the last hidden layer adds: its weight times its value. Together with the "
            "bias they are the curve."
        )
        found.append(_still("parts", name, told, picture))
    return found


def _still(file: str, name: str, told: str, picture: Picture) -> Told:
    section = Section(heading=name, told=told, svg=picture.svg)
    return Told(name=file, section=section, picture=picture)


def _lifted(view: View) -> Told:
    found = lifted(view)
    picture = lifted_picture(view, found)
    a, b = view.table.columns
    told = said(
        "Another way to bend: the feature {a}·{b} is added by hand, and a single unit learns a plane in "
        "this space. It tells {right} of {rows} points right.",
        a=a,
        b=b,
        right=found.right,
        rows=len(view.table),
    )
    return Told(
        name="lifted",
        section=Section(heading=said("lifted by a feature"), told=told, svg=picture.svg),
        picture=picture,
    )


def _weights(view: View, last: int) -> Told:
    history = view.course.outcome.history
    names = [name for name in history.history if not name.startswith("val_")]
    marks: list[Mark] = []
    for number, name in enumerate(names[:2]):
        marks += metric_panel(view, last, (70.0 + 295 * number, 70.0, 245.0, 150.0), name)
    marks += weights_panel(view, last, (70.0, 300.0, 500.0, 200.0))
    head = words(
        said("{name}: course", name=view.table.name), 24, 32, 17, style="bold", kind="head"
    )
    picture = Picture(
        marks=(head, *marks), size=_SIZE, title=said("{name}: course", name=view.table.name)
    )
    told = said(
        "The loss of an epoch is the mean over its batches, each before its step. Biases are dashed."
    )
    return Told(
        name="course",
        section=Section(heading=said("the course"), told=told, svg=picture.svg),
        picture=picture,
    )


def _neurons(view: View, last: int) -> Told | None:
    row = 1 if len(view.table) > 1 else 0
    found = neurons_derivation(view, last, row)
    if found is None:
        return None
    drawn = found.at_scale("neurons").diagram()
    told = said(
        "One row ({sample}) through the network and back, at the last weights: every value in green, every "
        "gradient in red.",
        sample=", ".join(
            f"{c} = {v:.4g}"
            for c, v in zip(view.table.columns, view.table.features[row], strict=True)
        ),
    )
    if view.course.plan.scaling.deviation.tolist() != [1.0] * view.table.features.shape[1]:
        told += " " + said(
            "The network sees its inputs at mean 0 and deviation 1, as they stand here."
        )
    section = Section(heading=said("neuron by neuron"), told=told, svg=drawn.svg, wide=True)
    return Told(name="network", section=section, png=drawn.png)
