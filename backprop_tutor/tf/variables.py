"""`Variable`: a value that can be assigned to, and that every tape watches by itself.

A variable's store is a parameter of the engine's, so that its optimizers can train it. What is read is a
copy: an assignment later changes nothing that was computed before.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from .. import engine as torch
from .converting import dtype_of, raw_of
from .dtypes import as_dtype
from .recording import HERE, Entry, Value
from .tensors import Operated, Tensor, shown

__all__ = ["Variable"]


def _passed_on(gradients: Sequence[Any]) -> Sequence[Any]:
    return gradients


class Variable(Operated):
    """A value that `assign`, `assign_add` and `assign_sub` change.

    >>> from backprop_tutor import tf
    >>> w = tf.Variable(3.0)
    >>> w.assign_sub(1.0).numpy()
    np.float32(2.0)
    >>> w
    <tf.Variable 'Variable:0' shape=() dtype=float32, numpy=2.0>

    Args:
        initial_value: a number, a list, an array or a tensor; or a function that returns one.
        trainable: whether tapes watch it by themselves, and optimizers train it.
        name: what it is called when printed.
        dtype: its element type, where it is not the value's.
    """

    __slots__ = ("_called", "_fixed", "_path", "_store", "_turned", "trainable")
    _fixed: bool
    _called: str
    _path: str | None
    _store: Any
    _turned: bool
    trainable: bool

    def __init__(
        self,
        initial_value: Any = None,
        trainable: bool = True,
        validate_shape: bool = True,
        name: str | None = None,
        dtype: Any = None,
        shape: Any = None,
    ) -> None:
        if initial_value is None:
            raise ValueError("The `initial_value` arg to `tf.Variable` must be specified; None was given.")
        if callable(initial_value):
            initial_value = initial_value()
        raw = raw_of(initial_value, None if dtype is None else as_dtype(dtype))
        self._keep(_stored(raw, trainable), False, trainable, name or "Variable", None)

    def _keep(self, store: Any, turned: bool, trainable: bool, called: str, path: str | None) -> None:
        given = {
            "_store": store,
            "_turned": turned,
            "trainable": trainable,
            "_called": called,
            "_path": path,
            "_fixed": not trainable,
        }
        for name, value in given.items():
            object.__setattr__(self, name, value)

    @classmethod
    def of(cls, store: Any, turned: bool, trainable: bool, path: str) -> Variable:
        """Return the variable over a parameter of the engine's, `turned` where that is transposed."""
        made = cls.__new__(cls)
        made._keep(store, turned, trainable, path.rpartition("/")[2], path)
        return made

    def freeze(self, frozen: bool) -> None:
        """Train the variable no longer, or again; one that never was trained stays so."""
        on = not frozen and not self._fixed
        object.__setattr__(self, "trainable", on)
        if not self._fixed and self._store.dtype.is_floating_point:
            self._store.requires_grad_(on)

    @property
    def store(self) -> Any:
        """The engine's parameter that holds the value."""
        return self._store

    @property
    def turned(self) -> bool:
        """Whether the store is the value's transpose."""
        return self._turned

    @property
    def raw(self) -> Any:
        """A copy of today's value, as the engine's tensor."""
        held = self._store.detach()
        return (held.t() if self._turned else held).clone()

    @property
    def linked(self) -> Any:
        """The store itself, in the engine's graph."""
        return self._store.t() if self._turned else self._store

    def read(self) -> Tensor:
        """Return the tensor of today's value, which tapes that watch the variable know to be its."""
        if HERE.attached:
            return Tensor(self.linked)
        made = Tensor(self.raw)
        for tape in HERE.tapes:
            if tape.sees(self):
                tape.add(Entry((self,), (made,), _passed_on))
        return made

    @property
    def name(self) -> str:
        """What it is called."""
        return self._called if self._path else f"{self._called}:0"

    @property
    def path(self) -> str:
        """What it is called within its model."""
        return self._path or self._called

    def value(self) -> Tensor:
        """Return the tensor of today's value."""
        return self.read()

    def read_value(self) -> Tensor:
        """Return the tensor of today's value."""
        return self.read()

    def assign(self, value: Any, use_locking: bool = False, name: str | None = None) -> Variable:
        """Change the value; return the variable.

        Raises:
            ValueError: a tensor of another dtype, or a value of another shape.
            TypeError: a number that the dtype does not hold.
        """
        return self._put(self._accepted(value))

    def assign_add(self, delta: Any, use_locking: bool = False, name: str | None = None) -> Variable:
        """Add to the value; return the variable."""
        return self._put(self.raw + self._accepted(delta))

    def assign_sub(self, delta: Any, use_locking: bool = False, name: str | None = None) -> Variable:
        """Subtract from the value; return the variable."""
        return self._put(self.raw - self._accepted(delta))

    def _accepted(self, value: Any) -> Any:
        dtype = self.dtype
        if isinstance(value, Value):
            if dtype_of(value.raw) != dtype:
                raise ValueError(
                    f"Tensor conversion requested dtype {dtype.name} for Tensor with dtype "
                    f"{dtype_of(value.raw).name}: {value!r}; tf.cast converts it"
                )
            raw = value.raw
        else:
            raw = raw_of(value, dtype)
        if tuple(raw.shape) != tuple(self.shape):
            raise ValueError(
                f"Cannot assign value to variable '{self.name}': Shape mismatch. The variable shape "
                f"{self.shape}, and the assigned value shape {tuple(raw.shape)} are incompatible."
            )
        return raw

    def _put(self, raw: Any) -> Variable:
        with torch.no_grad():
            self._store.copy_(raw.t() if self._turned else raw)
        return self

    def __copy__(self) -> Variable:
        return self.__deepcopy__({})

    def __deepcopy__(self, memo: Any) -> Variable:
        made = type(self).__new__(type(self))
        store = _stored(self._store.detach(), self.trainable)
        made._keep(store, self._turned, self.trainable, self._called, self._path)
        return made

    def __repr__(self) -> str:
        array: np.ndarray[Any, Any] = self.raw.numpy()
        if self._path:
            text = shown(array, False).lstrip("\n")
            return (
                f"<Variable path={self._path}, shape={self.shape}, dtype={self.dtype.name}, value={text}>"
            )
        return (
            f"<tf.Variable {self.name!r} shape={self.shape} dtype={self.dtype.name}, "
            f"numpy={shown(array, True)}>"
        )

    # -- what changes in place is refused --------------------------------------------------

    def __iadd__(self, other: Any) -> Variable:
        raise _in_place("+=", "assign_add", "+")

    def __isub__(self, other: Any) -> Variable:
        raise _in_place("-=", "assign_sub", "-")

    def __imul__(self, other: Any) -> Variable:
        raise _in_place("*=", "assign(variable * value)", "*")

    def __itruediv__(self, other: Any) -> Variable:
        raise _in_place("/=", "assign(variable / value)", "/")


Variable.__name__ = Variable.__qualname__ = "ResourceVariable"  # what programs print of `type(v)`


def _stored(raw: Any, trainable: bool) -> Any:
    floating = raw.dtype.is_floating_point
    return torch.nn.Parameter(raw.clone(), requires_grad=trainable and floating)


def _in_place(sign: str, method: str, plain: str) -> RuntimeError:
    called = method if "(" in method else f"{method}(value)"
    return RuntimeError(
        f"`variable {sign} value` with `tf.Variable`s is not supported. Use `variable.{called}` to "
        f"modify the "
        f"variable, or `out = variable {plain} value` if you need to get a new output Tensor."
    )
