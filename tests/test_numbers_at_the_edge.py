"""Numbers beyond float64, constants with signs and halves of characters end in words, never otherwise."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

import backprop_tutor as bt

CONSTANTS = ["-e", "-pi", "(-e)^2", "-e*x", "x^(-e)", "-e - pi + x", "-e^x", "e*e", "2e"]


@pytest.mark.parametrize("formula", CONSTANTS)
def test_constants_with_a_sign_are_written_everywhere(formula: str) -> None:
    """e and π stand with a minus, in powers and in products, in every notation."""
    d = bt.derive(f"f = {formula}", {"x": 2} if "x" in formula else {})
    for form in ("text", "markdown", "latex", "json"):
        assert d.explain(form)
    assert d.update(lr=0.1).explain("latex")
    assert d.check().ok


def test_how_a_constant_with_a_sign_is_set() -> None:
    """−e is -e and −π is -\\pi in LaTeX, and powers of ten keep their form."""
    tex = bt.derive("f = -e*x - π + 2.5e-3", {"x": 1}).explain("latex")
    assert r"-e \cdot x - \pi + 2.5 \times 10^{-3}" in tex


BEYOND = [
    ("f = x", 10**400), ("f = x + 1", -(10**400)), ("f = x", 10**5000), ("f = 2x", Decimal("1e400")),
    ("f = x", Fraction(10**400, 3)), ("f = x", Decimal("sNaN")), ("f = x", float("inf")),
]  # fmt: skip


@pytest.mark.parametrize(("program", "value"), BEYOND, ids=range(len(BEYOND)))
def test_values_beyond_float64_are_refused(program: str, value: Any) -> None:
    """What no float64 can hold is no value, however exact it is."""
    with pytest.raises(bt.OptionError, match="the value of `x` is"):
        bt.derive(program, {"x": value})


WITHIN = [
    ("f = 0e+318*x", {"x": 1}, 0), ("f = 1e-400*x", {"x": 1}, 0), ("f = x^400/10", {"x": 1}, 0.1),
    ("f = x", {"x": Fraction(10**5000, 10**5000 + 1)}, 1), ("f = x/3", {"x": Fraction(1, 3**700)}, 0),
    ("f = x/y", {"x": Fraction(3, 10**307), "y": Fraction(1, 10**307)}, 3),
    ("f = x*y", {"x": Fraction(1, 10**300), "y": Fraction(1, 10**300)}, 0),
    (f"f = {'9' * 300} - lr", {"lr": 1}, 1e300), ("f = x*0", {"x": 1e308}, 0),
    ("f = |x|", {"x": -(10**308)}, 1e308), ("f = 1^(10^300)", {}, 1),
]  # fmt: skip


@pytest.mark.parametrize(("program", "at", "value"), WITHIN, ids=range(len(WITHIN)))
def test_numbers_at_the_edge_are_explained_checked_and_drawn(
    program: str, at: dict[str, Any], value: float
) -> None:
    """Tiny, huge and long exact numbers go through every part of the house."""
    d = bt.derive(program, at, names=["lr"])
    assert float(d.values["f"]) == pytest.approx(value, rel=1e-15, abs=1e-300)
    for form in ("text", "latex", "json"):
        assert d.explain(form)
    assert d.diagram().source
    assert d.update(lr=0.1).explain()


OVERFLOWS = [
    ("f = x*10**400", {"x": 1}), ("f = 10^309 - x", {"x": 1}), (f"f = {'9' * 400} - lr", {"lr": 1}),
    ("f = x*y", {"x": 10**300, "y": 10**300}), ("f = 2^(2^x)", {"x": 10}), ("f = x^x", {"x": 1000}),
    ("f = max(x, 10^308*100)", {"x": 1}), ("f = x^(10^18)", {"x": 2}), ("f = -1e400", {}),
    ("f = 1/x", {"x": Fraction(1, 10**310)}), (f"f = {'9' * 5000}", {}),
]  # fmt: skip


@pytest.mark.parametrize(("program", "at"), OVERFLOWS, ids=range(len(OVERFLOWS)))
def test_results_beyond_float64_are_refused_in_words(program: str, at: dict[str, Any]) -> None:
    """An overflow on the way, or a number of too many digits, is an error that says so."""
    with pytest.raises(bt.TutorError, match=r"beyond float64|a number of 5,000 characters"):
        bt.derive(program, at, names=["lr"])


def test_halves_of_characters_are_refused_in_words() -> None:
    """A lone surrogate in a program, a name, an answer or a number is no character."""
    for made in (
        lambda: bt.derive("f = x\ud800", {"x": 1}),
        lambda: bt.derive("f\udcff = x", {"x": 1}),
        lambda: bt.derive("f = x", {"x\ud800": 1}),
        lambda: bt.derive("f = x", {"x": "\ud800"}),
        lambda: bt.equivalent("x\ud800", "x"),
        lambda: bt.derive(r"f = \hat{\ud800}", {"x": 1}),
    ):
        with pytest.raises(bt.TutorError) as caught:
            made()
        str(caught.value).encode("utf-8")  # the message itself can be written
    d = bt.derive("f = x", {"x": 1})
    assert not bt.mark(d, {"f": "1\ud800"}).cells["f"].right


@pytest.mark.parametrize("x", [1.7976931348623157e308, -1.7976931348623157e308])
def test_differences_at_the_largest_number_warn_of_nothing(x: float) -> None:
    """A step past the largest number of float64 is left out; the shorter ones give the slope."""
    row = bt.derive("f = x*y + sin(y)", at={"x": x, "y": 1e-300}).check().rows[0]
    assert (row.status, row.numeric) == ("agree", 1e-300)
