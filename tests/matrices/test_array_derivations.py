"""Programs over vectors and matrices: published numbers, independent NumPy code, differences and SymPy."""

from __future__ import annotations

import json
import pickle
from typing import Any

import numpy as np
import pytest
from shared import ROOT

import backprop_tutor as bt
from backprop_tutor.frozen import FrozenDict
from backprop_tutor.ops.matrix_formulas import entrywise_formula

CASES = json.loads((ROOT / "tests" / "cases" / "tensor_examples.json").read_text(encoding="utf-8"))
DRAW = np.random.default_rng(7)
X = DRAW.normal(size=(4, 3))
W = DRAW.normal(size=(3, 2))
B = DRAW.normal(size=2)
Y = np.array([0, 1, 1, 0])


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_published_examples(case: dict[str, Any]) -> None:
    """Values and gradients are the published ones to the digits published, and the check agrees."""
    d = bt.derive(case["program"], at=case["values"], of=case["output"])
    for name, number in {**case["verified_values"], **case["expected_values"]}.items():
        assert np.allclose(
            d.values[name], number, rtol=0, atol=0.5 * 10.0 ** -case["published_precision"]
        )
    for name, number in case["verified_gradients"].items():
        assert d.gradients[name].shape == np.shape(number)
        assert np.allclose(d.gradients[name], number, rtol=1e-12)
    assert d.check().ok


PROGRAMS: dict[str, tuple[str, dict[str, Any]]] = {
    "a layer": ("Z = X@W + b; L = mean(Z**2)", {"X": X, "W": W, "b": B}),
    "letters side by side": ("Z = XW + b; L = sum(relu(Z))", {"X": X, "W": W, "b": B}),
    "columns": ("z = Wx + b; L = sum(σ(z))", {"W": W.T, "x": X[0], "b": B}),
    "scores": ("S = X@W + b; L = cross_entropy(S, y)", {"X": X, "W": W, "b": B, "y": Y}),
    "one-hot rows": ("S = X@W; L = cross_entropy(S, Y)", {"X": X, "W": W, "Y": np.eye(2)[Y]}),
    "by hand": ("P = softmax(X@W + b); L = -sum(Y*ln(P))/4", {"X": X, "W": W, "b": B, "Y": np.eye(2)[Y]}),
    "two layers": (
        "A = tanh(X@W + b); P = A@V + c; L = mse(P, T)",
        {"X": X, "W": W, "b": B, "V": DRAW.normal(size=(2, 1)), "c": 0.5, "T": DRAW.normal(size=(4, 1))},
    ),
    "transposed": ("L = sum(XᵀX) + s*sum(X.T @ X)", {"X": X, "s": 2.0}),
    "normalised": ("H = batchnorm(X, g, c); L = sum(H*H*H)", {"X": X, "g": np.full(3, 1.2), "c": np.zeros(3)}),
    "over axes": ("m = mean(X, axis=0); C = X - m; L = sum(sum(C*C, axis=1, keepdims=True)*X)", {"X": X}),
    "extremes": ("L = max(W) + sum(max(0, X)) + sum(max(X, axis=1)) + norm(W)", {"X": X, "W": W}),
    "vectors": ("L = dot(b, b) + sum(outer(b, b)) + sum(b)", {"b": B}),
    "a name used twice": ("H = X*X; L = sum(H*X) + mean(X)", {"X": X}),
    "softmax within": ("L = sum(softmax(X)*X) - sum(Y*log_softmax(X))", {"X": X, "Y": np.eye(3)[[0, 1, 2, 0]]}),
    "joined": ("L = sum(concat(X, X)*concat(X, Y)) + sum(stack(X, X))", {"X": X, "Y": X + 1}),
    "a mask": ("L = sum(dropout(X, M)*X)", {"X": X, "M": 2.0 * (X > 0)}),
    "bits": ("P = σ(X@W); L = bce(P, T)", {"X": X, "W": W, "T": np.eye(2)[Y]}),
}  # fmt: skip


@pytest.mark.parametrize("name", list(PROGRAMS))
def test_three_ways(name: str) -> None:
    """The pass agrees with centred differences at every entry and, where it is asked, with SymPy."""
    text, at = PROGRAMS[name]
    d = bt.derive(text, at=at)
    found = d.check()
    assert found.ok, found.rows
    assert all(row.verdict == "agree" for row in found.rows)
    assert all(row.entries == np.size(d.at[row.name]) for row in found.rows)
    for node, gradient in d.gradients.items():
        assert np.shape(gradient) == np.shape(d.values[node])


