"""Where a program over arrays meets its values: a graph, its inputs' arrays, and remarks on the reading.

Enters: a program and values as users give them. Leaves: arrays of float64 (or of the dtype asked
for), whole numbers where they are labels, each checked against what the operations take.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from ..errors import MissingValueError, OptionError, quoted
from ..graph import Use
from ..language import Program, canonical_name, shown_name
from ..language.lone import lone_remarks
from ..passes import as_number
from ..sentences import N_, said
from .array_building import build_array_graph
from .array_graph import ArrayGraph, is_target, record_of
from .given import array_given, is_array

__all__ = ["check_fixed", "given_arrays", "placed_arrays", "remarks"]


def given_arrays(at: Mapping[str, Any], kind: Any = float) -> dict[str, Any]:
    """Return the values by canonical name: arrays as arrays, single numbers as 0-dimensional ones."""
    found: dict[str, Any] = {}
    for name, value in at.items():
        own = canonical_name(str(name))
        found[own] = (
            array_given(own, value, kind) if is_array(value)
            else np.asarray(float(as_number(value, own)), kind)
        )  # fmt: skip
    return found


def placed_arrays(
    program: Program, at: Mapping[str, Any], of: str | None = None, expand: str | Iterable[str] = (),
    known: ArrayGraph | None = None, kind: Any = float,
) -> tuple[ArrayGraph, dict[str, Any], tuple[str, ...]]:
    """Return a program's graph, its inputs' arrays, and the remarks on how it was read.

    Arrays are of the dtype `kind`, labels of int64.

    Raises:
        MissingValueError, ShapeError, OptionError: as `array_derive`.
    """
    given = given_arrays({**program.values, **at}, kind)
    shapes = {name: array.shape for name, array in given.items()}
    if known is not None and known.has_inputs(shapes):
        graph = known
    else:
        graph = build_array_graph(program, shapes, of, expand)
    inputs = {name: given[name] for name in graph.inputs if name in given}
    for node in graph.nodes:
        if node.kind == "input" and node.name not in inputs:
            if node.value is None:
                raise MissingValueError(said("no value for {listed}", listed=node.name)).about(
                    names=[node.name]
                )
            inputs[node.name] = np.asarray(float(node.value), kind)
    point = {}
    for name, array in inputs.items():
        array = _differentiable(graph, name, array, kind)
        array.flags.writeable = False
        point[name] = array
    _check_labels(graph, point)
    check_fixed(graph, frozenset(name for name, array in point.items() if array.dtype.kind != "f"))
    spare = tuple(
        said("a value was given for {name}, which the program does not use", name=f"`{name}`")
        for name in given
        if name not in point
    )
    return graph, point, (*remarks(graph), *graph.notes, *spare)


def _check_labels(graph: ArrayGraph, point: Mapping[str, Any]) -> None:
    """Refuse labels that name no class: from 0 to the number of scores, or of a table's rows, less 1."""
    for place, (node, bound) in enumerate(zip(graph.nodes, graph.bound, strict=True)):
        record = record_of(node) if bound is not None and bound.targets else None
        if bound is None or record is None:
            continue
        target = graph.nodes[node.operands[min(bound.targets)]]
        labels = point.get(target.name)
        if labels is None or labels.dtype.kind == "f":
            continue
        if record.name == "one_hot":
            of, classes = place, graph.shapes[place][-1]
        elif record.name == "embedding":
            of, classes = node.operands[1], graph.shapes[node.operands[1]][0]
        elif record.name == "gather":
            axis = int(dict(node.options).get("axis", 0))
            of, classes = node.operands[0], graph.shapes[node.operands[0]][axis]
        else:
            of, classes = node.operands[0], graph.shapes[node.operands[0]][-1]
        wrong = np.argwhere((labels < 0) | (labels >= int(classes)))
        if len(wrong):
            where = ", ".join(map(str, wrong[0]))
            told = _NO_ROW if record.name == "embedding" else _NO_CLASS
            if record.name != "embedding" and labels.min() == 1 and labels.max() == classes:
                told = _FROM_ONE
            scores = graph.nodes[of]
            called = shown_name(scores.name)
            if record.name == "one_hot" and not scores.named:
                called = f"onehot({shown_name(target.name)}, {classes})"
            raise OptionError(
                said(
                    told, name=quoted(f"{target.name}[{where}]" if where else target.name),
                    value=labels[tuple(wrong[0])], scores=called, classes=classes,
                    last=int(classes) - 1,
                )
            )  # fmt: skip


