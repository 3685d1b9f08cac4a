"""Values against NumPy's and gradients against centred differences, for autograd's tests."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np

from benchmarks.shims.not_offered import left_out

from .boxes import boxed, depth, leaves, opened, rebuilt
from .operators import make_vjp
from .wrap_util import unary_to_nary

TOL = RTOL = EPS = 1e-6


def scalar_close(a: Any, b: Any) -> bool:
    """Return whether two numbers agree to 1e-6, absolutely or relatively."""
    return bool(abs(a - b) < TOL or abs(a - b) / abs(a + b) < RTOL)


def check_equivalent(x: Any, y: Any) -> None:
    """Compare two values, container by container.

    Raises:
        AssertionError: another structure, shape or number.

    """
    mine, others = leaves(x), leaves(y)
    assert len(mine) == len(others)
    for a, b in zip(mine, others, strict=True):
        assert np.shape(a) == np.shape(b), f"shapes {np.shape(a)} and {np.shape(b)}"
        np.testing.assert_allclose(a, b, rtol=1e-5, atol=1e-6)


def _inner(a: Any, b: Any) -> float:
    return float(sum(np.sum(np.multiply(p, q)) for p, q in zip(leaves(a), leaves(b), strict=True)))


def _draw(x: Any) -> Any:
    return rebuilt(x, iter([np.random.randn(*np.shape(leaf)) for leaf in leaves(x)]))


def _moved(x: Any, v: Any, by: float) -> Any:
    return rebuilt(
        x, iter([np.add(p, np.multiply(q, by)) for p, q in zip(leaves(x), leaves(v), strict=True)])
    )


@unary_to_nary
def check_grads(f: Any, x: Any, modes: Any = ("fwd", "rev"), order: int = 2) -> None:
    """Compare value and gradient, and so on to an order; the engine goes backward in every mode.

    Raises:
        AssertionError: a value that is not NumPy's or a gradient that is not the differences'.

    """
    if any(np.iscomplexobj(leaf) for leaf in leaves(x)):
        left_out("complex arguments: the engine has no complex numbers")
        return
    plain = f(x)
    if any(np.iscomplexobj(leaf) for leaf in leaves(plain)):
        left_out("complex results: the engine has no complex numbers")
        return
    depth[0] += 1
    try:
        value = f(boxed(x)[0])
    finally:
        depth[0] -= 1
    check_equivalent(opened(value), plain)

    vjp, _ = make_vjp(f)(x)
    along, back = _draw(x), _draw(plain)
    found = vjp(back)
    check_equivalent(
        rebuilt(x, iter([np.shape(p) for p in leaves(x)])),
        rebuilt(x, iter([np.shape(p) for p in leaves(found)])),
    )
    ahead, behind = f(_moved(x, along, EPS / 2)), f(_moved(x, along, -EPS / 2))
    numeric = (_inner(back, ahead) - _inner(back, behind)) / EPS
    exact = _inner(along, found)
    name = getattr(f, "__name__", "fun")
    assert scalar_close(numeric, exact), (
        f"gradient (VJP) check of {name} failed at {x}: {exact}, by differences {numeric}"
    )
    if order > 1:

        def pulled(x: Any, v: Any) -> Any:
            return make_vjp(f)(x)[0](v)

        pulled.__name__ = f"vjp_{name}"
        check_grads(pulled, (0, 1), modes, order=order - 1)(x, _draw(plain))


def combo_check(fun: Any, *args: Any, **kwargs: Any) -> Any:
    """Return a check of all combinations of the arguments and options given to it."""

    def check(*lists: Any, **options: Any) -> None:
        for chosen in product(*lists):
            for values in product(*options.values()):
                check_grads(fun, *args, **kwargs)(
                    *chosen, **dict(zip(options, values, strict=True))
                )

    return check
