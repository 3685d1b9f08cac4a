"""What stands between a function's brackets: numbers, lists `[a, b]` and options, laid out as the
operands of its operation.

Enters: a function's name and its arguments as read. Leaves: an `Apply`, or the fault of arguments
that are too few, too many, or could be meant in two ways. A Python function's arguments are laid
out by the same rule (`laid_out`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ..errors import Fault, OptionError, Span, did_you_mean, quoted
from ..ops import DECIDED, FUNCTIONS, OPS, Operation, decided_by, function_of
from ..ops.array_rows import (
    ARRAY_FUNCTIONS,
    PLACED,
    PREFIX,
    SEVERAL_AXES,
    option_misfit,
    row_of,
    typed_options,
)
from ..ops.tensor_record import TensorOperation
from ..sentences import N_, said, sentence
from .arguments import Compared, Listed, Option, constant_of
from .faults import BadFormula
from .placed import placed_call
from .tree import Apply, Number
from .write import PLAIN, written

__all__ = ["Misplaced", "called", "laid_out"]


class Misplaced(Exception):
    """Arguments that are no operands of their function: what is wrong, and the remedy."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


def called(function: Any, arguments: tuple[Any, ...], span: Span) -> Apply:
    """Return a function's application, or raise the fault of its arguments and options."""
    name = str(function)
    if name in PLACED:
        return placed_call(name, arguments, span)
    _refuse_tuples(arguments)
    operands = [a for a in arguments if not isinstance(a, Option)]
    options = [a for a in arguments if isinstance(a, Option)]
    if _of_arrays(name, operands, options):
        return _array_call(name, operands, options, span)
    given = [(o.name, constant_of(o.value, o.name)) for o in options]
    if name in DECIDED:
        row, operands = _decided(name, operands, span)
        return Apply(row.name, tuple(operands), _options(row, given, span), span)
    op, operands = _of_known_base(function_of(name, len(operands)), operands)
    if op.most is not None and len(op.options) >= len(operands) - op.most > 0:
        # leaky_relu(x, 0.1): an option's value by its place
        extra = operands[op.most :]
        names = [option for option, _ in op.options]
        given += [(n, constant_of(e, n)) for n, e in zip(names, extra, strict=False)]
        operands = operands[: op.most]
    try:
        laid = laid_out(op, name, operands, lambda operand: written(operand, PLAIN))
    except Misplaced as fault:
        raise BadFormula(Fault(fault.message, span, fault.hint)) from None
    return Apply(op.name, laid, _options(op, given, span), span)


def _refuse_tuples(arguments: tuple[Any, ...]) -> None:
    """Refuse `(a, b)` where no shape and no axes are expected."""
    for each in arguments:
        if isinstance(each, Listed) and each.comma is not None:
            message = said("a comma stands only between the arguments of a function")
            raise BadFormula(Fault(message, each.comma))


def _of_arrays(name: str, operands: list[Any], options: list[Option]) -> bool:
    """Return whether a call can only be of arrays: by its name, an option or the number of operands."""
    if name not in ARRAY_FUNCTIONS:
        return False
    if name not in FUNCTIONS:
        return True
    row, record = FUNCTIONS[name], ARRAY_FUNCTIONS[name]
    own = {option for option, _ in row.options}
    known = typed_options(record)
    if any(o.name not in own and _OTHERS.get(o.name, o.name) in known for o in options):
        return True
    alone = len(operands) == 1 and not isinstance(operands[0], Listed)
    return alone and not row.accepts(1) and len(record.operands) == 1


_OTHERS = {"dim": "axis", "dims": "axis", "keepdim": "keepdims", "keep_dims": "keepdims", "ord": "p"}
"""What other libraries call an option."""


