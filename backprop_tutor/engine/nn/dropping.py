"""Dropping out as modules: single elements, whole channels, and alpha dropout."""

from __future__ import annotations

from ..tape import Tensor
from . import functional as F
from .module import Module

__all__ = [
    "AlphaDropout", "Dropout", "Dropout1d", "Dropout2d", "Dropout3d", "FeatureAlphaDropout",
]


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


class Dropout1d(_Dropout):
    """In training sets whole channels (N, C, L) to 0 and scales the rest."""

    def forward(self, input: Tensor) -> Tensor:
        """Return the thinned tensor; in evaluation the tensor itself."""
        return F.dropout1d(input, self.p, self.training, self.inplace)


class Dropout2d(_Dropout):
    """In training sets whole channels (N, C, H, W) to 0 and scales the rest."""

    def forward(self, input: Tensor) -> Tensor:
        """Return the thinned tensor; in evaluation the tensor itself."""
        return F.dropout2d(input, self.p, self.training, self.inplace)


class Dropout3d(_Dropout):
    """In training sets whole channels (N, C, D, H, W) to 0 and scales the rest."""

    def forward(self, input: Tensor) -> Tensor:
        """Return the thinned tensor; in evaluation the tensor itself."""
        return F.dropout3d(input, self.p, self.training, self.inplace)


class AlphaDropout(_Dropout):
    """Dropout that keeps mean 0 and variance 1, for SELU networks."""

    def forward(self, input: Tensor) -> Tensor:
        """Return the thinned tensor; in evaluation the tensor itself."""
        return F.alpha_dropout(input, self.p, self.training, self.inplace)


class FeatureAlphaDropout(_Dropout):
    """Alpha dropout of whole channels."""

    def forward(self, input: Tensor) -> Tensor:
        """Return the thinned tensor; in evaluation the tensor itself."""
        return F.feature_alpha_dropout(input, self.p, self.training, self.inplace)
