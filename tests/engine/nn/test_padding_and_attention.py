"""`F.pad` and `F.scaled_dot_product_attention`: values, gradients and refusals are PyTorch 2.13's."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from backprop_tutor import engine as torch
from backprop_tutor.engine.nn import functional as F


@pytest.mark.parametrize(
    ("given", "values", "gradients"),
    [
        (((1, 2),), [[[0, 1, 2, 3, 0, 0], [0, 4, 5, 6, 0, 0]]], [[[2, 3, 4], [8, 9, 10]]]),
        (((2, 1), "reflect"), [[[3, 2, 1, 2, 3, 2], [6, 5, 4, 5, 6, 5]]], [[[3, 12, 6], [9, 30, 18]]]),
        (((2, 1), "replicate"), [[[1, 1, 1, 2, 3, 3], [4, 4, 4, 5, 6, 6]]], [[[6, 4, 11], [24, 10, 23]]]),
        (((2, 1), "circular"), [[[2, 3, 1, 2, 3, 1], [5, 6, 4, 5, 6, 4]]], [[[9, 5, 7], [21, 17, 19]]]),
        (((-1, 2), "reflect"), [[[2, 3, 2, 1], [5, 6, 5, 4]]], [[[4, 4, 2], [8, 12, 6]]]),
        (((1, -1), "circular"), [[[2, 1, 2], [5, 4, 5]]], [[[2, 4, 0], [5, 10, 0]]]),
        (((1, 0, 0, 1), "reflect"), [[[2, 1, 2, 3], [5, 4, 5, 6], [2, 1, 2, 3]]],
         [[[12, 24, 16], [6, 12, 8]]]),
        (((0, 1, 1, 1), "circular"), [[[4, 5, 6, 4], [1, 2, 3, 1], [4, 5, 6, 4], [1, 2, 3, 1]]],
         [[[42, 20, 22], [26, 12, 14]]]),
        (((-1, 1, 1, -1), "constant", 7.0), [[[7, 7, 7], [2, 3, 7]]], [[[0, 4, 5], [0, 0, 0]]]),
        (((1, 0, 2, 0, 0, 1),), [[[0] * 4, [0] * 4, [0, 1, 2, 3], [0, 4, 5, 6]], [[0] * 4] * 4],
         [[[10, 11, 12], [14, 15, 16]]]),
    ],
)
def test_padding(given: Any, values: Any, gradients: Any) -> None:
    """Each place counts 1, 2, 3, ... in what is differentiated."""
    x = torch.tensor([[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]], dtype=torch.float64, requires_grad=True)
    y = F.pad(x, *given)
    assert y.tolist() == values
    (y * torch.arange(1.0, y.numel() + 1, dtype=torch.float64).reshape(y.shape)).sum().backward()
    assert x.grad.tolist() == gradients


@pytest.mark.parametrize("mode", ["constant", "reflect", "replicate", "circular"])
def test_padding_can_be_differentiated_twice(mode: str) -> None:
    x = torch.tensor(np.linspace(-1, 2, 12).reshape(1, 3, 4), requires_grad=True)
    assert torch.autograd.gradcheck(lambda x: F.pad(x, (2, -1, 1, 2), mode) ** 2, (x,))
    assert torch.autograd.gradgradcheck(lambda x: F.pad(x, (2, -1, 1, 2), mode) ** 3, (x,))


def test_padding_keeps_the_dtype_and_names_its_node() -> None:
    whole = torch.arange(6).reshape(2, 3)
    assert F.pad(whole, (1, 1), value=2.7).tolist() == [[2, 0, 1, 2, 2], [2, 3, 4, 5, 2]]
    assert F.pad(whole, (1, 1)).dtype is torch.int64
    assert F.pad(whole > 2, (1, 0), value=1).tolist() == [[True, False, False, False], [True] * 4]
    x = torch.zeros(1, 2, 3, requires_grad=True)
    names = [type(F.pad(x, w, m).grad_fn).__name__ for w, m in (
        ((1, 1), "constant"), ((1, 1), "reflect"), ((1, 1, 1, 1), "replicate"))]
    assert names == ["ConstantPadNdBackward0", "ReflectionPad1DBackward0", "ReplicationPad2DBackward0"]
    assert F.pad(torch.tensor(2.0), ()).item() == 2.0
    assert F.pad(torch.zeros(1, 1, 5, 5), (0, 0, 0, -5), "reflect").shape == (1, 1, 0, 5)


@pytest.mark.parametrize(
    ("given", "kind", "said"),
    [
        (((1,),), RuntimeError, "Padding length must be divisible by 2"),
        (((1,) * 8,), RuntimeError, "Padding length should be less than or equal to two times the input "
         "dimension but got padding length 8 and input of dimension 3"),
        (((-2, -2),), RuntimeError, "narrow(): length must be non-negative."),
        (((1, 3), "reflect"), RuntimeError, "Argument #4: Padding size should be less than the "
         "corresponding input dimension, but got: padding (1, 3) at dimension 2 of input [1, 2, 3]"),
        (((4, 3), "circular"), RuntimeError, "Padding value causes wrapping around more than once."),
        (((-2, -2), "circular"), RuntimeError, "Negative padding value is resulting in an empty dimension"),
        (((-2, -1), "replicate"), RuntimeError, "input (W: 3) is too small. Calculated output W: 0"),
        (((-3, 0, -3, 0), "reflect"), RuntimeError,
         "input (H: 2, W: 3) is too small. Calculated output H: -1 W: 0"),
        (((-4, 0, 1, 1), "replicate"), RuntimeError,
         "Trying to create tensor with negative dimension -1: [1, 4, -1]"),
        (((1, 1), "typo"), NotImplementedError, "Unrecognised padding mode typo"),
        (((1, 1), "reflect", 1.0), RuntimeError, 'Padding mode "reflect" doesn\'t take in value argument'),
        (((1,) * 6, "reflect"), NotImplementedError, "Padding size 6 is not supported for 3D input tensor."),
        ((1,), TypeError, "pad(): argument 'pad' (position 2) must be tuple of ints, not int"),
        (((1.5, 1),), TypeError, "pad(): argument 'pad' (position 2) must be tuple of ints, but found element "
         "of type float at pos 0"),
    ],
)
def test_padding_refuses(given: Any, kind: type[Exception], said: str) -> None:
    with pytest.raises(kind) as refused:
        F.pad(torch.arange(6.0).reshape(1, 2, 3), *given)
    assert str(refused.value).startswith(said)


MASK = [[True, False, True], [False, False, False], [True, True, True]]


@pytest.mark.parametrize(
    ("options", "values", "gradients"),
    [
        ({}, [[2.1281078, 3.1281078], [3.28261068, 4.28261068], [3.8303579, 4.8303579]],
         [[-10.6889389, 2.49337839], [2.09944866, -10.65480377], [-12.48676554, 10.78124661]]),
        ({"is_causal": True}, [[1.0, 2.0], [2.88838556, 3.88838556], [3.8303579, 4.8303579]],
         [[1.96029994, -3.98028829], [3.78760777, -0.75762524], [-15.47610372, 3.92059988]]),
        ({"scale": 0.5}, [[2.35968666, 3.35968666], [3.3093958, 4.3093958], [3.69889731, 4.69889731]],
         [[-8.41619952, -0.37926715], [-0.97119191, -5.76035118], [-9.29088409, 10.85400076]]),
        ({"attn_mask": torch.tensor(MASK)}, [[1.78228127, 2.78228127], [0.0, 0.0], [3.8303579, 4.8303579]],
         [[-10.22640885, 2.10193632], [4.79760195, -4.79760195], [-11.41386746, 3.92059988]]),
        ({"attn_mask": torch.tensor(MASK).double()},
         [[1.93733973, 2.93733973], [3.28261068, 4.28261068], [3.8303579, 4.8303579]],
         [[-10.71551192, 1.29186414], [1.19166971, -10.65480377], [-11.8727219, 10.78124661]]),
    ],
)
def test_attention(options: Any, values: Any, gradients: Any) -> None:
    """A query that may look nowhere gets zeros, and its gradients are finite."""
    q = torch.tensor([[1.0, 0.0], [0.0, 2.0], [-1.0, 1.0]], dtype=torch.float64, requires_grad=True)
    v = torch.tensor([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]], dtype=torch.float64)
    out = F.scaled_dot_product_attention(q, q, v, **options)
    np.testing.assert_allclose(out.detach().numpy(), values, atol=1e-8)
    (out * out).sum().backward()
    np.testing.assert_allclose(q.grad.numpy(), gradients, atol=1e-8)


def test_fewer_heads_of_keys_serve_groups_of_queries() -> None:
    """Heads 0 to 3 of eight look at the first of two, 4 to 7 at the second."""
    torch.manual_seed(0)
    q, k, v = torch.randn(2, 8, 3, 4), torch.randn(2, 2, 5, 4), torch.randn(2, 2, 5, 6)
    out = F.scaled_dot_product_attention(q, k, v, enable_gqa=True)
    assert out.shape == (2, 8, 3, 6)
    alone = F.scaled_dot_product_attention(q[:, 5], k[:, 1], v[:, 1])
    assert torch.allclose(out[:, 5], alone)
    with pytest.raises(RuntimeError, match="must divide the number of heads"):
        F.scaled_dot_product_attention(q, torch.randn(2, 3, 5, 4), torch.randn(2, 3, 5, 6), enable_gqa=True)


def test_attention_is_dropped_out() -> None:
    """Weights are dropped with the numbers that `dropout` draws."""
    x = torch.eye(3)
    torch.manual_seed(1)
    found = F.scaled_dot_product_attention(x, x, x, dropout_p=0.5)
    torch.manual_seed(1)
    wanted = F.dropout(torch.softmax(x / math.sqrt(3), -1), 0.5)
    assert torch.allclose(found, wanted)


@pytest.mark.parametrize(
    ("shapes", "options", "said"),
    [
        (((4,), (4,), (4,)), {}, "Expected query, key, and value to all be  at least 2 dimensional, but got "
         "query.dim: 1 key.dim: 1 and value.dim: 1 instead."),
        (((3, 4),) * 3, {"attn_mask": torch.ones(3, 3), "is_causal": True}, "_scaled_dot_product_attention: "
         "Explicit attn_mask should not be set when is_causal=True"),
        (((3, 4),) * 3, {"attn_mask": torch.ones(3, 3, dtype=torch.int64)}, "Expected attn_mask dtype to be "
         "bool or float or to match query dtype, but got attn_mask.dtype: long int and  query.dtype: float "
         "instead."),
        (((3, 4),) * 3, {"dropout_p": 1.5}, "dropout probability has to be between 0 and 1, but got 1.5"),
    ],
)
def test_attention_refuses(shapes: Any, options: Any, said: str) -> None:
    with pytest.raises(RuntimeError) as refused:
        F.scaled_dot_product_attention(*(torch.ones(*s) for s in shapes), **options)
    assert str(refused.value) == said


def test_attention_wants_one_dtype() -> None:
    q = torch.ones(3, 4)
    with pytest.raises(RuntimeError, match=r"but got query\.dtype: double key\.dtype: float and value\.dtype"):
        F.scaled_dot_product_attention(q.double(), q, q)
    with pytest.raises(RuntimeError, match="expected scalar type Float but found Long"):
        F.scaled_dot_product_attention(q.long(), q.long(), q.long())
