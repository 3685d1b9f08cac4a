"""What a picture of layers shows of a program: which arrays have a box, and the gates between them.

Enters: an `ArrayGraph`. Leaves: `Parts`. An array without a name has no box where it only passes on to a
sum or to a single number; repeating a bias, or turning a weight, is part of the gate that uses it; what
turns an array into a single number, `sum((·)²)/2`, is one gate.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from ...descent import parameters
from ...graph import Node
from ...matrices.array_graph import ArrayGraph, is_target, record_of
from ...once import cached_property
from ...ops import OPS

__all__ = ["Gate", "Operand", "Parts", "find_parts"]

_PASSES = frozenset({"add", "subtract"})
"""Operations whose nameless operands have no box: they hand on the gradient as it comes."""

_ARITHMETIC = frozenset(
    {"abs", "add", "divide", "log", "multiply", "negate", "power", "sqrt", "subtract", "square"}
)
_FUSED = _ARITHMETIC | {"array_sum", "array_mean"}
"""What is one gate with its neighbours on the way to a single number."""

_GIVEN = re.compile(r"(?:[xX]|data|inputs?|images?)(?:_?\w{1,2})?\Z")
_WANTED = re.compile(r"(?:[yYtT]|target|targets|labels?)(?:_?\w{1,2})?\Z")


@dataclass(frozen=True, slots=True)
class Operand:
    """One array that enters a gate: its place, and the operation and slot that take it.

    Where it is repeated or turned first, `through` is the place of that operation.
    """

    place: int
    target: int
    slot: int
    through: int | None = None


@dataclass(frozen=True, slots=True)
class Gate:
    """One sign on the line: the places of what it computes, in order, and what enters it."""

    number: int
    sign: str
    places: tuple[int, ...]
    operands: tuple[Operand, ...]

    @property
    def result(self) -> int:
        """Return the place of the gate's value."""
        return self.places[-1]

    @property
    def lead(self) -> int:
        """Return the place of its first operation."""
        return self.places[0]


@dataclass(frozen=True, eq=False)
class Parts:
    """The gates of a program, the places that have a box, and the gate of each operation."""

    graph: ArrayGraph
    gates: tuple[Gate, ...]
    boxes: frozenset[int]
    gate_of: dict[int, int]

    def is_turned(self, operand: Operand) -> bool:
        """Return whether an operand is turned on its way into its gate."""
        return operand.through is not None and _is(self.graph.nodes[operand.through], "transpose")

    @cached_property
    def takers(self) -> dict[int, tuple[tuple[int, int], ...]]:
        """Return for each place the gates that take it: (gate, which of its operands)."""
        found: dict[int, list[tuple[int, int]]] = {}
        for gate in self.gates:
            for number, operand in enumerate(gate.operands):
                found.setdefault(operand.place, []).append((gate.number, number))
        return {place: tuple(each) for place, each in found.items()}

    @cached_property
    def data(self) -> frozenset[int]:
        """Return the inputs that are shown without a gradient: labels, and where targets are given, X.

        A program that has parameters and targets is trained; there nobody asks for the gradient of X.
        """
        graph = self.graph
        wanted = {graph.index[n] for n in graph.inputs if _WANTED.match(n)} | {
            operand.place for gate in self.gates for operand in gate.operands
            if is_target(graph.nodes[operand.target], operand.slot)
        }  # fmt: skip
        trained = bool(wanted) and set(parameters(graph)) != set(graph.inputs)
        return frozenset(
            place for place, node in enumerate(graph.nodes)
            if node.kind == "input"
            and (not graph.varies[place] or (trained and (place in wanted or _GIVEN.match(node.name))))
        )  # fmt: skip


def find_parts(graph: ArrayGraph) -> Parts:
    """Return the gates and boxes of a program."""
    reader = _Reader(graph)
    gates: list[Gate] = []
    gate_of: dict[int, int] = {}
    for place, node in enumerate(graph.nodes):
        if node.kind != "operation" or reader.led_through(place) or reader.fused_on(place):
            continue
        places = reader.chain(place)
        gate = Gate(len(gates), reader.sign(places), places, tuple(reader.operands(places)))
        gate_of |= dict.fromkeys(places, gate.number)
        gates.append(gate)
    boxes = frozenset(
        i for i, node in enumerate(graph.nodes)
        if node.kind == "input" or (node.kind == "operation" and not reader.hidden(i))
    )  # fmt: skip
    return Parts(graph, tuple(gates), boxes, gate_of)


