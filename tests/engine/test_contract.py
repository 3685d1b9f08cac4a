"""The contract of the engine's operations: one battery over all of them."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from shared import faults_of

from backprop_tutor import engine as torch
from backprop_tutor.engine.fused.activations import ACTIVATIONS
from backprop_tutor.engine.nn import functional as F

CLASSES = torch.tensor([0, 2, 1])
PLACES = torch.tensor([[0, 2, 1, 1], [2, 2, 0, 1], [1, 0, 0, 2]])

# A name, the operation, and the shapes of its operands; they are drawn from (0.2, 0.8), where every
# operation is smooth.
OPERATIONS: list[tuple[str, Callable[..., Any], tuple[tuple[int, ...], ...]]] = [
    *((name, getattr(torch, name), ((2, 3),)) for name in (
        "exp", "exp2", "expm1", "log", "log1p", "log2", "log10", "sqrt", "rsqrt", "reciprocal",
        "square", "sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh", "asinh",
        "atanh", "sigmoid", "erf", "abs", "neg",
    )),
    *((name, getattr(F, name), ((2, 3),)) for name in (
        "relu", "gelu", "hardtanh", "relu6", "softplus", *ACTIVATIONS,
    )),
    ("gelu tanh", lambda x: F.gelu(x, "tanh"), ((2, 3),)),
    *((name, getattr(torch, name), ((2, 3), (3,))) for name in (
        "add", "sub", "mul", "div", "pow", "maximum", "minimum", "remainder", "fmod",
    )),
    ("mul columns", torch.mul, ((3, 1), (1, 4))),
    ("number operands", lambda x: 2 * x + x / 3 - (1 - x) ** 2 + 2**x - 3 / x, ((3,),)),
    ("where", lambda a, b: torch.where(a > b, a, b), ((2, 3), (3,))),
    ("clamp", lambda x: x.clamp(0.3, 0.6), ((7,),)),
    ("clamp tensors", lambda x, a: x.clamp(a * 0.5, a * 0.9), ((7,), (7,))),
    ("lerp", lambda a, b: torch.lerp(a, b, 0.3), ((3,), (3,))),
    ("addcmul", lambda a, b, c: torch.addcmul(a, b, c, value=2), ((3,), (3,), (3,))),
    ("sum", lambda x: x.sum(), ((2, 3),)), ("sum dim", lambda x: x.sum(1, True), ((2, 3),)),
    ("mean", lambda x: x.mean(), ((2, 3),)), ("mean dim", lambda x: x.mean((0, 2)), ((2, 3, 2),)),
    ("prod", lambda x: x.prod(), ((2, 3),)), ("prod dim", lambda x: x.prod(0), ((2, 3),)),
    ("var", lambda x: x.var(), ((2, 3),)), ("std dim", lambda x: x.std(1), ((2, 3),)),
    ("norm", lambda x: x.norm(), ((2, 3),)), ("norm 3", lambda x: x.norm(3, 1), ((2, 3),)),
    ("logsumexp", lambda x: x.logsumexp(1), ((2, 3),)),
    ("cumsum", lambda x: x.cumsum(1), ((2, 3),)), ("cumprod", lambda x: x.cumprod(1), ((2, 3),)),
    ("max", lambda x: x.max(), ((2, 3),)), ("max dim", lambda x: x.max(1)[0], ((2, 3),)),
    ("amin", lambda x: x.amin((0, 1)), ((2, 3),)), ("median", lambda x: x.median(0)[0], ((3, 2),)),
    ("sort", lambda x: x.sort(1, True)[0], ((2, 3),)),
    ("topk", lambda x: x.topk(2, 1)[0], ((2, 3),)),
    ("softmax", lambda x: x.softmax(1), ((2, 3),)),
    ("log_softmax", lambda x: x.log_softmax(0), ((2, 3),)),
    ("mm", torch.matmul, ((2, 3), (3, 4))), ("mv", torch.matmul, ((2, 3), (3,))),
    ("dot", torch.matmul, ((3,), (3,))), ("vector matrix", torch.matmul, ((3,), (3, 2))),
    ("bmm", torch.bmm, ((2, 2, 3), (2, 3, 2))),
    ("matmul broadcast", torch.matmul, ((2, 1, 2, 3), (2, 3, 2))),
    ("batch vector", torch.matmul, ((2, 2, 3), (3,))),
    ("outer", torch.outer, ((2,), (3,))), ("addmm", torch.addmm, ((4,), (2, 3), (3, 4))),
    ("einsum", lambda a, b: torch.einsum("bij,bjk->bik", a, b), ((2, 2, 3), (2, 3, 2))),
    ("einsum sum", lambda a: torch.einsum("ij->j", a), ((2, 3),)),
    ("einsum diagonal", lambda a: torch.einsum("ii->i", a), ((3, 3),)),
    ("reshape", lambda x: x.reshape(3, 2), ((2, 3),)), ("view", lambda x: x.view(-1), ((2, 3),)),
    ("transpose", lambda x: x.transpose(0, 2), ((2, 3, 2),)),
    ("permute", lambda x: x.permute(2, 0, 1), ((2, 3, 2),)), ("t", lambda x: x.t(), ((2, 3),)),
    ("expand", lambda x: x.expand(2, 3), ((3,),)), ("repeat", lambda x: x.repeat(2, 2), ((2, 3),)),
    ("squeeze", lambda x: x.squeeze(1).unsqueeze(0), ((2, 1, 3),)),
    ("flip", lambda x: x.flip(0, 1), ((2, 3),)), ("roll", lambda x: x.roll((1, 2), (0, 1)), ((2, 3),)),
    ("tril", lambda x: x.tril(), ((3, 3),)), ("triu", lambda x: x.triu(1), ((3, 3),)),
    ("diagonal", lambda x: x.diagonal(1), ((3, 3),)), ("diag", torch.diag, ((3,),)),
    ("cat", lambda a, b: torch.cat([a, b], 1), ((2, 3), (2, 1))),
    ("stack", lambda a, b: torch.stack([a, b], 1), ((2, 3), (2, 3))),
    ("split", lambda x: x.split(2)[1], ((3, 2),)), ("chunk", lambda x: x.chunk(2, 1)[0], ((2, 3),)),
    ("select", lambda x: x[1], ((2, 3),)), ("slice", lambda x: x[:, ::2], ((2, 3),)),
    ("mask", lambda x: x[torch.tensor([True, False])], ((2, 3),)),
    ("duplicates", lambda x: x[[0, 0, 1]], ((2, 3),)),
    ("mixed index", lambda x: x[:, [0, 0, 2], None], ((2, 3),)),
    ("gather", lambda x: x.gather(0, PLACES), ((3, 4),)),
    ("scatter_add", lambda a, b: a.scatter_add(0, PLACES, b), ((3, 4), (3, 4))),
    ("scatter", lambda a, b: a.scatter(1, torch.tensor([[0, 2], [1, 0]]), b), ((2, 3), (2, 2))),
    ("index_select", lambda x: x.index_select(1, torch.tensor([0, 2, 2])), ((2, 3),)),
    ("masked_fill", lambda x: x.masked_fill(torch.eye(3).bool(), 2.0), ((3, 3),)),
    ("masked_select", lambda x: x.masked_select(torch.eye(3).bool()), ((3, 3),)),
    ("linear", F.linear, ((2, 3), (4, 3), (4,))), ("linear batch", F.linear, ((2, 2, 3), (4, 3), (4,))),
    ("embedding", lambda w: F.embedding(CLASSES, w), ((3, 2),)),
    ("batch_norm", lambda x, w, b: F.batch_norm(x, None, None, w, b, True), ((4, 3), (3,), (3,))),
    ("batch_norm 3-d", lambda x, w, b: F.batch_norm(x, None, None, w, b, True),
     ((2, 3, 2), (3,), (3,))),
    ("batch_norm fixed", lambda x, w: F.batch_norm(x, torch.full((3,), 0.5).to(x.dtype),
                                                   torch.full((3,), 2.0).to(x.dtype), w), ((4, 3), (3,))),
    ("layer_norm", lambda x, w, b: F.layer_norm(x, (3,), w, b), ((2, 3), (3,), (3,))),
    ("mse_loss", F.mse_loss, ((2, 3), (2, 3))), ("l1_loss", F.l1_loss, ((2, 3), (2, 3))),
    ("smooth_l1_loss", lambda a, b: F.smooth_l1_loss(a, b, beta=0.1), ((2, 3), (2, 3))),
    ("huber_loss", lambda a, b: F.huber_loss(a, b, delta=0.1), ((2, 3), (2, 3))),
    ("bce", lambda a, b: F.binary_cross_entropy(a, b), ((2, 3), (2, 3))),
    ("bce logits", F.binary_cross_entropy_with_logits, ((2, 3), (2, 3))),
    ("kl_div", lambda a, b: F.kl_div(a, b, reduction="sum"), ((2, 3), (2, 3))),
    ("cross_entropy", lambda x: F.cross_entropy(x, CLASSES), ((3, 4),)),
    ("cross_entropy smooth", lambda x: F.cross_entropy(x, CLASSES, label_smoothing=0.2), ((3, 4),)),
    ("cross_entropy soft", F.cross_entropy, ((3, 4), (3, 4))),
    ("cross_entropy none", lambda x: F.cross_entropy(x, CLASSES, reduction="none"), ((3, 4),)),
    ("nll_loss", lambda x: F.nll_loss(x, CLASSES), ((3, 4),)),
    ("inv", torch.linalg.inv, ((2, 2),)),
]
IDS = [name for name, _, _ in OPERATIONS]


def _operands(name: str, shapes: Any, kind: Any = torch.float64) -> tuple[Any, ...]:
    rng = np.random.default_rng(zlib.crc32(name.encode()))
    return tuple(
        torch.tensor(0.2 + 0.6 * rng.random(shape), dtype=kind, requires_grad=True) for shape in shapes
    )


def assert_gradients_agree_with_centred_differences(name: str, function: Any, shapes: Any) -> None:
    """Every gradient is the centred difference quotient of its operation."""
    assert torch.autograd.gradcheck(function, _operands(name, shapes))


def assert_second_derivatives_agree_with_centred_differences(
    name: str, function: Any, shapes: Any
) -> None:
    """The rules, run on tensors, differentiate to the right second derivatives."""
    operands = _operands(name, shapes)
    out = function(*operands)
    first = torch.autograd.grad(out.sum(), operands, create_graph=True, allow_unused=True)
    if any(g is not None and g.requires_grad for g in first):
        assert torch.autograd.gradgradcheck(function, operands)


def assert_the_way_back_is_the_adjoint_of_the_way_there(name: str, function: Any, shapes: Any) -> None:
    """⟨u, J·v⟩ computed forwards by a small step equals ⟨Jᵀ·u, v⟩ computed backwards."""
    operands = _operands(name, shapes)
    rng = np.random.default_rng(5)
    out = function(*operands)
    u = torch.tensor(rng.normal(size=out.shape))
    vs = [torch.tensor(rng.normal(size=x.shape)) for x in operands]
    gradients = torch.autograd.grad(out, operands, u, allow_unused=True)
    backwards = sum(float((g * v).sum()) for g, v in zip(gradients, vs, strict=True) if g is not None)
    step = 1e-6
    with torch.no_grad():
        upper = function(*(x + step * v for x, v in zip(operands, vs, strict=True)))
        lower = function(*(x - step * v for x, v in zip(operands, vs, strict=True)))
        forwards = float((u * (upper - lower)).sum()) / (2 * step)
    assert forwards == pytest.approx(backwards, rel=1e-5, abs=1e-6)


def assert_float32_in_gives_float32_out(name: str, function: Any, shapes: Any) -> None:
    """Values and gradients keep float32, and agree with float64 to its rounding."""
    wide = _operands(name, shapes)
    narrow = tuple(x.detach().float().requires_grad_() for x in wide)
    a, b = function(*wide), function(*narrow)
    assert b.dtype is torch.float32
    np.testing.assert_allclose(b.detach().numpy(), a.detach().numpy(), rtol=2e-4, atol=1e-5)
    ga = torch.autograd.grad(a.sum(), wide, allow_unused=True)
    gb = torch.autograd.grad(b.sum(), narrow, allow_unused=True)
    for x, y in zip(ga, gb, strict=True):
        if x is not None:
            assert y.dtype is torch.float32
            np.testing.assert_allclose(y.numpy(), x.numpy(), rtol=5e-3, atol=1e-4)


CHECKS = (
    assert_gradients_agree_with_centred_differences, assert_second_derivatives_agree_with_centred_differences,
    assert_the_way_back_is_the_adjoint_of_the_way_there, assert_float32_in_gives_float32_out,
)  # fmt: skip


@pytest.mark.parametrize(("name", "function", "shapes"), OPERATIONS, ids=IDS)
def test_an_operation_keeps_its_contract(name: str, function: Any, shapes: Any) -> None:
    """Gradients, second derivatives, the adjoint identity and float32: every fault of an operation at once."""
    assert faults_of(lambda check: check(name, function, shapes), [(check,) for check in CHECKS]) == []


@pytest.mark.parametrize("shape", [(0,), (0, 3), (2, 0)])
def test_empty_tensors_pass_through(shape: tuple[int, ...]) -> None:
    """Elementwise operations, sums and products of matrices take tensors without elements."""
    x = torch.zeros(shape, requires_grad=True)
    y = ((x.exp() * 2 + x.sigmoid()) / 3).relu()
    y.sum().backward()
    assert x.grad.shape == shape
    w = torch.ones(shape[-1], 2, requires_grad=True)
    (torch.zeros(shape) @ w).sum().backward()
    assert w.grad.shape == w.shape
    assert not w.grad.any()


def test_a_wrong_rule_is_noticed() -> None:
    """The battery fails on an operation whose way back is wrong."""

    class Wrong(torch.autograd.Function):
        @staticmethod
        def forward(ctx: Any, x: Any) -> Any:
            return x * x

        @staticmethod
        def backward(ctx: Any, g: Any) -> Any:
            return g

    with pytest.raises(RuntimeError, match="Jacobian mismatch"):
        assert_gradients_agree_with_centred_differences("wrong", Wrong.apply, ((3,),))
    with pytest.raises(AssertionError):
        assert_the_way_back_is_the_adjoint_of_the_way_there("wrong", Wrong.apply, ((3,),))
