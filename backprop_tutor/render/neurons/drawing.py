"""One frame of a network as marks: units, wires and texts, each looking as its step has it.

Enters: labels, a schedule, a layout, a step. Leaves: marks for the stage. Every place is the layout's:
a step changes looks and texts and moves nothing.
"""

from __future__ import annotations

from ...language import shown_name
from ...scales import Box, Neuron
from ...translation import sentence as _
from ..narration.numbers import shown
from ..stage.marks import Layers, Mark, Path, Rect, Run, Words, words
from ..stage.wires import CASING, head
from .connections import Wire, Work
from .look import Look
from .places import Foot
from .places import Run as WireRun
from .units import UnitDrawer

__all__ = ["Drawer", "plate_of"]

_THIN, _MORE, _DASH = 1.0, 2.4, "7 5"
_PLAIN = 1.3
_HEAD_SIZE = 14.0


class Drawer:
    """Draws the frames of one layout."""

    def __init__(self, look: Look) -> None:
        self.look = look
        self.units: UnitDrawer = UnitDrawer(look)
        self.largest: float = max(
            (
                abs(float(text.value))
                for wire in look.labels.wires
                if wire.term is not None and (text := look.labels.texts[wire.number]).value is not None
            ),
            default=0.0,
        )

    def frame(self, step: int) -> tuple[Mark, ...]:
        """Return the marks of a step, deepest first; 0 is before the first, one more after the last."""
        layers = Layers()
        work = self.look.schedule.work(step)
        self._headings(layers)
        for wire in self.look.labels.wires:
            run = self.look.layout.runs.get(wire.number)
            if run is None:
                continue
            focused = self.look.layout.busy.get(wire.number)
            if focused is not None and wire.target in work.units:
                self._in_focus(layers, wire, focused, step, work)
            else:
                self._wire(layers, wire, run, step, work)
        for place, spot in self.look.layout.spots.items():
            self.units.unit(layers, spot, step, place in work.units)
        self._feet(layers, step, work)
        self._left_out(layers, work)
        if self.look.layout.upright and not self.look.layout.crowded:
            layers.tints += [
                plate_of(mark) for mark in layers.texts
                if isinstance(mark, Words) and mark.key.startswith("wire-")
            ]  # fmt: skip
        return layers.flat()

    def _headings(self, layers: Layers) -> None:
        for x, column in self.look.layout.heads:
            text = self._heading(column)
            if text:
                y = self.look.layout.stage.top + 4.0
                layers.texts.append(
                    words(text, x, y, _HEAD_SIZE, fill="quiet", anchor="middle", kind="heading",
                          key=f"column-{column}")
                )  # fmt: skip

    def _heading(self, column: int) -> str:
        places = [p for p, c in self.look.network.columns.items() if c == column]
        outputs = set(self.look.network.outputs)
        if any(isinstance(self.look.network.units.get(p), Neuron) for p in places):
            return _("outputs") if outputs & set(places) else _("hidden layer")
        if all(p not in self.look.network.units for p in places):
            return _("inputs")
        return _("error") if self.look.page.graph.output in places else _("features")

    def width(self, wire: Wire) -> float:
        """Return how wide a wire is drawn: by the size of its weight."""
        value = self.look.labels.texts[wire.number].value
        if wire.term is None or value is None or not self.largest:
            return _PLAIN
        return _THIN + _MORE * abs(float(value)) / self.largest

    def dash(self, wire: Wire) -> str:
        """Return a wire's dashes: where its weight is negative."""
        value = self.look.labels.texts[wire.number].value
        return _DASH if wire.term is not None and value is not None and value < 0 else ""

    def _wire(
        self, layers: Layers, wire: Wire, run: WireRun, step: int, work: Work
    ) -> None:
        active = wire.number in work.wires
        done = step >= self.look.schedule.forward[wire.target]
        role = "active" if active else "ink" if done else "pending"
        wide, key = self.width(wire), f"wire-{wire.number}"
        faint = self.look.layout.crowded and not active
        if active:
            layers.casings.append(
                Path(d=run.d, stroke="casing", width=wide + CASING, cap="round", kind="casing")
            )
        opacity = 1.0
        if faint and (wire.term is not None or wire.bias is not None):
            columns = self.look.network.columns
            beside = any(columns.get(place) == columns[wire.target] for place in work.units)
            opacity = 0.16 if beside else 0.3
        into = layers.bodies if active else layers.wires
        into.append(
            Path(d=run.d, stroke=role, width=wide, dash=self.dash(wire), opacity=opacity,
                 kind="wire", key=key)
        )  # fmt: skip
        size = 8.0 + wide
        into.append(
            Path(d=head(run.tip, run.toward, size), fill=role, opacity=opacity, kind="head")
        )
        if wire.number in work.back:
            layers.bodies.append(
                Path(d=head(run.back, run.back_toward, size), fill=role, kind="head back")
            )
        if not self.look.layout.crowded:
            self._wire_texts(layers, wire, run, step, active)

    def _in_focus(
        self, layers: Layers, wire: Wire, run: WireRun, step: int, work: Work
    ) -> None:
        """Draw a wire of the neuron at work, with its numbers on plates of paper."""
        wide, key = self.width(wire), f"wire-{wire.number}-focus"
        layers.casings.append(
            Path(d=run.d, stroke="casing", width=wide + CASING, cap="round", kind="casing")
        )
        layers.bodies += [
            Path(d=run.d, stroke="active", width=wide, dash=self.dash(wire), kind="wire", key=key),
            Path(d=head(run.tip, run.toward, 8.0 + wide), fill="active", kind="head"),
        ]
        text, size = self.look.labels.texts[wire.number], self.look.layout.lettering[2]
        x, y = run.label or run.tip
        texts: list[Words] = []
        if text.value is not None:
            texts.append(
                words(shown(text.value, self.look.layout.figures), x, y - 4.5, size, fill="value",
                      anchor="middle", kind="weight", key=f"{key}-weight")
            )  # fmt: skip
        since = self.look.schedule.backward.get(wire.target)
        if text.gradient is not None and self.look.known(since, step):
            number = shown(text.gradient, self.look.layout.figures)
            texts.append(
                words(number, x, y + size + 2.0, size, style=self.look.style(since, step),
                      fill="gradient", anchor="middle", kind="gradient", key=f"{key}-gradient")
            )  # fmt: skip
        layers.tints += [plate_of(mark) for mark in texts]
        layers.texts += texts

    def _wire_texts(
        self, layers: Layers, wire: Wire, run: WireRun, step: int, active: bool
    ) -> None:
        text, size = self.look.labels.texts[wire.number], self.look.layout.lettering[2]
        figures, key = self.look.layout.figures, f"wire-{wire.number}"
        if run.label is not None:
            x, y = run.label
            runs = []
            if text.name and (self.look.layout.names or wire.term is None):
                runs.append(Run(text.name, "italic", "active" if active else "ink"))
            if text.value is not None:
                value = text.value
                if text.name.startswith("−"):
                    value = -value
                number = shown(value if runs else text.value, figures)
                runs += [Run(" ")] if runs else []
                runs.append(Run(number, "regular", "value"))
            if runs:
                layers.texts.append(self._weight(wire, run, runs, f"{key}-weight"))
            since = self.look.schedule.backward.get(wire.target)
            if text.gradient is not None and self.look.known(since, step):
                self.look.number(layers, text.gradient, x, y + self._below, size, since, step,
                             "gradient", f"{key}-gradient")  # fmt: skip
        if run.tail is not None and text.contribution is not None:
            self._tail(layers, wire, run.tail, step, active)

    @property
    def _below(self) -> float:
        """Return how far below a wire the line of its lower number stands."""
        return self.look.layout.lettering[2] + (1.0 if self.look.layout.upright else 2.0)

    @property
    def _above(self) -> float:
        return 4.0 if self.look.layout.upright else 7.0

    def _weight(self, wire: Wire, run: WireRun, runs: list[Run], key: str) -> Words:
        """Return a weight above its wire; a target beside it, where wires run down."""
        x, y = run.label or run.tip
        size = self.look.layout.lettering[2]
        if self.look.layout.upright and wire.term is None:
            anchor = "start" if x >= run.back[0] else "end"
            beside = 36.0 if x == run.back[0] else 0.0  # clear of the framed number that comes back
            return words(runs, x + beside, y, size, anchor=anchor, kind="weight", key=key)
        return words(runs, x, y - self._above, size, anchor="middle", kind="weight", key=key)

    def _tail(
        self, layers: Layers, wire: Wire, at: tuple[float, float], step: int, active: bool
    ) -> None:
        text, size = self.look.labels.texts[wire.number], self.look.layout.lettering[2]
        since = self.handed_since(wire)
        if not self.look.known(since, step) or text.contribution is None:
            return
        x, y = at
        symbol = self.look.labels.symbols(wire)
        shown_too = self.look.layout.detail or self.look.layout.upright
        if symbol and (shown_too or wire.term is None):
            layers.texts.append(
                words(symbol, x, y - self._above, max(size - 1.0, 12.0), style="italic",
                      fill="active" if active and wire.term is not None else "quiet",
                      anchor="middle", kind="symbol", key=f"wire-{wire.number}-symbol")
            )  # fmt: skip
        self.look.number(layers, text.contribution, x, y + self._below, size, since, step,
                     "gradient", f"wire-{wire.number}-contribution")  # fmt: skip

    def handed_since(self, wire: Wire) -> int | None:
        """Return when a contribution is shown: a box's with the box, a neuron's with the one it is for."""
        if isinstance(self.look.network.units[wire.target], Box):
            return self.look.schedule.backward.get(wire.target)
        return self.look.schedule.backward.get(wire.source)

    def _feet(self, layers: Layers, step: int, work: Work) -> None:
        for place, foot in self.look.layout.feet.items():
            if self.look.layout.upright:
                self._between(layers, place, foot, step)
                continue
            users = [w for w in self.look.labels.wires if w.bias is not None and w.source == place]
            active = any(wire.number in work.wires for wire in users)
            role = "active" if active else "ink"
            d = f"M{foot.left:.1f},{foot.y:.1f}H{foot.right:.1f}"
            if active:
                layers.casings.append(
                    Path(d=d, stroke="casing", width=_PLAIN + CASING, cap="round", kind="casing")
                )
            into = layers.bodies if active else layers.wires
            into.append(Path(d=d, stroke=role, width=_PLAIN, kind="wire", key=f"bias-{place}"))
            name = shown_name(self.look.network.name(place))
            size = self.look.layout.lettering[0]
            layers.texts.append(
                words(name, foot.left - 8.0, foot.y + 6.0, size, style="italic", anchor="end",
                      fill=role if place in work.units else "ink", kind="name", key=f"bias-{place}-name")
            )  # fmt: skip
            x, small = foot.left + 39.0, self.look.layout.lettering[2]
            value = self.look.page.write.value(place)
            layers.texts.append(
                words(shown(value, self.look.layout.figures), x, foot.y - 7.0, small, fill="value",
                      anchor="middle", kind="value", key=f"bias-{place}-value")
            )  # fmt: skip
            since = self.look.schedule.summed.get(place)
            if self.look.known(since, step):
                total = self.look.page.write.upstream(place)
                self.look.number(layers, total, x, foot.y + small + 4.0, small, since, step,
                                 "gradient", f"bias-{place}-gradient")  # fmt: skip

    def _between(self, layers: Layers, place: int, foot: Foot, step: int) -> None:
        """Add a shared bias between its two neurons: name and value above the wire, the sum below."""
        size, key = self.look.layout.lettering[2], f"bias-{place}"
        value = shown(self.look.page.write.value(place), self.look.layout.figures)
        name = shown_name(self.look.network.name(place))
        runs = [Run(f"{name} ", "italic"), Run(value, "regular", "value")]
        layers.texts.append(
            words(runs, foot.left, foot.y - 7.0, size, anchor="middle", kind="weight", key=f"{key}-value")
        )
        since = self.look.schedule.summed.get(place)
        if self.look.known(since, step):
            total = self.look.page.write.upstream(place)
            self.look.number(layers, total, foot.left, foot.y + size + 5.0, size, since, step,
                             "gradient", f"{key}-gradient")  # fmt: skip

    def _left_out(self, layers: Layers, work: Work) -> None:
        """Say how many of a column's units are not shown, in blue while one of them is at work."""
        for (x, y), count, column in self.look.layout.more:
            hidden = {
                place for place, at in self.look.network.columns.items()
                if at == column and place not in self.look.layout.spots
            }  # fmt: skip
            fill = "active" if hidden & work.units else "quiet"
            upright = self.look.layout.upright
            sign, right, down, anchor = ("⋯", 0.0, 26.0, "middle") if upright else ("⋮", 15.0, 5.0, "start")
            layers.texts += [
                words(sign, x, y + 6.0, 20.0, fill=fill, anchor="middle", kind="more"),
                words(_("{count} more").format(count=count), x + right, y + down, 12.0, fill=fill,
                      anchor=anchor, kind="more", key=f"more-{column}"),
            ]  # fmt: skip


def plate_of(mark: Words) -> Rect:
    """Return a plate of paper under a text that stands on a wire."""
    box = mark.bounds
    return Rect(
        x=box.left - 3.0, y=box.top - 2.5, width=box.right - box.left + 6.0,
        height=box.bottom - box.top + 5.0,
        fill="paper", kind="plate",
    )  # fmt: skip
