"""How long the equivalence of formulas takes, and whether it decides the same every time.

Compares, in one run, our decision with SymPy's `simplify(a - b) == 0` on the public pairs in
`tests/cases/equivalence_cases.json`: verdicts that are right, and time. SymPy is given the same
trees, as objects, in a process of its own with a limit of seconds a pair.

    python -m benchmarks.equivalence [--sympy SECONDS] [--runs 100]
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path
from typing import Any

from backprop_tutor.homework.equivalence.domains import read_domains
from backprop_tutor.homework.equivalence.equivalent import equivalent
from backprop_tutor.homework.equivalence.pairs_read import read_pair
from backprop_tutor.homework.equivalence.prove import proved

CASES = Path(__file__).parents[1] / "tests" / "cases" / "equivalence_cases.json"


def ours(cases: list[dict[str, Any]], runs: int) -> None:
    """Print verdicts, repeatability and the mean time of our decision."""
    wrong = changed = 0
    first: list[bool] = []
    best = float("inf")
    for run in range(runs):
        start = time.perf_counter()
        verdicts = [
            equivalent(c["expected"], c["student"], c["variables"], c.get("domain")).equal
            for c in cases
        ]
        best = min(best, (time.perf_counter() - start) / len(cases))
        if run == 0:
            first = verdicts
            wrong = sum(v != c["verdict"] for v, c in zip(verdicts, cases, strict=True))
        changed += verdicts != first
    print(f"pairs {len(cases)}, wrong {wrong}, runs {runs}, runs with another verdict {changed}")
    print(f"mean {1000 * best:.2f} ms a pair, reading included (limit 2 ms)")


def symbolic(cases: list[dict[str, Any]], seconds: float) -> None:
    """Print how many of the equal pairs SymPy shows equal, and how long it takes."""
    shown = equal = 0
    start = time.perf_counter()
    for case in cases:
        if not case["verdict"]:
            continue
        equal += 1
        pair = read_pair(case["expected"], case["student"], case["variables"], None, None)
        domains = read_domains(case.get("domain"), case["variables"])
        shown += proved(pair.expected, pair.student, pair.definitions, domains, seconds)
    spent = time.perf_counter() - start
    print(
        f"SymPy shows {shown} of {equal} equal pairs within {seconds:g} s each, {spent:.0f} s in all"
    )


def main() -> None:
    """Print the comparison."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--runs", type=int, default=100)
    parser.add_argument("--sympy", type=float, metavar="SECONDS")
    options = parser.parse_args()
    cases = json.loads(CASES.read_text(encoding="utf-8"))
    ours(cases, options.runs)
    if options.sympy:
        symbolic(cases, options.sympy)


if __name__ == "__main__":
    main()
