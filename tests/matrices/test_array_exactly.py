"""SymPy's part of the check over arrays: right, of a cost that grows with the operations, and bounded."""

from __future__ import annotations

import numpy as np
import pytest

import backprop_tutor as bt
from backprop_tutor.matrices.array_exactly import symbolic_gradients
from backprop_tutor.symbolic import Late

X = [[0.1, -0.2, 0.3], [0.2, 0.1, 0.4], [0.5, 0.3, -0.2]]

PROGRAMS = {
    "a chain of products": "A = tanh(X@X); B = tanh(A@A); C = tanh(B@B); D = tanh(C@C); L = sum(D*D)",
    "roots": "A = cbrt(X); B = sqrt(A*A + 1); L = sum(A*B)",
    "pieces": "A = relu(X) + |X|; B = max(A, axis=1); L = sum(B*B) + sum(sign(X))",
    "a softmax": "P = softmax(X@X); L = cross_entropy(P, y)",
    "one value twice": "A = X*X; L = sum(A@A) + norm(X)",
}


@pytest.mark.parametrize("kind", PROGRAMS)
def test_each_operation_chained_is_the_pass(kind: str) -> None:
    """The formulas' slopes, chained at thirty digits, are the pass's gradients to float64's last digits."""
    labels = {"y": [0, 2, 1]} if "y" in PROGRAMS[kind] else {}
    d = bt.derive(PROGRAMS[kind], at={"X": X, **labels})
    found = symbolic_gradients(d, ["X"], seconds=60)
    assert np.max(np.abs(found["X"] - d.gradients["X"])) < 1e-14
    row = d.check()["X"]
    assert row.ok
    assert row.symbolic < 1e-13


def test_no_formula_grows_with_the_paths() -> None:
    """Twelve products have 2^12 paths and more; the slopes stay those of one product at a time."""
    lines = [f"A{i + 1} = tanh(A{i}@A{i})" for i in range(12)]
    d = bt.derive("\n".join(["A0 = X", *lines, "L = sum(A12)"]), at={"X": [[0.4, -0.2], [0.1, 0.3]]})
    assert np.max(np.abs(symbolic_gradients(d, ["X"], seconds=60)["X"] - d.gradients["X"])) < 1e-14


def test_seconds_and_numbers_that_are_none_end_it() -> None:
    """After its seconds SymPy is not asked any more, and the other ways decide."""
    d = bt.derive(PROGRAMS["roots"], at={"X": X})
    with pytest.raises(Late, match="not within 0 s"):
        symbolic_gradients(d, ["X"], seconds=0)


def test_a_root_of_constants_beside_matrices() -> None:
    """`cbrt(3)` is a number where another input is a matrix, too; SymPy's own pieces cannot compare it."""
    found = bt.derive("h = step(sign(y) + cbrt(3)); f = sum(x*h)", at={"x": [20, 2], "y": [0.5, -0.5]})
    assert found.check().ok
    assert "from SymPy" in found.explain()
