"""On a kink a problem may accept any subgradient: the numbers between the one-sided slopes."""

from __future__ import annotations

from pathlib import Path

import pytest

import backprop_tutor as bt
from backprop_tutor.errors import OptionError, TutorError
from backprop_tutor.homework.problems.lint import lint_problem
from backprop_tutor.homework.problems.problem_set import read_problems
from backprop_tutor.homework.quantities.quantity import parse_quantity
from backprop_tutor.homework.quantities.subgradients import Subgradients

INTERVALS = [
    ("f = relu(x)", {"x": 0}, "df/dx", (0, 1)),
    ("f = -3*relu(x)", {"x": 0}, "df/dx", (-3, 0)),
    ("f = relu(x)", {"x": 0.0}, "local(f, x)", (0, 1)),
    ("f = |x|", {"x": 0}, "df/dx", (-1, 1)),
    ("f = leaky_relu(x)", {"x": 0}, "df/dx", (0.01, 1)),
    ("f = hardtanh(x)", {"x": 1}, "df/dx", (0, 1)),
    ("f = hardsigmoid(x)", {"x": -3}, "df/dx", (0, 1 / 6)),
    ("f = max(x, y)", {"x": 2, "y": 2}, "df/dx", (0, 1)),
    ("f = max(x, y, z)", {"x": 2, "y": 2, "z": 2}, "df/dz", (0, 1)),
    ("f = min(x, y)*3", {"x": 2.5, "y": 2.5}, "df/dy", (0, 3)),
    ("f = norm(x, y)", {"x": 0, "y": 0}, "df/dx", (-1, 1)),
    ("f = where(x > 0, 2*x, -x)", {"x": 0}, "df/dx", (-1, 2)),
    ("q = relu(x); f = q*y", {"x": 0, "y": 4}, "down(q, x)", (0, 4)),
    ("f = relu(x) - relu(-x)", {"x": 0}, "df/dx", (0, 2)),
    ("f = relu(x) + |x|", {"x": 0}, "df/dx", (-1, 2)),
    ("f = x*relu(x - 1)", {"x": 1}, "df/dx", (0, 1)),
    ("f = relu(w*x)", {"w": 0, "x": 3}, "new(w)", (-0.3, 0)),
]


@pytest.mark.parametrize(("program", "at", "quantity", "ends"), INTERVALS)
def test_the_ends_are_the_one_sided_slopes(program: str, at: dict, quantity: str, ends: tuple) -> None:
    """The least and the largest number that pieces meeting at the kinks give."""
    derivation = bt.derive(program, at=at)
    asked = parse_quantity(quantity, derivation.graph_table)
    found = Subgradients(derivation).interval(asked, 0.1)
    assert found is not None
    assert tuple(map(float, found)) == pytest.approx(ends, abs=1e-12)


@pytest.mark.parametrize(
    ("program", "at", "quantity"),
    [
        ("f = relu(x)", {"x": 2}, "df/dx"),
        ("f = step(x)", {"x": 0}, "df/dx"),
        ("f = sign(x)", {"x": 0}, "df/dx"),
        ("f = 1[x > 0]*y", {"x": 0, "y": 5}, "df/dx"),
        ("f = where(x > 0, 2*x + 1, -x)", {"x": 0}, "df/dx"),
        ("f = celu(x)", {"x": 0.0}, "df/dx"),
        ("f = elu(x)", {"x": 0.0}, "df/dx"),
        ("f = relu(x)*y", {"x": 0, "y": 5}, "f"),
        ("f = relu(x)*y", {"x": 0, "y": 5}, "df/dy"),
    ],
)
def test_there_is_only_the_conventions_number(program: str, at: dict, quantity: str) -> None:
    """Away from kinks, at jumps, where both slopes are alike, and for values."""
    derivation = bt.derive(program, at=at)
    asked = parse_quantity(quantity, derivation.graph_table)
    assert Subgradients(derivation).interval(asked) is None


@pytest.mark.parametrize(
    ("answer", "right"),
    [("0", True), ("1", True), ("0.5", True), ("1/2", True), ("-0.1", False), ("1.2", False), ("1.004", True)],
)
def test_any_subgradient_is_right_where_the_problem_says_so(answer: str, right: bool) -> None:
    """Between the ends, and at them within the tolerance; the verdict says what is accepted."""
    derivation = bt.derive("f = relu(x)", at={"x": 0})
    cell = bt.mark(derivation, {"df/dx": answer}, kinks="any").cells["df/dx"]
    assert cell.right == right
    if right and answer != "0":
        assert cell.sentence == "Right: on a kink here, where any number from 0 to 1 is accepted."
        assert not bt.mark(derivation, {"df/dx": answer}).cells["df/dx"].right


def test_the_option_has_two_values() -> None:
    """Another word is refused with the nearest choice."""
    derivation = bt.derive("f = relu(x)", at={"x": 0})
    with pytest.raises(OptionError) as caught:
        bt.mark(derivation, {"df/dx": "1"}, kinks="anny")
    assert str(caught.value) == "`kinks` is not `anny`; did you mean `any`?"


def test_a_problem_file_says_so_for_one_problem_or_for_all(tmp_path: Path) -> None:
    """`kinks = "any"` stands in a problem or above all; a problem's own comes first; no lint warns."""
    problem = '\n[[problem]]\nid = "{}"\nprogram = "f = relu(x)"\nvalues = {{ x = 0 }}\n{}\n'
    path = tmp_path / "problems.toml"
    path.write_text(
        'kinks = "any"\n' + problem.format("a", "") + problem.format("b", 'kinks = "convention"')
    )
    one, other = read_problems(path).problems
    assert (one.kinks, other.kinks) == ("any", "convention")
    assert [f.kind for f in lint_problem(one).findings if f.kind == "kink"] == []
    assert [f.kind for f in lint_problem(other).findings if f.kind == "kink"] == ["kink"]
    path.write_text(problem.format("a", 'kinks = "all"'))
    with pytest.raises(TutorError, match="kinks"):
        read_problems(path)


def test_too_many_kinks_leave_the_convention(tmp_path: Path) -> None:
    """Past a thousand choices of pieces the convention alone counts, and marking stays fast."""
    text = " + ".join(f"relu(x{i}*z)" for i in range(12))
    derivation = bt.derive(f"f = {text}", at={f"x{i}": 0 for i in range(12)} | {"z": 3})
    found = Subgradients(derivation)
    ask = {q: parse_quantity(q, derivation.graph_table) for q in ("df/dz", "df/dx0", "local(v2, v1)")}
    assert found.interval(ask["df/dx0"]) == (0, 3)  # one kink alone lies above x0
    assert found.interval(ask["local(v2, v1)"]) == (0, 1)
    derivation = bt.derive("f = " + " + ".join(f"relu({i + 1}z)" for i in range(12)), at={"z": 0})
    z = parse_quantity("df/dz", derivation.graph_table)
    assert Subgradients(derivation).interval(z) is None
