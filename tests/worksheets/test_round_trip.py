from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

import backprop_tutor as bt
from backprop_tutor.homework.answers.handed_in import Refused, Remark
from backprop_tutor.homework.answers.reading import read_answers
from backprop_tutor.homework.answers.rosters import parse_roster
from backprop_tutor.homework.answers.sheets import Sheet
from backprop_tutor.homework.checking import check_class
from backprop_tutor.homework.marking.batch import mark_here
from backprop_tutor.homework.problems.problem_set import ProblemSet, read_problems
from backprop_tutor.homework.reports.writing import Settings
from backprop_tutor.worksheets import Knobs, write_worksheets
from backprop_tutor.worksheets.knobs import read_range


def scores(problems: ProblemSet, *paths: Path) -> dict[str, float]:
    found = {}
    for event in read_answers(paths, problems):
        assert not isinstance(event, Refused), event
        if not isinstance(event, Remark):
            result = mark_here(problems, event)
            assert not result.faults
            found[event.student] = result.points / result.possible
    return found


@pytest.fixture(scope="module")
def made(problems: str, roster: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("out")
    students = parse_roster(roster)
    knobs = Knobs(seed=7)
    return write_worksheets(problems, folder, students=students, knobs=knobs, formats=["html"]).folder


def test_the_key_of_thirty_students_scores_full_marks(made: Path, tmp_path: Path) -> None:
    """Every student's key, marked by `check` as it stands, earns every point."""
    marks = check_class(
        made / "problems.toml", made / "key.csv", tmp_path, workers=0,
        settings=Settings(formats=("json",)),
    )  # fmt: skip
    assert (marks.counts.students, marks.counts.mean, marks.refused) == (30, 1.0, [])


def test_answer_files_are_read_as_they_stand(made: Path) -> None:
    """The empty answer files of all students are read without a fault, under the roster's names."""
    problems = read_problems(made / "problems.toml")
    events = list(read_answers(made / "answers", problems))
    sheets = [event for event in events if isinstance(event, Sheet)]
    assert not [event for event in events if isinstance(event, Refused)]
    with (made / "key.csv").open(encoding="utf-8", newline="") as file:
        names = {row["student"] for row in csv.DictReader(file)}
    assert {sheet.student for sheet in sheets} == names
    assert not any(sheet.faults or sheet.answers for sheet in sheets)


def test_a_filled_in_answer_file_is_marked(made: Path, tmp_path: Path) -> None:
    """A worksheet's file with its answers typed in, nothing else touched, is marked right."""
    problems = read_problems(made / "problems.toml")
    (source,) = (made / "answers").glob("student-20-*.csv")
    answers = {}
    for row in csv.reader((made / "key.csv").read_text(encoding="utf-8").splitlines()):
        if row[0] == "Student 20":
            answers[row[1], row[2]] = row[3]
    lines = []
    for row in csv.reader(source.read_text(encoding="utf-8").splitlines()):
        lines.append([*row[:3], answers.get((row[1], row[2]), row[3])])
    with (tmp_path / source.name).open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(lines)
    assert scores(problems, tmp_path / source.name) == {"Student 20": 1.0}


def test_each_answer_of_the_key_is_needed(made: Path, tmp_path: Path) -> None:
    """A key with one number changed loses the points of that cell."""
    problems = read_problems(made / "problems.toml")
    text = (made / "key.csv").read_text(encoding="utf-8")
    spoilt = re.sub(r"(?m)^(Student 20,p1,df/dz),(.*)$", r"\1,1234.5", text)
    (tmp_path / "key.csv").write_text(spoilt, encoding="utf-8")
    assert scores(problems, tmp_path / "key.csv")["Student 20"] < 1.0


def test_without_a_roster_all_get_the_same_numbers(problems: str, tmp_path: Path) -> None:
    """Without a roster the draws are made once, for whatever name the answers carry."""
    write_worksheets(problems, tmp_path, knobs=Knobs(seed=3), formats=["markdown"])
    found = read_problems(tmp_path / "problems.toml")
    assert not any(problem.draws for problem in found)
    key = (tmp_path / "key.csv").read_text(encoding="utf-8")
    for name in ("mine.csv", "anybody.csv"):
        (tmp_path / name).write_text(key, encoding="utf-8")
    marked = scores(found, tmp_path / "mine.csv", tmp_path / "anybody.csv")
    assert marked == {"mine": 1.0, "anybody": 1.0}


@pytest.mark.parametrize(
    "knobs",
    [
        Knobs(want="formula"),
        Knobs(ask=("all values",), want="formula", seed=2),
        Knobs(ask=("all gradients",), range=read_range("-2:2:0.5"), seed=5),
        Knobs(range=read_range("-1/2:1/2:1/6")),
    ],
)
def test_knobs_turn_the_key_with_them(problems: str, tmp_path: Path, knobs: Knobs) -> None:
    """Whatever is asked, symbolic or numeric, from whatever range, the key earns every point."""
    text = problems.replace('"new(w1_11)"', '"dE/dz1_1"')
    students = parse_roster("anna\nben\ncho\n")
    write_worksheets(text, tmp_path, students=students, knobs=knobs, formats=["markdown"])
    assert scores(read_problems(tmp_path / "problems.toml"), tmp_path / "key.csv") == {
        "anna": 1.0, "ben": 1.0, "cho": 1.0,
    }  # fmt: skip


PIECEWISE = """
[[problem]]
id = "kinks"
program = '''
a = relu(x*y) + leaky_relu(z)
b = |x - z| + elu(y)
c = max(x, y, z) + min(x, 2y)
f = a*b + c*silu(x) + half_se(a, z) - softplus(b)/cbrt(z)'''
values = {x = 0.7, y = -1.3, z = 2}
want = "formula"
ask = ["all values", "all gradients"]
"""


def test_formulas_hold_on_both_sides_of_kinks(tmp_path: Path) -> None:
    """The key's formulas for piecewise operations are right at other points than the problem's."""
    write_worksheets(PIECEWISE, tmp_path, formats=["markdown"])
    problems = read_problems(tmp_path / "problems.toml")
    assert scores(problems, tmp_path / "key.csv") == {"key": 1.0}


def test_a_formula_that_would_swell_is_refused(tmp_path: Path) -> None:
    """A gradient whose formula is longer than an answer may be is refused, with what to do."""
    lines = "\n".join(f"a{i} = a{i - 1}*a{i - 1} + a{i - 1}" for i in range(1, 14))
    text = f'[[problem]]\nid = "p"\nprogram = """\n{lines}"""\nvalues = {{a0 = 0.1}}\n'
    text += 'ask = ["da13/da0"]\nwant = "formula"\n'
    with pytest.raises(bt.OptionError, match="ask for its number"):
        write_worksheets(text, tmp_path, formats=["markdown"])
