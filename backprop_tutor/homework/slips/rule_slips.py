"""Slips of single operations: the wrong derivative of a product, a quotient, a power, a function.

Each row looks at one edge and knows the wrong slope that students write there.
"""

from __future__ import annotations

import math

from ...ops import OPS, SCALAR, Operation
from .broken_pass import Handed
from .slip_record import EdgeView, Slip, handed_on_edges

__all__ = ["ROWS"]

_OUT = frozenset({"out"})
_TAUGHT = OPS.derived(lambda row: {row.name: row} if row.taught else {})


def _at_output(view: EdgeView) -> float | None:
    row = view.row
    if not row.reads(0) or (row.branch is not None and row.least > 1):
        return None  # a slope that is the same everywhere, or that a choice of operands decides
    operands = list(view.operands)
    operands[view.slot] = view.out
    # The operation is applied to its own output: the slope of what stands there then.
    return view.slope(view.operator.value(operands), *operands)


def _by_the_output(view: EdgeView) -> float | None:
    """Return the slope with the input where the output belongs, for rules that use the output."""
    if len(view.operands) > 1 or view.row.reads(0) != _OUT:
        return None
    return float(view.row.partial(0)(SCALAR, view.value, math.nan, **dict(view.row.options)))


def _is_activation(row: Operation) -> bool:
    return row.activation and not row.outputs


def _derivative_left_out(view: EdgeView) -> Handed:
    return Handed(1.0)


def _other_activation(view: EdgeView) -> dict[str, float]:
    z, out = view.value, view.out
    made: dict[str, float] = {}
    for row in _TAUGHT.values():
        if row.name != view.op:
            slope = row.partial(0)
            made[f"{row.name} at the input"] = float(slope(SCALAR, row.value(SCALAR, z), z))
            made[f"{row.name} of the output"] = float(slope(SCALAR, out, z))
    return made


def _tanh(view: EdgeView) -> dict[str, float]:
    return {"no square": 1 - view.out, "sum": 1 + view.out**2, "square alone": view.out**2}


def _sigmoid_rule(view: EdgeView) -> dict[str, float]:
    s = view.out
    return {"s": s, "1 - s": 1 - s, "s(s - 1)": s * (s - 1), "s^2": s * s, "s(1 + s)": s * (1 + s)}


def _exp(view: EdgeView) -> dict[str, float]:
    x = view.value
    return {"x": x, "power rule": x * math.exp(x - 1), "x·exp(x)": x * view.out,
            "constant": math.e, "log": math.log(x) if x > 0 else math.nan}  # fmt: skip


def _log(view: EdgeView) -> dict[str, float]:
    x = view.value
    made = {"log": view.out, "one over log": 1 / view.out if view.out else math.nan, "x": x,
            "exp": math.exp(x) if x < 700 else math.nan}  # fmt: skip
    if view.op != "log":
        made["base"] = 1 / x
    else:
        made["base 10"] = 1 / (x * math.log(10))
    return made


def _power(view: EdgeView) -> dict[str, float]:
    a, n = view.operands
    if view.slot == 1:
        made = {"power rule": n * math.pow(a, n - 1), "base alone": math.pow(a, n)}
        return made | ({"no power": math.log(a)} if a > 0 else {})
    lowered, kept = math.pow(a, n - 1), math.pow(a, n)
    return {
        "no n": lowered, "n kept": n * kept, "n times a": n * a, "lowered n": (n - 1) * lowered,
        "power alone": kept, "n raised": n * kept * a, "n": n,
    }  # fmt: skip


def _root(view: EdgeView) -> dict[str, float]:
    r = view.out
    return {"no half": 1 / r, "root kept": r / 2, "root": r, "half of x": 1 / (2 * view.value)}


def _trigonometry(view: EdgeView) -> dict[str, float] | None:
    x = view.value
    if view.op == "sin":
        return {"sign": -math.cos(x), "sin": math.sin(x), "minus sin": -math.sin(x)}
    if view.op == "cos":
        return {"sign": math.sin(x), "cos": math.cos(x), "minus cos": -math.cos(x)}
    return {"sec": 1 / math.cos(x), "cos squared": math.cos(x) ** 2, "tan": view.out}


def _quotient(view: EdgeView) -> dict[str, float] | None:
    a, b = view.operands
    if view.slot == 0:
        return {"minus": -1 / b, "b": b, "squared": 1 / (b * b), "numerator": a,
                "like the denominator": -a / (b * b)}  # fmt: skip
    return {"no minus": a / (b * b), "not squared": -a / b, "one over b": 1 / b,
            "no numerator": -1 / (b * b), "nothing but b": 1 / (b * b), "a": a, "minus a": -a,
            "neither": a / b}  # fmt: skip


def _product(view: EdgeView) -> dict[str, float] | None:
    a, b = view.operands
    return {"swapped": view.value, "product": a * b, "sum": a + b, "one": 1.0}


def _relu_gate(view: EdgeView) -> dict[str, Handed | float]:
    z = view.value
    made: dict[str, Handed | float] = {
        "by the gradient": Handed(1.0, gate=True),
        "value": max(z, 0.0),
        "never blocked": 1.0,
        "the wrong side": 0.0 if z > 0 else 1.0,
    }
    if z == 0:
        made["at zero"] = 1.0
        made["half at zero"] = 0.5
    return made


