"""A derivation without numbers, told: slopes, the chain rule filled in, paths, shared factors.

Enters: a `SymbolicPass`, and the layers of its network where it has some. Leaves: the blocks of a
`Document`. What is too long to be written is said to be, with its size.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from ...chains import Chain, Formula, Link, Part, Shared, SymbolicPass, routes, shared_factors, ways
from ...chains.links import MANY
from ...language import UNICODE, Apply, Expression, Number
from ...ops import OPS, PRODUCT
from ...ops.array_rows import row_of
from ...scales import Network, Neuron
from ...sentences import N_, again, counted, said, whole
from ...translation import sentence as _
from .agreement import agreed
from .document import Block, Bullets, Document, Formulas, Heading, Inline, Math, Paragraph, Table
from .feed_forward import feed_forward
from .formulas import LATEX, latex, unicode

__all__ = ["INLINE", "gradient_of", "symbols_document"]

_MOST_ROUTES = 24
"""Paths are listed while all inputs together have at most so many."""

_LONGEST_LIST = 6

_LONGEST_SUM = 12
"""Of a sum of more terms the middle is left out."""

INLINE = 10
"""In the inputs alone a gradient stands beside the others up to so many operations."""


def gradient_of(chain: Chain, top: int, low: int, markup: bool = True) -> Math:
    """Return ∂top/∂low of two quantities of a chain."""
    one, other = _name(chain, top), _name(chain, low)
    tex = rf"\frac{{\partial {one.latex}}}{{\partial {other.latex}}}" if markup else ""
    return Math(f"∂{one.unicode}/∂{other.unicode}", tex)


def _name(chain: Chain, i: int) -> Math:
    return _named(chain.quantities[i].name)


def _named(*names: str) -> Math:
    """Return names as they are shown, commas between them."""
    return Math(", ".join(map(UNICODE.name, names)), ", ".join(map(LATEX.name, names)))


def _math(tree: Expression, role: str = "") -> Math:
    return Math(unicode(tree), latex(tree), role)


def symbols_document(
    found: SymbolicPass, notes: Sequence[str] = (), full: bool = True, network: Network | None = None
) -> Document:
    """Return the derivation in symbols as a document.

    Args:
        found: the gradients.
        notes: remarks on how the program was read.
        full: whether sentences stand beside the formulas, and sections behind them.
        network: its neurons, if it has some: gradients are told layer by layer.
    """
    layers = [] if network is None else _layers(network)
    tables = feed_forward(network) if full and network is not None and len(network.neurons) > 1 else ()
    return agreed(Document(tuple(_Teller(found, full).blocks(notes, layers, tuple(tables)))))


def _layers(network: Network) -> list[tuple[str, frozenset[int]]]:
    """Return each layer's title and the places of its nodes, from the last to the first."""
    found = []
    units = network.units
    for number, layer in reversed([*enumerate(network.layers, 1)]):
        own: set[int] = set()
        for place in layer.neurons:
            neuron = units[place]
            assert isinstance(neuron, Neuron)  # layers hold the places of neurons
            own |= {neuron.place, neuron.net}
            own |= {term.weight for term in neuron.terms if term.weight is not None}
            own |= {neuron.bias.place} if neuron.bias else set()
        last = number == len(network.layers)
        title = said(N_("Layer {number}, the last one") if last else N_("Layer {number}"), number=number)
        found.append((title, frozenset(own)))
    return found


