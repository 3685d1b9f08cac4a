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
        # a name in both tables (`sum`) is the tensors'
        row = TENSOR_OPS.get(step.operation) or OPS[step.operation]
        values[step.name] = row.forward(k, *given, **dict(step.options))
    return values
