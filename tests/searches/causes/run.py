"""How often the cause of a wrong sheet is named, on sheets made without the tutor's passes and slips.

Every misconception on every program, four and three figures, worked out unrounded or from the numbers as
written down; then two misconceptions on a sheet, typing errors of no rule, and right sheets.

    python -m benchmarks.misconceptions [--rounds N] [--right N] [--typos N] [--pairs N] [--only GROUP …]
        [--missed N]
"""

from __future__ import annotations

import argparse
import math
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

import backprop_tutor as bt
from backprop_tutor.homework.marking.marker import Marker
from searches.causes.losses import LOSSES
from searches.causes.passes import LR, Program, Rules, both, sheet
from searches.causes.programs import PROGRAMS
from searches.causes.rules import BACKWARD, Misconception
from searches.causes.values import CELLS, FORWARD, INPUTS, UPDATE

ALL: tuple[Misconception, ...] = (*BACKWARD, *LOSSES, *FORWARD, *UPDATE, *INPUTS, *CELLS)

Sheet = dict[str, str]


def typed(number: float, figures: int) -> str:
    """Return a number as it is typed with so many figures."""
    if not number:
        return "0"
    decimals = figures - 1 - math.floor(math.log10(abs(float(f"{number:.{figures - 1}e}"))))
    return f"{number:.{max(decimals, 0)}f}" if decimals < 8 else f"{number:.{figures - 1}e}"


@dataclass
class Class:
    """A program with the markers of its sheets."""

    program: Program
    markers: dict[str, Marker] = field(default_factory=dict)

    def marker(self, asked: str) -> Marker:
        """Return the marker of one kind of sheet."""
        if asked not in self.markers:
            d = bt.derive(self.program.text(), self.program.at)
            self.markers[asked] = Marker(d, asked=list(sheet(self.program, Rules(), asked)), lr=LR)
        return self.markers[asked]


CLASSES = tuple(Class(p) for p in PROGRAMS)


def wrong_sheet(p: Program, rules: Rules, asked: str, figures: int, carried: bool) -> Sheet | None:
    """Return the sheet as typed; None where the slip does not show, or a number is none."""
    try:
        cells = sheet(p, rules, asked, figures if carried else 0)
        true = sheet(p, Rules(), asked)
    except (ArithmeticError, ValueError):
        return None
    numbers = [float(x) for x in cells.values() if not isinstance(x, complex)]
    if len(numbers) < len(cells) or not all(math.isfinite(x) and abs(x) < 1e8 for x in numbers):
        return None
    if not any(abs(a - b) > 0.03 * max(abs(a), abs(b)) for a, b in zip(numbers, true.values(), strict=True)):
        return None
    return {name: typed(x, figures) for name, x in cells.items()}


@dataclass(frozen=True)
class Outcome:
    """What was said of a sheet: the class of the answer, and the names."""

    kind: str
    said: str


def judged(marker: Marker, answers: Sheet, causes: frozenset[str]) -> Outcome:
    """Return whether the right cause stands first, behind "Or", or not at all."""
    marking = marker.mark(answers)
    if not marking.slips:
        return Outcome("unexplained", ", ".join(f"{n}={c.status}" for n, c in marking.cells.items() if c.status != "correct"))
    said = "; ".join(f"{'|'.join(s.names)} [{s.variant}] {s.where} {list(s.cells)}" for s in marking.slips)
    firsts = [slip.name for slip in marking.slips]
    if firsts[0] in causes:
        return Outcome("first" if all(n in causes for n in firsts) else "first, others too", said)
    if any(name in causes for slip in marking.slips for name in slip.names):
        return Outcome("or", said)
    if set(firsts) == {"copied"}:
        return Outcome("copied", said)
    return Outcome("wrong", said)


def cases(rounds: int, groups: list[str]) -> Iterator[tuple[Misconception, Class, str, Sheet, str]]:
    """Yield every wrong sheet: what was done, the class, what is asked for, what was typed, where."""
    for wrong in ALL:
        if groups and wrong.group not in groups and wrong.name not in groups:
            continue
        for each in CLASSES:
            for number in range(rounds):
                draw = random.Random(f"{wrong.name} {wrong.group} {each.program.name} {number}")
                for rules in wrong.made(each.program, draw):
                    asked = draw.choice(wrong.asked)
                    if asked == "update" and not each.program.weights:
                        asked = "all"
                    figures = 4 if draw.random() < 0.6 else 3
                    answers = wrong_sheet(each.program, rules, asked, figures, draw.random() < 0.3)
                    if answers is not None:
                        yield wrong, each, asked, answers, rules.where


KINDS = ("first", "first, others too", "or", "wrong", "copied", "unexplained")


def single(rounds: int, groups: list[str], missed: int) -> dict[str, Counter[str]]:
    """Return what became of sheets with one misconception, by group."""
    tally: dict[str, Counter[str]] = {}
    by_name: dict[tuple[str, str], Counter[str]] = {}
    told: Counter[str] = Counter()
    for wrong, each, asked, answers, where in cases(rounds, groups):
        found = judged(each.marker(asked), answers, wrong.causes)
        tally.setdefault(wrong.group, Counter())[found.kind] += 1
        by_name.setdefault((wrong.group, wrong.name), Counter())[found.kind] += 1
        if missed and not found.kind.startswith("first") and told[wrong.name] < missed:
            told[wrong.name] += 1
            print(f"  {wrong.group}: {wrong.name} at {where or '-'} in {each.program.name} ({asked}) -> {found.kind}: {found.said}")
            if missed > 1:
                print("      ", answers)
    if missed:
        for (group, name), counts in by_name.items():
            first = counts["first"] + counts["first, others too"]
            if first < sum(counts.values()):
                print(f"  {group:10}{name:34}{first:4}/{sum(counts.values()):<4}{dict(counts)}")
    return tally


