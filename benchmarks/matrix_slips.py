"""How often a broken rule over matrices is named: two-layer networks on batches, made by plain NumPy.

For each rule of `tests/two_layers.py` networks are drawn; which matrices are asked for and how they are
rounded is drawn too. A sheet counts as named where a slip that tells the rule, or one that gives exactly
the same matrices, is found. Then right sheets, typed in full and rounded at the end or at every step on
the sheet, none of which may be accused of a slip. The same for networks with batch and layer
normalisation (`tests/normalised_layers.py`), whose sheets are typed in full or with four decimals.

    python -m benchmarks.matrix_slips [--sheets N] [--right N] [--normalised N] [--seed N]
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np

import backprop_tutor as bt

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))
import normalised_layers
import two_layers as nets

ASKED = ("all", "gradients", "parameters", "one of them")


def asked_of(found: nets.Sheet, how: str, draw: np.random.Generator, right: nets.Sheet) -> nets.Sheet:
    """Return the part of a sheet that is asked for."""
    if how == "gradients":
        return {name: value for name, value in found.items() if "/" in name}
    if how == "parameters":
        return {name: value for name, value in found.items() if name[-2:] in ("W1", "b1", "W2", "b2")}
    if how == "one of them":
        wrong = [name for name in found if different(found[name], right[name]) and "/" in name]
        return {name: found[name] for name in wrong[:1]}
    return found


def different(one: Any, other: Any) -> bool:
    """Return whether two matrices differ by more than a percent somewhere."""
    if np.shape(one) != np.shape(other):
        return True
    scale = float(np.max(np.abs(other), initial=1e-300))
    return bool(np.max(np.abs(one - other), initial=0.0) > 0.02 * scale)


def visible(found: nets.Sheet, right: nets.Sheet) -> bool:
    """Return whether a sheet is not simply right."""
    return any(different(found[name], right[name]) for name in found)


def rounded_on_the_way(net: nets.Network, how: str) -> nets.Sheet:
    """Return the right sheet of someone who goes on with what they typed."""
    worked = nets._Worked(net, "")
    columns = net.kind == "columns"

    def typed(number: Any) -> Any:
        return nets.rounded(number, how)

    found: nets.Sheet = {}
    z1 = found["Z1"] = typed(worked.times(worked.X, worked.W1) + worked.b1)
    a1 = found["A1"] = typed(worked.f(z1))
    s = found["S"] = typed(worked.times(a1, worked.W2) + worked.b2)
    ds = found["dL/dS"] = typed(worked.error(s, net.sizes[0], {}))
    da = found["dL/dA1"] = typed(worked.W2.T @ ds if columns else ds @ worked.W2.T)
    dz = found["dL/dZ1"] = typed(da * worked.slope(z1))
    found["dL/dW2"], found["dL/db2"] = typed(worked.weight(a1, ds, 2)), typed(worked.bias(ds, worked.b2))
    found["dL/dW1"] = typed(worked.weight(worked.X, dz, 1))
    found["dL/db1"] = typed(worked.bias(dz, worked.b1))
    return found


def named(marking: Any, accepted: tuple[str, ...]) -> bool:
    """Return whether a slip that tells the rule is named, first or as giving the same."""
    return any(name in accepted for slip in marking.slips for name in slip.names)


def normalised(count: int, seed: int) -> None:
    """Print how many sheets of each wrong rule of normalising are named, and right ones accused."""
    for kind in ("batchnorm", "layernorm"):
        for rule, (slip, _) in {"": ("", ""), **normalised_layers.RULES}.items():
            if rule and not slip:
                continue
            made = told = 0
            for one in range(seed, seed + count):
                at = normalised_layers.point(one)
                right = normalised_layers.sheet(at, kind)
                digits = 4 if one % 2 else 12
                found = {name: np.round(value, digits)
                         for name, value in normalised_layers.sheet(at, kind, rule).items()}
                if rule and not visible(found, right):
                    continue
                answers = {name: value.tolist() for name, value in found.items()}
                marking = bt.mark(bt.derive(normalised_layers.PROGRAM.format(kind), at=at), answers)
                made += 1
                told += named(marking, (slip,)) if rule else bool(marking.slips) or marking.score < 1
            print(f"{kind}, {rule or 'right sheets, accused':24} {told:5} of {made:5}", flush=True)


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sheets", type=int, default=60, help="of each rule")
    parser.add_argument("--right", type=int, default=1000)
    parser.add_argument("--normalised", type=int, default=30, help="of each rule of normalising")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--missed", action="store_true", help="print the sheets that were missed")
    options = parser.parse_args()
    started = time.perf_counter()
    normalised(options.normalised, options.seed)
    whole: Counter[str] = Counter()
    for rule, accepted in nets.RULES.items():
        counts: Counter[str] = Counter()
        seed = options.seed
        while counts["made"] < options.sheets and seed < options.seed + 40 * options.sheets:
            seed += 1
            draw = np.random.default_rng(seed + 10**6)
            net = nets.problem(seed)
            how = str(draw.choice(nets.ROUNDINGS))
            asked = str(draw.choice(ASKED))
            right = nets.sheet(net)
            try:
                made = asked_of(nets.sheet(net, rule), asked, draw, right)
            except nets.Impossible:
                continue
            if not made or not visible(made, right):
                continue
            answers = {name: nets.as_text(value, how) for name, value in made.items()}
            marking = bt.mark(bt.derive(net.program, at=net.at), answers, lr=net.rate)
            statuses = {cell.status for cell in marking.cells.values()}
            if statuses <= {"correct", "correct (rounded)"}:
                continue  # too small a difference to be seen
            counts["made"] += 1
            counts["named"] += named(marking, accepted)
            if options.missed and not named(marking, accepted):
                print("   ", seed, net.kind, net.loss, net.act, net.sizes, how, asked, marking.counts(),
                      [(s.name, s.variant, s.where, s.cells) for s in marking.slips])  # fmt: skip
        share = counts["named"] / max(counts["made"], 1)
        whole += counts
        print(f"{rule:24} {counts['named']:5} of {counts['made']:5}  {share:.1%}", flush=True)
    share = whole["named"] / max(whole["made"], 1)
    print(f"{'all':24} {whole['named']:5} of {whole['made']:5}  {share:.1%}")
    accused = Counter[str]()
    for seed in range(options.seed, options.seed + options.right):
        net = nets.problem(seed)
        how = nets.ROUNDINGS[seed % len(nets.ROUNDINGS)]
        on_the_way = seed % 3 == 0
        found = rounded_on_the_way(net, how) if on_the_way else nets.sheet(net)
        answers = {name: nets.as_text(value, how) for name, value in found.items()}
        marking = bt.mark(bt.derive(net.program, at=net.at), answers)
        kind = f"{how}{', on the way' if on_the_way else ''}"
        accused[f"{kind}: sheets"] += 1
        accused[f"{kind}: accused"] += bool(marking.slips)
        accused[f"{kind}: not all right"] += any(not cell.right for cell in marking.cells.values())
        if options.missed and any(not cell.right for cell in marking.cells.values()):
            print("   ", seed, net.kind, net.loss, net.act, how, on_the_way,
                  [(c.quantity, c.status, c.sentence) for c in marking.cells.values() if not c.right])
    for what, count in sorted(accused.items()):
        print(f"{what:40} {count}")
    print(f"{time.perf_counter() - started:.0f} s")


if __name__ == "__main__":
    main()
