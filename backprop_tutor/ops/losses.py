"""The rows of losses and of softmax: composites that stand for a formula over several operands.

Operands of a loss are its predictions, then as many targets: `mse([y1, y2], [t1, t2])`.
"""

from __future__ import annotations

import math
from typing import Any

from .record import N_, Interval, Operation

__all__ = ["ROWS"]

PAIR = (N_("prediction"), N_("target"))
"""What the operands of every loss are, in this order."""

SQUARED_ERROR = Operation(
    name="squared_error", spelled=("se", "squared_error"), sign="se", rule=N_("squared error"),
    least=2, most=2, roles=PAIR,
    forward=lambda k, y, t: (y - t) ** 2,
    partials=(lambda k, out, y, t: 2 * (y - t), lambda k, out, y, t: -2 * (y - t)),
    because=(
        N_("the square brings down its 2, and the error rises with the prediction"),
        N_("the square brings down its 2, and the error falls as the target rises"),
    ),
    stands_for=lambda: "(a1 - a2)^2",
    range=Interval(0, math.inf, (True, False)), torch=None,
    samples=((2.0, -1.0), (0.5, 0.75)), exact=True,
)

HALF_SQUARED_ERROR = Operation(
    name="half_squared_error", spelled=("half_se", "half_squared_error"), sign="½se",
    rule=N_("half squared error"), least=2, most=2, roles=PAIR,
    forward=lambda k, y, t: (y - t) ** 2 / 2,
    partials=(lambda k, out, y, t: y - t, lambda k, out, y, t: t - y),
    because=(
        N_("the ½ cancels the 2 of the square, so the slope is the error itself"),
        N_("the ½ cancels the 2 of the square, and the error falls as the target rises"),
    ),
    stands_for=lambda: "(a1 - a2)^2/2",
    precise=lambda k, y, t: (y - t) / 2 * (y - t),
    range=Interval(0, math.inf, (True, False)), torch=None,
    samples=((2.0, -1.0), (0.5, 0.75)), exact=True,
)


def _pairs(operands: tuple[Any, ...]) -> list[tuple[Any, Any]]:
    """Return each prediction with its target."""
    half = len(operands) // 2
    return list(zip(operands[:half], operands[half:], strict=True))


def _mse_slope(slot: int) -> Any:
    def slope(k: Any, out: Any, *operands: Any) -> Any:
        half = len(operands) // 2
        error = operands[slot % half] - operands[slot % half + half]
        sign = 1 if slot < half else -1
        return sign * 2 * error / half

    return slope


def _mse_precise(k: Any, *operands: Any) -> Any:
    """Return the mean, each square shared out before it is whole: none overflows on the way."""
    count = len(operands) // 2
    return sum((y - t) / count * (y - t) for y, t in _pairs(operands))


def _mse_formula(count: int) -> str:
    half = count // 2
    squares = " + ".join(f"(a{i} - a{i + half})^2" for i in range(1, half + 1))
    return f"({squares})/{half}"


