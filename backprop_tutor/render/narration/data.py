"""A derivation as JSON: everything it holds, in a documented, versioned schema (docs/schema.md)."""

from __future__ import annotations

import json
import math
from fractions import Fraction
from typing import Any

from ...descent import Updating, descend, update_steps
from ...graph import Graph
from ...language import written
from ...language.write import PLAIN, written_assignments
from ...ops import OPS
from ...slopes import branch, local_form
from ...steps import (
    AccumulateStep,
    BackwardStep,
    Contribution,
    Derivation,
    Exact,
    ForwardStep,
    SeedStep,
    Step,
)
from .formulas import latex, unicode
from .numbers import shown

__all__ = ["SCHEMA", "VERSION", "as_data", "to_json"]

SCHEMA = "backprop_tutor.derivation"
VERSION = 1


def number(value: Exact | int | None) -> Any:
    """Return a number for JSON: whole and float64 numbers as they are, fractions with both forms.

    Nan, which JSON does not have, and None are null.
    """
    if value is None:
        return None
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    exact = Fraction(value)
    if exact.denominator == 1 and abs(exact) < 2**53:
        return exact.numerator
    return {"exact": str(exact), "float": float(exact)}


def _edge(derivation: Derivation, edge: Contribution) -> dict[str, Any]:
    nodes = derivation.graph_table.nodes
    target = nodes[edge.places[1]]
    form = local_form(derivation, edge.places[1], edge.slot)
    return {
        "from": edge.source,
        "to": edge.target,
        "slot": edge.slot,
        "local": {
            "formula": unicode(form.by_inputs),
            "shortest": unicode(form.shortest),
            "latex": latex(form.by_inputs),
            "value": number(edge.local),
        },
        "upstream": number(edge.upstream),
        "downstream": number(edge.downstream),
        "because": OPS[target.op].reason(edge.slot, len(target.operands)),
    }


def _key(graph: Graph, edge: Contribution) -> dict[str, Any]:
    return {
        "from": edge.source,
        "to": edge.target,
        "slot": edge.slot,
    }


def _step(derivation: Derivation, step: Step) -> dict[str, Any]:
    graph = derivation.graph_table
    data: dict[str, Any] = {
        "number": step.number,
        "phase": step.phase,
        "node": graph.nodes[step.place].name,
    }
    if isinstance(step, ForwardStep):
        data |= {"formula": unicode(graph.formula(step.place)), "value": number(step.value)}
    elif isinstance(step, SeedStep):
        data |= {"gradient": 1}
    elif isinstance(step, BackwardStep):
        data |= {
            "rule": OPS[graph.nodes[step.place].op].rule,
            "upstream": number(step.upstream),
            "edges": [_key(graph, e) | {"downstream": number(e.downstream)} for e in step.edges],
        }
        piece = branch(derivation, step.place)
        if piece is not None:
            data["kink"] = piece.kink
    elif isinstance(step, AccumulateStep):
        data |= {
            "contributions": [
                _key(graph, e) | {"downstream": number(e.downstream)} for e in step.contributions
            ],
            "total": number(step.total),
        }
    else:
        data |= {
            "old": number(step.old), "gradient": number(step.gradient), "lr": number(step.lr),
            "new": number(step.new),
        }  # fmt: skip
    return data


def _node(derivation: Derivation, place: int, precision: int) -> dict[str, Any]:
    graph = derivation.graph_table
    node = graph.nodes[place]
    gradient = derivation.upstreams[place]
    return {
        "name": node.name,
        "kind": node.kind,
        "op": node.op or None,
        "operands": [graph.nodes[i].name for i in node.operands],
        "options": dict(node.options),
        "formula": written(graph.formula(place)) if node.kind == "operation" else None,
        "latex": latex(graph.formula(place)) if node.kind == "operation" else None,
        "text": node.text or None,
        "value": number(derivation.numbers[place]),
        "value_shown": shown(derivation.numbers[place], precision),
        "gradient": number(gradient),
        "gradient_shown": None if gradient is None else shown(gradient, precision),
        "influences_output": graph.relevant[place],
    }


def _starting(graph: Graph) -> dict[str, Any]:
    """Return the values that came with the program, where some did."""
    values = {name: number(value) for name, value in graph.program.values.items()}
    return {"values": values} if values else {}


def as_data(
    derivation: Derivation, precision: int = 4, update: Updating | None = None, check: bool | None = None
) -> dict[str, Any]:
    """Return a derivation as plain dicts and lists, in the schema's order."""
    graph = derivation.graph_table
    data: dict[str, Any] = {
        "schema": SCHEMA,
        "version": VERSION,
        "program": {
            "text": graph.program.text or written_assignments(graph.program.assignments, PLAIN),
            "reading": graph.program.reading,
            "plain": written_assignments(graph.program.assignments, PLAIN),
            "notes": list(derivation.notes),
            **_starting(graph),
        },
        "output": derivation.output,
        "at": {name: number(value) for name, value in derivation.at.items()},
        "nodes": [_node(derivation, i, precision) for i in range(len(graph.nodes))],
        "edges": [_edge(derivation, edge) for _, edge in sorted(derivation.contributions.items())],
        "steps": [_step(derivation, step) for step in derivation.steps],
    }
    if check:
        from ...check import check as check_all  # start-up time: SymPy and NumPy

        result = check_all(derivation)
        data["check"] = {
            "ok": result.ok,
            "rows": [
                {
                    "node": row.name, "reverse": number(row.reverse),
                    "symbolic": number(row.symbolic), "differences": number(row.numeric),
                    "status": row.status,
                }
                for row in result.rows
            ],
            "values": [
                {
                    "node": row.name, "value": number(row.value), "precise": number(row.precise),
                    "status": row.status,
                }
                for row in result.values
            ],
            "wrong_slopes": [
                {
                    "of": slope.of, "wrt": slope.wrt, "slot": slope.slot,
                    "local": number(slope.local), "right": number(slope.right),
                }
                for slope in result.slopes
            ],
        }  # fmt: skip
    if update is not None:
        course = descend(graph, derivation.at, update.names, update.rate, update.steps)
        first = update_steps(derivation, update.rate, update.names)
        data["update"] = {
            "steps": [_step(derivation, step) for step in first],
            "output_before": number(course.losses[0]),
            "output_after": number(course.losses[-1]),
        }
        if update.steps > 1:
            data["update"]["course"] = [
                {
                    "step": step, "output": number(loss),
                    "values": dict(zip(course.wrt, map(number, point), strict=True)),
                }
                for step, (loss, point) in enumerate(zip(course.losses, course.points, strict=True))
            ]  # fmt: skip
    return data


def to_json(
    derivation: Derivation, precision: int = 4, update: Updating | None = None, check: bool | None = None
) -> str:
    """Return a derivation as JSON text, indented, ending in a newline."""
    data = as_data(derivation, precision, update, check)
    return json.dumps(data, ensure_ascii=False, indent=2, allow_nan=False) + "\n"
