"""The table of slips: its records, and the broken passes they make."""

from __future__ import annotations

import numpy as np
import pytest

import backprop_tutor as bt
from backprop_tutor.homework.quantities.quantity import asked_quantities
from backprop_tutor.homework.slips import cell_slips
from backprop_tutor.homework.slips.broken_pass import Bend, Handed, Own, Plan, Scene
from backprop_tutor.homework.slips.sheet_columns import Bent, SheetKey
from backprop_tutor.homework.slips.slip_table import SLIPS, Slip, instances

NETWORK = (
    "z1 = w11*x1 + w12*x2 + b1; a1 = sigmoid(z1)\n"
    "z2 = w21*x1 + w22*x2 + b2; a2 = tanh(z2)\n"
    "z3 = v1*a1 + v2*a2 + c; a3 = relu(z3); L = (a3 - t)^2/2"
)
AT = {"w11": 0.5, "w12": -0.4, "x1": 1.5, "x2": 2.0, "b1": 0.3, "w21": 0.7, "w22": 0.2,
      "b2": -0.6, "v1": 1.2, "v2": 0.8, "c": 0.1, "t": 0.25}  # fmt: skip
D = bt.derive(NETWORK, AT)


def by_hand(program: str, at: dict[str, float], slip: str, variant: str | None = None) -> list[dict]:
    """Return the gradients of every single instance of a slip."""
    d = bt.derive(program, at)
    plan = Plan(d, rates=(0.1,))
    found = []
    for instance in instances(plan.scene, [SLIPS[slip]]):
        if variant is None or instance.variant == variant:
            gradients = plan.run(instance.bend, Own()).gradients
            found.append(
                {n.name: g for n, g in zip(d.graph_table.nodes, gradients, strict=True) if n.named}
            )
    return found


def test_an_unbent_pass_is_the_derivation() -> None:
    """Without a bend, values, gradients, locals and contributions are those of the derivation."""
    found = Plan(D).run(Bend(), Own())
    assert np.allclose(found.values, [float(n) for n in D.numbers], rtol=1e-15)
    assert np.allclose(found.gradients, [float(g or 0) for g in D.upstreams], rtol=1e-15)
    for edge, contribution in D.contributions.items():
        assert found.locals[edge] == pytest.approx(float(contribution.local), rel=1e-15)
        assert found.downs[edge] == pytest.approx(float(contribution.downstream), rel=1e-15)


def test_many_passes_at_once_are_the_single_passes() -> None:
    """A sweep over all bends gives every number that the single passes give, on any sheet."""
    plan = Plan(D, rates=(0.1, 0.5))
    place = plan.graph.index
    asked = ["all values", "all gradients", "local(a1, z1)", "down(z3, v8)", "new(w11)"]
    asked[3] = f"down(a3, {plan.graph.nodes[plan.at[place['a3']].operands[0]].name})"
    columns = sorted(asked_quantities(plan.graph, asked), key=lambda q: q.order)
    key = SheetKey(plan, columns, rate=0.1)
    edge = (place["z1"], place["a1"], 0)
    sheets = (
        Own(),
        Own(gradients={place["z3"]: 0.7, place["a1"]: -2.0}, locals={edge: 0.3}),
        Own(values={place["a1"]: 0.2, place["z3"]: 3.0}, downs={edge: 5.0}),
    )
    bent = Bent(key, instances(plan.scene))
    for own in sheets:
        single = np.array([key.row(plan.run(i.bend, own), own) for i in bent.made])
        same = np.isclose(bent.rows(own), single, rtol=1e-12, atol=1e-300, equal_nan=True)
        assert same.all()


