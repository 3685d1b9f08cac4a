"""How often a slip is recognised: sheets produced by every slip, on random graphs, diagnosed blind.

For each row of the table of slips: 20 random graphs × 20 seeds (`--quick`: 4 × 3). A seed draws the
numbers, the place of the slip, which cells are asked for and how many digits are typed. A sheet
counts as recognised where the slip, or one that gives exactly the same numbers, is named. Then right
sheets, rounded at the end or at every step, none of which may be diagnosed.

    python -m benchmarks.slips [--quick] [--graphs N] [--seeds N] [--right N]
"""

from __future__ import annotations

import argparse
import math
import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np

import backprop_tutor as bt
from backprop_tutor.descent import parameters
from backprop_tutor.errors import TutorError
from backprop_tutor.homework.marking.marker import Marker
from backprop_tutor.homework.quantities.quantity import Quantity, asked_quantities
from backprop_tutor.homework.slips.broken_pass import Bend, Own, Plan
from backprop_tutor.homework.slips.cell_slips import COPIED, DIGITS, POINT, SIGN, SWAPPED
from backprop_tutor.homework.slips.reading_slips import exchanged_digits
from backprop_tutor.homework.slips.sheet_columns import SheetKey
from backprop_tutor.homework.slips.slip_table import SLIPS, Instance, Slip, instances

LR = 0.1
_PENS = (COPIED, SWAPPED, POINT, DIGITS, SIGN)
_UNARY = ("sigmoid", "tanh", "relu", "square", "exp", "log", "sin", "cos", "abs", "sqrt", "cube")
_BINARY = ("add", "add", "multiply", "multiply", "multiply", "divide", "subtract", "max")
_TEXT = {
    "add": "{0} + {1}", "multiply": "{0}*{1}", "divide": "{0}/{1}", "subtract": "{0} - {1}",
    "max": "max({0}, {1})", "square": "{0}^2", "cube": "{0}^3", "log": "ln({0})",
}  # fmt: skip


def expression_graph(draw: random.Random) -> str:
    """Return a program of 5 to 8 operations over three inputs, with at least one fan-out."""
    known = ["x", "y", "z"]
    unused = list(known)
    lines = []
    for number in range(draw.randint(4, 7)):
        name = f"u{number + 1}"
        first = draw.choice(unused or known)
        if draw.random() < 0.55:
            op = draw.choice(_BINARY)
            others = [k for k in known if k != first]
            operands = [first, draw.choice(others)]
            draw.shuffle(operands)
        else:
            op, operands = draw.choice(_UNARY), [first]
        form = _TEXT.get(op, op + "({0})")
        if draw.random() < 0.15:
            form = f"{draw.choice((2, 3, 5))}*({form})"
        lines.append(f"{name} = {form.format(*operands)}")
        unused = [k for k in unused if k not in operands]
        known.append(name)
        unused.append(name)
    lines.append(f"f = {' + '.join(unused)}" if len(unused) > 1 else f"f = {unused[0]}*x")
    return "\n".join(lines)


def network_graph(draw: random.Random) -> str:
    """Return a 2-2-1 network with its loss, written out."""
    act = draw.choice(("sigmoid", "tanh", "relu", "sigmoid"))
    last = draw.choice(("sigmoid({0})", "{0}"))
    loss = draw.choice(
        ("(a3 - t)^2/2", "(a3 - t)^2", "half_se(a3, t)", "se(a3, t)", "mse([a3, a1], [t, t])",
         "((a3 - t)^2 + (a1 - t)^2)/2")
    )  # fmt: skip
    bias = draw.random() < 0.7
    lines = [
        "z1 = w11*x1 + w12*x2" + " + b1" * bias, f"a1 = {act}(z1)",
        "z2 = w21*x1 + w22*x2" + " + b2" * bias, f"a2 = {act}(z2)",
        "z3 = v1*a1 + v2*a2" + " + c" * bias, f"a3 = {last.format('z3')}", f"L = {loss}",
    ]  # fmt: skip
    return "\n".join(lines)


_SPECIAL = (
    "u = {k}*x\nv = tan(u) + y\nf = v*z",
    "u = x*y\nv = sqrt(u^2 + 1)\nf = ln(v)/z",
    "u = x*y\nn = -u\ne = exp(n)\nd = 1 + e\nf = 1/d + z*u",
    "u = x - y\nv = abs(u)\nf = v*z + max(x, z)",
    "u = x*y\nv = log10(u^2 + {k})\nf = v*z",
    "p, q, r = softmax(x, y, z)\nf = p*x + q^2 + {k}*r",
    "u = w*x + b\np = sigmoid(u)\nf = bce(p, t)",
    "u = relu(x*y)\nv = relu(z + u)\nf = v*u + {k}*x",
    "p, q = softmax(x, y)\nf = ce([p, q], [t, s])",
    "u = -x\nv = u*y\nf = v/{k} + cos(v)",
)
_TAILS = ("", "g = f*{n}", "g = sigmoid(f)", "g = f^2 + {n}", "g = tanh(f)*{n}", "g = f/{n} - {n}",
          "g = exp(f)*{n}", "g = -f + {n}*f", "g = (f - {n})^2/2")  # fmt: skip


