"""The rows of activation functions, with PyTorch's conventions at their kinks.

Source of the conventions: PyTorch's `derivatives.yaml` and the documentation of `torch.nn`.
"""

from __future__ import annotations

import math
from typing import Any

from .record import N_, SUM, Branch, Interval, Keras, Operation, Torch

__all__ = ["ROWS"]


def _called(name: str) -> tuple[str, str]:
    return (rf"\operatorname{{{name}}}\left(", r"\right)")


def _root_share(k: Any, a: Any) -> Any:
    """Return the root of exp(−|a|): in halves it does not vanish before a·exp(a) does."""
    return k.exp(-k.absolute(a) / 2)


def _times_sigmoid(k: Any, a: Any, factor: Any) -> Any:
    """Return factor·σ(a), the factor multiplied in before the tail of σ runs out of digits."""
    root = _root_share(k, a)
    return k.where(k.less(a, 0), factor * root * root, factor) / (1 + root * root)


SIGMOID = Operation(
    name="sigmoid", vanishes=False, spelled=("sigmoid", "σ", "logistic"), sign="σ", rule=N_("sigmoid rule"),
    forward=lambda k, a: k.sigmoid(a),
    partials=(lambda k, out, a: out * (1 - out),),
    text=("σ(", ")"), latex=(r"\sigma\left(", r"\right)"), operands_bind=(SUM,),
    because=N_("the slope of the sigmoid is its output times one minus its output"),
    stands_for=lambda: "1/(1 + exp(-a1))",
    accurate=lambda slot: lambda k, out, a: k.sigmoid(a) * k.sigmoid(-a),
    activation=True, taught=True, saturates=(-4, 4), range=Interval(0, 1), gain=1.0,
    torch=Torch(switch=False),
    samples=((0.5,), (-2.0,), (3.0,)),
)

TANH = Operation(
    name="tanh", keeps_sign=True, spelled=("tanh",), sign="tanh", rule=N_("tanh rule"),
    forward=lambda k, a: k.tanh(a),
    partials=(lambda k, out, a: 1 - out**2,),
    latex=(r"\tanh\left(", r"\right)"), operands_bind=(SUM,),
    because=N_("the slope of tanh is one minus the square of its output"),
    stands_for=lambda: "p = exp(a1); n = exp(-a1); (p - n)/(p + n)",
    accurate=lambda slot: lambda k, out, a: 4 * k.sigmoid(2 * a) * k.sigmoid(-2 * a),
    activation=True, taught=True, saturates=(-4, 4), range=Interval(-1, 1), gain=5 / 3,
    torch=Torch(switch=False),
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
    activation=True, taught=True, range=Interval(0, math.inf, (True, False)), gain=math.sqrt(2),
    torch=Torch(module="ReLU", layer_twin=True),
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
    name="leaky_relu", keeps_sign=True, spelled=("leaky_relu",), sign="leaky", rule=N_("leaky relu rule"),
    forward=lambda k, a, slope: k.where(k.greater(a, 0), a, slope * a),
    partials=(lambda k, out, a, slope: k.where(k.greater(a, 0), 1, slope),),
    options=(("slope", 0.01),), latex=_called("LeakyReLU"), operands_bind=(SUM,),
    because=N_("a leaky relu passes the slope where its input is positive, and a little elsewhere"),
    branch=_leaky_branch,
    activation=True, gain=lambda slope: math.sqrt(2 / (1 + slope**2)),
    torch=Torch(top=False, module="LeakyReLU", arguments={"negative_slope": "slope"}, layer_twin=True,
                refuses=True),
    keras=Keras(names=("leaky_relu",), options=(("slope", 0.2),)),
    samples=((2.0,), (-3.0,)), exact=True,
)


def _elu_branch(a: Any, alpha: float) -> Branch:
    if a == 0:
        return Branch(N_("{0} = 0 lies where the two pieces of elu meet"), True)
    if a > 0:
        return Branch(N_("{0} > 0, so the slope is 1"))
    return Branch(N_("{0} < 0, so the exponential piece holds"))


