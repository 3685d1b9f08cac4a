"""Huber's loss with a weight for every element, which its fused rule does not know."""

from __future__ import annotations

from ... import fused
from ...autograd.tape import Tensor

__all__ = ["huber_loss"]


def huber_loss(
    input: Tensor,
    target: Tensor,
    reduction: str = "mean",
    delta: float = 1.0,
    weight: Tensor | None = None,
) -> Tensor:
    """Return (x − y)²/2 where |x − y| ≤ δ and δ(|x − y| − δ/2) elsewhere, times the weights.

    The mean divides by the number of elements, whatever the weights are.

    Raises:
        ValueError: weights of another shape, or an unknown reduction.
    """
    if weight is None:
        return fused.huber_loss(input, target, reduction=reduction, delta=delta)
    if weight.shape != input.shape:
        raise ValueError("Weights and input must have the same size.")
    elements: Tensor = fused.huber_loss(input, target, reduction="none", delta=delta) * weight
    if reduction == "none":
        return elements
    if reduction not in ("mean", "sum"):
        raise ValueError(
            f"Invalid reduction mode: {reduction}. Expected one of 'none', 'mean', 'sum'."
        )
    result: Tensor = elements.mean() if reduction == "mean" else elements.sum()
    return result
