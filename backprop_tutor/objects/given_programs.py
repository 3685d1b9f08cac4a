"""What a caller gives as a program, of whatever kind, and its values: read, and made a graph."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from ..accepted import ArrayLike, GraphLike, NumberLike, SympyLike
from ..asked import names_of
from ..errors import OptionError, quoted
from ..graph import Graph
from ..graph_builder import build_graph
from ..language import Program, parse, with_remarks
from ..language.from_sympy import is_sympy, sympy_program
from ..matrices.given import is_array
from ..sentences import said

__all__ = ["Point", "ProgramLike", "as_program", "graph_at", "read_program", "refuse_merge"]


ProgramLike: TypeAlias = (
    str | Program | Callable[..., object] | SympyLike | Sequence[SympyLike] | GraphLike
)
"""What `derive` takes as a program."""

Point: TypeAlias = Mapping[str, NumberLike | ArrayLike]
"""A value for each input."""


def as_program(program: ProgramLike, names: Iterable[str], arrays: bool = False) -> Program:
    """Return what a caller gives as a program; `names` are read whole, `arrays` says they may be arrays.

    Raises:
        ParseError: a text that is no program.
        OptionError: nothing that is one.
    """
    if isinstance(program, Program):
        return program
    if isinstance(program, str):
        return parse(program, names, arrays=arrays)
    if is_sympy(program):
        return sympy_program(program)
    if isinstance(program, GraphLike):
        return Program.from_graph(program)
    if callable(program):
        from ..language import trace  # start-up time: only for functions

        return trace(program)
    raise OptionError(
        said(
            "a program is text, a Program, a function, an expression of SymPy's or a graph, not {kind}",
            kind=quoted(type(program).__name__),
        )
    )


def read_program(
    program: ProgramLike, at: Point | None, names: str | Iterable[str]
) -> tuple[Program, dict[str, Any]]:
    """Return the program and the values given for it, its own first."""
    at = {} if at is None else at
    if hasattr(at, "keys"):  # a column or a table of pandas' is no Mapping
        at = {name: at[name] for name in at.keys()}  # noqa: SIM118
    if not isinstance(at, Mapping):
        raise OptionError(
            said("`at` maps names to numbers; {kind} was given", kind=quoted(type(at).__name__))
        )
    known = [*map(str, at), *names_of(names, "names")]
    parsed = as_program(program, known, any(map(is_array, at.values())))
    return parsed, {**parsed.values, **at}


def graph_at(
    program: ProgramLike, at: Point | None, of: str | None, expand: str | Iterable[str],
    merge: bool, names: str | Iterable[str],
) -> tuple[Graph, dict[str, Any]]:  # fmt: skip
    """Return a program's graph and the values given for it."""
    parsed, given = read_program(program, at, names)
    return build_graph(with_remarks(parsed, given), of=of, expand=expand, merge=merge), given


def refuse_merge(merge: bool) -> None:
    """Refuse `merge` over arrays.

    Raises:
        OptionError: it is asked for.
    """
    if merge:
        raise OptionError(
            said("{option} is for programs of single numbers, and arrays are given", option="merge")
        )
