"""From the engine to the tutor: a trained model opened as a derivation that can be explained and drawn.

This room alone sees both wings.
"""

from .models import from_model
from .pictures import diagram, plot_model
from .training_steps import from_step

__all__ = ["diagram", "from_model", "from_step", "plot_model"]
