"""The value that a function sees while it is differentiated: a tensor of the engine with NumPy's manners.

Calls nest: while one is under way, what an inner one gives stays a `Box`, so that the outer one
differentiates through it.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from backprop_tutor import engine
from benchmarks.shims.not_offered import NotOffered

depth = [0]  # differentiations under way


class Box:
    """A tensor that counts as an array; what it has is found among `autograd.numpy`'s functions."""

    __slots__ = ("held",)
    __hash__ = object.__hash__

    def __init__(self, held: Any) -> None:
        self.held = held

    @property
    def shape(self) -> tuple[int, ...]:
        return tuple(self.held.shape)

    @property
    def ndim(self) -> int:
        return int(self.held.ndim)

    @property
    def size(self) -> int:
        return int(self.held.numel())

    @property
    def dtype(self) -> Any:
        return self.held.detach().numpy().dtype

    @property
    def T(self) -> Any:
        return _function("transpose")(self)

    def __len__(self) -> int:
        return len(self.held)

    def __iter__(self) -> Iterator[Any]:
        return iter([Box(t) for t in self.held.unbind(0)])

    def __getitem__(self, key: Any) -> Any:
        return Box(self.held[_key(key)])

    def __bool__(self) -> bool:
        return bool(self.held)

    def __int__(self) -> int:
        return int(self.held)

    def __float__(self) -> float:
        return float(self.held)

    __index__ = __int__

    def astype(self, kind: Any) -> Any:
        return Box(self.held.to(engine.from_numpy(np.empty(0, kind)).dtype))

    def flatten(self) -> Any:
        return Box(self.held.flatten())

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        function = _function(name)
        return lambda *a, **k: function(self, *a, **k)

    def __array_ufunc__(self, ufunc: Any, method: str, *operands: Any, **options: Any) -> Any:
        if method != "__call__" or options:
            raise NotOffered(f"{ufunc.__name__}.{method}: not on a value that is differentiated")
        return _function(ufunc.__name__)(*operands)


def _function(name: str) -> Any:
    import autograd.numpy  # loaded here: its functions are made of boxes

    return getattr(autograd.numpy, name)


def _key(key: Any) -> Any:
    """Return a key of an array as the engine takes it."""
    if isinstance(key, tuple):
        return tuple(_key(k) for k in key)
    if isinstance(key, slice) and key.step is not None and key.step < 0:
        raise NotOffered("slices with a negative step: PyTorch refuses them")
    return key.held if isinstance(key, Box) else key


def to_tensor(x: Any) -> Any:
    """Return an operand as the engine takes it: numbers stay, arrays become tensors."""
    if isinstance(x, Box):
        return x.held
    if isinstance(x, np.generic):
        x = x.item()
    if isinstance(x, complex) or (
        isinstance(x, np.ndarray) and x.dtype.kind in "cgG" and x.dtype != np.float64
    ):
        raise NotOffered("complex and longer numbers: the engine has none")
    return engine.from_numpy(np.array(x)) if isinstance(x, np.ndarray) else x


def boxes_in(x: Any) -> bool:
    """Return whether something holds a box."""
    if isinstance(x, (list, tuple)):
        return any(boxes_in(e) for e in x)
    if isinstance(x, dict):
        return any(boxes_in(e) for e in x.values())
    return isinstance(x, Box)


def leaves(x: Any) -> list[Any]:
    """Return the numbers, arrays and boxes of nested containers in order."""
    if isinstance(x, (list, tuple)):
        return [n for e in x for n in leaves(e)]
    if isinstance(x, dict):
        return [n for k in sorted(x) for n in leaves(x[k])]
    return [x]


def rebuilt(x: Any, parts: Iterator[Any]) -> Any:
    """Return containers like x with other leaves."""
    if isinstance(x, (list, tuple)):
        found = [rebuilt(e, parts) for e in x]
        return type(x)(*found) if hasattr(x, "_fields") else type(x)(found)
    if isinstance(x, dict):
        found = {k: rebuilt(x[k], parts) for k in sorted(x)}
        return type(x)({k: found[k] for k in x})
    return next(parts)


def boxed(x: Any) -> tuple[Any, list[Any]]:
    """Return a value as boxes to differentiate along, and their tensors."""
    tensors = []
    for leaf in leaves(x):
        if isinstance(leaf, Box):
            held = leaf.held if leaf.held.requires_grad else leaf.held.clone().requires_grad_()
            tensors.append(held.clone() if held is leaf.held else held)
            continue
        array = np.asarray(leaf)
        if array.dtype.kind not in "fiub" or array.dtype.itemsize > 8:
            raise NotOffered("complex and longer numbers: the engine has none")
        tensors.append(
            engine.from_numpy(np.array(array, array.dtype if array.dtype.kind == "f" else float))
        )
        tensors[-1].requires_grad_()
    return rebuilt(x, iter([Box(t) for t in tensors])), tensors


def opened(x: Any) -> Any:
    """Return a result as users hold it: plain when no other differentiation is under way."""
    if depth[0]:
        return x
    arrays = [leaf.held.detach().numpy() if isinstance(leaf, Box) else leaf for leaf in leaves(x)]
    return rebuilt(
        x, iter([a[()] if isinstance(a, np.ndarray) and a.ndim == 0 else a for a in arrays])
    )


def tensors_of(x: Any) -> list[Any]:
    """Return the leaves of a result as tensors, numbers too."""
    return [
        leaf.held if isinstance(leaf, Box) else engine.tensor(np.asarray(leaf, float))
        for leaf in leaves(x)
    ]


def _binary(name: str, turned: bool) -> Callable[[Box, Any], Any]:
    function = getattr(operator, name)

    def operate(self: Box, other: Any) -> Any:
        if isinstance(other, (list, dict, str)):
            return NotImplemented
        a, b = to_tensor(self), to_tensor(other)
        out = function(b, a) if turned else function(a, b)
        return Box(out)

    return operate


for _name in ("add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "matmul"):
    setattr(Box, f"__{_name}__", _binary(_name, False))
    setattr(Box, f"__r{_name}__", _binary(_name, True))
for _name in ("eq", "ne", "lt", "le", "gt", "ge"):
    setattr(Box, f"__{_name}__", _binary(_name, False))
Box.__neg__ = lambda self: Box(-self.held)  # type: ignore[attr-defined]
Box.__abs__ = lambda self: Box(abs(self.held))  # type: ignore[attr-defined]
