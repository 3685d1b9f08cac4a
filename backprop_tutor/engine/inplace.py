"""Writing into tensors: which writes are allowed, and how the graph follows them.

An in-place operation is its ordinary twin followed by one write: the result is computed and
recorded, copied into the tensor's memory, the version counter is advanced, and the tensor takes
over the result's place in the graph.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .dtypes import c_name, category, fits, from_numpy_dtype
from .pairs import broadcast_error, cast
from .tape import MODE, Rule, Tensor, plain_name, record, wrap
from .views import CUSTOM, MANY, UNTRACKED, write_through

__all__ = ["check_writable", "copy_", "fill_", "in_place", "reshaping", "write", "zero_"]

_MANY = (
    "Output {0} of {1} is a view and is being modified inplace. This view is the output of a "
    "function that returns multiple views. Such functions do not allow the output views to be "
    "modified inplace. You should replace the inplace operation by an out-of-place one."
)
_CUSTOM = (
    "Output {0} of {1} is a view and is being modified inplace. This view was created inside a "
    "custom Function (or because an input was returned as-is) and the autograd logic to handle "
    "view+inplace would override the custom backward associated with the custom Function, leading "
    "to incorrect gradients. This behavior is forbidden. You can fix this by cloning the output of "
    "the custom Function."
)
_UNTRACKED = (
    "A view was created in no_grad mode and is being modified inplace with grad mode enabled. "
    "Given that this use case is ambiguous and error-prone, it is forbidden. You can clarify your "
    "code by moving both the view and the inplace either both inside the no_grad block (if you "
    "don't want the inplace to be tracked) or both outside (if you want the inplace to be tracked)."
)


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
        raise RuntimeError(
            "unsupported operation: more than one element of the written-to tensor refers to a "
            "single memory location. Please clone() the tensor before performing the operation."
        )


def _check_graph(x: Tensor, others: tuple[Any, ...]) -> None:
    base = x._base
    if base is not None and x._kind == UNTRACKED and base.requires_grad:
        raise RuntimeError(_UNTRACKED)
    if not (x.requires_grad or any(isinstance(o, Tensor) and o.requires_grad for o in others)):
        return
    if base is not None:
        if x._kind == CUSTOM:
            raise RuntimeError(_CUSTOM.format(x.output_nr, plain_name(x.grad_fn)))
        if x._kind == MANY:
            raise RuntimeError(_MANY.format(x.output_nr, plain_name(x.grad_fn)))
        if base._rg and base._edge is None:
            raise RuntimeError(
                "a view of a leaf Variable that requires grad is being used in an in-place operation."
            )
    elif x._rg and x._edge is None:
        raise RuntimeError(
            "a leaf Variable that requires grad is being used in an in-place operation."
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
        raise RuntimeError(
            f"output with shape {list(target.shape)} doesn't match the broadcast shape "
            f"{list(source.shape)}"
        )
    if MODE.grad and result._rg:
        _keep_original(x, result._edge)
    target[...] = source
    if x._ver is not None:
        x._ver[0] += 1
    if not MODE.grad:
        return x
    if x._base is not None:
        if result._rg or x.requires_grad:
            write_through(x, result)
    elif result._rg:
        edge = result._edge
        x._edge, x._rg = edge, True
        x._epoch += 1
        if type(edge) is not tuple and edge.checks:
            for i, check in enumerate(edge.checks):
                if check is not None and check[2] is None and edge.saved[i] is source:
                    edge.saved[i] = target
                    edge.checks[i] = (x._ver, x._ver[0], None)
    if x._edge is not None and "_retained" in x.__dict__:
        del x.__dict__["_retained"]
        x.retain_grad()
    return x


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

    def twin(self: Tensor, *args: Any, **kwargs: Any) -> Tensor:
        check_writable(self, *args)
        check_overlap(self._a)
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
        given, value = cast(value, self._a.dtype), value._a
    elif not fits(value, self._a.dtype):
        raise RuntimeError(
            f"value cannot be converted to type {c_name(self._a.dtype)} without overflow"
        )
    filled = np.full(self._a.shape, np.asarray(value).astype(self._a.dtype))
    rule = FILL if given is None else FILL_TENSOR
    return write(self, record(rule, filled, (self, given)))


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
    given = cast(src, self._a.dtype)
    try:
        spread = np.broadcast_to(given._a, self._a.shape)
    except ValueError:
        raise broadcast_error(self._a.shape, given._a.shape) from None
    return write(self, record(COPY, np.array(spread), (self, given), (), given._a.shape))


def reshaping(function: Callable[..., Tensor]) -> Callable[..., Tensor]:
    """Return the in-place twin of a view: the tensor itself takes the new shape."""

    def twin(self: Tensor, *args: Any, **kwargs: Any) -> Tensor:
        made = function(self, *args, **kwargs)
        self._a, self._edge, self._rg = made._a, made._edge, made._rg
        if self._ver is not None:
            self._ver[0] += 1
        return self

    twin.__name__ = twin.__qualname__ = f"{function.__name__}_"
    twin.__doc__ = f"As `{function.__name__}`, of the tensor itself."
    return twin
