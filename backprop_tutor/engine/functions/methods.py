"""What can be written after a dot or between two tensors: derived from the table of operations.

Importing this module completes the class `Tensor`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from ..autograd import hooks, requests
from ..autograd.tape import Tensor
from ..tensors import conversions
from ..tensors.writes import in_place, reshaping
from . import tensor_kernel as _tensor_kernel  # noqa: F401  (registers the kernel of tensors)
from .pairs import NUMBERS, demanding, wants_tensors
from .table import OF_ROWS, OPERATIONS, Entry

__all__ = ["METHODS", "written_twins"]


def _between(function: Callable[..., Any], swapped: bool = False) -> Callable[..., Any]:
    """Return the function as an operator between two operands; other kinds are left to Python."""

    def operator(self: Tensor, other: Any) -> Any:
        if not isinstance(other, (Tensor, np.ndarray, *NUMBERS)):
            return NotImplemented
        return function(other, self) if swapped else function(self, other)

    return operator


def _spreading(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return the reduction as a method that also takes its dimensions one by one."""

    def method(self: Tensor, *dims: Any, **options: Any) -> Any:
        if len(dims) > 1 and all(isinstance(d, int) and not isinstance(d, bool) for d in dims):
            return function(self, dims, **options)
        if "axis" in options:
            options["dim"] = options.pop("axis")
        if "keepdims" in options:
            options["keepdim"] = options.pop("keepdims")
        return function(self, *dims, **options)

    method.__name__ = function.__name__.removesuffix("_")
    method.__doc__ = function.__doc__
    method.__annotations__["return"] = function.__annotations__.get("return", "Any")
    return method


def _run(
    self: Tensor, gradient: Any = None, retain_graph: Any = None, create_graph: bool = False,
    inputs: Any = None,
) -> None:
    """Accumulate the gradient of this tensor in the leaves' `.grad`."""
    if (
        gradient is None and not create_graph and inputs is None and self._edge is not None
        and self._base is None and not self._a.ndim
    ):
        requests.from_scalar(self, bool(retain_graph))
        return
    requests.backward(self, gradient, retain_graph, create_graph, inputs=inputs)


_COMPARISONS = ("eq", "ne", "lt", "le", "gt", "ge", "matmul")
"""Operators without a twin that writes."""


def _twin(row: Entry) -> Callable[..., Any] | None:
    """Return the twin of an operation that writes into its operand."""
    if row.reshapes:
        return reshaping(row.run, *row.reshapes)
    return in_place(row.run) if row.writes else None


def _operators(row: Entry, twin: Any) -> Iterator[tuple[str, Any]]:
    if row.unary:
        yield f"__{row.unary}__", row.run
    if row.operator:
        yield f"__{row.operator}__", _between(row.run)
        if row.operator not in _COMPARISONS[:-1]:
            yield f"__r{row.operator}__", _between(row.reflected or row.run, True)
        if twin is not None and row.operator not in _COMPARISONS:
            yield f"__i{row.operator}__", twin


def _methods(row: Entry) -> Iterator[tuple[str, Any]]:
    """Yield the methods, operators and properties of tensors that a record says."""
    twin = _twin(row)
    yield from _operators(row, twin)
    if row.attribute:
        yield row.attribute, property(row.run)
    if not row.method:
        return
    method = _spreading(row.run) if row.spreads else row.run
    for name in row.names():
        checked = wants_tensors(row.run, 2) and not name.startswith("__")
        yield name, demanding(method, name, skip=1) if checked else method
        if twin is not None:
            yield f"{name}_", twin


METHODS: dict[str, Any] = {
    **conversions.METHODS,
    "backward": _run, "register_hook": hooks.register_hook,
    "register_post_accumulate_grad_hook": hooks.register_post_accumulate_grad_hook,
    "retain_grad": hooks.retain_grad,
    **{name: method for row in OPERATIONS for name, method in _methods(row)},
}
for _name, _function in METHODS.items():
    setattr(Tensor, _name, _function)


def _complete(row: Entry) -> None:
    """Give tensors the methods of a row that is added later."""
    for name, method in _methods(row):
        METHODS[name] = method
        setattr(Tensor, name, method)


OF_ROWS.each_later(_complete)


def written_twins(row: Entry) -> Iterator[tuple[str, Any]]:
    """Yield a row's twins that stand at the top, too: those of functions of one operand (`exp_`)."""
    for name in row.names():
        if row.writes and row.top and f"{name}_" in METHODS:
            yield f"{name}_", METHODS[f"{name}_"]
