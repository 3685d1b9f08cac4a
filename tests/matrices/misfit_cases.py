"""Programs whose shapes do not fit, the sizes of their inputs, and the whole message."""

from __future__ import annotations

from typing import Any

__all__ = ["MISFITS"]

MISFITS: list[tuple[str, dict[str, tuple[Any, ...]], str]] = [
    ("Z = X@W", {"X": (4, 3), "W": (2, 3)},
     "line 1, column 5: the inner sizes 3 and 2 of 4×3 @ 2×3 differ; `X @ W.T` would be 4×2\n"
     "  Z = X@W\n"
     "      ^^^"),
    ("Z = X@W", {"X": ("N", 3), "W": (4, "h")},
     "line 1, column 5: the inner sizes 3 and 4 of N×3 @ 4×h differ; `W` would need 3 rows\n"
     "  Z = X@W\n"
     "      ^^^"),
    ("Z = W@X + b", {"X": (3, "N"), "W": (4, 3), "b": (4,)},
     "line 1, column 11: 4×N and (4,) do not broadcast: the sizes N and 4 differ, and neither is 1; `W@X + reshape(b, 4, 1)` would be 4×N; `(W@X).T + b` would be N×4\n"
     "  Z = W@X + b\n"
     "            ^"),
    ("Z = X@W + b", {"X": ("N", 3), "W": (3, 4), "b": (3,)},
     "line 1, column 11: N×4 and (3,) do not broadcast: the sizes 4 and 3 differ, and neither is 1; `b` would need 4 entries\n"
     "  Z = X@W + b\n"
     "            ^"),
    ("Z = (X - X)^T W", {"X": (4, 3), "W": (4, 2), "T": (4, 2)},
     "line 1, column 5: `^T` could be a transpose or a power, and T is a name here; write (X − X)ᵀ or (X − X)^(T)\n"
     "  Z = (X - X)^T W\n"
     "      ^^^^^^^^^"),
    ("h = w^{T} x/T", {"w": (3,), "x": (3,), "T": ()},
     "line 1, column 5: `^T` could be a transpose or a power, and T is a name here; write wᵀ or w^(T)\n"
     "  h = w^{T} x/T\n"
     "      ^^^^"),
    ("Z = Wx", {"W": (4, 3), "x": (4,)},
     "line 1, column 5: the inner sizes 3 and 4 of 4×3 @ (4,) differ; `W.T @ x` would be (3,); `x @ W` would be (3,)\n"
     "  Z = Wx\n"
     "      ^^"),
    ("Z = XW + c", {"X": (5, 3), "W": (3, 2), "c": (5, 2, 1)},
     "line 1, column 5: 5×2 and 5×2×1 do not broadcast: the sizes 5 and 2 differ, and neither is 1; `XW` would need 2 rows\n"
     "  Z = XW + c\n"
     "      ^^"),
    ("Z = A*B", {"A": (2, 3), "B": (3, 2)},
     "line 1, column 5: 2×3 and 3×2 do not broadcast: the sizes 2 and 3 differ, and neither is 1; `A*B.T` would be 2×3; `A.T*B` would be 3×2\n"
     "  Z = A*B\n"
     "      ^^^"),
    ("Z = A ⊙ B", {"A": (2, 3), "B": (2,)},
     "line 1, column 9: 2×3 and (2,) do not broadcast: the sizes 3 and 2 differ, and neither is 1; `A ⊙ reshape(B, 2, 1)` would be 2×3; `A.T ⊙ B` would be 3×2\n"
     "  Z = A ⊙ B\n"
     "          ^"),
    ("Z = A + B; Q = A@B; L = sum(Q)", {"A": (2, 3), "B": (2, 2)},
     "line 1, column 5: 2×3 and 2×2 do not broadcast: the sizes 3 and 2 differ, and neither is 1; `B` would need 3 columns\n"
     "  Z = A + B; Q = A@B; L = sum(Q)\n"
     "      ^^^^^\n"
     "line 1, column 16: the inner sizes 3 and 2 of 2×3 @ 2×2 differ; `A.T @ B` would be 3×2; `B @ A` would be 2×3\n"
     "  Z = A + B; Q = A@B; L = sum(Q)\n"
     "                 ^^^"),
    ("H = σ(X@W1); S = H@W2; T = S@W3", {"X": ("N", 3), "W1": (4, 3), "W2": (4, 2), "W3": (3, 2)},
     "line 1, column 7: the inner sizes 3 and 4 of N×3 @ 4×3 differ; `X @ W1.T` would be N×4\n"
     "  H = σ(X@W1); S = H@W2; T = S@W3\n"
     "        ^^^^"),
    ("H = X@W1\nS = H@W2\nL = cross_entropy(S, y)", {"X": (8, 3), "W1": (3, 4), "W2": (4, 2), "y": (7,)},
     "line 3, column 22: S is 8×2: its targets are one label for each row, (8,), or a distribution, 8×2; y is (7,)\n"
     "  L = cross_entropy(S, y)\n"
     "                       ^"),
    ("L = cross_entropy(S, Y)", {"S": (8, 3), "Y": (8, 2)},
     "line 1, column 22: S is 8×3: one-hot rows have an entry for each of its 3 classes; Y is 8×2; `Y` would need 3 columns\n"
     "  L = cross_entropy(S, Y)\n"
     "                       ^"),
    ("L = mse(P, T)", {"P": (8, 1), "T": (8,)},
     "line 1, column 12: a loss compares each prediction with its own target, and P is 8×1 where T is (8,); their shapes are to be equal, or one a number; `mse(P, reshape(T, 8, 1))` would be a number; `mse(P.T, T)` would be a number\n"
     "  L = mse(P, T)\n"
     "             ^"),
    ("L = mse(P, T)", {"P": (8, 2), "T": (3, 2)},
     "line 1, column 12: a loss compares each prediction with its own target, and P is 8×2 where T is 3×2; their shapes are to be equal, or one a number\n"
     "  L = mse(P, T)\n"
     "             ^"),
    ("L = mse(P, T)", {"P": (4, 1), "T": (1, 3)},
     "line 1, column 12: a loss compares each prediction with its own target, and P is 4×1 where T is 1×3; their shapes are to be equal, or one a number\n"
     "  L = mse(P, T)\n"
     "             ^"),
    ("L = mse(P, T)", {"P": (4, 1), "T": (3, 1)},
     "line 1, column 12: a loss compares each prediction with its own target, and P is 4×1 where T is 3×1; their shapes are to be equal, or one a number\n"
     "  L = mse(P, T)\n"
     "             ^"),
    ("D = P - T", {"P": (4, 1), "T": (3, 1)},
     "line 1, column 5: 4×1 and 3×1 do not broadcast: the sizes 4 and 3 differ, and neither is 1; `T` would need 4 rows\n"
     "  D = P - T\n"
     "      ^^^^^"),
    ("L = mse(P, T)", {"P": (4, 2), "T": (2,)},
     "line 1, column 12: a loss compares each prediction with its own target, and P is 4×2 where T is (2,); their shapes are to be equal, or one a number\n"
     "  L = mse(P, T)\n"
     "             ^"),
    ("L = bce(P, T)", {"P": (8, 2), "T": (8, 3)},
     "line 1, column 12: a loss compares each prediction with its own target, and P is 8×2 where T is 8×3; their shapes are to be equal, or one a number\n"
     "  L = bce(P, T)\n"
     "             ^"),
    ("s = dot(a, b)", {"a": (3,), "b": (4,)},
     "line 1, column 12: a is (3,) and b is (4,): vectors of different lengths have no scalar product; `outer(a, b)` would be 3×4\n"
     "  s = dot(a, b)\n"
     "             ^"),
    ("s = dot(A, b)", {"A": (3, 3), "b": (3,)},
     "line 1, column 9: this product takes two vectors; A is 3×3 and b is (3,); `A @ b` would be (3,)\n"
     "  s = dot(A, b)\n"
     "          ^"),
    ("M = outer(A, b)", {"A": (3, 3), "b": (3,)},
     "line 1, column 11: this product takes two vectors; A is 3×3 and b is (3,)\n"
     "  M = outer(A, b)\n"
     "            ^"),
    ("s = sum(X, axis=2)", {"X": (4, 3)},
     "line 1, column 12: there is no axis 2 in X, 4×3: its axes count from 0 to 1\n"
     "  s = sum(X, axis=2)\n"
     "             ^^^^^^"),
    ("s = mean(X, axis=-3)", {"X": (4, 3)},
     "line 1, column 13: there is no axis -3 in X, 4×3: its axes count from 0 to 1\n"
     "  s = mean(X, axis=-3)\n"
     "              ^^^^^^^"),
    ("p = softmax(S, axis=1)", {"S": (3,)},
     "line 1, column 16: there is no axis 1 in S, (3,): its only axis is 0\n"
     "  p = softmax(S, axis=1)\n"
     "                 ^^^^^^"),
    ("r = reshape(X, 5, 2)", {"X": (4, 3)},
     "line 1, column 16: the number of entries of X, 4×3, is 12, and that of 5×2 is 10; `reshape(X, -1, 2)` would be 6×2\n"
     "  r = reshape(X, 5, 2)\n"
     "                 ^^^^"),
    ("r = reshape(X, -1, 5)", {"X": (4, 3)},
     "line 1, column 16: the entries of X, 4×3, are 12 in all and do not fill rows of 5; rows of 1, 2, 3, 4, 6 or 12 would be filled\n"
     "  r = reshape(X, -1, 5)\n"
     "                 ^^^^^"),
    ("r = reshape(X, -1, -1)", {"X": (4, 3)},
     "line 1, column 16: only one size can be left open, and -1×-1 leaves 2\n"
     "  r = reshape(X, -1, -1)\n"
     "                 ^^^^^^"),
    ("c = concat(A, B)", {"A": (2, 3), "B": (2, 4)},
     "line 1, column 15: 2×3 and 2×4 do not join along axis 0: their other sizes differ; `concat(A, B, axis=1)` would be 2×7\n"
     "  c = concat(A, B)\n"
     "                ^"),
    ("c = concat(A, B, axis=1)", {"A": (2, 3), "B": (3, 3)},
     "line 1, column 15: 2×3 and 3×3 do not join along axis 1: their other sizes differ; `concat(A.T, B, axis=1)` would be 3×5\n"
     "  c = concat(A, B, axis=1)\n"
     "                ^"),
    ("c = stack(A, B)", {"A": (2, 3), "B": (3, 2)},
     "line 1, column 14: only equal shapes can be stacked, and 2×3 and 3×2 differ; `stack(A, B.T)` would be 2×2×3; `stack(A.T, B)` would be 2×3×2\n"
     "  c = stack(A, B)\n"
     "               ^"),
    ("e = A[5, 0]", {"A": (2, 3)},
     "line 1, column 7: there is no entry 5 along axis 0 of A, 2×3: they count from 0 to 1\n"
     "  e = A[5, 0]\n"
     "        ^"),
    ("e = A[0, 0, 0]", {"A": (2, 3)},
     "line 1, column 13: A is 2×3 and has 2 axes, and 3 indices are given\n"
     "  e = A[0, 0, 0]\n"
     "              ^"),
    ("e = A[:, 3]", {"A": (2, 3)},
     "line 1, column 10: there is no entry 3 along axis 1 of A, 2×3: they count from 0 to 2\n"
     "  e = A[:, 3]\n"
     "           ^"),
    ("v = x.T", {"x": (3,)},
     "line 1, column 5: only what has rows and columns can be turned, and (3,) has not; `reshape(x, 1, 3)` would be 1×3; `reshape(x, 3, 1)` would be 3×1\n"
     "  v = x.T\n"
     "      ^^^"),
    ("v = (w^T) x", {"w": (3,), "x": (4,)},
     "line 1, column 5: the inner sizes 3 and 4 of (3,) @ (4,) differ; `x` would need 3 entries\n"
     "  v = (w^T) x\n"
     "      ^^^^^^^"),
    ("Z = batchnorm(X, g, b)", {"X": (4, 3), "g": (4,), "b": (3,)},
     "line 1, column 18: g is (4,), and X, 4×3, takes one number for each feature; `g` would need 3 entries\n"
     "  Z = batchnorm(X, g, b)\n"
     "                   ^"),
    ("Z = layernorm(X, g, b)", {"X": (4, 3), "g": (4,), "b": (4,)},
     "line 1, column 18: g is (4,), and X, 4×3, takes one number for each feature; `layernorm(X.T, g, b)` would be 3×4\n"
     "  Z = layernorm(X, g, b)\n"
     "                   ^"),
    ("D = dropout(A, M)", {"A": (4, 3), "M": (3, 4)},
     "line 1, column 16: 4×3 and 3×4 do not broadcast: the sizes 4 and 3 differ, and neither is 1; `dropout(A, M.T)` would be 4×3; `dropout(A.T, M)` would be 3×4\n"
     "  D = dropout(A, M)\n"
     "                 ^"),
    ("I = inverse(A)", {"A": (4, 3)},
     "line 1, column 13: only a square matrix has an inverse, and A is 4×3\n"
     "  I = inverse(A)\n"
     "              ^"),
    ("s = solve(A, b)", {"A": (3, 3), "b": (4,)},
     "line 1, column 14: A, 3×3, needs a right side of as many rows; b is (4,); `b` would need 3 entries\n"
     "  s = solve(A, b)\n"
     "               ^"),
    ("B = broadcast_to(b, 2, 4)", {"b": (3,)},
     "line 1, column 18: b is (3,) and does not spread to 2×4; `b` would need 4 entries\n"
     "  B = broadcast_to(b, 2, 4)\n"
     "                   ^"),
    ("L = W@2", {"W": (3, 3)},
     "line 1, column 7: a matrix product needs vectors or matrices, and one of the two is a number; `W * 2` would be 3×3\n"
     "  L = W@2\n"
     "        ^"),
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
     "line 1, column 16: there is no axis 2 in A, 3×3: its axes count from 0 to 1\n"
     "  p = permute(A, 0, 2)\n"
     "                 ^^^^"),
    ("Z = X@W.T + b; A = relu(Z)@V; L = mse(A, T)", {"X": (8, 3), "W": (3, 4), "b": (3,), "V": (2, 1), "T": (8,)},
     "line 1, column 5: the inner sizes 3 and 4 of 8×3 @ 4×3 differ; `X @ W` would be 8×4\n"
     "  Z = X@W.T + b; A = relu(Z)@V; L = mse(A, T)\n"
     "      ^^^^^"),
    ("r = X@W - y", {"X": ("N", 3), "W": (3, 1), "y": ("N",)},
     "line 1, column 5: (X @ W) is a column N×1 and y a vector of N: entry by entry they would make N×N, every entry with every other; write `reshape(y, -1, 1)` for a column, `reshape(y, 1, -1)` for all pairs\n"
     "  r = X@W - y\n"
     "      ^^^^^^^"),
    ("Z = \\mathbf{W}^\\top x", {"W": (4, 3), "x": (3,)},
     "line 1, column 5: the inner sizes 4 and 3 of 3×4 @ (3,) differ; `W @ x` would be (4,); `x @ W.T` would be (4,)\n"
     "  Z = \\mathbf{W}^\\top x\n"
     "      ^^^^^^^^^^^^^^^^^"),
    ("Z = A B C", {"A": (2, 3), "B": (3, 4), "C": (3, 2)},
     "line 1, column 5: the inner sizes 4 and 3 of 2×4 @ 3×2 differ; `C @ (A B)` would be 3×4; `(A B).T @ C.T` would be 4×3\n"
     "  Z = A B C\n"
     "      ^^^^^"),
    ("L = cross_entropy(S, y)", {"S": (4, 3), "y": (4, 1)},
     "line 1, column 22: S is 4×3: its targets are one label for each row, (4,), or a distribution, 4×3; y is 4×1; `cross_entropy(S, reshape(y, 4))` would be a number\n"
     "  L = cross_entropy(S, y)\n"
     "                       ^"),
    ("L = cross_entropy(W@X + b, y)", {"W": (3, 2), "X": (2, 8), "b": (3, 1), "y": (8,)},
     "line 1, column 28: (W @ X + b) is 3×8: its targets are one label for each row, (3,), or a distribution, 3×8; y is (8,); `cross_entropy((W@X + b).T, y)` would be a number\n"
     "  L = cross_entropy(W@X + b, y)\n"
     "                             ^"),
    ("L = cross_entropy(S, Y)", {"S": (4, 3), "Y": (3, 4)},
     "line 1, column 22: S is 4×3: its targets are one label for each row, (4,), or a distribution, 4×3; Y is 3×4; `cross_entropy(S, Y.T)` would be a number; `cross_entropy(S.T, Y)` would be a number\n"
     "  L = cross_entropy(S, Y)\n"
     "                       ^"),
    ("l = cross_entropy(s, y)", {"s": (3,), "y": (4,)},
     "line 1, column 22: s is (3,): its target is one label, a number, or a distribution, (3,); y is (4,)\n"
     "  l = cross_entropy(s, y)\n"
     "                       ^"),
    ("Z = batchnorm(X@W, gamma, beta)", {"X": ("N", 3), "W": (3, 4), "gamma": (3,), "beta": (3,)},
     "line 1, column 20: γ is (3,), and (X @ W), N×4, takes one number for each feature; `gamma` would need 4 entries\n"
     "  Z = batchnorm(X@W, gamma, beta)\n"
     "                     ^^^^^\n"
     "line 1, column 27: β is (3,), and (X @ W), N×4, takes one number for each feature; `beta` would need 4 entries\n"
     "  Z = batchnorm(X@W, gamma, beta)\n"
     "                            ^^^^"),
    ("Z = layernorm(X, gamma, beta)", {"X": (4, 3), "gamma": (3, 1), "beta": (3,)},
     "line 1, column 18: γ is 3×1, and X, 4×3, takes one number for each feature; `layernorm(X, reshape(gamma, 3), beta)` would be 4×3\n"
     "  Z = layernorm(X, gamma, beta)\n"
     "                   ^^^^^"),
    ("Z = batchnorm(x, g, b)", {"x": (3,), "g": (3,), "b": (3,)},
     "line 1, column 15: a batch has samples and features, and x is (3,)\n"
     "  Z = batchnorm(x, g, b)\n"
     "                ^"),
    ("M = outer(d, x)", {"d": (3, 1), "x": (4, 1)},
     "line 1, column 11: this product takes two vectors; d is 3×1 and x is 4×1; `outer(reshape(d, 3), reshape(x, 4))` would be 3×4\n"
     "  M = outer(d, x)\n"
     "            ^"),
    ("s = dot(w, x)", {"w": (3, 1), "x": (3,)},
     "line 1, column 9: this product takes two vectors; w is 3×1 and x is (3,); `dot(reshape(w, 3), x)` would be a number\n"
     "  s = dot(w, x)\n"
     "          ^"),
    ("e = A[2, 3] + A[0, 0]", {"A": (2, 3)},
     "line 1, column 7: there is no entry 2 along axis 0 of A, 2×3: they count from 0 to 1\n"
     "  e = A[2, 3] + A[0, 0]\n"
     "        ^\n"
     "line 1, column 10: there is no entry 3 along axis 1 of A, 2×3: they count from 0 to 2\n"
     "  e = A[2, 3] + A[0, 0]\n"
     "           ^"),
    ("x0 = x[3]", {"x": (3,)},
     "line 1, column 8: there is no entry 3 along axis 0 of x, (3,): they count from 0 to 2\n"
     "  x0 = x[3]\n"
     "         ^"),
    ("e = x[0, 1]", {"x": (3,)},
     "line 1, column 10: x is (3,) and has one axis, and 2 indices are given\n"
     "  e = x[0, 1]\n"
     "           ^"),
    ("e = A[1][5]", {"A": (2, 3)},
     "line 1, column 10: there is no entry 5 along axis 0 of A[1], (3,): they count from 0 to 2\n"
     "  e = A[1][5]\n"
     "           ^"),
    ("r = reshape(X, -1, 4)", {"X": ("N", 6)},
     "line 1, column 16: the entries of X, N×6, are 6·N in all and do not fill rows of 4; rows of 1, 2, 3 or 6 would be filled\n"
     "  r = reshape(X, -1, 4)\n"
     "                 ^^^^^"),
    ("r = reshape(X, 3, 5)", {"X": (4, 4)},
     "line 1, column 16: the number of entries of X, 4×4, is 16, and that of 3×5 is 15; that of 2×8 is 16\n"
     "  r = reshape(X, 3, 5)\n"
     "                 ^^^^"),
    ("c = concat(A, b)", {"A": (2, 3), "b": (3,)},
     "line 1, column 15: 2×3 and (3,) do not join along axis 0: they have 2 and 1 axes; `concat(A, reshape(b, 1, 3))` would be 3×3\n"
     "  c = concat(A, b)\n"
     "                ^"),
    ("c = concat(A, B, C)", {"A": (2, 3), "B": (2, 4), "C": (3, 5)},
     "line 1, column 15: 2×3 and 2×4 do not join along axis 0: their other sizes differ; `B` would need 3 columns\n"
     "  c = concat(A, B, C)\n"
     "                ^\n"
     "line 1, column 18: 2×3 and 3×5 do not join along axis 0: their other sizes differ; `C` would need 3 columns\n"
     "  c = concat(A, B, C)\n"
     "                   ^"),
    ("p = softmax(S, axis=2); q = sum(S, axis=-3)", {"S": (4, 3)},
     "line 1, column 16: there is no axis 2 in S, 4×3: its axes count from 0 to 1\n"
     "  p = softmax(S, axis=2); q = sum(S, axis=-3)\n"
     "                 ^^^^^^\n"
     "line 1, column 36: there is no axis -3 in S, 4×3: its axes count from 0 to 1\n"
     "  p = softmax(S, axis=2); q = sum(S, axis=-3)\n"
     "                                     ^^^^^^^"),
    ("s = mean(X, axis=(0, 2))", {"X": (4, 3)},
     "line 1, column 13: there is no axis 2 in X, 4×3: its axes count from 0 to 1\n"
     "  s = mean(X, axis=(0, 2))\n"
     "              ^^^^^^^^^^^"),
    ("s = sum(x, axis=0)", {"x": ()},
     "line 1, column 12: there is no axis 0 in x: it is a number and has none\n"
     "  s = sum(x, axis=0)\n"
     "             ^^^^^^"),
    ("Z = X@W", {"X": ("N", "D"), "W": ("M", "H")},
     "line 1, column 5: the inner sizes D and M of N×D @ M×H differ; `W` would need D rows; where D and M are equal, one symbol stands for both\n"
     "  Z = X@W\n"
     "      ^^^"),
    ("D = P - Y", {"P": ("N", 3), "Y": ("M", 3)},
     "line 1, column 5: N×3 and M×3 do not broadcast: the sizes N and M differ, and neither is 1; `Y` would need N rows; where N and M are equal, one symbol stands for both\n"
     "  D = P - Y\n"
     "      ^^^^^"),
    ("Z = X@W + b", {"X": ("N", 3), "W": (3, 4), "b": ("H",)},
     "line 1, column 11: N×4 and (H,) do not broadcast: the sizes 4 and H differ, and neither is 1; `b` would need 4 entries; where H is 4, write 4 for it\n"
     "  Z = X@W + b\n"
     "            ^"),
    ("L = mse(X@W, Y)", {"X": ("N", 3), "W": (3, 1), "Y": ("N",)},
     "line 1, column 14: a loss compares each prediction with its own target, and (X @ W) is N×1 where Y is (N,); their shapes are to be equal, or one a number; `mse(X@W, reshape(Y, -1, 1))` would be a number; `mse((X@W).T, Y)` would be a number\n"
     "  L = mse(X@W, Y)\n"
     "               ^"),
    ("h = max(A, B)", {"A": (2, 3), "B": (4, 3)},
     "line 1, column 12: 2×3 and 4×3 do not broadcast: the sizes 2 and 4 differ, and neither is 1; `B` would need 2 rows\n"
     "  h = max(A, B)\n"
     "             ^"),
    ("s = solve(A, b)", {"A": (3, 2), "b": (3,)},
     "line 1, column 11: only a square matrix has an inverse, and A is 3×2\n"
     "  s = solve(A, b)\n"
     "            ^"),
    ("Z = (X@W1)@W2", {"X": ("N", 3), "W1": (3, 4), "W2": (5, 2)},
     "line 1, column 5: the inner sizes 4 and 5 of N×4 @ 5×2 differ; `W2` would need 4 rows\n"
     "  Z = (X@W1)@W2\n"
     "      ^^^^^^^^^"),
    ("g(Z) = Z@V; L = sum(g(X@W))", {"X": ("N", 3), "W": (3, 4), "V": (3, 1)},
     "line 1, column 10: the inner sizes 4 and 3 of N×4 @ 3×1 differ; `V` would need 4 rows\n"
     "  g(Z) = Z@V; L = sum(g(X@W))\n"
     "           ^"),
    ("Z = A@B", {"A": (2, 4, 3), "B": (5, 3, 2)},
     "line 1, column 5: the batches (2,) and (5,) of 2×4×3 and 5×3×2 differ, and neither is 1; `B` would need the shape 2×3×2\n"
     "  Z = A@B\n"
     "      ^^^"),
    ("p = permute(A, 0)", {"A": (2, 3)},
     "line 1, column 16: A is 2×3: an order of its axes names each of 0, 1 once, and 0 is given\n"
     "  p = permute(A, 0)\n"
     "                 ^"),
]
