"""`bt.fit`: weights fitted to a table of samples, from every kind of table, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import backprop_tutor as bt
from backprop_tutor.cli import main

LINE = "L = (w*x + b - y)^2"
TABLE = {"x": [0, 1, 2, 3], "y": [1, 3, 5, 7]}
START = {"w": 0, "b": 0}


def test_a_line_is_found_and_the_fit_says_so() -> None:
    """The line's own weights, before the epochs are over; the loss falls from the first to the last."""
    found = bt.fit(LINE, TABLE, START, lr=0.1)
    assert found.converged
    assert (round(found.at["w"], 8), round(found.at["b"], 8), found.samples) == (2.0, 1.0, 4)
    assert len(found.losses) == len(found.points) < 1001
    assert found.losses[0] == 21.0
    assert repr(found).startswith("<Fit of 4 samples in ")
    assert repr(found).endswith("w = 2, b = 1>")


def test_every_slope_is_0_where_a_fit_has_converged() -> None:
    """The slope along b is 0 from the start, and w is found all the same."""
    found = bt.fit("L = (w*x + 0*b - y)^2", {"x": [1, 2], "y": [3, 6]}, START, lr=0.1)
    assert found.converged
    assert (round(found.at["w"], 8), found.at["b"]) == (3.0, 0.0)


def test_one_epoch_is_one_step_on_the_mean_or_the_sum() -> None:
    """By hand: the mean's gradient at w = 0, b = 0 is (−17, −8), the sum's four times that."""
    mean = bt.fit(LINE, TABLE, START, lr=0.01, epochs=1)
    total = bt.fit(LINE, TABLE, START, lr=0.01, epochs=1, total="sum")
    assert mean.points[1] == pytest.approx((0.17, 0.08))
    assert total.points[1] == pytest.approx((0.68, 0.32))
    assert (mean.losses[0], total.losses[0]) == (21.0, 84.0)


def test_the_same_as_the_program_unrolled() -> None:
    """A 2-2-1 network on XOR's four rows: each epoch's loss is that of the program that writes all four out."""
    net = "h1 = σ(w1*x1 + w2*x2 + b1); h2 = σ(w3*x1 + w4*x2 + b2); o = σ(w5*h1 + w6*h2 + b3); L = ½(t - o)^2"
    start = {"w1": 0.5, "w2": -0.6, "w3": 0.7, "w4": 0.8, "w5": 1, "w6": -1.2, "b1": 0.1, "b2": -0.1, "b3": 0.05}
    rows = [{"x1": 0, "x2": 0, "t": 0}, {"x1": 0, "x2": 1, "t": 1}, {"x1": 1, "x2": 0, "t": 1}, {"x1": 1, "x2": 1, "t": 0}]
    found = bt.fit(net, rows, start, lr=1, epochs=3, total="sum")
    weights = dict(start)
    for epoch in range(4):
        each = [bt.derive(net, at={**weights, **row}) for row in rows]
        assert found.losses[epoch] == pytest.approx(float(sum(d.values["L"] for d in each)), rel=1e-12)
        slopes = {n: sum(float(d.gradients[n]) for d in each) for n in start}
        weights = {n: float(weights[n]) - slopes[n] for n in start}


def test_mazur_s_step() -> None:
    """One sample is a table of one row: w₅ becomes 0.35891648, as the page has it."""
    net = (
        "h1 = σ(w1*i1 + w2*i2 + b1); h2 = σ(w3*i1 + w4*i2 + b1); o1 = σ(w5*h1 + w6*h2 + b2); "
        "o2 = σ(w7*h1 + w8*h2 + b2); E = ½(t1 - o1)^2 + ½(t2 - o2)^2"
    )
    start = {"w1": 0.15, "w2": 0.20, "w3": 0.25, "w4": 0.30, "w5": 0.40, "w6": 0.45, "w7": 0.50, "w8": 0.55,
             "b1": 0.35, "b2": 0.60}  # fmt: skip
    row = [{"i1": 0.05, "i2": 0.10, "t1": 0.01, "t2": 0.99}]
    found = bt.fit(net, row, start, wrt=[f"w{i}" for i in range(1, 9)], lr=0.5, epochs=1)
    assert f"{found.at['w5']:.8f}" == "0.35891648"
    assert found.at["b1"] == 0.35


