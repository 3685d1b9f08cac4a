"""The functions that layers and losses are made of, under PyTorch's name `nn.functional`.

Activations of the table `OPS` come from their rows (`fused.activations`); what is written here is what
PyTorch asks of arguments beyond that.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from functools import wraps
from typing import Any

from ..absent import AbsentName
from ..autograd.tape import Tensor
from ..functions.pairs import demanding
from ..fused import affine, class_losses, pointwise_losses
from ..fused.activations import (
    ACTIVATIONS,
    gelu,
    hardtanh,
    relu,
    relu6,
    relu_,
    sigmoid,
    softplus,
    spelling,
    tanh,
)
from ..fused.affine import linear
from ..fused.class_losses import cross_entropy
from ..fused.normalizing import batch_norm, layer_norm, log_softmax, softmax
from ..fused.pointwise_losses import (
    binary_cross_entropy,
    binary_cross_entropy_with_logits,
    huber_loss,
    l1_loss,
    mse_loss,
)

__all__ = [
    "batch_norm", "binary_cross_entropy", "binary_cross_entropy_with_logits", "cross_entropy",
    "dropout", "embedding", "gelu", "hardtanh", "hardtanh_", "huber_loss", "kl_div", "l1_loss",
    "layer_norm", "linear", "log_softmax", "mse_loss", "nll_loss", "one_hot", "relu", "relu6", "relu_",
    "sigmoid", "smooth_l1_loss", "softmax", "softmin", "softplus", "tanh",
]

dropout = demanding(affine.dropout, "dropout")
embedding = demanding(affine.embedding, "embedding")
kl_div = demanding(pointwise_losses.kl_div, "kl_div")
nll_loss = demanding(class_losses.nll_loss, "nll_loss")
one_hot = demanding(affine.one_hot, "one_hot")
smooth_l1_loss = demanding(pointwise_losses.smooth_l1_loss, "smooth_l1_loss")


def softmin(
    input: Tensor, dim: int | None = None, _stacklevel: int = 3, dtype: Any = None
) -> Tensor:
    """Return softmax(−x) along a dimension, which is better named."""
    if dim is None:
        warnings.warn(
            "Implicit dimension choice for softmin has been deprecated. Change the call to include "
            "dim=X as an argument.",
            stacklevel=_stacklevel,
        )
        dim = 0 if input.dim() in (0, 1, 3) else 1
    return softmax(-input, dim, dtype=dtype)


def _twin(function: Callable[..., Tensor]) -> Callable[..., Tensor]:
    """Return the function that writes into its input."""

    @wraps(function)
    def written(input: Tensor, *args: Any, **kwargs: Any) -> Tensor:
        return function(input, *args, **kwargs, inplace=True)

    written.__name__ = written.__qualname__ = function.__name__ + "_"
    return written


hardtanh_: Callable[..., Tensor] = _twin(hardtanh)


def _derived(function: Callable[..., Tensor]) -> dict[str, Callable[..., Tensor]]:
    name = function.__name__
    return {name: function, **({f"{name}_": _twin(function)} if spelling(name).layer_twin else {})}


DERIVED = ACTIVATIONS.derived(_derived)
"""The activations that rows of `OPS` make, with the twins that write into their input."""

__all__ += DERIVED
DERIVED.each_later(lambda function: __all__.append(function.__name__))


def __getattr__(name: str) -> Any:
    """Return an activation that a row makes."""
    if name in DERIVED:
        return DERIVED[name]
    raise AbsentName(f"module {__name__!r}", name, lambda: __all__)
