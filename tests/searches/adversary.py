"""Can marks be earned without knowing the answer? A seeded search that tries, and should earn none.

For 30 problems, formulas and numbers, it writes answers from a grammar of tricks: chaos (sine of what
is huge), cancellation of huge terms, 0 times infinity, powers below every float, values that are
nowhere defined or at single points, steps too steep for any sample, slivers between two kinks, sines that
are 0 at whole numbers, noise that a step turns into 1. The answers that came
furthest are changed and combined. What earns points is looked at by other means, mpmath with 3,000
digits on the answer's tree: one that is right to 1,000 digits was luck, anything else has cheated.

    python -m benchmarks.adversary [--seed 1] [--tries 400] [--best 3]
"""

from __future__ import annotations

import argparse
import random
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import mpmath

import backprop_tutor as bt
from backprop_tutor.homework.equivalence.cell_formulas import same_formula
from backprop_tutor.homework.marking.marker import Marker
from backprop_tutor.homework.quantities.quantity import parse_quantity

Tree = tuple[Any, ...]
Truth = Callable[[Any, Any, Any], Any]
M = mpmath.MPContext()

_DIGITS = 3000
_POINTS = 5


def _sigmoid(z: Any) -> Any:
    return 1 / (1 + M.exp(-min(max(z, -(10**5)), 10**5)))


def _relu(z: Any) -> Any:
    return z if z > 0 else M.mpf(0)


def _step(z: Any) -> Any:
    return M.mpf(1 if z > 0 else 0)


AT = {"x": 1.7, "w": -0.6, "y": 2.3}
"""Where numbers are asked for; formulas are asked for at all points."""

PROBLEMS: tuple[tuple[str, str, Truth], ...] = (
    ("f = x^2", "df/dx", lambda x, w, y: 2 * x),
    ("f = sin(w*x) + w^3", "df/dw", lambda x, w, y: x * M.cos(w * x) + 3 * w**2),
    ("f = relu(x - 0.3)", "df/dx", lambda x, w, y: _step(x - M.mpf(3) / 10)),
    ("f = exp(-x^2)*y", "df/dx", lambda x, w, y: -2 * x * M.exp(-(x**2)) * y),
    (
        "a = sigmoid(w*x); f = a^2",
        "df/dw",
        lambda x, w, y: 2 * _sigmoid(w * x) ** 2 * (1 - _sigmoid(w * x)) * x,
    ),
    ("f = tanh(5*x)", "df/dx", lambda x, w, y: 5 / M.cosh(5 * x) ** 2),
    ("f = 0*x + y*w", "df/dx", lambda x, w, y: M.mpf(0)),
    ("f = abs(x*y)", "df/dx", lambda x, w, y: (1 if x * y > 0 else -1) * y),
    ("f = max(x, w)*y", "df/dx", lambda x, w, y: _step(x - w) * y),
    ("f = ln(x^2 + 1)/y", "df/dx", lambda x, w, y: 2 * x / (x**2 + 1) / y),
    ("f = x/(w^2 + y^2)", "df/dw", lambda x, w, y: -2 * x * w / (w**2 + y**2) ** 2),
    ("f = sigmoid(40*x)", "df/dx", lambda x, w, y: 40 * _sigmoid(40 * x) * _sigmoid(-40 * x)),
    ("f = sqrt(x^2 + w^2)", "df/dw", lambda x, w, y: w / M.sqrt(x**2 + w**2)),
    ("f = cos(x)*exp(w*y)", "f", lambda x, w, y: M.cos(x) * M.exp(w * y)),
    ("f = step(x)*w + y", "df/dw", lambda x, w, y: _step(x)),
)
"""Fifteen programs, each asked for as a formula and as a number: quantity and truth, by hand."""

NAMES = ("x", "w", "y")
HUGE = ("1e300", "exp(700)", "10^400", "2^(2^60)", "9^9^9^9", "exp(exp(9))", "10^10^10^10", "1e16")
TINY = ("1e-300", "0.5^(2^60)", "exp(-1e10)", "10^(-400)", "2^(-2^50)", "1e-16")
PLAIN = ("0", "1", "2", "-1", "3", "0.5", "7")
NOISE = ("sqrt(2)^2 - 2", "sqrt(3)^2 - 3", "1/3*3 - 1", "ln(exp(2)) - 2")

