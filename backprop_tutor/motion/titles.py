"""The title of each frame: typed once with fields in braces, or one text a frame.

A field is replaced by what it names and by nothing else: `{step}`, `{count}`, `{phase}`, `{what}`,
`{node}`, `{program}`. The text is never a format string of Python's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ..errors import OptionError, did_you_mean, quoted
from ..language import Program, shown_name
from ..render.drawing.captions import caption
from ..render.drawing.diagram import Drawn
from ..render.neurons.plate import NeuronPlate
from ..scales import ScaleStep
from ..sentences import N_, counted, said
from ..steps import Derivation, Step

__all__ = ["FIELDS", "frame_titles", "program_line", "steps_of", "titles_of"]

_FIELD = re.compile(r"\{([^{}]*)\}")
_LONGEST = 400


def steps_of(plate: Drawn) -> Sequence[Step | ScaleStep]:
    """Return the steps of which a plate has the pictures, at its scale."""
    return plate.scale_steps if isinstance(plate, NeuronPlate) else plate.derivation.steps


@dataclass(frozen=True, slots=True)
class _Moment:
    """One frame, as a title's fields see it."""

    derivation: Derivation
    step: int

    plate: Drawn | None = None

    @property
    def steps(self) -> Sequence[Step | ScaleStep]:
        """Return the steps at the scale that is shown."""
        return self.derivation.steps if self.plate is None else steps_of(self.plate)

    @property
    def phase(self) -> str:
        return str(self.steps[self.step - 1].phase)

    @property
    def what(self) -> str:
        """Return what the caption says after the step's number: `backward · multiply`."""
        if isinstance(self.plate, NeuronPlate):
            return self.plate.title(self.step).split(" · ", 1)[-1]
        return caption(self.derivation, self.step).title.split(" · ", 1)[-1]

    @property
    def node(self) -> str:
        place = self.steps[self.step - 1].place
        return shown_name(self.derivation.graph_table.nodes[place].name)


FIELDS: dict[str, Callable[[_Moment], str]] = {
    "step": lambda moment: str(moment.step),
    "count": lambda moment: str(len(moment.steps)),
    "phase": lambda moment: moment.phase,
    "what": lambda moment: moment.what,
    "node": lambda moment: moment.node,
    "program": lambda moment: program_line(moment.derivation),
}
"""What may stand in braces in a title, and what it becomes."""


def program_line(derivation: Derivation) -> str:
    """Return the program as it was read, on one line."""
    program = derivation.graph_table.program
    assert isinstance(program, Program)
    return "; ".join(line.strip() for line in program.reading.splitlines() if line.strip())


def frame_titles(
    derivation: Derivation, title: str | Sequence[str], plate: Drawn | None = None
) -> tuple[str, ...]:
    """Return one title a step; an empty text means none.

    Args:
        derivation: the derivation.
        title: a text for all frames, in which `{step}`, `{count}`, `{phase}`, `{what}`, `{node}`
            and `{program}` are replaced; or a sequence of texts, one a step, taken as they stand.
        plate: the pictures, where they are of another scale.

    Raises:
        OptionError: an unknown field, or not as many titles as steps.
    """
    count = len(_Moment(derivation, 1, plate).steps)
    if isinstance(title, str):
        _check_fields(title)
        return tuple(_filled(title, _Moment(derivation, step, plate)) for step in range(1, count + 1))
    titles = tuple(title)
    if len(titles) != count:
        raise OptionError(
            said(
                "there are {titles} for {frames}; give one for each",
                titles=counted(len(titles), N_("1 title"), N_("{count} titles")),
                frames=counted(count, N_("1 frame"), N_("{count} frames")),
            )
        )
    for number, text in enumerate(titles, 1):
        if not isinstance(text, str):
            raise OptionError(
                said(
                    "title {number} is a text, not {given}", number=number, given=quoted(repr(text))
                )
            )
    return tuple(_one_line(text) for text in titles)


def titles_of(plate: Drawn, title: str | Sequence[str]) -> tuple[str, ...]:
    """Return one title a step for the pictures of a plate, whatever its scale."""
    return frame_titles(plate.derivation, title, plate)


def _filled(title: str, moment: _Moment) -> str:
    return _one_line(_FIELD.sub(lambda field: FIELDS[field[1]](moment), title))


def _check_fields(title: str) -> None:
    for field in _FIELD.findall(title):
        if field not in FIELDS:
            listed = ", ".join(f"{{{name}}}" for name in FIELDS)
            hint = did_you_mean(field, FIELDS) or said("the fields: {listed}", listed=listed)
            raise OptionError(
                said("a title has no field {{{field}}}; {hint}", field=quoted(field), hint=hint)
            )


def _one_line(text: str) -> str:
    """Return the text without line ends and control characters, which no picture can show."""
    kept = "".join(c if c.isprintable() else " " for c in text)
    return " ".join(kept.split())[:_LONGEST]