def _array_call(name: str, operands: list[Any], options: list[Option], span: Span) -> Apply:
    """Return the call of a function of arrays."""
    record = ARRAY_FUNCTIONS[name]
    row = row_of(PREFIX + record.name)
    if any(isinstance(each, Listed | Compared) for each in operands):
        message = said("{name} takes arrays, by their names", name=quoted(name))
        raise BadFormula(Fault(message, span))
    if not row.accepts(len(operands)):
        were = "was" if len(operands) == 1 else "were"
        message = f"{quoted(name)} takes {row.counts()}, and {len(operands)} {were} given"
        raise BadFormula(Fault(message, span))
    known = typed_options(record)
    given: list[tuple[str, Any]] = []
    for option in options:
        if option.name not in known:
            other = _OTHERS.get(option.name, "")
            hint = said("it is called {other} here", other=quoted(other)) if other in known else ""
            hint = hint or did_you_mean(option.name, known) or said(
                "its options: {names}", names=", ".join(known) or said("none")
            )
            message = said("{name} has no option {option}", name=name, option=quoted(option.name))
            raise BadFormula(Fault(message, span, hint))
        value = _option_value(record, option)
        misfit = option_misfit(record, option.name, value)
        if misfit:
            message = said(
                "the option {name} is {expected}, not {given}",
                name=quoted(option.name), expected=misfit, given=_given(option.value),
            )  # fmt: skip
            raise BadFormula(Fault(message, option.span))
        given.append((option.name, value))
    _check_once(given, span)
    return Apply(row.name, tuple(operands), tuple(sorted(given)), span)


def _decided(name: str, operands: list[Any], span: Span) -> tuple[Operation, list[Any]]:
    """Return the row that a comparison decides, and its operands: both sides, then the values."""
    compared, *values = operands or [None]
    example = f"write {name}(x > 0, a, b)"
    if not isinstance(compared, Compared):
        message = said("the first argument of {name} is a comparison", name=quoted(name))
        raise BadFormula(Fault(message, span, example))
    if len(values) != 2 or any(isinstance(value, Listed) for value in values):
        message = said("{name} takes a comparison and two numbers", name=quoted(name))
        raise BadFormula(Fault(message, span, example))
    return decided_by(compared.sign, name), [compared.one, compared.other, *values]


_BASES = {"2": "log2", "10": "log10", "e": "log"}
"""Logarithms of these bases are operations of their own, with more digits."""


def _of_known_base(op: Operation, operands: list[Any]) -> tuple[Operation, list[Any]]:
    """Return the operation and its operands; `log(x, 2)` is `log2(x)`."""
    base = operands[-1] if op.name == "log_base" else None
    if isinstance(base, Number) and base.text in _BASES:
        return OPS[_BASES[base.text]], operands[:-1]
    return op, operands


def laid_out(
    op: Operation, name: str, arguments: Sequence[Any], shown: Callable[[Any], str]
) -> tuple[Any, ...]:
    """Return the arguments of a function as the operands of its operation, lists one by one.

    `shown` writes one operand for a message.

    Raises:
        Misplaced: a wrong number of arguments or of lists, lists of different lengths, numbers
            beside lists, and many numbers where it is not said which belongs to which list.
    """
    lists = [a for a in arguments if isinstance(a, Listed)]
    if not lists:
        operands = tuple(arguments)
        if op.most is None and op.lists > 1 and len(operands) > op.lists:
            raise _two_readings(op, name, [shown(o) for o in operands])
        if not op.accepts(len(operands)):
            were = "was" if len(operands) == 1 else "were"
            raise Misplaced(f"{quoted(name)} takes {op.counts()}, and {len(operands)} {were} given")
        return operands
    if op.most is not None:
        raise _no_lists(op, name, [[shown(item) for item in one.items] for one in lists])
    if len(lists) < len(arguments):
        raise Misplaced(
            said("{name} takes numbers or lists, and both were given", name=quoted(name))
        )
    lengths = [len(one.items) for one in lists]
    if len(lists) != op.lists:
        wanted = "1 list" if op.lists == 1 else op.counts()
        were = "was" if len(lists) == 1 else "were"
        raise Misplaced(f"{quoted(name)} takes {wanted}, and {len(lists)} {were} given",
                        _example(op, name))  # fmt: skip
    if len(set(lengths)) > 1:
        counted = " and ".join(map(str, lengths))
        raise Misplaced(
            said(
                "{name} takes {counts}, and these hold {counted} numbers",
                name=quoted(name),
                counts=op.counts(),
                counted=counted,
            )
        )
    operands = tuple(item for one in lists for item in one.items)
    if not op.accepts(len(operands)):
        raise Misplaced(
            said(
                "{name} takes {counts}, and the list holds {count}",
                name=quoted(name),
                counts=op.counts(),
                count=len(operands),
            )
        )
    return operands


