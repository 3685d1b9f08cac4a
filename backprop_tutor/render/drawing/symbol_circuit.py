"""What a picture without numbers holds: formulas in place of values, slopes and gradients.

Enters: a `SymbolicPass`. Leaves: its steps, and a `Circuit` with a wire for each quantity. Above a wire
stands its formula, below it its gradient; what is too wide stands as the rule, ∂f/∂t·slope, or as its
name. By names an assignment is one gate; by gates every operation is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ...chains import Chain, Link, Quantity, SymbolicPass
from ...language import Apply, Expression, shown_name, written
from ...ops import OPS, PRODUCT
from ...ops.array_rows import row_of
from ..typesetting.fonts import elided, width
from .circuit import (
    LABEL_SIZE,
    NAME_SIZE,
    NUMBER_SIZE,
    Arrow,
    Circuit,
    Emphasis,
    Gate,
    Text,
    Wire,
    checked_size,
)

__all__ = ["SymbolStep", "factor", "gradient_text", "symbol_circuit", "symbol_steps"]

_WIDEST, _WIDEST_FORMULA, _LONGEST_NAME = 170.0, 260.0, 150.0


@dataclass(frozen=True, slots=True)
class SymbolStep:
    """One step: `phase` is "forward", "seed", "backward" or "accumulate", `quantity` whose it is."""

    phase: str
    quantity: int


def symbol_steps(chain: Chain) -> tuple[SymbolStep, ...]:
    """Return the steps in order: forward, the seed, backward with a sum where all uses are through."""
    steps = [
        SymbolStep("forward", i) for i, one in enumerate(chain.quantities) if one.formula is not None
    ]  # fmt: skip
    steps.append(SymbolStep("seed", chain.output))
    awaited = [sum(chain.relevant[k.target] for k in out) for out in chain.out_of]
    several = [count > 1 for count in awaited]
    for target in range(chain.output, -1, -1):
        links = chain.links_into[target]
        if not links or not chain.relevant[target]:
            continue
        steps.append(SymbolStep("backward", target))
        for source in dict.fromkeys(link.source for link in links):
            awaited[source] -= sum(link.source == source for link in links)
            if awaited[source] == 0 and several[source]:
                steps.append(SymbolStep("accumulate", source))
    return tuple(steps)


def factor(tree: Expression) -> str:
    """Return a formula as a factor: in brackets where it is a sum, a quotient, or has a sign."""
    text = written(tree)
    loose = isinstance(tree, Apply) and row_of(tree.op).text is not None and row_of(tree.op).binds < PRODUCT
    return f"({text})" if loose or text.startswith("−") or "/" in text else text


def gradient_text(chain: Chain, i: int, of: int | None = None) -> str:
    """Return how the gradient of a quantity is written: `∂f/∂w₁`."""
    top = chain.quantities[chain.output if of is None else of].name
    return f"∂{shown_name(top)}/∂{shown_name(chain.quantities[i].name)}"


def symbol_circuit(found: SymbolicPass, force: bool = False) -> Circuit:
    """Return what the pictures of a pass show.

    Raises:
        OptionError: more than 400 quantities, unless it is forced.
    """
    checked_size(len(found.chain.quantities), force)
    return _Drafter(found).circuit()


class _Drafter:
    """Works out from which step each part is known."""

    def __init__(self, found: SymbolicPass) -> None:
        self.found = found
        self.chain = found.chain
        self.steps = symbol_steps(found.chain)
        self.computed: dict[int, int] = {}
        self.handed: dict[int, int] = {}
        self.summed: dict[int, int] = {}
        self.seed = 0
        for number, step in enumerate(self.steps, 1):
            if step.phase == "forward":
                self.computed[step.quantity] = number
            elif step.phase == "seed":
                self.seed = self.summed[step.quantity] = number
            elif step.phase == "backward":
                self.handed[step.quantity] = number
                for link in self.chain.links_into[step.quantity]:
                    self.summed[link.source] = number
            else:
                self.summed[step.quantity] = number

    def circuit(self) -> Circuit:
        """Return the circuit."""
        wires = [self._wire(i, one) for i, one in enumerate(self.chain.quantities)]
        arrows = [self._arrow(number, link) for number, link in enumerate(self.chain.links)]
        for target, place in self._constants():
            number, slot = len(arrows), 100 + len(wires)
            node = self.chain.graph.nodes[place]
            arrows.append(
                Arrow(number, len(wires), target, slot, None, None, self.computed[target])
            )
            wires.append(Wire(len(wires), node.name, "", Text(node.text, 0), None, None, 0))
        return Circuit(
            wires=tuple(wires), arrows=tuple(arrows), emphasis=self._emphasis(),
            output=self.chain.output, blanks=frozenset(),
        )  # fmt: skip

    def _constants(self) -> Iterator[tuple[int, int]]:
        """Yield the constants that gates take, with the number of each gate."""
        if self.chain.by == "names":
            return
        nodes = self.chain.graph.nodes
        for target, one in enumerate(self.chain.quantities):
            for place in nodes[one.place].operands:
                if not self.chain.graph.varies[place] and nodes[place].kind == "constant":
                    yield target, place

    def _wire(self, i: int, one: Quantity) -> Wire:
        since = self.computed.get(i, 0)
        formula = ""
        if one.formula is not None:
            formula = _fitting([written(one.formula)], NUMBER_SIZE, _WIDEST_FORMULA) or "…"
        gate = None if one.formula is None else Gate(self._op(one), self._sign(one), since)
        gradient = Text(self._gradient(i), self.summed.get(i, self.seed))
        label = elided(shown_name(one.name), _LONGEST_NAME, NAME_SIZE, "italic")
        return Wire(i, one.name, label, Text(formula, since), gradient, gate, since)

    def _op(self, one: Quantity) -> str:
        return self.chain.graph.nodes[one.place].op

    def _sign(self, one: Quantity) -> str:
        """Return what stands in a gate's circle: an operation's sign; of several Σ for a sum, else ƒ."""
        formula = one.formula
        assert isinstance(formula, Apply)  # only computed quantities have a gate
        nested = any(isinstance(part, Apply) for part in formula.operands)
        if not nested:
            nodes = self.chain.graph.nodes
            node, row = nodes[one.place], OPS[self._op(one)]
            if row.signed is not None:
                operands = [nodes[i] for i in node.operands]
                return row.signed(*(n.value if n.kind == "constant" else None for n in operands))
            return (row.sign or node.op[:5]).replace("(−1)", "−1")
        return "Σ" if formula.op in ("add", "subtract") else "ƒ"

    def _gradient(self, i: int) -> str:
        """Return ∂f/∂quantity as the shortest that says something: the formula, the rule, its name."""
        own = self.found.by_names[i].tree
        tried = [] if own is None else [written(own)]
        parts = self.found.parts[i]
        if len(parts) == 1 and parts[0].link.target != self.chain.output:
            link = parts[0].link
            tried.append(self._passed(link))
        return _fitting(tried, NUMBER_SIZE) or gradient_text(self.chain, i)

    def _passed(self, link: Link) -> str:
        """Return upstream · local, the upstream one by its name."""
        up, local = gradient_text(self.chain, link.target), factor(link.local)
        return up if local == "1" else f"{up}·{local}"

    def _arrow(self, number: int, link: Link) -> Arrow:
        chain = self.chain
        since = self.computed[link.target]
        if not chain.relevant[link.target]:
            return Arrow(number, link.source, link.target, link.slot, None, None, since)
        known = self.handed[link.target]
        local = _fitting([written(link.local)], LABEL_SIZE)
        local = local or gradient_text(chain, link.source, link.target)
        down = None
        if sum(chain.relevant[k.target] for k in chain.out_of[link.source]) > 1:
            down = Text(self._downstream(link), known)
        return Arrow(
            number, link.source, link.target, link.slot, Text(local, known), down, since
        )

    def _downstream(self, link: Link) -> str:
        part = next(p for p in self.found.parts[link.source] if p.link is link)
        tried = [] if part.downstream is None else [written(part.downstream)]
        if link.target != self.chain.output:
            tried.append(self._passed(link))
        return _fitting(tried, LABEL_SIZE) or "…"

    def _emphasis(self) -> tuple[Emphasis, ...]:
        numbers = {id(link): number for number, link in enumerate(self.chain.links)}
        found = [Emphasis()]
        for step in self.steps:
            one = frozenset((step.quantity,))
            into = frozenset(numbers[id(k)] for k in self.chain.links_into[step.quantity])
            out_of = frozenset(numbers[id(k)] for k in self.chain.out_of[step.quantity])
            if step.phase in ("forward", "backward"):
                found.append(Emphasis(gates=one, arrows=into))
            elif step.phase == "accumulate":
                found.append(Emphasis(wires=one, arrows=out_of))
            else:
                found.append(Emphasis(wires=one))
        return (*found, Emphasis())


def _fitting(texts: list[str], size: int, most: float = _WIDEST) -> str:
    """Return the first text that fits beside a wire, or nothing."""
    return next((text for text in texts if width(text, size) <= most), "")

