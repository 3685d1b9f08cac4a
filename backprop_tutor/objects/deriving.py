"""The library's front: `derive`, which makes derivations of all kinds of programs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, overload

from ..asked import names_of
from ..errors import OptionError
from ..graph import Graph
from ..graph_builder import build_graph
from ..language import with_remarks
from ..matrices.given import is_array
from ..ops import Number
from ..passes import run
from ..sentences import said
from .given_programs import Point, ProgramLike, as_program, read_program, refuse_merge
from .local_gradients import LocalGradient
from .numbers import Derivation
from .symbols import SymbolicDerivation

if TYPE_CHECKING:
    from .shaped import SymbolicArrayDerivation

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
    shapes: None = None,
) -> Any: ...  # fmt: skip
@overload
def derive(
    program: ProgramLike, at: None = None, *, of: str | None = None,
    expand: str | Iterable[str] = (), merge: bool = False, names: str | Iterable[str] = (),
    shapes: Mapping[str, tuple[int | str, ...]],
) -> SymbolicArrayDerivation: ...  # fmt: skip
def derive(
    program: ProgramLike,
    at: Point | None = None,
    *,
    of: str | None = None,
    expand: str | Iterable[str] = (),
    merge: bool = False,
    names: str | Iterable[str] = (),
    shapes: Mapping[str, tuple[int | str, ...]] | None = None,
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
        shapes: in place of values the shapes of vectors and matrices, sizes being numbers or symbols, as
            `bt.shapes` takes them: each rule and gradient is a formula in matrices, a
            `SymbolicArrayDerivation`.

    Raises:
        ParseError: the text is not a program.
        MissingValueError: inputs without a value.
        OptionError, UnknownNameError: an argument that does not fit.
        DomainError: an operation outside its domain at this point.

    >>> derive("f = wx + b", at={"w": -2, "x": 5, "b": 3}).gradients["w"]
    5
    >>> print(derive("f = wx + b").gradients["w"])
    x
    >>> derive("Z = X@W; L = sum(Z)", shapes={"X": ("N", 3), "W": (3, 2)}).gradients["W"]
    <∂L/∂W = Xᵀ·ones(N×2), 3×2>
    """
    if shapes is not None:
        return _by_shapes(program, at, of, expand, merge, names, shapes)
    parsed, given = read_program(program, at, names)
    if any(map(is_array, given.values())):
        from .entries import array_derive  # start-up time: NumPy

        refuse_merge(merge)
        return array_derive(parsed, given, of, expand)
    graph = build_graph(with_remarks(parsed, given), of=of, expand=expand, merge=merge)
    if at is None and not given and in_symbols(graph):
        return SymbolicDerivation(graph)
    return run(graph, given, Derivation)


def _by_shapes(
    program: ProgramLike, at: Point | None, of: str | None, expand: str | Iterable[str], merge: bool,
    names: str | Iterable[str], shapes: Mapping[str, tuple[int | str, ...]],
) -> SymbolicArrayDerivation:
    """Return the derivation of a program of which shapes alone are known."""
    from .shaped import shaped_derive  # start-up time: NumPy

    refuse_merge(merge)
    if at is not None:
        raise OptionError(
            said("shapes are for a derivation without values; leave out the values, or the shapes")
        )
    known = [*map(str, shapes), *names_of(names, "names")] if isinstance(shapes, Mapping) else ()
    return shaped_derive(as_program(program, known, arrays=True), shapes, of, expand)


def in_symbols(graph: Graph) -> bool:
    """Return whether an input of a program has no value of its own."""
    return any(node.kind == "input" and node.value is None for node in graph.nodes)
