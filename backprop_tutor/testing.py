"""Assertions for tests and notebooks whose failure message is the diagnosis.

Enters: a derivation and a student's gradients, or the function that computes them. Leaves: a
`Marking`, or an `AssertionError` that names the cell to begin with and the slip that explains it.
For pytest, nbgrader and otter; a student's function runs in the caller's own process.
"""

from __future__ import annotations

import copy
import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from .accepted import AnswerLike
from .errors import OptionError, did_you_mean, quoted
from .homework.marking.array_function import (
    array_answers,
    array_arguments,
    array_message,
    changed_arguments,
)
from .homework.marking.marker import mark
from .homework.marking.verdicts import Marking
from .homework.quantities.tolerance import ToleranceLike
from .language import canonical_name
from .matrices.array_graph import ArrayGraph
from .number_api import Derivation
from .sentences import counted, said

__all__ = ["assert_gradients", "check_function"]


def assert_gradients(
    d: Derivation, gradients: Mapping[str, AnswerLike], *, tolerance: ToleranceLike = 0.01,
    hints: bool = True,
) -> Marking:  # fmt: skip
    """Return the marking of gradients that are all right.

    Args:
        d: the derivation with the right answers.
        gradients: numbers or texts by node (`"w"` means ∂f/∂w), or by any quantity.
        tolerance: relative, or as `read_tolerance` takes it.
        hints: whether the message has hints besides the verdicts; it never has the right numbers.

    Raises:
        AssertionError: something is not right; the message is the diagnosis.
        UnknownNameError: a name that the program does not have.

    >>> from backprop_tutor import derive
    >>> d = derive("q = x + y; f = q*z", at={"x": -2, "y": 5, "z": -4})
    >>> assert_gradients(d, {"x": -4, "y": -4, "z": 3}).score
    1.0
    >>> assert_gradients(d, {"z": 3, "q": 4})
    Traceback (most recent call last):
    AssertionError: 1 of 2 answers is not right. Begin with df/dq = 4:
      ✗ df/dq = 4: The sign of this contribution is wrong. (at q → f)
        hint: Does the result rise or fall when this operand rises?
      ✓ df/dz = 3
    """
    answers = {_quantity(d, name): value for name, value in gradients.items()}
    marking = mark(d, answers, tolerance=tolerance)
    if all(cell.right for cell in marking.cells.values()):
        return marking
    raise AssertionError(_message(marking, hints))


def _quantity(d: Derivation, name: str) -> str:
    text = str(name).strip()
    plain = "/" not in text and "(" not in text
    return f"d{d.output}/d{canonical_name(text)}" if plain else text


def _message(marking: Marking, hints: bool) -> str:
    cells = marking.cells
    wrong = [cell for cell in cells.values() if not cell.right]
    verb = "is" if len(wrong) == 1 else "are"
    first = marking.first_wrong or wrong[0].quantity
    begin = f" Begin with {first} = {cells[first].given or '…'}:"
    answers = counted(len(cells), "1 answer", "{count} answers")
    lines = [f"{len(wrong)} of {answers} {verb} not right.{begin}"]
    for cell in [*wrong, *(cell for cell in cells.values() if cell.right)]:
        sign = "✓" if cell.right else "↳" if cell.status == "follows" else "✗"
        if cell.right:
            lines.append(f"  {sign} {cell.quantity} = {cell.given}")
            continue
        where = f" ({cell.where})" if cell.where else ""
        given = cell.given or "…"
        lines.append(f"  {sign} {cell.quantity} = {given}: {cell.sentence}{where}")
        lines += [f"    or: {tie.sentence} ({tie.where})" for tie in cell.slips[1:2]]
        if hints and cell.hint and cell.status == "slip":
            lines.append(f"    hint: {cell.hint}")
    return "\n".join(lines)


