"""Gradients of decompositions, special functions and scatters agree with centred differences."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from backprop_tutor import engine as torch

F = torch.nn.functional
_SYMMETRIC = [[4.0, 1.0, 0.5], [1.0, 3.0, 0.2], [0.5, 0.2, 2.0]]
_GENERAL = [[2.0, 1.0, 0.3], [0.4, 3.0, -1.0], [1.0, 0.7, 2.5]]
_TALL = [[2.0, 1.0], [0.4, 3.0], [1.0, 0.7]]
_WIDE = [[2.0, 0.4, 1.0], [1.0, 3.0, 0.7]]
_POINTS = [0.3, 1.7, 4.2]


def _leaf(values: Any) -> Any:
    return torch.tensor(values, dtype=torch.float64, requires_grad=True)


def _symmetric(function: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda a: function((a + a.mT) / 2)


CASES: list[tuple[str, Callable[..., Any], list[Any]]] = [
    ("cholesky", _symmetric(torch.linalg.cholesky), [_SYMMETRIC]),
    ("eigh", _symmetric(lambda a: (lambda e: e[0].sum() + (e[1] ** 2 * e[0]).sum())(
        torch.linalg.eigh(a))), [_SYMMETRIC]),
    ("eigvalsh", _symmetric(torch.linalg.eigvalsh), [_SYMMETRIC]),
    ("qr", lambda a: torch.linalg.qr(a)[0] @ torch.linalg.qr(a)[1] + torch.linalg.qr(a)[1].sum(),
     [_GENERAL]),
    ("qr of a tall matrix", lambda a: torch.linalg.qr(a)[0] ** 3, [_TALL]),
    ("qr of a wide matrix", lambda a: torch.linalg.qr(a)[0] ** 3 @ torch.linalg.qr(a)[1] ** 2, [_WIDE]),
    ("upper cholesky", _symmetric(lambda a: torch.linalg.cholesky(a, upper=True) ** 2), [_SYMMETRIC]),
    ("vectors of eigh", _symmetric(lambda a: torch.linalg.eigh(a, "U")[1] ** 2), [_SYMMETRIC]),
    ("full svd", lambda a: torch.linalg.svd(a)[2][..., :2, :] ** 2, [_WIDE]),
    ("det", torch.linalg.det, [_GENERAL]),
    ("slogdet", lambda a: torch.linalg.slogdet(a)[1], [_GENERAL]),
    ("logdet", torch.logdet, [_SYMMETRIC]),
    ("pinv", torch.linalg.pinv, [_TALL]),
    ("pinv of the identity", torch.linalg.pinv, [[[1.0, 0.0], [0.0, 1.0]]]),
    ("pinv of rank 1", lambda a, b: torch.linalg.pinv(a.outer(b)), [_POINTS, [1.0, -2.0]]),
    ("lstsq", lambda a, b: torch.linalg.lstsq(a, b, driver="gelsd")[:2], [_TALL, _TALL]),
    ("lstsq of a wide matrix", lambda a, b: torch.linalg.lstsq(a, b).solution, [_WIDE, [1.0, 2.0]]),
    ("multi_dot", lambda a, b: torch.linalg.multi_dot([a, b, a]), [_WIDE, _TALL]),
    ("vander", lambda a: torch.linalg.vander(a, N=4), [_POINTS]),
    ("matrix_power", lambda a: torch.linalg.matrix_power(a, -3), [_GENERAL]),
    ("solve", torch.linalg.solve, [_GENERAL, [1.0, 2.0, -1.0]]),
    ("solve_triangular", lambda a, b: torch.linalg.solve_triangular(a, b, upper=True),
     [_GENERAL, _TALL]),
    ("cond", torch.linalg.cond, [_GENERAL]),
    ("svdvals", torch.linalg.svdvals, [_TALL]),
    ("cross", torch.linalg.cross, [_POINTS, [1.0, -2.0, 0.5]]),
    ("lgamma", torch.lgamma, [_POINTS]),
    ("digamma", torch.digamma, [_POINTS]),
    ("polygamma", lambda a: torch.polygamma(2, a), [_POINTS]),
    ("erfinv", torch.erfinv, [[0.3, -0.9, 0.0]]),
    ("copysign", torch.copysign, [_POINTS, [-1.0, 2.0, -3.0]]),
    ("trapezoid", torch.trapezoid, [_POINTS, [0.0, 0.5, 2.0]]),
    ("gradient", lambda a, b: torch.gradient(a, spacing=(b,), edge_order=2)[0], [_POINTS, [0.0, 1.0, 3.0]]),
    ("nanquantile", lambda a, q: torch.nanquantile(a, q), [[3.0, float("nan"), 1.0, 7.0], [0.3, 0.8]]),
    ("nanmedian", lambda a: torch.nanmedian(a) ** 2, [_POINTS]),
    ("cov", torch.cov, [_TALL]),
    ("cov with weights", lambda a, w: torch.cov(a.T, aweights=w.abs()), [_TALL, [0.5, 1.0, 0.25]]),
    ("corrcoef", torch.corrcoef, [_GENERAL]),
    ("cdist", torch.cdist, [_TALL, [[0.1, 0.2]]]),
    ("renorm", lambda a: torch.renorm(a, 2, 0, 1.5), [_TALL]),
    ("unfold", lambda a: a.unfold(0, 2, 1), [_POINTS]),
    ("as_strided", lambda a: (a * 1).as_strided((2, 2), (1, 1)), [_POINTS]),
    ("roll", lambda a: a.roll(1) ** 2, [_TALL]),
    ("trace", lambda a: torch.trace(a) ** 2, [_GENERAL]),
    ("diag", lambda a: torch.diag(a) ** 2, [_GENERAL]),
    ("pad", lambda a: F.pad(a, (1, 1), mode="reflect") ** 2, [_GENERAL]),
    ("triplet", lambda a, b: F.triplet_margin_loss(a, b, -b, margin=9.0), [_TALL, [[0.1, 0.2]] * 3]),
    *(
        (f"scatter_reduce {how}", lambda a, b, how=how: a.scatter_reduce(
            0, torch.tensor([0, 0, 2]), b, how), [_POINTS, [0.5, 1.1, 3.0]])
        for how in ("sum", "mean", "prod", "amax", "amin")
    ),
    ("scatter_reduce prod with a zero", lambda a, b: a.scatter_reduce(
        0, torch.tensor([0, 0, 2]), b, "prod"), [[0.0, 1.7, 4.2], [0.5, 0.0, 3.0]]),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case[0])
def test_the_gradient_is_the_difference(case: tuple[str, Callable[..., Any], list[Any]]) -> None:
    """What the rule says is what a small step shows, first and second order."""
    _, function, values = case
    inputs = tuple(_leaf(each) for each in values)
    assert torch.autograd.gradcheck(function, inputs)
    assert torch.autograd.gradgradcheck(function, inputs, atol=1e-4)
