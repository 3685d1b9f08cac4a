"""One frame drawn: the arrangement with what is known after a step, and what is at work lit.

Enters: an `Arrangement`, a `Timeline`, a step. Leaves: marks. Nothing here decides a place: between frames
only what is shown and its colours differ.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from ..stage.marks import Disc, Layers, Rect, Run, words
from ..stage.wires import add_wire
from .arrangement import Arrangement, landing_names
from .cells import GATE
from .figures import HEADER, Look, draw_figure
from .layer_steps import LayerStep, Timeline

__all__ = ["Lit", "draw_scene"]

Cells = frozenset[tuple[int, int]]


@dataclass(slots=True)
class Lit:
    """Which cells of which boxes a step points at: values, gradients, and the entry that comes out."""

    values: dict[int, Cells] = field(default_factory=dict)
    gradients: dict[int, Cells] = field(default_factory=dict)
    ring: tuple[int, str, int, int] | None = None


def draw_scene(
    arrangement: Arrangement, timeline: Timeline, step: int, top: float, lit: Lit
) -> Layers:
    """Return a frame's marks; `top` is where the picture begins.

    `step` counts from 1; 0 is before the first, one more than there are is after all, nothing at work.
    """
    return _Drawer(arrangement, timeline, step, top, lit).layers()


class _Drawer:
    def __init__(
        self, arrangement: Arrangement, timeline: Timeline, step: int, top: float, lit: Lit
    ) -> None:
        self.a, self.timeline, self.step, self.top, self.lit = arrangement, timeline, step, top, lit
        self.parts = arrangement.parts
        steps = timeline.steps
        self.now: LayerStep | None = steps[step - 1] if 1 <= step <= len(steps) else None
        self.out = Layers()

    def layers(self) -> Layers:
        for route in self.a.scene.routes:
            state = self.state(route.wire.gate, route.wire.source, route.wire.operand)
            shown = [[(x, y + self.top) for x, y in piece] for piece in route.pieces]
            for number, piece in enumerate(shown):
                last = number == len(shown) - 1
                add_wire(self.out, piece, state, arrow=last, key=route.wire.key if last else "")
            for dashed in route.dashed:
                way = [(x, y + self.top) for x, y in dashed]
                add_wire(self.out, way, state, dash="5 4", arrow=False)
        for number, gate in sorted(self.a.scene.gates.items()):
            self.gate(number, gate.x, gate.y + self.top, gate.half, gate.size)
        for place, spot in sorted(self.a.scene.boxes.items()):
            draw_figure(
                self.out, self.a.figures[place], spot.left, spot.middle + self.top, self.look(place),
                spot.below,
            )  # fmt: skip
        names = landing_names(self.parts)
        for landing in self.a.scene.landings:
            name = names[landing.source]
            self.out.texts.append(
                words([Run(name, "italic")], landing.x, landing.y + self.top, HEADER, fill="quiet",
                      kind="landing")
            )  # fmt: skip
        return self.out

    def known(self, place: int) -> bool:
        return self.timeline.values.get(place, 1 << 30) <= self.step

    def state(self, gate: int, source: int, operand: int | None) -> str:
        """Return how a wire looks: at work with its gate, pending while its array is not known."""
        if self.now is not None and self.now.gate == gate:
            forward = self.now.kind == "forward"
            takes = operand is None or forward or any(
                o == self.parts.gates[gate].operands[operand] for o, _ in self.now.edges
            ) or self.reads(gate, operand)
            if takes:
                return "active"
        return "done" if self.known(source) else "pending"

    def reads(self, gate: int, operand: int) -> bool:
        """Return whether a gate that multiplies needs an operand's value on the way back."""
        return len(self.parts.gates[gate].operands) > 1 and self.parts.gates[gate].sign in ("@", "⊙", "×")

    def gate(self, number: int, x: float, y: float, half: float, size: float) -> None:
        gate = self.parts.gates[number]
        active = self.now is not None and self.now.gate == number
        done = self.known(gate.result)
        stroke = "active" if active else "ink" if done else "pending"
        fill, line = ("active_fill", 2.8) if active else ("paper", 1.4)
        kind, key = ("gate active" if active else "gate"), f"gate-{number}"
        if half <= GATE:
            self.out.bodies.append(
                Disc(x=x, y=y, r=GATE, stroke=stroke, line=line, fill=fill, kind=kind, key=key)
            )
        else:
            self.out.bodies.append(
                Rect(x=x - half, y=y - GATE, width=2 * half, height=2 * GATE, rx=GATE, stroke=stroke,
                     line=line, fill=fill, kind=kind, key=key)
            )  # fmt: skip
        ink = "ink" if active or done else "quiet"
        self.out.texts.append(
            words(gate.sign, x, y + 0.36 * size, size, fill=ink, anchor="middle", kind="sign")
        )

    def look(self, place: int) -> Look:
        now, gradients = self.now, self.timeline.gradients
        found_value = now is not None and now.kind == "forward" and now.place == place
        found = gradients.get(place) == self.step and now is not None
        ring = self.lit.ring
        aim = found or found_value or (
            now is not None and now.kind == "backward" and any(o.place == place for o, _ in now.edges)
        )
        return Look(
            value=self.known(place), gradient=gradients.get(place, 1 << 30) <= self.step,
            found_value=found_value, found_gradient=found, aim=aim and place not in self.parts.data,
            tint_value=self.lit.values.get(place, frozenset()),
            tint_gradient=self.lit.gradients.get(place, frozenset()),
            ring=ring[1:] if ring is not None and ring[0] == place else None,
        )  # fmt: skip
