"""The table of the engine's names: one record a function, which says where PyTorch spells it.

From a record follow the function at the top, the method, the twin that writes into its operand
(`add_`), the operators and the other spellings. An elementwise row of `ops.OPS` needs no line here:
it is derived (see `elementwise`); where an operation of `ops.tensors` stands, its record says.
Importing this module completes the class `Tensor`; nothing is computed in it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...ops import OPS, Operation
from ...ops.tensors import TENSOR_OPS
from ..autograd import hooks, requests
from ..autograd.tape import Tensor
from ..fused import activations, affine, normalizing
from ..tensors import conversions, creation, draws, tensor
from ..tensors import questions as meshes
from ..tensors import writes as inplace
from ..tensors.writes import in_place, reshaping
from . import (
    arithmetic,
    arrangement,
    assigning,
    choosing,
    contractions,
    extremes,
    indexing,
    joining,
    linear_algebra,
    matrices,
    picking,
    reductions,
    shapes,
)
from . import elementwise as functions
from . import tensor_kernel as _tensor_kernel  # noqa: F401  (registers the kernel of tensors)
from .pairs import NUMBERS, demanding, wants_tensors

__all__ = ["METHODS", "OF_ROWS", "OPERATIONS", "Entry", "written_twins"]


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One function and its places.

    Attributes:
        run: the function; its first argument is the tensor that a method is called on.
        name: its name ("add"), if not the function's own.
        top: whether it stands at the top of the engine.
        method: whether it is a method of tensors.
        writes: whether it has a twin that writes into the tensor (`add_`).
        reshapes: the nodes of a twin that gives the tensor another shape, with and without arguments.
        also: other names of all of these.
        operator: the word of its operators ("add" for `__add__`, `__radd__`, `__iadd__`).
        reflected: the function of the operator with its operands exchanged, if not `run` itself.
        unary: the word of its operator of one operand ("neg").
        spreads: whether its method also takes dimensions one by one, `x.sum(0, 1)`.
        attribute: the name of a property that it computes ("T").
        checks: whether it looks at the kinds of its arguments itself.
    """

    run: Callable[..., Any]
    name: str = ""
    top: bool = True
    method: bool = True
    writes: bool = False
    reshapes: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    operator: str = ""
    reflected: Callable[..., Any] | None = None
    unary: str = ""
    spreads: bool = False
    attribute: str = ""
    checks: bool = False

    def names(self) -> tuple[str, ...]:
        """Return all its names, the usual one first."""
        return (self.name or self.run.__name__, *self.also)


def _each(*functions: Callable[..., Any], **places: Any) -> Iterator[Entry]:
    """Yield one record a function, all with the same places."""
    for function in functions:
        yield Entry(run=function, **places)


def _of_records(**functions: Callable[..., Any]) -> Iterator[Entry]:
    """Yield the functions of tensor records, each where its record says that PyTorch has it."""
    for name, function in functions.items():
        says = TENSOR_OPS[name].torch
        yield Entry(
            run=function, name=says.name or name, top=says.top, method=says.method, writes=says.writes,
            reshapes=says.reshapes, also=says.also, operator=says.operator, spreads=says.spreads,
            checks=function is linear_algebra.matmul,
        )


def _of_row(row: Operation) -> dict[str, Entry]:
    """Return the record of an elementwise row of `OPS` that stands at the top, as its own record says."""
    if row.torch is None or not row.torch.top or not row.elementwise or row.loss:
        return {}
    run = (
        functions.FUNCTIONS.get(row.name) or activations.ACTIVATIONS.get(row.name)
        or activations.WRITTEN.get(row.name)
    )
    if run is None:
        return {}
    return {
        row.name: Entry(run=run, method=row.torch.method, writes=row.torch.twin, also=row.torch.also,
                        unary="abs" if row.operator == "abs" else "", checks=True)
    }  # fmt: skip


OF_ROWS = OPS.derived(_of_row)
"""The records of the rows of `OPS`, which may grow; the others are below."""


_ONLY_TOP: dict[str, Any] = {"method": False}
_ONLY_METHOD: dict[str, Any] = {"top": False}

