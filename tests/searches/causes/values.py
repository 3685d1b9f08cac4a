"""What students do wrong on the way up: forward values, inputs misread, the step of descent, cells of the sheet."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator
from itertools import pairwise

from searches.causes.passes import LR, Line, Program, Rules, Values, value
from searches.causes.rules import Made, Misconception

Wrong = Callable[[list[float], Values], float]


def _row(name: str, group: str, causes: str, made: Made, asked: str = "") -> Misconception:
    every = tuple(asked.split()) or ("all", "all", "update")
    return Misconception(name, group, frozenset(causes.split()), made, every)


def _at(which: Callable[[Program, Line], Wrong | None], together: bool = False) -> Made:
    """Return how operations come to another value: one of them, or all of a layer, or all."""

    def made(p: Program, draw: random.Random) -> Iterator[Rules]:
        found = {line.name: rule for line in p.lines if (rule := which(p, line)) is not None}
        if not found:
            return
        if not together:
            one = draw.choice(sorted(found))
            yield Rules(values={one: found[one]}, where=one)
        for names in p.layers.values():
            layer = {n: r for n, r in found.items() if n in names}
            if 1 < len(layer) < len(found):
                yield Rules(values=layer, where="layer")
        if len(found) > 1 or together:
            yield Rules(values=found, where="all")

    return made


def _by(ops: str, rule: Callable[..., float], keep: Callable[[Program, Line], bool] | None = None,
        together: bool = False) -> Made:  # fmt: skip
    kinds = frozenset(ops.split())

    def which(p: Program, line: Line) -> Wrong | None:
        if line.op not in kinds or (keep is not None and not keep(p, line)):
            return None
        return lambda v, values: rule(*v)

    return _at(which, together)


def _adds_bias(p: Program, line: Line) -> bool:
    return line.operands[1] in p.biases


def _of_names(p: Program, line: Line) -> bool:
    return not any(o[0].isdigit() for o in line.operands)


def _loss(p: Program, line: Line) -> bool:
    return bool(p.weights) and line.operands[0] in p.by_name


def _halved(p: Program, line: Line) -> bool:
    return line.operands[1] == "2"


def _bias_inside(p: Program, line: Line) -> Wrong | None:
    """w*(x + b) for w*x + b."""
    if line.op != "add" or not _adds_bias(p, line):
        return None
    first = p.by_name[line.operands[0]]
    if first.op != "mul":
        return None
    w, x = first.operands
    return lambda v, values: values[w] * (values[x] + v[1])


def _difference_of_squares(p: Program, line: Line) -> Wrong | None:
    if line.op != "square" or not p.weights or line.operands[0] not in p.by_name:
        return None
    inside = p.by_name[line.operands[0]]
    if inside.op != "sub" or not inside.name.startswith("_"):
        return None
    a, t = inside.operands
    return lambda v, values: values[a] ** 2 - values[t] ** 2


def _before(p: Program, line: Line) -> Wrong | None:
    """z in place of a in the next layer's product."""
    if line.op != "mul" or not p.weights:
        return None
    source = p.by_name.get(line.operands[1])
    if source is None or source.op not in ("sigmoid", "tanh", "relu"):
        return None
    z = source.operands[0]
    return lambda v, values: v[0] * values[z]


def _input_for_hidden(p: Program, line: Line) -> Wrong | None:
    """x in place of a in the second layer."""
    if line.op != "mul" or not p.weights or line.operands[1] not in p.by_name:
        return None
    xs = [n for n in p.at if n.startswith("x")]
    hidden = [n for n in p.cells if n.startswith("h")]
    if line.operands[1] not in hidden:
        return None
    x = xs[min(hidden.index(line.operands[1]), len(xs) - 1)]
    return lambda v, values: v[0] * values[x]


def _softmax(rule: Callable[[list[float], int], float]) -> Made:
    def which(p: Program, line: Line) -> Wrong | None:
        if line.op != "softmax":
            return None
        return lambda v, values, n=line.number: rule(v, n)  # type: ignore[misc]

    return _at(which, together=True)


