"""Sheets that are wrong but consistent, and right ones however rounded: what is refused, and who accused.

A sheet is worked out by hand, cell by cell from the numbers that stand on it: the steps of `GRAPHS` are
written out here and know nothing of the marker. One cell of a wrong sheet is another number; what is
worked out from it follows, and must earn its marks. A step has several ways where people have: σ' from a
or from z. Right sheets are rounded at the end, cut off at the end, or rounded at every step, at four and
three figures.

    python -m benchmarks.follow_through [--cells 5000] [--right 10000] [--seed 1] [--shown 10]

Limits: 5 of 5,000 cells refused, nobody of 10,000 accused.
"""

from __future__ import annotations

import argparse
import math
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import backprop_tutor as bt
from backprop_tutor.homework.marking.marker import Marker

__all__ = ["GRAPHS", "Counted", "main", "right_sheets", "wrong_sheets"]

State = dict[str, float]
Way = Callable[[State], float]
REFUSED, ACCUSED = 5, 0
"""So many of 5,000 cells, and of 10,000 sheets, at most."""


@dataclass(frozen=True)
class Worked:
    """A problem with its cells, in the order in which people work, and how each is found."""

    name: str
    program: str
    steps: tuple[tuple[str, tuple[Way, ...]], ...]
    draws: Callable[[random.Random], State]
    lr: float = 0.1


def _d(cells: dict[str, Way | tuple[Way, ...]]) -> tuple[tuple[str, tuple[Way, ...]], ...]:
    return tuple((name, way if isinstance(way, tuple) else (way,)) for name, way in cells.items())


def _sigmoid(z: float) -> float:
    return 1 / (1 + math.exp(-z))


def _some(draw: random.Random, *names: str, low: float = 0.3, high: float = 2.5) -> State:
    return {name: round(draw.choice((-1, 1)) * draw.uniform(low, high), 2) for name in names}


def _positive(draw: random.Random, *names: str) -> State:
    return {name: round(draw.uniform(0.4, 2.5), 2) for name in names}


def _soft(s: State, place: int) -> float:
    scores = [math.exp(s[f"z{i}"]) for i in (1, 2, 3)]
    return scores[place - 1] / sum(scores)


def _softmax_steps() -> tuple[tuple[str, tuple[Way, ...]], ...]:
    def share(i: int) -> Way:
        return lambda s: _soft(s, i)

    def slope(i: int) -> tuple[Way, ...]:
        def by_shares(s: State) -> float:
            return s["dL/dp2"] * (s["p2"] * (1 - s["p2"]) if i == 2 else -s["p2"] * s[f"p{i}"])

        return (lambda s: s[f"p{i}"] - (i == 2), by_shares) if i != 2 else (by_shares,)

    return _d(
        {f"p{i}": share(i) for i in (1, 2, 3)}
        | {"L": lambda s: -math.log(s["p2"]), "dL/dp2": lambda s: -1 / s["p2"]}
        | {f"dL/dz{i}": slope(i)[-1:] for i in (1, 2, 3)}
    )


