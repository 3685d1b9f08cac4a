"""The rows of activation functions, with PyTorch's conventions at their kinks.

Source of the conventions: PyTorch's `derivatives.yaml` and the documentation of `torch.nn`.
"""

from __future__ import annotations

from typing import Any

from .record import N_, SUM, Branch, Operation

__all__ = ["ROWS"]


def _called(name: str) -> tuple[str, str]:
    return (rf"\operatorname{{{name}}}\left(", r"\right)")


SIGMOID = Operation(
    name="sigmoid", vanishes=False, spelled=("sigmoid", "σ", "logistic"), sign="σ", rule=N_("sigmoid rule"),
    forward=lambda k, a: k.sigmoid(a),
    partials=(lambda k, out, a: out * (1 - out),),
    text=("σ(", ")"), latex=(r"\sigma\left(", r"\right)"), operands_bind=(SUM,),
    because=N_("the slope of the sigmoid is its output times one minus its output"),
    stands_for=lambda: "1/(1 + exp(-a1))",
    accurate=lambda slot: lambda k, out, a: k.sigmoid(a) * k.sigmoid(-a),
    samples=((0.5,), (-2.0,), (3.0,)),
)

TANH = Operation(
    name="tanh", spelled=("tanh",), sign="tanh", rule=N_("tanh rule"),
    forward=lambda k, a: k.tanh(a),
    partials=(lambda k, out, a: 1 - out**2,),
    latex=(r"\tanh\left(", r"\right)"), operands_bind=(SUM,),
    because=N_("the slope of tanh is one minus the square of its output"),
    stands_for=lambda: "p = exp(a1); n = exp(-a1); (p - n)/(p + n)",
    accurate=lambda slot: lambda k, out, a: 4 * k.sigmoid(2 * a) * k.sigmoid(-2 * a),
    samples=((0.5,), (-1.5,)),
)


def _relu_branch(a: Any) -> Branch:
    if a == 0:
        return Branch(N_("{0} = 0 lies on the kink; by convention the slope of relu there is 0"), True)
    if a > 0:
        return Branch(N_("{0} > 0, so relu lets it through: slope 1"))
    return Branch(N_("{0} < 0, so relu blocks it: slope 0"))


RELU = Operation(
    name="relu", spelled=("relu", "ReLU"), sign="relu", rule=N_("relu rule"),
    forward=lambda k, a: k.maximum(a, 0),
    partials=(lambda k, out, a: k.where(k.greater(a, 0), 1, 0),),
    latex=_called("ReLU"), operands_bind=(SUM,),
    because=N_("relu passes the slope where its input is positive and stops it elsewhere"),
    branch=_relu_branch,
    samples=((2.0,), (-3.0,)), exact=True,
)


def _leaky_branch(a: Any, slope: float) -> Branch:
    if a == 0:
        return Branch(
            N_("{0} = 0 lies on the kink; by convention the small slope holds there"), True
        )
    if a > 0:
        return Branch(N_("{0} > 0, so the slope is 1"))
    return Branch(N_("{0} < 0, so the small slope of the leak holds"))


LEAKY_RELU = Operation(
    name="leaky_relu", spelled=("leaky_relu",), sign="leaky", rule=N_("leaky relu rule"),
    forward=lambda k, a, slope: k.where(k.greater(a, 0), a, slope * a),
    partials=(lambda k, out, a, slope: k.where(k.greater(a, 0), 1, slope),),
    options=(("slope", 0.01),), latex=_called("LeakyReLU"), operands_bind=(SUM,),
    because=N_("a leaky relu passes the slope where its input is positive, and a little elsewhere"),
    branch=_leaky_branch,
    samples=((2.0,), (-3.0,)), exact=True,
)


def _elu_branch(a: Any, alpha: float) -> Branch:
    if a == 0:
        return Branch(N_("{0} = 0 lies where the two pieces of elu meet"), True)
    if a > 0:
        return Branch(N_("{0} > 0, so the slope is 1"))
    return Branch(N_("{0} < 0, so the exponential piece holds"))


ELU = Operation(
    name="elu", spelled=("elu",), sign="elu", rule=N_("elu rule"),
    forward=lambda k, a, alpha: k.where(
        k.greater(a, 0), a, alpha * k.expm1(k.minimum(a, 0))
    ),
    partials=(
        lambda k, out, a, alpha: k.where(k.greater(a, 0), 1, alpha * k.exp(k.minimum(a, 0))),
    ),
    options=(("alpha", 1.0),), latex=_called("ELU"), operands_bind=(SUM,),
    because=N_("elu is the identity above 0 and an exponential below"),
    branch=_elu_branch,
    samples=((2.0,), (-1.5,)),
)

SOFTPLUS = Operation(
    name="softplus", spelled=("softplus",), sign="soft+", rule=N_("softplus rule"),
    forward=lambda k, a: k.softplus(a),
    partials=(lambda k, out, a: k.sigmoid(a),),
    latex=_called("softplus"), operands_bind=(SUM,),
    because=N_("the slope of softplus is the sigmoid"),
    stands_for=lambda: "ln(1 + exp(a1))",
    samples=((0.5,), (-2.0,), (3.0,)),
)

SILU = Operation(
    name="silu", spelled=("silu", "swish", "SiLU"), sign="silu", rule=N_("silu rule"),
    forward=lambda k, a: a * k.sigmoid(a),
    partials=(lambda k, out, a: k.sigmoid(a) * (1 + a * (1 - k.sigmoid(a))),),
    latex=_called("SiLU"), operands_bind=(SUM,),
    because=N_("silu is its input times a sigmoid, so the product rule gives two terms"),
    stands_for=lambda: "a1*sigmoid(a1)",
    samples=((0.5,), (-2.0,), (3.0,)),
)

GELU = Operation(
    name="gelu", spelled=("gelu", "GELU"), sign="gelu", rule=N_("gelu rule"),
    forward=lambda k, a: a / 2 * (1 + k.erf(a / k.sqrt2)),
    partials=(
        lambda k, out, a: (1 + k.erf(a / k.sqrt2)) / 2
        + a * k.exp(-(a**2) / 2) / (k.sqrt2 * k.sqrt_pi),
    ),
    latex=_called("GELU"), operands_bind=(SUM,),
    because=N_("gelu is its input times the normal distribution function: the product rule again"),
    stands_for=lambda: "a1/2*(1 + erf(a1/sqrt(2)))",
    samples=((0.5,), (-2.0,), (1.5,)),
)

ROWS = (SIGMOID, TANH, RELU, LEAKY_RELU, ELU, SOFTPLUS, SILU, GELU)
