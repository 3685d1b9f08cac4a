"""What can be written after a dot or between two tensors: functions attached to `Tensor`.

A table of names; nothing is computed here.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from . import arithmetic, backward, draws, functions, indexing, joining, linear_algebra, reductions
from . import shapes
from .dtypes import dtype as Dtype
from .inplace import in_place
from .pairs import NUMBERS, cast
from .tape import Tensor
from .views import detached

__all__: list[str] = []


def _both(function: Any, swapped: bool = False) -> Any:
    """Return the function as a method between two operands; foreign operands are not ours."""

    def method(self: Tensor, other: Any) -> Any:
        if not isinstance(other, (Tensor, np.ndarray, *NUMBERS)):
            return NotImplemented
        return function(other, self) if swapped else function(self, other)

    return method


def _run(self: Tensor, gradient: Any = None, retain_graph: Any = None, create_graph: bool = False,
         inputs: Any = None) -> None:
    """Accumulate the gradient of this tensor in the leaves' `.grad`."""
    backward.backward(self, gradient, retain_graph, create_graph, inputs=inputs)


def _item(self: Tensor) -> Any:
    """Return the one element as a Python number."""
    if self._a.size != 1:
        raise RuntimeError(
            f"a Tensor with {self._a.size} elements cannot be converted to Scalar"
        )
    return self._a.item()


def _bool(self: Tensor) -> bool:
    if self._a.size > 1:
        raise RuntimeError("Boolean value of Tensor with more than one value is ambiguous")
    if self._a.size == 0:
        raise RuntimeError("Boolean value of Tensor with no values is ambiguous")
    return bool(self._a.item())


def _numpy(self: Tensor, *, force: bool = False) -> Any:
    """Return the array itself, sharing memory."""
    if self.requires_grad and not force:
        raise RuntimeError(
            "Can't call numpy() on Tensor that requires grad. Use tensor.detach().numpy() instead."
        )
    return self._a


def _array(self: Tensor, dtype: Any = None, copy: Any = None) -> Any:
    found = _numpy(self)
    return found if dtype is None else found.astype(dtype)


def _len(self: Tensor) -> int:
    if self._a.ndim == 0:
        raise TypeError("len() of a 0-d tensor")
    return len(self._a)


def _to(self: Tensor, *args: Any, **kwargs: Any) -> Tensor:
    """Return the tensor in another dtype, itself if it has it already."""
    from .device import check_device

    copy = kwargs.pop("copy", False)
    kwargs.pop("non_blocking", None)
    kwargs.pop("memory_format", None)
    wanted = kwargs.pop("dtype", None)
    check_device(kwargs.pop("device", None))
    if kwargs:
        raise TypeError(f"to() got an unexpected keyword argument '{next(iter(kwargs))}'")
    for each in args:
        if isinstance(each, Dtype):
            wanted = each
        elif isinstance(each, Tensor):
            wanted = each.dtype
        elif each is not None and not isinstance(each, bool):
            check_device(each)
    out = self if wanted is None else cast(self, wanted.array)
    return shapes.clone(out) if copy and out is self else out


def _requires_grad_(self: Tensor, requires_grad: bool = True) -> Tensor:
    """Set `requires_grad`; return the tensor."""
    self.requires_grad = requires_grad
    return self


def _size(self: Tensor, dim: int | None = None) -> Any:
    """Return the shape, or the size of one dimension."""
    return self.shape if dim is None else self.shape[dim]


METHODS: dict[str, Any] = {
    "__add__": _both(arithmetic.add), "__radd__": _both(arithmetic.add),
    "__sub__": _both(arithmetic.sub), "__rsub__": _both(arithmetic.sub, True),
    "__mul__": _both(arithmetic.mul), "__rmul__": _both(arithmetic.mul),
    "__truediv__": _both(arithmetic.div), "__rtruediv__": _both(arithmetic.div, True),
    "__pow__": _both(arithmetic.pow), "__rpow__": _both(arithmetic.pow, True),
    "__matmul__": linear_algebra.matmul, "__neg__": arithmetic.neg,
    "__eq__": _both(arithmetic.eq), "__ne__": _both(arithmetic.ne),
    "__lt__": _both(arithmetic.lt), "__le__": _both(arithmetic.le),
    "__gt__": _both(arithmetic.gt), "__ge__": _both(arithmetic.ge),
    "__getitem__": indexing.get, "__setitem__": indexing.set_, "__iter__": indexing.iterate,
    "__len__": _len, "__bool__": _bool, "__array__": _array,
    "__float__": lambda self: float(_item(self)), "__int__": lambda self: int(_item(self)),
    "__index__": lambda self: int(_item(self)),
    "backward": _run, "item": _item, "numpy": _numpy, "detach": detached, "to": _to,
    "requires_grad_": _requires_grad_, "size": _size, "dim": lambda self: self._a.ndim,
    "numel": lambda self: self._a.size, "tolist": lambda self: self._a.tolist(),
    "sum": reductions.sum_, "mean": reductions.mean, "matmul": linear_algebra.matmul,
    "T": property(shapes.numpy_T), "unbind": joining.unbind,
}
for _room in (arithmetic, functions, shapes, joining, linear_algebra):
    for _name in _room.__all__:
        METHODS.setdefault(_name, getattr(_room, _name))
for _name in ("add", "sub", "mul", "div", "pow"):
    METHODS[f"{_name}_"] = in_place(getattr(arithmetic, _name))
for _name in ("uniform_", "normal_", "bernoulli_", "random_", "exponential_"):
    METHODS[_name] = getattr(draws, _name)
for _short, _name in (("iadd", "add"), ("isub", "sub"), ("imul", "mul"), ("itruediv", "div")):
    METHODS[f"__{_short}__"] = METHODS[f"{_name}_"]
for _name, _function in METHODS.items():
    setattr(Tensor, _name, _function)
