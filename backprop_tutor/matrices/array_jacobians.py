"""The Jacobian of outputs that are arrays: one backward pass an entry, each an array beside the other.

Enters: a derivation's graph and values, and names. Leaves: ∂of/∂wrt, in the shape of `of`, then of `wrt`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..asked import name_of, names_of
from ..errors import OptionError, UnknownNameError, did_you_mean, quoted
from ..frozen import FrozenDict
from ..language import canonical_name
from ..sentences import said
from .array_graph import ArrayGraph
from .array_pass import back, forward
from .given import MOST_ENTRIES

__all__ = ["ArrayJacobian", "array_jacobian"]


@dataclass(frozen=True, slots=True, eq=False)
class ArrayJacobian:
    """∂of/∂wrt at one point; each block has the shape of its output, then that of its input.

    Attributes:
        of, wrt: names of the outputs and of the nodes differentiated along.
        values: the blocks by (of, wrt).
    """

    of: tuple[str, ...]
    wrt: tuple[str, ...]
    values: Mapping[tuple[str, str], Any]

    def __getitem__(self, key: tuple[str, str]) -> Any:
        """Return one block: `jacobian["y", "x"]`.

        Raises:
            UnknownNameError: a name that is no output and no input of it.
        """
        named = []
        for given, names in zip(key, (self.of, self.wrt), strict=True):
            name = canonical_name(name_of(given, "name"))
            if name not in names:
                hint = did_you_mean(name, names) or said("there are: {names}", names=", ".join(names))
                raise UnknownNameError(
                    said("the Jacobian has no {name}; {hint}", name=quoted(name), hint=hint)
                )
            named.append(name)
        return self.values[named[0], named[1]]

    def __repr__(self) -> str:
        blocks = ", ".join(f"∂{of}/∂{wrt} {value.shape}" for (of, wrt), value in self.values.items())
        return f"<Jacobian of arrays: {blocks}>"


def array_jacobian(
    base: ArrayGraph, at: Mapping[str, Any], of: str | Iterable[str], wrt: str | Iterable[str] | None
) -> ArrayJacobian:
    """Return the Jacobian of arrays of a program; along all inputs with a gradient if `wrt` is None.

    Raises:
        UnknownNameError: a name that the program does not have, or one without a gradient.
        OptionError: no name, or more entries than are held.
    """
    outputs = names_of(of, "of")
    if not outputs:
        raise OptionError(said("`{what}` lists no name", what="of"))
    columns = _columns(base, wrt)
    numbers = forward(base, at, [])
    blocks: dict[tuple[str, str], Any] = {}
    for name in outputs:
        place = base.find(name)
        own = base.nodes[place].name
        graph = ArrayGraph(base.program, base.nodes, place, base.shapes)
        shape: Any = base.shapes[place]
        for column in columns:
            along: Any = base.shapes[base.index[column]]
            _refuse_too_many(own, column, shape, along)
            blocks[own, column] = np.zeros((*shape, *along))
        for entry in np.ndindex(*shape):
            seed = np.zeros(shape)
            seed[entry] = 1.0
            gradients, _ = back(graph, numbers, seed, [])
            for column in columns:
                found = gradients[base.index[column]]
                if found is not None:
                    blocks[own, column][entry] = found
    for block in blocks.values():
        block.flags.writeable = False
    named = tuple(base.nodes[base.find(name)].name for name in outputs)
    return ArrayJacobian(named, columns, FrozenDict(blocks))


def _columns(graph: ArrayGraph, wrt: str | Iterable[str] | None) -> tuple[str, ...]:
    if wrt is None:
        return tuple(name for name in graph.inputs if graph.varies[graph.index[name]])
    places = [graph.find(name) for name in names_of(wrt, "wrt")]
    if not places:
        raise OptionError(said("`{what}` lists no name", what="wrt"))
    for place in places:
        if not graph.varies[place]:
            name = graph.nodes[place].name
            raise UnknownNameError(said("no gradient passes to {name}", name=quoted(name)))
    return tuple(graph.nodes[place].name for place in places)


def _refuse_too_many(of: str, wrt: str, shape: tuple[int, ...], along: tuple[int, ...]) -> None:
    count = int(np.prod((*shape, *along), dtype=object))
    if count > MOST_ENTRIES:
        raise OptionError(
            said("∂{of}/∂{wrt} has {count} entries; at most {most} are held", of=of, wrt=wrt,
                 count=f"{count:,}", most=f"{MOST_ENTRIES:,}")
        )  # fmt: skip
