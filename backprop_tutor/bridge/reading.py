"""The engine's recorded graph read as a program: each node is of a record, and its operands are found.

Enters: the tensor of a loss. Leaves: assignments of the language, and the arrays that stand in them under
names. What the tape does not keep, the number of `x + 1`, cannot be told and is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np

from ..engine.autograd.node import Node, plain_name
from ..engine.tensors.tensor import Tensor
from ..errors import OptionError
from ..language import Apply, Assignment, Expression, Name, Number
from ..ops import OPS
from ..ops.array_rows import PREFIX
from ..ops.places import shown_key
from ..ops.tensors import TENSOR_OPS
from ..sentences import said

__all__ = ["Reading", "read_graph"]

_HELD = {"mask": "M", "mean": "m_run", "variance": "v_run", "target": "y", "labels": "y", "places": "I"}
"""What an operand is called that is no parameter."""


@dataclass(slots=True)
class Reading:
    """The assignments of a graph, and the arrays of their inputs."""

    names: dict[int, str]
    at: dict[str, Any]
    assignments: list[Assignment] = field(default_factory=list)
    terms: dict[int, Expression] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)

    def fresh(self, stem: str) -> str:
        """Return a name of a stem with the next free number."""
        while True:
            self.counts[stem] = self.counts.get(stem, 0) + 1
            name = f"{stem}{self.counts[stem]}"
            if name not in self.at:
                return name

    def assign(self, stem: str, tree: Expression) -> Name:
        """Add an assignment and return its name."""
        name = self.fresh(stem)
        self.assignments.append(Assignment((name,), tree))
        return Name(name)

    def leaf(self, array: Any, stem: str) -> Expression:
        """Return the term of an array that is no parameter: a number, or an input of its own."""
        for name, known in self.at.items():
            if known is array:
                return Name(name)
        if np.ndim(array) == 0 and np.asarray(array).dtype.kind != "b":
            return _number(float(str(np.asarray(array)[()])))  # of a float32 its shortest digits
        name = stem if stem not in self.at and stem != "c" else self.fresh(stem)
        self.at[name] = array
        return Name(name)


def _number(value: float) -> Number:
    """Return a number as it is typed: a whole one exact, others with all the digits that they have."""
    exact: Any = Fraction(int(value)) if value.is_integer() and abs(value) < 2**53 else value
    return Number(exact, f"{value:g}" if float(f"{value:g}") == value else repr(value))


def read_graph(loss: Tensor, names: Mapping[int, str], at: Mapping[str, Any]) -> Reading:
    """Return the program that a recorded graph is, its last assignment called `L`.

    `names` are those of leaf tensors by identity, `at` arrays by name.

    Raises:
        OptionError: an operation that is of no record, or a constant that the tape does not keep.
    """
    reading = Reading(dict(names), dict(at))
    nodes = _ordered(loss)
    for node in nodes:
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


def _refused(node: Node) -> OptionError:
    return OptionError(
        said("a model with the operation {name} cannot be opened: no record of the tutor says what it is",
             name=_called(node))
    )  # fmt: skip


def _called(node: Node) -> str:
    return f"`{plain_name(node)}`"


def _term(edge: Any, reading: Reading, node: Node) -> Expression | None:
    """Return the term of a node's input; None where it has no gradient."""
    if edge is None:
        return None
    if isinstance(edge, tuple):
        raise _refused(edge[0])
    if isinstance(edge, Node):
        return reading.terms[id(edge)]
    if id(edge) not in reading.names:
        name = reading.fresh("p")
        reading.names[id(edge)], reading.at[name] = name, edge._a
    return Name(reading.names[id(edge)])


def _read(node: Node, reading: Reading) -> tuple[Expression, str]:
    """Return a node as a tree, and the stem of its name; no stem for what is only a part of a formula."""
    told = node.told
    if told is None or node.many:
        raise _refused(node)
    inputs = [_term(edge, reading, node) for edge in node.edges]
    if told.kind == "same":
        return _first(inputs, node), ""
    if told.kind == "record":
        return _of_record(node, told, inputs, reading)
    if told.kind == "joined":
        axis = node.options if told.name == "stack" else node.options[0]
        options = (("axis", int(axis)),)
        return Apply(PREFIX + told.name, tuple(_known(each, node) for each in inputs), options), "C"
    return _of_row(node, told, inputs, reading)


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
        return Apply("power", (_first(inputs, node), _number(float(node.options)))), "v_"
    if told.kind == "bounds":
        return _between(_first(inputs, node), saved[0], node), "v_"
    row = OPS[told.name]
    options: Any = node.options
    if told.kind == "softplus":
        if options[0] != 1:
            raise _refused(node)
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
        operands.append(_known(term, node))
    if told.name == "add" and isinstance(operands[0], Number) and operands[0].value == 0:
        return operands[1], ""  # Python's sum() begins with 0
    defaults = dict(row.options)
    shown = tuple(sorted((n, v) for n, v in options.items() if v != defaults.get(n)))
    return Apply(told.name, tuple(operands), shown), "A" if row.activation else "v_"


def _between(term: Expression, array: Any, node: Node) -> Expression:
    """Return what is kept between bounds as a larger and a smaller one of two.

    Raises:
        OptionError: an entry on a bound, where the slopes of the two are not the same.
    """
    found = term
    values = array._a if isinstance(array, Tensor) else np.asarray(array)
    for bound, op in zip(node.options, ("max", "min"), strict=True):
        if bound is None:
            continue
        if np.any(values == bound):
            raise OptionError(
                said("a value of {name} lies on its bound {bound}, where its slope is a convention of its "
                     "own; it cannot be opened there", name=_called(node), bound=bound)
            )  # fmt: skip
        found = Apply(op, (found, _number(float(bound))))
    return found


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
            operands[slot] = _known(term, node)
    if told.name == "linear":
        return _affine(operands), "Z"
    while operands and operands[-1] is None:
        operands.pop()
    given = tuple(_known(each, node) for each in operands)
    if "key" in settings:
        settings["key"] = _key(settings["key"], node)
    defaults = dict(record.options)
    options = tuple(
        (name, int(value[0]) if isinstance(value, tuple) and len(value) == 1 and name == "axis" else value)
        for name, value in sorted(settings.items())
        if value != defaults[name] and value is not None
    )
    stem = {"softmax": "P", "dropout": "D", "batch_norm": "B", "batch_norm_fixed": "B", "layer_norm": "N"}
    return Apply(PREFIX + told.name, given, options), stem.get(told.name, "v_")


def _key(key: Any, node: Node) -> str:
    parts = key if isinstance(key, tuple) else (key,)
    if any(hasattr(part, "dtype") for part in parts):
        raise _refused(node)
    return shown_key(key)


def _affine(operands: list[Expression | None]) -> Expression:
    """Return X @ Wᵀ + b: the weight of a layer has a row for each of its outputs."""
    x, weight, bias = operands
    assert x is not None
    assert weight is not None
    product = Apply(PREFIX + "matmul", (x, Apply(PREFIX + "transpose", (weight,))))
    return product if bias is None else Apply("add", (product, bias))
