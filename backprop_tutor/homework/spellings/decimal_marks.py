"""Which decimal mark the numbers of a sheet, a column or a file show: the point, or the comma.

Enters: what was typed. Leaves: "," or "." where all that show one show the same, else "". A number shows
its mark where it can be read in one way only: `0,5` and `1.234,5` show a comma, `0.25` and `1,234.5` a
point; `1,000` and `1.000` show nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

__all__ = ["MarkCount", "shown_mark"]

_GROUPED = r"[1-9]\d{0,2}(?:%s\d{3})+"
_SIGN = r"[\s=≈~+\-−–]*"
_AFTER = r"(?=\s*(?:[)\]%]|\Z|[*·×xeE^]|[A-Za-z°]))"


def _showing(mark: str, grouping: str) -> re.Pattern[str]:
    own = re.escape(mark)
    alone = (
        rf"(?:\d*{own}(?!\d{{3}}(?!\d))\d+|0\d*{own}\d+|\d{{4,}}{own}\d+|{own}\d+|\d+{own}\d+(?=[eE]))"
    )
    after = rf"(?:{_GROUPED % grouping}{own}\d+)"
    twice = rf"(?:[1-9]\d{{0,2}}(?:{grouping}\d{{3}}){{2,}})"
    return re.compile(rf"{_SIGN}(?:{after}|{twice}|{alone})(?![\d.,]){_AFTER}?")


_SHOWS = {",": _showing(",", r"\."), ".": _showing(".", ",")}


class MarkCount:
    """Counts the numbers that show a mark."""

    def __init__(self) -> None:
        self.shown: dict[str, int] = {",": 0, ".": 0}

    def add(self, text: object) -> None:
        """Count what was typed in a cell."""
        if isinstance(text, str) and ("," in text or "." in text) and len(text) <= 200:
            for mark, pattern in _SHOWS.items():
                if pattern.match(text.strip()):
                    self.shown[mark] += 1

    @property
    def mark(self) -> str:
        """Return the mark that is shown, where there is one alone."""
        comma, point = self.shown[","], self.shown["."]
        return "," if comma and not point else "." if point and not comma else ""

    @property
    def any(self) -> bool:
        """Return whether any number showed a mark."""
        return any(self.shown.values())


def shown_mark(texts: Iterable[object], otherwise: str = "") -> str:
    """Return the decimal mark that texts show; `otherwise` where they show none.

    >>> shown_mark(["0,5", "1.000"]), shown_mark(["0.5", "1,000"]), shown_mark(["1,000"], ",")
    (',', '.', ',')
    >>> shown_mark(["0,5", "0.25"]), shown_mark(["1.234,5"]), shown_mark(["12,345,678"])
    ('', ',', '.')
    """
    count = MarkCount()
    for text in texts:
        count.add(text)
    return count.mark if count.any else otherwise