def test_every_slip_changes_something_somewhere() -> None:
    """Each row of the table has sites on some graph, and there it changes a number."""
    programs = {
        NETWORK: AT,
        "u = ln(x)*sin(y); v = exp(y)/sqrt(x); p, q = softmax(u, v); "
        "f = bce(p, t) - abs(q) + max(u, v)": {"x": 2.0, "y": 0.5, "t": 0.25},
        "m = mse([x, y], [y, z]); f = -m + x^3/2": {"x": 2.0, "y": 0.5, "z": 3.0},
        "p, q = softmax(w1*x, w2*x); L = ce([p, q], [y, z])": {
            "w1": 0.7, "w2": -0.3, "x": 1.5, "y": 0.8, "z": 0.2
        },
    }
    shown = {slip.name for slip in cell_slips.ROWS}
    for program, at in programs.items():
        d = bt.derive(program, at)
        before = bt.derive(program, {name: value * 1.1 for name, value in at.items()})
        plan = Plan(d, rates=(0.1,), previous=before)
        right = plan.run(Bend(), Own())
        for instance in instances(plan.scene):
            found = plan.run(instance.bend, Own())
            if found.values != right.values or found.gradients != right.gradients or found.news:
                shown.add(instance.slip.name)
    assert shown == set(SLIPS)


@pytest.mark.parametrize(
    ("program", "at", "slip", "variant", "wanted"),
    [
        # f = x·y + x at x = 3, y = 5: paths of 5 and 1.
        ("f = x*y + x", {"x": 3, "y": 5}, "path-dropped", "first-kept", {"x": 5}),
        ("f = x*y + x", {"x": 3, "y": 5}, "path-dropped", "last-kept", {"x": 1}),
        ("f = x*y + x", {"x": 3, "y": 5}, "path-doubled", "path 1", {"x": 11}),
        ("f = x*y + x", {"x": 3, "y": 5}, "paths-averaged", None, {"x": 3}),
        ("f = x*y + x", {"x": 3, "y": 5}, "paths-multiplied", None, {"x": 5}),
        ("q = x + y; f = q*z", {"x": 1, "y": 2, "z": 5}, "product-rule", "swapped", {"q": 3}),
        ("d = a - b; f = d*d", {"a": 5, "b": 2}, "subtract-sign", None, {"b": 6}),
        ("f = a/b", {"a": 3, "b": 2}, "quotient-rule", "no minus", {"b": 0.75}),
        ("f = a/b", {"a": 3, "b": 2}, "quotient-rule", "not squared", {"b": -1.5}),
        ("f = a/b", {"a": 3, "b": 2}, "quotient-rule", "one over b", {"b": 0.5}),
        ("f = 1/r", {"r": 2}, "local-at-output", None, {"r": -4}),
        ("f = sigmoid(z)", {"z": 3}, "local-at-input", None, {"z": -6}),
        ("f = tanh(z)", {"z": 0.5}, "tanh-rule", "no square", {"z": 0.5378828427399902}),
        ("f = exp(x)", {"x": 3}, "exp-rule", "x", {"x": 3}),
        ("f = ln(x)", {"x": 1.5}, "log-rule", "log", {"x": 0.4054651081081644}),
        ("f = x^3", {"x": 2}, "power-rule", "no n", {"x": 4}),
        ("f = x^3", {"x": 2}, "power-rule", "n kept", {"x": 24}),
        ("f = relu(x)", {"x": 0}, "relu-gate", "at zero", {"x": 1}),
        ("f = relu(x)", {"x": 2.5}, "relu-gate", "value", {"x": 2.5}),
        ("f = max(x, y)", {"x": 1, "y": 2}, "wrong-branch", "wrong branch", {"x": 1}),
        ("f = x^2/2", {"x": 3}, "constant-lost", "lost", {"x": 6}),
        ("f = se(p, t)", {"p": 3, "t": 1}, "two-or-half", "halved", {"p": 2}),
        ("f = se(p, t)", {"p": 3, "t": 1}, "error-sign", "operand 0", {"p": -4}),
        ("f = mse([p, q], [t, t])", {"p": 3, "q": 2, "t": 1}, "mean-factor", "lost", {"p": 4}),
        ("f = w*x + b", {"w": 2, "x": 3, "b": 4}, "bias-gradient", "zero", {"b": 0}),
        ("f = w*x + b", {"w": 2, "x": 3, "b": 4}, "bias-gradient", "value", {"b": 4}),
        ("f = w*x + b", {"w": 2, "x": 3, "b": 4}, "bias-gradient", "input", {"b": 3}),
        ("f = w*x + b", {"w": 2, "x": 3, "b": 4}, "step-for-gradient", "step 0.1", {"w": 0.3}),
        ("f = w*x + b", {"w": 2, "x": 3, "b": 4}, "step-for-gradient", "new weight 0.1", {"w": 1.7}),
        ("f = (x + y)*2", {"x": 2, "y": 3}, "add-gate", "halved", {"x": 1}),
    ],
)
def test_a_slip_gives_the_numbers_worked_out_by_hand(
    program: str, at: dict, slip: str, variant: str | None, wanted: dict
) -> None:
    """Some instance of the slip gives the wrong gradient that a student gets by hand."""
    sheets = by_hand(program, at, slip, variant)
    assert sheets
    assert any(
        all(sheet[name] == pytest.approx(number) for name, number in wanted.items())
        for sheet in sheets
    )


