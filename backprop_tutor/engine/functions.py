"""Functions of one operand, each a row of the table `OPS`: exponentials, roots, trigonometry."""

from __future__ import annotations

from .elementwise import unary

__all__ = [
    "abs", "acos", "asin", "atan", "cbrt", "cos", "cosh", "erf", "exp", "log", "log2", "log10",
    "sigmoid", "sign", "silu", "sin", "sinh", "sqrt", "tan", "tanh",
]

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
tanh = unary("tanh", "TanhBackward0")
erf = unary("erf", "ErfBackward0")
sigmoid = unary("sigmoid", "SigmoidBackward0")
abs = unary("abs", "AbsBackward0")
sign = unary("sign", "SignBackward0")
silu = unary("silu", "SiluBackward0")
