"""The rows of elementary functions: exponentials, logarithms, trigonometry, the error function."""

from __future__ import annotations

import math

from .record import N_, SUM, Interval, Keras, Operation, Rule, Torch

__all__ = ["ROWS"]

EXP = Operation(
    name="exp", vanishes=False, spelled=("exp",), sign="exp", rule=N_("exponential rule"),
    forward=lambda k, a: k.exp(a),
    partials=(lambda k, out, a: out,),
    latex=("e^{", "}"), binds=4, operands_bind=(SUM,),
    because=N_("the exponential function is its own slope"),
    range=Interval(0, math.inf), keras=Keras(names=("exponential",)),
    samples=((0.5,), (-2.0,), (3.0,)),
)


def _logarithm(
    name: str, spelled: tuple[str, ...], sign: str, latex: str, base: str, because: str,
    longer: str = "",
) -> Operation:
    return Operation(
        name=name, spelled=spelled, sign=sign, rule=N_("logarithm rule"),
        forward=lambda k, a: getattr(k, name)(a),
        partials=(
            (lambda k, out, a: 1 / a) if not base else (lambda k, out, a: 1 / (a * getattr(k, base))),
        ),
        latex=(latex + r"\left(", r"\right)"), operands_bind=(SUM,),
        because=because, longer=longer,
        domain=N_("the logarithm needs a positive number"), argument=Interval(0, math.inf),
        accurate=(lambda slot: lambda k, out, a: 1 / getattr(k, base) / a) if base else None,
        samples=((0.5,), (2.0,), (30.0,)),
    )


LOG = _logarithm(
    "log", ("ln", "log", "log_e"), "ln", r"\ln", "",
    N_("the slope of the logarithm is one over its input"), longer="log_base",
)
LOG2 = _logarithm(
    "log2", ("log2", "log_2"), "log₂", r"\log_{2}", "ln2",
    N_("the slope of the logarithm is one over its input, and over the log of its base"),
)
LOG10 = _logarithm(
    "log10", ("log10", "log_10"), "log₁₀", r"\log_{10}", "ln10",
    N_("the slope of the logarithm is one over its input, and over the log of its base"),
)

LOG_BASE = Operation(
    name="log_base", written_as="log", sign="log", rule=N_("logarithm rule"), least=2, most=2,
    forward=lambda k, a, b: k.log(a) / k.log(b),
    partials=(
        lambda k, out, a, b: 1 / (a * k.log(b)),
        lambda k, out, a, b: -out / (b * k.log(b)),
    ),
    latex=(r"\log_{", r"}\left(", r"\right)"), latex_order=(1, 0), operands_bind=(SUM, SUM),
    because=(
        N_("the slope of the logarithm is one over its input, and over the log of its base"),
        N_("a larger base makes every logarithm smaller, in proportion to itself"),
    ),
    domain=N_("a logarithm needs a positive number, and a positive base other than 1"),
    argument=Interval(0, math.inf),
    stands_for=lambda: "ln(a1)/ln(a2)",
    accurate=lambda slot: (
        (lambda k, out, a, b: -out / k.log(b) / b) if slot
        else (lambda k, out, a, b: 1 / k.log(b) / a)
    ),
    torch=None,
    samples=((8.0, 2.0), (0.5, 3.0), (5.0, 0.25)),
)

