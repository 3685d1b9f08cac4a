"""The rows of elementary functions: exponentials, logarithms, trigonometry, the error function."""

from __future__ import annotations

from .record import N_, SUM, Operation

__all__ = ["ROWS"]

EXP = Operation(
    name="exp", vanishes=False, spelled=("exp",), sign="exp", rule=N_("exponential rule"),
    forward=lambda k, a: k.exp(a),
    partials=(lambda k, out, a: out,),
    latex=("e^{", "}"), binds=4, operands_bind=(SUM,),
    because=N_("the exponential function is its own slope"),
    samples=((0.5,), (-2.0,), (3.0,)),
)


def _logarithm(
    name: str, spelled: tuple[str, ...], sign: str, latex: str, base: str, because: str
) -> Operation:
    return Operation(
        name=name, spelled=spelled, sign=sign, rule=N_("logarithm rule"),
        forward=lambda k, a: getattr(k, name)(a),
        partials=(
            (lambda k, out, a: 1 / a) if not base else (lambda k, out, a: 1 / (a * getattr(k, base))),
        ),
        latex=(latex + r"\left(", r"\right)"), operands_bind=(SUM,),
        because=because,
        domain=N_("the logarithm needs a positive number"),
        samples=((0.5,), (2.0,), (30.0,)),
    )


LOG = _logarithm(
    "log", ("ln", "log"), "ln", r"\ln", "", N_("the slope of the logarithm is one over its input")
)
LOG2 = _logarithm(
    "log2", ("log2",), "log₂", r"\log_{2}", "ln2",
    N_("the slope of the logarithm is one over its input, and over the log of its base"),
)
LOG10 = _logarithm(
    "log10", ("log10",), "log₁₀", r"\log_{10}", "ln10",
    N_("the slope of the logarithm is one over its input, and over the log of its base"),
)

SIN = Operation(
    name="sin", spelled=("sin",), sign="sin", rule=N_("sine rule"),
    forward=lambda k, a: k.sin(a), partials=(lambda k, out, a: k.cos(a),),
    latex=(r"\sin\left(", r"\right)"), operands_bind=(SUM,),
    because=N_("the slope of the sine is the cosine"),
    samples=((0.5,), (-2.0,), (4.0,)),
)
COS = Operation(
    name="cos", spelled=("cos",), sign="cos", rule=N_("cosine rule"),
    forward=lambda k, a: k.cos(a), partials=(lambda k, out, a: -k.sin(a),),
    latex=(r"\cos\left(", r"\right)"), operands_bind=(SUM,),
    because=N_("the slope of the cosine is minus the sine"),
    samples=((0.5,), (-2.0,), (4.0,)),
)
TAN = Operation(
    name="tan", spelled=("tan",), sign="tan", rule=N_("tangent rule"),
    forward=lambda k, a: k.tan(a), partials=(lambda k, out, a: 1 + out**2,),
    latex=(r"\tan\left(", r"\right)"), operands_bind=(SUM,),
    because=N_("the slope of the tangent is one plus its own square"),
    samples=((0.5,), (-1.0,), (4.0,)),
)
ASIN = Operation(
    name="asin", spelled=("asin", "arcsin"), sign="asin", rule=N_("inverse sine rule"),
    forward=lambda k, a: k.asin(a), partials=(lambda k, out, a: 1 / k.sqrt(1 - a**2),),
    latex=(r"\arcsin\left(", r"\right)"), operands_bind=(SUM,),
    because=N_("the slope of an inverse function is one over the slope of the function"),
    domain=N_("the inverse sine needs a number from −1 to 1"),
    samples=((0.5,), (-0.9,)),
)
ACOS = Operation(
    name="acos", spelled=("acos", "arccos"), sign="acos", rule=N_("inverse cosine rule"),
    forward=lambda k, a: k.acos(a), partials=(lambda k, out, a: -1 / k.sqrt(1 - a**2),),
    latex=(r"\arccos\left(", r"\right)"), operands_bind=(SUM,),
    because=N_("the slope of an inverse function is one over the slope of the function"),
    domain=N_("the inverse cosine needs a number from −1 to 1"),
    samples=((0.5,), (-0.9,)),
)
ATAN = Operation(
    name="atan", spelled=("atan", "arctan"), sign="atan", rule=N_("inverse tangent rule"),
    forward=lambda k, a: k.atan(a), partials=(lambda k, out, a: 1 / (1 + a**2),),
    latex=(r"\arctan\left(", r"\right)"), operands_bind=(SUM,),
    because=N_("the slope of an inverse function is one over the slope of the function"),
    samples=((0.5,), (-2.0,)),
)
SINH = Operation(
    name="sinh", spelled=("sinh",), sign="sinh", rule=N_("hyperbolic sine rule"),
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
    samples=((0.5,), (-2.0,)),
)
ERF = Operation(
    name="erf", spelled=("erf",), sign="erf", rule=N_("error function rule"),
    forward=lambda k, a: k.erf(a), partials=(lambda k, out, a: 2 * k.exp(-(a**2)) / k.sqrt_pi,),
    latex=(r"\operatorname{erf}\left(", r"\right)"), operands_bind=(SUM,),
    because=N_("the slope of the error function is the bell curve under its integral"),
    samples=((0.5,), (-1.2,), (2.0,)),
)

ROWS = (EXP, LOG, LOG2, LOG10, SIN, COS, TAN, ASIN, ACOS, ATAN, SINH, COSH, ERF)
