from __future__ import annotations

import csv
from pathlib import Path

import pytest

import backprop_tutor as bt
from backprop_tutor.cli import main
from backprop_tutor.homework.answers.sheets import Given, Sheet
from backprop_tutor.homework.marking.results import marked_sheet
from backprop_tutor.homework.problems.problem_set import parse_problems

TOLD = (
    "This could not be judged, so a person will look at it; until then it has no points. "
    "The reason: {reason}."
)
NO_DIGIT = "no digit of it can be relied on: it is too steep, too large or too small to compute"
UNSURE = "no digit of its number is certain"
PROBLEMS = """
title = "Gates"
[[problem]]
id = "p"
program = "f = x^2"
values = {x = 3}
ask = ["f", "df/dx"]
formulas = ["df/dx"]
"""


@pytest.mark.parametrize(
    ("answer", "want", "reason"),
    [
        ("sin(10^10^10^10*x)", "formula", NO_DIGIT),
        ("x*cos(10^10^10^10)", "either", NO_DIGIT),
        ("2x + 1/(sqrt(2)^2 - 2)", "formula", NO_DIGIT),
        ("2x*step(sqrt(2)^2 - 2)", "formula", NO_DIGIT),
        ("2/(sqrt(3)^2 - 3)", "formula", NO_DIGIT),
        ("6*step(sqrt(2)^2 - 2)", "number", UNSURE),
        ("1/(sqrt(3)^2 - 3)", "either", UNSURE),
    ],
)
def test_what_no_digit_is_known_of_earns_nothing(answer: str, want: str, reason: str) -> None:
    """Such an answer has a status of its own, no points, and a kind word with the reason."""
    d = bt.derive("f = x^2", {"x": 3})
    cell = bt.mark(d, {"df/dx": answer}, want=want).cells["df/dx"]
    assert (cell.status, cell.points, cell.right) == ("could not be judged", 0, False)
    assert cell.sentence == TOLD.format(reason=reason)


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        ("exp(700) + 6 - exp(700)", "correct"),
        ("exp(700) - exp(700)", "unexplained"),
        ("6*exp(800)/exp(800)", "correct"),
        ("sqrt(36)", "correct"),
        ("sin(1e300)", "unexplained"),
        ("1e-400", "unexplained"),
        ("1/(1/3 - 1/3)", "unreadable"),
        ("exp(1000)", "unreadable"),
        ("sin(10^10^10^10)", "unreadable"),
        ("0e318", "unexplained"),
        ("-0e400", "unexplained"),
        ("9^9^9^9", "unreadable"),
    ],
)
def test_a_number_is_what_it_certainly_is(answer: str, status: str) -> None:
    """A number typed as an expression is worked out with as many digits as it takes."""
    d = bt.derive("f = x^2", {"x": 3})
    cell = bt.mark(d, {"df/dx": answer}, want="number").cells["df/dx"]
    assert cell.status in (status, "slip" if status == "unexplained" else status)
    assert bool(cell.points) is (status == "correct")


@pytest.mark.parametrize("answer", ["1e-400", "exp(-1000)", "0.5^(2^60)", "10^(-400)", "-1e-999"])
def test_what_is_too_small_for_a_float_is_not_zero(answer: str) -> None:
    """A number below every float is no right answer where the answer is exactly 0; 0 is."""
    d = bt.derive("f = 0*x + y", {"x": 3, "y": 1})
    assert bt.mark(d, {"df/dx": answer}, want="number").score == 0
    assert bt.mark(d, {"df/dx": "0e318"}, want="number").score == 1


@pytest.mark.parametrize(
    ("quantity", "answer", "sentence"),
    [
        ("df/dx", "6", "The number is right, but a formula is asked for."),
        ("df/dx", "1234.5", "A formula is asked for, and this is a number."),
        (
            "df/dx",
            "x+3",
            "The number is right here, but the formula is another function: "
            "at x = 2 the expected one is 4, the other 5.",
        ),
        ("df/dx", "sin(10^10^10^10*x)", TOLD.format(reason=NO_DIGIT)),
        ("f", "9*step(sqrt(2)^2 - 2)", TOLD.format(reason=UNSURE)),
        ("f", "0e318", None),
    ],
)
def test_check_and_mark_say_the_same(quantity: str, answer: str, sentence: str | None) -> None:
    """A cell gets the same verdict and the same word from a problem file and from `mark`."""
    problems = parse_problems(PROBLEMS)
    result = marked_sheet(problems, Sheet("anna", {("p", quantity): Given(answer)}))
    by_file = next(cell for _, cell in result.cells() if cell.quantity == quantity)
    d = bt.derive("f = x^2", {"x": 3})
    want = {"f": "number", "df/dx": "formula"}
    by_hand = bt.mark(d, {quantity: answer}, want=want).cells[quantity]
    assert (by_file.status, by_file.sentence) == (by_hand.status, by_hand.sentence)
    assert sentence is None or by_hand.sentence == sentence


@pytest.mark.parametrize("answer", ["0.00", "0.0", "-0.000"])
def test_a_small_number_rounded_to_nothing(answer: str) -> None:
    """0.00 for a number that two decimals make 0 gets one clear word, alone or among others."""
    d = bt.derive("f = x*y", {"x": 0.0004, "y": 2})
    told = "Rounded to 0, nothing of the number is left: give a significant figure."
    for sheet in ({"df/dy": answer}, {"df/dy": answer, "df/dx": "2.00", "f": "0.00"}):
        assert bt.mark(d, sheet).cells["df/dy"].sentence == told


def test_a_class_lists_what_a_person_must_judge(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The report tells the student, the class tables list the answer, the command says where."""
    (tmp_path / "p.toml").write_text(PROBLEMS, encoding="utf-8")
    (tmp_path / "a.csv").write_text(
        "student,problem,quantity,answer\n"
        "anna,p,df/dx,sin(10^10^10^10*x)\nanna,p,f,9\nben,p,df/dx,2x\nben,p,f,9\n",
        encoding="utf-8",
    )
    marks = tmp_path / "marks"
    command = ["check", str(tmp_path / "p.toml"), str(tmp_path / "a.csv"), "-o", str(marks)]
    with pytest.raises(SystemExit) as ended:
        main([*command, "--workers", "0", "--reveal", "none"])
    assert ended.value.code == 0
    told = f"could not be judged, for a person to look at: 1 (see {marks / 'unjudged.csv'})"
    assert told in capsys.readouterr().err
    with (marks / "unjudged.csv").open(encoding="utf-8", newline="") as file:
        assert list(csv.reader(file)) == [
            ["student", "problem", "cell", "answer", "right number"],
            ["anna", "p", "df/dx", "sin(10^10^10^10*x)", "6"],
        ]
    with (marks / "cells.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["cell"]: row for row in csv.DictReader(file)}
    assert rows["df/dx"]["could not be judged"] == "1"
    with (marks / "class.csv").open(encoding="utf-8", newline="") as file:
        remarks = {row["student"]: row["remark"] for row in csv.DictReader(file)}
    assert remarks == {"anna": "1 answer for a person to judge", "ben": ""}
    page = (marks / "class.html").read_text(encoding="utf-8")
    assert "<h2>For a person to judge</h2>" in page
    reports = {path.parent.name: path for path in marks.glob("students/*/report.md")}
    report = next(path for name, path in reports.items() if name.startswith("anna"))
    assert "○ could not be judged | 0/1 | This could not be judged, so a person will" in (
        report.read_text(encoding="utf-8")
    )
