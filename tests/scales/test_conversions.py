"""Programs over arrays as gates, and networks of numbers as matrices: every entry and its number."""

from __future__ import annotations

import copy
import pickle

import numpy as np
import pytest
from searches.conversions import arrays, distance, left_out, networks

import backprop_tutor as bt

MAZUR = """
net_h1 = w1*i1 + w2*i2 + b1; h1 = sigmoid(net_h1); net_h2 = w3*i1 + w4*i2 + b1; h2 = sigmoid(net_h2)
net_o1 = w5*h1 + w6*h2 + b2; o1 = sigmoid(net_o1); net_o2 = w7*h1 + w8*h2 + b2; o2 = sigmoid(net_o2)
E = (t1 - o1)**2/2 + (t2 - o2)**2/2
"""
POINT = {
    "i1": 0.05, "i2": 0.1, "t1": 0.01, "t2": 0.99, "b1": 0.35, "b2": 0.6,
    "w1": 0.15, "w2": 0.2, "w3": 0.25, "w4": 0.3, "w5": 0.4, "w6": 0.45, "w7": 0.5, "w8": 0.55,
}  # fmt: skip


@pytest.mark.parametrize("seed", range(12))
def test_gates_have_the_numbers_of_their_entries(seed: int) -> None:
    """Every value and gradient of a random program over arrays is its gates', and none is left out."""
    d = arrays(seed)
    written = d.gates()
    assert distance(written, d, written.entries) <= 1e-12
    assert left_out(d, written.entries) == []
    assert written.layers() is d


@pytest.mark.parametrize("seed", range(12))
def test_layers_have_the_numbers_of_their_gates(seed: int) -> None:
    """Every value and gradient of a random network is that of its entry; every input is an entry."""
    d = networks(seed)
    layers = d.layers()
    assert distance(d, layers, layers.entries) <= 1e-12
    assert left_out(layers, layers.entries) == []
    assert set(d.at) <= set(layers.entries.entries)
    assert layers.gates() is d


def test_a_network_is_written_in_matrices() -> None:
    """Layers are products, a bias for all neurons is one number, a loss of all outputs one sum."""
    layers = bt.derive(MAZUR, POINT).layers()
    assert layers.graph_table.program.reading == (
        "net_h = W₁ @ i + b₁\nh = σ(net_h)\nnet_o = W₂ @ h + b₂\no = σ(net_o)\nE = sum((t − o)²/2)"
    )
    assert layers.gradients["W2"].round(8).tolist() == [
        [0.08216704, 0.08266763], [-0.02260254, -0.02274024],
    ]  # fmt: skip
    assert layers.entries.of("w6") == (("W2", (0, 1)),)
    assert layers.entries.gate("net_h", 1) == "net_h2"


READINGS = {
    "an input that skips a layer is joined": (
        "h = tanh(w1*x + b1); y = σ(w2*h + w3*x + b2)",
        "z₁ = W₁ @ x + b₁\na₁ = tanh(z₁)\nz₂ = W₂ @ concat(x, a₁) + b₂\na₂ = σ(z₂)\ny = a₂[0]",
    ),
    "a feature stands in a stack": (
        "h = σ(w1*x + w2*x^2 + b)",
        "v₂ = x[0]²\nz₁ = W₁ @ stack(x[0], v₂) + b₁\na₁ = σ(z₁)\nh = a₁[0]",
    ),
    "a penalty keeps the loss a formula of entries": (
        "y = tanh(w*x + b); L = (y - t)^2 + lam*w^2",
        "z₁ = W₁ @ x + b₁\na₁ = tanh(z₁)\nL = (a₁[0] − t)² + lam·W₁[0, 0]²",
    ),
    "softmax with its loss": (
        "z1 = w1*x + b1; z2 = w2*x + b2; p1, p2 = softmax(z1, z2); L = ce([p1, p2], [t1, t2])",
        "z = W₁ @ x + b\np = softmax(z)\nL = −sum(t·ln(p))",
    ),
    "weights used twice are no entries": (
        "h1 = tanh(u*x1 + w*h0 + b); h2 = tanh(u*x2 + w*h1 + b); y = σ(v*h2 + c)",
        "h₁ = tanh(u·x₁ + w·h₀ + b)\nh₂ = tanh(u·x₂ + w·h₁ + b)\nz₁ = W₁ @ stack(h₂) + b₁\na₁ = σ(z₁)\ny = a₁[0]",
    ),
}


@pytest.mark.parametrize("case", READINGS.values(), ids=list(READINGS))
def test_what_is_no_plain_layer(case: tuple[str, str]) -> None:
    """Joined, stacked, indexed: each program of numbers is written so that its numbers are the same."""
    program = bt.parse(case[0], ("lam",))
    d = bt.derive(program, {name: 0.1 * (i + 2) for i, name in enumerate(program.inputs)})
    layers = d.layers()
    assert layers.graph_table.program.reading == case[1]
    assert distance(d, layers, layers.entries) <= 1e-12


