"""The rows that cut their operand off at bounds: hardtanh, hardsigmoid, relu6.

At and beyond a bound the slope is 0, as in PyTorch's `hardtanh_backward`.
"""

from __future__ import annotations

from typing import Any

from .record import N_, SUM, Branch, Interval, Keras, Operation, Rule, Torch

__all__ = ["ROWS"]


def _inside(k: Any, a: Any, low: Any, high: Any) -> Any:
    return k.where(k.greater(a, low), k.where(k.less(a, high), 1, 0), 0)


def _branch(a: Any, low: float, high: float) -> Branch:
    if low < a < high:
        return Branch(N_("{0} lies between the bounds, so the slope passes"))
    if a in (low, high):
        return Branch(N_("{0} lies on a bound; by convention the slope there is 0"), True)
    return Branch(N_("{0} lies beyond a bound, so nothing moves: slope 0"))


def _clipped(
    name: str, sign: str, shown: str, forward: Rule, slope: Rule, branch: Any,
    samples: tuple[tuple[float, ...], ...], values: Interval, bends: tuple[float, float], torch: Torch,
    options: tuple[tuple[str, float], ...] = (), keras: Keras | None = None,
) -> Operation:
    return Operation(
        name=name, spelled=(name,), sign=sign, rule=N_("clipping rule"),
        forward=forward, partials=(slope,), options=options,
        latex=(rf"\operatorname{{{shown}}}\left(", r"\right)"), operands_bind=(SUM,),
        because=N_("clipping passes the slope between its bounds and stops it at and beyond them"),
        branch=branch, samples=samples, exact=not options,
        activation=True, saturates=bends, range=values, keeps_sign=values.low < 0, torch=torch, keras=keras,
    )


HARDTANH = _clipped(
    "hardtanh", "htanh", "HardTanh",
    lambda k, a, low, high: k.minimum(k.maximum(a, low), high),
    lambda k, out, a, low, high: _inside(k, a, low, high),
    _branch, ((0.5,), (-3.0,), (2.0,)), Interval(-1, 1, (True, True)), (-1, 1),
    Torch(top=False, arguments={"min_val": "low", "max_val": "high"}, layer_twin=True),
    (("low", -1.0), ("high", 1.0)), Keras(names=("hard_tanh",)),
)
HARDSIGMOID = _clipped(
    "hardsigmoid", "hardσ", "HardSigmoid",
    lambda k, a: k.minimum(k.maximum((a + 3) / 6, 0), 1),
    lambda k, out, a: _inside(k, a, -3, 3) / 6,
    lambda a: _branch(a, -3, 3), ((0.5,), (-4.0,), (5.0,)), Interval(0, 1, (True, True)), (-3, 3),
    Torch(top=False, refuses=True), keras=Keras(names=("hard_sigmoid",)),
)
RELU6 = _clipped(
    "relu6", "relu6", "ReLU6",
    lambda k, a: k.minimum(k.maximum(a, 0), 6),
    lambda k, out, a: _inside(k, a, 0, 6),
    lambda a: _branch(a, 0, 6), ((2.0,), (-3.0,), (7.0,)), Interval(0, 6, (True, True)), (0, 6),
    Torch(top=False, module="ReLU6", node="Hardtanh"),
)

ROWS = (HARDTANH, HARDSIGMOID, RELU6)
