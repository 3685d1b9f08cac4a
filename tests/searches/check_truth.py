"""The check against the truth: no false alarm on random programs, and planted wrong slopes found.

Random programs over the whole table, inputs up to ±40, are checked; mpmath at 100 digits and more is the
judge: it works every program out from its own definitions of the functions, without a line of the
package but its graph. An alarm is false where the judge finds every number of the reverse pass right to
what float64 can hold. Then single local gradients are bent by random factors before the backward pass.

    python -m benchmarks.check_truth [--programs 1000] [--planted 50] [--seed 0]
"""

from __future__ import annotations

import argparse
import math
import random
import sys
import time
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import Any

import mpmath

import backprop_tutor as bt
from backprop_tutor.slopes import branch
from backprop_tutor.steps import Contribution, Derivation

from .check_programs import program

MP = mpmath.MPContext()


def _piece(condition: Any, a: Any, b: Any) -> Any:
    return a if condition else b


def _sigmoid(a: Any) -> Any:
    return 1 / (1 + MP.exp(-a))


def _pairs(a: tuple[Any, ...]) -> list[tuple[Any, Any]]:
    half = len(a) // 2
    return list(zip(a[:half], a[half:], strict=True))


DEFINITIONS: dict[str, Any] = {
    "identity": lambda a: a, "add": lambda a, b: a + b, "subtract": lambda a, b: a - b,
    "multiply": lambda a, b: a * b, "divide": lambda a, b: a / b, "negate": lambda a: -a,
    "power": lambda a, b: a ** (int(b) if b == int(b) else b),
    "sqrt": MP.sqrt, "cbrt": lambda a: MP.sign(a) * MP.cbrt(abs(a)), "abs": abs,
    "sign": MP.sign, "step": lambda a: MP.mpf(a > 0), "max": lambda *a: max(a),
    "min": lambda *a: min(a), "exp": MP.exp, "log": MP.ln, "log2": lambda a: MP.ln(a) / MP.ln(2),
    "log10": MP.log10, "log_base": lambda a, b: MP.ln(a) / MP.ln(b), "sin": MP.sin, "cos": MP.cos,
    "tan": MP.tan, "sec": MP.sec, "csc": MP.csc, "cot": MP.cot, "asin": MP.asin, "acos": MP.acos,
    "atan": MP.atan, "sinh": MP.sinh, "cosh": MP.cosh, "tanh": MP.tanh, "asinh": MP.asinh,
    "acosh": MP.acosh, "atanh": MP.atanh, "erf": MP.erf, "sigmoid": _sigmoid,
    "relu": lambda a: max(a, MP.zero), "relu6": lambda a: min(max(a, MP.zero), MP.mpf(6)),
    "leaky_relu": lambda a, slope=0.01: _piece(a > 0, a, MP.mpf(str(slope)) * a),
    "elu": lambda a, alpha=1: _piece(a > 0, a, alpha * MP.expm1(a)),
    "celu": lambda a, alpha=1: _piece(a > 0, a, alpha * MP.expm1(a / alpha)),
    "selu": lambda a: MP.mpf("1.0507009873554804934")
    * _piece(a > 0, a, MP.mpf("1.6732632423543772848") * MP.expm1(a)),
    "softplus": lambda a: MP.log1p(MP.exp(a)), "silu": lambda a: a * _sigmoid(a),
    "gelu": lambda a: a * MP.erfc(-a / MP.sqrt(2)) / 2,
    "mish": lambda a: a * MP.tanh(MP.log1p(MP.exp(a))), "softsign": lambda a: a / (1 + abs(a)),
    "logsigmoid": lambda a: -MP.log1p(MP.exp(-a)),
    "hardtanh": lambda a: min(max(a, -MP.one), MP.one),
    "hardsigmoid": lambda a: min(max((a + 3) / 6, MP.zero), MP.one),
    "squared_error": lambda y, t: (y - t) ** 2, "half_squared_error": lambda y, t: (y - t) ** 2 / 2,
    "mean_squared_error": lambda *a: sum((y - t) ** 2 for y, t in _pairs(a)) / (len(a) // 2),
    "binary_cross_entropy": lambda p, t: -(t * MP.ln(p) + (1 - t) * MP.ln(1 - p)),
    "cross_entropy": lambda *a: -sum(t * MP.ln(p) for p, t in _pairs(a)),
    "softmax": lambda *a, index: MP.exp(a[index]) / sum(MP.exp(z) for z in a),
    "sum": lambda *a: sum(a), "mean": lambda *a: sum(a) / len(a),
    "norm": lambda *a: MP.sqrt(sum(x * x for x in a)),
    "logsumexp": lambda *a: MP.ln(sum(MP.exp(x) for x in a)),
    "reciprocal": lambda a: 1 / a, "rsqrt": lambda a: 1 / MP.sqrt(a), "square": lambda a: a * a,
    "log1p": MP.log1p, "expm1": MP.expm1, "exp2": lambda a: MP.mpf(2) ** a,
}  # fmt: skip


def _forward(d: Derivation, moved: int, by: Any) -> Any:
    """Return the output with one node moved after its assignment."""
    values: list[Any] = []
    for place, node in enumerate(d.graph_table.nodes[: d.graph_table.output + 1]):
        if node.kind == "operation":
            options = dict(node.options)
            if "index" in options:
                options["index"] = int(options["index"])
            value = DEFINITIONS[node.op](*(values[i] for i in node.operands), **options)
        else:
            exact = d.numbers[place]
            value = (
                MP.mpf(exact.numerator) / exact.denominator
                if hasattr(exact, "numerator")
                else MP.mpf(exact)
            )
        values.append(value + by if place == moved else value)
    return values[-1]


def true_gradient(d: Derivation, place: int) -> Any:
    """Return ∂output/∂node by differences at 100 digits and more; None where they do not settle."""
    size = abs(float(d.numbers[place]))
    power = 40 + 2 * max(0, -math.floor(math.log10(size))) if size else 40
    before = None
    for digits in (2 * power + 20, 3 * power + 60, 6 * power + 60, 12 * power, 40 * power):
        MP.dps = digits
        step = MP.mpf(10) ** -power
        try:
            up, down = _forward(d, place, step), _forward(d, place, -step)
        except (ArithmeticError, ValueError):
            return None
        if not isinstance(up, MP.mpf) or not isinstance(down, MP.mpf):
            return None
        slope = (up - down) / (2 * step)
        if before is not None and abs(slope - before) <= abs(slope) * MP.mpf(10) ** -20:
            return slope
        before = slope
    return None


@dataclass
class Alarms:
    """What the check said of programs, and what the judge says of that."""

    programs: int = 0
    rows: int = 0
    said: Counter[str] = field(default_factory=Counter)
    false: list[str] = field(default_factory=list)
    true: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)


