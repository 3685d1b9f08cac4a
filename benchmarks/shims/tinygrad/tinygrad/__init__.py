"""Stands for tinygrad while its tests run: PyTorch's names on the engine, under tinygrad's."""

from benchmarks.shims.not_offered import Missing
from tinygrad.device import Device
from tinygrad.dtype import dtypes
from tinygrad.helpers import Context, GlobalCounters
from tinygrad.tensor import Tensor

from . import nn

TinyJit = Missing("TinyJit", "the engine compiles no kernels")
Variable = Missing("Variable", "the engine has no symbolic shapes")

__all__ = ["Context", "Device", "GlobalCounters", "Tensor", "TinyJit", "Variable", "dtypes", "nn"]
