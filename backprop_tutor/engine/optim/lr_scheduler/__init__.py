"""Schedules that change an optimizer's learning rates from epoch to epoch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...absent import refusing
from .base import ChainedScheduler, LRScheduler, SequentialLR
from .curves import (
    ConstantLR,
    CosineAnnealingLR,
    ExponentialLR,
    LambdaLR,
    LinearLR,
    MultiplicativeLR,
    MultiStepLR,
    PolynomialLR,
    StepLR,
)
from .cycles import CosineAnnealingWarmRestarts, CyclicLR, OneCycleLR
from .plateau import ReduceLROnPlateau

__all__ = [
    "ChainedScheduler", "ConstantLR", "CosineAnnealingLR", "CosineAnnealingWarmRestarts", "CyclicLR",
    "ExponentialLR", "LRScheduler", "LambdaLR", "LinearLR", "MultiStepLR", "MultiplicativeLR",
    "OneCycleLR", "PolynomialLR", "ReduceLROnPlateau", "SequentialLR", "StepLR",
]

if not TYPE_CHECKING:  # type checkers know every name there is, and find the others
    __getattr__ = refusing(__name__)