def test_a_network_of_two_six_one_moves_against_its_differences() -> None:
    """The first step is −lr times the centred difference of the loss, weight by weight."""
    hidden = "; ".join(f"h{i} = tanh(a{i}*x + c{i}*z)" for i in range(1, 7))
    net = hidden + "; L = (" + " + ".join(f"v{i}*h{i}" for i in range(1, 7)) + " - y)^2"
    rng = np.random.RandomState(0)
    start = {f"{letter}{i}": float(rng.normal()) for letter in "acv" for i in range(1, 7)}
    data = {name: rng.normal(size=5).tolist() for name in "xzy"}
    first = bt.fit(net, data, start, lr=0.01, epochs=1)
    for place, name in enumerate(first.wrt):
        ends = [bt.fit(net, data, {**start, name: start[name] + d}, epochs=0).losses[0] for d in (1e-6, -1e-6)]
        step = first.points[1][place] - first.points[0][place]
        assert step == pytest.approx(-0.01 * (ends[0] - ends[1]) / 2e-6, rel=1e-5, abs=1e-10)


def test_tables_of_every_kind_are_one(tmp_path: Path) -> None:
    """A CSV file with semicolons and a byte order mark, columns, arrays, rows: the same fit."""
    path = tmp_path / "d.csv"
    path.write_text("\ufeffx; y\r\n0;1\r\n1;3\r\n\r\n2;5\r\n3;7\r\n", encoding="utf-8")
    rows = [{"x": x, "y": y} for x, y in zip(TABLE["x"], TABLE["y"], strict=True)]
    arrays = {name: np.array(column) for name, column in TABLE.items()}
    wanted = bt.fit(LINE, TABLE, START, epochs=5)
    for data in (path, str(path), rows, arrays):
        assert bt.fit(LINE, data, START, epochs=5) == wanted


def test_every_fault_of_a_file_is_said_at_once(tmp_path: Path) -> None:
    """Each with its line and its column."""
    path = tmp_path / "d.csv"
    path.write_text("x,y\n0,one\n1\n,2\n3,inf\n4,1_0\n5,6\n", encoding="utf-8")
    with pytest.raises(bt.FileError) as caught:
        bt.fit(LINE, path, START)
    assert str(caught.value) == "\n".join(f"{path}: {fault}" for fault in (
        "line 2, column `y`: `one` is not a number", "line 3: 1 cell; expected 2",
        "line 4, column `x`: `` is not a number", "line 5, column `y`: `inf` is not a number",
        "line 6, column `y`: `1_0` is not a number",
    ))  # fmt: skip


REFUSED: list[tuple[Callable[[], Any], type[Exception], str]] = [
    (lambda: bt.fit(LINE, TABLE, START, lr=10, epochs=2000), bt.DomainError,
     "lr = 10 is too large: give a smaller one"),
    (lambda: bt.fit("L = (w*ln(x) - y)^2", {"x": [1, -1], "y": [1, 2]}, {"w": 1}), bt.DomainError,
     "row 2: the loss has no finite value or gradient at the start values"),
    (lambda: bt.fit(LINE, {**TABLE, "z": [1, 2, 3, 4]}, START), bt.OptionError,
     "`z` is no input of the program"),
    (lambda: bt.fit(LINE, TABLE, {"w": 0}), bt.MissingValueError, "no start value for `b`"),
    (lambda: bt.fit(LINE, TABLE, {**START, "x": 1}), bt.OptionError, "`x` is a column and has a value too"),
    (lambda: bt.fit(LINE, TABLE, START, wrt="x"), bt.OptionError,
     "`x` cannot be fitted; what is neither a column nor fixed can: w, b"),
    (lambda: bt.fit(LINE, {"x": [1], "y": [1, 2]}, START), bt.OptionError,
     "columns of one length, at least one row, are expected; x: 1, y: 2"),
    (lambda: bt.fit(LINE, TABLE, START, total="max"), bt.OptionError,
     "a loss over samples is their mean or their sum, not `max`"),
    (lambda: bt.fit(LINE, TABLE, START, epochs=-1), bt.OptionError,
     "epochs -1; expected a whole number, 0 or more"),
    (lambda: bt.fit(LINE, [{"x": 1, "y": 2}, {"x": 1}], START), bt.OptionError,
     "row 2 has other names than the first: y"),
    (lambda: bt.fit(LINE, 3, START), bt.OptionError,
     "samples are a CSV file, columns by name, or a list of rows with names; not `int`"),
]  # fmt: skip


