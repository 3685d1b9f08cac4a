"""What follows a derivation: the check three ways, and steps of gradient descent on request."""

from __future__ import annotations

from collections.abc import Iterator

from ..check import check
from ..descent import Descent, Updating, descend, update_steps
from ..ops import exact
from ..sentences import N_, said
from ..steps import UpdateStep
from ..translation import sentence as _
from .arithmetic import MOST, updated
from .document import Block, Heading, Inline, Paragraph, Table
from .narrate import Narrator
from .numbers import shown

__all__ = ["check_section", "update_section"]


def check_section(narrator: Narrator) -> Iterator[Block]:
    """Yield the table of every gradient three ways, and the verdict."""
    yield Heading(2, (_("Check: every gradient three ways"),))
    result = check(narrator.derivation)
    verdicts = {
        "agree": _("agree"), "kink": _("kink"), "undefined": _("undefined"), "differ": _("DIFFER"),
    }  # fmt: skip
    rows = []
    for row in result.rows:
        place = narrator.graph.index[row.name]
        cells: list[tuple[Inline, ...]] = [(narrator.gradient_of(place),)]
        cells += [(narrator.number(v),) for v in (row.reverse, row.symbolic, row.numeric)]
        rows.append((*cells, (verdicts[row.status],)))
    headers = ("", _("reverse pass"), _("SymPy"), _("differences"), "")
    yield Table(headers, tuple(rows), frozenset({1, 2, 3}))
    if any(row.status == "kink" for row in result.rows):
        yield Paragraph(
            (_("On a kink the slopes from the two sides differ; the convention decides."),),
            indent=1,
        )
    if not result.ok:
        yield Paragraph((_("Not all numbers agree: do not trust this derivation."),), indent=1)


def update_section(narrator: Narrator, update: Updating) -> Iterator[Block]:
    """Yield the first step of gradient descent, and the course of the steps where there are more."""
    yield Heading(2, (said(_HEADS[update.climbs, update.steps > 1], steps=update.steps),))
    steps = update_steps(narrator.derivation, update.rate, update.names)
    rule = (
        N_("new = old + η · gradient, η = {rate}, every gradient the old one: towards larger {output}")
        if update.climbs
        else N_("new = old − η · gradient, η = {rate}, every gradient the old one")
    )
    size = -update.rate if update.climbs else update.rate
    rate = shown(size, max(narrator.precision, _RATE))
    yield Paragraph((said(rule, rate=rate, output=narrator.derivation.output),), indent=1)
    rows = tuple(_update_row(narrator, step) for step in steps)
    headers = (_("parameter"), _("old"), _("gradient"), _("new"))
    yield Table(headers, rows, frozenset({1, 2, 3}))
    derivation = narrator.derivation
    course = descend(
        derivation.graph_table, derivation.at, update.names, update.rate, update.steps
    )
    place = narrator.graph.output
    if update.steps > 1:
        yield Paragraph((_("That was the first step; the course of all:"),), indent=1)
        yield from _course(narrator, course)
    yield Paragraph(
        (narrator.name(place), _(" goes from "), narrator.number(exact(course.losses[0]), "value"),
         _(" to "), narrator.number(exact(course.losses[-1]), "value")), indent=1,
    )  # fmt: skip


def _update_row(narrator: Narrator, step: UpdateStep) -> tuple[tuple[Inline, ...], ...]:
    """Return a parameter's old value, gradient and new value, with digits that give the new one."""
    digits = updated(step.old, step.lr, step.gradient, step.new, narrator.precision)
    given, made = digits or (MOST, narrator.precision)
    return (
        (narrator.name(step.node),), (narrator.number(step.old, "value", digits=given),),
        (narrator.number(step.gradient, "gradient", digits=given),),
        (narrator.number(step.new, "value", digits=made),),
    )  # fmt: skip


_RATE = 12
"""Significant figures of the learning rate, which is a number that someone chose."""

_HEADS = {
    (False, False): N_("Update: one step of gradient descent"),
    (False, True): N_("Update: {steps} steps of gradient descent"),
    (True, False): N_("Update: one step of gradient ascent"),
    (True, True): N_("Update: {steps} steps of gradient ascent"),
}

_COLUMNS = 6
"""A course of more parameters shows the output's alone, and the parameters' first and last values."""


def _course(narrator: Narrator, course: Descent) -> Iterator[Block]:
    """Yield the steps as a table: the output, and the parameters after each."""
    names = [narrator.name(narrator.graph.index[name]) for name in course.wrt]
    few = len(names) <= _COLUMNS
    rows: list[tuple[tuple[Inline, ...], ...]] = []
    for step in course.shown():
        numbers = [course.losses[step], *(course.points[step] if few else ())]
        rows.append(((str(step),), *((narrator.number(exact(n), "value"),) for n in numbers)))
    output = narrator.name(narrator.graph.output)
    heads = [output.unicode, *(name.unicode for name in names if few)]
    yield Table((_("after step"), *heads), tuple(rows), frozenset(range(1 + len(heads))))
    if not few:
        ends = tuple(
            ((name,), *((narrator.number(exact(n), "value"),) for n in (first, last)))
            for name, first, last in zip(names, course.points[0], course.points[-1], strict=True)
        )
        yield Table((_("parameter"), _("at first"), _("at last")), ends, frozenset({1, 2}))
