from __future__ import annotations

import pytest

from backprop_tutor.errors import OptionError
from backprop_tutor.graph_builder import build_graph
from backprop_tutor.homework.problems.lint import ProblemLint, lint_problem, lint_problems
from backprop_tutor.homework.problems.problem_set import parse_problems
from backprop_tutor.homework.quantities.quantity import asked_quantities
from backprop_tutor.homework.slips.telling_apart import find_values, resolution
from backprop_tutor.language import parse


def linted(program: str, values: str, ask: str = '["all values", "all gradients"]') -> ProblemLint:
    """Return a problem looked through."""
    text = f"[[problem]]\nid='p'\nprogram='{program}'\nvalues={{{values}}}\nask={ask}"
    return lint_problem(parse_problems(text).problems[0])


def messages(found: ProblemLint, kind: str) -> list[str]:
    """Return the messages of a kind."""
    return [finding.message for finding in found.findings if finding.kind == kind]


def test_the_key_is_checked_three_ways() -> None:
    """Every gradient of the key stands beside its reverse, symbolic and numeric values."""
    found = linted("q = x + y; f = q*z", "x=-2, y=5, z=-4")
    assert found.ok
    rows = {row.quantity: row for row in found.key}
    assert rows["df/dx"].answer == -4
    checked = rows["df/dx"].checked
    assert checked is not None
    assert (checked.reverse, checked.symbolic, round(checked.numeric, 6)) == (-4, -4, -4)
    assert rows["q"].checked is None


def test_special_answers() -> None:
    """Answers that are 0 or 1 or equal to each other are told, with why it matters."""
    found = linted("q = x + y; f = q*z", "x=-2, y=3, z=0")
    assert messages(found, "special") == [
        "f, df/dq, df/dy, df/dx are 0: many wrong ways end in 0",
        "q, df/dz are 1: a factor of 1 hides what is left out",
    ]
    found = linted("q = x + y; f = q*z", "x=-2, y=5, z=-4")
    assert any("df/dy, df/dx are equal (−4)" in message for message in messages(found, "equal"))


def test_kinks() -> None:
    """A point on a kink is told."""
    found = linted("a = relu(x); f = a*w", "x=0, w=3")
    assert messages(found, "kink") == ["a stands on a kink; its slope there is a convention"]
    assert not messages(linted("a = relu(x); f = a*w", "x=2, w=3"), "kink")


def test_slips_that_the_numbers_hide() -> None:
    """At x·x with x = 2 some slips cannot be told apart that can at other numbers."""
    plain = parse("q = w*x; f = q^2")
    graph = build_graph(plain)
    asked = asked_quantities(graph, "all gradients")
    special = resolution(graph, {"w": 1, "x": 1}, asked)
    chosen = resolution(graph, {"w": 3, "x": -4}, asked)
    assert special.lost > chosen.lost
    assert special.invisible
    assert special.slips == pytest.approx(chosen.slips, abs=5)


def test_values_are_found() -> None:
    """Proposed values are small, the same for a seed, and hide no more than the chosen ones."""
    graph = build_graph(parse("q = w*x; f = q^2"))
    asked = asked_quantities(graph, "all gradients")
    values, hidden = find_values(graph, {}, graph.inputs, asked, seed=3)
    assert (values, hidden) == find_values(graph, {}, graph.inputs, asked, seed=3)
    assert all(abs(float(value)) <= 5 for value in values.values())
    assert hidden.lost <= resolution(graph, {"w": 1, "x": 1}, asked).lost
    assert hidden.lost == 0
    assert find_values(graph, {}, graph.inputs, asked, seed=4)[0] != values


def test_no_values() -> None:
    """A program that is defined nowhere gets no proposal."""
    graph = build_graph(parse("f = ln(-1 - x^2)"))
    with pytest.raises(OptionError, match="no small values"):
        find_values(graph, {}, ["x"], asked_quantities(graph, "all gradients"), seed=1)


def test_draws() -> None:
    """Where values are drawn, it says from how many, and which draws give zeros."""
    text = (
        "[[problem]]\nid='p'\nprogram='f = x*y'\nvalues={x={from=0,to=0},y={from=1,to=9}}\n"
        "[[problem]]\nid='r'\nprogram='f = x*y'\nvalues={x=2,y=3}"
    )
    drawn, fixed = lint_problems(parse_problems(text))
    assert "9 different sets of values can be drawn" in messages(drawn, "draws")
    assert any("are 0" in message for message in messages(drawn, "draws"))
    assert not messages(fixed, "draws")
