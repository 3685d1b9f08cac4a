"""Assertions for tests and notebooks whose failure message is the diagnosis.

Enters: a derivation and a student's gradients, or the function that computes them. Leaves: a
`Marking`, or an `AssertionError` that names the cell to begin with and the slip that explains it.
For pytest, nbgrader and otter; a student's function runs in the caller's own process.
"""

from __future__ import annotations

import copy
import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from os import PathLike
from typing import Any

import numpy as np

from .accepted import AnswerLike
from .cells import listing
from .errors import OptionError, did_you_mean, quoted
from .homework.marking.array_function import (
    array_answers,
    array_arguments,
    array_message,
    changed_arguments,
)
from .homework.marking.counted_answers import Counted, counted_answers
from .homework.marking.marker import mark
from .homework.marking.student_program import ProgramFault, run_program
from .homework.marking.verdicts import Marking
from .homework.quantities.tolerance import ToleranceLike
from .language import canonical_name
from .matrices.array_graph import ArrayGraph
from .objects.numbers import Derivation
from .pages.plain import shown_plainly
from .sentences import counted, said
from .source.identifiers import of_graph

__all__ = ["NotRightError", "Points", "assert_gradients", "check_function", "check_program", "grade"]


def assert_gradients(
    d: Derivation, gradients: Mapping[str, AnswerLike], *, tolerance: ToleranceLike = 0.01,
    hints: bool = True, asked: str | Iterable[str] | None = None,
) -> Marking:  # fmt: skip
    """Return the marking of gradients that are all right.

    Args:
        d: the derivation with the right answers.
        gradients: numbers or texts by node (`"w"` means ∂f/∂w), or by any quantity.
        tolerance: relative, or as `read_tolerance` takes it.
        hints: whether the message has hints besides the verdicts; it never has the right numbers.
        asked: what is asked for, by node or quantity; what is missing of it is not right. Without it
            whatever is given is all that is asked for.

    Raises:
        AssertionError: something is not right; the message is the diagnosis.
        UnknownNameError: a name that the program does not have.

    >>> from backprop_tutor import derive
    >>> d = derive("q = x + y; f = q*z", at={"x": -2, "y": 5, "z": -4})
    >>> assert_gradients(d, {"x": -4, "y": -4, "z": 3}).score
    1.0
    >>> assert_gradients(d, {"z": 3, "q": 4})
    Traceback (most recent call last):
    backprop_tutor.testing.NotRightError: 1 of 2 answers is not right. Begin with df/dq = 4:
      ✗ df/dq = 4: The minus of this input was dropped: everything is worked out with 4. (at z)
        or: The sign of this contribution is wrong. (at q → f)
        hint: Copy the given numbers once more, one by one.
      ✓ df/dz = 3
    """
    counted = counted_answers(d.graph_table, gradients, asked, partial(_quantity, d))
    marking = mark(d, counted.answers, tolerance=tolerance)
    told = "" if all(cell.right for cell in marking.cells.values()) else _message(marking, hints)
    return _passed(marking, told, counted)


