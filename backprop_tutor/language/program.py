"""A program: the assignments that a user typed, and what is asked of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from fractions import Fraction

from ..accepted import GraphLike
from ..cells import listing
from ..frozen import FrozenDict
from ..once import cached_property
from .from_graph import graph_parts
from .shown_names import told_apart
from .tree import Assignment, Name, flat, free_names, postorder, renamed
from .write import written_assignments

__all__ = ["Program"]


@dataclass(frozen=True, eq=False)
class Program:
    """The assignments that a user typed; the last one assigned is the output.

    Two are equal where their assignments, texts, remarks and values are.

    Attributes:
        assignments: in the order typed.
        text: the text as given; for programs made otherwise, their reading in plain characters.
        notes: remarks on how the text was read, for the user.
        values: values that came with it, by name (`bt.network` gives starting values).

    >>> from backprop_tutor import parse
    >>> program = parse("q = x + y; f = q z")
    >>> program.inputs, program.output
    (('x', 'y', 'z'), 'f')
    """

    assignments: tuple[Assignment, ...]
    text: str = ""
    notes: tuple[str, ...] = ()
    values: Mapping[str, int | float | Fraction] = field(default_factory=FrozenDict)

    def __post_init__(self) -> None:
        """Mark the names that would look alike, wherever they stand, to be shown as typed."""
        object.__setattr__(self, "values", FrozenDict(self.values))
        names = {*self.assigned}
        for assignment in self.assignments:
            names.update(n.name for n in postorder(assignment.expression) if isinstance(n, Name))
        marked = told_apart(sorted(names))
        if marked:
            shown = tuple(renamed(assignment, marked) for assignment in self.assignments)
            object.__setattr__(self, "assignments", shown)

    @cached_property
    def _parts(self) -> tuple[object, ...]:
        values = tuple((name, type(value), value) for name, value in self.values.items())
        return tuple(map(flat, self.assignments)), self.text, self.notes, values

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Program):
            return NotImplemented
        return self is other or self._parts == other._parts

    def __hash__(self) -> int:
        return hash(self._parts)

    def __getstate__(self) -> dict[str, object]:
        return {each.name: self.__dict__[each.name] for each in fields(self)}

    @property
    def output(self) -> str:
        """Return the name of the last assignment."""
        return self.assignments[-1].targets[-1]

    @property
    def assigned(self) -> tuple[str, ...]:
        """Return the assigned names, in order."""
        return tuple(target for a in self.assignments for target in a.targets)

    @property
    def inputs(self) -> tuple[str, ...]:
        """Return the names used and never assigned, in order of first use."""
        taken = set(self.assigned)
        found: dict[str, None] = {}
        for assignment in self.assignments:
            for name in free_names(assignment.expression):
                if name not in taken:
                    found[name] = None
        return tuple(found)

    @property
    def reading(self) -> str:
        """Return how the text was read, an assignment a line: `f = w·x + b`."""
        return written_assignments(self.assignments)

    def __str__(self) -> str:
        return self.reading

    def __repr__(self) -> str:
        return f"<Program {self.reading.splitlines()[-1][:60]!r}>"

    def _repr_html_(self) -> str:
        return listing(self.reading)

    @classmethod
    def from_graph(cls, graph: GraphLike) -> Program:
        """Return the program of a graph such as `Derivation.graph` hands out.

        Args:
            graph: a `networkx.MultiDiGraph`. A node has `op`, the name of an operation in `OPS`, or
                `kind` "input" or "constant" with a `value`; an edge `(u, v, slot)` says that u is v's
                operand number `slot`.

        Raises:
            OptionError: an unknown operation, operands that are not numbered 0, 1, 2, …, a cycle.

        >>> from backprop_tutor import derive
        >>> print(Program.from_graph(derive("f = 2(x + y)", at={"x": 1, "y": 2}).graph).reading)
        v₁ = x + y
        f = 2·v₁
        """
        return cls(**graph_parts(graph))
