"""Functions of one operand, each a row of the table `OPS`: exponentials, roots, trigonometry."""

from __future__ import annotations

from typing import Any

import numpy as np

from .elementwise import unary
from .kernels import one_of

__all__ = [
    "abs", "acos", "acosh", "asin", "asinh", "atan", "atanh", "cbrt", "cos", "cosh", "erf", "exp",
    "exp2", "expm1", "log", "log1p", "log2", "log10", "reciprocal", "rsqrt", "sigmoid", "sign",
    "silu", "sin", "sinh", "sqrt", "square", "tan", "tanh",
]


def _sigmoid_slope(g: Any, a: Any, out: Any) -> Any:
    slope = np.subtract(one_of(out.dtype), out)
    if slope.__class__ is not np.ndarray:  # NumPy returns a number where there is no dimension
        return slope * out * g
    np.multiply(slope, out, slope)
    return np.multiply(slope, g, slope)


def _tanh_slope(g: Any, a: Any, out: Any) -> Any:
    slope = np.multiply(out, out)
    slope = np.subtract(one_of(out.dtype), slope)
    return np.multiply(slope, g)


exp = unary("exp", "ExpBackward0")
log = unary("log", "LogBackward0")
log2 = unary("log2", "Log2Backward0")
log10 = unary("log10", "Log10Backward0")
sqrt = unary("sqrt", "SqrtBackward0")
cbrt = unary("cbrt", "CbrtBackward0")
sin = unary("sin", "SinBackward0")
cos = unary("cos", "CosBackward0")
tan = unary("tan", "TanBackward0")
asin = unary("asin", "AsinBackward0")
acos = unary("acos", "AcosBackward0")
atan = unary("atan", "AtanBackward0")
sinh = unary("sinh", "SinhBackward0")
cosh = unary("cosh", "CoshBackward0")
tanh = unary("tanh", "TanhBackward0", raw=_tanh_slope)
erf = unary("erf", "ErfBackward0")
sigmoid = unary("sigmoid", "SigmoidBackward0", raw=_sigmoid_slope)
abs = unary("abs", "AbsBackward0", whole=True, booleans="refused")
sign = unary("sign", "SignBackward0", whole=True)
silu = unary("silu", "SiluBackward0")
rsqrt = unary("rsqrt", "RsqrtBackward0", stepwise=True)
reciprocal = unary("reciprocal", "ReciprocalBackward0")
square = unary("square", "PowBackward0", whole=True, booleans="counted")
log1p = unary("log1p", "Log1PBackward0")
expm1 = unary("expm1", "Expm1Backward0")
exp2 = unary("exp2", "Exp2Backward0")
asinh = unary("asinh", "AsinhBackward0")
acosh = unary("acosh", "AcoshBackward0")
atanh = unary("atanh", "AtanhBackward0")
