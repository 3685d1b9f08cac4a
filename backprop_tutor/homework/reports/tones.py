"""The colours of the verdicts, and what the signs of a picture with answers mean."""

from __future__ import annotations

from ...translation import sentence as _

__all__ = ["TONES", "legend_rows"]

TONES = {"right": "#007a00", "follows": "#9a5b00", "wrong": "#c00000", "blank": "#5f6368"}
"""The colours of the verdicts, each at 4.5:1 or more on white."""


def legend_rows() -> tuple[tuple[str, str], ...]:
    """Return the signs of a picture with answers, each with its tone and what it means."""
    return (("right", _("✓ ≈ right")), ("follows", _("↳ follows from an earlier slip")),
            ("wrong", _("✗ ? to mend")), ("blank", _("○ a person looks at it")))  # fmt: skip
