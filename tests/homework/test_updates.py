"""Parameters after their update are judged by the step that they made."""

from __future__ import annotations

import pytest

import backprop_tutor as bt
from backprop_tutor.homework.marking.marker import mark
from backprop_tutor.homework.problems.lint import lint_problem
from backprop_tutor.homework.problems.problem_set import parse_problems

SMALL = bt.derive("y = w*x; L = (y - t)^2/2", {"w": 1, "x": 0.05, "t": 0})  # new(w) = 0.99875
HIDDEN = "Rounded until nothing of the step is left: give more digits."


@pytest.mark.parametrize(
    ("typed", "right"),
    [("0.99875", True), ("0.9988", True), ("0.9987", True), ("0.999", True), ("0.99876", True), ("1 - 0.00125", True),
     ("799/800", True), ("0,99875", True), ("1", False), ("1.000", False), ("1.001", False), ("1.00125", False),
     ("0.998", False), ("0.9975", False), ("0.99", False), ("0.0025", False), ("1.00", False)],
)  # fmt: skip
def test_the_step_decides(typed: str, right: bool) -> None:
    """No step and a step the wrong way are wrong, however small the step; rounded ones are right."""
    sheet = {"y": "0.0500", "dL/dw": "0.002500", "new(w)": typed}
    assert mark(SMALL, sheet, lr=0.5).cells["new(w)"].right is right


@pytest.mark.parametrize(
    ("typed", "status", "sentence"),
    [
        ("0.999", "correct (rounded)", "Right to the precision typed."),
        ("1", "unexplained", HIDDEN),
        ("1.00", "unexplained", HIDDEN),
    ],
)
def test_an_update_alone_on_a_sheet(typed: str, status: str, sentence: str) -> None:
    """What is rounded until no step is left is told so."""
    cell = mark(SMALL, {"new(w)": typed}, lr=0.5).cells["new(w)"]
    assert (cell.status, cell.sentence) == (status, sentence)


def test_a_step_that_the_digits_of_the_sheet_do_not_show() -> None:
    """On a sheet of four figures the true number rounded to four is right, also where that is w."""
    d = bt.derive("y = w*x; L = (y - t)^2/2", {"w": 0.4, "x": 0.01, "t": 0})
    sheet = {"y": "0.004000", "dL/dw": "4.000e-05", "new(w)": "0.4"}
    assert mark(d, sheet, lr=0.1).cells["new(w)"].right


def test_a_zero_step_and_a_large_one() -> None:
    """A step of nothing is right as w; a large step is judged as any number."""
    d = bt.derive("y = w*x; L = y*t", {"w": 2, "x": 3, "t": 0})
    assert mark(d, {"new(w)": "2"}, lr=0.5).score == 1
    d = bt.derive("L = w^2", {"w": 3})
    for typed, score in (("-3", 1), ("-3.02", 1), ("3", 0), ("9", 0)):
        assert mark(d, {"new(w)": typed}, lr=1).score == score


def test_a_tolerance_that_is_asked_for_holds() -> None:
    """An absolute tolerance, and figures, are those of the number itself."""
    assert mark(SMALL, {"new(w)": "1"}, lr=0.5, tolerance={"absolute": 0.01}).score == 1
    assert mark(SMALL, {"new(w)": "0.9988"}, lr=0.5, tolerance={"figures": 4}).score == 1


def test_matrices_are_judged_by_their_step_too() -> None:
    """No step of a matrix, and one the wrong way, are wrong."""
    d = bt.derive("Z = X@W; L = sum(Z**2)/2", {"X": [[0.1, 0.2], [0.3, 0.4]], "W": [[1], [-2]]})
    for typed, right in (("1.0018; -1.9974", True), ("1.002; -1.997", True), ("1; -2", False), ("0.998; -2.003", False)):
        assert mark(d, {"new(W)": typed}, lr=0.01).cells["new(W)"].right is right
    for typed, right in (("1.0018", True), ("1", False), ("0.9982", False)):
        assert mark(d, {"new(W)[0,0]": typed}, lr=0.01).cells["new(W)[0,0]"].right is right


def test_cells_that_cannot_fail_are_told() -> None:
    """`problem-check` names a step that three figures hide, and a tolerance that takes 0 for the answer."""
    text = (
        "[[problem]]\nid='p'\nprogram='y = w*x; L = y^2/2'\nvalues={w=1, x=0.01}\nask=['new(w)', 'dL/dw']\n"
        "lr=0.05\n[problem.cells.'dL/dw']\ntolerance={absolute=0.5}\n"
    )
    found = lint_problem(parse_problems(text).problems[0]).findings
    assert [f.message for f in found if f.kind == "cannot fail"] == [
        "new(w) goes from 1 to 0.999995: three figures do not show the step, so that none at all passes, too; "
        "a larger lr shows it",
        "dL/dw is 0.0001, and its tolerance takes 0 for it: it cannot fail",
    ]
    usual = text.replace("x=0.01", "x=2").split("[problem.cells")[0]
    found = lint_problem(parse_problems(usual).problems[0]).findings
    assert not [f for f in found if f.kind == "cannot fail"]