def _passed(marking: Marking, told: str, counted: Counted) -> Marking:
    """Return a marking in which all is right and nothing missing.

    Raises:
        NotRightError: something is not; `told` says what.
    """
    if not told and not counted.missing:
        return marking
    message = "\n".join(filter(None, (told, *counted.lines)))
    raise NotRightError(message, counted.share * float(marking.score), marking)


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
    asked: str | Iterable[str] | None = None,
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
        hints, asked: as for `assert_gradients`.

    Raises:
        AssertionError: something is not right, or what is returned does not fit.
        OptionError: the function has parameters that are no inputs.

    >>> from backprop_tutor import derive
    >>> d = derive("f = wx + b", at={"w": -2, "x": 5, "b": 3})
    >>> check_function(lambda w, x, b: (x, w, 1), d).score
    1.0
    """
    if isinstance(d.graph_table, ArrayGraph):
        return _check_over_arrays(student_function, d, tolerance, hints, asked)
    tolerance = 0.01 if tolerance is None else tolerance
    names = _parameters(student_function, d.at)
    returned = student_function(**{given: d.at[name] for given, name in names.items()})
    return assert_gradients(
        d, _gradients(returned, list(names.values())), tolerance=tolerance, hints=hints, asked=asked
    )


def check_program(
    path: str | PathLike[str], d: Derivation, *, tolerance: ToleranceLike | None = None,
    hints: bool = True, seconds: float = 10.0,
) -> Marking:  # fmt: skip
    """Return the marking of a student's program, a file with a function `backward`, run apart.

    The program runs in a process of its own, which is killed after so many seconds; where the system sets
    such limits (not on Windows), its memory, its time and the files it writes are bounded too. It is no
    jail: it may read what you may read and use the network, so run programs of people you know, or in a
    container. Nothing else in this package runs a student's program.

    Each gradient that the program is to return is marked as by `check_function`: those of all inputs that
    have one; what is missing is named.

    Raises:
        NotRightError: something is not right, or the program failed; the message says what and where.
        FileError: no such file.
    """
    wanted = [name for name in d.at if name in d.gradients]
    try:
        answers = _returned_by(path, d, seconds)
    except (ProgramFault, AssertionError) as fault:
        raise NotRightError(str(fault), 0.0) from None
    quantities = {_quantity(d, name): value for name, value in answers.items()}
    over_arrays = isinstance(d.graph_table, ArrayGraph)
    usual: Any = 1e-5 if over_arrays else 0.01
    marking = mark(d, quantities, tolerance=usual if tolerance is None else tolerance)
    told = []
    if over_arrays:
        told.append(array_message(marking, answers, [], hints, d))
    elif not all(cell.right for cell in marking.cells.values()):
        told.append(_message(marking, hints))
    missing = [name for name in wanted if name not in map(canonical_name, answers)]
    if missing:
        told.append(said("missing: {names}", names=", ".join(f"d{d.output}/d{name}" for name in missing)))
    if any(told):
        right = sum(marking.cells[_quantity(d, name)].right for name in wanted if name not in missing)
        raise NotRightError("\n".join(filter(None, told)), right / len(wanted) if wanted else 0.0)
    return marking


class NotRightError(AssertionError):
    """What a student gave is not all right; `score` is the share that is, `marking` says of what."""

    def __init__(self, message: str, score: float, marking: Marking | None = None) -> None:
        super().__init__(message)
        self.score: float = score
        self.marking: Marking | None = marking


class Points(float):
    """Points earned, which show as a plain number, with their marking and the diagnosis in words."""

    marking: Marking | None = None
    message: str = ""

    def _repr_html_(self) -> str | None:
        """Return the number with the diagnosis below it, for a notebook; None where there is none."""
        lines = [repr(self), *self.message.splitlines()]
        shown = "\n".join(shown_plainly(line, 2_000) for line in lines)
        return listing(shown, wrapped=True) if self.message else None

    def __reduce__(self) -> tuple[type[Points], tuple[float], dict[str, object]]:
        return type(self), (float(self),), {"marking": self.marking, "message": self.message}


def grade(
    answers: Mapping[str, AnswerLike] | Callable[..., object], d: Derivation, *, points: float = 1,
    tolerance: ToleranceLike | None = None, hints: bool = True, asked: str | Iterable[str] | None = None,
) -> Points:  # fmt: skip
    """Return the points for gradients, or for a student's function, that may be partly right.

    As the last value of a test cell it is partial credit in nbgrader, which reads the number there; in
    otter a test case compares it. What is wrong is said by its `message`, which notebooks show below the
    number; nothing is raised for it.

    Args:
        answers: numbers or texts by node or quantity, or a function, as `check_function` takes it.
        d: the derivation with the right answers.
        points: how many all are worth.
        tolerance: as for `check_function`.
        hints: whether the message has hints besides the verdicts.
        asked: what is asked for, by node or quantity. Where a student chooses the names give it: what is
            missing earns nothing, and a name that the program does not have is told, not raised.

    Raises:
        UnknownNameError, OptionError: names or parameters that the program does not have.

    >>> from backprop_tutor import derive
    >>> d = derive("q = x + y; f = q*z", at={"x": -2, "y": 5, "z": -4})
    >>> grade({"x": -4, "y": -4, "z": 3, "q": 4}, d, points=2)
    1.5
    >>> grade({"z": 3, "q": 4}, d).message.splitlines()[0]
    '1 of 2 answers is not right. Begin with df/dq = 4:'
    >>> grade({"x": -4}, d, points=3, asked=["x", "y", "z"])
    1.0
    """
    given: object = answers
    try:
        if callable(answers):
            marking = check_function(answers, d, tolerance=tolerance, hints=hints, asked=asked)
        elif not isinstance(given, Mapping):
            kind = quoted(type(given).__name__)
            raise AssertionError(said("answers map quantities to answers; {kind} was given", kind=kind))
        else:
            usual = 1e-5 if isinstance(d.graph_table, ArrayGraph) else 0.01
            own = usual if tolerance is None else tolerance
            marking = assert_gradients(d, answers, tolerance=own, hints=hints, asked=asked)
    except NotRightError as wrong:
        return _points(wrong.score, points, str(wrong), wrong.marking)
    except AssertionError as wrong:  # what is returned does not fit: there is nothing to mark
        return _points(0.0, points, str(wrong), None)
    return _points(float(marking.score), points, "", marking)


def _points(share: float, points: float, message: str, marking: Marking | None) -> Points:
    earned = Points(round(points * share, 6))
    earned.marking, earned.message = marking, message
    return earned


def _returned_by(path: str | PathLike[str], d: Derivation, seconds: float) -> dict[str, Any]:
    """Return the gradients that a program returns, by the names of the derivation's inputs."""
    names = of_graph(d.graph_table).of
    own = {called: name for name, called in names.items()}
    given = {name: _as_json(d.at[name]) for name in d.at}
    found = run_program(path, {**given, **{names[name]: given[name] for name in d.at}}, seconds)
    order = [own.get(name, name) for name in found.names]
    returned: Any = tuple(map(_as_array, found.listed or ()))
    if found.named is not None:
        returned = {_own_name(name, own): _as_array(value) for name, value in found.named.items()}
    if isinstance(d.graph_table, ArrayGraph):
        return array_answers(returned, order, d)
    return _gradients(returned, order)


def _as_json(value: Any) -> Any:
    return value.tolist() if hasattr(value, "tolist") else float(value)


def _as_array(value: Any) -> Any:
    return np.asarray(value) if isinstance(value, list) else value


def _own_name(name: str, own: Mapping[str, str]) -> str:
    """Return the program's name of an identifier, or of `d` and one."""
    return own.get(name) or own.get(name.removeprefix("d")) or name


def _check_over_arrays(
    function: Callable[..., object], d: Derivation, tolerance: ToleranceLike | None, hints: bool,
    asked: str | Iterable[str] | None,
) -> Marking:  # fmt: skip
    known = array_arguments(d)
    names = _parameters(function, known, every=d.at)
    given = {own: copy.deepcopy(known[name]) for own, name in names.items()}
    before = {own: known[name] for own, name in names.items()}
    answers = array_answers(function(**given), list(names.values()), d)
    changed = changed_arguments(given, before)
    counted = counted_answers(d.graph_table, answers, asked, partial(_quantity, d))
    marking = mark(d, counted.answers, tolerance=1e-5 if tolerance is None else tolerance)
    return _passed(marking, array_message(marking, counted.answers, changed, hints, d), counted)


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