GRAPHS = (
    Worked(
        "gates", "q = x + y; f = q*z",
        _d({"q": lambda s: s["x"] + s["y"], "f": lambda s: s["q"] * s["z"], "df/dq": lambda s: s["z"],
            "df/dz": lambda s: s["q"], "df/dx": lambda s: s["df/dq"], "df/dy": lambda s: s["df/dq"]}),
        lambda r: _some(r, "x", "y", "z"),
    ),
    Worked(
        "sigmoid", "z = w*x + b; a = sigmoid(z); L = (a - t)^2/2",
        _d({"z": lambda s: s["w"] * s["x"] + s["b"], "a": lambda s: _sigmoid(s["z"]),
            "L": lambda s: (s["a"] - s["t"]) ** 2 / 2, "dL/da": lambda s: s["a"] - s["t"],
            "dL/dz": (lambda s: s["dL/da"] * s["a"] * (1 - s["a"]),
                      lambda s: s["dL/da"] * _sigmoid(s["z"]) * (1 - _sigmoid(s["z"]))),
            "dL/dw": lambda s: s["dL/dz"] * s["x"], "dL/db": lambda s: s["dL/dz"],
            "new(w)": lambda s: s["w"] - 0.1 * s["dL/dw"]}),
        lambda r: _some(r, "w", "x", "b") | {"t": r.choice((0, 1))},
    ),
    Worked(
        "tanh", "z = w*x; a = tanh(z); f = a*c",
        _d({"z": lambda s: s["w"] * s["x"], "a": lambda s: math.tanh(s["z"]), "f": lambda s: s["a"] * s["c"],
            "df/da": lambda s: s["c"],
            "df/dz": (lambda s: s["df/da"] * (1 - s["a"] ** 2),
                      lambda s: s["df/da"] / math.cosh(s["z"]) ** 2),
            "df/dw": lambda s: s["df/dz"] * s["x"], "df/dx": lambda s: s["df/dz"] * s["w"]}),
        lambda r: _some(r, "w", "x", "c", high=1.4),
    ),
    Worked("softmax", "p1, p2, p3 = softmax(z1, z2, z3); L = -log(p2)", _softmax_steps(),
           lambda r: _some(r, "z1", "z2", "z3")),
    Worked(
        "exp and log", "e = exp(x*k); u = log(y); f = e*u",
        _d({"e": lambda s: math.exp(s["x"] * s["k"]), "u": lambda s: math.log(s["y"]),
            "f": lambda s: s["e"] * s["u"], "df/de": lambda s: s["u"], "df/du": lambda s: s["e"],
            "df/dx": (lambda s: s["df/de"] * s["e"] * s["k"],
                      lambda s: s["df/de"] * math.exp(s["x"] * s["k"]) * s["k"]),
            "df/dy": lambda s: s["df/du"] / s["y"]}),
        lambda r: _some(r, "x", "k", high=1.2) | {"y": round(r.uniform(1.5, 6), 2)},
    ),
    Worked(
        "division", "u = a + b; v = u/c; f = v^2",
        _d({"u": lambda s: s["a"] + s["b"], "v": lambda s: s["u"] / s["c"], "f": lambda s: s["v"] ** 2,
            "df/dv": lambda s: 2 * s["v"], "df/du": lambda s: s["df/dv"] / s["c"],
            "df/dc": (lambda s: -s["df/dv"] * s["u"] / s["c"] ** 2, lambda s: -s["df/dv"] * s["v"] / s["c"]),
            "df/da": lambda s: s["df/du"], "df/db": lambda s: s["df/du"]}),
        lambda r: _positive(r, "a", "b", "c"),
    ),
    Worked(
        "root", "u = x*y + z; r = sqrt(u); f = r*w",
        _d({"u": lambda s: s["x"] * s["y"] + s["z"], "r": lambda s: math.sqrt(s["u"]),
            "f": lambda s: s["r"] * s["w"], "df/dr": lambda s: s["w"],
            "df/du": (lambda s: s["df/dr"] / (2 * s["r"]), lambda s: s["df/dr"] / (2 * math.sqrt(s["u"]))),
            "df/dx": lambda s: s["df/du"] * s["y"], "df/dz": lambda s: s["df/du"]}),
        lambda r: _positive(r, "x", "y", "z", "w"),
    ),
    Worked(
        "shared weight", "h = w*x; y = w*h; L = (y - t)^2/2",
        _d({"h": lambda s: s["w"] * s["x"], "y": lambda s: s["w"] * s["h"],
            "L": lambda s: (s["y"] - s["t"]) ** 2 / 2, "dL/dy": lambda s: s["y"] - s["t"],
            "dL/dh": lambda s: s["dL/dy"] * s["w"],
            "dL/dw": lambda s: s["dL/dy"] * s["h"] + s["dL/dh"] * s["x"],
            "dL/dx": lambda s: s["dL/dh"] * s["w"], "new(w)": lambda s: s["w"] - 0.1 * s["dL/dw"]}),
        lambda r: _some(r, "w", "x", "t", high=1.8),
    ),
    Worked(
        "relu", "z = w*x + b; h = relu(z); y = v*h; L = (y - t)^2",
        _d({"z": lambda s: s["w"] * s["x"] + s["b"], "h": lambda s: max(0.0, s["z"]),
            "y": lambda s: s["v"] * s["h"], "L": lambda s: (s["y"] - s["t"]) ** 2,
            "dL/dy": lambda s: 2 * (s["y"] - s["t"]), "dL/dv": lambda s: s["dL/dy"] * s["h"],
            "dL/dh": lambda s: s["dL/dy"] * s["v"], "dL/dz": lambda s: s["dL/dh"] * (s["z"] > 0),
            "dL/dw": lambda s: s["dL/dz"] * s["x"], "dL/db": lambda s: s["dL/dz"]}),
        lambda r: _positive(r, "w", "x", "b") | _some(r, "v", "t"),
    ),
    Worked(
        "two neurons", "z1 = w1*x; a1 = sigmoid(z1); z2 = w2*a1 + b; a2 = sigmoid(z2); L = (a2 - t)^2/2",
        _d({"z1": lambda s: s["w1"] * s["x"], "a1": lambda s: _sigmoid(s["z1"]),
            "z2": lambda s: s["w2"] * s["a1"] + s["b"], "a2": lambda s: _sigmoid(s["z2"]),
            "L": lambda s: (s["a2"] - s["t"]) ** 2 / 2, "dL/da2": lambda s: s["a2"] - s["t"],
            "dL/dz2": lambda s: s["dL/da2"] * s["a2"] * (1 - s["a2"]),
            "dL/dw2": lambda s: s["dL/dz2"] * s["a1"], "dL/da1": lambda s: s["dL/dz2"] * s["w2"],
            "dL/dz1": lambda s: s["dL/da1"] * s["a1"] * (1 - s["a1"]),
            "dL/dw1": lambda s: s["dL/dz1"] * s["x"], "new(w1)": lambda s: s["w1"] - 0.1 * s["dL/dw1"],
            "new(w2)": lambda s: s["w2"] - 0.1 * s["dL/dw2"]}),
        lambda r: _some(r, "w1", "w2", "x", "b") | {"t": r.choice((0, 1))},
    ),
)  # fmt: skip


