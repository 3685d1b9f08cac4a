"""A printed sheet can be worked on by hand: blanks to write in, words for every gate, numbers that show."""

from __future__ import annotations

import itertools
import re
from pathlib import Path

import pytest

import backprop_tutor as bt
from backprop_tutor.homework.answers.rosters import ANYONE, Student
from backprop_tutor.homework.problems.problem_set import parse_problems
from backprop_tutor.ops import OPS
from backprop_tutor.worksheets import write_worksheets
from backprop_tutor.worksheets.content import Look, page
from backprop_tutor.worksheets.gate_words import MEANINGS, explained_gates

GATES = """
[[problem]]
id = "chain"
program = "z = w*x + b; a = sigmoid(z); L = half_se(a, t); M = L + x^2"
values = {w = 1, x = 2, b = -1, t = 1}
ask = ["all values", "all gradients", "local(a, z)", "down(a, z)"]
"""
MAZUR = '''
[[problem]]
id = "mazur"
program = """
net_h1 = w1*i1 + w2*i2 + b1;  out_h1 = sigmoid(net_h1)
net_h2 = w3*i1 + w4*i2 + b1;  out_h2 = sigmoid(net_h2)
net_o1 = w5*out_h1 + w6*out_h2 + b2;  out_o1 = sigmoid(net_o1)
net_o2 = w7*out_h1 + w8*out_h2 + b2;  out_o2 = sigmoid(net_o2)
E = half_se(out_o1, t1) + half_se(out_o2, t2)"""
values = {w1 = 0.15, w2 = 0.2, w3 = 0.25, w4 = 0.3, b1 = 0.35, w5 = 0.4, w6 = 0.45, w7 = 0.5, w8 = 0.55,
          b2 = 0.6, i1 = 0.05, i2 = 0.1, t1 = 0.01, t2 = 0.99}
'''.replace("8 = 0.55,\n          ", "8 = 0.55, ")
XOR = """
[[problem]]
id = "xor"
network = { sizes = [2, 2, 1] }
%s
values = { x1 = 1, x2 = 1, t1 = 0, w1_11 = {from = -5, to = 5}, w1_12 = {from = -5, to = 5},
  w1_21 = {from = -5, to = 5}, w1_22 = {from = -5, to = 5}, b1_1 = 0.5, b1_2 = -0.5,
  w2_11 = {from = -5, to = 5}, w2_12 = {from = -5, to = 5}, b2_1 = 0.25 }
""".replace(",\n  ", ", ")


def _task(text: str, look: Look | None = None, student: Student = ANYONE):
    [task] = page(parse_problems(text), student, look or Look(), key=False).tasks
    return task


@pytest.mark.parametrize("name", ["html", "pdf"])
def test_blanks_of_gates_are_large_enough_to_write_in(name: str) -> None:
    """On paper each is at least 14 × 7 mm, above and below wires, on arrows and under gates."""
    task = _task(GATES)
    millimetres = {"html": 0.79 * 25.4 / 96, "pdf": 0.6 * 25.4 / 72}[name]
    widest = {"html": 180.0, "pdf": 504 * 25.4 / 72}[name]
    slots = 0
    for strip in task.strips:
        assert strip.width * millimetres <= widest  # it is not made smaller to fit
        found = re.findall(
            r'class="slot"><rect x="[^"]*" y="[^"]*" width="([^"]*)" height="([^"]*)"', strip.svg
        )
        slots += len(found)
        assert all(float(w) * millimetres >= 14 and float(h) * millimetres >= 7 for w, h in found)
    assert slots > 20


def _rects(svg: str) -> list[tuple[float, float, float, float]]:
    found = re.findall(r'class="slot"><rect x="(\S+)" y="(\S+)" width="(\S+)" height="(\S+)"/>', svg)
    return [(x, y, x + w, y + h) for x, y, w, h in (tuple(map(float, each)) for each in found)]


def test_no_blank_lies_on_another() -> None:
    """The larger blanks have their room: none overlaps another."""
    for strip in _task(GATES).strips:
        rects = _rects(strip.svg)
        for i, (a, b, c, d) in enumerate(rects):
            for e, f, g, h in rects[i + 1 :]:
                assert c <= e + 1 or g <= a + 1 or d <= f + 1 or h <= b + 1


def test_wires_that_are_cut_have_their_names_on_both_sides() -> None:
    """Where a picture is cut, what leaves one strip is named there, and again where it goes on."""
    strips = _task(GATES).strips
    assert len(strips) > 2
    named = [
        re.findall(r'<text class="cut"[^>]*text-anchor:(start|end)">([^<]+)<', strip.svg) for strip in strips
    ]
    for one, following in itertools.pairwise(named):
        leaving = [text for side, text in one if side == "start"]
        assert leaving
        assert leaving == [text for side, text in following if side == "end"]


def test_every_gate_of_a_sheet_is_told() -> None:
    """Each sign of the picture has its meaning under it, once."""
    assert _task(GATES).gates == (
        "×: the product", "+: the sum", "σ: the sigmoid, 1/(1 + e⁻ˣ)",
        "½se (half_se): half the squared error, ½·(prediction − target)²", "x²: the power",
    )  # fmt: skip


def test_every_operation_that_is_drawn_has_a_meaning() -> None:
    """No gate of the language is told by its bare name."""
    typed = {row.name for row in OPS.values() if (row.spelled or row.text) and row.drawn}
    assert typed - set(MEANINGS) == set()


def test_names_of_neurons_are_whole() -> None:
    """A name that does not fit beside its circle is written smaller, not cut."""
    [strip] = _task(MAZUR).strips
    for name in ("out_h1", "out_h2", "out_o1", "out_o2"):
        assert f">{name}<" in strip.svg
    assert "…" not in strip.svg


def test_a_long_table_stands_in_two_columns(tmp_path: Path) -> None:
    """Mazur's 31 numbers take a page with their program, the picture another one: no half page is empty."""
    task = _task(MAZUR)
    assert (task.halved, task.listed, task.tall) == (True, True, True)
    made = write_worksheets(MAZUR, tmp_path, formats=["html"])
    html = (made.folder / "worksheets" / "worksheet.html").read_text(encoding="utf-8")
    assert html.count('<div class="halves">') == 1
    assert not _task(MAZUR.replace("values =", 'formulas = ["E"]\nvalues =')).halved


def test_drawn_values_leave_gradients_to_work_with() -> None:
    """No gradient that is asked is between 0 and 0.001 for any of twelve students, unless the file allows it."""
    sizes = {}
    for name, line in (("kept", ""), ("allowed", "small_gradients = true")):
        [problem] = parse_problems("seed = 3\n" + XOR % line)
        asked = [c.text for c in problem.cells if c.quantity.kind == "gradient"]
        answers = [problem.answers(f"s{i}") for i in range(12)]
        sizes[name] = min(abs(float(a[text])) for a in answers for text in asked if a[text])
    assert sizes["kept"] >= 0.001
    assert sizes["allowed"] < 0.001


def test_gates_of_arrays_are_told_in_words() -> None:
    """A loss or a normalisation over arrays is told as what it is, not by its name once more."""
    at = {"X": [[1.0, 2], [3, -1]], "g": [1.0, 1], "b": [0.0, 0], "T": [[1.0, 0], [0, 1]]}
    d = bt.derive("Z = batchnorm(X, g, b); L = mse(Z, T)", at=at)
    assert explained_gates(d.graph_table) == (
        "batch norm: normalisation",
        "mse: the mean of the squared errors, (prediction − target)²",
    )
