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

from . import activations, arithmetic, functions, losses, tensor_functions
from .kernel import SCALAR, Kernel, Number, exact, plain
from .record import ATOM, POWER, PRODUCT, SIGN, SUM, Branch, Operation

__all__ = [
    "ATOM",
    "FUNCTIONS",
    "OPS",
    "POWER",
    "PRODUCT",
    "SCALAR",
    "SIGN",
    "SUM",
    "Branch",
    "Kernel",
    "Number",
    "Operation",
    "exact",
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
    *arithmetic.ROWS, *functions.ROWS, *activations.ROWS, *losses.ROWS, *tensor_functions.ROWS
)
FUNCTIONS = _spellings(OPS)