def test_the_check_can_fail() -> None:
    """A gradient that is 1 % off, or has one wrong entry, differs."""
    d = bt.derive(*PROGRAMS["a layer"])
    place = d.graph_table.index["W"]
    for factor in (np.full((3, 2), 1.01), np.array([[1, 1], [1, 1.001], [1, 1]])):
        upstreams = list(d.upstreams)
        upstreams[place] = upstreams[place] * factor
        found = d.with_fields(upstreams=tuple(upstreams)).check()
        assert not found
        assert [row.name for row in found.rows if not row.ok] == ["W"]


TIES = np.array([[1.0, 1.0], [0.0, 2.0]])
HONEST: dict[str, tuple[str, dict[str, Any], str]] = {
    "relu at 0": ("L = sum(relu(X))", {"X": np.zeros((2, 2))}, "kink"),
    "an absolute value at 0": ("L = sum(|X|)", {"X": TIES}, "agree"),
    "ties of a maximum": ("L = sum(max(X, axis=1))", {"X": TIES}, "kink"),
    "a norm of 0": ("L = norm(X)", {"X": np.zeros((2, 2))}, "agree"),
    "a kink nearby": ("L = sum(relu(X))", {"X": [[1e-5, -1e-5]]}, "agree"),
    "a border nearby": ("L = sum(sqrt(X))", {"X": [[1e-12, 1.0]]}, "agree"),
    "steep": ("L = sum(1/X)", {"X": [[1e-4, 1.0]]}, "agree"),
    "nothing moves": ("L = sum(X)*0", {"X": TIES}, "agree"),
    "at the least": ("L = mean((X - T)**2)", {"X": X, "T": X}, "agree"),
    "a constant sum": ("L = sum(softmax(X))", {"X": X}, "agree"),
    "tiny": ("L = sum(X*X*X)", {"X": X * 1e-8}, "agree"),
    "a large constant": ("L = sum(sin(X)) + 1e9", {"X": X}, "agree"),
    "a larger constant among many": ("L = sum(sin(X)) + 1e15", {"X": np.arange(50.0)}, "unknown"),
    "saturated": ("L = cross_entropy(S, y)", {"S": [[2e3, 1e3], [1e3, 3e3]], "y": [0, 1]}, "agree"),
}  # fmt: skip


@pytest.mark.parametrize("name", list(HONEST))
def test_the_check_raises_no_false_alarm(name: str) -> None:
    """At kinks, near borders, beside large numbers and where nothing moves it says what is so."""
    text, at, verdict = HONEST[name]
    found = bt.derive(text, at=at).check()
    assert found, found.rows
    assert {row.verdict for row in found.rows} == {verdict}


@pytest.mark.parametrize("name", [name for name, case in HONEST.items() if case[2] != "unknown"])
def test_the_check_can_fail_there_too(name: str) -> None:
    """Where a gradient is beyond the slopes of both sides, it differs."""
    text, at, _ = HONEST[name]
    d = bt.derive(text, at=at)
    first = next(iter(d.at))
    place = d.graph_table.index[first]
    upstreams = list(d.upstreams)
    gradient: Any = upstreams[place]
    upstreams[place] = gradient * 1.02 + 0.02 * np.max(np.abs(gradient)) + 1.01
    assert not d.with_fields(upstreams=tuple(upstreams)).check()


def test_single_numbers_are_numbers() -> None:
    """What has no axes is a float wherever it is handed out."""
    d = bt.derive("H = s*X; L = sum(H) + s", at={"X": X, "s": 2})
    edges = d.edges.values()
    held = [
        d.values["L"],
        d.gradients["s"],
        d.at["s"],
        *(e.upstream for e in edges if e.target == "L"),
    ]
    held += [step.value for step in d.steps if step.phase == "forward" and step.node == "L"]
    assert {type(each) for each in held} == {float}


def test_the_rules_in_latex() -> None:
    """Rules are set with commands for signs, names as names and words as text."""
    from backprop_tutor.render.narration.rule_tex import rule_latex

    names = {"X": "X", "W₁": "W_{1}", "v₁": "v_{1}", "A": "A"}
    for rule, latex in [
        ("Xᵀ·δ", r"X^{\top} \cdot \delta"),
        ("Σ over the rows of δ ⊙ W₁²", r"\sum\text{ over the rows of }\delta \odot W_{1}^{2}"),
        ("−v₁⁻¹·δ/√2", r"-v_{1}^{-1} \cdot \delta/\sqrt{2}"),
        ("max(ln(A), 1e-12)", r"\operatorname{max}(\operatorname{ln}(A), 1 \times 10^{-12})"),
        ("δ의 행 합", r"\delta\text{ 의 행 합 }"),
        ("one_hot(A)_%", r"\operatorname{one\_hot}(A)\_\%"),
    ]:
        assert rule_latex(rule, names) == latex
    d = bt.derive(*PROGRAMS["a layer"])
    written = d.explain("latex").partition(r"\begin{document}")[2]
    assert r"X^{\top} \cdot \delta" in written
    assert not set("ᵀδ⊙·") & set(written)


