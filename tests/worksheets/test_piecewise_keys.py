"""The key's formula for the slope of an operation in pieces holds on every piece."""

from __future__ import annotations

import pytest

import backprop_tutor as bt
from backprop_tutor.homework.problems.problem_set import read_problems
from backprop_tutor.language import evaluate, parse_formula
from backprop_tutor.worksheets.key import key_answers

PROGRAMS = (
    "f = relu(x)", "f = elu(x)", "f = selu(x)", "f = celu(x, 2)", "f = hardtanh(x)",
    "f = hardtanh(x, -2, 0.5)", "f = hardsigmoid(x)", "f = relu6(x)", "f = where(x > 1, x^2, 3x)",
    "f = where(x <= 1, x^2, 3x)", "f = 1[x >= 1]*x", "f = norm(x, 2)", "f = logsumexp(x, 1)",
    "f = log_3(x^2 + 1)", "f = sec(x) + csc(x) + cot(x)", "f = asinh(x)",
)  # fmt: skip


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_formula_holds_beside_the_piece_of_its_point(program: str, tmp_path: object) -> None:
    """At a point of another piece than the problem's, the key's formula is the slope too."""
    path = tmp_path / "problems.toml"  # type: ignore[operator]
    path.write_text(
        f'[[problem]]\nid = "p"\nprogram = "{program}"\nvalues = {{ x = 0.25 }}\n'
        'ask = ["df/dx"]\nwant = "formula"\n'
    )
    problem = read_problems(path).problems[0]
    formula = key_answers(problem, "anna")["df/dx"]
    derivation = bt.derive(program, at={"x": 0.25})
    assert bt.mark(derivation, {"df/dx": formula}, want="formula").cells["df/dx"].right
    for x in (-4.25, -0.75, 2.5, 7.5):
        there = bt.derive(program, at={"x": x})
        nodes = {node.name: there.values[node.name] for node in there.graph_table.nodes
                 if node.name in there.values}  # fmt: skip
        tree, _notes = parse_formula(formula, nodes)
        assert float(evaluate(tree, nodes)) == pytest.approx(
            float(there.gradients["x"]), rel=1e-9, abs=1e-12
        ), (formula, x)
