"""What everything drawn of one layout needs: what is known at a step, how it looks, a number as a mark."""

from __future__ import annotations

from ...scales import Neuron
from ...scales.steps import slope
from ...steps import Exact
from ..narration.numbers import shown
from ..stage.marks import Layers, words
from .connections import Schedule
from .labels import Labels
from .page import Page
from .places import Layout

__all__ = ["Look"]


class Look:
    """The page, labels, schedule and layout of a picture's frames."""

    def __init__(self, page: Page, labels: Labels, schedule: Schedule, layout: Layout) -> None:
        self.page = page
        self.labels = labels
        self.schedule = schedule
        self.layout = layout
        self.network = page.network
        self._slopes: dict[int, Exact | None] = {}

    def known(self, since: int | None, step: int) -> bool:
        """Return whether something found in step `since` is known."""
        return since is not None and step >= since

    def style(self, since: int | None, step: int) -> str:
        """Return the style of a text: bold in the step that finds it."""
        return "bold" if since == step else "regular"

    def slope(self, neuron: Neuron) -> Exact | None:
        """Return the slope of a neuron's activation."""
        if neuron.place not in self._slopes:
            self._slopes[neuron.place] = slope(self.page.derivation, neuron)
        return self._slopes[neuron.place]

    def number(
        self, layers: Layers, value: Exact, x: float, y: float, size: float, since: int | None,
        step: int, role: str, key: str,
    ) -> None:  # fmt: skip
        """Add a number, its middle at x."""
        layers.texts.append(
            words(shown(value, self.layout.figures), x, y, size, style=self.style(since, step),
                  fill=role, anchor="middle", kind=role, key=key)
        )  # fmt: skip
