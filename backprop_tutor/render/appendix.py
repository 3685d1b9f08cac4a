"""What follows a derivation: the check three ways, and the step of gradient descent on request."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..check import check
from ..descent import update_steps
from ..ops import plain
from ..translation import sentence as _
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


def update_section(narrator: Narrator, lr: Any, after: Any) -> Iterator[Block]:
    """Yield one step of gradient descent; `after` is the derivation at the new point."""
    yield Heading(2, (_("Update: one step of gradient descent"),))
    steps = update_steps(narrator.derivation, lr)
    rate = plain(steps[0].lr) if steps else lr
    yield Paragraph(
        (_("new = old − η · gradient, η = {rate}, every gradient the old one").format(
            rate=shown(rate, narrator.precision)),),
        indent=1,
    )  # fmt: skip
    rows = tuple(
        (
            (narrator.name(step.node),), (narrator.number(step.old, "value"),),
            (narrator.number(step.gradient, "gradient"),), (narrator.number(step.new, "value"),),
        )
        for step in steps
    )  # fmt: skip
    headers = (_("parameter"), _("old"), _("gradient"), _("new"))
    yield Table(headers, rows, frozenset({1, 2, 3}))
    place = narrator.graph.output
    old, new = narrator.derivation.numbers[place], after.numbers[place]
    yield Paragraph(
        (narrator.name(place), _(" goes from "), narrator.number(old, "value"), _(" to "),
         narrator.number(new, "value")), indent=1,
    )  # fmt: skip
