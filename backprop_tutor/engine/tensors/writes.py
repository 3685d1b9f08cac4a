"""Writing into tensors: which writes are allowed, and how the graph follows them.

An in-place operation is its ordinary twin followed by one write: the result is computed and
recorded, copied into the tensor's memory, the version counter is advanced, and the tensor takes
over the result's place in the graph.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ..autograd.tape import MODE, Rule, Tensor, record, wrap
from ..functions.pairs import broadcast_error, cast
from .dtypes import category, converted, from_numpy_dtype

__all__ = ["check_writable", "copy_", "fill_", "in_place", "reshaping", "write", "zero_"]

LEAF_VIEW = "a view of a leaf Variable that requires grad is being used in an in-place operation."
THROUGH = (
    "a view of a tensor that takes part in a graph is written in place. The graph of its base would "
    "not follow: write to the base by an index, as in `x[1:] = x[1:] * 2`, to the whole base, or to a "
    "copy of the view (`view.clone()`)."
)


def refuse_writing_through(x: Tensor, recorded: bool) -> None:
    """Refuse a recorded write through a view, or a write through a view of a recorded tensor.

    Raises:
        RuntimeError: always where either is so.
    """
    base = x._base
    if base is None or not (recorded or base._rg):
        return
    raise RuntimeError(LEAF_VIEW if base._rg and base._edge is None else THROUGH)


def check_writable(x: Tensor, *others: Any) -> None:
    """Refuse a write that the graph could not follow.

    Raises:
        RuntimeError: a leaf that requires a gradient, a view of one, or a view that must not be
            written to.
    """
    if x._ver is None and not MODE.inference:
        raise RuntimeError(
            "Inplace update to inference tensor outside InferenceMode is not allowed.You can make "
            "a clone to get a normal tensor before doing inplace update.See "
            "https://github.com/pytorch/rfcs/pull/17 for more details."
        )
    if MODE.grad:
        _check_graph(x, others)


def check_overlap(a: Any) -> None:
    """Refuse to write results into memory in which one element stands for several."""
    if any(s == 0 and n > 1 for s, n in zip(a.strides, a.shape, strict=True)):
        raise RuntimeError(_SHARED.format("more than one element of the written-to tensor refers"))


def _check_graph(x: Tensor, others: tuple[Any, ...]) -> None:
    recorded = x._rg or any(isinstance(o, Tensor) and o._rg for o in others)
    refuse_writing_through(x, recorded)
    if x._rg and x._edge is None:
        raise RuntimeError(
            "a leaf Variable that requires grad is being used in an in-place operation."
        )


_SHARED = (
    "unsupported operation: {0} to a single memory location. Please clone() the tensor before "
    "performing the operation."
)


def _span(a: Any) -> int:
    """Return the bytes from an array's first element to its end, if it fills them; else -1."""
    if a.flags.c_contiguous:
        return int(a.nbytes)
    reach = sum((n - 1) * s for n, s in zip(a.shape, a.strides, strict=True)) + a.itemsize
    return int(reach) if min(a.strides) > 0 and reach == a.nbytes else -1


def check_shared(target: Any, other: Any, whole: bool = False) -> None:
    """Refuse to write what is read from memory that overlaps the target's; `whole` refuses all.

    As in PyTorch, memory with gaps is not looked at.

    Raises:
        RuntimeError: some elements are both read and written, in other places.
    """
    if not isinstance(other, Tensor):
        return
    source = other._a
    if (source is target and not whole) or not np.may_share_memory(target, source):
        return
    reach, length = _span(target), _span(source)
    if reach <= 0 or length <= 0:
        return
    start, begin = (a.__array_interface__["data"][0] for a in (target, source))
    if start == begin and reach == length:
        steps = [
            [s for n, s in zip(a.shape, a.strides, strict=True) if n > 1] for a in (target, source)
        ]
        shared = whole or steps[0] != steps[1] or target.ndim != source.ndim
    else:
        shared = start < begin + length and begin < start + reach
    if shared:
        raise RuntimeError(
            _SHARED.format("some elements of the input tensor and the written-to tensor refer")
        )


def write(x: Tensor, result: Tensor) -> Tensor:
    """Copy a result into a tensor's memory and give the tensor the result's place in the graph.

    Raises:
        RuntimeError: the result does not fit the tensor's dtype or shape.
    """
    target, source = x._a, result._a
    if source.dtype != target.dtype:
        if category(source.dtype) > category(target.dtype):
            raise RuntimeError(
                f"result type {from_numpy_dtype(source.dtype).short} can't be cast to the desired "
                f"output type {from_numpy_dtype(target.dtype).short}"
            )
        result = cast(result, target.dtype)
        source = result._a
    if source.shape != target.shape:
        raise output_error(target.shape, source.shape)
    if MODE.grad and result._rg:
        _keep_original(x, result._edge)
    target[...] = source
    if x._ver is not None:
        x._ver[0] += 1
    if not MODE.grad:
        return x
    if result._rg:
        edge = result._edge
        x._edge, x._rg = edge, True
        if type(edge) is not tuple and edge.checks:
            for i, check in enumerate(edge.checks):
                if check is not None and check[2] is None and edge.saved[i] is source:
                    edge.saved[i] = target
                    edge.checks[i] = (x._ver, x._ver[0], None)
    keep_retaining(x)
    return x


