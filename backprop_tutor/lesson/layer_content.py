"""The scale of layers on a page of single numbers: a network's matrices, their frames, their numbers.

Enters: a derivation and the same at the scale of layers. Leaves: plain data, as `neuron_content` makes it.
Every step of the gates belongs to one step of the layers: that of the first matrix it leads to.
"""

from __future__ import annotations

import re
from typing import Any

from ..matrices.array_derivation import ArrayDerivation
from ..particles import agreed_text
from ..render.layers.array_names import ArrayNames
from ..render.layers.layer_steps import LayerStep
from ..render.layers.plate import LayersPlate
from ..render.layers.products import Factor, Product, backward_product, forward_product
from ..render.neurons.keys import Source
from ..render.stage.caption import Note, spoken_note
from ..scales import Entries
from ..steps import AccumulateStep, Derivation, ForwardStep, SeedStep
from .array_pictures import layer_pictures

__all__ = ["layer_scale"]


def layer_scale(
    derivation: Derivation, arrays: ArrayDerivation, entries: Entries, wide: LayersPlate,
    phone: LayersPlate,
) -> dict[str, Any]:  # fmt: skip
    """Return the scale of layers: steps, pictures, the numbers in them."""
    held = _held(derivation, arrays, entries, wide)
    places = _places(derivation, arrays, entries)
    names = ArrayNames(arrays, wide.parts, wide.arrangement.digits)
    found = {"pictures": layer_pictures(wide), "phone": layer_pictures(phone)}
    for pictures in found.values():
        pictures["figures"] = max(3, wide.arrangement.digits)
        for touch in pictures["touch"]:
            touch[0] = f"node-{_first(places, int(touch[0][5:]))}"
    return {
        "name": "layers",
        "steps": [
            _with_tables(
                _step(wide.notes[step.number], step.kind, step.number, held),
                [_product(each, names, places) for each in _products(arrays, wide, names, step)],
            )
            for step in wide.timeline.steps
        ],
        "keys": _keys(wide, places), **found,
    }  # fmt: skip


def _step(note: Note, kind: str, number: int, held: dict[int, list[int]]) -> dict[str, Any]:
    *_before, what = note.title.partition(" · ")
    return {
        "phase": kind, "gates": held.get(number, []), "title": agreed_text(what),
        "speech": agreed_text(spoken_note(note)),
        "row": [_found(note)],
        "plain": True, "lines": [["".join(run.text for run in line)] for line in note.lines],
        "rounded": [False for _ in note.lines], "reason": agreed_text(note.reason),
    }  # fmt: skip


def _with_tables(step: dict[str, Any], products: list[dict[str, Any]]) -> dict[str, Any]:
    """Return a step with its products as tables, which say the sum of an entry: its line is left out."""
    if not products:
        return step
    lines = [line for line in step["lines"] if not _ENTRY.match(line[0])]
    return step | {"lines": lines, "rounded": [False for _ in lines], "products": products}


_ENTRY = re.compile(r"[^=]*\[\d[^=]*=")


def _products(
    arrays: ArrayDerivation, plate: LayersPlate, names: ArrayNames, step: LayerStep
) -> list[Product]:
    """Return the products of matrices of a step that are small enough to be tables."""
    if step.gate is None:
        return []
    gate, parts = plate.parts.gates[step.gate], plate.parts
    if step.kind == "forward":
        found = [forward_product(arrays, parts, gate.number)]
    else:
        at = names.shown_at(gate.result)
        found = [backward_product(arrays, parts, gate.number, operand, at) for operand, _ in step.edges]
    return [each for each in found if each is not None and all(f.is_whole for f in each.factors)]


def _product(product: Product, names: ArrayNames, places: Places) -> dict[str, Any]:
    """Return a product as tables of quantities, and the entry that is followed."""
    return {
        "tables": [_table(factor, names, places) for factor in product.factors], "at": list(product.at)
    }  # fmt: skip


