"""How programs over arrays are typed: places, shapes, LaTeX, products that could be two."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import backprop_tutor as bt

X = np.arange(6.0).reshape(2, 3) + 1
V = [1.0, 2.0, 3.0]

READ: list[tuple[str, dict[str, Any], float, str, list[Any]]] = [
    ("L = A[0, 2]", {"A": X}, 3, "A", [[0, 0, 1], [0, 0, 0]]),
    ("L = sum(A[:, 1])", {"A": X}, 7, "A", [[0, 1, 0], [0, 1, 0]]),
    ("L = A[-1, -1]*A[0][1]", {"A": X}, 12, "A", [[0, 6, 0], [0, 0, 2]]),
    ("L = sum(A[::2, 1:]**2)", {"A": X}, 13, "A", [[0, 4, 6], [0, 0, 0]]),
    ("L = sum((A @ B)[0])", {"A": X, "B": X.T}, 46, "A", [[5, 7, 9], [0, 0, 0]]),
    ("L = sum(Aᵀ[0])", {"A": X}, 5, "A", [[1, 0, 0], [1, 0, 0]]),
    ("L = sum(A[..., 0])", {"A": X}, 5, "A", [[1, 0, 0], [1, 0, 0]]),
    ("L = sum(reshape(A, 3, 2) @ A)", {"A": X}, 234, "A", [[15, 24, 15], [27, 18, 27]]),
    ("L = sum(reshape(A, (3, -1)) @ A)", {"A": X}, 234, "A", [[15, 24, 15], [27, 18, 27]]),
    ("L = sum(flatten(A)**2)", {"A": X}, 91, "A", [[2, 4, 6], [8, 10, 12]]),
    ("L = sum(permute(A, 1, 0) @ A)", {"A": X}, 261, "A", [[12, 12, 12], [30, 30, 30]]),
    ("L = sum(A*onehot(y, 3))", {"A": X, "y": [0, 2]}, 7, "A", [[1, 0, 0], [0, 0, 1]]),
    ("L = sum(sum(A, axis=(0, 1))**2)", {"A": X}, 441, "A", [[42] * 3, [42] * 3]),
    ("L = sum(W^T x)", {"W": X, "x": [1.0, 2.0]}, 36, "x", [6, 15]),
    ("z = w^T x + b; L = z**2", {"w": [1.0, 2.0], "x": [3.0, 4.0], "b": 1}, 144, "w", [72, 96]),
    ("L = sum(A·B)", {"A": X, "B": X.T}, 155, "A", [[5, 7, 9], [5, 7, 9]]),
    (r"L = \lVert W^\top y \rVert^2", {"W": X, "y": [1.0, 0.0]}, 14, "y", [28, 64]),
    (r"L = \|W\|_F^2", {"W": X}, 91, "W", [[2, 4, 6], [8, 10, 12]]),
    (r"L = sum(\mathbf{W}^{\top} \odot V)", {"W": X, "V": X.T}, 91, "W", [[1, 2, 3], [4, 5, 6]]),
    (r"\vec{z} = W \vec{x}; L = \sum z", {"W": X, "x": V}, 46, "x", [5, 7, 9]),
    (r"L = \sum_i (y_i - \hat{y}_i)^2", {"y": [1.0, 0.0], "y_hat": [0.5, 0.5]}, 0.5, "y_hat", [-1, 1]),
    (r"L = \sum_i \sum_j W_{ij}^2", {"W": X}, 91, "W", [[2, 4, 6], [8, 10, 12]]),
    (r"L = \sum_i x_i w_i", {"x": V, "w": V}, 14, "x", V),
    ("L = ‖x‖²", {"x": V}, 14, "x", [2, 4, 6]),
    ("L = ||x||^2 + ‖x‖₂²", {"x": V}, 28, "x", [4, 8, 12]),
    ("L = 1/2 ||W||_F^2", {"W": X}, 45.5, "W", X.tolist()),
    ("L = ||x||_{2}^{2}", {"x": V}, 14, "x", [2, 4, 6]),
    ("L = ‖x‖₁ + ||x||_1", {"x": [1.0, -2.0]}, 6, "x", [2, -2]),
    (r"L = \|x\|_1", {"x": [1.0, -2.0]}, 3, "x", [1, -1]),
    ("L = ‖x‖_3", {"x": [3.0, 4, 5]}, 6, "x", [1 / 4, 4 / 9, 25 / 36]),
    ("L = ||x||_3^3 + ‖x‖³_3", {"x": V}, 72, "x", [6, 24, 54]),
    (r"L = \|x\|^{2}_{2} + \|x\|_\infty", {"x": [1.0, -3]}, 13, "x", [2, -7]),
    ("L = ‖x‖_∞ + ‖x‖_inf", {"x": [1.0, -3]}, 6, "x", [0, -2]),
    ("L = sum(||x| - 1|)", {"x": [3.0, -2.0]}, 3, "x", [1, -1]),
    (r"\ell = \|x\|^2; L = \ell", {"x": V}, 14, "x", [2, 4, 6]),
    (r"L = \left(\frac{x^\top}{2}\right) x", {"x": V}, 7, "x", V),
    (r"L = \frac{x^{\mathsf{T}} x}{2} + \sqrt{x^\top x - 5}", {"x": V}, 10, "x", [4 / 3, 8 / 3, 4]),
    ("L = 1/2 x^T A x - b^T x", {"A": [[2, 0], [0, 4]], "x": [1.0, 1.0], "b": [1.0, 0.0]}, 2, "x", [1, 4]),
    ("L = -0.5*x.T @ A @ x", {"A": [[2, 0], [0, 4]], "x": [1.0, 1.0]}, -3, "x", [-2, -4]),
    ("L = (x - b)^T A (x - b)", {"A": [[2, 0], [0, 4]], "x": [1.0, 1.0], "b": [0, 0]}, 6, "b", [-4, -8]),
    ("L = (x^T + b^T) A x/2", {"A": [[2, 0], [0, 4]], "x": [1.0, 1.0], "b": [1, 0]}, 4, "b", [1, 2]),
    ("g = x^T A; L = sum(g)", {"A": [[2, 0], [0, 4]], "x": [1.0, 1.0]}, 6, "x", [2, 4]),
    ("L = sum((x^T A)^T)", {"A": [[2, 0], [0, 4]], "x": [1.0, 1.0]}, 6, "x", [2, 4]),
    ("L = sum(x xᵀ)", {"x": V}, 36, "x", [12, 12, 12]),
    ("L = sum(A (δ x^T + x δ^T))", {"A": [[1, 0], [0, 2]], "x": [1.0, 2.0], "δ": [3, 0]}, 24, "x", [6, 9]),
    ("L = W[0, 1]*W_1[0]", {"W": X, "W_1": [2.0]}, 4, "W", [[0, 2, 0], [0, 0, 0]]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "at", "value", "name", "gradient"), READ, ids=[row[0] for row in READ])
def test_what_is_read(text: str, at: dict[str, Any], value: float, name: str, gradient: list[Any]) -> None:
    """A program is read as a course means it; its gradient agrees with differences and with SymPy."""
    d = bt.derive(text, at=at)
    assert np.isclose(d.values["L"], value)
    assert np.allclose(d.gradients[name], gradient)
    assert d.check().ok
    assert "L" in d.explain("latex")


REFUSED: list[tuple[str, dict[str, Any], str]] = [
    ("L = A[5, 0]", {"A": X}, "there is no entry 5 along axis 0 of A, 2×3: they count from 0 to 1"),
    ("L = A[0, 0, 0]", {"A": X}, "A is 2×3 and has 2 axes, and 3 indices are given"),
    ("L = A[i]", {"A": X}, "places of an array are whole numbers or ranges, and this is neither"),
    ("L = A[1.5]", {"A": X}, "places of an array are whole numbers or ranges, and this is neither"),
    ("L = sum(A[::0])", {"A": X}, "places of an array are whole numbers or ranges, and this is neither"),
    ("L = A[]", {"A": X}, "nothing stands between these brackets"),
    ("L = A [0]", {"A": X}, "`A [` could be an index or a product"),
    ("L = A[0:2", {"A": X}, "this bracket is not closed"),
    ("L = A : 3", {"A": X}, "a `:` has no meaning here"),
    ("L = b[0]", {"A": X, "b": 1}, "b is a number and has no entries to be picked"),
    ("A[0] = 3; L = A[0]", {"A": X}, "an assignment's left side is a name, not `A[0]`"),
    ("L = sum(reshape(A, 4, 2))", {"A": X}, "the number of entries of A, 2×3, is 6, and that of 4×2 is 8"),
    ("L = sum(reshape(A, 2.5))", {"A": X}, "`reshape` takes whole numbers, and `2.5` is none that fits"),
    ("L = sum(permute(A, 1, 1))", {"A": X}, "axis 1 of A, 2×3, is named twice"),
    ("L = sum(A*onehot(y))", {"A": X, "y": [0, 2]}, "`onehot` takes labels and the number of classes"),
    ("L = mse((a, b), (c, d))", {"a": [1.0], "b": 2, "c": 3, "d": 4},
     "a comma stands only between the arguments of a function"),
    ("L = sum(A xᵀ)", {"A": [V], "x": V}, "only what has rows and columns can be turned, and (3,) has not; "
     "`reshape(x, 1, 3)` would be 1×3; `reshape(x, 3, 1)` would be 3×1"),
    ("L = sum(x.T * w)", {"x": V, "w": V}, "a `*` behind a turned vector could be two products; `x @ w` would "
     "be a number; `x * w` would be (3,)"),
    ("L = ||x|| + sum(|x|)", {"x": V}, "`||` beside `|` could be a norm or two absolute values"),
    ("L = sum(W' x)", {"W": X, "x": [1.0, 2.0]}, "a transpose is W.T or Wᵀ, a product of matrices A @ B"),
    ("L = sum(x.*x)", {"x": V}, "write `*` alone: it goes entry by entry"),
    (r"\ell = l \|x\|", {"x": V, "l": 2}, r"an assignment's left side is a name, not `\ell`"),
    ("a = xᵀ; L = sum(a)", {"x": V}, "only what has rows and columns can be turned, and (3,) has not; "
     "`reshape(x, 1, 3)` would be 1×3; `reshape(x, 3, 1)` would be 3×1"),
    ("L = wx", {"w": V, "x": V}, "two vectors side by side could be two products; `w @ x` would be a number; "
     "`w * x` would be (3,)"),
    ("L = sum(A·B)", {"A": X[:, :2], "B": X[:, :2]}, "a dot between arrays could be two products, and both "
     "have a shape; `A @ B` would be 2×2; `A * B` would be 2×2"),
    (r"L = \sum_i x_i z", {"x": V, "z": V}, "z has no index here, and stands beside what has one; write "
     "sum( … ) without indices"),
    ("L = sum(z + b)", {"z": [[1.0], [2.0], [3.0]], "b": V}, "z is a column 3×1 and b a vector of 3: entry by "
     "entry they would make 3×3, every entry with every other; write `reshape(b, 3, 1)` for a column, "
     "`reshape(b, 1, 3)` for all pairs"),
    ("L = sum(np.dot(A, B))", {"A": X, "B": X}, "`np.dot` is a function of a module; here it stands without the "
     "module\n  L = sum(np.dot(A, B))\n          ^^^^^^\nwrite `A @ B`"),
    ("L = sum((A @ B).dot(2*B))", {"A": X, "B": X}, "line 1, column 9: `(A @ B).dot` is a method; functions stand "
     "here before what they take\n  L = sum((A @ B).dot(2*B))\n          ^^^^^^^^^^^\nwrite `(A @ B) @ (2*B)`"),
    ("L = np.mean(A, 1)", {"A": X}, "\nwrite `mean(A, axis=1)`"),
    ("L = np.linalg.norm(A, ord=1, keepdim=True)", {"A": X}, "\nwrite `norm(A, p=1, keepdims=True)`"),
    ("L = A.shape[0]*sum(A)", {"A": X}, "`A.shape` is an attribute, and names have none here\n  L = A.shape[0]*"
     "sum(A)\n      ^^^^^^^^^^\nwrite the number itself; a mean is mean( … )"),
    ("L = np.einsum(A)", {"A": X}, "`np.einsum` is a function of a module, and there is none of that name here"),
    ("L = sum(A, dim=1)[0]", {"A": X}, "sum has no option `dim`\n  L = sum(A, dim=1)[0]\n      ^^^^^^^^^^^^^\nit is "
     "called `axis` here"),
    ("L = sum(mean(A, 1))", {"A": X}, "`mean(A, 1)` could take 1 as an option or as one more number; write "
     "`mean(A, axis=1)` or `(A + 1)/2`"),
    ("L = norm(x, 3)", {"x": V}, "`norm(x, 3)` could take 3 as an option or as one more number; write "
     "`norm(x, p=3)` or `sqrt(x^2 + 3^2)`"),
    ("L = ‖x‖_p", {"x": V}, "line 1, column 8: the order of a norm is a number, and `p` is none\n  L = ‖x‖_p\n"
     "         ^^\nsuch as ‖x‖_1, ‖x‖_2, ‖x‖_3 or ‖x‖_∞"),
    ("L = ‖x‖_0", {"x": V}, "it is flat between its steps, so there is no gradient to follow"),
    (r"L = \|A\|_{2,1}", {"A": X}, "a norm of norms is written out\n  L = \\|A\\|_{2,1}\n           ^^^^^^\n"
     "write sum(norm(A, axis=0))"),
    ("L = ‖A‖_*", {"A": X}, "the nuclear norm is not part of the language: it needs singular values"),
    ("L = ⟨x, x⟩", {"x": V}, "an inner product is written x @ w"),
    ("L = softmax(x)_1", {"x": V}, "one entry is taken by its place, from 0 on: [0]"),
    ("L = sum(argmax(A))", {"A": X}, "it is flat between its steps, so there is no gradient to follow"),
    ("L = sum(hstack(A, A))", {"A": X}, "\nwrite concat(A, B, axis=1)"),
    ("L = mse(P, y)", {"P": [[1.0], [2.0], [3.0]], "y": V}, "P is 3×1 where y is (3,); their shapes "
     "are to be equal, or one a number; `mse(P, reshape(y, 3, 1))` would be a number"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "at", "message"), REFUSED, ids=[row[0] for row in REFUSED])
def test_what_is_refused(text: str, at: dict[str, Any], message: str) -> None:
    """What names no places, could be two products or is likely not meant is told where it stands."""
    with pytest.raises(bt.TutorError) as caught:
        bt.derive(text, at=at)
    assert message in str(caught.value)
    assert "\n  " in str(caught.value)  # the line and its caret


@pytest.mark.parametrize("sign", ["*", "⊙", "∘", "∗", r"\odot", r"\circ"])
def test_signs_of_the_product_entry_by_entry(sign: str) -> None:
    """Each of these multiplies entry by entry, where a product of matrices has a shape too."""
    text = f"L = sum(A {sign} B)"
    square = [[1.0, 2], [3, 4]]
    assert bt.derive(text, at={"A": square, "B": square}).values["L"] == 30


def test_pairs_that_are_meant_are_made() -> None:
    """A column beside a vector of another size, or laid down as a row, makes all pairs."""
    column = [[1.0], [2.0], [3.0]]
    assert bt.derive("L = sum(z + b)", at={"z": column, "b": [1.0, 2.0]}).values["L"] == 21
    assert bt.derive("L = sum(z + reshape(b, 1, 3))", at={"z": column, "b": V}).values["L"] == 36


APART = {
    "softmax": "L = sum(softmax(X)*T)", "cross_entropy": "L = cross_entropy(X, y)", "mse": "L = mse(X, T)",
    "batchnorm": "L = sum(batchnorm(X, g, b)**3)", "layernorm": "L = sum(layernorm(X, g, b)**3)",
    "sigmoid": "L = sum(σ(X)*T)", "all": "L = cross_entropy(tanh(X), y) + mse(X, T)",
}  # fmt: skip


@pytest.mark.parametrize("name", list(APART))
def test_composites_can_be_taken_apart(name: str) -> None:
    """A composite in parts has more nodes and the same value and gradients, at another point too."""
    at = {"X": X, "T": X + 1, "y": [0, 2], "g": V, "b": V}
    whole, apart = (bt.derive(APART[name], at=at, expand=e) for e in ((), name))
    assert len(apart.graph_table.nodes) > len(whole.graph_table.nodes)
    for one, other in ((whole, apart), (whole.moved(X=X / 2), apart.moved(X=X / 2))):
        assert np.isclose(one.values["L"], other.values["L"], rtol=1e-12)
        assert np.allclose(one.gradients["X"], other.gradients["X"], rtol=1e-9, atol=1e-12)


def test_what_cannot_be_taken_apart_is_told() -> None:
    """The nearest composite is named."""
    with pytest.raises(bt.OptionError, match=r"`softmx` is not a composite .* did you mean `softmax`"):
        bt.derive("L = sum(X)", at={"X": X}, expand="softmx")


def test_the_jacobian_of_softmax() -> None:
    """A block has the shape of its output, then of its input: diag(p) − p·pᵀ."""
    p = np.exp(V) / np.exp(V).sum()
    found = bt.jacobian("p = softmax(s)", {"s": V}, of="p")
    assert np.allclose(found["p", "s"], np.diag(p) - np.outer(p, p))
    with pytest.raises(bt.UnknownNameError, match="the Jacobian has no `q`; there are: p"):
        found["q", "s"]


def test_descent_over_arrays() -> None:
    """Weights and biases move, the loss falls, and the course is kept."""
    at = {"X": [[1.0], [2.0]], "W": [[0.0]], "b": [0.0], "Y": [[2.0], [4.0]]}
    run = bt.descend("P = X@W + b; L = mse(P, Y)", at, lr=0.1, steps=50)
    assert run.wrt == ("W", "b")
    assert run.losses[-1] < 0.02 < run.losses[0] == 10
    assert np.allclose(run.points[1][0], [[1.0]])
    with pytest.raises(bt.DomainError, match="step 1: the value of L is inf"):
        bt.descend("P = X@W + b; L = mse(P, Y)", at, lr=1e200, steps=5)
