"""The network as a program of single numbers, so that it is drawn neuron by neuron with every number.

Enters: a view, a moment, a row. Leaves: the derivation of the row's loss: x₁ … the inputs (scaled, as the
network sees them), w₂₁ to unit 2 from unit 1, h the hidden layer, v and c the next one, y and t.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..engine import nn
from ..engine.fused.activations import layers, module_name
from ..objects.deriving import derive
from ..objects.numbers import Derivation
from .view import View

__all__ = ["neurons_derivation"]

_MOST_UNITS, _MOST_INPUTS = 14, 10
_LOSSES = {
    "bce": "bce({y}, {t})",
    "mse": "mse({y}, {t})",
    "cross_entropy": "cross_entropy([{y}], [{t}])",
}


def neurons_derivation(view: View, place: int, row: int) -> Derivation | None:
    """Return the derivation of one row's loss; None of a network too large to be read, or normalised."""
    course = view.course
    found = list(course.weights(course.moments[place]))
    between = _activations(list(course.model))
    inputs = found[0][0].shape[1]
    if (
        between is None
        or inputs > _MOST_INPUTS
        or sum(len(bias) for _, bias in found) > _MOST_UNITS
    ):
        return None
    scaling = course.plan.scaling
    sample = (view.table.features[row] - scaling.mean) / scaling.deviation
    at: dict[str, Any] = {f"x{i + 1}": float(value) for i, value in enumerate(sample)}
    lines: list[str] = []
    before = list(at)
    for number, (weight, bias) in enumerate(found):
        before = _layer(lines, at, number, len(found), weight, bias, before, between[number])
    targets = _targets(view, row, len(before))
    at |= targets
    if len(before) > 1:  # the engine's loss takes net inputs, the language's takes probabilities
        shares = [f"p{i + 1}" for i in range(len(before))]
        lines.append(f"{', '.join(shares)} = softmax({', '.join(before)})")
        before = shares
    names = {"y": ", ".join(before), "t": ", ".join(targets)}
    lines.append("L = " + _LOSSES[course.plan.network.output.loss].format(**names))
    derived: Derivation = derive("\n".join(lines), at=at)
    return derived


def _layer(
    lines: list[str],
    at: dict[str, Any],
    number: int,
    count: int,
    weight: Any,
    bias: Any,
    before: list[str],
    activation: str,
) -> list[str]:
    """Add a layer's lines and numbers; return its units' names."""
    rows, columns = weight.shape
    letter, own = "wvuqr"[number % 5], "bcdef"[number % 5]
    unit = "y" if number == count - 1 else "hgk"[number % 3]
    units = []
    for i in range(rows):
        terms = []
        for j in range(columns):
            index = f"{j + 1}" if rows == 1 else f"{i + 1}" if columns == 1 else f"{i + 1}{j + 1}"
            if max(rows, columns) > 9 and rows > 1 and columns > 1:
                index = f"{i + 1}_{j + 1}"
            name = f"{letter}_{{{index}}}"
            at[name] = float(weight[i, j])
            terms.append(f"{name}*{before[j]}")
        constant = own if rows == 1 else f"{own}{i + 1}"
        at[constant] = float(bias[i])
        net = " + ".join([*terms, constant])
        name = unit if rows == 1 and unit == "y" else f"{unit}{i + 1}"
        lines.append(f"{name} = {activation}({net})" if activation else f"{name} = {net}")
        units.append(name)
    return units


def _activations(parts: list[Any]) -> list[str] | None:
    """Return the activation behind each linear layer, "" for none; None where there are other parts."""
    rows = {module_name(name): name for name in layers()}
    found: list[str] = []
    for part in parts:
        if isinstance(part, nn.Linear):
            found.append("")
        elif type(part).__name__ in rows and found:
            found[-1] = rows[type(part).__name__]
        elif not isinstance(part, nn.Identity):
            return None
    return found


def _targets(view: View, row: int, count: int) -> dict[str, float]:
    target = np.asarray(view.table.targets[row]).reshape(-1)[0]
    if count == 1:
        return {"t": float(target)}
    return {f"t{i + 1}": float(i == target) for i in range(count)}
