"""How the quantities of a network are written: a neuron's δ, gradients, sums, activations.

Enters: a derivation and its network. Leaves: pieces of formulas, in Unicode and LaTeX.
"""

from __future__ import annotations

import re
from fractions import Fraction

from ...language import shown_name
from ...language.shown_names import name_parts
from ...language.symbols import SUBSCRIPTS
from ...ops import OPS
from ...scales import Network, Neuron
from ...steps import Derivation, Exact
from ..narration.document import Math
from ..narration.formulas import latex_name
from ..narration.numbers import latex_number, shown

__all__ = ["Symbols"]

_PREFIX = re.compile(r"(?:out|net|act|hidden|neuron)_?([A-Za-z]+\d+)\Z")
"""Names of which the part behind says which neuron it is: `out_h1`."""


class Symbols:
    """Writes the quantities of one derivation at the scale of neurons."""

    def __init__(self, derivation: Derivation, network: Network) -> None:
        self.derivation = derivation
        self.network = network
        self.graph = derivation.graph_table
        self._deltas = self._all_deltas()

    def name(self, place: int) -> Math:
        """Return a node's name; a constant's number."""
        node = self.graph.nodes[place]
        if node.kind == "constant" and node.value is not None:
            text = node.text or shown(node.value)
            return Math(text, latex_number(node.value))
        return Math(shown_name(node.name), latex_name(node.name))

    def gradient(self, place: int) -> Math:
        """Return ∂f/∂node."""
        return self.ratio(self.graph.output, place)

    def ratio(self, of: int, along: int) -> Math:
        """Return ∂of/∂along."""
        top, low = self.name(of), self.name(along)
        return Math(
            f"∂{top.unicode}/∂{low.unicode}",
            rf"\frac{{\partial {top.latex}}}{{\partial {low.latex}}}",
        )

    def delta(self, neuron: Neuron) -> Math:
        """Return δ of a neuron: δₕ₁, δ⁽¹⁾₂, δ(price)."""
        return self._deltas[neuron.place]

    def net(self, neuron: Neuron) -> Math:
        """Return the name of a neuron's sum; `net` where it has none."""
        node = self.graph.nodes[neuron.net]
        if neuron.net != neuron.place and node.named and neuron.net_sign > 0:
            return self.name(neuron.net)
        return Math("net", r"\mathrm{net}")

    def activation(self, neuron: Neuron, of: str, of_latex: str) -> Math:
        """Return the activation of something: σ(net)."""
        row = OPS[neuron.activation]
        options = dict(self.graph.nodes[neuron.place].options)
        index = options.pop("index", None)
        more = "".join(f", {value:g}" for value in options.values())
        sign = row.sign if neuron.activation == "sigmoid" else row.called
        mark = r"\sigma" if neuron.activation == "sigmoid" else rf"\operatorname{{{sign}}}"
        mark = mark.replace("_", r"\_")
        if index is None:
            return Math(f"{sign}({of}{more})", rf"{mark}\left({of_latex}{more}\right)")
        nets = [self.name(p) for p in self.graph.nodes[neuron.place].operands]
        below = int(index) + 1
        one = ", ".join(net.unicode for net in nets)
        other = ", ".join(net.latex for net in nets)
        return Math(
            f"{sign}({one}){str(below).translate(_LOWERED)}",
            rf"{mark}\left({other}\right)_{{{below}}}",
        )

    def slope(self, neuron: Neuron) -> Math:
        """Return the activation's slope: σ′(net)."""
        net = self.net(neuron)
        sign = "σ" if neuron.activation == "sigmoid" else OPS[neuron.activation].called
        mark = r"\sigma" if sign == "σ" else rf"\operatorname{{{sign}}}".replace("_", r"\_")
        return Math(f"{sign}′({net.unicode})", rf"{mark}'\left({net.latex}\right)")

    def number(self, value: Exact, digits: int, role: str = "", bracketed: bool = False) -> Math:
        """Return a number; a negative one in brackets where asked."""
        one, other = shown(value, digits), latex_number(value, digits)
        if bracketed and one.startswith("−"):
            return Math(f"({one})", rf"\left({other}\right)", role)
        return Math(one, other, role)

    def value(self, place: int) -> Exact:
        """Return a node's value."""
        return self.derivation.numbers[place]

    def upstream(self, place: int) -> Exact:
        """Return ∂f/∂node; 0 where none passes."""
        found = self.derivation.upstreams[place]
        return Fraction(0) if found is None else found

    def delta_value(self, neuron: Neuron) -> Exact:
        """Return ∂f/∂net of a neuron."""
        return self.upstream(neuron.net) * neuron.net_sign

    def _all_deltas(self) -> dict[int, Math]:
        found = {n.place: _short_delta(self.graph.nodes[n.place].name) for n in self.network.neurons}
        known = {node.name for node in self.graph.nodes}
        count: dict[str, int] = {}
        for short in found.values():
            if short is not None:
                count[short.unicode] = count.get(short.unicode, 0) + 1
        shown_names = {shown_name(name) for name in known}
        out: dict[int, Math] = {}
        for place, short in found.items():
            name = self.name(place)
            long = Math(f"δ({name.unicode})", rf"\delta_{{{name.latex}}}")
            unique = short is not None and count[short.unicode] == 1
            fits = short is not None and unique and short.unicode not in shown_names
            out[place] = short if fits and short is not None else long
        return out


_LOWERED = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def _short_delta(name: str) -> Math | None:
    r"""Return δ with a neuron's name as its index, where Unicode can write it.

    >>> [_short_delta(n).unicode for n in ("h1", "out_h1", "a1_2", "o")]
    ['δₕ₁', 'δₕ₁', 'δ⁽¹⁾₂', 'δₒ']
    >>> _short_delta("y") is None
    True
    """
    match = _PREFIX.match(name)
    below = match[1] if match else name
    parts = name_parts(name)
    if parts and parts.above and parts.stem in ("a", "h"):
        return Math(shown_name(f"delta{parts.above}_{parts.below}"),
                    rf"\delta^{{({parts.above})}}_{{{parts.below}}}")  # fmt: skip
    if not all(c in SUBSCRIPTS for c in below):
        return None
    return Math("δ" + "".join(SUBSCRIPTS[c] for c in below), rf"\delta_{{{below}}}")
