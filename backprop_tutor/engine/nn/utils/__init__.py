"""What is done to all of a model's parameters at once: clipping gradients, joining into a vector."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...absent import refusing
from .clipping import clip_grad_norm_, clip_grad_value_

__all__ = ["clip_grad_norm_", "clip_grad_value_"]

if not TYPE_CHECKING:  # type checkers know every name there is, and find the others
    __getattr__ = refusing(__name__)