def check_function(
    student_function: Callable[..., object],
    d: Derivation,
    *,
    tolerance: ToleranceLike | None = None,
    hints: bool = True,
) -> Marking:
    """Return the marking of what a student's function gives at the derivation's point.

    The function takes inputs of the program by their names, as `grads(w, x, b)`. It returns a
    mapping from names to gradients, or the gradients of its parameters in their order: a tuple, a
    list, an array, or one number where it has one parameter. What it raises is not caught.

    Over arrays it is given copies of the arrays, by name: inputs, values on the way (`A1`), and `dZ2` for
    the gradient of one, as `backward(X, Y, W1, b1, W2, b2)` or `layer(dZ1, X, W1)`. It returns a mapping
    (`{"W1": …}`, `{"dW1": …}`), or a tuple: the gradients of the weights and biases among its arguments,
    or of all inputs among them, in their order. Shapes, entries that are no numbers and arrays changed in
    place are told, and the relative error of each gradient.

    Args:
        tolerance: as for `mark`; by default 1 %, over arrays 1e-5.

    Raises:
        AssertionError: something is not right, or what is returned does not fit.
        OptionError: the function has parameters that are no inputs.

    >>> from backprop_tutor import derive
    >>> d = derive("f = wx + b", at={"w": -2, "x": 5, "b": 3})
    >>> check_function(lambda w, x, b: (x, w, 1), d).score
    1.0
    """
    if isinstance(d.graph_table, ArrayGraph):
        return _check_over_arrays(student_function, d, 1e-5 if tolerance is None else tolerance, hints)
    tolerance = 0.01 if tolerance is None else tolerance
    names = _parameters(student_function, d.at)
    returned = student_function(**{given: d.at[name] for given, name in names.items()})
    return assert_gradients(
        d, _gradients(returned, list(names.values())), tolerance=tolerance, hints=hints
    )


def _check_over_arrays(
    function: Callable[..., object], d: Derivation, tolerance: ToleranceLike, hints: bool
) -> Marking:
    known = array_arguments(d)
    names = _parameters(function, known, every=d.at)
    given = {own: copy.deepcopy(known[name]) for own, name in names.items()}
    before = {own: known[name] for own, name in names.items()}
    answers = array_answers(function(**given), list(names.values()), d)
    changed = changed_arguments(given, before)
    quantities = {_quantity(d, name): value for name, value in answers.items()}
    marking = mark(d, quantities, tolerance=tolerance)
    told = array_message(marking, answers, changed, hints, d)
    if told:
        raise AssertionError(told)
    return marking


def _parameters(
    function: Callable[..., object], known: Mapping[str, Any], every: Mapping[str, Any] | None = None
) -> dict[str, str]:
    """Return the function's parameters and the inputs that they stand for.

    `every` is what a function with `**others` gets, if not all that is known.
    """
    if not callable(function):
        raise OptionError(
            said("a function is expected, not {kind}", kind=quoted(type(function).__name__))
        )
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        raise OptionError(
            said("the function's parameters cannot be told; write it with def")
        ) from None
    found: dict[str, str] = {}
    for parameter in parameters:
        if parameter.kind is parameter.VAR_KEYWORD:
            others = known if every is None else every
            found.update({name: name for name in others if name not in found.values()})
            continue
        if parameter.kind in (parameter.VAR_POSITIONAL, parameter.POSITIONAL_ONLY):
            raise OptionError(
                said(
                    "the parameter {name} has no name to be given by; write them by name: "
                    "def grads({names})",
                    name=quoted(parameter.name),
                    names=", ".join(known if every is None else every),
                )
            )
        name = canonical_name(parameter.name)
        if name in known:
            found[parameter.name] = name
        elif parameter.default is parameter.empty:
            hint = did_you_mean(name, known) or said(
                "the inputs: {names}", names=", ".join(known if every is None else every)
            )
            raise OptionError(
                said(
                    "the parameter {name} is no input; {hint}",
                    name=quoted(parameter.name),
                    hint=hint,
                )
            )
    return found


def _gradients(returned: Any, names: Sequence[str]) -> dict[str, Any]:
    if isinstance(returned, Mapping):
        return {str(name): value for name, value in returned.items()}
    if returned is None:
        raise AssertionError("the function returned None; return the gradients")
    listed = returned.tolist() if hasattr(returned, "tolist") else returned
    if not isinstance(listed, list | tuple):
        listed = [listed]
    if len(listed) != len(names):
        raise AssertionError(
            f"the function returned {len(listed)} gradient{'s' if len(listed) != 1 else ''}; "
            f"expected {len(names)}, those of {', '.join(names)}, or a mapping by name"
        )
    return dict(zip(names, listed, strict=True))
