"""Two names that would look the same are told apart wherever they are shown."""

from __future__ import annotations

import copy
from pathlib import Path

import pytest

import backprop_tutor as bt
from backprop_tutor.worksheets import write_worksheets

PROGRAM = "a = a_1*x + w_12; L = a*a1 + w12*b_2"
POINT = {"a_1": 2, "a1": 3, "w_12": 4, "w12": 5, "x": 6, "b_2": 7}


@pytest.fixture(scope="module")
def alike() -> bt.Derivation:
    return bt.derive(PROGRAM, POINT)


def test_every_form_tells_them_apart(alike: bt.Derivation) -> None:
    """Text, Markdown, LaTeX, picture, DOT, page and TikZ show `a1` and `a_1` as typed, and b₂ as ever."""
    texts = {
        "text": alike.explain(), "markdown": alike.explain("markdown"), "latex": alike.explain("latex"),
        "picture": alike.diagram().svg, "step": alike.diagram(2).svg, "dot": alike.diagram().source,
        "page": alike.lesson().html, "figure": alike.tikz(), "sheet": alike.contact_sheet().svg,
    }  # fmt: skip
    for form, text in texts.items():
        for merged in ("a₁", "w₁₂", "a_{1}", "w_{12}", "a$_{1}$", "w$_{12}$"):
            assert merged not in text, form
    assert "a = a_1·x + w_12\n  L = a·a1 + w12·b₂" in texts["text"]
    assert r"\mathrm{a\_1} \cdot x + \mathrm{w\_12}" in texts["latex"]
    assert "b_{2}" in texts["latex"]


def test_a_name_alone_keeps_its_subscript() -> None:
    """Where no other name looks like it, `a_1` is a₁; what is shown depends on the program alone."""
    for _ in range(2):
        assert bt.parse("f = a_1*w1").reading == "f = a₁·w₁"
        assert bt.parse("f = a_1*a1").reading == "f = a_1·a1"


def test_a_name_made_up_does_not_look_like_one_typed() -> None:
    """An operation without a name is never v₁ where the program has a `v_1`."""
    graph = bt.derive("v_1 = x*y + 1; f = v_1^2", {"x": 1, "y": 2}).graph_table
    assert [node.name for node in graph.nodes] == ["x", "y", "v2", "v3", "v_1", "v4", "f"]


def test_functions_and_copies_keep_it() -> None:
    """A traced function's names are told apart too, and a copied program's."""
    traced = bt.derive(lambda w_1, w1: w_1 * w1 + w1, at={"w_1": 2, "w1": 3})
    assert "f = w_1·w1 + w1" in traced.explain()
    assert copy.deepcopy(bt.parse(PROGRAM)).reading == bt.parse(PROGRAM).reading


def test_worksheets_and_witnesses(tmp_path: Path) -> None:
    """Worksheets name each input so that it is known, and so does the point at which formulas differ."""
    values = ", ".join(f"{name} = {value}" for name, value in POINT.items())
    text = f'[[problem]]\nid = "p"\nprogram = "{PROGRAM}"\nvalues = {{ {values} }}\n'
    write_worksheets(text, tmp_path, formats=["html"])
    page = next((tmp_path / "worksheets").glob("*.html")).read_text(encoding="utf-8")
    assert "a_1 = 2, x = 6, w_12 = 4, a1 = 3, w12 = 5, b₂ = 7" in page
    assert "∂L/∂a_1" in page
    assert "∂L/∂a1" in page
    assert "at w1 = 2, w_1 = 3" in str(bt.equivalent("w_1 + w1", "w_1 - w1"))
