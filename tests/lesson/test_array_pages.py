"""The page of matrices: its rules are Python's, its data are whole, its options are checked."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import backprop_tutor as bt
from backprop_tutor.errors import OptionError
from backprop_tutor.lesson import lesson, page
from backprop_tutor.lesson.array_javascript import array_rules

FOLDER = Path(page.__file__).parent
needs_node = pytest.mark.skipif(shutil.which("node") is None, reason="Node is not installed")

LAYER = "Z = X@W + b; P = softmax(Z); L = -sum(Y*ln(P))/2"
AT = {
    "X": [[1, 2, -1], [0.5, -1, 2]], "W": [[0.5, 0.25], [-1, 0.75], [0.25, 1]], "b": [0.5, -0.2],
    "Y": [[1, 0], [0, 1]],
}  # fmt: skip


@pytest.fixture(scope="module")
def layer() -> bt.ArrayDerivation:
    return bt.derive(LAYER, at=AT)


def drawn(*shape: int) -> Any:
    return np.random.default_rng(sum(shape)).normal(size=shape)


PROGRAMS = {
    "a sum that is used for each row": ("Z = X@W + b; L = mean(Z**2)", {"X": drawn(4, 3), "W": drawn(3, 2), "b": drawn(2)}),
    "labels": ("H = relu(X@W); L = cross_entropy(H@V, y)", {"X": drawn(4, 3), "W": drawn(3, 5), "V": drawn(5, 3), "y": [0, 2, 1, 1]}),
    "softmax": (LAYER, AT),
    "batchnorm": ("Z = batchnorm(X@W, g, b); L = mse(sigmoid(Z), Y)", {"X": drawn(4, 3), "W": drawn(3, 2), "g": [1.0, 2], "b": [0.0, 1], "Y": drawn(4, 2)}),
    "layernorm": ("L = sum(layernorm(A, g, b)*C)", {"A": drawn(3, 4), "g": drawn(4), "b": drawn(4, 1)[:, 0], "C": drawn(3, 4)}),
    "the largest": ("L = max(A) + min(A[:,1]) + sum(max(A, axis=1)) + norm(A)", {"A": drawn(3, 4)}),
    "columns": ("L = bce(sigmoid(W@x + b), t)", {"W": drawn(2, 3), "x": drawn(3), "b": drawn(2), "t": [0, 1.0]}),
    "pieces": ("L = sum(concat(A, B)@C) + dot(u, v) + sum(outer(u, v)) + prod(u)", {"A": drawn(2, 3), "B": drawn(2, 3), "C": drawn(3, 2), "u": drawn(3), "v": drawn(3)}),
    "a mask": ("L = sum(cumsum(A, axis=0)*flip(A, 1)) + sum(dropout(A, m))", {"A": drawn(2, 3), "m": [[1.0, 0, 1], [0, 1, 1]]}),
    "a value used twice": ("L = sum(A@A) + sum(A*A)", {"A": drawn(3, 3)}),
}  # fmt: skip


def as_program(d: bt.ArrayDerivation) -> dict[str, Any]:
    """Return a derivation as the evaluator takes it, with Python's numbers beside it."""
    found = array_rules(d.graph_table, d.numbers)
    assert found is not None
    text, codes = found
    graph = d.graph_table
    nodes = [
        {"code": code, "operands": node.operands, "size": int(np.size(d.numbers[i])),
         "varies": d.upstreams[i] is not None, "relevant": bool(graph.relevant[i])}
        for i, (node, code) in enumerate(zip(graph.nodes, codes, strict=True))
    ]  # fmt: skip
    leaves = {i: np.ravel(d.numbers[i]).tolist() for i, n in enumerate(graph.nodes) if n.kind != "operation"}
    return {"program": {"nodes": nodes, "output": graph.output}, "rules": text, "leaves": leaves}


