"""What a page of layers shows, as plain data: arrays, steps, the tables of each step and how they join.

Enters: a derivation over arrays. Leaves: dicts and lists for JSON. A quantity is `v3` (the value of node
3), `g3` (its gradient), `d5.0` (what node 5 hands to its operand 0) or `s5.0` (the slopes along it, entry
by entry); a table is a quantity with its rows and columns. Formulas are MathML; nothing a user typed is
markup here.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..homework.quantities.quantity import parse_quantity
from ..language import Apply, Expression, Name, shown_name
from ..matrices.array_derivation import ArrayDerivation
from ..matrices.array_graph import is_target, record_of
from ..particles import agreed_text
from ..render.layers.entries import table_of
from ..render.layers.gates import Gate, Operand
from ..render.layers.layer_steps import LayerStep
from ..render.layers.layer_words import LayerTeller
from ..render.layers.plate import LayersPlate
from ..render.layers.products import Factor, Product, backward_product, forward_product
from ..render.narration.formulas import latex, latex_name
from ..render.narration.html import mathml_row
from ..render.narration.rule_tex import rule_latex
from ..render.stage.caption import spoken_note
from ..translation import sentence as _
from .array_javascript import ArrayRules
from .fragments import numbered_row

__all__ = ["array_nodes", "array_numbers", "array_steps", "is_whole", "program_rows"]

_MOST_NUMBERS = 30_000
"""So many numbers stand in a page whole; of larger programs the corners."""

_CORNER = 12
_LONGEST_RULE = 28
"""A longer rule is left out of a step's title."""


def program_rows(derivation: ArrayDerivation) -> list[str]:
    """Return the program as it was read, as MathML rows."""
    return [
        f"{mathml_row(latex_name(name))}<mo>=</mo>{mathml_row(latex(tree))}"
        for name, tree in derivation.graph_table.reading()
    ]


def array_nodes(
    derivation: ArrayDerivation, teller: LayerTeller, rules: ArrayRules | None
) -> list[dict[str, Any]]:
    """Return every node: what it is, its shape, how it is called."""
    graph = derivation.graph_table
    found = []
    for place, node in enumerate(graph.nodes):
        shape = _sizes(derivation, place)
        label = node.text if node.kind == "constant" else teller.label(place)
        varies = derivation.upstreams[place] is not None
        data: dict[str, Any] = {
            "name": node.name, "label": label, "kind": node.kind, "named": node.named, "shape": shape,
            "size": int(np.prod(shape)), "operands": list(node.operands), "varies": varies,
            "relevant": bool(graph.relevant[place]), "term": mathml_row(_called(teller, place)),
            "code": -1 if rules is None else rules[1][place],
            "labels": any(is_target(graph.nodes[use.target], use.slot) for use in graph.uses[place])
            and np.asarray(derivation.numbers[place]).dtype.kind != "f",
        }  # fmt: skip
        if varies:
            data["slope"] = _slope_row(teller, place)
            data["asked"] = parse_quantity(f"d{derivation.output}/d{node.name}", graph).text
        found.append(data)
    return found


def is_whole(derivation: ArrayDerivation) -> bool:
    """Return whether all numbers stand in the page; of a larger program the corners of its arrays do."""
    return sum(np.size(array) for array in _arrays(derivation).values()) <= _MOST_NUMBERS


def array_numbers(derivation: ArrayDerivation) -> dict[str, list[float]]:
    """Return the numbers of every quantity, flat; of what is too large its first rows and columns."""
    whole = is_whole(derivation)
    return {
        key: _flat(array if whole else array[tuple(slice(_CORNER) for _ in array.shape)])
        for key, array in _arrays(derivation).items()
    }


def _arrays(derivation: ArrayDerivation) -> dict[str, Any]:
    arrays: dict[str, Any] = {}
    for place in range(len(derivation.graph_table.nodes)):
        arrays[f"v{place}"] = np.asarray(derivation.numbers[place])
        if derivation.upstreams[place] is not None:
            arrays[f"g{place}"] = np.asarray(derivation.upstreams[place])
    for (_source, target, slot), edge in sorted(derivation.contributions.items()):
        arrays[f"d{target}.{slot}"] = np.asarray(edge.downstream)
    return arrays


def _sizes(derivation: ArrayDerivation, place: int) -> tuple[int, ...]:
    value: Any = derivation.numbers[place]
    return tuple(np.shape(value))


def _flat(array: Any) -> list[float]:
    return [float(each) for each in np.asarray(array, np.float64).reshape(-1)]


def _called(teller: LayerTeller, place: int) -> str:
    """Return an array in LaTeX: its name; without a box, its formula in brackets."""
    node = teller.graph.nodes[place]
    if node.kind == "constant" or place in teller.parts.boxes or node.named:
        return latex(teller.graph.term(place))
    tree = latex(teller.told(place))
    return rf"\left({tree}\right)" if " " in tree else tree


