"""What leaves as data and comes back: JSON with its schema, graphs of networkx, markings, errors' data."""

from __future__ import annotations

import io
import json
import pickle
from fractions import Fraction
from typing import Any

import networkx as nx
import pytest
from shared import ROOT

import backprop_tutor as bt
from backprop_tutor.homework.marking.marking_data import MarkingData
from backprop_tutor.stored import schema

SCHEMAS = ROOT / "docs" / "schemas"

DERIVED: dict[str, tuple[Any, Any, dict[str, Any]]] = {
    "numbers": ("q = x + y; f = q*z", {"x": -2, "y": 5, "z": -4}, {}),
    "an option, a fraction": ("f = leaky_relu(x, 0.2) + relu(y)", {"x": -1.5, "y": "1/3"}, {}),
    "a value in the text": ("a = 3; f = a*x^2 + 1/3", {"x": 2}, {}),
    "LaTeX": (r"f = \frac{w_1 x}{2} + \sigma(b)", {"w_1": 1, "x": 2.0, "b": 0}, {}),
    "taken apart": ("f = sigmoid(x)", {"x": 1}, {"expand": "all"}),
    "merged": ("f = x*y + x*y", {"x": 1, "y": 3}, {"merge": True}),
    "another output": ("u = x; v = x*y", {"x": 1, "y": 2}, {"of": "u"}),
    "a network": (bt.network([2, 2, 1]), None, {}),
    "names of several letters": ("alpha_out = theta*x; f = alpha_out^2", {"theta": 1, "x": 2}, {}),
    "several outputs": ("p, q = softmax(a, b); f = p*q", {"a": 1, "b": 2}, {}),
    "a function": (lambda x, y: x * bt.tanh(y), {"x": 1, "y": 0.5}, {}),
    "large and on a kink": ("f = max(2w, x, x)", {"w": 10**20, "x": 2 * 10**20}, {}),
    "SymPy's": (bt.derive("f = exp(x)*y", {"x": 1, "y": 2}).symbolic("f"), {"x": 1, "y": 2}, {}),
}


def derived(name: str) -> bt.Derivation:
    program, at, options = DERIVED[name]
    return bt.derive(program, at, **options)


@pytest.mark.parametrize("name", DERIVED)
def test_a_derivation_comes_back_from_its_json(name: str) -> None:
    """Equal, with equal steps, nodes and remarks, and written as the same JSON."""
    d = derived(name)
    text = d.explain("json", check=False)
    back = bt.Derivation.from_json(text)
    assert back == d
    assert back.steps == d.steps
    assert back.notes == d.notes
    assert back.explain("json", check=False) == text


def changed(**changes: Any) -> str:
    data = json.loads(derived("numbers").explain("json", check=False))
    for path, value in changes.items():
        *way, last = path.split("__")
        held: Any = data
        for key in way:
            held = held[int(key) if key.isdigit() else key]
        held[last] = value
    return json.dumps(data)


NO_JSON: list[tuple[Any, str]] = [
    (3, "JSON is text, not `int`"),
    ("{", "this is no JSON of a derivation: Expecting property name enclosed in double quotes: line 1 column 2 (char 1)"),
    ("[" * 100_000, "this is no JSON of a derivation: it is too deep"),
    (changed(version=2), "this is no JSON of a derivation: version: Input should be 1"),
    (changed(schema="x", output=3), "this is no JSON of a derivation: schema: Input should be 'backprop_tutor.derivation'; output: Input should be a valid string"),
    (changed(nodes__2__value=99), "the JSON says q = 99, and its program gives 3"),
    (changed(nodes__0__gradient=1.5), "the JSON says df/dx = 1.5, and its program gives -4"),
    (changed(nodes__2__operands=["x", "f"]), "`q` uses `f`, which does not stand before it"),
    (changed(nodes__2__op="no_such"), "`no_such` is no operation of 2 operands"),
    (changed(nodes__2__op="sin"), "`sin` is no operation of 2 operands"),
    (changed(nodes__1__name="x"), "the node `x` stands twice"),
    (changed(output="t"), "the output `t` is no node"),
    (changed(nodes__2__options={"slope": 2}), "add has no option `slope`; its options: none"),
    (changed(at={"x": 1}), "no value for y, z"),
    (changed(program__plain="import os"), "line 1, column 1: "),
]  # fmt: skip


