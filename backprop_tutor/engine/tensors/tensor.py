"""The tensor itself: an array, whether it requires a gradient, and its place in the graph.

Only state and its guards live here; what can be done with tensors is attached from the rooms of
operations by `functions/table.py`.

    _a      the array, always an ndarray          _edge   None for a leaf, else the node that made it
    _rg     whether it requires a gradient                (a node, or a node and an output's number)
    _base   the tensor this is a view of          _ver    [writes so far], shared by views; None
    _seen   of a view: its base's edge when it            under inference mode
            was taken
    _arrived  the gradient of a leaf, or None: an array as the pass left it, until `_grad` asks

A view shares its base's array memory and version counter, so a write to either is seen by both. Their
places in the graph do not follow each other: a recorded write changes the base's history and leaves
that of a view taken before. So a view is not written through while it is recorded (`writes`), and not
used after such a write (`refuse_stale`): both are refused in words, and a gradient is never wrong.
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import numpy as np

from .dtypes import dtype, from_numpy_dtype

if TYPE_CHECKING:  # what `functions/table.py` attaches, as `engine.listing` declares it
    from .tensor_methods import TensorMethods
else:
    from ..absent import AbsentMethods as TensorMethods

__all__ = ["Moved", "Size", "Tensor", "detached", "refuse_stale", "share", "type_name", "wrap"]

_NOT_A_LEAF = (
    "The .grad attribute of a Tensor that is not a leaf Tensor is being accessed. Its .grad "
    "attribute won't be populated during autograd.backward(). If you indeed want the .grad field "
    "to be populated for a non-leaf Tensor, use .retain_grad() on the non-leaf Tensor. If you "
    "access the non-leaf Tensor by mistake, make sure you access the leaf Tensor instead."
)


class Size(tuple[int, ...]):
    """A shape: a tuple that prints as `torch.Size([2, 3])`."""

    __slots__ = ()

    def numel(self) -> int:
        """Return the number of elements of a tensor of this shape."""
        count = 1
        for n in self:
            count *= n
        return count

    def __repr__(self) -> str:
        return f"torch.Size([{', '.join(map(str, self))}])"

    def __add__(self, other: Any) -> Size:
        return Size(tuple(self) + tuple(other))

    def __getitem__(self, key: Any) -> Any:
        found = tuple.__getitem__(self, key)
        return Size(found) if isinstance(key, slice) else found


class Moved(int):
    """How often a tensor was written to whose array was exchanged since, by `x.data = other`.

    An exchange is no write, so the number stays; but whoever kept the array compares its number
    with `!=` before using it, finds this one unequal, and looks for the array of today.
    """

    __slots__ = ()
    __hash__ = int.__hash__

    def __ne__(self, other: object) -> bool:
        return True


class Tensor(TensorMethods):
    """An array that remembers how it was computed, so that gradients can be taken.

    Made by `tensor`, `zeros`, `rand` and their like; `Tensor(2, 3)` is uninitialised and
    `Tensor([1, 2])` is float32, as in PyTorch.
    """

    __slots__ = (
        "__dict__", "__weakref__", "_a", "_arrived", "_base", "_edge", "_rg", "_seen", "_ver",
    )
    __array_priority__ = 1000

    _a: np.ndarray[Any, Any]
    _rg: bool
    _edge: Any
    _arrived: Any
    _ver: Any
    _base: Tensor | None
    _seen: Any

    if TYPE_CHECKING:

        def __hash__(self) -> int: ...
    else:
        __hash__ = object.__hash__

    def __new__(cls, *data: Any, **options: Any) -> Tensor:
        """Return an empty constant tensor, for subclasses to fill."""
        made = object.__new__(cls)
        made._a = _EMPTY
        made._rg = False
        made._edge = made._arrived = made._base = None
        made._ver = [0]
        return made

    def __init__(self, *data: Any) -> None:
        if len(data) == 1 and not isinstance(data[0], int):
            given = data[0]
            if isinstance(given, float):
                raise TypeError("new(): data must be a sequence (got float)")
            self._a = np.array(given._a if isinstance(given, Tensor) else given, np.float32)
        elif data:
            for n in data:
                if n < 0:
                    raise RuntimeError(
                        f"Trying to create tensor with negative dimension {n}: {list(data)}"
                    )
            self._a = np.empty(data, np.float32)
        else:
            self._a = np.empty(0, np.float32)

    @staticmethod
    def _make_subclass(cls: type[Any], data: Tensor, require_grad: bool = False) -> Any:
        """Return an instance of a subclass that shares the data's array."""
        made = Tensor.__new__(cls)
        made._a = data._a
        made._ver = data._ver
        if require_grad:
            made.requires_grad = True
        return made

    # -- what it is ------------------------------------------------------------------------

    @property
    def shape(self) -> Size:
        """The number of elements along each dimension."""
        return Size(self._a.shape)

    @shape.setter
    def shape(self, value: Any) -> None:
        raise AttributeError("attribute 'shape' of 'torch._C.TensorBase' objects is not writable")

    @property
    def ndim(self) -> int:
        """The number of dimensions."""
        return self._a.ndim

    @property
    def dtype(self) -> dtype:
        """The element type."""
        return from_numpy_dtype(self._a.dtype)

    # -- what it is in the graph -----------------------------------------------------------

    @property
    def requires_grad(self) -> bool:
        """Whether gradients are computed for it, or would have to be: a write may have made it so."""
        base = self._base
        return self._rg or (base is not None and base._edge is not self._seen and base._rg)

    @requires_grad.setter
    def requires_grad(self, wanted: bool) -> None:
        wanted = bool(wanted)
        if self._edge is not None and not wanted:
            raise RuntimeError(
                "you can only change requires_grad flags of leaf variables. If you want to use a "
                "computed variable in a subgraph that doesn't require differentiation use "
                "var_no_grad = var.detach()."
            )
        if wanted and self._a.dtype.kind != "f":
            raise RuntimeError(
                "only Tensors of floating point and complex dtype can require gradients"
            )
        if wanted and self._ver is None:
            raise RuntimeError(
                "Setting requires_grad=True on inference tensor outside InferenceMode is not allowed."
            )
        self._rg = wanted

    @property
    def is_leaf(self) -> bool:
        """Whether no recorded operation made it."""
        return self._edge is None

    @property
    def grad_fn(self) -> Any:
        """The node of the operation that made it; None for a leaf."""
        edge = self._edge
        return edge[0] if type(edge) is tuple else edge

    def _is_view(self) -> bool:
        """Return whether it shares another tensor's memory."""
        return self._base is not None

    @property
    def output_nr(self) -> int:
        """Which output of its node it is."""
        return self._edge[1] if type(self._edge) is tuple else 0

    @property
    def _grad(self) -> Tensor | None:
        """The gradient, without the warning that `grad` gives for tensors that are not leaves."""
        held = self._arrived
        if held.__class__ is np.ndarray:
            held = self._arrived = wrap(held)
        return held  # type: ignore[no-any-return]

    @_grad.setter
    def _grad(self, value: Tensor | None) -> None:
        self._arrived = value

    @property
    def grad(self) -> Tensor | None:
        """The gradient accumulated by `backward`, for leaves and after `retain_grad`."""
        if self._grad is None and self._edge is not None and not self.__dict__.get("_retained"):
            warnings.warn(_NOT_A_LEAF, UserWarning, stacklevel=2)
        return self._grad

    @grad.setter
    def grad(self, value: Tensor | None) -> None:
        if value is None:
            self._grad = None
            return
        if not isinstance(value, Tensor):
            raise TypeError(
                f"assigned grad expected to be a Tensor or None but got grad of type "
                f"{type(value).__name__}"
            )
        if value is self:
            raise RuntimeError("can't assign Variable as its own grad")
        if value._a.dtype != self._a.dtype:
            raise RuntimeError(
                f"attempting to assign a gradient with dtype '{_written(value)}' to a tensor with "
                f"grad_dtype '{self.dtype.short}'. The gradient must match the tensor's grad_dtype "
                f"(defaults to the tensor's dtype). You can set the tensor's grad_dtype attribute "
                f"with a specific dtype, or None to allow any dtype. Set grad_dtype with caution. "
                f"Diverging the dtypes of a tensor and its gradient may break downstream systems "
                f"that assume they match."
            )
        if value._a.shape != self._a.shape:
            raise RuntimeError(
                f"attempting to assign a gradient of size '{list(value._a.shape)}' to a tensor of "
                f"size '{list(self._a.shape)}'. Please ensure that the gradient and the tensor are "
                "the same size"
            )
        self._grad = value

    @grad.deleter
    def grad(self) -> None:
        self._grad = None

    @property
    def data(self) -> Tensor:
        """The same array without the graph, with a version counter of its own.

        `x.data = other` gives the tensor another array. A gradient of what was computed from `x`
        before then uses the array of today, as in PyTorch; it is refused where the shape changed.
        """
        return wrap(self._a)

    @data.setter
    def data(self, value: Tensor) -> None:
        if not isinstance(value, Tensor):
            raise TypeError(f"Variable data has to be a tensor, but got {type(value).__name__}")
        if self._rg and value._a.dtype.kind != "f":
            raise RuntimeError(
                "data set to a tensor that requires gradients must be floating point or complex dtype"
            )
        self._a = value._a
        if self._ver is not None:
            self._ver[0] = Moved(self._ver[0])

    @property
    def _version(self) -> int:
        """How often it was written to."""
        if self._ver is None:
            raise RuntimeError("Inference tensors do not track version counter.")
        return int(self._ver[0])

    def is_inference(self) -> bool:
        """Return whether it was made under `inference_mode`."""
        return self._ver is None

    def __dir__(self) -> list[str]:
        return [name for name in super().__dir__() if hasattr(type(self), name) or name in self.__dict__]

    seq = -1  # a node's number is never negative: so the backward pass knows a leaf


