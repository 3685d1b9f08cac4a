"""What all gradients together cost, three ways: counted again by doing the work."""

from __future__ import annotations

import copy
from itertools import pairwise

import pytest

import backprop_tutor as bt
from backprop_tutor.ops import OPS
from backprop_tutor.ops.counting import multiplications
from backprop_tutor.sentences import whole

PROGRAMS = [
    (bt.network([2, 2, 1]), {}),
    (bt.network([2, 3, 2], loss="cross_entropy"), {}),
    (bt.network([3, 2, 2], activation="tanh", loss="mse"), {}),
    ("e = (a + b)*(b + 1)", {"a": 2, "b": 1}),
    ("h = relu(w*x - 9); y = h*h + max(h, x)^3 + w/x", {"w": 2, "x": 3}),
    ("f = x*x; g = 3*x", {"x": 3}),
    ("p, q = softmax(x, y); L = -ln(p)", {"x": 1, "y": 2}),
    ("w = 3; f = w*2 + 4*5", {}),
]


@pytest.mark.parametrize(("program", "at"), PROGRAMS)
def test_the_work_is_done_and_counted(program: object, at: dict[str, float]) -> None:
    """Every pass is run, every path walked and every product of the chain made: as many as said."""
    d = bt.derive(program, at=at)  # type: ignore[arg-type]
    graph = d.graph_table
    gates = [i for i, n in enumerate(graph.nodes) if n.kind == "operation" and graph.relevant[i]]
    inputs = [n for i, n in enumerate(graph.nodes) if n.kind == "input" and graph.relevant[i]]
    forward = slopes = chain = walked = count = 0
    for place in gates:
        node = graph.nodes[place]
        op, operands = OPS[node.op], tuple(d.numbers[i] for i in node.operands)
        options = op.with_options(node.options) if op.options or op.outputs else {}
        forward += multiplications(op.forward, operands, options)
        for slot in range(len(operands)):
            if (node.operands[slot], place, slot) in d.contributions:
                slopes += multiplications(op.partial(slot), operands, options, d.numbers[place])
                chain += 1
    for node in inputs:
        for path in d.paths(node.name):
            count += 1
            product = 1
            for local in path.locals:
                product = product * local
                walked += 1
            assert product == pytest.approx(path.product)
    costs = d.costs()
    assert (costs.inputs, costs.paths) == (len(inputs), count)
    assert costs.by_paths == type(costs.by_paths)(1, len(gates), forward, slopes, walked)
    assert costs.by_pass == type(costs.by_pass)(1, len(gates), forward, slopes, chain)
    runs = len(inputs) + 1
    assert costs.by_differences == type(costs.by_pass)(
        runs, runs * len(gates), runs * forward, 0, len(inputs)
    )


def test_the_small_network() -> None:
    """On 2-2-1 the chain takes 100 by paths and 29 by one pass, for all twelve inputs together."""
    costs = bt.derive(bt.network([2, 2, 1])).costs()
    assert (costs.by_paths.chain, costs.by_pass.chain) == (100, 29)
    assert str(costs) == (
        "Gradients of all 12 inputs together (14 paths), in multiplications\n"
        "                          forward passes  gates run  in the passes  in the slopes  along the chain  together\n"
        "  ──────────────────────  ──────────────  ─────────  ─────────────  ─────────────  ───────────────  ────────\n"
        "  by paths                             1         16             11              3              100       114\n"
        "  by forward differences              13        208            143              –               12       155\n"
        "  by one backward pass                 1         16             11              3               29        43\n"
        "  Products and quotients count, also that with the seed's 1; a difference is divided by its step. "
        "Each slope is found once."
    )
    assert repr(costs) == (
        "<Costs of E's gradients along 12 inputs: 114 multiplications by paths, 155 by differences, "
        "43 by one pass>"
    )
    assert "<td class=\"right\">29</td>" in costs._repr_html_()


def test_growth_with_depth() -> None:
    """By one pass each layer adds the same; by differences more and more; paths double."""
    rows = [(depth, c) for depth, c in bt.growth(8)]
    passes = [c.by_pass.total for _, c in rows]
    differences = [c.by_differences.total for _, c in rows]
    assert {b - a for a, b in pairwise(passes)} == {26}
    second = [d - c for c, d in pairwise(b - a for a, b in pairwise(differences))]
    assert len(set(second)) == 1
    assert second[0] > 0
    assert [c.paths for _, c in rows] == [2 ** (depth + 2) - 2 for depth, _ in rows]


