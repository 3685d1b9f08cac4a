"""The rows of arithmetic: sums, differences, products, quotients, powers and their like."""

from __future__ import annotations

import math
from functools import reduce
from typing import Any

from .record import ATOM, N_, POWER, PRODUCT, SIGN, SUM, Branch, Interval, Keras, Operation, Torch

__all__ = ["ROWS"]

IDENTITY = Operation(
    name="identity", keeps_sign=True, sign="=", rule=N_("copy"),
    forward=lambda k, a: a,
    partials=(lambda k, out, a: 1,),
    plain=("", ""),
    text=("", ""), latex=("", ""), binds=SUM, operands_bind=(SUM,),
    because=N_("a copy moves exactly as much as the original"),
    gain=1.0, drawn=False, operator="pos", numpy=("positive",), torch=None, keras=Keras(names=("linear",)),
    samples=((2.0,), (-3.5,)), exact=True,
)

ADD = Operation(
    name="add", sign="+", rule=N_("sum rule"), least=2, most=2,
    forward=lambda k, a, b: a + b,
    partials=(lambda k, out, a, b: 1, lambda k, out, a, b: 1),
    plain=("", " + ", ""),
    text=("", " + ", ""), latex=("", " + ", ""), binds=SUM, operands_bind=(SUM, PRODUCT),
    because=N_("a sum moves exactly as much as either of its terms"),
    operator="add", numpy=("add",), torch=None,
    samples=((2.0, -3.0), (0.0, 5.0)), exact=True,
)

SUBTRACT = Operation(
    name="subtract", sign="−", rule=N_("difference rule"), least=2, most=2,
    forward=lambda k, a, b: a - b,
    partials=(lambda k, out, a, b: 1, lambda k, out, a, b: -1),
    plain=("", " - ", ""),
    text=("", " − ", ""), latex=("", " - ", ""), binds=SUM, operands_bind=(SUM, PRODUCT),
    because=(
        N_("a difference moves exactly as much as what is subtracted from"),
        N_("a difference moves against what is subtracted"),
    ),
    operator="sub", numpy=("subtract",), torch=None,
    samples=((2.0, -3.0), (0.0, 5.0)), exact=True,
)

MULTIPLY = Operation(
    name="multiply", vanishes=False, sign="×", rule=N_("product rule"), least=2, most=2,
    forward=lambda k, a, b: a * b,
    partials=(lambda k, out, a, b: b, lambda k, out, a, b: a),
    plain=("", "*", ""),
    text=("", "·", ""), latex=("", r" \cdot ", ""), binds=PRODUCT, operands_bind=(PRODUCT, POWER),
    because=N_("the slope along one factor is the other factor"),
    operator="mul", numpy=("multiply",), torch=None,
    samples=((2.0, -3.0), (0.0, 5.0)), exact=True,
)

DIVIDE = Operation(
    name="divide", vanishes=False, sign="÷", rule=N_("quotient rule"), least=2, most=2,
    forward=lambda k, a, b: a / b,
    partials=(lambda k, out, a, b: 1 / b, lambda k, out, a, b: -a / b**2),
    plain=("", "/", ""),
    text=("", "/", ""), latex=(r"\frac{", "}{", "}"), binds=PRODUCT, operands_bind=(PRODUCT, POWER),
    because=(
        N_("a fraction moves with its numerator, shrunk by the denominator"),
        N_("a fraction falls as its denominator grows, with the square of the denominator"),
    ),
    domain=N_("the denominator must not be 0"),
    accurate=lambda slot: (
        (lambda k, out, a, b: -out / b) if slot else (lambda k, out, a, b: 1 / b)
    ),  # b² overflows long before a/b²
    operator="truediv", numpy=("divide", "true_divide"), torch=None,
    samples=((2.0, -3.0), (0.0, 5.0), (1.0, 0.25)), exact=True,
)

NEGATE = Operation(
    name="negate", sign="×(−1)", rule=N_("sign rule"),
    forward=lambda k, a: -a,
    partials=(lambda k, out, a: -1,),
    plain=("-", ""),
    text=("−", ""), latex=("-", ""), binds=SIGN, operands_bind=(POWER,),
    because=N_("turning the sign turns the slope's sign"),
    operator="neg", numpy=("negative",), torch=None,
    samples=((2.0,), (-3.0,)), exact=True,
)


def _exponent_slope(k: Any, out: Any, a: Any, b: Any) -> Any:
    # 0^b is 0 for every b above 0, so flat there; below 0 it falls from infinity, as in PyTorch.
    return out * k.log(k.guard(k.equal(a, 0), k.guard(k.less(b, 0), a, 1), a))


def _base_slope(k: Any, out: Any, a: Any, b: Any) -> Any:
    # Under the exponent 0 the slope is 0, also at the base 0, as in PyTorch.
    return b * k.power(a, k.guard(k.equal(b, 0), 1, b - 1))


_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def _power_sign(base: Any, exponent: Any) -> str:
    """Return x², x⁻¹, 2ˣ or xʸ: a short whole number stands itself, anything else is a letter."""
    if exponent is not None and exponent == int(exponent) and -99 <= exponent <= 999:
        return "x" + str(int(exponent)).translate(_RAISED)
    if base is not None and base == int(base) and 0 <= base <= 999:
        return f"{int(base)}ˣ"
    return "xʸ"


