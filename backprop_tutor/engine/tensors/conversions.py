"""What a tensor becomes outside the engine: numbers, lists, arrays, text, another dtype or size."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..autograd.tape import MODE, Tensor, wrap
from ..functions.pairs import NUMBERS, cast
from ..functions.shapes import clone
from . import creation
from .creation import tensor
from .devices import CPU, check_device
from .dims import dim_of
from .dtypes import PYTHON_KINDS, bool_, float32, float64, int32, int64, uint8
from .dtypes import dtype as Dtype
from .printing import format_value, tensor_text
from .tensor import detached

__all__: list[str] = []


def item(self: Tensor) -> Any:
    """Return the one element as a Python number."""
    if self._a.size != 1:
        raise RuntimeError(f"a Tensor with {self._a.size} elements cannot be converted to Scalar")
    return self._a.item()


def _one(self: Tensor) -> Any:
    if self._a.size != 1:
        raise ValueError("only one element tensors can be converted to Python scalars")
    return self._a.item()


def truth(self: Tensor) -> bool:
    """Return whether the one element is not zero."""
    if self._a.size != 1:
        amount = "more than one value" if self._a.size else "no values"
        raise RuntimeError(f"Boolean value of Tensor with {amount} is ambiguous")
    return bool(self._a.item())


def numpy(self: Tensor, *, force: bool = False) -> Any:
    """Return the array itself, sharing memory.

    Raises:
        RuntimeError: a tensor that requires a gradient, while gradients are recorded: `detach` it first.
    """
    if MODE.grad and self.requires_grad and not force:
        raise RuntimeError(
            "Can't call numpy() on Tensor that requires grad. Use tensor.detach().numpy() instead."
        )
    return self._a


def as_array(self: Tensor, dtype: Any = None, copy: Any = None) -> Any:
    """Return the array, for NumPy."""
    found = numpy(self)
    return np.array(found, dtype) if copy or dtype is not None else found


def length(self: Tensor) -> int:
    """Return the size of the first dimension."""
    if self._a.ndim == 0:
        raise TypeError("len() of a 0-d tensor")
    return len(self._a)


def to(self: Tensor, *args: Any, **kwargs: Any) -> Tensor:
    """Return the tensor in another dtype; itself if it has it already.

    Accepts PyTorch's forms: `to(dtype)`, `to(device)`, `to(device, dtype)`, `to(other)`.
    """
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
        elif isinstance(each, type) and each in PYTHON_KINDS:
            wanted = PYTHON_KINDS[each]
        elif isinstance(each, Tensor):
            wanted = each.dtype
        elif isinstance(each, bool):
            copy = copy or (each and each is args[-1] and len(args) > 2)
        elif each is not None:
            check_device(each)
    out = self if wanted is None else cast(self, wanted.array)
    return clone(out) if copy and out is self else out


def type_(self: Tensor, dtype: Any = None, non_blocking: bool = False) -> Any:
    """Return the name of the tensor's type; with a dtype (or such a name), the tensor in it."""
    if dtype is None:
        return f"torch.{self.dtype.short}Tensor"
    if isinstance(dtype, str):
        for kind in (float64, float32, int64, int32, uint8, bool_):
            if dtype in (f"torch.{kind.short}Tensor", repr(kind)):
                return cast(self, kind.array)
        raise ValueError(f"invalid type: '{dtype}'")
    return cast(self, dtype.array)


def _caster(kind: Dtype) -> Any:
    def method(self: Tensor, memory_format: Any = None) -> Tensor:
        return cast(self, kind.array)

    method.__doc__ = f"Return the tensor as {kind!r}."
    return method


CASTS = {
    name: _caster(kind)
    for name, kind in (
        ("double", float64), ("float", float32), ("long", int64), ("int", int32), ("byte", uint8),
        ("bool", bool_),
    )
}


def requires_grad_(self: Tensor, requires_grad: bool = True) -> Tensor:
    """Set `requires_grad`; return the tensor."""
    if requires_grad and self._a.dtype.kind != "f":
        raise RuntimeError("only Tensors of floating point dtype can require gradients")
    self.requires_grad = requires_grad
    return self


def size(self: Tensor, dim: int | None = None) -> Any:
    """Return the shape, or the size of one dimension."""
    if dim is None:
        return self.shape
    if self._a.ndim == 0:
        raise IndexError("Dimension specified as 0 but tensor has no dimensions")
    return self._a.shape[dim_of(dim, self._a.ndim)]


