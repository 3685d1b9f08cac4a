"""Matrices that were answered a cell an entry, put together: `dL/dW[0,0]`, `dL/dW[0,1]`, … as `dL/dW`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ...errors import OptionError, TutorError
from ...graph import Graph
from ...matrices.array_graph import ArrayGraph
from ...sentences import said
from ..quantities.array_quantities import whole_shape
from ..quantities.quantity import parse_quantity
from ..quantities.quantity_record import Quantity

__all__ = ["assembled"]


def assembled(
    answers: Mapping[str, Any], asked: Sequence[Quantity], graph: Graph
) -> dict[str, Any]:
    """Return the answers with the entries of a matrix that is asked for put into one nested list.

    An entry that is missing is an empty one. Entries that are asked for by themselves stay what they are.

    Raises:
        OptionError: a matrix that is answered whole and by entries, or an entry twice.
    """
    assert isinstance(graph, ArrayGraph)  # asked of problems over arrays
    whole = {quantity.text: quantity for quantity in asked if not quantity.part}
    own = {quantity.text for quantity in asked}
    found: dict[str, Any] = {}
    entries: dict[str, dict[tuple[int, ...], Any]] = {}
    texts: dict[str, str] = {}
    asked_alone: dict[str, dict[tuple[int, ...], Any]] = {}
    for name, answer in answers.items():
        try:
            quantity = parse_quantity(name, graph)
        except TutorError:
            found[name] = answer  # the marker says what is wrong with it
            continue
        of = quantity.text.partition("[")[0]
        if quantity.part != "entry" or of not in whole:
            found[name] = answer
            texts.setdefault(quantity.text, name)
            continue
        if quantity.text in own:  # asked for by itself, and an entry of the matrix, too
            found[name] = answer
            asked_alone.setdefault(of, {})[quantity.entry] = answer
            continue
        if answer is None or (isinstance(answer, str) and not answer.strip()):
            continue
        if quantity.entry in entries.setdefault(of, {}):
            raise OptionError(
                said("{given} is answered twice, once as {name}", given=quantity.text, name=f"`{name}`")
            )
        entries[of][quantity.entry] = answer
    for of, given in entries.items():
        if of in texts:
            raise OptionError(
                said("{given} is answered whole and by its entries; one of the two is expected", given=of)
            )
        grid = np.full(whole_shape(whole[of], graph), None, dtype=object)
        for at, answer in {**asked_alone.get(of, {}), **given}.items():
            grid[at] = answer
        found[of] = grid.tolist()
    return found
