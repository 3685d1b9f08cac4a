"""The rows of several numbers at once: sum, mean, norm, log-sum-exp."""

from __future__ import annotations

from typing import Any

from .record import N_, Branch, Operation

__all__ = ["ROWS"]


def _added(count: int, term: str = "a{0}") -> str:
    return " + ".join(term.format(i + 1) for i in range(count))


def _same_for_all(rule: Any) -> Any:
    return lambda slot: rule


TOTAL = Operation(
    name="sum", spelled=("sum",), sign="Σ", rule=N_("sum rule"), most=None,
    forward=lambda k, *operands: sum(operands),
    partials=_same_for_all(lambda k, out, *operands: 1),
    because=N_("a sum moves exactly as much as any of its terms"),
    stands_for=_added,
    precise=lambda k, *operands: k.total(*operands),
    drawn=False, torch=None,
    samples=((2.0,), (2.0, -3.0), (0.5, 5.0, -1.0)), exact=True,
)

MEAN = Operation(
    name="mean", spelled=("mean",), sign="mean", rule=N_("mean rule"), most=None,
    forward=lambda k, *operands: sum(operands) / len(operands),
    partials=_same_for_all(lambda k, out, *operands: k.one / len(operands)),
    because=N_("a mean moves by each number's equal share"),
    stands_for=lambda count: f"({_added(count)})/{count}",
    precise=lambda k, *operands: k.average(*operands),
    drawn=False, torch=None,
    samples=((2.0,), (2.0, -3.0), (0.5, 5.0, -1.0)), exact=True,
)


def _norm_branch(*operands: Any) -> Branch:
    if any(operands):
        return Branch(N_("away from 0 the norm is smooth"))
    return Branch(N_("every number is 0: the norm has its tip there, and by convention slope 0"), True)


def _norm_slope(slot: int) -> Any:
    def slope(k: Any, out: Any, *operands: Any) -> Any:
        return operands[slot] / k.guard(k.equal(out, 0), 1, out)

    return slope


NORM = Operation(
    name="norm", spelled=("norm",), sign="‖·‖", rule=N_("norm rule"), most=None,
    forward=lambda k, *operands: k.sqrt(sum(a * a for a in operands)),
    partials=_norm_slope, branch=_norm_branch,
    because=N_("the norm moves along each number in proportion to its share of the length"),
    stands_for=lambda count: f"sqrt({_added(count, 'a{0}^2')})",
    precise=lambda k, *operands: k.hypot(*operands),
    drawn=False, torch=None,
    samples=((3.0,), (3.0, -4.0), (0.5, 5.0, -1.0)),
)


def _highest(k: Any, operands: tuple[Any, ...]) -> Any:
    top = operands[0]
    for a in operands[1:]:
        top = k.maximum(top, a)
    return top


def _log_sum_exp(k: Any, *operands: Any) -> Any:
    top = _highest(k, operands)
    return top + k.log(sum(k.exp(a - top) for a in operands))


LOG_SUM_EXP = Operation(
    name="logsumexp", spelled=("logsumexp",), sign="lse", rule=N_("log-sum-exp rule"), most=None,
    forward=_log_sum_exp,
    partials=lambda slot: lambda k, out, *operands: k.exp(operands[slot] - out),
    because=N_("the slope of log-sum-exp along each score is its share, the softmax"),
    stands_for=lambda count: f"ln({_added(count, 'exp(a{0})')})",
    precise=lambda k, *operands: k.logsumexp(*operands),
    accurate=lambda slot: lambda k, out, *operands: k.softmax(slot, *operands),
    drawn=False, torch=None,
    samples=((2.0,), (2.0, -3.0), (0.5, 5.0, -1.0)),
)

ROWS = (TOTAL, MEAN, NORM, LOG_SUM_EXP)
