"""Names that are shares of a whole: one-hot labels, probabilities that sum to 1.

Enters: what a teacher writes, `{y = "onehot"}`, or a graph whose loss is a cross-entropy. Leaves: groups
of names, and for each what its names stand for, so that p₁·(y₁ + y₂ + y₃) − y₁ is p₁ − y₁. Shares are
written as s₁/(s₁ + s₂ + s₃) with positive s, so that one comparison covers them all; one-hot labels are
each a case, too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import Any

from ...errors import OptionError, UnknownNameError, did_you_mean, quoted
from ...graph import Graph
from ...language import Apply, Expression, Name, Number, canonical_name
from ...sentences import said

__all__ = [
    "SHARE_WORDS", "Shares", "as_shares", "label_groups", "one_hot_cases", "read_shares", "true_shares",
]  # fmt: skip

SHARE_WORDS = {"onehot": True, "one-hot": True, "one_hot": True, "probabilities": False, "shares": False}
"""What a group of names may be: whether exactly one of them is 1, or all are positive and sum to 1."""

_MOST_CASES = 64
_HIDDEN = "part of "
"""Before a name: the positive number that its share is made of, which nobody can type."""


@dataclass(frozen=True, slots=True)
class Shares:
    """Names that sum to 1; with `onehot` one of them is 1 and the others are 0."""

    names: tuple[str, ...]
    onehot: bool = False


def read_shares(given: Any, names: Iterable[str]) -> tuple[Any, tuple[Shares, ...]]:
    """Return a domain without the groups of shares in it, and these groups.

    A key is a name, several (`"y1, y2"`), or what numbered names begin with: `y` for y1, y2, y3.

    Raises:
        UnknownNameError: a key that is no name.
        OptionError: a word for shares where a domain of all names is expected.

    >>> read_shares({"y": "onehot", "x": "positive"}, ["x", "y1", "y2"])
    ({'x': 'positive'}, (Shares(names=('y1', 'y2'), onehot=True),))
    """
    if isinstance(given, str) and given in SHARE_WORDS:
        raise OptionError(said("{word} is said by name: domain = {{y = {word}}}", word=f'"{given}"'))
    if not isinstance(given, Mapping):
        return given, ()
    listed = list(names)
    rest: dict[str, Any] = {}
    found: list[Shares] = []
    for key, value in given.items():
        if isinstance(value, str) and value in SHARE_WORDS:
            found.append(Shares(_members(str(key), listed), SHARE_WORDS[value]))
        else:
            rest[key] = value
    return rest, tuple(found)


def _members(key: str, names: Sequence[str]) -> tuple[str, ...]:
    """Return the names that a key means."""
    found: dict[str, None] = {}
    for part in re.split(r"[\s,]+", key.strip()):
        name = canonical_name(part)
        numbered = re.compile(rf"{re.escape(name)}_?\d+\Z")
        family = [name] if name in names else [each for each in names if numbered.match(each)]
        if not family:
            hint = did_you_mean(name, names) or said("known here: {names}", names=", ".join(names))
            raise UnknownNameError(
                said("a domain is given for the unknown name {key}; {hint}", key=quoted(name), hint=hint)
            )
        found.update(dict.fromkeys(family))
    return tuple(found)


def label_groups(graph: Graph, numbers: Sequence[float]) -> tuple[Shares, ...]:
    """Return the labels of a cross-entropy over a softmax's outputs: inputs that sum to 1 at the point.

    >>> import backprop_tutor as bt
    >>> d = bt.derive("p, q = softmax(a, b); L = -(y*log(p) + t*log(q))", dict(a=1, b=2, y=0, t=1))
    >>> label_groups(d.graph_table, [float(n) for n in d.numbers])
    (Shares(names=('y', 't'), onehot=False),)
    """
    outputs: dict[tuple[int, ...], dict[int, int]] = {}
    for place, node in enumerate(graph.nodes):
        if node.op == "softmax":
            outputs.setdefault(node.operands, {})[int(dict(node.options)["index"])] = place
    found = []
    for operands, places in outputs.items():
        if len(places) < len(operands) or len(operands) < 2:
            continue
        labels = [_label(graph, places[index]) for index in range(len(operands))]
        leaves = [place for place in labels if place is not None]
        if len(set(leaves)) == len(operands) and abs(sum(numbers[i] for i in leaves) - 1) < 1e-9:
            found.append(Shares(tuple(graph.nodes[place].name for place in leaves)))
    return tuple(found)


def _label(graph: Graph, share: int) -> int | None:
    """Return the input that weighs the log of a share, or stands beside it in a cross-entropy."""
    for use in graph.uses[share]:
        target = graph.nodes[use.target]
        if target.op == "cross_entropy":
            half = len(target.operands) // 2
            if use.slot < half:
                return _leaf(graph, target.operands[use.slot + half])
        if target.op != "log":
            continue
        for weighed in graph.uses[use.target]:
            times = graph.nodes[weighed.target]
            if times.op == "multiply":
                return _leaf(graph, times.operands[1 - weighed.slot])
            for again in graph.uses[weighed.target] if times.op == "negate" else ():
                if graph.nodes[again.target].op == "multiply":
                    return _leaf(graph, graph.nodes[again.target].operands[1 - again.slot])
    return None


def _leaf(graph: Graph, place: int) -> int | None:
    """Return the input at a place, or under a sign there."""
    node = graph.nodes[place]
    if node.op == "negate":
        place, node = node.operands[0], graph.nodes[node.operands[0]]
    return place if not node.operands and node.kind != "constant" else None


def as_shares(groups: Iterable[Shares]) -> tuple[dict[str, Expression], dict[str, str]]:
    """Return what names of groups stand for, and the domains of what they are made of."""
    definitions: dict[str, Expression] = {}
    domains: dict[str, str] = {}
    for group in groups:
        parts: list[Expression] = [Name(_HIDDEN + name) for name in group.names]
        total = parts[0]
        for part in parts[1:]:
            total = Apply("add", (total, part))
        for name, part in zip(group.names, parts, strict=True):
            domains[_HIDDEN + name] = "positive"
            definitions[name] = Apply("divide", (part, total)) if len(parts) > 1 else part
    return definitions, domains


def true_shares(groups: Iterable[Shares], point: Mapping[str, float]) -> dict[str, float]:
    """Return a point with the shares in place of what they are made of."""
    found = {name: value for name, value in point.items() if not name.startswith(_HIDDEN)}
    for group in groups:
        parts = [point.get(_HIDDEN + name, 1.0) for name in group.names]
        found |= {name: part / sum(parts) for name, part in zip(group.names, parts, strict=True)}
    return dict(sorted(found.items()))


def one_hot_cases(groups: Sequence[Shares]) -> Iterator[tuple[dict[str, Expression], dict[str, float]]]:
    """Yield for each way in which the labels of one-hot groups may stand what their names are.

    A group of one name is a label that is 0 or 1.
    """
    hot = [group for group in groups if group.onehot]
    choices = [range(len(group.names)) if len(group.names) > 1 else range(2) for group in hot]
    for number, chosen in enumerate(product(*choices)):
        if number == _MOST_CASES:
            raise OptionError(said("one-hot labels have at most {most} cases together", most=_MOST_CASES))
        values: dict[str, float] = {}
        for group, place in zip(hot, chosen, strict=True):
            if len(group.names) == 1:
                values[group.names[0]] = float(place)
            else:
                values |= {name: float(i == place) for i, name in enumerate(group.names)}
        yield {n: Number(Fraction(int(v)), str(int(v))) for n, v in values.items()}, values
