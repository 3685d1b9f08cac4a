"""What a picture holds, before it has a place: wires, gates and arrows, their texts, and from which
step each of them is known.

Enters: a derivation. Leaves: a `Circuit` of frozen records. A step's picture is the circuit with
the texts known by then; nothing here knows coordinates, colours or file formats.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ...choices import Blank, words
from ...errors import OptionError, did_you_mean, quoted
from ...graph import Graph
from ...language import shown_name
from ...ops import OPS
from ...sentences import said
from ...steps import AccumulateStep, BackwardStep, Derivation, ForwardStep, SeedStep
from ..narration.numbers import checked_precision, shown
from ..typesetting.fonts import elided, width
from .captions import local_texts

__all__ = [
    "BLANKS",
    "MOST_NODES",
    "ROOMY",
    "SLOT",
    "Arrow",
    "Circuit",
    "Drafter",
    "Emphasis",
    "Gate",
    "Text",
    "Weight",
    "Wire",
    "build_circuit",
]  # fmt: skip

MOST_NODES = 400
"""A picture of more nodes is refused unless it is forced."""

MANY_NODES = 60
"""In a picture of more nodes, labels shorten."""

BLANKS = words(Blank)
"""What a worksheet may leave out."""

NAME_SIZE, NUMBER_SIZE, LABEL_SIZE = 15, 14, 12

SLOT = (48.0, 16.0)
"""How wide and high an empty slot is."""

ROOMY = (68.0, 34.0)
"""The same on paper: 14 × 7 mm and a little more, at 0.209 mm a px."""

_LONGEST_NAME, _SHORT_NAME, _LONGEST_LOCAL = 150.0, 72.0, 200.0


@dataclass(frozen=True, slots=True)
class Text:
    """A text and the step from which it shows (0: from the start).

    A `blank` text never shows; the worksheet's empty slot stands in its place.
    """

    text: str
    since: int
    blank: bool = False

    def at(self, step: int) -> str:
        """Return the text as it stands after a step; empty while it is not known."""
        return self.text if step >= self.since and not self.blank else ""


@dataclass(frozen=True, slots=True)
class Gate:
    """The circle of an operation, and the step that computes it."""

    op: str
    sign: str
    since: int


@dataclass(frozen=True, slots=True)
class Wire:
    """A node: its name, its value, its gradient; behind a gate if it is an operation's result."""

    place: int
    name: str
    label: str
    value: Text
    gradient: Text | None
    gate: Gate | None
    since: int


@dataclass(frozen=True, slots=True)
class Weight:
    """What stands on an arrow into a weighted sum: the weight's name, value and gradient."""

    label: str
    value: Text
    gradient: Text | None


@dataclass(frozen=True, slots=True)
class Arrow:
    """A use of a wire: its local gradient and, where the wire has several uses, its contribution.

    An arrow into a weighted sum has its `weight` in place of the local gradient.
    """

    number: int
    source: int
    target: int
    slot: int
    local: Text | None
    downstream: Text | None
    since: int
    weight: Weight | None = None


@dataclass(frozen=True, slots=True)
class Emphasis:
    """What is at work in one step: places of gates and wires, numbers of arrows."""

    gates: frozenset[int] = frozenset()
    wires: frozenset[int] = frozenset()
    arrows: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Circuit:
    """Everything that a derivation's pictures show; `emphasis[step]` for steps 0 to their number + 1.

    `together` are the places of each gate's several outputs, which stand one below the other. `binary`: no
    gate is a weighted sum; `stacked`: what goes back stands below a weight's gradient, not before it;
    `slot`: how wide and high an empty slot is.
    """

    wires: tuple[Wire, ...]
    arrows: tuple[Arrow, ...]
    emphasis: tuple[Emphasis, ...]
    output: int
    blanks: frozenset[str]
    together: tuple[tuple[int, ...], ...] = ()
    binary: bool = True
    stacked: bool = False
    slot: tuple[float, float] = SLOT

    @property
    def fans_out(self) -> bool:
        """Return whether some wire's contributions are shown apart."""
        return any(arrow.downstream for arrow in self.arrows)


