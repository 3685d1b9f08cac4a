"""What stands on a worksheet, before it is HTML, PDF or Markdown: frozen records, plain text.

Enters: a problem, a student. Leaves: a `Page` of `Task`s: the program, the point, the picture in
strips, the rows of the table; on a key also every answer and the steps that lead there.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from ..choices import Blank, ThemeName
from ..errors import OptionError, quoted
from ..homework.answers.rosters import Student
from ..homework.problems.problem_set import Problem, ProblemSet
from ..homework.quantities.array_quantities import whole_shape
from ..homework.quantities.quantity import true_number
from ..language import Program
from ..matrices.array_derivation import ArrayDerivation
from ..particles import agreed_text
from ..render.drawing.captions import caption
from ..render.drawing.circuit import MOST_NODES, checked_blanks
from ..render.drawing.diagram import Diagram, Plate
from ..render.drawing.strips import Strip, picture_strips
from ..render.narration.formulas import latex, latex_name
from ..render.narration.numbers import shown
from ..render.neurons.plate import NeuronPlate
from ..render.typesetting.typst_math import typst_assignment
from ..sentences import said
from ..steps import Derivation
from ..translation import speaking
from . import words
from .array_tasks import array_point, array_steps, array_strip, blank_grid, blank_sizes, filled_grid
from .gate_words import explained_gates
from .key import key_answers
from .neuron_tasks import neuron_strip, paper_network

__all__ = ["Look", "Page", "Row", "Solution", "Task", "page", "withheld"]


@dataclass(frozen=True, kw_only=True)
class Look:
    """How worksheets look.

    Attributes:
        blank: what pictures leave out beside what is asked; None for all that would help.
        precision: significant figures shown.
        theme: the pictures' colours.
        paper: "a4" or "us-letter".
        lang: the language of the sentences, one of `translation.languages()`.
        scale: "neurons" or "gates"; None for neurons where a network fits a page from top to bottom, and
            neither slopes nor contributions are asked for.
    """

    blank: frozenset[Blank] | None = None
    precision: int = 4
    theme: ThemeName = "light"
    paper: str = "a4"
    lang: str = "en"
    scale: str | None = None

    def __post_init__(self) -> None:
        if self.blank is not None:
            checked_blanks(self.blank)
        if self.paper not in PAPERS:
            raise OptionError(
                said("paper is {names}, not `{paper}`", names=said(" or ").join(PAPERS), paper=self.paper)
            )
        if self.scale not in (None, *SCALES):
            raise OptionError(
                said("the scale of a worksheet is {names}, not {scale}",
                     names=said(" or ").join(SCALES), scale=quoted(str(self.scale)))
            )  # fmt: skip
        with speaking(self.lang):
            pass  # refused where there is no such catalogue


PAPERS = ("a4", "us-letter")
SCALES = ("neurons", "gates")


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the table: the quantity as shown, its name in the answer file, points, the answer.

    `grid` are the cells of a matrix, empty on a worksheet; `sizes` how many blanks a shape has there.
    """

    shown: str
    cell: str
    want: str
    points: float
    answer: str = ""
    grid: tuple[tuple[str, ...], ...] = ()
    sizes: int = 0


@dataclass(frozen=True, slots=True)
class Solution:
    """A step of the worked solution: its title, its lines, its reason."""

    title: str
    lines: tuple[str, ...]
    reason: str


@dataclass(frozen=True)
class Task:
    """One problem on a page.

    Attributes:
        program, formulas, maths: the program's lines as text, as LaTeX and as typst's mathematics.
        strips: the picture, cut for paper; empty where the graph is too large to draw.
        picture: the same, whole.
        legend: what its numbers are.
        gates: what each gate does, in words.
    """

    id: str
    title: str
    text: str
    points: float
    program: tuple[str, ...]
    formulas: tuple[str, ...]
    maths: tuple[str, ...]
    at: str
    task: str
    rows: tuple[Row, ...]
    strips: tuple[Strip, ...]
    picture: str
    legend: str
    gates: tuple[str, ...] = ()
    steps: tuple[Solution, ...] = ()

    @property
    def tall(self) -> bool:
        """Return whether the picture takes a page of its own, behind the table."""
        return any(strip.height > _TALL for strip in self.strips)

    @property
    def listed(self) -> bool:
        """Return whether the program stands in two columns: many short lines."""
        return len(self.program) > _LINES and max(map(len, self.program)) <= _SHORT

    @property
    def halved(self) -> bool:
        """Return whether the table stands in two columns: many numbers, all worth the same."""
        short = all(row.want == "number" and not row.grid and not row.sizes for row in self.rows)
        short = short and len({row.points for row in self.rows}) == 1
        return short and len(self.rows) > (_ON_A_PAGE if self.tall else _AT_A_GLANCE)


_TALL = 800.0
_LINES, _SHORT = 5, 48
_AT_A_GLANCE, _ON_A_PAGE = 8, 12
"""So many rows stand in one column: all, and above a picture that takes the next page anyway."""


@dataclass(frozen=True)
class Page:
    """A student's worksheet, or its key."""

    title: str
    student: Student
    key: bool
    tasks: tuple[Task, ...]

    @property
    def heading(self) -> str:
        """Return the page's heading."""
        return words.key_title(self.title) if self.key else words.title(self.title)

    @property
    def points(self) -> float:
        """Return the most points that the page gives."""
        return sum(task.points for task in self.tasks)


def page(problems: ProblemSet, student: Student, look: Look, *, key: bool) -> Page:
    """Return a student's worksheet, or with `key` its answers."""
    with speaking(look.lang):
        tasks = tuple(
            _task(problem, student, look, key, f"s{number}-")
            for number, problem in enumerate(problems, 1)
        )
    return Page(problems.title, student, key, tasks)


