"""Pictures at the scale of neurons: one layout, texts that never meet, what each step shows."""

from __future__ import annotations

import re
from itertools import pairwise, takewhile
from xml.etree import ElementTree

import pytest
from networks_drawn import DRAWN, frames_of, place, plate_of, texts
from stage_pictures import assert_texts_apart

import backprop_tutor as bt
from backprop_tutor.choices import ThemeName, words
from backprop_tutor.render.drawing.shapes import path_commands
from backprop_tutor.render.neurons.labels import fitted
from backprop_tutor.render.stage.marks import Disc, Path, Rect, Words

SLIDES = ["mazur", "2-2-1", "3-4-2"]


@pytest.mark.parametrize(
    ("name", "fit"), [*((name, "16:9") for name in DRAWN), ("mazur", "4:3"), ("3-4-2", "4:3"), ("mazur", "phone"), ("3-4-2", "phone")]
)
def test_nothing_moves_between_frames(name: str, fit: str) -> None:
    """A part that is drawn in two frames stands at the same place in both; the size is one."""
    plate = plate_of(DRAWN[name](), fit=fit)
    known: dict[str, tuple[object, ...]] = {}
    for _, marks in frames_of(plate):
        for mark in marks:
            if mark.key:
                assert known.setdefault(mark.key, place(mark)) == place(mark), mark.key
    assert len({bt_size(plate.picture(step)) for step in (0, 1, plate.steps + 1)}) == 1
    assert len(known) > 4


def bt_size(svg: str) -> tuple[str, str]:
    root = ElementTree.fromstring(svg)
    return root.attrib["width"], root.attrib["height"]


@pytest.mark.parametrize(
    ("name", "fit", "lang"),
    [
        *((name, "16:9", "en") for name in DRAWN),
        *((name, "4:3", "en") for name in DRAWN),
        *((name, "16:9", "ko") for name in SLIDES),
        *((name, "phone", "en") for name in DRAWN),
    ],
)
def test_no_text_meets_another_or_leaves_the_picture(name: str, lang: str, fit: str) -> None:
    """In every frame the boxes of all texts are apart and inside, none smaller than 12 px."""
    plate = plate_of(DRAWN[name](), lang=lang, fit=fit)
    for step, marks in frames_of(plate):
        found = sorted(((mark.bounds, mark) for mark in texts(marks)), key=lambda pair: pair[0].top)
        for place_, (box, mark) in enumerate(found):
            inside = box.left >= 0 <= box.top and box.right <= plate.stage.width
            assert inside and box.bottom <= plate.stage.height, (step, mark.text)  # noqa: PT018
            assert mark.size >= 12, (step, mark.text)
            for other, beside in takewhile(lambda p: p[0].top < box.bottom, found[place_ + 1 :]):  # noqa: B023
                assert not box.meets(other, 1.0), (step, mark.text, beside.text)


@pytest.mark.parametrize("name", SLIDES)
def test_small_networks_fill_a_slide(name: str) -> None:
    """Mazur's network, 2-2-1 and 3-4-2 show all numbers on 1280×720 px."""
    plate = plate_of(DRAWN[name]())
    assert (plate.stage.width, plate.stage.height) == (1280, 720)
    assert not plate.layout.crowded


@pytest.mark.parametrize("name", ["mazur", "2-2-1", "2-2-2-1 shared biases", "a line"])
def test_small_networks_run_down_a_phone(name: str) -> None:
    """Columns become rows on 390 px: each column lies below the one before it, all numbers shown."""
    plate = plate_of(DRAWN[name](), fit="phone")
    assert plate.stage.width == 390
    assert plate.layout.upright
    columns: dict[int, set[float]] = {}
    for place_, spot in plate.layout.spots.items():
        columns.setdefault(plate.network.columns[place_], set()).add(spot.y)
    assert all(len(rows) == 1 for rows in columns.values())
    ys = [rows.pop() for _, rows in sorted(columns.items())]
    assert ys == sorted(ys)


@pytest.mark.parametrize("name", sorted(DRAWN))
def test_every_network_keeps_to_the_width_of_a_phone(name: str) -> None:
    """No picture is wider than 390 px, so nothing is shrunk: rows fold, and one neuron at a time has numbers."""
    plate = plate_of(DRAWN[name](), fit="phone")
    assert plate.stage.width == 390
    assert plate.layout.upright