OPERATIONS: tuple[Entry, ...] = (
    *OF_ROWS.values(),
    # arithmetic
    Entry(run=arithmetic.add, writes=True, operator="add"),
    Entry(run=arithmetic.sub, writes=True, operator="sub", also=("subtract",)),
    Entry(run=arithmetic.mul, writes=True, operator="mul", also=("multiply",)),
    Entry(run=arithmetic.div, writes=True, operator="truediv", also=("divide", "true_divide"),
              reflected=arithmetic.divided_by),
    Entry(run=arithmetic.floor_divide, writes=True, operator="floordiv"),
    Entry(run=arithmetic.remainder, writes=True, operator="mod"),
    Entry(run=arithmetic.fmod, writes=True),
    Entry(run=arithmetic.pow, writes=True, operator="pow"),
    Entry(run=arithmetic.neg, writes=True, also=("negative",), unary="neg"),
    Entry(run=arithmetic.positive, unary="pos"),
    *_each(arithmetic.addcdiv, arithmetic.addcmul, arithmetic.lerp, writes=True),
    *_each(arithmetic.floor, arithmetic.ceil, arithmetic.round, arithmetic.trunc, writes=True),
    # comparing and choosing
    Entry(run=choosing.eq, writes=True, operator="eq"),
    Entry(run=choosing.ne, writes=True, operator="ne", also=("not_equal",)),
    Entry(run=choosing.lt, writes=True, operator="lt", also=("less",)),
    Entry(run=choosing.le, writes=True, operator="le", also=("less_equal",)),
    Entry(run=choosing.gt, writes=True, operator="gt", also=("greater",)),
    Entry(run=choosing.ge, writes=True, operator="ge", also=("greater_equal",)),
    *_each(choosing.logical_and, choosing.logical_or, choosing.logical_xor, choosing.logical_not,
           writes=True),
    Entry(run=choosing.bitwise_and, writes=True, operator="and"),
    Entry(run=choosing.bitwise_or, writes=True, operator="or"),
    Entry(run=choosing.bitwise_xor, writes=True, operator="xor"),
    Entry(run=choosing.bitwise_not, writes=True),
    Entry(run=choosing.invert, top=False, method=False, unary="invert"),
    *_each(choosing.isnan, choosing.isinf, choosing.isfinite, choosing.isclose, choosing.allclose,
           choosing.equal, choosing.maximum, choosing.minimum),
    *_of_records(choose=choosing.where),
    Entry(run=choosing.clamp, writes=True, also=("clip",)),
    *_each(choosing.clamp_min, choosing.clamp_max, writes=True),
    # reductions
    *_of_records(sum=reductions.sum_, mean=reductions.mean, var=reductions.var, std=reductions.std,
                 logsumexp=reductions.logsumexp, max=extremes.amax, min=extremes.amin, prod=reductions.prod,
                 norm=matrices.norm, cumsum=reductions.cumsum, cumprod=reductions.cumprod),
    *_each(reductions.all, reductions.any, spreads=True),
    *_each(reductions.count_nonzero, extremes.argmax, extremes.argmin, extremes.argsort, extremes.max,
           extremes.min, extremes.median, extremes.sort, extremes.topk),
    # shapes
    *_of_records(permute=shapes.permute, reshape=shapes.reshape, transpose=shapes.transpose,
                 expand=arrangement.expand, flip=arrangement.flip, roll=arrangement.roll,
                 concatenate=joining.cat, stack=joining.stack),
    *_each(shapes.clone, shapes.flatten, shapes.ravel, shapes.unflatten, arrangement.tile,
           arrangement.diag, arrangement.diagonal, arrangement.narrow, arrangement.select,
           arrangement.trace),
    Entry(run=shapes.movedim, also=("moveaxis",)),
    Entry(run=shapes.t, reshapes=("TBackward1",)),
    Entry(run=shapes.squeeze, reshapes=("SqueezeBackward4", "SqueezeBackward3")),
    Entry(run=shapes.unsqueeze, reshapes=("UnsqueezeBackward1",)),
    *_each(arrangement.tril, arrangement.triu, writes=True),
    *_each(arrangement.expand, arrangement.expand_as, arrangement.repeat, shapes.contiguous,
           shapes.reshape_as, shapes.view, shapes.view_as, arrangement.unfold, **_ONLY_METHOD),
    Entry(run=shapes.numpy_T, top=False, method=False, attribute="T"),
    Entry(run=shapes.numpy_T, top=False, method=False, attribute="H"),
    Entry(run=shapes.mT, top=False, method=False, attribute="mT"),
    *_each(joining.chunk, joining.split, joining.unbind),
    *_each(joining.hstack, joining.vstack, meshes.meshgrid, meshes.broadcast_tensors,
           **_ONLY_TOP),
    # products of matrices
    *_of_records(matmul=linear_algebra.matmul, dot=linear_algebra.dot, outer=linear_algebra.outer,
                 addmm=linear_algebra.addmm, einsum=contractions.einsum, inverse=matrices.inv),
    Entry(run=linear_algebra.mm, checks=True),
    *_each(linear_algebra.mv, linear_algebra.bmm),
    # picking and putting
    *_of_records(gather=picking.gather, scatter_add=picking.scatter_add, index=indexing.get),
    *_each(picking.index_select, picking.masked_select, meshes.nonzero, meshes.unique,
           meshes.bincount),
    *_each(picking.masked_fill, picking.scatter, writes=True),
    Entry(run=assigning.set_, name="__setitem__", top=False),
    Entry(run=indexing.iterate, name="__iter__", top=False),
    *_each(inplace.fill_, inplace.zero_, inplace.copy_, **_ONLY_METHOD),
    Entry(run=tensor.detached, name="detach"),
    # activations and layers that PyTorch has at its top, too
    *_of_records(softmax=normalizing.softmax, log_softmax=normalizing.log_softmax, dropout=affine.dropout,
                 embedding=affine.embedding),
    # creation, random numbers, questions
    *_each(creation.tensor, creation.as_tensor, creation.from_numpy, creation.zeros,
           creation.zeros_like, creation.ones, creation.ones_like, creation.empty,
           creation.empty_like, creation.full, creation.full_like, creation.eye, creation.arange,
           creation.linspace, creation.logspace, draws.rand, draws.rand_like, draws.randn,
           draws.randn_like, draws.randint, draws.randint_like, draws.randperm, draws.normal,
           **_ONLY_TOP),
    Entry(run=creation.as_tensor, name="asarray", method=False),
    *_each(draws.bernoulli, draws.multinomial),
    *_each(draws.uniform_, draws.normal_, draws.bernoulli_, draws.random_, **_ONLY_METHOD),
    *_each(meshes.is_tensor, meshes.is_floating_point, meshes.numel, meshes.result_type, **_ONLY_TOP),
)


