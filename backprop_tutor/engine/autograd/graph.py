"""Names for the parts of a recorded graph."""

from __future__ import annotations

from typing import Any

from ..tape import AccumulateGrad, Node, Tensor, accumulator
from .saving_hooks import saved_tensors_hooks

__all__ = [
    "AccumulateGrad", "GradientEdge", "Node", "get_gradient_edge",
    "register_multi_grad_hook", "save_on_cpu",
    "saved_tensors_hooks",
]


def save_on_cpu(pin_memory: bool = False) -> saved_tensors_hooks:
    """Return a context that leaves what is saved where it is: it is on the CPU already."""
    return saved_tensors_hooks(lambda x: x, lambda x: x)


class GradientEdge(tuple[Any, int]):
    """Where a gradient goes: a node and the number of its output."""

    __slots__ = ()

    @property
    def node(self) -> Any:
        """The node."""
        return self[0]

    @property
    def output_nr(self) -> int:
        """Which output of the node."""
        return self[1]


class _Handles:
    """What removes several hooks at once."""

    def __init__(self, handles: list[Any]) -> None:
        self.handles = handles

    def remove(self) -> None:
        """Remove the hooks."""
        for each in self.handles:
            each.remove()

    def __enter__(self) -> _Handles:
        return self

    def __exit__(self, *exc: object) -> None:
        self.remove()


def register_multi_grad_hook(tensors: Any, fn: Any, *, mode: str = "all") -> _Handles:
    """Call `fn` once a backward pass has the gradients of all the tensors (or of any: the first).

    Raises:
        ValueError: another mode than "all" and "any".
    """
    if mode not in ("all", "any"):
        raise ValueError(f"Expects mode to be one of ('all', 'any') but got {mode}")
    wanted = list(tensors)
    arrived: dict[int, Any] = {}

    def hook(i: int, gradient: Any) -> None:
        if mode == "any":
            if not arrived:
                fn(gradient)
            arrived[i] = gradient
            if len(arrived) == len(wanted):
                arrived.clear()
            return
        arrived[i] = gradient
        if len(arrived) == len(wanted):
            found = [arrived[j] for j in range(len(wanted))]
            arrived.clear()
            fn(found)

    return _Handles([
        x.register_hook(lambda g, i=i: hook(i, g)) for i, x in enumerate(wanted)
    ])


def get_gradient_edge(tensor: Tensor) -> GradientEdge:
    """Return the edge along which the tensor's gradient goes."""
    if not tensor.requires_grad:
        raise RuntimeError(
            "It is not possible to get the gradient edge for a Tensor that does not require gradients"
        )
    node = tensor.grad_fn
    return GradientEdge((accumulator(tensor) if node is None else node, tensor.output_nr))