def test_fused_operations_are_written_out() -> None:
    """A row of softmax stays one operation of numbers; cross-entropy is written out, labels have no gate."""
    d = bt.derive("P = softmax(X@W); L = cross_entropy(X@W, y) + sum(P*P)",
                  at={"X": [[1.0, 2.0]], "W": [[0.1, 0.2], [0.3, -0.4]], "y": [1]})  # fmt: skip
    gates = d.gates()
    assert gates.program.reading.splitlines()[:3] == [
        "v⁽¹⁾₀₀ = X₀₀·W₀₀ + X₀₁·W₁₀", "v⁽¹⁾₀₁ = X₀₀·W₀₁ + X₀₁·W₁₁", "P₀₀, P₀₁ = softmax(v⁽¹⁾₀₀, v⁽¹⁾₀₁)",
    ]  # fmt: skip
    assert gates.check().ok
    with pytest.raises(bt.UnknownNameError) as caught:
        gates.entries.gate("y", 0)
    assert str(caught.value) == "no gate holds `y[0]`; the arrays: X, W, P, L"


def test_what_has_no_other_scale_is_told() -> None:
    """No layer, no formula for the entries, too many gates, an entry or a gate that is not there."""
    with pytest.raises(bt.OptionError) as caught:
        bt.derive("f = x*y", {"x": 1, "y": 2}).layers()
    assert str(caught.value) == "f has no layer: no neurons whose weights are a matrix"
    with pytest.raises(bt.OptionError) as caught:
        bt.derive("L = sum(inv(A))", at={"A": [[2.0, 0.0], [0.0, 1.0]]}).gates()
    assert str(caught.value) == "inverse has no gates: no short formula gives its entries"
    with pytest.raises(bt.OptionError) as caught:
        bt.derive("L = sum(X@W)", at={"X": np.ones((40, 40)), "W": np.ones((40, 40))}).gates()
    assert str(caught.value) == "written out this takes more than 20,000 gates, which is too many"
    entries = bt.derive(MAZUR, POINT).layers().entries
    with pytest.raises(bt.UnknownNameError) as caught:
        entries.gate("W1", (2, 0))
    assert str(caught.value) == "no gate holds `W1[2, 0]`; its entries end with [1, 1]"
    with pytest.raises(bt.UnknownNameError) as caught:
        entries.of("w9")
    assert str(caught.value) == (
        "no entry is held by the gate `w9`; it stands between entries, or there is none"
    )


def test_layers_that_moved_have_gates_that_moved() -> None:
    """A step of descent on matrices is one on their gates; copies and pickles are the same."""
    layers = bt.derive(MAZUR, POINT).layers()
    moved = layers.update(0.5, wrt=["W1", "W2"])
    gates = moved.gates()
    assert gates.at["w6"] == pytest.approx(0.45 - 0.5 * 0.08266763, abs=1e-8)
    assert gates.values["E"] == pytest.approx(float(moved.values["E"]), abs=1e-12)
    again = pickle.loads(pickle.dumps(layers))  # noqa: S301  # just written
    assert again.entries.gate("W1", (0, 1)) == "w2"
    assert copy.copy(layers) is layers


def test_each_derivation_goes_to_each_scale() -> None:
    """Numbers are shown as layers, arrays as neurons and gates; where there is none it is said."""
    d = bt.derive(MAZUR, POINT)
    layers = d.at_scale("layers")
    assert layers.scale == "layers"
    assert layers.remark == ""
    assert len(layers.frames()) == len(layers.steps) <= 17
    assert {step.phase for step in layers.steps} == {"forward", "seed", "backward"}
    assert layers.steps[-1].gradients["W1"].shape == (2, 2)
    assert sorted(n for step in layers.steps for n in step.gates) == [s.number for s in d.layers().steps]
    over = d.layers()
    assert over.at_scale("neurons").scale == "neurons"
    assert len(over.at_scale("gates").steps) == len(d.steps)
    assert over.neurons().network.layers == d.neurons().network.layers  # type: ignore[union-attr]
    plain = bt.derive("f = x*y", {"x": 1, "y": 2}).at_scale("layers")
    assert (plain.scale, len(plain.steps)) == ("gates", 3)
    assert plain.remark == (
        "f has no layer: no neurons whose weights are a matrix; its gates are shown"
    )
    with pytest.raises(bt.OptionError) as caught:
        layers.explain(update=0.1)
    assert str(caught.value) == "update is for the scale of gates, and layers are shown"
