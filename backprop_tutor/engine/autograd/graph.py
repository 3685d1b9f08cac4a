"""Names for the parts of a recorded graph."""

from __future__ import annotations

from typing import Any

from ..tape import AccumulateGrad, Node, Tensor, accumulator

__all__ = ["AccumulateGrad", "GradientEdge", "Node", "get_gradient_edge"]


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


def get_gradient_edge(tensor: Tensor) -> GradientEdge:
    """Return the edge along which the tensor's gradient goes."""
    if not tensor.requires_grad:
        raise RuntimeError(
            "It is not possible to get the gradient edge for a Tensor that does not require gradients"
        )
    node = tensor.grad_fn
    return GradientEdge((accumulator(tensor) if node is None else node, tensor.output_nr))
