"""What follows from a student's own wrong output, where the rule reads the output."""

from __future__ import annotations

import pytest

import backprop_tutor as bt
from backprop_tutor.homework.marking.marker import mark

SCORES = "p1, p2, p3 = softmax(z1, z2, z3); L = -log(p2)"
SCORES_AT = {"z1": 1, "z2": 2, "z3": 0.5}


@pytest.mark.parametrize(
    ("program", "at", "answers", "wrong"),
    [
        ("z = w*x + b; a = sigmoid(z); L = (a - t)^2/2", {"w": 1, "x": 1, "b": 1, "t": 0},
         {"z": "2", "a": "0.8608", "L": "0.3705", "dL/da": "0.8608", "dL/dz": "0.1031"}, ["a"]),
        ("a = sigmoid(z); L = a*c", {"z": 2, "c": 3}, {"a": "0.7", "dL/da": "3", "dL/dz": "0.63"}, ["a"]),
        ("a = tanh(z); L = a*c", {"z": 1, "c": 3}, {"a": "0.6", "dL/da": "3", "dL/dz": "1.92"}, ["a"]),
        ("a = exp(z); L = a*c", {"z": 1, "c": 3}, {"a": "2.3", "dL/da": "3", "dL/dz": "6.9"}, ["a"]),
        ("a = sqrt(z); L = a*c", {"z": 2, "c": 3}, {"a": "1.2", "dL/da": "3", "dL/dz": "1.25"}, ["a"]),
        ("a = tan(z); L = a*c", {"z": 1, "c": 3}, {"a": "1.3", "dL/da": "3", "dL/dz": "8.07"}, ["a"]),
        (SCORES, SCORES_AT,
         {"p1": ".2857", "p2": ".5714", "p3": ".1429", "L": "0.5596", "dL/dp2": "-1.75",
          "dL/dz1": ".2857", "dL/dz2": "-.4286", "dL/dz3": ".1429"}, ["p1", "p2", "p3"]),
        (SCORES, SCORES_AT, {"p2": ".5714", "dL/dz2": "-.4286"}, ["p2"]),
        (SCORES, SCORES_AT,
         {"p1": "0.3", "p2": "0.5", "p3": "0.2", "local(p1, z2)": "-0.15", "local(p2, z2)": "0.25",
          "down(p2, z3)": "0.2"}, ["p1", "p2", "p3"]),
    ],
)  # fmt: skip
def test_slopes_that_are_read_off_an_output(
    program: str, at: dict[str, float], answers: dict[str, str], wrong: list[str]
) -> None:
    """A gradient worked out from the student's own output follows from it, and names it."""
    cells = mark(bt.derive(program, at), answers).cells
    assert [name for name, cell in cells.items() if not cell.points] == wrong
    follows = [cell for cell in cells.values() if cell.status == "follows"]
    assert follows
    assert {cell.follows_from for cell in follows} <= set(wrong)


@pytest.mark.parametrize(
    ("answers", "wrong"),
    [
        ({"a": "0.7", "dL/da": "3", "dL/dz": "0.55"}, ["a", "dL/dz"]),
        ({"dL/da": "3", "dL/dz": "0.63"}, ["dL/dz"]),
    ],
)
def test_what_does_not_follow_from_the_output(answers: dict[str, str], wrong: list[str]) -> None:
    """A gradient that no output on the sheet leads to is still wrong."""
    cells = mark(bt.derive("a = sigmoid(z); L = a*c", {"z": 2, "c": 3}), answers).cells
    assert [name for name, cell in cells.items() if not cell.points] == wrong


def test_a_rounded_output_is_carried_on() -> None:
    """Near saturation a rounded output moves the slope read off it far: that is rounding, no slip."""
    d = bt.derive("a = sigmoid(z); L = a*c", {"z": 3, "c": 2})
    cells = mark(d, {"a": "0.95", "dL/da": "2", "dL/dz": "0.095"}).cells
    assert [cell.status for cell in cells.values()] == ["correct", "correct", "correct (rounded)"]


def test_what_follows_from_rounded_numbers_alone_is_right() -> None:
    """Where no cell is wrong nothing follows from one: rounding may cost what cancels most of its size."""
    d = bt.derive(
        "z = w*x + b; a = sigmoid(z); L = (a - t)^2/2", {"w": -2.28, "x": -2.27, "b": 1.45, "t": 1}
    )
    marking = mark(d, {"z": "6.63", "a": "0.999", "L": "5e-07", "dL/da": "-0.001", "dL/dz": "-1.32e-06"})
    assert (marking.score, marking.first_wrong) == (1, None)
    assert all(cell.right for cell in marking.cells.values())
