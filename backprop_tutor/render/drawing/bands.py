"""The bands of a stage: where heads, picture and caption stand, for each format a picture is made for."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ...errors import OptionError, did_you_mean, quoted
from ...sentences import said

__all__ = ["STAGES", "Stage", "find_stage"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """A format: its size in px, its margin, and the room of the caption at its foot.

    The picture stands between `top` and `bottom`, the caption begins at `caption`; a picture that needs
    more height gets a taller stage, and no text is made smaller for it.
    """

    name: str
    width: float
    height: float
    margin: float
    top: float
    foot: float
    gap: float = 36.0

    @property
    def left(self) -> float:
        """Return where the picture may begin."""
        return self.margin

    @property
    def right(self) -> float:
        """Return where the picture has to end."""
        return self.width - self.margin

    @property
    def bottom(self) -> float:
        """Return where the picture has to end below."""
        return self.height - self.foot - self.gap

    @property
    def caption(self) -> float:
        """Return the top of the caption's band."""
        return self.height - self.foot

    def with_foot(self, needed: float) -> Stage:
        """Return the stage with a foot of at least this height, taller if that takes more."""
        more = max(needed - self.foot, 0.0)
        return replace(self, height=self.height + more, foot=self.foot + more)

    def wider(self, by: float) -> Stage:
        """Return the stage with more room at the right."""
        return replace(self, width=self.width + max(by, 0.0))

    def taller(self, by: float) -> Stage:
        """Return the stage with more room for the picture."""
        return replace(self, height=self.height + max(by, 0.0))


STAGES = {
    stage.name: stage
    for stage in (
        Stage(name="16:9", width=1280, height=720, margin=40, top=26, foot=182),
        Stage(name="4:3", width=1024, height=768, margin=36, top=26, foot=200),
        Stage(name="a4", width=794, height=1123, margin=40, top=30, foot=240),
        Stage(name="phone", width=390, height=846, margin=14, top=20, foot=280, gap=20),
    )
}  # fmt: skip
"""The formats: a slide, an older slide, a sheet of paper upright, a phone."""


def find_stage(name: str | Stage) -> Stage:
    """Return the stage of that name; a `Stage` is its own.

    Raises:
        OptionError: there is none; the choices are listed.

    >>> find_stage("16:9").width, find_stage("16:9").bottom
    (1280, 502.0)
    """
    if isinstance(name, Stage):
        return name
    stage = STAGES.get(name) if isinstance(name, str) else None
    if stage is None:
        hint = did_you_mean(name, STAGES) or said("the formats: {names}", names=", ".join(STAGES))
        raise OptionError(said("there is no format {name}; {hint}", name=quoted(name), hint=hint))
    return stage
