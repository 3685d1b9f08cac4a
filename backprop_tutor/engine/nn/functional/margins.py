"""Losses of margins, angles and likelihoods: those that compose existing operations."""

from __future__ import annotations

import math
from typing import Any

from ...choosing import where
from ...tape import Tensor
from .reduction import from_switches, reduced

__all__ = [
    "cosine_embedding_loss", "gaussian_nll_loss", "hinge_embedding_loss", "margin_ranking_loss",
    "multi_margin_loss", "poisson_nll_loss", "soft_margin_loss",
]


def chosen_reduction(size_average: Any, reduce: Any, reduction: str) -> str:
    """Return the reduction that is meant, the older switches understood."""
    if size_average is not None or reduce is not None:
        return from_switches(size_average, reduce)
    return reduction


def soft_margin_loss(
    input: Tensor,
    target: Tensor,
    size_average: Any = None,
    reduce: Any = None,
    reduction: str = "mean",
) -> Tensor:
    """Return ln(1 + e^(−yx)) of targets ±1."""
    reduction = chosen_reduction(size_average, reduce, reduction)
    return reduced((-target * input).exp().log1p(), reduction)


def hinge_embedding_loss(
    input: Tensor,
    target: Tensor,
    margin: float = 1.0,
    size_average: Any = None,
    reduce: Any = None,
    reduction: str = "mean",
) -> Tensor:
    """Return x where y = 1 and max(0, margin − x) where y = −1."""
    reduction = chosen_reduction(size_average, reduce, reduction)
    clamped = (margin - input).clamp(min=0)
    zero = input * 0
    elements = where(target.ne(1), clamped, zero) + where(target.ne(-1), input, zero)
    return reduced(elements, reduction)


def margin_ranking_loss(
    input1: Tensor,
    input2: Tensor,
    target: Tensor,
    margin: float = 0,
    size_average: Any = None,
    reduce: Any = None,
    reduction: str = "mean",
) -> Tensor:
    """Return max(0, −y(x₁ − x₂) + margin)."""
    reduction = chosen_reduction(size_average, reduce, reduction)
    if input1.dim() != input2.dim() or input1.dim() != target.dim():
        raise RuntimeError(
            "margin_ranking_loss : All input tensors should have same dimension but got sizes: "
            f"input1: {input1.size()}, input2: {input2.size()}, target: {target.size()} "
        )
    return reduced((-target * (input1 - input2) + margin).clamp(min=0), reduction)


def cosine_embedding_loss(
    input1: Tensor,
    input2: Tensor,
    target: Tensor,
    margin: float = 0,
    size_average: Any = None,
    reduce: Any = None,
    reduction: str = "mean",
) -> Tensor:
    """Return 1 − cos where y = 1 and max(0, cos − margin) where y = −1."""
    reduction = chosen_reduction(size_average, reduce, reduction)
    if target.dim() == 1 and input1.dim() != 2:
        raise RuntimeError(
            "1D target tensor expects 2D input tensors, but found inputs with sizes "
            f"{list(input1.shape)} and {list(input2.shape)}."
        )
    if target.dim() == 0 and input1.dim() != 1:
        raise RuntimeError(
            "0D target tensor expects 1D input tensors, but found inputs with sizes "
            f"{list(input1.shape)} and {list(input2.shape)}."
        )
    if target.dim() > 1:
        raise RuntimeError("0D or 1D target tensor expected, multi-target not supported")
    dim = target.dim()
    squares = ((input1 * input1).sum(dim) + 1e-12) * ((input2 * input2).sum(dim) + 1e-12)
    cosine = (input1 * input2).sum(dim) / squares.sqrt()
    zero = cosine * 0
    alike = where(target.eq(1), 1 - cosine, zero)
    unlike = where(target.eq(-1), (cosine - margin).clamp(min=0), zero)
    return reduced(alike + unlike, reduction)


def multi_margin_loss(
    input: Tensor,
    target: Tensor,
    p: int = 1,
    margin: float = 1.0,
    weight: Tensor | None = None,
    size_average: Any = None,
    reduce: Any = None,
    reduction: str = "mean",
) -> Tensor:
    """Return Σ max(0, margin − x[y] + x[i])ᵖ over the other classes, divided by their number."""
    reduction = chosen_reduction(size_average, reduce, reduction)
    if p not in (1, 2):
        raise ValueError("only p == 1 and p == 2 supported")
    if weight is not None and weight.dim() != 1:
        raise ValueError("weight must be one-dimensional")
    single = input.dim() <= 1
    scores = input.reshape(1, -1) if single else input
    classes = target.reshape(-1)
    count = scores.shape[1]
    if classes.numel() and not 0 <= int(classes.min()) <= int(classes.max()) < count:
        raise RuntimeError("target out of range")
    right = scores.gather(1, classes.reshape(-1, 1))
    losses = (margin - right + scores).clamp(min=0)
    if p == 2:
        losses = losses * losses
    if weight is not None:
        losses = losses * weight[classes].reshape(-1, 1)
    own = classes.reshape(-1, 1) == classes.new_tensor(list(range(count))).reshape(1, -1)
    elements = where(own, losses * 0, losses).sum(1) / count
    return reduced(elements[0] if single and reduction == "none" else elements, reduction)


def poisson_nll_loss(
    input: Tensor,
    target: Tensor,
    log_input: bool = True,
    full: bool = False,
    size_average: Any = None,
    eps: float = 1e-8,
    reduce: Any = None,
    reduction: str = "mean",
) -> Tensor:
    """Return eˣ − y x, or x − y ln(x + eps); Stirling's term added for y > 1 with `full`."""
    reduction = chosen_reduction(size_average, reduce, reduction)
    elements = input.exp() if log_input else input
    elements = elements - target * (input if log_input else (input + eps).log())
    if full:
        stirling = target * target.log() - target + 0.5 * (2 * math.pi * target).log()
        elements = elements + where(target <= 1, target * 0, stirling)
    return reduced(elements, reduction)


def gaussian_nll_loss(
    input: Tensor,
    target: Tensor,
    var: Any,
    full: bool = False,
    eps: float = 1e-6,
    reduction: str = "mean",
) -> Tensor:
    """Return ½(ln var + (x − y)²/var), the variance at least `eps`; the constant too with `full`.

    Raises:
        ValueError: a negative variance, or variances that do not fit the input.
    """
    if isinstance(var, float):
        if var < 0:
            raise ValueError("var has negative entry/entries")
        var = input.detach() * 0 + var
    elif bool((var < 0).any()):
        raise ValueError("var has negative entry/entries")
    if var.shape != input.shape:
        if input.shape[:-1] == var.shape:
            var = var.unsqueeze(-1)
        elif not (
            input.dim() == var.dim()
            and sum(v for i, v in zip(input.shape, var.shape, strict=True) if i != v) == 1
        ):
            raise ValueError("var is of incorrect size")
    if reduction not in ("none", "mean", "sum"):
        raise ValueError(f"{reduction} is not valid")
    # the variance is held up without stopping its gradient
    held = var + (var.detach().clamp(min=eps) - var.detach())
    elements = 0.5 * (held.log() + (input - target) ** 2 / held)
    if full:
        elements = elements + 0.5 * math.log(2 * math.pi)
    return reduced(elements, reduction)