TRICKS: tuple[str, ...] = (
    "sin({h}*({a}))", "cos({h})*({a})", "tan({h}*({a}))", "(({a}) + {h}) - {h}", "{h} - ({h} - ({a}))",
    "({h}*({a}))/{h}", "{t}*{h}*({a})", "0*{h}*({a})", "(({a}) - ({a}))/(({b}) - ({b}))",
    "ln(-1 - ({a})^2)", "sqrt(-1 - ({a})^2)", "({a})^({h})", "abs({a})^({t})", "({a})*{t}",
    "step({h}*({a}))", "sigmoid({h}*({a}))", "tanh({h}*({a}))*({b})", "relu({h}*({a}))/{h}",
    "max({a}, {h}*({b}))", "min({h}, {h}*({a}))", "exp(-{h}*({a})^2)*({b})", "({a})*step({n})",
    "({a})/({n})", "({a})*(1 + exp(-{h}))", "({a})*({b})/(({b}) + {t})", "1/({t}*({a}))", "sign({n})*({a})",
    "exp(exp({a})) - exp(exp({a}))*(1 + {t})", "({a})^0*({b})^{t}", "{h}*{t}", "atan({h}*({a}))*({b})",
    "sin(pi*({a}))", "({a}) + sin(pi*({b}))/{h}", "sqrt(-sin(pi*({a}))^2)*({b})", "({a}) + 0*ln({b})",
    "relu({a})", "sqrt(({a})^2)", "max({a}, 0)*step({b})", "({a}) + ({b})^2 - ({b})*({b})",
    "({a})*step({h} - abs({b}))", "({a}) + step(({b}) - 20)*step(20.0001 - ({b}))", "({a}) + {t}*({b})",
    "({a}) + exp(-{h}*(({b}) - 0.3)^2)", "({a})^(1 + {t})", "max({a}, ({a}) + ({b}) - {h})",
    "({a})*(1 - step({n}))", "relu({t} - abs({a}))", "tanh({a})^(2^40)", "({a})*({b})^{h}",
)  # fmt: skip
"""How a trick is written; a and b are answers, h, t and n something huge, tiny or just noise."""


@dataclass
class Attempt:
    """One answer, and how far it came."""

    text: str
    fitness: float = 0.0
    status: str = ""


@dataclass
class Tally:
    """What came of one problem."""

    statuses: Counter[str] = field(default_factory=Counter)
    lucky: list[str] = field(default_factory=list)
    cheats: list[str] = field(default_factory=list)
    best: list[Attempt] = field(default_factory=list)


class Writer:
    """Writes answers: fresh ones, changes of one, and combinations of two."""

    def __init__(self, draw: random.Random, names: tuple[str, ...]) -> None:
        self.draw, self.names = draw, names

    def leaf(self) -> str:
        """Return something short."""
        pools = (self.names, PLAIN, HUGE, TINY) if self.names else (PLAIN, HUGE, TINY)
        return self.draw.choice(self.draw.choice(pools))

    def fresh(self, depth: int = 2) -> str:
        """Return a new answer."""
        if depth == 0:
            return self.leaf()
        return self.trick(self.fresh(depth - 1), self.leaf())

    def trick(self, a: str, b: str) -> str:
        """Return a trick played on two answers."""
        pick = self.draw.choice
        return pick(TRICKS).format(a=a, b=b, h=pick(HUGE), t=pick(TINY), n=pick(NOISE))

    def changed(self, parent: Attempt, other: Attempt) -> str:
        """Return a child of one or two answers."""
        way = self.draw.randrange(5)
        if way == 0:
            return self.trick(parent.text, other.text)
        if way == 1:
            return f"({parent.text}){self.draw.choice('+-*/')}({other.text})"
        pool = self.draw.choice([HUGE, TINY, NOISE, PLAIN, self.names or PLAIN])
        present = [word for word in (*HUGE, *TINY, *NOISE, *self.names) if word in parent.text]
        if present and way < 4:
            return parent.text.replace(self.draw.choice(present), f"({self.draw.choice(pool)})", 1)
        return self.trick(parent.text, self.leaf())


_RANK = {"could not be judged": 3.0, "follows": 2.0, "unexplained": 1.0, "slip": 1.0}


def attacked(number: int, formula: bool, seed: int, tries: int) -> Tally:
    """Return what a search of so many answers to one problem earned."""
    program, quantity, truth = PROBLEMS[number]
    d = bt.derive(program, {k: v for k, v in AT.items() if k in bt.parse(program).inputs})
    marker = Marker(d, asked=[quantity], want="formula" if formula else "number")
    writer = Writer(random.Random(f"{seed} {number} {formula}"), tuple(d.at) if formula else ())
    tally, seen = Tally(), set[str]()
    pool: list[Attempt] = []
    for turn in range(tries):
        fit = sorted(pool, key=lambda one: -one.fitness)[:12]
        if turn < tries // 3 or len(fit) < 2:
            text = writer.fresh(1 + turn % 3)
        else:
            text = writer.changed(writer.draw.choice(fit), writer.draw.choice(pool))
        if text in seen or len(text) > 380:
            continue
        seen.add(text)
        cell = marker.mark({quantity: text}).cells[quantity]
        tally.statuses[cell.status] += 1
        attempt = Attempt(text, _RANK.get(cell.status, 0.0), cell.status)
        if formula and cell.status in ("unexplained", "slip", "could not be judged"):
            asked = parse_quantity(quantity, d.graph_table)
            attempt.fitness += same_formula(d.graph_table, asked, text).compared / 10
        pool.append(attempt)
        if cell.points:
            right = _really_right(text, truth, formula)
            (tally.lucky if right else tally.cheats).append(text)
    tally.best = sorted(pool, key=lambda one: (-one.fitness, len(one.text)))
    return tally