POWER_OF = Operation(
    name="power", vanishes=False, sign="xʸ", signed=_power_sign, rule=N_("power rule"), least=2, most=2,
    forward=lambda k, a, b: k.power(a, b),
    partials=(_base_slope, _exponent_slope),
    plain=("", "^", ""),
    text=("", "^", ""), latex=("{", "}^{", "}"), binds=POWER, operands_bind=(ATOM, POWER),
    because=(
        N_("bring the exponent down as a factor and lower it by one"),
        N_("a power grows with its exponent in proportion to itself and to the log of its base"),
    ),
    domain=N_("a negative base needs a whole exponent, and 0 an exponent that is not negative"),
    drawn=False, operator="pow", numpy=("power", "float_power"), torch=None,
    samples=((2.0, 3.0), (0.5, -1.5), (3.0, 0.0)), exact=True,
)

SQRT = Operation(
    name="sqrt", spelled=("sqrt",), sign="√", rule=N_("root rule"),
    forward=lambda k, a: k.sqrt(a),
    partials=(lambda k, out, a: 1 / (2 * out),),
    latex=(r"\sqrt{", "}"), operands_bind=(SUM,),
    because=N_("a root is steep near 0 and flattens as it grows"),
    domain=N_("the square root needs a number that is not negative"),
    argument=Interval(0, math.inf, (True, False)),
    range=Interval(0, math.inf, (True, False)),
    samples=((2.0,), (0.25,), (9.0,)),
)

CBRT = Operation(
    name="cbrt", keeps_sign=True, spelled=("cbrt",), sign="∛", rule=N_("root rule"),
    forward=lambda k, a: k.cbrt(a),
    partials=(lambda k, out, a: 1 / (3 * out**2),),
    latex=(r"\sqrt[3]{", "}"), operands_bind=(SUM,),
    because=N_("a root is steep near 0 and flattens as it grows"),
    samples=((2.0,), (-8.0,), (0.3,)),
)


def _sign_branch(a: Any) -> Branch:
    if a == 0:
        return Branch(N_("{0} = 0 lies on the kink of |{0}|; by convention the slope there is 0"), True)
    if a > 0:
        return Branch(N_("{0} > 0, so |{0}| rises with {0}: slope 1"))
    return Branch(N_("{0} < 0, so |{0}| falls as {0} rises: slope −1"))


ABSOLUTE = Operation(
    name="abs", spelled=("abs",), sign="|·|", rule=N_("absolute value"),
    forward=lambda k, a: k.absolute(a),
    partials=(lambda k, out, a: k.sign(a),),
    text=("|", "|"), latex=(r"\left|", r"\right|"), operands_bind=(SUM,),
    because=N_("the slope of an absolute value is the sign of what stands inside"),
    branch=_sign_branch,
    range=Interval(0, math.inf, (True, False)), operator="abs", numpy=("absolute", "fabs"),
    torch=Torch(also=("absolute",), integers="refused"),
    samples=((2.0,), (-3.0,)), exact=True,
)


def _jump_branch(a: Any) -> Branch:
    if a == 0:
        return Branch(N_("{0} = 0 lies on the jump; by convention the slope there is 0"), True)
    return Branch(N_("away from the jump at 0 nothing moves: slope 0"))


SIGN_OF = Operation(
    name="sign", keeps_sign=True, spelled=("sign", "sgn"), sign="sgn", rule=N_("step"),
    forward=lambda k, a: k.sign(a),
    partials=(lambda k, out, a: 0,),
    because=N_("a step is flat on both sides of its jump"),
    branch=_jump_branch,
    range=Interval(-1, 1, (True, True)), drawn=False, torch=Torch(integers="kept"),
    samples=((2.0,), (-3.0,)), exact=True,
)

STEP = Operation(
    name="step", spelled=("step",), sign="step", rule=N_("step"),
    forward=lambda k, a: k.where(k.greater(a, 0), 1, 0),
    partials=(lambda k, out, a: 0,),
    because=N_("a step is flat on both sides of its jump"),
    branch=_jump_branch,
    range=Interval(0, 1, (True, True)), drawn=False, torch=None,
    samples=((2.0,), (-3.0,)), exact=True,
)


def _extreme(name: str, pick: str, sentence: str) -> Operation:
    def forward(k: Any, *operands: Any) -> Any:
        return reduce(getattr(k, pick), operands)

    def partials(slot: int) -> Any:
        def slope(k: Any, out: Any, *operands: Any) -> Any:
            # A tie shares the slope evenly, as PyTorch does.
            ties = sum(k.where(k.equal(a, out), 1, 0) for a in operands)
            return k.where(k.equal(operands[slot], out), 1, 0) / ties

        return slope

    def branch(*operands: Any) -> Branch:
        best = max(operands) if name == "max" else min(operands)
        slots = tuple(i for i, a in enumerate(operands) if a == best)
        if len(slots) > 1:
            return Branch(
                N_("{chosen} tie; by convention each gets an equal share of the slope"), True, slots
            )
        return Branch(sentence, False, slots)

    return Operation(
        name=name, spelled=(name,), sign=name, rule=N_("selection"), least=2, most=None,
        forward=forward, partials=partials, branch=branch,
        picks="largest" if name == "max" else "smallest", latex_name=rf"\{name}",
        numpy=(f"{name}imum", f"f{name}"), torch=None,
        because=N_("only the operand that was chosen moves the result"),
        samples=((2.0, -3.0), (0.5, 5.0), (1.0, 4.0, 2.0)), exact=True,
    )


MAXIMUM = _extreme(
    "max", "maximum", N_("{chosen} is the largest, so the whole slope goes to it")
)
MINIMUM = _extreme(
    "min", "minimum", N_("{chosen} is the smallest, so the whole slope goes to it")
)

ROWS = (
    IDENTITY, ADD, SUBTRACT, MULTIPLY, DIVIDE, NEGATE, POWER_OF, SQRT, CBRT,
    ABSOLUTE, SIGN_OF, STEP, MAXIMUM, MINIMUM,
)
