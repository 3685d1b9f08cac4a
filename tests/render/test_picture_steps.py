"""What a picture shows at each step: tests read the SVG's texts by id."""

from xml.etree import ElementTree

import pytest
from picture_geometry import SVG
from pictured import PROGRAMS, derived

import backprop_tutor as bt
from backprop_tutor.steps import AccumulateStep, BackwardStep, ForwardStep


def texts(picture):
    """Return the texts of a picture by id."""
    root = ElementTree.fromstring(picture.svg)
    return {e.get("id"): e.text or "" for e in root.iter(SVG + "text") if e.get("id")}


def classes(picture):
    """Return the classes of a picture's parts by id."""
    root = ElementTree.fromstring(picture.svg)
    return {e.get("id"): e.get("class").split() for e in root.iter() if e.get("id")}


def caption(picture):
    """Return the lines under a picture."""
    root = ElementTree.fromstring(picture.svg)
    group = next(e for e in root.iter(SVG + "g") if e.get("class") == "caption")
    return [e.text for e in group]


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_quantity_appears_in_the_step_that_finds_it(name):
    """Values show from their forward step, gradients from their last contribution; never before."""
    d = derived(name)
    value_of = {s.place: s.number for s in d.steps if isinstance(s, ForwardStep)}
    seed = next(s.number for s in d.steps if s.phase == "seed")
    found = {s.place: seed for s in d.steps if s.phase == "seed"}
    for step in d.steps:
        if isinstance(step, BackwardStep):
            found |= {edge.places[0]: step.number for edge in step.edges}
        elif isinstance(step, AccumulateStep):
            found[step.place] = step.number
    for number in range(len(d.steps) + 1):
        shown = texts(d.diagram(number))
        for place in range(len(d.graph_table.nodes)):
            assert bool(shown[f"node-{place}-value"]) == (number >= value_of.get(place, 0))
            gradient = shown.get(f"node-{place}-gradient")
            if d.upstreams[place] is not None:
                assert bool(gradient) == (number >= found.get(place, seed))
            else:
                assert gradient is None


def test_not_yet_known_is_blank_and_never_zero():
    """Before the backward pass no gradient stands anywhere, not even as 0."""
    d = derived("not_reached")
    before = d.diagram(3)
    assert not any(text for key, text in texts(before).items() if "gradient" in key)
    place = d.graph_table.find("b")
    assert texts(d.diagram())[f"node-{place}-gradient"] == "0"


def test_the_step_of_the_product_in_the_neuron():
    """The picture of the neuron's second product shows what the target shows."""
    d = derived("sigmoid_neuron")
    picture = d.diagram(10)
    assert caption(picture) == [
        "step 10 of 11 · backward · multiply",
        "∂f/∂w₁ = upstream × local = 0.1966 × x₁ = 0.1966 × (−2) = −0.3932",
        "∂f/∂x₁ = upstream × local = 0.1966 × w₁ = 0.1966 × (−3) = −0.5898",
        "the slope along one factor is the other factor",
    ]
    place = {name: d.graph_table.find(name) for name in ("w0", "w1", "x1", "m1", "f")}
    shown, state = texts(picture), classes(picture)
    assert shown[f"node-{place['w1']}-gradient"] == "−0.3932"
    assert shown[f"node-{place['w0']}-gradient"] == ""
    assert shown[f"edge-{place['m1']}-0-local"] == "x₁ = −2"
    assert state[f"gate-{place['m1']}"] == ["gate", "active"]
    assert state[f"edge-{place['m1']}-1"] == ["edge", "active"]
    assert state[f"gate-{place['f']}"] == ["gate", "done"]
    assert "found" in state[f"node-{place['w1']}-gradient"]
    assert "found" not in state[f"node-{place['m1']}-gradient"]


