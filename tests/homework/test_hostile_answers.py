from __future__ import annotations

import json
from pathlib import Path

import pytest
from shared import counted

from backprop_tutor.homework.answers.sheets import Given, Sheet
from backprop_tutor.homework.marking.results import marked_sheet
from backprop_tutor.homework.problems.problem_set import parse_problems

CASES = Path(__file__).parents[1] / "cases" / "hostile_inputs.txt"

GENERATED = {
    "B11": "(" * 60 + "x" + ")" * 60,
    "B13": "+".join(["x"] * 20_000),
    "B15": "9" * 5000,
}
"""The cases that are too long to be written out."""

PROBLEMS = parse_problems(
    """
    [[problem]]
    id = "p"
    program = "z = w*x + b; a = sigmoid(z); lambda = a*y; f = lambda + a"
    values = {w = 1, x = 2, b = 0.5, y = 3}
    ask = ["df/dw", "df/dx"]
    formulas = ["df/dw"]
    """
)


def cases() -> list[tuple[str, str, str, str]]:
    """Return the public hostile answers: id, field, what is typed, what should happen."""
    found = []
    for line in CASES.read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            name, field, given, outcome = line.split(" | ", 3)
            if field != "file":
                text = GENERATED.get(name) or json.loads(given)
                found.append((name, field, text, outcome))
    return found


@pytest.mark.parametrize(("name", "field", "text", "outcome"), cases(), ids=lambda c: str(c)[:12])
def test_hostile_answers(name: str, field: str, text: str, outcome: str) -> None:
    """Every hostile answer is read or refused as is written beside it, at a bounded cost."""
    quantity = "df/dw" if field == "expr" else "df/dx"
    for text_of_adam in ("w*x", r"\frac{w}{2}"):  # the key and the grammars are read once
        marked_sheet(PROBLEMS, Sheet("adam", {("p", quantity): Given(text_of_adam)}))
    with counted() as calls:
        result = marked_sheet(PROBLEMS, Sheet("eve", {("p", quantity): Given(text)}))
    cell = next(cell for _, cell in result.cells() if cell.quantity == quantity)
    assert cell.points == 0
    assert calls() < 80_000
    if outcome.startswith("blank"):
        assert cell.status == "unanswered"
    elif " or REJECT" not in outcome and "else REJECT" not in outcome:
        refused = "REJECT" in outcome
        assert (cell.status == "unreadable") is refused, cell.sentence
