"""Tensors that a module owns: `Parameter`, which is learnt, and `Buffer`, which is only kept.

Both are tensors in every respect; what sets them apart is that a module which gets one as an
attribute registers it.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..autograd.tape import Tensor, wrap
from ..functions.pairs import describe
from ..tensors.tensor import type_name

__all__ = ["Buffer", "Parameter", "require_tensor", "typename"]


def typename(given: Any) -> str:
    """Return the name of the kind of `given`, as messages say it.

    >>> typename(3), typename(wrap(np.zeros(1)))
    ('int', 'torch.DoubleTensor')
    """
    if isinstance(given, Tensor):
        return type_name(given._a)
    kind = given if isinstance(given, type) else type(given)
    if kind.__module__ in ("builtins", "__main__"):
        return kind.__qualname__
    return f"{kind.__module__}.{kind.__qualname__}"


def require_tensor(given: Any, place: str) -> None:
    """Refuse what is not a tensor.

    Raises:
        TypeError: `given` is something else; `place` says where it was given.
    """
    if not isinstance(given, Tensor):
        raise TypeError(f"{place} must be Tensor, not {describe(given)}")


class Parameter(Tensor):
    """A tensor that is learnt: a leaf that requires a gradient and registers itself in a module.

    It shares memory with `data`. Without `data` it is empty.

    Raises:
        AttributeError: `data` is not a tensor.
        RuntimeError: `data` is of a dtype that cannot require gradients.
    """

    def __new__(cls, data: Tensor | None = None, requires_grad: bool = True) -> Parameter:
        """Return a leaf that shares the data's memory."""
        if requires_grad and data is not None and data.detach()._a.dtype.kind != "f":
            raise RuntimeError(
                "Only Tensors of floating point and complex dtype can require gradients"
            )
        if data is None:
            data = wrap(np.empty(0, np.float32))
        made: Parameter = Tensor._make_subclass(cls, data.detach(), requires_grad)
        return made

    def __init__(self, data: Tensor | None = None, requires_grad: bool = True) -> None:
        """Do nothing more: `__new__` has made the tensor."""

    def __repr__(self, *, tensor_contents: None = None) -> str:
        return "Parameter containing:\n" + super().__repr__()

    def __deepcopy__(self, memo: dict[int, Any]) -> Parameter:
        if id(self) in memo:
            known: Parameter = memo[id(self)]
            return known
        copied = type(self)(wrap(self._a.copy(order="K")), self.requires_grad)
        memo[id(self)] = copied
        return copied

    def __reduce_ex__(self, protocol: Any) -> Any:
        return type(self), (wrap(self._a), self.requires_grad)


class Buffer(Tensor):
    """A tensor that registers itself as a module's buffer; `persistent` ones are in its state."""

    persistent: bool

    def __new__(cls, data: Tensor | None = None, *, persistent: bool = True) -> Buffer:
        """Return a tensor that shares the data's memory."""
        if data is None:
            data = wrap(np.empty(0, np.float32))
        made: Buffer = Tensor._make_subclass(cls, data.detach(), data.requires_grad)
        made.persistent = persistent
        return made

    def __init__(self, data: Tensor | None = None, *, persistent: bool = True) -> None:
        """Do nothing more: `__new__` has made the tensor."""