def _slope_row(teller: LayerTeller, place: int) -> str:
    top, bottom = latex(teller.graph.term(teller.graph.output)), _called(teller, place)
    return mathml_row(rf"\frac{{\partial {top}}}{{\partial {bottom}}}")


def array_steps(plate: LayersPlate) -> list[dict[str, Any]]:
    """Return the steps at the scale of layers, each with its parts."""
    writer = _Writer(plate)
    return [writer.step(step) for step in plate.timeline.steps]


class _Writer:
    """Writes the steps of one plate."""

    def __init__(self, plate: LayersPlate) -> None:
        self.plate, self.d, self.parts = plate, plate.derivation, plate.parts
        self.graph = plate.parts.graph
        self.teller = LayerTeller(self.d, plate.parts, plate.timeline, plate.arrangement.digits)
        self.names = {
            shown_name(node.name): latex_name(node.name)
            for node in self.graph.nodes
            if node.kind != "constant"
        } | {
            delta: r"\delta_{" + delta[1:].translate(_PLAIN) + "}"
            for step in plate.timeline.steps if step.gate is not None
            for delta in [self.teller.delta(self.teller.gate(step).result)[0]] if len(delta) > 1
        }  # fmt: skip

    def step(self, step: LayerStep) -> dict[str, Any]:
        """Return a step: its title, its words, its parts."""
        note = self.plate.notes[step.number]
        parts: list[dict[str, Any]]
        if step.kind == "forward":
            parts = self.forward(self.teller.gate(step))
        elif step.kind == "backward":
            parts = [self.backward(self.teller.gate(step), operand) for operand, _edge in step.edges]
        elif step.kind == "accumulate":
            parts = [self.added(step)]
        else:
            parts = [{"q": f"g{step.place}", "kind": "seed", "head": self.slope(step.place) + _ONE}]
        whys = [] if step.kind != "backward" else [part.pop("because") for part in parts]
        reasons = list(dict.fromkeys(why for why in whys if why)) or [note.reason]
        return {
            "phase": step.kind, "node": step.place, "number": step.number,
            "title": agreed_text(self.title(step)), "short": agreed_text(self.short(step)),
             "speech": agreed_text(spoken_note(note)),
            "parts": parts, "reasons": [agreed_text(reason) for reason in reasons],
        }  # fmt: skip

    def short(self, step: LayerStep) -> str:
        """Return what a step finds, without how."""
        if step.kind in ("seed", "accumulate"):
            return self.teller.gradient(self.teller.label(step.place))
        if step.kind == "forward":
            return self.teller.label(step.place)
        return ", ".join(
            self.teller.gradient(self.teller.label(operand.place)) for operand, _edge in step.edges
        )

    def title(self, step: LayerStep) -> str:
        """Return a step in few words: `Z₁ = X·W₁ + b₁`, `∂L/∂W₁ = Xᵀ·δ₁`."""
        name = self.teller.label(step.place)
        if step.kind == "forward":
            text = self.teller.written(self.teller.told(step.place))
            return text if text.strip("()") == name.strip("()") else f"{name} = {text}"
        if step.kind != "backward":
            return self.teller.gradient(name) + (" = 1" if step.kind == "seed" else "")
        gate = self.teller.gate(step)
        delta, _meaning = self.teller.delta(gate.result)
        found = []
        for operand, _edge in step.edges:
            rule = self.teller.rule(gate, operand, delta)
            whole = self.teller.gradient(self.teller.label(operand.place))
            found.append(f"{whole} = {rule}" if len(rule) <= _LONGEST_RULE else whole)
        return ", ".join(found)

    def slope(self, place: int) -> str:
        return _slope_row(self.teller, place)

    def forward(self, gate: Gate) -> list[dict[str, Any]]:
        """Return a part for each operation of a gate; one as a rule."""
        product = forward_product(self.d, self.parts, gate.number)
        found = []
        for place in gate.places:
            tree = self.teller.told(place) if len(gate.places) == 1 else self.graph.formula(place)
            part: dict[str, Any] = {
                "q": f"v{place}", "result": self.table(place, "value"), "target": place,
                "head": f"{mathml_row(_called(self.teller, place))}{_EQUALS}{mathml_row(latex(tree))}"
                if self.named(place) else mathml_row(latex(tree)),
            }  # fmt: skip
            if product is not None:
                part |= self.product(product)
            else:
                entrywise = record_of(self.graph.nodes[place]) is None
                part["kind"] = "formula" if entrywise else "mixes"
                part["tables"] = [self.table(source, "value") for source in self.sources(place)]
                if entrywise:
                    part["numbered"] = numbered_row(self.replaced(place), self.graph.index)
            found.append(part)
        return found

    def named(self, place: int) -> bool:
        return self.graph.nodes[place].named or place in self.parts.boxes

    def sources(self, place: int) -> list[int]:
        """Return the arrays that an operation takes, those that are repeated for it as they are."""
        found = []
        for operand in self.graph.nodes[place].operands:
            if self.graph.nodes[operand].kind != "constant":
                found.append(self.unrepeated(operand))
        return list(dict.fromkeys(found))

    def unrepeated(self, place: int) -> int:
        node = self.graph.nodes[place]
        record = record_of(node) if node.kind == "operation" else None
        return node.operands[0] if record is not None and record.name == "expand" else place

    def replaced(self, place: int) -> Expression:
        """Return an operation over names, with what is repeated for it under its own name."""
        tree = self.graph.formula(place)
        if not isinstance(tree, Apply):
            return tree
        operands: list[Expression] = []
        for each in tree.operands:
            if isinstance(each, Name):
                at = self.unrepeated(self.graph.index[each.name])
                operands.append(self.graph.term(at))
            else:
                operands.append(each)
        return Apply(tree.op, tuple(operands), tree.options)

    def backward(self, gate: Gate, operand: Operand) -> dict[str, Any]:
        """Return what a gate hands to one of its operands."""
        target, slot = (
            (operand.through, 0) if operand.through is not None else (operand.target, operand.slot)
        )
        delta, meaning = self.teller.delta(gate.result)
        several = len(self.parts.takers[operand.place]) > 1
        rule = self.teller.rule(gate, operand, delta)
        shown_at = self.teller.shown_at(gate.result)
        upstream = f"g{shown_at}" if len(gate.places) == 1 else f"g{operand.target}"
        part: dict[str, Any] = {
            "q": f"d{target}.{slot}" if several else f"g{operand.place}",
            "several": several, "target": target, "slot": slot, "source": operand.place,
            "head": self.slope(operand.place) + _EQUALS + mathml_row(rule_latex(rule, self.names)),
            "delta": f"{mathml_row(rule_latex(delta, self.names))}{_EQUALS}{self.slope(shown_at)}"
            if delta in rule and meaning else "",
            "result": self.table(operand.place, "gradient"),
            "because": self.teller.reason(gate, operand),
        }  # fmt: skip
        part["result"]["q"] = part["q"]
        product = backward_product(self.d, self.parts, gate.number, operand, shown_at)
        if product is not None:
            part |= self.product(product, part["q"])
            for table in part["tables"]:
                if table["role"] == "gradient" and meaning:
                    table["label"], table["head"] = delta, delta + ("ᵀ" if table["transposed"] else "")
            return part
        above = self.table(int(upstream[1:]), "gradient")
        above["label"] = delta if len(gate.places) == 1 else above["label"]
        part["tables"] = [above]
        node = self.graph.nodes[target]
        shapes = self.graph.shapes
        alike = shapes[operand.place] == shapes[target]
        if record_of(node) is None and alike and len(gate.places) == 1:
            part["kind"] = "slopes"
            part["tables"].append(
                above | {"q": f"s{target}.{slot}", "label": _("slope"), "key": None, "role": "local"}
            )
        else:
            part["kind"] = "handed"
        return part

    def added(self, step: LayerStep) -> dict[str, Any]:
        """Return how the parts of a gradient add up."""
        result = self.table(step.place, "gradient")
        tables = []
        for edge in step.parts:
            at = self.teller.user(edge.places[1])
            label = _("part through {gate}").format(gate=self.teller.label(at))
            tables.append(
                result | {"q": f"d{edge.places[1]}.{edge.slot}", "label": label, "key": None}
            )
        return {"q": result["q"], "kind": "added", "tables": tables, "result": result,
                "head": self.slope(step.place)}  # fmt: skip

    def product(self, product: Product, result: str = "") -> dict[str, Any]:
        """Return the tables of a product of matrices."""
        left, right, made = (self.factor(factor) for factor in product.factors)
        if result:
            made["q"] = result
        return {"kind": "product", "tables": [left, right], "result": made, "at": list(product.at)}

    def factor(self, factor: Factor) -> dict[str, Any]:
        rows, columns = factor.table.shape
        table = self.table(factor.place, factor.role)
        own = table["label"] + ("ᵀ" if factor.transposed else "")
        return table | {
            "rows": rows, "columns": columns, "transposed": factor.transposed, "head": own,
        }  # fmt: skip

    def table(self, place: int, role: str) -> dict[str, Any]:
        """Return an array as a table: its quantity, rows, columns, and how it is called."""
        figure = self.plate.arrangement.figures.get(place)
        shape = _sizes(self.d, place)
        if figure is not None and not figure.bare:
            rows, columns = figure.rows, figure.columns
        else:
            rows, columns = table_of(np.zeros(shape), False).shape
        label = self.teller.label(place)
        if role == "gradient":
            label = self.teller.gradient(label)
        q = f"{role[0]}{place}"
        return {
            "q": q, "label": label, "head": label, "rows": rows, "columns": columns, "shape": shape,
            "role": role, "transposed": False, "key": q,
        }  # fmt: skip


_PLAIN = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
_EQUALS = "<mo>=</mo>"
_ONE = "<mo>=</mo><mn>1</mn>"
