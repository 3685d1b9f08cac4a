from __future__ import annotations

import pytest

from backprop_tutor.homework.answers.sheets import Given, Sheet
from backprop_tutor.homework.marking.results import StudentResult, marked_sheet, not_marked
from backprop_tutor.homework.problems.problem_set import ProblemSet, parse_problems

SETS = {
    "gates": "program = 'q = x + y; f = q*z'\nvalues = {x=-2, y=5, z=-4}\n"
    "ask = ['all values', 'all gradients', 'local(f, q)', 'down(q, x)']",
    "fan-out": "program = 'a = x^2; b = a + x; f = a*b'\nvalues = {x = 1.5}",
    "neuron": "program = 'z = w*x + b; a = sigmoid(z); L = (a - t)^2/2'\n"
    "values = {w=0.4, x=2, b=-0.3, t=1}\nask = ['all values', 'all gradients', 'new(w)']\nlr = 0.5",
    "network": "network = {sizes = [2, 2, 1]}\nask = ['all values', 'all gradients']",
    "drawn": "program = 'q = x*y; f = q + y^2'\nvalues = {x={from=2,to=9}, y={choose=[0.5, 3, -2]}}",
}


def problems(name: str) -> ProblemSet:
    """Return a set of one problem."""
    return parse_problems(f"[[problem]]\nid = 'p'\n{SETS[name]}")


def key(asked: ProblemSet, student: str) -> dict[str, str]:
    """Return the right answers as a careful student types them."""
    answers = asked.problems[0].answers(student)
    return {text: f"{float(value):.6g}" for text, value in answers.items()}


def marked(asked: ProblemSet, student: str, answers: dict[str, str]) -> StudentResult:
    """Return a student's answers, marked."""
    return marked_sheet(
        asked, Sheet(student, {("p", text): Given(a) for text, a in answers.items()})
    )


@pytest.mark.parametrize("name", SETS)
def test_the_key_scores_everything(name: str) -> None:
    """A key written from the graph has the whole score, and nothing on it is explained."""
    asked = problems(name)
    for student in ("anna", "ben"):
        result = marked(asked, student, key(asked, student))
        assert result.score == 1
        assert all(not cell.slips and not cell.hint for _, cell in result.cells())
        assert result.problems[0].first_wrong == ""
        assert result.problems[0].root is None


@pytest.mark.parametrize("name", SETS)
def test_a_single_perturbed_cell_is_caught_there(name: str) -> None:
    """One wrong cell on a right sheet loses its points, and no other cell loses any."""
    asked = problems(name)
    answers = key(asked, "anna")
    for text, answer in answers.items():
        wrong = {**answers, text: f"{float(answer) * 1.37 + 0.0123:.6g}"}
        result = marked(asked, "anna", wrong)
        lost = [cell.quantity for _, cell in result.cells() if cell.points < cell.possible]
        assert lost == [text]
        assert result.problems[0].first_wrong == text


def test_another_students_answers() -> None:
    """Where values are drawn, one student's right answers are not another's."""
    asked = problems("drawn")
    names = [str(n) for n in range(20)]
    first = asked.problems[0].values("anna")
    other = next(name for name in names if asked.problems[0].values(name) != first)
    assert marked(asked, other, key(asked, "anna")).score < 1


def test_refused_answers() -> None:
    """An answer that could not be read from its file is unreadable, and says why."""
    asked = problems("gates")
    sheet = Sheet("a", {("p", "q"): Given("3", "a.csv, row 2", "a.csv, row 2: not UTF-8")}, ("x",))
    result = marked_sheet(asked, sheet)
    cell = next(cell for _, cell in result.cells() if cell.quantity == "q")
    assert (cell.status, cell.sentence, cell.points) == ("unreadable", "a.csv, row 2: not UTF-8", 0)
    assert result.faults == ["x"]


def test_json_reads_back() -> None:
    """A result written as JSON and read is the same."""
    asked = problems("neuron")
    result = marked(asked, "anna", {**key(asked, "anna"), "dL/dz": "0.5"})
    assert StudentResult.model_validate_json(result.model_dump_json()) == result
    stopped = not_marked(asked, Sheet("a", {}), "it took too long")
    assert (stopped.score, stopped.possible) == (0, asked.points)