def _shown(number: float, figures: int, cut: bool = False) -> float:
    """Return a number rounded, or cut off, to so many figures."""
    if not number or not math.isfinite(number):
        return number
    if not cut:
        return float(f"{number:.{figures - 1}e}")
    unit = 10.0 ** (math.floor(math.log10(abs(number))) - figures + 1)
    return float(f"{math.trunc(number / unit * (1 + 1e-12)) * unit:.12g}")


MODES = ("rounded at the end", "cut off at the end", "rounded at every step")


def _sheet(
    worked: Worked, draw: random.Random, figures: int, mode: str, wrong: str = ""
) -> tuple[State, dict[str, float], State] | None:
    """Return the inputs, the sheet, and the exact numbers; None where a step has no value."""
    inputs = worked.draws(draw)
    state, exact, typed = dict(inputs), dict(inputs), {}
    for cell, ways in worked.steps:
        way = draw.choice(ways)
        try:
            exact[cell] = ways[0](exact)
            number = way(state)
        except (ArithmeticError, ValueError):
            return None
        if cell == wrong:
            number = _other(number, draw)
        shown = _shown(number, figures, mode == "cut off at the end")
        typed[cell] = shown
        state[cell] = shown if mode == "rounded at every step" else number
    return inputs, typed, exact