@needs_node
def test_the_pages_rules_give_the_numbers_of_the_derivation() -> None:
    """The rules of the table, written as JavaScript, give every value and every gradient to 1e-12."""
    derivations = {name: bt.derive(text, at=at) for name, (text, at) in PROGRAMS.items()}
    source = "\n".join((FOLDER / name).read_text() for name in ("kernel.js", "array-evaluator.js"))
    work = (
        f'"use strict";{source}\nconst data = JSON.parse(require("fs").readFileSync(0, "utf8"));'
        'const made = (text) => new Function("K", `return ${text}`)(K);'
        "process.stdout.write(JSON.stringify(data.map((d) => runArrays(d.program, made(d.rules), d.leaves))));"
    )
    done = subprocess.run(
        ["node", "-e", work], input=json.dumps([as_program(d) for d in derivations.values()]),
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    for (name, d), found in zip(derivations.items(), json.loads(done.stdout), strict=True):
        for place, (value, gradient) in enumerate(zip(d.numbers, d.upstreams, strict=True)):
            assert np.allclose(found[f"v{place}"], np.ravel(value), rtol=1e-12, atol=1e-12), name
            if gradient is not None:
                assert np.allclose(found[f"g{place}"], np.ravel(gradient), rtol=1e-12, atol=1e-12), name


def test_a_page_without_rules_where_the_program_is_too_large() -> None:
    """A program too large to be computed in the page has a page all the same, of at most 3 MB."""
    d = bt.derive("L = sum(relu(X@W))", at={"X": drawn(40, 300), "W": drawn(300, 30)})
    assert array_rules(d.graph_table, d.numbers) is None
    assert len(d.lesson().html) < 3_000_000


def test_the_page_loads_nothing_and_hides_its_answers(layer: bt.ArrayDerivation) -> None:
    """Nothing is asked of the net, no gradient stands in the source, and two pages are the same bytes."""
    html = lesson(layer).html
    assert "default-src 'none'" in html
    assert not re.search(r"<(link|img|iframe|object|embed)\b", html)
    assert f"{layer.gradients['W'][0, 0]:.4f}" not in html
    assert html == bt.derive(LAYER, at=AT).lesson().html


def test_a_page_without_its_key_holds_no_gradient(layer: bt.ArrayDerivation) -> None:
    """It has a field for each entry of each matrix, and nothing that was derived."""
    html = layer.lesson(key=False, asked=["dL/dW", "shape(dL/dX)", "dL/dW[0,1]"], problem="p").html
    assert re.findall(r'data-cell="([^"]*)"', html) == [
        *(f"dL/dW[{i},{j}]" for i in range(3) for j in range(2)), "shape(dL/dX)", "dL/dW[0,1]"
    ]  # fmt: skip
    assert "lesson-data" not in html
    assert "RULES" not in html


SCALES = {
    "gates of matrices": (LAYER, AT, "gates", "a page of matrices shows layers, not `gates`"),
    "neurons of matrices": (LAYER, AT, "neurons", "a page of matrices shows layers, not `neurons`"),
    "neurons of none": ("f = x*y", {"x": 1, "y": 2}, "neurons", "f has no neuron: no activation of a weighted sum; choose gates"),
    "layers of numbers": ("f = x*y", {"x": 1, "y": 2}, "layers", "f has no neuron: no activation of a weighted sum; choose gates"),
    "a word that is none": ("f = x*y", {"x": 1, "y": 2}, "neuron", "there is no scale `neuron`; did you mean `neurons`?"),
}  # fmt: skip


@pytest.mark.parametrize("case", SCALES)
def test_a_scale_that_a_program_does_not_have(case: str) -> None:
    """It is refused with what there is."""
    text, at, scale, message = SCALES[case]
    with pytest.raises(OptionError) as caught:
        bt.derive(text, at=at).lesson(scale=scale)
    assert str(caught.value) == message


def test_asked_quantities_are_checked(layer: bt.ArrayDerivation) -> None:
    """What is given, and what no step finds, cannot be asked."""
    with pytest.raises(OptionError) as caught:
        layer.lesson(asked=["X"])
    assert str(caught.value) == "`X` is given, so practice cannot ask for it"
    with pytest.raises(OptionError) as caught:
        layer.lesson(asked=["new(W)"])
    assert str(caught.value) == "`new(W)` is found by no step of the lesson"
