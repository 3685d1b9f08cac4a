"""The functions that layers and losses are made of, under PyTorch's name `nn.functional`."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from functools import wraps
from typing import Any

from ...arguments import demand_everywhere
from ...fused import activations as _plain
from ...fused import (
    binary_cross_entropy,
    binary_cross_entropy_with_logits,
    cross_entropy,
    dropout,
    embedding,
    kl_div,
    l1_loss,
    linear,
    log_softmax,
    mse_loss,
    nll_loss,
    one_hot,
    prelu,
    relu,
    relu_,
    sigmoid,
    smooth_l1_loss,
    softmax,
    softsign,
    tanh,
    tanhshrink,
)
from ...tape import Tensor
from . import shrinking as _shrinking
from .attention import scaled_dot_product_attention
from .distances import (
    bilinear,
    cosine_similarity,
    glu,
    group_norm,
    normalize,
    pairwise_distance,
    rms_norm,
)
from .drawing import gumbel_softmax
from .dropping import alpha_dropout, dropout1d, dropout2d, dropout3d, feature_alpha_dropout
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
from .mixing import batch_norm, floating_only, layer_norm
from .padding import pad
from .shrinking import hardshrink, softshrink
from .triplets import (
    multilabel_margin_loss,
    multilabel_soft_margin_loss,
    triplet_margin_loss,
    triplet_margin_with_distance_loss,
)
from .weighing import huber_loss

__all__ = [
    "alpha_dropout", "batch_norm", "bilinear", "binary_cross_entropy",
    "binary_cross_entropy_with_logits", "celu", "celu_", "cosine_embedding_loss",
    "cosine_similarity", "cross_entropy", "dropout", "dropout1d", "dropout2d", "dropout3d", "elu",
    "elu_", "embedding", "feature_alpha_dropout", "gaussian_nll_loss", "gelu", "glu",
    "group_norm", "gumbel_softmax", "hardshrink", "hardsigmoid", "hardswish", "hardtanh",
    "hardtanh_", "hinge_embedding_loss", "huber_loss", "kl_div", "l1_loss", "layer_norm",
    "leaky_relu", "leaky_relu_", "linear", "log_softmax", "logsigmoid", "margin_ranking_loss",
    "mish", "mse_loss", "multi_margin_loss", "multilabel_margin_loss",
    "multilabel_soft_margin_loss", "nll_loss", "normalize", "one_hot", "pad", "pairwise_distance",
    "poisson_nll_loss", "prelu", "relu", "relu6", "relu_", "rms_norm", "rrelu", "rrelu_",
    "scaled_dot_product_attention", "selu", "selu_", "sigmoid", "silu", "smooth_l1_loss",
    "soft_margin_loss", "softmax", "softmin", "softplus", "softshrink", "softsign", "tanh",
    "tanhshrink", "threshold", "threshold_", "triplet_margin_loss",
    "triplet_margin_with_distance_loss",
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


def _whole(function: Callable[..., Tensor], low: float, high: float) -> Callable[..., Tensor]:
    """Return the function of two bounds, which keeps whole numbers whole."""

    @wraps(function)
    def bounded(input: Tensor, min_val: float = low, max_val: float = high) -> Tensor:
        if isinstance(input, Tensor) and input._a.dtype.kind != "f":
            kept: Tensor = input.clamp(int(min_val), int(max_val))
            return kept
        return function(input, min_val, max_val)

    return bounded


def _six(input: Tensor) -> Tensor:
    """Return the input held between 0 and 6."""
    if isinstance(input, Tensor) and input._a.dtype.kind != "f":
        kept: Tensor = input.clamp(0, 6)
        return kept
    return _plain.relu6(input)


def _written(function: Callable[..., Tensor]) -> Callable[..., Tensor]:
    """Return the function that writes into its input."""

    @wraps(function)
    def written(input: Tensor, *args: Any, **kwargs: Any) -> Tensor:
        return function(input, *args, **kwargs, inplace=True)

    written.__name__ = written.__qualname__ = function.__name__ + "_"
    return written


celu = with_switch(_plain.celu)
elu = with_switch(floating_only("elu_cpu", _plain.elu))
gelu = floating_only("GeluKernelImpl", _plain.gelu)
hardsigmoid = with_switch(_shrinking.hardsigmoid)
hardswish = with_switch(_shrinking.hardswish)
hardtanh = with_switch(_whole(_plain.hardtanh, -1.0, 1.0))
leaky_relu = with_switch(floating_only("leaky_relu_cpu", _plain.leaky_relu))
logsigmoid = floating_only("log_sigmoid_cpu", _plain.logsigmoid)
mish = with_switch(floating_only("mish_cpu", _plain.mish))
relu6 = with_switch(_six)
rrelu = with_switch(_shrinking.rrelu)
selu = with_switch(_plain.selu)
silu = with_switch(floating_only("silu_cpu", _plain.silu))
softplus = floating_only("softplus_cpu", _plain.softplus)
threshold = with_switch(_plain.threshold)
celu_, elu_, hardtanh_ = _written(celu), _written(elu), _written(hardtanh)
leaky_relu_, rrelu_, selu_ = _written(leaky_relu), _written(rrelu), _written(selu)
threshold_ = _written(threshold)

# those that every step of a training passes through look at their arguments themselves
demand_everywhere(
    globals(), __all__, frozenset(),
    frozenset({
        "binary_cross_entropy", "binary_cross_entropy_with_logits", "cross_entropy", "l1_loss",
        "linear", "log_softmax", "mse_loss", "relu", "sigmoid", "softmax", "tanh",
    }),
)
