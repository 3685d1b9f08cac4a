"""Differentiation by hand: gradients on request, functions with rules of their own, checks."""

from __future__ import annotations

from .. import methods as _methods  # noqa: F401  (fills in the class Tensor)
from ..absent import refusing
from ..backward import backward, grad
from ..modes import enable_grad, inference_mode, no_grad, set_grad_enabled
from ..tape import Tensor
from . import function, functional
from .anomaly import detect_anomaly, set_detect_anomaly
from .function import Function, once_differentiable
from .gradcheck import GradcheckError, gradcheck, gradgradcheck

__all__ = [
    "Function", "GradcheckError", "Variable", "backward", "detect_anomaly", "enable_grad",
    "function", "functional", "grad", "gradcheck", "gradgradcheck", "inference_mode", "no_grad",
    "once_differentiable", "set_detect_anomaly", "set_grad_enabled",
]

__getattr__ = refusing(__name__)


def Variable(data: Tensor, requires_grad: bool = False) -> Tensor:
    """Return the tensor, detached, as a leaf: the name from before tensors had gradients."""
    leaf = data.detach()
    leaf.requires_grad = requires_grad
    return leaf  # type: ignore[no-any-return]
