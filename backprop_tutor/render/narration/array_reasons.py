"""What stands beside a rule over arrays: the gradient in indices, what shapes say, softmax's Jacobian.

Enters: a derivation over arrays and an edge that a gradient passes. Leaves: blocks of a `Document`.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import numpy as np

from ...language import shown_name
from ...matrices.array_derivation import ArrayDerivation
from ...matrices.array_graph import ArrayGraph, options_of, record_of
from ...matrices.index_words import IndexFormula, index_formula
from ...ops.sizes import Size
from ...ops.sizes import shown as shown_shape
from ...sentences import said
from ...steps import Contribution
from .document import Block, Formulas, Grid, Math, Paragraph
from .formulas import latex_name
from .numbers import latex_number, shown

__all__ = ["entry_block", "indices_block", "only_product", "softmax_blocks"]

_WHOLE = 6
_CORNER = 3
_NAMED = 2
"""So many other products of the shape are named."""
_NEAR = 1e-12


def indices_block(graph: ArrayGraph, source: int, target: int, slot: int) -> Iterator[Block]:
    """Return one entry of what an edge hands back, as a formula over indices, where one reads well."""
    found = index_formula(graph, target, slot, latex_name)
    if found is not None:
        yield entry_block(graph, source, target, found)


def entry_block(graph: ArrayGraph, source: int, target: int, found: IndexFormula) -> Block:
    """Return one entry of what an edge hands back, which `found` is."""
    f = graph.nodes[graph.output].name
    unicode = f"∂{shown_name(f)}/∂{found.entry[0]}"
    latex = rf"\frac{{\partial {latex_name(f)}}}{{\partial {found.entry[1]}}}"
    uses = [use for use in graph.uses[source] if graph.relevant[use.target]]
    if len(uses) > 1:
        gate = graph.nodes[target].name
        unicode = said("part of {gradient} through {gate}", gradient=unicode, gate=shown_name(gate))
        latex = rf"{latex}\Big|_{{{latex_name(gate)}}}"
    terms = (Math(unicode, latex), Math(*found.body, "local"))
    return Formulas((("", terms, ""),), 2)


def only_product(graph: ArrayGraph, source: int, target: int, slot: int) -> str:
    """Return what the shapes say about a gradient that is a product of matrices; nothing of others."""
    record = record_of(graph.nodes[target])
    shapes: Any = [graph.shapes[i] for i in graph.nodes[target].operands]
    if record is None or record.name != "matmul" or any(len(shape) != 2 for shape in shapes):
        return ""
    other = 1 - slot
    name = shown_name(graph.nodes[graph.nodes[target].operands[other]].name)
    upstream: Any = graph.shapes[target]
    right = f"{name}ᵀ·δ" if slot else f"δ·{name}ᵀ"
    fits = [text for text, shape in _products(name, shapes[other], upstream) if shape == shapes[slot]]
    own, shape = shown_name(graph.nodes[source].name), shown_shape(shapes[slot])
    if fits == [right]:
        return said(
            "of {other}, {size}, and δ, {upstream}, only the product {product} has the shape of {own}, "
            "{shape}", other=name, size=shown_shape(shapes[other]), upstream=shown_shape(upstream),
            product=right, own=own, shape=shape,
        )  # fmt: skip
    others = [text for text in fits if text != right]
    listed = ", ".join(others[:_NAMED]) + (", …" if len(others) > _NAMED else "")
    return said(
        "shapes alone do not decide here: {others} would have the shape of {own}, {shape}, too",
        others=listed, own=own, shape=shape,
    )


def _products(
    name: str, shape: tuple[Size, Size], upstream: tuple[Size, Size]
) -> Iterator[tuple[str, tuple[Size, Size]]]:
    """Return every product of a matrix and δ, each as it is or turned, in either order, with its shape."""
    one = ((name, shape), (f"{name}ᵀ", shape[::-1]))
    delta = (("δ", upstream), ("δᵀ", upstream[::-1]))
    for first, second in itertools.product(one, delta):
        for left, right in ((first, second), (second, first)):
            if left[1][1] == right[1][0]:
                yield f"{left[0]}·{right[0]}", (left[1][0], right[1][1])


def softmax_blocks(d: ArrayDerivation, edge: Contribution, precision: int) -> Iterator[Block]:
    """Return how softmax's Jacobian makes what an edge hands back, shown for the first row.

    Softmax alone has it times δ; followed by the logarithm of what is wanted it leaves p − y.
    """
    graph = d.graph_table
    node = graph.nodes[edge.places[1]]
    record = record_of(node)
    if record is None or edge.slot or record.name not in ("softmax", "cross_entropy"):
        return
    scores = np.asarray(d.numbers[edge.places[0]], np.float64)
    if scores.ndim not in (1, 2) or scores.size == 0:
        return
    options = options_of(node)
    rows = scores.reshape(-1, scores.shape[-1])
    back = np.asarray(edge.downstream).reshape(rows.shape)[0]
    teller = _Rows(precision, len(rows) > 1)
    shifted = np.exp(rows[0] - rows[0].max())
    shares = shifted / shifted.sum()
    source = graph.nodes[edge.places[0]].name
    name = Math(shown_name(source), latex_name(source))
    if record.name == "softmax":
        if options["axis"] not in (-1, scores.ndim - 1, (-1,), (scores.ndim - 1,)):
            return
        delta = np.asarray(edge.upstream).reshape(rows.shape)[0]
        yield from teller.jacobian(shown_name(node.name), latex_name(node.name), shares, name)
        yield teller.row("δ·J", r"\delta \cdot J", shares * (delta - delta @ shares))
        wanted = _wanted_by(d, edge.places[1], np.asarray(edge.downstream))
        if wanted:
            yield Paragraph((wanted,), 2)
        return
    if options["label_smoothing"] or options["ignore_index"] >= 0 or len(node.operands) > 2:
        return
    target = np.asarray(d.numbers[node.operands[1]])
    hot = _wanted(target, scores)
    counted = len(rows) if options["reduction"] == "mean" else 1
    upstream = float(np.asarray(edge.upstream).reshape(-1)[0]) / counted
    if not np.all(shares > 0):
        return  # −y/p has no number there
    yield from teller.jacobian("p", "p", shares, name)
    f = shown_name(graph.nodes[graph.output].name)
    mean = "" if counted == 1 else f"/{counted}"
    times = "" if edge.places[1] == graph.output else "δ·"
    left = f"{'p − y' if hot.sum() == 1 else 'p·Σy − y'}"
    left = f"{times}({left}){mean}" if mean or times else left
    set_ = left.replace("−", "-").replace("δ·", r"\delta ").replace("·Σ", r" \sum ")
    head = rf"\frac{{\partial {latex_name(graph.nodes[graph.output].name)}}}{{\partial p}}"
    minus = rf"-{times and chr(92) + 'delta '}\frac{{y}}{{p}}{mean}"
    yield teller.row(f"∂{f}/∂p = −{times}y/p{mean}", f"{head} = {minus}", -upstream * hot / shares)
    yield teller.row(f"∂{f}/∂p·J = {left}", f"{head} J = {set_}", back)


def _jacobian(shares: Any) -> Any:
    """Return diag(p) − p·pᵀ; of many classes the corner that is shown."""
    seen = shares if len(shares) <= _WHOLE else shares[:_CORNER]
    return np.diag(seen) - np.outer(seen, seen)


def _wanted(target: Any, scores: Any) -> Any:
    """Return the first row of what is wanted: shares, or a 1 at its label."""
    if target.shape == scores.shape:
        return target.reshape(-1, scores.shape[-1])[0]
    hot = np.zeros(scores.shape[-1])
    hot[int(target.reshape(-1)[0])] = 1
    return hot


def _wanted_by(d: ArrayDerivation, place: int, back: Any) -> str:
    """Return that a gradient is (P − Y)/n, for an input Y whose rows sum to 1, where it is so."""
    shares = np.asarray(d.numbers[place], np.float64)
    for name, given in d.at.items():
        wanted = np.asarray(given, np.float64)
        if wanted.shape != shares.shape or not np.allclose(wanted.sum(-1), 1, atol=_NEAR):
            continue
        difference = shares - wanted
        for count in dict.fromkeys((1, *shares.shape[:1], shares.size)):
            if np.allclose(back * count, difference, rtol=1e-9, atol=_NEAR):
                over = "" if count == 1 else f"/{count}"
                formula = f"{shown_name(d.graph_table.nodes[place].name)} − {shown_name(name)}"
                return said("with this δ, −Y/P, each row leaves {formula}",
                            formula=f"({formula}){over}" if over else formula)  # fmt: skip
    return ""


class _Rows:
    """Writes one row and its Jacobian: whole up to 6 classes, else the corner."""

    def __init__(self, precision: int, several: bool) -> None:
        self.precision = precision
        self.several = several

    def jacobian(self, name: str, latex: str, shares: Any, scores: Math) -> Iterator[Block]:
        where = said("the first row") if self.several else ""
        of = Math(f"softmax({scores.unicode})", rf"\mathrm{{softmax}}({scores.latex})")
        yield self.row(f"{name} = {of.unicode}", f"{latex} = {of.latex}", shares, where)
        heading = r"J_{ij} = \frac{\partial p_i}{\partial s_j} = p_i([i = j] - p_j)"
        remark = said("the Jacobian of softmax")
        if len(shares) > _WHOLE:
            remark = said("the Jacobian of softmax, its corner")
        yield self._made("Jᵢⱼ = ∂pᵢ/∂sⱼ = pᵢ·([i = j] − pⱼ)", heading, _jacobian(shares), remark)

    def row(self, unicode: str, latex: str, values: Any, remark: str = "") -> Block:
        if len(values) > _WHOLE:
            values = values[:_CORNER]
            more = said("its first entries")
            remark = f"{remark}; {more}" if remark else more
        return self._made(unicode, latex, values.reshape(1, -1), remark)

    def _made(self, unicode: str, latex: str, values: Any, remark: str) -> Block:
        entries = tuple(
            tuple(
                Math(shown(float(x), self.precision), latex_number(float(x), self.precision), "local")
                for x in row
            )
            for row in values
        )
        return Grid((Math(unicode, latex),), entries, remark, 2)
