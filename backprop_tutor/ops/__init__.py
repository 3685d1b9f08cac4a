"""The table of operations: one frozen record an operation, read by every part of the house.

`OPS` maps an operation's name to its record; `FUNCTIONS` maps the names that users type (`ln`,
`log`, `σ`) to operations. Importing this package imports neither NumPy nor SymPy.

>>> OPS["multiply"].partial(0)(SCALAR, 6, 2, 3)
3
>>> FUNCTIONS["ln"].name
'log'
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from . import (
    activations,
    arithmetic,
    choices,
    clipping,
    functions,
    losses,
    several,
    tensor_functions,
)
from .choices import COMPARISONS, Comparison
from .kernel import SCALAR, Kernel, Number, exact, plain
from .naming import EVERYWHERE, camel
from .record import ATOM, POWER, PRODUCT, SIGN, SUM, Branch, Interval, Keras, Operation, Torch

__all__ = [
    "ACTIVATIONS",
    "ATOM",
    "BASED",
    "COMPARISONS",
    "DECIDED",
    "EVERYWHERE",
    "FUNCTIONS",
    "OPS",
    "POWER",
    "PRODUCT",
    "SCALAR",
    "SIGN",
    "SUM",
    "Branch",
    "Comparison",
    "Interval",
    "Keras",
    "Kernel",
    "Number",
    "Operation",
    "Torch",
    "camel",
    "decided_by",
    "exact",
    "function_named",
    "function_of",
    "plain",
]


def _table(*rows: Operation) -> Mapping[str, Operation]:
    table: dict[str, Operation] = {}
    for row in rows:
        if row.name in table:
            raise ValueError(f"two rows are named {row.name}")
        table[row.name] = row
    return MappingProxyType(table)


def _spellings(table: Mapping[str, Operation]) -> Mapping[str, Operation]:
    spelled: dict[str, Operation] = {}
    for row in table.values():
        for name in row.spelled:
            if name in spelled:
                raise ValueError(f"{name} is spelled for both {spelled[name].name} and {row.name}")
            spelled[name] = row
    return MappingProxyType(spelled)


OPS = _table(
    *arithmetic.ROWS, *functions.ROWS, *activations.ROWS, *clipping.ROWS, *choices.ROWS,
    *several.ROWS, *losses.ROWS, *tensor_functions.ROWS,
)
FUNCTIONS = _spellings(OPS)
DECIDED = frozenset({"where"})
"""The functions whose first argument is a comparison."""
BASED = tuple(name for name, row in FUNCTIONS.items() if row.longer and OPS[row.longer].written_as == name)
"""The functions under which a base may stand: `log_a(x)` is `log(x, a)`."""
ACTIVATIONS = frozenset(row.name for row in OPS.values() if row.activation)
"""The names of the rows that stand between the layers of a network."""


def _folded(name: str) -> str:
    return name.replace("_", "").casefold()


def _readings(spelled: Mapping[str, Operation]) -> Mapping[str, str]:
    """Return each spelling without its capitals and `_`, where it can mean one row alone."""
    rows: dict[str, set[str]] = {}
    for name, row in spelled.items():
        rows.setdefault(_folded(name), set()).add(row.name)
    first: dict[str, str] = {}
    for name in spelled:
        if len(rows[_folded(name)]) == 1:
            first.setdefault(_folded(name), name)
    return MappingProxyType(first)


_READINGS = _readings(FUNCTIONS)


def function_named(name: str) -> str:
    """Return the key of `FUNCTIONS` that a name means, capitals and `_` aside, or nothing.

    >>> function_named("LeakyReLU"), function_named("Sigmoid"), function_named("SIN"), function_named("f")
    ('leaky_relu', 'sigmoid', 'sin', '')
    """
    if name in FUNCTIONS:
        return name
    return _READINGS.get(_folded(name), "") if name.isascii() else ""


def function_of(name: str, count: int) -> Operation:
    """Return the operation that a name calls with so many operands: `log` with two has a base.

    >>> function_of("log", 1).name, function_of("log", 2).name, function_of("ln", 2).name
    ('log', 'log_base', 'log')
    """
    op = FUNCTIONS[name]
    longer = OPS.get(op.longer)
    if longer is not None and longer.written_as == name and longer.accepts(count):
        return longer
    return op


def decided_by(sign: str, written_as: str) -> Operation:
    """Return the row that a comparison decides: of `where`, or of the indicator `1`.

    >>> decided_by("<=", "where").name, decided_by(">", "1").name
    ('where_at_most', 'indicator_above')
    """
    family = "where" if written_as == "where" else "indicator"
    return OPS[f"{family}_{COMPARISONS[sign].word}"]
