"""The losses by the names that a user may say; a function of output and target is one too."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from ..engine.nn import functional as F
from ..errors import OptionError, did_you_mean, quoted
from ..sentences import said

__all__ = ["LOSSES", "LossLike", "is_written_out", "loss_function"]

LossLike: TypeAlias = str | Callable[[Any, Any], Any]  # Any: an engine's tensors, or a module's own
"""A loss by its name, or a function of output and target."""

LOSSES: dict[str, Callable[[Any, Any], Any]] = {
    "cross_entropy": F.cross_entropy, "nll": F.nll_loss, "mse": F.mse_loss, "mae": F.l1_loss,
    "bce": F.binary_cross_entropy, "bce_with_logits": F.binary_cross_entropy_with_logits,
    "huber": F.huber_loss, "smooth_l1": F.smooth_l1_loss,
}  # fmt: skip
"""Each is the mean that PyTorch's function of the name takes by default."""
_ALIKE = {
    "nll_loss": "nll", "mse_loss": "mse", "l1_loss": "mae", "l1": "mae", "huber_loss": "huber",
    "binary_cross_entropy": "bce", "binary_cross_entropy_with_logits": "bce_with_logits",
    "smooth_l1_loss": "smooth_l1",
}  # fmt: skip
"""PyTorch's names of them."""


def loss_function(loss: LossLike) -> Callable[[Any, Any], Any]:
    """Return a function of the model's output and what is wanted.

    Raises:
        OptionError: a name that is no loss's, or something that cannot be called.
    """
    if isinstance(loss, str):
        found = LOSSES.get(_ALIKE.get(loss, loss))
        if found is None:
            hint = did_you_mean(loss, LOSSES) or said("the losses: {names}", names=", ".join(LOSSES))
            raise OptionError(said("no loss is called {name}; {hint}", name=quoted(loss), hint=hint))
        return found
    if not callable(loss):
        raise OptionError(
            said("a loss is a name or a function of output and target, not {kind}",
                 kind=quoted(type(loss).__name__))
        )  # fmt: skip
    return loss


def is_written_out(judge: Callable[[Any, Any], Any]) -> bool:
    """Return whether a loss is a user's own function or module, not one of the engine's.

    >>> is_written_out(F.mse_loss), is_written_out(lambda p, y: ((p - y) ** 2).mean())
    (False, True)
    """
    return not getattr(judge, "__module__", "").startswith(f"{__package__.partition('.')[0]}.engine")