def special_graph(draw: random.Random) -> str:
    """Return a small graph with the rarer operations, and something made of its result."""
    names = draw.choice(("x", "y"))
    text = draw.choice(_SPECIAL)
    name = names if names in text else "x"
    text = f"{text}\n{draw.choice(_TAILS)}".rstrip()
    return text.replace("{k}", str(draw.choice((2, 3, 4)))).replace("{n}", name)


GRAPHS: tuple[Callable[[random.Random], str], ...] = (
    expression_graph, network_graph, expression_graph, special_graph, network_graph,
)  # fmt: skip


def values(draw: random.Random, names: tuple[str, ...]) -> dict[str, float]:
    """Return readable numbers that are neither 0 nor ±1."""
    choices = [n / 20 for n in range(-50, 51) if abs(n) >= 4 and abs(n) != 20]
    found = {name: draw.choice(choices) for name in names}
    for name in names:
        if name in "ts":
            found[name] = draw.choice((0.1, 0.2, 0.6, 0.9))
    return found


def derived(program: str, draw: random.Random) -> bt.Derivation | None:
    """Return a derivation at a point where all numbers are moderate, or None."""
    parsed = bt.parse(program)
    for _ in range(8):
        try:
            d = bt.derive(parsed, values(draw, parsed.inputs))
        except TutorError:
            continue
        numbers = [abs(float(n)) for n in d.numbers]
        numbers += [abs(float(g)) for g in d.upstreams if g]
        if max(numbers) < 200 and min(n for n in numbers if n) > 1e-3:
            return d
    return None


def typed(number: float, digits: int) -> str:
    """Return a number as a student types it: all its digits (0), or so many significant ones."""
    if not digits:
        return repr(number) if number else "0"  # 0.0 would be a rounded number
    return f"{number:.{digits - 1}e}" if number and not 1e-4 < abs(number) < 1e6 else (
        f"{number:.{max(0, digits - 1 - math.floor(math.log10(abs(number))))}f}" if number else "0"
    )


@dataclass
class Tally:
    """What became of the sheets of one slip."""

    graphs: set[str] = field(default_factory=set)
    sheets: int = 0
    named: int = 0
    first: int = 0
    missed: list[str] = field(default_factory=list)


def asked_for(d: bt.Derivation, draw: random.Random) -> list[str]:
    """Return the cells of a sheet: everything, all gradients, or the inputs' gradients."""
    kind = draw.choice(("everything", "everything", "gradients", "inputs"))
    graph = d.graph_table
    listed = [q.text for q in asked_quantities(graph, "all gradients")]
    if kind == "inputs":
        return [f"d{d.output}/d{name}" for name in graph.inputs]
    if kind == "everything":
        listed = [q.text for q in asked_quantities(graph, "all values")] + listed
    return listed


def broken_sheet(
    key: SheetKey, instance: Instance, draw: random.Random, digits: int
) -> dict[str, str] | None:
    """Return the sheet of someone who makes a slip, or None where it does not show."""
    if instance.slip in _PENS:
        row = slip_of_the_pen(instance.slip, key.true.copy(), draw)
    else:
        row = key.row(key.plan.run(instance.bend, Own()), Own())
    if not all(map(math.isfinite, row)):
        return None
    shows = [
        abs(a - b) > 0.03 * max(abs(a), abs(b)) for a, b in zip(row, key.true, strict=True)
    ]
    if not any(shows):
        return None
    return {q.text: typed(float(n), digits) for q, n in zip(key.columns, row, strict=True)}


def slip_of_the_pen(slip: Slip, row: np.ndarray, draw: random.Random) -> np.ndarray:
    """Return a right sheet's numbers with one slip of the pen."""
    place, other = draw.sample(range(len(row)), 2)
    if slip is COPIED:
        row[place] = row[other]
    elif slip is SWAPPED:
        row[place], row[other] = row[other], row[place]
    elif slip is POINT:
        row[place] *= draw.choice((10, 0.1, 100))
    elif slip is SIGN:
        row[place] = -row[place]
    else:
        made = list(exchanged_digits(f"{row[place]:.4f}"))
        row[place] = float(draw.choice(made)) if made else row[place]
    return row


def candidates(plan: Plan, name: str, draw: random.Random) -> list[Instance]:
    """Return the instances of one slip in random order."""
    if SLIPS[name] in _PENS:
        return [Instance(SLIPS[name], "", (), "here", Bend())]
    made = instances(plan.scene, [SLIPS[name]])
    draw.shuffle(made)
    return made


def recognised(name: str, graphs: int, seeds: int) -> Tally:
    """Return how often one slip is named, over so many graphs and seeds."""
    tally = Tally()
    for number in range(graphs * 60):
        if len(tally.graphs) >= graphs:
            break
        program = GRAPHS[number % len(GRAPHS)](random.Random(1000 + number))
        done = sum(one_sheet(name, program, number, seed, tally) for seed in range(seeds))
        if done:
            tally.graphs.add(program)
    return tally


