"""What a cell asks about matrices: all of `dL/dW1`, one entry `dL/dW1[0,2]`, or `shape(dL/dW1)`.

Enters: the text of a quantity and a graph whose nodes have shapes. Leaves: a `Quantity` with a part, and
its true array, entry or shape.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from ...errors import OptionError, UnknownNameError, quoted
from ...graph import Graph
from ...matrices.array_graph import ArrayGraph, is_target, record_of
from ...ops.sizes import shown as shape_shown
from ...sentences import said
from ...steps import Derivation
from .quantity_record import Quantity

__all__ = ["array_quantity", "asked_of_all", "true_array", "whole_shape"]

Parse = Callable[[str, Graph], Quantity]

_SHAPE = re.compile(r"\s*shape\s*\((?P<of>.*)\)\s*\Z|(?P<before>.*[^\s.])\s*\.\s*shape\s*\Z", re.DOTALL)
_ENTRY = re.compile(r"(?P<of>.*?)\s*(?P<at>(?:\[[^\[\]]*\]\s*)+)\Z", re.DOTALL)
_PLACES = re.compile(r"\s*\d{1,9}\s*(?:,\s*\d{1,9}\s*)*\Z")


def array_quantity(text: str, graph: ArrayGraph, parse: Parse) -> Quantity | None:
    """Return the entry or the shape that a text asks for; None where it asks for neither.

    Raises:
        UnknownNameError: a place outside the array, or no place.
    """
    shape = _SHAPE.match(text)
    if shape:
        inner = parse(shape["of"] if shape["of"] is not None else shape["before"], graph)
        if inner.part:
            raise UnknownNameError(said("{given}: a shape is that of a whole array", given=quoted(text)))
        return replace(inner, part="shape", text=f"shape({inner.text})")
    entry = _ENTRY.match(text)
    if not entry:
        return None
    inner = parse(entry["of"], graph)
    if inner.part:
        raise UnknownNameError(
            said("{given}: an entry is one of an array, as W[0,2]", given=quoted(text))
        )
    at = _place(text, entry["at"])
    sizes = whole_shape(inner, graph)
    if len(at) != len(sizes) or any(i >= n for i, n in zip(at, sizes, strict=True)):
        counted = said("; places are counted from 0") if len(at) == len(sizes) else ""
        raise UnknownNameError(
            said(
                "{given}: {name} is {shape} and has no such entry",
                given=quoted(text), name=inner.text, shape=shape_shown(sizes),
            )
            + counted
        )
    return replace(inner, part="entry", entry=at, text=f"{inner.text}[{','.join(map(str, at))}]")


def _place(text: str, brackets: str) -> tuple[int, ...]:
    """Return `[0, 2]` or `[0][2]` as a place."""
    found: list[int] = []
    for part in re.findall(r"\[([^\[\]]*)\]", brackets):
        if not _PLACES.match(part):
            raise UnknownNameError(
                said(
                    "{given}: {place} is no place; an entry is written as W[0,2], counted from 0",
                    given=quoted(text), place=quoted(part),
                )
            )
        found += [int(number) for number in part.split(",")]
    return tuple(found)


def whole_shape(quantity: Quantity, graph: ArrayGraph) -> tuple[int, ...]:
    """Return the shape of the array that a quantity is, or is a part of."""
    place = quantity.source if quantity.source >= 0 else quantity.node
    shape: Any = graph.shapes[place]
    return tuple(int(size) for size in shape)


def asked_of_all(graph: Graph, place: int) -> bool:
    """Return whether "all gradients" asks for a node's: not for labels and masks, nor for targets."""
    if not isinstance(graph, ArrayGraph):
        return True
    uses = [use for use in graph.uses[place] if graph.relevant[use.target]]
    return graph.varies[place] and any(
        not is_target(graph.nodes[use.target], use.slot) for use in uses
    )


def true_array(derivation: Derivation, quantity: Quantity, lr: Any = None) -> Any:
    """Return the right answer: an array, a number for an entry, sizes for a shape.

    Raises:
        OptionError: `new(W)` without a learning rate, a gradient that labels or masks do not have, a local
            gradient of an operation that mixes entries.
    """
    graph: Any = derivation.graph_table
    if quantity.part == "shape":
        return whole_shape(quantity, graph)
    found = np.asarray(_whole(derivation, quantity, lr))
    if quantity.part == "entry":
        return float(found[quantity.entry])
    return found


def _whole(derivation: Derivation, quantity: Quantity, lr: Any) -> Any:
    place = quantity.node
    if quantity.kind == "value":
        return derivation.numbers[place]
    if quantity.kind in ("gradient", "new"):
        gradient = derivation.upstreams[place]
        if gradient is None:
            name = derivation.graph_table.nodes[place].name
            raise OptionError(
                said(
                    "{given}: {name} takes no gradient: it holds labels, a mask or class weights, or is "
                    "made of constants",
                    given=quantity.text, name=name,
                )
            )
        if quantity.kind == "gradient":
            return gradient
        if lr is None:
            raise OptionError(said("{given} needs a learning rate: give lr=…", given=quantity.text))
        return np.asarray(derivation.numbers[place]) - float(lr) * np.asarray(gradient)
    edge = derivation.contributions.get((quantity.source, place, quantity.slot))
    source = derivation.graph_table.nodes[quantity.source].name
    if edge is None:
        raise OptionError(
            said("{given}: no gradient passes to {name}", given=quantity.text, name=source)
        )
    if quantity.kind == "down":
        return edge.downstream
    node = derivation.graph_table.nodes[place]
    if record_of(node) is not None:
        raise OptionError(
            said(
                "{given}: the operation mixes entries, so its slope is no array; ask "
                "down({target}, {name})",
                given=quantity.text, target=node.name, name=source,
            )
        )
    upstream: Any = edge.upstream
    return np.broadcast_to(np.asarray(edge.local), np.shape(upstream))
