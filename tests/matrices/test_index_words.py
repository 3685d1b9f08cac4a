"""What stands beside a rule over arrays: the gradient in indices, what shapes say, softmax's Jacobian."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import backprop_tutor as bt
from backprop_tutor.matrices.index_words import index_formula
from backprop_tutor.render.narration.formulas import latex_name

A = np.arange(1.0, 7).reshape(2, 3)
"""A matrix of 2 rows and 3 columns."""


def in_indices(program: str, at: dict[str, Any], of: str, wrt: str, expand: str = "") -> tuple[str, str]:
    d = bt.derive(program, at=at, expand=expand)
    _source, target, slot = d.graph_table.edge(wrt, of)
    found = index_formula(d.graph_table, target, slot, latex_name)
    return (f"{found.entry[0]}: {found.body[0]}", found.body[1]) if found else ("", "")


X, W = A.T, A
LINES: list[tuple[str, dict[str, Any], str, str, str, str]] = [
    ("L = sum(X@W)", {"X": X, "W": W}, "v1", "W", "Wᵢⱼ: Σₙ Xₙᵢ·δₙⱼ", r"\sum_{n} X_{ni} \cdot \delta_{nj}"),
    ("L = sum(X@W)", {"X": X, "W": W}, "v1", "X", "Xᵢⱼ: Σₖ δᵢₖ·Wⱼₖ", r"\sum_{k} \delta_{ik} \cdot W_{jk}"),
    ("L = sum(X@W1)", {"X": X, "W1": W}, "v1", "W1", "W₁[i,j]: Σₙ Xₙᵢ·δₙⱼ",
     r"\sum_{n} X_{ni} \cdot \delta_{nj}"),
    ("L = sum(W@x)", {"W": W, "x": [1, 2, 3]}, "v1", "W", "Wᵢⱼ: δᵢ·xⱼ", r"\delta_{i} \cdot x_{j}"),
    ("L = sum(W@x)", {"W": W, "x": [1, 2, 3]}, "v1", "x", "xᵢ: Σₖ Wₖᵢ·δₖ", r"\sum_{k} W_{ki} \cdot \delta_{k}"),
    ("L = sum(A + b)", {"A": A, "b": [1, 2, 3]}, "v1", "b", "bᵢ: Σₙ δₙᵢ", r"\sum_{n} \delta_{ni}"),
    ("L = sum(A + c)", {"A": A, "c": [[1], [2]]}, "v1", "c", "cᵢⱼ: Σₖ δᵢₖ", r"\sum_{k} \delta_{ik}"),
    ("L = sum(W.T)", {"W": W}, "v1", "W", "Wᵢⱼ: δⱼᵢ", r"\delta_{ji}"),
    ("L = mean(A)", {"A": A}, "L", "A", "Aᵢⱼ: δ/6", r"\frac{\delta}{6}"),
    ("m = mean(A, axis=0); L = sum(m)", {"A": A}, "m", "A", "Aᵢⱼ: δⱼ/2", r"\frac{\delta_{j}}{2}"),
    ("H = sigmoid(A); L = sum(H)", {"A": A}, "H", "A", "Aᵢⱼ: δᵢⱼ·Hᵢⱼ·(1 − Hᵢⱼ)",
     r"\delta_{ij} \cdot H_{ij} \cdot (1 - H_{ij})"),
    ("L = sum(s*A)", {"A": A, "s": 2}, "v1", "s", "s: Σᵢ Σⱼ δᵢⱼ·Aᵢⱼ",
     r"\sum_{i} \sum_{j} \delta_{ij} \cdot A_{ij}"),
    ("L = mse(P, T)", {"P": A, "T": A + 1}, "L", "P", "Pᵢⱼ: δ·2·(Pᵢⱼ − Tᵢⱼ)/6",
     r"\delta \cdot \frac{2 \cdot (P_{ij} - T_{ij})}{6}"),
    ("P = softmax(A); L = sum(P*A)", {"A": A}, "P", "A", "Aᵢⱼ: Pᵢⱼ·(δᵢⱼ − Σₖ δᵢₖ·Pᵢₖ)",
     r"P_{ij} \cdot (\delta_{ij} - \sum_{k} \delta_{ik} \cdot P_{ik})"),
    ("L = logsumexp(s)", {"s": [1, 2]}, "L", "s", "sᵢ: δ·exp(sᵢ)/(Σₖ exp(sₖ))",
     r"\delta \cdot \frac{\exp(s_{i})}{\sum_{k} \exp(s_{k})}"),
    ("L = cross_entropy(S, y)", {"S": A, "y": [0, 2]}, "L", "S",
     "Sᵢⱼ: δ·(exp(Sᵢⱼ)/(Σₖ exp(Sᵢₖ)) − [j = yᵢ])/2",
     r"\frac{\delta \cdot (\frac{\exp(S_{ij})}{\sum_{k} \exp(S_{ik})} - [j = y_{i}])}{2}"),
    ("L = dot(a, b)", {"a": [1, 2], "b": [3, 4]}, "L", "a", "aᵢ: δ·bᵢ", r"\delta \cdot b_{i}"),
    ("L = sum(A + A)", {"A": A}, "v1", "A", "", ""),  # says no more than δ
    ("L = max(A)", {"A": A}, "L", "A", "", ""),  # which entry, no sum says
    ("L = x*y", {"x": 2, "y": 3}, "L", "x", "", ""),
]


@pytest.mark.parametrize(("program", "at", "of", "wrt", "unicode", "latex"), LINES, ids=[e[4] for e in LINES])
def test_a_gradient_entry_by_entry(
    program: str, at: dict[str, Any], of: str, wrt: str, unicode: str, latex: str
) -> None:
    """The formula over indices names the entry, sums over n for rows, and is nothing where it says nothing."""
    if np.ndim(next(iter(at.values()))) == 0:
        program, at = f"z = sum(q); {program}", {**at, "q": [1, 2]}
    assert in_indices(program, at, of, wrt) == (unicode, latex)


def test_shapes_say_which_product_it_is() -> None:
    """Where one product alone has the operand's shape that is said; else that shapes do not decide."""
    d = bt.derive("Z = X@W; L = sum(Z)", at={"X": np.ones((4, 3)), "W": np.ones((3, 2))})
    told = d.explain(check=False)
    assert "    of X, 4×3, and δ, 4×2, only the product Xᵀ·δ has the shape of W, 3×2\n" in told
    assert "    of W, 3×2, and δ, 4×2, only the product δ·Wᵀ has the shape of X, 4×3\n" in told
    square = bt.derive("Z = X@W; L = sum(Z)", at={"X": np.eye(2), "W": np.eye(2)}).explain(check=False)
    assert "shapes alone do not decide here: X·δ, δ·X, … would have the shape of W, 2×2, too" in square