def one_sheet(name: str, program: str, number: int, seed: int, tally: Tally) -> bool:
    """Mark one sheet with a slip; return whether the slip could be made so that it shows."""
    draw = random.Random(f"{name} {number} {seed}")
    d = derived(program, draw)
    if d is None:
        return False
    previous = None
    if name == "stale-value":
        try:
            previous, d = d, d.update(LR)
        except TutorError:
            return False
    asked = asked_for(d, draw)
    if name.startswith("update"):
        asked += [f"new({n})" for n in parameters(d.graph_table)]
    marker = Marker(d, asked=asked, lr=LR, previous=previous)
    key = SheetKey(Plan(d, rates=(LR,), previous=previous), marked_columns(marker), LR)
    digits = draw.choice((0, 0, 0, 6, 4))
    for instance in candidates(key.plan, name, draw)[:6]:
        answers = broken_sheet(key, instance, draw, digits)
        if answers is None:
            continue
        marking = marker.mark(answers)
        named = any(name in slip.names for slip in marking.slips)
        tally.sheets += 1
        tally.named += named
        tally.first += len(marking.slips) == 1 and marking.slips[0].name == name
        if not named:
            found = ", ".join(slip.name for slip in marking.slips) or "nothing"
            where = instance.where(key.plan) if instance.sites else ""
            tally.missed.append(f"{program!r} {instance.variant} {where} -> {found}: {answers}")
        return True
    return False


def marked_columns(marker: Marker) -> list[Quantity]:
    """Return the cells a marker asks for, in step order."""
    return sorted(marker.asked, key=lambda quantity: quantity.order)


def right_sheets(count: int) -> tuple[int, int, list[str]]:
    """Return how many right sheets were marked, how many of them diagnosed, and which."""
    wrong: list[str] = []
    made = 0
    number = 0
    while made < count:
        number += 1
        draw = random.Random(number)
        program = GRAPHS[number % len(GRAPHS)](draw)
        d = derived(program, draw)
        if d is None:
            continue
        marker = Marker(d, asked=asked_for(d, draw), lr=LR)
        key = SheetKey(Plan(d, rates=(LR,)), marked_columns(marker))
        for answers in rounded_sheets(key):
            if made == count:
                break
            made += 1
            marking = marker.mark(answers)
            if marking.slips:
                wrong.append(f"{program!r} at {dict(d.at)}: {answers} -> {marking}")
    return made, len(wrong), wrong


def rounded_sheets(key: SheetKey) -> Iterator[dict[str, str]]:
    """Yield the key typed in several ways, rounded at the end or at every step."""
    for digits in (0, 3, 4, 2):
        yield {q.text: typed(float(n), digits) for q, n in zip(key.columns, key.true, strict=True)}
    for decimals in (2, 3):
        yield {
            q.text: f"{n:.{decimals}f}" for q, n in zip(key.columns, key.true, strict=True)
        }
    for decimals in (2, 3, 4):
        found = key.plan.rounded(
            Own(), lambda x, k=decimals: round(x, k) if math.isfinite(x) else x,
            values=True, slopes=decimals != 3,
        )  # fmt: skip
        row = key.row(found, Own())
        yield {q.text: f"{n:.{decimals}f}" for q, n in zip(key.columns, row, strict=True)}


def main(arguments: list[str] | None = None) -> int:
    """Print the table; return 0 where every slip is named in 95 % and no right sheet diagnosed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="4 graphs × 3 seeds, 100 right sheets")
    parser.add_argument("--graphs", type=int, default=20)
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--right", type=int, default=10_000)
    parser.add_argument("--only", nargs="*", default=None, help="names of slips")
    parser.add_argument("--missed", action="store_true", help="print the sheets not recognised")
    asked = parser.parse_args(arguments)
    if asked.quick:
        asked.graphs, asked.seeds, asked.right = 4, 3, 100
    print(f"{'slip':32}{'graphs':>8}{'sheets':>8}{'named':>9}{'alone':>9}{'seconds':>9}")
    low = []
    for name in asked.only if asked.only is not None else SLIPS:
        start = time.perf_counter()
        tally = recognised(name, asked.graphs, asked.seeds)
        share = tally.named / tally.sheets if tally.sheets else 0.0
        alone = tally.first / tally.sheets if tally.sheets else 0.0
        seconds = time.perf_counter() - start
        print(
            f"{name:32}{len(tally.graphs):8}{tally.sheets:8}{share:9.1%}{alone:9.1%}{seconds:9.1f}"
        )
        if share < 0.95:
            low.append(name)
        if asked.missed:
            for line in tally.missed[:8]:
                print("    ", line)
    made, diagnosed, wrong = right_sheets(asked.right)
    print(f"right sheets: {made}, diagnosed: {diagnosed}")
    for line in wrong[:5]:
        print("    ", line)
    if low:
        print("below 95 %:", ", ".join(low))
    return 1 if low or diagnosed else 0


if __name__ == "__main__":
    raise SystemExit(main())
