"""One annotated picture of a derivation, complete or after one of its steps.

Enters: a derivation and a step. Leaves: a `Diagram`, which is DOT text, an SVG, a PNG or a file.
All pictures of one derivation come from one `Plate`: a layout worked out once and one base drawing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from os import PathLike
from pathlib import Path
from typing import Any, BinaryIO, Protocol, overload

from ...cells import image
from ...choices import Blank, Fit, Layout, ThemeName
from ...errors import OptionError, quoted
from ...files import write_whole
from ...frozen import Final
from ...language import shown_name
from ...once import cached_property
from ...scales import Network
from ...sentences import said
from ...steps import Derivation
from ...translation import checked_language, speaking, spoken
from ..typesetting.raster import png_bytes
from .bands import Stage, find_stage
from .captions import Caption, caption, heading, legend
from .circuit import ROOMY, Circuit, build_circuit
from .circuit_plate import CircuitPlate
from .layout import Placement, checked_layout, lay_out
from .picture_files import PictureWriter, converted, drawn, into_stream
from .slots import Sheet
from .sum_captions import sum_caption
from .summed import summed_circuit
from .sums import Sums, find_sums
from .svg import draw
from .theme import Theme, find_theme

__all__ = ["Diagram", "Drawn", "Plate", "checked_step", "diagram"]


class Drawn(Protocol):
    """What a picture asks of its plate, whatever the scale: the gates' `Plate`, or one of a stage."""

    @property
    def derivation(self) -> Derivation:
        """Return what is drawn."""

    @property
    def theme(self) -> Theme:
        """Return the colours."""

    @property
    def steps(self) -> int:
        """Return the number of steps."""

    def picture(self, step: int) -> str:
        """Return a step's picture as SVG."""

    def source(self, step: int) -> str:
        """Return a step's picture as DOT."""


_SLIM = 560.0
"""On a narrower page what goes back along an arrow stands below its weight."""


class Plate(CircuitPlate):
    """What all pictures of a derivation share: its circuit, one layout, one base drawing.

    With `sums`, weighted sums are one gate and one step each; with a `page` the picture fills it; with
    `room` no row is wider than that.

    Each is worked out when it is first asked for, in the language `lang`, by default the one that is
    spoken when the plate is made.
    """

    derivation: Derivation
    precision: int
    layout: Layout
    theme: Theme
    lang: str
    circuit: Circuit
    wrap: bool
    sums: Sums | None
    page: Stage | None
    room: float | None

    def __init__(
        self, derivation: Derivation, *, precision: int = 4, blank: Blank | Iterable[Blank] = (),
        layout: Layout = "embedded", force: bool = False, theme: ThemeName | Theme = "light",
        lang: str | None = None, wrap: bool = True, network: Network | None = None,
        fit: Fit | None = None, roomy: bool = False, room: float | None = None,
    ) -> None:  # fmt: skip
        sums = None if network is None else find_sums(derivation, network)
        sums = sums if sums is not None and sums.sums else None
        look: dict[str, Any] = {"precision": precision, "blank": blank, "force": force}
        page = None if fit is None else find_stage(fit)
        if sums is None:
            circuit = build_circuit(derivation, **look)
        else:
            slim = page is not None and page.width < _SLIM
            circuit = summed_circuit(derivation, sums, **look, stacked=slim)
        if roomy:
            circuit = replace(circuit, slot=ROOMY)
        self.__dict__.update(
            derivation=derivation, precision=precision, layout=checked_layout(layout),
            theme=find_theme(theme), wrap=wrap, sums=sums, circuit=circuit,
            page=page, room=room,
            lang=checked_language(lang) if lang else spoken(),
        )  # fmt: skip

    def _parts(self) -> tuple[object, ...]:
        blank = frozenset(self.circuit.blanks)
        look = self.precision, blank, self.layout, self.theme, self.lang, self.wrap, self.room
        return self.derivation, *look, self.sums is None, self.page

    @property
    def steps(self) -> int:
        """Return the number of steps."""
        return len(self.derivation.steps if self.sums is None else self.sums.steps)

    def on_page(self, page: Stage) -> Plate:
        """Return the same pictures, in as many rows as a page is filled by best."""
        other = object.__new__(Plate)
        names = ("derivation", "precision", "layout", "theme", "wrap", "sums", "circuit", "lang")
        other.__dict__.update({name: getattr(self, name) for name in names}, page=page, room=None)
        return other

    @cached_property
    def placement(self) -> Placement:
        """Return where everything stands."""
        return lay_out(self.circuit, self.layout, self.wrap, self.page, self.room)

    def caption(self, step: int) -> Caption:
        """Return the caption of a step; without numbers on a worksheet."""
        formulas = not self.circuit.blanks
        with speaking(self.lang):
            if self.sums is not None:
                return sum_caption(self.derivation, self.sums, step, self.precision, formulas)
            return caption(self.derivation, step, self.precision, formulas=formulas)

    @cached_property
    def sheet(self) -> Sheet:
        """Return the base drawing."""
        frames = [self.frame(step) for step in range(self.steps + 2)]
        with speaking(self.lang):
            circuit = self.circuit
            sums = self.sums is not None
            keys = legend(self.derivation, circuit.fans_out, sums, circuit.stacked)
            title = heading(self.derivation)
        return draw(circuit, self.placement, frames, keys, title, self.theme, self.page)


