"""Forty-odd programs whose shapes do not fit: place, both shapes, what would fit, every misfit at once."""

from __future__ import annotations

from typing import Any

import pytest

import backprop_tutor as bt

MISFITS: list[tuple[str, dict[str, tuple[Any, ...]], str]] = [
    ("Z = X@W", {"X": (4, 3), "W": (2, 3)},
     "line 1, column 5: the inner sizes 3 and 2 of 4×3 @ 2×3 differ; `X @ W.T` would be 4×2\n"
     "  Z = X@W\n"
     "      ^^^"),
    ("Z = X@W", {"X": ("N", 3), "W": (4, "h")},
     "line 1, column 5: the inner sizes 3 and 4 of N×3 @ 4×h differ\n"
     "  Z = X@W\n"
     "      ^^^"),
    ("Z = W@X + b", {"X": (3, "N"), "W": (4, 3), "b": (4,)},
     "line 1, column 5: 4×N and (4,) do not broadcast: the sizes N and 4 differ, and neither is 1; `W@X + reshape(b, 4, 1)` would be 4×N; `(W@X).T + b` would be N×4\n"
     "  Z = W@X + b\n"
     "      ^^^^^^^"),
    ("Z = X@W + b", {"X": ("N", 3), "W": (3, 4), "b": (3,)},
     "line 1, column 5: N×4 and (3,) do not broadcast: the sizes 4 and 3 differ, and neither is 1\n"
     "  Z = X@W + b\n"
     "      ^^^^^^^"),
    ("Z = (X - X)^T W", {"X": (4, 3), "W": (4, 2), "T": (4, 2)},
     "line 1, column 6: `^T` could be a transpose or a power, and T is a name here; write (X − X)ᵀ or (X − X)^(T)\n"
     "  Z = (X - X)^T W\n"
     "       ^^^^^^^^"),
    ("h = w^{T} x/T", {"w": (3,), "x": (3,), "T": ()},
     "line 1, column 5: `^T` could be a transpose or a power, and T is a name here; write wᵀ or w^(T)\n"
     "  h = w^{T} x/T\n"
     "      ^^^^"),
    ("Z = Wx", {"W": (4, 3), "x": (4,)},
     "line 1, column 5: the inner sizes 3 and 4 of 4×3 @ (4,) differ; `W.T @ x` would be (3,); `x @ W` would be (3,)\n"
     "  Z = Wx\n"
     "      ^^"),
    ("Z = XW + c", {"X": (5, 3), "W": (3, 2), "c": (5, 2, 1)},
     "line 1, column 5: 5×2 and 5×2×1 do not broadcast: the sizes 5 and 2 differ, and neither is 1\n"
     "  Z = XW + c\n"
     "      ^^^^^^"),
    ("Z = A*B", {"A": (2, 3), "B": (3, 2)},
     "line 1, column 5: 2×3 and 3×2 do not broadcast: the sizes 2 and 3 differ, and neither is 1; `A*B.T` would be 2×3; `A.T*B` would be 3×2\n"
     "  Z = A*B\n"
     "      ^^^"),
    ("Z = A ⊙ B", {"A": (2, 3), "B": (2,)},
     "line 1, column 5: 2×3 and (2,) do not broadcast: the sizes 3 and 2 differ, and neither is 1; `A ⊙ reshape(B, 2, 1)` would be 2×3; `A.T ⊙ B` would be 3×2\n"
     "  Z = A ⊙ B\n"
     "      ^^^^^"),
    ("Z = A + B; Q = A@B; L = sum(Q)", {"A": (2, 3), "B": (2, 2)},
     "line 1, column 5: 2×3 and 2×2 do not broadcast: the sizes 3 and 2 differ, and neither is 1\n"
     "  Z = A + B; Q = A@B; L = sum(Q)\n"
     "      ^^^^^\n"
     "line 1, column 16: the inner sizes 3 and 2 of 2×3 @ 2×2 differ; `A.T @ B` would be 3×2; `B @ A` would be 2×3\n"
     "  Z = A + B; Q = A@B; L = sum(Q)\n"
     "                 ^^^"),
    ("H = σ(X@W1); S = H@W2; T = S@W3", {"X": ("N", 3), "W1": (4, 3), "W2": (4, 2), "W3": (3, 2)},
     "line 1, column 7: the inner sizes 3 and 4 of N×3 @ 4×3 differ; `X @ W₁.T` would be N×4\n"
     "  H = σ(X@W1); S = H@W2; T = S@W3\n"
     "        ^^^^"),
    ("H = X@W1\nS = H@W2\nL = cross_entropy(S, y)", {"X": (8, 3), "W1": (3, 4), "W2": (4, 2), "y": (7,)},
     "line 3, column 5: scores 8×2 need one class for each of (8,), or a distribution of their shape; the target is (7,)\n"
     "  L = cross_entropy(S, y)\n"
     "      ^^^^^^^^^^^^^^^^^^^"),
    ("L = cross_entropy(S, Y)", {"S": (8, 3), "Y": (8, 2)},
     "line 1, column 5: scores 8×3 need one class for each of (8,), or a distribution of their shape; the target is 8×2\n"
     "  L = cross_entropy(S, Y)\n"
     "      ^^^^^^^^^^^^^^^^^^^"),
    ("L = mse(P, T)", {"P": (8, 1), "T": (8,)},
     "line 1, column 5: a loss compares each prediction with its own target, and P is 8×1 where T is (8,); their shapes are to be equal, or one a number; `mse(P, reshape(T, 8, 1))` would be a number; `mse(P.T, T)` would be a number\n"
     "  L = mse(P, T)\n"
     "      ^^^^^^^^^"),
    ("L = mse(P, T)", {"P": (8, 2), "T": (3, 2)},
     "line 1, column 5: a loss compares each prediction with its own target, and P is 8×2 where T is 3×2; their shapes are to be equal, or one a number\n"
     "  L = mse(P, T)\n"
     "      ^^^^^^^^^"),
    ("L = mse(P, T)", {"P": (4, 1), "T": (1, 3)},
     "line 1, column 5: a loss compares each prediction with its own target, and P is 4×1 where T is 1×3; their shapes are to be equal, or one a number\n"
     "  L = mse(P, T)\n"
     "      ^^^^^^^^^"),
    ("L = mse(P, T)", {"P": (4, 1), "T": (3, 1)},
     "line 1, column 5: a loss compares each prediction with its own target, and P is 4×1 where T is 3×1; their shapes are to be equal, or one a number\n"
     "  L = mse(P, T)\n"
     "      ^^^^^^^^^"),
    ("D = P - T", {"P": (4, 1), "T": (3, 1)},
     "line 1, column 5: 4×1 and 3×1 do not broadcast: the sizes 4 and 3 differ, and neither is 1\n"
     "  D = P - T\n"
     "      ^^^^^"),
    ("L = mse(P, T)", {"P": (4, 2), "T": (2,)},
     "line 1, column 5: a loss compares each prediction with its own target, and P is 4×2 where T is (2,); their shapes are to be equal, or one a number\n"
     "  L = mse(P, T)\n"
     "      ^^^^^^^^^"),
    ("L = bce(P, T)", {"P": (8, 2), "T": (8, 3)},
     "line 1, column 5: a loss compares each prediction with its own target, and P is 8×2 where T is 8×3; their shapes are to be equal, or one a number\n"
     "  L = bce(P, T)\n"
     "      ^^^^^^^^^"),
    ("s = dot(a, b)", {"a": (3,), "b": (4,)},
     "line 1, column 5: vectors of 3 and 4 entries have no scalar product; `outer(a, b)` would be 3×4\n"
     "  s = dot(a, b)\n"
     "      ^^^^^^^^^"),
    ("s = dot(A, b)", {"A": (3, 3), "b": (3,)},
     "line 1, column 5: this product takes two vectors, and 3×3 is none; `A @ b` would be (3,)\n"
     "  s = dot(A, b)\n"
     "      ^^^^^^^^^"),
    ("M = outer(A, b)", {"A": (3, 3), "b": (3,)},
     "line 1, column 5: this product takes two vectors, and 3×3 is none\n"
     "  M = outer(A, b)\n"
     "      ^^^^^^^^^^^"),
    ("s = sum(X, axis=2)", {"X": (4, 3)},
     "line 1, column 5: there is no axis 2: they count from 0 to 1\n"
     "  s = sum(X, axis=2)\n"
     "      ^^^^^^^^^^^^^^"),
    ("s = mean(X, axis=-3)", {"X": (4, 3)},
     "line 1, column 5: there is no axis -3: they count from 0 to 1\n"
     "  s = mean(X, axis=-3)\n"
     "      ^^^^^^^^^^^^^^^^"),
    ("p = softmax(S, axis=1)", {"S": (3,)},
     "line 1, column 5: there is no axis 1: they count from 0 to 0\n"
     "  p = softmax(S, axis=1)\n"
     "      ^^^^^^^^^^^^^^^^^^"),
    ("r = reshape(X, 5, 2)", {"X": (4, 3)},
     "line 1, column 5: 4×3 has 12 entries and 5×2 has 10; `reshape(X, -1, 2)` would be 6×2\n"
     "  r = reshape(X, 5, 2)\n"
     "      ^^^^^^^^^^^^^^^^"),
    ("r = reshape(X, -1, 5)", {"X": (4, 3)},
     "line 1, column 5: the 12 entries of 4×3 do not fill rows of 5\n"
     "  r = reshape(X, -1, 5)\n"
     "      ^^^^^^^^^^^^^^^^^"),
    ("r = reshape(X, -1, -1)", {"X": (4, 3)},
     "line 1, column 5: only one size can be left open, and -1×-1 leaves 2\n"
     "  r = reshape(X, -1, -1)\n"
     "      ^^^^^^^^^^^^^^^^^^"),
    ("c = concat(A, B)", {"A": (2, 3), "B": (2, 4)},
     "line 1, column 5: 2×3 and 2×4 do not join along axis 0: their other sizes differ; `concat(A, B, axis=1)` would be 2×7\n"
     "  c = concat(A, B)\n"
     "      ^^^^^^^^^^^^"),
    ("c = concat(A, B, axis=1)", {"A": (2, 3), "B": (3, 3)},
     "line 1, column 5: 2×3 and 3×3 do not join along axis 1: their other sizes differ; `concat(A.T, B, axis=1)` would be 3×5\n"
     "  c = concat(A, B, axis=1)\n"
     "      ^^^^^^^^^^^^^^^^^^^^"),
    ("c = stack(A, B)", {"A": (2, 3), "B": (3, 2)},
     "line 1, column 5: only equal shapes can be stacked, and 2×3 and 3×2 differ; `stack(A, B.T)` would be 2×2×3; `stack(A.T, B)` would be 2×3×2\n"
     "  c = stack(A, B)\n"
     "      ^^^^^^^^^^^"),
    ("e = A[5, 0]", {"A": (2, 3)},
     "line 1, column 5: there is no entry 5 along axis 0: 2×3 has 2 there\n"
     "  e = A[5, 0]\n"
     "      ^^^^^^^"),
    ("e = A[0, 0, 0]", {"A": (2, 3)},
     "line 1, column 5: 3 indices are too many for 2 axes\n"
     "  e = A[0, 0, 0]\n"
     "      ^^^^^^^^^^"),
    ("e = A[:, 3]", {"A": (2, 3)},
     "line 1, column 5: there is no entry 3 along axis 1: 2×3 has 3 there\n"
     "  e = A[:, 3]\n"
     "      ^^^^^^^"),
    ("v = x.T", {"x": (3,)},
     "line 1, column 5: only what has rows and columns can be turned, and (3,) has not; `reshape(x, 1, 3)` would be 1×3; `reshape(x, 3, 1)` would be 3×1\n"
     "  v = x.T\n"
     "      ^^^"),
    ("v = (w^T) x", {"w": (3,), "x": (4,)},
     "line 1, column 6: the inner sizes 3 and 4 of (3,) @ (4,) differ\n"
     "  v = (w^T) x\n"
     "       ^^^^^^"),
    ("Z = batchnorm(X, g, b)", {"X": (4, 3), "g": (4,), "b": (3,)},
     "line 1, column 5: (4,) has not one number for each of the 3 features\n"
     "  Z = batchnorm(X, g, b)\n"
     "      ^^^^^^^^^^^^^^^^^^"),
    ("Z = layernorm(X, g, b)", {"X": (4, 3), "g": (4,), "b": (4,)},
     "line 1, column 5: (4,) has not the shape of what is normalised, (3,)\n"
     "  Z = layernorm(X, g, b)\n"
     "      ^^^^^^^^^^^^^^^^^^"),
    ("D = dropout(A, M)", {"A": (4, 3), "M": (3, 4)},
     "line 1, column 5: 4×3 and 3×4 do not broadcast: the sizes 4 and 3 differ, and neither is 1; `dropout(A, M.T)` would be 4×3; `dropout(A.T, M)` would be 3×4\n"
     "  D = dropout(A, M)\n"
     "      ^^^^^^^^^^^^^"),
    ("I = inverse(A)", {"A": (4, 3)},
     "line 1, column 5: only a square matrix has an inverse, and 4×3 is none\n"
     "  I = inverse(A)\n"
     "      ^^^^^^^^^^"),
    ("s = solve(A, b)", {"A": (3, 3), "b": (4,)},
     "line 1, column 5: 3 equations need a right side of 3 rows, not (4,)\n"
     "  s = solve(A, b)\n"
     "      ^^^^^^^^^^^"),
    ("B = broadcast_to(b, 2, 4)", {"b": (3,)},
     "line 1, column 5: (3,) and 2×4 do not broadcast: the sizes 3 and 4 differ, and neither is 1\n"
     "  B = broadcast_to(b, 2, 4)\n"
     "      ^^^^^^^^^^^^^^^^^^^^^"),
    ("L = W@2", {"W": (3, 3)},
     "line 1, column 5: a matrix product needs vectors or matrices, and one of the two is a number; `W * 2` would be 3×3\n"
     "  L = W@2\n"
     "      ^^^"),
    ("Z = x@y", {"x": (3,), "y": (2,)},
     "line 1, column 5: the inner sizes 3 and 2 of (3,) @ (2,) differ; `outer(x, y)` would be 3×2\n"
     "  Z = x@y\n"
     "      ^^^"),
    ("Z = z + b", {"z": (3, 1), "b": (3,)},
     "line 1, column 5: z is a column 3×1 and b a vector of 3: entry by entry they would make 3×3, every entry with every other; write `reshape(b, 3, 1)` for a column, `reshape(b, 1, 3)` for all pairs\n"
     "  Z = z + b\n"
     "      ^^^^^"),
    ("Z = x y", {"x": (3,), "y": (3,)},
     "line 1, column 5: two vectors side by side could be two products; `x @ y` would be a number; `x * y` would be (3,)\n"
     "  Z = x y\n"
     "      ^^^"),
    ("Z = A·B", {"A": (3, 3), "B": (3, 3)},
     "line 1, column 5: a dot between arrays could be two products, and both have a shape; `A @ B` would be 3×3; `A * B` would be 3×3\n"
     "  Z = A·B\n"
     "      ^^^"),
    ("p = permute(A, 0, 2)", {"A": (3, 3)},
     "line 1, column 5: there is no axis 2: they count from 0 to 1\n"
     "  p = permute(A, 0, 2)\n"
     "      ^^^^^^^^^^^^^^^^"),
    ("Z = X@W.T + b; A = relu(Z)@V; L = mse(A, T)", {"X": (8, 3), "W": (3, 4), "b": (3,), "V": (2, 1), "T": (8,)},
     "line 1, column 5: the inner sizes 3 and 4 of 8×3 @ 4×3 differ; `X @ W` would be 8×4\n"
     "  Z = X@W.T + b; A = relu(Z)@V; L = mse(A, T)\n"
     "      ^^^^^"),
    ("r = X@W - y", {"X": ("N", 3), "W": (3, 1), "y": ("N",)},
     "line 1, column 5: (X @ W) is a column N×1 and y a vector of N: entry by entry they would make N×N, every entry with every other; write `reshape(y, N, 1)` for a column, `reshape(y, 1, N)` for all pairs\n"
     "  r = X@W - y\n"
     "      ^^^^^^^"),
    ("Z = \\mathbf{W}^\\top x", {"W": (4, 3), "x": (3,)},
     "line 1, column 5: the inner sizes 4 and 3 of 3×4 @ (3,) differ; `W @ x` would be (4,); `x @ Wᵀ` would be (4,)\n"
     "  Z = \\mathbf{W}^\\top x\n"
     "      ^^^^^^^^^^^^^^^^^"),
    ("Z = A B C", {"A": (2, 3), "B": (3, 4), "C": (3, 2)},
     "line 1, column 5: the inner sizes 4 and 3 of 2×4 @ 3×2 differ; `C @ (A·B)` would be 3×4; `(A·B).T @ C.T` would be 4×3\n"
     "  Z = A B C\n"
     "      ^^^^^"),
]


