"""SymPy's word on the gradients of arrays: each operation's slopes as formulas, at thirty digits, chained.

Enters: a derivation over arrays. Leaves: each input's gradient, entry by entry. Of every operation SymPy
has the entries as formulas in the entries of its operands alone and differentiates these; the chain rule
adds the products up. So the work grows with the operations, where one formula of the whole program would
grow with its paths, and it ends after a second of this thread's work.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ..symbolic import Allowance, Late
from .array_pass import value_of

if TYPE_CHECKING:
    from .array_derivation import ArrayDerivation

__all__ = ["symbolic_gradients"]

_DIGITS = 30
_SECONDS = 1.0

Slope = tuple[int, tuple[int, ...], tuple[int, ...], Any]
"""The place of an operand, an entry of it, an entry of the result, and the slope."""


def symbolic_gradients(
    d: ArrayDerivation, inputs: list[str], seconds: float = _SECONDS
) -> dict[str, Any]:
    """Return SymPy's derivatives of the output by the inputs, at the point.

    Raises:
        Late: they are not there within the seconds, or one is no finite real number.
    """
    chain = _Chain(d, inputs, Allowance(seconds))
    for place in range(len(d.graph_table.nodes)):
        chain.enter(place)
    return chain.back()


class _Chain:
    """The numbers and slopes of the operations, in their order, and the way back over them."""

    def __init__(self, d: ArrayDerivation, inputs: list[str], allowed: Allowance) -> None:
        self.d = d
        self.graph = d.graph_table
        self.allowed = allowed
        self.asked = {self.graph.index[name]: name for name in inputs}
        self.numbers: list[Any] = []
        self.slopes: list[list[Slope] | None] = []
        """Of each node its slopes; None where it does not depend on an input that is asked for."""

    def enter(self, place: int) -> None:
        """Take a node in: its numbers, and the slopes by its operands."""
        import sympy as sp

        node = self.graph.nodes[place]
        if node.kind == "operation":
            self._operation(place)
            return
        given = self.d.at[node.name] if node.kind == "input" else sp.Rational(node.value or 0)
        self.numbers.append(_exact(np.asarray(given)))
        self.slopes.append([] if place in self.asked else None)

    def _operation(self, place: int) -> None:
        from ..ops.symbol_arrays import SymbolArrays, symbols_of

        node = self.graph.nodes[place]
        operands: list[Any] = []
        point: dict[Any, Any] = {}
        where: dict[Any, tuple[int, tuple[int, ...]]] = {}
        for slot, source in enumerate(node.operands):
            numbers = self.numbers[source]
            if self.slopes[source] is None:
                operands.append(numbers)
                continue
            symbols = symbols_of(f"u{slot}", numbers.shape)
            operands.append(symbols)
            for at in np.ndindex(*numbers.shape):
                point[symbols[at]] = numbers[at]
                where[symbols[at]] = (source, at)
        with np.errstate(all="ignore"):
            formulas = np.asarray(value_of(node, operands, SymbolArrays(point)))
        if not where:
            self.numbers.append(_exact(formulas))
            self.slopes.append(None)
            return
        numbers = np.empty(formulas.shape, object)
        slopes: list[Slope] = []
        for at in np.ndindex(*formulas.shape):
            numbers[at] = _at(formulas[at], point)
            slopes += self._by_operands(formulas[at], at, point, where)
        self.numbers.append(numbers)
        self.slopes.append(slopes)

    def _by_operands(
        self, formula: Any, at: tuple[int, ...], point: dict[Any, Any], where: dict[Any, Any]
    ) -> list[Slope]:
        """Return the slopes of one entry, by the entries of operands that stand in its formula."""
        import sympy as sp

        found = []
        for symbol in sorted(sp.S(formula).free_symbols, key=str):
            self.allowed.spend()
            source, of = where[symbol]
            found.append((source, of, at, _at(sp.diff(formula, symbol), point)))
        return found

    def back(self) -> dict[str, Any]:
        """Return the gradients of the inputs: the sums over what each entry leads to."""
        upstream: dict[int, Any] = {self.graph.output: np.full(self._shape(self.graph.output), 1, object)}
        for place in reversed(range(len(self.slopes))):
            if place not in upstream:
                continue
            for source, of, at, slope in self.slopes[place] or ():
                if source not in upstream:
                    upstream[source] = np.zeros(self._shape(source), object)
                upstream[source][of] += upstream[place][at] * slope
        nothing = {name: np.zeros(self._shape(place)) for place, name in self.asked.items()}
        return nothing | {
            name: upstream[place].astype(float) for place, name in self.asked.items() if place in upstream
        }

    def _shape(self, place: int) -> tuple[int, ...]:
        shape: tuple[int, ...] = np.shape(self.numbers[place])
        return shape


def _at(formula: Any, point: dict[Any, Any]) -> Any:
    """Return the number of a formula at a point.

    Raises:
        Late: it is none that is real and finite.
    """
    import sympy as sp

    found = sp.S(formula).xreplace(point).evalf(_DIGITS)
    if not (found.is_Float or found.is_Rational):
        raise Late(f"SymPy has no real number: {type(found).__name__}")
    return found


def _exact(given: Any) -> Any:
    """Return numbers as SymPy's; labels and conditions stay as they are."""
    import sympy as sp

    if given.dtype.kind in "iub":
        return given
    found = np.empty(given.shape, object)
    for place in np.ndindex(*given.shape):
        entry = given[place]
        found[place] = _at(entry, {}) if isinstance(entry, sp.Basic) else sp.Rational(float(entry))
    return found
