"""Norms of other orders: of vectors they are read, of matrices they could mean two things and are asked about."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

import backprop_tutor as bt

A: Any = np.array([[1.0, -2.0, 3.0], [-4.0, 5.0, 0.5]])
V: Any = np.array([1.0, -2.0, 3.0])

ASKED = [
    ("norm(A, p=inf)", "A is 2×3: the norm of order ∞ of a matrix is its largest row sum, and that of its entries "
     "the largest of them; write `max(sum(abs(A), axis=1))` or `max(abs(A))`", np.inf),
    ("‖A‖_∞", "A is 2×3: the norm of order ∞ of a matrix is its largest row sum, and that of its entries "
     "the largest of them; write `max(sum(abs(A), axis=1))` or `max(abs(A))`", np.inf),
    ("norm(A, p=1)", "A is 2×3: the norm of order 1 of a matrix is its largest column sum, and that of its entries "
     "the sum of all; write `max(sum(abs(A), axis=0))` or `sum(abs(A))`", 1),
    (r"\|A\|_1", "A is 2×3: the norm of order 1 of a matrix is its largest column sum, and that of its entries "
     "the sum of all; write `max(sum(abs(A), axis=0))` or `sum(abs(A))`", 1),
    ("norm(A, p=3)", "A is 2×3: the norm of order 3 of a matrix is not part of the language; for that of its entries "
     "write `norm(reshape(A, -1), p=3)`", None),
    ("norm(A, p=1, axis=(0, 1))", "A is 2×3: the norm of order 1 of a matrix is its largest column sum, and that of "
     "its entries the sum of all; write `max(sum(abs(A), axis=0))` or `sum(abs(A))`", 1),
]  # fmt: skip


@pytest.mark.parametrize(("norm", "message", "order"), ASKED)
def test_an_order_of_a_matrix_is_asked_about(norm: str, message: str, order: Any) -> None:
    """Both meanings are told with what to write, and each formula is what it says, by NumPy."""
    with pytest.raises(bt.ShapeError) as raised:
        bt.derive(f"L = {norm}", at={"A": A})
    told = str(raised.value).splitlines()
    assert told[0].partition(": ")[2] == message
    assert told[2].index("^") == told[1].index("A")
    formulas = re.findall(r"`([^`]+)`", message)
    values = [float(bt.derive(f"L = {formula}", at={"A": A}).values["L"]) for formula in formulas]
    wanted = [] if order is None else [np.linalg.norm(A, order)]
    assert values == pytest.approx([*wanted, np.linalg.norm(A.ravel(), order or 3)])


@pytest.mark.parametrize(("norm", "at", "value"), [
    ("norm(A)", {"A": A}, np.linalg.norm(A)), ("norm(A, p=2)", {"A": A}, np.linalg.norm(A)),
    ("norm(v, p=inf)", {"v": V}, 3), ("norm(v, p=1)", {"v": V}, 6), ("‖v‖_3", {"v": V}, 36 ** (1 / 3)),
    ("sum(norm(A, p=1, axis=0))", {"A": A}, np.abs(A).sum()),
    ("norm(c, p=1)", {"c": V[:, None]}, np.linalg.norm(V[:, None], 1)),
    ("norm(c, p=inf)", {"c": V[:, None]}, np.linalg.norm(V[:, None], np.inf)),
])  # fmt: skip
def test_what_has_one_meaning_is_read(norm: str, at: dict[str, Any], value: float) -> None:
    """Vectors, columns, norms along one axis, and the root of all squares of a matrix."""
    assert float(bt.derive(f"L = {norm}", at=at).values["L"]) == pytest.approx(float(value))


def test_an_order_by_its_place_is_asked_about_with_what_can_be_typed() -> None:
    """`norm(A, 3)` offers formulas that are read; `norm(A, inf)` says how an order is written."""
    with pytest.raises(bt.ShapeError, match=r"write `norm\(reshape\(A, -1\), p=3\)` or `sqrt\(A\^2 \+ 3\^2\)`"):
        bt.derive("L = norm(A, 3)", at={"A": A})
    with pytest.raises(bt.ParseError, match=r"the order of a norm is written norm\(x, p=inf\)"):
        bt.derive("L = norm(A, inf)", at={"A": A})