def checked_blanks(blank: Blank | Iterable[Blank]) -> frozenset[str]:
    """Return the words of what is to be left out.

    Raises:
        OptionError: a word that names nothing of a picture.

    >>> sorted(checked_blanks("values, gradients"))
    ['gradients', 'values']
    """
    words = blank.replace(",", " ").split() if isinstance(blank, str) else list(blank)
    for word in words:
        if word not in BLANKS:
            hint = did_you_mean(str(word), BLANKS)
            listed = ", ".join(BLANKS)
            raise OptionError(
                said(
                    "{word} cannot be left blank; {hint}",
                    word=quoted(str(word)),
                    hint=hint or said("what can: {listed}", listed=listed),
                )
            )
    return frozenset(words)


def build_circuit(
    derivation: Derivation,
    *,
    precision: int = 4,
    blank: Blank | Iterable[Blank] = (),
    force: bool = False,
) -> Circuit:
    """Return what the derivation's pictures show.

    Args:
        derivation: the derivation.
        precision: significant figures, 1 to 17.
        blank: what is left out, words of `BLANKS`; inputs keep their values.
        force: whether more than 400 nodes are drawn too.

    Raises:
        OptionError: too many nodes, or an option that is none.
    """
    checked_precision(precision)
    checked_size(len(derivation.graph_table.nodes), force)
    return Drafter(derivation, precision, checked_blanks(blank)).circuit()


def checked_size(count: int, force: bool) -> None:
    """Refuse a picture of too many nodes, unless it is forced.

    Raises:
        OptionError: more than 400 nodes.
    """
    if count > MOST_NODES and not force:
        raise OptionError(
            said(
                "a picture of {count} nodes would not be legible, so it is not drawn: {most_nodes} "
                "are the most; draw it all the same with force=True (--force)",
                count=count, most_nodes=MOST_NODES,
            )
        )