def stride(self: Tensor, dim: int | None = None) -> Any:
    """Return how many elements apart neighbours along each dimension lie in memory."""
    a = self._a
    steps = tuple(s // a.itemsize for s in a.strides)
    if not a.size and a.flags.c_contiguous:  # NumPy writes 0 where nothing is
        steps, width = (), 1
        for n in reversed(a.shape):
            steps, width = (width, *steps), width * max(n, 1)
    return steps if dim is None else steps[dim]


def is_contiguous(self: Tensor, memory_format: Any = None) -> bool:
    """Return whether the memory is in order."""
    return bool(self._a.flags.c_contiguous)


def data_ptr(self: Tensor) -> int:
    """Return the address of the first element."""
    return int(self._a.__array_interface__["data"][0])


def detach_(self: Tensor) -> Tensor:
    """Cut the tensor itself off its graph."""
    if self._base is not None:
        raise RuntimeError(
            "Can't detach views in-place. Use detach() instead. If you are using "
            "DistributedDataParallel (DDP) for training, and gradient_as_bucket_view is set as True, "
            "gradients are views of DDP buckets, and hence detach_() cannot be called on these "
            "gradients. To fix this error, please refer to the Optimizer.zero_grad() function in "
            "torch/optim/optimizer.py as the solution."
        )
    self.__dict__["_detached_from"] = self._edge
    self._edge, self._rg = None, False
    return self


def deep_copy(self: Tensor, memo: dict[int, Any]) -> Tensor:
    """Return a copy of a leaf, its gradient included.

    Raises:
        RuntimeError: a tensor that is part of a graph.
    """
    if self._edge is not None:
        raise RuntimeError(
            "Only Tensors created explicitly by the user (graph leaves) support the deepcopy "
            "protocol at the moment.  If you were attempting to deepcopy a module, this may be "
            "because of a torch.nn.utils.weight_norm usage, see "
            "https://github.com/pytorch/pytorch/pull/103001"
        )
    if id(self) in memo:
        return memo[id(self)]  # type: ignore[no-any-return]
    made: Tensor = Tensor.__new__(type(self))
    made._a = self._a.copy()
    made._rg = self._rg
    memo[id(self)] = made
    if self._grad is not None:
        made._grad = deep_copy(self._grad, memo)
    for name, value in self.__dict__.items():
        if not name.startswith("_"):
            made.__dict__[name] = value
    return made


def new_tensor(self: Tensor, data: Any, *, dtype: Dtype | None = None, device: Any = None,
               requires_grad: bool = False) -> Tensor:
    """Return a new tensor of data, of this tensor's dtype."""
    return tensor(data, dtype=dtype or self.dtype, device=device, requires_grad=requires_grad)


def _maker(name: str) -> Any:
    def method(self: Tensor, *size: Any, dtype: Dtype | None = None, device: Any = None,
               requires_grad: bool = False) -> Tensor:
        return getattr(creation, name)(  # type: ignore[no-any-return]
            *size, dtype=dtype or self.dtype, device=device, requires_grad=requires_grad)

    method.__doc__ = f"Return `{name}` of a shape, of this tensor's dtype."
    return method


MAKERS = {f"new_{name}": _maker(name) for name in ("zeros", "ones", "empty", "full")}


def reduce_pickle(self: Tensor, protocol: int) -> Any:
    """Return how to make the leaf again: for `copy` and multiprocessing, never for `load`."""
    return _again, (self._a, self._rg)


def _again(array: Any, requires_grad: bool) -> Tensor:
    made = wrap(array)
    made._rg = requires_grad
    return made


def contains(self: Tensor, element: Any) -> bool:
    """Return whether an element equals the number."""
    if not isinstance(element, (Tensor, *NUMBERS)):
        raise RuntimeError(
            "Tensor.__contains__ only supports Tensor or scalar, but you passed in a "
            f"{type(element)}."
        )
    value = element._a if isinstance(element, Tensor) else element
    return bool((self._a == value).any())


METHODS: dict[str, Any] = {
    **CASTS, **MAKERS,
    "__array__": as_array, "__bool__": truth, "__contains__": contains, "__deepcopy__": deep_copy,
    "__float__": lambda self: float(_one(self)), "__format__": format_value,
    "__index__": lambda self: _index(self), "__int__": lambda self: int(_one(self)),
    "__len__": length, "__reduce_ex__": reduce_pickle, "__repr__": lambda self: tensor_text(self),
    "cpu": lambda self: self, "cuda": lambda self, device=None: to(self, "cuda"),
    "data_ptr": data_ptr, "detach": detached, "detach_": detach_,
    "device": property(lambda self: CPU), "dim": lambda self: self._a.ndim,
    "element_size": lambda self: self._a.itemsize, "get_device": lambda self: -1,
    "is_contiguous": is_contiguous, "is_cuda": property(lambda self: False),
    "is_floating_point": lambda self: self._a.dtype.kind == "f", "item": item,
    "is_complex": lambda self: False, "is_signed": lambda self: self.dtype.is_signed,
    "itemsize": property(lambda self: self._a.itemsize),
    "nbytes": property(lambda self: self._a.nbytes), "ndimension": lambda self: self._a.ndim,
    "nelement": lambda self: self._a.size, "new_tensor": new_tensor,
    "numel": lambda self: self._a.size, "numpy": numpy, "requires_grad_": requires_grad_,
    "retains_grad": property(lambda self: bool(self.__dict__.get("_retained", False))),
    "size": size, "stride": stride, "to": to, "tolist": lambda self: self._a.tolist(),
    "type": type_, "type_as": lambda self, other: cast(self, other._a.dtype),
}


def _index(self: Tensor) -> int:
    if self._a.size != 1 or self._a.dtype.kind == "f":
        raise TypeError("only integer tensors of a single element can be converted to an index")
    return int(self._a.item())
