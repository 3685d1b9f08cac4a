"""Random programs over the whole table of operations, with inputs up to ±40, and wrong slopes in them.

Nothing here judges: `check_truth` runs the check on the programs, tests take some of them.
"""

from __future__ import annotations

import random

import backprop_tutor as bt
from backprop_tutor.ops import OPS

BINARY = ("{0} + {1}", "{0} - {1}", "{0}*{1}", "{0}*{1}", "{0}/{1}", "({0} + 1)*{1}", "{0}^2 + {1}")
UNARY = (
    "{0}^2",
    "{0}^3",
    "-{0}",
    "1/{0}",
    "1 - {0}",
    "2^{0}",
    "{0}^0.5",
    "{0}/3",
    "0.1*{0}",
    "1.2e-5*{0}^2",
)


def _call(draw: random.Random, known: list[str]) -> tuple[str, str]:
    """Return a call of a function of the language, and how many names its left side takes."""
    op = draw.choice([op for op in OPS.values() if op.spelled])
    count = draw.choice([n for n in range(1, 5) if op.accepts(n)])
    operands = [draw.choice(known) for _ in range(count)]
    share = count // op.lists
    if op.name in ("binary_cross_entropy", "cross_entropy"):
        operands = [f"σ({a})" if i < share else str(i % 2) for i, a in enumerate(operands)]
    if share > 1 and op.lists > 1:
        lists = [", ".join(operands[i : i + share]) for i in range(0, count, share)]
        return f"{op.spelled[0]}({', '.join(f'[{one}]' for one in lists)})", ""
    return f"{op.spelled[0]}({', '.join(operands)})", "shares" if op.outputs else ""


def program(seed: int) -> tuple[str, dict[str, float]]:
    """Return a random program of 1 to 9 operations and a point, which has a derivation."""
    draw = random.Random(seed)
    while True:
        text, at = _drawn(draw)
        try:
            bt.derive(text, at=at)
        except bt.TutorError:
            continue
        return text, at


def _drawn(draw: random.Random) -> tuple[str, dict[str, float]]:
    inputs = ["x", "y", "z"][: draw.randint(1, 3)]
    known = list(inputs)
    lines = []
    for number in range(draw.randint(1, 9)):
        kind = draw.random()
        shares = ""
        if kind < 0.4:
            right = draw.choice(BINARY).format(draw.choice(known), draw.choice(known))
        elif kind < 0.6:
            right = draw.choice(UNARY).format(draw.choice(known))
        else:
            right, shares = _call(draw, known)
        left = f"u{number}"
        if shares:
            count = right.count(",") + 1
            left = ", ".join(f"{left}_{i + 1}" for i in range(count))
            known.append(f"u{number}_1")
        else:
            known.append(left)
        lines.append(f"{left} = {right}")
    last = known[-1]
    lines.append(f"L = {last} + 0*{inputs[0]}" if draw.random() < 0.1 else f"L = {last}*1")
    at = {name: _number(draw) for name in inputs}
    used = "\n".join(lines)
    return used, {name: value for name, value in at.items() if name in used}


def _number(draw: random.Random) -> float:
    kind = draw.random()
    if kind < 0.2:
        return draw.randint(-40, 40)
    if kind < 0.4:
        return round(draw.uniform(-2, 2), draw.randint(1, 3))
    return round(draw.uniform(-40, 40), draw.choice((1, 2, 6, 15)))
