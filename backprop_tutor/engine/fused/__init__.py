"""Operations that networks use whole: activations, layers and losses, each one node of the tape."""

from __future__ import annotations

from typing import Any

from .activations import gelu, hardtanh, relu, relu6, relu_, sigmoid, softplus, tanh
from .affine import dropout, embedding, linear, one_hot
from .class_losses import cross_entropy, nll_loss
from .derived import ACTIVATIONS
from .normalizing import batch_norm, layer_norm, log_softmax, softmax, softmin
from .pointwise_losses import (
    binary_cross_entropy,
    binary_cross_entropy_with_logits,
    huber_loss,
    kl_div,
    l1_loss,
    mse_loss,
    smooth_l1_loss,
)

__all__ = [
    "ACTIVATIONS", "batch_norm", "binary_cross_entropy", "binary_cross_entropy_with_logits",
    "cross_entropy", "dropout", "embedding", "gelu", "hardtanh", "huber_loss", "kl_div", "l1_loss",
    "layer_norm", "linear", "log_softmax", "mse_loss", "nll_loss", "one_hot", "relu", "relu6",
    "relu_", "sigmoid", "smooth_l1_loss", "softmax", "softmin", "softplus", "tanh",
]


def __getattr__(name: str) -> Any:
    """Return an activation that a row makes."""
    if name in ACTIVATIONS:
        return ACTIVATIONS[name]
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
