"""Formulas in typst's mathematics: right for every operation, never markup, and typst takes them."""

from __future__ import annotations

from typing import Any

import pytest
from shared import load_cases

import backprop_tutor as bt
from backprop_tutor.language import Apply, Assignment, Name
from backprop_tutor.ops import OPS
from backprop_tutor.render.typesetting.typeset import typeset_pdf
from backprop_tutor.render.typesetting.typst_math import typst_assignment

EXAMPLES = load_cases("worked_examples.json")



def compiles(formulas: list[str]) -> bool:
    """Return whether typst sets the formulas, one beside the other as arguments of a function."""
    return typeset_pdf(f"#stack({', '.join(f'$display({f})$' for f in formulas)})").startswith(b"%PDF")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("f = (w*x - -1)/2", "f = frac(w ⋅ x - (-1), 2)"),
        ("f = (a + b)*c^(n-1)", "f = (a + b) ⋅ c^(n - 1)"),
        ("a = σ(z_ij) + log2(|x|)", "a = σ(z_(i j)) + log_(2)(abs(x))"),
        ("y_hat = exp(-x)*cbrt(2)", "hat(y) = e^(-x) ⋅ root(3, 2)"),
        ("p, q = softmax(u, v)", 'p\\, q = op("softmax") (u, v)'),
        ("f = leaky_relu(x, 0.2) - 1e-3", 'f = op("leaky_relu") (x, 0.2) - 1 × 10^(-3)'),
        ("f = pi*theta2 + max(0, w2_21)", 'f = π ⋅ θ_(2) + op("max") (0, w^((2))_(21))'),
        ("loss = net_h1*a_1 - a1", '"loss" = "net_h1" ⋅ "a_1" - "a1"'),
    ],
)
def test_formulas(text: str, expected: str) -> None:
    """Brackets, fractions, powers, calls and names are typst's."""
    program = bt.parse(text, ["loss", "net_h1"])
    assert [typst_assignment(a) for a in program.assignments] == [expected]
    assert compiles([expected])


@pytest.mark.parametrize("case", EXAMPLES, ids=lambda case: case["name"])
def test_worked_examples_compile(case: dict[str, Any]) -> None:
    """The formulas of every published example are set by typst."""
    program = bt.parse(case["program"], list(case["values"]))
    assert compiles([typst_assignment(a) for a in program.assignments])


def test_every_operation_compiles() -> None:
    """Each operation of the table, alone and inside another, is set; none leaves LaTeX behind."""
    formulas = []
    for op in OPS.values():
        if op.outputs:
            continue
        inner = Apply(op.name, tuple(Name(f"x_{i}") for i in range(op.least)))
        for tree in (inner, Apply("divide", (Apply("power", (inner, Name("n"))), inner))):
            formulas.append(typst_assignment(Assignment(("f",), tree)))
    assert not any(c in formula for formula in formulas for c in "\\{}")
    assert compiles(formulas)
