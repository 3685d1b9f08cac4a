"""Every name at the top of the engine, under the names that PyTorch has there.

Most are derived from the table of operations; what is not an operation (dtypes, modes, the generator,
constants) is listed here. `engine/__init__.py` loads this module when one of them is first asked for.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from .autograd import modes
from .autograd.gradient_tape import GradientTape
from .autograd.tape import Size, Tensor
from .functions.pairs import demanding, wants_tensors
from .functions.table import OF_ROWS, OPERATIONS, Entry, written_twins
from .tensors import devices, dtypes, printing, randomness
from .tensors import questions as meshes

__all__ = ["TOP"]

_LISTS = {"broadcast_tensors", "hstack", "vstack"}
"""Functions that want tensors in a list."""


def _functions(row: Entry) -> Iterator[tuple[str, Any]]:
    """Yield the functions that a record puts at the top."""
    if not row.top:
        return
    for name in row.names():
        asks = name in _LISTS or wants_tensors(row.run)
        yield name, demanding(row.run, name) if asks and not row.checks else row.run
    yield from written_twins(row)


TOP: dict[str, Any] = {
    **{name: function for row in OPERATIONS for name, function in _functions(row)},
    "BoolTensor": meshes.BoolTensor, "ByteTensor": meshes.ByteTensor,
    "DoubleTensor": meshes.DoubleTensor, "FloatTensor": meshes.FloatTensor,
    "IntTensor": meshes.IntTensor, "LongTensor": meshes.LongTensor,
    "Generator": randomness.Generator, "GradientTape": GradientTape, "Size": Size, "Tensor": Tensor,
    "backends": devices.backends, "cuda": devices.cuda, "device": devices.device,
    "bool": dtypes.bool_, "can_cast": dtypes.can_cast, "double": dtypes.float64,
    "dtype": dtypes.dtype, "finfo": dtypes.finfo, "float": dtypes.float32,
    "float32": dtypes.float32, "float64": dtypes.float64,
    "get_default_dtype": dtypes.get_default_dtype, "iinfo": dtypes.iinfo, "int": dtypes.int32,
    "int32": dtypes.int32, "int64": dtypes.int64, "long": dtypes.int64,
    "promote_types": dtypes.promote_types, "set_default_dtype": dtypes.set_default_dtype,
    "uint8": dtypes.uint8,
    "enable_grad": modes.enable_grad, "inference_mode": modes.inference_mode,
    "is_grad_enabled": modes.is_grad_enabled,
    "is_inference_mode_enabled": modes.is_inference_mode_enabled, "no_grad": modes.no_grad,
    "set_grad_enabled": modes.set_grad_enabled,
    "default_generator": randomness.default_generator, "get_rng_state": randomness.get_rng_state,
    "initial_seed": randomness.initial_seed, "manual_seed": randomness.manual_seed,
    "seed": randomness.seed, "set_rng_state": randomness.set_rng_state,
    "get_num_threads": devices.get_num_threads, "set_num_threads": devices.set_num_threads,
    "use_deterministic_algorithms": devices.use_deterministic_algorithms,
    "set_printoptions": printing.set_printoptions,
    "e": math.e, "inf": math.inf, "nan": math.nan, "newaxis": None, "pi": math.pi,
}
"""What stands at the top, by name."""
OF_ROWS.each_later(lambda row: TOP.update(_functions(row)))