def test_degrees_and_base_ten_go_through_to_the_gradient() -> None:
    """A calculator in the wrong mode spoils the value, and the slope where it is used there too."""
    import math

    sine = by_hand("f = sin(x)", {"x": 2.0}, "degrees", "slope")
    assert sine[0]["x"] == pytest.approx(math.cos(math.radians(2.0)))
    d = bt.derive("u = ln(x); f = u^2", {"x": 5.0})
    plan = Plan(d)
    made = [i for i in instances(plan.scene, [SLIPS["log-base"]]) if i.variant == "value"]
    found = plan.run(made[0].bend, Own())
    index = plan.graph.index
    assert found.values[index["u"]] == pytest.approx(math.log10(5))
    assert found.gradients[index["x"]] == pytest.approx(2 * math.log10(5) / 5)


def test_everywhere_is_the_union_of_its_places() -> None:
    """A slip made everywhere bends every edge that the same wrong rule bends alone."""
    plan = Plan(D)
    made = instances(plan.scene, [SLIPS["activation-derivative-left-out"]])
    single = [i for i in made if i.scope == "here"]
    [everywhere] = [i for i in made if i.scope == "everywhere"]
    assert set(everywhere.bend.edges) == {e for i in single for e in i.bend.edges}
    assert everywhere.where(plan) == "everywhere"
    # The slope of relu at z3 is 1 here, so that leaving it out changes nothing.
    assert [i.where(plan) for i in single] == ["at z2 → a2", "at z1 → a1"]


def test_a_scene_of_other_values_makes_other_bends() -> None:
    """The wrong numbers of a slip are those at the values at hand, not at the true ones."""
    plan = Plan(bt.derive("f = a/b", {"a": 3, "b": 2}))
    scene = Scene(plan, [3.0, 4.0, 0.75])
    [bend] = [
        i.bend for i in instances(scene, [SLIPS["quotient-rule"]]) if i.variant == "no minus"
    ]
    assert [rule.factor for rule in bend.edges.values()] == [3 / 16]


def test_a_record_refuses_what_is_no_sentence() -> None:
    """A slip speaks to students in whole sentences, and its name is plain words."""
    with pytest.raises(ValueError, match="not a sentence"):
        Slip(name="a", family="b", sentence="no full stop", hint="Yes.", sites=lambda s: iter(()))
    with pytest.raises(ValueError, match="lower-case"):
        Slip(name="A b", family="b", sentence="Yes.", hint="Yes.", sites=lambda s: iter(()))


def test_the_gate_of_a_handed_gradient_lets_only_positive_ones_through() -> None:
    """relu gated by the gradient passes a positive upstream and stops a negative one."""
    handed = Handed(1.0, gate=True)
    assert (handed.down(2.0), handed.down(-2.0)) == (2.0, 0.0)


def test_instances_come_in_the_same_order_every_time() -> None:
    """The list of instances is deterministic."""
    one, other = (
        [(i.slip.name, i.variant, i.scope, i.where(p)) for i in instances(p.scene)]
        for p in (Plan(D, rates=(0.1,)), Plan(bt.derive(NETWORK, AT), rates=(0.1,)))
    )
    assert one == other
    assert len(one) > 500
