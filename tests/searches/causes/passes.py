"""A small interpreter of its own: programs as operations, a forward and a backward pass with rules to replace.

Nothing here knows the tutor's graphs or its slips. A `Program` is read from lines `name = op operand …`;
names that begin with `_` are written into the formula that uses them. A `Rules` says what a student does
differently; `sheet` is what that student writes down.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

LR = 0.1

Values = dict[str, float]


@dataclass(frozen=True)
class Line:
    """One operation: the name it gives, its kind, and its operands (names, or numbers as texts)."""

    name: str
    op: str
    operands: tuple[str, ...]
    number: int = 0  # which output of a softmax


@dataclass(frozen=True)
class Program:
    """A program and one point of it.

    Attributes:
        weights, biases: what descent moves.
        layers: names of operations by layer, "hidden" and "output".
    """

    name: str
    lines: tuple[Line, ...]
    at: Values
    weights: tuple[str, ...] = ()
    biases: tuple[str, ...] = ()
    layers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def output(self) -> str:
        """Return the last name."""
        return self.lines[-1].name

    @property
    def by_name(self) -> dict[str, Line]:
        """Return the lines by name."""
        return {line.name: line for line in self.lines}

    @property
    def cells(self) -> list[str]:
        """Return the names that have cells."""
        return [line.name for line in self.lines if not line.name.startswith("_")]

    def edges(self, *ops: str) -> list[tuple[str, int]]:
        """Return (operation, slot) along which a gradient goes, of some kinds or of all."""
        return [
            (line.name, slot)
            for line in self.lines
            if not ops or line.op in ops
            for slot, operand in enumerate(line.operands)
            if not _number(operand) and not (line.op in LOSSES and 2 * slot >= len(line.operands))
            and operand not in self.labels
        ]

    @property
    def labels(self) -> frozenset[str]:
        """Return targets and labels, whose gradients nobody asks for."""
        return frozenset(n for n in self.at if n[0] in "ty" and self.weights)

    def uses(self, name: str) -> list[tuple[str, int]]:
        """Return the edges that start at a name."""
        return [(x.name, s) for x in self.lines for s, o in enumerate(x.operands) if o == name]

    def text(self) -> str:
        """Return the program as it is typed."""
        known: dict[str, str] = {}
        typed: list[str] = []
        for line in self.lines:
            parts = [known.get(o, o) for o in line.operands]
            if line.op == "softmax":
                if line.number == 0:
                    several = [x.name for x in self.lines if x.op == "softmax" and x.operands == line.operands]
                    typed.append(f"{', '.join(several)} = softmax({', '.join(parts)})")
                continue
            formula = _formula(line, parts)
            if line.name.startswith("_"):
                known[line.name] = formula if line.op in _CALLS else f"({formula})"
            else:
                typed.append(f"{line.name} = {formula}")
        return "\n".join(typed)


_SIGNS = {"add": " + ", "sub": " - ", "mul": "*", "div": "/"}
_CALLS = frozenset(["sigmoid", "tanh", "relu", "exp", "ln", "sqrt", "sin", "cos", "abs", "max", "min", "ce", "bce"])
LOSSES = frozenset({"ce", "bce"})


def _formula(line: Line, parts: list[str]) -> str:
    if line.op in _SIGNS:
        return _SIGNS[line.op].join(parts)
    if line.op == "neg":
        return f"-{parts[0]}"
    if line.op == "square":
        return f"{parts[0]}^2"
    if line.op == "cube":
        return f"{parts[0]}^3"
    if line.op == "ce":
        half = len(parts) // 2
        return f"ce([{', '.join(parts[:half])}], [{', '.join(parts[half:])}])"
    return f"{line.op}({', '.join(parts)})"


def _number(text: str) -> bool:
    return text[0].isdigit()


def program(name: str, text: str, **others: object) -> Program:
    """Return a program from its lines, with `at` as `x 1, y 2`."""
    lines = []
    for row in text.strip().splitlines():
        names, _, rest = row.partition("=")
        op, *operands = rest.split()
        for number, each in enumerate(names.split(",")):
            lines.append(Line(each.strip(), op, tuple(operands), number))
    return Program(name, tuple(lines), **others)  # type: ignore[arg-type]


def value(op: str, v: list[float], number: int = 0) -> float:
    """Return what an operation comes to."""
    if op == "softmax":
        top = max(v)
        shares = [math.exp(x - top) for x in v]
        return shares[number] / sum(shares)
    if op == "ce":
        half = len(v) // 2
        return -sum(y * math.log(p) for p, y in zip(v[:half], v[half:], strict=True))
    if op == "bce":
        return -(v[1] * math.log(v[0]) + (1 - v[1]) * math.log(1 - v[0]))
    found: float = _VALUES[op](*v)
    return found


_VALUES: dict[str, Callable[..., float]] = {
    "add": lambda a, b: a + b, "sub": lambda a, b: a - b, "mul": lambda a, b: a * b,
    "div": lambda a, b: a / b, "neg": lambda a: -a, "square": lambda a: a * a, "cube": lambda a: a**3,
    "sigmoid": lambda a: 1 / (1 + math.exp(-a)), "tanh": math.tanh, "relu": lambda a: max(a, 0.0),
    "exp": math.exp, "ln": math.log, "sqrt": math.sqrt, "sin": math.sin, "cos": math.cos, "abs": abs,
    "max": max, "min": min,
}  # fmt: skip


def slope(op: str, v: list[float], out: float, slot: int, number: int = 0) -> float:
    """Return the slope of an operation along one operand."""
    if op == "softmax":
        shares = [value(op, v, n) for n in range(len(v))]
        return out * ((slot == number) - shares[slot])
    if op == "ce":
        return -v[len(v) // 2 + slot] / v[slot]
    if op == "bce":
        return (v[0] - v[1]) / (v[0] * (1 - v[0]))
    found: float = _SLOPES[op](out, slot, *v)
    return found


_SLOPES: dict[str, Callable[..., float]] = {
    "add": lambda o, s, a, b: 1.0, "sub": lambda o, s, a, b: -1.0 if s else 1.0,
    "mul": lambda o, s, a, b: a if s else b, "div": lambda o, s, a, b: -a / b**2 if s else 1 / b,
    "neg": lambda o, s, a: -1.0, "square": lambda o, s, a: 2 * a, "cube": lambda o, s, a: 3 * a * a,
    "sigmoid": lambda o, s, a: o * (1 - o), "tanh": lambda o, s, a: 1 - o * o,
    "relu": lambda o, s, a: float(a > 0), "exp": lambda o, s, a: o, "ln": lambda o, s, a: 1 / a,
    "sqrt": lambda o, s, a: 0.5 / o, "sin": lambda o, s, a: math.cos(a),
    "cos": lambda o, s, a: -math.sin(a), "abs": lambda o, s, a: math.copysign(1.0, a),
    "max": lambda o, s, a, b: float((a > b) == (s == 0)), "min": lambda o, s, a, b: float((a < b) == (s == 0)),
}  # fmt: skip


@dataclass(frozen=True)
class Edge:
    """What a student looks at when a gradient is handed down: values, slot, slope and upstream."""

    line: Line
    v: list[float]
    out: float
    slot: int
    slope: float
    up: float
    values: Values

    @property
    def a(self) -> float:
        """Return the operand's value."""
        return self.v[self.slot]

    @property
    def b(self) -> float:
        """Return the other operand's value."""
        return self.v[1 - self.slot]


