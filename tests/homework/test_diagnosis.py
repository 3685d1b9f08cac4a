"""Which slip is named, where, what follows from it, and what is never diagnosed."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest
from searches import slips

import backprop_tutor as bt
from backprop_tutor.homework.marking.marker import mark

ROOT = Path(__file__).parents[2]
CASES = ROOT / "tests" / "cases"
MISTAKES = {
    case["id"]: case
    for case in json.loads((CASES / "published_mistakes.json").read_text(encoding="utf-8"))
}
WORKED = {
    case["name"]: case
    for case in json.loads((CASES / "worked_examples.json").read_text(encoding="utf-8"))
}

NEURON = "z = w*x + b; a = sigmoid(z); L = (a - y)^2/2"
NEURON_AT = {"w": 0.5, "x": 2, "b": -0.3, "y": 1}
TWO = "h = w1*x; p = w2*h; L = (p - t)^2/2"
TWO_AT = {"w1": 0.5, "x": 2, "w2": 3, "t": 1}
GATES = "q = x + y; f = q*z"
GATES_AT = {"x": -2, "y": 5, "z": -4}


@pytest.mark.parametrize(
    ("program", "at", "answers", "slip", "where"),
    [
        (GATES, GATES_AT, {"df/dq": "-4", "df/dx": "1", "df/dy": "1"}, "local-for-downstream", "at q"),
        (GATES, GATES_AT, {"df/dq": "3", "df/dz": "-4", "df/dx": "3"}, "product-rule", "everywhere"),
        (GATES, GATES_AT, {"df/dq": "-4", "df/dx": "-2", "df/dy": "-2"}, "add-gate", "everywhere"),
        (GATES, GATES_AT, {"df/dz": "-3", "df/dq": "4", "df/dx": "4"}, "sign-of-everything", "at f"),
        ("f = x*y + x", {"x": 3, "y": 5}, {"df/dx": "5"}, "path-dropped", "at x"),
        ("f = (a + b)*(b + 1)", {"a": 2, "b": 1}, {"df/db": "3"}, "path-dropped", "at b"),
        ("f = a/b", {"a": 3, "b": 2}, {"df/da": "0.5", "df/db": "0.75"}, "quotient-rule", "at b → f"),
        ("u = x - y; f = u^2", {"x": 3, "y": 1}, {"df/du": 4, "df/dy": 4}, "subtract-sign", "at y → u"),
        ("u = x^3; f = u*y", {"x": 2, "y": 3}, {"df/dx": 12}, "power-rule", "at x → u"),
        ("u = exp(x); f = u*y", {"x": 2, "y": 3}, {"df/dx": 6}, "exp-rule", "at x → u"),
        ("m = max(x, y); f = 3*m", {"x": 3, "y": 1}, {"df/dx": 0, "df/dy": 3}, "wrong-branch", "everywhere"),
        ("u = sin(x); f = u*y", {"x": 30, "y": 3}, {"u": "0.5", "f": "1.5"}, "degrees", "at u"),
        ("u = ln(x); f = u*y", {"x": 5, "y": 3}, {"u": "0.69897"}, "log-base", "at u"),
        (NEURON, NEURON_AT, {"dL/da": "-0.33181", "dL/dz": "-0.33181"}, "activation-derivative-left-out", "at z → a"),
        (NEURON, NEURON_AT, {"dL/da": "-0.33181", "dL/dz": "-0.06968"}, "local-at-input", "at z → a"),
        (NEURON, NEURON_AT, {"a": "0.66106"}, "activation-twice", "at a"),
        (NEURON, NEURON_AT, {"dL/da": "0.33181", "dL/dz": "0.073567"}, "error-sign", ""),
        (TWO, TWO_AT, {"dL/dp": 2, "dL/dh": 2, "dL/dw1": 4}, "weight-left-out", "at h → v1"),
        (TWO, TWO_AT, {"dL/dp": 2, "dL/dh": "5.6", "dL/dw1": "11.2"}, "updated-weights", "at h → v1"),
        (TWO, TWO_AT, {"dL/dw1": "1.2", "dL/dw2": "0.2"}, "step-for-gradient", "everywhere"),
        (TWO, TWO_AT, {"dL/dw1": "-0.7", "dL/dw2": "2.8"}, "step-for-gradient", "everywhere"),
        ("y = w*x + b; L = (y - t)^2/2", {"w": 1, "x": 3, "b": 4, "t": 2}, {"dL/dy": 5, "dL/db": 15}, "bias-gradient", "at b"),
    ],
)  # fmt: skip
def test_the_slip_behind_a_sheet_is_named(
    program: str, at: dict[str, Any], answers: dict[str, Any], slip: str, where: str
) -> None:
    """A sheet that a wrong rule produces is diagnosed as that rule, with the place."""
    # The product in TWO is an operation of its own name here, so that places can be told.
    marking = mark(bt.derive(program, at), answers, lr=0.1)
    assert marking.root is not None
    assert slip in marking.root.names
    assert len(marking.slips) == 1
    [found] = [s for s in (marking.root, *marking.root.ties) if s.name == slip]
    if where and "v1" not in where:
        assert found.where == where
    assert marking.cells[marking.first_wrong or ""].status == "slip"


def test_after_one_slip_everything_below_follows() -> None:
    """One wrong cell loses its points; what is right given that cell keeps them."""
    d = bt.derive(NEURON, NEURON_AT)
    up = float(d.gradients["a"])
    answers = {"dL/da": up, "dL/dz": up, "dL/dw": 2 * up, "dL/db": up, "dL/dx": up / 2}
    marking = mark(d, answers)
    statuses = {name: cell.status for name, cell in marking.cells.items()}
    assert statuses == {
        "dL/da": "correct", "dL/dz": "slip", "dL/dw": "follows", "dL/db": "follows",
        "dL/dx": "follows",
    }  # fmt: skip
    assert marking.score == pytest.approx(0.8)
    assert marking.first_wrong == "dL/dz"
    assert {marking.cells[c].follows_from for c in ("dL/dw", "dL/db", "dL/dx")} == {"dL/dz"}


def test_a_slip_at_a_cell_not_asked_for_costs_one_cell() -> None:
    """Where only the leaves are asked for, the first shows the slip and the rest follow."""
    d = bt.derive(TWO, TWO_AT)
    marking = mark(d, {"dL/dw2": "-2", "dL/dw1": "-12", "dL/dx": "-3"})
    assert len(marking.slips) == 1
    assert "error-sign" in marking.root.names  # type: ignore[union-attr]
    assert [c.status for c in marking.cells.values()].count("slip") == 1
    assert [c.status for c in marking.cells.values()].count("follows") == 2


@pytest.mark.parametrize("zero", ["0", "0.0", 0])
def test_zeros_earn_nothing(zero: Any) -> None:
    """What follows from a wrong 0 is 0 and tests nothing, so it earns nothing."""
    d = bt.derive(GATES, GATES_AT)
    marking = mark(d, {"df/dq": zero, "df/dx": zero, "df/dy": zero})
    assert marking.score == 0
    assert [c.status for c in marking.cells.values()] == ["slip", "follows", "follows"]
    assert "tests nothing" in marking.cells["df/dx"].sentence


def test_a_bare_zero_is_no_rounding() -> None:
    """A gradient given as 0 is taken for a node held constant, not for one rounded away."""
    d = bt.derive("f = sin(x) + 0.04*y", {"x": 1, "y": 2})
    marking = mark(d, {"df/dx": "0.5403", "df/dy": "0"})
    assert marking.root is not None
    assert "taken-for-constant" in marking.root.names


def test_two_slips_are_two_and_the_first_is_the_root() -> None:
    """Two wrong rules on one sheet are both found; the root is the first in step order."""
    d = bt.derive("z = w*x + b; a = tanh(z); s = a*v; L = (s - t)^2",
                  {"w": 0.5, "x": 2, "b": -0.3, "v": 1.5, "t": 1})  # fmt: skip
    a, s = float(d.values["a"]), float(d.values["s"])
    ds = s - 1  # the 2 of the square is lost
    da = ds * 1.5
    dz = da * (1 - a)  # the square of tanh is lost
    answers = {"dL/ds": ds, "dL/dv": ds * a, "dL/da": da, "dL/dz": dz, "dL/dw": 2 * dz, "dL/db": dz}
    marking = mark(d, answers)
    assert len(marking.slips) == 2
    assert "two-or-half" in marking.slips[0].names
    assert marking.slips[1].name == "tanh-rule"
    assert marking.root == marking.slips[0]
    assert marking.score == pytest.approx(4 / 6)


def test_slips_with_the_same_numbers_are_both_named() -> None:
    """Where two wrong rules give the same numbers, one is named first and the other as its tie."""
    marking = mark(bt.derive("f = a/b", {"a": 3, "b": 2}), {"df/db": "0.75"})
    assert marking.root is not None
    assert {"quotient-rule", "sign-of-edge"} <= set(marking.root.names)
    assert [s.name for s in marking.cells["df/db"].slips] == list(marking.root.names)


def test_a_right_cell_below_a_wrong_one_stays_right() -> None:
    """A number that equals the key is right, whatever stands above it."""
    marking = mark(bt.derive(GATES, GATES_AT), {"df/dq": "7", "df/dx": "-4"})
    assert marking.cells["df/dx"].status == "correct"
    assert marking.first_wrong == "df/dq"


def test_numbers_that_no_slip_gives_are_unexplained() -> None:
    """Garbage is called unexplained, not given a cause."""
    d = bt.derive(NEURON, NEURON_AT)
    marking = mark(d, {"dL/dw": "17.31", "dL/db": "5.53", "dL/da": "-81.9"})
    assert marking.slips == ()
    assert {c.status for c in marking.cells.values()} == {"unexplained"}
    assert marking.root is None
    assert marking.first_wrong == "dL/da"


def test_a_slip_on_the_students_own_values_is_found() -> None:
    """After a wrong forward value, a wrong local at that value is still recognised."""
    d = bt.derive("u = x + y; f = z/u", {"x": 2, "y": 3, "z": 4})
    marking = mark(d, {"u": "6", "f": "0.666667", "df/dz": "0.166667", "df/du": "0.111111"})
    assert marking.cells["f"].status == "follows"
    assert marking.cells["df/dz"].status == "follows"
    assert marking.cells["df/du"].status == "slip"
    assert "no minus" in {s.variant for s in marking.slips}


def test_a_copied_answer_is_named_with_its_source() -> None:
    """Another cell's number is the last explanation tried, and says whose number it is."""
    d = bt.derive(NEURON, {"w": 0.37, "x": 2.1, "b": -0.3, "y": 0.8})
    numbers = {f"dL/d{n}": f"{float(d.gradients[n]):.5f}" for n in ("z", "w", "x", "a")}
    numbers["dL/dx"] = numbers["dL/dw"]
    marking = mark(d, numbers)
    assert marking.root is not None
    assert "copied" in marking.root.names
    assert marking.first_wrong == "dL/dx"


