"""Whether a row from outside fits into the table: its names are free, its words there, its slopes right.

This is what every added row is held to, quickly and without NumPy or SymPy: the slopes against centred
differences at the row's samples. `check.battery` has the rest, for whoever writes a row.
"""

from __future__ import annotations

import keyword
import math
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields
from types import FunctionType
from typing import Any

from ..errors import OptionError, quoted
from ..sentences import said
from .kernel import SCALAR
from .record import Operation

__all__ = ["name_faults", "number_faults", "reason_against", "refusal", "same_row"]

_CONSTANTS = frozenset({"pi", "e", "nan", "inf", "infinity", "true", "false"})
_OURS: Mapping[str, Any] = {
    "plain": None, "written_as": "", "longer": "", "operator": "", "latex_order": (), "binds": 5,
}  # fmt: skip
"""Fields of rows that are written by signs, which only the grammar's own are."""


def reason_against(row: Operation, table: Mapping[str, Operation]) -> None:
    """Refuse a row that does not fit into the table; one that is there as it is fits.

    Raises:
        OptionError: what is wrong, a line for each fault.
    """
    if not isinstance(row, Operation):
        raise OptionError(
            said("an Operation is expected, not {kind}", kind=quoted(type(row).__name__))
        )
    known = table.get(row.name)
    if known is not None and same_row(known, row):
        return
    faults = list(name_faults(row, table)) or list(number_faults(row))
    if faults:
        raise refusal(row, faults)


def refusal(row: Operation, faults: list[str]) -> OptionError:
    """Return the error that says why a row is refused."""
    head = said("the operation {name} is refused:", name=quoted(row.name))
    return OptionError("\n".join([head, *(f"- {fault}" for fault in faults)]))


def same_row(one: Operation, other: Operation) -> bool:
    """Return whether two rows say the same: a cell of a notebook that is run again makes one anew."""
    return all(
        _same(getattr(one, field.name), getattr(other, field.name))
        for field in fields(Operation)
        if field.init
    )


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, FunctionType) and isinstance(other, FunctionType):
        mine, its = one.__code__, other.__code__
        return (mine.co_code, mine.co_consts, mine.co_names, mine.co_freevars) == (
            its.co_code, its.co_consts, its.co_names, its.co_freevars,
        ) and _enclosed(one) == _enclosed(other)  # fmt: skip
    if isinstance(one, tuple) and isinstance(other, tuple):
        return len(one) == len(other) and all(map(_same, one, other))
    return bool(one == other)


def _enclosed(function: FunctionType) -> tuple[Any, ...]:
    cells = tuple(cell.cell_contents for cell in function.__closure__ or ())
    return function.__defaults__, function.__kwdefaults__, cells


def _greek(name: str) -> bool:
    try:
        unicodedata.lookup(f"GREEK SMALL LETTER {name}")
    except KeyError:
        return False
    return True


def _misnamed(name: str) -> bool:
    """Return whether the language cannot read a name as that of a function."""
    return not (name.isascii() and name.isidentifier() and len(name) > 1 and name[0].isalpha())


def name_faults(row: Operation, table: Mapping[str, Operation]) -> Iterator[str]:
    """Yield what is wrong with a row's names and words."""
    from .tensors import TENSOR_OPS  # they are made of this package's table

    rows = table.values()
    taken = {name: each.name for each in rows for name in (each.name, *each.spelled)}
    taken |= {name: each.name for each in TENSOR_OPS.values() for name in (each.name, *each.spelled)}
    if row.spelled == ():
        yield said("it has no name to be typed by: spelled=({name},)", name=repr(row.name))
    for name in dict.fromkeys((row.name, *row.spelled)):
        if name in taken:
            yield said(
                "the name {name} is taken, by the operation {op}",
                name=quoted(name), op=quoted(taken[name]),
            )  # fmt: skip
        elif _misnamed(name):
            yield said(
                "{name} is no name of a function; expected two or more letters, digits and _, a letter "
                "first",
                name=quoted(name),
            )
        elif keyword.iskeyword(name) or name.casefold() in _CONSTANTS or _greek(name):
            yield said("{name} means something else in the language", name=quoted(name))
    for field, usual in _OURS.items():
        if getattr(row, field) != usual:
            yield said(
                "{field} belongs to the operations that are written by signs; leave it out",
                field=quoted(field),
            )
    reasons = (row.because,) if isinstance(row.because, str) else row.because
    for field, text in (("sign", row.sign), ("rule", row.rule), *(("because", t) for t in reasons)):
        if not text.strip():
            yield said("{field} is empty: it is shown beside each step", field=quoted(field))


def number_faults(row: Operation) -> Iterator[str]:
    """Yield what is wrong with a row's rules at its samples, by centred differences."""
    if len(row.samples) < 2:
        yield said("it has one sample; expected two or more points, away from kinks")
    options = {**dict(row.options), **({"index": 0} if row.outputs else {})}
    for point in row.samples:
        shown = ", ".join(f"{x:g}" for x in point)
        try:
            out = float(row.value(SCALAR, *point, **options))
        except Exception as error:  # a rule may raise anything
            yield _raised("forward", shown, error)
            return
        for slot in range(len(point)):
            try:
                value = row.value(SCALAR, *point, **options)
                told = float(row.slope(slot)(SCALAR, value, *point, **options))
            except Exception as error:  # a rule may raise anything
                yield _raised("partials", shown, error)
                return
            found = _difference(lambda *x: row.value(SCALAR, *x, **options), point, slot)
            if not (math.isfinite(out) and math.isfinite(told)):
                yield said("at ({point}) the value is {out:.6g}, the slope {slope:.6g}: expected numbers",
                           point=shown, out=out, slope=told)  # fmt: skip
            elif math.isfinite(found) and not math.isclose(told, found, rel_tol=1e-5, abs_tol=1e-6):
                yield said(
                    "at ({point}) the slope along operand {slot} is {told:.6g}, and centred differences of "
                    "the value give {found:.6g}",
                    point=shown, slot=slot + 1, told=told, found=found,
                )  # fmt: skip


def _raised(field: str, point: str, error: Exception) -> str:
    return said(
        "{field} raises {error} at ({point}); rules are written over the kernel: k.exp(a)",
        field=quoted(field), error=f"{type(error).__name__}: {error}", point=point,
    )  # fmt: skip


def _difference(value: Callable[..., Any], point: tuple[float, ...], slot: int) -> float:
    step = 1e-6 * max(1.0, abs(point[slot]))
    ends = []
    for move in (step, -step):
        moved = (*point[:slot], point[slot] + move, *point[slot + 1 :])
        try:
            ends.append(float(value(*moved)))
        except (ValueError, ArithmeticError):  # outside the domain
            return math.nan
    return (ends[0] - ends[1]) / (2 * step)
