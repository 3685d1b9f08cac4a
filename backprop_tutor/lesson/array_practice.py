"""What practice over arrays knows beside the right numbers: what is asked, wrong matrices and their slips.

Enters: a derivation over arrays. Leaves: plain data. A wrong matrix is found by the wrong rules of
`homework.slips`, run on this very program; the page names the slip whose every entry is the learner's.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from ..errors import OptionError, quoted
from ..homework.quantities.array_quantities import true_array
from ..homework.quantities.quantity import asked_quantities
from ..homework.quantities.quantity_record import Quantity
from ..homework.slips.array_bends import ArrayPlan
from ..homework.slips.array_columns import ArrayKey
from ..homework.slips.array_slip_table import ArrayInstance
from ..matrices.array_derivation import ArrayDerivation
from ..sentences import said
from ..translation import sentence as _

__all__ = ["array_asked", "array_practice"]

_MOST_NUMBERS = 40_000
"""So many numbers of wrong matrices stand in a page; beyond that answers are not looked at for slips."""

_USUAL = ("all values", "all gradients")


def usual(derivation: ArrayDerivation) -> list[Quantity]:
    """Return every value and every gradient that a problem file would ask for."""
    return list(asked_quantities(derivation.graph_table, _USUAL))


def page_name(quantity: Quantity) -> str:
    """Return the page's name of a quantity: `v3`, `g3`, `d5.0`."""
    if quantity.kind == "down":
        return f"d{quantity.node}.{quantity.slot}"
    return f"{quantity.kind[0]}{quantity.node}"


def array_practice(derivation: ArrayDerivation) -> dict[str, Any]:
    """Return every cell's text, and its wrong matrices as [numbers, sentence, shape]."""
    cells = usual(derivation)
    texts = {page_name(cell): cell.text for cell in cells}
    sizes = sum(int(np.size(true_array(derivation, cell))) for cell in cells)
    empty: dict[str, Any] = {"slips": {}, "sentences": [], "texts": texts}
    if sizes > _MOST_NUMBERS // 40:
        return empty | {"many": True}
    key = ArrayKey(derivation, ArrayPlan(derivation), cells)
    sentences: dict[str, int] = {}
    slips: dict[str, list[Any]] = {page_name(cell): [] for cell in cells}
    seen: dict[str, set[bytes]] = {name: set() for name in slips}
    with np.errstate(all="ignore"):
        for made, row in zip(key.instances, key.pure or (), strict=False):
            says = sentences.setdefault(_(made.slip.says(made.variant)), len(sentences))
            for cell, wrong, true in zip(cells, row, key.true, strict=True):
                name = page_name(cell)
                array, right = np.asarray(wrong, np.float64), np.asarray(true, np.float64)
                if not np.isfinite(array).all() or _same(array, right):
                    continue
                digest = np.round(array, 9).tobytes() + str(array.shape).encode() + bytes([says % 256])
                if digest not in seen[name]:
                    seen[name].add(digest)
                    rank = _rank(made, cell)
                    slips[name].append([array.reshape(-1).tolist(), says, list(array.shape), rank])
    for rows in slips.values():
        rows.sort(key=lambda row: row[3])
    if sum(len(row[0]) for rows in slips.values() for row in rows) > _MOST_NUMBERS:
        return empty | {"many": True}
    return {"slips": slips, "sentences": list(sentences), "texts": texts, "many": False}


def _rank(made: ArrayInstance, cell: Quantity) -> float:
    """Return how ready an explanation a slip is: made at this cell, in one place, a usual one."""
    direct = cell.node in made.places and made.scope == "here"
    return (0 if direct else 100) + made.slip.rank


def _same(one: Any, other: Any) -> bool:
    return one.shape == other.shape and bool(np.allclose(one, other, rtol=1e-9, atol=1e-12))


def array_asked(derivation: ArrayDerivation, asked: str | Iterable[str] | None) -> dict[str, Any]:
    """Return the cells that practice asks for: [quantity, part, entry]; None for the usual ones.

    Raises:
        UnknownNameError, OptionError: a quantity that the graph does not have, or asked for twice.
        OptionError: a quantity that is given, or found by no step.
    """
    graph = derivation.graph_table
    if asked is None:
        return {"asked": None}
    cells = []
    for quantity in asked_quantities(graph, asked):
        if quantity.kind not in ("value", "gradient", "down"):
            raise OptionError(
                said("{given} is found by no step of the lesson", given=quoted(quantity.text))
            )
        if quantity.kind == "value" and graph.nodes[quantity.node].kind != "operation":
            raise OptionError(
                said("{given} is given, so practice cannot ask for it", given=quoted(quantity.text))
            )
        cells.append([page_name(quantity), quantity.part, list(quantity.entry), quantity.text])
    return {"asked": cells}
