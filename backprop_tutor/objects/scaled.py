"""A derivation seen at a scale: its steps there, told and drawn.

Enters: a derivation and the name of a scale. Leaves: a `ScaledDerivation`. Where a program has no neurons,
or no layers, gates are shown and it says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from ..accepted import NumberLike
from ..choices import Blank, Detail, Fit, Format, Layout, Scale, ThemeName, words
from ..errors import OptionError, did_you_mean, quoted
from ..frozen import Final
from ..matrices.given import is_array
from ..once import cached_property
from ..scales import Entries, Network, ScaleStep, is_network, recognise, scale_steps, usual_scale
from ..sentences import N_, said
from ..steps import Derivation, Step
from ..translation import speaking, spoken

if TYPE_CHECKING:
    from ..matrices.array_derivation import ArrayDerivation
    from ..render.drawing.diagram import Diagram
    from ..render.drawing.frames import Frames
    from ..render.drawing.theme import Theme
    from ..render.narration.document import Document

__all__ = ["NO_LAYERS", "SCALES", "ScaledDerivation", "checked_scale", "default_scale"]

SCALES = words(Scale)
"""The scales, the larger first."""

NO_LAYERS = N_("{name} has no layer: no neurons whose weights are a matrix")

_NONE = {
    "neurons": N_("{name} has no neuron: no activation of a weighted sum; its gates are shown"),
    "layers": N_("{name} has no layer: no neurons whose weights are a matrix; its gates are shown"),
}
"""What is said where a program has nothing of a scale."""


def checked_scale(scale: object) -> str:
    """Return the scale, if it is one.

    Raises:
        OptionError: it is none of `SCALES`.
    """
    if scale in SCALES:
        return str(scale)
    hint = did_you_mean(str(scale), SCALES) or said("the scales: {names}", names=", ".join(SCALES))
    raise OptionError(said("there is no scale {name}; {hint}", name=quoted(str(scale)), hint=hint))


def _figures(precision: int | None, fit: Fit | None) -> int:
    """Return the figures shown in pictures of gates: fewer on a phone, where rows are short."""
    return precision if precision is not None else 3 if fit == "phone" else 4


def default_scale(derivation: Derivation) -> str:
    """Return the largest scale that tells the whole of a program.

    Gates for a formula, neurons for a network of at most 12 units a layer, layers for a larger one and for
    matrices.
    """
    if any(map(is_array, derivation.at.values())):
        return "layers"
    return usual_scale(recognise(derivation.graph_table))


class ScaledDerivation(Final):
    """A derivation at a scale: `.steps`, `.explain()`, `.diagram()`, `.frames()`.

    Attributes:
        derivation: the derivation.
        scale: "layers", "neurons" or "gates", the one that is shown.
        asked: the scale that was asked for.
        network: its neurons, layers and boxes, where neurons or layers of them are shown; else None.
        arrays: the derivation over arrays that layers show; else None.
        entries: where arrays are shown, which entry each number is; else None.
        binary: whether in pictures of gates weighted sums are taken apart.
    """

    derivation: Derivation
    scale: str
    asked: str
    network: Network | None
    arrays: ArrayDerivation | None
    entries: Entries | None
    binary: bool

    def __init__(self, derivation: Derivation, asked: str, binary: bool = False) -> None:
        checked_scale(asked)
        network, arrays, entries = None, None, None
        if any(map(is_array, derivation.at.values())):
            arrays = derivation
        elif asked != "gates":
            network = recognise(derivation.graph_table)
        if asked == "layers" and network is not None:
            from ..scales.to_layers import as_layers  # start-up time: NumPy

            arrays, entries = as_layers(derivation, network)
            network = network if arrays is not None else None
        scale = "layers" if arrays is not None else "gates" if network is None else "neurons"
        self.__dict__.update(
            derivation=derivation, asked=asked, network=network, arrays=arrays, entries=entries,
            scale=scale, binary=binary,
        )  # fmt: skip

    def _parts(self) -> tuple[object, ...]:
        return self.derivation, self.asked, self.binary

    @cached_property
    def sums(self) -> Network | None:
        """Return the network whose weighted sums are one gate each in the pictures of gates, if any."""
        if self.binary or self.scale != "gates":
            return None
        found = recognise(self.derivation.graph_table)
        return found if found is not None and is_network(found) else None

    def __repr__(self) -> str:
        return f"<{self.derivation.output} at the scale of {self.scale}: {len(self.steps)} steps>"

    @cached_property
    def steps(self) -> tuple[ScaleStep, ...] | tuple[Step, ...]:
        """Return the steps at this scale; at the scale of gates they are the derivation's own."""
        if self.arrays is not None:
            from ..render.layers.scale_steps import layer_scale_steps  # start-up time: NumPy

            return layer_scale_steps(self.arrays)
        if self.network is None:
            return self.derivation.steps
        return scale_steps(self.derivation, self.network)

    @property
    def remark(self) -> str:
        """Return what is to be said of the scale: that there is none of what was asked for; or nothing."""
        if self.scale == self.asked:
            return ""
        return said(_NONE[self.asked], name=self.derivation.output)

    def explain(
        self, format: Format | Callable[[Document], str] = "text", *, detail: Detail = "full",
        precision: int = 4,
        update: NumberLike | None = None, steps: int | None = None, wrt: Iterable[str] | None = None,
        maximize: bool = False, check: bool | None = None, lang: str | None = None,
    ) -> str:  # fmt: skip
        """Return the whole derivation in words and formulas; the options are those of a derivation."""
        asked = {"update": update, "steps": steps, "wrt": wrt, "maximize": maximize}
        with speaking(lang or spoken()):
            if self.arrays is not None:
                self._refuse({**asked, "format": format == "json"})
                from ..render.narration.array_explained import array_explained  # start-up time

                return array_explained(
                    self.arrays, format, detail=detail, precision=precision, check=check
                )
            if self.network is not None:
                from ..render.neurons.explanation import explained  # start-up time

                return explained(
                    self.derivation, self.network, scale_steps(self.derivation, self.network), format,
                    detail=detail, precision=precision, update=update, updates=steps, wrt=wrt,
                    maximize=maximize, check=check,
                )  # fmt: skip
            from ..render.narration.explain import explain  # start-up time

            return explain(
                self.derivation, format, detail=detail, precision=precision, update=update, steps=steps,
                wrt=wrt, maximize=maximize, check=check, remark=self.remark,
            )  # fmt: skip

    def document(self, *, steps: int | None = None, **options: Any) -> Document:
        """Return the explanation as a document for a terminal; the options are those of `explain`."""
        if self.arrays is not None:
            own = {name: options.pop(name, None) for name in ("update", "wrt", "maximize")}
            self._refuse({**own, "steps": steps})
            from ..render.narration.array_words import array_document  # start-up time

            full = options.pop("detail", "full") == "full"
            return array_document(self.arrays, full=full, **options)
        if self.network is not None:
            from ..render.neurons.explanation import neuron_document  # start-up time

            return neuron_document(
                self.derivation, self.network, scale_steps(self.derivation, self.network),
                updates=steps, **options,
            )  # fmt: skip
        from ..render.narration.explain import document  # start-up time

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
        if self.arrays is not None:
            from ..render.layers.plate import layers_diagram  # start-up time: measuring texts

            return layers_diagram(
                self.arrays, step, precision=precision, theme=theme, lang=lang, fit=fit or "16:9",
                force=force,
            )  # fmt: skip
        if self.network is not None:
            from ..render.neurons.plate import neuron_diagram  # start-up time: the drawing

            return neuron_diagram(
                self.derivation, self.network, step, precision=precision, theme=theme,
                fit=fit or "16:9", lang=lang,
            )  # fmt: skip
        from ..render.drawing.diagram import diagram  # start-up time: the layout engine

        return diagram(
            self.derivation, step, precision=_figures(precision, fit), blank=blank,
            layout=layout, force=force, theme=theme, lang=lang, network=self.sums, fit=fit,
        )  # fmt: skip

    def frames(
        self, *, fit: Fit | None = None, precision: int | None = None,
        blank: Blank | Iterable[Blank] = (), layout: Layout = "embedded", force: bool = False,
        theme: ThemeName | Theme = "light", lang: str | None = None,
    ) -> Frames:  # fmt: skip
        """Return one picture a step, all on one layout; the options are those of `diagram`."""
        self._fitting(fit, blank, layout, force)
        if self.arrays is not None:
            from ..render.layers.plate import layers_frames  # start-up time: measuring texts

            return layers_frames(
                self.arrays, precision=precision, theme=theme, lang=lang, fit=fit or "16:9", force=force
            )
        if self.network is not None:
            from ..render.neurons.plate import neuron_frames  # start-up time: the drawing

            return neuron_frames(
                self.derivation, self.network, precision=precision, theme=theme, fit=fit or "16:9",
                lang=lang,
            )  # fmt: skip
        from ..render.drawing.frames import frames  # start-up time: the layout engine

        return frames(
            self.derivation, precision=_figures(precision, fit), blank=blank,
            layout=layout, force=force, theme=theme, lang=lang, network=self.sums, fit=fit,
        )  # fmt: skip

    def _fitting(self, fit: object, blank: object, layout: object, force: object) -> None:
        """Refuse options of another scale than the one that is shown.

        Raises:
            OptionError: one of them is given.
        """
        of_gates = {"blank": blank, "layout": layout != "embedded"}
        if self.scale == "neurons":
            of_gates["force"] = force
        if self.scale != "gates":
            self._refuse(of_gates)

    def _refuse(self, options: Mapping[str, object]) -> None:
        """Refuse options that the scale that is shown has not."""
        given = [name for name, value in options.items() if value not in (None, False, (), "")]
        if given and self.scale == "neurons":
            raise OptionError(
                said("{option} is for the scale of gates, and neurons are shown", option=given[0])
            )
        if given:
            raise OptionError(
                said("{option} is for the scale of gates, and layers are shown", option=given[0])
            )
