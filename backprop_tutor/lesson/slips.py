"""What practice needs besides the lesson: the wrong numbers that slips give, and their sentences."""

from __future__ import annotations

from typing import Any

from ..steps import Derivation

__all__ = ["practice_data"]


def practice_data(derivation: Derivation) -> dict[str, Any]:
    """Return the cells' slips."""
    return {"slips": {}, "sentences": []}
