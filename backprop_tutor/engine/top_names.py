"""Names that PyTorch has at its top besides their other homes, with the signatures of the top.

The functions that write into their operand are its methods. Those of layers and losses take their
arguments in another order here than in `nn.functional`, and reductions as numbers (0 none, 1 mean,
2 sum); `nn` is loaded when one of them is first called.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

import numpy as np

from .creation import as_tensor
from .determinants import det
from .fused.pointwise_losses import divergence
from .joining import vstack
from .matrices import inv
from .methods import METHODS
from .tape import Size, Tensor, wrap

__all__ = [
    "abs_", "acos_", "acosh_", "alpha_dropout", "asarray", "asin_", "asinh_", "atan_", "atanh_",
    "batch_norm", "bilinear", "binary_cross_entropy_with_logits", "broadcast_shapes", "ceil_",
    "clamp_", "clamp_max_", "clamp_min_", "clip_", "cos_", "cosh_", "cosine_embedding_loss",
    "cosine_similarity", "det", "detach", "detach_", "erf_", "exp2_", "exp_", "expm1_", "fill_",
    "floor_", "frac_", "group_norm", "hardshrink", "hinge_embedding_loss", "inverse", "is_complex",
    "is_inference", "is_nonzero", "is_same_size", "is_signed", "isreal", "kl_div", "layer_norm",
    "log1p_", "log2_", "log10_", "log_", "logit_", "margin_ranking_loss", "nan_to_num_", "neg_",
    "negative_", "pairwise_distance", "poisson_nll_loss", "reciprocal_", "rms_norm", "round_",
    "row_stack", "rrelu", "rrelu_", "rsqrt_", "selu_", "sigmoid_", "signbit", "sin_", "sinh_",
    "sqrt_", "square_", "tan_", "tanh_", "threshold_", "trunc_", "xlogy_", "zero_",
]

abs_, acos_, acosh_, asin_, asinh_, atan_, atanh_, ceil_, clamp_, clamp_max_, clamp_min_, clip_ = (
    METHODS[f"{name}_"] for name in (
        "abs", "acos", "acosh", "asin", "asinh", "atan", "atanh", "ceil", "clamp", "clamp_max",
        "clamp_min", "clip",
    )
)
cos_, cosh_, detach_, erf_, exp2_, exp_, expm1_, fill_, floor_, frac_, log10_, log1p_, log2_ = (
    METHODS[f"{name}_"] for name in (
        "cos", "cosh", "detach", "erf", "exp2", "exp", "expm1", "fill", "floor", "frac", "log10",
        "log1p", "log2",
    )
)
log_, logit_, nan_to_num_, neg_, negative_, reciprocal_, round_, rsqrt_, sigmoid_, sin_, sinh_ = (
    METHODS[f"{name}_"] for name in (
        "log", "logit", "nan_to_num", "neg", "negative", "reciprocal", "round", "rsqrt", "sigmoid",
        "sin", "sinh",
    )
)
sqrt_, square_, tan_, tanh_, trunc_, xlogy_, zero_ = (
    METHODS[f"{name}_"] for name in ("sqrt", "square", "tan", "tanh", "trunc", "xlogy", "zero")
)
detach: Callable[[Tensor], Tensor] = METHODS["detach"]
asarray, inverse = as_tensor, inv


def _functional() -> Any:
    return import_module(".nn.functional", __package__)


def _from_functional(name: str) -> Callable[..., Tensor]:
    """Return the function of `nn.functional`, which also takes its reduction as a number."""

    def function(*args: Any, **kwargs: Any) -> Tensor:
        if isinstance(kwargs.get("reduction"), int):
            kwargs["reduction"] = _word(kwargs["reduction"])
        found: Tensor = getattr(_functional(), name)(*args, **kwargs)
        return found

    function.__name__ = function.__qualname__ = name
    function.__doc__ = f"Return what `nn.functional.{name}` returns."
    return function


(
    alpha_dropout, bilinear, cosine_embedding_loss, cosine_similarity, hardshrink,
    hinge_embedding_loss, margin_ranking_loss, pairwise_distance, poisson_nll_loss, rms_norm,
    rrelu, rrelu_, selu_, threshold_,
) = (
    _from_functional(name) for name in (
        "alpha_dropout", "bilinear", "cosine_embedding_loss", "cosine_similarity", "hardshrink",
        "hinge_embedding_loss", "margin_ranking_loss", "pairwise_distance", "poisson_nll_loss",
        "rms_norm", "rrelu", "rrelu_", "selu_", "threshold_",
    )
)


def _word(reduction: int) -> str:
    if reduction not in (0, 1, 2):
        raise ValueError(f"a reduction is 0 (none), 1 (mean) or 2 (sum), not {reduction}")
    return ("none", "mean", "sum")[reduction]


def batch_norm(
    input: Tensor, weight: Tensor | None, bias: Tensor | None, running_mean: Tensor | None,
    running_var: Tensor | None, training: bool, momentum: float, eps: float,
    cudnn_enabled: bool = False,
) -> Tensor:
    """Return the input standardised per channel, then scaled and shifted."""
    made: Tensor = _functional().batch_norm(
        input, running_mean, running_var, weight, bias, training, momentum, eps
    )
    return made


def layer_norm(
    input: Tensor, normalized_shape: Any, weight: Tensor | None = None, bias: Tensor | None = None,
    eps: float = 1e-5, cudnn_enable: bool = False,
) -> Tensor:
    """Return the input standardised over its last dimensions, then scaled and shifted."""
    made: Tensor = _functional().layer_norm(input, normalized_shape, weight, bias, eps)
    return made


def group_norm(
    input: Tensor, num_groups: int, weight: Tensor | None = None, bias: Tensor | None = None,
    eps: float = 1e-5, cudnn_enabled: bool = False,
) -> Tensor:
    """Return the input standardised over groups of channels, then scaled and shifted."""
    made: Tensor = _functional().group_norm(input, num_groups, weight, bias, eps)
    return made


def binary_cross_entropy_with_logits(
    input: Tensor, target: Tensor, weight: Tensor | None = None, pos_weight: Tensor | None = None,
    reduction: int = 1,
) -> Tensor:
    """Return the binary cross-entropy of sigmoid(input)."""
    made: Tensor = _functional().binary_cross_entropy_with_logits(
        input, target, weight, pos_weight=pos_weight, reduction=_word(reduction)
    )
    return made


def kl_div(
    input: Tensor, target: Tensor, reduction: int = 1, *, log_target: bool = False
) -> Tensor:
    """Return the divergence of log-probabilities from a target distribution."""
    return divergence(input, target, _word(reduction), log_target)


def row_stack(tensors: Any) -> Tensor:
    """Return the tensors one below the other."""
    return vstack(tensors)


def broadcast_shapes(*shapes: Any) -> Any:
    """Return the shape that tensors of the shapes broadcast to.

    Raises:
        RuntimeError: they do not broadcast.
    """
    sizes = [(s,) if isinstance(s, int) else tuple(s) for s in shapes]
    found = [1] * max((len(s) for s in sizes), default=0)
    for i, size in enumerate(sizes):
        for j in range(-1, -len(size) - 1, -1):
            if size[j] in (1, found[j]):
                continue
            if found[j] != 1:
                raise RuntimeError(
                    f"Attempting to broadcast a dimension of length {size[j]} at {j}! Mismatching "
                    f"argument at index {i} had {size}; but expected shape should be broadcastable "
                    f"to {found}"
                )
            found[j] = size[j]
    return Size(found)


def is_complex(input: Tensor) -> bool:
    """Return False: there are no complex numbers here."""
    return False


def isreal(input: Tensor) -> Tensor:
    """Return True everywhere: there are no complex numbers here."""
    return wrap(np.ones(input._a.shape, bool))


def is_signed(input: Tensor) -> bool:
    """Return whether the dtype has negative numbers."""
    return bool(input._a.dtype.kind in "fi")


def is_inference(input: Tensor) -> bool:
    """Return whether the tensor was made under `inference_mode`."""
    return input.is_inference()


def is_nonzero(input: Tensor) -> bool:
    """Return whether a single element is not zero.

    Raises:
        RuntimeError: no element, or several.
    """
    if input._a.size != 1:
        many = "more than one value" if input._a.size else "no values"
        raise RuntimeError(f"Boolean value of Tensor with {many} is ambiguous")
    return bool(input._a.item())


def is_same_size(input: Tensor, other: Tensor) -> bool:
    """Return whether both have the same shape."""
    return bool(input._a.shape == other._a.shape)


def signbit(input: Tensor) -> Tensor:
    """Return where the sign is minus, of a zero too."""
    a = input._a
    return wrap(np.asarray(np.signbit(a) if a.dtype.kind == "f" else a < 0))


for _name, _function in (
    ("is_complex", is_complex), ("is_nonzero", is_nonzero), ("is_same_size", is_same_size),
    ("is_signed", is_signed), ("isreal", isreal), ("signbit", signbit), ("hardshrink", hardshrink),
):
    if not hasattr(Tensor, _name):
        setattr(Tensor, _name, _function)
