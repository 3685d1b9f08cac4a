"""One answer that breaks the marker is that answer's fault: the others on the sheet are marked.

The marker answers for every text; this is the last line of defence where it does not, so that a
mistake of ours in one cell takes nobody's marks in another.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from ...translation import sentence as _
from ..answers.sheets import Given
from .marker import Marker
from .verdicts import Marking

__all__ = ["marked_apart"]


def marked_apart(
    marker: Marker, given: Mapping[str, Given], decimal: str = ""
) -> tuple[Marking, Mapping[str, Given]]:
    """Return the marking of a problem's answers, and the answers, what cannot be judged refused.

    Raises:
        Exception: what the marker raises though no single answer makes it.
    """
    try:
        return marker.mark(_texts(given), decimal=decimal), given
    except MemoryError:
        raise
    except Exception:
        judged = {quantity: _tried(marker, quantity, answer) for quantity, answer in given.items()}
        if all(judged[quantity] is answer for quantity, answer in given.items()):
            raise
        return marker.mark(_texts(judged), decimal=decimal), judged


def _texts(given: Mapping[str, Given]) -> dict[str, str]:
    return {quantity: answer.text for quantity, answer in given.items() if not answer.refused}


def _tried(marker: Marker, quantity: str, answer: Given) -> Given:
    """Return the answer, refused with what happened where the marker breaks on it alone."""
    if answer.refused:
        return answer
    try:
        marker.mark({quantity: answer.text})
    except MemoryError:
        raise
    except Exception as error:
        fault = f"{type(error).__name__}: {error}"
        text = _("this answer could not be judged: {fault}").format(fault=fault)
        return replace(answer, refused=text)
    return answer
