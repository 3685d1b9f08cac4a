"""A student's own backward function over arrays: what it is given, what it returns, what is wrong with it.

Enters: a function's argument names and what it returned. Leaves: answers by quantity, and the message that
names relative errors, shapes, entries that are no numbers, inputs that were changed, and the diagnosis.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ...descent import parameters
from ...language import canonical_name
from ...ops.sizes import shown as shape_shown
from ...sentences import counted, said
from ...steps import Derivation
from ..quantities.typed_arrays import shape_fault
from .verdicts import Cell, Marking

__all__ = ["array_answers", "array_arguments", "array_message", "changed_arguments", "relative_error"]

_TINY = 1e-300


def array_arguments(d: Derivation) -> dict[str, Any]:
    """Return what a function may be given by name: values of named nodes, and `dZ` for their gradients.

    A value goes before a gradient of the same name: an input called `dY` is that input.
    """
    graph = d.graph_table
    found: dict[str, Any] = {}
    for place, node in enumerate(graph.nodes):
        upstream = d.upstreams[place]
        if node.named and upstream is not None and node.kind == "operation":
            found[f"d{node.name}"] = upstream
    for place, node in enumerate(graph.nodes):
        if node.named and node.kind != "constant":
            found[node.name] = d.numbers[place]
    return found


def changed_arguments(given: Mapping[str, Any], before: Mapping[str, Any]) -> list[str]:
    """Return the names of arrays that a function has changed in place."""
    return [
        name for name, value in given.items()
        if hasattr(value, "shape") and not np.array_equal(value, before[name], equal_nan=True)
    ]  # fmt: skip


def array_answers(returned: Any, names: Sequence[str], d: Derivation) -> dict[str, Any]:
    """Return a function's gradients by name.

    A mapping is by name: `W1`, `dW1` or `dL/dW1`. A tuple or list has the gradients of the function's
    parameters (those named like weights and biases), or of all its inputs, in the order of its arguments.

    Raises:
        AssertionError: nothing, or another number of gradients.
    """
    if returned is None:
        raise AssertionError(said("the function returned None; return the gradients"))
    if isinstance(returned, Mapping):
        return {_name(str(name), d): value for name, value in returned.items()}
    listed = list(returned) if isinstance(returned, tuple | list) else [returned]
    inputs = [name for name in names if name in d.at and name in d.gradients]
    weights = [name for name in inputs if name in parameters(d.graph_table)]
    for expected in (weights, inputs):
        if len(listed) == len(expected):
            return dict(zip(expected, listed, strict=True))
    raise AssertionError(
        said(
            "the function returned {given}; expected {weights}, the gradients of {names}, or a mapping by "
            "name",
            given=counted(len(listed), "1 gradient", "{count} gradients"),
            weights=len(weights), names=", ".join(weights),
        )
    )  # fmt: skip


def _name(name: str, d: Derivation) -> str:
    """Return a quantity's name: of `dW1` that of the gradient along W1, where no node is called so."""
    plain = canonical_name(name.strip()) if "/" not in name and "(" not in name else name
    index = d.graph_table.index
    if plain not in index and plain.startswith("d") and plain[1:] in index:
        return plain[1:]
    return plain


def relative_error(given: Any, expected: Any) -> float:
    """Return the largest distance relative to the largest entry; inf where the shapes differ.

    >>> relative_error([1.0, 2.0], [1.0, 2.5])
    0.2
    """
    if _shape(given) is None:
        return float("inf")
    one, other = np.asarray(given), np.asarray(expected, float)
    if one.shape != other.shape or one.dtype.kind not in "iufb":
        return float("inf")
    size = max(float(np.max(np.abs(one), initial=0)), float(np.max(np.abs(other), initial=0)), _TINY)
    if not np.all(np.isfinite(one)):
        return float("nan")
    return float(np.max(np.abs(one - other), initial=0) / size)


def _shape(value: Any) -> tuple[int, ...] | None:
    """Return a value's shape; None of what is no array, which the marking tells."""
    if isinstance(value, str | None):
        return None
    try:
        return tuple(np.shape(value))
    except ValueError:  # rows of different lengths
        return None


def array_message(
    marking: Marking, answers: Mapping[str, Any], changed: Sequence[str], hints: bool, d: Derivation
) -> str:
    """Return what is wrong with a function's gradients; nothing where all is right.

    A shape is looked at as it is: a row where a vector belongs adds up wrongly later on.
    """
    lines, wrong = [], []
    for (name, cell), value in zip(marking.cells.items(), answers.values(), strict=True):
        shape, right = _shape(value), np.shape(cell.expected)
        own = name.rpartition("/d")[2]
        fault = "" if shape in (None, right) else shape_fault(own, shape or (), right)
        bad = not cell.right or bool(fault)
        wrong += [name] if bad else []
        lines += _told(name, cell, fault, relative_error(value, cell.expected), bad, hints)
    for name in changed:
        lines.append(said("  ✗ {name} was changed in place: work on a copy", name=name))
    if not wrong and not changed:
        return ""
    if not wrong:
        return "\n".join([said("The gradients are right, but:"), *lines])
    first = marking.first_wrong if marking.first_wrong in wrong else wrong[0]
    head = said("1 gradient of {all} is not right. Begin with {first}:", all=len(answers), first=first)
    if len(wrong) > 1:
        head = said(
            "{count} of {all} gradients are not right. Begin with {first}:",
            count=len(wrong), all=len(answers), first=first,
        )  # fmt: skip
    return "\n".join([head, *lines])


def _told(name: str, cell: Cell, fault: str, error: float, bad: bool, hints: bool) -> list[str]:
    sizes = np.shape(cell.expected)
    shape = shape_shown(sizes) if sizes else said("a single number")
    if not bad:
        right = said("  ✓ {name}, {shape}: relative error {error}", name=name, shape=shape,
                     error=f"{error:.1e}")  # fmt: skip
        return [right]
    sign = "↳" if cell.status == "follows" and not fault else "✗"
    told = cell.sentence
    if fault and fault.rstrip(".") not in told:
        told = fault if cell.right else f"{fault} {told}"
    where = f" ({cell.where})" if cell.where and cell.status == "slip" else ""
    measured = "" if np.isinf(error) or np.isnan(error) else said(
        "relative error {error}. ", error=f"{error:.1e}"
    )
    lines = [f"  {sign} {name}, {shape}: {measured}{told}{where}"]
    for tie in cell.slips[1:2]:
        lines.append(said("    or: {sentence} ({where})", sentence=tie.sentence, where=tie.where))
    if hints and cell.hint and cell.status == "slip":
        lines.append(said("    hint: {hint}", hint=cell.hint))
    return lines
