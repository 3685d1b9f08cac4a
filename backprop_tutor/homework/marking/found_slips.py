"""What a diagnosis found, as the records that a marking shows: over numbers and over matrices alike.

Enters: an explanation of a sheet, and the key it was compared with. Leaves: `FoundSlip`s in the language
that is spoken.
"""

from __future__ import annotations

from typing import Any

from ...translation import sentence as _
from .verdicts import FoundSlip, says

__all__ = ["found_slips"]


def found_slips(key: Any, explanation: Any) -> tuple[tuple[FoundSlip, ...], dict[int, FoundSlip]]:
    """Return the slips in order, and the one of each column of the key that a slip explains.

    `key` has `columns` and a `plan`; `explanation` has `slips`, each with its instance, its cells, its
    source where it is copied, and its ties. Those of numbers and those of matrices are records apart.
    """
    slips: list[FoundSlip] = []
    by_column: dict[int, FoundSlip] = {}
    for explained in explanation.slips:
        slip = _slip(key, explained)
        slips.append(slip)
        by_column.update(dict.fromkeys(explained.cells, slip))
    return tuple(slips), by_column


def _slip(key: Any, explained: Any) -> FoundSlip:
    cells = tuple(key.columns[column].text for column in explained.cells)

    def found(instance: Any, ties: tuple[FoundSlip, ...] = (), equal: bool = False) -> FoundSlip:
        where = instance.where(key.plan) or _("at {place}").format(place=cells[0])
        told = instance.told
        if explained.source >= 0 and instance is explained.instance:
            told = says("copied", cell=key.columns[explained.source].text)
        return FoundSlip(
            instance.slip.name, instance.slip.family, instance.variant, where, told,
            _(instance.slip.hint), cells, ties, equal,
        )  # fmt: skip

    equals = getattr(explained, "equals", 0)
    ties = tuple(found(tie, equal=number < equals) for number, tie in enumerate(explained.ties))
    return found(explained.instance, ties)
