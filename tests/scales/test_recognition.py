"""Neurons, layers and boxes in programs typed in different ways."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
from shared import ROOT

import backprop_tutor as bt
from backprop_tutor.graph import Graph
from backprop_tutor.graph_builder import build_graph
from backprop_tutor.scales import Bias, Network, Neuron, Term, recognise

CASES = tomllib.loads((ROOT / "tests/cases/neurons.toml").read_text(encoding="utf-8"))["case"]


def graph_of(text: str, names: tuple[str, ...] = ()) -> Graph:
    return build_graph(bt.parse(text, names))


def written(graph: Graph, neuron: Neuron) -> str:
    """Return a neuron as the cases write it."""

    def named(place: int) -> str:
        return graph.nodes[place].text or graph.nodes[place].name

    def signed(part: Term | Bias, text: str) -> str:
        return f"−{text}" if part.sign < 0 else text

    terms = ", ".join(
        signed(t, named(t.source) if t.weight is None else f"{named(t.weight)}·{named(t.source)}")
        for t in neuron.terms
    )
    bias = signed(neuron.bias, named(neuron.bias.place)) if neuron.bias else ""
    return f"{named(neuron.place)}: {neuron.activation}({terms}; {bias})"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_neurons_are_found_however_they_are_typed(case: dict[str, Any]) -> None:
    """Each program has the neurons, boxes and layers that its case lists, and no other."""
    graph = graph_of(case["program"], tuple(case.get("names", ())))
    network = recognise(graph)
    if "neurons" not in case:
        assert network is None
        return
    assert isinstance(network, Network)
    assert sorted(written(graph, n) for n in network.neurons) == sorted(case["neurons"])
    assert [network.name(box.place) for box in network.boxes] == case.get("boxes", [])
    if "layers" in case:
        found = [[network.name(place) for place in layer.neurons] for layer in network.layers]
        assert found == case["layers"]


def test_there_are_forty_programs() -> None:
    """The table has at least forty programs with neurons."""
    assert sum("neurons" in case for case in CASES) >= 40


@pytest.mark.parametrize("biases", ["node", "layer", None])
@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "linear", "relu"])
def test_networks_are_found_whole(biases: str | None, activation: str) -> None:
    """A program of `bt.network` has its layers, each neuron with all inputs of its layer."""
    program = bt.network([3, 4, 2], activation, biases=biases)
    network = recognise(build_graph(program))
    assert network is not None
    assert [len(layer.neurons) for layer in network.layers] == [4, 2]
    assert [len(layer.sources) for layer in network.layers] == [3, 4]
    assert len(network.inputs) == 3
    assert [n.name for n in (network.graph.nodes[b.place] for b in network.boxes)] == ["E"]
    assert len(network.shared) == (2 if biases == "layer" else 0)


def test_columns_follow_the_inputs() -> None:
    """An input stands right before its first use, a loss behind all."""
    graph = graph_of(
        "h1 = tanh(u*x1 + w*h0 + b); h2 = tanh(u*x2 + w*h1 + b); L = (h2 - t)^2"
    )
    network = recognise(graph)
    assert network is not None
    columns = {network.name(place): column for place, column in network.columns.items()}
    assert columns == {"h1": 1, "h2": 2, "L": 3, "x1": 0, "h0": 0, "x2": 1}
    assert [network.name(place) for place in network.shared] == ["u", "w", "b"]


def test_a_long_chain_of_neurons_is_found() -> None:
    """Two thousand neurons in a chain are found, each in its own column."""
    lines = [f"h{i + 1} = tanh(w{i}*h{i} + b{i})" for i in range(2000)]
    network = recognise(graph_of("; ".join(lines)))
    assert network is not None
    assert len(network.neurons) == 2000
    assert max(network.columns.values()) == 2000
