"""Functions of layers at the edges of what they take: no dimensions, no samples, broadcast shapes."""

from __future__ import annotations

from typing import Any

import pytest

from backprop_tutor import engine as torch
from backprop_tutor.engine.nn import functional as F

POINTWISE = [
    "alpha_dropout", "celu", "dropout", "elu", "gelu", "hardshrink", "hardsigmoid", "hardswish",
    "hardtanh", "leaky_relu", "logsigmoid", "mish", "relu", "relu6", "rrelu", "selu", "sigmoid",
    "silu", "softplus", "softshrink", "softsign", "tanh", "tanhshrink",
]


@pytest.mark.parametrize("name", POINTWISE)
@pytest.mark.parametrize("shape", [(), (0,), (2, 0, 3), (2, 3)])
def test_any_shape_passes(name: str, shape: tuple[int, ...]) -> None:
    """Value and gradient have the input's shape, be it a single number or nothing."""
    x = torch.full(shape, 0.75, requires_grad=True)
    y = getattr(F, name)(x, **({"training": True} if "dropout" in name else {}))
    y.sum().backward()
    assert y.shape == x.shape
    assert x.grad.shape == x.shape


def test_cosine_of_broadcast_vectors() -> None:
    """(1, 2, 3) against (2, 1, 3) is (2, 2, 3), reduced along the dimension of the result."""
    torch.manual_seed(0)
    a, b = torch.randn(1, 2, 3), torch.randn(2, 1, 3)
    found = F.cosine_similarity(a, b, dim=-2)
    whole = F.cosine_similarity(a.expand(2, 2, 3), b.expand(2, 2, 3), dim=-2)
    assert found.shape == (2, 3)
    assert found.tolist() == whole.tolist()


@pytest.mark.parametrize("rest", [(), (4,)])
def test_group_norm_of_an_empty_batch(rest: tuple[int, ...]) -> None:
    """No samples in, none out."""
    x: Any = torch.zeros(0, 6, *rest)
    assert F.group_norm(x, 3).shape == x.shape
