"""Functions that programs in NumPy bring along where NumPy has none: their text is written as it is here.

Each is whole in itself but for `np`, `math` and the others of this file that it names.
"""

from __future__ import annotations

import inspect
import math
import re
import textwrap
from typing import Any

import numpy as np

__all__ = ["SOURCES", "text_of"]


def sigmoid(z: Any) -> Any:
    """Return 1/(1 + exp(-z)); past float64 exp(-z) is inf, and this 0."""
    with np.errstate(over="ignore"):
        return 1 / (1 + np.exp(-z))


def softplus(z: Any) -> Any:
    """Return log(1 + exp(z)) without overflow."""
    return np.maximum(z, 0) + np.log1p(np.exp(-np.abs(z)))


def softmax(index: int, *scores: Any) -> Any:
    """Return the share of one score: exp of it over the sum of exp of all."""
    e = np.exp(np.array(scores) - max(scores))
    return e[index] / e.sum()


def logsumexp(*scores: Any) -> Any:
    """Return the logarithm of the sum of exp of all scores, without overflow."""
    return max(scores) + np.log(np.exp(np.array(scores) - max(scores)).sum())


def erf(x: Any) -> Any:
    """Return the error function, entry by entry."""
    return np.vectorize(math.erf, otypes=[float])(x)[()]


def normal(x: Any) -> Any:
    """Return the share of the normal distribution below x."""
    return np.vectorize(math.erfc, otypes=[float])(-x / np.sqrt(2))[()] / 2


def gaussian(x: Any, share: Any) -> Any:
    """Return exp(-x²/share)."""
    return np.exp(-(x**2) / share)


def hypot(*sides: Any) -> Any:
    """Return the root of the sum of the squares, without overflow on the way."""
    return math.hypot(*sides)


def put(g: Any, key: Any, shape: Any) -> Any:
    """Return zeros of a shape with g added at a key; an entry that is named twice gets both."""
    out = np.zeros(shape)
    np.add.at(out, key, g)
    return out


def put_along(g: Any, where: Any, axis: Any, shape: Any) -> Any:
    """Return zeros of a shape with g added at positions along an axis."""
    out = np.zeros(shape)
    key = list(np.ogrid[tuple(slice(0, n) for n in where.shape)])
    key[axis] = where
    np.add.at(out, tuple(key), g)
    return out


def gradient_check(forward: Any, backward: Any, inputs: Any, output: Any, h: Any = 1e-6) -> Any:
    """Print by how much each gradient differs from centred differences, as a share of the larger one."""
    for name, gradient in backward(**inputs).items():
        x = np.array(inputs[name], float)
        numeric = np.zeros(x.shape)
        for place in np.ndindex(x.shape):
            values = []
            for step in (h, -h):
                moved = x.copy()
                moved[place] += step
                values.append(forward(**{**inputs, name: moved[()]})[output])
            numeric[place] = (values[0] - values[1]) / (2 * h)
        gap = np.abs(gradient - numeric).max() / max(np.abs(gradient).max(), np.abs(numeric).max(), 1e-8)
        print(f"{name}: {gap:.1e}")  # noqa: T201  (of the program, not of ours)


SOURCES = (
    "sigmoid", "softplus", "softmax", "logsumexp", "erf", "normal", "gaussian", "hypot", "put", "put_along",
    "gradient_check",
)
"""The functions' names."""


def text_of(name: str) -> str:
    """Return the text of one of these functions, without the types of its operands.

    >>> print(text_of("softplus"))
    def softplus(z):
        \"\"\"Return log(1 + exp(z)) without overflow.\"\"\"
        return np.maximum(z, 0) + np.log1p(np.exp(-np.abs(z)))
    """
    text = textwrap.dedent(inspect.getsource(globals()[name])).strip()
    head, _, rest = text.partition(":\n")
    head = re.sub(r": (?:Any|int)|\s*-> Any", "", head).replace(" = ", "=")
    return re.sub(r"  # noqa.*", "", f"{head}:\n{rest}")
