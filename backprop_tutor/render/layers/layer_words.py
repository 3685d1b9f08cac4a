"""The words under a frame at the scale of layers: step, formulas in matrices, one entry in numbers, why.

Enters: a derivation, its parts, a step. Leaves: a `Note`. Each formula is *gradient = symbols = numbers =
result*; where the numbers shown do not multiply out, the note says that they are rounded.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np

from ...language import Expression, shown_name
from ...matrices.array_derivation import ArrayDerivation
from ...matrices.array_graph import record_of
from ...matrices.rules import reason_of, rule_formula
from ...sentences import N_, again, counted, said
from ...steps import Contribution
from ...translation import sentence as _
from ..narration.formulas import with_numbers
from ..narration.numbers import shown
from ..stage.caption import Legend, Line, Note
from ..stage.marks import Run
from .array_names import ArrayNames
from .entries import table_of
from .gates import Gate, Operand, Parts
from .layer_steps import LayerStep, Timeline
from .products import Product, backward_product, forward_product

__all__ = ["LayerTeller", "layers_legend", "notes_of"]

_MOST_TERMS = 6
_LONGEST_RULE = 84
_MOST_SLOPES = 64


def layers_legend(name: str, heat: bool) -> tuple[Legend, ...]:
    """Return the legend of a picture of layers; `name` is the output's."""
    output = shown_name(name)
    if heat:
        return (
            Legend("value", _("values above the middle line, ± largest")),
            Legend("gradient", _("gradients ∂{output}/∂· below it, ± largest").format(output=output)),
            Legend("quiet", _("a cell: the largest entry of its block")),
            Legend("quiet", _("a stroke through a cell: negative")),
        )
    return (
        Legend("value", _("values above the middle line")),
        Legend("gradient", _("gradients ∂{output}/∂· below it").format(output=output)),
        Legend("quiet", _("shape: rows × columns")),
    )


def notes_of(
    derivation: ArrayDerivation, parts: Parts, timeline: Timeline, digits: int
) -> Callable[[int], Note]:
    """Return what writes the note of a step: 0 before the first, one more than there are after all."""
    return LayerTeller(derivation, parts, timeline, digits).note