MEAN_SQUARED_ERROR = Operation(
    name="mean_squared_error", spelled=("mse", "mean_squared_error"), sign="mse",
    rule=N_("mean squared error"), least=2, most=None, lists=2, roles=PAIR,
    forward=lambda k, *operands: sum((y - t) ** 2 for y, t in _pairs(operands))
    / (len(operands) // 2),
    partials=_mse_slope,
    because=(
        N_("the square brings down its 2, and the mean shares it among the predictions"),
        N_("as for the prediction, with the sign turned"),
    ),
    stands_for=_mse_formula,
    precise=_mse_precise,
    range=Interval(0, math.inf, (True, False)), torch=None,
    samples=((2.0, -1.0), (0.5, -1.0, 0.75, 1.0)), exact=True,
)

def _log_odds_against(k: Any, out: Any, p: Any, t: Any) -> Any:
    """Return ln((1 − p)/p), with its digits near p = ½, where it is 0, and at both ends."""
    near = k.less(k.absolute(1 - 2 * p) * 2, 1)
    return k.where(near, k.log1p((1 - 2 * p) / p), k.log1p(-p) - k.log(p))


BINARY_CROSS_ENTROPY = Operation(
    name="binary_cross_entropy", spelled=("bce", "binary_cross_entropy"), sign="bce",
    rule=N_("binary cross-entropy"), least=2, most=2, roles=PAIR,
    forward=lambda k, p, t: -(t * k.log(p) + (1 - t) * k.log(1 - p)),
    partials=(
        lambda k, out, p, t: (p - t) / (p * (1 - p)),
        lambda k, out, p, t: k.log(1 - p) - k.log(p),
    ),
    because=(
        N_("the two logarithms together give the error over p(1 − p)"),
        N_("the loss is a straight line in the target"),
    ),
    domain=N_("the prediction p must lie between 0 and 1, neither of them included"),
    stands_for=lambda: "-(a2*ln(a1) + (1 - a2)*ln(1 - a1))",
    precise=lambda k, p, t: -(t * k.log(p) + (1 - t) * k.log1p(-p)),
    accurate=lambda slot: (
        _log_odds_against if slot
        else (lambda k, out, p, t: (p - t) / (p * (1 - p)))
    ),
    takes=Interval(0, 1), range=Interval(0, math.inf, (True, False)), torch=None,
    samples=((0.7, 1.0), (0.2, 0.0), (0.4, 0.3)),
)


def _ce_slope(slot: int) -> Any:
    def slope(k: Any, out: Any, *operands: Any) -> Any:
        half = len(operands) // 2
        if slot < half:
            return -operands[slot + half] / operands[slot]
        return -k.log(operands[slot - half])

    return slope


def _ce_formula(count: int) -> str:
    half = count // 2
    return "-(" + " + ".join(f"a{i + half}*ln(a{i})" for i in range(1, half + 1)) + ")"


CROSS_ENTROPY = Operation(
    name="cross_entropy", spelled=("ce", "cross_entropy"), sign="ce", rule=N_("cross-entropy"),
    least=2, most=None, lists=2, roles=PAIR,
    forward=lambda k, *operands: -sum(t * k.log(p) for p, t in _pairs(operands)),
    partials=_ce_slope,
    because=(
        N_("the slope of −t ln(p) along p is −t over p"),
        N_("the loss is a straight line in the target"),
    ),
    domain=N_("every predicted probability must be positive"),
    stands_for=_ce_formula,
    precise=lambda k, *operands: -k.total(*(t * k.log(p) for p, t in _pairs(operands))),
    takes=Interval(0, math.inf), shares=True, range=Interval(0, math.inf, (True, False)), torch=None,
    samples=((0.7, 0.3, 1.0, 0.0), (0.2, 0.5, 0.3, 0.5, 0.25, 0.25)),
)


def _softmax(k: Any, index: int, operands: tuple[Any, ...]) -> Any:
    return k.softmax(index, *operands)


def _softmax_slope(slot: int) -> Any:
    def slope(k: Any, out: Any, *operands: Any, index: int) -> Any:
        if slot == index:
            return out * (1 - out)
        return -out * _softmax(k, slot, operands)

    return slope


def _softmax_accurate(slot: int) -> Any:
    def slope(k: Any, out: Any, *operands: Any, index: int) -> Any:
        if slot == index:
            others = (i for i in range(len(operands)) if i != index)
            return out * sum(_softmax(k, i, operands) for i in others)
        return -out * _softmax(k, slot, operands)

    return slope


def _softmax_formula(count: int, index: int) -> str:
    names = [f"e{i + 1}" for i in range(count)]
    exps = "; ".join(f"{name} = exp(a{i + 1})" for i, name in enumerate(names))
    return f"{exps}; s = {' + '.join(names)}; e{index + 1}/s"


SOFTMAX = Operation(
    name="softmax", vanishes=False, spelled=("softmax",), sign="soft", rule=N_("softmax rule"),
    least=1, most=None, outputs=True,
    forward=lambda k, *operands, index: _softmax(k, index, operands),
    partials=_softmax_slope,
    because=N_(
        "raising one score raises its own share and lowers the others, in proportion to the shares"
    ),
    stands_for=_softmax_formula, accurate=_softmax_accurate,
    activation=True, drawn=False, range=Interval(0, 1), shares=True,
    samples=((0.5, -1.0), (1.0, 2.0, 0.5)), elementwise=False,
)

ROWS = (
    SQUARED_ERROR, HALF_SQUARED_ERROR, MEAN_SQUARED_ERROR, BINARY_CROSS_ENTROPY, CROSS_ENTROPY,
    SOFTMAX,
)
