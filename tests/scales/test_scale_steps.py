"""The steps at the scale of neurons, each standing for gate steps."""

from __future__ import annotations

import tomllib
from fractions import Fraction
from typing import Any

import pytest
from shared import ROOT, load_cases

import backprop_tutor as bt
from backprop_tutor.graph_builder import build_graph
from backprop_tutor.scales import Network, ScaleStep, recognise, scale_steps
from backprop_tutor.scales.steps import slope

CASES = tomllib.loads((ROOT / "tests/cases/neurons.toml").read_text(encoding="utf-8"))["case"]
NETWORKS = [case for case in CASES if "neurons" in case]
MAZUR = next(c for c in load_cases("worked_examples.json") if c["name"] == "mazur_2_2_2")


def derived(case: dict[str, Any]) -> bt.Derivation:
    """Return a case's derivation at small values that are all different."""
    program = bt.parse(case["program"], tuple(case.get("names", ())))
    inputs = build_graph(program).inputs
    return bt.derive(program, {name: 0.1 + 0.07 * i for i, name in enumerate(inputs)})


def scaled(derivation: bt.Derivation) -> tuple[Network, tuple[ScaleStep, ...]]:
    network = recognise(derivation.graph_table)
    assert network is not None
    return network, scale_steps(derivation, network)


def test_mazurs_61_gate_steps_are_13() -> None:
    """Neurons forward, the error, the seed, the error back, neurons back, each bias after its layer."""
    derivation = bt.derive(MAZUR["program"], MAZUR["values"])
    _, steps = scaled(derivation)
    assert len(derivation.steps) == 61
    assert [(step.phase, step.node) for step in steps] == [
        ("forward", "out_h1"), ("forward", "out_h2"), ("forward", "out_o1"), ("forward", "out_o2"),
        ("forward", "E"), ("seed", "E"), ("backward", "E"), ("backward", "out_o1"),
        ("backward", "out_o2"), ("accumulate", "b2"), ("backward", "out_h1"),
        ("backward", "out_h2"), ("accumulate", "b1"),
    ]  # fmt: skip
    assert list(steps[10].gradients) == ["out_h1", "net_h1", "w1", "w2"]
    assert steps[12].gradients == {"b1": derivation.gradients["b1"]}


@pytest.mark.parametrize("case", NETWORKS, ids=lambda case: case["name"])
def test_every_gate_step_belongs_to_one_step(case: dict[str, Any]) -> None:
    """Together the steps stand for each of the derivation's own once, numbers equal to theirs."""
    derivation = derived(case)
    _, steps = scaled(derivation)
    gates = sorted(number for step in steps for number in step.gates)
    assert gates == list(range(1, len(derivation.steps) + 1))
    for step in steps:
        assert all(derivation.values[name] == value for name, value in step.values.items())
        assert all(derivation.gradients[name] == g for name, g in step.gradients.items())


@pytest.mark.parametrize("case", NETWORKS, ids=lambda case: case["name"])
def test_every_unit_and_parameter_is_told(case: dict[str, Any]) -> None:
    """Every value of a unit and every gradient of a parameter is found by exactly one step."""
    derivation = derived(case)
    network, steps = scaled(derivation)
    values = [name for step in steps for name in step.values]
    assert len(values) == len(set(values))
    assert {network.name(place) for place in network.units} <= set(values)
    found = [name for step in steps if step.phase != "seed" for name in step.gradients]
    parameters = {
        network.name(term.weight)
        for neuron in network.neurons
        for term in neuron.terms
        if term.weight is not None and network.graph.nodes[term.weight].kind == "input"
        and network.graph.relevant[term.weight]
    }  # fmt: skip
    assert all(found.count(name) == 1 for name in parameters)


@pytest.mark.parametrize("case", NETWORKS, ids=lambda case: case["name"])
def test_delta_is_the_gradient_times_the_slope(case: dict[str, Any]) -> None:
    """Along every neuron but softmax's, ∂f/∂net = ∂f/∂h × the activation's slope."""
    derivation = derived(case)
    network, _ = scaled(derivation)
    for neuron in network.neurons:
        if neuron.activation == "softmax" or not network.graph.relevant[neuron.place]:
            continue
        upstream, delta = (derivation.upstreams[p] for p in (neuron.place, neuron.net))
        factor = slope(derivation, neuron)
        assert None not in (upstream, delta, factor)
        assert float(delta * neuron.net_sign) == pytest.approx(float(upstream * factor), abs=1e-12)


def test_exact_numbers_stay_exact() -> None:
    """A program of fractions has fractions at every step."""
    d = bt.derive("h = relu(w*x + b); L = (h - t)^2/2", {"w": "1/3", "x": 2, "b": 1, "t": 0})
    _, steps = scaled(d)
    assert steps[0].values == {"h": Fraction(5, 3)}
    assert steps[-1].gradients == {"h": Fraction(5, 3), "w": Fraction(10, 3), "b": Fraction(5, 3)}
