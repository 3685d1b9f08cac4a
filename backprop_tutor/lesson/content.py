"""Everything a lesson page shows, as plain data: nodes, edges, steps, first numbers, words.

Enters: a derivation and its picture's plate. Leaves: dicts and lists for JSON, in the order in which
the page reads them. Formulas are MathML by `fragments`; nothing a user typed is markup here: names
are checked identifiers, titles are text that the page sets as text.
"""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from fractions import Fraction
from html import escape
from typing import Any

from ..descent import parameters
from ..homework.quantities.quantity import parse_quantity
from ..language import UNICODE, shown_name, written
from ..ops import OPS
from ..particles import agreed_text
from ..render.drawing.diagram import Plate
from ..render.narration.agreement import agreed_parts
from ..render.narration.document import Inline, Math
from ..render.narration.formulas import latex, latex_name
from ..render.narration.html import mathml, mathml_row
from ..render.narration.narrate import Narrator
from ..render.narration.numbers import shown
from ..steps import AccumulateStep, BackwardStep, Derivation, ForwardStep, SeedStep
from ..translation import sentence as _
from .fragments import Fragments, is_piecewise
from .listed import gate_row
from .picture import band, bands, bounds, rooms
from .words import words

__all__ = ["content"]


def content(
    derivation: Derivation, plate: Plate, title: str, lang: str, precision: int
) -> dict[str, Any]:
    """Return the data of a page, without what practice adds."""
    writer = _Writer(derivation, plate, precision)
    return {
        "id": _identity(derivation),
        "lang": lang,
        "title": title,
        "output": derivation.graph_table.output,
        "precision": precision,
        "program": writer.program(),
        "notes": list(derivation.notes),
        "nodes": [writer.node(place) for place in range(len(derivation.graph_table.nodes))],
        "edges": writer.edges(),
        "leaves": writer.leaves(),
        "texts": writer.texts,
        "since": writer.since,
        "parts": writer.parts(), "box": bounds(plate), "rows": bands(plate), "rooms": rooms(plate),
        "scales": [
            {
                "name": "gates",
                "steps": [writer.step(number) for number in range(1, len(derivation.steps) + 1)],
            }
        ],
        "moves": [derivation.graph_table.index[n] for n in parameters(derivation.graph_table)],
        "words": words(),
    }


def _identity(derivation: Derivation) -> str:
    graph = derivation.graph_table
    rows = [f"{n.name}|{n.op}|{n.operands}|{n.options}|{n.value}" for n in graph.nodes]
    rows += [f"{name}={value}" for name, value in derivation.at.items()] + [str(graph.output)]
    return hashlib.sha256("\n".join(rows).encode()).hexdigest()[:16]