def test_a_target_on_a_phone_is_clear_of_the_number_that_comes_back() -> None:
    """A page frames what comes back from the loss, 5 px around it; the target's name stands beside the frame."""
    program = "z = w*x + b; a = σ(z); L = (a - t)^2/2"
    plate = plate_of(bt.derive(program, at={"w": 2, "x": 1, "b": -1, "t": 1}), fit="phone")
    last = plate.scale_steps[-1].number
    found = {mark.key: mark for mark in texts(plate.marks(last)[0])}
    (wire,) = (wire.number for wire in plate.wires if wire.term is None and wire.bias is None)
    number, target = found[f"wire-{wire}-contribution"], found[f"wire-{wire}-weight"]
    assert target.text == "t 1"
    assert not number.bounds.meets(target.bounds, -5.0)


def test_a_neuron_in_focus_on_a_phone_shows_its_weights_and_their_gradients() -> None:
    """Each wire into the neuron at work has its weight and, once found, ∂E/∂w on it; no other wire has."""
    plate = plate_of(DRAWN["3-4-2"](), fit="phone")
    step = next(s for s in plate.scale_steps if s.phase == "backward" and plate.network.columns[s.place] == 1)
    keys = {mark.key for mark in texts(plate.marks(step.number)[0])}
    into = [wire.number for wire in plate.wires if wire.target == step.place]
    assert into
    wanted = {f"wire-{number}-focus-{what}" for number in into for what in ("weight", "gradient")}
    assert {key for key in keys if key.startswith("wire-")} == wanted


def test_names_cut_on_a_phone_stay_apart() -> None:
    """A name that is too long is written smaller, or its end is kept: out_h1 and out_o1 are not both ou…1."""
    program = "out_h1 = σ(w1*i1 + w2*i2); out_h2 = σ(w3*i1 + w4*i2)"
    program += "; out_o1 = σ(w5*out_h1 + w6*out_h2); out_o2 = σ(w7*out_h1 + w8*out_h2)"
    program += "; E = (out_o1 - t1)^2/2 + (out_o2 - t2)^2/2"
    d = bt.derive(program, at=dict.fromkeys(bt.parse(program).inputs, 0.5))
    found = re.findall(r'unit-\d+-name[^>]*><tspan[^>]*>([^<]*)<|unit-\d+-name[^>]*>([^<]*)<', d.diagram(scale="neurons", fit="phone").svg)
    shown = ["".join(pair) for pair in found if "_" in "".join(pair)]
    assert shown == ["out_h1", "out_h2", "out_o1", "out_o2"]


def test_wires_leave_circles_alone() -> None:
    """Wires end outside the circle they lead to, at its edge."""
    plate = plate_of(DRAWN["3-4-2"]())
    for number, run in plate.layout.runs.items():
        wire = plate.wires[number]
        spot = plate.layout.spots[wire.target]
        if spot.round:
            off = ((run.tip[0] - spot.x) ** 2 + (run.tip[1] - spot.y) ** 2) ** 0.5
            assert spot.wide < off < spot.wide + 4


def points_of(d: str) -> list[tuple[float, float]]:
    """Return points along a path of lines and curves, 40 a piece."""
    found: list[tuple[float, float]] = []
    for letter, pairs in path_commands(d, (0.0, 0.0)):
        if letter == "M":
            found += pairs
            continue
        for i in range(0, len(pairs), 3 if letter == "C" else 1):
            ends = [found[-1], *pairs[i : i + (3 if letter == "C" else 1)]]
            for step in range(1, 41):
                level = ends
                while len(level) > 1:  # de Casteljau
                    t = step / 40
                    level = [tuple(a + t * (b - a) for a, b in zip(p, q, strict=True)) for p, q in pairwise(level)]
                found.append(level[0])
    return found


@pytest.mark.parametrize("name", ["mazur", "2-2-1", "a line", "3-4-2"])
def test_no_wire_runs_through_a_number(name: str) -> None:
    """Wires that rise pass by the numbers on other wires: a shared bias rises where no number stands."""
    plate = plate_of(DRAWN[name]())
    assert not plate.layout.crowded
    drawn, _foot = plate.marks(plate.steps + 1)
    boxes = [mark.bounds for mark in texts(drawn)]
    for run in plate.layout.runs.values():
        for x, y in points_of(run.d):
            hit = [b for b in boxes if b.left + 1 < x < b.right - 1 and b.top + 2 < y < b.bottom - 2]
            assert hit == [], (run.d, x, y)


def test_what_is_not_known_yet_is_blank() -> None:
    """Before the first step there are inputs, weights, targets; after the last every number."""
    plate = plate_of(DRAWN["mazur"]())
    before, after = (
        {mark.key for mark in texts(plate.marks(step)[0])} for step in (0, plate.steps + 1)
    )
    assert not any(key.endswith("gradient") for key in before)
    h1 = plate.derivation.graph_table.index["h1"]
    assert f"unit-{h1}-value" not in before
    assert {f"unit-{h1}-value", f"unit-{h1}-gradient", f"unit-{h1}-net"} <= after


