"""The graph: nodes, names, uses, taking composites apart, merging."""

from __future__ import annotations

import networkx as nx
import pytest

import backprop_tutor as bt
from backprop_tutor.graph_builder import build_graph


def graph_of(text: str, **options: object) -> object:
    return build_graph(bt.parse(text), **options)  # type: ignore[arg-type]


def names(text: str, **options: object) -> list[str]:
    return [node.name for node in graph_of(text, **options).nodes]


def test_creation_order_and_numbers() -> None:
    """Nodes stand in creation order; nameless operations are v1, v2, ..., then constants."""
    assert names("f = 1/(1 + exp(-x))") == ["v4", "v5", "x", "v1", "v2", "v3", "f"]


def test_numbers_avoid_the_users_names() -> None:
    """A number that the user gave to a node of his own is left out."""
    assert names("v1 = a*b; f = v1 + c*d") == ["a", "b", "v1", "c", "d", "v2", "f"]


def test_binary_as_typed() -> None:
    """a + b + c is two additions."""
    assert graph_of("a + b + c").operations == 2


@pytest.mark.parametrize(
    ("text", "edges"), [("a + a", 2), ("a*a", 2), ("x*x + x", 3), ("q = x*y; f = q*q + q", 3)]
)
def test_every_use_is_an_edge(text: str, edges: int) -> None:
    """A node used n times has n edges, also into one operation."""
    graph = graph_of(text)
    used = max(graph.nodes, key=lambda n: len(graph.uses[graph.index[n.name]]))
    assert len(graph.uses[graph.index[used.name]]) == edges


def test_same_text_twice() -> None:
    """The same text typed twice stays two subgraphs unless merged; a name is one node anyway."""
    assert graph_of("x*y + x*y").operations == 3
    assert graph_of("x*y + x*y", merge=True).operations == 2
    assert graph_of("q = x*y; f = q + q").operations == 2


def test_merging_uses_a_named_node() -> None:
    """Merged text that a name already stands for becomes a use of that node."""
    graph = graph_of("q = x*y; f = q + x*y", merge=True)
    assert graph.nodes[graph.index["f"]].operands == (graph.index["q"],) * 2


@pytest.mark.parametrize(
    ("text", "operations"),
    [
        ("sigmoid(x)", 4), ("tanh(x)", 6), ("softplus(x)", 3), ("se(y, t)", 2), ("half_se(y, t)", 3),
        ("mse([y1, y2], [t1, t2])", 6), ("bce(p, t)", 8), ("silu(x)", 5), ("ce([p1, p2], [t1, t2])", 6),
    ],
)  # fmt: skip
def test_taken_apart(text: str, operations: int) -> None:
    """A composite is one gate, or the formula it stands for, with the same value and gradients."""
    at = {"x": 0.5, "y": 2, "t": 0.75, "y1": 1, "t1": 0.25, "y2": 3, "t2": 0.5, "p": 0.25,
          "p1": 0.5, "p2": 0.125}  # fmt: skip
    whole = bt.derive(text, at=at)
    apart = bt.derive(text, at=at, expand="all")
    assert whole.graph_table.operations == 1
    assert apart.graph_table.operations == operations
    for name in whole.graph_table.inputs:
        assert apart.gradients[name] == pytest.approx(whole.gradients[name], rel=1e-12)


def test_softmax_shares_its_sum() -> None:
    """Taken apart, softmax's outputs share the exponentials and their sum."""
    graph = graph_of("p1, p2, p3 = softmax(a, b, c)", expand=("softmax",))
    assert graph.operations == 3 + 2 + 3


def test_unknown_composite() -> None:
    """What cannot be taken apart is refused with the nearest choice."""
    with pytest.raises(bt.OptionError) as caught:
        graph_of("sigmoid(x)", expand="sigmod")
    assert (
        str(caught.value)
        == "`sigmod` is not a composite that can be taken apart; did you mean `sigmoid`?"
    )
    with pytest.raises(bt.OptionError, match="those are: binary_cross_entropy, cot, cross_entropy"):
        graph_of("x + y", expand="add")


def test_other_output() -> None:
    """`of` picks the output; an unknown one is refused with its neighbours."""
    assert bt.derive("q = x*y; f = q + 1", at={"x": 2, "y": 3}, of="q").gradients["x"] == 3
    with pytest.raises(bt.UnknownNameError, match="no node `g`; its nodes: x, y, q, f"):
        bt.derive("q = x*y; f = q + 1", at={"x": 2, "y": 3}, of="g")


def test_multidigraph() -> None:
    """The networkx graph has one edge a use, keyed by operand slot, and carries every number."""
    graph = bt.derive("f = x*x", at={"x": 3}).graph
    assert isinstance(graph, nx.MultiDiGraph)
    assert sorted(graph.edges(keys=True)) == [("x", "f", 0), ("x", "f", 1)]
    assert graph.nodes["x"]["gradient"] == 6
    assert graph.nodes["f"]["op"] == "multiply"
    data = graph.edges["x", "f", 1]
    assert (str(data["local"]), data["local_value"], data["upstream"], data["downstream"]) == (
        "x",
        3,
        1,
        3,
    )
    with pytest.raises(nx.NetworkXError):
        graph.add_node("z")


def test_constants_have_no_gradient() -> None:
    """A constant of the text takes no gradient; a number with a name does."""
    d = bt.derive("c = 2; f = c*x + 3", at={"x": 5})
    assert d.gradients["c"] == 5
    constant = next(n for n, data in d.graph.nodes(data=True) if data["kind"] == "constant")
    assert d.graph.nodes[constant]["gradient"] is None
    assert constant not in list(d.gradients)


def test_parts_made_of_constants_have_no_gradient() -> None:
    """The ½ of a typed loss is a gate whose gradient is not asked for: absent, never 0."""
    d = bt.derive("L = 1/2*(y - t)^2", at={"y": 3, "t": 1})
    assert d.values["v1"] == bt.derive("f = 1/2", at={}).values["f"]
    assert "v1" not in d.gradients
    assert set(d.gradients) == {"y", "t", "v2", "v3", "L"}
    with pytest.raises(KeyError, match="made of constants alone"):
        d.gradients["v1"]
