"""The rows of layers: the affine map, the look-up of an embedding, dropping out by a mask."""

from __future__ import annotations

from typing import Any

from ..sentences import N_, said
from .index_formulas import letters
from .linear_algebra import what_fits
from .sizes import Misfit, Operand, Shape, broadcast, shown
from .tensor_record import Sample, Step, TensorOperation, Torch

__all__ = ["ROWS"]


def _linear_shape(x: Shape, weight: Shape, bias: Shape | None = None) -> Shape:
    if len(weight) != 2 or not x:
        raise Misfit(said(N_("a layer's weight is a matrix (outputs×inputs), not {shape}"),
                          shape=shown(weight)))
    if x[-1] != weight[1]:
        raise Misfit(
            said(N_("the input has {m} features and the weight takes {n}"), m=x[-1], n=weight[1]),
            what_fits(x, (weight[1], weight[0])), at=1, sizes=(x[-1], weight[1]),
            needs=((1, weight, (weight[0], x[-1])),), default=("x", "weight", "bias"),
        )
    if bias is not None and bias != weight[:1]:
        raise Misfit(
            N_("{name} is {first}, and {weight}, {second}, has one row for each output"), at=2,
            name=Operand(2), first=shown(bias), weight=Operand(1), second=shown(weight),
            needs=((2, bias, weight[:1]),), default=("x", "weight", "bias"),
        )
    return (*x[:-1], weight[0])


def _linear_indices(x: Any, weight: Any, bias: Any = None) -> str:
    lead = letters(len(x) - 1)
    out = ",".join([*lead, "o"])
    tail = " + bias[o]" if bias is not None else ""
    return f"out[{out}] = (Σ f x[{','.join([*lead, 'f'])}]·weight[o,f]){tail}"


def _rows(k: Any, a: Any) -> Any:
    """Return a tensor as a matrix of its last axis' rows."""
    shape = k.shape(a)
    return a if len(shape) == 2 else k.reshape(a, (-1 if 0 not in shape else _count(shape), shape[-1]))


def _count(shape: tuple[int, ...]) -> int:
    found = 1
    for n in shape[:-1]:
        found *= n
    return found


def _linear_input(k: Any, g: Any, out: Any, x: Any, weight: Any, bias: Any = None) -> Any:
    found = k.matmul(_rows(k, g), weight)
    shape = k.shape(x)
    return found if len(shape) == 2 else k.reshape(found, shape)


LINEAR = TensorOperation(
    name="linear", operands=("x", "weight", "bias"), optional=("bias",), sign="xWᵀ+b",
    rule=N_("linear layer"),
    shape=_linear_shape,
    forward=lambda k, x, weight, bias=None: (
        k.matmul(x, k.swap(weight)) if bias is None else k.matmul(x, k.swap(weight)) + bias),
    backward=(
        _linear_input,
        lambda k, g, out, x, weight, bias=None: k.matmul(k.swap(_rows(k, g)), _rows(k, x)),
        lambda k, g, out, x, weight, bias=None: k.rows_sum(_rows(k, g)),
    ),
    because=(
        N_("each feature reaches every output through its weight: δ times the weight"),
        N_("each weight joins one feature to one output, once for each sample: δ turned, times the input"),
        N_("the bias is used once for each sample: the sum of δ over the samples"),
    ),
    indices=_linear_indices,
    stands_for=lambda x, weight, bias=None: (
        Step("turned", "transpose", ("weight",)),
        *((Step("out", "matmul", ("x", "turned")),) if bias is None else
          (Step("product", "matmul", ("x", "turned")), Step("out", "add", ("product", "bias")))),
    ),
    samples=(
        Sample(((2, 3), (2, 3), (2,))), Sample(((2, 3), (2, 3), None)), Sample(((2, 2, 3), (2, 3), (2,))),
        Sample(((3,), (2, 3), (2,))), Sample(((0, 3), (2, 3), (2,))), Sample(((2, 2, 1), (3, 1), None)),
    ),
    torch=Torch(nodes=("AddmmBackward0", "MmBackward0", "ViewBackward0"), top=False, method=False,
                functional="linear", module="Linear"),
)


def _embedding_shape(labels: Shape, weight: Shape) -> Shape:
    if len(weight) != 2:
        raise Misfit(N_("an embedding's weight is a matrix (words×features), and {name} is {shape}"), at=1,
                     name=Operand(1), shape=shown(weight), default=("labels", "weight"))
    return (*labels, weight[1])


EMBEDDING = TensorOperation(
    name="embedding", operands=("labels", "weight"), spelled=("embedding",), sign="row", rule=N_("look-up"),
    shape=_embedding_shape, forward=lambda k, labels, weight: k.index(weight, (labels,)),
    backward=(None, lambda k, g, out, labels, weight: k.put(g, (labels,), k.shape(weight), False)),
    because=("", N_("a row gets the δ of every place that looked it up, added up")),
    indices=lambda labels, weight: (
        f"out[{','.join([*letters(len(labels)), 'f'])}] = weight["
        + (f"labels[{','.join(letters(len(labels)))}]" if labels else "labels") + ",f]"),
    samples=(Sample(((4,), (3, 2)), draws=(3,)), Sample(((2, 2), (3, 1)), draws=(3,)),
             Sample(((0,), (3, 2)), draws=(3,))),
    torch=Torch(nodes=("EmbeddingBackward0",), method=False, functional="embedding", module="Embedding"),
)

DROPOUT = TensorOperation(
    name="dropout", operands=("x", "mask"), spelled=("dropout",), sign="drop", rule=N_("dropping out"),
    shape=lambda x, mask: broadcast(x, mask), forward=lambda k, x, mask: x * mask,
    backward=(lambda k, g, out, x, mask: k.fit(g * mask, k.shape(x)), None),
    because=(N_("what was dropped has no part in the loss; what was kept was scaled, and so is its δ"), ""),
    indices=lambda x, mask: "out[{0}] = x[{0}]·mask[{0}]".format(",".join(letters(len(x)))),
    stands_for=lambda x, mask: (Step("out", "multiply", ("x", "mask")),),
    samples=(Sample(((2, 3), (2, 3)), draws=("normal", "mask")),
             Sample(((3,), (3,)), draws=("normal", "positive"))),
    torch=Torch(nodes=("MulBackward0",), method=False, functional="dropout", module="Dropout"),
)

ROWS = (LINEAR, EMBEDDING, DROPOUT)