@pytest.mark.parametrize(("text", "message"), NO_JSON, ids=[message[:40] for _, message in NO_JSON])
def test_what_is_no_json_of_a_derivation_is_refused(text: Any, message: str) -> None:
    """Other texts, faults in fields and numbers that are not the program's are told with their place."""
    with pytest.raises(bt.TutorError) as caught:
        bt.Derivation.from_json(text)
    assert str(caught.value).startswith(message)


def test_the_schemas_are_made_from_the_models() -> None:
    """`docs/schemas` holds what the models say; `python -m backprop_tutor.listing` writes it."""
    made = {"derivation": schema(), "marking": MarkingData.model_json_schema()}
    for name, wanted in made.items():
        assert json.loads((SCHEMAS / f"{name}.schema.json").read_text(encoding="utf-8")) == wanted


def test_a_marking_is_data() -> None:
    """`to_dict` is ready for JSON, and what the schema describes; fractions keep both forms."""
    d = bt.derive("q = x/3 + y; f = q*z", at={"x": 1, "y": 5, "z": -4})
    marking = bt.mark(d, {"df/dx": "4/3", "q": "5", "df/dz": ""})
    data = marking.to_dict()
    assert json.loads(json.dumps(data)) == data
    assert MarkingData.model_validate(data).model_dump() == data
    assert data["cells"][1]["expected"] == {"exact": "16/3", "float": 16 / 3}
    assert [cell["status"] for cell in data["cells"]] == [cell.status for cell in marking.cells.values()]
    assert data["slips"][0]["name"] == marking.slips[0].name
    arrays = bt.mark(bt.derive("L = sum(X*X)", {"X": [1.0, 2.0]}), {"dL/dX": "[2, 5]"}).to_dict()
    assert arrays["cells"][0]["expected"] == [2.0, 4.0]
    assert MarkingData.model_validate(json.loads(json.dumps(arrays))).model_dump() == arrays


@pytest.mark.parametrize("name", DERIVED)
def test_a_plain_graph_goes_through_files_of_graphs(name: str) -> None:
    """Node-link JSON, GraphML, GEXF and Cytoscape's JSON take it; node-link JSON gives the program back."""
    d = derived(name)
    graph = d.to_networkx(plain=True)
    text = json.dumps(nx.node_link_data(graph, edges="edges"))
    json.dumps(nx.cytoscape_data(graph))
    for write, read in ((nx.write_graphml, nx.read_graphml), (nx.write_gexf, nx.read_gexf)):
        file = io.BytesIO()
        write(graph, file)
        file.seek(0)
        again = read(file)
        assert set(again.nodes) == set(graph.nodes)
        assert again.number_of_edges() == graph.number_of_edges()
    back = bt.Program.from_graph(nx.node_link_graph(json.loads(text), edges="edges"))
    at = {name: float(value) for name, value in d.at.items()}
    again = bt.derive(back, at, of=d.output)
    for node, gradient in d.gradients.items():
        assert float(again.gradients[node]) == pytest.approx(float(gradient), rel=1e-12, abs=1e-300)


def test_a_graph_of_ones_own_can_be_changed() -> None:
    """What `to_networkx` returns is a copy; over arrays it is one, too."""
    d = bt.derive("f = x*y", {"x": 2, "y": Fraction(1, 3)})
    graph = d.to_networkx()
    graph.nodes["x"]["value"] = 99
    graph.add_node("z")
    assert d.graph.nodes["x"]["value"] == 2
    assert graph.nodes["y"]["value"] == Fraction(1, 3)
    assert d.to_networkx(plain=True).nodes["y"]["value"] == 1 / 3
    arrays = bt.derive("L = sum(X*X)", {"X": [1.0, 2.0]}).to_networkx(plain=True)
    json.dumps(nx.node_link_data(arrays, edges="edges"))
    assert arrays.nodes["X"]["value"] == "[1.0, 2.0]"


