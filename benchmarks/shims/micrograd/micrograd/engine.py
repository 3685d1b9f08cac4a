"""micrograd's scalar on one-element tensors of the engine, float64."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from backprop_tutor import engine


class Value:
    """A number with `data`, `grad`, arithmetic, `relu` and `backward`."""

    def __init__(self, data: Any) -> None:
        made = isinstance(data, engine.Tensor)
        self.held = (
            data if made else engine.tensor(float(data), dtype=engine.float64, requires_grad=True)
        )
        if made:
            self.held.retain_grad()

    @property
    def data(self) -> float:
        return float(self.held.item())

    @property
    def grad(self) -> float:
        return 0.0 if self.held.grad is None else float(self.held.grad.item())

    def relu(self) -> Value:
        return Value(self.held.relu())

    def __neg__(self) -> Value:
        return Value(-self.held)

    def backward(self) -> None:
        self.held.backward()


def _two(name: str) -> Callable[[Value, Any], Value]:
    def operate(self: Value, other: Any) -> Value:
        return Value(getattr(self.held, name)(other.held if isinstance(other, Value) else other))

    return operate


for _name in ("add", "sub", "mul", "truediv", "pow"):
    for _full in (f"__{_name}__", f"__r{_name}__"):
        setattr(Value, _full, _two(_full))
