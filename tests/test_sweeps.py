"""Many points at once: the same numbers as one derivation at each."""

from __future__ import annotations

import random

import numpy as np
import pytest

import backprop_tutor as bt
from backprop_tutor.errors import DomainError
from backprop_tutor.ops import OPS

ONE = [row.spelled[0] for row in OPS.values() if row.spelled and row.least == row.most == 1]
SIGNS = ("+", "-", "*", "/")


def random_program(seed: int) -> tuple[str, list[str]]:
    """Return a program of two to eight operations over up to four inputs."""
    draw = random.Random(seed)
    names = list("xyzw"[: draw.randint(1, 4)])
    known = list(names)
    lines = []
    for i in range(draw.randint(2, 8)):
        one, other = draw.choice(known), draw.choice(known)
        kind = draw.random()
        if kind < 0.4:
            text = f"{draw.choice(ONE)}({one})"
        elif kind < 0.5:
            text = f"{draw.choice(('max', 'min'))}({one}, {other}, {draw.choice(known)})"
        else:
            text = f"{one} {draw.choice(SIGNS)} {other}"
        lines.append(f"n{i} = {text}")
        known.append(f"n{i}")
    return "; ".join(lines), names


@pytest.mark.parametrize("block", range(8))
def test_a_sweep_is_a_derivation_at_every_point(block: int) -> None:
    """On 200 random programs, 6 points each: values and gradients to 1e-12, and no value where there is none."""
    for seed in range(block * 25, block * 25 + 25):
        text, names = random_program(seed)
        program = bt.parse(text, names)
        inputs = [name for name in names if name in program.inputs]
        points = np.random.default_rng(seed).uniform(-2, 2, (len(inputs), 6))
        found = bt.sweep(program, dict(zip(inputs, points, strict=True)))
        for column in range(6):
            at = {name: float(points[row, column]) for row, name in enumerate(inputs)}
            try:
                d = bt.derive(program, at)
            except DomainError:
                assert not found.defined[column], (text, at)
                continue
            assert found.defined[column], (text, at)
            for single, many in ((d.values, found.values), (d.gradients, found.gradients)):
                for name, number in single.items():
                    assert many[name][column] == pytest.approx(float(number), rel=1e-12, abs=1e-12, nan_ok=True), (text, at, name)
