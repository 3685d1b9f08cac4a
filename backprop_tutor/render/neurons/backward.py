"""Backward steps told: δ from what comes back, then each weight's gradient; a box's slopes; shared sums."""

from __future__ import annotations

from fractions import Fraction

from ...language import Apply, Expression, Name, Number, postorder
from ...ops import OPS
from ...scales import Box, Neuron
from ...scales.steps import handed, slope, through
from ...sentences import said
from ...slopes import local_form
from ...steps import Exact
from ...translation import sentence as _
from ..narration.arithmetic import multiplied
from ..narration.document import Math
from ..narration.formulas import latex, unicode
from ..narration.saturation import saturation
from .box_slopes import box_slope
from .page import Page, Told
from .sums import Factor, Line, Summand

__all__ = [
    "box_backward", "contributions", "neuron_backward", "parameter_parts", "parameter_sum",
]  # fmt: skip


def neuron_backward(page: Page, neuron: Neuron) -> Told:
    """Return a neuron's δ from its contributions, then the gradients of its weights and bias."""
    lines = [*_delta_lines(page, neuron), *_parameter_lines(page, neuron)]
    reasons = []
    uses = _takers(page, neuron.place)
    if len(uses) > 1:
        reasons.append(_uses(page, neuron.place, len(uses)))
    if any(term.weight is not None for term in neuron.terms):
        reasons.append(_("a weight's gradient is δ where it ends × the value where it starts"))
    if neuron.bias and neuron.bias.place not in page.network.shared and neuron.bias.sign > 0:
        reasons.append(_("the bias's is δ itself"))
    still = saturation(page.derivation, neuron.place, page.precision) if neuron.activation else ""
    if still:
        reasons.insert(0, still)
    name = page.unit_name(neuron.place)
    return Told(_("backward"), name, tuple(lines), " · ".join(reasons))


def _uses(page: Page, place: int, count: int) -> str:
    return said(
        "{name} has {count} uses: what they hand back adds up",
        name=page.write.name(place).unicode, count=count,
    )  # fmt: skip


def _takers(page: Page, place: int) -> list[int]:
    """Return the units that take a value and hand a gradient back, in order."""
    return [
        unit
        for unit in page.takers(place)
        if any(edge in page.derivation.contributions for edge in _edges(page, unit, place))
    ]


def _edges(page: Page, unit: int, place: int) -> list[tuple[int, int, int]]:
    found = page.network.units[unit]
    if isinstance(found, Box):
        return list(found.edges.get(place, ()))
    return [term.source_edge for term in found.terms if term.source == place]


def contributions(page: Page, place: int) -> list[Summand]:
    """Return what a value's uses hand back to it: δ·w of each neuron, a box's part."""
    write = page.write
    out: list[Summand] = []
    for unit in _takers(page, place):
        found = page.network.units[unit]
        if isinstance(found, Box):
            part = handed(page.derivation, found.edges[place])
            name = _through_box(page, found, place)
            out.append(Summand(1, (Factor(name, part if part is not None else Fraction(0)),)))
            continue
        delta = Factor(write.delta(found), write.delta_value(found))
        for term in found.terms:
            if term.source == place:
                weight = term.weight
                own = () if weight is None else (Factor(write.name(weight), write.value(weight)),)
                out.append(Summand(term.sign, (delta, *own)))
    return out


def _through_box(page: Page, box: Box, place: int) -> Math:
    """Return how a box's part is written: its slope if it is the output and short, else in words."""
    tree = box_slope(page.derivation, box, place)
    if box.place == page.graph.output and tree is not None and not isinstance(tree, Number):
        return _bracketed(tree)
    name = page.write.name(box.place)
    words = _("part through {gate}")
    return Math(words.format(gate=name.unicode), rf"\text{{{words.format(gate='')}}}{name.latex}")


def _bracketed(tree: Expression) -> Math:
    text = unicode(tree)
    loose = isinstance(tree, Apply) and tree.op in ("add", "subtract", "negate")
    return Math(f"({text})", rf"\left({latex(tree)}\right)") if loose else Math(text, latex(tree))