def test_factors_show_the_digits_that_make_the_line_true():
    """Where two figures do not multiply to the product shown, the factors show more of theirs."""
    d = derived("sigmoid_neuron")
    assert caption(d.diagram(10, precision=2))[1].endswith("0.197 × x₁ = 0.197 × (−2) = −0.39")
    assert caption(d.diagram(10))[1].endswith("0.1966 × x₁ = 0.1966 × (−2) = −0.3932")


def test_forward_seed_and_sum_have_their_lines():
    """A forward step shows symbols, numbers, value; the sum of contributions is written out."""
    d = bt.derive("q = x + y\nf = q*x", at={"x": 3, "y": -1})
    lines = {step.phase: caption(d.diagram(step.number)) for step in d.steps}
    assert lines["forward"][:2] == ["step 2 of 6 · forward · multiply", "f = q·x = 2·3 = 6"]
    assert lines["seed"][:2] == ["step 3 of 6 · seed", "∂f/∂f = 1"]
    assert lines["accumulate"] == [
        "step 6 of 6 · accumulate · x",
        "∂f/∂x = 3 + 2 = 5",
        "x has 2 uses: what they hand back adds up",
    ]


def test_contributions_stand_on_their_arrows():
    """A wire with several uses carries each contribution on its arrow; one with one use does not."""
    d = bt.derive("q = x + y\nf = q*x", at={"x": 3, "y": -1})
    shown = texts(d.diagram())
    q, f = d.graph_table.find("q"), d.graph_table.find("f")
    assert shown[f"edge-{q}-0-downstream"] == "3"
    assert shown[f"edge-{f}-1-downstream"] == "2"
    assert f"edge-{q}-1-downstream" not in shown
    assert texts(d.diagram(4))[f"edge-{q}-0-downstream"] == ""


def test_a_local_gradient_that_is_a_number_stands_alone():
    """`1` is not written `1 = 1`, and a symbol stands with its number."""
    d = derived("sigmoid_neuron")
    shown = texts(d.diagram())
    s, f = d.graph_table.find("s"), d.graph_table.find("f")
    assert shown[f"edge-{s}-0-local"] == "1"
    assert shown[f"edge-{f}-0-local"] == "f·(1 − f) = 0.1966"


def test_kinks_and_ties_are_said_aloud():
    """On a kink or at a tie the caption names the convention."""
    d = derived("many_operands")
    step = next(s for s in d.steps if s.phase == "backward" and len(s.edges) == 7)
    assert "x₂ and x₄ tie; by convention" in " ".join(caption(d.diagram(step.number)))


def test_before_the_first_step_only_inputs_are_known():
    """Step 0 shows the inputs' values; operations are pending."""
    picture = derived("line").diagram(0)
    assert [t for t in texts(picture).values() if t] == ["−2", "5", "3"]
    state = classes(picture)
    assert state["gate-2"] == ["gate", "pending"]
    assert state["node-0"] == ["wire", "done"]


def test_large_pictures_have_short_labels():
    """Above 60 nodes an arrow carries the number alone; at 60 still symbol and number."""
    few = bt.derive("f = " + " + ".join(["w*x"] * 20), at={"w": 2, "x": 3})
    many = bt.derive("f = " + " + ".join(["w*x"] * 31), at={"w": 2, "x": 3})
    assert len(few.graph_table.nodes) <= 60 < len(many.graph_table.nodes)
    assert "x = 3" in texts(few.diagram()).values()
    assert "x = 3" not in texts(many.diagram()).values()
    assert "3" in texts(many.diagram()).values()


def test_constants_show_their_number_and_no_gradient():
    """A constant has a value as typed, no name and no gradient; π has its name."""
    d = bt.derive("f = 2.50*x + pi*y", at={"x": 1, "y": 1})
    root = ElementTree.fromstring(d.diagram().svg)
    wires = [e for e in root.iter(SVG + "g") if "constant" in e.get("class", "")]
    shown = [[t.text for t in wire.iter(SVG + "text")] for wire in wires]
    assert sorted(shown) == [["2.50"], ["π", "3.142"]]
