"""Every shape of a program from its inputs', before any number: values, and the gradients beside them.

Enters: a program and its inputs' sizes, numbers or symbols. Leaves: a `Shapes`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ..errors import OptionError, UnknownNameError, did_you_mean, quoted
from ..frozen import FrozenDict
from ..language import Program, canonical_name, shown_name
from ..ops.sizes import Shape
from ..sentences import said
from .array_building import build_array_graph
from .array_graph import ArrayGraph, is_target

__all__ = ["Shapes", "gradient_name", "holds_labels", "shape_table", "shapes_of", "sizes_given"]

_SYMBOL = re.compile(r"[A-Za-z]\w*\Z")
_GRADIENT = re.compile(r"[d∂]\s*(?P<of>[^/]*?)\s*/\s*[d∂]\s*(?P<wrt>.+)\Z")


class _Unknown(UnknownNameError, KeyError):
    """A name that has no shape, where a mapping raises KeyError."""


class Shapes(FrozenDict[str, Shape]):
    """The shape of each name; `shapes["dL/dW"]` is that of a gradient, `.gradients` has them all.

    A gradient has its value's shape. Labels, masks and class weights have none.
    """

    __slots__ = ("gradients", "output")

    gradients: FrozenDict[str, Shape]
    output: str

    def __init__(
        self, values: Mapping[str, Shape], gradients: Mapping[str, Shape], output: str
    ) -> None:
        super().__init__(values)
        self.gradients = FrozenDict(gradients)
        self.output = output

    def __reduce__(self) -> tuple[type[Any], tuple[Any, ...]]:
        return type(self), (dict(self), self.gradients, self.output)

    def __missing__(self, key: object) -> Shape:
        typed = _GRADIENT.match(key) if isinstance(key, str) else None
        if typed is None:
            name = canonical_name(key) if isinstance(key, str) else ""
            if name in self:
                return self[name]
            hint = did_you_mean(str(key), self) or said("there are: {names}", names=", ".join(self))
            raise _Unknown(said("nothing is called {name}; {hint}", name=quoted(str(key)), hint=hint))
        of, wrt = canonical_name(typed["of"]), canonical_name(typed["wrt"])
        if of and of != self.output:
            raise _Unknown(
                said("gradients are those of {output}, not of {name}", output=quoted(self.output),
                     name=quoted(of))
            )  # fmt: skip
        if wrt in self.gradients:
            return self.gradients[wrt]
        if wrt in self:
            raise _Unknown(
                said("{name} takes no gradient: it holds labels, a mask or class weights, or is made of "
                     "constants", name=quoted(wrt))
            )  # fmt: skip
        return self[wrt]


def shape_table(program: Program, given: Mapping[str, tuple[int | str, ...]]) -> Shapes:
    """Return the shape of every name, and of every gradient.

    Raises:
        OptionError: a size that is neither a whole number from 1 on nor a symbol.
        ShapeError: operands that do not fit, all at once.
    """
    return shapes_of(build_array_graph(program, sizes_given(given)))


def sizes_given(given: Mapping[str, tuple[int | str, ...]]) -> dict[str, Shape]:
    """Return inputs' shapes by canonical name.

    Raises:
        OptionError: a size that is neither a whole number from 1 on nor a symbol.
    """
    sizes: dict[str, Shape] = {}
    for name, shape in given.items():
        whole = tuple(shape)
        for size in whole:
            if isinstance(size, bool) or not (
                (isinstance(size, int) and size > 0) or _SYMBOL.match(str(size))
            ):
                raise OptionError(
                    said("a size of {name} is a whole number or a symbol, not {size}",
                         name=quoted(name), size=quoted(repr(size)))
                )  # fmt: skip
        sizes[canonical_name(name)] = whole
    return sizes


def shapes_of(graph: ArrayGraph) -> Shapes:
    """Return the shape of every name of a graph, and of every gradient."""
    named = [(i, node) for i, node in enumerate(graph.nodes) if node.named]
    values = {node.name: graph.shapes[i] for i, node in named}
    gradients = {
        node.name: graph.shapes[i] for i, node in named if graph.varies[i] and not holds_labels(graph, i)
    }
    return Shapes(values, gradients, graph.nodes[graph.output].name)


def holds_labels(graph: ArrayGraph, place: int) -> bool:
    """Return whether a node only says what is wanted, one label for each row of scores."""
    uses = graph.uses[place]
    return bool(uses) and all(
        is_target(graph.nodes[use.target], use.slot)
        and graph.shapes[place] != graph.shapes[graph.nodes[use.target].operands[0]]
        for use in uses
    )


def gradient_name(shapes: Shapes, name: str) -> str:
    """Return what a gradient is called: `∂L/∂W₁`; of an output that is no single number `∂/∂W₁`."""
    of = "" if shapes.get(shapes.output) else shown_name(shapes.output)
    return f"∂{of}/∂{shown_name(name)}"