class _Writer:
    """Writes the parts of one derivation."""

    def __init__(self, derivation: Derivation, plate: Plate, precision: int) -> None:
        self.derivation = derivation
        self.graph = derivation.graph_table
        self.plate = plate
        self.precision = precision
        self.fragments = Fragments(derivation)
        self.narrator = Narrator(derivation, precision)
        self.texts: dict[str, str] = {}
        self.since: dict[str, int] = {}
        self.uses = Counter(source for source, _target, _slot in derivation.contributions)
        self._first_numbers()

    def _first_numbers(self) -> None:
        """Note every quantity's text and the step from which it is known."""
        for place, wire in enumerate(self.plate.circuit.wires):
            self._note(f"v{place}", self.derivation.numbers[place], wire.since)
            if wire.gradient is not None and (gradient := self.derivation.upstreams[place]) is not None:
                self._note(f"g{place}", gradient, wire.gradient.since)
        for arrow in self.plate.circuit.arrows:
            edge = self.derivation.contributions.get((arrow.source, arrow.target, arrow.slot))
            if edge is not None and arrow.local is not None:
                key = f"{arrow.target}.{arrow.slot}"
                self._note(f"l{key}", edge.local, arrow.local.since)
                self._note(f"d{key}", edge.downstream, arrow.local.since)

    def _note(self, key: str, number: Fraction | float, since: int) -> None:
        self.texts[key] = shown(number, self.precision)
        self.since[key] = since

    def program(self) -> list[str]:
        """Return the program's assignments as MathML rows."""
        rows = []
        for assignment in self.graph.program.assignments:
            left = ", ".join(latex_name(target) for target in assignment.targets)
            rows.append(f"{mathml_row(left)}<mo>=</mo>{mathml_row(latex(assignment.expression))}")
        return rows

    def node(self, place: int) -> dict[str, Any]:
        """Return a node: what it is, its formulas, what its gradient means."""
        node = self.graph.nodes[place]
        data: dict[str, Any] = {
            "name": node.name,
            "label": shown_name(node.name) if node.kind != "constant" else node.text,
            "kind": node.kind,
            "named": node.named,
            "operands": list(node.operands),
            "varies": self.graph.varies[place],
            "relevant": self.graph.relevant[place],
            "term": self.fragments.term(place),
        }
        if self.graph.varies[place]:
            data["slope"] = self.fragments.slope(self.graph.output, place)
            data["asked"] = parse_quantity(f"d{self.derivation.output}/d{node.name}", self.graph).text
            data["readings"] = self._readings(place)
        if node.kind == "operation":
            op = OPS[node.op]
            data |= {
                "what": _(node.op.replace("_", " ")),
                "rule": _(op.rule) if op.rule else "",
                "formula": self.fragments.formula(place),
                "numbered": self.fragments.formula_with_numbers(place),
                "text": written(self.graph.formula(place), UNICODE),
                "piecewise": is_piecewise(self.derivation, place),
            }
            branch = "".join(
                p if isinstance(p, str) else p.unicode for p in self.narrator.branch_sentence(place)
            )
            if branch:
                data["branch"] = agreed_text(branch)
        return data

    def _readings(self, place: int) -> list[str]:
        """Return what the gradient means: where it is a number, 0, undefined; as HTML."""
        found = []
        for gradient in (Fraction(1), Fraction(0), math.nan):
            parts = self.narrator.plain_reading(place, gradient)
            found.append(_html(agreed_parts(parts), f"n{place}"))
        return found

    def edges(self) -> dict[str, dict[str, Any]]:
        """Return every edge along which a gradient is handed down, by `target.slot`."""
        nodes = self.graph.nodes
        labels = {(a.target, a.slot): a.local.text for a in self.plate.circuit.arrows if a.local}
        found = {}
        for (source, target, slot), edge in sorted(self.derivation.contributions.items()):
            op = OPS[nodes[target].op]
            top, low = nodes[target].name, nodes[source].name
            undefined = isinstance(edge.local, float) and math.isnan(edge.local)
            found[f"{target}.{slot}"] = {
                "source": source,
                "target": target,
                "slot": slot,
                "because": _("not defined at this point over the real numbers")
                if undefined
                else _(op.reason(slot, len(nodes[target].operands))),
                "slope": self.fragments.slope(target, source),
                "forms": list(self.fragments.local(target, slot)),
                "label": labels.get((target, slot), ""),
                "alone": len(nodes[target].operands) == 1,
                "asked": [
                    parse_quantity(f"{kind}({top}, {low}, {slot})", self.graph).text
                    for kind in ("local", "down")
                ],
            }
        return found

    def leaves(self) -> dict[str, float]:
        """Return the numbers of inputs and constants, by place."""
        return {
            str(place): float(self.derivation.numbers[place])
            for place, node in enumerate(self.graph.nodes)
            if node.kind != "operation"
        }

    def parts(self) -> list[list[Any]]:
        """Return each part of the picture: its id, the step that reaches it, when it is at work."""
        circuit = self.plate.circuit
        found: list[list[Any]] = []

        at_work: dict[tuple[str, int], list[int]] = {}
        for step, emphasis in enumerate(circuit.emphasis[:-1]):
            for attribute in ("arrows", "gates", "wires"):
                for number in sorted(getattr(emphasis, attribute)):
                    at_work.setdefault((attribute, number), []).append(step)

        def when(attribute: str, number: int) -> list[int]:
            return at_work.get((attribute, number), [])

        for arrow in circuit.arrows:
            key = f"edge-{arrow.target}-{arrow.slot}"
            found.append([key, arrow.since, when("arrows", arrow.number)])
        for wire in circuit.wires:
            if wire.gate is not None:
                found.append([f"gate-{wire.place}", wire.gate.since, when("gates", wire.place)])
            found.append([f"node-{wire.place}", wire.since, when("wires", wire.place)])
        return found

    def step(self, number: int) -> dict[str, Any]:
        """Return a step: what it does, to what, and the words for those who do not see it."""
        step = self.derivation.steps[number - 1]
        caption = self.plate.caption(number)
        data: dict[str, Any] = {"phase": step.phase, "node": step.place, "gates": [number]}
        data["title"] = agreed_text(caption.title)
        data["row"] = gate_row(self.derivation, step, self.uses)
        data["band"] = band(self.plate, number)
        data["speech"] = ". ".join(
            agreed_text(part) for part in (caption.title, *caption.lines, caption.reason) if part
        )
        if isinstance(step, BackwardStep):
            data["edges"] = [f"{edge.places[1]}.{edge.slot}" for edge in step.edges]
        elif isinstance(step, AccumulateStep):
            data["edges"] = [f"{edge.places[1]}.{edge.slot}" for edge in step.contributions]
        elif not isinstance(step, (ForwardStep, SeedStep)):
            raise TypeError(f"a lesson has no step of the kind {type(step).__name__}")
        return data


def _html(parts: tuple[Inline, ...], quantity: str) -> str:
    """Return a line as HTML; a number in it that is no name becomes the place of a quantity."""
    out = []
    for part in parts:
        if not isinstance(part, Math):
            out.append(escape(part))
        elif part.unicode[:1] in "−0123456789":
            out.append(f'<math><mn data-q="{quantity}"></mn></math>')
        else:
            out.append(mathml(part.latex))
    return "".join(out)
