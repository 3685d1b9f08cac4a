"""Several outputs: one backward pass for each, the rows of a Jacobian."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ..asked import name_of, names_of
from ..cells import table
from ..errors import OptionError, UnknownNameError, did_you_mean, quoted
from ..graph import Graph
from ..language import canonical_name
from ..ops import Number
from ..passes import run
from ..sentences import said
from ..steps import Derivation

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

    def __repr__(self) -> str:
        rows = ", ".join(f"[{', '.join(map(str, row[:4]))}]" for row in self.values[:3])
        whole = len(self.values) <= 3 and len(self.wrt) <= 4
        shown = f"[{rows}]" if whole else f"{self.shape[0]}×{self.shape[1]}"
        names = ", ".join(self.of[:3]), ", ".join(self.wrt[:4])
        return f"<Jacobian of {names[0]} along {names[1]}: {shown}>"

    @property
    def shape(self) -> tuple[int, int]:
        """Return (outputs, inputs)."""
        return len(self.of), len(self.wrt)

    @property
    def symbolic(self) -> tuple[tuple[Any, ...], ...]:
        """Return the rows as `sympy.Expr` over the inputs.

        Raises:
            OptionError: they are too long to be built.
        """
        from ..symbolic import first_forms  # start-up time: SymPy

        return tuple(first_forms(each, self.wrt) for each in self.derivations)

    def _repr_html_(self) -> str:
        rows = [(name, *row) for name, row in zip(self.of, self.values, strict=True)]
        return table(("", *self.wrt), rows, "∂ row / ∂ column")

    def __getitem__(self, key: tuple[str, str]) -> Number:
        """Return ∂of/∂wrt: `jacobian["y1", "u"]`.

        Raises:
            UnknownNameError: a name that is no row or no column.
        """
        places = []
        for given, names in zip(key, (self.of, self.wrt), strict=True):
            name = canonical_name(name_of(given, "name"))
            if name not in names:
                hint = did_you_mean(name, names) or said("there are: {names}", names=", ".join(names))
                raise UnknownNameError(
                    said("the Jacobian has no {name}; {hint}", name=quoted(name), hint=hint)
                )
            places.append(names.index(name))
        return self.values[places[0]][places[1]]

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Any:
        import numpy as np  # only who asks for an array pays for numpy

        return np.array([[float(v) for v in row] for row in self.values], dtype=dtype or float)


def _names(given: str | Iterable[str], what: str) -> tuple[str, ...]:
    names = names_of(given, what)
    if not names:
        raise OptionError(said("`{what}` lists no name", what=what))
    return names


def jacobian(
    base: Graph,
    at: Mapping[str, Any],
    of: str | Iterable[str],
    wrt: str | Iterable[str] | None = None,
    into: type[Derivation] = Derivation,
) -> Jacobian:
    """Return the Jacobian of several outputs of one graph.

    `wrt` may name any nodes; all inputs if None.

    Raises:
        UnknownNameError: a name that the program does not have.
        OptionError: an empty list of names.
    """
    outputs = _names(of, "of")
    places = [base.find(name) for name in outputs]
    columns = base.inputs if wrt is None else _names(wrt, "wrt")
    for name in columns:
        if base.nodes[base.find(name)].kind == "constant":
            raise UnknownNameError(said("{name} is a constant", name=name))
    passes = tuple(run(Graph(base.program, base.nodes, place), at, into) for place in places)
    values = tuple(tuple(d.gradients[name] for name in columns) for d in passes)
    return Jacobian(tuple(base.nodes[p].name for p in places), tuple(columns), values, passes)