class TestPublishedMistakes:
    """Wrong numbers that were printed, and the cause of each."""

    @pytest.mark.parametrize(
        "program", ["r = 1 + exp(-z); f = 1/r", "n = -z; e = exp(n); r = e + 1; f = 1/r"]
    )
    @pytest.mark.parametrize("forward", [{}, {"f": "0.953", "r": "1.0498"}])
    def test_the_slope_of_one_over_r_at_the_output(
        self, program: str, forward: dict[str, str]
    ) -> None:
        """An exam key took 1/r's slope at f = 0.953 instead of at r = 1.0498."""
        claim = MISTAKES["exam_sigmoid_reciprocal"]["claim"]
        answers = forward | {"df/dr": str(claim["df_dr"]), "df/dz": str(claim["df_dz"])}
        marking = mark(bt.derive(program, {"z": 3}), answers)
        assert marking.root is not None
        assert marking.root.name == "local-at-output"
        assert marking.root.where == "at r → f"
        assert marking.cells["df/dz"].status == "follows"

    def test_a_forward_value_left_over_from_the_pass_before(self) -> None:
        """A picture's caption has the hidden values of the first pass beside the new weights."""
        case, claim = WORKED["hmkcode_2_2_1"], MISTAKES["hmkcode_caption"]["claim"]
        before = bt.derive(case["program"], case["values"])
        after = bt.derive(case["program"], case["values"] | case["expected_updated"])
        marking = mark(after, {k: str(v) for k, v in claim.items()}, previous=before)
        assert [s.name for s in marking.slips] == ["stale-value"]
        assert set(marking.slips[0].cells) == {"h1", "h2"}

    @pytest.mark.parametrize("decimals", [1, 2])
    @pytest.mark.parametrize("name", ["cs231n_sigmoid_gate", "cs231n_sigmoid_neuron_gates"])
    def test_rounding_carried_on_is_no_mistake(self, name: str, decimals: int) -> None:
        """Slides round 0.1966 to 0.20 before multiplying: right, and said to be rounded."""
        claim = MISTAKES["slides_cascaded_rounding"]["claim"]
        case = WORKED[name]
        d = bt.derive(case["program"], case["values"])
        marking = mark(d, {f"df/d{k}": f"{v:.{decimals}f}" for k, v in claim.items()})
        assert {c.status for c in marking.cells.values()} == {"correct (rounded)"}
        assert marking.score == 1
        assert marking.slips == ()


