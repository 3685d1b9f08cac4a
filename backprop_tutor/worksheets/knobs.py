"""How hard a problem file is: the same problems asked in another way, drawn from other numbers.

Enters: the text of a problem file and the knobs. Leaves: the text of another problem file, which is
what the answers are marked with. With no knob turned the text stays as it was, byte for byte.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from ..errors import FileError, OptionError, TutorError, quoted
from ..homework.problems.problem_set import Problem, ProblemSet, parse_problems
from ..language import parse_number
from ..matrices.array_graph import is_target
from ..ops import Number, plain
from ..sentences import said
from .toml import toml_text

__all__ = ["Knobs", "Range", "read_range", "turned"]


@dataclass(frozen=True, slots=True)
class Range:
    """Numbers from low to high, a step apart, without 0."""

    low: Number
    high: Number
    step: Number


def read_range(text: str) -> Range:
    """Return the range that a text means: `-5:5`, or `-1:1:0.25` with a step.

    Raises:
        OptionError: not two or three numbers, low above high, or a step that is not positive.

    >>> read_range("-5:5")
    Range(low=-5, high=5, step=1)
    """
    parts = text.split(":")
    if len(parts) not in (2, 3):
        raise OptionError(
            said("a range is LOW:HIGH or LOW:HIGH:STEP, such as -5:5, not {given}", given=quoted(text))
        )
    try:
        low, high, step = (
            plain(Fraction(str(parse_number(part, source="range").value)))
            for part in (*parts, "1")[:3]
        )
    except (TutorError, ValueError) as error:
        raise OptionError(
            said("the range {given}: {error}", given=quoted(text), error=error)
        ) from None
    if high <= low:
        raise OptionError(
            said("a range goes from low to high; {low} is not below {high}", low=low, high=high)
        )
    if step <= 0 or (high - low) / step > 10_000:
        raise OptionError(
            said("the step of a range is positive and not too small, not {step}", step=step)
        )
    return Range(low, high, step)


@dataclass(frozen=True, slots=True, kw_only=True)
class Knobs:
    """What is changed in a problem file; None leaves it as it is.

    Attributes:
        seed: the seed from which students' values are drawn.
        ask: the quantities that are blank: names, "all values", "all gradients", `local(q, x)`.
        want: "number" or "formula", for all that is asked.
        range: from where every input's value is drawn, for each student.
    """

    seed: int | None = None
    ask: tuple[str, ...] | None = None
    want: str | None = None
    range: Range | None = None

    def __post_init__(self) -> None:
        if self.want not in (None, "number", "formula"):
            raise OptionError(
                said("want is number or formula, not {want}", want=quoted(str(self.want)))
            )
        if self.ask is not None and not self.ask:
            raise OptionError(said("nothing is asked for; name a quantity or `all gradients`"))


def turned(text: str, knobs: Knobs, source: str = "problems", *, fixed: bool = False) -> str:
    """Return the problem file with the knobs turned.

    Args:
        text: a problem file.
        knobs: what is changed.
        source: its name, for messages.
        fixed: whether values that would be drawn for each student are drawn once, for all.

    Raises:
        FileError: the text is no problem file, or none any more with these knobs.
    """
    problems = parse_problems(text, source)
    if knobs != Knobs():
        text = toml_text(_changed(tomllib.loads(text), knobs, problems))
        problems = parse_problems(text, said("{source}, with the options given", source=source))
    if fixed and any(problem.draws for problem in problems):
        text = toml_text(_frozen(tomllib.loads(text), problems))
        parse_problems(text, source)
    return text


def _tables(tables: dict[str, Any]) -> tuple[str, list[dict[str, Any]]]:
    name = "problem" if "problem" in tables else "problems"
    return name, [dict(table) for table in tables[name]]


def _changed(tables: dict[str, Any], knobs: Knobs, problems: ProblemSet) -> dict[str, Any]:
    made = dict(tables)
    if knobs.seed is not None:
        made = {"seed": knobs.seed, **{k: v for k, v in made.items() if k != "seed"}}
    name, listed = _tables(made)
    for table, problem in zip(listed, problems, strict=True):
        if knobs.ask is not None:
            table["ask"] = list(knobs.ask)
            # What was said about cells that are not asked for any more would be a fault.
            table.pop("formulas", None)
            table.pop("cells", None)
        if knobs.want is not None:
            table["want"] = knobs.want
            table.pop("formulas", None)
        if knobs.range is not None:
            table["values"] = _ranged(problem, knobs.range)
    made[name] = listed
    return made


def _ranged(problem: Problem, range: Range) -> dict[str, Any]:
    limits = {"from": _written(range.low), "to": _written(range.high), "step": _written(range.step)}
    drawn = {**limits, "not": [0]} if range.low <= 0 <= range.high else limits
    names = [*problem.fixed, *problem.draws]
    if not problem.of_arrays:
        return dict.fromkeys(names, drawn)
    return {name: _array_ranged(problem, name, drawn) for name in names}


def _array_ranged(problem: Problem, name: str, drawn: dict[str, Any]) -> Any:
    """Return from where an array's entries are drawn; labels and targets stay as they are."""
    graph: Any = problem.graph
    place = graph.index[name]
    fixed = problem.fixed.get(name)
    if fixed is not None and any(is_target(graph.nodes[use.target], use.slot) for use in graph.uses[place]):
        return _plain(fixed)
    shape = [int(size) for size in graph.shapes[place]]
    return {**drawn, "shape": shape} if shape else drawn


def _written(number: Number) -> int | float | str:
    """Return a number as a problem file writes it: whole, decimal, or "1/3"."""
    exact = Fraction(number)
    if exact.denominator == 1:
        return int(exact)
    return float(exact) if Fraction(str(float(exact))) == exact else str(exact)


def _frozen(tables: dict[str, Any], problems: ProblemSet) -> dict[str, Any]:
    """Return the tables with one draw of every value in place of where it is drawn from."""
    name, listed = _tables(tables)
    for table, problem in zip(listed, problems, strict=True):
        if problem.draws:
            values = problem.values("")
            table["values"] = {key: _plain(value) for key, value in values.items()}
    return {**tables, name: listed}


def _plain(value: Any) -> Any:
    if isinstance(value, tuple | list):
        return [_plain(each) for each in value]
    if hasattr(value, "tolist"):
        return value.tolist()
    if isinstance(value, float):
        return value
    if isinstance(value, int | Fraction):
        return _written(value)
    raise FileError(said("a value cannot be written: {value}", value=quoted(repr(value))))
