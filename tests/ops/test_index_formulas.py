"""Formulas over indices: their grammar, and their values by plain loops."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from backprop_tutor.ops.index_formulas import formula_of, value_at

A = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
PLACES = np.array([2, 0])

VALUES: list[tuple[str, tuple[int, ...], float]] = [
    ("out[i] = Σ k a[i,k]", (1,), 15.0), ("out = Σ i Σ j a[i,j]^2", (), 91.0),
    ("out[j] = Π i a[i,j]", (2,), 18.0), ("out[i] = max k a[i,k]", (0,), 3.0),
    ("out = min i min j −a[i,j]", (), -6.0), ("out[i,j] = Σ t≤j a[i,t]", (1, 1), 9.0),
    ("out = Σ k<2 a[0,k]", (), 3.0), ("out[i] = a[i,places[i]]", (1,), 4.0),
    ("out[i,j] = where(j < 1, a[i,j], 0 − a[i,j])", (0, 1), -2.0),
    ("out[i,j] = where(i = j, 1, 0)", (1, 1), 1.0), ("out[i] = a[(i+1) % 2, 2 // 2]", (0,), 5.0),
    ("out = 2^3^0", (), 2.0), ("out = (1 + 2)·3 − 4/2", (), 7.0), ("out[i] = exp(ln(a[i,0]))", (1,), 4.0),
    ("out = sqrt(abs(−16))", (), 4.0), ("out = 1.5·2", (), 3.0),
]


@pytest.mark.parametrize(("text", "at", "wanted"), VALUES)
def test_a_formula_has_its_value_entry_by_entry(text: str, at: Any, wanted: float) -> None:
    """Sums, products, extremes, bounds, choices and places of places are plain loops."""
    assert value_at(formula_of(text), {"a": A, "places": PLACES}, at) == pytest.approx(wanted)


@pytest.mark.parametrize(("text", "message"), [
    ("out[i] = ", "'out[i] = ': expected a value, not ''"),
    ("out[i = a[i]", "'out[i = a[i]': expected ], not '='"),
    ("out = (a", "'out = (a': expected ), not ''"), ("out a", "'out a': expected =, not 'a'"),
    ("out = a]", "'out = a]': ']' is too much"),
    ("out = where(1, 2, 3)", "'out = where(1, 2, 3)': expected = or < or ≤, not ','"),
    ("out = a & b", "no formula over indices: 'out = a & b' at 7"),
])
def test_what_is_no_formula_is_refused(text: str, message: str) -> None:
    """A text outside the grammar is refused with what was expected where."""
    with pytest.raises(ValueError) as raised:  # noqa: PT011  (the whole message is compared)
        formula_of(text)
    assert str(raised.value) == message


def test_an_index_needs_an_axis() -> None:
    """An index that stands alone along no axis has no end."""
    with pytest.raises(ValueError, match="nothing says how far k runs"):
        value_at(formula_of("out = Σ k a[0,(k+1)]"), {"a": A}, ())
