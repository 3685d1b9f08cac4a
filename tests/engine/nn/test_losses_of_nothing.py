"""Losses of classes where nothing is left to count: the numbers are those of PyTorch 2.13."""

from __future__ import annotations

import math
from typing import Any

import pytest

from backprop_tutor import engine as torch

F = torch.nn.functional
NOTHING, NAN = [[0.0] * 3] * 2, [[math.nan] * 3] * 2


@pytest.mark.parametrize("loss", [F.cross_entropy, F.nll_loss])
@pytest.mark.parametrize(
    ("options", "value", "gradient"),
    [
        ({"ignore_index": 1}, math.nan, NOTHING),
        ({"ignore_index": 1, "weight": [1.0, 0.0, 1.0]}, math.nan, NOTHING),
        ({"ignore_index": 1, "reduction": "sum"}, 0.0, NOTHING),
        ({"weight": [1.0, 0.0, 1.0], "reduction": "sum"}, 0.0, NOTHING),
    ],
)
def test_ignored_targets_have_no_part_in_the_gradient(
    loss: Any, options: dict[str, Any], value: float, gradient: list[list[float]]
) -> None:
    """A mean over no target is nan, and yet the gradient is 0: a batch to ignore changes nothing."""
    _check(loss, options, value, gradient)


@pytest.mark.parametrize("smoothing", [0.0, 0.1])
def test_targets_of_weight_zero_give_nan(smoothing: float) -> None:
    """Where targets count with weight 0, the loss and its gradient are 0/0."""
    options = {"weight": [1.0, 0.0, 1.0], "label_smoothing": smoothing}
    _check(F.cross_entropy, options, math.nan, NAN)


def test_ignored_targets_are_not_smoothed() -> None:
    """Label smoothing does not bring ignored targets back."""
    _check(F.cross_entropy, {"ignore_index": 1, "label_smoothing": 0.1}, math.nan, NOTHING)


def _check(loss: Any, options: dict[str, Any], value: float, gradient: Any) -> None:
    if "weight" in options:
        options = {**options, "weight": torch.tensor(options["weight"])}
    x = torch.tensor([[1.0, 2.0, 3.0], [0.0, 1.0, 5.0]], requires_grad=True)
    found = loss(x, torch.tensor([1, 1]), **options)
    found.backward()
    assert found.item() == pytest.approx(value, nan_ok=True)
    assert x.grad is not None
    for row, expected in zip(x.grad.tolist(), gradient, strict=True):
        assert row == pytest.approx(expected, nan_ok=True)