class _Reader:
    """Answers questions about one graph's nodes."""

    def __init__(self, graph: ArrayGraph) -> None:
        self.graph = graph
        self.nodes = graph.nodes

    def repeats(self, place: int) -> bool:
        return _is(self.nodes[place], "expand")

    def turns(self, place: int) -> bool:
        """Return whether an operation turns what has a name for one product alone: `Wᵀ` in `X·Wᵀ`."""
        node = self.nodes[place]
        if node.kind != "operation" or not _is(node, "transpose"):
            return False
        user = self.only_use(place)
        return (
            user is not None and _is(self.nodes[user], "matmul")
            and self.nodes[node.operands[0]].named and len(self.graph.shapes[place]) == 2
        )  # fmt: skip

    def led_through(self, place: int) -> bool:
        """Return whether an operation is part of the gate behind it: repeating a bias, turning a weight."""
        return self.repeats(place) or self.turns(place)

    def only_use(self, place: int) -> int | None:
        """Return the operation that uses a nameless value once and alone."""
        node = self.nodes[place]
        uses = self.graph.uses[place]
        if node.named or node.kind != "operation" or len(uses) != 1 or place == self.graph.output:
            return None
        return uses[0].target

    def is_single(self, place: int) -> bool:
        return self.graph.shapes[place] == ()

    def narrow(self, place: int) -> bool:
        """Return whether an operation has one operand that is no constant."""
        return sum(self.nodes[i].kind != "constant" for i in self.nodes[place].operands) == 1

    def fused_on(self, place: int) -> bool:
        """Return whether an operation is drawn in one gate with the one that uses it."""
        user = self.only_use(place)
        if user is None or not {self.nodes[user].op, self.nodes[place].op} <= _FUSED:
            return False
        if not self.narrow(user) or not self.narrow(place):
            return False
        return self.to_single(user)

    def to_single(self, place: int) -> bool:
        """Return whether an operation leads by narrow steps, without a name, to a single number."""
        here: int | None = place
        while here is not None and self.narrow(here) and self.nodes[here].op in _FUSED:
            if self.is_single(here):
                return True
            here = self.only_use(here)
        return False

    def chain(self, last: int) -> tuple[int, ...]:
        """Return the places that are one gate, up to and with its last."""
        found = [last]
        while self.narrow(found[-1]):
            inner = next(i for i in self.nodes[found[-1]].operands if self.nodes[i].kind != "constant")
            if self.nodes[inner].kind != "operation" or not self.fused_on(inner):
                break
            found.append(inner)
        return tuple(reversed(found))

    def operands(self, places: tuple[int, ...]) -> list[Operand]:
        found = []
        node = self.nodes[places[0]]
        for slot, place in enumerate(node.operands):
            if self.nodes[place].kind == "constant":
                continue
            if self.led_through(place):
                found.append(Operand(self.nodes[place].operands[0], places[0], slot, place))
            else:
                found.append(Operand(place, places[0], slot))
        return found

    def hidden(self, place: int) -> bool:
        """Return whether a value has no box."""
        if self.led_through(place) or self.fused_on(place):
            return True
        user = self.only_use(place)
        if user is None:
            return False
        record = record_of(self.nodes[place])
        turned = record is not None and record.name in ("transpose", "permute")
        if self.nodes[user].op in _PASSES or turned:
            return True
        return self.nodes[place].op in _ARITHMETIC and (self.to_single(user) or self.is_single(user))

    def sign(self, places: tuple[int, ...]) -> str:
        if len(places) == 1:
            return self._own_sign(places[0])
        text = "·"
        for place in places:
            text = self._around(place, text)
        return text

    def _own_sign(self, place: int) -> str:
        node = self.nodes[place]
        record = record_of(node)
        if record is not None:
            return _word(record.sign, record.spelled or (record.name.replace("_", " "),))
        row = OPS[node.op]
        if row.signed is not None:
            own = row.signed(*(self._constant(i) for i in node.operands))
        else:
            own = _word(row.sign, row.spelled or (node.op.replace("_", " "),))
        arrays = sum(self.graph.shapes[i] != () for i in node.operands)
        return "⊙" if own == "×" and arrays > 1 else own

    def _constant(self, place: int) -> Fraction | float | None:
        node: Node = self.nodes[place]
        return node.value if node.kind == "constant" else None

    def _around(self, place: int, inner: str) -> str:
        """Return the sign of a fused gate with one more operation around it."""
        node = self.nodes[place]
        constant = next((self._shown(i) for i in node.operands if self.nodes[i].kind == "constant"), "")
        first = bool(constant) and self.nodes[node.operands[0]].kind == "constant"
        loose = f"({inner})" if inner == "·" or "+" in inner or "−" in inner[1:] else inner
        op = node.op.removeprefix("array_")
        if op == "power" and constant == "2":
            return f"({inner})²"
        if op == "divide" and constant == "2" and not first:
            return f"½{loose}"
        if op in _AROUND:
            return _AROUND[op].format(loose)
        sign = _BETWEEN[op]
        return f"{constant}{sign}{loose}" if first or op == "multiply" else f"{loose}{sign}{constant}"

    def _shown(self, place: int) -> str:
        node = self.nodes[place]
        return node.text or f"{float(node.value or 0):g}"


def _is(node: Node, name: str) -> bool:
    record = record_of(node)
    return record is not None and record.name == name


def _word(sign: str, spelled: tuple[str, ...]) -> str:
    """Return a sign; where it is a word cut short, the whole word."""
    return spelled[0].replace("_", " ") if not sign or (sign.isalpha() and sign.isascii()) else sign


_AROUND = {
    "sum": "Σ{0}", "mean": "mean{0}", "negate": "−{0}", "abs": "|{0}|", "sqrt": "√{0}", "log": "ln{0}",
    "square": "{0}²",
}  # fmt: skip
_BETWEEN = {"multiply": "·", "divide": "/", "add": " + ", "subtract": " − ", "power": "^"}
