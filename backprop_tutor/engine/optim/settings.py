"""Checks of settings that several optimizers share."""

from __future__ import annotations

from typing import Any

from ..autograd.tape import Tensor

__all__ = ["exclusive_modes", "one_element"]


def one_element(name: str, value: Any) -> None:
    """Refuse a tensor of several elements as a setting.

    Raises:
        ValueError: it has not exactly one element.
    """
    if isinstance(value, Tensor) and value.numel() != 1:
        raise ValueError(f"Tensor {name} must be 1-element")


def exclusive_modes(foreach: bool | None, differentiable: bool, fused: bool | None) -> None:
    """Refuse ways of computing that exclude each other.

    Raises:
        RuntimeError: `fused` together with `differentiable` or `foreach`.
    """
    if fused and differentiable:
        raise RuntimeError("`fused` does not support `differentiable`")
    if fused and foreach:
        raise RuntimeError("`fused` and `foreach` cannot be `True` together.")
