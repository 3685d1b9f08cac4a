"""Values of problem files that are vectors and matrices: as given, or drawn entry by entry."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from ...errors import OptionError, ShapeError, quoted
from ...graph import Node
from ...language import Program, canonical_name, parse_number
from ...matrices.array_building import build_array_graph
from ...matrices.array_graph import ArrayGraph
from ...matrices.given import array_given, is_array
from ...ops import plain
from ...ops.sizes import shown as shape_shown
from ...sentences import said
from .problem_schema import ProblemTable, RangeTable
from .variants import Draw, read_draw

__all__ = ["array_graph_of", "array_values", "frozen_value", "of_arrays"]

Tried = Callable[[str, Callable[[], Any]], Any]


def of_arrays(table: ProblemTable) -> bool:
    """Return whether a problem has a value that is an array, or is drawn as one."""
    given = table.values
    rows: list[Mapping[str, Any]] = [given] if isinstance(given, dict) else list(given[:1])
    return any(_is_array(value) for row in rows for value in row.values())


def _is_array(value: Any) -> bool:
    return value.shape is not None if isinstance(value, RangeTable) else is_array(value)


def array_values(
    table: ProblemTable, tried: Tried
) -> tuple[dict[str, Any], dict[str, Draw]] | None:
    """Return the values that all students share, and where the others are drawn from.

    `tried` runs a piece of work and notes its fault at a key; None where there was one.
    """
    if isinstance(table.values, list):
        rows: Any = table.values
        draws = tried("values", lambda: _sets(rows))
        return None if draws is None else ({}, draws)
    fixed: dict[str, Any] = {}
    found: dict[str, Draw] = {}
    whole = True
    for name, value in table.values.items():
        key = canonical_name(name)
        if isinstance(value, RangeTable):
            draw = tried(f"values.{name}", partial(read_draw, value))
            whole = whole and draw is not None
            if draw is not None:
                found[key] = draw
        else:
            array = tried(f"values.{name}", partial(_value, key, value))
            whole = whole and array is not None
            if array is not None:
                fixed[key] = array
    return (fixed, found) if whole else None


def _value(name: str, given: Any) -> Any:
    """Return a value as a nested tuple, or as a number."""
    if is_array(given):
        return frozen_value(array_given(name, _entries(given)))
    return plain(parse_number(given).value) if isinstance(given, str) else given


def _entries(given: Any) -> Any:
    """Return nested lists with texts such as "1/3" as numbers."""
    if isinstance(given, list):
        return [_entries(item) for item in given]
    if isinstance(given, str) and not is_array(given):
        value = parse_number(given).value
        return int(value) if value == int(value) else float(value)
    return given


def frozen_value(value: Any) -> Any:
    """Return an array as nested tuples, which can be looked up; a number as it is."""
    if hasattr(value, "tolist"):
        value = value.tolist()
    return tuple(map(frozen_value, value)) if isinstance(value, list | tuple) else value


def _sets(rows: list[dict[str, Any]]) -> dict[str, Draw]:
    """Return sets of values as draws, the shapes the same in all of them.

    Raises:
        OptionError, ShapeError: sets of other names, or with arrays of other shapes.
    """
    draws: dict[str, list[Any]] = {canonical_name(name): [] for name in rows[0]}
    for order, row in enumerate(rows, 1):
        named = {canonical_name(name): value for name, value in row.items()}
        if set(named) != set(draws):
            raise OptionError(
                said(
                    "set {order} gives {names}; set 1 gives {first}",
                    order=order, names=", ".join(named), first=", ".join(draws),
                )
            )  # fmt: skip
        for name, value in named.items():
            found = _value(name, value)
            if draws[name] and _shape(found) != _shape(draws[name][0]):
                raise ShapeError(
                    said(
                        "{name} is {shape} in set {order}; in set 1 it is {first}",
                        name=quoted(name), shape=shape_shown(_shape(found)), order=order,
                        first=shape_shown(_shape(draws[name][0])),
                    )
                )  # fmt: skip
            draws[name].append(found)
    return {name: Draw(tuple(values)) for name, values in draws.items()}


def _shape(value: Any) -> tuple[int, ...]:
    found: list[int] = []
    while isinstance(value, tuple):
        found.append(len(value))
        value = value[0]
    return tuple(found)


def array_graph_of(
    program: Program, fixed: Mapping[str, Any], draws: Mapping[str, Draw], of: str | None
) -> ArrayGraph:
    """Return the graph of a program at the shapes of its values.

    Raises:
        MissingValueError, ShapeError, UnknownNameError: as `build_array_graph`; an output that is an array.
    """
    shapes: dict[str, Any] = {name: _shape(value) for name, value in fixed.items()}
    for name, draw in draws.items():
        shapes[name] = draw.shape or _shape(draw.choices[0])
    graph = build_array_graph(program, shapes, of)
    output: Node = graph.nodes[graph.output]
    if graph.shapes[graph.output]:
        raise ShapeError(
            said(
                "the output {name} is {shape}, and gradients are those of a single number; add a last "
                "line such as L = sum({name})",
                name=output.name, shape=shape_shown(graph.shapes[graph.output]),
            )
        )  # fmt: skip
    return graph