def test_a_backward_step_shows_what_comes_back() -> None:
    """At h₁ the wires on both sides are at work, and heads on the right ones point into it."""
    plate = plate_of(DRAWN["mazur"]())
    marks, _ = plate.marks(11)
    assert sum(mark.kind == "head back" for mark in marks) == 2
    casings = [mark for mark in marks if mark.kind == "casing"]
    assert len(casings) == 6
    bold = {mark.text for mark in texts(marks) if mark.runs[-1].style == "bold"}
    assert bold == {
        "0.0004386", "0.0008771", "0.008771", "0.0554", "−0.01905", "∂E/∂h₁ 0.03635",
    }  # fmt: skip


def test_a_contribution_has_its_symbol_above_it() -> None:
    """`δₒ₁·w₅` above 0.0554, although the loss may have a long symbol; no neuron's where one of them is long."""
    step = plate_of(DRAWN["mazur"]()).picture(11)
    assert ">δₒ₁·w₅<" in step
    assert ">δₒ₂·w₇<" in step
    names = "net_h1 = w*x; out_h1 = sigmoid(net_h1); net_o1 = v*out_h1; out_o1 = sigmoid(net_o1); E = (out_o1 - t1)^2"
    named = plate_of(bt.derive(names, at={"w": 1, "x": 2, "v": 3, "t1": 0}))
    drawn, _foot = named.marks(named.steps + 1)
    assert {"δₒ₁·v", "2·(out_o1 − t₁)"} <= {mark.text for mark in texts(drawn)}
    drawn, _foot = plate_of(DRAWN["3-4-2"]()).marks(13)
    assert not [mark.text for mark in texts(drawn) if "·w" in mark.text]


def test_a_caption_spells_the_step_out() -> None:
    """Gradient = symbols = numbers = result, for h₁ of Mazur's network."""
    plate = plate_of(DRAWN["mazur"]())
    _, foot = plate.marks(11)
    lines = [mark.text for mark in texts(foot) if mark.kind == "formula"]
    assert lines == [
        "∂E/∂h₁ = δₒ₁·w₅ + δₒ₂·w₇ = 0.1385·0.4 + (−0.0381)·0.5 = 0.0554 − 0.01905 = 0.03635",
        "δₕ₁ = ∂E/∂h₁ × σ′(net_h1) = 0.03635 × h₁·(1 − h₁) = 0.03635 × 0.2413 = 0.008771",
        "∂E/∂w₁ = δₕ₁·i₁ = 0.008771·0.05 = 0.0004386   ∂E/∂w₂ = δₕ₁·i₂ = 0.008771·0.1 = 0.0008771",
    ]
    titles = [mark.text for mark in texts(foot) if mark.kind == "step"]
    assert titles == ["step 11 of 13 · backward · neuron h₁"]


def test_captions_say_where_numbers_are_rounded() -> None:
    """With three figures the numbers of 3-4-2 do not multiply out, and it says so."""
    plate = plate_of(DRAWN["3-4-2"]())
    reasons = [mark.text for mark in texts(plate.marks(15)[1]) if mark.kind == "reason"]
    assert reasons[-1].endswith("from unrounded values")


def test_width_is_size_and_dashes_are_sign() -> None:
    """The largest weight is 3.4 px wide; those below 0 are dashed, and no other."""
    plate = plate_of(DRAWN["3-4-2"]())
    marks, _ = plate.marks(plate.steps + 1)
    found = {m.key: m for m in marks if isinstance(m, Path) and m.kind == "wire"}
    values = {
        f"wire-{wire.number}": float(plate.derivation.numbers[wire.term.weight])
        for wire in plate.wires
        if wire.term is not None and wire.term.weight is not None
    }
    largest = max(map(abs, values.values()))
    for key, value in values.items():
        assert bool(found[key].dash) == (value < 0)
        assert found[key].width == pytest.approx(1 + 2.4 * abs(value) / largest)


def test_a_crowded_network_has_numbers_on_the_wires_at_work_alone() -> None:
    """Sixteen inputs are ten, how many more, and the last; one neuron's weights are lettered."""
    plate = plate_of(DRAWN["16-10-4"]())
    marks, _ = plate.marks(25)
    found = texts(marks)
    assert plate.layout.crowded
    assert "5 more" in {mark.text for mark in found}
    assert sum(mark.kind == "weight" for mark in found) == 11
    assert sum(isinstance(mark, Disc) for mark in marks) == 11 + 10 + 4
    faint = {m.opacity for m in marks if isinstance(m, Path) and m.kind == "wire"}
    assert faint == {1.0, 0.3, 0.16}
    assert any(isinstance(mark, Rect) and mark.kind == "plate" for mark in marks)