@pytest.mark.parametrize(("ask", "kind", "said"), REFUSED, ids=[said[:30] for *_, said in REFUSED])
def test_what_does_not_fit_is_refused(ask: Callable[[], Any], kind: type[Exception], said: str) -> None:
    """A rate too large says so with the rate; names and tables that do not fit are named."""
    with pytest.raises(kind) as caught:
        ask()
    assert said in str(caught.value)


GATE = {"a": [0, 0, 1, 1], "b": [0, 1, 0, 1], "t": [0, 1, 1, 1]}
DRAWN: list[tuple[str, dict[str, list[float]], dict[str, float], str | None, str]] = [
    (LINE, {"x": [0, 1, 2], "y": [1, 3, 5]}, START, "v2", "the curve and the points"),
    ("p = σ(u*a + v*b + c); L = bce(p, t)", GATE, {"u": 0.1, "v": 0.2, "c": 0}, "p",
     "the regions: t from 0 to 1"),
    ("z = u*a + v*b + c; L = (t - z)^2", GATE, {"u": 0, "v": 0, "c": 0}, "z", "predicted against given"),
    ("L = (u*a + v*b - y)^2", {"a": [1, 2], "b": [3, 1], "y": [1.5, 2]}, {"u": 0, "v": 0}, "v3",
     "predicted against given"),
    ("L = (w - x)^2", {"x": [1, 2]}, {"w": 0}, None, "the loss"),
    ("L = (w*x - y)^2 + (v*x - y)^2", {"x": [1], "y": [2]}, {"w": 0, "v": 1}, None, "the loss"),
    ("L = (w*x - x)^2", {"x": [1, 2]}, {"w": 0}, None, "the loss"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "data", "start", "name", "head"), DRAWN, ids=[each[0] for each in DRAWN])
def test_what_was_learnt_is_drawn(
    text: str, data: dict[str, list[float]], start: dict[str, float], name: str | None, head: str
) -> None:
    """What the loss compares with a column is the prediction: a curve, regions, or both side by side."""
    found = bt.fit(text, data, start, lr=0.05, epochs=60)
    assert found.prediction == name
    titles = [mark.runs[0].text for mark in found.picture().marks if getattr(mark, "kind", "") == "title"]
    assert titles == list(dict.fromkeys((head, "the loss", "the weights")))
    at = [{**found.at, **{key: column[i] for key, column in data.items()}} for i in range(len(found.predicted))]
    assert found.predicted == pytest.approx([bt.derive(text, point).values[str(name)] for point in at])


def test_the_command_draws_a_fit(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """-o writes the picture and says so; another ending is refused before anything is fitted."""
    table = tmp_path / "line.csv"
    table.write_text("x,y\n0,1\n1,3\n", encoding="utf-8")
    for name, code in (("fit.svg", 0), ("fit.pdf", 2)):
        with pytest.raises(SystemExit) as end:
            main(["fit", LINE, str(table), "w=0", "b=0", "-o", str(tmp_path / name)])
        assert end.value.code == code
    assert "Predictions of y are off by" in capsys.readouterr().out
    assert sorted(path.name for path in tmp_path.iterdir()) == ["fit.svg", "line.csv"]
