"""The plots that courses draw of networks, as matplotlib figures: the extra `plots`."""

from __future__ import annotations

from ...extras import need

need("matplotlib")  # before the modules below ask for it

# ruff: noqa: E402
from ..functions import table as _table  # noqa: F401  (fills in the class Tensor)
from .classes import decision_boundary, predictions
from .figures import curves, save_figure
from .learning import activations, gradient_histograms, weight_histograms

__all__ = [
    "activations", "curves", "decision_boundary", "gradient_histograms", "predictions",
    "save_figure", "weight_histograms",
]
