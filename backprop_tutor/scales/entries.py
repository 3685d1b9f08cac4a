"""Which gate holds which entry of which array: the two ways between a program's numbers and its matrices.

Enters: pairs of an entry and the name of its gate. Leaves: `Entries`, asked from either side. An entry is
an array's name and a place from 0, `("W1", (0, 2))`; the place of a single number is `()`.
"""

from __future__ import annotations

from collections.abc import Iterable

from ..errors import UnknownNameError, did_you_mean, quoted
from ..frozen import FrozenDict
from ..language import canonical_name
from ..sentences import said

__all__ = ["Entries", "Entry"]

Entry = tuple[str, tuple[int, ...]]


class Entries:
    """The gates of entries and the entries of gates; several entries may be one gate's.

    >>> known = Entries([(("w", (0,)), "w_0"), (("w", (1,)), "w_1")])
    >>> known.gate("w", 1), known.of("w_0")
    ('w_1', (('w', (0,)),))
    """

    def __init__(self, pairs: Iterable[tuple[Entry, str]]) -> None:
        self.gates: FrozenDict[Entry, str] = FrozenDict(pairs)
        found: dict[str, list[Entry]] = {}
        for entry, gate in self.gates.items():
            found.setdefault(gate, []).append(entry)
        self.entries: FrozenDict[str, tuple[Entry, ...]] = FrozenDict(
            (gate, tuple(each)) for gate, each in found.items()
        )

    def gate(self, name: str, at: int | tuple[int, ...] = ()) -> str:
        """Return the name of an entry's gate.

        Raises:
            UnknownNameError: there is no such entry, or it has no gate, as a label has none.
        """
        own = canonical_name(str(name))
        entry = own, (at,) if isinstance(at, int) else tuple(at)
        found = self.gates.get(entry)
        if found is not None:
            return found
        names = dict.fromkeys(array for array, _place in self.gates)
        if own in names:
            last = ", ".join(map(str, max(place for array, place in self.gates if array == own)))
            hint = said("its entries end with {last}", last=f"[{last}]")
        else:
            hint = did_you_mean(own, names) or said("the arrays: {names}", names=", ".join(names))
        raise UnknownNameError(
            said("no gate holds {entry}; {hint}", entry=quoted(f"{own}{list(entry[1])}"), hint=hint)
        )

    def of(self, gate: str) -> tuple[Entry, ...]:
        """Return the entries that a gate holds, as a rule one.

        Raises:
            UnknownNameError: no gate of that name holds an entry.
        """
        own = canonical_name(str(gate))
        found = self.entries.get(own)
        if found is None:
            hint = did_you_mean(own, self.entries) or said("it stands between entries, or there is none")
            raise UnknownNameError(
                said("no entry is held by the gate {name}; {hint}", name=quoted(own), hint=hint)
            )
        return found

    def __len__(self) -> int:
        return len(self.gates)

    def __repr__(self) -> str:
        return f"<{len(self.gates)} entries in {len(self.entries)} gates>"