def _choice(view: EdgeView) -> dict[str, float]:
    chosen = view.local != 0
    count = len(view.operands)
    return {"wrong branch": 0.0 if chosen else 1.0, "both": 1.0, "shared": 1.0 / count,
            "value": view.value}  # fmt: skip


def _absolute(view: EdgeView) -> dict[str, float]:
    return {"always one": 1.0, "wrong branch": -view.local, "minus one": -1.0, "value": view.out}


def _add(view: EdgeView) -> dict[str, float]:
    return {"halved": 0.5, "other": view.other, "own": view.value}


def _subtract(view: EdgeView) -> float | None:
    return 1.0 if view.slot == 1 else None


def _negate(view: EdgeView) -> float | None:
    return 1.0


def _constant(view: EdgeView) -> dict[str, float] | None:
    if len(view.operands) != 2 or view.kind(1 - view.slot) != "constant":
        return None
    if view.op == "divide" and view.slot == 1:
        return None
    inverted = 1 / view.local if view.local else math.nan
    return {"lost": math.copysign(1.0, view.local), "inverted": inverted}


def _half(view: EdgeView) -> dict[str, float] | None:
    squared = view.op == "power" and view.slot == 0 and view.operands[1] == 2
    if not squared and not (view.row.loss and view.op.endswith("squared_error")):
        return None
    return {"halved": view.local / 2, "doubled": view.local * 2}


