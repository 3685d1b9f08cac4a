"""Functions of how numbers are written: signs, neighbours, powers of two, common divisors."""

from __future__ import annotations

from typing import Any

import numpy as np

from .arithmetic import mul, pow
from .choosing import where
from .pairs import float_array, pair, refuse
from .tape import OUT, Rule, Tensor, record, wrap

__all__ = ["copysign", "frexp", "gcd", "lcm", "ldexp", "nextafter"]


def _copysign_backward(k: Any, g: Any, saved: Any, shapes: Any, need: Any) -> Any:
    a, out = saved
    still = k.equal(a, 0)
    turn = k.where(still, k.zeros_like(out), out / k.where(still, k.zeros_like(a) + 1, a))
    return (
        k.fit(g * turn, shapes[0]) if need[0] else None,
        k.fit(g * 0, shapes[1]) if need[1] else None,
    )


COPYSIGN = Rule("CopysignBackward0", _copysign_backward)


def copysign(input: Tensor, other: Any) -> Tensor:
    """Return the size of the input with the sign of the other (of −0 too); its slope at 0 is 0."""
    x, y, a, b = pair(input, other, "copysign")
    if x.dtype.kind != "f":
        x, y = float_array(wrap(np.asarray(x))), float_array(wrap(np.asarray(y)))
    return record(COPYSIGN, np.copysign(x, y), (a, b), (a, OUT), (x.shape, y.shape))


def _nextafter_backward(k: Any, g: Any, saved: Any, options: Any, need: Any) -> Any:
    same, shapes = options
    return (
        k.fit(g * k.array(~same), shapes[0]) if need[0] else None,
        k.fit(g * 0, shapes[1]) if need[1] else None,
    )


NEXTAFTER = Rule("NextafterBackward0", _nextafter_backward)


def nextafter(input: Tensor, other: Tensor) -> Tensor:
    """Return the next number that the dtype has, towards the other; where both are equal, it.

    Raises:
        TypeError: another that is no tensor.
        NotImplementedError: whole numbers.
    """
    if not isinstance(other, Tensor):
        raise refuse(other, "nextafter", "other", 2)
    x, y, a, b = pair(input, other, "nextafter")
    if x.dtype.kind != "f":
        short = wrap(np.asarray(x)).dtype.short
        raise NotImplementedError(f'"nextafter_cpu" not implemented for \'{short}\'')
    same = np.asarray(x == y)
    return record(NEXTAFTER, np.asarray(np.nextafter(x, y)), (a, b), (), (same, (x.shape, y.shape)))


def ldexp(input: Tensor, other: Tensor) -> Tensor:
    """Return input · 2**other."""
    return mul(input, pow(2.0, other))


def frexp(input: Tensor) -> tuple[Tensor, Tensor]:
    """Return mantissas in [1/2, 1) and exponents with input = mantissa · 2**exponent."""
    mantissa, exponent = np.frexp(input._a)
    held = wrap(np.asarray(exponent).astype(np.int32))
    if input.requires_grad:
        still = wrap(np.asarray(input._a == 0))
        return where(still, input, input / pow(2.0, held)), held
    return wrap(np.asarray(mantissa)), held


def _whole(called: str, ufunc: Any) -> Any:
    def function(input: Tensor, other: Tensor) -> Tensor:
        x, y, _, _ = pair(input, other, called)
        if x.dtype.kind == "f":
            short = wrap(np.asarray(x)).dtype.short
            raise NotImplementedError(f'"{called}_cpu" not implemented for \'{short}\'')
        return wrap(np.asarray(ufunc(x, y)))

    function.__name__ = function.__qualname__ = called
    function.__doc__ = f"Return the {called} of whole numbers, element by element, broadcast."
    return function


gcd = _whole("gcd", np.gcd)
lcm = _whole("lcm", np.lcm)
