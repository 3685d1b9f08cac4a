"""Forward steps told: a neuron's sum and its activation; what a box comes to."""

from __future__ import annotations

from ...language import Apply, Name
from ...scales import Box, Neuron
from ...sentences import N_
from ...steps import Exact
from ...translation import sentence as _
from ..narration.arithmetic import worked_out
from ..narration.document import Math
from .box_slopes import expanded
from .page import Page, Told
from .sums import Factor, Line, Summand

__all__ = ["box_forward", "neuron_forward", "neuron_sum"]

_SQUASHES = {
    "sigmoid": N_("σ squashes the sum into 0 to 1"),
    "tanh": N_("tanh squashes the sum into −1 to 1"),
    "relu": N_("relu keeps a positive sum and makes a negative one 0"),
    "softmax": N_("softmax shares 1 out among the outputs"),
    "": N_("a linear neuron hands its sum on as it is"),
}
"""What the best-known activations do to a sum."""


def neuron_forward(page: Page, neuron: Neuron) -> Told:
    """Return a neuron's sum and activation."""
    write = page.write
    net = write.net(neuron)
    total = write.value(neuron.net) * neuron.net_sign
    linear = not neuron.activation
    lead = write.name(neuron.place) if linear else net
    lines = [page.sum(lead, neuron_sum(page, neuron), total, "value")]
    if not linear:
        lines.append(_activated(page, neuron, net, total))
    first = (
        N_("a neuron adds up what comes in, each input times its weight, and the bias")
        if neuron.bias is not None
        else N_("a neuron adds up what comes in, each input times its weight")
    )
    squash = _SQUASHES.get(neuron.activation, "")
    reason = "; ".join(_(part) for part in (first, squash) if part)
    return Told(_("forward"), page.unit_name(neuron.place), tuple(lines), reason)


def neuron_sum(page: Page, neuron: Neuron) -> list[Summand]:
    """Return what a neuron adds up."""
    write = page.write
    terms = []
    for term in neuron.terms:
        source = Factor(write.name(term.source), write.value(term.source))
        if term.weight is None:
            terms.append(Summand(term.sign, (source,)))
        else:
            weight = Factor(write.name(term.weight), write.value(term.weight))
            terms.append(Summand(term.sign, (weight, source)))
    if neuron.bias is not None:
        bias = Factor(write.name(neuron.bias.place), write.value(neuron.bias.place))
        terms.append(Summand(neuron.bias.sign, (bias,)))
    return terms


def _activated(page: Page, neuron: Neuron, net: Math, total: Exact) -> Line:
    """Return `h₁ = σ(net) = σ(0.3775) = 0.5933`."""
    write, value = page.write, page.write.value(neuron.place)
    symbols = [write.name(neuron.place), write.activation(neuron, net.unicode, net.latex)]
    if neuron.activation == "softmax":
        return _softmax(page, neuron, symbols, value)
    tree = Apply(neuron.activation, (Name("net"),), page.graph.nodes[neuron.place].options)
    digits = worked_out(tree, lambda _name: total, value, page.precision)
    if page.shows(digits):
        put_in = write.number(total, page.figures(digits))
        symbols.append(write.activation(neuron, put_in.unicode, put_in.latex))
    return page.line([*symbols, page.end(value, "value", digits)], digits)


def _softmax(page: Page, neuron: Neuron, symbols: list[Math], value: Exact) -> Line:
    """Return `p₁ = softmax(z₁, z₂)₁ = e^z₁ over the sum of all = 0.66`."""
    write = page.write
    nets = page.graph.nodes[neuron.place].operands
    own = Apply("exp", (Name(page.graph.nodes[neuron.net].name),))
    tree = Apply("divide", (own, Apply("sum", tuple(
        Apply("exp", (Name(page.graph.nodes[net].name),)) for net in nets
    ))))  # fmt: skip
    digits = worked_out(tree, page.named, value, page.precision)
    if page.shows(digits) and len(nets) <= page.most:
        figures = page.figures(digits)
        numbers = [write.number(write.value(net), figures) for net in nets]
        top = write.number(write.value(neuron.net), figures)
        below = " + ".join(f"exp({n.unicode})" for n in numbers)
        latex_below = " + ".join(f"e^{{{n.latex}}}" for n in numbers)
        symbols.append(
            Math(f"exp({top.unicode})/({below})", rf"\frac{{e^{{{top.latex}}}}}{{{latex_below}}}")
        )
    return page.line([*symbols, page.end(value, "value", digits)], digits)


def box_forward(page: Page, box: Box) -> Told:
    """Return what a box comes to."""
    tree = expanded(page.derivation, page.graph.formula(box.place), set(box.cone))
    line = page.tree_line(page.write.name(box.place), tree, page.write.value(box.place), "value")
    reason = ""
    if box.place == page.graph.output:
        reason = _("one number tells how far the outputs are from their targets")
    return Told(_("forward"), page.unit_name(box.place), (line,), reason)
