from __future__ import annotations

import pytest
from shared import in_lists

import backprop_tutor as bt
from backprop_tutor.errors import ParseError
from backprop_tutor.graph import Graph
from backprop_tutor.graph_builder import build_graph
from backprop_tutor.homework.answers.sheets import Given, Sheet
from backprop_tutor.homework.equivalence.cell_formulas import expected_formula, same_formula
from backprop_tutor.homework.equivalence.equivalent import Equivalence
from backprop_tutor.homework.marking.results import marked_sheet
from backprop_tutor.homework.problems.problem_set import parse_problems
from backprop_tutor.homework.quantities.quantity import parse_quantity
from backprop_tutor.language import evaluate, parse
from backprop_tutor.ops import OPS


def graph_of(program: str) -> Graph:
    """Return a program's graph."""
    return build_graph(parse(program))


def compared(program: str, quantity: str, student: str) -> Equivalence:
    """Return a student's formula compared with a quantity of a program."""
    graph = graph_of(program)
    return same_formula(graph, parse_quantity(quantity, graph), student)


NEURON = "z = w*x + b; a = σ(z); L = (a - t)^2/2"


@pytest.mark.parametrize(
    ("program", "quantity", "student", "right"),
    [
        (NEURON, "dL/dw", "(a-t)*a*(1-a)*x", True),
        (NEURON, "dL/dw", "(σ(w*x+b)-t)*exp(-z)/(1+exp(-z))^2*x", True),
        (NEURON, "dL/dw", "(a-t)*a*(1-a)", False),
        (NEURON, "dL/dw", "(a-t)*a*(1-a)*x + 1e-12", False),
        (NEURON, "dL/dw", "(a-t)*z*(1-z)*x", False),
        (NEURON, "local(a, z)", "a*(1-a)", True),
        (NEURON, "local(a, z)", "a*(1-z)", False),
        (NEURON, "down(a, z)", "(a-t)*a*(1-a)", True),
        (NEURON, "L", "(t-a)^2/2", True),
        ("a = relu(w*x); f = a^2", "df/dw", "2*a*x", True),
        ("a = relu(w*x); f = a^2", "df/dw", "2*w*x^2", False),
        ("a = relu(w*x); f = a*y", "df/dw", "y*x*step(w*x)", True),
        ("a = relu(w*x); f = a*y", "df/dw", "y*x", False),
        ("f = abs(x)", "df/dx", "x/abs(x)", True),
        ("f = abs(x)", "df/dx", "1", False),
        ("f = max(x, y)", "df/dx", "step(x - y)", True),
        ("f = max(x, y)", "df/dx", "1", False),
        ("q = x*x; f = q + x", "df/dx", "2x + 1", True),
        ("q = x*x; f = q + x", "df/dx", "x + 1", False),
        ("p, q = softmax(y, z); f = p", "df/dz", "-p*q", True),
        ("f = leaky_relu(x)", "df/dx", "1*step(x) + 0.01*step(-x)", True),
        ("f = x^y", "df/dy", "f*ln(x)", True),
        ("q = x + y; f = q*z", "df/dx", "z", True),
        ("q = x + y; f = q*z", "df/dx", "q", False),
    ],
)
def test_formulas(program: str, quantity: str, student: str, right: bool) -> None:
    """A formula is right where it is the quantity at every point, names of nodes included."""
    assert bool(compared(program, quantity, student)) is right


def test_the_expected_formula_has_the_derived_number() -> None:
    """For every operation the formula's value at a point is the derivation's gradient."""
    for op in OPS.values():
        if op.outputs:
            continue
        point = op.samples[0]
        names = [f"u{i}" for i in range(len(point))]
        options = ", ".join(f"{name}={value}" for name, value in op.options)
        if op.spelled:
            inner = ", ".join(in_lists(op, names)) + (f", {options}" if options else "")
            text = f"f = {op.spelled[0]}({inner})"
        elif len(point) == 2 and op.plain and not op.written_as:
            text = f"f = {op.plain[1].join(names)}"
        else:
            continue
        d = bt.derive(text, dict(zip(names, point, strict=True)), names=names)
        graph = d.graph_table
        for name in names:
            tree, definitions = expected_formula(graph, parse_quantity(f"df/d{name}", graph))
            env: dict[str, object] = dict(d.at)
            env["f"] = d.values["f"]
            for key, meant in reversed(list(definitions.items())):
                if key != "f" and key not in env:
                    env[key] = evaluate(meant, env)  # type: ignore[arg-type]
            value = evaluate(tree, env)  # type: ignore[arg-type]
            assert float(value) == pytest.approx(float(d.gradients[name]), rel=1e-12), text


def test_update() -> None:
    """The formula of an updated weight has the learning rate in it."""
    graph = graph_of("f = (w - 3)^2")
    quantity = parse_quantity("new(w)", graph)
    assert same_formula(graph, quantity, "w - 0.2*(w-3)", lr=0.1)
    assert not same_formula(graph, quantity, "w + 0.2*(w-3)", lr=0.1)


def test_names_that_are_not_there() -> None:
    """A name that the graph does not have is refused."""
    with pytest.raises(ParseError, match="not known"):
        compared("f = w*x", "df/dw", "y")


def test_formula_cells_of_a_sheet() -> None:
    """A cell that asks for a formula is decided by equivalence; a wrong one gets a witness."""
    problems = parse_problems(
        "[[problem]]\nid='p'\nprogram='a = σ(w*x); f = a^2'\nvalues={w=1, x=2}\nask=['df/dw', 'df/dx']\n"
        "want='formula'"
    )
    answers = {
        ("p", "df/dw"): Given("2*a^2*(1-a)*x"),
        ("p", "df/dx"): Given("2*a^2*(1-a)*w + 1e-9"),
    }
    result = marked_sheet(problems, Sheet("anna", answers))
    right, wrong = result.problems[0].cells
    assert {right.quantity: right.status, wrong.quantity: wrong.status} == {
        "df/dw": "correct", "df/dx": "unexplained",
    }  # fmt: skip
    assert "differ" in wrong.sentence


@pytest.mark.parametrize(
    ("quantity", "answer", "named"),
    [
        ("f", "f", "f"),
        ("f", "f + 0", "f"),
        ("f", "a*f/a", "f"),
        ("a", "a", "a"),
        ("a", "sqrt(f)", "f"),
        ("a", "sigmoid(w*x) + f - f", "f"),
        ("f", "a^2", ""),
        ("f", "sigmoid(w*x)^2", ""),
        ("a", "sigmoid(w*x)", ""),
        ("df/da", "2*f/a", ""),
        ("df/dw", "2*f*(1 - a)*x", ""),
        ("local(f, a)", "2f/a", ""),
    ],
)
@pytest.mark.parametrize("want", ["formula", "either"])
def test_a_value_is_not_written_by_itself(quantity: str, answer: str, named: str, want: str) -> None:
    """The name of what is asked for, or of what it is needed for, earns nothing; slopes may use any."""
    d = bt.derive("a = sigmoid(w*x); f = a^2", at={"w": 1, "x": 2})
    cell = bt.mark(d, {quantity: answer}, want=want).cells[quantity]
    if not named:
        assert (cell.status, cell.points) == ("correct", 1)
        return
    assert (cell.status, cell.points) == ("unreadable", 0)
    assert cell.sentence == (
        f"the value of `{named}` is what is asked for, or needs it; write what it is made of"
    )