_NO_CLASS = N_("{name} is {value}; {scores} has {classes} classes, so labels are 0 to {last}")
_FROM_ONE = N_("{name} is {value}; {scores} has {classes} classes, so labels are 0 to {last}; where they "
               "count from 1, give each less 1")
_NO_ROW = N_("{name} is {value}; the rows of {scores} are 0 to {last}")


def check_fixed(graph: ArrayGraph, labels: frozenset[str]) -> None:
    """Refuse what an operation takes as fixed, a mask or class weights, where a gradient is due to it.

    `labels` are the inputs of whole numbers.

    Raises:
        OptionError: it is a result, or an input that is used for something else too.
    """
    for node, bound in zip(graph.nodes, graph.bound, strict=True):
        for slot, place in enumerate(node.operands):
            if bound is None or bound.back[slot] is not None:
                continue
            record: Any = record_of(node)  # the slopes of numbers are all known
            source = graph.nodes[place]
            if source.name in labels:
                continue  # labels, which other operations may take too
            if source.kind == "operation" or (source.kind == "input" and graph.varies[place]):
                raise OptionError(
                    said(
                        "{name} is the {operand} of {operation}, which takes it as fixed: it is an input "
                        "of its own, used for nothing else",
                        name=quoted(shown_name(source.name)), operand=record.named(slot),
                        operation=(*record.spelled, record.name)[0],
                    )
                )  # fmt: skip


def remarks(graph: ArrayGraph) -> tuple[str, ...]:
    """Return the remarks on how a program was read, without those on names as single numbers."""
    if not graph.program.notes:
        return ()
    single = lone_remarks(graph.program.assignments)
    told = tuple(note.partition(" ")[0] for note in graph.notes)
    return tuple(
        note
        for note in graph.program.notes
        if note not in single and not (told and note.startswith(told))
    )


def _differentiable(graph: ArrayGraph, name: str, array: Any, kind: Any) -> Any:
    """Return whole numbers as `kind`, unless every use takes them as labels; labels as whole numbers.

    Raises:
        OptionError: labels that are no whole numbers.
    """
    place = graph.index[name]
    uses = graph.uses[place]
    wanted = bool(uses) and all(is_target(graph.nodes[use.target], use.slot) for use in uses)
    if array.dtype.kind != "f":
        return array if wanted else array.astype(kind)
    if not wanted or not all(_takes_labels(graph, place, use) for use in uses):
        return array  # made anew by `array_given`
    wrong = np.argwhere(array != np.floor(array))
    if len(wrong):
        where = ", ".join(map(str, wrong[0]))
        raise OptionError(
            said("{name} is {value}; labels are whole numbers, from 0 on",
                 name=quoted(f"{name}[{where}]" if where else name), value=f"{array[tuple(wrong[0])]:g}")
        )  # fmt: skip
    return array.astype(np.int64)


def _takes_labels(graph: ArrayGraph, place: int, use: Use) -> bool:
    """Return whether an operation takes an operand as labels: not as shares, in the scores' shape."""
    node = graph.nodes[use.target]
    record = record_of(node)
    assert record is not None  # a target's
    of_places = record.name in ("one_hot", "embedding", "gather")
    return of_places or graph.shapes[place] != graph.shapes[node.operands[0]]
