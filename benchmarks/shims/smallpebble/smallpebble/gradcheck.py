"""Values against NumPy's and gradients against centred differences, for SmallPebble's tests."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from . import Variable, get_gradients

EPS = 1e-6


def rmse(a: Any, b: Any) -> Any:
    """Return the root of the mean squared difference."""
    return np.sqrt(np.mean(np.square(a - b)))


def numgrads(
    func: Callable[..., Any], args: list[Any], n: int = 1, delta: float = 1e-6
) -> list[Any]:
    """Return the n-th centred difference of a function's sum along each element of each array."""
    found = []
    for i, given in enumerate(args):

        def along(a: Any, i: int = i) -> Any:
            return func(*args[:i], a, *args[i + 1 :])

        for _ in range(n):

            def along(a: Any, inner: Callable[..., Any] = along) -> Any:
                slopes = np.zeros(a.shape, float)
                for place in np.ndindex(a.shape):
                    step = np.zeros(a.shape, float)
                    step[place] = delta / 2
                    slopes[place] = np.sum(inner(a + step) - inner(a - step)) / delta
                return slopes

        found.append(along(given))
    return found


def check_grad(
    args: list[Any],
    sp_func: Callable[..., Any],
    np_func: Callable[..., Any],
    delta: float = 1,
    eps: float = EPS,
) -> None:
    """Compare a function's value with NumPy's, and its gradients with centred differences.

    Raises:
        AssertionError: a value or a gradient that is further away than `eps`, scaled by its size.

    """
    variables = [Variable(a) for a in args]
    out = sp_func(*variables)
    gradients = get_gradients(out)
    assert rmse(out.array, np_func(*args)) <= eps
    for i, (v, wanted) in enumerate(
        zip(variables, numgrads(np_func, args, delta=delta), strict=True)
    ):
        error, size = rmse(gradients[v], wanted), max(1.0, float(np.max(np.abs(wanted))))
        noise = 1e-9 * float(np.max(np.abs(np_func(*args)))) / delta  # of the difference itself
        assert error <= eps * size + noise, f"gradient of argument {i}: {error}"
