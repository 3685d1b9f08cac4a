"""Random programs of several assignments, and which of their gradients are not SymPy's."""

from __future__ import annotations

import random

import sympy as sp

import backprop_tutor as bt
from backprop_tutor.chains import symbolic_pass
from backprop_tutor.language import Expression
from backprop_tutor.language.evaluate import evaluated
from backprop_tutor.symbolic import value_form

POINT = {"u": 0.7, "v": -1.3, "w": 0.4}

UNARY = ("sin({})", "cos({})", "exp({}/4)", "sigmoid({})", "tanh({})", "({})^2", "-{}", "sqrt(({})^2 + 1)",
         "ln(({})^2 + 1)", "softplus({})", "1/(({})^2 + 2)", "({})^3/3")  # fmt: skip
BINARY = ("{} + {}", "{} - {}", "{}*{}", "({})/(({})^2 + 1)", "2*{} - 3*{}", "({} + 1)*({} - 2)")


def program(seed: int) -> str:
    """Return a program of three to six assignments, in an order that the seed chooses."""
    draw = random.Random(seed)
    names = ["u", "v", "w"]
    lines = []
    for number in range(draw.randint(2, 5)):
        formula = draw.choice(BINARY).format(f"({draw.choice(names)})", f"({draw.choice(names)})")
        if draw.random() < 0.7:
            formula = draw.choice(UNARY).format(f"({formula})")
        lines.append(f"q{number} = {formula}")
        names.append(f"q{number}")
    lines.append(f"f = {' + '.join(names[-2:])}*u")
    draw.shuffle(lines)
    return "; ".join(lines)


def differences(text: str) -> list[str]:
    """Return the gradients of a program that are not SymPy's derivative of its value, at a point."""
    symbols = bt.derive(text, of="f")
    graph, d = symbols.graph_table, symbols.at(POINT)
    value = value_form(graph, "f")
    found = []
    for name in symbols.inputs:
        at = {sp.Symbol(n): sp.Float(x, 20) for n, x in POINT.items()}
        right = float(sp.diff(value, sp.Symbol(name)).evalf(20, subs=at))
        for by in ("names", "gates"):
            whole = symbolic_pass(graph, by, 100)
            i = whole.chain.numbers[name]
            for formula in (whole.by_names[i], whole.by_inputs[i]):
                got = right if formula.tree is None else _at(formula.tree, d)
                if abs(got - right) > 1e-12 * max(abs(right), 1):
                    found.append(f"{text}: {by}, {name}: {got}, not {right}")
    return found


def _at(tree: Expression, d: bt.Derivation) -> float:
    return float(evaluated(tree, {n.name: x for n, x in zip(d.graph_table.nodes, d.numbers, strict=True)}).value)