def _one_softmax(p: Program, draw: random.Random) -> Iterator[Rules]:
    shares = [line for line in p.lines if line.op == "softmax"]
    if shares:
        line = draw.choice(shares)
        yield Rules(values={line.name: lambda v, values: math.exp(v[line.number])}, where=line.name)


def _ce(rule: Callable[[list[float], list[float]], float]) -> Made:
    return _at(lambda p, line: None if line.op != "ce" else (
        lambda v, values: rule(v[: len(v) // 2], v[len(v) // 2 :])
    ))  # fmt: skip


def _term_left_out(p: Program, line: Line) -> Wrong | None:
    if line.op != "add" or not p.weights or line.operands[1] in p.biases:
        return None
    return lambda v, values: v[0]


def _other_weight(p: Program, draw: random.Random) -> Iterator[Rules]:
    """Two weights of a layer taken for each other."""
    pairs = {"2-2-2": ("_2", "_4", "w2", "w3"), "relu network": ("_2", "_4", "w2", "w3")}
    if p.name in pairs:
        one, other, a, b = pairs[p.name]
        yield Rules(values={one: lambda v, s: s[b] * v[1], other: lambda v, s: s[a] * v[1]}, where=f"{a}, {b}")


F = "forward"
_SOFT = "softmax-values"
FORWARD = (
    _row("bias left out", F, "bias-left-out term-left-out", _by("add", lambda a, b: a, _adds_bias)),
    _row("bias subtracted", F, "forward-arithmetic", _by("add", lambda a, b: a - b, _adds_bias)),
    _row("bias multiplied", F, "forward-arithmetic", _by("add", lambda a, b: a * b, _adds_bias)),
    _row("term left out", F, "term-left-out forward-arithmetic", _at(_term_left_out)),
    _row("square forgotten", F, "power-forgotten forward-arithmetic", _by("square", lambda a: a)),
    _row("doubled for squared", F, "forward-arithmetic power-forgotten", _by("square", lambda a: 2 * a)),
    _row("cube forgotten", F, "power-forgotten forward-arithmetic", _by("cube", lambda a: a)),
    _row("tripled for cubed", F, "forward-arithmetic", _by("cube", lambda a: 3 * a)),
    _row("half forgotten", F, "constant-forgotten loss-value",
         _by("div", lambda a, b: a, _halved)),
    _row("half twice", F, "constant-forgotten loss-value", _by("div", lambda a, b: a / 4, _halved)),
    _row("a² − t²", F, "difference-of-squares", _at(_difference_of_squares)),
    _row("order of operations", F, "order-of-operations", _at(_bias_inside)),
    _row("max and min", F, "max-for-min", _by("max", min)),
    _row("identity for relu", F, "activation-left-out", _by("relu", lambda a: a)),
    _row("|z| for relu", F, "relu-value forward-arithmetic other-activation-value", _by("relu", abs)),
    _row("relu turned", F, "relu-value forward-arithmetic other-activation-value", _by("relu", lambda a: min(a, 0.0))),
    _row("sigmoid left out", F, "activation-left-out", _by("sigmoid", lambda a: a)),
    _row("tanh left out", F, "activation-left-out", _by("tanh", lambda a: a)),
    _row("tanh for sigmoid", F, "other-activation-value", _by("sigmoid", math.tanh)),
    _row("relu for sigmoid", F, "other-activation-value activation-left-out", _by("sigmoid", lambda a: max(a, 0.0))),
    _row("sigmoid for tanh", F, "other-activation-value", _by("tanh", lambda a: value("sigmoid", [a]))),
    _row("sigmoid of −z", F, "forward-arithmetic activation-sign", _by("sigmoid", lambda a: value("sigmoid", [-a]))),
    _row("sigmoid twice", F, "activation-twice", _by("sigmoid", lambda a: value("sigmoid", [value("sigmoid", [a])]))),
    _row("z in place of a", F, "preactivation-used activation-left-out", _at(_before)),
    _row("x in place of a", F, "input-for-hidden", _at(_input_for_hidden, together=True)),
    _row("weights taken for each other", F, "index-order other-index", _other_weight),
    _row("sum for product", F, "forward-arithmetic", _by("mul", lambda a, b: a + b, _of_names)),
    _row("minus of a product", F, "forward-arithmetic", _by("mul", lambda a, b: -a * b, _of_names)),
    _row("difference turned", F, "forward-arithmetic error-sign", _by("sub", lambda a, b: b - a)),
    _row("sum for difference", F, "forward-arithmetic", _by("sub", lambda a, b: a + b)),
    _row("difference for sum", F, "forward-arithmetic", _by("add", lambda a, b: a - b, lambda p, n: not p.weights)),
    _row("product for sum", F, "forward-arithmetic", _by("add", lambda a, b: a * b, lambda p, n: not p.weights)),
    _row("fraction turned", F, "forward-arithmetic", _by("div", lambda a, b: b / a, _of_names)),
    _row("times for divided", F, "forward-arithmetic", _by("div", lambda a, b: a * b, _of_names)),
    _row("exp's sign", F, "forward-arithmetic", _by("exp", lambda a: math.exp(-a))),
    _row("exp of 10", F, "function-value", _by("exp", lambda a: 10**a)),
    _row("exp of 2", F, "function-value", _by("exp", lambda a: 2**a)),
    _row("e times x", F, "function-value", _by("exp", lambda a: math.e * a)),
    _row("log10 for ln", F, "log-base", _by("ln", math.log10)),
    _row("1/x for ln", F, "function-value", _by("ln", lambda a: 1 / a)),
    _row("exp for ln", F, "function-value", _by("ln", math.exp)),
    _row("root forgotten", F, "function-value power-forgotten", _by("sqrt", lambda a: a)),
    _row("half for root", F, "function-value", _by("sqrt", lambda a: a / 2)),
    _row("sine in degrees", F, "degrees", _by("sin", lambda a: math.sin(math.radians(a)))),
    _row("minus forgotten", F, "forward-arithmetic", _by("neg", lambda a: a)),
    _row("softmax not normalised", F, _SOFT, _softmax(lambda v, n: math.exp(v[n]))),
    _row("one share not normalised", F, _SOFT, _one_softmax),
    _row("softmax linear", F, _SOFT, _softmax(lambda v, n: v[n] / sum(v))),
    _row("sigmoid for softmax", F, _SOFT, _softmax(lambda v, n: value("sigmoid", [v[n]]))),
    _row("softmax of −z", F, _SOFT, _softmax(lambda v, n: value("softmax", [-x for x in v], n))),
    _row("cross-entropy without minus", F, "cross-entropy-value",
         _ce(lambda p, y: sum(b * math.log(a) for a, b in zip(p, y, strict=True)))),
    _row("cross-entropy of all", F, "cross-entropy-value", _ce(lambda p, y: -sum(map(math.log, p)))),
    _row("cross-entropy with log10", F, "cross-entropy-value log-base",
         _ce(lambda p, y: -sum(b * math.log10(a) for a, b in zip(p, y, strict=True)))),
    _row("1 − p for cross-entropy", F, "cross-entropy-value",
         _ce(lambda p, y: 1 - sum(b * a for a, b in zip(p, y, strict=True)))),
    _row("squared error for cross-entropy", F, "cross-entropy-value",
         _ce(lambda p, y: sum((a - b) ** 2 for a, b in zip(p, y, strict=True)))),
)  # fmt: skip


def _update(rule: Callable[[float, float, float], float], one: bool = False) -> Made:
    def made(p: Program, draw: random.Random) -> Iterator[Rules]:
        if p.weights:
            yield Rules(new=rule)
            several = [*p.weights, *p.biases]
            if len(several) > 1:
                yield Rules(new=rule, new_of=frozenset({draw.choice(several)}), where="one")
            if p.biases and len(p.weights) > 1:
                yield Rules(new=rule, new_of=frozenset(p.weights), where="weights")

    return made


def _other_step(p: Program, draw: random.Random) -> Iterator[Rules]:
    """The step of another weight."""
    several = [*p.weights, *p.biases]
    if len(several) < 2:
        return
    one, other = draw.sample(several, 2)

    def written(cells: dict[str, float]) -> dict[str, float]:
        return {**cells, f"new({one})": p.at[one] - LR * cells[f"d{p.output}/d{other}"]}

    yield Rules(written=written, where=one)


UP = ("update",)
UPDATE = tuple(
    Misconception(name, "update", frozenset(causes.split()), made, UP)
    for name, causes, made in (
        ("ascent", "update-step", _update(lambda w, g, r: w + r * g)),
        ("rate left out", "update-step", _update(lambda w, g, r: w - g)),
        ("rate squared", "update-step", _update(lambda w, g, r: w - r * r * g)),
        ("rate divided", "update-step", _update(lambda w, g, r: w - g / r)),
        ("ascent without rate", "update-step", _update(lambda w, g, r: w + g)),
        ("step alone", "update-step", _update(lambda w, g, r: r * g)),
        ("minus step alone", "update-step", _update(lambda w, g, r: -r * g)),
        ("gradient for the new weight", "update-step copied", _update(lambda w, g, r: g)),
        ("weight times gradient", "update-step", _update(lambda w, g, r: w - r * w * g)),
        ("weight times its step", "update-step", _update(lambda w, g, r: w * r * g)),
        ("rate times everything", "update-step", _update(lambda w, g, r: r * (w - g))),
        ("step minus weight", "update-step", _update(lambda w, g, r: r * g - w)),
        ("weight shrunk", "update-step", _update(lambda w, g, r: r * w - g)),
        ("weight kept", "update-step copied", _update(lambda w, g, r: w)),
        ("another weight's step", "update-other", _other_step),
    )
)


def _misread(change: Callable[[Program, str, random.Random], float | None]) -> Made:
    def made(p: Program, draw: random.Random) -> Iterator[Rules]:
        names = [n for n in p.at if p.at[n] not in (0.0, 1.0)]
        draw.shuffle(names)
        for name in names:
            number = change(p, name, draw)
            if number is not None and number != p.at[name]:
                yield Rules(inputs={name: number}, where=name)
                return

    return made


def _minus(p: Program, name: str, draw: random.Random) -> float | None:
    return -p.at[name] if p.at[name] < 0 else None


def _minus_added(p: Program, name: str, draw: random.Random) -> float | None:
    return -p.at[name] if p.at[name] > 0 else None


def _exchanged(p: Program, name: str, draw: random.Random) -> float | None:
    text = f"{p.at[name]:g}"
    places = [i for i, c in enumerate(text) if c.isdigit()]
    pairs = [(a, b) for a, b in pairwise(places) if text[a] != text[b] and text[a] + text[b] != "0."]
    pairs = [(a, b) for a, b in pairs if not (text.lstrip("-").startswith("0") and a == places[0] and b == a + 1)]
    if not pairs:
        return None
    a, b = draw.choice(pairs)
    turned = list(text)
    turned[a], turned[b] = turned[b], turned[a]
    return float("".join(turned))


def _of_another(p: Program, name: str, draw: random.Random) -> float | None:
    others = [n for n in p.at if p.at[n] != p.at[name] and n[0] == name[0]] or [n for n in p.at if p.at[n] != p.at[name]]
    return p.at[draw.choice(others)]


def _two_exchanged(p: Program, draw: random.Random) -> Iterator[Rules]:
    names = [n for n in p.at if n not in p.labels]
    one = draw.choice(names)
    others = [n for n in names if n[0] == one[0] and p.at[n] != p.at[one]] or [n for n in names if p.at[n] != p.at[one]]
    other = draw.choice(others)
    yield Rules(inputs={one: p.at[other], other: p.at[one]}, where=f"{one}, {other}")


I = "inputs"
_READ = "misread-input inputs-exchanged"
INPUTS = (
    _row("minus dropped", I, _READ, _misread(_minus)),
    _row("minus added", I, _READ, _misread(_minus_added)),
    _row("digits exchanged", I, _READ, _misread(_exchanged)),
    _row("another input's value", I, f"{_READ} index-order", _misread(_of_another)),
    _row("two inputs exchanged", I, f"{_READ} index-order", _two_exchanged),
    _row("decimal point moved", I, _READ, _misread(lambda p, n, d: p.at[n] * 10)),
    _row("decimal point moved down", I, _READ, _misread(lambda p, n, d: p.at[n] / 10)),
    _row("read as 0", I, f"{_READ} term-left-out bias-left-out", _misread(lambda p, n, d: 0.0)),
)


def _one_cell(change: Callable[[dict[str, float], str, random.Random], float | None]) -> Made:
    def made(p: Program, draw: random.Random) -> Iterator[Rules]:
        def written(cells: dict[str, float]) -> dict[str, float]:
            names = [n for n in cells if cells[n]]
            draw.shuffle(names)
            for name in names:
                number = change(cells, name, draw)
                if number is not None and abs(number - cells[name]) > 0.02 * abs(cells[name]):
                    return {**cells, name: number}
            return cells

        yield Rules(written=written)

    return made


def _another_cell(cells: dict[str, float], name: str, draw: random.Random) -> float | None:
    index = list(cells).index(name)
    near = [n for i, n in enumerate(cells) if n != name and abs(i - index) <= 2]
    return cells[draw.choice(near)]


def _swapped(p: Program, draw: random.Random) -> Iterator[Rules]:
    def written(cells: dict[str, float]) -> dict[str, float]:
        names = list(cells)
        place = draw.randrange(len(names) - 1)
        one, other = names[place], names[place + 1]
        return {**cells, one: cells[other], other: cells[one]}

    yield Rules(written=written)


def _digits(cells: dict[str, float], name: str, draw: random.Random) -> float | None:
    text = f"{cells[name]:.4g}"
    if "e" in text:
        return None
    places = [i for i, c in enumerate(text) if c.isdigit()]
    first = next(k for k, i in enumerate(places) if text[i] != "0")
    pairs = [(a, b) for a, b in zip(places[first:], places[first + 1 :], strict=False) if text[a] != text[b]]
    pairs = [(a, b) for a, b in pairs if text[b] != "0" or a != places[first]]
    if not pairs:
        return None
    a, b = draw.choice(pairs)
    turned = list(text)
    turned[a], turned[b] = turned[b], turned[a]
    return float("".join(turned))


def _neighbours(p: Program, draw: random.Random) -> Iterator[Rules]:
    """The gradients of two weights of a layer in each other's cells, or one in the other's."""
    names = [*p.weights]
    if len(names) < 2:
        return
    place = draw.randrange(len(names) - 1)
    one, other = (f"d{p.output}/d{n}" for n in names[place : place + 2])
    yield Rules(written=lambda c: {**c, one: c[other], other: c[one]}, where=one)
    yield Rules(written=lambda c: {**c, one: c[other]}, where=one)


C = "cells"
CELLS = (
    _row("cell copied", C, "copied value-for-gradient index-order add-gate", _one_cell(_another_cell)),
    _row("cells swapped", C, "swapped-cells index-order", _swapped),
    _row("wrong neuron's gradient", C, "swapped-cells index-order copied", _neighbours),
    _row("point moved up", C, "decimal-point", _one_cell(lambda c, n, d: c[n] * 10)),
    _row("point moved down", C, "decimal-point", _one_cell(lambda c, n, d: c[n] / 10)),
    _row("point moved twice", C, "decimal-point", _one_cell(lambda c, n, d: c[n] * 100)),
    _row("digits exchanged", C, "digits-exchanged", _one_cell(_digits)),
    _row("minus lost", C, "sign-slip sign-of-edge subtract-sign negate-sign error-sign forward-arithmetic quotient-rule trigonometry-rule",
         _one_cell(lambda c, n, d: -c[n])),
)  # fmt: skip
