"""What students do wrong on the way back and in losses, as rules by edge and by node, in several scopes.

A `Misconception` makes `Rules` for a program: at one place, at all operands of one operation, at all
operations of a kind in one layer, or everywhere. `causes` are the slips that may be named for it: the same
wrong rule, or one that gives the same numbers whatever the values.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from searches.causes.passes import Back, Edge, Program, Rules, value

Made = Callable[[Program, random.Random], Iterator[Rules]]


@dataclass(frozen=True)
class Misconception:
    """One wrong rule: its name, its group, the slips that say it, and how sheets with it come about."""

    name: str
    group: str
    causes: frozenset[str]
    made: Made
    asked: tuple[str, ...] = ("all", "gradients", "update")


def _scopes(p: Program, edges: list[tuple[str, int]], draw: random.Random) -> Iterator[list[tuple[str, int]]]:
    """Yield where a rule is used: at one edge, at a gate, in one layer, everywhere."""
    if not edges:
        return
    one = draw.choice(edges)
    yield [one]
    gate = [edge for edge in edges if edge[0] == one[0]]
    if len(gate) > 1:
        yield gate
    for names in p.layers.values():
        layer = [edge for edge in edges if edge[0] in names]
        if len({edge[0] for edge in layer}) > 1 and len(layer) < len(edges):
            yield layer
    if len(edges) > len(gate):
        yield edges


def at_edges(ops: str, rule: Back, keep: Callable[[Program, tuple[str, int]], bool] | None = None) -> Made:
    """Return how a rule is used on the edges of some operations."""

    def made(p: Program, draw: random.Random) -> Iterator[Rules]:
        edges = [e for e in p.edges(*ops.split()) if keep is None or keep(p, e)]
        for scope in _scopes(p, edges, draw):
            yield Rules(back=dict.fromkeys(scope, rule), where=str(scope))

    return made


def local(of: Callable[[Edge], float]) -> Back:
    """Return the rule that hands down another local gradient."""
    return lambda edge: edge.up * of(edge)


def _operand(p: Program, edge: tuple[str, int], other: bool = False) -> str:
    return p.by_name[edge[0]].operands[1 - edge[1] if other else edge[1]]


def to_weight(p: Program, edge: tuple[str, int]) -> bool:
    """Return whether an edge leads to a weight."""
    return _operand(p, edge) in p.weights


def past_weight(p: Program, edge: tuple[str, int]) -> bool:
    """Return whether an edge leads past a weight to what it multiplies."""
    return _operand(p, edge, True) in p.weights and not to_weight(p, edge)


def slot(which: int) -> Callable[[Program, tuple[str, int]], bool]:
    """Return whether an edge is of one slot."""
    return lambda p, edge: edge[1] == which


def by_constant(p: Program, edge: tuple[str, int]) -> bool:
    """Return whether the other operand is a number in the program."""
    other = _operand(p, edge, True)
    return other[0].isdigit()


def no_constant(p: Program, edge: tuple[str, int]) -> bool:
    """Return whether both operands are names."""
    return not by_constant(p, edge)


def _fan(put: Callable[[list[float]], float]) -> Made:
    def made(p: Program, draw: random.Random) -> Iterator[Rules]:
        several = [n for n in [*p.at, *p.by_name] if len(p.uses(n)) > 1 and n not in p.labels]
        several = [n for n in several if n[0] not in "x" or not p.weights]
        if several:
            one = draw.choice(several)
            yield Rules(total={one: put}, where=one)
            if len(several) > 1:
                yield Rules(total=dict.fromkeys(several, put), where="all")

    return made


def _nodes(p: Program) -> list[str]:
    return [n for n in p.cells[:-1] if p.uses(n)] + [n for n in p.at if n not in p.labels]


def at_nodes(
    rule: Callable[[float, dict[str, float], dict[str, float], str], float], which: Callable[[Program], list[str]] = _nodes,
    everywhere: bool = False, carried: bool = True,
) -> Made:  # fmt: skip
    """Return how a rule is used on the gradient of one node, or of all of a sort."""

    def made(p: Program, draw: random.Random) -> Iterator[Rules]:
        names = which(p)
        if not names:
            return
        for scope in [[draw.choice(names)], *([names] if everywhere and len(names) > 1 else [])]:
            if carried:
                yield Rules(
                    carried={n: lambda g, v, gs, n=n: rule(g, v, gs, n) for n in scope}, where=str(scope)  # type: ignore[misc]
                )
            else:
                cells = {f"d{p.output}/d{n}": n for n in scope}
                # What is written down is another number than what is handed on.
                held: dict[str, float] = {}
                yield Rules(
                    carried={n: _noted(held, n, rule) for n in scope},
                    written=lambda sheet, c=cells, h=held: {**sheet, **{k: h[n] for k, n in c.items() if n in h and k in sheet}},  # type: ignore[misc]
                    where=str(scope),
                )

    return made


def _noted(held: dict[str, float], name: str, rule: Callable[..., float]) -> Callable[..., float]:
    def noted(g: float, values: dict[str, float], gradients: dict[str, float]) -> float:
        held[name] = rule(g, values, gradients, name)
        return g

    return noted


def _leaves(p: Program) -> list[str]:
    return [*(p.weights or [n for n in p.at if n not in p.labels])]


def _biases(p: Program) -> list[str]:
    return [b for b in p.biases if len(p.uses(b)) == 1]


def _seeded(seed: Callable[[Program, dict[str, float]], float]) -> Made:
    return lambda p, draw: iter([Rules(seed=lambda values: seed(p, values))])


def _bias_inputs(p: Program, name: str) -> list[str]:
    """Return what comes into the unit of a bias."""
    waiting = [p.by_name[p.uses(name)[0][0]]]
    found = []
    while waiting:
        line = waiting.pop()
        if line.op == "mul":
            found += [o for o in line.operands if o not in p.weights]
        elif line.op == "add":
            waiting += [p.by_name[o] for o in line.operands if o.startswith("_")]
    return found


def _bias_input(times: bool) -> Made:
    def made(p: Program, draw: random.Random) -> Iterator[Rules]:
        names = [b for b in _biases(p) if _bias_inputs(p, b)]
        if names:
            one = draw.choice(names)
            source = _bias_inputs(p, one)[0]
            if times:
                yield Rules(carried={one: lambda g, v, gs: g * v[source]}, where=one)
            else:
                yield Rules(carried={one: lambda g, v, gs: v[source]}, where=one)

    return made


def _gated(edge: Edge) -> float:
    return max(edge.up, 0.0)


def _transposed(p: Program, draw: random.Random) -> Iterator[Rules]:
    """Yield the way down through the wrong weights: w6 for w7 of a 2-2 layer."""
    if p.name != "2-2-2":
        return

    def other(name: str) -> Back:
        return lambda edge: edge.up * edge.values[name]

    yield Rules(back={("_8", 1): other("w7"), ("_10", 1): other("w6")}, where="w6, w7")


def _one_output(p: Program, draw: random.Random) -> Iterator[Rules]:
    """Yield the hidden gradients with what one output hands back, and no other."""
    if p.name == "2-2-2":
        which = draw.choice((0, 1))
        yield Rules(total={n: lambda c: c[which] for n in ("h1", "h2")}, where="h1, h2")


def _updated(p: Program, draw: random.Random) -> Iterator[Rules]:
    """Yield the way down through weights that have been updated already."""
    edges = [e for e in p.edges("mul") if past_weight(p, e) and _operand(p, e) not in p.at]
    if not edges:
        return

    def rule(edge: Edge) -> float:
        return edge.up * (edge.b - 0.1 * edge.up * edge.a)

    for scope in _scopes(p, edges, draw):
        yield Rules(back=dict.fromkeys(scope, rule), where=str(scope))


def _row(name: str, causes: str, made: Made, group: str = "backward", asked: str = "") -> Misconception:
    every = tuple(asked.split()) or ("all", "gradients", "update")
    return Misconception(name, group, frozenset(causes.split()), made, every)


def _sigmoid(z: float) -> float:
    return value("sigmoid", [z])


BACKWARD = (
    _row("own factor", "product-rule index-order", at_edges("mul", local(lambda e: e.a), no_constant)),
    _row("other factor left out", "product-rule weight-left-out local-forgotten constant-lost",
         at_edges("mul", local(lambda e: 1.0))),
    _row("the whole product", "product-rule value-multiplied-in", at_edges("mul", local(lambda e: e.out), no_constant)),
    _row("sum of the factors", "product-rule", at_edges("mul", local(lambda e: e.a + e.b), no_constant)),
    _row("term of a sum for its slope", "add-gate", at_edges("add", local(lambda e: e.b), no_constant)),
    _row("sum shares its gradient", "add-gate", at_edges("add", local(lambda e: 0.5))),
    _row("own term for a sum's slope", "add-gate value-multiplied-in", at_edges("add", local(lambda e: e.a))),
    _row("minus of a difference", "subtract-sign sign-of-edge error-sign", at_edges("sub", local(lambda e: 1.0), slot(1))),
    _row("minus in front", "negate-sign sign-of-edge", at_edges("neg", local(lambda e: 1.0))),
    _row("denominator without minus", "quotient-rule sign-of-edge",
         at_edges("div", local(lambda e: e.b / e.a**2), lambda p, e: e[1] == 1)),
    _row("denominator not squared", "quotient-rule", at_edges("div", local(lambda e: -e.b / e.a), slot(1))),
    _row("numerator left out", "quotient-rule", at_edges("div", local(lambda e: -1 / e.a**2), slot(1))),
    _row("one over b for both", "quotient-rule", at_edges("div", local(lambda e: 1 / e.a), slot(1))),
    _row("minus on the numerator", "quotient-rule sign-of-edge error-sign sign-of-everything", at_edges("div", local(lambda e: -1 / e.b), slot(0))),
    _row("times b for over b", "quotient-rule local-inverted constant-lost", at_edges("div", local(lambda e: e.b), slot(0))),
    _row("2 of the square lost", "power-rule two-or-half", at_edges("square", local(lambda e: e.a))),
    _row("square kept", "power-rule", at_edges("square", local(lambda e: 2 * e.a**2))),
    _row("square for its slope", "power-rule", at_edges("square", local(lambda e: e.out))),
    _row("only the 2", "power-rule", at_edges("square", local(lambda e: 2.0))),
    _row("3 of the cube lost", "power-rule", at_edges("cube", local(lambda e: e.a**2))),
    _row("cube kept", "power-rule", at_edges("cube", local(lambda e: 3 * e.a**3))),
    _row("power lowered for both", "power-rule", at_edges("cube", local(lambda e: 3 * e.a))),
    _row("power rule on exp", "exp-rule", at_edges("exp", local(lambda e: e.a * math.exp(e.a - 1)))),
    _row("exp left out", "exp-rule local-forgotten activation-derivative-left-out", at_edges("exp", local(lambda e: 1.0))),
    _row("exponent for exp's slope", "exp-rule value-multiplied-in", at_edges("exp", local(lambda e: e.a))),
    _row("exponent times exp", "exp-rule value-multiplied-in", at_edges("exp", local(lambda e: e.a * e.out))),
    _row("ln for its slope", "log-rule", at_edges("ln", local(lambda e: e.out))),
    _row("ln left out", "log-rule local-forgotten cross-entropy-rule", at_edges("ln", local(lambda e: 1.0))),
    _row("x for 1/x", "log-rule local-inverted", at_edges("ln", local(lambda e: e.a))),
    _row("slope of log10", "log-rule log-base", at_edges("ln", local(lambda e: 1 / e.a / math.log(10)))),
    _row("1/ln x", "log-rule local-at-output", at_edges("ln", local(lambda e: 1 / e.out))),
    _row("sigmoid left out", "activation-derivative-left-out local-forgotten", at_edges("sigmoid", local(lambda e: 1.0))),
    _row("s alone", "sigmoid-rule", at_edges("sigmoid", local(lambda e: e.out))),
    _row("1 − s alone", "sigmoid-rule", at_edges("sigmoid", local(lambda e: 1 - e.out))),
    _row("z(1 − z)", "local-at-input", at_edges("sigmoid", local(lambda e: e.a * (1 - e.a)))),
    _row("s(a)(1 − s(a))", "local-at-output", at_edges("sigmoid", local(lambda e: _sigmoid(e.out) * (1 - _sigmoid(e.out))))),
    _row("s(s − 1)", "sigmoid-rule sign-of-edge", at_edges("sigmoid", local(lambda e: e.out * (e.out - 1)))),
    _row("tanh's slope on a sigmoid", "other-activation", at_edges("sigmoid", local(lambda e: 1 - e.out**2))),
    _row("relu's slope on a sigmoid", "other-activation activation-derivative-left-out",
         at_edges("sigmoid", local(lambda e: float(e.a > 0)))),
    _row("sigmoid's slope twice", "local-squared softmax-cross-entropy", at_edges("sigmoid", local(lambda e: (e.out * (1 - e.out)) ** 2))),
    _row("tanh left out", "activation-derivative-left-out local-forgotten", at_edges("tanh", local(lambda e: 1.0))),
    _row("1 − tanh", "tanh-rule", at_edges("tanh", local(lambda e: 1 - e.out))),
    _row("1 − z²", "local-at-input tanh-rule", at_edges("tanh", local(lambda e: 1 - e.a**2))),
    _row("1 + tanh²", "tanh-rule", at_edges("tanh", local(lambda e: 1 + e.out**2))),
    _row("sigmoid's slope on tanh", "other-activation", at_edges("tanh", local(lambda e: e.out * (1 - e.out)))),
    _row("tanh'(a)", "local-at-output", at_edges("tanh", local(lambda e: 1 - math.tanh(e.out) ** 2))),
    _row("relu not gated", "relu-gate activation-derivative-left-out local-forgotten", at_edges("relu", local(lambda e: 1.0))),
    _row("relu gated by the gradient", "relu-gate", at_edges("relu", _gated)),
    _row("relu the wrong side", "relu-gate activation-derivative-left-out", at_edges("relu", local(lambda e: float(e.a <= 0)))),
    _row("relu's value for its slope", "relu-gate", at_edges("relu", local(lambda e: e.out))),
    _row("max to the other operand", "wrong-branch", at_edges("max", local(lambda e: 1 - e.slope))),
    _row("max to both", "wrong-branch", at_edges("max", local(lambda e: 1.0))),
    _row("max shared", "wrong-branch", at_edges("max", local(lambda e: 0.5))),
    _row("root without half", "root-rule", at_edges("sqrt", local(lambda e: 1 / e.out))),
    _row("half the root", "root-rule", at_edges("sqrt", local(lambda e: e.out / 2))),
    _row("sine's sign", "trigonometry-rule sign-of-edge", at_edges("sin", local(lambda e: -math.cos(e.a)))),
    _row("sine for cosine", "trigonometry-rule", at_edges("sin", local(lambda e: math.sin(e.a)))),
    _row("cosine in degrees", "degrees", at_edges("sin", local(lambda e: math.cos(math.radians(e.a))))),
    _row("constant lost", "constant-lost product-rule", at_edges("mul", local(lambda e: 1.0), by_constant)),
    _row("half lost", "constant-lost two-or-half mean-factor",
         at_edges("div", local(lambda e: 1.0), lambda p, e: by_constant(p, e) and e[1] == 0)),
    _row("upstream forgotten", "local-for-downstream", at_edges("", lambda e: e.slope)),
    _row("local added", "local-added", at_edges("", lambda e: e.up + e.slope)),
    _row("local turned over", "local-inverted constant-lost log-rule quotient-rule",
         at_edges("mul div exp ln", lambda e: e.up / e.slope if e.slope else math.nan)),
    _row("last path kept", "path-dropped", _fan(lambda c: c[-1])),
    _row("first path kept", "path-dropped", _fan(lambda c: c[0])),
    _row("paths averaged", "paths-averaged", _fan(lambda c: sum(c) / len(c))),
    _row("paths multiplied", "paths-multiplied", _fan(math.prod)),
    _row("paths subtracted", "paths-subtracted sign-of-edge", _fan(lambda c: c[0] - sum(c[1:]))),
    _row("a path twice", "path-doubled", _fan(lambda c: c[0] + sum(c))),
    _row("one output's share", "path-dropped", _one_output),
    _row("seed is the output", "wrong-seed", _seeded(lambda p, v: v[p.output])),
    _row("seed is −1", "sign-of-everything error-sign negate-sign", _seeded(lambda p, v: -1.0)),
    _row("one sign", "sign-of-edge subtract-sign negate-sign error-sign sign-slip trigonometry-rule quotient-rule cross-entropy-rule softmax-cross-entropy",
         at_nodes(lambda g, v, gs, n: -g)),
    _row("held constant", "taken-for-constant bias-gradient", at_nodes(lambda g, v, gs, n: 0.0)),
    _row("value for gradient", "value-for-gradient copied bias-gradient", at_nodes(lambda g, v, gs, n: v[n], carried=False)),
    _row("weight left out", "weight-left-out product-rule", at_edges("mul", local(lambda e: 1.0), past_weight)),
    _row("input left out", "weight-left-out product-rule", at_edges("mul", local(lambda e: 1.0), to_weight)),
    _row("weight for input", "product-rule", at_edges("mul", local(lambda e: e.a), to_weight)),
    _row("weight updated before", "updated-weights", _updated),
    _row("weights transposed", "index-order", _transposed),
    _row("bias gradient 0", "bias-gradient taken-for-constant", at_nodes(lambda g, v, gs, n: 0.0, _biases, True)),
    _row("bias for its gradient", "bias-gradient value-for-gradient copied", at_nodes(lambda g, v, gs, n: v[n], _biases, True)),
    _row("bias gradient times bias", "bias-gradient value-multiplied-in", at_nodes(lambda g, v, gs, n: g * v[n], _biases, True)),
    _row("bias gradient times input", "bias-gradient", _bias_input(True)),
    _row("gradient times own value", "value-multiplied-in product-rule bias-gradient", at_nodes(lambda g, v, gs, n: g * v[n], _leaves, True)),
    _row("step for gradient", "step-for-gradient", at_nodes(lambda g, v, gs, n: 0.1 * g, _leaves, True, False)),
    _row("new weight for gradient", "step-for-gradient", at_nodes(lambda g, v, gs, n: v[n] - 0.1 * g, _leaves, True, False)),
)  # fmt: skip