SIN = Operation(
    name="sin", spelled=("sin",), sign="sin", rule=N_("sine rule"),
    forward=lambda k, a: k.sin(a), partials=(lambda k, out, a: k.cos(a),),
    latex=(r"\sin\left(", r"\right)"), operands_bind=(SUM,),
    because=N_("the slope of the sine is the cosine"),
    angle=True, range=Interval(-1, 1, (True, True)),
    samples=((0.5,), (-2.0,), (4.0,)),
)
COS = Operation(
    name="cos", spelled=("cos",), sign="cos", rule=N_("cosine rule"),
    forward=lambda k, a: k.cos(a), partials=(lambda k, out, a: -k.sin(a),),
    latex=(r"\cos\left(", r"\right)"), operands_bind=(SUM,),
    because=N_("the slope of the cosine is minus the sine"),
    angle=True, range=Interval(-1, 1, (True, True)),
    samples=((0.5,), (-2.0,), (4.0,)),
)
TAN = Operation(
    name="tan", spelled=("tan",), sign="tan", rule=N_("tangent rule"),
    forward=lambda k, a: k.tan(a), partials=(lambda k, out, a: 1 + out**2,),
    latex=(r"\tan\left(", r"\right)"), operands_bind=(SUM,),
    because=N_("the slope of the tangent is one plus its own square"),
    angle=True, poles=1e15,
    samples=((0.5,), (-1.0,), (4.0,)),
)
ASIN = Operation(
    name="asin", keeps_sign=True, spelled=("asin", "arcsin"), sign="asin", rule=N_("inverse sine rule"),
    forward=lambda k, a: k.asin(a), partials=(lambda k, out, a: 1 / k.sqrt(1 - a**2),),
    latex=(r"\arcsin\left(", r"\right)"), operands_bind=(SUM,),
    because=N_("the slope of an inverse function is one over the slope of the function"),
    domain=N_("the inverse sine needs a number from −1 to 1"),
    argument=Interval(-1, 1, (True, True)),
    accurate=lambda slot: lambda k, out, a: 1 / k.sqrt((1 - a) * (1 + a)),
    range=Interval(-math.pi / 2, math.pi / 2, (True, True)), torch=Torch(also=("arcsin",)),
    samples=((0.5,), (-0.9,)),
)
ACOS = Operation(
    name="acos", spelled=("acos", "arccos"), sign="acos", rule=N_("inverse cosine rule"),
    forward=lambda k, a: k.acos(a), partials=(lambda k, out, a: -1 / k.sqrt(1 - a**2),),
    latex=(r"\arccos\left(", r"\right)"), operands_bind=(SUM,),
    because=N_("the slope of an inverse function is one over the slope of the function"),
    domain=N_("the inverse cosine needs a number from −1 to 1"),
    argument=Interval(-1, 1, (True, True)),
    accurate=lambda slot: lambda k, out, a: -1 / k.sqrt((1 - a) * (1 + a)),
    range=Interval(0, math.pi, (True, True)), torch=Torch(also=("arccos",)),
    samples=((0.5,), (-0.9,)),
)
ATAN = Operation(
    name="atan", keeps_sign=True, spelled=("atan", "arctan"), sign="atan", rule=N_("inverse tangent rule"),
    forward=lambda k, a: k.atan(a), partials=(lambda k, out, a: 1 / (1 + a**2),),
    latex=(r"\arctan\left(", r"\right)"), operands_bind=(SUM,),
    because=N_("the slope of an inverse function is one over the slope of the function"),
    accurate=lambda slot: lambda k, out, a: 1 / k.hypot(1, a) / k.hypot(1, a),
    saturates=(-4, 4), range=Interval(-math.pi / 2, math.pi / 2), torch=Torch(also=("arctan",)),
    samples=((0.5,), (-2.0,)),
)
SINH = Operation(
    name="sinh", keeps_sign=True, spelled=("sinh",), sign="sinh", rule=N_("hyperbolic sine rule"),
    forward=lambda k, a: k.sinh(a), partials=(lambda k, out, a: k.cosh(a),),
    latex=(r"\sinh\left(", r"\right)"), operands_bind=(SUM,),
    because=N_("the slope of the hyperbolic sine is the hyperbolic cosine"),
    samples=((0.5,), (-2.0,)),
)
COSH = Operation(
    name="cosh", spelled=("cosh",), sign="cosh", rule=N_("hyperbolic cosine rule"),
    forward=lambda k, a: k.cosh(a), partials=(lambda k, out, a: k.sinh(a),),
    latex=(r"\cosh\left(", r"\right)"), operands_bind=(SUM,),
    because=N_("the slope of the hyperbolic cosine is the hyperbolic sine"),
    range=Interval(1, math.inf, (True, False)),
    samples=((0.5,), (-2.0,)),
)
ERF = Operation(
    name="erf", keeps_sign=True, spelled=("erf",), sign="erf", rule=N_("error function rule"),
    forward=lambda k, a: k.erf(a), partials=(lambda k, out, a: 2 * k.exp(-(a**2)) / k.sqrt_pi,),
    latex=(r"\operatorname{erf}\left(", r"\right)"), operands_bind=(SUM,),
    because=N_("the slope of the error function is the bell curve under its integral"),
    accurate=lambda slot: lambda k, out, a: 2 * k.gaussian(a, 1) / k.sqrt_pi,
    saturates=(-4, 4), range=Interval(-1, 1),
    samples=((0.5,), (-1.2,), (2.0,)),
)