def test_growth_as_it_is_printed() -> None:
    """Deep networks are counted, not listed; numbers too long to read are rounded."""
    assert str(bt.growth(64, 3)).splitlines()[-3:] == [
        "      32     380   5.559×10¹⁵     8.246×10¹⁷                 144,398                 1,696",
        "      64     764    1.03×10³¹     3.066×10³³                 583,694                 3,424",
        "  One more layer adds the same again to one backward pass, adds more and more to the "
        "differences, and multiplies the paths by the layer's width.",
    ]
    assert repr(bt.growth(3)) == "<Growth of networks 2 wide, 1 to 3 layers deep>"


@pytest.mark.parametrize(
    ("depth", "width", "message"),
    [
        (0, 2, "depth is a whole number, 1 or more, not 0"),
        (3, 1.5, "width is a whole number, 1 or more, not 1.5"),
        (True, 2, "depth is a whole number, 1 or more, not True"),
        (10**9, 2, "depth 1000000000 with width 2 makes 3,999,999,998 weights; at most 1,000"),
    ],
)
def test_growth_refuses(depth: int, width: int, message: str) -> None:
    """Sizes that do not fit, or take too long, are refused in words."""
    with pytest.raises(bt.OptionError) as caught:
        bt.growth(depth, width)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("count", "power", "shown"),
    [
        (0, 0, "0"), (1234, 0, "1,234"), (10**15 - 1, 0, "999,999,999,999,999"), (1, 15, "1×10¹⁵"),
        (99_996, 15, "1×10²⁰"), (2**10000, 3010, "1.995×10⁶⁰²⁰"), (12_345, 4296, "1.235×10⁴³⁰⁰"),
    ],
)  # fmt: skip
def test_long_whole_numbers(count: int, power: int, shown: str) -> None:
    """A count is written out up to fifteen digits, and rounded beyond, however long it is."""
    assert whole(count * 10**power) == shown


def test_a_deep_chain_is_counted_in_time() -> None:
    """2^3000 paths are counted, said and refused; no input of it is walked."""
    text = "\n".join(["a0 = x*1", *(f"a{i} = a{i - 1}*a{i - 1}" for i in range(1, 3_001))])
    d = bt.derive(text, at={"x": 0})
    assert whole(d.costs().paths) == "1.23×10⁹⁰³"
    with pytest.raises(bt.TutorError, match=r"1\.23×10⁹⁰³ paths lead from a₀ to a₃₀₀₀") as caught:
        d.paths("a0")
    assert str(copy.copy(caught.value)) == str(caught.value)


def test_a_program_without_inputs() -> None:
    """Where nothing has a gradient there is nothing to compare."""
    costs = bt.derive("f = 2*3").costs()
    assert (costs.inputs, costs.paths, str(costs)) == (0, 0, "")


def test_paths_print_as_they_are_read() -> None:
    """Paths have a short form, a text and a table."""
    paths = bt.derive("c = a + b; d = b + 1; e = c*d", at={"a": 2, "b": 1}).paths("b")
    assert repr(paths) == "<Paths from b to e: 2 paths, 5 in all>"
    assert repr(paths.paths[1]) == "<Path b → d → e: 3>"
    assert str(paths) == (
        "∂e/∂b: 2 paths\n"
        "  b → c → e\n"
        "    1 × 2 = 2\n"
        "  b → d → e\n"
        "    1 × 3 = 3\n"
        "  sum  2 + 3 = 5\n"
        "  4 multiplications, path by path"
    )
    assert paths.table() == [(("b", "c", "e"), (1, 2), 2), (("b", "d", "e"), (1, 3), 3)]
    assert paths._repr_html_().count("<tr>") == 4
    one = bt.derive("f = 3x", at={"x": 2}).paths("x")
    assert str(one) == "∂f/∂x: 1 path\n  x → f\n    3\n  1 multiplication, path by path"
    assert repr(bt.derive("r = x^2; f = 2*x", at={"x": 3}).paths("r")) == "<Paths from r to f: 0 paths, 0 in all>"


def test_an_exact_gradient_beyond_float64() -> None:
    """A whole gradient beyond every float is refused in words, as a float is."""
    text = "\n".join(["a0 = x*1", *(f"a{i} = a{i - 1}*a{i - 1}" for i in range(1, 1100))])
    with pytest.raises(bt.DomainError, match="overflows: it is beyond float64"):
        bt.derive(text, at={"x": 1})