class Drafter:
    """Works out from which step each part of a derivation is known."""

    def __init__(self, derivation: Derivation, precision: int, blanks: frozenset[str]) -> None:
        self.derivation = derivation
        self.graph: Graph = derivation.graph_table
        self.precision = precision
        self.blanks = blanks
        self.short: bool = len(self.graph.nodes) > MANY_NODES
        self.computed: dict[int, int] = {}
        self.handed: dict[int, int] = {}
        self.summed: dict[int, int] = {}
        self.seed: int = 0
        for step in derivation.steps:
            if isinstance(step, ForwardStep):
                self.computed[step.place] = step.number
            elif isinstance(step, SeedStep):
                self.seed = step.number
                self.summed[step.place] = step.number
            elif isinstance(step, BackwardStep):
                self.handed[step.place] = step.number
                for edge in step.edges:
                    self.summed[edge.places[0]] = step.number
            elif isinstance(step, AccumulateStep):
                self.summed[step.place] = step.number

    def circuit(self) -> Circuit:
        """Return the circuit: a wire for each node, an arrow for each use."""
        wires = tuple(self.wire(place) for place in range(len(self.graph.nodes)))
        arrows: list[Arrow] = []
        for target, node in enumerate(self.graph.nodes):
            for slot, source in enumerate(node.operands):
                arrows.append(self.arrow(len(arrows), source, target, slot))
        return Circuit(
            wires=wires,
            arrows=tuple(arrows),
            emphasis=self.emphasis(arrows),
            output=self.graph.output,
            blanks=self.blanks,
            together=self.together(),
        )

    def together(self) -> tuple[tuple[int, ...], ...]:
        """Return the places of the outputs of operations that have several, each in its order."""
        groups: list[list[int]] = []
        before = None
        for place, node in enumerate(self.graph.nodes):
            several = node.kind == "operation" and OPS[node.op].outputs
            index = int(dict(node.options)["index"]) if several else 0
            if several and index and groups and before == (node.op, node.operands, index - 1):
                groups[-1].append(place)
            elif several:
                groups.append([place])
            before = (node.op, node.operands, index) if several else None
        return tuple(tuple(group) for group in groups if len(group) > 1)

    def wire(self, place: int) -> Wire:
        """Return the wire of a node."""
        node = self.graph.nodes[place]
        since = self.computed.get(place, 0)
        number = self.derivation.numbers[place]
        gradient = self.derivation.upstreams[place]
        text, name = shown(number, self.precision), shown_name(node.name)
        if node.kind == "constant":
            # A number needs no name; π and e are names of their numbers.
            typed = node.text or text
            symbolic = any(c.isalpha() for c in typed) and not typed[:1].isdigit()
            name, text = (typed, text) if symbolic else ("", typed)
            text = elided(text, _LONGEST_NAME, NUMBER_SIZE)
        known = self.summed.get(place, self.seed)
        gate = None
        if node.kind == "operation":
            gate = Gate(node.op, self.sign(place), since)
        most = _SHORT_NAME if self.short else _LONGEST_NAME
        return Wire(
            place=place,
            name=node.name,
            label=elided(name, most, NAME_SIZE, "italic"),
            value=Text(text, since, "values" in self.blanks and gate is not None),
            gradient=None
            if gradient is None
            else Text(shown(gradient, self.precision), known, "gradients" in self.blanks),
            gate=gate,
            since=since,
        )

    def sign(self, place: int) -> str:
        """Return what stands in a gate's circle."""
        return gate_sign(self.graph, place)

    def arrow(self, number: int, source: int, target: int, slot: int) -> Arrow:
        """Return the arrow of a use."""
        edge = self.derivation.contributions.get((source, target, slot))
        local = downstream = None
        if edge is not None:
            known = self.handed[target]
            symbol, numeral = local_texts(self.derivation, edge, self.precision)
            local = Text(
                self.local(edge.places[0], target, symbol, numeral), known, "locals" in self.blanks
            )
            uses = [use for use in self.graph.uses[source] if self.graph.relevant[use.target]]
            if len(uses) > 1:
                text = shown(edge.downstream, self.precision)
                downstream = Text(
                    text, known, "downstream" in self.blanks or "gradients" in self.blanks
                )
        return Arrow(number, source, target, slot, local, downstream, self.computed[target])

    def local(self, source: int, target: int, symbol: str, number: str) -> str:
        """Return `symbol = number`, shorter where the symbol is long or the picture large."""
        if not symbol or self.short:
            return number
        # On a worksheet without values, `q = 3` would give the value of q away.
        tail = "" if "values" in self.blanks else f" = {number}"
        name = shown_name(self.graph.nodes[source].name)
        slope = f"∂{shown_name(self.graph.nodes[target].name)}/∂{name}"
        for text in (f"{symbol}{tail}", f"{slope}{tail}"):
            if width(text, LABEL_SIZE) <= _LONGEST_LOCAL:
                return text
        return elided(number if tail else symbol, _LONGEST_LOCAL, LABEL_SIZE)

    def emphasis(self, arrows: list[Arrow]) -> tuple[Emphasis, ...]:
        """Return what is at work, from before the first step to after the last."""
        into: dict[int, list[int]] = {}
        out_of: dict[int, list[int]] = {}
        for arrow in arrows:
            into.setdefault(arrow.target, []).append(arrow.number)
            if arrow.downstream is not None:
                out_of.setdefault(arrow.source, []).append(arrow.number)
        found = [Emphasis()]
        for step in self.derivation.steps:
            one = frozenset((step.place,))
            if isinstance(step, (ForwardStep, BackwardStep)):
                found.append(Emphasis(gates=one, arrows=frozenset(into.get(step.place, ()))))
            elif isinstance(step, AccumulateStep):
                found.append(Emphasis(wires=one, arrows=frozenset(out_of.get(step.place, ()))))
            else:
                found.append(Emphasis(wires=one))
        return (*found, Emphasis())


def gate_sign(graph: Graph, place: int) -> str:
    """Return what stands in a gate's circle; x² and not ^ where the exponent is a constant."""
    node = graph.nodes[place]
    op = OPS[node.op]
    if op.signed is not None:
        nodes = [graph.nodes[i] for i in node.operands]
        return op.signed(*(n.value if n.kind == "constant" else None for n in nodes))
    return (op.sign or node.op[:5]).replace("(−1)", "−1")  # in a circle every px counts
