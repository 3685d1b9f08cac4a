"""The table of the engine's names: one record a function, which says where PyTorch spells it.

From a record follow the function at the top, the method, the twin that writes into its operand
(`add_`), the operators and the other spellings. An elementwise row of `ops.OPS` needs no line here:
it is derived (see `elementwise`); where an operation of `ops.tensors` stands, its record says.
Nothing is computed in this file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from ...ops import OPS, Operation
from ...ops.tensors import TENSOR_OPS
from .. import fused
from ..tensors import creation, draws, views
from ..tensors import questions as meshes
from ..tensors import writes as inplace
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
    parts,
    picking,
    reductions,
    shapes,
    three_operands,
)
from . import elementwise as functions

__all__ = ["OF_ROWS", "OPERATIONS", "Entry"]


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
    run = functions.FUNCTIONS.get(row.name) or getattr(fused, row.name, None)
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
    *_each(three_operands.addcdiv, three_operands.addcmul, three_operands.lerp, writes=True),
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
           parts.diag, parts.diagonal, parts.narrow, parts.select, parts.trace),
    Entry(run=shapes.movedim, also=("moveaxis",)),
    Entry(run=shapes.t, reshapes=("TBackward1",)),
    Entry(run=shapes.squeeze, reshapes=("SqueezeBackward4", "SqueezeBackward3")),
    Entry(run=shapes.unsqueeze, reshapes=("UnsqueezeBackward1",)),
    *_each(arrangement.tril, arrangement.triu, writes=True),
    *_each(arrangement.expand, arrangement.expand_as, arrangement.repeat, shapes.contiguous,
           shapes.reshape_as, shapes.view, shapes.view_as, parts.unfold, **_ONLY_METHOD),
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
    Entry(run=views.detached, name="detach"),
    # activations and layers that PyTorch has at its top, too
    *_of_records(softmax=fused.softmax, log_softmax=fused.log_softmax, dropout=fused.dropout,
                 embedding=fused.embedding),
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
