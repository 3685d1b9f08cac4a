"""Small matrices of whole numbers and fractions: what stays exact, and that it is what float64 says."""

from __future__ import annotations

import pickle
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import backprop_tutor as bt

X, W = [[1, 2], [3, 4], [0, -1]], [[1, -2], [0, 1]]

PROGRAMS: list[tuple[str, dict[str, Any], Any, str]] = [
    ("Z = X@W + b; L = mean(Z**2)/7", {"X": X, "W": W, "b": [1, 0]}, Fraction(13, 21), ""),
    ("A = relu(X@W); L = mse(A, T)", {"X": X, "W": W, "T": [[1, 0], [0, 0], [2, 2]]}, Fraction(17, 6), ""),
    ("L = sum(X/3 + s*X)", {"X": X, "s": Fraction(1, 2)}, Fraction(15, 2), ""),
    ("L = sum(concat(A, B, axis=1)[0, 1:3])/7", {"A": [[1, 2], [3, 4]], "B": [[1], [2]]}, Fraction(3, 7), ""),
    ("L = dot(x, A@x)/2", {"A": [[2, 1], [1, 3]], "x": [1, -1]}, Fraction(3, 2), ""),
    ("L = mean(reshape(A, 4)*y) + mean(A, axis=0)[1]", {"A": [[1, 2], [3, 4]], "y": [1, 2, 3, 5]},
     Fraction(23, 2), ""),
    ("L = sum(outer(x, y)*x[0]) + sum(max(x, x*x))", {"x": [1, 2], "y": [3, 4, 5]}, 41, ""),
    ("L = sum(dropout(x, M))/3", {"x": [4, 9], "M": [0, 2]}, 6, ""),
    ("L = sum(x**-1) + sum(abs(x))", {"x": [3, -4]}, Fraction(85, 12), ""),
    ("L = sum(A.T@A)", {"A": "1/2 1; 1/3 2"}, Fraction(277, 36), ""),
    ("L = sum(sigmoid(X@W))", {"X": X, "W": W}, None, "X W v2 L"),
    ("L = sum(exp(x)) + sum(y)", {"x": [1], "y": [2]}, None, "x L"),
    ("L = sum(x*y)", {"x": [0.5], "y": [2]}, None, "x L"),
    ("L = sum(x**90)", {"x": [7, 8]}, None, "x L"),  # more digits than are read
    ("L = sum(x)", {"x": [1] * 145}, None, "x L"),  # not small
]


@pytest.mark.parametrize(("program", "at", "value", "lost"), PROGRAMS, ids=[each[0] for each in PROGRAMS])
def test_what_is_exact_is_what_float64_says(program: str, at: Any, value: Any, lost: str) -> None:
    """Exact values and gradients are those of the pass; what an operation makes inexact is not among them."""
    d = bt.derive(program, at=at)
    assert d.exact.get("L") == value
    for exact, numbers in ((d.exact, d.values), (d.exact_gradients, d.gradients)):
        for name in exact:
            found: Any = exact[name]
            assert np.shape(found) == np.shape(numbers[name])
            assert all(isinstance(each, int | Fraction) for each in np.asarray(found, object).flat)
            np.testing.assert_allclose(np.asarray(found, float), numbers[name], rtol=1e-14)
    for name in lost.split():
        assert name not in d.exact or name not in d.exact_gradients


def test_fractions_are_shown_as_fractions() -> None:
    """The explanation writes 1/3 where the entry is a third, and figures where it is not exact."""
    told = bt.derive("L = mean(x)", at={"x": [1, 1, 2]}).explain(check=False)
    assert "L = mean(x) = 4/3\n" in told
    assert "∂L/∂x = δ/3 = [ 1/3  1/3  1/3 ]" in told
    assert "[ 0.3333  0.3333  0.3333 ]" in bt.derive("L = mean(x)", at={"x": [1.0, 1, 2]}).explain(check=False)
    assert r"\frac{4}{3}" in bt.derive("L = mean(x)", at={"x": [1, 1, 2]}).explain("latex", check=False)


def test_arrays_stay_float64() -> None:
    """Values and gradients are float64 all the same, for all that NumPy does with them."""
    d = bt.derive("L = mean(x)/3", at={"x": [Fraction(1, 3), 1]})
    assert d.gradients["x"].dtype == d.values["x"].dtype == np.float64
    assert type(d.values["L"]) is float


def test_exactness_goes_along() -> None:
    """It is kept by copies and by other values that are exact, and ends with a step of descent."""
    d = bt.derive("L = sum(x*y)", at={"x": [Fraction(1, 3)], "y": [2]})
    assert pickle.loads(pickle.dumps(d)).exact["L"] == Fraction(2, 3)  # noqa: S301  # of our own making
    assert d.moved(y=[4]).exact["L"] == Fraction(4, 3)
    assert "L" not in d.moved(y=[0.5]).exact
    assert "x" not in d.update(0.1).exact
    with pytest.raises(bt.UnknownNameError, match=r"^`L` is not exact: it is float64, or not small$"):
        d.moved(y=[0.5]).exact["L"]