def _delta_lines(page: Page, neuron: Neuron) -> list[Line]:
    write, place = page.write, neuron.place
    lines: list[Line] = []
    parts, takers = contributions(page, place), _takers(page, place)
    known = len(takers) == 1 and isinstance(page.network.units[takers[0]], Box)
    upstream = write.upstream(place)
    if parts and not known and place != page.graph.output:
        lines.append(page.sum(write.gradient(place), parts, upstream, "gradient", worked=True))
    delta, value = write.delta(neuron), write.delta_value(neuron)
    if neuron.activation == "softmax":
        lines.append(_softmax_delta(page, neuron, delta, value))
    elif not neuron.activation:
        end = write.number(value, page.precision, "gradient")
        lines.append(Line((delta, write.gradient(place), end)))
    else:
        lines.append(_slope_line(page, neuron, delta, value, upstream))
    return lines


def _slope_line(page: Page, neuron: Neuron, delta: Math, value: Exact, upstream: Exact) -> Line:
    """Return `δₕ₁ = ∂E/∂h₁ × σ′(net) = 0.03635 × h₁·(1 − h₁) = 0.03635 × 0.2413 = 0.008771`."""
    write = page.write
    found = slope(page.derivation, neuron)
    own = Fraction(0) if found is None else found
    digits = multiplied((upstream, own), value, page.precision)
    chain = [delta, _times(write.gradient(neuron.place), write.slope(neuron))]
    if page.shows(digits):
        figures = page.figures(digits)
        number = write.number(upstream, figures)
        tree = _slope_tree(page, neuron)
        if tree is not None:
            chain.append(_times(number, _bracketed(tree)))
        chain.append(_times(number, write.number(own, figures, bracketed=True)))
    return page.line([*chain, page.end(value, "gradient", digits)], digits)


def _slope_tree(page: Page, neuron: Neuron) -> Expression | None:
    """Return the activation's slope by its output alone, `h₁·(1 − h₁)`, where the rule has that form."""
    node = page.graph.nodes[neuron.place]
    if node.op != neuron.activation or OPS[node.op].branch is not None:
        return None
    if (neuron.net, neuron.place, 0) not in page.derivation.contributions:
        return None
    tree = local_form(page.derivation, neuron.place, 0).shortest
    names = {part.name for part in postorder(tree) if isinstance(part, Name)}
    return tree if names == {node.name} else None


def _softmax_delta(page: Page, neuron: Neuron, delta: Math, value: Exact) -> Line:
    """Return δ as what comes back to each output of softmax, times its slope along this sum."""
    write, parts = page.write, []
    for use in page.graph.uses[neuron.net]:
        edge = page.derivation.contributions.get((neuron.net, use.target, use.slot))
        if edge is None:
            continue
        symbol = write.ratio(use.target, neuron.net)
        if not page.graph.nodes[neuron.net].named:
            top = write.name(use.target)
            symbol = Math(
                f"∂{top.unicode}/∂net", rf"\frac{{\partial {top.latex}}}{{\partial \mathrm{{net}}}}"
            )
        back = Factor(write.gradient(use.target), edge.upstream)
        parts.append(Summand(1, (back, Factor(symbol, edge.local))))
    if not parts:
        return Line((delta, write.number(value, page.precision, "gradient")))
    return page.sum(delta, parts, value, "gradient")


def _parameter_lines(page: Page, neuron: Neuron) -> list[Line]:
    """Return each weight's gradient, δ × the value where it starts, and the bias's."""
    write, lines, handed_down = page.write, [], page.derivation.contributions
    delta = Factor(write.delta(neuron), write.delta_value(neuron))
    for term in neuron.terms:
        if term.weight is None or term.weight_edge is None or term.weight_edge not in handed_down:
            continue
        if page.graph.nodes[term.weight].kind == "constant":
            continue
        source = Factor(write.name(term.source), write.value(term.source))
        total = handed_down[term.weight_edge].downstream
        lead = _part_of(page, term.weight, neuron.place)
        lines.append(page.sum(lead, [Summand(term.sign, (delta, source))], total, "gradient"))
    bias = neuron.bias
    if bias and bias.edge in handed_down and page.graph.nodes[bias.place].kind != "constant":
        total = handed_down[bias.edge].downstream
        lead = _part_of(page, bias.place, neuron.place)
        lines.append(page.sum(lead, [Summand(bias.sign, (delta,))], total, "gradient"))
    return lines


