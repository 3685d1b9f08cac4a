"""Marking a sheet: right, rounded, unreadable; formulas; points; the same sheet, the same marking."""

from __future__ import annotations

import gc
import json
import math
import tracemalloc
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from shared import counted

import backprop_tutor as bt
from backprop_tutor.errors import DomainError, OptionError, UnknownNameError
from backprop_tutor.homework.marking.marker import Marker, mark
from backprop_tutor.homework.marking.statuses import STATUSES

CASES = Path(__file__).parents[1] / "cases"
WORKED = json.loads((CASES / "worked_examples.json").read_text(encoding="utf-8"))
GATES = bt.derive("q = x + y; f = q*z", at={"x": -2, "y": 5, "z": -4})


def key(d: bt.Derivation) -> dict[str, float]:
    """Return the whole answer key of a derivation."""
    nodes = [n for n in d.graph_table.nodes if n.named and n.kind != "constant"]
    found = {n.name: float(d.values[n.name]) for n in nodes if n.kind == "operation"}
    return found | {f"d{d.output}/d{n.name}": float(d.gradients[n.name]) for n in nodes}


def test_the_contract() -> None:
    """The call of the README: cells by quantity, each with its status, and the score."""
    marking = mark(GATES, {"df/dx": "-4", "q": "3"})
    assert [(c.quantity, c.status, c.points) for c in marking.cells.values()] == [
        ("df/dx", "correct", 1), ("q", "correct", 1)
    ]  # fmt: skip
    assert (marking.slips, marking.score, marking.first_wrong) == ((), 1.0, None)
    assert marking.cells["∂f/∂x"] is marking.cells["df/dx"]


@pytest.mark.parametrize("case", WORKED, ids=lambda case: case["name"])
def test_an_answer_key_scores_everything(case: dict[str, Any]) -> None:
    """A key written from the graph scores 100 %, in full and rounded, and is never diagnosed."""
    d = bt.derive(case["program"], case["values"])
    marker = Marker(d)
    for shown in (repr, lambda n: f"{n:.4g}", lambda n: f"{n:.3g}", lambda n: f"{n:.2g}"):
        marking = marker.mark({name: shown(number) for name, number in key(d).items()})
        assert marking.score == 1
        assert marking.slips == ()
        assert set(marking.counts()) <= {"correct", "correct (rounded)"}


@pytest.mark.parametrize("case", [c for c in WORKED if c["expected_gradients"]], ids=lambda c: c["name"])
def test_published_numbers_are_right(case: dict[str, Any]) -> None:
    """The numbers that worked examples print, with the digits they print, are right."""
    d = bt.derive(case["program"], case["values"])
    answers = {k: str(v) for k, v in case["expected_values"].items()}
    answers |= {f"d{d.output}/d{k}": str(v) for k, v in case["expected_gradients"].items()}
    assert mark(d, answers).score == 1


@pytest.mark.parametrize("case", WORKED, ids=lambda case: case["name"])
def test_each_perturbed_cell_is_caught_at_that_cell(case: dict[str, Any]) -> None:
    """One wrong number in a right key is the first wrong cell, and the only one.

    Of a long key each cell has one of the three wrong numbers, in turn.
    """
    d = bt.derive(case["program"], case["values"])
    marker, right = Marker(d), key(d)
    for place, (cell, number) in enumerate(right.items()):
        numbers = (1.37 * number + 0.211, -number if number else 1.0, 1.05 * number or 0.5)
        for wrong in numbers if len(right) <= 8 else numbers[place % 3 :][:1]:
            marking = marker.mark(right | {cell: wrong})
            assert marking.first_wrong == cell
            assert marking.cells[cell].status in ("slip", "unexplained")
            assert [c.quantity for c in marking.cells.values() if not c.right] == [cell]


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        ("-4", "correct"),
        ("−4", "correct"),
        (" -4.0 ", "correct"),
        ("-8/2", "correct"),
        ("-4e0", "correct"),
        (-4, "correct"),
        (-4.02, "correct"),
        (Fraction(-4), "correct"),
        ("", "unanswered"),
        ("   ", "unanswered"),
        (None, "unanswered"),
        ("-4,0", "correct"),
        ("-400 %", "correct"),
        ("-4 (rounded)", "correct"),
        ("idk", "unanswered"),
        ("-2 1/2", "could not be judged"),
        ("1-Feb", "unreadable"),
        ("nan", "unreadable"),
        ("inf", "unreadable"),
        ("true", "unreadable"),
        ("[1, 2]", "unreadable"),
        (True, "unreadable"),
        (math.nan, "unreadable"),
        (math.inf, "unreadable"),
        ([1], "unreadable"),
        (10**400, "unreadable"),
        ("1/0", "unreadable"),
        ("__import__('os').system('x')", "unreadable"),
        ("9**9**9**9", "unreadable"),
        ("z", "correct"),
        ("1*z", "correct"),
        ("f/q", "correct"),
        ("-4 + 0*x", "unexplained"),
    ],
)
def test_what_stands_in_a_cell_is_read(answer: Any, status: str) -> None:
    """Numbers and formulas are read in every usual spelling; what is neither says why."""
    cell = mark(GATES, {"df/dq": answer}).cells["df/dq"]
    assert cell.status == status
    assert status in STATUSES
    if status == "unreadable":
        assert cell.sentence
        assert cell.points == 0


