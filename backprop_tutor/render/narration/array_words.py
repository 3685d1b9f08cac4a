"""A derivation over arrays told in order: shapes, forward, backward with rules and reasons, the check.

Enters: an `ArrayDerivation`. Leaves: the blocks of a `Document`. Matrices up to 6×6 stand whole; of larger
ones a corner, the smallest, the largest and the norm.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import numpy as np

from ...language import shown_name
from ...matrices.array_check import check_arrays
from ...matrices.array_derivation import ArrayDerivation, Entry
from ...matrices.array_graph import record_of
from ...matrices.rules import reason_of, rule_formula
from ...sentences import N_, again, counted, said
from ...steps import AccumulateStep, BackwardStep, ForwardStep, SeedStep, Step
from ...translation import sentence as _
from .array_names import ArrayNames
from .array_reasons import indices_block, only_product, softmax_blocks
from .document import Block, Bullets, Document, Formulas, Grid, Heading, Math, Paragraph, Table
from .numbers import latex_number, shown
from .rule_tex import rule_latex

__all__ = ["array_document", "entry_document"]

_WHOLE = 6
_CORNER = 3
_LONGEST_RULE = 90
"""A longer formula is not shown: its reason says it."""
_CHECKED = 3_000
"""The check is appended where all inputs together have so many entries at most."""
_MOST_TERMS = 16
_VERDICTS = {"agree": N_("agree"), "kink": N_("kink"), "unknown": "—", "differ": N_("DIFFER")}


class _Teller(ArrayNames):
    """Writes numbers and matrices beside the names."""

    def __init__(self, derivation: ArrayDerivation, precision: int) -> None:
        super().__init__(derivation.graph_table)
        self.d = derivation
        self.precision = precision

    def entry(self, value: float | Fraction, role: str) -> Math:
        return Math(shown(value, self.precision), latex_number(value, self.precision), role)

    def grid(
        self, terms: tuple[Math, ...], array: Any, role: str, place: int, exact: Any = None
    ) -> Block:
        """Return terms and the array that they are equal to: whole, or a corner and a summary.

        Where what is `exact` is known its entries are shown.
        """
        indent = 1
        values = np.asarray(array, np.float64)
        seen = values if exact is None else exact
        if values.ndim == 0:
            return Formulas((("", (*terms, self.entry(seen.item(), role)), ""),), indent)
        rows = seen.reshape(1, -1) if values.ndim < 2 else seen.reshape(-1, values.shape[-1])
        remark = self.shape(place)
        if rows.shape[0] > _WHOLE or rows.shape[1] > _WHOLE or values.ndim > 2:
            part = (
                N_("{shape}; its first entries; smallest {least}, largest {most}, norm {norm}")
                if values.ndim == 1
                else N_("{shape}; its corner; smallest {least}, largest {most}, norm {norm}")
            )
            remark = said(
                part, shape=remark, least=shown(float(values.min()), self.precision),
                most=shown(float(values.max()), self.precision),
                norm=shown(float(np.linalg.norm(values)), self.precision),
            )  # fmt: skip
            rows = rows[:_CORNER, :_CORNER]
        made = tuple(tuple(self.entry(x, role) for x in row) for row in rows.tolist())
        return Grid(terms, made, remark, indent)


def array_document(
    derivation: ArrayDerivation, precision: int = 4, full: bool = True, check: bool | None = None
) -> Document:
    """Return the whole explanation of a derivation over arrays."""
    return Document(tuple(_blocks(_Teller(derivation, precision), full, check)))


def _blocks(teller: _Teller, full: bool, check: bool | None) -> Iterator[Block]:
    d, graph = teller.d, teller.graph
    yield Heading(1, (_("The derivation of "), teller.name(graph.output)))
    yield teller.reading()
    if d.notes:
        yield Bullets(tuple((again(note),) for note in d.notes))
    yield Heading(2, (_("Shapes"),))
    yield teller.shapes_table()
    phases = {"forward": _("Forward"), "seed": _("Backward")}
    for step in d.steps:
        if isinstance(step, ForwardStep) and step.number == 1:
            yield Heading(2, (phases["forward"],))
        if isinstance(step, SeedStep):
            yield Heading(2, (phases["seed"],))
        yield from _step(teller, step, full)
    yield Heading(2, (_("Gradients"),))
    yield _summary(teller)
    given: Any = d.at
    sizes = sum(np.size(array) for array in given.values())
    if check or (check is None and full and sizes <= _CHECKED):
        yield from _check(teller)


def _step(teller: _Teller, step: Step, full: bool) -> Iterator[Block]:
    graph, d = teller.graph, teller.d
    if isinstance(step, ForwardStep):
        terms = (teller.name(step.place), teller.formula(step.place))
        yield Paragraph((f"{step.number}",))
        yield teller.grid(terms, step.value, "value", step.place, d.exactly.values[step.place])
        record = record_of(graph.nodes[step.place])
        if full and record is not None and record.name == "expand":
            source = graph.nodes[step.place].operands[0]
            yield Paragraph((teller.repeated(source, step.place),), indent=1)
    elif isinstance(step, SeedStep):
        one = Math("1", "1", "gradient")
        yield Paragraph((f"{step.number}",))
        yield Formulas((("", (teller.gradient(step.place), one), ""),), indent=1)
    elif isinstance(step, BackwardStep):
        yield Paragraph((
            f"{step.number}  ",
            said("through {formula}; upstream δ = {gradient}, {shape}",
                 formula=f"{teller.name(step.place).unicode} = {teller.formula(step.place).unicode}",
                 gradient=teller.gradient(step.place).unicode, shape=teller.shape(step.place)),
        ))  # fmt: skip
        for edge in step.edges:
            source = edge.places[0]
            told = [teller.part(*edge.places)]
            rule = rule_formula(graph, edge.places[1], edge.slot)
            if len(rule) <= _LONGEST_RULE:
                told.append(Math(rule, rule_latex(rule, teller.names), "local"))
            exact = d.exactly.edges.get((*edge.places, edge.slot))
            yield teller.grid(tuple(told), edge.downstream, "gradient", source, exact)
            yield from indices_block(graph, *edge.places, edge.slot)
            if full:
                yield Paragraph(
                    (again(said(reason_of(graph, edge.places[1], edge.slot))),), indent=2
                )
                fits = only_product(graph, *edge.places, edge.slot)
                if fits:
                    yield Paragraph((fits,), indent=2)
                yield from softmax_blocks(d, edge, teller.precision)
    elif isinstance(step, AccumulateStep):
        yield Paragraph((
            f"{step.number}  ",
            said("{name} has {count} uses: what they hand back adds up",
                 name=teller.name(step.place).unicode, count=len(step.contributions)),
        ))  # fmt: skip
        yield teller.grid(
            (teller.gradient(step.place),), d.upstreams[step.place], "gradient", step.place,
            d.exactly.gradients[step.place],
        )  # fmt: skip


def _summary(teller: _Teller) -> Block:
    rows = []
    for i, node in enumerate(teller.graph.nodes):
        gradient: Any = teller.d.upstreams[i]
        if node.kind == "input" and gradient is not None:
            size = shown(float(np.linalg.norm(gradient)), teller.precision)
            rows.append(
                ((teller.gradient(i),), (teller.shape(i),), (Math(size, size, "gradient"),))
            )
    return Table((_("gradient"), _("shape"), _("norm")), tuple(rows), frozenset({2}))


def _check(teller: _Teller) -> Iterator[Block]:
    found = check_arrays(teller.d)
    yield Heading(2, (_("Check"),))
    rows = []
    for row in found.rows:
        numeric, symbolic = (
            "—" if np.isnan(each) else f"{each:.0e}" for each in (row.numeric, row.symbolic)
        )
        verdict = _(_VERDICTS[row.verdict])
        name = f"∂{shown_name(teller.f)}/∂{shown_name(row.name)}"
        rows.append(((name,), (str(row.entries),), (numeric,), (symbolic,), (verdict,)))
    headers = (_("gradient"), _("entries"), _("from differences"), _("from SymPy"), _("verdict"))
    yield Table(headers, tuple(rows), frozenset({1, 2, 3}))
    if all(row.verdict == "agree" for row in found.rows):
        yield Paragraph((_("Relative distances; every entry agrees."),), indent=1)
    if any(row.kinks for row in found.rows):
        kinks = _("At a kink the gradient lies between the slopes of the two sides.")
        yield Paragraph((kinks,), indent=1)
    if any(row.verdict == "unknown" for row in found.rows):
        hidden = _("Where rounding hides the slope, differences tell nothing: —.")
        yield Paragraph((hidden,), indent=1)


def entry_document(derivation: ArrayDerivation, entry: Entry, precision: int = 4) -> Document:
    """Return one entry of a gradient in full: its sum, each term with where it comes from."""
    teller = _Teller(derivation, precision)
    name, at = shown_name(entry.name), ", ".join(map(str, entry.at))
    own = f"{name}[{at}]" if entry.at else name
    blocks: list[Block] = [Heading(1, (f"∂{shown_name(teller.f)}/∂{own}",))]
    rows = []
    for term in entry.terms[:_MOST_TERMS]:
        where = ", ".join(map(str, term.at))
        of = f"{shown_name(term.of)}[{where}]" if term.at else shown_name(term.of)
        rows.append((
            (f"∂{shown_name(teller.f)}/∂{of}",), (teller.entry(term.upstream, "gradient"),),
            (f"∂{of}/∂{own}",), (teller.entry(term.slope, "local"),),
            (teller.entry(term.product, "gradient"),),
        ))  # fmt: skip
    headers = (_("upstream"), "", _("local"), "", _("product"))
    blocks.append(Table(headers, tuple(rows), frozenset({1, 3, 4})))
    left = len(entry.terms) - len(rows)
    if left:
        more = counted(left, N_("and 1 more term"), N_("and {count} more terms"))
        blocks.append(Paragraph((more,), indent=1))
    total = (Math(f"∂{shown_name(teller.f)}/∂{own}", own), teller.entry(entry.value, "gradient"))
    blocks.append(Formulas((("", total, _("the sum of the products")),), indent=1))
    return Document(tuple(blocks))