class Diagram(Final):
    """One picture: `.svg`, `.source` (DOT), `.png()`, `.save(path)`; notebooks show it by itself."""

    step: int | None
    _plate: Drawn
    _step: int

    def __init__(self, plate: Drawn, step: int | None = None) -> None:
        at = plate.steps + 1 if step is None else step
        self.__dict__.update(step=step, _plate=plate, _step=at)

    def _parts(self) -> tuple[object, ...]:
        return self._plate, self.step

    @property
    def plate(self) -> Drawn:
        """Return what this picture shares with those of the other steps."""
        return self._plate

    def __repr__(self) -> str:
        which = "complete" if self.step is None else f"step {self.step} of {self._plate.steps}"
        return f"<Diagram of {shown_name(self._plate.derivation.output)}, {which}>"

    @cached_property
    def source(self) -> str:
        """The picture as DOT text, which any Graphviz draws legibly."""
        return self._plate.source(self._step)

    @property
    def svg(self) -> str:
        """The picture as SVG text."""
        return self._plate.picture(self._step)

    def _repr_html_(self) -> str:
        return image(self.svg)

    def _repr_svg_(self) -> str:
        return self.svg

    @property
    def size(self) -> tuple[float, float]:
        """The picture's width and height in px, at scale 1."""
        head = self.svg[:400].split('viewBox="0 0 ', 1)[1].split('"', 1)[0]
        width, height = head.split(" ")
        return float(width), float(height)

    def png(self, scale: float = 2.0) -> bytes:
        """Return the picture as PNG; `scale` is pixels per px, above 0 and up to 10.

        Raises:
            OptionError: a scale outside that, or too many pixels.
        """
        return png_bytes(self.svg, scale, self.size)

    def png_bytes(self, scale: float = 2.0) -> bytes:
        """Return the picture as PNG; the same as `png`."""
        return self.png(scale)

    def draw(self, ax: Any, *, scale: float = 2.0) -> Any:
        """Draw the picture into axes of matplotlib's, whose frame and ticks are taken away.

        Returns the `AxesImage`; the picture keeps its proportions. `scale` is as for `png`.

        Raises:
            OptionError: what is given are no axes.
        """
        return drawn(ax, self, scale)

    @overload
    def save(
        self, path: str | PathLike[str], format: str | PictureWriter | None = None, *,
        scale: float = 2.0,
    ) -> Path: ...  # fmt: skip
    @overload
    def save(
        self, path: BinaryIO, format: str | PictureWriter, *, scale: float = 2.0
    ) -> None: ...
    def save(
        self, path: str | PathLike[str] | BinaryIO, format: str | PictureWriter | None = None, *,
        scale: float = 2.0,
    ) -> Path | None:  # fmt: skip
        """Write the picture and return its path; the suffix says the format, or `format` does.

        `.svg`, `.png` (with `scale`), `.dot` or `.gv`, `.pdf` by typst or the system's Graphviz, and
        `.tex` for LaTeX (TikZ): a document of its own that a paper can take by `\\input`. The file is
        written whole or not at all. In place of a path a binary file that is open for writing is
        taken, such as `io.BytesIO`; then `format` is needed, and None is returned. `format` is a name
        ("svg"), one that an installed package adds, or a function from the picture to bytes or text.

        Raises:
            OptionError: another suffix or format, or PDF on a system without Graphviz.
            FileError: the place cannot be written.
        """
        if not isinstance(path, str | PathLike):
            into_stream(self, path, format, scale)
            return None
        place = Path(path)
        asked = (place.suffix or str(place)) if format is None else format
        return write_whole(place, converted(self, asked, scale))


def diagram(
    derivation: Derivation, step: int | None = None, *, precision: int = 4,
    blank: Blank | Iterable[Blank] = (), layout: Layout = "embedded", force: bool = False,
    theme: ThemeName | Theme = "light", lang: str | None = None, network: Network | None = None,
    fit: Fit | None = None,
) -> Diagram:  # fmt: skip
    """Return the picture of a derivation, complete or after a step.

    Args:
        derivation: what is drawn.
        step: 1 to the number of steps; 0 for before the first; None for everything, with nothing
            at work.
        precision: significant figures of the numbers shown.
        blank: what a worksheet leaves out: "values", "gradients", "locals", "downstream".
        layout: "embedded", or "dot" for the system's Graphviz.
        force: whether more than 400 nodes are drawn.
        theme: "light", "dark" or "colour-blind", or a `Theme`.
        lang: the language of its words; by default the one that is spoken now.
        network: its neurons, whose weighted sums are then one gate each.
        fit: a format to fill: "16:9", "4:3", "a4" or "phone".

    Raises:
        OptionError: an unknown option, a step that does not exist, or too many nodes.
    """
    plate = Plate(
        derivation, precision=precision, blank=blank, layout=layout, force=force, theme=theme,
        lang=lang, network=network, fit=fit,
    )  # fmt: skip
    checked_step(step, plate.steps)
    return Diagram(plate, step)


def checked_step(step: object, count: int) -> None:
    """Refuse what is neither a step of a picture, from 0 to `count`, nor None for the whole.

    Raises:
        OptionError: the step is neither.
    """
    if step is not None and (
        isinstance(step, bool) or not isinstance(step, int) or not 0 <= step <= count
    ):
        raise OptionError(
            said(
                "step is a whole number from 0 to {count}, left out for the whole picture, not {step}",
                count=count, step=quoted(repr(step)),
            )
        )
