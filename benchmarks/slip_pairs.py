"""Why two slips behind one cell are not searched for together: what pairs of slips would explain by chance.

On random graphs a wrong number is drawn for the gradient of an input: the right one times 1/4 to 4, of
either sign, typed to three figures. It comes from no slip at all. Counted is how often a single slip
gives it, how often a pair of slips does, and how many different pairs give what one pair gave; and
what a pair costs.

    python -m benchmarks.slip_pairs [--graphs N]
"""

from __future__ import annotations

import argparse
import bisect
import math
import random
import sys
import time
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parents[1] / "tests")]

from searches.slips import GRAPHS, LR, asked_quantities, derived, typed  # noqa: E402

from backprop_tutor.homework.slips.broken_pass import Bend, Own, Plan  # noqa: E402
from backprop_tutor.homework.slips.sheet_columns import SheetKey  # noqa: E402
from backprop_tutor.homework.slips.slip_table import instances  # noqa: E402

_NUMBERS = 200
_PAIRS = 4000


def near(numbers: list[float], number: float) -> int:
    """Return how many of the sorted numbers agree with a number typed to three figures."""
    half = 0.5 * 10.0 ** (math.floor(math.log10(abs(number))) - 2)
    low = bisect.bisect_left(numbers, number - half)
    return bisect.bisect_right(numbers, number + half) - low


def gradients(key: SheetKey, bends: list[Bend], column: int, true: float) -> list[float]:
    """Return the wrong numbers that bends give one cell, sorted."""
    found = []
    for bend in bends:
        number = float(key.row(key.plan.run(bend, Own()), Own())[column])
        if math.isfinite(number) and abs(number - true) > 1e-3 * abs(true):
            found.append(number)
    return sorted(found)


def main() -> None:
    """Print the shares over all graphs."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.slip_pairs", description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--graphs", type=int, default=30)
    graphs = parser.parse_args().graphs
    tried = single = paired = done = 0
    instances_each, alike, seconds, runs = [], [], 0.0, 0
    for number in range(20 * graphs):
        if done == graphs:
            break
        draw = random.Random(number)
        d = derived(GRAPHS[number % len(GRAPHS)](random.Random(1000 + number)), draw)
        if d is None:
            continue
        asked = asked_quantities(d.graph_table, [f"d{d.output}/d{draw.choice(d.graph_table.inputs)}"])
        key = SheetKey(Plan(d, rates=(LR,)), asked)
        true = float(key.true[0])
        made = [instance.bend for instance in instances(key.plan.scene)]
        if not true or len(made) < 2:
            continue
        done += 1
        instances_each.append(len(made))
        pairs = [Bend.union(draw.sample(made, 2)) for _ in range(_PAIRS)]
        ones = gradients(key, made, 0, true)
        start = time.perf_counter()
        twos = gradients(key, pairs, 0, true)
        seconds, runs = seconds + time.perf_counter() - start, runs + len(pairs)
        # A part of all pairs was looked at: all of them would explain more numbers yet.
        for _ in range(_NUMBERS):
            guess = true * 4 ** draw.uniform(-1, 1) * draw.choice((1, -1))
            wrong = float(typed(guess, 3))
            tried += 1
            single += near(ones, wrong) > 0
            paired += near(twos, wrong) > 0
        different = sorted({float(f"{two:.9e}") for two in twos if two})
        alike += [near(twos, two) for two in draw.sample(different, min(20, len(different)))]
    every = sum(n * (n - 1) / 2 for n in instances_each) / done
    print(f"{done} graphs, {sum(instances_each) / done:.0f} slips and {every:.0f} pairs of slips each")
    print(f"numbers from no slip that one slip explains: {single / tried:.1%}")
    print(f"numbers from no slip that one of {_PAIRS} pairs explains: {paired / tried:.1%}")
    print(f"pairs that give the number of one pair: {sum(alike) / len(alike):.1f}")
    each = seconds / runs
    print(f"time a pair: {1e6 * each:.0f} µs, all pairs of a graph {every * each:.2f} s")


if __name__ == "__main__":
    main()
