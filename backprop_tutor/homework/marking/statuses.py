"""The statuses that a marked cell may have, and each one's word, sign and colour."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ...ops.record import N_
from ...translation import sentence as _

__all__ = [
    "CORRECT", "FOLLOWS", "ROUNDED", "SLIP", "STATUSES", "UNANSWERED", "UNEXPLAINED", "UNJUDGED",
    "UNREADABLE", "VERDICTS", "Verdict",
]  # fmt: skip

CORRECT = N_("correct")
ROUNDED = N_("correct (rounded)")
FOLLOWS = N_("follows")
SLIP = N_("slip")
UNEXPLAINED = N_("unexplained")
UNANSWERED = N_("unanswered")
UNREADABLE = N_("unreadable")
UNJUDGED = N_("could not be judged")
STATUSES = (CORRECT, ROUNDED, FOLLOWS, SLIP, UNEXPLAINED, UNJUDGED, UNANSWERED, UNREADABLE)


@dataclass(frozen=True, slots=True)
class Verdict:
    """A verdict for the eye: never told by colour alone."""

    english: str
    sign: str
    tone: str

    @property
    def word(self) -> str:
        """Return its word in the current language."""
        return _(self.english)

    @property
    def shown(self) -> str:
        """Return its sign and its word."""
        return f"{self.sign} {self.word}"


VERDICTS: Mapping[str, Verdict] = {
    "correct": Verdict(N_("right"), "✓", "right"),
    "correct (rounded)": Verdict(N_("right (rounded)"), "≈", "right"),
    "follows": Verdict(N_("follows"), "↳", "follows"),
    "slip": Verdict(N_("slip"), "✗", "wrong"),
    "unexplained": Verdict(N_("not right"), "✗", "wrong"),
    "could not be judged": Verdict(N_("could not be judged"), "○", "blank"),
    "unanswered": Verdict(N_("no answer"), "–", "blank"),
    "unreadable": Verdict(N_("not readable"), "?", "wrong"),
}
