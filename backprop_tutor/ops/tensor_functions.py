"""The rows that NumPy and PyTorch name and school does not: 1/x, x², 1/√x, ln(1 + x), eˣ − 1, 2ˣ.

The first two are written by signs in the typed language, and so have no name in it.
"""

from __future__ import annotations

import math

from .record import N_, Interval, Operation, Torch

__all__ = ["ROWS"]

RECIPROCAL = Operation(
    name="reciprocal", sign="1/x", rule=N_("quotient rule"),
    forward=lambda k, a: 1 / a,
    partials=(lambda k, out, a: -(out * out),),
    because=N_("one over a number falls with the square of the number"),
    domain=N_("the denominator must not be 0"),
    stands_for=lambda: "1/a1",
    samples=((2.0,), (-0.5,)), exact=True,
)

RSQRT = Operation(
    name="rsqrt", spelled=("rsqrt",), sign="1/√", rule=N_("root rule"),
    forward=lambda k, a: 1 / k.sqrt(a),
    partials=(lambda k, out, a: -(out * out * out) / 2,),
    because=N_("one over a root falls with the cube of itself"),
    domain=N_("the square root needs a number that is not negative"), argument=Interval(0, math.inf),
    range=Interval(0, math.inf),
    stands_for=lambda: "1/sqrt(a1)",
    samples=((2.0,), (0.25,), (9.0,)),
)

SQUARE = Operation(
    name="square", sign="x²", rule=N_("power rule"),
    forward=lambda k, a: a * a,
    partials=(lambda k, out, a: 2 * a,),
    because=N_("bring the exponent down as a factor and lower it by one"),
    range=Interval(0, math.inf, (True, False)), torch=Torch(node="Pow", integers="counted"),
    stands_for=lambda: "a1^2",
    samples=((2.0,), (-3.0,)), exact=True,
)

LOG1P = Operation(
    name="log1p", keeps_sign=True, spelled=("log1p",), sign="ln1+", rule=N_("logarithm rule"),
    forward=lambda k, a: k.log1p(a),
    partials=(lambda k, out, a: 1 / (1 + a),),
    because=N_("the slope of the logarithm is one over its input"),
    domain=N_("the logarithm needs a positive number"), argument=Interval(-1, math.inf),
    torch=Torch(node="Log1P"),
    stands_for=lambda: "ln(1 + a1)",
    samples=((0.5,), (-0.5,), (30.0,)),
)

EXPM1 = Operation(
    name="expm1", keeps_sign=True, spelled=("expm1",), sign="exp−1", rule=N_("exponential rule"),
    forward=lambda k, a: k.expm1(a),
    partials=(lambda k, out, a: out + 1,),
    accurate=lambda slot: lambda k, out, a: k.exp(a),
    because=N_("the exponential function is its own slope"),
    range=Interval(-1, math.inf),
    stands_for=lambda: "exp(a1) - 1",
    samples=((0.5,), (-2.0,)),
)

EXP2 = Operation(
    name="exp2", spelled=("exp2",), sign="2ˣ", rule=N_("exponential rule"),
    forward=lambda k, a: k.power(2, a),
    partials=(lambda k, out, a: out * k.ln2,),
    because=N_("a power grows with its exponent in proportion to itself and to the log of its base"),
    range=Interval(0, math.inf),
    stands_for=lambda: "2^a1",
    samples=((0.5,), (-2.0,)),
)

ROWS = (RECIPROCAL, RSQRT, SQUARE, LOG1P, EXPM1, EXP2)
