"""The explanation at the scale of neurons: its lines, its formats, that every line is true."""

from __future__ import annotations

import json

import multiplied_out as reader
import pytest
from networks_drawn import DRAWN, MAZUR, POINT, small

import backprop_tutor as bt


def lines_of(text: str, number: int) -> list[str]:
    """Return the lines of a step in a text."""
    lines = text.splitlines()
    start = next(i for i, line in enumerate(lines) if line.startswith(f"  {number}  "))
    found = []
    for line in lines[start + 1 :]:
        if not line.startswith("      "):
            break
        found.append(line.strip())
    return found


def test_a_neurons_backward_step_is_spelled_out() -> None:
    """δ comes from the contributions, then each weight's gradient; a shared bias gets its part."""
    text = bt.derive(MAZUR, POINT).explain(scale="neurons", check=False)
    assert lines_of(text, 11) == [
        "∂E/∂h₁ = δₒ₁·w₅ + δₒ₂·w₇ = 0.1385·0.4 + (−0.0381)·0.5 = 0.0554 − 0.01905 = 0.03635",
        "δₕ₁ = ∂E/∂h₁ × σ′(net_h1) = 0.03635 × h₁·(1 − h₁) = 0.03635 × 0.2413 = 0.008771",
        "∂E/∂w₁ = δₕ₁·i₁ = 0.008771·0.05 = 0.0004386",
        "∂E/∂w₂ = δₕ₁·i₂ = 0.008771·0.1 = 0.0008771",
        "part of ∂E/∂b₁ = δₕ₁ = 0.008771",
        "h₁ has 2 uses: what they hand back adds up · a weight's gradient is δ where it ends × the "
        "value where it starts",
    ]
    assert "  11  neuron h₁   [gate steps 48, 54–55, 57–58, 60]" in text.splitlines()


def test_forward_steps_and_the_error_are_spelled_out() -> None:
    """A sum and its activation; the error, and its slope at each output."""
    text = bt.derive(MAZUR, POINT).explain(scale="neurons", check=False, detail="brief")
    assert lines_of(text, 1) == [
        "net_h1 = w₁·i₁ + w₂·i₂ + b₁ = 0.15·0.05 + 0.2·0.1 + 0.35 = 0.3775",
        "h₁ = σ(net_h1) = σ(0.3775) = 0.5933",
    ]
    assert lines_of(text, 7) == [
        "∂E/∂o₁ = o₁ − t₁ = 0.7514 − 0.01 = 0.7414", "∂E/∂o₂ = o₂ − t₂ = 0.7729 − 0.99 = −0.2171",
    ]  # fmt: skip
    assert lines_of(text, 10) == ["∂E/∂b₂ = δₒ₁ + δₒ₂ = 0.1385 − 0.0381 = 0.1004"]


def test_softmax_adds_up_what_comes_back_to_each_output() -> None:
    """δ of a softmax neuron is a sum over the outputs, from the function's own slopes."""
    d = bt.derive(
        "z1 = w1*x + b1; z2 = w2*x + b2; p1, p2 = softmax(z1, z2); L = ce([p1, p2], [t1, t2])",
        {"w1": 1, "x": 2, "b1": 0.5, "w2": -1, "b2": 0.1, "t1": 1, "t2": 0},
    )
    lines = lines_of(d.explain(scale="neurons", check=False), 6)
    assert lines[0] == (
        "δₚ₁ = ∂L/∂p₁·∂p₁/∂z₁ + ∂L/∂p₂·∂p₂/∂z₁ = (−1.0123)·0.011981 + 0·(−0.011981) = −0.01213"
    )
    assert lines[1] == "∂L/∂w₁ = δₚ₁·x = (−0.01213)·2 = −0.02426"


