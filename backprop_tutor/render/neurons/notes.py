"""What stands under the pictures: each step's title, formulas and reason, and the legend.

Enters: a page, its steps, a stage. Leaves: a `Note` a step and the legend's lines. Formulas come from the
same telling as the explanation; short lines share a row.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ...language import shown_name
from ...scales import Neuron, ScaleStep
from ...sentences import N_, counted
from ...translation import sentence as _
from ..drawing.bands import Stage
from ..stage.caption import FORMULA, LEGEND, REASON, Legend, Note, formula
from ..stage.marks import Run
from .page import Page, Told
from .sums import Line
from .telling import told

__all__ = ["legend", "note"]

_MOST_ROWS = 4
_NARROW = 500.0
_GAP = "   "


def legend(page: Page, crowded: bool) -> tuple[Legend, ...]:
    """Return the legend: one line a role, in its colour."""
    output = page.write.name(page.graph.output).unicode
    found = [
        Legend("value", _("value above the line")),
        Legend("gradient", _("δ = ∂{output}/∂net below it, in the circle").format(output=output)),
        Legend("gradient", _("∂{output}/∂w below it, where a wire ends").format(output=output)),
    ]
    if crowded:
        found[1] = Legend("gradient", _("δ = ∂{output}/∂net below it").format(output=output))
    else:
        found.append(Legend("gradient", _("contribution δ·w below it, where a wire starts")))
        if any(n.bias and n.bias.place in page.network.shared for n in page.network.neurons):
            found.append(
                Legend(
                    "gradient",
                    _("parts of ∂{output}/∂b below the arrows of a bias").format(output=output),
                )
            )
    found.append(Legend("quiet", _("width: size of w, dashes: negative")))
    return tuple(found)


def note(page: Page, steps: Sequence[ScaleStep], step: int, stage: Stage, crowded: bool) -> Note:
    """Return the words under a step; 0 is before the first step, one more than the last after all."""
    count = len(steps)
    if step < 1:
        title = _("before step 1 of {count}").format(count=count)
        return Note(title, (), _("only the inputs are known"))
    names = _names(page)
    if step > count:
        title = counted(count, N_("the only step"), N_("all {count} steps"))
        lines = _last(page, steps, names)
        return Note(title, lines, _("every value and every gradient is known"))
    record = steps[step - 1]
    words = told(page, record)
    parts = [_("step {number} of {count} · {what}").format(number=step, count=count, what=words.what)]
    if words.of:
        parts.append(words.of)
    room = stage.right - stage.left
    if stage.width > 700:
        widest = max(Run(line.text).width(LEGEND) for line in legend(page, crowded))
        room -= widest + 20.0
    narrow = stage.width < _NARROW
    told_lines = [_runs(line, names) for line in _captioned(page, record, words)]
    rows, kept = (tuple(told_lines), True) if narrow else _rows(told_lines, room)
    reasons = [part for part in words.reason.split(" · ") if part]
    if not kept:
        reasons = [_("the weights' gradients stand on their wires")]
    rounded = any(line.rounded for line in words.lines)
    last = [_("from unrounded values")] if rounded else []
    while len(rows) == _MOST_ROWS and len(reasons) > 1 and _wide([*reasons, *last]) > room:
        reasons.pop()  # a caption of four rows has one line for its reason
    reasons += last
    return Note(" · ".join(parts), rows, " · ".join(reasons))


def _last(page: Page, steps: Sequence[ScaleStep], names: frozenset[str]) -> tuple[tuple[Run, ...], ...]:
    forward = [s for s in steps if s.phase == "forward" and s.place == page.graph.output]
    if not forward:
        return ()
    return tuple(_runs(line, names) for line in told(page, forward[0]).lines[-1:])


def _names(page: Page) -> frozenset[str]:
    found = {shown_name(node.name) for node in page.graph.nodes if node.kind != "constant"}
    found |= {page.write.delta(neuron).unicode for neuron in page.network.neurons}
    found |= {f"{name}{power}" for name in found for power in "²³"}
    return frozenset(found | {"net", "δ"})


def _runs(line: Line, names: frozenset[str]) -> tuple[Run, ...]:
    """Return a line as runs: names italic, its result bold in its colour."""
    *before, last = line.terms
    text = " = ".join(term.unicode for term in before) + " ="
    # The blank belongs to the result, so that a long line can be broken before it.
    return _breakable((*formula(text, names), Run(f" {last.unicode}", "bold", last.role)))


def _breakable(runs: tuple[Run, ...]) -> tuple[Run, ...]:
    """Return the runs with the blanks between two at the start of the second: lines break before it."""
    found: list[Run] = []
    for run in runs:
        if found and found[-1].text.endswith(" "):
            found[-1] = replace(found[-1], text=found[-1].text[:-1])
            run = replace(run, text=f" {run.text}")
        found.append(run)
    return tuple(run for run in found if run.text)


def _wide(reasons: Sequence[str]) -> float:
    return Run(" · ".join(reasons)).width(REASON)


def _captioned(page: Page, step: ScaleStep, words: Told) -> tuple[Line, ...]:
    """Return the lines of a step that a caption has room for: a bias's is δ, as its reason says."""
    unit = page.network.units.get(step.place)
    if step.phase == "backward" and isinstance(unit, Neuron) and unit.bias and len(words.lines) > 2:
        constant = page.graph.nodes[unit.bias.place].kind == "constant"
        return words.lines if constant else words.lines[:-1]
    return words.lines


def _rows(
    lines: Sequence[tuple[Run, ...]], room: float
) -> tuple[tuple[tuple[Run, ...], ...], bool]:
    """Return the lines, short ones side by side, in at most four rows; and whether all are there.

    Gradients of weights are put side by side, their symbols left out where that makes them fit.
    """
    whole = _packed(lines, room)
    if len(whole) > _MOST_ROWS:
        whole = _packed([_without_symbols(line) for line in lines[2:]], room, lines[:2])
    if len(whole) <= _MOST_ROWS:
        return whole, True
    return whole[: _MOST_ROWS - 1], False


def _without_symbols(line: tuple[Run, ...]) -> tuple[Run, ...]:
    """Return `∂E/∂w = δ·x = 0.2·0.5 = 0.1` without its second term."""
    text = "".join(run.text for run in line[:-1])
    terms = text.removesuffix(" =").split(" = ")
    if len(terms) < 3:
        return line
    kept: list[Run] = []
    for run in line[:-1]:
        if " = " in run.text:
            kept.append(Run(run.text[: run.text.index(" = ")], run.style, run.fill))
            break
        kept.append(run)
    return (*kept, Run(f" = {' = '.join(terms[2:])} ="), line[-1])


def _packed(
    lines: Sequence[tuple[Run, ...]], room: float, before: Sequence[tuple[Run, ...]] = ()
) -> tuple[tuple[Run, ...], ...]:
    rows: list[tuple[Run, ...]] = list(before)
    gap = Run(_GAP)
    free = len(rows)
    for line in lines:
        wide = sum(run.width(FORMULA) for run in line)
        taken = sum(run.width(FORMULA) for run in rows[-1]) if len(rows) > free else room
        if len(rows) > max(free, 1) and taken + gap.width(FORMULA) + wide <= room:
            rows[-1] = (*rows[-1], gap, *line)
        else:
            rows.append(line)
    return tuple(rows)
