"""Pictures of a derivation over arrays of which shapes alone are known, all on one layout.

Enters: an `UnvaluedPass`. Leaves: a `Diagram` or `Frames`, as for a derivation with numbers.
"""

from __future__ import annotations

from typing import Any

from ...choices import Fit, Layout, ThemeName
from ...language import shown_name
from ...matrices.rules import reason_of
from ...matrices.unvalued import ShapedEdge, UnvaluedPass
from ...once import cached_property
from ...sentences import N_, again, counted, said
from ...translation import checked_language, speaking, spoken
from ...translation import sentence as _
from ..narration.array_names import ArrayNames
from .bands import Stage, find_stage
from .captions import Caption, frame_words, numbered
from .circuit import Circuit
from .circuit_plate import CircuitPlate
from .layout import Placement, checked_layout, lay_out
from .shaped_circuit import shaped_circuit, shaped_steps, uses
from .slots import Sheet
from .svg import draw
from .symbol_circuit import SymbolStep
from .theme import Theme, find_theme

__all__ = ["ShapedPlate"]

_MOST_LINES = 8
_PHASES = {
    "forward": N_("forward"), "seed": N_("seed"), "backward": N_("backward"),
    "accumulate": N_("accumulate"),
}


class ShapedPlate(CircuitPlate):
    """What all pictures of a derivation from shapes share: a circuit, one layout, one base drawing."""

    derivation: Any
    found: UnvaluedPass
    theme: Theme
    layout: Layout
    lang: str
    circuit: Circuit
    page: Stage | None

    def __init__(
        self, derivation: Any, found: UnvaluedPass, *, layout: Layout = "embedded", force: bool = False,
        theme: ThemeName | Theme = "light", lang: str | None = None, fit: Fit | None = None,
    ) -> None:  # fmt: skip
        language = checked_language(lang) if lang else spoken()
        with speaking(language):
            circuit = shaped_circuit(found, force)
        self.__dict__.update(
            derivation=derivation, found=found, theme=find_theme(theme), layout=checked_layout(layout),
            lang=language, circuit=circuit, page=None if fit is None else find_stage(fit),
        )  # fmt: skip

    def _parts(self) -> tuple[object, ...]:
        return self.derivation, self.theme, self.layout, self.lang, self.page

    @cached_property
    def records(self) -> tuple[SymbolStep, ...]:
        """Return the steps."""
        return shaped_steps(self.found)

    @property
    def steps(self) -> int:
        """Return the number of steps."""
        return len(self.records)

    @cached_property
    def names(self) -> ArrayNames:
        """Return what writes names, shapes and formulas."""
        return ArrayNames(self.found.graph)

    @cached_property
    def placement(self) -> Placement:
        """Return where everything stands."""
        return lay_out(self.circuit, self.layout, True, self.page)

    @cached_property
    def sheet(self) -> Sheet:
        """Return the base drawing."""
        frames = [self.frame(step) for step in range(self.steps + 2)]
        with speaking(self.lang):
            output = shown_name(self.derivation.output)
            title = _("Computational graph of {name}").format(name=output)
            keys = [
                ("value", _("shape above")),
                ("gradient", _("gradient ∂{output}/∂· below").format(output=output)),
                ("local", _("what δ becomes, on the arrow")),
            ]  # fmt: skip
            if self.circuit.fans_out:
                keys.append(("downstream", _("its contribution under the arrow")))
            return draw(self.circuit, self.placement, frames, keys, title, self.theme, self.page)

    def caption(self, step: int) -> Caption:
        """Return the caption of a step, from 0 to their number + 1."""
        with speaking(self.lang):
            return self._caption(step)

    def _caption(self, step: int) -> Caption:
        count, graph = self.steps, self.found.graph
        if step < 1:
            title = _("before step 1 of {count}").format(count=count)
            return frame_words(title, (), _("only the inputs are known"), True)
        if step > count:
            title = counted(count, N_("the only step"), N_("all {count} steps"))
            lines = [
                f"{self._gradient(i)} = {self.found.filled[i]}" for i, node in enumerate(graph.nodes)
                if node.kind == "input" and self.found.filled[i]
            ]  # fmt: skip
            return frame_words(title, lines[:_MOST_LINES], "", True)
        record = self.records[step - 1]
        name = self.names.name(record.quantity).unicode
        lines, reason = self._told(record)
        title = f"{_(_PHASES[record.phase])} · {name}"
        return frame_words(numbered(title, step, count), lines, reason, True)

    def _told(self, record: SymbolStep) -> tuple[list[str], str]:
        place, graph = record.quantity, self.found.graph
        if record.phase == "forward":
            left, right = self.names.name(place).unicode, self.names.formula(place).unicode
            return [f"{left} = {right}   ({self.names.shape(place)})"], ""
        if record.phase == "seed":
            output = self.names.name(place).unicode
            reason = _("the backward pass begins here: {output} changes by 1 when {output} does")
            return [f"{self._gradient(place)} = 1"], reason.format(output=output)
        if record.phase == "backward":
            edges = self.found.edges[place]
            reasons = dict.fromkeys(again(said(reason_of(graph, place, edge.slot))) for edge in edges)
            return [self._handed(edge) for edge in edges][:_MOST_LINES], " · ".join(map(str, reasons))
        reason = _("{name} has {count} uses: what they hand back adds up").format(
            name=self.names.name(place).unicode, count=len(self._uses[place])
        )
        right = self.found.named[place] or "…"
        return [f"{self._gradient(place)} = {right}   ({self.names.shape(place)})"], reason

    @cached_property
    def _uses(self) -> dict[int, list[ShapedEdge]]:
        return uses(self.found)

    def _gradient(self, place: int) -> str:
        return self.names.gradient(place).unicode

    def _handed(self, edge: ShapedEdge) -> str:
        """Return `∂L/∂W = Xᵀ·∂L/∂Z   (3×4)`; of several uses it is a part."""
        left = self._gradient(edge.source)
        if len(self._uses[edge.source]) > 1:
            through = self.names.name(edge.target).unicode
            left = _("part of {gradient} through {gate}").format(gradient=left, gate=through)
        return f"{left} = {edge.named or '…'}   ({self.names.shape(edge.source)})"