def test_a_number_is_no_formula_that_happens_to_fit_here() -> None:
    """A formula must be right at other numbers too; the sentence says when it is right only here."""
    cell = mark(GATES, {"df/dz": "x + y", "df/dq": "2*x"}).cells
    assert cell["df/dz"].status == "correct"
    assert cell["df/dq"].status == "unexplained"
    assert "another function" in cell["df/dq"].sentence


@pytest.mark.parametrize(
    ("formula", "right"),
    [
        ("(a - y)*a*(1 - a)", True),
        ("(σ(wx + b) - y)*σ(wx+b)*(1 - σ(wx+b))", True),
        ("(a - y)*exp(-z)/(1 + exp(-z))^2", True),
        ("(a - y)*z*(1 - z)", False),
        ("(y - a)*a*(1 - a)", False),
        ("(a - y)*a*(1 - a) + 1e-6", False),
    ],
)
def test_formulas_may_use_the_names_of_nodes(formula: str, right: bool) -> None:
    """A node's name stands for its value, moving as the leaves move."""
    d = bt.derive("z = wx + b; a = σ(z); L = (a - y)^2/2", {"w": 0.5, "x": 2, "b": -0.3, "y": 1})
    assert mark(d, {"dL/dz": formula}).cells["dL/dz"].right is right


def test_a_formula_for_relu_must_hold_on_both_sides_of_its_kink() -> None:
    """What is right only where relu is open is another function."""
    d = bt.derive("z = w*x; a = relu(z); L = a*v", {"w": 0.5, "x": 2, "v": 3})
    marking = mark(d, {"dL/dz": "v", "dL/da": "v", "dL/dx": "v*w*step(z)"})
    assert [c.status for c in marking.cells.values()] == ["unexplained", "correct", "correct"]


def test_a_formula_with_a_slip_is_diagnosed() -> None:
    """A wrong formula is traced like the number it has here."""
    d = bt.derive("f = a/b", {"a": 3, "b": 2})
    marking = mark(d, {"df/db": "a/b^2"})
    assert marking.slips[0].name == "quotient-rule"


def test_what_is_wanted_can_be_said() -> None:
    """Where a formula is asked for a number will not do, and the other way round."""
    either = {"df/dq": "-4", "df/dz": "q"}
    marking = mark(GATES, either, want={"df/dq": "formula", "df/dz": "number"})
    assert [c.status for c in marking.cells.values()] == ["unexplained", "unreadable"]
    assert mark(GATES, {"df/df": "1"}, want="formula").score == 1
    with pytest.raises(OptionError, match="did you mean `formula`"):
        mark(GATES, either, want="formulae")


def test_points_are_per_cell_and_follow_through_can_be_set() -> None:
    """Cells have their points; a following cell earns the share that is set."""
    answers = {"q": "7", "f": "-28", "df/dz": "7", "df/dq": "-4"}
    points = {"q": 2, "df/dz": Fraction(1, 2)}
    assert mark(GATES, answers, points=points).points == Fraction(5, 2)
    half = mark(GATES, answers, points=points, follow_through=0.5)
    assert (half.points, half.possible, half.score) == (Fraction(7, 4), Fraction(9, 2), 7 / 18)
    assert mark(GATES, answers, points=3, follow_through=0).points == 3


def test_unanswered_cells_of_what_was_asked_count() -> None:
    """With a list of what is asked, missing answers are unanswered and cost their points."""
    marking = mark(GATES, {"df/dz": "3"}, asked=["all gradients"])
    assert list(marking.cells) == ["df/dz", "df/dq", "df/dy", "df/dx"]
    assert marking.score == 0.25
    assert marking.cells["df/dq"].status == "unanswered"
    assert marking.first_wrong is None


def test_following_goes_across_cells_without_an_answer() -> None:
    """Where a step is left out, what follows is worked out from the last number given."""
    d = bt.derive("u = x*y; v = u + z; w = v^2; f = 3*w", {"x": 2, "y": 3, "z": 1})
    marking = mark(d, {"df/dw": "2", "df/dv": "", "df/dx": "84"}, asked=["df/dw", "df/dv", "df/dx"])
    assert marking.cells["df/dx"].status == "follows"
    assert marking.cells["df/dx"].follows_from == "df/dw"


def test_tolerance_is_for_the_sheet_or_a_cell() -> None:
    """1 % unless said otherwise; a cell may have its own tolerance."""
    answers = {"q": "3.02", "f": "-12.1"}
    assert mark(GATES, answers).score == 1
    assert mark(GATES, answers, tolerance=0.001, follow_through=0).score == 0
    own = mark(GATES, answers, tolerance=0.001, tolerances={"f": "2%"}, follow_through=0)
    assert own.cells["f"].right
    assert own.score == 0.5
    assert mark(GATES, {"q": "3"}, tolerance={"figures": 3}).score == 0


