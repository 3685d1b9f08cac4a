"""All steps of a derivation as pictures on one layout: between them nothing moves.

Enters: a derivation. Leaves: `Frames`, a sequence of diagrams, one a step, that saves itself as
numbered files.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from os import PathLike
from pathlib import Path
from typing import overload

from ...choices import Blank, Fit, FrameFormat, Layout, ThemeName, words
from ...errors import OptionError, did_you_mean, quoted
from ...files import folder as made_folder
from ...files import write_whole
from ...frozen import Final
from ...language import shown_name
from ...scales import Network
from ...sentences import counted, said
from ...steps import Derivation
from .diagram import Diagram, Drawn, Plate
from .theme import Theme

__all__ = ["FORMATS", "Frames", "frames"]

FORMATS = words(FrameFormat)


class Frames(Final, Sequence[Diagram]):
    """The pictures after each step, from step 1; `frames[0]` is the picture after step 1."""

    _plate: Drawn

    def __init__(self, plate: Drawn) -> None:
        self.__dict__.update(_plate=plate)

    def _parts(self) -> tuple[object, ...]:
        return (self._plate,)

    @property
    def plate(self) -> Drawn:
        """Return what the pictures share."""
        return self._plate

    def __repr__(self) -> str:
        name = shown_name(self._plate.derivation.output)
        return f"<Frames of {name}, {counted(len(self), '1 picture', '{count} pictures')}>"

    def __len__(self) -> int:
        return self._plate.steps

    @overload
    def __getitem__(self, index: int) -> Diagram: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Diagram, ...]: ...
    def __getitem__(self, index: int | slice) -> Diagram | tuple[Diagram, ...]:
        if isinstance(index, slice):
            return tuple(Diagram(self._plate, i + 1) for i in range(len(self))[index])
        return Diagram(self._plate, range(len(self))[index] + 1)

    def __iter__(self) -> Iterator[Diagram]:
        return (Diagram(self._plate, step) for step in range(1, len(self) + 1))

    def _repr_html_(self) -> str:
        from .cells import frames_html  # start-up time: only notebooks show cells

        height = self[0].size[1] if len(self) else 0.0
        complete = Diagram(self._plate).svg
        return frames_html([frame.svg for frame in self], height, complete)

    def save(
        self, folder: str | PathLike[str], format: FrameFormat = "svg", *, scale: float = 2.0,
        on_picture: Callable[[int], None] | None = None,
    ) -> list[Path]:  # fmt: skip
        """Write one file a step into a folder, made where it does not exist; return their paths.

        The names are `step-01.svg`, `step-02.svg`, ..., so they sort in order. Each file is written
        whole or not at all; `on_picture` is called with each one's number once it is there.

        Raises:
            OptionError: a format that is neither "svg" nor "png", or a scale that is none.
            FileError: the folder or a file cannot be written.
        """
        if format not in FORMATS:
            hint = did_you_mean(format, FORMATS) or said("the formats: {names}", names=", ".join(FORMATS))
            raise OptionError(
                said(
                    "frames cannot be saved as {format}; {hint}",
                    format=quoted(str(format)), hint=hint,
                )
            )
        place = made_folder(folder)
        digits = max(2, len(str(len(self))))
        paths = []
        for number, picture in enumerate(self, start=1):
            content = picture.svg if format == "svg" else picture.png(scale)
            paths.append(write_whole(place / f"step-{number:0{digits}}.{format}", content))
            if on_picture is not None:
                on_picture(number)
        return paths


def frames(
    derivation: Derivation, *, precision: int = 4, blank: Blank | Iterable[Blank] = (),
    layout: Layout = "embedded", force: bool = False, theme: ThemeName | Theme = "light",
    lang: str | None = None, network: Network | None = None, fit: Fit | None = None,
) -> Frames:  # fmt: skip
    """Return one picture a step, all on one layout; the options are those of `diagram`.

    Raises:
        OptionError: an unknown option, or too many nodes.
    """
    return Frames(
        Plate(
            derivation, precision=precision, blank=blank, layout=layout, force=force, theme=theme,
            lang=lang, network=network, fit=fit,
        )
    )  # fmt: skip
