"""A network's layers as tables, and Jacobians, in symbols and with numbers."""

from __future__ import annotations

import pytest

import backprop_tutor as bt
from backprop_tutor.graph_builder import build_graph
from backprop_tutor.language import parse
from backprop_tutor.render.narration.document import Document
from backprop_tutor.render.narration.feed_forward import feed_forward
from backprop_tutor.render.narration.jacobian_told import jacobian_document
from backprop_tutor.render.narration.text import text
from backprop_tutor.scales import recognise


def told(d: bt.Derivation | bt.SymbolicDerivation) -> list[str]:
    network = recognise(d.graph_table)
    assert network is not None
    numbers = dict(enumerate(d.numbers)) if isinstance(d, bt.Derivation) else None
    return text(Document(tuple(feed_forward(network, numbers)))).splitlines()


def test_layers_in_symbols() -> None:
    """A row for each node, a column for each source, and what a weight's place means."""
    lines = told(bt.derive(bt.network([2, 2, 1], seed=None)))
    assert lines[0] == "Feed-forward, layer by layer"
    assert lines[1] == "  w⁽¹⁾₂₁: to a⁽¹⁾₂ from x₁. A row is a node, a column where its weights come from."
    assert [line.split() for line in lines[5:7]] == [
        ["a⁽¹⁾₁", "w⁽¹⁾₁₁", "w⁽¹⁾₁₂", "b⁽¹⁾₁", "z⁽¹⁾₁", "σ(z⁽¹⁾₁)"], ["a⁽¹⁾₂", "w⁽¹⁾₂₁", "w⁽¹⁾₂₂", "b⁽¹⁾₂", "z⁽¹⁾₂", "σ(z⁽¹⁾₂)"],
    ]  # fmt: skip


def test_layers_with_numbers() -> None:
    """Each quantity stands with its value; a sum without a name is its number."""
    d = bt.derive("h = tanh(w*x + b); g = tanh(u*x); y = p*h + q*g; E = (y - 1)^2", {
        "w": 1, "x": 2, "b": -1, "u": 3, "p": 1, "q": 2,
    })  # fmt: skip
    rows = [line.split("  ") for line in told(d) if line.startswith(("  h", "  g"))]
    assert [[cell.strip() for cell in row if cell.strip()] for row in rows] == [
        ["h", "w = 1", "b = −1", "1", "h = 0.7616"], ["g", "u = 3", "–", "6", "g = 1"],
    ]  # fmt: skip


def test_explanations_hold_the_tables() -> None:
    """`explain` shows them in symbols and at the scale of neurons; a single neuron has none."""
    assert "Feed-forward, layer by layer" in bt.derive(bt.network([2, 2, 1], seed=None)).explain()
    assert "Feed-forward, layer by layer" in bt.derive(bt.network([2, 2, 1], seed=7)).explain(scale="neurons", check=False)
    assert "Feed-forward" not in bt.derive("a = sigmoid(w*x + b)").explain()


def test_a_jacobian_in_symbols_and_numbers() -> None:
    """Rows are outputs, columns inputs or what is asked for; a row of constants is 0."""
    base = build_graph(parse("y1 = u*v; y2 = u + v^2"))
    whole = text(jacobian_document(base, ("y1", "y2"), (), ((3, 2), (1, 6))))
    assert whole == (
        "The Jacobian of y₁, y₂ along u, v\n  a row for each of y₁, y₂, a column for each of u, v\n"
        "  ∂(y₁, y₂)/∂(u, v) = [ v    u ]\n                      [ 1  2·v ]\n  at the given values\n"
        "  ∂(y₁, y₂)/∂(u, v) = [ 3  2 ]\n                      [ 1  6 ]\n"
    )
    with pytest.raises(bt.UnknownNameError, match="the graph has no node `q`"):
        jacobian_document(base, ("y1",), ("q",))
    with pytest.raises(bt.OptionError, match="at least one row and one column"):
        jacobian_document(base, (), ())
