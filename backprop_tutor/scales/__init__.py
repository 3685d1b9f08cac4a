"""A program of single numbers at a larger scale: its neurons, layers and boxes, and their steps.

`recognise` finds them in any program; `scale_steps` groups a derivation's gate steps by them. Nothing
is computed twice: each number is one of the derivation's own. `to_layers` and `to_gates` write a program
as one over arrays, and one over arrays as numbers.
"""

from __future__ import annotations

from .assembly import recognise
from .entries import Entries
from .records import Bias, Box, Layer, Network, Neuron, Term, Unit
from .steps import ScaleStep, scale_steps
from .usual import is_network, usual_scale

__all__ = [
    "Bias", "Box", "Entries", "Layer", "Network", "Neuron", "ScaleStep", "Term", "Unit", "is_network",
    "recognise", "scale_steps", "usual_scale",
]  # fmt: skip