ELU = Operation(
    name="elu", keeps_sign=True, spelled=("elu",), sign="elu", rule=N_("elu rule"),
    forward=lambda k, a, alpha: k.where(
        k.greater(a, 0), a, alpha * k.expm1(k.minimum(a, 0))
    ),
    partials=(
        lambda k, out, a, alpha: k.where(k.greater(a, 0), 1, alpha * k.exp(k.minimum(a, 0))),
    ),
    options=(("alpha", 1.0),), latex=_called("ELU"), operands_bind=(SUM,),
    because=N_("elu is the identity above 0 and an exponential below"),
    branch=_elu_branch,
    activation=True, saturates=(-4, 4), range=Interval(-1, math.inf),
    torch=Torch(top=False, module="ELU", layer_twin=True, refuses=True),
    samples=((2.0,), (-1.5,)),
)

SOFTPLUS = Operation(
    name="softplus", vanishes=False, spelled=("softplus",), sign="soft+", rule=N_("softplus rule"),
    forward=lambda k, a: k.softplus(a),
    partials=(lambda k, out, a: k.sigmoid(a),),
    latex=_called("softplus"), operands_bind=(SUM,),
    because=N_("the slope of softplus is the sigmoid"),
    stands_for=lambda: "ln(1 + exp(a1))",
    activation=True, saturates=(-4, 4), range=Interval(0, math.inf),
    torch=Torch(top=False, switch=False, refuses=True),
    samples=((0.5,), (-2.0,), (3.0,)),
)

SILU = Operation(
    name="silu", keeps_sign=True, vanishes=False,
    spelled=("silu", "swish", "SiLU"), sign="silu", rule=N_("silu rule"),
    forward=lambda k, a: a * k.sigmoid(a),
    partials=(lambda k, out, a: k.sigmoid(a) * (1 + a * (1 - k.sigmoid(a))),),
    latex=_called("SiLU"), operands_bind=(SUM,),
    because=N_("silu is its input times a sigmoid, so the product rule gives two terms"),
    stands_for=lambda: "a1*sigmoid(a1)",
    precise=lambda k, a: _times_sigmoid(k, a, a),
    accurate=lambda slot: lambda k, out, a: _times_sigmoid(k, a, 1 + a * k.sigmoid(-a)),
    activation=True, saturates=(-4, 4), range=Interval(-0.27846454276107385, math.inf, (True, False)),
    torch=Torch(top=False, module="SiLU", refuses=True), keras=Keras(names=("silu", "swish")),
    samples=((0.5,), (-2.0,), (3.0,)),
)

GELU = Operation(
    name="gelu", keeps_sign=True, vanishes=False,
    spelled=("gelu", "GELU"), sign="gelu", rule=N_("gelu rule"),
    forward=lambda k, a: a / 2 * (1 + k.erf(a / k.sqrt2)),
    partials=(
        lambda k, out, a: (1 + k.erf(a / k.sqrt2)) / 2
        + a * k.exp(-(a**2) / 2) / (k.sqrt2 * k.sqrt_pi),
    ),
    latex=_called("GELU"), operands_bind=(SUM,),
    because=N_("gelu is its input times the normal distribution function: the product rule again"),
    stands_for=lambda: "a1/2*(1 + erf(a1/sqrt(2)))",
    precise=lambda k, a: a * k.normal(a),
    accurate=lambda slot: lambda k, out, a: k.normal(a)
    + a * k.gaussian(a, 2) / (k.sqrt2 * k.sqrt_pi),
    activation=True, saturates=(-4, 4), range=Interval(-0.16997120747990369, math.inf, (True, False)),
    torch=Torch(top=False, module="GELU", switch=False, refuses=True),
    samples=((0.5,), (-2.0,), (1.5,)),
)


def _selu_branch(a: Any, alpha: float, scale: float) -> Branch:
    if a == 0:
        return Branch(
            N_("{0} = 0 lies on the kink of selu; by convention the exponential piece holds there"),
            True,
        )
    if a > 0:
        return Branch(N_("{0} > 0, so the straight piece of selu holds"))
    return Branch(N_("{0} < 0, so the exponential piece holds"))


SELU = Operation(
    name="selu", keeps_sign=True, spelled=("selu",), sign="selu", rule=N_("selu rule"),
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
    latex=_called("SELU"), operands_bind=(SUM,),
    because=N_("selu is elu scaled so that layers keep mean 0 and variance 1"),
    branch=_selu_branch,
    activation=True, saturates=(-4, 4), range=Interval(-1.7580993408473768, math.inf), gain=3 / 4,
    torch=Torch(method=False, twin=False, module="SELU", node="Elu", arguments={}, layer_twin=True),
    samples=((2.0,), (-1.5,)),
)


