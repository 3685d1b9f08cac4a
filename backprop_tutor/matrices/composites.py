"""Which operations over arrays can be taken apart, by the names that users call, and into what.

A tensor record stands for lines of other records, a row of single numbers for a formula of the language.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from ..asked import names_of
from ..errors import OptionError, did_you_mean, quoted
from ..language import Program, parse
from ..ops import FUNCTIONS, OPS
from ..ops.array_rows import ARRAY_FUNCTIONS
from ..ops.tensors import TENSOR_OPS
from ..sentences import said

__all__ = ["composites", "scalar_program"]

_ALIKE = frozenset({"mean", "addmm", "linear"})
"""These are read whole even where all is taken apart: their parts say no more."""


def composites(expand: str | Iterable[str]) -> frozenset[str]:
    """Return the records and rows that are named, or all that can be taken apart.

    >>> sorted(composites("softmax"))
    ['softmax']

    Raises:
        OptionError: a name of something that cannot be taken apart; the nearest is named.
    """
    if isinstance(expand, str | tuple) and not expand:
        return frozenset()
    records = {name for name, record in TENSOR_OPS.items() if record.stands_for is not None}
    rows = {row.name for row in OPS.values() if row.stands_for and row.elementwise and row.most is not None}
    if expand == "all":
        return frozenset((records - _ALIKE) | rows)
    if isinstance(expand, frozenset) and expand <= records | rows:
        return expand
    found: set[str] = set()
    for name in names_of(expand, "expand"):
        record = ARRAY_FUNCTIONS.get(name) or TENSOR_OPS.get(name)
        row = OPS.get(name) or FUNCTIONS.get(name)
        named = {record.name if record else "", row.name if row else ""} & (records | rows)
        if not named:
            spelled = sorted({n for n, r in ARRAY_FUNCTIONS.items() if r.name in records} | rows)
            hint = did_you_mean(name, spelled)
            raise OptionError(
                said(
                    "{name} is not a composite that can be taken apart; {hint}", name=quoted(name),
                    hint=hint or said("those are: {listed}, or all", listed=", ".join(spelled)),
                )
            )  # fmt: skip
        found |= named
    return frozenset(found)


@lru_cache(maxsize=64)
def scalar_program(op: str, count: int) -> Program:
    """Return the formula of a composite of single numbers over `a1`, `a2`, ..."""
    record = OPS[op]
    assert record.stands_for is not None  # only such are asked
    return parse(record.stands_for())  # of a fixed number of operands
