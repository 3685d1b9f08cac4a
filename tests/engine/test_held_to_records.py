"""What the engine computes is what the table of tensor operations says, faster ways included."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from shared import faults_of

from backprop_tutor import engine as torch
from backprop_tutor.engine.nn import functional as F
from backprop_tutor.ops.array_kernel import RAW
from backprop_tutor.ops.draws import drawn
from backprop_tutor.ops.tensor_record import Sample
from backprop_tutor.ops.tensors import TENSOR_OPS


def _over(name: str) -> Callable[..., Any]:
    def run(a: Any, axis: Any = None, keepdims: bool = False, **settings: Any) -> Any:
        return getattr(torch, name)(a, dim=axis, keepdim=keepdims, **settings)

    return run


def _extreme(name: str) -> Callable[..., Any]:
    def run(a: Any, axis: Any = None, keepdims: bool = False) -> Any:
        return getattr(a, name)(() if axis is None else axis, keepdims)

    return run


def _prod(a: Any, axis: Any = None, keepdims: bool = False) -> Any:
    return a.prod() if axis is None else a.prod(axis, keepdims)


def _logsumexp(a: Any, axis: Any = None, keepdims: bool = False) -> Any:
    return a.logsumexp(tuple(range(a.ndim)) if axis is None else axis, keepdims)


def _roll(a: Any, shifts: Any, axes: Any) -> Any:
    return a.roll(shifts, axes)


def _index(a: Any, key: Any) -> Any:
    return a[key]


def _batch_norm(x: Any, weight: Any, bias: Any, eps: float) -> Any:
    return F.batch_norm(x, None, None, weight, bias, True, eps=eps)


def _fixed(x: Any, weight: Any, bias: Any, mean: Any, variance: Any, eps: float) -> Any:
    return F.batch_norm(x, mean.detach(), variance.detach(), weight, bias, False, eps=eps)


def _layer_norm(x: Any, weight: Any, bias: Any, rank: int, eps: float) -> Any:
    return F.layer_norm(x, x.shape[x.ndim - rank:], weight, bias, eps)


def _pairs(name: str, **renamed: str) -> Callable[..., Any]:
    def run(x: Any, y: Any, weight: Any = None, *more: Any, **settings: Any) -> Any:
        if weight is not None:
            settings["weight"] = weight.detach()
        if more and more[0] is not None:
            settings["pos_weight"] = more[0].detach()
        return getattr(F, name)(x, y, **{renamed.get(n, n): v for n, v in settings.items()})

    return run


def _classes(name: str) -> Callable[..., Any]:
    def run(scores: Any, target: Any, weight: Any = None, **settings: Any) -> Any:
        return getattr(F, name)(scores, target, None if weight is None else weight.detach(), **settings)

    return run


ENGINE: dict[str, Callable[..., Any]] = {
    "matmul": torch.matmul, "dot": torch.dot, "outer": torch.outer, "addmm": torch.addmm,
    "einsum": lambda *operands, equation: torch.einsum(equation, *operands),
    "inverse": torch.linalg.inv, "solve": torch.linalg.solve,
    "sum": _over("sum"), "mean": _over("mean"), "max": _extreme("amax"), "min": _extreme("amin"),
    "prod": _prod, "var": _over("var"), "std": _over("std"), "logsumexp": _logsumexp,
    "norm": lambda a, p, axis, keepdims: torch.norm(a, p, axis, keepdims),
    "cumsum": lambda a, axis: a.cumsum(axis), "cumprod": lambda a, axis: a.cumprod(axis),
    "transpose": lambda a, first, second: a.transpose(first, second),
    "permute": lambda a, axes: a.permute(axes), "reshape": lambda a, shape: a.reshape(shape),
    "expand": lambda a, shape: a.expand(shape), "flip": lambda a, axes: a.flip(axes), "roll": _roll,
    "concatenate": lambda *operands, axis: torch.cat(operands, axis),
    "stack": lambda *operands, axis: torch.stack(operands, axis), "index": _index,
    "gather": lambda a, places, axis: a.gather(axis, places),
    "scatter_add": lambda a, places, b, axis: a.scatter_add(axis, places, b),
    "one_hot": lambda labels, classes: F.one_hot(labels, classes),
    "choose": lambda condition, a, b: torch.where(condition.bool(), a, b),
    "linear": F.linear, "embedding": F.embedding,
    "softmax": lambda a, axis: F.softmax(a, axis), "log_softmax": lambda a, axis: F.log_softmax(a, axis),
    "batch_norm": _batch_norm, "batch_norm_fixed": _fixed, "layer_norm": _layer_norm,
    "mse": _pairs("mse_loss"), "l1": _pairs("l1_loss"), "smooth_l1": _pairs("smooth_l1_loss"),
    "huber": _pairs("huber_loss"), "bce": _pairs("binary_cross_entropy"),
    "bce_with_logits": _pairs("binary_cross_entropy_with_logits"), "kl_divergence": _pairs("kl_div"),
    "cross_entropy": _classes("cross_entropy"), "nll": _classes("nll_loss"),
}
"""Each record as the engine has it. Dropout draws its mask itself."""

MORE: dict[str, tuple[Sample, ...]] = {
    "linear": (Sample(((1, 1), (1, 1), (1,))), Sample(((3, 0), (2, 0), (2,))), Sample(((2, 3), (0, 3), (0,)))),
    "cross_entropy": (
        Sample(((4, 3), (4,), None), draws=("normal", 3)), Sample(((1, 2), (1,), None), draws=("normal", 2)),
        Sample(((20, 5), (20,), None), draws=("normal", 5)),
    ),
    "batch_norm": (Sample(((2, 1), (1,), (1,))), Sample(((5, 4), None, (4,))), Sample(((4, 3), (3,), None))),
    "mse": (Sample(((1,), (1,), None)), Sample(((3, 1), (1, 2), None))),
    "bce": (
        Sample(((1, 1), (1, 1), None), draws=("unit", "unit")),
        Sample(((2, 3), (2, 3), None), draws=("mask", "unit")),  # logarithms of 0, held at −100
    ),
    "index": (Sample(((3, 2),), (("key", np.array([0, 0, 2])),)),),
    "bce_with_logits": (Sample(((3, 2), (3, 2), None, None), draws=("normal", "unit")),),
}
"""Shapes beside the records' own, where the engine has a way of its own."""