def test_slips_are_recognised_on_random_graphs(capsys: pytest.CaptureFixture[str]) -> None:
    """The experiment at small scale: every slip named, no right sheet diagnosed."""
    assert slips.main(["--graphs", "1", "--seeds", "1", "--right", "40"]) == 0
    assert "right sheets: 40, diagnosed: 0" in capsys.readouterr().out


@pytest.mark.parametrize("given", [{"q": "6"}, {}], ids=["q is right", "q is not on the sheet"])
@pytest.mark.parametrize("exponent", [5, -6, 1.5])
def test_no_cell_follows_from_itself(given: dict[str, str], exponent: float) -> None:
    """Where a slip lies in a step that is not on the sheet, the first wrong cell bears it and has no point."""
    d = bt.derive("q = x*y; f = exp(q)*z", at={"x": 2, "y": 3, "z": 2})
    wrong = repr(2 * math.exp(exponent))
    cells = bt.mark(d, {**given, "f": wrong, "df/dx": "77", "df/dq": wrong}).cells
    assert (cells["f"].status, cells["f"].points) == ("slip", 0)
    assert all(cell.follows_from != name for name, cell in cells.items())


@pytest.mark.parametrize(("program", "bias"), [("q = x + y; f = q*z", False), ("z = w*x + b; L = z^2", True)])
def test_only_what_is_added_to_something_weighted_is_a_bias(program: str, bias: bool) -> None:
    """The x of x + y is called no bias, whatever its gradient was taken for; the b of w·x + b is."""
    at = {"x": -3, "y": 5, "z": 4} if "q" in program else {"w": 2, "x": 3, "b": -5}
    d = bt.derive(program, at=at)
    name = "b" if bias else "x"
    marking = bt.mark(d, {f"d{d.output}/d{name}": "0"})
    assert ("bias" in marking.cells[f"d{d.output}/d{name}"].sentence) is bias