def alarms(programs: int, seed: int = 0) -> Alarms:
    """Return what the check says of random programs."""
    out = Alarms(programs)
    for number in range(seed, seed + programs):
        text, at = program(number)
        d = bt.derive(text, at=at)
        found = d.check()
        out.rows += len(found.rows)
        for row in found.rows:
            out.said[row.status] += 1
        where = f"program {number}: {text!r} at {at}"
        if not found.ok:
            (out.true if _really_wrong(d, found) else out.false).append(
                f"{where}: {_differing(found)}"
            )
        for row in found.rows:
            if row.status == "agree" and not _right(d, row.name, row.reverse):
                out.missed.append(f"{where}: {row.name}")
    return out


def _differing(found: Any) -> str:
    rows = [row for row in (*found.rows, *found.values) if row.status == "differ"]
    return "; ".join(map(str, (*rows, *found.slopes)))


def _right(d: Derivation, name: str, reverse: float) -> bool:
    true = true_gradient(d, d.graph_table.index[name])
    if true is None:
        return True
    size = max(
        (abs(float(e.downstream)) for e in d.contributions.values() if e.downstream == e.downstream),
        default=0,
    )
    return abs(reverse - true) <= 1e-8 * abs(true) + 1e-11 * size + 1e-300


def _really_wrong(d: Derivation, found: Any) -> bool:
    return any(not _right(d, row.name, row.reverse) for row in found.rows if row.status == "differ")


def planted(count: int, seed: int = 0) -> tuple[int, list[str]]:
    """Return how many of so many wrong local gradients were found, and those that were not."""
    draw = random.Random(seed)
    found, missed = 0, []
    number = 100_000 + seed
    done = 0
    while done < count:
        number += 1
        text, at = program(number)
        d = bt.derive(text, at=at)
        edges = [
            key for key, edge in sorted(d.contributions.items()) if edge.local and _has_one_slope(d, edge)
        ]
        if not edges:
            continue
        done += 1
        key = draw.choice(edges)
        factor = draw.choice((-1.0, 2.0, 0.5, 1.01, 1.0001, 1 + 1e-6, 0.0))
        wrong = bent(d, key, factor)
        if wrong.check().ok:
            missed.append(f"program {number}: {text!r} at {at}: edge {key} times {factor}")
        else:
            found += 1
    return found, missed


def _has_one_slope(d: bt.Derivation, edge: Contribution) -> bool:
    """Return whether a slope is not a convention: at a kink anything between the sides is one."""
    piece = branch(d, edge.places[1])
    return not math.isnan(edge.local) and (piece is None or not piece.kink)


def bent(d: bt.Derivation, key: tuple[int, int, int], factor: float) -> bt.Derivation:
    """Return a derivation whose backward pass used a wrong local gradient, all else being right."""
    graph = d.graph_table
    edges = dict(d.contributions)
    upstreams = list(d.upstreams)
    for place in range(graph.output, -1, -1):
        if upstreams[place] is None or not graph.relevant[place]:
            continue
        if place != graph.output:
            handed = [
                edges[place, u.target, u.slot]
                for u in graph.uses[place]
                if graph.relevant[u.target]
            ]
            upstreams[place] = sum((e.downstream for e in handed[1:]), handed[0].downstream)
        for slot, source in enumerate(graph.nodes[place].operands):
            edge = edges.get((source, place, slot))
            if edge is not None:
                local = float(edge.local) * factor if (source, place, slot) == key else edge.local
                up = upstreams[place]
                edges[source, place, slot] = replace(
                    edge, local=local, upstream=up, downstream=up * local
                )
    return d.with_fields(contributions=edges, upstreams=tuple(upstreams))


def main() -> int:
    """Run both, print what was found, and return 1 where something is wrong."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--programs", type=int, default=1000)
    parser.add_argument("--planted", type=int, default=50)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    begun = time.process_time()
    found = alarms(given.programs, given.seed)
    print(f"{found.programs} programs, {found.rows} gradients:", dict(found.said))
    print(
        f"{len(found.false)} false alarms, {len(found.true)} true ones, "
        f"{len(found.missed)} passed though wrong"
    )
    for line in (*found.false, *found.true, *found.missed):
        print(" ", line)
    right, missed = planted(given.planted, given.seed)
    print(
        f"{right} of {given.planted} planted wrong slopes found; {time.process_time() - begun:.0f} s"
    )
    for line in missed:
        print("  missed:", line)
    return bool(found.false or found.missed or missed)


if __name__ == "__main__":
    sys.exit(main())
