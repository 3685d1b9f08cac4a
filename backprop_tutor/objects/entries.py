"""A derivation over arrays that can be written out: every entry has a gate of single numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Self

from ..graph_builder import build_graph
from ..language import Program
from ..matrices.array_derivation import array_derive as _array_derive
from ..matrices.array_graph import ArrayGraph
from ..passes import run
from ..scales import Entries
from .arrays import ArrayDerivation
from .numbers import Derivation

__all__ = ["EntryDerivation", "GateDerivation", "array_derive"]


class GateDerivation(Derivation):
    """A program over arrays, over single numbers.

    Attributes:
        origin: the derivation over arrays; None at another point.
        entries: which gate holds each entry, `entries.gate("W1", (0, 2))`, and which entry each gate.
    """

    origin: Any
    entries: Entries

    _FIELDS = (*Derivation._FIELDS, "origin", "entries")

    @classmethod
    def made(cls, **fields: Any) -> Self:  # Any: each field is of a type of its own
        """Return a derivation of what a pass found; where it came from is told afterwards."""
        return super().made(**{"origin": None, "entries": Entries(()), **fields})

    def layers(self) -> Any:
        """Return the derivation over arrays that this one was written out from."""
        return self.origin


class EntryDerivation(ArrayDerivation):
    """What `derive` returns where arrays are given."""

    def gates(self) -> GateDerivation:
        """Return the same program over single numbers: every entry has a gate, and `entries` says which.

        Fused operations are taken apart; labels have no gate.

        >>> from backprop_tutor import derive
        >>> d = derive("Z = X@W; L = sum(Z*Z)", at={"X": [[1.0, 2.0]], "W": [[3.0], [4.0]]}).gates()
        >>> d.entries.gate("W", (1, 0)), d.gradients["W_10"], d.entries.of("Z_00")
        ('W_10', 44.0, (('Z', (0, 0)),))

        Raises:
            OptionError: it takes more than 20,000 gates, or has an operation without a formula for its
                entries, such as an inverse.
        """
        from ..scales.to_gates import to_gates  # start-up time: only who asks pays for it

        found = to_gates(self)
        graph = build_graph(found.program, of=found.output)
        gates = run(graph, found.at, GateDerivation)
        return gates.with_fields(origin=self, entries=found.entries)


def array_derive(
    program: Program, at: Mapping[str, Any], of: str | None = None, expand: str | Iterable[str] = (),
    known: ArrayGraph | None = None, kind: Any = float,
) -> EntryDerivation:  # fmt: skip
    """Return the derivation of a program over arrays, in the dtype `kind`; `known` is its graph."""
    return _array_derive(program, at, of, EntryDerivation, expand, known, kind)