def pairs(count: int) -> Counter[str]:
    """Return how often both of two misconceptions at different cells are named."""
    tally: Counter[str] = Counter()
    draw = random.Random(5)
    while sum(tally.values()) < count:
        each = draw.choice(CLASSES)
        one, two = draw.sample(ALL, 2)
        made = [next(iter(w.made(each.program, draw)), None) for w in (one, two)]
        if made[0] is None or made[1] is None or one.group == "losses" or "update" in (one.group, two.group):
            continue
        alone = [wrong_sheet(each.program, rules, "all", 4, False) for rules in made]
        together = both(made[0], made[1])
        answers = wrong_sheet(each.program, together, "all", 4, False)
        right = {n: typed(x, 4) for n, x in sheet(each.program, Rules(), "all").items()}
        if answers is None or alone[0] is None or alone[1] is None:
            continue
        starts = [next(n for n in right if a[n] != right[n]) for a in alone if a is not None and a != right]
        if len(set(starts)) < 2:
            continue
        marking = each.marker("all").mark(answers)
        names = [n for slip in marking.slips for n in slip.names]
        found = sum(any(n in w.causes for n in names) for w in (one, two))
        tally[("none", "one", "both")[found]] += 1
    return tally


def typos(count: int) -> tuple[int, int, list[str]]:
    """Return how many sheets with a number of no rule in one cell were made, and how many accused."""
    draw = random.Random(11)
    accused: list[str] = []
    for number in range(count):
        each = CLASSES[number % len(CLASSES)]
        asked = "update" if each.program.weights and number % 3 == 0 else "all"
        cells = sheet(each.program, Rules(), asked)
        figures = 4 if draw.random() < 0.6 else 3
        answers = {n: typed(x, figures) for n, x in cells.items()}
        name = draw.choice([n for n in cells if cells[n]])
        wrong = answers[name]
        while abs(float(wrong) - cells[name]) <= 0.03 * abs(cells[name]):
            if draw.random() < 0.5:
                places = [i for i, c in enumerate(answers[name]) if c.isdigit()]
                place = draw.choice(places)
                wrong = answers[name][:place] + draw.choice("0123456789") + answers[name][place + 1 :]
            else:
                wrong = typed(cells[name] * 4 ** draw.uniform(-1, 1), figures)
        answers[name] = wrong
        marking = each.marker(asked).mark(answers)
        if marking.slips:
            said = "; ".join(f"{'|'.join(s.names)} [{s.variant}] {s.where}" for s in marking.slips)
            accused.append(f"{each.program.name}: {name} = {wrong} for {cells[name]:.5g} -> {said}")
    return count, len(accused), accused


def right(count: int) -> tuple[int, int, list[str]]:
    """Return how many right sheets were made, typed and rounded in several ways, and how many accused."""
    draw = random.Random(17)
    accused: list[str] = []
    for number in range(count):
        each = CLASSES[number % len(CLASSES)]
        asked = draw.choice(("all", "gradients", "update")) if each.program.weights else draw.choice(("all", "gradients"))
        figures = draw.choice((3, 3, 4, 5))
        at = each.program.at
        way = draw.choice(("end", "steps", "cut"))
        cells = sheet(each.program, Rules(), asked, figures if way == "steps" else 0)
        answers = {n: typed(x, figures) if way != "cut" else _cut(x, figures) for n, x in cells.items()}
        marking = each.marker(asked).mark(answers)
        if marking.slips:
            said = "; ".join(f"{'|'.join(s.names)} [{s.variant}] {s.where}" for s in marking.slips)
            accused.append(f"{each.program.name} at {at}: {answers} -> {said}")
    return count, len(accused), accused


def _cut(number: float, figures: int) -> str:
    if not number:
        return "0"
    step = 10.0 ** (math.floor(math.log10(abs(number))) - figures + 1)
    return typed(math.trunc(number / step) * step, figures)


def table(tally: dict[str, Counter[str]]) -> None:
    """Print shares by group."""
    print(f"{'group':14}{'sheets':>8}" + "".join(f"{kind:>19}" for kind in KINDS))
    total: Counter[str] = sum(tally.values(), Counter())
    for group, counts in [*tally.items(), ("all", total)]:
        n = max(1, sum(counts.values()))
        print(f"{group:14}{n:8}" + "".join(f"{counts[kind] / n:19.1%}" for kind in KINDS))


def main(arguments: list[str] | None = None) -> int:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--right", type=int, default=600)
    parser.add_argument("--typos", type=int, default=600)
    parser.add_argument("--pairs", type=int, default=150)
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--missed", type=int, default=0)
    asked = parser.parse_args(arguments)
    start = time.perf_counter()
    print(f"{len(ALL)} misconceptions, {len(PROGRAMS)} programs")
    table(single(asked.rounds, asked.only, asked.missed))
    if asked.pairs:
        counts = pairs(asked.pairs)
        print("two slips:", ", ".join(f"{k} {counts[k] / sum(counts.values()):.1%}" for k in ("both", "one", "none")))
    for what, made in (("typos", typos(asked.typos)), ("right", right(asked.right))):
        print(f"{what}: {made[0]} sheets, accused {made[1]} ({made[1] / max(made[0], 1):.2%})")
        for line in made[2][: 12 * bool(asked.missed)]:
            print("    ", line)
    print(f"{time.perf_counter() - start:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
