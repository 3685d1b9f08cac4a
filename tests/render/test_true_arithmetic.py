"""Every printed equation, multiplied out: text, LaTeX, Markdown and the captions of pictures."""

from __future__ import annotations

import multiplied_out as reader
import pytest
from searches.check_programs import program

import backprop_tutor as bt
from backprop_tutor.descent import update_steps
from backprop_tutor.ops import OPS, Operation
from backprop_tutor.render.drawing.captions import caption


def lines(d: bt.Derivation, precision: int) -> list[str]:
    """Return every line of the derivation's text, Markdown, LaTeX and captions."""
    out = d.explain(check=False, precision=precision).splitlines()
    for markup in ("markdown", "latex"):
        out += reader.latex_lines(d.explain(markup, check=False, precision=precision))
    for step in range(len(d.steps) + 2):
        found = caption(d, step, precision)
        out += [f"{row}   ({found.reason})" for row in found.lines]
    return out


@pytest.mark.parametrize("part", range(10))
def test_every_printed_equation_holds(part: int) -> None:
    """In 300 random explanations every term of numbers gives the result behind it, as shown."""
    faults, count = [], 0
    for seed in range(30 * part, 30 * part + 30):
        text, at = program(seed)
        d = bt.derive(text, at=at)
        precision = (4, 4, 4, 2, 8, 6)[seed % 6]
        for row in lines(d, precision):
            count += sum(len(terms) for terms, _ in reader.equations(row))
            faults += [f"{text} at {at}: {fault}" for fault in reader.wrong(row, precision)]
    assert not faults, "\n".join(faults)
    assert count > 600


CHOICES = {"where", "1"}
"""What these print is a condition and its outcome, no arithmetic to multiply out."""


@pytest.mark.parametrize("op", [op for op in OPS.values() if (op.spelled or op.written_as)
                                and op.written_as not in CHOICES],
                         ids=lambda op: op.name)  # fmt: skip
def test_every_function_is_read(op: Operation) -> None:
    """The reader reads every function of the language, in text and in LaTeX, and finds it true."""
    names = [f"x{i}" for i in range(len(op.samples[0]))]
    share = len(names) // op.lists
    lists = [", ".join(names[i : i + share]) for i in range(0, len(names), share)]
    inside = ", ".join(f"[{one}]" for one in lists) if op.lists > 1 < share else ", ".join(names)
    left = ", ".join(f"p{i}" for i in range(len(names))) if op.outputs else "f"
    at = {name: value * 1.0123 for name, value in zip(names, op.samples[0], strict=True)}
    d = bt.derive(f"{left} = {op.called}({inside})", at=at)
    text = [row for row in d.explain(check=False).splitlines() if row.startswith("  1  ")]
    markup = list(reader.latex_lines(d.explain("latex", check=False)))[1:2]
    for row in (*text, *markup):
        assert [len(terms) for terms, _ in reader.equations(row)] == [1], row
        assert reader.wrong(row, 4) == []


@pytest.mark.parametrize("precision", [1, 3, 12, 15, 16, 17])
def test_at_every_precision(precision: int) -> None:
    """However many digits are asked, no line says what is not so."""
    d = bt.derive(
        "h = tanh(w*x + b); p, q = softmax(h, 0.3*x); L = -ln(p) + 0.1*h^2",
        at={"w": 1.23456789012345, "x": 0.1, "b": 1 / 3},
    )
    assert [f for row in lines(d, precision) for f in reader.wrong(row, precision)] == []


def test_updates_hold() -> None:
    """The step of gradient descent: old − rate × gradient is the new value, as all are shown."""
    d = bt.derive("L = (w*x + b - 1)^2", at={"w": 0.123456, "x": 1.7654321, "b": 0.3})
    table = d.explain(check=False, update=0.0123).partition("Update")[2].splitlines()
    rows = [row.split() for row in table if row.strip()[:1] in ("w", "b")]
    assert len(rows) == len(update_steps(d, 0.0123)) == 2
    for _, old, gradient, new in rows:
        assert reader.wrong(f"new = {old} − 0.0123 × ({gradient}) = {new}", 4) == []


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("∂f/∂z = f·(1 − f) = 1·(1 − 1) = 6.144×10⁻⁶", "1·(1 − 1) gives 0.0, not 6.144×10⁻⁶"),
        ("f = tanh(z) = 1 − 1² = 4.501×10⁻⁷", "1 − 1² gives 0.0, not 4.501×10⁻⁷"),
        ("f = a·b = 0.1966·(−2) = −0.3933", "0.1966·(−2) gives -0.3932, not −0.3933"),
        ("f = z² = 1.2×10⁻⁵² = 1.44×10⁻¹⁰", "1.2×10⁻⁵² gives 1.2e-52, not 1.44×10⁻¹⁰"),
        ("f = exp(z) = exp(−800) = 0", "exp(−800) gives 3.66787458418e-348, not 0"),
    ],
)
def test_the_reader_sees_false_lines(line: str, fault: str) -> None:
    """What was printed once, and was false, is seen."""
    assert reader.wrong(line, 4) == [f"{fault}, in: {line}"]


def test_the_reader_reads_latex() -> None:
    """Fractions within fractions, powers, roots and functions are read as they stand."""
    nested = r"\frac{\frac{1}{2} + e^{\frac{1}{4} \cdot 4}}{\left(-3\right)^{2} \cdot 2.5 \times 10^{-1}}"
    assert abs(reader.value_of(reader.plain(nested)) - (0.5 + reader.MP.e) / 2.25) < 1e-50
    inverse = r"\frac{1}{\frac{1}{2}}"
    assert reader.value_of(reader.plain(inverse)) == 2


@pytest.mark.parametrize("tiny", ["1e-320222222222222222222", "22222222222221e-320222222222222222222", "1e-400"])
def test_numbers_below_every_float(tiny: str) -> None:
    """A number that float64 has as 0 is not made a fraction of, which would take forever."""
    assert "f" in bt.derive(f"f = x^{tiny} y + {tiny}", {"x": 12, "y": 1}).explain()
