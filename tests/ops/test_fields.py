"""Every field of every row is what the rules say; a fault in any field is noticed."""

from __future__ import annotations

import dataclasses
import math
from typing import Any

import pytest
from contract import CHECKS, faults_of

from backprop_tutor.ops import ATOM, OPS, SUM, Interval, Operation
from backprop_tutor.ops.record import Branch

ROWS = sorted(OPS.values(), key=lambda row: row.name)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_every_field_is_what_the_rules_say(row: Operation) -> None:
    """A row passes each check of the contract."""
    for check in CHECKS:
        check(row)


def _bent(k: Any, out: Any, a: Any) -> Any:
    return out * (1 - out) * 1.001


PLANTED: list[tuple[str, str, Any]] = [
    ("sigmoid", "name", "tanh"),
    ("sigmoid", "forward", lambda k, a: k.sigmoid(a) * (1 + 1e-6)),
    ("sigmoid", "partials", (_bent,)),
    ("relu", "partials", (lambda k, out, a: k.where(k.less(a, 0), 1, 0),)),
    ("multiply", "partials", (lambda k, out, a, b: a, lambda k, out, a, b: b)),
    ("divide", "because", ("a fraction moves with its numerator",)),
    ("exp", "because", ""),
    ("relu", "samples", ((0.0,), (1.0,))),
    ("sigmoid", "spelled", ("sigmoid", "tanh")),
    ("exp", "sign", ""),
    ("exp", "rule", ""),
    ("power", "signed", lambda base, exponent: "x to the power"),
    ("mean_squared_error", "least", 1),
    ("mean", "most", 2),
    ("mean_squared_error", "lists", 1),
    ("squared_error", "roles", ()),
    ("sum", "roles", ("prediction", "target")),
    ("leaky_relu", "options", (("alpha", 0.01),)),
    ("softmax", "outputs", False),
    ("sigmoid", "text", ("tanh(", ")")),
    ("abs", "latex", (r"\left(", r"\right)")),
    ("divide", "latex", (r"\frac{", "}", "}")),
    ("subtract", "plain", ("", " + ", "")),
    ("log_base", "latex_order", ()),
    ("log_base", "written_as", "ln"),
    ("log", "longer", ""),
    ("log2", "longer", "log_base"),
    ("add", "binds", ATOM),
    ("subtract", "operands_bind", (SUM, SUM)),
    ("log", "domain", ""),
    ("sigmoid", "domain", "a number is needed"),
    ("relu", "branch", None),
    ("abs", "branch", lambda a: Branch("{0} is a number")),
    ("where_above", "bends", ((0, 2),)),
    ("where_above", "bends", ()),
    ("silu", "stands_for", lambda: "a1*tanh(a1)"),
    ("softmax", "stands_for", lambda count, index: "exp(a1)"),
    ("sigmoid", "exact", True),
    ("relu", "exact", False),
    ("relu", "vanishes", False),
    ("tanh", "keeps_sign", False),
    ("sin", "keeps_sign", True),
    ("reciprocal", "keeps_sign", True),
    ("gelu", "precise", lambda k, a: a * k.sigmoid(a)),
    ("tanh", "accurate", lambda slot: lambda k, out, a: 1 - out),
    ("sigmoid", "elementwise", False),
    ("gelu", "activation", False),
    ("exp", "activation", True),
    ("tanh", "taught", False),
    ("silu", "saturates", None),
    ("gelu", "saturates", None),
    ("sin", "saturates", (-4, 4)),
    ("sigmoid", "saturates", (-1, 1)),
    ("log", "argument", None),
    ("sqrt", "argument", Interval(1, math.inf)),
    ("asin", "argument", Interval(-1, 2)),
    ("tanh", "argument", Interval(-1, 1)),
    ("tanh", "range", Interval(0, 1)),
    ("relu", "range", Interval(0, math.inf)),
    ("sigmoid", "range", None),
    ("softplus", "range", Interval(-1, math.inf)),
    ("binary_cross_entropy", "takes", None),
    ("squared_error", "takes", Interval(0, 1)),
    ("cross_entropy", "shares", False),
    ("binary_cross_entropy", "shares", True),
    ("tanh", "gain", 1.0),
    ("leaky_relu", "gain", lambda slope: 1.0),
    ("cos", "angle", False),
    ("tanh", "angle", True),
    ("tan", "poles", math.inf),
    ("sin", "poles", 1e15),
    ("step", "drawn", True),
    ("sigmoid", "drawn", False),
    ("max", "picks", "smallest"),
    ("add", "picks", "largest"),
    ("min", "latex_name", r"\max"),
    ("subtract", "operator", "add"),
    ("power", "operator", ""),
    ("abs", "numpy", ("square",)),
    ("negate", "numpy", ()),
]
"""A row, a field, and what is wrong in it."""


@pytest.mark.parametrize(("name", "field", "fault"), PLANTED, ids=lambda x: x if isinstance(x, str) else "")
def test_a_planted_fault_is_noticed(name: str, field: str, fault: Any) -> None:
    """A row with one wrong field fails a check, or is refused when it is built."""
    try:
        row = dataclasses.replace(OPS[name], **{field: fault})
    except ValueError:
        return
    assert faults_of(row)


def test_a_fault_is_planted_in_every_field() -> None:
    """No field of a record is left out; names of the engine are held to it by the engine's contract."""
    fields = {field.name for field in dataclasses.fields(Operation) if field.init}
    assert {field for _, field, _ in PLANTED} == fields - {"torch", "keras"}