def _between(function: Callable[..., Any], swapped: bool = False) -> Callable[..., Any]:
    """Return the function as an operator between two operands; other kinds are left to Python."""

    def operator(self: Tensor, other: Any) -> Any:
        if not isinstance(other, (Tensor, np.ndarray, *NUMBERS)):
            return NotImplemented
        return function(other, self) if swapped else function(self, other)

    return operator


def _spreading(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return the reduction as a method that also takes its dimensions one by one."""

    def method(self: Tensor, *dims: Any, **options: Any) -> Any:
        if len(dims) > 1 and all(isinstance(d, int) and not isinstance(d, bool) for d in dims):
            return function(self, dims, **options)
        if "axis" in options:
            options["dim"] = options.pop("axis")
        if "keepdims" in options:
            options["keepdim"] = options.pop("keepdims")
        return function(self, *dims, **options)

    method.__name__ = function.__name__.removesuffix("_")
    method.__doc__ = function.__doc__
    method.__annotations__["return"] = function.__annotations__.get("return", "Any")
    return method


def _run(
    self: Tensor, gradient: Any = None, retain_graph: Any = None, create_graph: bool = False,
    inputs: Any = None,
) -> None:
    """Accumulate the gradient of this tensor in the leaves' `.grad`."""
    if (
        gradient is None and not create_graph and inputs is None and self._edge is not None
        and self._base is None and not self._a.ndim
    ):
        requests.from_scalar(self, bool(retain_graph))
        return
    requests.backward(self, gradient, retain_graph, create_graph, inputs=inputs)


_COMPARISONS = ("eq", "ne", "lt", "le", "gt", "ge", "matmul")
"""Operators without a twin that writes."""


def _twin(row: Entry) -> Callable[..., Any] | None:
    """Return the twin of an operation that writes into its operand."""
    if row.reshapes:
        return reshaping(row.run, *row.reshapes)
    return in_place(row.run) if row.writes else None


def _operators(row: Entry, twin: Any) -> Iterator[tuple[str, Any]]:
    if row.unary:
        yield f"__{row.unary}__", row.run
    if row.operator:
        yield f"__{row.operator}__", _between(row.run)
        if row.operator not in _COMPARISONS[:-1]:
            yield f"__r{row.operator}__", _between(row.reflected or row.run, True)
        if twin is not None and row.operator not in _COMPARISONS:
            yield f"__i{row.operator}__", twin


def _methods(row: Entry) -> Iterator[tuple[str, Any]]:
    """Yield the methods, operators and properties of tensors that a record says."""
    twin = _twin(row)
    yield from _operators(row, twin)
    if row.attribute:
        yield row.attribute, property(row.run)
    if not row.method:
        return
    method = _spreading(row.run) if row.spreads else row.run
    for name in row.names():
        checked = wants_tensors(row.run, 2) and not name.startswith("__")
        yield name, demanding(method, name, skip=1) if checked else method
        if twin is not None:
            yield f"{name}_", twin


METHODS: dict[str, Any] = {
    **conversions.METHODS,
    "backward": _run, "register_hook": hooks.register_hook,
    "register_post_accumulate_grad_hook": hooks.register_post_accumulate_grad_hook,
    "retain_grad": hooks.retain_grad,
    **{name: method for row in OPERATIONS for name, method in _methods(row)},
}
for _name, _function in METHODS.items():
    setattr(Tensor, _name, _function)


def _complete(row: Entry) -> None:
    """Give tensors the methods of a row that is added later."""
    for name, method in _methods(row):
        METHODS[name] = method
        setattr(Tensor, name, method)


OF_ROWS.each_later(_complete)


def written_twins(row: Entry) -> Iterator[tuple[str, Any]]:
    """Yield a row's twins that stand at the top, too: those of functions of one operand (`exp_`)."""
    for name in row.names():
        if row.writes and row.top and f"{name}_" in METHODS:
            yield f"{name}_", METHODS[f"{name}_"]
