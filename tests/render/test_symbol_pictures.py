"""Pictures without numbers: formulas in place of values, slopes and gradients, step by step."""

from __future__ import annotations

from pathlib import Path
from xml.etree.ElementTree import fromstring

import pytest

import backprop_tutor as bt
from backprop_tutor.chains import symbolic_pass
from backprop_tutor.render.drawing.symbol_circuit import symbol_circuit, symbol_steps

STORY = "z = x^2 + y; x = u + v; y = u*v"


def test_a_picture_holds_formulas() -> None:
    """Above a wire stands its formula, below it its gradient, on arrows slopes and contributions."""
    circuit = symbol_circuit(symbolic_pass(bt.derive(STORY).graph_table))
    wires = {w.name: (w.value.text, w.gradient.text, w.gate.sign if w.gate else "") for w in circuit.wires if w.gradient}
    assert wires == {
        "u": ("", "2·x + v", ""), "v": ("", "2·x + u", ""), "x": ("u + v", "2·x", "+"), "y": ("u·v", "1", "×"),
        "z": ("x² + y", "1", "Σ"),
    }  # fmt: skip
    assert [(a.local.text, a.downstream.text if a.downstream else "") for a in circuit.arrows if a.local] == [
        ("1", "2·x"), ("1", "2·x"), ("v", "v"), ("u", "u"), ("2·x", ""), ("1", ""),
    ]  # fmt: skip


def test_the_steps_are_those_of_a_pass() -> None:
    """Forward, the seed, backward, and a sum where all uses of a quantity are through."""
    chain = symbolic_pass(bt.derive(STORY).graph_table).chain
    told = [f"{step.phase} {chain.quantities[step.quantity].name}" for step in symbol_steps(chain)]
    assert told == [
        "forward x", "forward y", "forward z", "seed z", "backward z", "backward y", "backward x",
        "accumulate u", "accumulate v",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("step", "title", "lines"),
    [
        (1, "step 1 of 9 · forward · x", ("x = u + v",)),
        (4, "step 4 of 9 · seed · z", ("∂z/∂z = 1",)),
        (7, "step 7 of 9 · backward · x", (
            "part of ∂z/∂u through x = ∂z/∂x·∂x/∂u = 2·x·1 = 2·x", "part of ∂z/∂v through x = ∂z/∂x·∂x/∂v = 2·x·1 = 2·x",
        )),
        (8, "step 8 of 9 · accumulate · u", ("∂z/∂u = ∂z/∂x·∂x/∂u + ∂z/∂y·∂y/∂u = 2·x + v",)),
        (10, "all 9 steps", ("z = x² + y",)),
    ],
)  # fmt: skip
def test_captions(step: int, title: str, lines: tuple[str, ...]) -> None:
    """A step's caption is the chain rule, filled in and simplified."""
    caption = bt.derive(STORY).diagram()._plate.caption(step)
    assert (caption.title, caption.lines) == (title, lines)


def test_long_gradients_stand_as_the_rule() -> None:
    """Below a weight of a network stands ∂E/∂z·x, not the whole product; constants keep their wire."""
    s = bt.derive(bt.network([2, 2, 1], seed=None))
    found = {w.name: w.gradient.text for w in symbol_circuit(symbolic_pass(s.graph_table)).wires if w.gradient}
    assert (found["w1_11"], found["b1_1"], found["x1"]) == ("∂E/∂z⁽¹⁾₁·x₁", "∂E/∂z⁽¹⁾₁", "∂E/∂x₁")
    gates = symbol_circuit(symbolic_pass(bt.derive("f = 2*x*y").graph_table, "gates"))
    assert [w.value.text for w in gates.wires if w.gradient is None] == ["2"]


def test_pictures_are_made(tmp_path: Path) -> None:
    """A picture is an SVG and DOT; a step's is one of the frames; too many quantities are refused."""
    s = bt.derive(STORY)
    picture = s.diagram(5)
    assert fromstring(picture.svg).tag.endswith("svg")
    assert "∂z/∂x = 2·x" in picture.source
    assert s.frames()[4].svg == picture.svg
    assert s.diagram().save(tmp_path / "z.svg").exists()
    assert s.diagram(scale="gates").svg != s.diagram().svg
    with pytest.raises(bt.OptionError, match="would not be legible"):
        bt.derive("f = " + " + ".join(["x*y"] * 400)).diagram()
    with pytest.raises(bt.OptionError, match="step is a whole number from 0 to 9"):
        s.diagram(11)
