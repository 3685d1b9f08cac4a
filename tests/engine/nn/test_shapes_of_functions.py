"""Functions of layers at the edges of what they take: no dimensions, no samples, broadcast shapes."""

from __future__ import annotations

import pytest

from backprop_tutor import engine as torch
from backprop_tutor.engine.fused.activations import ACTIVATIONS
from backprop_tutor.engine.nn import functional as F

POINTWISE = ["dropout", "gelu", "hardtanh", "relu", "relu6", "sigmoid", "softplus", "tanh", *ACTIVATIONS]


@pytest.mark.parametrize("name", POINTWISE)
@pytest.mark.parametrize("shape", [(), (0,), (2, 0, 3), (2, 3)])
def test_any_shape_passes(name: str, shape: tuple[int, ...]) -> None:
    """Value and gradient have the input's shape, be it a single number or nothing."""
    x = torch.full(shape, 0.75, requires_grad=True)
    y = getattr(F, name)(x, **({"training": True} if "dropout" in name else {}))
    y.sum().backward()
    assert y.shape == x.shape
    assert x.grad.shape == x.shape
