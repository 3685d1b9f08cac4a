"""The stage: display lists, colours, captions, wires, and the SVG and TikZ written from them."""

from __future__ import annotations

import pytest
from stage_pictures import assert_texts_apart

import backprop_tutor as bt
from backprop_tutor.render.drawing.bands import STAGES, find_stage
from backprop_tutor.render.drawing.theme import THEMES
from backprop_tutor.render.drawing.tikz import tikz_picture
from backprop_tutor.render.stage.caption import (
    Legend,
    Note,
    caption_height,
    caption_marks,
    formula,
    spoken_note,
)
from backprop_tutor.render.stage.colours import HEAT_LEVELS, colour, is_dark
from backprop_tutor.render.stage.marks import Disc, Layers, Path, Rect, Run, words
from backprop_tutor.render.stage.stage_svg import stage_svg
from backprop_tutor.render.stage.wires import add_wire, bent, head

LEGEND = (Legend("value", "values above the middle line"), Legend("gradient", "gradients below it"))
ROLES = ("paper", "ink", "quiet", "pending", "value", "gradient", "active", "active_fill", "casing",
         "tint", *(f"heat{n}" for n in range(-HEAT_LEVELS, HEAT_LEVELS + 1)))  # fmt: skip


@pytest.mark.parametrize("theme", THEMES.values(), ids=str)
def test_every_role_has_a_colour_of_its_own(theme):
    """A role is a colour of the theme or mixed from two of them; the levels of a heat map all differ."""
    found = [colour(theme, role) for role in ROLES]
    assert all(len(each) == 7 and each.startswith("#") for each in found)
    assert len(set(found[-9:])) == 9


def test_dark_paper_is_told_from_its_colours():
    """A theme is dark where its paper is darker than its ink."""
    assert [name for name, theme in THEMES.items() if is_dark(theme)] == ["dark"]


def test_texts_know_the_box_they_take():
    """A text's box follows from its anchor, size and style."""
    start, middle, end = (words("−2.00", 100, 50, 14, anchor=a).bounds for a in ("start", "middle", "end"))
    assert (start.left, end.right, middle.left + middle.right) == (100, 100, pytest.approx(200))
    assert start.meets(middle)
    assert not start.meets(end)
    bold = words([Run("−2.00", "bold")], 100, 50, 14)
    assert bold.width > words("−2.00", 100, 50, 14).width


def test_a_formula_is_italic_where_it_names_something():
    """Names given and names behind a ∂ are italic; functions and numbers are upright."""
    runs = formula("∂L/∂W₁ = Xᵀ · δ₁ = relu(2)", ("X", "δ₁"))
    assert [run.text for run in runs if run.style == "italic"] == ["∂L", "∂W₁", "Xᵀ", "δ₁"]


@pytest.mark.parametrize("name", STAGES)
def test_a_caption_stays_on_its_stage(name):
    """However long, a caption is broken into lines that end 20 px before the legend."""
    stage = find_stage(name)
    long = formula("L = " + " + ".join(f"{n}.25·(−{n}.125)" for n in range(1, 19)), ("L",))
    note = Note("step 3 of 15 · backward · matrix product", (long,), "the batch adds up " * 9)
    grown = stage.with_foot(caption_height(note, stage, LEGEND))
    marks = caption_marks(note, grown, LEGEND)
    assert grown.caption == stage.caption
    assert_texts_apart(marks, (grown.width, grown.height))
    keys = [m.bounds for m in marks if m.kind == "key"]
    others = [m.bounds for m in marks if m.kind != "key"]
    assert all(o.right <= k.left - 20 or o.bottom <= k.top for o in others for k in keys)


def test_a_chain_of_equations_is_broken_before_its_signs():
    """On a phone a term stays whole where it fits into a line, and no blank comes into a product."""
    stage = find_stage("phone")
    chain = formula("∂E/∂h = δ·w + δ·v = 0.138512·0.412345 + (−0.0381)·0.5 = 0.0554 − 0.01905 = 0.03635")
    marks = caption_marks(Note("step 1", (chain,)), stage, LEGEND)
    assert ["".join(run.text for run in m.runs) for m in marks if m.kind == "formula"] == [
        "∂E/∂h = δ·w + δ·v", "= 0.138512·0.412345 + (−0.0381)·0.5", "= 0.0554 − 0.01905 = 0.03635",
    ]


def test_what_a_caption_says_is_one_text():
    """Those who do not see the picture hear title, formulas and reason."""
    assert spoken_note(Note("step 1", (formula("a = 1"),), "why")) == "step 1. a = 1. why"


def test_unknown_formats_are_refused():
    """A format that is none is told with those there are."""
    with pytest.raises(bt.OptionError) as caught:
        find_stage("16x9")
    assert str(caught.value) == "there is no format `16x9`; did you mean `16:9`?"
    with pytest.raises(bt.OptionError) as caught:
        find_stage(3)
    assert str(caught.value) == "there is no format `3`; the formats: 16:9, 4:3, a4, phone"


def test_wires_bend_by_quarter_circles_and_lie_on_a_casing_at_work():
    """A wire at work has a casing 8 px wider below it; an arrow head ends at its tip."""
    assert bent([(0, 0), (10, 0), (20, 0)]) == "M0,0L20,0"
    assert head((10, 0), (1.0, 0.0)) == "M10,0L1,4 1,-4z"
    layers = Layers()
    add_wire(layers, [(0, 0), (50, 0)], "active")
    casing, line = layers.casings[0], layers.wires[0]
    assert (casing.width, line.width, casing.d == line.d) == (10.4, 2.4, True)
    add_wire(layers, [(0, 0), (50, 0)], "pending")
    assert len(layers.casings) == 1
    assert layers.wires[2].stroke == "pending"


def drawn(theme="light"):
    """Return a small picture with one mark of each kind."""
    marks = [
        Rect(x=10, y=10, width=80, height=40, rx=6, stroke="ink", fill="paper"),
        Disc(x=120, y=30, r=17, stroke="active", fill="active_fill"),
        Path(d="M137,30L180,30", stroke="ink", dash="7 5", opacity=0.3),
        words([Run("w₁", "italic"), Run(" 0.5 <&>", "bold", "value")], 12, 80, 14),
    ]
    foot = [words("step 1", 10, 110, 15)]
    return stage_svg(marks, foot, (200, 120), THEMES[theme], "a <b>", "c & d")


def test_a_picture_is_svg_with_its_looks_on_each_element():
    """Texts are escaped, runs keep their styles, and no style sheet touches other pictures."""
    svg = drawn()
    assert "<title>a &lt;b&gt;</title><desc>c &amp; d</desc>" in svg
    assert '<tspan font-style="italic">w₁</tspan>' in svg
    assert '<tspan font-weight="bold" fill="#007a00"> 0.5 &lt;&amp;&gt;</tspan>' in svg
    assert "<style" not in svg


def test_a_picture_becomes_tikz_with_the_same_looks():
    """Dashes, rounded corners and the styles of runs reach TikZ; the caption is left out or kept."""
    tikz = tikz_picture(drawn("dark"))
    assert "rounded corners=3.6pt" in tikz
    assert "dash pattern=on 4.2pt off 3.0pt" in tikz
    assert "draw opacity=0.3" in tikz
    assert "\\itshape w" in tikz
    assert "step 1" not in tikz
    assert "(0,0) rectangle (200.0,120.0)" in tikz  # dark paper
    assert "step 1" in tikz_picture(drawn(), caption=True)