Back = Callable[[Edge], float]


@dataclass
class Rules:
    """What a student does differently. Nothing here: nothing.

    Attributes:
        inputs: numbers read for others.
        values: by operation, its value from its operands' values and all values.
        back: by edge, what is handed down.
        total: by node, its gradient from its contributions (in the order used).
        carried: by node, its gradient from the one found and all values; handed on.
        seed: where the way back begins.
        new: a parameter's new value from its old one, its gradient and the rate.
        written: the sheet from the sheet.
    """

    inputs: Values = field(default_factory=dict)
    values: dict[str, Callable[[list[float], Values], float]] = field(default_factory=dict)
    back: dict[tuple[str, int], Back] = field(default_factory=dict)
    total: dict[str, Callable[[list[float]], float]] = field(default_factory=dict)
    carried: dict[str, Callable[[float, Values, Values], float]] = field(default_factory=dict)
    seed: Callable[[Values], float] = lambda values: 1.0
    new: Callable[[float, float, float], float] = lambda w, g, rate: w - rate * g
    new_of: frozenset[str] | None = None
    written: Callable[[dict[str, float]], dict[str, float]] = lambda cells: cells
    where: str = ""


def both(one: Rules, two: Rules) -> Rules:
    """Return the rules of a student who makes two slips."""
    return Rules(
        inputs={**one.inputs, **two.inputs}, values={**two.values, **one.values},
        back={**two.back, **one.back}, total={**two.total, **one.total},
        carried={**two.carried, **one.carried}, new=two.new if two.new_of else one.new,
        written=lambda cells: two.written(one.written(cells)),
    )  # fmt: skip


