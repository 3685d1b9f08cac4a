"""The engine's recorded graph read as a program: each node is of a record, and its operands are found.

Enters: the tensor of a loss, and who saw its nodes being made. Leaves: assignments of the language, and the
arrays that stand in them under names. What no record says is a formula of several (`ways`), or refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..engine.autograd.node import Node, plain_name
from ..engine.tensors.tensor import Tensor
from ..errors import OptionError
from ..language import Apply, Assignment, Expression, Name, Number
from ..ops import OPS
from ..ops.array_rows import PREFIX
from ..ops.places import shown_key
from ..ops.tensors import TENSOR_OPS
from ..sentences import said
from .assignments import Reading, Witness, applied, number
from .ways import PARTS, WAYS, bounded, picked

__all__ = ["read_graph"]

_HELD = {"mask": "M", "mean": "m_run", "variance": "v_run", "target": "y", "labels": "y", "places": "I"}
"""What an operand is called that is no parameter."""


def read_graph(
    loss: Tensor, names: Mapping[int, str], at: Mapping[str, Any], seen: Witness, hints: Mapping[int, str]
) -> Reading:
    """Return the program that a recorded graph is, its last assignment called `L`.

    `names` are those of leaf tensors by identity, `at` arrays by name; `seen` saw the nodes being made, and
    `hints` are names, by identity, of arrays that may turn up.

    Raises:
        OptionError: an operation that is of no record, or a constant that the tape does not keep.
    """
    reading = Reading(dict(names), dict(at), seen, hints)
    nodes = _ordered(loss)
    for node in nodes:
        if node.many and node is not nodes[-1]:
            continue  # each of its results is read where it is used
        tree, stem = _read(node, reading)
        if node is nodes[-1]:
            reading.assignments.append(Assignment(("L",), tree))
        elif stem:
            reading.terms[id(node)] = reading.assign(stem, tree)
        else:
            reading.terms[id(node)] = tree
    return reading


def _ordered(loss: Tensor) -> list[Node]:
    """Return the nodes below a loss, operands first."""
    root: Any = loss._edge
    seen: dict[int, Node] = {}
    stack = [root]
    while stack:
        node = stack.pop()
        node = node[0] if isinstance(node, tuple) else node
        if isinstance(node, Node) and id(node) not in seen:
            seen[id(node)] = node
            stack.extend(node.edges)
    return sorted(seen.values(), key=lambda node: node.seq)


def _called(node: Node) -> str:
    return f"`{plain_name(node)}`"


def _term(edge: Any, reading: Reading, node: Node) -> Expression | None:
    """Return the term of a node's input; None where it has no gradient."""
    if edge is None:
        return None
    if isinstance(edge, tuple):
        return _part(edge, reading)
    if isinstance(edge, Node):
        return reading.terms[id(edge)]
    if id(edge) not in reading.names:
        name = reading.fresh("p")
        reading.names[id(edge)], reading.at[name] = name, edge._a
    return Name(reading.names[id(edge)])


def _part(edge: tuple[Node, int], reading: Reading) -> Expression:
    """Return the term of one result of a node that has several."""
    node, i = edge
    key = id(node), i
    if key not in reading.terms:
        tree, stem = _of_part(node, i, reading)
        reading.terms[key] = reading.assign(stem, tree) if stem else tree
    return reading.terms[key]


def _of_part(node: Node, i: int, reading: Reading) -> tuple[Expression, str]:
    way = PARTS.get(type(node).__name__)
    if way is None:
        raise reading.seen.refused(node)
    return way(node, i, _first([_term(node.edges[0], reading, node)], node), reading)


def _read(node: Node, reading: Reading) -> tuple[Expression, str]:
    """Return a node as a tree, and the stem of its name; no stem for what is only a part of a formula."""
    told = node.told
    if told is None or node.many:
        way = WAYS.get(type(node).__name__)
        if way is None:
            raise reading.seen.refused(node)
        return way(node, _whole(node, reading), reading)
    inputs = [_term(edge, reading, node) for edge in node.edges]
    if told.kind == "same":
        return _first(inputs, node), ""
    if told.kind == "record":
        return _of_record(node, told, inputs, reading)
    if told.kind == "joined":
        axis = node.options if told.name == "stack" else node.options[0]
        options = (("axis", int(axis)),)
        terms = tuple(_known(each, node) for each in _whole(node, reading))
        return Apply(PREFIX + told.name, terms, options), "C"
    return _of_row(node, told, inputs, reading)


def _whole(node: Node, reading: Reading) -> list[Expression | None]:
    """Return the terms of all inputs; constants are leaves, None is what was no tensor."""
    found: list[Expression | None] = []
    for slot, edge in enumerate(node.edges):
        term = _term(edge, reading, node)
        array = reading.seen.array(node, slot) if term is None else None
        found.append(term if array is None else reading.leaf(array, "c"))
    return found


