"""What follows a derivation: the check three ways, and steps of gradient descent on request."""

from __future__ import annotations

from collections.abc import Iterator

from ...check import Check, CheckRow, WrongSlope, check
from ...check.rows import Status
from ...descent import Descent, Updating, descend, update_steps
from ...ops import exact
from ...sentences import N_, counted, said
from ...steps import UpdateStep
from ...translation import sentence as _
from .arithmetic import MOST, updated
from .document import Block, Heading, Inline, Math, Paragraph, Table
from .narrate import Narrator
from .numbers import shown

__all__ = ["check_section", "update_section"]


_VERDICTS: dict[Status, str] = {
    "agree": N_("agree"), "two of three": N_("two of three"), "kink": N_("kink"),
    "undefined": N_("undefined"), "round-off": N_("round-off"), "differ": N_("DIFFER"),
}  # fmt: skip

_REMARKS: dict[Status, str] = {
    "kink": N_("On a kink the slopes from the two sides differ; the convention decides."),
    "round-off": N_(
        "Round-off: every gate is right, but float64 holds too few digits on the way; SymPy's number "
        "is worked out with more."
    ),
    "two of three": N_("Two of three: one has no number here; more digits confirm the others."),
    "differ": N_("Not all numbers agree: do not trust this derivation."),
}
"""What is said below the table where a row has this status."""


def check_section(narrator: Narrator) -> Iterator[Block]:
    """Yield the table of every gradient three ways, what is said of it, and the values' verdict."""
    yield Heading(2, (_("Check: every gradient three ways"),))
    result = check(narrator.derivation)
    rows = tuple(_check_row(narrator, row) for row in result.rows)
    headers = ("", _("reverse pass"), _("SymPy"), _("differences"), "")
    yield Table(headers, rows, frozenset({1, 2, 3}))
    found = {row.status for row in result.rows}
    for status, remark in _REMARKS.items():
        if status in found:
            yield Paragraph((_(remark),), indent=1)
    finer = [narrator.gradient_of(narrator.graph.index[r.name]) for r in result.rows if r.digits]
    if finer:
        digits = max(row.digits for row in result.rows)
        remark = N_("float64 is too coarse for these differences, which were taken with {digits} digits: ")
        yield Paragraph((said(remark, digits=digits), *_listed(finer)), indent=1)
    if any(row.late for row in result.rows):
        yield Paragraph((_("Where SymPy has no number in time, the other two decide."),), indent=1)
    for slope in result.slopes:
        yield Paragraph(_wrong_slope(narrator, slope), indent=1)
    yield from _values(narrator, result)


def _check_row(narrator: Narrator, row: CheckRow) -> tuple[tuple[Inline, ...], ...]:
    """Return a row of the table; numbers that differ are shown with digits enough to tell them apart."""
    numbers = (row.reverse, row.symbolic, row.numeric)
    digits = narrator.precision
    if row.status == "differ":
        while digits < MOST and len({shown(n, digits) for n in numbers}) == 1:
            digits += 1
    cells: list[tuple[Inline, ...]] = [(narrator.gradient_of(narrator.graph.index[row.name]),)]
    cells += [(narrator.number(n, digits=digits),) for n in numbers]
    if row.late:
        cells[2] = (_("not within 1 s"),)
    return (*cells, (_(_VERDICTS[row.status]),))


def _wrong_slope(narrator: Narrator, slope: WrongSlope) -> tuple[Inline, ...]:
    index = narrator.graph.index
    return (
        _("A local gradient is wrong: "),
        narrator.gradient_of(index[slope.wrt], index[slope.of]), " = ",
        narrator.number(slope.local, "local"), _(", where the operation's definition gives "),
        narrator.number(slope.right, "local"),
    )  # fmt: skip


_LONGEST_LIST = 8


def _values(narrator: Narrator, result: Check) -> Iterator[Block]:
    """Yield whether the values are those of the same formulas with more digits."""
    off = [row for row in result.values if row.status != "agree"]
    if result.values and not off:
        remark = N_("Every value is that of the same formula with {digits} digits.")
        yield Paragraph((said(remark, digits=result.digits),), indent=1)
    for row in off[:_LONGEST_LIST]:
        name = narrator.name(narrator.graph.index[row.name])
        text = (
            N_("The value of {name} is wrong: {value}, where {digits} digits give {right}.")
            if row.status == "differ"
            else N_("Round-off in {name}: {value}, where {digits} digits give {right}.")
        )
        digits = narrator.precision
        while digits < MOST and shown(row.value, digits) == shown(row.precise, digits):
            digits += 1
        value, right = shown(row.value, digits), shown(row.precise, digits)
        line = said(text, name=name.unicode, value=value, digits=result.digits, right=right)
        yield Paragraph((line,), indent=1)
    if len(off) > _LONGEST_LIST:
        more = counted(
            len(off) - _LONGEST_LIST, N_("and 1 more value"), N_("and {count} more values")
        )
        yield Paragraph((more,), indent=1)


def _listed(parts: list[Math]) -> list[Inline]:
    out: list[Inline] = []
    for part in parts[:_LONGEST_LIST]:
        out += [", ", part] if out else [part]
    return [*out, ", …"] if len(parts) > _LONGEST_LIST else out


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
        (narrator.name(step.place),), (narrator.number(step.old, "value", digits=given),),
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
