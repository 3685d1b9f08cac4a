"""Values that never change: tensors of `tf`, its operators, and how it is printed.

`Operated` is what a tensor and a variable share; TensorFlow's strictness is that of `pairs`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from .. import engine as torch
from ..engine.absent import AbsentName
from .converting import dtype_of
from .dtypes import DType
from .errors import InvalidArgumentError
from .indexing import picked
from .pairs import alike, pair, written
from .recording import Value, run
from .shapes import TensorShape

__all__ = ["Operated", "Tensor", "matmul", "power", "quotient"]


def shown(array: np.ndarray[Any, Any], exact: bool) -> str:
    """Return an array as it is printed: by `repr` where `exact`; a single number as itself."""
    if array.ndim == 0:
        return str(array.item()) if exact else str(array[()])
    text = repr(array) if exact else str(array)
    return "\n" + text if "\n" in text else text


def quotient(x: Any, y: Any) -> Any:
    """Return x/y; whole numbers are divided as float64, as TensorFlow divides them."""
    if not x.dtype.is_floating_point:
        x, y = x.to(torch.float64), y.to(torch.float64)
    return x / y


def power(x: Any, y: Any) -> Any:
    """Return x to the power of y.

    Raises:
        InvalidArgumentError: a whole number to a negative power.
    """
    if not y.dtype.is_floating_point and y.numel() and int(y.min()) < 0:
        raise InvalidArgumentError("Integers to negative integer powers are not allowed [Op:Pow]")
    return torch.pow(x, y)


def matmul(x: Value, y: Value) -> Any:
    """Return the product of matrices, or of stacks of them.

    Raises:
        InvalidArgumentError: a vector, or sizes that do not fit.
    """
    from_shape, to_shape = list(x.raw.shape), list(y.raw.shape)
    for place, sizes in enumerate((from_shape, to_shape)):
        if len(sizes) < 2:
            raise InvalidArgumentError(
                f"In[{place}] ndims must be >= 2: it has the shape {sizes}; tf.reshape(v, (1, -1)) is a "
                f"row, "
                f"tf.linalg.matvec multiplies a matrix by a vector [Op:MatMul]"
            )
    if from_shape[-1] != to_shape[-2]:
        raise InvalidArgumentError(
            f"Matrix size-incompatible: In[0]: {written(from_shape)}, In[1]: {written(to_shape)} "
            f"[Op:MatMul]"
        )
    return run(torch.matmul, x, y)


class Operated(Value):
    """A value with operators; tensors and variables are two of its kind."""

    __slots__ = ()
    __array_priority__ = 100

    def result(self, raw: Any) -> Tensor:
        """Return the tensor of an engine's one."""
        return Tensor(raw)

    @property
    def shape(self) -> TensorShape:
        """The sizes along each dimension."""
        return TensorShape(self.raw.shape)

    @property
    def ndim(self) -> int:
        """The number of dimensions."""
        return int(self.raw.ndim)

    @property
    def dtype(self) -> DType:
        """The element type."""
        return dtype_of(self.raw)

    def get_shape(self) -> TensorShape:
        """Return the sizes along each dimension."""
        return self.shape

    def numpy(self) -> Any:
        """Return a copy as an array, of a single number as a number of NumPy's."""
        array: np.ndarray[Any, Any] = self.raw.numpy()
        return array.copy()[()]

    def ref(self) -> Reference:
        """Return what stands for this object in sets and dictionaries."""
        return Reference(self)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray[Any, Any]:
        return np.array(self.raw.numpy(), dtype)

    def __getattr__(self, name: str) -> Any:
        """Refuse a name by naming the nearest one."""
        raise AbsentName(
            f"{type(self).__name__!r} object",
            name,
            lambda: [
                n for n in dir(type(self)) if n[0] != "_" and n not in ("raw", "linked", "read", "result")
            ],
        )

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError(
            f"a tf.{type(self).__name__} has no attribute {name!r} that can be set; a variable's value "
            f"is "
            "changed with assign"
        )

    # -- operators -------------------------------------------------------------------------

    def __add__(self, other: Any) -> Any:
        return pair("AddV2", torch.add, self, other)

    def __radd__(self, other: Any) -> Any:
        return pair("AddV2", torch.add, self, other, True)

    def __sub__(self, other: Any) -> Any:
        return pair("Sub", torch.sub, self, other)

    def __rsub__(self, other: Any) -> Any:
        return pair("Sub", torch.sub, self, other, True)

    def __mul__(self, other: Any) -> Any:
        return pair("Mul", torch.mul, self, other)

    def __rmul__(self, other: Any) -> Any:
        return pair("Mul", torch.mul, self, other, True)

    def __truediv__(self, other: Any) -> Any:
        return pair("RealDiv", quotient, self, other)

    def __rtruediv__(self, other: Any) -> Any:
        return pair("RealDiv", quotient, self, other, True)

    def __floordiv__(self, other: Any) -> Any:
        return pair("FloorDiv", torch.floor_divide, self, other)

    def __rfloordiv__(self, other: Any) -> Any:
        return pair("FloorDiv", torch.floor_divide, self, other, True)

    def __mod__(self, other: Any) -> Any:
        return pair("FloorMod", torch.remainder, self, other)

    def __rmod__(self, other: Any) -> Any:
        return pair("FloorMod", torch.remainder, self, other, True)

    def __pow__(self, other: Any) -> Any:
        return pair("Pow", power, self, other)

    def __rpow__(self, other: Any) -> Any:
        return pair("Pow", power, self, other, True)

    def __matmul__(self, other: Any) -> Any:
        return matmul(self, alike("MatMul", self, other))

    def __rmatmul__(self, other: Any) -> Any:
        return matmul(alike("MatMul", self, other), self)

    def __neg__(self) -> Any:
        return run(torch.neg, self)

    def __pos__(self) -> Any:
        return self

    def __abs__(self) -> Any:
        return run(torch.abs, self)

    def __invert__(self) -> Any:
        return run(torch.logical_not, self)

    def _compared(self, op: str, function: Callable[[Any, Any], Any], other: Any) -> Any:
        return pair(op, function, self, other)

    def __eq__(self, other: object) -> Any:
        if other is None:
            return False
        return self._compared("Equal", torch.eq, other)

    def __ne__(self, other: object) -> Any:
        if other is None:
            return True
        return self._compared("NotEqual", torch.ne, other)

    def __lt__(self, other: Any) -> Any:
        return self._compared("Less", torch.lt, other)

    def __le__(self, other: Any) -> Any:
        return self._compared("LessEqual", torch.le, other)

    def __gt__(self, other: Any) -> Any:
        return self._compared("Greater", torch.gt, other)

    def __ge__(self, other: Any) -> Any:
        return self._compared("GreaterEqual", torch.ge, other)

    def __and__(self, other: Any) -> Any:
        return pair("LogicalAnd", torch.logical_and, self, other)

    def __or__(self, other: Any) -> Any:
        return pair("LogicalOr", torch.logical_or, self, other)

    def __xor__(self, other: Any) -> Any:
        return pair("LogicalXor", torch.logical_xor, self, other)

    def __hash__(self) -> int:
        raise TypeError(f"{type(self).__name__} is unhashable. Instead, use tensor.ref() as the key.")

    # -- as Python's -----------------------------------------------------------------------

    def __getitem__(self, key: Any) -> Any:
        return run(lambda raw: picked(raw, key), self)

    def __setitem__(self, key: Any, value: Any) -> None:
        raise TypeError(
            f"{type(self).__name__!r} object does not support item assignment: a tensor never changes; "
            f"make a new "
            "one (tf.where, tf.concat), or keep a tf.Variable and assign to it"
        )

    def __len__(self) -> int:
        if not self.raw.ndim:
            raise TypeError("Scalar tensor has no `len()`")
        return int(self.raw.shape[0])

    def __iter__(self) -> Iterator[Any]:
        if not self.raw.ndim:
            raise TypeError("Cannot iterate over a scalar tensor.")
        return (self[i] for i in range(len(self)))

    def __bool__(self) -> bool:
        if self.raw.numel() != 1:
            raise ValueError(
                "The truth value of an array with more than one element is ambiguous. Use tf.reduce_any "
                "or "
                "tf.reduce_all"
            )
        return bool(self.raw.item())

    def __float__(self) -> float:
        return float(self._single("float"))

    def __int__(self) -> int:
        return int(self._single("int"))

    def __index__(self) -> int:
        if not self.dtype.is_integer:
            raise TypeError(f"only integer scalar tensors can be an index, not {self.dtype.name}")
        return int(self._single("index"))

    def _single(self, what: str) -> Any:
        if self.raw.numel() != 1:
            raise TypeError(
                f"only a tensor of one element becomes one {what}; this one has the shape {self.shape}"
            )
        return self.raw.item()

    def __format__(self, spec: str) -> str:
        return format(self.numpy(), spec)


