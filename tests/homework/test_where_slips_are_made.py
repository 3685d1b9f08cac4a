"""Where slips can be made: nowhere that changes nothing, and at all operations of one kind together."""

from __future__ import annotations

import numpy as np
import pytest

import backprop_tutor as bt
from backprop_tutor.homework.slips.array_bends import ArrayPlan, kind_of
from backprop_tutor.homework.slips.array_slip_table import array_instances
from backprop_tutor.homework.slips.broken_pass import Own, Plan
from backprop_tutor.homework.slips.reading_slips import exchanged_digits
from backprop_tutor.homework.slips.slip_table import instances


@pytest.mark.parametrize(
    ("program", "at"),
    [("f = x^2 + relu(y)", {"x": 2.0, "y": 1.0}), ("p, q = softmax(x, y); f = p*q", {"x": 1.0, "y": 1.0}),
     ("f = tanh(x)*sigmoid(y)", {"x": 0.0, "y": 0.0})],
)  # fmt: skip
def test_a_wrong_value_is_another_value(program: str, at: dict[str, float]) -> None:
    """Where a wrong rule gives the right number, it is no slip's place: each alone changes what it bends."""
    plan = Plan(bt.derive(program, at))
    right = [float(number) for number in bt.derive(program, at).numbers]
    made = [i for i in instances(plan.scene) if i.scope == "here" and i.bend.values]
    assert made
    for instance in made:
        found = plan.run(instance.bend, Own()).values
        assert all(np.isfinite(found[place]) and found[place] != right[place] for place in instance.bend.values), instance


def test_arrays_have_slips_of_one_kind() -> None:
    """A slip of two kinds of operations is made everywhere, and at all of one kind where they are two or more."""
    program = "H = tanh(X@W); G = tanh(H@V); P = sigmoid(G@U); L = mse(P, Y)"
    at = {"X": [[1.0, 2]], "W": [[1.0, 2], [0, 1]], "V": [[1.0, 0.5], [1, 0]], "U": [[1.0], [2]], "Y": [[1.0]]}
    plan = ArrayPlan(bt.derive(program, at=at))
    nodes = plan.graph.nodes
    found = [made for made in array_instances(plan) if made.scope == "kind"]
    kinds = set()
    for made in found:
        places = [site.at[1] if isinstance(site.at, tuple) else site.at for site in made.sites]
        names = {kind_of(nodes[place]) for place in places}
        assert len(names) == 1
        assert len(places) > 1
        kinds |= names
    assert "tanh" in kinds
    assert "sigmoid" not in kinds


@pytest.mark.parametrize(
    ("text", "made"),
    [("0.45", ["0.54"]), ("-0.25", ["-0.52"]), ("0.05", ["0.50"]), ("1.24", ["2.14", "1.42"]), ("7", []), ("3.3", [])],
)
def test_digits_change_places(text: str, made: list[str]) -> None:
    """Two neighbouring digits are exchanged, over the point too; alike ones and a nought in front are not."""
    assert list(exchanged_digits(text)) == made
