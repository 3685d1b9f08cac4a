"""What students do wrong with errors, softmax and cross-entropy."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator

from searches.causes.passes import Edge, Program, Rules
from searches.causes.rules import Made, Misconception, at_edges, by_constant, local

_BROAD = "error-sign sign-of-everything sign-of-edge sign-slip negate-sign"


def _row(name: str, causes: str, made: Made, group: str = "losses", asked: str = "") -> Misconception:
    every = tuple(asked.split()) or ("all", "gradients", "update")
    return Misconception(name, group, frozenset(causes.split()), made, every)


def _squares(p: Program) -> list[tuple[str, int]]:
    return [e for e in p.edges("square") if p.weights]


def _at_squares(rule: Callable[[Edge], float]) -> Made:
    def made(p: Program, draw: random.Random) -> Iterator[Rules]:
        edges = _squares(p)
        if edges:
            yield Rules(back=dict.fromkeys(edges, rule))

    return made


def _predictions(p: Program) -> list[str]:
    errors = [p.by_name[p.by_name[n].operands[0]] for n, _ in _squares(p)]
    return [line.operands[0] for line in errors]


def _at_predictions(rule: Callable[[float, dict[str, float], str], float]) -> Made:
    def made(p: Program, draw: random.Random) -> Iterator[Rules]:
        names = _predictions(p)
        if names:
            yield Rules(carried={n: lambda g, v, gs, n=n: rule(g, v, n) for n in names})  # type: ignore[misc]

    return made


def _is_mean(p: Program, edge: tuple[str, int]) -> bool:
    line = p.by_name[edge[0]]
    return by_constant(p, edge) and p.by_name.get(line.operands[0], line).op == "add"


def _softmaxes(p: Program) -> list[str]:
    return [line.name for line in p.lines if line.op == "softmax"]


def _scores(p: Program) -> list[str]:
    found = [line.operands for line in p.lines if line.op == "softmax"]
    return list(found[0]) if found else []


def _labels(p: Program) -> list[str]:
    return sorted(p.labels)


def at_scores(rule: Callable[[int, list[float], list[float], list[float]], float]) -> Made:
    """Return how the gradient of scores comes from the shares p, the labels y and the gradients of p."""

    def made(p: Program, draw: random.Random) -> Iterator[Rules]:
        names, shares, labels = _scores(p), _softmaxes(p), _labels(p)
        if not names:
            return

        def by(i: int) -> Callable[[float, dict[str, float], dict[str, float]], float]:
            return lambda g, v, gs: rule(i, [v[n] for n in shares], [v[n] for n in labels], [gs[n] for n in shares])

        yield Rules(carried={name: by(i) for i, name in enumerate(names)})

    return made


def at_shares(rule: Callable[[float, float], float]) -> Made:
    """Return how the gradient of a share comes from the share p and its label y."""

    def made(p: Program, draw: random.Random) -> Iterator[Rules]:
        shares, labels = _softmaxes(p), _labels(p)
        if shares:
            yield Rules(carried={
                n: lambda g, v, gs, n=n, y=y: rule(v[n], v[y]) for n, y in zip(shares, labels, strict=True)  # type: ignore[misc]
            })  # fmt: skip

    return made


def _at_bce(rule: Callable[[float, float], float]) -> Made:
    return at_edges("bce", local(lambda e: rule(e.v[0], e.v[1])))


def _at_softmax(rule: Callable[[Edge], float]) -> Made:
    def made(p: Program, draw: random.Random) -> Iterator[Rules]:
        edges = p.edges("softmax")
        if edges:
            yield Rules(back=dict.fromkeys(edges, rule))

    return made


LOSSES = (
    _row("error turned", _BROAD, _at_squares(lambda e: -e.up * e.slope)),
    _row("2 of the loss lost", "two-or-half power-rule constant-lost", _at_squares(lambda e: e.up * e.slope / 2)),
    _row("2 too many", "two-or-half power-rule constant-lost mean-factor", _at_squares(lambda e: e.up * e.slope * 2)),
    _row("loss for its derivative", "loss-derivative-left-out", _at_predictions(
        lambda g, v, n: v["L"])),
    _row("loss's derivative left out", "loss-derivative-left-out", _at_predictions(lambda g, v, n: 1.0)),
    _row("squared error for its slope", "loss-derivative-left-out power-rule", _at_squares(lambda e: e.up * e.out)),
    _row("1/n lost", "mean-factor constant-lost two-or-half", at_edges("div", local(lambda e: 1.0), _is_mean)),
    _row("1/n twice", "mean-factor two-or-half local-squared", at_edges("div", local(lambda e: 0.25), _is_mean)),
    _row("softmax as a sigmoid", "softmax-alone softmax-rule", _at_softmax(
        lambda e: e.up * e.out * (1 - e.out) * (e.slot == e.line.number)), group="softmax"),
    _row("softmax's cross terms positive", "softmax-rule softmax-alone", _at_softmax(
        lambda e: e.up * (e.slope if e.slot == e.line.number else -e.slope)), group="softmax"),
    _row("softmax left out", "softmax-rule softmax-alone local-forgotten activation-derivative-left-out", _at_softmax(
        lambda e: e.up * (e.slot == e.line.number)), group="softmax"),
    _row("p alone", "softmax-rule softmax-alone softmax-cross-entropy", at_scores(lambda i, p, y, g: p[i]), group="softmax"),
    _row("y − p", f"softmax-cross-entropy {_BROAD}", at_scores(lambda i, p, y, g: y[i] - p[i]), group="softmax"),
    _row("p − 1 everywhere", "softmax-cross-entropy", at_scores(lambda i, p, y, g: p[i] - 1), group="softmax"),
    _row("p − y, times a sigmoid's slope", "softmax-cross-entropy", at_scores(
        lambda i, p, y, g: (p[i] - y[i]) * p[i] * (1 - p[i])), group="softmax"),
    _row("−y for the scores", "softmax-cross-entropy softmax-rule softmax-alone", at_scores(lambda i, p, y, g: -y[i]), group="softmax"),
    _row("p − y for the shares", "cross-entropy-rule", at_shares(lambda p, y: p - y), group="softmax"),
    _row("−1/p everywhere", "cross-entropy-rule", at_shares(lambda p, y: -1 / p), group="softmax"),
    _row("y/p", f"cross-entropy-rule log-rule {_BROAD}", at_shares(lambda p, y: y / p), group="softmax"),
    _row("−p/y turned over", "cross-entropy-rule local-inverted log-rule", at_shares(
        lambda p, y: -p if y else 0.0), group="softmax"),
    _row("1/p lost", "cross-entropy-rule log-rule local-forgotten", at_shares(lambda p, y: -y), group="softmax"),
    _row("ln p for 1/p", "cross-entropy-rule log-rule loss-derivative-left-out", at_shares(lambda p, y: -y * math.log(p)), group="softmax"),
    _row("bce: p − y", "cross-entropy-rule", _at_bce(lambda p, y: p - y), group="softmax"),
    _row("bce: y − p over p(1 − p)", f"cross-entropy-rule {_BROAD}", _at_bce(lambda p, y: (y - p) / p / (1 - p)), group="softmax"),
    _row("bce: 1/p lost", "cross-entropy-rule", _at_bce(lambda p, y: -y + (1 - y)), group="softmax"),
    _row("bce: slope 1", "cross-entropy-rule loss-derivative-left-out", _at_bce(lambda p, y: 1.0), group="softmax"),
)  # fmt: skip
