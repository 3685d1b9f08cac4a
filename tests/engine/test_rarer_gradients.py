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
    ("slogdet", lambda a: torch.linalg.slogdet(a)[1], [_GENERAL]),
    ("logdet", torch.logdet, [_SYMMETRIC]),
    ("pinv", torch.linalg.pinv, [_TALL]),
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
    ("cov", torch.cov, [_TALL]),
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
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case[0])
def test_the_gradient_is_the_difference(case: tuple[str, Callable[..., Any], list[Any]]) -> None:
    """What the rule says is what a small step shows, first and second order."""
    _, function, values = case
    inputs = tuple(_leaf(each) for each in values)
    assert torch.autograd.gradcheck(function, inputs)
    assert torch.autograd.gradgradcheck(function, inputs, atol=1e-4)
