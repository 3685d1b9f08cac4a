"""Stands for PyDyNet while its tests run: NumPy's names and promotion on the engine's tensors."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from backprop_tutor import engine


class Tensor:
    """A tensor with PyDyNet's attributes: `data` and `grad` are arrays."""

    def __init__(self, data: Any, dtype: Any = None, requires_grad: bool = False) -> None:
        if isinstance(data, engine.Tensor):
            self.held = data
        else:
            self.held = engine.from_numpy(np.array(data, dtype))
            if requires_grad:
                self.held.requires_grad_()

    @property
    def data(self) -> Any:
        return self.held.detach().numpy()

    @property
    def grad(self) -> Any:
        return None if self.held.grad is None else self.held.grad.numpy()

    @property
    def shape(self) -> tuple[int, ...]:
        return tuple(self.held.shape)

    @property
    def dtype(self) -> Any:
        return self.data.dtype

    def backward(self, retain_graph: bool = False) -> None:
        if self.held.numel() != 1:
            raise ValueError("backward wants a scalar")
        self.held.backward(retain_graph=retain_graph)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or name == "held" or name not in globals():
            raise AttributeError(name)
        return lambda *a, **k: globals()[name](self, *a, **k)


def _plain(x: Any) -> Any:
    return x.held if isinstance(x, Tensor) else x


def _one(function: Callable[..., Any]) -> Callable[..., Tensor]:
    return lambda x, *a: Tensor(function(_plain(x), *a))


def _two(function: Callable[..., Any]) -> Callable[..., Tensor]:
    """Return a function of two operands, brought to NumPy's common dtype first."""

    def operate(a: Any, b: Any) -> Tensor:
        arrays = [x.data if isinstance(x, Tensor) else x for x in (a, b)]
        common = engine.from_numpy(np.empty(0, np.result_type(*arrays))).dtype
        return Tensor(
            function(
                *(
                    x.held.to(common) if isinstance(x, Tensor) else engine.tensor(x, dtype=common)
                    for x in (a, b)
                )
            )
        )

    return operate


def _over(name: str) -> Callable[..., Tensor]:
    def reduce(x: Any, axis: Any = None, keepdims: bool = False) -> Tensor:
        return Tensor(getattr(engine, name)(_plain(x), axis, keepdim=keepdims))

    return reduce


add, sub, mul, div, pow = (
    _two(f) for f in (engine.add, engine.sub, engine.mul, engine.div, engine.pow)
)
maximum, minimum, matmul = (_two(f) for f in (engine.maximum, engine.minimum, engine.matmul))
abs, exp, log, sign, sigmoid, tanh, sqrt, square = (
    _one(f)
    for f in (
        engine.abs,
        engine.exp,
        engine.log,
        engine.sign,
        engine.sigmoid,
        engine.tanh,
        engine.sqrt,
        engine.square,
    )
)
sum, mean, argmax, argmin = (_over(n) for n in ("sum", "mean", "argmax", "argmin"))


def max(x: Any, axis: Any = None, keepdims: bool = False) -> Tensor:
    """Return the largest element over dimensions."""
    return Tensor(_plain(x).amax(() if axis is None else axis, keepdim=keepdims))


def min(x: Any, axis: Any = None, keepdims: bool = False) -> Tensor:
    """Return the smallest element over dimensions."""
    return Tensor(_plain(x).amin(() if axis is None else axis, keepdim=keepdims))


def reshape(x: Any, shape: Any) -> Tensor:
    """Return the elements in another shape."""
    return Tensor(_plain(x).reshape(shape))


def transpose(x: Any, axes: Any = None) -> Tensor:
    """Return the tensor with its dimensions in another order, without `axes` in the reverse one."""
    held = _plain(x)
    return Tensor(held.permute(tuple(range(held.ndim))[::-1] if axes is None else axes))


def swapaxes(x: Any, first: int, second: int) -> Tensor:
    """Return the tensor with two dimensions exchanged."""
    return Tensor(_plain(x).transpose(first, second))


def unsqueeze(x: Any, axis: Any) -> Tensor:
    """Return the tensor with dimensions of size 1 put in at places of the result."""
    held = _plain(x)
    for place in sorted([axis] if isinstance(axis, int) else axis):
        held = held.unsqueeze(place)
    return Tensor(held)


def squeeze(x: Any, axis: Any = None) -> Tensor:
    """Return the tensor without dimensions of size 1."""
    return Tensor(_plain(x).squeeze() if axis is None else _plain(x).squeeze(axis))


def split(x: Any, parts: Any, axis: int = 0) -> list[Tensor]:
    """Return so many equal parts, or the parts between places."""
    return [Tensor(t) for t in _plain(x).tensor_split(parts, axis)]


def concat(parts: Any, axis: int = 0) -> Tensor:
    """Return tensors one behind the other."""
    return Tensor(engine.cat([_plain(p) for p in parts], axis))


for _name, _function in {
    "add": add,
    "sub": sub,
    "mul": mul,
    "truediv": div,
    "pow": pow,
    "matmul": matmul,
}.items():
    setattr(Tensor, f"__{_name}__", lambda self, other, f=_function: f(self, other))
    setattr(Tensor, f"__r{_name}__", lambda self, other, f=_function: f(other, self))