def withheld(problem: Problem, blank: frozenset[Blank] | None) -> frozenset[Blank]:
    """Return what the picture of a problem leaves out: all that is asked, and what would help.

    Args:
        problem: the problem.
        blank: what is left out beside what is asked; None for all that would give it away.
    """
    kinds = {cell.quantity.kind for cell in problem.cells}
    asked = set[Blank]()
    if "value" in kinds:
        asked.add("values")
    if "local" in kinds:
        asked.add("locals")
    if kinds & {"gradient", "down", "new"}:
        asked |= {"gradients", "downstream"}
    if blank is not None:
        return frozenset(asked | blank)
    return frozenset(asked | {"gradients", "locals", "downstream"})


@lru_cache(maxsize=64)
def _plate(
    derivation: Derivation, precision: int, blank: frozenset[Blank], theme: ThemeName, lang: str
) -> Plate:
    """Return a derivation's plate; its words are in the language that was spoken at first."""
    return Plate(derivation, precision=precision, blank=sorted(blank), theme=theme, wrap=False, roomy=True)


def _task(problem: Problem, student: Student, look: Look, key: bool, prefix: str) -> Task:
    derivation = problem.derivation(student.name)
    program = problem.graph.program
    assert isinstance(program, Program)
    blank = frozenset[Blank]() if key else withheld(problem, look.blank)
    strips: tuple[Strip, ...] = ()
    picture = ""
    formulas = [
        f"{', '.join(map(latex_name, a.targets))} = {latex(a.expression)}" for a in program.assignments
    ]
    if isinstance(derivation, ArrayDerivation):
        strips = (array_strip(derivation, blank, look.theme, prefix),)
        picture = strips[0].svg
        formulas = [f"{latex_name(n)} = {latex(tree)}" for n, tree in derivation.graph_table.reading()]
        at: dict[str, Any] = dict(array_point(derivation, problem.graph.inputs))
    else:
        at = {name: derivation.at[name] for name in problem.graph.inputs}
    network = _network(problem, derivation, look)
    if network is not None:
        strips = (neuron_strip(network, blank, look.theme, prefix),)
        picture = strips[0].svg
    elif not problem.of_arrays and len(problem.graph.nodes) <= MOST_NODES:
        plate = _plate(derivation, look.precision, blank, look.theme, look.lang)
        strips = picture_strips(plate, prefix=prefix)
        picture = Diagram(plate).svg
    return Task(
        id=problem.id, title=problem.title, text=problem.text, points=problem.points,
        program=tuple(line for line in program.reading.splitlines() if line.strip()),
        formulas=tuple(formulas),
        maths=tuple(typst_assignment(a).replace(r"\,", "thin") for a in program.assignments),
        at=words.at_point(at, 12),
        task=words.task(problem), rows=_rows(problem, student, derivation, look, key),
        strips=strips, picture=picture,
        legend=words.legend("layers" if problem.of_arrays else "neurons" if network else "gates"),
        gates=explained_gates(derivation.graph_table),
        steps=_steps(derivation, look.precision) if key else (),
    )  # fmt: skip


_ON_NEURONS = frozenset({"value", "gradient", "new"})
"""What stands in a picture of neurons."""


def _network(problem: Problem, derivation: Derivation, look: Look) -> NeuronPlate | None:
    """Return the plate of a network to be drawn by neurons; None where gates are."""
    if problem.of_arrays or look.scale == "gates":
        return None
    if look.scale is None and not {cell.quantity.kind for cell in problem.cells} <= _ON_NEURONS:
        return None
    return paper_network(derivation, look.lang)


def _rows(
    problem: Problem, student: Student, derivation: Derivation, look: Look, key: bool
) -> tuple[Row, ...]:
    answers = key_answers(problem, student.name) if key else {}
    found = []
    for cell in problem.cells:
        answer = ""
        grid: tuple[tuple[str, ...], ...] = ()
        sizes = 0
        if isinstance(derivation, ArrayDerivation):
            shape = whole_shape(cell.quantity, derivation.graph_table)
            grid, sizes = blank_grid(cell.quantity, shape), 0 if key else blank_sizes(cell.quantity, shape)
            if key and cell.want == "number":
                grid = filled_grid(derivation, cell.quantity, problem.lr, look.precision)
                answer = "" if grid else _shown_answer(answers[cell.text], look.precision)
            elif cell.want == "formula":
                grid, answer = (), answers.get(cell.text, "")
        elif key:
            number = shown(true_number(derivation, cell.quantity, problem.lr), max(6, look.precision))
            answer = f"{answers[cell.text]} = {number}" if cell.want == "formula" else number
        shown_name = words.shown_cell(problem, cell)
        found.append(Row(shown_name, cell.text, cell.want, cell.points, answer, grid, sizes))
    return tuple(found)


def _shown_answer(answer: str, precision: int) -> str:
    """Return an answer over arrays as a key shows it: a number rounded, all else as it may be typed."""
    try:
        return shown(float(answer), max(6, precision))
    except ValueError:
        return answer


def _steps(derivation: Derivation, precision: int) -> tuple[Solution, ...]:
    if isinstance(derivation, ArrayDerivation):
        return tuple(Solution(*each) for each in array_steps(derivation, precision))
    words_of = (caption(derivation, n, precision) for n in range(1, len(derivation.steps) + 1))
    return tuple(
        Solution(agreed_text(c.title), tuple(map(agreed_text, c.lines)), agreed_text(c.reason))
        for c in words_of
    )