def _other(number: float, draw: random.Random) -> float:
    """Return a wrong number of the same kind."""
    return draw.choice((
        lambda: number * draw.uniform(1.15, 1.9), lambda: number * draw.uniform(0.4, 0.85),
        lambda: number + draw.uniform(0.2, 0.9),
    ))() or 0.5  # fmt: skip


@dataclass
class Counted:
    """What came of sheets: how many cells or sheets, how many failed, and the first of these."""

    total: int = 0
    failed: int = 0
    shown: tuple[str, ...] = ()


def _texts(typed: dict[str, float], figures: int) -> dict[str, str]:
    return {cell: f"{number:#.{figures}g}".rstrip(".") for cell, number in typed.items()}


def wrong_sheets(cells: int, seed: int = 1, graphs: Sequence[Worked] = GRAPHS, show: int = 10) -> Counted:
    """Return how many consistent cells behind one wrong cell are refused, of so many."""
    draw = random.Random(seed)
    found = Counted()
    while found.total < cells:
        for worked in graphs:
            figures, mode = draw.choice((4, 3)), draw.choice(MODES)
            names = [cell for cell, _ in worked.steps]
            wrong = draw.choice(names[:-1])
            made = _sheet(worked, draw, figures, mode, wrong)
            if made is None:
                continue
            inputs, typed, exact = made
            marker = Marker(bt.derive(worked.program, inputs), asked=names, lr=worked.lr)
            marking = marker.mark(_texts(typed, figures))
            for name in names:
                off = abs(typed[name] - exact[name]) > 0.03 * max(abs(typed[name]), abs(exact[name]))
                if name == wrong or not off or not typed[name]:
                    continue
                found.total += 1
                cell = marking.cells[name]
                if not cell.points:
                    found.failed += 1
                    if len(found.shown) < show:
                        told = f"{worked.name} {inputs} {_texts(typed, figures)}: {wrong} wrong, "
                        told += f"{name}: {cell.status}. {cell.sentence} [{mode}, {figures}]"
                        found.shown = (*found.shown, told)
    return found


def right_sheets(count: int, seed: int = 2, graphs: Sequence[Worked] = GRAPHS, show: int = 10) -> Counted:
    """Return how many right sheets have a cell that is accused, of so many."""
    draw = random.Random(seed)
    found = Counted()
    while found.total < count:
        for worked in graphs:
            figures, mode = draw.choice((4, 3)), draw.choice(MODES)
            made = _sheet(worked, draw, figures, mode)
            if made is None:
                continue
            inputs, typed, _ = made
            names = [cell for cell, _ in worked.steps]
            marker = Marker(bt.derive(worked.program, inputs), asked=names, lr=worked.lr)
            marking = marker.mark(_texts(typed, figures))
            found.total += 1
            accused = [cell for cell in marking.cells.values() if not cell.right]
            if accused:
                found.failed += 1
                if len(found.shown) < show:
                    told = "; ".join(f"{c.quantity} = {c.given}, not {c.expected:.6g}" for c in accused)
                    told = f"{worked.name} {inputs} {_texts(typed, figures)}: {told} [{mode}, {figures}]"
                    found.shown = (*found.shown, told)
    return found


def _lines(counted: Counted, what: str, limit: int) -> Iterator[str]:
    yield f"{what}: {counted.failed} of {counted.total} (limit {limit})"
    yield from (f"  {line}" for line in counted.shown)


def main() -> int:
    """Print both counts; return 1 where one is past its limit."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--cells", type=int, default=5000)
    parser.add_argument("--right", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--shown", type=int, default=10)
    options = parser.parse_args()
    wrong = wrong_sheets(options.cells, options.seed, show=options.shown)
    print(*_lines(wrong, "consistent cells refused", REFUSED), sep="\n")
    right = right_sheets(options.right, options.seed + 1, show=options.shown)
    print(*_lines(right, "right sheets accused", ACCUSED), sep="\n")
    return int(wrong.failed > REFUSED or right.failed > ACCUSED)
