"""Pictures of a derivation without numbers: complete, or one a step, all on one layout.

Enters: a `SymbolicPass`. Leaves: a `Diagram` or `Frames`, as for a derivation with numbers.
"""

from __future__ import annotations

from typing import Any

from ...chains import Link, SymbolicPass
from ...choices import Fit, Layout, ThemeName
from ...language import shown_name, written
from ...once import cached_property
from ...ops import OPS
from ...sentences import N_, counted
from ...translation import checked_language, speaking, spoken
from ...translation import sentence as _
from .bands import Stage, find_stage
from .captions import Caption, frame_words, numbered
from .circuit import Circuit
from .circuit_plate import CircuitPlate
from .diagram import Diagram, checked_step
from .frames import Frames
from .layout import Placement, checked_layout, lay_out
from .slots import Sheet
from .svg import draw
from .symbol_circuit import SymbolStep, factor, gradient_text, symbol_circuit, symbol_steps
from .theme import Theme, find_theme

__all__ = ["SymbolPlate", "symbol_diagram", "symbol_frames"]


class SymbolPlate(CircuitPlate):
    """What all pictures of a derivation in symbols share: a circuit, one layout, one base drawing.

    `derivation` is what `Diagram` and `Frames` name it by: the object that has `output`.
    """

    derivation: Any
    found: SymbolicPass
    theme: Theme
    layout: Layout
    lang: str
    circuit: Circuit
    page: Stage | None

    def __init__(
        self, derivation: Any, found: SymbolicPass, *, layout: Layout = "embedded", force: bool = False,
        theme: ThemeName | Theme = "light", lang: str | None = None, fit: Fit | None = None,
    ) -> None:  # fmt: skip
        self.__dict__.update(
            derivation=derivation, found=found, theme=find_theme(theme), layout=checked_layout(layout),
            lang=checked_language(lang) if lang else spoken(), circuit=symbol_circuit(found, force),
            page=None if fit is None else find_stage(fit),
        )  # fmt: skip

    def _parts(self) -> tuple[object, ...]:
        return self.derivation, self.found.chain.by, self.theme, self.layout, self.lang, self.page

    @cached_property
    def records(self) -> tuple[SymbolStep, ...]:
        """Return the steps."""
        return symbol_steps(self.found.chain)

    @property
    def steps(self) -> int:
        """Return the number of steps."""
        return len(self.records)

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
                ("value", _("formula above")),
                ("gradient", _("gradient ∂{output}/∂· below").format(output=output)),
                ("local", _("local gradient on the arrow")),
            ]  # fmt: skip
            if self.circuit.fans_out:
                keys.append(("downstream", _("its contribution under the arrow")))
            return draw(self.circuit, self.placement, frames, keys, title, self.theme, self.page)

    def caption(self, step: int) -> Caption:
        """Return the caption of a step, from 0 to their number + 1."""
        with speaking(self.lang):
            return self._caption(step)

    def _caption(self, step: int) -> Caption:
        count = self.steps
        if step < 1:
            title = _("before step 1 of {count}").format(count=count)
            return frame_words(title, (), _("only the inputs are known"), True)
        if step > count:
            title = counted(count, N_("the only step"), N_("all {count} steps"))
            return frame_words(title, (self._forward(self.found.chain.output),), "", True)
        record = self.records[step - 1]
        name = shown_name(self.found.chain.quantities[record.quantity].name)
        title = f"{_(_PHASES[record.phase])} · {name}"
        lines, reason = self._told(record)
        return frame_words(numbered(title, step, count), lines, reason, True)

    def _told(self, record: SymbolStep) -> tuple[list[str], str]:
        chain, i = self.found.chain, record.quantity
        if record.phase == "forward":
            return [self._forward(i)], ""
        if record.phase == "seed":
            output = shown_name(chain.quantities[i].name)
            reason = _("the backward pass begins here: {output} changes by 1 when {output} does")
            return [f"{gradient_text(chain, i)} = 1"], reason.format(output=output)
        if record.phase == "backward":
            lines = [self._handed(link) for link in chain.links_into[i]]
            return lines[:_MOST_LINES], self._reason(i)
        parts = self.found.parts[i]
        rule = " + ".join(self._rule(part.link) for part in parts)
        sides = [gradient_text(chain, i), rule]
        tree = self.found.by_names[i].tree
        if tree is not None:
            sides.append(written(tree))
        name = shown_name(chain.quantities[i].name)
        reason = _("{name} has {count} uses: what they hand back adds up").format(
            name=name, count=len(parts)
        )
        return [" = ".join(sides)], reason

    def _forward(self, i: int) -> str:
        quantity = self.found.chain.quantities[i]
        name = shown_name(quantity.name)
        return name if quantity.formula is None else f"{name} = {written(quantity.formula)}"

    def _handed(self, link: Link) -> str:
        """Return `∂z/∂u = ∂z/∂x·∂x/∂u = 2·x·1`; of several uses it is a part."""
        chain = self.found.chain
        several = sum(chain.relevant[k.target] for k in chain.out_of[link.source]) > 1
        left = gradient_text(chain, link.source)
        if several:
            through = shown_name(chain.quantities[link.target].name)
            left = _("part of {gradient} through {gate}").format(gradient=left, gate=through)
        sides = [left, self._rule(link)]
        part = next(p for p in self.found.parts[link.source] if p.link is link)
        if link.target == chain.output:
            sides.append(written(link.local))
        elif part.upstream is not None:
            sides.append(f"{factor(part.upstream)}·{factor(link.local)}")
            if part.downstream is not None:
                sides.append(written(part.downstream))
        else:
            sides.append(f"{gradient_text(chain, link.target)}·{factor(link.local)}")
        return " = ".join(dict.fromkeys(sides))

    def _rule(self, link: Link) -> str:
        chain = self.found.chain
        local = gradient_text(chain, link.source, link.target)
        if link.target == chain.output:
            return local
        return f"{gradient_text(chain, link.target)}·{local}"

    def _reason(self, i: int) -> str:
        chain = self.found.chain
        if chain.by != "gates":
            return ""
        node = chain.graph.nodes[chain.quantities[i].place]
        reasons = [
            _(OPS[node.op].reason(link.slot, len(node.operands))) for link in chain.links_into[i]
        ]
        return " · ".join(dict.fromkeys(reasons))


_PHASES = {
    "forward": N_("forward"), "seed": N_("seed"), "backward": N_("backward"),
    "accumulate": N_("accumulate"),
}  # fmt: skip

_MOST_LINES = 8


def symbol_diagram(plate: SymbolPlate, step: int | None = None) -> Diagram:
    """Return the picture of a derivation in symbols, complete or after a step.

    Raises:
        OptionError: a step that does not exist.
    """
    checked_step(step, plate.steps)
    return Diagram(plate, step)


def symbol_frames(plate: SymbolPlate) -> Frames:
    """Return one picture a step."""
    return Frames(plate)
