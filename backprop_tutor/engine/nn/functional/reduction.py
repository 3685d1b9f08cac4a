"""How a loss's elements become its value: "mean", "sum" or "none"."""

from __future__ import annotations

import warnings
from typing import Any

from ....choices import Reduction
from ...autograd.tape import Tensor

__all__ = ["from_switches", "reduced"]


def from_switches(size_average: Any, reduce: Any) -> Reduction:
    """Return the reduction that the older pair of switches means, with a warning."""
    average = size_average is None or size_average
    reducing = reduce is None or reduce
    meant: Reduction = ("mean" if average else "sum") if reducing else "none"
    warnings.warn(
        "size_average and reduce args will be deprecated, "
        f"please use reduction='{meant}' instead.",
        stacklevel=4,
    )
    return meant


def reduced(elements: Tensor, reduction: str) -> Tensor:
    """Return the mean or the sum of the elements, or themselves.

    Raises:
        ValueError: another word.
    """
    if reduction == "none":
        return elements
    if reduction in ("mean", "sum"):
        result: Tensor = elements.mean() if reduction == "mean" else elements.sum()
        return result
    raise ValueError(f"{reduction} is not a valid value for reduction")
