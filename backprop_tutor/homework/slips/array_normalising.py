"""Slips on the way back through batch and layer normalisation: paths through the mean and the deviation.

A value reaches what is normalised along three paths: by itself, through the mean, through the deviation.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ...matrices.array_graph import options_of
from .array_bends import Array, ArrayPlan, Edge, View, kind_of
from .array_sites import at_edges
from .slip_record import Slip

__all__ = ["ROWS"]


def _slot(number: int) -> Callable[[ArrayPlan, Edge], bool]:
    """Return whether an edge is that operand of a normalisation of a matrix."""

    def is_one(plan: ArrayPlan, edge: Edge) -> bool:
        node = plan.graph.nodes[edge[1]]
        named = kind_of(node) in ("batch_norm", "layer_norm")
        return named and edge[2] == number and plan.numbers[node.operands[0]].ndim == 2

    return is_one


def _standard(view: View) -> tuple[Array, Array, int]:
    """Return the standardised values, the deviations, and the axis along which they are taken."""
    x = np.asarray(view.operands[0], float)
    axis = 0 if kind_of(view.node) == "batch_norm" else 1
    centred = x - x.mean(axis, keepdims=True)
    deviation = np.sqrt((centred**2).mean(axis, keepdims=True) + options_of(view.node)["eps"])
    return centred / deviation, deviation, axis


def _back(mean: bool, variance: bool, scaled: bool = True) -> Callable[[View], Array]:
    """Return the rule with some paths alone: the direct one, through the mean, through the deviation."""

    def rule(view: View) -> Array:
        if options_of(view.node).get("rank", 1) != 1:
            raise ValueError("normalised over several axes")
        hat, deviation, axis = _standard(view)
        handed = view.g * view.operands[1] if scaled and len(view.operands) > 1 else view.g
        found = handed
        if mean:
            found = found - handed.mean(axis, keepdims=True)
        if variance:
            found = found - hat * (handed * hat).mean(axis, keepdims=True)
        return np.asarray(found / deviation)

    return rule


def _over_samples(of: Callable[[View], Array], averaged: bool = False) -> Callable[[View], Array]:
    def rule(view: View) -> Array:
        found = of(view)
        return np.asarray(found.mean(0) if averaged else found.sum(0))

    return rule


ROWS = (
    Slip(
        name="normalisation-paths", family="activations", rank=1,
        sites=at_edges(
            _slot(0),
            {
                "no mean": _back(False, True), "no variance": _back(True, False),
                "direct alone": _back(False, False), "no scale": _back(True, True, scaled=False),
            },
        ),
        sentence="A part of the way back through the normalisation was left out.",
        hint="A value also moves the mean and the variance of its batch: how many paths lead through them?",
        variants={
            "no mean": "The path through the mean was left out of the way back through the normalisation.",
            "no variance": "The path through the variance was left out of the way back through the "
            "normalisation.",
            "direct alone": "Mean and variance were taken as constants on the way back through the "
            "normalisation.",
            "no scale": "The scale was left out on the way back through the normalisation.",
        },
    ),
    Slip(
        name="normalisation-scale", family="activations", rank=1,
        sites=at_edges(
            _slot(1),
            {
                "not standardised": _over_samples(lambda v: v.g * v.operands[0]),
                "output": _over_samples(lambda v: v.g * v.out),
                "alone": _over_samples(lambda v: v.g),
                "averaged": _over_samples(lambda v: v.g * _standard(v)[0], averaged=True),
            },
        ),
        sentence="The scale multiplies the standardised values: its gradient sums δ times these over the "
        "samples.",
        hint="By what is the scale multiplied, and for how many samples is it used?",
        variants={
            "not standardised": "The scale's gradient was made with the values before the normalisation; "
            "the scale multiplies the standardised ones.",
            "averaged": "The scale is used once for each sample: its gradient is the sum over the samples, "
            "not their mean.",
        },
    ),
    Slip(
        name="normalisation-shift", family="activations", rank=1,
        sites=at_edges(_slot(2), {"averaged": _over_samples(lambda v: v.g, averaged=True)}),
        sentence="The shift is used once for each sample: its gradient is the sum over the samples, not "
        "their mean.",
        hint="For how many samples is the shift used?",
    ),
)  # fmt: skip
