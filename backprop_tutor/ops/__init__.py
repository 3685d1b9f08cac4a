"""The table of operations: one frozen record an operation, read by every part of the house.

`OPS` maps an operation's name to its record; `FUNCTIONS` maps the names that users type (`ln`,
`log`, `σ`) to operations. `backprop_tutor.register` adds rows, and so do installed packages; whatever
is read off the table is derived from it (`ops.registry`). Importing this package imports neither NumPy
nor SymPy.

>>> OPS["multiply"].partial(0)(SCALAR, 6, 2, 3)
3
>>> FUNCTIONS["ln"].name
'log'
"""

from __future__ import annotations

from collections.abc import Mapping

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
from .installed import add_installed
from .kernel import SCALAR, Kernel, Number, exact, plain
from .naming import EVERYWHERE, camel
from .record import ATOM, POWER, PRODUCT, SIGN, SUM, Branch, Interval, Keras, Operation, Torch
from .registry import Table, cached_of_tables, read_first

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
    "Table",
    "Torch",
    "cached_of_tables",
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
    return table


def _add_installed() -> bool:
    return add_installed(OPS)


_ROWS = _table(
    *arithmetic.ROWS, *functions.ROWS, *activations.ROWS, *clipping.ROWS, *choices.ROWS,
    *several.ROWS, *losses.ROWS, *tensor_functions.ROWS,
)  # fmt: skip
OPS: Table[Operation] = read_first(_ROWS, _add_installed)
FUNCTIONS = OPS.derived(lambda row: dict.fromkeys(row.spelled, row))
DECIDED = frozenset({"where"})
"""The functions whose first argument is a comparison."""
BASED = tuple(sorted({_ROWS[row.longer].written_as for row in _ROWS.values() if row.longer}))
"""The functions under which a base may stand: `log_a(x)` is `log(x, a)`."""
ACTIVATIONS = OPS.derived(lambda row: {row.name: row} if row.activation else {})
"""The rows that stand between the layers of a network."""


def _folded(name: str) -> str:
    return name.replace("_", "").casefold()


@cached_of_tables()
def _readings() -> Mapping[str, str]:
    """Return each spelling without its capitals and `_`, where it can mean one row alone."""
    rows: dict[str, set[str]] = {}
    for name, row in FUNCTIONS.items():
        rows.setdefault(_folded(name), set()).add(row.name)
    first: dict[str, str] = {}
    for name in FUNCTIONS:
        if len(rows[_folded(name)]) == 1:
            first.setdefault(_folded(name), name)
    return first


def function_named(name: str) -> str:
    """Return the key of `FUNCTIONS` that a name means, capitals and `_` aside, or nothing.

    >>> function_named("LeakyReLU"), function_named("Sigmoid"), function_named("SIN"), function_named("f")
    ('leaky_relu', 'sigmoid', 'sin', '')
    """
    if name in FUNCTIONS:
        return name
    return _readings().get(_folded(name), "") if name.isascii() else ""


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
