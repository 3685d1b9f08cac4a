"""Schedules that change an optimizer's learning rates from epoch to epoch."""

from __future__ import annotations

from .base import LRScheduler
from .curves import CosineAnnealingLR, LinearLR, PolynomialLR
from .cycles import CosineAnnealingWarmRestarts, OneCycleLR
from .factors import ConstantLR, ExponentialLR, LambdaLR, MultiplicativeLR, MultiStepLR, StepLR
from .plateau import ReduceLROnPlateau

__all__ = [
    "ConstantLR", "CosineAnnealingLR", "CosineAnnealingWarmRestarts", "ExponentialLR",
    "LRScheduler", "LambdaLR", "LinearLR", "MultiStepLR", "MultiplicativeLR", "OneCycleLR",
    "PolynomialLR", "ReduceLROnPlateau", "StepLR",
]
