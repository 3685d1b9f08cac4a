"""The library's front: `derive`, which makes derivations of all kinds of programs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, overload

from ..graph import Graph
from ..graph_builder import build_graph
from ..language import with_remarks
from ..matrices.given import is_array
from ..ops import Number
from ..passes import run
from .given_programs import Point, ProgramLike, read_program, refuse_merge
from .local_gradients import LocalGradient
from .numbers import Derivation
from .symbols import SymbolicDerivation

__all__ = ["Derivation", "LocalGradient", "SymbolicDerivation", "derive"]


@overload
def derive(
    program: ProgramLike, at: Mapping[str, Number | str], *, of: str | None = None,
    expand: str | Iterable[str] = (), merge: bool = False, names: str | Iterable[str] = (),
) -> Derivation: ...  # fmt: skip
@overload
def derive(
    program: ProgramLike, at: Point | None = None, *, of: str | None = None,
    expand: str | Iterable[str] = (), merge: bool = False, names: str | Iterable[str] = (),
) -> Any: ...  # fmt: skip
def derive(
    program: ProgramLike,
    at: Point | None = None,
    *,
    of: str | None = None,
    expand: str | Iterable[str] = (),
    merge: bool = False,
    names: str | Iterable[str] = (),
) -> Any:
    """Return every value and gradient of a program at a point, and the steps that find them.

    Args:
        program: the text of a program, a `Program`, a Python function to trace, an expression or
            equations of SymPy's, or a networkx graph as `Program.from_graph` takes it.
        at: a value for each input: int and Fraction stay exact, float is float64. Where one is an array
            or a nested list, the derivation is over arrays. Left out, a program that has no values of its
            own is derived in symbols: a `SymbolicDerivation`, which takes values later.
        of: the output; the last name assigned if None.
        expand: composites to take apart, by name, or "all".
        merge: whether the same text typed twice becomes one node; not over arrays.
        names: further names of several letters, so that they are read whole.

    Raises:
        ParseError: the text is not a program.
        MissingValueError: inputs without a value.
        OptionError, UnknownNameError: an argument that does not fit.
        DomainError: an operation outside its domain at this point.

    >>> derive("f = wx + b", at={"w": -2, "x": 5, "b": 3}).gradients["w"]
    5
    >>> print(derive("f = wx + b").gradients["w"])
    x
    """
    parsed, given = read_program(program, at, names)
    if any(map(is_array, given.values())):
        from .entries import array_derive  # start-up time: NumPy

        refuse_merge(merge)
        return array_derive(parsed, given, of, expand)
    graph = build_graph(with_remarks(parsed, given), of=of, expand=expand, merge=merge)
    if at is None and not given and in_symbols(graph):
        return SymbolicDerivation(graph)
    return run(graph, given, Derivation)


def in_symbols(graph: Graph) -> bool:
    """Return whether an input of a program has no value of its own."""
    return any(node.kind == "input" and node.value is None for node in graph.nodes)
