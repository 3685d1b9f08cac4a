"""Linear algebra, under the name `torch.linalg`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .absent import refusing
from .functions import methods as _methods  # noqa: F401  (fills in the class Tensor)
from .functions.matrices import LinAlgError, inv, norm, solve

__all__ = ["LinAlgError", "inv", "norm", "solve"]

if not TYPE_CHECKING:  # type checkers know every name there is, and find the others
    __getattr__ = refusing(__name__)
