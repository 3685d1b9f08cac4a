"""The SVG text of a picture whose parts change from frame to frame while nothing moves.

A `Sheet` is a list of pieces: fixed ones, and slots whose text is known for each step. A frame is
the list with its slots filled, joined. This file knows no circuit.
"""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["Sheet"]


class Sheet:
    """Pieces of text in order; slots take another text from given steps on.

    >>> sheet = Sheet()
    >>> sheet.fixed("a="), sheet.slot([(0, "?"), (2, "5")]), sheet.fixed(";")
    (None, None, None)
    >>> [sheet.at(step) for step in range(3)]
    ['a=?;', 'a=?;', 'a=5;']
    """

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._changes: dict[int, list[tuple[int, str]]] = {}
        self._open = False

    def fixed(self, text: str) -> None:
        """Add text that is the same in all frames."""
        if self._open:
            self._pieces[-1] += text
        else:
            self._pieces.append(text)
            self._open = True

    def slot(self, texts: Sequence[tuple[int, str]]) -> None:
        """Add a slot: pairs of a step and the text from that step on, steps rising."""
        if len(texts) == 1 and texts[0][0] <= 0:
            self.fixed(texts[0][1])
            return
        index = len(self._pieces)
        self._pieces.append("")
        self._open = False
        for step, text in texts:
            self._changes.setdefault(step, []).append((index, text))

    def at(self, step: int) -> str:
        """Return the whole text as it is after a step."""
        pieces = list(self._pieces)
        for number in sorted(self._changes):
            if number > step:
                break
            for index, text in self._changes[number]:
                pieces[index] = text
        return "".join(pieces)