def caught(run: Any) -> Any:
    with pytest.raises(bt.TutorError) as found:
        run()
    assert pickle.loads(pickle.dumps(found.value)).__dict__.get("names", ()) == found.value.__dict__.get("names", ())  # noqa: S301  # of our own making
    return found.value


def test_errors_carry_data(tmp_path: Any) -> None:
    """What a message is about is there as names, node, choices, line, column and file."""
    d = bt.derive("q = x + y; f = q*z", at={"x": -2, "y": 5, "z": -4})
    missing = caught(lambda: bt.derive("f = w*x + b", {"x": 1}))
    assert missing.names == ("w", "b")
    unknown = caught(lambda: d.values["t"])
    assert (unknown.names, unknown.choices) == (("t",), ("x", "y", "q", "z", "f"))
    edge = caught(lambda: d.local("f", "x"))
    assert (edge.names, edge.node, edge.choices) == (("x",), "f", ("q", "z"))
    assert caught(lambda: d.edges["x", "f"]).node == "f"
    domain = caught(lambda: bt.derive("v = x - 1; f = ln(v)", {"x": 0}))
    assert domain.node == "f"
    parse = caught(lambda: bt.parse("a = 1\nf = x + * y"))
    assert (parse.line, parse.column, parse.filename) == (2, 9, None)
    assert caught(lambda: d.diagram(theme="drak")).choices == ("light", "dark", "colour-blind")
    assert caught(lambda: d.diagram(layout="neato")).choices == ("embedded", "dot")
    assert caught(lambda: d.explain("html")).choices == ("text", "markdown", "latex", "json", "numpy", "torch")
    assert "sigmoid" in caught(lambda: bt.network([2, 1], activation="sigmod")).choices
    place = tmp_path / "no" / "f.svg"
    assert caught(lambda: d.diagram().save(place)).filename == str(place)
    computed = caught(lambda: bt.derive("q = x; f = q*x", {"x": 1, "q": 2}))
    assert (computed.names, computed.choices) == (("q",), ("x",))
    assert (unknown.node, unknown.line, unknown.column, unknown.filename) == (None,) * 4


def test_displays_of_notebooks() -> None:
    """Formulas are LaTeX, tables are HTML, and nothing in them is markup of the user's."""
    d = bt.derive("h = w1*x; f = sigmoid(h)", {"w1": 1, "x": 2})
    assert d._repr_latex_() == r"$$\begin{aligned}h &= w_{1} \cdot x \\ f &= \sigma\left(h\right)\end{aligned}$$"
    assert d.local("h", "x")._repr_latex_() == r"$\displaystyle \frac{\partial h}{\partial x} = w_{1}$"
    assert d.closed_form("x", 200)._repr_latex_().startswith(r"$\displaystyle \frac{\partial f}{\partial x} = \frac{w_{1}")
    assert d.closed_form("x", 1)._repr_latex_() is None
    assert d.program._repr_html_() == "<pre>h = w₁·x\nf = σ(h)</pre>"
    tables = [
        d.check(), bt.descend("L = (w - 3)^2", {"w": 0}, steps=2), bt.hessian("f = x*y", {"x": 1, "y": 2}),
        bt.jacobian("u = x*y; v = x", {"x": 1, "y": 2}, of=("u", "v")), bt.sweep("f = x*y", {"x": [1.0], "y": 2}),
    ]  # fmt: skip
    for each in tables:
        shown: str = each._repr_html_()
        assert shown.startswith("<table>")
        assert len(repr(each)) <= 200
