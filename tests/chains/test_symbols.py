"""The chain rule in symbols: right where numbers are, SymPy's on random programs, short, bounded."""

from __future__ import annotations

import pytest
from programs_in_symbols import differences, program

import backprop_tutor as bt
from backprop_tutor.chains import chain_of, put_in, shared_factors, simplified, symbolic_pass, ways
from backprop_tutor.chains.sizes import CAP, Sizes
from backprop_tutor.graph_builder import build_graph
from backprop_tutor.language import Apply, Assignment, Expression, Name, parse, written
from backprop_tutor.language.evaluate import evaluated
from backprop_tutor.ops import OPS

STORY = "z = x^2 + y; x = u + v; y = u*v"


def tree(text: str) -> Expression:
    return parse(text).assignments[0].expression


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("2(u+v)+v", "2·u + 3·v"), ("x*x*x", "x³"), ("x/x", "1"), ("x - x", "0"), ("5 - 2", "3"),
        ("(x+y)^50*(x+y)", "(x + y)⁵¹"), ("(x+y)^2 - x^2", "y·(2·x + y)"), ("0.1*x + 0.2*x", "0.3·x"),
        ("x/3 + x/6", "x/2"), ("-(x)*y", "−x·y"), ("a*b + a*c", "a·(b + c)"), ("(a-t)*a*(1-a)*w", "(a − t)·a·(1 − a)·w"),
        ("1/x^2*x", "1/x"), ("pi*x*pi", "π²·x"), ("2*(x+y)*3", "6·(x + y)"), ("-x+y", "y − x"),
        ("-x-y", "−x − y"), ("(2x+4y)/2", "x + 2·y"), ("x^y*x", "x^y·x"), ("e^x*2", "2·exp(x)"),
        ("0.5*(y-t)*2", "y − t"), ("sin(x+0)*1", "sin(x)"), ("(x-1)*(1-x)", "(x − 1)·(1 − x)"),
        ("1/(1+1/x)", "1/(1 + 1/x)"), ("x*0 + 3", "3"), ("(a+b+c+d)^99", "(a + b + c + d)⁹⁹"), ("--x", "x"),
        ("sqrt(x)*sqrt(x)", "sqrt(x)²"), ("x/2/3", "x/6"), ("2^3*x", "8·x"), ("0*(x+y)", "0"), ("x^-1*x^2", "x"),
    ],
)  # fmt: skip
def test_a_formula_is_made_shorter(text: str, short: str) -> None:
    """Terms are gathered, products ordered as they were written, powers kept from growing."""
    assert written(simplified(tree(text))) == short


def test_the_chain_rule_over_names() -> None:
    """Each gradient of z(x(u, v), y(u, v)) in names and in the inputs alone."""
    s = bt.derive(STORY)
    found = {name: (g.text, g.by_inputs) for name, g in s.gradients.items()}
    assert found == {
        "u": ("2·x + v", "2·u + 3·v"), "v": ("2·x + u", "3·u + 2·v"), "x": ("2·x", "2·(u + v)"),
        "y": ("1", "1"), "z": ("1", "1"),
    }  # fmt: skip


