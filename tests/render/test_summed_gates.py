"""Pictures of a network's gates: a weighted sum is one gate and one step, rows are folded to the format."""

from __future__ import annotations

import re

import pytest
from networks_drawn import MAZUR, POINT

import backprop_tutor as bt
from backprop_tutor.render.drawing.diagram import Plate
from backprop_tutor.render.drawing.sums import find_sums
from backprop_tutor.scales import recognise


def mazur() -> bt.Derivation:
    return bt.derive(MAZUR, POINT)


def texts(svg: str) -> list[str]:
    """Return what a picture shows, tags left out."""
    return [each for each in re.findall(r">([^<>]+)</text>", svg) if each.strip()]


def told(svg: str) -> str:
    """Return a picture's formulas, however they are broken into lines."""
    return " ".join(re.findall(r'class="formula"[^>]*>([^<]*)<', svg))


def test_a_weighted_sum_is_one_gate_and_one_step() -> None:
    """61 steps become 37: the steps of each sum are one forward and one backward, each in one of them."""
    d = mazur()
    network = recognise(d.graph_table)
    assert network is not None
    found = find_sums(d, network)
    assert (len(d.steps), len(found.steps)) == (61, 37)
    assert sorted(found.number_of) == [step.number for step in d.steps]
    assert sorted(d.graph_table.nodes[net].name for net in found.sums) == [
        "net_h1", "net_h2", "net_o1", "net_o2",
    ]  # fmt: skip
    assert len(d.at_scale("gates").frames()) == 37
    assert len(d.at_scale("gates", binary=True).frames()) == len(d.frames()) == 61


def test_its_caption_has_every_number() -> None:
    """Forward the sum is written out; backward each weight has its line, and what goes on has one."""
    gates = mazur().at_scale("gates")
    forward = texts(gates.diagram(1).svg)
    assert "step 1 of 37 · forward · weighted sum" in forward
    assert told(gates.diagram(1).svg) == (
        "net_h1 = w₁·i₁ + w₂·i₂ + b₁ = 0.15·0.05 + 0.2·0.1 + 0.35 = 0.3775"
    )
    backward = texts(gates.diagram(34).svg)
    assert "step 34 of 37 · backward · weighted sum" in backward
    assert told(gates.diagram(34).svg) == (
        "∂E/∂w₁ = upstream × i₁ = 0.008771 × 0.05 = 0.0004386  ·  ∂E/∂w₂ = upstream × i₂ = 0.008771 × 0.1 = "
        "0.0008771 through net_h1: i₁ gets upstream × w₁ = 0.001316, i₂ gets upstream × w₂ = 0.001754, b₁ "
        "gets 0.008771"
    )


def test_its_weights_stand_on_its_arrows() -> None:
    """An arrow has the weight's name and value above, its gradient below beside the contribution."""
    svg = mazur().at_scale("gates").diagram().svg
    shown = texts(svg)
    for name in ("w₁", "0.15", "0.0004386", "0.001316", "Σ", "x²", "÷2"):
        assert name in shown
    assert "×" not in shown


WHAT_STAYS = {
    "a weight used twice": "h1 = tanh(w*x + b); h2 = tanh(w*h1 + c); y = v*h2 + u*h1; L = y^2",
    "a product taken away": "h1 = tanh(b - w*x); h2 = tanh(v*h1 + c); y = u*h2 + d; L = y^2",
    "an input taken twice": "h1 = tanh(w*x + v*x + b); h2 = σ(u*h1 + c); L = h2^2",
}


@pytest.mark.parametrize("program", WHAT_STAYS.values(), ids=list(WHAT_STAYS))
def test_what_is_no_plain_sum_is_taken_apart(program: str) -> None:
    """Its products and sums are gates of their own, and every step is in one picture."""
    parsed = bt.parse(program)
    d = bt.derive(parsed, {name: 0.1 * (i + 2) for i, name in enumerate(parsed.inputs)})
    frames = d.at_scale("gates").frames()
    assert 8 < len(frames) < len(d.steps)
    assert "×" in texts(frames[-1].svg)


SMALLEST = {
    "mazur": (mazur, 11.0),
    "2-2-1": (lambda: bt.derive(bt.network([2, 2, 1])), 11.9),
    "the sigmoid neuron taken apart": (
        lambda: bt.derive("f = 1/(1 + exp(-(w0*x0 + w1*x1 + w2)))",
                          {"w0": 2, "x0": -1, "w1": -3, "x1": -2, "w2": -3}), 11.9,
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", SMALLEST.values(), ids=list(SMALLEST))
def test_labels_stay_legible_on_a_slide(case: tuple[object, float]) -> None:
    """At 1280×720 a label of 12 px is shown with at least 11, and no picture is flatter than 2.5 to 1."""
    made, least = case
    width, height = made().at_scale("gates").diagram(fit="16:9").size  # type: ignore[operator]
    assert 12 * min(1.0, 1280 / width, 720 / height) >= least
    assert width <= 2.5 * height


@pytest.mark.parametrize("fit", ["16:9", "4:3", "a4", "phone"])
def test_all_frames_of_a_format_share_one_layout(fit: str) -> None:
    """Sizes and the places of gates and names are the same in the first, a middle and the last frame."""
    network = recognise(mazur().graph_table)
    plate = Plate(mazur(), network=network, fit=fit)  # type: ignore[arg-type]
    places = [
        (re.search(r'viewBox="[^"]*"', svg)[0], re.findall(r'<circle [^>]*>|class="name" x="[^"]*" y="[^"]*"', svg))  # type: ignore[index]
        for svg in (plate.picture(step) for step in (0, 20, 38))
    ]
    assert places[0] == places[1] == places[2]


def test_the_scale_by_default_is_the_largest_that_tells_the_whole() -> None:
    """Gates for a formula, neurons for a network of at most 12 units a layer, layers for more and for matrices."""
    line = bt.derive("f = w*x + b", {"w": 1, "x": 2, "b": 3})
    wide = bt.derive(bt.network([2, 13, 1]))
    over = bt.derive("L = sum(X)", at={"X": [[1.0, 2.0]]})
    found = [d.at_scale().scale for d in (line, mazur(), wide, over)]
    assert found == ["gates", "neurons", "layers", "layers"]


def test_rules_of_one_picture_reach_no_other() -> None:
    """Pictures of all scales share a page: the style of gates names a class that no other picture has."""
    d = mazur()
    svg = d.at_scale("gates").diagram().svg
    selectors = re.findall(r"([^{}]+)\{", svg.split("<style>")[1].split("</style>")[0])
    assert all(part.startswith(".backprop.light ") for each in selectors for part in each.split(","))
    for scale in ("neurons", "layers"):
        head = d.at_scale(scale).diagram().svg.split(">", 1)[0]  # type: ignore[arg-type]
        assert "backprop" not in head.split('class="')[1].split('"')[0].split()


def test_graphviz_is_told_where_everything_stands() -> None:
    """Each wire and gate of the DOT has its place, a wire that comes again too; weights are on the arrows."""
    plate = Plate(mazur(), network=recognise(mazur().graph_table))
    source = plate.source(38)
    nodes = re.findall(r'^\t([wgl]\d+) \[.*pos="[-\d.]+,[-\d.]+!"', source, re.MULTILINE)
    wires, gates = len(plate.circuit.wires), sum(wire.gate is not None for wire in plate.circuit.wires)
    assert len(nodes) == wires + gates + len(plate.placement.landings)
    assert r'label="w₁ 0.15\n0.0004386 [0.001316]"' in source
