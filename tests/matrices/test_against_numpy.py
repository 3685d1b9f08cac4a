"""Networks as courses write them, against backward passes written out in NumPy by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import backprop_tutor as bt

DRAW = np.random.default_rng(11)
N, D, H, C = 6, 4, 5, 3
LABELS = DRAW.integers(0, C, N)
ONE_HOT = np.eye(C)[LABELS]

Gradients = dict[str, Any]


def drawn(*shape: int) -> Any:
    return DRAW.normal(size=shape)


def softmax(scores: Any) -> Any:
    powers = np.exp(scores - scores.max(-1, keepdims=True))
    return powers / powers.sum(-1, keepdims=True)


def sigma(z: Any) -> Any:
    return 1 / (1 + np.exp(-z))


def rows(X: Any, W1: Any, b1: Any, W2: Any, b2: Any, y: Any) -> tuple[float, Gradients]:
    """relu and softmax on the rows of a batch."""
    hidden = np.maximum(X @ W1 + b1, 0)
    p = softmax(hidden @ W2 + b2)
    ds = p.copy()
    ds[range(N), y] -= 1
    ds /= N
    dh = (ds @ W2.T) * (hidden > 0)
    return -np.log(p[range(N), y]).mean(), {
        "W2": hidden.T @ ds, "b2": ds.sum(0), "W1": X.T @ dh, "b1": dh.sum(0), "X": dh @ W1.T}


def columns(X: Any, W1: Any, b1: Any, W2: Any, b2: Any, Y: Any) -> tuple[float, Gradients]:
    """tanh and a sigmoid on the columns of a batch, as the first course of a known series has it."""
    a1 = np.tanh(W1 @ X + b1)
    a2 = sigma(W2 @ a1 + b2)
    m = X.shape[1]
    dz2 = (a2 - Y) / m
    dz1 = (W2.T @ dz2) * (1 - a1**2)
    loss = -(Y * np.log(a2) + (1 - Y) * np.log(1 - a2)).sum() / m
    return loss, {"W2": dz2 @ a1.T, "b2": dz2.sum(1, keepdims=True), "W1": dz1 @ X.T,
                  "b1": dz1.sum(1, keepdims=True)}


def transposed(X: Any, W1: Any, b1: Any, W2: Any, T: Any) -> tuple[float, Gradients]:
    """Weights with a row for each output, sigmoid, squared error summed and halved."""
    a = sigma(X @ W1.T + b1)
    error = a @ W2.T - T
    dz = (error @ W2) * a * (1 - a)
    return (error**2).sum() / 2, {"W2": error.T @ a, "W1": dz.T @ X, "b1": dz.sum(0), "T": -error}


def regularised(X: Any, W: Any, b: Any, y: Any, r: Any) -> tuple[float, Gradients]:
    """Softmax regression with a penalty on the weights."""
    p = softmax(X @ W + b)
    ds = (p - np.eye(C)[y]) / N
    loss = -np.log(p[range(N), y]).mean() + r / 2 * (W * W).sum()
    return loss, {"W": X.T @ ds + r * W, "b": ds.sum(0), "r": (W * W).sum() / 2}


def least_squares(X: Any, w: Any, c: Any, y: Any) -> tuple[float, Gradients]:
    """Linear regression of vectors, halved and divided by the samples."""
    error = X @ w + c - y
    return (error**2).sum() / (2 * N), {"w": X.T @ error / N, "c": error.mean(), "y": -error / N}


def signs(X: Any, w: Any, t: Any) -> tuple[float, Gradients]:
    """Logistic regression with labels of −1 and 1."""
    margin = t * (X @ w)
    dm = -sigma(-margin) / N
    return np.log1p(np.exp(-margin)).mean(), {"w": X.T @ (dm * t)}


def normalised(X: Any, W: Any, g: Any, b: Any, T: Any) -> tuple[float, Gradients]:
    """Batch normalisation before relu, its way back in one line."""
    z = X @ W
    deviation = np.sqrt(z.var(0) + 1e-5)
    hat = (z - z.mean(0)) / deviation
    a = np.maximum(g * hat + b, 0)
    dn = 2 * (a - T) / a.size * (a > 0)
    dhat = dn * g
    dz = (N * dhat - dhat.sum(0) - hat * (dhat * hat).sum(0)) / (N * deviation)
    return ((a - T) ** 2).mean(), {"g": (dn * hat).sum(0), "b": dn.sum(0), "W": X.T @ dz, "X": dz @ W.T}


def layered(X: Any, g: Any, b: Any, V: Any) -> tuple[float, Gradients]:
    """Layer normalisation along each row."""
    deviation = np.sqrt(X.var(1, keepdims=True) + 1e-5)
    hat = (X - X.mean(1, keepdims=True)) / deviation
    dn = V / 1.0
    dhat = dn * g
    dx = (dhat - dhat.mean(1, keepdims=True) - hat * (dhat * hat).mean(1, keepdims=True)) / deviation
    return ((g * hat + b) * V).sum(), {"X": dx, "g": (dn * hat).sum(0), "b": dn.sum(0)}


def dropped(X: Any, W1: Any, M: Any, W2: Any, T: Any) -> tuple[float, Gradients]:
    """A mask that keeps half and doubles it, on the hidden layer."""
    a = np.tanh(X @ W1)
    error = (a * M) @ W2 - T
    ds = 2 * error / error.size
    dz = (ds @ W2.T) * M * (1 - a**2)
    return (error**2).mean(), {"W2": (a * M).T @ ds, "W1": X.T @ dz}


def typed_entropy(S: Any, Y: Any) -> tuple[float, Gradients]:
    """Softmax and the logarithm of what is wanted, each typed."""
    p = softmax(S)
    return -(Y * np.log(p)).sum() / N, {"S": (p - Y) / N, "P": -Y / p / N}


def recurrent(x1: Any, x2: Any, h0: Any, Wx: Any, Wh: Any, b: Any) -> tuple[float, Gradients]:
    """Two steps of a recurrent network that share their weights."""
    h1 = np.tanh(x1 @ Wx + h0 @ Wh + b)
    h2 = np.tanh(x2 @ Wx + h1 @ Wh + b)
    d2 = 2 * h2 * (1 - h2**2)
    d1 = (d2 @ Wh.T) * (1 - h1**2)
    return (h2**2).sum(), {"Wx": x1.T @ d1 + x2.T @ d2, "Wh": h0.T @ d1 + h1.T @ d2,
                           "b": d1.sum(0) + d2.sum(0), "h0": d1 @ Wh.T}


def attention(Q: Any, K: Any, V: Any) -> tuple[float, Gradients]:
    """One head of scaled dot-product attention, summed."""
    p = softmax(Q @ K.T / 2)
    dout = np.ones((N, C))
    dp = dout @ V.T
    ds = p * (dp - (dp * p).sum(1, keepdims=True))
    return (p @ V).sum(), {"V": p.T @ dout, "Q": ds @ K / 2, "K": ds.T @ Q / 2}


def quadratic(A: Any, x: Any, b: Any) -> tuple[float, Gradients]:
    """A quadratic form less a linear one, the exercise of every course of optimisation."""
    return x @ A @ x / 2 - b @ x, {"x": (A + A.T) @ x / 2 - b, "A": np.outer(x, x) / 2, "b": -x}


def table(I: Any, E: Any, W: Any) -> tuple[float, Gradients]:
    """Rows of a table, used several times, through one layer."""
    taken = E[I]
    dr = np.ones((len(I), C)) @ W.T
    de = np.zeros_like(E)
    np.add.at(de, I, dr)
    return (taken @ W).sum(), {"E": de, "W": taken.T @ np.ones((len(I), C))}


MASK = (DRAW.random((N, H)) > 0.5) * 2.0
NETS: dict[str, tuple[str, dict[str, Any], Callable[..., tuple[float, Gradients]]]] = {
    "rows": ("Z1 = X@W1 + b1; H = relu(Z1); S = H@W2 + b2; L = cross_entropy(S, y)",
             {"X": drawn(N, D), "W1": drawn(D, H), "b1": drawn(H), "W2": drawn(H, C), "b2": drawn(C),
              "y": LABELS}, rows),
    "columns": ("A1 = tanh(W1@X + b1); A2 = σ(W2@A1 + b2); L = -sum(Y*log(A2) + (1 - Y)*log(1 - A2))/6",
                {"X": drawn(D, N), "W1": drawn(H, D), "b1": drawn(H, 1), "W2": drawn(1, H), "b2": drawn(1, 1),
                 "Y": (LABELS[None] > 0) * 1.0}, columns),
    "transposed": ("A = σ(X W1ᵀ + b1); L = 1/2*sum((A @ W2.T - T)^2)",
                   {"X": drawn(N, D), "W1": drawn(H, D), "b1": drawn(H), "W2": drawn(C, H), "T": drawn(N, C)},
                   transposed),
    "regularised": ("L = cross_entropy(X@W + b, y) + r/2*sum(W ⊙ W)",
                    {"X": drawn(N, D), "W": drawn(D, C), "b": drawn(C), "y": LABELS, "r": 0.1}, regularised),
    "least squares": ("e = Xw + c - y; L = sum(e**2)/(2*6)",
                      {"X": drawn(N, D), "w": drawn(D), "c": 0.3, "y": drawn(N)}, least_squares),
    "signs": ("L = mean(ln(1 + exp(-t*(X@w))))",
              {"X": drawn(N, D), "w": drawn(D), "t": np.where(LABELS > 0, 1.0, -1.0)}, signs),
    "batch normalisation": ("A = relu(batchnorm(X@W, g, b)); L = mse(A, T)",
                            {"X": drawn(N, D), "W": drawn(D, H), "g": drawn(H), "b": drawn(H),
                             "T": drawn(N, H)}, normalised),
    "layer normalisation": ("L = sum(layernorm(X, g, b)*V)",
                            {"X": drawn(N, D), "g": drawn(D), "b": drawn(D), "V": drawn(N, D)}, layered),
    "dropout": ("L = mse(dropout(tanh(X@W1), M)@W2, T)",
                {"X": drawn(N, D), "W1": drawn(D, H), "M": MASK, "W2": drawn(H, C), "T": drawn(N, C)}, dropped),
    "typed entropy": ("P = softmax(S); L = -sum(Y ⊙ ln(P))/6", {"S": drawn(N, C), "Y": ONE_HOT}, typed_entropy),
    "recurrent": ("h1 = tanh(x1@Wx + h0@Wh + b); h2 = tanh(x2@Wx + h1@Wh + b); L = sum(h2**2)",
                  {"x1": drawn(N, D), "x2": drawn(N, D), "h0": drawn(N, H), "Wx": drawn(D, H),
                   "Wh": drawn(H, H), "b": drawn(H)}, recurrent),
    "attention": ("P = softmax(Q@K.T/sqrt(4)); L = sum(P@V)",
                  {"Q": drawn(N, 4), "K": drawn(C, 4), "V": drawn(C, C)}, attention),
    "a quadratic form": ("L = 1/2*dot(x, A@x) - dot(b, x)", {"A": drawn(D, D), "x": drawn(D), "b": drawn(D)},
                         quadratic),
    "a table": ("L = sum(embedding(I, E)@W)", {"I": np.array([1, 0, 1, 2, 1]), "E": drawn(3, D),
                                               "W": drawn(D, C)}, table),
}  # fmt: skip


@pytest.mark.parametrize("name", NETS)
def test_a_network_has_the_gradients_of_its_written_out_pass(name: str) -> None:
    """The loss and every gradient are those of the pass by hand, and the check agrees."""
    program, at, by_hand = NETS[name]
    d = bt.derive(program, at=at)
    loss, gradients = by_hand(**at)
    assert float(d.values[d.output]) == pytest.approx(loss, rel=1e-12)
    for wrt, wanted in gradients.items():
        np.testing.assert_allclose(d.gradients[wrt], wanted, rtol=1e-9, atol=1e-12, err_msg=wrt)
    assert d.check().ok


@pytest.mark.parametrize("name", NETS)
def test_what_is_taken_apart_has_the_same_gradients(name: str) -> None:
    """With every composite taken apart the gradients of the inputs stay what they are."""
    program, at, by_hand = NETS[name]
    d = bt.derive(program, at=at, expand="all")
    for wrt, wanted in by_hand(**at)[1].items():
        if wrt in at:
            np.testing.assert_allclose(d.gradients[wrt], wanted, rtol=1e-8, atol=1e-11, err_msg=wrt)
