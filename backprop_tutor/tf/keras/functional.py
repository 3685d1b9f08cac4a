"""The functional way, a model between inputs and outputs: what is computed, in which order.

Enters: what `Input` and layers called on it returned. Leaves: a graph that computes the outputs of tensors.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..structures import leaves_of, like
from .base import Layer, named_within
from .symbols import KerasTensor

__all__ = ["Graph"]


class Graph:
    """What leads from inputs to outputs, in an order in which it can be computed."""

    def __init__(self, inputs: Any, outputs: Any, name: str) -> None:
        self.inputs, self.outputs = inputs, outputs
        for kind, structure in (("inputs", inputs), ("outputs", outputs)):
            for each in leaves_of(structure):
                if not isinstance(each, KerasTensor) or (
                    kind == "inputs" and each.given is not None
                ):
                    makes = "Input(shape=...)" if kind == "inputs" else "layers called on an Input"
                    raise ValueError(
                        f"a model's {kind} are {type(each).__name__}; expected what {makes} returned"
                    )
        self.nodes: list[KerasTensor] = list(self._ordered())
        known = {id(each) for each in leaves_of(inputs)}
        for node in self.nodes:
            if node.given is None and id(node) not in known:
                raise ValueError(
                    f"the outputs depend on {node!r}, which is not among the inputs of the model"
                )
        self.layers: list[Layer] = []
        for layer in dict.fromkeys(node.layer for node in self.nodes):
            named_within(layer, self.layers, name)
            self.layers.append(layer)

    def _ordered(self) -> Iterator[KerasTensor]:
        """Yield the inputs, then each node after those it is computed from."""
        done: set[int] = set()
        waiting = [*reversed([*leaves_of(self.inputs), *leaves_of(self.outputs)])]
        while waiting:
            node = waiting[-1]
            missing = [each for each in _before(node) if id(each) not in done]
            if missing:
                waiting += reversed(missing)
                continue
            waiting.pop()
            if id(node) not in done:
                done.add(id(node))
                yield node

    @property
    def output_sizes(self) -> tuple[int, ...] | None:
        """The sizes of one sample's output, where there is one."""
        return self.outputs.sizes if isinstance(self.outputs, KerasTensor) else None

    @property
    def single(self) -> bool:
        """Whether there is one input and one output."""
        return all(isinstance(each, KerasTensor) for each in (self.inputs, self.outputs))

    def run(self, values: Any, training: bool) -> Any:
        """Return the outputs for tensors in the structure of the inputs.

        Raises:
            ValueError: other numbers of inputs, or an input of another shape.
        """
        given, wanted = list(leaves_of(values)), list(leaves_of(self.inputs))
        if len(given) != len(wanted):
            raise ValueError(f"the model has {len(wanted)} inputs; {len(given)} were given")
        found: dict[int, Any] = {}
        for value, node in zip(given, wanted, strict=True):
            if tuple(value.shape[1:]) != node.sizes:
                raise ValueError(
                    f"Invalid input shape for input {node.layer.name}. Expected shape {node.shape}, but "
                    f"input has incompatible shape {value.shape}"
                )
            found[id(node)] = value
        for node in self.nodes:
            if node.given is not None:
                arguments = like(node.given, lambda each: found[id(each)])
                options = {"training": training, **node.options}
                found[id(node)] = node.layer(arguments, *node.arguments, **options)
        return like(self.outputs, lambda each: found[id(each)])


def _before(node: KerasTensor) -> list[KerasTensor]:
    return [] if node.given is None else list(leaves_of(node.given))