class _Teller:
    """Tells one pass."""

    def __init__(self, found: SymbolicPass, full: bool) -> None:
        self.found = found
        self.chain = found.chain
        self.full = full
        shared, self.shared_count = shared_factors(found.chain)
        self.uses = Counter((link.source, link.target) for link in found.chain.links)
        self.shared = {one.quantity: (number, one) for number, one in enumerate(shared, 1)}

    def blocks(
        self, notes: Sequence[str], layers: Sequence[tuple[str, frozenset[int]]],
        tables: Sequence[Block] = (),
    ) -> Iterator[Block]:  # fmt: skip
        """Yield all blocks; `tables` stand behind the program."""
        yield from self._opening(notes)
        yield from tables
        yield from self._slopes()
        yield from self._backward(layers)
        if self.full and not self.chain.many:
            yield from self._paths()
            yield from self._factors()
        yield from self._summary()

    def _opening(self, notes: Sequence[str]) -> Iterator[Block]:
        yield Heading(1, (_("The derivation of "), _name(self.chain, self.chain.output), _(" in symbols")))
        yield Formulas(tuple(
            ("", (_named(*each.targets), _math(each.expression)), "")
            for each in self.chain.graph.program.assignments
        ), indent=1)  # fmt: skip
        if notes:
            yield Bullets(tuple((again(note),) for note in notes))
        yield from self._gates()
        if not self.full:
            return
        example = " ".join(f"{self.chain.quantities[i].name}=2" for i in self.chain.inputs[:2])
        if example:
            yield Paragraph((said(
                "No values are given: every gradient is a formula. With values, such as {example}, each "
                "is a number.", example=example,
            ),), indent=1)  # fmt: skip
        if self.chain.taken_apart:
            yield Paragraph((_(
                "A slope along one assignment would be long, so that each operation is a step of its own."
            ),), indent=1)  # fmt: skip
        if self.chain.many:
            count = whole(len(self.chain.quantities))
            yield Paragraph((said(
                "The formulas of {count} quantities would be too long: each gradient is told by those of "
                "what uses it. Up to {limit} quantities they are put together.",
                count=count, limit=whole(MANY),
            ),), indent=1)  # fmt: skip

    def _gates(self) -> Iterator[Block]:
        """Yield what each operation is called, where one has no name in the program."""
        graph = self.chain.graph
        places = [place for place, node in enumerate(graph.nodes) if node.kind == "operation"]
        if self.chain.by != "gates" or self.chain.many or all(graph.nodes[place].named for place in places):
            return
        yield Paragraph((_("Operation by operation:"),), indent=1)
        yield Formulas(tuple(
            ("", (_named(graph.nodes[place].name), _math(graph.formula(place))), "") for place in places
        ), indent=1)  # fmt: skip

    def _slopes(self) -> Iterator[Block]:
        yield Heading(2, (_("Local gradients: each formula along what stands in it"),))
        lines = []
        before = ""
        for link in self.chain.links:
            left, reason = gradient_of(self.chain, link.target, link.source), self._reason(link)
            told = "" if reason == before else reason
            lines.append((self._operand(link), (left, _math(link.local, "local")), told))
            before = reason
        if not lines:
            yield Paragraph((_("nothing is computed"),), indent=1)
            return
        yield Formulas(tuple(lines), indent=1)

    def _operand(self, link: Link) -> str:
        twice = self.uses[link.source, link.target] > 1
        return said("operand {number}", number=link.slot + 1) if twice else ""

    def _reason(self, link: Link) -> str:
        """Return why the slope is what it is, where the formula is one operation."""
        formula = self.chain.quantities[link.target].formula
        if not self.full or not isinstance(formula, Apply):
            return ""
        if any(isinstance(part, Apply) for part in formula.operands):
            return ""
        node = self.chain.graph.nodes[self.chain.quantities[link.target].place]
        source = self.chain.quantities[link.source].place
        slots = [slot for slot, place in enumerate(node.operands) if place == source]
        if len(slots) > 1 and self.chain.by == "names":
            return ""
        slot = link.slot if self.chain.by == "gates" else slots[0]
        return _(OPS[node.op].reason(slot, len(node.operands)))

    def _backward(self, layers: Sequence[tuple[str, frozenset[int]]]) -> Iterator[Block]:
        chain = self.chain
        yield Heading(2, (_("Backward: the chain rule, from the output to the inputs"),))
        if self.full:
            yield Paragraph((_(
                "Each gradient is a sum over what uses the quantity: upstream × local, filled in, then "
                "simplified."
            ),), indent=1)  # fmt: skip
        one = gradient_of(chain, chain.output, chain.output)
        yield Formulas((("", (one, Math("1", "1", "gradient")), ""),), indent=1)
        order = [i for i in range(len(chain.quantities) - 1, -1, -1) if self.found.parts[i]]
        told: set[int] = set()
        if layers:
            told = {i for i in order if not any(chain.quantities[i].place in own for _, own in layers)}
            before = {i for i in told if chain.quantities[i].formula is not None or self._at_output(i)}
            yield from self._lines([i for i in order if i in before])
            told = before
        for title, places in layers:
            own = [i for i in order if chain.quantities[i].place in places and i not in told]
            told.update(own)
            if own:
                yield Heading(3, (title,))
                yield from self._lines(own)
        rest = [i for i in order if i not in told]
        if rest and told:
            yield Heading(3, (_("The inputs"),))
        yield from self._lines(rest)
        idle = [
            _name(chain, i) for i in range(len(chain.quantities)) if not chain.relevant[i]
        ]  # fmt: skip
        if idle:
            yield Paragraph((*_listed(idle), _(" does not influence the output: its gradient is 0.")
                             if len(idle) == 1 else
                             _(" do not influence the output: their gradients are 0.")), indent=1)

    def _at_output(self, i: int) -> bool:
        """Return whether a quantity is used beside the output alone: a target of the loss."""
        return all(link.target == self.chain.output for link in self.chain.out_of[i])

    def _lines(self, numbers: Sequence[int]) -> Iterator[Block]:
        lines = [self._line(i) for i in numbers]
        if lines:
            yield Formulas(tuple(lines), indent=1)

    def _line(self, i: int) -> tuple[str, tuple[Math, ...], str]:
        """Return ∂f/∂q = Σ ∂f/∂t·∂t/∂q = filled in = simplified, and a remark."""
        chain, parts = self.chain, self.found.parts[i]
        terms = [gradient_of(chain, chain.output, i)]
        direct = all(part.link.target == chain.output for part in parts)
        tried = [] if direct else [_sum([self._rule(part) for part in parts])]
        tried.append(_sum([self._filled(part) for part in parts]))
        own, inputs = self.found.by_names[i], self.found.by_inputs[i]
        if own.tree is not None:
            tried.append(_math(own.tree, "gradient"))
        remark = []
        if own.tree is None and not chain.many:
            remark.append(self._long(own))
        elif inputs.tree is not None and inputs.size <= INLINE:
            tried.append(_math(inputs.tree, "gradient"))
        for term in tried:
            if term.unicode != terms[-1].unicode:
                terms.append(term)
        if i in self.shared:
            number, one = self.shared[i]
            remark.append(
                said("[{number}] shared by {count} gradients", number=number, count=len(one.inputs))
            )
        return "", tuple(terms), "; ".join(remark)

    def _long(self, formula: Formula) -> str:
        return said(
            "put together it takes about {count} operations, more than the {limit} up to which it is "
            "written", count=whole(formula.size), limit=self.found.limit,
        )  # fmt: skip

    def _rule(self, part: Part) -> Math:
        chain, link = self.chain, part.link
        local = gradient_of(chain, link.target, link.source)
        if link.target == chain.output:
            return local
        up = gradient_of(chain, chain.output, link.target)
        return Math(f"{up.unicode}·{local.unicode}", rf"{up.latex} \cdot {local.latex}")

    def _filled(self, part: Part) -> Math:
        link = part.link
        local = _factor(link.local)
        if link.target == self.chain.output:
            return _math(link.local)
        if part.upstream is None:
            up = gradient_of(self.chain, self.chain.output, link.target)
        else:
            up = _factor(part.upstream)
        return Math(f"{up.unicode}·{local.unicode}", rf"{up.latex} \cdot {local.latex}")

    def _paths(self) -> Iterator[Block]:
        """Yield every path from an input to the output, where they are few; else how many."""
        chain = self.chain
        counts = ways(chain)
        inputs = [i for i in chain.inputs if counts[i]]
        total = sum(counts[i] for i in inputs)
        if not total:
            return
        yield Heading(2, (_("Over the paths: one product for each way to the output"),))
        if total > _MOST_ROUTES:
            yield Paragraph((said(
                "{count} paths lead from the inputs to {of}; {limit} are the most that are listed here.",
                count=whole(total), of=_name(chain, chain.output).unicode, limit=_MOST_ROUTES,
            ),), indent=1)  # fmt: skip
            return
        for i in inputs:
            lines = [self._route(i, route.links[::-1]) for route in routes(chain, i)]
            yield Formulas(tuple(lines), indent=1)

    def _route(self, start: int, links: Sequence[Link]) -> tuple[str, tuple[Math, ...], str]:
        """Return one path: its names, its slopes, its product; `links` begin at the output."""
        names = [_name(self.chain, start), *(_name(self.chain, link.target) for link in links[::-1])]
        slopes = _product([gradient_of(self.chain, link.target, link.source) for link in links])
        whole_product = [_factor(link.local) for link in links]
        value = _product(whole_product) if len(links) > 1 else _math(links[0].local)
        return " → ".join(name.unicode for name in names), (slopes, value), ""

    def _factors(self) -> Iterator[Block]:
        chain = self.chain
        if not self.shared:
            return
        yield Heading(2, (_("Shared factors: worked out once, used again"),))
        rows: list[tuple[tuple[Inline, ...], ...]] = []
        for number, one in self.shared.values():
            own = self.found.by_names[one.quantity].tree
            rows.append((
                (f"[{number}]",), (gradient_of(chain, chain.output, one.quantity),),
                (_math(own) if own is not None else "–",), (str(len(one.inputs)),),
                (whole(one.paths),), tuple(self._whose(one)),
            ))  # fmt: skip
        yield Table(
            ("", _("factor"), _("is"), _("in gradients"), _("on paths"), _("along")), tuple(rows),
            frozenset({3, 4}),
        )  # fmt: skip
        more = self.shared_count - len(self.shared)
        if more:
            yield Paragraph((counted(more, N_("and 1 more"), N_("and {count} more")),), indent=1)
        total = sum(count for i, count in enumerate(ways(chain)) if chain.quantities[i].formula is None)
        yield Paragraph((said(
            "One backward pass works out each factor once; multiplied out path by path ({paths}) it is "
            "worked out again on every one of them.",
            paths=counted(total, N_("1 path"), N_("{count} paths")),
        ),), indent=1)  # fmt: skip

    def _whose(self, one: Shared) -> list[Inline]:
        names = [_name(self.chain, i) for i in one.inputs]
        return _listed(names[:_LONGEST_LIST], more=len(names) > _LONGEST_LIST)

    def _summary(self) -> Iterator[Block]:
        chain = self.chain
        yield Heading(2, (_("Summary"),))
        rows: list[tuple[tuple[Inline, ...], ...]] = []
        same = True
        for i in range(len(chain.quantities)):
            if chain.quantities[i].formula is not None and chain.by == "gates":
                continue
            own, inputs = self.found.by_names[i], self.found.by_inputs[i]
            short: Inline = self._cell(own, self.found.limit)
            inner: Inline = self._cell(inputs, INLINE)
            same = same and short == inner
            rows.append(((gradient_of(chain, chain.output, i),), (short,), (inner,)))
        if same:
            yield Table(("", _("gradient")), tuple(row[:2] for row in rows))
        else:
            yield Table(("", _("gradient"), _("in the inputs alone")), tuple(rows))

    def _cell(self, formula: Formula, limit: int) -> Inline:
        if formula.tree is not None and formula.size <= limit:
            return _math(formula.tree, "gradient")
        return counted(formula.size, N_("1 operation"), N_("{count} operations"))


