"""The program that a recorded graph becomes, while it is read; what is known of each node beside the tape.

Enters: nodes as they are made, trees as they are read. Leaves: assignments, and the arrays of their inputs.
"""

from __future__ import annotations

import linecache
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np

from ..engine.autograd.node import Node, plain_name
from ..engine.tensors.tensor import Tensor
from ..errors import OptionError, quoted
from ..language import Apply, Assignment, Expression, Name, Number
from ..ops.array_rows import PREFIX
from ..sentences import said

__all__ = ["Reading", "Witness", "applied", "number"]

_OWN, _HERE = __name__.partition(".")[0], __name__.rpartition(".")[0]


class Witness:
    """Sees nodes as they are made: all their inputs (the tape keeps few), and whose line it was."""

    __slots__ = ("made",)

    def __init__(self) -> None:
        self.made: dict[int, tuple[Node, Any, tuple[str, int] | None]] = {}

    def __call__(self, node: Node, inputs: Any) -> None:
        """Note a node that was made."""
        self.made[id(node)] = node, inputs, _line()

    def array(self, node: Node, slot: int) -> Any:
        """Return the array of a node's input, None where it was none."""
        _, inputs, _ = self.made.get(id(node), (None, (), None))
        found = inputs[slot] if slot < len(inputs) else None
        return found._a if isinstance(found, Tensor) else None

    def refused(self, node: Node) -> OptionError:
        """Return the error of an operation that cannot be told, with the line that made it."""
        name = quoted(plain_name(node).rpartition("::")[2])
        _, _, place = self.made.get(id(node), (None, (), None))
        if place is None:
            return OptionError(
                said("a model with the operation {name} cannot be opened: no record of the tutor says what "
                     "it is", name=name)
            )  # fmt: skip
        file, line = place
        code = linecache.getline(file, line).strip()
        return OptionError(
            said("a model with the operation {name} cannot be opened: no record of the tutor says what it "
                 "is; it is in {file}, line {line}: {code}",
                 name=name, file=file.replace("\\", "/").rpartition("/")[2], line=line, code=quoted(code))
        )  # fmt: skip


def _line() -> tuple[str, int] | None:
    """Return the file and line of the nearest caller that is none of ours, below the bridge."""
    frame: Any = sys._getframe(2)
    while frame is not None:
        module = str(frame.f_globals.get("__name__"))
        if module.startswith(_HERE):
            return None
        if module.partition(".")[0] != _OWN:
            return frame.f_code.co_filename, frame.f_lineno
        frame = frame.f_back
    return None


def number(value: float) -> Number:
    """Return a number as a tree: whole ones exact, others by their shortest digits."""
    exact: Any = Fraction(int(value)) if value.is_integer() and abs(value) < 2**53 else value
    return Number(exact, f"{value:g}" if float(f"{value:g}") == value else repr(value))


def applied(name: str, *operands: Expression, **options: Any) -> Apply:
    """Return a tensor record's operation on operands."""
    return Apply(PREFIX + name, operands, tuple(sorted(options.items())))


@dataclass(slots=True)
class Reading:
    """The assignments of a graph, and the arrays of their inputs; `hints` name arrays that may turn up."""

    names: dict[int, str]
    at: dict[str, Any]
    seen: Witness
    hints: Mapping[int, str] = field(default_factory=dict)
    assignments: list[Assignment] = field(default_factory=list)
    terms: dict[Any, Expression] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)

    def fresh(self, stem: str) -> str:
        """Return a name of a stem with the next free number."""
        while True:
            self.counts[stem] = self.counts.get(stem, 0) + 1
            name = f"{stem}{self.counts[stem]}"
            if name not in self.at:
                return name

    def assign(self, stem: str, tree: Expression) -> Name:
        """Add an assignment and return its name."""
        name = self.fresh(stem)
        self.assignments.append(Assignment((name,), tree))
        return Name(name)

    def leaf(self, array: Any, stem: str) -> Expression:
        """Return the term of an array that is no parameter: a number, or an input of its own.

            What lies in a known array's memory, entry by entry, is that array in another shape; places stay
        inputs of their own.
        """
        for name, known in self.at.items():
            if known is array:
                return Name(name)
        if np.ndim(array) == 0 and np.asarray(array).dtype.kind != "b":
            return number(float(str(np.asarray(array)[()])))  # of a float32 its shortest digits
        for name, known in self.at.items():
            if known.dtype.kind == "f" and _reshaped(array, known):
                shape = tuple(int(n) for n in array.shape)
                return self.assign("v_", applied("reshape", Name(name), shape=shape))
        hint = self.hints.get(id(array))
        if stem == "c" and hint and hint not in self.at:
            stem = hint
        name = stem if stem not in self.at and stem != "c" else self.fresh(stem)
        self.at[name] = array
        return Name(name)


def _reshaped(array: Any, known: Any) -> bool:
    return bool(
        array.base is not None and array.size == known.size and array.dtype == known.dtype
        and array.flags.c_contiguous and known.flags.c_contiguous and array.ctypes.data == known.ctypes.data
    )  # fmt: skip