WARNED = {"mse", "l1", "smooth_l1", "huber"}
"""Losses that warn of operands of two shapes, and then broadcast."""

CASES = [
    (name, sample) for name in ENGINE for sample in (*TENSOR_OPS[name].samples, *MORE.get(name, ()))
    if not (name in ("bce", "bce_with_logits") and sample.shapes[0] != sample.shapes[1])
    and not (name in WARNED | {"kl_divergence"} and sample.shapes[2] is not None)
]


def test_every_record_is_held() -> None:
    """Each record has its function of the engine."""
    assert set(TENSOR_OPS) - set(ENGINE) == {"dropout"}


@pytest.mark.filterwarnings("ignore:Using a target size:UserWarning")
@pytest.mark.filterwarnings("ignore:reduction. 'mean' divides the total loss:UserWarning")
@pytest.mark.parametrize("name", ENGINE)
def test_the_engine_computes_what_a_record_says(name: str) -> None:
    """Values and gradients are the record's, in both floating dtypes, for empty and broadcast shapes too;
    also where the first operand alone has a gradient, as a loss's prediction."""
    cases = [
        (name, sample, kind, all_move) for of, sample in CASES if of == name
        for kind in (np.float64, np.float32) for all_move in (True, False)
    ]  # fmt: skip
    assert cases
    assert faults_of(assert_held, cases) == []


