"""Layers, losses and what they are made of, under PyTorch's name `nn`."""

from __future__ import annotations

from typing import Any

from ..absent import AbsentName
from ..functions import table as _table  # noqa: F401  (fills in the class Tensor)
from . import functional, init, parameter, utils
from .activations import (
    DERIVED,
    GELU,
    Hardtanh,
    LogSoftmax,
    ReLU,
    ReLU6,
    Sigmoid,
    Softmax,
    Softmin,
    Softplus,
    Tanh,
)
from .containers import ModuleList, Sequential
from .dictionaries import ModuleDict, ParameterDict, ParameterList
from .layers import BatchNorm1d, Dropout, Embedding, Flatten, Identity, LayerNorm, Linear
from .losses import (
    BCELoss,
    BCEWithLogitsLoss,
    CrossEntropyLoss,
    HuberLoss,
    KLDivLoss,
    L1Loss,
    MSELoss,
    NLLLoss,
    SmoothL1Loss,
)
from .module import Module
from .parameter import Buffer, Parameter

__all__ = [
    "GELU", "BCELoss", "BCEWithLogitsLoss", "BatchNorm1d", "Buffer",
    "CrossEntropyLoss", "Dropout", "Embedding", "Flatten", "Hardtanh", "HuberLoss", "Identity",
    "KLDivLoss", "L1Loss", "LayerNorm", "Linear", "LogSoftmax",
    "MSELoss", "Module", "ModuleDict", "ModuleList", "NLLLoss", "Parameter",
    "ParameterDict", "ParameterList", "ReLU", "ReLU6", "Sequential", "Sigmoid",
    "SmoothL1Loss", "Softmax", "Softmin", "Softplus", "Tanh", "functional", "init",
    "parameter", "utils",
]

__all__ += DERIVED
DERIVED.each_later(lambda module: __all__.append(module.__name__))


def __getattr__(name: str) -> Any:
    """Return an activation that a row of `OPS` makes."""
    if name in DERIVED:
        return DERIVED[name]
    raise AbsentName(f"module {__name__!r}", name, lambda: __all__)
