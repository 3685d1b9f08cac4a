"""Compiled steps: a watched call of a training step becomes a program of NumPy calls in its place."""

from .step import CompiledStep
from .step import compile_step as compile  # PyTorch's name

__all__ = ["CompiledStep", "compile"]
