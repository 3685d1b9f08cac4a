"""A program: the assignments that a user typed, and what is asked of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from .shown_names import told_apart
from .tree import Assignment, Name, free_names, postorder, renamed
from .write import written_assignments

__all__ = ["Program"]


@dataclass(frozen=True, eq=False)
class Program:
    """The assignments that a user typed; the last one assigned is the output.

    Attributes:
        assignments: in the order typed.
        text: the text as given; for programs made otherwise, their reading in plain characters.
        notes: remarks on how the text was read, for the user.
        values: values that came with it, by name (`bt.network` gives starting values).
    """

    assignments: tuple[Assignment, ...]
    text: str = ""
    notes: tuple[str, ...] = ()
    values: dict[str, int | float | Fraction] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Mark the names that would look alike, wherever they stand, to be shown as typed."""
        names = {*self.assigned}
        for assignment in self.assignments:
            names.update(n.name for n in postorder(assignment.expression) if isinstance(n, Name))
        marked = told_apart(sorted(names))
        if marked:
            shown = tuple(renamed(assignment, marked) for assignment in self.assignments)
            object.__setattr__(self, "assignments", shown)

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