def _example(op: Operation, name: str) -> str:
    if not op.roles:
        return ""
    example = ", ".join(f"[{role[0]}1, {role[0]}2]" for role in op.roles)
    return said(
        "the lists stand in this order, {roles}: {name}({example})",
        roles=", ".join(sentence(role) for role in op.roles),
        name=name,
        example=example,
    )


def _two_readings(op: Operation, name: str, operands: list[str]) -> Misplaced:
    """Return the refusal of numbers in a row, which may be lists or groups."""
    count = len(operands)
    if count % op.lists:
        given = N_("{name} takes {counts}, and {count} numbers were given")
        one = N_("{name} takes {counts}, and 1 number was given")
        message = said(
            one if count == 1 else given, name=quoted(name), counts=op.counts(), count=count
        )
        return Misplaced(message, _example(op, name))
    long = count // op.lists
    in_turn = [operands[i :: op.lists] for i in range(op.lists)]
    listed = [operands[i * long : (i + 1) * long] for i in range(op.lists)]
    return Misplaced(
        said("{count} numbers in {name} can be read in two ways", count=count, name=quoted(name)),
        said("write {one} or {other}", one=_call(name, listed), other=_call(name, in_turn))
        + (
            said("; the list that comes first: {role}", role=sentence(op.roles[0]))
            if op.roles
            else ""
        ),
    )


def _call(name: str, lists: list[list[str]]) -> str:
    return f"{name}({', '.join('[' + _cut(one) + ']' for one in lists)})"


def _cut(items: list[str], most: int = 6) -> str:
    return ", ".join(items[:most] + (["…"] if len(items) > most else []))


def _no_lists(op: Operation, name: str, lists: list[list[str]]) -> Misplaced:
    """Return the refusal of lists by a function of single numbers."""
    message = said(
        "{name} takes {counts}, numbers and no lists", name=quoted(name), counts=op.counts()
    )
    if len(lists) == len(op.roles) > 1 and len({len(one) for one in lists}) == 1:
        calls = [f"{name}({', '.join(group)})" for group in zip(*lists, strict=True)]
        if len(calls) == 1:
            return Misplaced(message, f"write {calls[0]}")
        total = " + ".join(calls[:4] + (["…"] if len(calls) > 4 else []))
        return Misplaced(
            message,
            said(
                "their sum is {total}, their mean ({total})/{count}", total=total, count=len(calls)
            ),
        )
    return Misplaced(message)


def _option_value(record: TensorOperation, option: Option) -> Any:
    """Return an option's number; several axes where it may name them."""
    if option.name == "axis" and isinstance(option.value, Listed) and record.name in SEVERAL_AXES:
        return tuple(constant_of(item, option.name) for item in option.value.items)
    return constant_of(option.value, option.name)


def _given(value: Any) -> str:
    items = value.items if isinstance(value, Listed) else (value,)
    text = ", ".join(written(item, PLAIN) for item in items)
    return f"({text})" if isinstance(value, Listed) else text


def _options(
    op: Operation, given: list[tuple[str, float]], span: Span
) -> tuple[tuple[str, float], ...]:
    _check_once(given, span)
    try:
        op.with_options(given)
    except OptionError as error:
        hint = did_you_mean(given[0][0], [n for n, _ in op.options])
        raise BadFormula(Fault(str(error).partition(" (")[0], span, hint)) from None
    return tuple(sorted(given))


def _check_once(given: list[tuple[str, Any]], span: Span) -> None:
    if len(dict(given)) < len(given):
        raise BadFormula(Fault(said("an option is given twice"), span))