def test_p_minus_y_is_what_the_jacobian_leaves() -> None:
    """Cross-entropy shows p, softmax's Jacobian, −y/p and their product for the first row."""
    d = bt.derive("L = cross_entropy(S, y)", at={"S": [[0, 0], [1, 3]], "y": [1, 0]})
    assert """\
    p = softmax(S) = [ 0.5  0.5 ]   (the first row)
    Jᵢⱼ = ∂pᵢ/∂sⱼ = pᵢ·([i = j] − pⱼ) = [  0.25  −0.25 ]
                                        [ −0.25   0.25 ]   (the Jacobian of softmax)
    ∂L/∂p = −y/p/2 = [ 0  −1 ]
    ∂L/∂p·J = (p − y)/2 = [ 0.25  −0.25 ]
""" in d.explain(check=False)
    assert r"p = \mathrm{softmax}(S) = \begin{bmatrix} 0.5 & 0.5" in d.explain("markdown", check=False)
    assert "Jacobian" not in d.explain(detail="brief", check=False)


def test_softmax_before_a_typed_logarithm_leaves_p_minus_y_too() -> None:
    """Where δ is −Y/P, the product with the Jacobian is named P − Y; with another δ it is not."""
    at = {"S": [[0, 0], [1, 3]], "Y": [[0, 1], [1, 0]]}
    told = bt.derive("P = softmax(S); L = -sum(Y*log(P))/2", at=at).explain(check=False)
    assert "    δ·J = [ 0.25  −0.25 ]\n    with this δ, −Y/P, each row leaves (P − Y)/2\n" in told
    other = bt.derive("P = softmax(S); L = sum(P*S) + sum(Y)", at=at).explain(check=False)
    assert "each row leaves" not in other


def test_many_classes_show_the_jacobians_corner() -> None:
    """Of more than six classes three stand, and no matrix of all pairs is made."""
    d = bt.derive("L = cross_entropy(S, y)", at={"S": np.zeros((1, 100_000)), "y": [7]})
    told = d.explain(check=False)
    assert "(the Jacobian of softmax, its corner)" in told
