"""Two-layer networks on batches in plain NumPy, right and with one rule broken: made without the product.

`problem(seed)` draws a network; `sheet(network, rule)` works out every matrix as someone would who uses one
wrong rule. The formulas are written out here once more, so that what marks them is held to something else.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

Sheet = dict[str, Any]


def _sigmoid(z: Any) -> Any:
    return 1 / (1 + np.exp(-z))


def _softmax(s: Any, axis: int = -1) -> Any:
    e = np.exp(s - s.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


ACTIVATIONS: dict[str, tuple[Any, Any]] = {
    "sigmoid": (_sigmoid, lambda z: _sigmoid(z) * (1 - _sigmoid(z))),
    "tanh": (np.tanh, lambda z: 1 - np.tanh(z) ** 2),
    "relu": (lambda z: np.maximum(z, 0), lambda z: (z > 0) * 1.0),
}

PROGRAMS = {
    ("rows", "labels"): "Z1 = X@W1 + b1\nA1 = {act}(Z1)\nS = A1@W2 + b2\nL = cross_entropy(S, Y)",
    ("rows", "shares"): "Z1 = X@W1 + b1\nA1 = {act}(Z1)\nS = A1@W2 + b2\nP = softmax(S)\n"
    "L = -sum(Y*ln(P))/{n}",
    ("rows", "mse"): "Z1 = X@W1 + b1\nA1 = {act}(Z1)\nS = A1@W2 + b2\nL = mse(S, Y)",
    ("rows", "squares"): "Z1 = X@W1 + b1\nA1 = {act}(Z1)\nS = A1@W2 + b2\nE = S - Y\n"
    "L = sum(E**2)/{n}",
    ("rows", "bce"): "Z1 = X@W1 + b1\nA1 = {act}(Z1)\nS = A1@W2 + b2\nP = sigmoid(S)\nL = bce(P, Y)",
    ("turned", "labels"): "Z1 = X@W1.T + b1\nA1 = {act}(Z1)\nS = A1@W2.T + b2\nL = cross_entropy(S, Y)",
    ("columns", "squares"): "Z1 = W1@X + b1\nA1 = {act}(Z1)\nS = W2@A1 + b2\nE = S - Y\n"
    "L = sum(E**2)/{n}",
}

RULES = {
    "transposed": ("transposed", "turned", "product-order", "transpose-left-out"),
    "order": ("product-order", "transposed", "turned", "factor-not-transposed", "transpose-left-out"),
    "W2 not transposed": ("weight-not-transposed",),
    "b not summed": ("batch-not-summed",),
    "one sample": ("one-sample",),
    "averaged": ("batch-averaged",),
    "1/N forgotten": ("count", "constant-lost"),
    "1/N twice": ("count", "constant-lost"),
    "wrong count": ("count",),
    "P without Y": ("prediction-alone", "cross-entropy-rule"),
    "sign of the error": ("error-sign", "negate-sign"),
    "Z for A": ("value-before-activation",),
    "slope left out": ("slope-left-out",),
    "slope at output": ("slope-at-output", "other-slope"),
    "slope of another": ("other-slope",),
    "relu by gradient": ("relu-gate",),
    "entrywise": ("entrywise-for-product",),
    "matrix product": ("product-for-entrywise",),
    "wrong axis": ("wrong-axis",),
    "updated weights": ("updated-weight",),
    "forward no activation": ("activation-forward",),
    "forward no bias": ("forward-sum",),
}
"""Each broken rule, and the names of slips that tell it."""


@dataclass(frozen=True)
class Network:
    """A network at its numbers."""

    program: str
    at: dict[str, Any]
    kind: str
    loss: str
    act: str
    rate: float = 0.1
    targets: Any = None
    sizes: tuple[int, ...] = field(default=())


def problem(seed: int) -> Network:
    """Return a network with its values, drawn by a seed."""
    draw = np.random.default_rng(seed)
    kind, loss = sorted(PROGRAMS)[int(draw.integers(len(PROGRAMS)))]
    act = ("sigmoid", "tanh", "relu")[int(draw.integers(3))]
    n, d, h, k = (int(i) for i in draw.permutation([2, 3, 4, 5, 6])[:4])
    if draw.random() < 0.5:  # square weights, and a batch as wide as a layer, hide wrong shapes
        n, d, h, k = (int(i) for i in draw.integers(2, 5, 4))
    numbers = {
        "X": draw.normal(size=(n, d)), "W1": draw.normal(size=(d, h)), "b1": draw.normal(size=h),
        "W2": draw.normal(size=(h, k)), "b2": draw.normal(size=k),
    }  # fmt: skip
    at: dict[str, Any] = {name: value.round(2) for name, value in numbers.items()}
    labels = draw.integers(0, k, n)
    hot = np.eye(k)[labels]
    targets: Any = {"labels": hot, "shares": hot, "bce": draw.integers(0, 2, (n, k)) * 1.0}.get(
        loss, draw.normal(size=(n, k)).round(1)
    )
    at["Y"] = labels if loss == "labels" else targets
    if kind == "turned":
        at["W1"], at["W2"] = at["W1"].T, at["W2"].T
    if kind == "columns":
        for name in ("X", "W1", "W2", "Y"):
            at[name] = at[name].T
        targets = targets.T
        at["b1"], at["b2"] = at["b1"][:, None], at["b2"][:, None]
    program = PROGRAMS[kind, loss].format(act=act, n=n)
    return Network(program, at, kind, loss, act, targets=targets, sizes=(n, d, h, k))


class Impossible(Exception):
    """A rule that does not go with the shapes, or changes nothing."""


def sheet(net: Network, rule: str = "") -> Sheet:
    """Return every matrix of a network, by quantity, worked out with one rule broken.

    Raises:
        Impossible: the rule cannot be broken there.
    """
    try:
        with np.errstate(all="ignore"):
            return _Worked(net, rule).sheet()
    except ValueError:
        raise Impossible(rule) from None


class _Worked:
    def __init__(self, net: Network, rule: str) -> None:
        self.net, self.rule = net, rule
        at = net.at
        self.X, self.W1, self.W2 = (np.asarray(at[k], float) for k in ("X", "W1", "W2"))
        self.b1, self.b2 = (np.asarray(at[k], float) for k in ("b1", "b2"))
        self.Y = net.targets
        if net.kind == "turned":
            self.W1, self.W2 = self.W1.T, self.W2.T
        self.f, self.slope = ACTIVATIONS[net.act]
        self.columns = net.kind == "columns"

    def times(self, a: Any, w: Any) -> Any:
        return w @ a if self.columns else a @ w

    def sheet(self) -> Sheet:
        rule, net = self.rule, self.net
        z1 = self.times(self.X, self.W1) + (0 if rule == "forward no bias" else self.b1)
        a1 = z1 if rule == "forward no activation" else self.f(z1)
        s = self.times(a1, self.W2) + self.b2
        n = net.sizes[0]
        found: Sheet = {"Z1": z1, "A1": a1, "S": s}
        ds = self.error(s, n, found)
        down = self.down(ds, a1)
        da1 = down
        slope = self.slope(z1)
        if rule == "slope left out":
            slope = np.ones_like(slope)
        elif rule == "slope at output":
            slope = self.slope(self.f(z1))
        elif rule == "slope of another":
            other = {"sigmoid": "tanh", "tanh": "sigmoid", "relu": "sigmoid"}[net.act]
            slope = ACTIVATIONS[other][1](z1)
        elif rule == "relu by gradient":
            if net.act != "relu":
                raise Impossible(rule)
            slope = (da1 > 0) * 1.0
        dz1 = da1 @ slope.T if rule == "matrix product" else da1 * slope
        found |= {"dL/dS": ds, "dL/dA1": da1, "dL/dZ1": dz1}
        used = z1 if rule == "Z for A" else a1
        found["dL/dW2"] = self.weight(used, ds, layer=2)
        found["dL/db2"] = self.bias(ds, self.b2)
        found["dL/dW1"] = self.weight(self.X, dz1, layer=1)
        found["dL/db1"] = self.bias(dz1, self.b1)
        return found

    def error(self, s: Any, n: int, found: Sheet) -> Any:
        rule, loss, y = self.rule, self.net.loss, self.Y
        k = self.net.sizes[3]
        if loss in ("labels", "shares"):
            p, count, factor = _softmax(s), n, 1.0
            value = -np.sum(y * np.log(p)) / n
        elif loss == "bce":
            p, count, factor = _sigmoid(s), n * k, 1.0
            value = -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))
        elif loss == "mse":
            p, count, factor = s, n * k, 2.0
            value = np.mean((s - y) ** 2)
        else:
            p, count, factor = s, n, 2.0
            value = np.sum((s - y) ** 2) / n
        if loss in ("shares", "bce"):
            found["P"] = p
        if loss == "squares":
            found["E"] = p - y
        found["L"] = value
        error = p if rule == "P without Y" else y - p if rule == "sign of the error" else p - y
        divisor: float = {"1/N forgotten": 1, "1/N twice": count**2}.get(rule, count)
        if rule == "wrong count":
            divisor = n * k if count == n else n
        return factor * error / divisor

    def down(self, ds: Any, a1: Any) -> Any:
        rule, w = self.rule, self.W2
        if rule == "W2 not transposed":
            return w @ ds if self.columns else ds @ w
        if rule == "entrywise":
            if ds.shape != a1.shape or w.shape != ds.shape:
                raise Impossible(rule)
            return ds * w
        if rule == "updated weights":
            w = w - self.net.rate * (ds @ a1.T if self.columns else a1.T @ ds)
        return w.T @ ds if self.columns else ds @ w.T

    def weight(self, a: Any, g: Any, layer: int) -> Any:
        rule = self.rule
        if rule == "one sample" and layer == 2:
            a, g = (a[:, :1], g[:, :1]) if self.columns else (a[:1], g[:1])
        right = g @ a.T if self.columns else a.T @ g
        if rule == "averaged":
            right = right / self.net.sizes[0]
        if layer == 2 and rule == "transposed":
            right = right.T
        if layer == 2 and rule == "order":
            right = a.T @ g if self.columns else g @ a.T
        return right.T if self.net.kind == "turned" else right

    def bias(self, g: Any, b: Any) -> Any:
        rule, axis = self.rule, 1 if self.columns else 0
        if rule == "b not summed":
            return g
        if rule == "wrong axis":
            return g.sum(axis=1 - axis, keepdims=b.ndim == 2)
        found = g.sum(axis=axis, keepdims=b.ndim == 2)
        return found / self.net.sizes[0] if rule == "averaged" else found


ROUNDINGS = ("full", "4 figures", "3 decimals", "2 decimals")


def rounded(number: Any, how: str) -> Any:
    """Return a matrix as it is typed: in full, to four figures, or to so many decimals."""
    if how == "full":
        return number
    if how == "4 figures":
        return np.vectorize(lambda x: float(f"{x:.4g}"), otypes=[float])(number)
    return np.round(number, int(how[0]))


def as_text(number: Any, how: str) -> Any:
    """Return nested lists of texts, as a student types them."""
    array = np.asarray(rounded(number, how))
    form = {"full": "{!r}", "4 figures": "{:.4g}"}.get(how, "{:." + how[0] + "f}")

    def told(item: Any) -> Any:
        return [told(each) for each in item] if isinstance(item, list) else form.format(float(item))

    return told(array.tolist())
