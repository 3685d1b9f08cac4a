"""Several outputs: one backward pass for each, the rows of a Jacobian."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from .errors import OptionError, UnknownNameError
from .graph import Graph, build_graph
from .language import Program
from .ops import Number
from .passes import run
from .sentences import said
from .steps import Derivation

__all__ = ["Jacobian", "jacobian"]


@dataclass(frozen=True, slots=True)
class Jacobian:
    """∂of[i]/∂wrt[j] at one point.

    Attributes:
        of, wrt: names of the outputs (rows) and of the nodes differentiated along (columns).
        values: the rows, a tuple of tuples, shape (len(of), len(wrt)).
        derivations: one pass for each output.
    """

    of: tuple[str, ...]
    wrt: tuple[str, ...]
    values: tuple[tuple[Number, ...], ...]
    derivations: tuple[Derivation, ...]

    @property
    def shape(self) -> tuple[int, int]:
        """Return (outputs, inputs)."""
        return len(self.of), len(self.wrt)

    def __getitem__(self, key: tuple[str, str]) -> Number:
        of, wrt = key
        return self.values[self.of.index(of)][self.wrt.index(wrt)]

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Any:
        import numpy as np  # only who asks for an array pays for numpy

        return np.array([[float(v) for v in row] for row in self.values], dtype=dtype or float)


def _names(given: str | Iterable[str], what: str) -> tuple[str, ...]:
    names = tuple(given.replace(",", " ").split() if isinstance(given, str) else given)
    if not names:
        raise OptionError(said("`{what}` lists no name", what=what))
    return names


def jacobian(
    program: Program,
    at: Mapping[str, Any],
    of: str | Iterable[str],
    wrt: str | Iterable[str] | None = None,
    graph_options: Mapping[str, Any] | None = None,
    into: type[Derivation] = Derivation,
) -> Jacobian:
    """Return the Jacobian of several outputs of one program.

    `wrt` may name any nodes; all inputs if None.

    Raises:
        UnknownNameError: a name that the program does not have.
        OptionError: an empty list of names.
    """
    outputs = _names(of, "of")
    base = build_graph(program, **(graph_options or {}))
    places = [base.find(name) for name in outputs]
    columns = base.inputs if wrt is None else _names(wrt, "wrt")
    for name in columns:
        if base.nodes[base.find(name)].kind == "constant":
            raise UnknownNameError(said("{name} is a constant", name=name))
    passes = tuple(run(Graph(program, base.nodes, place), at, into) for place in places)
    values = tuple(tuple(d.gradients[name] for name in columns) for d in passes)
    return Jacobian(tuple(base.nodes[p].name for p in places), tuple(columns), values, passes)
