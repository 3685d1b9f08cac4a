"""Dropping out as modules: single elements, whole channels, and alpha dropout."""

from __future__ import annotations

from ..autograd.tape import Tensor
from . import functional as F
from .module import Module

__all__ = ["Dropout"]


class _Dropout(Module):
    """What all have: the probability, and whether the input itself is written to."""

    def __init__(self, p: float = 0.5, inplace: bool = False) -> None:
        super().__init__()
        if p < 0 or p > 1:
            raise ValueError(f"dropout probability has to be between 0 and 1, but got {p}")
        self.p = p
        self.inplace = inplace

    def extra_repr(self) -> str:
        """Return the probability."""
        return f"p={self.p}, inplace={self.inplace}"


class Dropout(_Dropout):
    """In training sets each element to 0 with probability `p` and scales the rest by 1/(1 − p)."""

    def forward(self, input: Tensor) -> Tensor:
        """Return the thinned tensor; in evaluation the tensor itself."""
        return F.dropout(input, self.p, self.training, self.inplace)
