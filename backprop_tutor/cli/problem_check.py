"""`backprop-tutor problem-check`: a problem file looked through before students see it."""

from __future__ import annotations

from typing import Any

import click

from ..homework.problems.lint import KeyRow, ProblemLint, lint_problem
from ..homework.problems.problem_set import Problem, read_problems
from ..homework.slips.telling_apart import find_values
from ..matrices.array_check import ArrayRow
from ..ops.sizes import shown as shape_shown
from ..render.narration.numbers import shown
from ..sentences import N_, counted, said, sentence
from .help_pages import PATH, Command, language, option
from .printing import out

__all__ = ["problem_check"]


@click.command("problem-check", cls=Command)
@click.argument("problems", type=PATH)
@option(
    "--find-values",
    "seed",
    type=int,
    metavar="SEED",
    help="Propose small values at which all slips can be told apart.",
)
@language
@option("--strict", is_flag=True, help="Exit with 1 for warnings too.")
def problem_check(problems: str, seed: int | None, strict: bool) -> None:
    """Show every answer of PROBLEMS (TOML), checked three ways, and what could mislead.

    Exits with 1 where something makes a problem unfit, such as gradients on which the three ways do
    not agree; with --strict where there is a warning too.
    """
    sheet = read_problems(problems)
    bad = 0
    for problem in sheet:
        found = lint_problem(problem)
        _show(problem, found)
        if seed is not None:
            _propose(problem, seed)
        out()
        bad += not found.ok or (strict and any(f.level == "warning" for f in found.findings))
    count = len(sheet)
    problems_said = counted(count, N_("1 problem"), N_("{count} problems"))
    out(f"{problems_said}, {_points(sheet.points)}")
    if bad:
        raise click.exceptions.Exit(1)


def _show(problem: Problem, found: ProblemLint) -> None:
    title = f": {problem.title}" if problem.title else ""
    out(f"{problem.id}{title} ({_points(problem.points)})")
    at = ", ".join(f"{name} = {_number(value)}" for name, value in found.at.items())
    out(said("  at {values}", values=at))
    width = max((len(row.quantity) for row in found.key), default=0)
    for row in found.key:
        out(f"  {row.quantity:<{width}}  {_number(row.answer, 6):>12}{_three_ways(row)}")
    for finding in found.findings:
        out(f"  {finding}")
    if not found.findings:
        out(said("  nothing to remark"))


_AGREE = {
    "agree": N_("✓ three ways"), "kink": N_("on a kink"), "undefined": N_("no slope here"),
}  # fmt: skip


def _three_ways(row: KeyRow) -> str:
    if row.checked is None:
        return ""
    ways = _AGREE_OVER_ARRAYS if isinstance(row.checked, ArrayRow) else _AGREE
    return "   " + sentence(ways.get(row.status, N_("✗ the three ways differ")))


_AGREE_OVER_ARRAYS = {
    "agree": N_("✓ as differences say"), "kink": N_("on a kink"), "unknown": N_("rounding hides the slope"),
    "differ": N_("✗ differences say otherwise"),
}  # fmt: skip


def _number(value: Any, digits: int = 4) -> str:
    """Return a number, a shape, or a small matrix; of a large one its shape."""
    if isinstance(value, tuple):
        return shape_shown(value)
    listed = value.tolist() if hasattr(value, "tolist") else value
    if not isinstance(listed, list):
        return shown(listed, digits)
    if value.size > _MOST_SHOWN:
        return said("{shape} entries", shape=shape_shown(value.shape))
    return _rows(listed, digits)


_MOST_SHOWN = 60


def _rows(listed: Any, digits: int) -> str:
    if isinstance(listed, list):
        return f"[{', '.join(_rows(item, digits) for item in listed)}]"
    return shown(listed, digits)


def _propose(problem: Problem, seed: int) -> None:
    if problem.of_arrays:
        out(said("  values are proposed for programs of single numbers alone"))
        return
    names = [name for name in problem.graph.inputs if name in {*problem.fixed, *problem.draws}]
    quantities = [cell.quantity for cell in problem.cells]
    values, hidden = find_values(problem.graph, {}, names, quantities, seed, problem.lr)
    listed = ", ".join(f"{name} = {value}" for name, value in values.items())
    out(said("  proposed: {values}", values=f"values = {{ {listed} }}"))
    if hidden.lost:
        out(said("    slips that these hide: {lost} of {slips}", lost=hidden.lost, slips=hidden.slips))
    else:
        out(said("    slips that these tell apart: all {slips}", slips=hidden.slips))


def _points(points: float) -> str:
    return said("1 point") if points == 1 else said("{points:g} points", points=points)