def test_a_residual_sum_hands_back_its_part() -> None:
    """A value that a neuron and a box use gets both contributions; a shared weight adds up."""
    d = bt.derive(
        "h1 = relu(w*x + b); h2 = relu(v*h1 + c) + h1; y = σ(u*h2); L = (y - t)^2 + w^2",
        {"w": 1, "x": 2, "b": 0.5, "v": -1, "c": 3, "t": 1, "u": 0.2},
    )
    text = d.explain(scale="neurons", check=False)
    assert lines_of(text, 11)[0] == (
        "∂L/∂h₁ = δᵥ₅·v + part through h₂ = (−0.03243)·(−1) − 0.03243 = 0.03243 − 0.03243 = 0"
    )
    assert lines_of(text, 12)[0] == "∂L/∂w = δₕ₁·x + 2·w = 0·2 + 2 = 0 + 2 = 2"


@pytest.mark.parametrize(
    ("name", "precision"),
    [*((name, 4) for name in DRAWN), ("mazur", 2), ("mazur", 7), ("3-3-3 softmax", 7), ("long", 2)],
)
def test_every_line_of_numbers_is_true(name: str, precision: int) -> None:
    """Every term of numbers gives the result behind it, as shown, multiplied out by a reader of text."""
    d = DRAWN[name]()
    text = d.explain(scale="neurons", check=False, precision=precision)
    rows = [row.replace("   [", "   (") for row in text.splitlines()]
    rows += reader.latex_lines(d.explain("latex", scale="neurons", check=False, precision=precision))
    assert [fault for row in rows for fault in reader.wrong(row, precision)] == []
    assert sum(len(terms) for row in rows for terms, _ in reader.equations(row)) > 3


@pytest.mark.parametrize("format", ["text", "markdown", "latex"])
@pytest.mark.parametrize("lang", ["en", "ko"])
@pytest.mark.parametrize("name", ["mazur", "3-3-3 softmax", "skipping", "16-10-4"])
def test_every_format_and_language_is_written(name: str, lang: str, format: str) -> None:
    """Each format has every step's number, in both languages."""
    d = DRAWN[name]()
    text = d.at_scale("neurons").explain(format, lang=lang, check=False, update=0.5)
    for step in d.at_scale("neurons").steps:
        assert f"{step.number}  " in text


def test_json_has_the_network_and_its_steps() -> None:
    """Layers with each neuron's sum, value, gradient, δ and weights; steps with their gate steps."""
    data = json.loads(bt.derive(MAZUR, POINT).explain("json", scale="neurons"))
    assert data["schema"] == "backprop_tutor.neurons"
    assert [len(layer["neurons"]) for layer in data["layers"]] == [2, 2]
    first = data["layers"][0]["neurons"][0]
    assert (first["name"], first["bias"]) == ("h1", {"name": "b1", "sign": 1})
    assert first["delta"] == pytest.approx(0.00877135468948694)
    assert sorted(gate for step in data["steps"] for gate in step["gates"]) == list(range(1, 62))


def test_a_program_without_neurons_says_so_and_shows_gates() -> None:
    """Its explanation and pictures are those of its gates, with a remark below the title."""
    d = bt.derive("q = x + y; f = q*z", {"x": -2, "y": 5, "z": -4})
    scaled = d.at_scale("neurons")
    assert (scaled.scale, scaled.steps) == ("gates", d.steps)
    remark = "f has no neuron: no activation of a weighted sum; its gates are shown"
    assert scaled.remark == remark
    assert remark in scaled.explain()
    assert scaled.explain().replace(f"  {remark}\n", "") == d.explain()
    assert scaled.diagram().svg == d.diagram().svg


def test_gates_are_the_derivations_own() -> None:
    """The scale of gates is what a derivation shows by itself."""
    d = small("h = σ(w*x + b); L = (h - t)^2")
    scaled = d.at_scale("gates")
    assert scaled.steps == d.steps
    assert scaled.explain() == d.explain()
    assert [f.svg for f in scaled.frames()] == [f.svg for f in d.frames()]
    assert scaled.remark == ""


def test_a_long_sum_leaves_its_middle_out() -> None:
    """A neuron of forty inputs is told with three of its products and how many more there are."""
    d = bt.derive(bt.network([40, 1], loss=None))
    line = lines_of(d.explain(scale="neurons", check=False), 1)[0]
    assert line.count("… (38 more)") == 2
    assert line.startswith("z⁽¹⁾₁ = ")