def two_layers(X: Any, W1: Any, b1: Any, W2: Any, b2: Any, y: Any) -> dict[str, Any]:
    """A network on a batch, differentiated by hand."""
    Z1 = X @ W1 + b1
    A1 = np.maximum(Z1, 0)
    S = A1 @ W2 + b2
    P = np.exp(S - S.max(1, keepdims=True))
    P /= P.sum(1, keepdims=True)
    n = len(y)
    dS = P.copy()
    dS[np.arange(n), y] -= 1
    dS /= n
    dZ1 = (dS @ W2.T) * (Z1 > 0)
    return {
        "L": -np.log(P[np.arange(n), y]).mean(), "W2": A1.T @ dS, "b2": dS.sum(0), "W1": X.T @ dZ1,
        "b1": dZ1.sum(0), "X": dZ1 @ W1.T,
    }  # fmt: skip


@pytest.mark.parametrize("seed", range(10))
def test_networks_on_batches(seed: int) -> None:
    """A network of random sizes has the gradients of code written by hand."""
    draw = np.random.default_rng(seed)
    n, i, h, o = draw.integers(2, 9, size=4)
    at = {
        "X": draw.normal(size=(n, i)), "W1": draw.normal(size=(i, h)), "b1": draw.normal(size=h),
        "W2": draw.normal(size=(h, o)), "b2": draw.normal(size=o), "y": draw.integers(0, o, size=n),
    }  # fmt: skip
    d = bt.derive("A = relu(X@W1 + b1); S = A@W2 + b2; L = cross_entropy(S, y)", at=at)
    right = two_layers(**at)
    assert float(d.values["L"]) == pytest.approx(right.pop("L"), rel=1e-13)
    for name, gradient in right.items():
        assert np.allclose(d.gradients[name], gradient, rtol=1e-11, atol=1e-14)
    assert "y" not in d.gradients


def test_what_was_read_is_said() -> None:
    """Letters side by side are a product of matrices where the shapes say so; stars never are."""
    d = bt.derive("Z = XW; L = sum(Z)", at={"X": X, "W": W})
    assert d.notes == ("`XW` was read as X @ W, the product of matrices",)
    square = np.eye(2)
    assert bt.derive("L = sum(A*B)", at={"A": square, "B": square + 1}).values["L"] == 4
    assert bt.derive("L = sum(A⊙B)", at={"A": square, "B": square + 1}).values["L"] == 4
    assert bt.derive("L = sum(AB)", at={"A": square, "B": square + 1}).values["L"] == 6
    assert bt.derive("L = sum(sA)", at={"s": 3, "A": square}).values["L"] == 6


def test_scores_are_said_to_be_scores() -> None:
    """Over arrays the cross-entropy takes scores, where of single numbers it takes shares: it is said."""
    d = bt.derive("L = cross_entropy(S, y)", at={"S": X, "y": [0, 1, 2, 0]})
    assert d.notes[-1] == (
        "`ce(S, y)` takes scores: softmax is part of it; of shares p it is -sum(Y*ln(p))/n"
    )


@pytest.mark.parametrize(
    ("name", "at", "terms"),
    [
        ("W", (0, 1), 4), ("b", (1,), 4), ("X", (2, 0), 2), ("Z", (3, 1), 1), ("b", 0, 4), ("L", (), 0),
    ],
)  # fmt: skip
def test_one_entry_in_full(name: str, at: Any, terms: int) -> None:
    """An entry's terms add up to its gradient; there is one for each entry that uses it."""
    d = bt.derive(*PROGRAMS["a layer"])
    entry = d.entry(name, at)
    place = at if isinstance(at, tuple) else (at,)
    if terms:
        assert sum(term.product for term in entry.terms) == pytest.approx(
            d.gradients[name][place], rel=1e-12
        )
    assert len(entry.terms) == terms
    assert entry.value == np.asarray(d.gradients[name])[place]


def test_the_rules_are_formulas() -> None:
    """Each edge says what it hands down, in matrices or entry by entry."""
    d = bt.derive("Z = X@W + b; A = σ(Z); H = A*A - A/2; L = sum(H)", at={"X": X, "W": W, "b": B})
    rules = {
        (edge.target, edge.source): d.local(edge.target, edge.source).rule
        for edge in d.edges.values()
    }
    assert rules == {
        ("L", "H"): "δ", ("H", "v3"): "δ", ("H", "v4"): "−δ", ("v3", "A"): "δ ⊙ A", ("v4", "A"): "δ·0.5",
        ("A", "Z"): "δ ⊙ A ⊙ (1 − A)", ("Z", "v1"): "δ", ("Z", "v2"): "δ",
        ("v2", "b"): "Σ over the rows of δ", ("v1", "X"): "δ·Wᵀ", ("v1", "W"): "Xᵀ·δ",
    }  # fmt: skip
    outer = bt.derive("z = Wx; L = sum(z)", at={"W": W.T, "x": X[0]})
    assert outer.local("z", "W").rule == "δ·xᵀ"
    assert outer.local("z", "x").rule == "Wᵀ·δ"


