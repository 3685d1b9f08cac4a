"""The plots that courses draw of networks, as matplotlib figures: the extra `plots`."""

from __future__ import annotations

from ...extras import need

need("matplotlib")  # before the modules below ask for it

# ruff: noqa: E402
from ..functions import methods as _methods  # noqa: F401  (fills in the class Tensor)
from .activation_curves import activations
from .boundary import decision_boundary
from .curves import curves
from .histograms import gradient_histograms, weight_histograms
from .predictions import predictions
from .saving import save_figure

__all__ = [
    "activations", "curves", "decision_boundary", "gradient_histograms", "predictions",
    "save_figure", "weight_histograms",
]