ROWS = (
    Slip(
        name="subtract-sign", family="signs", rank=1, sites=handed_on_edges(_subtract, "subtract"),
        sentence="The second operand of a subtraction gets a minus; it was given a plus.",
        hint="When what is subtracted grows, does the difference grow?",
    ),
    Slip(
        name="negate-sign", family="signs", rank=1, sites=handed_on_edges(_negate, "negate"),
        sentence="The minus in front turns the gradient's sign; it was left out.",
        hint="When the operand grows, does its negative grow?",
    ),
    Slip(
        name="add-gate", family="sums", rank=2, sites=handed_on_edges(_add, "add"),
        sentence="A sum hands its upstream gradient to each of its terms unchanged.",
        hint="What is the slope of a + b along a?",
        variants={
            "halved": "The gradient was shared out between the terms of a sum; each term gets all "
            "of it.",
            "other": "The sum was treated like a product: the other term was taken for its slope.",
        },
        ranks={"own": 3.5},
    ),
    Slip(
        name="product-rule", family="products", rank=1, sites=handed_on_edges(_product, "multiply"),
        sentence="The slope along one factor is the other factor; something else was used.",
        hint="Hold one factor still, and let the other one grow by one.",
        variants={
            "swapped": "The gradients of the two factors were swapped: the slope along one factor "
            "is the other factor.",
            "one": "The other factor was left out of the product's slope.",
        },
        ranks={"product": 3, "sum": 2.5},
    ),
    Slip(
        name="quotient-rule", family="products", rank=1, sites=handed_on_edges(_quotient, "divide"),
        sentence="The quotient rule was not applied as it is: 1/b along a, and −a/b² along b.",
        hint="Does a/b rise or fall when b grows? How fast, when b is large?",
        variants={
            "no minus": "The minus of the quotient rule was left out: a/b falls as b grows.",
            "not squared": "The denominator of the quotient rule was not squared: it is −a/b².",
            "one over b": "The slope along the denominator is −a/b²; 1/b was used for both.",
            "no numerator": "The numerator was left out of −a/b².",
        },
        ranks={"minus": 2, "b": 2.5, "squared": 3.5, "numerator": 3, "like the denominator": 3,
               "nothing but b": 2.5, "a": 3.5, "minus a": 4, "neither": 3},
    ),
    Slip(
        name="local-at-output", family="chain", rank=1.5, sites=handed_on_edges(_at_output),
        sentence="The local gradient was evaluated at the output of the operation; it belongs at "
        "its input.",
        hint="At which number is the slope taken: at what goes in, or at what comes out?",
    ),
    Slip(
        name="local-at-input", family="chain", rank=1.2, sites=handed_on_edges(_by_the_output),
        sentence="The slope is written with the operation's output, and its input was put there.",
        hint="In σ(z)·(1 − σ(z)), which number stands in the brackets?",
    ),
    Slip(
        name="activation-derivative-left-out", family="activations", rank=1,
        sites=handed_on_edges(_derivative_left_out, where=_is_activation),
        sentence="The derivative of the activation function was left out.",
        hint="On the way down the gradient passes through the activation too.",
    ),
    Slip(
        name="other-activation", family="activations", rank=2,
        sites=handed_on_edges(_other_activation, where=_is_activation),
        sentence="The derivative of another activation function was used.",
        hint="Which activation function is this one, and what is its own derivative?",
    ),
    Slip(
        name="tanh-rule", family="activations", rank=1, sites=handed_on_edges(_tanh, "tanh"),
        sentence="The derivative of tanh is one minus the square of its output.",
        hint="Write down the derivative of tanh in terms of its output.",
        variants={"no square": "The square is missing: tanh' is 1 − tanh², not 1 − tanh."},
        ranks={"sum": 2, "square alone": 2.5},
    ),
    Slip(
        name="sigmoid-rule", family="activations", rank=2,
        sites=handed_on_edges(_sigmoid_rule, "sigmoid"),
        sentence="The derivative of the sigmoid is its output times one minus its output.",
        hint="Both factors, σ and 1 − σ, and their signs.",
        ranks={"s^2": 3, "s(1 + s)": 3},
    ),
    Slip(
        name="exp-rule", family="functions", rank=1, sites=handed_on_edges(_exp, "exp"),
        sentence="The exponential function is its own derivative.",
        hint="What is the slope of eˣ at 0?",
        variants={
            "x": "The exponent was taken for the derivative: the exponential function is its own "
            "derivative.",
            "power rule": "The power rule was used on eˣ, where the exponent varies, not the base.",
        },
        ranks={"x·exp(x)": 2.5, "constant": 3, "log": 4},
    ),
    Slip(
        name="log-rule", family="functions", rank=1, sites=handed_on_edges(_log, "log log2 log10"),
        sentence="The derivative of the logarithm is one over its input.",
        hint="Is the logarithm steep or flat at large numbers?",
        variants={
            "log": "The logarithm itself was taken for its derivative: one over the input.",
            "base": "The base was left out: a logarithm of another base has its ln in the slope.",
            "base 10": "The slope of log₁₀ was used; ln has the slope one over its input.",
        },
        ranks={"one over log": 2.5, "x": 1.5, "exp": 3, "base 10": 1.5},
    ),
    Slip(
        name="power-rule", family="functions", rank=1, sites=handed_on_edges(_power, "power"),
        sentence="The power rule brings the exponent down as a factor and lowers it by one.",
        hint="Both happen: n comes down, and n − 1 stays above.",
        variants={
            "no n": "The exponent was lowered by one, but not brought down as a factor.",
            "n kept": "The exponent was brought down, but not lowered by one.",
        },
        ranks={"n times a": 2.5, "lowered n": 3, "power alone": 2, "n raised": 4, "n": 3,
               "power rule": 1.5, "base alone": 2.5, "no power": 3},
    ),
    Slip(
        name="root-rule", family="functions", rank=1, sites=handed_on_edges(_root, "sqrt"),
        sentence="The slope of a square root is one over twice the root.",
        hint="A root is a power with the exponent ½.",
        ranks={"root kept": 2, "root": 3, "half of x": 2},
    ),
    Slip(
        name="trigonometry-rule", family="functions", rank=2,
        sites=handed_on_edges(_trigonometry, "sin cos tan"),
        sentence="The derivative of a trigonometric function is not right.",
        hint="sin' = cos, cos' = −sin, tan' = 1 + tan².",
        variants={"sign": "The sign of the trigonometric derivative is wrong."},
    ),
    Slip(
        name="relu-gate", family="kinks", rank=1,
        sites=handed_on_edges(_relu_gate, "relu leaky_relu"),
        sentence="relu lets the gradient through where its input is positive, and nowhere else.",
        hint="Look at the sign of the input of relu.",
        variants={
            "by the gradient": "relu was opened and closed by the sign of the gradient; it is the "
            "sign of its input that counts.",
            "value": "The value of relu was taken for its slope, which is 1 or 0.",
            "at zero": "The slope of relu at 0 is taken as 0 here, by convention.",
            "half at zero": "The slope of relu at 0 is taken as 0 here, by convention.",
        },
        ranks={"by the gradient": 1.5, "the wrong side": 2, "value": 2},
    ),
    Slip(
        name="wrong-branch", family="kinks", rank=1, sites=handed_on_edges(_choice, "max min"),
        sentence="Only the operand that was chosen by max or min moves the result.",
        hint="Which operand is the result equal to? What happens if the other one moves a little?",
        ranks={"both": 1.5, "shared": 2, "value": 3},
    ),
    Slip(
        name="abs-rule", family="kinks", rank=1, sites=handed_on_edges(_absolute, "abs"),
        sentence="The slope of an absolute value is the sign of what stands inside.",
        hint="Is the number between the bars positive or negative?",
    ),
    Slip(
        name="constant-lost", family="constants", rank=1,
        sites=handed_on_edges(_constant, "multiply divide"),
        sentence="A constant factor was lost on the way down.",
        hint="Constant factors stay: the slope of 3·u along u is 3.",
        variants={"inverted": "The constant factor was turned over: multiplied where it divides."},
        ranks={"inverted": 2},
    ),
    Slip(
        name="two-or-half", family="constants", rank=1, sites=handed_on_edges(_half),
        sentence="The 2 of the square, or the ½ in front of it, was lost or added.",
        hint="Bring the 2 down, and see what is left of it beside the ½.",
        variants={
            "halved": "The 2 that the square brings down is missing, or a ½ was added.",
            "doubled": "There is a 2 too many: the ½ in front of the square was lost, or its 2 came in "
            "twice.",
        },
    ),
)  # fmt: skip