class LayerTeller(ArrayNames):
    """Writes the notes of one derivation."""

    def __init__(
        self, derivation: ArrayDerivation, parts: Parts, timeline: Timeline, digits: int
    ) -> None:
        super().__init__(derivation, parts, digits)
        self.timeline = timeline

    def note(self, step: int) -> Note:
        """Return the note of a step: 0 before the first, one more than there are after all."""
        steps = self.timeline.steps
        if step < 1:
            title = _("before step 1 of {count}").format(count=len(steps))
            return Note(title, (), _("only the inputs are known"))
        if step > len(steps):
            title = counted(len(steps), N_("the only step"), N_("all {count} steps"))
            value = shown(float(self.d.numbers[self.graph.output]), 4)
            line = (*self.math(f"{self.output} = "), Run(value, "bold", "value"))
            return Note(title, (line,), _("every value and every gradient is known"))
        now = steps[step - 1]
        phase, what, lines, reason = getattr(self, now.kind)(now)
        title = _("step {number} of {count} · {what}").format(
            number=step, count=len(steps), what=f"{phase} · {what}"
        )
        return Note(title, tuple(lines), reason)

    def forward(self, now: LayerStep) -> tuple[str, str, list[Line], str]:
        """Return the parts of the note of a value: phase, what is done, lines, why."""
        gate = self.gate(now)
        place = gate.result
        name = self.label(place)
        tree = self.told(place)
        text = self.written(tree)
        head = self.math(text if name == text else f"{name} = {text}")
        product = forward_product(self.d, self.parts, gate.number)
        reasons = [
            self.repeated(o) for o in gate.operands if o.through is not None and not self.parts.is_turned(o)
        ]
        if product is not None:
            lines = [(*head, *self.sizes(product)), self.sum_line(product, self.label(place), reasons)]
        else:
            lines = [head, *self.entry_line(gate, name, tree)]
        return _("forward"), self.called(gate), lines, self.because(reasons)

    def seed(self, now: LayerStep) -> tuple[str, str, list[Line], str]:
        """Return the parts of the note of the seed."""
        line = (*self.math(f"∂{self.output}/∂{self.output} = "), Run("1", "bold", "gradient"))
        why = _("the backward pass begins here: {output} changes by 1 when {output} does")
        return _("backward"), _("seed"), [line], why.format(output=self.output)

    def backward(self, now: LayerStep) -> tuple[str, str, list[Line], str]:
        """Return the parts of the note of what a gate hands back."""
        gate = self.gate(now)
        delta, meaning = self.delta(gate.result)
        lines: list[Line] = []
        reasons: list[str] = []
        whys: list[str] = []
        many = len(now.edges) > 1
        for operand, edge in now.edges:
            lines += self.edge_lines(gate, operand, edge, delta, reasons, brief=many)
            if not whys or not self.multiplies(gate):
                whys.append(self.reason(gate, operand))
        if meaning and any(delta in "".join(r.text for r in line) for line in lines):
            lines[0] = (*lines[0], Run("     "), *self.grey(f"{delta} = {meaning}"))
        return _("backward"), self.called(gate), lines[:3], self.because([*whys, *reasons])

    def accumulate(self, now: LayerStep) -> tuple[str, str, list[Line], str]:
        """Return the parts of the note of a sum over several uses."""
        name = self.label(now.place)
        gradient = self.gradient(name)
        through = [
            _("part through {gate}").format(gate=self.label(self.user(edge.places[1])))
            for edge in now.parts
        ]
        lines = [self.math(f"{gradient} = " + " + ".join(through))]
        table = table_of(self.d.upstreams[now.place], False)
        at = self.at(now.place, table)
        terms = [self.number(self.entry(edge.downstream, at), edge.downstream) for edge in now.parts]
        total = self.entry(self.d.upstreams[now.place], at)
        result = self.number(total, self.d.upstreams[now.place])
        reasons = [
            _("{name} has {count} uses: what they hand back adds up").format(
                name=name, count=len(now.parts)
            )
        ]
        if len(terms) <= _MOST_TERMS:
            self.rounding(sum(map(_read, terms)), result, reasons)
            lines.append(self.result(f"{gradient}{_index(at)} = {_added(terms)} = ", result, "gradient"))
        return _("backward"), _("accumulate"), lines, self.because(reasons)

    def gate(self, now: LayerStep) -> Gate:
        """Return the gate of a step that has one."""
        assert now.gate is not None  # asked of steps at a gate
        return self.parts.gates[now.gate]

    def result(self, head: str, number: str, role: str) -> Line:
        """Return a line that ends in a number, bold in its colour."""
        return (*self.math(head), Run(number, "bold", role))

    def rounding(self, computed: float, result: str, reasons: list[str]) -> None:
        """Add the remark that numbers are rounded, where those shown do not give the result shown."""
        seen = _read(result)
        decimals = len(result.partition(".")[2]) if "×" not in result else 0
        last = 10.0**-decimals if "×" not in result else abs(seen) * 10.0 ** (1 - self.digits)
        if abs(computed - seen) > 0.5 * last * (1 + 1e-9):
            reasons.append(_("from unrounded values"))

    def sizes(self, product: Product) -> Line:
        """Return `(2×4)(4×3) → 2×3`, the sizes that have to agree in blue."""
        (m, k), (_k, n) = product.left.table.shape, product.right.table.shape
        return (
            Run(f"     ({m}×"), Run(f"{k}", "regular", "active"), Run(")("),
            Run(f"{k}", "regular", "active"), Run(f"×{n}) → {m}×{n}"),
        )  # fmt: skip

    def sum_line(self, product: Product, name: str, reasons: list[str]) -> Line:
        """Return one entry of a product as the sum it is."""
        i, j = product.at
        left, right = product.left.table[i], product.right.table[:, j]
        role = product.result.role
        place = product.result.place
        total = float(product.result.table[i, j])
        result = self.number(total, product.result.table)
        own = name if role == "value" else self.gradient(name)
        at = _index(self.by_axes(place, i, j))
        plain = role != "value" or (not name.startswith("(") and "·" not in name)
        head = f"{own}{at} = " if plain else f"({name}){at} = "
        if len(left) > _MOST_TERMS:
            terms = counted(len(left), N_("{count} product"), N_("{count} products"))
            text = _("the sum of {terms}").format(terms=terms)
            return self.result(f"{head}{text} = ", result, role)
        pairs = [
            (self.number(float(a), product.left.table), self.number(float(b), product.right.table))
            for a, b in zip(left, right, strict=True)
        ]
        self.rounding(sum(_read(a) * _read(b) for a, b in pairs), result, reasons)
        terms = " + ".join(f"{_first(a, n)}·{_factor(b)}" for n, (a, b) in enumerate(pairs))
        return self.result(f"{head}{terms} = ", result, role)

    def by_axes(self, place: int, row: int, column: int) -> tuple[int, ...]:
        """Return the entry of a table by the array's own axes."""
        shape = self.graph.shapes[place]
        return () if not shape else (row, column) if len(shape) == 2 else (max(row, column),)

    def entry_line(self, gate: Gate, name: str, tree: Expression) -> list[Line]:
        """Return one entry of a value in numbers, where it goes entry by entry; else the number it is."""
        place = gate.result
        value = self.d.numbers[place]
        node = self.graph.nodes[place]
        if len(gate.places) == 1 and record_of(node) is None:
            at = self.at(place, None)
            own = self.graph.formula(place)
            arrays = {self.graph.nodes[i].name: self.d.numbers[i] for i in node.operands}
            numbers = with_numbers(
                own, lambda each: float(self.entry(arrays[each], at)), self.digits
            )
            result = self.number(self.entry(value, at), value)
            label = f"({name})" if name == self.written(tree) else name
            return [self.result(f"{label}{_index(at)} = {numbers} = ", result, "value")]
        if self.graph.shapes[place] == ():
            return [self.result(f"{name} = ", shown(float(value), 4), "value")]
        return []

    def edge_lines(
        self, gate: Gate, operand: Operand, edge: Contribution, delta: str, reasons: list[str], brief: bool
    ) -> list[Line]:  # fmt: skip
        """Return the formula of one operand's gradient, and one entry of it in numbers."""
        name = self.label(operand.place)
        whole = self.gradient(name)
        if len(self.parts.takers[operand.place]) > 1:
            whole = _("part of {gradient}").format(gradient=whole)
        product = backward_product(self.d, self.parts, gate.number, operand, self.shown_at(gate.result))
        rule = self.rule(gate, operand, delta)
        head = self.math(f"{whole} = {rule}")
        if product is not None:
            head = (*head, *self.sizes(product))
            return [head, self.sum_line(product, name, reasons)]
        at = self.at(operand.place, None)
        numbers = "" if brief and operand.through is None else self.terms(gate, operand, edge, at, reasons)
        result = self.number(self.entry(edge.downstream, at), edge.downstream)
        if brief and not numbers:
            return [head]
        lead = f"{whole}{_index(at)} = {numbers} = " if numbers else f"{whole}{_index(at)} = "
        return [head, self.result(lead, result, "gradient")]

    def rule(self, gate: Gate, operand: Operand, delta: str) -> str:
        """Return the rule by which a gate hands δ to an operand."""
        if len(gate.places) > 1:
            return _("{delta} × the slope of {sign} along each entry").format(delta=delta, sign=gate.sign)
        if self.parts.is_turned(operand):
            other = self.label(self.graph.nodes[operand.target].operands[1 - operand.slot])
            other = f"({other})" if re.search(r"[·+−⊙ ]", other) and not other.startswith("(") else other
            return f"{delta}ᵀ·{other}" if operand.slot else f"{other}·{delta}ᵀ"
        text = rule_formula(self.graph, operand.target, operand.slot, delta)
        if operand.through is not None:
            inner = f"({text})" if re.search(r" [+−] ", text) else text
            text = rule_formula(self.graph, operand.through, 0, inner)
        if len(text) > _LONGEST_RULE:
            return _("{delta} through the rule of {sign}").format(delta=delta, sign=gate.sign)
        for inner_place in self.graph.nodes[operand.target].operands:
            node = self.graph.nodes[inner_place]
            if node.kind == "operation" and not node.named and inner_place not in self.parts.boxes:
                own = re.escape(shown_name(node.name))
                if _is_turned(node):
                    text = re.sub(rf"\b{own}ᵀ", self.label(node.operands[0]), text)
                source = node.operands[0] if operand.through or _is_repeat(node) else inner_place
                text = re.sub(rf"\b{own}(?!\w)", self.label(source), text)
        return text

    def terms(
        self, gate: Gate, operand: Operand, edge: Contribution, at: tuple[int, ...], reasons: list[str]
    ) -> str:  # fmt: skip
        """Return the numbers that make one entry of a gradient; empty where they would be too many."""
        result = self.number(self.entry(edge.downstream, at), edge.downstream)
        node = self.graph.nodes[operand.target]
        if operand.through is not None and not self.parts.is_turned(operand):
            inner = self.d.contributions[operand.through, operand.target, operand.slot].downstream
            column = np.asarray(inner)
            if column.ndim != 2 or len(at) != 1 or column.shape[0] > _MOST_TERMS:
                return ""
            parts = [self.number(float(v), column) for v in column[:, at[0]]]
            self.rounding(sum(map(_read, parts)), result, reasons)
            return _added(parts)
        if len(gate.places) == 1 and record_of(node) is None:
            up = self.number(self.entry(edge.upstream, at), edge.upstream)
            slope = self.number(self.entry(edge.local, at), edge.local)
            self.rounding(_read(up) * _read(slope), result, reasons)
            return f"{up} × {_factor(slope)}"
        if len(gate.places) == 1 and np.asarray(edge.upstream).size <= _MOST_SLOPES:
            found = [t for t in self.d.entry(self.graph.nodes[operand.place].name, at).terms
                     if t.of == node.name]  # fmt: skip
            if 0 < len(found) <= _MOST_TERMS:
                pairs = [(shown(t.upstream, self.digits), shown(t.slope, self.digits)) for t in found]
                self.rounding(sum(_read(a) * _read(b) for a, b in pairs), result, reasons)
                return " + ".join(f"{_first(a, n)}·{_factor(b)}" for n, (a, b) in enumerate(pairs))
        return ""

    def reason(self, gate: Gate, operand: Operand) -> str:
        """Return why that is the rule."""
        why = again(said(reason_of(self.graph, operand.target, operand.slot)))
        if not self.parts.is_turned(operand):
            return why
        name = self.label(operand.place)
        return self.because([why, said("{name} stands there turned: so does its gradient", name=name)])

    def user(self, place: int) -> int:
        """Return the operation that uses an array: for one that repeats or turns it, the one behind."""
        return place if place in self.parts.gate_of else self.graph.uses[place][0].target

    def multiplies(self, gate: Gate) -> bool:
        """Return whether a gate is a product of matrices, whose two reasons are one another's mirror."""
        return forward_product(self.d, self.parts, gate.number) is not None

    def repeated(self, operand: Operand) -> str:
        """Return how often an array is used that is repeated."""
        assert operand.through is not None  # asked of repeated ones alone
        before: Any = self.graph.shapes[operand.place]
        after: Any = self.graph.shapes[operand.through]
        times = int(np.prod(after)) // max(int(np.prod(before)), 1)
        name = self.label(operand.place)
        if len(before) == 1 and len(after) == 2:
            return said("{name} is used once for each of the {count} rows", name=name, count=times)
        return said("{name} is used {count} times", name=name, count=times)

    def because(self, reasons: list[str]) -> str:
        """Return reasons as one line, each once."""
        return " · ".join(str(each) for each in dict.fromkeys(reasons) if each)


def _is_turned(node: Any) -> bool:
    record = record_of(node)
    return record is not None and record.name == "transpose"


def _is_repeat(node: Any) -> bool:
    record = record_of(node)
    return record is not None and record.name == "expand"


def _index(at: tuple[int, ...]) -> str:
    return f"[{', '.join(map(str, at))}]" if at else ""


def _factor(number: str) -> str:
    return f"({number})" if number.startswith("−") or "×" in number else number


def _first(number: str, place: int) -> str:
    return _factor(number) if place or "×" in number else number


def _added(terms: list[str]) -> str:
    """Return numbers as a sum, a minus in place of a plus before a negative one."""
    text = terms[0]
    for term in terms[1:]:
        text += f" − {term[1:]}" if term.startswith("−") else f" + {term}"
    return text


_POWER = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")


def _read(text: str) -> float:
    """Return the number that a shown text stands for."""
    mantissa, _mark, exponent = text.replace("−", "-").partition("×10")
    return float(mantissa) * 10.0 ** int(exponent.translate(_POWER) or 0)