def _part_of(page: Page, place: int, unit: int) -> Math:
    """Return ∂f/∂node, or that it is a part of it, where other units hand it theirs."""
    gradient = page.write.gradient(place)
    inside = set(page.network.units[unit].cone)
    uses = [use for use in page.graph.uses[place] if page.graph.relevant[use.target]]
    own = sum(use.target in inside for use in uses)
    if own == len(uses) and (own == 1 or isinstance(page.network.units[unit], Box)):
        return gradient
    words = _("part of {gradient}")
    return Math(
        words.format(gradient=gradient.unicode),
        rf"\text{{{words.format(gradient='')}}}{gradient.latex}",
    )


def box_backward(page: Page, box: Box) -> Told:
    """Return what a box hands back to each unit and each shared parameter that enters it."""
    lines = []
    for source in box.sources:
        if source in page.network.units or source in page.parameters:
            line = _box_line(page, box, source)
            if line is not None:
                lines.append(line)
    if box.place == page.graph.output:
        reason = _("how much the error changes with each output: its own slope")
    else:
        reason = _("what comes back is handed on, times the box's own slope")
    return Told(_("backward"), page.unit_name(box.place), tuple(lines), reason)


def _box_line(page: Page, box: Box, source: int) -> Line | None:
    """Return `∂E/∂o₁ = o₁ − t₁ = 0.7514 − 0.01 = 0.7414`, times what comes back to an inner box."""
    write = page.write
    total = handed(page.derivation, box.edges[source])
    if total is None:
        return None
    lead = _part_of(page, source, box.place)
    tree = box_slope(page.derivation, box, source)
    if box.place != page.graph.output:
        own = through(page.derivation, box.place, frozenset(box.cone)).get(source, Fraction(0))
        symbol = write.ratio(box.place, source)
        if tree is not None and not isinstance(tree, Number):
            symbol = _bracketed(tree)
        back = Factor(write.gradient(box.place), write.upstream(box.place))
        return page.sum(lead, [Summand(1, (back, Factor(symbol, own)))], total, "gradient")
    if tree is None or isinstance(tree, Number):
        return Line((lead, write.number(total, page.precision, "gradient")))
    return page.tree_line(lead, tree, total, "gradient")


def parameter_sum(page: Page, place: int) -> Told:
    """Return a shared parameter's gradient: the sum of what its uses hand back."""
    write = page.write
    parts = parameter_parts(page, place)
    total = write.upstream(place)
    line = page.sum(write.gradient(place), parts, total, "gradient", worked=True)
    name = write.name(place).unicode
    return Told(_("accumulate"), name, (line,), _uses(page, place, len(parts)))


def parameter_parts(page: Page, place: int) -> list[Summand]:
    """Return what each use of a shared weight or bias hands back."""
    write, handed_down = page.write, page.derivation.contributions
    out: list[Summand] = []
    for taker in page.takers(place):
        unit = page.network.units[taker]
        if isinstance(unit, Box):
            part = handed(page.derivation, unit.edges.get(place, ()))
            if part is not None:
                out.append(Summand(1, (Factor(_through_box(page, unit, place), part),)))
            continue
        delta = Factor(write.delta(unit), write.delta_value(unit))
        for term in unit.terms:
            if term.weight == place and term.weight_edge in handed_down:
                source = Factor(write.name(term.source), write.value(term.source))
                out.append(Summand(term.sign, (delta, source)))
        if unit.bias and unit.bias.place == place and unit.bias.edge in handed_down:
            out.append(Summand(unit.bias.sign, (delta,)))
    return out


def _times(one: Math, other: Math) -> Math:
    return Math(f"{one.unicode} × {other.unicode}", rf"{one.latex} \times {other.latex}")
