"""A derivation over arrays becomes a lesson page at the scale of layers, pass by pass."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

import numpy as np

from ..choices import PageTheme, Scale
from ..descent import parameters
from ..errors import OptionError, quoted
from ..matrices.array_derivation import ArrayDerivation
from ..matrices.array_graph import record_of
from ..render.layers.layer_words import LayerTeller
from ..render.layers.plate import LayersPlate
from ..sentences import said
from .array_content import (
    array_nodes,
    array_numbers,
    array_steps,
    is_whole,
    program_rows,
)
from .array_javascript import array_rules
from .array_pictures import PHONE, WIDE, layer_pictures
from .array_practice import array_asked, array_practice
from .page import ARRAYS, LessonPage, page
from .picture import MOST_NODES
from .program_listing import listing_of
from .words import array_words, words

__all__ = ["array_lesson"]

_USUAL = 4
"""The figures of a page that asks for none: matrices then have those of their pictures."""


def array_lesson(
    derivation: ArrayDerivation, *, title: str, lang: str, theme: PageTheme, practice: bool,
    asked: str | Iterable[str] | None, problem: str, precision: int, scale: Scale | None,
) -> LessonPage:  # fmt: skip
    """Return the lesson page of a derivation over arrays; the options are those of `lesson`.

    Raises:
        OptionError: a scale that it does not have, or more nodes than a page can show.
    """
    graph = derivation.graph_table
    if scale not in (None, "layers"):
        raise OptionError(
            said("a page of matrices shows layers, not {scale}", scale=quoted(str(scale)))
        )
    if len(graph.nodes) > MOST_NODES:
        raise OptionError(
            said("a lesson has at most {most_nodes} nodes; this graph has {count}",
                 most_nodes=MOST_NODES, count=len(graph.nodes))
        )  # fmt: skip
    own = None if precision == _USUAL else precision
    plate = LayersPlate(derivation, precision=own, lang=lang, fit=WIDE, force=True)
    phone = LayersPlate(derivation, precision=own, lang=lang, fit=PHONE, force=True)
    figures = precision if own else max(plate.arrangement.digits, 3)
    teller = LayerTeller(derivation, plate.parts, plate.timeline, plate.arrangement.digits)
    numbers = array_numbers(derivation)
    whole = is_whole(derivation)
    rules = array_rules(graph, derivation.numbers) if whole else None
    steps = array_steps(plate)
    for step in steps:
        step["gates"] = [step["number"]]
    data: dict[str, Any] = {
        "id": _identity(derivation), "lang": lang, "title": title, "output": graph.output,
        "precision": precision, "figures": figures, "program": program_rows(derivation),
        "notes": list(derivation.notes),
        "nodes": array_nodes(derivation, teller, rules), "edges": _edges(derivation),
        "alike": _alike(derivation), "repeats": _repeats(derivation),
        "numbers": numbers, "whole": whole, "since": _since(derivation, plate),
        "scales": [
            {"name": "layers", "steps": steps, "pictures": layer_pictures(plate),
             "phone": layer_pictures(phone)}
        ],
        "opening": "layers", "phone": "layers",
        "moves": [graph.index[name] for name in parameters(graph)],
        "words": words() | array_words(),
    }  # fmt: skip
    data["listing"] = listing_of(derivation)
    if practice:
        data["practice"] = array_practice(derivation) | array_asked(derivation, asked)
        data["practice"]["problem"] = problem
    return page(data, "", "null" if rules is None else rules[0], theme, plate, ARRAYS)


def _identity(derivation: ArrayDerivation) -> str:
    graph = derivation.graph_table
    found = hashlib.sha256()
    for node in graph.nodes:
        found.update(f"{node.name}|{node.op}|{node.operands}|{node.options}|{node.value}\n".encode())
    given: Any = derivation.at
    for name, value in given.items():
        array = np.asarray(value)
        found.update(f"{name}{array.shape}".encode() + array.tobytes())
    return found.hexdigest()[:16]


def _edges(derivation: ArrayDerivation) -> dict[str, dict[str, int]]:
    return {
        f"{target}.{slot}": {"source": source, "target": target, "slot": slot}
        for source, target, slot in sorted(derivation.contributions)
    }


def _alike(derivation: ArrayDerivation) -> dict[str, int]:
    """Return the edges along which a gradient passes as it comes, and to whom."""
    graph = derivation.graph_table
    return {
        f"{target}.{slot}": source
        for source, target, slot in sorted(derivation.contributions)
        if graph.nodes[target].op in ("add", "identity", "subtract") and (graph.nodes[target].op, slot) != (
            "subtract", 1) and graph.shapes[source] == graph.shapes[target]
    }  # fmt: skip


def _repeats(derivation: ArrayDerivation) -> dict[str, int]:
    """Return the places that repeat an array for each row, and whose array it is."""
    found = {}
    for place, node in enumerate(derivation.graph_table.nodes):
        record = record_of(node) if node.kind == "operation" else None
        if record is not None and record.name == "expand":
            found[str(place)] = node.operands[0]
    return found


def _since(derivation: ArrayDerivation, plate: LayersPlate) -> dict[str, int]:
    """Return the step from which each quantity is known; what has no box, from the step it belongs to."""
    timeline, parts = plate.timeline, plate.parts
    found: dict[str, int] = {}
    forward = {s.gate: s.number for s in timeline.steps if s.kind == "forward"}
    backward = {s.gate: s.number for s in timeline.steps if s.kind == "backward"}
    for place, node in enumerate(parts.graph.nodes):
        gate = parts.gate_of.get(place)
        since = 0 if node.kind != "operation" else timeline.values.get(place) or forward.get(gate, 0)
        found[f"v{place}"] = since
    for (source, target, slot), _edge in sorted(derivation.contributions.items()):
        gate = parts.gate_of.get(target)
        if gate is None:  # repeating: it belongs to the gate behind it
            gate = parts.gate_of.get(parts.graph.uses[target][0].target)
        found[f"d{target}.{slot}"] = found[f"s{target}.{slot}"] = backward.get(gate, 0)
        own = timeline.gradients.get(source) or backward.get(gate, 0)
        found[f"g{source}"] = max(found.get(f"g{source}", 0), own)
    found[f"g{parts.graph.output}"] = timeline.gradients[parts.graph.output]
    return found
