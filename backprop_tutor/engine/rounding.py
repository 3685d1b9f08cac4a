"""Functions that are flat between their jumps, and functions of two operands that curve."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ..ops.special import erfc as raw_erfc
from .choosing import eq, where
from .dtypes import DEFAULT
from .kernels import RAW
from .pairs import broadcast_error, float_array, in_float32, pair
from .quiet import hush, unhush
from .tape import Rule, Tensor, record

__all__ = [
    "atan2",
    "ceil",
    "deg2rad",
    "erfc",
    "fix",
    "floor",
    "frac",
    "heaviside",
    "hypot",
    "logaddexp",
    "logaddexp2",
    "logit",
    "nan_to_num",
    "rad2deg",
    "round",
    "sgn",
    "sinc",
    "trunc",
    "xlogy",
]


def _zero_backward(k: Any, g: Any, saved: Any, options: Any, need: Any) -> Any:
    return (k.zeros_like(g),)


def _flat(name: str, ufunc: Callable[..., Any]) -> Callable[[Tensor], Tensor]:
    rule = Rule(f"{name.capitalize()}Backward0", _zero_backward, fresh=True)

    def function(input: Tensor) -> Tensor:
        a = input._a
        if a.dtype.kind == "b":
            raise NotImplementedError(f'"{name}_vml_cpu" not implemented for \'Bool\'')
        return record(rule, ufunc(a) if a.dtype.kind == "f" else a.copy(), (input,))

    function.__name__ = function.__qualname__ = name
    function.__doc__ = f"Return the {name} of each element; its slope is 0."
    return function


floor = _flat("floor", np.floor)
ceil = _flat("ceil", np.ceil)
trunc = fix = _flat("trunc", np.trunc)
_round = _flat("round", np.rint)


def round(input: Tensor, *, decimals: int = 0) -> Tensor:
    """Return each element rounded, halves to even; its slope is 0."""
    if decimals == 0:
        return _round(input)
    return record(ROUND, np.round(input._a, decimals), (input,))


ROUND = Rule("RoundBackward1", _zero_backward, fresh=True)


def frac(input: Tensor) -> Tensor:
    """Return what is left of each element without its whole part."""
    return input - trunc(input.detach())


def sgn(input: Tensor) -> Tensor:
    """Return -1, 0 or 1."""
    return input.sign()  # type: ignore[no-any-return]


def _curve(
    name: str, node: str, value: Callable[..., Any], slopes: Callable[..., Any], whole: bool = False
) -> Callable[..., Tensor]:
    """Return a function of two operands: `slopes(k, a, b, out)` gives both partial derivatives.

    Whole numbers become floating, unless they are to stay `whole`.
    """

    def backward(k: Any, g: Any, saved: Any, shapes: Any, need: Any) -> Any:
        a, b = saved
        first, second = slopes(k, a, b)
        return (
            k.fit(g * first(), shapes[0]) if need[0] else None,
            k.fit(g * second(), shapes[1]) if need[1] else None,
        )

    rule = Rule(node, backward)

    def function(input: Any, other: Any) -> Tensor:
        x, y, a, b = pair(input, other, name)
        if x.dtype.kind != "f" and not whole:
            x, y = x.astype(DEFAULT[0].array), y.astype(DEFAULT[0].array)
        token = hush()
        try:
            out = value(x, y)
        except ValueError:
            raise broadcast_error(x.shape, y.shape) from None
        finally:
            unhush(token)
        saved = (x if a is None else a, y if b is None else b)
        return record(rule, np.asarray(out).astype(x.dtype), (a, b), saved, (x.shape, y.shape))

    function.__name__ = function.__qualname__ = name
    function.__doc__ = f"Return {name} of the two operands, element by element, broadcast."
    return function


def _atan2_slopes(k: Any, a: Any, b: Any) -> Any:
    def scale() -> Any:
        square = a * a + b * b
        still = k.equal(square, 0)
        return k.where(still, k.zeros_like(square), 1 / k.where(still, k.zeros_like(square) + 1, square))

    return lambda: b * scale(), lambda: -(a * scale())


atan2 = _curve("atan2", "Atan2Backward0", np.arctan2, _atan2_slopes)


def _xlogy_value(x: Any, y: Any) -> Any:
    return np.where(np.isnan(y), np.nan, np.where(x == 0, 0, x * np.log(y)))


def _xlogy_slopes(k: Any, a: Any, b: Any) -> Any:
    def first() -> Any:
        gone = k.cast(k.equal(a, 0), k.kind(a)) * k.cast(k.less(b, 1e-45), k.kind(b))
        safe = k.where(k.equal(gone, 1), k.zeros_like(gone) + 1, b + k.zeros_like(gone))
        return k.log(safe)

    return first, lambda: a / b


xlogy = _curve("xlogy", "XlogyBackward0", _xlogy_value, _xlogy_slopes)
logaddexp = _curve(
    "logaddexp", "LogaddexpBackward0", np.logaddexp,
    lambda k, a, b: (lambda: k.sigmoid(a - b), lambda: k.sigmoid(b - a)),
)
logaddexp2 = _curve(
    "logaddexp2", "Logaddexp2Backward0", np.logaddexp2,
    lambda k, a, b: (lambda: k.sigmoid((a - b) * k.ln2), lambda: k.sigmoid((b - a) * k.ln2)),
)
hypot = _curve(
    "hypot", "HypotBackward0", np.hypot,
    lambda k, a, b: (lambda: a / k.sqrt(a * a + b * b), lambda: b / k.sqrt(a * a + b * b)),
)
_step = _curve(
    "heaviside", "HeavisideBackward0",
    lambda x, y: np.where(x == 0, y, x > 0),  # 0 for a nan
    lambda k, a, b: (lambda: k.zeros_like(a), lambda: k.zeros_like(b)), whole=True,
)


def heaviside(input: Tensor, values: Tensor) -> Tensor:
    """Return 0 below 0, 1 above, and `values` at 0.

    Raises:
        RuntimeError: two dtypes.
    """
    if input._a.dtype != values._a.dtype:
        raise RuntimeError(
            "heaviside is not yet implemented for tensors with different dtypes."
        )
    return _step(input, values)


def _erfc_backward(k: Any, g: Any, saved: Any, options: Any, need: Any) -> Any:
    (a,) = saved
    return (g * (k.exp(-(a * a)) * (-2 / k.sqrt_pi)),)


ERFC = Rule("ErfcBackward0", _erfc_backward, fresh=True)


def erfc(input: Tensor) -> Tensor:
    """Return 1 - erf(input), with all its digits where it is small."""
    return record(ERFC, raw_erfc(float_array(input)), (input,), (input,))


def _logit_backward(k: Any, g: Any, saved: Any, eps: Any, need: Any) -> Any:
    (p,) = saved
    slope = g / (p * (1 - p))
    if eps is None:
        return (slope,)
    outside = np.asarray(p if k is RAW else p._a)
    return (k.where(k.array((outside < eps) | (outside > 1 - eps)), k.zeros_like(g), slope),)


LOGIT = Rule("LogitBackward0", _logit_backward)


def logit(input: Tensor, eps: float | None = None) -> Tensor:
    """Return log(p/(1 - p)), p kept in [eps, 1 - eps] if an eps is given."""
    p = float_array(input)
    token = hush()
    try:
        kept = p if eps is None else np.clip(p, p.dtype.type(eps), p.dtype.type(1 - eps))
        out = np.log(kept / (1 - kept))
    finally:
        unhush(token)
    return record(LOGIT, out, (input,), (input,), eps)


def sinc(input: Tensor) -> Tensor:
    """Return sin(πx)/(πx), 1 at 0."""
    if input._a.dtype.char == "e":
        return in_float32(sinc, input)
    zero = eq(input, 0)
    scaled = where(zero, 1.0, input) * np.pi
    return where(zero, 1.0, scaled.sin() / scaled)  # type: ignore[no-any-return]


def deg2rad(input: Tensor) -> Tensor:
    """Return degrees as radians."""
    return input * (np.pi / 180)


def rad2deg(input: Tensor) -> Tensor:
    """Return radians as degrees."""
    return input * (180 / np.pi)


def nan_to_num(
    input: Tensor, nan: float = 0.0, posinf: float | None = None, neginf: float | None = None
) -> Tensor:
    """Return the input with nans and infinities replaced by numbers."""
    a = input._a
    if a.dtype.kind != "f":
        return input.clone()  # type: ignore[no-any-return]
    kept = np.asarray(np.isfinite(a))
    filled = np.nan_to_num(a, nan=nan, posinf=posinf, neginf=neginf)
    return record(NAN_TO_NUM, filled, (input,), (kept,))


def _kept_backward(k: Any, g: Any, saved: Any, options: Any, need: Any) -> Any:
    return (g * saved[0],)


NAN_TO_NUM = Rule("NanToNumBackward0", _kept_backward, fresh=True)
