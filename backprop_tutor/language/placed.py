"""`reshape(A, 2, 3)`, `permute(A, 1, 0)`, `onehot(y, 3)`: calls whose numbers are a shape, axes or a count.

Enters: the function's name and its arguments as read. Leaves: an `Apply` whose option holds the numbers, or
the fault of what is no whole number.
"""

from __future__ import annotations

from typing import Any

from ..errors import Fault, Span, did_you_mean, quoted
from ..ops.array_rows import PLACED, PREFIX
from ..sentences import said
from .arguments import Compared, Listed, Option
from .faults import BadFormula
from .tree import Apply, Number
from .write import PLAIN, written

__all__ = ["placed_call"]

_MOST = 1e9


def placed_call(name: str, arguments: tuple[Any, ...], span: Span) -> Apply:
    """Return the application of a function whose numbers are an option of its record.

    Raises:
        BadFormula: no array, no numbers, or numbers that are not whole.
    """
    row = PLACED[name]
    operands = [each for each in arguments if not isinstance(each, Option)]
    named = [each for each in arguments if isinstance(each, Option)]
    for option in named:
        if option.name not in (row.option, *row.aliases):
            hint = did_you_mean(option.name, [row.option, *row.aliases]) or row.example
            raise BadFormula(
                Fault(said("{name} has no option {option}", name=name, option=quoted(option.name)),
                      option.span, hint)
            )  # fmt: skip
    if not operands or isinstance(operands[0], Listed | Compared):
        raise BadFormula(Fault(said("{name} takes an array first", name=quoted(name)), span, row.example))
    given = [*operands[1:], *(option.value for option in named)]
    numbers: list[Any] = []
    for each in given:
        numbers += each.items if isinstance(each, Listed) else (each,)
    if row.fixed is not None:
        if numbers:
            message = said("{name} takes an array alone", name=quoted(name))
            raise BadFormula(Fault(message, span, row.example))
        return Apply(PREFIX + row.record, (operands[0],), ((row.option, row.fixed),), span)
    if not numbers or (row.single and len(numbers) > 1):
        raise BadFormula(Fault(said(row.asks, name=quoted(name)), span, row.example))
    whole = tuple(_whole(name, each, row.least) for each in numbers)
    value: Any = whole[0] if row.single else whole
    return Apply(PREFIX + row.record, (operands[0],), ((row.option, value),), span)


def _whole(name: str, given: Any, least: int) -> int:
    if isinstance(given, Number):
        value = float(given.value)
        if value.is_integer() and least <= value <= _MOST:
            return int(value)
    shown = "…" if isinstance(given, Compared) else written(given, PLAIN)
    raise BadFormula(
        Fault(
            said("{name} takes whole numbers, and {given} is none that fits", name=quoted(name),
                 given=quoted(shown)),
            given.span,
        )
    )  # fmt: skip
