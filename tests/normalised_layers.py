"""Two-layer networks with batch or layer normalisation by plain NumPy, right or by one wrong rule."""

from __future__ import annotations

from typing import Any

import numpy as np

__all__ = ["PROGRAM", "RULES", "point", "sheet"]

PROGRAM = "Z = X@W1; N = {}(Z, gamma, beta); A = relu(N); S = A@W2 + b2; L = mse(S, T)"

RULES = {
    "mean's path": ("normalisation-paths", "no mean"), "variance's path": ("normalisation-paths", "no variance"),
    "both paths": ("normalisation-paths", "direct alone"), "scale lost": ("normalisation-paths", "no scale"),
    "scale by values": ("normalisation-scale", "not standardised"),
    "scale averaged": ("normalisation-scale", "averaged"), "shift averaged": ("normalisation-shift", "averaged"),
    "1/N forgotten": ("", ""), "weight not turned": ("", ""), "slope left out": ("slope-left-out", ""),
}  # fmt: skip
"""Each wrong rule with the slip and its variant; those of losses and products have names of their own."""


def point(seed: int) -> dict[str, Any]:
    """Return values at which the network is asked for."""
    draw = np.random.default_rng(seed)
    n, i, h, o = (int(draw.integers(low, high)) for low, high in ((4, 7), (2, 5), (3, 5), (1, 3)))
    h = h + 1 if h in (n, o) else h
    o = h if seed % 2 and h > 1 else o  # square, so that a weight that is not turned fits
    return {
        "X": np.round(draw.normal(size=(n, i)), 2), "W1": np.round(draw.normal(size=(i, h)), 2),
        "gamma": np.round(1 + draw.normal(size=h) / 2, 2), "beta": np.round(draw.normal(size=h) / 2, 2),
        "W2": np.round(draw.normal(size=(h, o)), 2), "b2": np.round(draw.normal(size=o), 2),
        "T": np.round(draw.normal(size=(n, o)), 2),
    }  # fmt: skip


def sheet(at: dict[str, Any], kind: str, rule: str = "") -> dict[str, Any]:
    """Return every gradient on the way, of a pass with one wrong rule or none."""
    X, W1, gamma, beta, W2, b2, T = (at[name] for name in ("X", "W1", "gamma", "beta", "W2", "b2", "T"))
    axis = 0 if kind == "batchnorm" else 1
    Z = X @ W1
    deviation = np.sqrt(Z.var(axis, keepdims=True) + 1e-5)
    hat = (Z - Z.mean(axis, keepdims=True)) / deviation
    N = gamma * hat + beta
    A = np.maximum(N, 0)
    S = A @ W2 + b2
    dS = 2 * (S - T) / (1 if rule == "1/N forgotten" else S.size)
    dA = dS @ (W2 if rule == "weight not turned" else W2.T)
    dN = dA if rule == "slope left out" else dA * (N > 0)
    dgamma = {"scale by values": (dN * Z).sum(0), "scale averaged": (dN * hat).mean(0)}.get(rule, (dN * hat).sum(0))
    dbeta = dN.mean(0) if rule == "shift averaged" else dN.sum(0)
    d = dN if rule == "scale lost" else dN * gamma
    dZ = d
    if rule not in ("mean's path", "both paths"):
        dZ = dZ - d.mean(axis, keepdims=True)
    if rule not in ("variance's path", "both paths"):
        dZ = dZ - hat * (d * hat).mean(axis, keepdims=True)
    dZ = dZ / deviation
    return {
        "dL/dS": dS, "dL/dW2": A.T @ dS, "dL/db2": dS.sum(0), "dL/dA": dA, "dL/dN": dN, "dL/dgamma": dgamma,
        "dL/dbeta": dbeta, "dL/dZ": dZ, "dL/dW1": X.T @ dZ,
    }  # fmt: skip
