"""A derivation seen at a scale: its steps there, told and drawn.

Enters: a derivation and the name of a scale. Leaves: a `ScaledDerivation`. The rows of `SCALES` say what
each scale needs; where a program has no neurons, gates are shown and it says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from .choices import Blank, Detail, Fit, Format, Layout, Scale, ThemeName, words
from .errors import OptionError, did_you_mean, quoted
from .frozen import Final
from .once import cached_property
from .scales import Network, ScaleStep, recognise, scale_steps
from .sentences import N_, said
from .steps import Derivation, Step
from .translation import speaking, spoken

if TYPE_CHECKING:
    from .render.drawing.diagram import Diagram
    from .render.drawing.frames import Frames
    from .render.drawing.theme import Theme
    from .render.narration.document import Document

__all__ = ["SCALES", "ScaledDerivation", "checked_scale"]

SCALES = words(Scale)
"""The scales of a program of single numbers, the larger first."""

NO_NEURONS = N_("{name} has no neuron: no activation of a weighted sum; its gates are shown")


def checked_scale(scale: object) -> str:
    """Return the scale, if it is one.

    Raises:
        OptionError: it is none of `SCALES`.
    """
    if scale in SCALES:
        return str(scale)
    hint = did_you_mean(str(scale), SCALES) or said("the scales: {names}", names=", ".join(SCALES))
    raise OptionError(said("there is no scale {name}; {hint}", name=quoted(str(scale)), hint=hint))


class ScaledDerivation(Final):
    """A derivation at a scale: `.steps`, `.explain()`, `.diagram()`, `.frames()`.

    Attributes:
        derivation: the derivation.
        scale: "neurons" or "gates", the one that is shown.
        asked: the scale that was asked for.
        network: its neurons, layers and boxes; None at the scale of gates.
    """

    derivation: Derivation
    scale: str
    asked: str
    network: Network | None

    def __init__(self, derivation: Derivation, asked: str) -> None:
        network = recognise(derivation.graph_table) if asked == "neurons" else None
        self.__dict__.update(
            derivation=derivation, asked=checked_scale(asked), network=network,
            scale="gates" if network is None else "neurons",
        )  # fmt: skip

    def _parts(self) -> tuple[object, ...]:
        return self.derivation, self.asked

    def __repr__(self) -> str:
        return f"<{self.derivation.output} at the scale of {self.scale}: {len(self.steps)} steps>"

    @cached_property
    def steps(self) -> tuple[ScaleStep, ...] | tuple[Step, ...]:
        """Return the steps at this scale; at the scale of gates they are the derivation's own."""
        if self.network is None:
            return self.derivation.steps
        return scale_steps(self.derivation, self.network)

    @property
    def remark(self) -> str:
        """Return what is to be said of the scale: that there is none of what was asked for; or nothing."""
        if self.scale == self.asked:
            return ""
        return said(NO_NEURONS, name=self.derivation.output)

    def explain(
        self, format: Format | Callable[[Document], str] = "text", *, detail: Detail = "full",
        precision: int = 4,
        update: Any = None, steps: int | None = None, wrt: Iterable[str] | None = None,
        maximize: bool = False, check: bool | None = None, lang: str | None = None,
    ) -> str:  # fmt: skip
        """Return the whole derivation in words and formulas; the options are those of a derivation."""
        with speaking(lang or spoken()):
            if self.network is not None:
                from .render.neurons.explanation import explained  # start-up time

                return explained(
                    self.derivation, self.network, scale_steps(self.derivation, self.network), format,
                    detail=detail, precision=precision, update=update, updates=steps, wrt=wrt,
                    maximize=maximize, check=check,
                )  # fmt: skip
            from .render.narration.explain import explain  # start-up time

            return explain(
                self.derivation, format, detail=detail, precision=precision, update=update, steps=steps,
                wrt=wrt, maximize=maximize, check=check, remark=self.remark,
            )  # fmt: skip

    def document(self, *, steps: int | None = None, **options: Any) -> Document:
        """Return the explanation as a document for a terminal; the options are those of `explain`."""
        if self.network is not None:
            from .render.neurons.explanation import neuron_document  # start-up time

            return neuron_document(
                self.derivation, self.network, scale_steps(self.derivation, self.network),
                updates=steps, **options,
            )  # fmt: skip
        from .render.narration.explain import document  # start-up time

        return document(self.derivation, steps=steps, markup=False, remark=self.remark, **options)

    def diagram(
        self, step: int | None = None, *, fit: Fit | None = None, precision: int | None = None,
        blank: Blank | Iterable[Blank] = (), layout: Layout = "embedded", force: bool = False,
        theme: ThemeName | Theme = "light", lang: str | None = None,
    ) -> Diagram:  # fmt: skip
        """Return the picture after a step (counted from 1), or complete if None; as a derivation's own.

        Raises:
            OptionError: an unknown option, one of another scale, or a step that does not exist.
        """
        self._fitting(fit, blank, layout, force)
        if self.network is not None:
            from .render.neurons.plate import neuron_diagram  # start-up time: the drawing

            return neuron_diagram(
                self.derivation, self.network, step, precision=precision, theme=theme,
                fit=fit or "16:9", lang=lang,
            )  # fmt: skip
        from .render.drawing.diagram import diagram  # start-up time: the layout engine

        return diagram(
            self.derivation, step, precision=4 if precision is None else precision, blank=blank,
            layout=layout, force=force, theme=theme, lang=lang,
        )  # fmt: skip

    def frames(
        self, *, fit: Fit | None = None, precision: int | None = None,
        blank: Blank | Iterable[Blank] = (), layout: Layout = "embedded", force: bool = False,
        theme: ThemeName | Theme = "light", lang: str | None = None,
    ) -> Frames:  # fmt: skip
        """Return one picture a step, all on one layout; the options are those of `diagram`."""
        self._fitting(fit, blank, layout, force)
        if self.network is not None:
            from .render.neurons.plate import neuron_frames  # start-up time: the drawing

            return neuron_frames(
                self.derivation, self.network, precision=precision, theme=theme, fit=fit or "16:9",
                lang=lang,
            )  # fmt: skip
        from .render.drawing.frames import frames  # start-up time: the layout engine

        return frames(
            self.derivation, precision=4 if precision is None else precision, blank=blank,
            layout=layout, force=force, theme=theme, lang=lang,
        )  # fmt: skip

    def _fitting(self, fit: object, blank: object, layout: object, force: object) -> None:
        """Refuse options of another scale than the one that is shown.

        Raises:
            OptionError: one of them is given.
        """
        of_gates = {"blank": blank, "force": force, "layout": layout != "embedded"}
        given = [name for name, value in of_gates.items() if value]
        if self.network is not None and given:
            raise OptionError(
                said("{option} is for the scale of gates, and neurons are shown", option=given[0])
            )
        if self.network is None and fit is not None:
            raise OptionError(
                said("{option} is for the scale of neurons, and gates are shown", option="fit")
            )
