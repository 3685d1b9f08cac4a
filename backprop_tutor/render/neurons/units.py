"""Units as marks: circles with value and δ, boxes, what stands below them, small circles with stubs.

Enters: a look, a place, a step. Leaves: marks.
"""

from __future__ import annotations

from dataclasses import replace
from math import sqrt

from ...scales import Box, Neuron
from ...steps import Exact
from ...translation import sentence as _
from ..narration.numbers import shown
from ..stage.marks import Disc, Layers, Mark, Path, Rect, Run, words
from ..typesetting.fonts import ending, width
from .focus import STUB
from .labels import fitted
from .look import Look
from .places import Spot

__all__ = ["UnitDrawer"]

_PLAIN = 1.3
_SMALLEST = 12.0
_SMALLEST_NAME = 11.5
_SHORT = 20.0
"""So wide a bias's name stands beside its neuron, where columns are rows; for a longer one stands b."""
_BEFORE = 14.0
"""How far left of its neuron's middle the line of an own bias begins; a long one further left."""
_BEHIND = 73.0
"""How far right of the middle it ends: the numbers of the wires that leave begin there."""


class UnitDrawer:
    """Draws the units of one layout."""

    def __init__(self, look: Look) -> None:
        self.look = look

    def unit(self, layers: Layers, spot: Spot, step: int, active: bool) -> None:
        """Add a unit or an input as it is after a step."""
        place = spot.place
        unit = self.look.network.units.get(place)
        done = unit is None or step >= self.look.schedule.forward[place]
        line = "active" if active else "ink" if done else "pending"
        fill = "active_fill" if active else "paper"
        thick = 3.0 if active else 1.4
        key = f"unit-{place}"
        if spot.round:
            layers.tints.append(
                Disc(x=spot.x, y=spot.y, r=spot.wide, stroke=line, line=thick, fill=fill,
                     kind="unit", key=key)
            )  # fmt: skip
        else:
            layers.tints.append(
                Rect(x=spot.x - spot.wide, y=spot.y - spot.high, width=2 * spot.wide,
                     height=2 * spot.high, rx=8.0 if self.look.layout.crowded else 10.0, stroke=line,
                     line=thick, fill=fill, kind="unit", key=key)
            )  # fmt: skip
        if self.look.layout.crowded:
            self._stub(layers, spot, step, active)
            return
        self._name(layers, spot, active)
        if unit is None:
            text, size = self._fit(self.look.page.write.value(place), 1.7 * spot.wide)
            layers.texts.append(
                words(text, spot.x, spot.y + 0.36 * size, size, fill="value", anchor="middle",
                      kind="value", key=f"{key}-value")
            )  # fmt: skip
            return
        half = spot.wide - (9.0 if spot.round else 10.0)
        layers.tints.append(
            Path(d=f"M{spot.x - half:.1f},{spot.y:.1f}H{spot.x + half:.1f}", stroke=line, width=1.1,
                 kind="diameter", key=f"{key}-line")
        )  # fmt: skip
        self._numbers(layers, spot, step)
        if isinstance(unit, Neuron):
            self._below(layers, spot, unit, step, active)
        elif isinstance(unit, Box):
            self._others(layers, spot, unit)

    def _name(self, layers: Layers, spot: Spot, active: bool) -> None:
        size = self.look.layout.lettering[0]
        name = self.look.page.write.name(spot.place).unicode
        runs = (Run(name, "italic"),)
        x, y, anchor = spot.x, spot.y - spot.high - 9.0, "middle"
        if self.look.layout.upright:
            x, y, anchor = self._outside(spot)
            page = self.look.layout.stage.width
            room = x - 4.0 if anchor == "end" else page - x - 4.0 if anchor == "start" else page / 2
            size = max(_SMALLEST_NAME, min(size, size * room / max(1.0, width(name, size, "italic")) - 0.1))
            runs = (Run(ending(name, room, size, "italic"), "italic"),)
        layers.texts.append(
            words(runs, x, y, size, fill="active" if active else "ink", anchor=anchor, kind="name",
                  key=f"unit-{spot.place}-name")
        )  # fmt: skip

    def _outside(self, spot: Spot) -> tuple[float, float, str]:
        """Return where a name stands where wires run down: outside, above a box without a wire there."""
        above = any(
            abs(other.x - spot.x) < spot.wide and other.y < spot.y
            for other in self.look.layout.spots.values()
        )
        if not (spot.round or above or self.look.layout.crowded):
            return spot.x, spot.y - spot.high - 9.0, "middle"
        if spot.x < self.look.layout.stage.width / 2 - 1.0 or not spot.round:
            return spot.x - spot.wide - 8.0, spot.y + 6.0, "end"
        return spot.x + spot.wide + 8.0, spot.y + 6.0, "start"

    def _fit(self, value: Exact, room: float) -> tuple[str, float]:
        size = self.look.layout.lettering[1]
        return fitted(value, room, size, _SMALLEST, self.look.layout.figures)

    def _numbers(self, layers: Layers, spot: Spot, step: int) -> None:
        """Add a unit's value above its line and the gradient below it: δ of a neuron, ∂f/∂ of a box."""
        write, place, unit = self.look.page.write, spot.place, self.look.network.units[spot.place]
        room = 2 * sqrt(spot.wide**2 - 18.0**2) - 4.0 if spot.round else 2 * spot.wide - 8.0
        since = self.look.schedule.forward[place]
        if self.look.known(since, step):
            text, size = self._fit(write.value(place), room)
            layers.texts.append(
                words(text, spot.x, spot.y - 8.0, size, style=self.look.style(since, step), fill="value",
                      anchor="middle", kind="value", key=f"unit-{place}-value")
            )  # fmt: skip
        known = self.look.schedule.backward.get(place)
        gradient = write.upstream(place)
        if isinstance(unit, Neuron):
            gradient = write.delta_value(unit)
        else:
            known = self.look.schedule.gradient(place)
        if self.look.known(known, step):
            text, size = self._fit(gradient, room)
            layers.texts.append(
                words(text, spot.x, spot.y + 6.0 + size, size, style=self.look.style(known, step),
                      fill="gradient", anchor="middle", kind="gradient", key=f"unit-{place}-gradient")
            )  # fmt: skip

    def _below(self, layers: Layers, spot: Spot, neuron: Neuron, step: int, active: bool) -> None:
        """Add what stands below a neuron: its sum, ∂f/∂h and slope, its own bias."""
        write, key, figures = self.look.page.write, f"unit-{spot.place}", self.look.layout.figures
        y = spot.y + spot.high + 16.0
        quiet = "active" if active and not self.look.layout.detail else "quiet"
        lines: list[tuple[str, list[Run]]] = []
        room = 0.0
        since, back = self.look.schedule.forward[spot.place], self.look.schedule.backward.get(spot.place)
        if self.look.layout.detail and neuron.activation:
            runs = self._pair("net ", write.value(neuron.net) * neuron.net_sign, since, step, "value")
            lines.append(("net", runs if self.look.known(since, step) else []))
            name = write.gradient(spot.place).unicode
            runs = self._pair(f"{name} ", write.upstream(spot.place), back, step, "gradient")
            lines.append(("upstream", runs if self.look.known(back, step) else []))
            own = self.look.slope(neuron)
            if own is not None and neuron.activation != "softmax":
                label = write.slope(neuron).unicode.partition("(")[0]
                role = "active" if active and back == step else "quiet"
                runs = [Run(f"{label} = {shown(own, figures)}", "regular", role)]
                lines.append(("slope", runs if self.look.known(back, step) else []))
        bias = neuron.bias
        if bias is not None and bias.place not in self.look.network.shared:
            name = write.name(bias.place).unicode
            short = self.look.layout.upright and width(name, 12.0) <= _SHORT
            name = name if short or self.look.layout.detail else "b"
            constant = self.look.page.graph.nodes[bias.place].kind == "constant"
            name = "b" if constant else name
            value = write.value(bias.place) * bias.sign if constant else write.value(bias.place)
            sign = "−" if bias.sign < 0 and not constant else ""
            runs = [Run(f"{sign}{name} ", "italic", quiet), Run(shown(value, figures), "regular", "value")]
            if not constant:
                gradient = shown(write.upstream(bias.place), figures)
                later = Run(" · ", "regular", "quiet"), Run(gradient, "bold", "gradient")
                room = sum(run.width(13.0) for run in (*runs, *later))
                if self.look.known(back, step):
                    runs += [later[0], replace(later[1], style=self.look.style(back, step))]
            lines.insert(min(1, len(lines)), ("bias", runs))
        if self.look.layout.upright:
            self._inside(layers, spot, [runs for _, runs in lines], key)
            return
        for number, (kind, runs) in enumerate(lines):
            if runs:
                layers.texts.append(self._under(spot, runs, y + 18.0 * number, key, kind, room))

    def _inside(self, layers: Layers, spot: Spot, lines: list[list[Run]], key: str) -> None:
        """Add an own bias beside its neuron, towards the middle, where wires run down."""
        middle = self.look.layout.stage.width / 2
        for runs in lines:
            pieces = [runs[:2], runs[3:]]
            for number, piece in enumerate(pieces):
                if not piece:
                    continue
                left = spot.x < middle - 1.0
                x = spot.x + (spot.wide + 6.0) * (1.0 if spot.x < middle + 1.0 else -1.0)
                first = -16.0 if left else 14.0 if spot.x > middle + 1.0 else 26.0
                layers.texts.append(
                    words(piece, x, spot.y + first + 15.0 * number, 12.0, kind="bias",
                          anchor="start" if spot.x < middle + 1.0 else "end", key=f"{key}-bias-{number}")
                )  # fmt: skip

    def _under(
        self, spot: Spot, runs: list[Run], y: float, key: str, kind: str, room: float
    ) -> Mark:  # fmt: skip
        """Return a line below a neuron; a bias begins where it will when its gradient is known, too.

        Without detail it begins under the neuron's middle: wires come in at the left.
        """
        detail = self.look.layout.detail
        down, size = (0.0, 13.0) if detail else (-1.0, 12.0)
        x, anchor = spot.x, "middle"
        if kind == "bias" and room:
            before = max(_BEFORE, room * size / 13.0 - _BEHIND)
            x, anchor = spot.x - (room / 2 if detail else before), "start"
        return words(runs, x, y + down, size, anchor=anchor, kind=kind, key=f"{key}-{kind}")

    def _pair(self, name: str, value: Exact, since: int | None, step: int, role: str) -> list[Run]:
        number = shown(value, self.look.layout.figures)
        return [Run(name, "italic", "quiet"), Run(number, self.look.style(since, step), role)]

    def _others(self, layers: Layers, spot: Spot, box: Box) -> None:
        """Add what enters a box and stands on none of its wires."""
        others = self.look.labels.others(box)
        for number, place in enumerate(others[:3]):
            name = self.look.page.write.name(place).unicode
            runs = [
                Run(f"{name} ", "italic", "ink"),
                Run(shown(self.look.page.write.value(place), self.look.layout.figures), "regular", "value"),
            ]
            y = spot.y + spot.high + 18.0 + 18.0 * number
            if number == 2 and len(others) > 3:
                runs = [Run(_("{count} more").format(count=len(others) - 2), "regular", "quiet")]
            layers.texts.append(
                words(runs, spot.x, y, 13.0, anchor="middle", kind="entering",
                      key=f"unit-{spot.place}-entering-{number}")
            )  # fmt: skip

    def _stub(self, layers: Layers, spot: Spot, step: int, active: bool) -> None:
        """Draw a small circle's numbers beside it, above and below a stub; a box's inside it."""
        place, key = spot.place, f"unit-{spot.place}"
        unit = self.look.network.units.get(place)
        if not spot.round:
            self._name(layers, spot, active)
            layers.tints.append(
                Path(d=f"M{spot.x - spot.wide + 8:.1f},{spot.y:.1f}h{2 * spot.wide - 16:.1f}",
                     stroke="active" if active else "ink", width=1.1, kind="diameter")
            )  # fmt: skip
            self._numbers(layers, spot, step)
            return
        upright, size = self.look.layout.upright, self.look.layout.lettering[1]
        if unit is None:
            name = self.look.page.write.name(place).unicode
            x, y = spot.x - spot.wide - 7.0, spot.y + 5.0
            if upright:
                x, y = spot.x, spot.y - spot.high - 7.0
            layers.texts.append(
                words(name, x, y, 14.0, style="italic", anchor="middle" if upright else "end", kind="name",
                      key=f"{key}-name")
            )  # fmt: skip
        since = 0 if unit is None else self.look.schedule.forward[place]
        done = step >= since
        if upright:
            x, above, below = spot.x, spot.y + spot.high + size + 3.0, spot.y + spot.high + 2 * size + 7.0
        else:
            left = spot.x + spot.wide
            layers.wires.append(
                Path(d=f"M{left:.1f},{spot.y:.1f}h{STUB:.1f}", width=_PLAIN, kind="stub",
                     stroke="active" if active else "ink" if done else "pending")
            )  # fmt: skip
            x, above, below = left + STUB / 2 + 3.0, spot.y - 5.0, spot.y + size + 3.0
        if done:
            value = self.look.page.write.value(place)
            found = since if unit is not None else None
            self.look.number(layers, value, x, above, size, found, step, "value", f"{key}-value")
        back = self.look.schedule.backward.get(place)
        if isinstance(unit, Neuron) and self.look.known(back, step):
            delta = self.look.page.write.delta_value(unit)
            self.look.number(layers, delta, x, below, size, back, step, "gradient", f"{key}-gradient")