def assert_held(name: str, sample: Sample, kind: Any, all_move: bool) -> None:
    """A sample's value and gradients are those of its record's rules."""
    op = TENSOR_OPS[name]
    options = op.with_options(dict(sample.options))
    arrays = [a if a is None or a.dtype.kind != "f" else a.astype(kind) for a in drawn(sample)]
    tensors = [
        None if a is None else torch.tensor(a, requires_grad=a.dtype.kind == "f" and (all_move or not i))
        for i, a in enumerate(arrays)
    ]
    with np.errstate(all="ignore"):
        wanted = np.asarray(op.forward(RAW, *arrays, **options))
    out = ENGINE[name](*tensors, **options)
    close = {"rtol": 1e-12, "atol": 1e-13} if kind is np.float64 else {"rtol": 2e-5, "atol": 1e-6}
    np.testing.assert_allclose(out.detach().numpy(), wanted, **close)
    if not out.requires_grad:
        return
    g = np.cos(np.arange(wanted.size)).reshape(wanted.shape).astype(kind)
    slots = [
        i for i, x in enumerate(tensors)
        if x is not None and x.requires_grad and op.gradient(i) is not None
    ]
    found = torch.autograd.grad(out, [tensors[i] for i in slots], torch.tensor(g), allow_unused=True)
    for slot, gradient in zip(slots, found, strict=True):
        with np.errstate(all="ignore"):
            rule = op.gradient(slot)
            assert rule is not None
            held = rule(RAW, g, wanted, *arrays, **options)
        assert gradient is not None, slot
        assert gradient.numpy().dtype == kind
        np.testing.assert_allclose(gradient.numpy(), held, **close)


@pytest.mark.filterwarnings("ignore:reduction. 'mean' divides the total loss:UserWarning")
@pytest.mark.parametrize("name", [name for name in ENGINE if name != "one_hot"])
def test_second_derivatives_are_those_of_the_rules(name: str) -> None:
    """Each record's rules, run on recorded tensors, differentiate to the right second derivatives."""
    sample = TENSOR_OPS[name].samples[0]
    options = TENSOR_OPS[name].with_options(dict(sample.options))
    arrays = drawn(sample, 2)
    floating = [
        i for i, a in enumerate(arrays)
        if a is not None and a.dtype.kind == "f" and TENSOR_OPS[name].gradient(i) is not None
    ]
    operands = [torch.tensor(arrays[i], requires_grad=True) for i in floating]

    def function(*moved: Any) -> Any:
        given = [None if a is None else torch.tensor(a) for a in arrays]
        for i, x in zip(floating, moved, strict=True):
            given[i] = x
        return ENGINE[name](*given, **options)

    first = torch.autograd.grad(function(*operands).sum(), operands, create_graph=True, allow_unused=True)
    if any(g is not None and g.requires_grad for g in first):
        assert torch.autograd.gradgradcheck(function, operands)


@pytest.mark.filterwarnings("ignore:reduction. 'mean' divides the total loss:UserWarning")
@pytest.mark.parametrize("name", [name for name in ENGINE if TENSOR_OPS[name].torch.nodes])
def test_nodes_have_the_names_that_records_say(name: str) -> None:
    """What the graph calls an operation is among its record's names."""
    sample = TENSOR_OPS[name].samples[0]
    options = TENSOR_OPS[name].with_options(dict(sample.options))
    tensors = [
        None if a is None else torch.tensor(a, requires_grad=a.dtype.kind == "f") for a in drawn(sample)
    ]
    made = ENGINE[name](*tensors, **options).grad_fn.name()
    composed = {"solve": "SqueezeBackward1", "kl_divergence": "MeanBackward0", "l1": "MeanBackward0"}
    assert made in (*TENSOR_OPS[name].torch.nodes, composed.get(name))


@pytest.mark.parametrize("name", list(TENSOR_OPS))
def test_names_are_where_records_say(name: str) -> None:
    """The engine has each operation at the places that its record names."""
    says = TENSOR_OPS[name].torch
    for called in (says.name or name, *says.also):
        assert not says.top or callable(getattr(torch, called))
        assert not says.method or callable(getattr(torch.Tensor, called))
        assert not (says.writes and says.method) or callable(getattr(torch.Tensor, f"{called}_"))
    if says.operator:
        assert callable(getattr(torch.Tensor, f"__{says.operator}__"))
    if says.functional:
        assert callable(getattr(F, says.functional))
    if says.module:
        assert issubclass(getattr(torch.nn, says.module), torch.nn.Module)
