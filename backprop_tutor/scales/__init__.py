"""A program of single numbers at a larger scale: its neurons, layers and boxes, and their steps.

`recognise` finds them in any program; `neuron_steps` groups a derivation's gate steps by them. Nothing
is computed twice: each number is one of the derivation's own.
"""

from __future__ import annotations

from .assembly import recognise
from .records import Bias, Box, Layer, Network, Neuron, Term
from .steps import ScaleStep, scale_steps

__all__ = [
    "Bias", "Box", "Layer", "Network", "Neuron", "ScaleStep", "Term", "recognise", "scale_steps",
]  # fmt: skip
