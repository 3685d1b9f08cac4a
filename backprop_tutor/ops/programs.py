"""Running the program that a fused operation stands for: a line at a time, by the rows of both tables.

What a line computes depends on the kernel: numbers on arrays, formulas on symbols.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from . import OPS
from .tensor_record import Step
from .tensors import TENSOR_OPS

__all__ = ["performed"]


def performed(k: Any, steps: Sequence[Step], operands: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of all lines by name, the operands' included.

    >>> import numpy as np
    >>> from backprop_tutor.ops.array_kernel import RAW
    >>> steps = TENSOR_OPS["mean"].stands_for((4,))
    >>> performed(RAW, steps, {"a": np.array([1.0, 2.0, 3.0, 6.0])})["out"].item()
    3.0
    """
    values = dict(operands)
    for step in steps:
        given = [values[x] if isinstance(x, str) else x for x in step.operands]
        row = OPS[step.operation] if step.operation in _ENTRYWISE else TENSOR_OPS[step.operation]
        values[step.name] = row.forward(k, *given, **dict(step.options))
    return values


_ENTRYWISE = frozenset(name for name, row in OPS.items() if row.elementwise and name not in TENSOR_OPS)
"""The rows that apply entry by entry; a name in both tables (`sum`) is the tensors'."""
