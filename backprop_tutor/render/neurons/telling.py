"""Every step at the scale of neurons told, in order; the explanation and the captions are made of these.

Enters: a derivation, its network, its steps. Leaves: a `Told` a step. Both tellings say the same; the
captions with fewer figures, and shorter sums.
"""

from __future__ import annotations

from ...scales import Neuron, ScaleStep
from ...translation import sentence as _
from ..narration.document import Math
from .backward import box_backward, neuron_backward, parameter_sum
from .forward import box_forward, neuron_forward
from .page import Page, Told
from .sums import Line

__all__ = ["told"]


def told(page: Page, step: ScaleStep) -> Told:
    """Return what a step says."""
    if step.phase == "seed":
        return _seed(page, step.place)
    if step.phase == "accumulate":
        return parameter_sum(page, step.place)
    unit = page.network.units[step.place]
    if isinstance(unit, Neuron):
        tell = neuron_forward if step.phase == "forward" else neuron_backward
        return tell(page, unit)
    return box_forward(page, unit) if step.phase == "forward" else box_backward(page, unit)


def _seed(page: Page, place: int) -> Told:
    line = Line((page.write.gradient(place), Math("1", "1", "gradient")))
    reason = _("the backward pass begins here: {output} changes by 1 when {output} does").format(
        output=page.write.name(place).unicode
    )
    return Told(_("seed"), "", (line,), reason)
