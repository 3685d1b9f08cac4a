"""`register`: an operation of one's own, known everywhere from then on.

It is the one call with an effect on the whole process. What is registered stays: an operation never
changes or leaves, so no derivation, picture or marking that uses it can come to mean another rule.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from importlib import import_module

from .errors import quoted
from .language import functions
from .language.symbolic import Function
from .ops import OPS, SCALAR, Operation, camel
from .ops.admission import name_faults, reason_against, refusal, same_row
from .sentences import said

__all__ = ["register"]


def register(operation: Operation, *, check: bool = True) -> Function:
    """Return the operation's function, after it was added to the table that every part reads.

    From then on it may be typed, as text and LaTeX, and traced; it is derived, checked, explained,
    drawn, asked and marked, slips included; an activation stands in `network`, `train` and Keras's
    layers; the engine has its function, method, `nn.functional` and module. Registering the same
    operation again, as a notebook's cell does that runs twice, changes nothing. Worker processes
    know what installed packages add (entry points `backprop_tutor.operations`), not what is
    registered here.

    Args:
        operation: the record.
        check: whether the whole battery is tried: SymPy's derivative, arrays, fractions, the longer
            form, the range, the engine's second derivatives, and the engine's names. Without it,
            names and words are looked at, and the slopes compared with centred differences.

    Raises:
        OptionError: a name that is taken, or what the battery refutes; all faults at once.

    >>> from backprop_tutor.ops import OPS
    >>> register(OPS["sigmoid"])(0)        # there as it is
    0.5
    """
    known = dict(OPS)
    reason_against(operation, known)
    if operation.name in known:
        return functions()[operation.called]
    faults = list(_public_names(operation))
    if check and not faults:
        from .check.battery import battery_faults  # start-up time: SymPy and NumPy

        faults = battery_faults(operation) or list(_engine_faults(operation))
    if faults:
        raise refusal(operation, faults)
    try:
        OPS.add(operation.name, operation)
    except ValueError as error:
        there = OPS.get(operation.name)
        if there is None or not same_row(there, operation):  # another thread may have been first
            raise refusal(operation, list(name_faults(operation, dict(OPS))) or [str(error)]) from None
    return functions()[operation.called]


def _public_names(operation: Operation) -> Iterator[str]:
    public = import_module(str(__package__)).__all__
    for name in operation.spelled:
        if name in public or name in ("engine", "extending", "testing"):
            yield _taken(name, f"backprop_tutor.{name}")


def _taken(name: str, owner: str) -> str:
    return said("the name {name} is taken, by {owner}", name=quoted(name), owner=owner)


def _engine_faults(row: Operation) -> Iterator[str]:
    """Yield what keeps a row out of the engine: names of its own, and rules that tensors cannot run."""
    from .engine import Tensor, nn, tensor
    from .engine.functions.tensor_kernel import TENSOR
    from .engine.namespace import TOP

    if row.torch is None or not row.elementwise or row.least != row.most:
        return
    for name in (row.name, *row.torch.also):
        if name in TOP or hasattr(Tensor, name):
            yield _taken(name, f"engine.{name}")
    for name in (row.name, row.torch.module or camel(row.name)):
        if row.activation and (name in nn.functional.__all__ or name in nn.__all__):
            yield _taken(name, f"engine.nn.{name}")
    for point in row.samples:
        operands = [tensor([x], dtype=TOP["float64"]) for x in point]
        out = row.forward(TENSOR, *operands, **dict(row.options))
        for slot in range(len(point)):
            slope = row.partial(slot)(TENSOR, out, *operands, **dict(row.options))
            value = row.forward(SCALAR, *point, **dict(row.options))
            told = row.partial(slot)(SCALAR, value, *point, **dict(row.options))
            found = slope.item() if isinstance(slope, Tensor) else slope
            if not math.isclose(float(found), float(told), rel_tol=1e-9, abs_tol=1e-12):
                yield said("at ({point}) the slope on tensors is not that on numbers",
                           point=", ".join(f"{x:g}" for x in point))  # fmt: skip