def test_small_gradients_are_not_zero() -> None:
    """There is no absolute tolerance: 0 is wrong for 4e-4, and rounding to 0 leaves nothing."""
    d = bt.derive("f = x*y", {"x": 4e-4, "y": 2})
    assert mark(d, {"df/dy": "0"}).score == 0
    assert mark(d, {"df/dy": "4e-4"}).score == 1
    marking = mark(d, {"f": "0.00", "df/dx": "2.00", "df/dy": "0.00"})
    assert marking.slips == () or marking.cells["f"].status != "correct"


def test_updated_parameters_are_marked_with_a_learning_rate() -> None:
    """`new(w)` is w − lr·∂f/∂w, and follows from a wrong gradient."""
    d = bt.derive("y = w*x + b; L = (y - t)^2/2", {"w": 1, "x": 3, "b": 4, "t": 2})
    assert mark(d, {"dL/dw": "15", "new(w)": "-0.5"}, lr=0.1).score == 1
    marking = mark(d, {"dL/dw": "-15", "new(w)": "2.5"}, lr=0.1)
    assert marking.cells["new(w)"].status == "follows"
    with pytest.raises(OptionError, match="needs a learning rate"):
        mark(d, {"new(w)": "1"})


@pytest.mark.parametrize(
    ("answers", "options", "error", "says"),
    [
        ({"df/dp": 1}, {}, UnknownNameError, "did you mean"),
        ({"df/dx": 1, "∂f/∂x": 1}, {}, OptionError, "answered twice"),
        ({"q": 1}, {"asked": ["f"]}, UnknownNameError, "not asked for"),
        ({"q": 1}, {"points": -1}, OptionError, "0 or more"),
        ({"q": 1}, {"points": {"p": 1}}, UnknownNameError, "is no quantity"),
        ({"q": 1}, {"follow_through": 2}, OptionError, "from 0 to 1"),
        ({"q": 1}, {"tolerance": "wide"}, OptionError, "a tolerance is a number"),
        ([("q", 1)], {}, OptionError, "answers map quantities to answers"),
    ],
)
def test_a_callers_mistakes_are_refused(
    answers: Any, options: dict[str, Any], error: type[Exception], says: str
) -> None:
    """Unknown cells and unfit options are refused with what was expected."""
    with pytest.raises(error, match=says):
        mark(GATES, answers, **options)


def test_a_cell_without_a_value_cannot_be_asked_for() -> None:
    """A slope that does not exist at the point is no question."""
    d = bt.derive("f = x^y", {"x": -2, "y": 2})
    with pytest.raises(DomainError, match="no value"):
        mark(d, {"local(f, y)": "1"})


def test_the_same_sheet_is_marked_the_same_every_time() -> None:
    """Marking is deterministic, whatever was marked before."""
    answers = {"df/dq": "3", "df/dx": "3", "df/dy": "17", "df/dz": "-4"}
    first = str(mark(bt.derive("q = x + y; f = q*z", GATES.at), answers))
    mark(GATES, {"df/dq": "1"})
    assert str(mark(GATES, answers)) == first


def test_the_whole_marking_as_text() -> None:
    """A marking prints as a sheet with a verdict and a sentence for each cell."""
    assert str(mark(GATES, {"q": "7", "f": "-28", "df/dx": "-4", "df/dy": ""})) == (
        "score 50%\n"
        "q = 7: slip. The minus of this input was dropped: everything is worked out with 2.\n"
        "f = -28: follows. Right, given q.\n"
        "df/dx = -4: correct. Right.\n"
        "df/dy = …: unanswered. No answer."
    )


def test_a_class_is_marked_quickly_and_in_constant_memory() -> None:
    """Right sheets take few calls each, all as many, and nothing is kept of them."""
    marker = Marker(GATES, asked=["all values", "all gradients"])
    answers = {name: f"{number:.3f}" for name, number in key(GATES).items() if name != "df/df"}
    marker.mark(answers)
    tracemalloc.start()
    for _ in range(50):
        marker.mark(answers)
    before, _ = tracemalloc.get_traced_memory()
    for _ in range(400):
        marker.mark(answers)
    gc.collect()
    after, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert after - before < 10_000
    with counted() as calls:
        marker.mark(answers)
    once = calls()
    with counted() as calls:
        for _ in range(10):
            marker.mark(answers)
    assert calls() <= 10 * once
    assert once < 3000


def test_a_large_graph_is_diagnosed_too() -> None:
    """In a graph of more edges than are all looked at, a wrong cell is explained by what is near it."""
    lines = ["a0 = x*y", *(f"a{i} = a{i - 1} + x" for i in range(1, 310))]  # 620 edges
    d = bt.derive("\n".join(lines), {"x": 2, "y": 3})
    marking = mark(d, {"da309/da0": "1", "da309/dy": "1"})
    assert marking.cells["da309/dy"].status == "slip"
    assert "product-rule" in marking.slips[0].names
    assert marking.slips[0].where == "at y → a0"
    assert mark(d, {"da309/dx": "3"}).slips[0].names == ("path-dropped", "paths-multiplied")