@pytest.mark.parametrize("name", sorted(row.name for row in OPS.values() if not row.outputs))
def test_every_slope_in_symbols_is_the_number(name: str) -> None:
    """For every operation, at every sample, the formula's value is the gradient of the pass."""
    row = OPS[name]
    for sample in row.samples:
        names = [f"x{i}" for i in range(1, len(sample) + 1)]
        whole = bt.Program((Assignment(("f",), Apply(name, tuple(map(Name, names)))),))
        d = bt.derive(whole, dict(zip(names, sample, strict=True)))
        values = {node.name: x for node, x in zip(d.graph_table.nodes, d.numbers, strict=True)}
        found = symbolic_pass(d.graph_table, "gates", 200)
        for i in found.chain.inputs:
            formula = found.by_names[i].tree
            assert formula is not None
            wanted = float(d.gradients[found.chain.quantities[i].name])
            assert float(evaluated(formula, values).value) == pytest.approx(wanted, rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("seed", range(12))
def test_random_programs_have_sympys_derivatives(seed: int) -> None:
    """By names and by gates, in names and in the inputs, gradients are SymPy's."""
    assert differences(program(seed)) == []


def test_a_network_by_names() -> None:
    """The gradients of 1-2-1 are the courses': (a − t)·a·(1 − a)·w·…, what layers share is counted."""
    s = bt.derive(bt.network([1, 2, 1], seed=None))
    assert s.gradients["w1_11"].text == "(a⁽²⁾₁ − t₁)·a⁽²⁾₁·(1 − a⁽²⁾₁)·w⁽²⁾₁₁·a⁽¹⁾₁·(1 − a⁽¹⁾₁)·x₁"
    chain = chain_of(s.graph_table)
    shared, count = shared_factors(chain)
    told = {chain.quantities[one.quantity].name: (len(one.inputs), one.paths) for one in shared}
    assert (count, told) == (3, {"z2_1": (8, 9), "z1_2": (3, 3), "z1_1": (3, 3)})
    assert ways(chain)[chain.numbers["x1"]] == 2


def test_paths_in_symbols() -> None:
    """Each path has its nodes and the slopes along it; too many are counted, not listed."""
    s = bt.derive(STORY)
    assert [(p.nodes, p.locals) for p in s.paths("u")] == [(("u", "x", "z"), ("1", "2·x")), (("u", "y", "z"), ("v", "1"))]
    with pytest.raises(bt.TooManyPathsError) as caught:
        s.paths("u", limit=1)
    assert str(caught.value) == "2 paths lead from u to z, more than the 1 that are listed (limit)"


def test_values_come_later() -> None:
    """At a point the derivation is the usual one."""
    s = bt.derive(STORY)
    assert s.at(u=1, v=2) == s.at({"u": 1, "v": 2}) == bt.derive(STORY, {"u": 1, "v": 2})
    with pytest.raises(bt.MissingValueError, match="no value for v; give one: v=…"):
        s.at(u=1)
    with pytest.raises(bt.OptionError, match="a value is given twice for one name"):
        s.at({"u": 1}, u=2)


def test_what_needs_numbers_says_so() -> None:
    """Attributes and formats of a derivation with numbers name the values that are missing."""
    s = bt.derive("f = w*x")
    with pytest.raises(bt.MissingValueError) as caught:
        s.values  # noqa: B018  # that it is not there is what is tested
    assert str(caught.value) == "`values` needs numbers: no value for w, x; give each: w=… x=…"
    assert not hasattr(s, "values")
    with pytest.raises(bt.MissingValueError, match="the format json needs numbers: no value for w, x"):
        s.explain("json")
    with pytest.raises(AttributeError, match="'SymbolicDerivation' object has no attribute 'nonsense'"):
        s.nonsense  # noqa: B018


def test_part_of_the_values_is_no_derivation_in_symbols() -> None:
    """Where some values are given, or an empty mapping, the missing ones are asked for."""
    for at in ({"w": 1}, {}):
        with pytest.raises(bt.MissingValueError, match="no value for"):
            bt.derive("f = w*x", at)
    with pytest.raises(bt.MissingValueError, match="no value for x"):
        bt.derive("f = w*x; w = 2")
    assert bt.derive("c = 2; f = c^2").gradients["c"] == 4


def test_long_formulas_are_not_built() -> None:
    """What is long has its size; a long assignment is taken by gates; many quantities stay link by link."""
    doubled = "; ".join(["a0 = x*y", *(f"a{i} = sin(a{i - 1})*a{i - 1} + a{i - 1}" for i in range(1, 40))])
    found = symbolic_pass(build_graph(parse(doubled)))
    first = found.by_inputs[found.chain.numbers["x"]]
    assert (first.tree, first.size) == (None, CAP)
    long = build_graph(parse("h = x*y; f = " + "*".join(["(x + h)"] * 60)))
    assert (chain_of(long).by, chain_of(long).taken_apart) == ("gates", True)
    many = symbolic_pass(build_graph(parse("f = " + " + ".join(["x*y"] * 400))))
    assert many.chain.many
    assert many.by_names[many.chain.numbers["x"]].tree is None


def test_a_long_gradient_says_how_long() -> None:
    """A gradient beyond the limit tells its size, in a clear word, wherever it is asked for."""
    s = bt.derive("; ".join(["a0 = x*y", *(f"a{i} = sin(a{i - 1})*x" for i in range(1, 30))]))
    gradient = s.gradients["x"]
    assert gradient.text == ""
    assert str(gradient).startswith("∂a₂₉/∂x put together takes about ")
    assert str(gradient).endswith(" operations, more than the 100 up to which it is written")
    with pytest.raises(bt.OptionError, match="more than the 100"):
        gradient.symbolic  # noqa: B018


def test_shared_parts_are_counted_once() -> None:
    """The size of a formula of 2^200 operations is found at once, and capped."""
    one = tree("x + x")
    for _ in range(200):
        part = one
        one = put_in(tree("a*a"), {"a": part}.__getitem__)
    assert Sizes().of(one) == CAP


def test_gates_on_the_networkx_graph() -> None:
    """Edges carry upstream and downstream in symbols; of a constant's edge there is none."""
    edges = {(u, v): data for u, v, data in bt.derive("f = 2*(x + y)*z").graph.edges(data=True)}
    assert str(edges["x", "v1"]["downstream_symbolic"]) == "2*z"
    assert str(edges["v2", "f"]["upstream_symbolic"]) == "1"
    assert [e["upstream_symbolic"] for (u, _), e in edges.items() if u == "v3"] == [None]


def test_upstream_and_downstream_of_an_edge() -> None:
    """Both are SymPy's expressions over the nodes' names; their values are the pass's numbers."""
    d = bt.derive("q = x + y; f = q*z; g = 3*x", {"x": -2, "y": 5, "z": -4}, of="f")
    edge = d.local("q", "x")
    assert (str(edge.upstream_symbolic), str(edge.downstream_symbolic)) == ("z", "z")
    assert str(d.local("f", "z").downstream_symbolic) == "q"
    assert str(d.local("g", "x").downstream_symbolic) == "0"
    assert str(d.graph.edges["x", "q", 0]["downstream_symbolic"]) == "z"


def test_a_long_upstream_is_refused() -> None:
    """Beyond 100 operations an error says so, and edges of the graph carry None."""
    text = "; ".join(["a0 = x*x", *(f"a{i} = sin(a{i - 1})*a{i - 1} + a{i - 1}" for i in range(1, 14)), "f = a13"])
    d = bt.derive(text, {"x": 0.1})
    with pytest.raises(bt.OptionError) as caught:
        d.local("a0", "x").upstream_symbolic  # noqa: B018
    assert str(caught.value) == "∂f/∂a₀ put together takes more than 100 operations, up to which it is written"
    assert d.graph.edges["x", "a0", 0]["upstream_symbolic"] is None


def test_a_minus_before_a_product_with_a_number() -> None:
    """The sign goes to the number: −2·x, never a number that is none."""
    s = bt.derive("f = 2*x/y; g = f^2")
    assert [written(link.local) for link in chain_of(s.graph_table).links] == ["2/y", "−2·x/y²", "2·f"]


def test_operations_of_constants_alone_are_put_in() -> None:
    """`1/3` in a text is an operation without inputs: it has no gradient, and stands in the inputs' formulas."""
    d = bt.derive("f = x*(2*3) + (1/3)*x", at={"x": 2})
    assert d.symbolic("f") is not None
    assert d.graph.edges["v2", "f", 0]["upstream_symbolic"] == 1
    assert bt.derive("f = x*(2*3) + (1/3)*x").gradients["x"].by_inputs == "19/3"


def test_operations_without_a_name_are_introduced() -> None:
    """What a formula calls v₁ is said before it is used; a program of names alone needs no such list."""
    told = bt.derive("f = (x + y)*exp(x)").explain()
    assert "Operation by operation:\n  v₁ = x + y\n  v₂ = exp(x)\n  f = v₁·v₂\n" in told
    assert "Operation by operation" not in bt.derive("f = w*x").explain()
    assert "Operation by operation" not in bt.derive("x = u + v; y = u*v; z = x + y").explain()