def test_every_entrywise_operation_has_a_formula() -> None:
    """The rule of every operation that goes entry by entry can be written, none as an address."""
    from backprop_tutor.ops import OPS

    for row in OPS.values():
        count = row.lists if row.lists > 1 else row.least
        if not row.elementwise or row.outputs:
            continue
        for slot in range(count):
            text = entrywise_formula(row, slot, tuple("ABCD"[:count]), ((2, 3),) * count, value="H")
            assert "δ" in text
            assert "object" not in text


def test_final_and_equal() -> None:
    """Arrays handed out cannot be written to; two derivations of the same arrays are equal, pickled too."""
    text, at = PROGRAMS["a layer"]
    d = bt.derive(text, at=at)
    assert d == bt.derive(text, at=at) == pickle.loads(pickle.dumps(d))  # noqa: S301  # of our own making
    assert hash(d) == hash(bt.derive(text, at=at))
    assert d != d.moved(b=[0, 0])
    for array in (d.values["Z"], d.gradients["W"], d.at["X"], d.graph.nodes["Z"]["value"]):
        with pytest.raises(ValueError, match="read-only"):
            array[0, 0] = 1
    at["X"][0, 0] += 0  # what was given stays the caller's
    assert isinstance(d.shapes, FrozenDict)
    assert len(repr(d)) < 200
    assert all("\n" not in repr(step) for step in d.steps)


def test_a_step_of_descent() -> None:
    """`update` moves what looks like a parameter against its gradient; the loss falls."""
    d = bt.derive(*PROGRAMS["a layer"])
    after = d.update(0.01)
    assert np.array_equal(after.at["W"], d.at["W"] - 0.01 * d.gradients["W"])
    assert np.array_equal(after.at["X"], d.at["X"])
    assert after.values["L"] < d.values["L"]
    assert after.previous == d


def test_labels_may_be_given_as_decimals() -> None:
    """Labels that a file gave as 0.0 and 2.0 are labels; one label of one row is a number."""
    wanted = bt.derive("L = cross_entropy(S, y)", at={"S": X, "y": [0, 2, 1, 0]})
    given = bt.derive("L = cross_entropy(S, y)", at={"S": X, "y": np.array([0.0, 2, 1, 0])})
    assert given.values["L"] == wanted.values["L"]
    assert "y" not in given.gradients
    one = bt.derive("L = cross_entropy(s, y)", at={"s": [1.0, 2], "y": 1})
    assert one.values["L"] == pytest.approx(np.log(1 + np.exp(-1)))


def test_the_graph_has_shapes_and_rules() -> None:
    """The networkx graph has shapes and arrays on nodes, rules on edges."""
    graph = bt.derive(*PROGRAMS["a layer"]).graph
    assert graph.nodes["Z"]["shape"] == (4, 2)
    assert (graph.nodes["v1"]["op"], graph.nodes["X"]["op"]) == ("matmul", "input")
    assert graph.edges["W", "v1", 1]["rule"] == "Xᵀ·δ"


def test_shapes_before_numbers() -> None:
    """Sizes may be symbols; every name has its shape, and misfits are told with them."""
    text = "A = relu(X@W1 + b1); S = A@W2 + b2; L = cross_entropy(S, y)"
    sizes = {
        "X": ("N", 784),
        "W1": (784, 128),
        "b1": (128,),
        "W2": (128, 10),
        "b2": (10,),
        "y": ("N",),
    }
    assert bt.shapes(text, sizes) == {**sizes, "A": ("N", 128), "S": ("N", 10), "L": ()}
    with pytest.raises(bt.ShapeError) as caught:
        bt.shapes("Z = X@W", {"X": ("N", 3), "W": ("M", 3)})
    assert (
        str(caught.value)
        == "line 1, column 5: the inner sizes 3 and M of N×3 @ M×3 differ; `X @ W.T` would be N×M\n  Z = X@W\n      ^^^"
    )
    with pytest.raises(
        bt.OptionError, match=r"a size of `X` is a whole number or a symbol, not `2\.5`"
    ):
        bt.shapes("Z = X", {"X": (2.5,)})  # type: ignore[dict-item]
