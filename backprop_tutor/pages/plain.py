r"""What somebody typed as one line of characters that show, for whatever kind of page.

Enters: any text. Leaves: text without line ends, control sequences and characters that turn the
direction of writing; it is not markup's business, which the templates escape.
"""

from __future__ import annotations

import unicodedata

__all__ = ["shown_plainly"]


def shown_plainly(text: str, most: int = 400) -> str:
    """Return the text on one line without control, format or unassigned characters, cut to `most`.

    >>> shown_plainly("3\\x1b[2J\\n4")
    '3�[2J 4'
    """
    one_line = " ".join(text.split()) if text.strip() else ""
    kept = "".join(
        "\N{REPLACEMENT CHARACTER}" if unicodedata.category(c)[0] == "C" else c for c in one_line
    )
    return kept if len(kept) <= most else kept[: most - 1] + "…"
