"""How arrays, gradients and numbers are called in the words under a picture of layers.

Enters: a derivation and its parts. Leaves: names, formulas as runs, numbers with their matrix' decimals.
What has no box is called by its formula; the upstream gradient is δ with its box' index.
"""

from __future__ import annotations

import re
from typing import Any

import numpy as np

from ...language import UNICODE, Apply, Expression, Name, shown_name, written
from ...matrices.array_derivation import ArrayDerivation
from ...matrices.array_graph import record_of
from ...ops import OPS
from ...translation import sentence as _
from ..narration.numbers import shown
from ..stage.caption import Line, formula
from ..stage.marks import Run
from .entries import table_of
from .gates import Gate, Parts
from .products import telling_entry

__all__ = ["ArrayNames"]

_SUBSCRIPT = re.compile(r"[^\W\d_]([₀-₉]*)\Z")
_DELTA = re.compile(r"δ[₀-₉]*")
_DEEPEST = 4


class ArrayNames:
    """Names what a derivation's picture shows; `digits` is how many figures a matrix' largest entry has."""

    d: ArrayDerivation
    parts: Parts
    digits: int

    def __init__(self, derivation: ArrayDerivation, parts: Parts, digits: int) -> None:
        self.d, self.parts, self.digits = derivation, parts, max(digits, 3)
        self.graph = parts.graph
        self.output: str = shown_name(derivation.output)
        self.names: set[str] = {shown_name(node.name) for node in self.graph.nodes}

    def called(self, gate: Gate) -> str:
        """Return what a gate does, in words."""
        if len(gate.places) > 1:
            return gate.sign
        node = self.graph.nodes[gate.lead]
        record = record_of(node)
        if record is not None:
            if record.name == "matmul":
                return _("matrix product")
            return _(record.name.replace("_", " "))
        return _((OPS[node.op].name).replace("_", " "))

    def label(self, place: int) -> str:
        """Return how an array is called: by its name; without a box, by its formula."""
        if place in self.parts.boxes or self.graph.nodes[place].named:
            return shown_name(self.graph.nodes[place].name)
        text = self.written(self.told(place))
        return f"({text})" if re.search(r" [+−⊙] ", text) else text

    def gradient(self, name: str) -> str:
        """Return how the gradient along what has this name is called: ∂L/∂Z, ∂L/∂(X·W)."""
        compound = not name.startswith("(") and re.search(r"[·@/⊙ ]", name)
        return f"∂{self.output}/∂({name})" if compound else f"∂{self.output}/∂{name}"

    def delta(self, place: int) -> tuple[str, str]:
        """Return the sign of a gate's upstream gradient, and whose gradient it is."""
        at = self.shown_at(place)
        name = self.label(at)
        match = _SUBSCRIPT.match(name)
        return f"δ{match[1] if match else ''}", self.gradient(name)

    def shown_at(self, place: int) -> int:
        """Return the box that shows the gradient of a value: a sum's, where it hands it on unchanged."""
        while place not in self.parts.boxes:
            users = self.graph.uses[place]
            if len(users) != 1 or self.graph.nodes[users[0].target].op not in ("add", "identity"):
                break
            if self.graph.shapes[users[0].target] != self.graph.shapes[place]:
                break
            place = users[0].target
        return place

    def told(self, place: int, depth: int = 0) -> Expression:
        """Return an operation as a tree over boxes, what has none written out."""
        node = self.graph.nodes[place]
        if node.kind != "operation":
            return self.graph.term(place)
        operands = []
        for each in node.operands:
            inner = self.graph.nodes[each]
            record = record_of(inner) if inner.kind == "operation" else None
            if record is not None and record.name == "expand":
                operands.append(self.graph.term(inner.operands[0]))
            elif inner.kind == "operation" and each not in self.parts.boxes and depth < _DEEPEST:
                operands.append(self.told(each, depth + 1))
            else:
                operands.append(self.graph.term(each))
        return Apply(node.op, tuple(operands), node.options)

    def written(self, tree: Expression) -> str:
        """Return a tree as text: products of matrices with a dot, those entry by entry with ⊙."""
        text = written(tree, UNICODE).replace(" @ ", "·")
        if isinstance(tree, Apply) and tree.op == "multiply" and all(
            isinstance(o, Name) and self.graph.shapes[self.graph.index[o.name]] != () for o in tree.operands
        ):
            text = text.replace("·", " ⊙ ")
        return text

    def math(self, text: str) -> Line:
        """Return a formula as runs, its names in italics."""
        return formula(text, self.names | set(_DELTA.findall(text)))

    def grey(self, text: str) -> Line:
        """Return a formula as runs in grey."""
        return tuple(Run(run.text, run.style, "quiet") for run in self.math(text))

    def at(self, place: int, table: Any) -> tuple[int, ...]:
        """Return the entry that is followed, by the array's own axes."""
        shape = self.graph.shapes[place]
        if not shape:
            return ()
        sizes: Any = shape
        if max(sizes) <= 6 and len(sizes) <= 2:
            values = self.d.upstreams[place] if table is None else table
            row, column = telling_entry(
                table_of(self.d.numbers[place] if values is None else values, False)
            )
            return (row, column) if len(sizes) == 2 else (column,)
        array = np.asarray(self.d.upstreams[place])
        if self.d.upstreams[place] is None:
            array = np.asarray(self.d.numbers[place])
        return tuple(int(i) for i in np.unravel_index(int(np.abs(array).argmax()), array.shape))

    def entry(self, array: Any, at: tuple[int, ...]) -> float:
        """Return an entry of an array; of a single number, itself."""
        found = np.asarray(array)
        return float(found[at] if found.ndim == len(at) else found.reshape(-1)[0])

    def number(self, value: float, array: Any) -> str:
        """Return a number as its box shows it: with the decimals of its matrix."""
        values = np.asarray(array, np.float64)
        largest = float(np.abs(values).max()) if values.size else 0.0
        if value == 0:
            return "0"
        if not 1e-3 <= largest < 1e5 or abs(value) < largest / 100:
            return shown(value, self.digits)
        decimals = min(max(self.digits - 1 - int(np.floor(np.log10(largest))), 0), self.digits + 1)
        text = f"{abs(value):.{decimals}f}"
        if float(text) == abs(value):
            text = text.rstrip("0").rstrip(".") if "." in text else text
        return f"−{text}" if value < 0 else text