class Reference:
    """Stands for one object in sets and dictionaries."""

    __slots__ = ("_held",)

    def __init__(self, held: Any) -> None:
        self._held = held

    def deref(self) -> Any:
        """Return the object."""
        return self._held

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Reference) and other._held is self._held

    def __hash__(self) -> int:
        return id(self._held)

    def __repr__(self) -> str:
        return f"<Reference wrapping {self._held!r}>"


class Tensor(Operated):
    """A value that never changes; made by `tf.constant` and its like, and by every operation.

    >>> from backprop_tutor import tf
    >>> print(tf.constant(8.0))
    tf.Tensor(8.0, shape=(), dtype=float32)
    >>> tf.constant([1, 2])
    <tf.Tensor: shape=(2,), dtype=int32, numpy=array([1, 2], dtype=int32)>
    """

    __slots__ = ("_held",)

    def __init__(self, raw: Any) -> None:
        object.__setattr__(self, "_held", raw)

    @property
    def raw(self) -> Any:
        """The engine's tensor."""
        return self._held

    @property
    def linked(self) -> Any:
        """The engine's tensor, with its graph where it has one."""
        return self._held

    def read(self) -> Tensor:
        """Return the tensor itself."""
        return self

    def numpy(self) -> Any:
        """Return a copy as an array, of a single number as a number of NumPy's."""
        array: np.ndarray[Any, Any] = self._held.detach().numpy()
        return array.copy()[()]

    def __copy__(self) -> Tensor:
        return self

    def __deepcopy__(self, memo: Any) -> Tensor:
        return self

    def __reduce__(self) -> Any:
        return _again, (np.asarray(self),)

    def __str__(self) -> str:
        return f"tf.Tensor({shown(np.asarray(self), False)}, shape={self.shape}, dtype={self.dtype.name})"

    def __repr__(self) -> str:
        return (
            f"<tf.Tensor: shape={self.shape}, dtype={self.dtype.name}, "
            f"numpy={shown(np.asarray(self), True)}>"
        )


Tensor.__name__ = Tensor.__qualname__ = "EagerTensor"  # what programs print of `type(x)`


def _again(array: np.ndarray[Any, Any]) -> Tensor:
    return Tensor(torch.from_numpy(array))