def _known(term: Expression | None, node: Node) -> Expression:
    if term is None:
        raise OptionError(
            said("the operation {name} takes an array that the recorded graph does not keep; make it a "
                 "parameter of the model", name=_called(node))
        )  # fmt: skip
    return term


def _first(inputs: list[Expression | None], node: Node) -> Expression:
    return _known(inputs[0], node)


def _of_row(
    node: Node, told: Any, inputs: list[Expression | None], reading: Reading
) -> tuple[Expression, str]:
    saved = list(node.saved or ())
    if told.kind == "power":
        return Apply("power", (_first(inputs, node), number(float(node.options)))), "v_"
    if told.kind == "bounds":
        return bounded(_first(inputs, node), saved[0], node.options, reading), "v_"
    row = OPS[told.name]
    options: Any = node.options
    if told.kind == "softplus":
        if options[0] != 1:
            scale = number(float(options[0]))
            scaled = Apply("multiply", (scale, _first(inputs, node)))
            return Apply("divide", (Apply("softplus", (scaled,)), scale)), "A"
        options = {}
    elif row.least > 1 and isinstance(options, tuple) and options and isinstance(options[-1], dict):
        options = options[-1]
    elif not isinstance(options, dict):
        options = {}
    operands = []
    for slot, term in enumerate(inputs):
        if term is None and slot < len(saved) and saved[slot] is not None:
            term = reading.leaf(saved[slot], "c")
        elif term is None and isinstance(node.options, tuple) and len(node.options) == 3:
            term = reading.leaf(node.options[2], "c")  # the number of x + 1
        elif term is None and (array := reading.seen.array(node, slot)) is not None:
            term = reading.leaf(array, "c")
        operands.append(_known(term, node))
    if told.name == "add" and isinstance(operands[0], Number) and operands[0].value == 0:
        return operands[1], ""  # Python's sum() begins with 0
    defaults = dict(row.options)
    shown = tuple(sorted((n, v) for n, v in options.items() if v != defaults.get(n)))
    return Apply(told.name, tuple(operands), shown), "A" if row.activation else "v_"


def _of_record(
    node: Node, told: Any, inputs: list[Expression | None], reading: Reading
) -> tuple[Expression, str]:
    record = TENSOR_OPS[told.name]
    settings = dict(node.options[0])
    shapes = node.options[1]
    if len(record.operands) == 1:
        operands: list[Expression | None] = [_first(inputs, node)]
    else:
        saved = dict(zip(told.held, node.saved or (), strict=False))
        operands = [None] * len(record.operands)
        for slot in range(len(record.operands)):
            if shapes[slot] is None:
                continue
            term = inputs[told.order.index(slot)] if slot in told.order else None
            if term is None and saved.get(slot) is not None:
                term = reading.leaf(saved[slot], _HELD.get(record.named(slot), "c"))
            elif term is None and slot in told.order:
                array = reading.seen.array(node, told.order.index(slot))
                term = None if array is None else reading.leaf(array, _HELD.get(record.named(slot), "c"))
            operands[slot] = _known(term, node)
    if told.name == "linear":
        return _affine(operands), "Z"
    while operands and operands[-1] is None:
        operands.pop()
    given = tuple(_known(each, node) for each in operands)
    if "key" in settings:
        key = settings["key"]
        if any(hasattr(part, "dtype") for part in (key if isinstance(key, tuple) else (key,))):
            return picked(reading, given[0], key, shapes)
        settings["key"] = shown_key(key)
    of_all = told.name == "norm" and settings.get("axis") is None and settings.get("p", 2) != 2
    if of_all and len(shapes) > 1:  # of a matrix, not of its entries, the language has norms of their own
        given = (reading.assign("v_", applied("reshape", given[0], shape=(-1,))),)
    defaults = dict(record.options)
    options = tuple(
        (name, int(value[0]) if isinstance(value, tuple) and len(value) == 1 and name == "axis" else value)
        for name, value in sorted(settings.items())
        if value != defaults[name] and value is not None
    )
    stem = {"softmax": "P", "dropout": "D", "batch_norm": "B", "batch_norm_fixed": "B", "layer_norm": "N"}
    return Apply(PREFIX + told.name, given, options), stem.get(told.name, "v_")


def _affine(operands: list[Expression | None]) -> Expression:
    """Return X @ Wᵀ + b: the weight of a layer has a row for each of its outputs."""
    x, weight, bias = operands
    assert x is not None
    assert weight is not None
    product = Apply(PREFIX + "matmul", (x, Apply(PREFIX + "transpose", (weight,))))
    return product if bias is None else Apply("add", (product, bias))
