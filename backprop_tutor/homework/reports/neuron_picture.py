"""A marked problem's network, neuron by neuron, with a student's answers in place of its numbers.

Enters: a problem and its marked cells. Leaves: the picture, wide or upright for narrow screens, and the
cells to mend that have no place on it. What is no network, or asks for slopes and
parts that no neuron shows, has none: its gates are drawn.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from ...render.drawing.bands import Stage
from ...render.drawing.theme import find_theme
from ...render.neurons.drawing import plate_of
from ...render.neurons.keys import text_sources
from ...render.neurons.plate import NeuronPlate
from ...render.stage.marks import Mark, Path, Run, Words, words
from ...render.stage.stage_svg import stage_svg
from ...scales import recognise, usual_scale
from ...translation import sentence as _
from ...translation import spoken
from ..answers.escaping import shown_plainly
from ..marking.results import CellResult, ProblemResult
from ..marking.statuses import VERDICTS
from ..problems.problem_set import Problem
from .tones import TONES, legend_rows
from .wording import Reveal

if TYPE_CHECKING:
    from ...render.neurons.keys import Source
    from ...steps import Derivation

__all__ = ["NeuronPicture", "neuron_picture"]

WIDE = Stage(name="report", width=1200, height=480, margin=30, top=26, foot=0)
UPRIGHT = Stage(name="report of a phone", width=374, height=846, margin=14, top=20, foot=0, gap=20)
_SHOWN = frozenset({"value", "gradient", "new"})
"""The cells that a picture of neurons has places for."""
_LEAST = 11.0
_MOST, _INSIDE = 9, 6
"""Characters of an answer: beside a wire, and within a circle."""
_TELLING = frozenset({"symbol", "slope"})
_INK = "ink"
_BELOW = 16.0
_END = Run("")


@dataclass(frozen=True, slots=True)
class NeuronPicture:
    """A picture as SVG, its width, and the cells to mend that stand nowhere on it: (tone, text)."""

    svg: str
    width: float
    beside: tuple[tuple[str, str], ...]


@lru_cache(maxsize=64)
def _plate(derivation: Derivation, stage: Stage, lang: str) -> NeuronPlate | None:
    network = recognise(derivation.graph_table)
    if network is None or usual_scale(network) != "neurons":
        return None
    return NeuronPlate(derivation, network, fit=stage, lang=lang)


def neuron_picture(
    problem: Problem, result: ProblemResult, student: str, reveal: Reveal, prefix: str = "", *,
    upright: bool = False, legend: bool = False,
) -> NeuronPicture | None:  # fmt: skip
    """Return a problem's network with the answers given; None where gates are drawn.

    Args:
        problem: the problem.
        result: its marked cells.
        student: whose values stand in it.
        reveal: with "answers" every number stands that was not asked for.
        prefix: put before every id, for pages with several pictures.
        upright: inputs above and the output below, as a phone shows it.
        legend: whether the signs are explained below it.
    """
    if problem.of_arrays or not {cell.quantity.kind for cell in problem.cells} <= _SHOWN:
        return None
    plate = _plate(problem.derivation(student), UPRIGHT if upright else WIDE, spoken())
    if plate is None:
        return None
    answers = _Answers(problem, result, plate, reveal)
    drawn, _foot = plate.marks(plate.steps + 1)
    plated = any(mark.kind == "plate" for mark in drawn)
    marks: list[Mark] = []
    for mark in drawn:
        if isinstance(mark, Words):
            kept = answers.instead(mark)
            marks += [plate_of(text) for text in kept if plated and text.key.startswith("wire-")]
            marks += kept
        elif mark.kind != "plate":  # a plate without its text would be a gap in a wire
            marks.append(mark)
    height = max(mark.bounds.bottom for mark in marks if not isinstance(mark, Path)) + _BELOW
    foot: list[Mark] = []
    if legend:
        for i, (tone, text) in enumerate(legend_rows()):
            foot.append(words(text, 30.0 + 280.0 * i, height + 16.0, 13.0, fill=TONES[tone]))
        height += 32.0
    title = _("Graph of {problem} with the answers given").format(problem=problem.id)
    theme = find_theme("light")
    svg = stage_svg(marks, foot, (plate.layout.stage.width, height), theme, title, "")
    return NeuronPicture(svg.replace(' id="', f' id="{prefix}'), plate.layout.stage.width, answers.beside())


class _Answers:
    """Puts a student's answers into the texts of a picture, and knows which found no place."""

    def __init__(self, problem: Problem, result: ProblemResult, plate: NeuronPlate, reveal: Reveal) -> None:
        self.problem, self.plate, self.reveal = problem, plate, reveal
        self.nodes = problem.graph.nodes
        self.output = problem.graph.output
        self.cells: Mapping[str, CellResult] = {cell.quantity: cell for cell in result.cells}
        self.sources = text_sources(plate)
        self.placed: set[str] = set()
        drawn = [mark.key for mark in plate.marks(plate.steps + 1)[0] if isinstance(mark, Words)]
        own = (number for key in drawn for number in _alone(self.sources.get(key, [])))
        self._own = {number for number in own if number[0] == "g"}

    def beside(self) -> tuple[tuple[str, str], ...]:
        """Return the cells that are not right and have no place, each with its tone."""
        return tuple(
            (verdict.tone, f"{cell.quantity} {_typed(cell, _MOST)}".rstrip())
            for quantity, cell in self.cells.items()
            if quantity not in self.placed and (verdict := VERDICTS[cell.status]).tone != "right"
        )

    def instead(self, text: Words) -> list[Words]:
        """Return a text with the answers in it; nothing where no number of it is known."""
        if text.kind in _TELLING:
            return [text] if self.reveal == "answers" else []
        sources = self.sources.get(text.key)
        if sources is None:
            return [text]
        numbers = [i for i, run in enumerate(text.runs) if run.fill in ("value", "gradient")] or [0]
        runs: list[Run | None] = list(text.runs)
        for place, source in zip(numbers, sources, strict=False):
            runs[place] = self._number(text.runs[place], source, text)
        if all(runs[place] is None for place in numbers):
            if text.kind not in ("weight", "bias"):
                return []
            runs = [run if run.style == "italic" else None for run in text.runs]  # the name alone
        kept = []
        for run, behind in zip(runs, [*runs[1:], _END], strict=True):
            if run is not None and (behind is not None or run.text.strip(" ·")):
                kept.append(run)  # a dot before a number that is left out goes with it
        return self._kept(text, kept)

    def _kept(self, text: Words, runs: list[Run]) -> list[Words]:
        if not runs:
            return []
        found = replace(text, runs=tuple(runs))
        inside = text.key.startswith("unit-") and text.kind in ("value", "gradient")
        spot = self.plate.layout.spots.get(int(text.key.split("-")[1])) if inside else None
        while spot is not None and found.width > 2 * spot.wide - 10.0 and found.size > _LEAST:
            found = replace(found, size=max(_LEAST, found.size - 0.5))
        return [found]

    def _number(self, run: Run, source: Source, text: Words) -> Run | None:
        """Return a number's run: the answer with its sign, what was given, or nothing."""
        quantity, known = self._asked(source)
        cell = self.cells.get(quantity)
        if cell is None:
            return Run(run.text, run.style, _INK) if known else None
        self.placed.add(quantity)
        verdict = VERDICTS[cell.status]
        inside = text.key.startswith("unit-") and text.kind in ("value", "gradient")
        typed = _typed(cell, _INSIDE if inside else _MOST)
        return Run(f"{typed} {verdict.sign}", "bold", TONES[verdict.tone])

    def _asked(self, source: Source) -> tuple[str, bool]:
        """Return the name of the cell that a number is the answer to, and whether it was given anyway."""
        told = self.reveal == "answers"
        alone = _alone([source])
        if not alone:
            return "", told
        kind, rest = alone[0][0], alone[0][1:]
        if kind == "d":
            target, slot = map(int, rest.split("."))
            place = self.nodes[target].operands[slot]
            once = sum(node.operands.count(place) for node in self.nodes) == 1
            if not once or f"g{place}" in self._own:
                return "", told
            kind, rest = "g", str(place)
        node = self.nodes[int(rest)]
        if kind == "v":
            return node.name, told or node.kind != "operation"
        return f"d{self.nodes[self.output].name}/d{node.name}", told or int(rest) == self.output


def _alone(sources: list[Source]) -> list[str]:
    """Return the quantities that stand alone and with their own sign."""
    return [source[0][1] for source in sources if len(source) == 1 and source[0][0] == 1]


def _typed(cell: CellResult, most: int) -> str:
    return "" if cell.status == "unreadable" else shown_plainly(cell.given, most) or "…"
