"""The rows that tensors need and the typed language does not name: more roots, logarithms, bends.

They are under the same contract as every other row; having no spelling, they cannot be typed.
"""

from __future__ import annotations

from typing import Any

from .record import N_, Operation

__all__ = ["ROWS"]

RECIPROCAL = Operation(
    name="reciprocal", sign="1/x", rule=N_("quotient rule"),
    forward=lambda k, a: 1 / a,
    partials=(lambda k, out, a: -(out * out),),
    because=N_("one over a number falls with the square of the number"),
    domain=N_("the denominator must not be 0"),
    samples=((2.0,), (-0.5,)), exact=True,
)

RSQRT = Operation(
    name="rsqrt", sign="1/√", rule=N_("root rule"),
    forward=lambda k, a: 1 / k.sqrt(a),
    partials=(lambda k, out, a: -(out * out * out) / 2,),
    because=N_("one over a root falls with the cube of itself"),
    domain=N_("the square root needs a number that is not negative"),
    samples=((2.0,), (0.25,), (9.0,)),
)

SQUARE = Operation(
    name="square", sign="x²", rule=N_("power rule"),
    forward=lambda k, a: a * a,
    partials=(lambda k, out, a: 2 * a,),
    because=N_("bring the exponent down as a factor and lower it by one"),
    samples=((2.0,), (-3.0,)), exact=True,
)

LOG1P = Operation(
    name="log1p", sign="ln1+", rule=N_("logarithm rule"),
    forward=lambda k, a: k.log1p(a),
    partials=(lambda k, out, a: 1 / (1 + a),),
    because=N_("the slope of the logarithm is one over its input"),
    domain=N_("the logarithm needs a positive number"),
    samples=((0.5,), (-0.5,), (30.0,)),
)

EXPM1 = Operation(
    name="expm1", sign="exp−1", rule=N_("exponential rule"),
    forward=lambda k, a: k.expm1(a),
    partials=(lambda k, out, a: out + 1,),
    because=N_("the exponential function is its own slope"),
    samples=((0.5,), (-2.0,)),
)

EXP2 = Operation(
    name="exp2", sign="2^x", rule=N_("exponential rule"),
    forward=lambda k, a: k.power(2, a),
    partials=(lambda k, out, a: out * k.ln2,),
    because=N_("a power grows with its exponent in proportion to itself and to the log of its base"),
    samples=((0.5,), (-2.0,)),
)

ASINH = Operation(
    name="asinh", sign="asinh", rule=N_("inverse hyperbolic rule"),
    forward=lambda k, a: k.sign(a) * k.log1p(
        k.absolute(a) + a * a / (1 + k.sqrt(a * a + 1))
    ),
    partials=(lambda k, out, a: 1 / k.sqrt(a * a + 1),),
    because=N_("the slope of an inverse function is one over the slope of the function"),
    samples=((0.5,), (-2.0,)),
)

ACOSH = Operation(
    name="acosh", sign="acosh", rule=N_("inverse hyperbolic rule"),
    forward=lambda k, a: k.log(a + k.sqrt(a - 1) * k.sqrt(a + 1)),
    partials=(lambda k, out, a: 1 / k.sqrt(a * a - 1),),
    because=N_("the slope of an inverse function is one over the slope of the function"),
    domain=N_("the inverse hyperbolic cosine needs a number of at least 1"),
    samples=((1.5,), (4.0,)),
)

ATANH = Operation(
    name="atanh", sign="atanh", rule=N_("inverse hyperbolic rule"),
    forward=lambda k, a: (k.log1p(a) - k.log1p(-a)) / 2,
    partials=(lambda k, out, a: 1 / (1 - a * a),),
    because=N_("the slope of an inverse function is one over the slope of the function"),
    domain=N_("the inverse hyperbolic tangent needs a number between −1 and 1"),
    samples=((0.5,), (-0.9,)),
)

SELU = Operation(
    name="selu", sign="selu", rule=N_("selu rule"),
    forward=lambda k, a, alpha, scale: scale * k.where(
        k.greater(a, 0), a, alpha * k.expm1(k.minimum(a, 0))
    ),
    partials=(
        lambda k, out, a, alpha, scale: scale * k.where(
            k.greater(a, 0), 1, alpha * k.exp(k.minimum(a, 0))
        ),
    ),
    options=(("alpha", 1.6732632423543772848170429916717),
             ("scale", 1.0507009873554804934193349852946)),
    because=N_("selu is elu scaled so that layers keep mean 0 and variance 1"),
    samples=((2.0,), (-1.5,)),
)

MISH = Operation(
    name="mish", sign="mish", rule=N_("mish rule"),
    forward=lambda k, a: a * k.tanh(k.softplus(a)),
    partials=(
        lambda k, out, a: k.tanh(k.softplus(a))
        + a * (1 - k.tanh(k.softplus(a)) ** 2) * k.sigmoid(a),
    ),
    because=N_("mish is its input times a tanh of softplus: the product rule gives two terms"),
    samples=((0.5,), (-2.0,), (3.0,)),
)


def _inside(k: Any, a: Any, low: Any, high: Any) -> Any:
    return k.where(k.greater(a, low), k.where(k.less(a, high), 1, 0), 0)


HARDTANH = Operation(
    name="hardtanh", sign="htanh", rule=N_("clipping rule"),
    forward=lambda k, a, low, high: k.minimum(k.maximum(a, low), high),
    partials=(lambda k, out, a, low, high: _inside(k, a, low, high),),
    options=(("low", -1.0), ("high", 1.0)),
    because=N_("clipping passes the slope between its bounds and stops it at and beyond them"),
    samples=((0.5,), (-3.0,), (2.0,)),
)

RELU6 = Operation(
    name="relu6", sign="relu6", rule=N_("clipping rule"),
    forward=lambda k, a: k.minimum(k.maximum(a, 0), 6),
    partials=(lambda k, out, a: _inside(k, a, 0, 6),),
    because=N_("clipping passes the slope between its bounds and stops it at and beyond them"),
    samples=((2.0,), (-3.0,), (7.0,)), exact=True,
)

SOFTSIGN = Operation(
    name="softsign", sign="soft±", rule=N_("softsign rule"),
    forward=lambda k, a: a / (1 + k.absolute(a)),
    partials=(lambda k, out, a: 1 / (1 + k.absolute(a)) ** 2,),
    because=N_("softsign flattens with the square of its distance from 0"),
    samples=((2.0,), (-3.0,)), exact=True,
)

LOGSIGMOID = Operation(
    name="logsigmoid", sign="ln σ", rule=N_("log-sigmoid rule"),
    forward=lambda k, a: -k.softplus(-a),
    partials=(lambda k, out, a: k.sigmoid(-a),),
    because=N_("the slope of the log of the sigmoid is what the sigmoid leaves to 1"),
    samples=((0.5,), (-2.0,), (3.0,)),
)

ROWS = (
    RECIPROCAL, RSQRT, SQUARE, LOG1P, EXPM1, EXP2, ASINH, ACOSH, ATANH, SELU, MISH, HARDTANH,
    RELU6, SOFTSIGN, LOGSIGMOID,
)
