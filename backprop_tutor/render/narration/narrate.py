"""The narration: a derivation told in order. The only place, beside the records' reasons, that writes
sentences for readers.

Enters: a `Derivation`. Leaves: the blocks of a `Document`: forward, seed, backward gate by gate, the
summary. What opens it is `overview.py`'s, what follows it (the check, the update) `appendix.py`'s.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from fractions import Fraction

from ...graph import Graph
from ...language import Expression, Number
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
)
from ...translation import sentence as _
from .arithmetic import Digits, added, multiplied, put_in, underflowed, underflows, worked_out
from .document import Block, Formulas, Heading, Inline, Math, Paragraph, Table
from .formulas import LATEX, latex, unicode, with_numbers
from .numbers import latex_number, shown
from .saturation import saturation

__all__ = ["Narrator"]

_LONGEST_SUM = 12
_SURE = 15
_NUDGE = Fraction(1, 100)


class Narrator:
    """Tells one derivation, with numbers rounded to `precision` significant figures for the eye.

    Without `full` the sentences beside the formulas are left out; without `markup` the formulas'
    LaTeX is, which the terminal does not need.
    """

    def __init__(
        self, derivation: Derivation, precision: int = 4, full: bool = True, markup: bool = True
    ) -> None:
        self.derivation = derivation
        self.graph: Graph = derivation.graph_table
        self.precision = precision
        self.full = full
        self.markup = markup
        self.f: str = derivation.output
        self._uses: dict[int, dict[tuple[int, int], int]] = {}
        self._names: dict[int, Math] = {}
        self._formulas: dict[int, Math] = {}

    # Pieces of formulas

    def number(
        self, value: Exact, role: str = "", wrapped: bool = False, digits: int = 0
    ) -> Math:
        """Return a number; negative ones in brackets where `wrapped`."""
        one = shown(value, digits or self.precision)
        other = latex_number(value, digits or self.precision) if self.markup else ""
        if wrapped and one.startswith("−"):
            one, other = f"({one})", rf"\left({other}\right)"
        return Math(one, other, role)

    def name(self, place: int) -> Math:
        """Return a node as it stands in formulas; a constant is its number."""
        found = self._names.get(place)
        if found is None:
            found = self._names[place] = self.tree(self.graph.term(place))
        return found

    def tree(self, expression: Expression, role: str = "") -> Math:
        """Return a tree as a formula."""
        return Math(unicode(expression), latex(expression) if self.markup else "", role)

    def gradient_of(self, place: int, of: int | None = None) -> Math:
        """Return ∂f/∂node, or ∂v/∂node for a local gradient."""
        top = self.name(self.graph.output if of is None else of)
        low = self.name(place)
        if not self.markup:
            return Math(f"∂{top.unicode}/∂{low.unicode}", "")
        return Math(
            f"∂{top.unicode}/∂{low.unicode}",
            rf"\frac{{\partial {top.latex}}}{{\partial {low.latex}}}",
        )

    def formula(self, place: int) -> Math:
        """Return a node's own operation over its operands' names."""
        found = self._formulas.get(place)
        if found is None:
            found = self._formulas[place] = self.tree(self.graph.formula(place))
        return found

    def _numbered(self, tree: Expression, digits: int) -> Math:
        """Return a formula with its names' values put in."""
        markup = with_numbers(tree, self._value, digits, LATEX) if self.markup else ""
        return Math(with_numbers(tree, self._value, digits), markup)

    def _value(self, name: str) -> Exact:
        return self.derivation.numbers[self.graph.index[name]]

    # The sections

    def forward(self) -> Iterator[Block]:
        """Yield the forward steps: formula, numbers put in, value."""
        steps = [s for s in self.derivation.steps if isinstance(s, ForwardStep)]
        if not steps:
            return
        yield Heading(2, (_("Forward: the values, from the inputs to the output"),))
        yield Formulas(tuple(self._forward_line(step) for step in steps), indent=1)

    def _forward_line(self, step: ForwardStep) -> tuple[str, tuple[Math, ...], str]:
        tree = self.graph.formula(step.place)
        digits = worked_out(tree, self._value, step.value, self.precision)
        terms = [self.name(step.place), self.formula(step.place)]
        value = self.number(step.value, "value", digits=digits.result if digits else 0)
        if digits is not None:
            numbered = self._numbered(tree, digits.numbers)
            if numbered.unicode not in (value.unicode, terms[1].unicode):
                terms.append(numbered)
        operands = [self.derivation.numbers[i] for i in self.graph.nodes[step.place].operands]
        lost = not OPS[self.graph.nodes[step.place].op].vanishes
        return (
            f"{step.number}", (*terms, value),
            self._remark(digits, step.value, operands if lost else (0,)),
        )  # fmt: skip

    def _remark(self, digits: Digits | None, result: Exact, numbers: Iterable[Exact]) -> str:
        """Return what is said behind a line whose result float64 could not hold."""
        if underflowed(result, numbers):
            return _("too small for float64")
        return "" if digits is not None else _("to the accuracy of float64")

    def seed(self) -> Iterator[Block]:
        """Yield the seed."""
        step = next(s for s in self.derivation.steps if isinstance(s, SeedStep))
        yield Heading(2, (_("Seed"),))
        one = (self.gradient_of(step.place), self.number(Fraction(1), "gradient"))
        said = _("{output} changes by 1 when {output} does").format(
            output=self.name(step.place).unicode
        )
        yield Formulas(((f"{step.number}", one, said),), 1)

    def backward(self) -> Iterator[Block]:
        """Yield the backward and the accumulate steps, gate by gate."""
        steps = [s for s in self.derivation.steps if isinstance(s, BackwardStep | AccumulateStep)]
        if not steps:
            return
        yield Heading(2, (_("Backward: the gradients, from the output to the inputs"),))
        if self.full:
            yield Paragraph((_("Each gate hands down: downstream = upstream × local."),), indent=1)
        for step in steps:
            if isinstance(step, BackwardStep):
                yield from self._gate(step)
            else:
                yield from self._sum(step)

    def _gate(self, step: BackwardStep) -> Iterator[Block]:
        node = self.graph.nodes[step.place]
        rule = _(OPS[node.op].rule)
        head: list[Inline] = [
            f"{step.number}  ",
            self.name(step.place),
            " = ",
            self.formula(step.place),
        ]
        head.append(f"   [{rule}]   " + _("upstream") + " ")
        head += [self.gradient_of(step.place), " = ", self.number(step.upstream, "gradient")]
        yield Paragraph(tuple(head), indent=1)
        piece = self.branch_sentence(step.place)
        if piece and self.full:
            yield Paragraph(piece, indent=3)
        still = saturation(self.derivation, step.place, self.precision) if self.full else ""
        if still:
            yield Paragraph((still,), indent=3)
        yield Formulas(tuple(self._edge_lines(step)), indent=3)
        if self.full:
            yield from self._readings(step)

    def _edge_lines(self, step: BackwardStep) -> Iterator[tuple[str, tuple[Math, ...], str]]:
        said = ""
        for edge in step.edges:
            twice = sum(e.places[0] == edge.places[0] for e in step.edges) > 1
            operand = _(", operand {number}").format(number=edge.slot + 1) if twice else ""
            if self.full:
                reason = self._reason(edge)
                terms, lost = self._local_terms(edge)
                lead = _("local") + operand
                yield lead, terms, "; ".join(filter(None, ("" if reason == said else reason, lost)))
                said = reason
            yield self._downstream_line(edge, operand)

    def _reason(self, edge: Contribution) -> str:
        if isinstance(edge.local, float) and math.isnan(edge.local):
            return _("not defined at this point over the real numbers")
        node = self.graph.nodes[edge.places[1]]
        return _(OPS[node.op].reason(edge.slot, len(node.operands)))

    def _local_terms(self, edge: Contribution) -> tuple[tuple[Math, ...], str]:
        """Return ∂v/∂u = formula = formula with the output's name = with numbers = value; a remark."""
        form = local_form(self.derivation, edge.places[1], edge.slot)
        terms = [self.gradient_of(edge.places[0], edge.places[1])]
        tried = [self.tree(form.by_inputs, "local")]
        if form.by_output is not form.by_inputs:
            tried.append(self.tree(form.by_output, "local"))
        truly = put_in(form, self._value, edge.local, self.precision)
        digits = truly.digits.result if truly else 0
        if isinstance(form.by_output, Number):
            digits = min(self.precision, _SURE)  # 0.1 is 0.1, although float64 holds 0.1 + 5.6e-18
        value = self.number(edge.local, "local", digits=digits)
        if truly is not None:
            if truly.tree is form.accurate:
                tried.append(self.tree(form.accurate, "local"))
            tried.append(self._numbered(truly.tree, truly.digits.numbers))
        for term in tried:
            if term.unicode not in (value.unicode, terms[-1].unicode):
                terms.append(term)
        if isinstance(edge.local, float) and edge.local == 0 and truly is not None:
            lost = underflows(truly.tree, self._value)
            return (*terms, value), _("too small for float64") if lost else ""
        return (*terms, value), ""

    def _downstream_line(
        self, edge: Contribution, operand: str
    ) -> tuple[str, tuple[Math, ...], str]:
        several = len(self._numbered_uses(edge.places[0])) > 1
        product = self._chain_rule(edge)
        head = () if several else (self.gradient_of(edge.places[0]),)
        factors = edge.upstream, edge.local
        digits = multiplied(factors, edge.downstream, self.precision)
        numbers: tuple[Math, ...] = ()
        if digits is not None:
            one = self.number(edge.upstream, digits=digits.numbers)
            other = self.number(edge.local, wrapped=True, digits=digits.numbers)
            numbers = (
                Math(f"{one.unicode} × {other.unicode}", rf"{one.latex} \times {other.latex}"),
            )
        value = self.number(edge.downstream, "gradient", digits=digits.result if digits else 0)
        remark = self._remark(digits, edge.downstream, factors)
        if several:
            uses = self._numbered_uses(edge.places[0])
            use, count = uses[edge.places[1], edge.slot], len(uses)
            part = _("contribution {use} of {count} to ").format(use=use, count=count)
            part += self.gradient_of(edge.places[0]).unicode
            remark = f"{part}; {remark}" if remark else part
        return _("downstream") + operand, (*head, product, *numbers, value), remark

    def _handed(self, place: int) -> list[tuple[int, int, int]]:
        keys = ((place, use.target, use.slot) for use in self.graph.uses[place])
        return [key for key in keys if key in self.derivation.contributions]

    def _chain_rule(self, edge: Contribution) -> Math:
        """Return ∂f/∂v × ∂v/∂u; at the output's own gate, where both look alike, in words."""
        if edge.places[1] == self.graph.output:
            up, local = _("upstream"), _("local")
            return Math(f"{up} × {local}", rf"\text{{{up}}} \times \text{{{local}}}")
        up_, local_ = self.gradient_of(edge.places[1]), self.gradient_of(edge.places[0], edge.places[1])
        return Math(f"{up_.unicode} × {local_.unicode}", rf"{up_.latex} \times {local_.latex}")

    def _numbered_uses(self, place: int) -> dict[tuple[int, int], int]:
        if place not in self._uses:
            handed = self._handed(place)
            self._uses[place] = {(t, s): n for n, (_p, t, s) in enumerate(handed, 1)}
        return self._uses[place]

    def _readings(self, step: BackwardStep) -> Iterator[Block]:
        for source in dict.fromkeys(edge.places[0] for edge in step.edges):
            if len(self._numbered_uses(source)) == 1:
                gradient = self.derivation.upstreams[source]
                if gradient is not None:
                    yield Paragraph(self.plain_reading(source, gradient), indent=3)

    def plain_reading(self, place: int, gradient: Exact) -> tuple[Inline, ...]:
        """Return what a gradient means: raising x by 0.01 changes f by about ..."""
        if isinstance(gradient, float) and math.isnan(gradient):
            return (_("no gradient along "), self.name(place), _(" at this point"))
        if gradient == 0:
            still = (_("moving "), self.name(place), _(" a little does not change "),
                     self.name(self.graph.output))  # fmt: skip
            return (_("as far as float64 can tell, "), *still) if self._cancels(place) else still
        change = self.number(float(gradient * _NUDGE))
        return (
            _("raising "), self.name(place), _(" by 0.01 changes "), self.name(self.graph.output),
            _(" by about "), change,
        )  # fmt: skip

    def _cancels(self, place: int) -> bool:
        """Return whether a gradient of 0 is a sum of rounded numbers other than 0."""
        handed = [self.derivation.contributions[edge].downstream for edge in self._handed(place)]
        return any(isinstance(part, float) and part != 0 for part in handed)

    def _sum(self, step: AccumulateStep) -> Iterator[Block]:
        count = len(step.contributions)
        head: list[Inline] = [f"{step.number}  ", self.name(step.place), "   "]
        head.append(_("used {count} times: its contributions add up").format(count=count))
        yield Paragraph(tuple(head), indent=1)
        parts = [edge.downstream for edge in step.contributions]
        digits = added(parts, step.total, self.precision)
        total = self.number(step.total, "gradient", digits=digits.result if digits else 0)
        line = (self.gradient_of(step.place), *self._terms(parts, digits), total)
        yield Formulas(((_("sum"), line, self._remark(digits, step.total, (0,))),), indent=3)
        if self.full:
            yield Paragraph(self.plain_reading(step.place, step.total), indent=3)

    def _terms(self, parts: list[Exact], digits: Digits | None) -> tuple[Math, ...]:
        """Return a sum written out, its middle left out where it is long; nothing without digits."""
        if digits is None:
            return ()
        picked = parts
        if len(parts) > _LONGEST_SUM:
            picked = [*parts[: _LONGEST_SUM - 1], parts[-1]]
        terms = [
            self.number(part, wrapped=i > 0, digits=digits.numbers)
            for i, part in enumerate(picked)
        ]
        if len(parts) > _LONGEST_SUM:
            terms.insert(-1, Math("…", r"\dots"))
        return (
            Math(" + ".join(t.unicode for t in terms), " + ".join(t.latex for t in terms)),
        )

    def branch_sentence(self, place: int) -> tuple[Inline, ...]:
        """Return which piece of a piecewise operation is in force, in words; or nothing."""
        piece = branch(self.derivation, place)
        if piece is None:
            return ()
        operands = self.graph.nodes[place].operands
        names = [self.name(i).unicode for i in operands]
        chosen = _(" and ").join(dict.fromkeys(names[s] for s in piece.slots))
        return (_(piece.says).format(*names, chosen=chosen),)

    def summary(self) -> Iterator[Block]:
        """Yield the table of all values and gradients."""
        yield Heading(2, (_("Summary"),))
        rows = []
        for place, node in enumerate(self.graph.nodes):
            gradient = self.derivation.upstreams[place]
            if node.kind == "constant" or gradient is None:
                continue
            rows.append((
                (self.name(place),), (self.number(self.derivation.numbers[place], "value"),),
                (self.gradient_of(place),), (self.number(gradient, "gradient"),),
            ))  # fmt: skip
        yield Table((_("node"), _("value"), "", _("gradient")), tuple(rows), frozenset({1, 3}))