@pytest.mark.parametrize(("program", "sizes", "message"), MISFITS, ids=[each[0] for each in MISFITS])
def test_a_misfit_has_its_place_both_shapes_and_what_would_fit(
    program: str, sizes: dict[str, Any], message: str
) -> None:
    """The whole message, before any number is there."""
    with pytest.raises(bt.ShapeError) as raised:
        bt.shapes(program, sizes)
    assert str(raised.value) == message


NET = "H = relu(X@W1 + b1); S = H@W2; L = cross_entropy(S, y)"
SIZES: Any = {"X": ("N", 784), "W1": (784, 128), "b1": (128,), "W2": (128, 10), "y": ("N",)}


def test_gradients_have_their_values_shapes_before_any_number() -> None:
    """`.gradients` has every gradient but those of labels; one is found however it is written."""
    found = bt.shapes(NET, SIZES)
    assert found.gradients == {name: shape for name, shape in found.items() if name != "y"}
    assert found["dL/dW1"] == found["∂L/∂W₁"] == found["W₁"] == (784, 128)
    at = {"X": [[1.0, 2.0]], "W": [[1.0], [2.0]], "Y": [[1.0]], "M": [[1.0, 0.0]]}
    program = "L = mse(dropout(X, M)@W, Y)"
    sizes: Any = {name: (len(rows), len(rows[0])) for name, rows in at.items()}
    assert bt.shapes(program, sizes).gradients == {
        name: getattr(g, "shape", ()) for name, g in bt.derive(program, at=at).gradients.items()
        if not name.startswith("v")
    }


@pytest.mark.parametrize(("asked", "message"), [
    ("dQ/dW1", "gradients are those of `L`, not of `Q`"),
    ("dL/dy", "`y` takes no gradient: it holds labels, a mask or class weights, or is made of constants"),
    ("dL/dq", "nothing is called `q`; there are: X, W1, b1, H, W2, S, y, L"),
    ("W3", "nothing is called `W3`; there are: X, W1, b1, H, W2, S, y, L"),
])
def test_a_shape_that_is_not_there(asked: str, message: str) -> None:
    """A name, an output or a gradient that the program does not have is refused in words."""
    with pytest.raises(bt.UnknownNameError) as raised:
        bt.shapes(NET, SIZES)[asked]
    assert str(raised.value) == message


@pytest.mark.parametrize("size", [0, -2, "3x", 2.5, True])
def test_what_is_no_size(size: Any) -> None:
    """A size is a whole number from 1 on or a symbol."""
    with pytest.raises(bt.OptionError, match=r"^a size of `X` is a whole number or a symbol, not"):
        bt.shapes("L = sum(X)", {"X": (size,)})
