"""The list of steps in words, the scale at which a page opens, and a picture whose sizes are not measured."""

from __future__ import annotations

import pytest
from shared import load_cases

import backprop_tutor as bt
from backprop_tutor.lesson import lesson
from backprop_tutor.lesson.build import lesson as built
from backprop_tutor.lesson.content import content
from backprop_tutor.lesson.picture import bounds, picture, plate, rooms
from backprop_tutor.render.narration.html import mathml_row

CASE = next(c for c in load_cases("worked_examples.json") if "net_h1" in c["program"])


@pytest.fixture(scope="module")
def mazur() -> bt.Derivation:
    return bt.derive(CASE["program"], CASE["values"], of=CASE["output"])


def filled(row: list[object], texts: dict[str, str]) -> str:
    """Return a row with its numbers in their places."""
    return "".join(part if isinstance(part, str) else texts[part[0]] for part in row)  # type: ignore[index]


def test_rows_say_what_each_gate_step_finds(mazur: bt.Derivation) -> None:
    """Forward rows are equations, backward ones gradients or parts of them, and sums are written out."""
    drawn = plate(mazur, 4)
    data = content(mazur, drawn, "t", "en", 4)
    rows = [filled(step["row"], data["texts"]) for step in data["scales"][0]["steps"]]
    assert rows[3] == "net_h1 = v₃ + b₁ = 0.3775"
    assert "∂E/∂w₅ = 0.08217" in " | ".join(rows)
    assert "∂E/∂E = 1" in rows
    assert any(row.startswith("∂E/∂out_h1 = ") and " + " in row for row in rows)
    assert any("part of ∂E/∂out_h1 = " in row for row in rows)


OPENINGS = [
    ("f = wx + b", {"w": 1, "x": 2, "b": 3}, "gates"),
    ("f = sigmoid(w*x + b)", {"w": 1, "x": 2, "b": 3}, "gates"),
    ("h = sigmoid(w*x + b); y = sigmoid(v*h + c); L = (y - t)^2", dict.fromkeys("wxbvct", 1), "neurons"),
    ("f = x*y + z", {"x": 1, "y": 2, "z": 3}, "gates"),
]


@pytest.mark.parametrize(("program", "at", "scale"), OPENINGS)
def test_a_page_opens_at_the_scale_that_tells_the_whole(
    monkeypatch: pytest.MonkeyPatch, program: str, at: dict[str, float], scale: str
) -> None:
    """Gates for a formula, neurons for a network."""
    seen: dict[str, object] = {}
    monkeypatch.setattr(
        "backprop_tutor.lesson.build.page", lambda data, *_rest: seen.update(data) or lesson
    )
    built(bt.derive(program, at=at))
    assert seen["opening"] == scale


def test_a_picture_s_sizes_are_written_not_measured(mazur: bt.Derivation) -> None:
    """The viewBox comes from the layout, and the script asks for no bounding box of the drawing."""
    drawn = plate(mazur, 4)
    left, top, wide, high = bounds(drawn)
    assert f'viewBox="{left:.1f} {top:.1f} {wide:.1f} {high:.1f}"' in picture(drawn)
    assert all(room > 8 for room in rooms(drawn).values())
    assert "getBBox" not in lesson(mazur).html


BRACKETS = [
    (r"\sigma\left(x + b\right)", 0, 2),
    (r"\left(\frac{x}{2}\right)", 2, 0),
    (r"\left(\frac{x}{2} + \left(y\right)\right)", 2, 2),
    (r"\left(\left(\frac{x}{2}\right)\right)", 4, 0),
    (r"\frac{\left(y - t\right)}{2} \cdot \left(x\right)", 0, 4),
]


@pytest.mark.parametrize(("latex", "stretching", "plain"), BRACKETS)
def test_brackets_stretch_only_about_what_is_tall(latex: str, stretching: int, plain: int) -> None:
    """Brackets about a fraction may stretch; all others have the size of a letter."""
    row = mathml_row(latex)
    assert (row.count('stretchy="true"'), row.count('stretchy="false"')) == (stretching, plain)


def test_a_sign_stands_close_to_its_number() -> None:
    """A minus at the start, or after a bracket, is a sign; between two terms it is an operator."""
    row = mathml_row(r"-2 \cdot \left(-x\right) - y")
    assert row.count('<mo form="prefix">&#x02212;</mo>') == 2
    assert row.count("<mo>&#x02212;</mo>") == 1