def keep_retaining(x: Tensor) -> None:
    """Let a tensor whose gradient is retained have that of its new node retained."""
    if x._edge is not None and "_retained" in x.__dict__:
        del x.__dict__["_retained"]
        x.retain_grad()


def output_error(target: tuple[int, ...], shape: tuple[int, ...]) -> RuntimeError:
    """Return the error of a result that has another shape than what it is written to."""
    return RuntimeError(
        f"output with shape {list(target)} doesn't match the broadcast shape {list(shape)}"
    )


def _keep_original(x: Tensor, edge: Any) -> None:
    """Let the operation that is about to overwrite x keep a copy of what it saved of it."""
    if type(edge) is tuple or not edge.checks:
        return
    check = edge.checks[0]  # the tensor itself comes first; as another operand it is not kept
    if check is not None and check[2] is x:
        original = wrap(x._a.copy())
        original._edge, original._rg = x._edge, x._rg
        edge.saved[0] = original._a
        edge.checks[0] = (original._ver, 0, original)


def in_place(function: Callable[..., Tensor]) -> Callable[..., Tensor]:
    """Return the in-place twin of a function of tensors."""

    fills = function.__name__ in ("index_fill", "masked_fill")

    def twin(self: Tensor, *args: Any, **kwargs: Any) -> Tensor:
        check_writable(self, *args)
        if not fills:
            check_overlap(self._a)
        for each in args:
            check_shared(self._a, each)
        return write(self, function(self, *args, **kwargs))

    twin.__name__ = twin.__qualname__ = f"{function.__name__}_"
    twin.__doc__ = f"As `{function.__name__}`, written into the tensor itself."
    return twin


def _fill_backward(k: Any, g: Any, saved: Any, options: Any, need: Any) -> Any:
    return k.zeros_like(g), (k.sum(g) if need[1] else None)


FILL = Rule("FillBackward2", _fill_backward)
FILL_TENSOR = Rule("FillBackward3", _fill_backward)
ZERO = Rule("ZeroBackward0", lambda k, g, saved, options, need: (k.zeros_like(g),))


def fill_(self: Tensor, value: Any) -> Tensor:
    """Fill with one value, in place; a tensor's value keeps its graph."""
    check_writable(self, value)
    given = None
    if isinstance(value, Tensor):
        if value._a.ndim:
            raise RuntimeError(
                "fill_ only supports 0-dimension value tensor but got tensor with "
                f"{value._a.ndim} dimensions."
            )
        check_overlap(self._a)
        given, value = cast(value, self._a.dtype), value._a
    else:
        value = converted(value, self._a.dtype)
    filled = np.full(self._a.shape, np.asarray(value).astype(self._a.dtype))
    return write(self, record(FILL if given is None else FILL_TENSOR, filled, (self, given)))


def zero_(self: Tensor) -> Tensor:
    """Fill with zeros, in place."""
    check_writable(self)
    return write(self, record(ZERO, np.zeros_like(self._a), (self,)))


def _copy_backward(k: Any, g: Any, saved: Any, options: Any, need: Any) -> Any:
    return k.zeros_like(g), (k.fit(g, options) if need[1] else None)


COPY = Rule("CopyBackwards", _copy_backward)


def copy_(self: Tensor, src: Tensor, non_blocking: bool = False) -> Tensor:
    """Write another tensor's elements, broadcast and in this tensor's dtype."""
    check_writable(self, src)
    check_overlap(self._a)
    check_shared(self._a, src)
    given = cast(src, self._a.dtype)
    try:
        shape = np.broadcast_shapes(self._a.shape, given._a.shape)
    except ValueError:
        raise broadcast_error(self._a.shape, given._a.shape) from None
    if shape != self._a.shape:
        raise output_error(self._a.shape, shape)
    spread = np.broadcast_to(given._a, shape)
    return write(self, record(COPY, np.array(spread), (self, given), (), given._a.shape))


def reshaping(function: Callable[..., Tensor], node: str, plain: str = "") -> Callable[..., Tensor]:
    """Return the in-place twin of a view: the tensor itself takes the new shape.

    Its node is called `node`, or `plain` where no argument is given.
    """
    called = f"{function.__name__}_"
    rules: dict[Any, Rule] = {}

    def twin(self: Tensor, *args: Any, **kwargs: Any) -> Tensor:
        check_writable(self)
        if called == "t_" and self._a.ndim > 2:
            raise RuntimeError(
                f"t_() expects a tensor with <= 2 dimensions, but self is {self._a.ndim}D"
            )
        made = function(self, *args, **kwargs)
        edge = made._edge
        if edge is not None:
            name = plain if plain and not args and not kwargs else node
            key = (type(edge), name)
            if key not in rules:
                rules[key] = Rule(name, type(edge).backward, told=type(edge).told)
            edge.__class__ = rules[key].node
        self._a, self._edge, self._rg = made._a, edge, made._rg
        if self._ver is not None:
            self._ver[0] += 1
        return self

    twin.__name__ = twin.__qualname__ = called
    twin.__doc__ = f"As `{function.__name__}`, of the tensor itself."
    return twin