def _really_right(text: str, truth: Truth, formula: bool) -> bool:
    """Return whether an answer is the truth, by plain mpmath with very many digits."""
    draw = random.Random(text)
    points = [AT] if not formula else [
        {name: draw.uniform(-2, 2) for name in NAMES} for _ in range(_POINTS)
    ]  # fmt: skip
    M.dps = _DIGITS
    for at in points:
        numbers = {name: M.mpf(value) for name, value in at.items()}
        try:
            given = _evaluated(bt.parse(text, NAMES).assignments[-1].expression, numbers)
        except (ArithmeticError, ValueError, MemoryError):
            return False
        expected = truth(numbers["x"], numbers["w"], numbers["y"])
        allowed = M.mpf(10) ** -1000 if formula else M.mpf("0.0501")
        if abs(given - expected) > allowed * max(abs(given), abs(expected)):
            return False
    return True


_CALLS: dict[str, Callable[..., Any]] = {
    "add": lambda a, b: a + b, "subtract": lambda a, b: a - b, "multiply": lambda a, b: a * b,
    "divide": lambda a, b: a / b, "negate": lambda a: -a, "sigmoid": _sigmoid, "relu": _relu,
    "step": _step, "abs": abs, "max": max, "min": min, "sign": lambda a: M.mpf((a > 0) - (a < 0)),
    "exp": lambda a: M.exp(_small(max(a, -(M.mpf(10) ** 9)))), "atan": M.atan,
    "log": lambda a: M.ln(_positive(a)),
    "sqrt": lambda a: M.sqrt(_positive(a)), "tanh": lambda a: M.tanh(min(max(a, -(10**5)), 10**5)),
    "sin": lambda a: M.sin(_small(a)), "cos": lambda a: M.cos(_small(a)),
    "tan": lambda a: M.tan(_small(a)), "power": lambda a, b: _power(a, b),
}  # fmt: skip


def _small(a: Any) -> Any:
    if abs(a) > M.mpf(2) ** 3000:
        raise ArithmeticError
    return a


def _positive(a: Any) -> Any:
    if a < 0:
        raise ArithmeticError
    return a


def _power(a: Any, b: Any) -> Any:
    if abs(b) > M.mpf(2) ** 3000 or (a < 0 and b != M.floor(b)):
        raise ArithmeticError
    return M.power(a, b)


def _evaluated(tree: Any, at: dict[str, Any]) -> Any:
    kind = type(tree).__name__
    if kind == "Name":
        return at[tree.name]
    if kind == "Number":
        whole = Fraction(tree.value) if isinstance(tree.value, int | Fraction) else None
        if whole is None:
            return M.mpf(tree.text) if tree.text[:1].isdigit() else M.mpf(tree.value)
        return M.mpf(whole.numerator) / whole.denominator
    return _CALLS[tree.op](*(_evaluated(operand, at) for operand in tree.operands))


def main(arguments: list[str] | None = None) -> int:
    """Print what the search earned; 1 if any answer cheated."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--tries", type=int, default=400)
    parser.add_argument("--best", type=int, default=3)
    asked = parser.parse_args(arguments)
    cheats = lucky = 0
    total: Counter[str] = Counter()
    for formula in (True, False):
        for number, (program, quantity, _) in enumerate(PROBLEMS):
            tally = attacked(number, formula, asked.seed, asked.tries)
            total += tally.statuses
            cheats += len(tally.cheats)
            lucky += len(tally.lucky)
            kind = "formula" if formula else "number"
            print(f"{program}: {quantity} as a {kind}: {dict(tally.statuses.most_common())}")
            for attempt in tally.best[: asked.best]:
                print(f"    {attempt.fitness:.1f} {attempt.status}: {attempt.text[:150]}")
            for text in tally.lucky:
                print(f"    really right: {text[:150]}")
            for text in tally.cheats:
                print(f"    CHEATED: {text[:380]}")
    print(f"answers {sum(total.values())}: {dict(total.most_common())}")
    print(f"earned without being right: {cheats}; right by luck: {lucky}")
    return 1 if cheats else 0


if __name__ == "__main__":
    sys.exit(main())
