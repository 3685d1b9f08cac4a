"""What a check found: a row a gradient, a row a value, and local gradients that are wrong."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ..cells import table

__all__ = ["Check", "CheckRow", "Status", "ValueRow", "ValueStatus", "WrongSlope"]

Status = Literal["agree", "two of three", "kink", "undefined", "round-off", "differ"]
ValueStatus = Literal["agree", "round-off", "differ"]


@dataclass(frozen=True, slots=True)
class CheckRow:
    """One node's gradient three ways.

    Attributes:
        name: the node's.
        reverse: the number of the reverse pass.
        symbolic: SymPy's; nan where its formula has no value there, and where it is `late`.
        numeric: by centred differences.
        status: "agree"; "two of three" (one of the three has no number here, or is off, and the
            digits behind it show the others right); "kink" (the point lies on a kink below this
            node, where differences see both sides and the convention decides); "undefined" (no slope
            there); "round-off" (every local gradient is right, but float64 holds too few digits on
            the way to this one); or "differ".
        digits: how many digits the differences were taken with; 0 for float64.
        late: whether SymPy's number is missing because of its limits in time and size.
    """

    name: str
    reverse: float
    symbolic: float
    numeric: float
    status: Status
    digits: int = 0
    late: bool = False

    @property
    def ok(self) -> bool:
        """Return whether nothing is wrong: only "differ" is."""
        return self.status != "differ"


@dataclass(frozen=True, slots=True)
class ValueRow:
    """One operation's value, and the same formula's value at more digits, nan where that is unknown.

    `status` is "agree"; "round-off" (the operation is right, but float64 holds too few digits of what
    it is made from); or "differ".
    """

    name: str
    value: float
    precise: float
    status: ValueStatus

    @property
    def ok(self) -> bool:
        """Return whether nothing is wrong: only "differ" is."""
        return self.status != "differ"


@dataclass(frozen=True, slots=True)
class WrongSlope:
    """A local gradient ∂of/∂wrt of one gate that is not what its operation's definition gives."""

    of: str
    wrt: str
    slot: int
    local: float
    right: float


@dataclass(frozen=True, slots=True)
class Check:
    """The rows of all nodes, and what is wrong at single gates; usable as a bool.

    `digits` is how many digits the values were compared to.
    """

    rows: tuple[CheckRow, ...]
    values: tuple[ValueRow, ...] = ()
    slopes: tuple[WrongSlope, ...] = ()
    digits: int = 0

    @property
    def ok(self) -> bool:
        """Return whether nothing differs."""
        return (
            not self.slopes
            and all(row.ok for row in self.rows)
            and all(row.ok for row in self.values)
        )

    def __bool__(self) -> bool:
        return self.ok

    def __repr__(self) -> str:
        differ = len(self.slopes) + sum(not row.ok for row in self.rows)
        differ += sum(not row.ok for row in self.values)
        verdict = f"{differ} differ" if differ else "all agree"
        return f"<Check of {len(self.rows)} gradients and {len(self.values)} values: {verdict}>"

    def _repr_html_(self) -> str:
        rows = [(r.name, r.reverse, r.symbolic, r.numeric, r.status) for r in self.rows]
        return table(("node", "reverse pass", "SymPy", "differences", ""), rows, repr(self).strip("<>"))

    def __getitem__(self, name: str) -> CheckRow:
        return next(row for row in self.rows if row.name == name)
