import re
from itertools import pairwise

import pytest
from picture_geometry import faults, measure
from pictured import PROGRAMS, derived, recurrence

import backprop_tutor as bt
from backprop_tutor.render.drawing.diagram import Diagram, Plate


def drawn(plate, steps):
    return {step: measure(Diagram(plate, step).svg) for step in steps}


@pytest.mark.parametrize("name", PROGRAMS)
def test_nothing_overlaps_and_nothing_is_cut(name):
    """In every frame of every case texts keep clear of texts, gates and arrows, inside the picture."""
    plate = Plate(derived(name))
    for step, picture in drawn(plate, [None, *range(plate.steps + 1)]).items():
        assert faults(picture) == [], f"{name}, step {step}"


def test_the_measuring_sees_an_overlap():
    """A text moved onto its neighbour, or out of the picture, is a fault."""
    svg = Plate(derived("line")).sheet.at(6)
    assert faults(measure(svg)) == []
    assert faults(measure(svg.replace('class="local" x="', 'class="local" x="-')))
    assert faults(measure(svg.replace('class="value" x="', 'class="value" x="9999')))


@pytest.mark.parametrize("steps", [14, 60])
def test_far_arrows_keep_clear_of_everything(steps):
    """Where inputs are used along a long chain, their arrows run in lanes and strike no text."""
    plate = Plate(recurrence(steps))
    for picture in drawn(plate, [None, plate.steps // 2]).values():
        assert faults(picture) == []


@pytest.mark.parametrize("blank", [("values", "gradients", "locals"), ("downstream",)])
def test_worksheets_keep_clear_too(blank):
    """Empty slots take no place from the texts that remain."""
    plate = Plate(derived("three_uses"), blank=blank)
    assert faults(measure(plate.sheet.at(plate.steps + 1))) == []


def test_two_uses_by_one_gate_are_two_labelled_arrows():
    """x·x has two arrows from x into the gate, each with its label, one above the other."""
    picture = measure(derived("square").diagram().svg)
    assert len(picture.arrows) == 2
    locals_ = [box for box in picture.texts if "-local local " in box.what]
    assert [box.what.split(" local ")[1] for box in locals_] == ["x = 3", "x = 3"]
    assert not locals_[0].meets(locals_[1])
    assert locals_[0].left == locals_[1].left


def test_arrows_end_at_their_gate_and_begin_at_their_wire():
    """Every arrow starts where its wire's line ends and touches the circle of its gate."""
    picture = measure(derived("mazur").diagram().svg)
    gates = {box.what.removeprefix("gate-"): box for box in picture.gates}
    for key, line in picture.arrows.items():
        gate = gates[key.split("-")[1]]
        x, y = (gate.left + gate.right) / 2, (gate.top + gate.bottom) / 2
        distance = ((line[-1][0] - x) ** 2 + (line[-1][1] - y) ** 2) ** 0.5
        assert distance == pytest.approx(18 + 8, abs=0.3), key


def test_operands_enter_their_gate_in_the_order_typed():
    """Of two operands with one use each, the one typed first comes in above."""
    picture = measure(bt.derive("f = b - a", at={"a": 1, "b": 2}).diagram().svg)
    first, second = (picture.arrows[key] for key in ("edge-2-0", "edge-2-1"))
    assert first[-1][1] < second[-1][1]


def test_text_boxes_are_sized_for_the_widest_text():
    """A gradient of many figures found late has its room from the first frame on."""
    d = bt.derive("f = x*1", at={"x": 1.0})
    wide = bt.derive("f = x*w", at={"x": 1.0, "w": 1.23456789e-7})
    assert Plate(wide, precision=12).placement.width > Plate(wide, precision=2).placement.width
    assert Plate(d).placement.width < Plate(wide).placement.width


WIDE = {
    "a neuron taken apart": "f = 1/(1 + exp(-(w0*x0 + w1*x1 + w2)))",
    "a chain": "; ".join(["h0 = tanh(x)", *(f"h{i} = sin(h{i - 1} + h0)" for i in range(1, 12))]),
    "an input used throughout": "; ".join(["a0 = x*w", *(f"a{i} = σ(a{i - 1}*w + x)" for i in range(1, 7))]),
}


@pytest.mark.parametrize("name", WIDE)
def test_long_circuits_stand_in_rows(name):
    """A picture too wide for a slide is wrapped: at most 2.5 times as wide as high, nothing overlaps."""
    program = WIDE[name]
    plate = Plate(bt.derive(program, at=dict.fromkeys(bt.parse(program).inputs, 0.5)))
    straight = Plate(plate.derivation, wrap=False)
    assert straight.placement.width > 1.5 * plate.placement.width
    width, height = Diagram(plate).size
    assert width <= 2.5 * height
    assert faults(measure(plate.sheet.at(plate.steps + 1))) == []
    assert len({round(wire.y) for wire in plate.placement.wires}) > len({round(wire.y) for wire in straight.placement.wires})


@pytest.mark.parametrize("name", WIDE)
@pytest.mark.parametrize("room", [700.0, 742.0, 940.0, 1000.0])
def test_rows_keep_to_a_width(name, room):
    """Asked for, no row is wider, although columns come out wider than estimated; nothing overlaps."""
    program = WIDE[name]
    d = bt.derive(program, at=dict.fromkeys(bt.parse(program).inputs, 0.5))
    plate = Plate(d, room=room)
    assert plate.placement.width <= room
    assert len(plate.placement.rows) >= 2
    assert all(top < foot < after for (top, foot), (after, _) in pairwise(plate.placement.rows))
    assert faults(measure(plate.sheet.at(plate.steps + 1))) == []
    assert plate != Plate(d)


@pytest.mark.parametrize("name", WIDE)
def test_an_upright_page_is_not_made_wider(name):
    """Rows on a sheet of A4 upright keep to its width."""
    program = WIDE[name]
    plate = Plate(bt.derive(program, at=dict.fromkeys(bt.parse(program).inputs, 0.5)), fit="a4")
    assert Diagram(plate).size[0] <= 794.5


def test_a_column_too_wide_is_a_row_by_itself():
    """Nothing is shrunk or dropped where one gate alone is wider than asked for."""
    plate = Plate(bt.derive("f = exp(x*y)*z", at={"x": 1, "y": 2, "z": 3}), room=100.0)
    assert len(plate.placement.rows) == 3
    assert plate.placement.width > 100
    assert faults(measure(plate.sheet.at(plate.steps + 1))) == []


def test_a_wire_comes_again_where_a_later_row_uses_it():
    """It has its name, its value and its gradient there too, each from the step that finds it, and no id."""
    plate = Plate(bt.derive(WIDE["a neuron taken apart"], at={"w0": 2, "x0": -1, "w1": -3, "x1": -2, "w2": -3}))
    (landing,) = plate.placement.landings
    assert (landing.spot.gate, round(landing.spot.name)) == (None, 0)
    name = plate.circuit.wires[landing.wire].name
    for step in range(plate.steps + 2):
        svg = plate.sheet.at(step)
        own = svg[svg.index(f'id="node-{landing.wire}"') :]
        again = svg[svg.index(f'data-node="{name}" class="wire landing') :]
        for kind in ("value", "gradient"):
            texts = [re.search(rf'class="{kind}[^>]*>([^<]*)<', part)[1] for part in (own, again)]
            assert texts[0] == texts[1], (step, kind)
        assert "id=" not in again[: again.index("</g>")]


def test_the_slope_of_a_gate_with_one_arrow_stands_below_it():
    """Its arrow stays short; a gate with two arrows has each slope on its own arrow."""
    picture = measure(bt.derive("f = σ(x)*y", at={"x": 1, "y": 2}).diagram().svg)
    below = next(box for box in picture.texts if box.what.startswith("edge-1-0-local"))
    gate = next(box for box in picture.gates if box.what == "gate-1")
    assert below.top >= gate.bottom
    assert abs((below.left + below.right) - (gate.left + gate.right)) < 1
    for key in ("edge-3-0-local", "edge-3-1-local"):
        on = next(box for box in picture.texts if box.what.startswith(key))
        times = next(box for box in picture.gates if box.what == "gate-3")
        assert on.right < times.left
