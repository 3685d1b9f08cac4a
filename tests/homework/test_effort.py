"""What a sheet may cost: counted work, the same on every machine."""

from __future__ import annotations

import pytest
from shared import counted

import backprop_tutor as bt
from backprop_tutor.homework.answers.sheets import Given, Sheet
from backprop_tutor.homework.equivalence import effort
from backprop_tutor.homework.equivalence.effort import COMPARISON, TooMuchWork, limited, spend
from backprop_tutor.homework.marking.results import StudentResult, marked_sheet
from backprop_tutor.homework.problems.problem_set import parse_problems

PROBLEMS = parse_problems(
    """
    [[problem]]
    id = "p"
    program = "z = w*x + b; a = tanh(z); f = (a - t)^2"
    values = {w = 0.5, x = 2, b = -1, t = 1}
    ask = ["all values", "all gradients"]
    formulas = ["z", "f", "df/da", "df/dw", "df/db"]
    """
)
FORMULAS = ("z", "f", "df/da", "df/dw", "df/db")
TOO_MUCH = (
    "This could not be judged, so a person will look at it; until then it has no points. The reason: "
    "it takes too much work to judge, alone or with other answers on the sheet like it."
)


def marked(answers: dict[str, str]) -> StudentResult:
    """Return a sheet's result."""
    given = {("p", quantity): Given(text) for quantity, text in answers.items()}
    return marked_sheet(PROBLEMS, Sheet("eve", given))


EXPENSIVE = {
    "series": "w*x + b" + "".join(f" + gelu(x + {i}) - gelu(x + {i})" for i in range(30)),
    "bends": "w*x + b" + "".join(f" + relu(x - 1e5*{i})" for i in range(60)),
    "powers": "^".join(["x"] * 60),
    "long": "*".join(f"(x + {i})" for i in range(900)),
    "steep": "+".join(f"tan(1e{i}*x)" for i in range(300)),
    "towers": "+".join(f"exp(exp(x*{i}))" for i in range(200)),
    "fractions": "*".join("(1+1/3)^300" for _ in range(500)),
    "erfs": "+".join(f"erf({i}/x*10^{i})" for i in range(200)),
}


@pytest.fixture(autouse=True)
def _a_tenth(monkeypatch: pytest.MonkeyPatch) -> None:
    """A tenth of the work that a sheet may take, for a tenth of the time: the rule is the same."""
    assert effort._IN_COMMON == 600_000
    monkeypatch.setattr(effort, "_IN_COMMON", 60_000)


@pytest.mark.parametrize("kind", EXPENSIVE)
def test_no_sheet_takes_long(kind: str) -> None:
    """A sheet whose every answer is as expensive as can be is marked with bounded work."""
    quantities = [cell.text for cell in PROBLEMS.problems[0].cells]
    marked(dict.fromkeys(quantities, "w*x"))  # the key is worked out once
    with counted() as calls:
        result = marked(dict.fromkeys(quantities, EXPENSIVE[kind]))
    assert result.points <= 0 if kind not in ("series", "bends") else result.points <= 1
    assert calls() < 1_000_000


def test_what_takes_too_much_is_for_a_person() -> None:
    """What the limit stops has no points and is no fault; answers that cost little are marked as ever."""
    result = marked(
        {"z": EXPENSIVE["series"], "df/da": EXPENSIVE["steep"], "df/dw": "2(a - t)(1 - a^2)x",
         "df/db": "2(a - t)(1 - a^2)", "a": "0", "f": "(a - t)^2"}
    )  # fmt: skip
    cells = {cell.quantity: cell for _, cell in result.cells()}
    assert (cells["z"].status, cells["z"].sentence) == ("could not be judged", TOO_MUCH)
    assert [cells[name].points for name in ("df/dw", "df/db", "a", "f")] == [1, 1, 1, 1]


def test_the_limit_is_the_same_every_time() -> None:
    """A sheet at the limit is marked the same after other sheets, and alone."""
    sheet = dict.fromkeys(FORMULAS, EXPENSIVE["bends"]) | {"a": EXPENSIVE["long"]}
    first = marked(sheet)
    for kind in EXPENSIVE:
        marked(dict.fromkeys(FORMULAS, EXPENSIVE[kind]))
    assert marked(sheet) == first


def test_a_comparison_alone_is_limited_too() -> None:
    """Without a sheet a comparison has its own limit, and says so."""
    found = bt.equivalent("x", "x" + "".join(f" + gelu(x + {i}) - gelu(x + {i})" for i in range(60)))
    assert (found.equal, found.decided) == (False, False)
    assert found.note == "it takes too much work to judge, alone or with other answers on the sheet like it"
    assert COMPARISON > 1_000_000


def test_a_limit_lets_smaller_work_pass() -> None:
    """What does not fit is not counted; what fits still passes; the end of the block ends the limit."""
    with limited(10):
        with pytest.raises(TooMuchWork):
            spend(11)
        spend(10)
        with pytest.raises(TooMuchWork):
            spend(1)
    spend(10**12)
