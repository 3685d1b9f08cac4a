"""The program in NumPy that a lesson page shows in a tab: whole, and with blanks for practice."""

from __future__ import annotations

from ..source.numpy_program import numpy_program
from ..steps import Derivation

__all__ = ["listing_of"]

_MOST_NODES = 200
"""Of a larger graph the program is pages long; `explain --format numpy` writes it."""


def listing_of(derivation: Derivation) -> dict[str, str] | None:
    """Return the program's text, `whole` and `blank`, in the current language; None where it would be long.

    >>> from backprop_tutor import derive
    >>> found = listing_of(derive("f = w*x", at={"w": 2, "x": 3}))
    >>> [line.partition("#")[0].strip() for line in found["whole"].splitlines() if "dw =" in line]
    ['dw = df * x']
    >>> [line.partition("#")[0].strip() for line in found["blank"].splitlines() if "dw =" in line]
    ['dw = ...']
    """
    if len(derivation.graph_table.nodes) > _MOST_NODES:
        return None
    return {"whole": numpy_program(derivation), "blank": numpy_program(derivation, blanks=True)}