def _factor(tree: Expression) -> Math:
    """Return a formula as a factor: in brackets where it is a sum or has a sign."""
    one = _math(tree)
    loose = one.unicode.startswith("−") or (
        isinstance(tree, Apply) and row_of(tree.op).text is not None and row_of(tree.op).binds < PRODUCT
    )
    fraction = isinstance(tree, Number) and "/" in one.unicode
    if isinstance(tree, Apply) and tree.op == "divide":
        fraction = True
    if loose:
        return Math(f"({one.unicode})", rf"\left({one.latex}\right)", one.role)
    return Math(f"({one.unicode})", one.latex, one.role) if fraction else one


def _product(factors: Sequence[Math]) -> Math:
    return Math("·".join(f.unicode for f in factors), r" \cdot ".join(f.latex for f in factors))


def _sum(terms: Sequence[Math]) -> Math:
    out = [terms[0]]
    picked = terms if len(terms) <= _LONGEST_SUM else [*terms[: _LONGEST_SUM - 1], terms[-1]]
    for term in picked[1:]:
        loose = term.unicode.startswith("−")
        out.append(Math(f"({term.unicode})", rf"\left({term.latex}\right)") if loose else term)
    if len(terms) > _LONGEST_SUM:
        out.insert(-1, Math("…", r"\dots"))
    return Math(" + ".join(t.unicode for t in out), " + ".join(t.latex for t in out))


def _listed(parts: Sequence[Math], more: bool = False) -> list[Inline]:
    out: list[Inline] = []
    for part in parts:
        out += [", ", part] if out else [part]
    return [*out, ", …"] if more else out
