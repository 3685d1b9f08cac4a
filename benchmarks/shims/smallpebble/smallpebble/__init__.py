"""Stands for SmallPebble while its tests run: functions on `Variable`, gradients as a mapping."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from backprop_tutor import engine
from benchmarks.shims.not_offered import Missing

F = engine.nn.functional
conv2d = Missing("conv2d", "the engine has no convolutions")
maxpool2d = Missing("maxpool2d", "the engine has no pooling")


class Variable:
    """A tensor with SmallPebble's operators; a leaf is made from an array."""

    def __init__(self, array: Any) -> None:
        made = isinstance(array, engine.Tensor)
        held = array if made else engine.from_numpy(np.array(array))
        if not made and not held.dtype.is_floating_point:
            held = held.to(engine.float64)
        self.held = held if made else held.requires_grad_()
        self.leaves = () if made else (self,)

    @property
    def array(self) -> Any:
        return self.held.detach().numpy()

    @array.setter
    def array(self, value: Any) -> None:
        self.held = engine.from_numpy(np.array(value)).requires_grad_()

    def __getitem__(self, key: Any) -> Variable:
        return getitem(self, key)

    def __neg__(self) -> Variable:
        return _neg(self)


def _applied(function: Callable[..., Any]) -> Callable[..., Variable]:
    """Return a function of the engine on variables; the result knows which leaves it came from."""

    def apply(*given: Any) -> Variable:
        made = Variable(function(*(v.held if isinstance(v, Variable) else v for v in given)))
        found = {id(n): n for v in given if isinstance(v, Variable) for n in v.leaves}
        made.leaves = tuple(found.values())
        return made

    return apply


def _set(a: Any, key: Any, b: Any) -> Any:
    made = a.clone()
    made[_key(key)] = b
    return made


def _key(key: Any) -> Any:
    return (
        tuple(list(p) if isinstance(p, tuple) else p for p in key)
        if isinstance(key, tuple)
        else key
    )


def _padded(a: Any, widths: Any) -> Any:
    for d, (before, after) in enumerate(widths):
        ends = [
            engine.zeros(*a.shape[:d], n, *a.shape[d + 1 :], dtype=a.dtype) for n in (before, after)
        ]
        a = engine.cat([ends[0], a, ends[1]], d)
    return a


def _widened(a: Any, axes: Any) -> Any:
    for axis in sorted([axes] if isinstance(axes, int) else axes):
        a = a.unsqueeze(axis)
    return a


add, sub, mul, div, matmul = (
    _applied(f) for f in (engine.add, engine.sub, engine.mul, engine.div, engine.matmul)
)
exp, log, square, _neg = (_applied(f) for f in (engine.exp, engine.log, engine.square, engine.neg))
add_at = _applied(lambda a, key, b: a.index_put((engine.as_tensor(key),), b, accumulate=True))
expand_dims = _applied(_widened)
getitem = _applied(lambda a, key: a[_key(key)])
leaky_relu = _applied(F.leaky_relu)
matrix_transpose = _applied(lambda a: a.mT)
maxax = _applied(lambda a, axis: a.amax(axis, keepdim=True))
pad = _applied(_padded)
reshape = _applied(lambda a, shape: a.reshape(shape))
setat = _applied(_set)
softmax = _applied(lambda a, axis=-1: F.softmax(a, axis))
sum = _applied(lambda a, axis=None: a.sum(axis))
where = _applied(lambda mask, a, b: engine.where(engine.as_tensor(mask), a, b))

for _name, _function in {
    "add": add,
    "sub": sub,
    "mul": mul,
    "truediv": div,
    "matmul": matmul,
}.items():
    setattr(Variable, f"__{_name}__", lambda self, other, f=_function: f(self, other))


def get_gradients(variable: Variable) -> dict[Variable, Any]:
    """Return the gradient of a variable's sum for each leaf it came from."""
    wanted = list(variable.leaves)
    found = engine.autograd.grad(variable.held.sum(), [v.held for v in wanted], allow_unused=True)
    return {v: g.numpy() for v, g in zip(wanted, found, strict=True) if g is not None}


class Placeholder:
    """A value that is given later."""

    def __init__(self) -> None:
        self.value: Any = None
        self.arguments: tuple[Any, ...] = ()

    def assign_value(self, value: Any) -> None:
        """Give the value."""
        self.value = value

    def run(self) -> Any:
        """Return the value."""
        return self.value


class Lazy:
    """A function that runs when it is asked to."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self.function = function
        self.arguments: tuple[Any, ...] = ()

    def __call__(self, *arguments: Any) -> Lazy:
        self.arguments = arguments
        return self

    def run(self) -> Any:
        """Return the function's value."""
        return self.function(
            *(a.run() if isinstance(a, (Lazy, Placeholder)) else a for a in self.arguments)
        )


def learnable(variable: Variable) -> Variable:
    """Mark a variable as a parameter."""
    variable.learnable = True
    return variable


def get_learnables(node: Any) -> list[Variable]:
    """Return the parameters below a node, in the order in which they are met."""
    if isinstance(node, Variable):
        return [node] if getattr(node, "learnable", False) else []
    return [v for a in node.arguments for v in get_learnables(a)]


def _step(optimizer: Any, variables: list[Variable], gradients: Any) -> None:
    for v in variables:
        v.held.grad = engine.from_numpy(np.array(gradients[v]))
    optimizer.step()


class Adam:
    """Adam, made for the variables of its first step."""

    def __init__(self, alpha: float = 0.001) -> None:
        self.alpha, self.inner = alpha, None

    def training_step(self, variables: list[Variable], gradients: Any) -> None:
        """Move the variables by their gradients."""
        if self.inner is None:
            self.inner = engine.optim.Adam([v.held for v in variables], lr=self.alpha)
        _step(self.inner, variables, gradients)


def sgd_step(variables: list[Variable], gradients: Any, learning_rate: float = 0.001) -> None:
    """Move the variables down their gradients."""
    _step(engine.optim.SGD([v.held for v in variables], lr=learning_rate), variables, gradients)