def _celu_branch(a: Any, alpha: float) -> Branch:
    if a == 0:
        return Branch(N_("{0} = 0 lies where the two pieces of celu meet, both with slope 1"), True)
    if a > 0:
        return Branch(N_("{0} > 0, so the slope is 1"))
    return Branch(N_("{0} < 0, so the exponential piece holds"))


CELU = Operation(
    name="celu", keeps_sign=True, spelled=("celu",), sign="celu", rule=N_("celu rule"),
    forward=lambda k, a, alpha: k.where(
        k.greater(a, 0), a, alpha * k.expm1(k.minimum(a, 0) / alpha)
    ),
    partials=(
        lambda k, out, a, alpha: k.where(k.greater(a, 0), 1, k.exp(k.minimum(a, 0) / alpha)),
    ),
    options=(("alpha", 1.0),), latex=_called("CELU"), operands_bind=(SUM,),
    because=N_("celu is the identity above 0 and an exponential below that joins it smoothly"),
    branch=_celu_branch,
    activation=True, saturates=(-4, 4), range=Interval(-1, math.inf),
    torch=Torch(method=False, twin=False, module="CELU", layer_twin=True),
    samples=((2.0,), (-1.5,)),
)

MISH = Operation(
    name="mish", keeps_sign=True, vanishes=False, spelled=("mish",), sign="mish", rule=N_("mish rule"),
    forward=lambda k, a: a * k.tanh(k.softplus(a)),
    partials=(
        lambda k, out, a: k.tanh(k.softplus(a))
        + a * (1 - k.tanh(k.softplus(a)) ** 2) * k.sigmoid(a),
    ),
    latex=_called("Mish"), operands_bind=(SUM,),
    because=N_("mish is its input times a tanh of softplus: the product rule gives two terms"),
    stands_for=lambda: "a1*tanh(softplus(a1))",
    activation=True, saturates=(-4, 4), range=Interval(-0.3088434130172505, math.inf, (True, False)),
    torch=Torch(top=False, refuses=True),
    samples=((0.5,), (-2.0,), (3.0,)),
)

SOFTSIGN = Operation(
    name="softsign", keeps_sign=True, spelled=("softsign",), sign="soft±", rule=N_("softsign rule"),
    forward=lambda k, a: a / (1 + k.absolute(a)),
    partials=(lambda k, out, a: 1 / (1 + k.absolute(a)) ** 2,),
    latex=_called("softsign"), operands_bind=(SUM,),
    because=N_("softsign flattens with the square of its distance from 0"),
    stands_for=lambda: "a1/(1 + |a1|)",
    accurate=lambda slot: lambda k, out, a: 1 / (1 + k.absolute(a)) / (1 + k.absolute(a)),
    activation=True, saturates=(-4, 4), range=Interval(-1, 1),
    torch=Torch(top=False, node="Div", switch=False),
    samples=((2.0,), (-3.0,)), exact=True,
)

LOGSIGMOID = Operation(
    name="logsigmoid", vanishes=False, spelled=("logsigmoid", "log_sigmoid"), sign="ln σ",
    rule=N_("log-sigmoid rule"),
    forward=lambda k, a: -k.softplus(-a),
    partials=(lambda k, out, a: k.sigmoid(-a),),
    latex=_called("LogSigmoid"), operands_bind=(SUM,),
    because=N_("the slope of the log of the sigmoid is what the sigmoid leaves to 1"),
    stands_for=lambda: "ln(sigmoid(a1))",
    activation=True, saturates=(-4, 4), range=Interval(-math.inf, 0),
    torch=Torch(top=False, module="LogSigmoid", node="LogSigmoid", switch=False, refuses=True),
    keras=Keras(names=("log_sigmoid",)),
    samples=((0.5,), (-2.0,), (3.0,)),
)

ROWS = (
    SIGMOID, TANH, RELU, LEAKY_RELU, ELU, SOFTPLUS, SILU, GELU, SELU, CELU, MISH, SOFTSIGN, LOGSIGMOID,
)
