"""Lengths, distances and angles of vectors, and the norms taken over groups of channels."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ...pairs import in_float32
from ...tape import Tensor

__all__ = [
    "bilinear", "cosine_similarity", "glu", "group_norm", "normalize", "pairwise_distance",
    "rms_norm",
]


def glu(input: Tensor, dim: int = -1) -> Tensor:
    """Return the first half of a dimension times the sigmoid of the second.

    Raises:
        RuntimeError: a dimension of odd length, or none at all.
    """
    if input.dim() == 0:
        raise RuntimeError("glu does not support scalars because halving size must be even")
    if not -input.dim() <= dim < input.dim():
        raise IndexError(
            f"Dimension out of range (expected to be in range of [{-input.dim()}, "
            f"{input.dim() - 1}], but got {dim})"
        )
    if input._a.dtype.char == "e":
        return in_float32(glu, input, dim)
    size = input.shape[dim]
    if size % 2:
        raise RuntimeError(
            f"Halving dimension must be even, but dimension {dim % input.dim()} is size {size}"
        )
    first, second = input.chunk(2, dim)
    result: Tensor = first * second.sigmoid()
    return result


def bilinear(input1: Tensor, input2: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    """Return x₁ᵀ A x₂ + b."""
    lead = input1.shape[:-1]
    flat1 = input1.reshape(-1, input1.shape[-1])
    flat2 = input2.reshape(-1, input2.shape[-1])
    count, size1, size2 = weight.shape
    halfway = flat1 @ weight.permute(1, 0, 2).reshape(size1, count * size2)
    out = (halfway.reshape(-1, count, size2) @ flat2.unsqueeze(2)).reshape(*lead, count)
    result: Tensor = out if bias is None else out + bias
    return result


def normalize(
    input: Tensor, p: float = 2.0, dim: int = 1, eps: float = 1e-12, out: Any = None
) -> Tensor:
    """Return the tensor divided by its p-norm along `dim`, which is held above `eps`."""
    length = input.norm(p, dim, keepdim=True).clamp(min=eps)
    result: Tensor = input / length
    if out is not None:
        out.copy_(result)
        result = out
    return result


def pairwise_distance(
    x1: Tensor, x2: Tensor, p: float = 2.0, eps: float = 1e-6, keepdim: bool = False
) -> Tensor:
    """Return the p-norm of x₁ − x₂ + eps along the last dimension."""
    result: Tensor = (x1 - x2 + eps).norm(p, -1, keepdim=keepdim)
    return result


def cosine_similarity(x1: Tensor, x2: Tensor, dim: int = 1, eps: float = 1e-8) -> Tensor:
    """Return the cosine of the angle between x₁ and x₂ along `dim`; lengths are at least `eps`."""
    if x1.shape != x2.shape:
        shape = np.broadcast_shapes(tuple(x1.shape), tuple(x2.shape))
        x1, x2 = x1.expand(shape), x2.expand(shape)
    length1 = x1.norm(2, dim, keepdim=True).clamp(min=eps)
    length2 = x2.norm(2, dim, keepdim=True).clamp(min=eps)
    result: Tensor = ((x1 / length1) * (x2 / length2)).sum(dim)
    return result


def _scaled(out: Tensor, weight: Tensor | None, bias: Tensor | None) -> Tensor:
    if weight is not None:
        out = out * weight
    return out if bias is None else out + bias


def rms_norm(
    input: Tensor, normalized_shape: Any, weight: Tensor | None = None, eps: float | None = None
) -> Tensor:
    """Return the tensor divided by the root mean square of its last dimensions."""
    shape = tuple(normalized_shape)
    if tuple(input.shape[-len(shape) :]) != shape:
        listed = ", ".join(map(str, shape))
        raise RuntimeError(
            f"Given normalized_shape={list(shape)}, expected input with shape [*, {listed}], "
            f"but got input of size{list(input.shape)}"
        )
    if eps is None:
        eps = float(np.finfo(input._a.dtype).eps)
    if input._a.dtype.char == "e":
        return in_float32(rms_norm, input, shape, weight, eps)
    dims = tuple(range(-len(shape), 0))
    return _scaled(input * ((input * input).mean(dims, keepdim=True) + eps).rsqrt(), weight, None)


def group_norm(
    input: Tensor,
    num_groups: int,
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    eps: float = 1e-5,
) -> Tensor:
    """Return each group of channels (dimension 1) with mean 0 and variance 1.

    Raises:
        RuntimeError: a number of channels that the groups do not divide.
    """
    if input.dim() < 2:
        raise RuntimeError(
            f"Expected at least 2 dimensions for input tensor but received {input.dim()}"
        )
    batch, channels, *rest = input.shape
    if channels % num_groups:
        raise RuntimeError(
            "Expected number of channels in input to be divisible by num_groups, but got input of "
            f"shape {list(input.shape)} and num_groups={num_groups}"
        )
    for name, held in (("weight", weight), ("bias", bias)):
        if held is not None and tuple(held.shape) != (channels,):
            raise RuntimeError(
                f"Expected {name} to be a vector of size equal to the number of channels in input, "
                f"but got {name} of shape {list(held.shape)} and input of shape {list(input.shape)}"
            )
    if math.prod(rest) * batch * channels // (batch * num_groups or 1) == 1 and batch == 1:
        raise ValueError(
            "Expected more than 1 value per channel when training, "
            f"got input size {[batch * channels // num_groups, num_groups, *rest]}"
        )
    if input._a.dtype.char == "e":
        return in_float32(group_norm, input, num_groups, weight, bias, eps)
    size = channels // num_groups * math.prod(rest)
    grouped = input.reshape(batch, num_groups, size)
    centred = grouped - grouped.mean(2, keepdim=True)
    variance = (centred * centred).mean(2, keepdim=True)
    out = (centred * (variance + eps).rsqrt()).reshape(*input.shape)
    shape = (1, channels, *([1] * len(rest)))
    return _scaled(
        out,
        None if weight is None else weight.reshape(*shape),
        None if bias is None else bias.reshape(*shape),
    )