_EMPTY = np.empty(0, np.float32)
_new = object.__new__


def wrap(array: np.ndarray[Any, Any]) -> Tensor:
    """Return a constant tensor of an array, sharing its memory."""
    made = _new(Tensor)
    made._a = array
    made._rg = False
    made._edge = made._arrived = made._base = None
    made._ver = [0]
    return made


def _written(x: Tensor) -> str:
    names = {"float64": "double", "float32": "float"}
    name = str(x._a.dtype.name)
    return names.get(name, name)


def type_name(array: np.ndarray[Any, Any], written: bool = False) -> str:
    """Return the name that messages give a tensor's type: "torch.DoubleTensor".

    Messages of a `written` tensor have a name of their own for booleans.
    """
    if written and array.dtype.kind == "b":
        return "CPUBoolType"
    return f"torch.{from_numpy_dtype(array.dtype).short}Tensor"


def share(made: Tensor, x: Tensor) -> None:
    """Note that a tensor is a view of x."""
    made._ver = x._ver
    base = x if x._base is None else x._base
    made._base, made._seen = base, base._edge


def detached(x: Tensor) -> Tensor:
    """Return the same memory and version counter, without the graph."""
    made = wrap(x._a)
    made._ver = x._ver
    return made


STALE = (
    "this view was taken before its base was written in place; what it holds is of after the write, "
    "its graph of before. Take the view again after the write."
)


def refuse_stale(view: Tensor) -> None:
    """Refuse to record what is done with a view whose base has another place in the graph by now.

    Raises:
        RuntimeError: always where that is so.
    """
    base = view._base
    if base is None or base._edge is view._seen:
        return
    if base._edge is None and base.__dict__.get("_detached_from") is view._seen:
        return  # `detach_` cuts the base off its graph, and writes nothing
    raise RuntimeError(STALE)