@pytest.mark.parametrize("theme", words(ThemeName))
@pytest.mark.parametrize("name", ["mazur", "16-10-4"])
def test_every_theme_is_drawn(name: str, theme: ThemeName) -> None:
    """Pictures are SVG, PNG, DOT and TikZ in each theme."""
    picture = DRAWN[name]().diagram(2, scale="neurons", theme=theme)
    assert picture.svg.startswith("<svg")
    assert picture.png(0.5).startswith(b"\x89PNG")
    assert picture.source.startswith('digraph "neurons')
    assert picture.size[0] >= 1280


def test_pictures_are_the_same_each_time() -> None:
    """The same derivation gives the same bytes."""
    one, other = (DRAWN["3-4-2"]().diagram(9, scale="neurons").svg for _ in range(2))
    assert one == other


def test_hostile_names_stay_text() -> None:
    """A name is escaped in SVG and in DOT."""
    program = bt.parse("h = σ(w*x + b); L = (h - t)^2")
    picture = bt.derive(program, {"w": 1, "x": 2, "b": 0, "t": 1}).diagram(scale="neurons")
    ElementTree.fromstring(picture.svg)
    assert "pos=" in picture.source


@pytest.mark.parametrize("value", [-0.0380982, 1e-12, -123456.789, 0.0, 1 / 3])
def test_a_number_is_made_to_fit_its_circle(value: float) -> None:
    """It is set smaller, then with fewer figures, never below 12 px."""
    text, size = fitted(value, 60.0, 14.5, 12.0, 4)
    assert 12 <= size <= 14.5
    assert Words(x=0, y=0, runs=(), size=size).width == 0
    assert text


def test_a_step_that_does_not_exist_is_refused() -> None:
    """Steps are counted at the scale that is shown."""
    with pytest.raises(bt.OptionError, match="step is a whole number from 0 to 13"):
        DRAWN["mazur"]().diagram(14, scale="neurons")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"scale": "neurons", "blank": "values"}, "blank is for the scale of gates, and neurons are shown"),
        ({"scale": "neurons", "layout": "dot"}, "layout is for the scale of gates, and neurons are shown"),
        ({"scale": "neuron"}, "there is no scale `neuron`; did you mean `neurons`?"),
        ({"scale": "neurons", "fit": "16:10"}, "there is no format `16:10`; did you mean `16:9`?"),
    ],
)
def test_options_of_another_scale_are_refused(options: dict[str, str], message: str) -> None:
    """An option that would be ignored is an error."""
    with pytest.raises(bt.OptionError) as caught:
        DRAWN["mazur"]().diagram(**options)
    assert str(caught.value) == message


def test_a_batch_written_out_has_its_numbers_apart() -> None:
    """Twelve neurons above three shared biases get a taller picture, not numbers upon each other."""
    at = {"X": [[0, 0], [0, 1], [1, 0], [1, 1.0]], "W1": [[0.3, -0.6, 0.8], [0.7, 0.4, -0.3]],
          "b1": [0.1, 0.2, 0.3], "W2": [[0.6], [-0.9], [0.4]], "b2": [0.1]}  # fmt: skip
    d = bt.derive("A1 = tanh(X@W1 + b1); Z2 = A1@W2 + b2; L = mean(Z2**2)", at=at).gates()
    plate = plate_of(d)
    drawn, foot = plate.marks(plate.steps + 1)
    assert plate.stage.height > 720
    assert_texts_apart((*drawn, *foot), (plate.stage.width, plate.stage.height))


def test_a_bias_of_its_own_begins_where_it_stays() -> None:
    """`b 0.2` does not move when its gradient is known, and begins under its neuron, clear of the wires."""
    for plate in (plate_of(DRAWN["3-4-2"]()), plate_of(bt.derive(bt.network([2, 2, 1])))):
        begun: dict[str, set[float]] = {}
        for step in range(plate.steps + 2):
            for mark in plate.marks(step)[0]:
                if getattr(mark, "kind", "") == "bias" and hasattr(mark, "runs"):
                    begun.setdefault(mark.key, set()).add(round(mark.bounds.left, 6))
        assert len(begun) > 2
        assert all(len(places) == 1 for places in begun.values())
