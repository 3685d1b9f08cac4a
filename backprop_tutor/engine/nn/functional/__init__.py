"""The functions that layers and losses are made of, under PyTorch's name `nn.functional`."""

from __future__ import annotations

import warnings
from typing import Any

from ...fused import activations as _plain
from ...fused import (
    batch_norm,
    binary_cross_entropy,
    binary_cross_entropy_with_logits,
    cross_entropy,
    dropout,
    embedding,
    gelu,
    huber_loss,
    kl_div,
    l1_loss,
    layer_norm,
    linear,
    log_softmax,
    logsigmoid,
    mse_loss,
    nll_loss,
    one_hot,
    prelu,
    relu,
    relu_,
    sigmoid,
    smooth_l1_loss,
    softmax,
    softplus,
    softsign,
    tanh,
    tanhshrink,
)
from ...tape import Tensor
from . import shrinking as _shrinking
from .distances import (
    bilinear,
    cosine_similarity,
    glu,
    group_norm,
    normalize,
    pairwise_distance,
    rms_norm,
)
from .dropping import alpha_dropout
from .inplace import with_switch
from .margins import (
    cosine_embedding_loss,
    gaussian_nll_loss,
    hinge_embedding_loss,
    margin_ranking_loss,
    multi_margin_loss,
    poisson_nll_loss,
    soft_margin_loss,
)
from .shrinking import hardshrink, softshrink

__all__ = [
    "alpha_dropout", "batch_norm", "bilinear", "binary_cross_entropy",
    "binary_cross_entropy_with_logits", "celu", "cosine_embedding_loss", "cosine_similarity",
    "cross_entropy", "dropout", "elu", "embedding", "gaussian_nll_loss", "gelu", "glu",
    "group_norm", "hardshrink", "hardsigmoid", "hardswish", "hardtanh", "hinge_embedding_loss",
    "huber_loss", "kl_div", "l1_loss", "layer_norm", "leaky_relu", "linear", "log_softmax",
    "logsigmoid", "margin_ranking_loss", "mish", "mse_loss", "multi_margin_loss", "nll_loss",
    "normalize", "one_hot", "pairwise_distance", "poisson_nll_loss", "prelu", "relu", "relu6",
    "relu_", "rms_norm", "rrelu", "selu", "sigmoid", "silu", "smooth_l1_loss", "soft_margin_loss",
    "softmax", "softmin", "softplus", "softshrink", "softsign", "tanh", "tanhshrink", "threshold",
]



def softmin(
    input: Tensor, dim: int | None = None, _stacklevel: int = 3, dtype: Any = None
) -> Tensor:
    """Return softmax(−x) along a dimension; choosing it here is a way of the past."""
    if dim is None:
        warnings.warn(
            "Implicit dimension choice for softmin has been deprecated. Change the call to include "
            "dim=X as an argument.",
            stacklevel=_stacklevel,
        )
        dim = 0 if input.dim() in (0, 1, 3) else 1
    return softmax(-input, dim, dtype=dtype)


celu = with_switch(_plain.celu)
elu = with_switch(_plain.elu)
hardsigmoid = with_switch(_shrinking.hardsigmoid)
hardswish = with_switch(_shrinking.hardswish)
hardtanh = with_switch(_plain.hardtanh)
leaky_relu = with_switch(_plain.leaky_relu)
mish = with_switch(_plain.mish)
relu6 = with_switch(_plain.relu6)
rrelu = with_switch(_shrinking.rrelu)
selu = with_switch(_plain.selu)
silu = with_switch(_plain.silu)
threshold = with_switch(_plain.threshold)