def _table(factor: Factor, names: ArrayNames, places: Places) -> dict[str, Any]:
    """Return a factor's name, role and the quantity of each entry; null for one that no gate holds."""
    label = names.label(factor.place)
    if factor.role == "gradient":
        label = names.gradient(label)
    if factor.transposed:
        label = f"({label})ᵀ" if factor.role == "gradient" else f"{label}ᵀ"
    length = len(names.graph.shapes[factor.place])
    rows, columns = factor.table.shape

    def quantity(row: int, column: int) -> str | None:
        first, second = (column, row) if factor.transposed else (row, column)
        gate = places.get((factor.place, (first, second) if length == 2 else (max(first, second),)))
        return None if gate is None else f"{factor.role[0]}{gate}"

    cells = [[quantity(row, column) for column in range(columns)] for row in range(rows)]
    return {"label": label, "role": factor.role, "axes": length, "cells": cells}


def _found(note: Note) -> str:
    """Return what a step of layers finds, as it is listed."""
    *_before, what = note.title.partition(" · ")
    line = "".join(run.text for run in note.lines[0]) if note.lines else ""
    first, *_what_delta_is = line.strip().split("   ")
    return agreed_text(first if "=" in first else what)


Places = dict[tuple[int, tuple[int, ...]], int]


def _places(derivation: Derivation, arrays: ArrayDerivation, entries: Entries) -> Places:
    """Return the place of the gate that holds an entry, by the array's place and the entry's."""
    graph, index = derivation.graph_table, arrays.graph_table.index
    return {
        (index[name], at): graph.index[gate]
        for (name, at), gate in entries.gates.items()
        if name in index and gate in graph.index
    }


def _first(places: Places, array: int) -> int:
    return next((place for (own, _at), place in places.items() if own == array), 0)


def _keys(plate: LayersPlate, places: Places) -> dict[str, list[Source]]:
    """Return the gate of every number in the picture; of one without a gate, nothing: it is hidden."""
    keys: dict[str, list[Source]] = {}
    for array, figure in plate.arrangement.figures.items():
        length = len(plate.parts.graph.shapes[array])
        for row in range(figure.rows):
            for column in range(figure.columns):
                at = () if not length else (row, column) if length == 2 else (max(row, column),)
                gate = places.get((array, at))
                for role in ("value", "gradient"):
                    key = f"{role}-{array}-{row}-{column}"
                    keys[key] = [] if gate is None else [[[1, f"{role[0]}{gate}"]]]
    return keys


def _held(
    derivation: Derivation, arrays: ArrayDerivation, entries: Entries, plate: LayersPlate
) -> dict[int, list[int]]:
    """Return the steps of the gates that each step of the layers stands for."""
    places = _places(derivation, arrays, entries)
    array_of = {gate: array for (array, _at), gate in places.items()}
    graph, timeline = derivation.graph_table, plate.timeline
    last = len(timeline.steps)
    values: dict[int, int] = {}
    for place in reversed(range(len(graph.nodes))):
        own = timeline.values.get(array_of.get(place, -1))
        users = [values[use.target] for use in graph.uses[place] if use.target in values]
        values[place] = own if own else min(users, default=last)
    seed = next(step.number for step in timeline.steps if step.kind == "seed")
    back: dict[int, int] = {}
    for place, node in enumerate(graph.nodes):
        own = timeline.gradients.get(array_of.get(place, -1))
        below = [back[each] for each in node.operands if each in back]
        back[place] = own if own and own > seed else min(below, default=last)
    found: dict[int, list[int]] = {}
    for step in derivation.steps:
        if isinstance(step, ForwardStep):
            number = values[step.place]
        elif isinstance(step, SeedStep):
            number = seed
        elif isinstance(step, AccumulateStep):
            number = back[step.place]
        else:
            operands = graph.nodes[step.place].operands
            number = min((back[each] for each in operands if graph.varies[each]), default=last)
        found.setdefault(number, []).append(step.number)
    return found