SEC = Operation(
    name="sec", spelled=("sec",), sign="sec", rule=N_("secant rule"),
    forward=lambda k, a: 1 / k.cos(a), partials=(lambda k, out, a: out * k.tan(a),),
    latex=(r"\sec\left(", r"\right)"), operands_bind=(SUM,),
    because=N_("the slope of the secant is the secant times the tangent"),
    stands_for=lambda: "1/cos(a1)",
    angle=True, poles=1e15,
    samples=((0.5,), (-2.0,), (4.0,)),
)
CSC = Operation(
    name="csc", spelled=("csc", "cosec"), sign="csc", rule=N_("cosecant rule"),
    forward=lambda k, a: 1 / k.sin(a), partials=(lambda k, out, a: -out / k.tan(a),),
    latex=(r"\csc\left(", r"\right)"), operands_bind=(SUM,),
    because=N_("the slope of the cosecant is minus the cosecant times the cotangent"),
    domain=N_("the sine of the number must not be 0"),
    stands_for=lambda: "1/sin(a1)",
    angle=True, poles=1e15,
    samples=((0.5,), (-2.0,), (4.0,)),
)
COT = Operation(
    name="cot", spelled=("cot",), sign="cot", rule=N_("cotangent rule"),
    forward=lambda k, a: 1 / k.tan(a), partials=(lambda k, out, a: -(1 + out**2),),
    latex=(r"\cot\left(", r"\right)"), operands_bind=(SUM,),
    because=N_("the slope of the cotangent is minus one, minus its own square"),
    domain=N_("the sine of the number must not be 0"),
    stands_for=lambda: "1/tan(a1)",
    angle=True, poles=1e15,
    samples=((0.5,), (-1.0,), (4.0,)),
)


def _inverse_hyperbolic(
    name: str, aliases: tuple[str, ...], slope: Rule, accurate: Rule, domain: str,
    samples: tuple[tuple[float, ...], ...], values: Interval | None = None,
    argument: Interval | None = None, keeps_sign: bool = False,
) -> Operation:
    return Operation(
        name=name, keeps_sign=keeps_sign, spelled=(name, *aliases), sign=name,
        rule=N_("inverse hyperbolic rule"),
        forward=lambda k, a: getattr(k, name)(a), partials=(slope,), accurate=lambda slot: accurate,
        latex=(rf"\operatorname{{ar{name[1:]}}}\left(", r"\right)"), operands_bind=(SUM,),
        because=N_("the slope of an inverse function is one over the slope of the function"),
        domain=domain, samples=samples, range=values, argument=argument,
        torch=Torch(also=(f"arc{name[1:]}",)),
    )


ASINH = _inverse_hyperbolic(
    "asinh", ("arsinh", "arcsinh"),
    lambda k, out, a: 1 / k.sqrt(a * a + 1), lambda k, out, a: 1 / k.hypot(a, 1), "",
    ((0.5,), (-2.0,)), keeps_sign=True,
)
ACOSH = _inverse_hyperbolic(
    "acosh", ("arcosh", "arccosh"),
    lambda k, out, a: 1 / k.sqrt(a * a - 1),
    lambda k, out, a: 1 / (k.sqrt(a - 1) * k.sqrt(a + 1)),
    N_("the inverse hyperbolic cosine needs a number of at least 1"),
    ((1.5,), (4.0,)), Interval(0, math.inf, (True, False)), Interval(1, math.inf, (True, False)),
)
ATANH = _inverse_hyperbolic(
    "atanh", ("artanh", "arctanh"),
    lambda k, out, a: 1 / (1 - a * a), lambda k, out, a: 1 / ((1 - a) * (1 + a)),
    N_("the inverse hyperbolic tangent needs a number between −1 and 1"),
    ((0.5,), (-0.9,)), argument=Interval(-1, 1), keeps_sign=True,
)

ROWS = (
    EXP, LOG, LOG2, LOG10, LOG_BASE, SIN, COS, TAN, SEC, CSC, COT, ASIN, ACOS, ATAN, SINH, COSH,
    ASINH, ACOSH, ATANH, ERF,
)