def sheet(p: Program, rules: Rules, asked: str, figures: int = 0) -> dict[str, float]:
    """Return what a student writes: "all", "gradients", or "update" with the new weights too.

    With `figures` every number is rounded on the way, as one does who goes on from the sheet.
    """

    def written(number: float) -> float:
        return float(f"{number:.{figures - 1}e}") if figures and math.isfinite(number) else number

    lines = p.by_name
    values: Values = {**p.at, **rules.inputs}
    for line in p.lines:
        v = [float(o) if _number(o) else values[o] for o in line.operands]
        rule = rules.values.get(line.name)
        found = value(line.op, v, line.number) if rule is None else rule(v, values)
        values[line.name] = found if line.name[0] == "_" else written(found)
    gradients: Values = {p.output: rules.seed(values)}
    parts: dict[str, list[float]] = {}
    order = [line.name for line in reversed(p.lines)] + [n for n in p.at if n not in lines]
    down: dict[tuple[str, int], float] = {}
    for name in order:
        if name != p.output:
            used = p.uses(name)
            parts[name] = [down[edge] for edge in used if edge in down]
            if not parts[name]:
                continue
            put = rules.total.get(name, sum)
            gradients[name] = put(parts[name])
            if name in rules.carried:
                gradients[name] = rules.carried[name](gradients[name], values, gradients)
            if name[0] != "_":
                gradients[name] = written(gradients[name])
        if name not in lines:
            continue
        line = lines[name]
        v = [float(o) if _number(o) else values[o] for o in line.operands]
        for edge in p.edges():
            if edge[0] == name:
                local = slope(line.op, v, values[name], edge[1], line.number)
                seen = Edge(line, v, values[name], edge[1], local, gradients[name], values)
                rule_back = rules.back.get(edge)
                down[edge] = gradients[name] * local if rule_back is None else rule_back(seen)
    cells = dict[str, float]()
    named = p.cells
    if asked != "gradients":
        cells.update({name: values[name] for name in named})
    params = [*p.weights, *p.biases]
    for name in [*reversed(named[:-1]), *(n for n in p.at if n not in p.labels)]:
        if (name in gradients and name in (params or p.at)) or name in named[:-1]:
            cells[f"d{p.output}/d{name}"] = gradients.get(name, 0.0)
    if asked == "update":
        for name in params:
            rule_new = rules.new if rules.new_of is None or name in rules.new_of else Rules().new
            cells[f"new({name})"] = rule_new(values[name], gradients[name], LR)
    return rules.written(cells)
