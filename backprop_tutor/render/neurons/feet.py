"""Where shared biases stand: at the foot of the column before their neurons, in rows that keep apart.

Enters: a network and its wires. Leaves: for each shared bias its column and its row. One that serves
several columns runs below all of them, so no other stands in its row there.
"""

from __future__ import annotations

from collections.abc import Sequence

from ...scales import Network
from .connections import Wire

__all__ = ["foot_places"]


def foot_places(network: Network, wires: Sequence[Wire]) -> dict[int, tuple[int, int]]:
    """Return each shared bias's column and row."""
    spans: dict[int, tuple[int, int]] = {}
    for wire in wires:
        if wire.bias is not None:
            column = network.columns[wire.target] - 1
            first, last = spans.get(wire.source, (column, column))
            spans[wire.source] = (min(first, column), max(last, column))
    rows: list[list[tuple[int, int]]] = []
    found: dict[int, tuple[int, int]] = {}
    for place, span in sorted(spans.items()):
        row = next((i for i, taken in enumerate(rows) if not _meets(span, taken)), len(rows))
        if row == len(rows):
            rows.append([])
        rows[row].append(span)
        found[place] = (span[0], row)
    return found


def _meets(span: tuple[int, int], taken: list[tuple[int, int]]) -> bool:
    return any(span[0] <= last and first <= span[1] for first, last in taken)
