"""Wrong numbers of softmax and the cross-entropy are those that a student gets by hand."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

import backprop_tutor as bt
from backprop_tutor.homework.slips.broken_pass import Own, Plan
from backprop_tutor.homework.slips.slip_table import SLIPS, instances

SCORES = np.array([1.0, 2.0, -0.5])
E = np.exp(SCORES)
P = E / E.sum()
LABELS = np.array([0.25, 0.75, 0.0])


def found(program: str, at: dict[str, float], slip: str, read: Callable[[Plan, object], list[float]]) -> dict[str, list[list[float]]]:
    """Return, for each variant of a slip, what is read from the pass of every place where it is made alone."""
    plan = Plan(bt.derive(program, at))
    made: dict[str, list[list[float]]] = {}
    for instance in instances(plan.scene, [SLIPS[slip]]):
        if instance.scope == "here":
            made.setdefault(instance.variant, []).append(read(plan, plan.run(instance.bend, Own())))
    return made


def values(*names: str) -> Callable[..., list[float]]:
    return lambda plan, run: [run.values[plan.graph.index[name]] for name in names]


def gradients(*names: str) -> Callable[..., list[float]]:
    return lambda plan, run: [run.gradients[plan.graph.index[name]] for name in names]


def given() -> dict[str, float]:
    return dict(zip(("a", "b", "c"), map(float, SCORES), strict=True))


SHARES = {
    "not normalised": E, "linear": SCORES / 2.5, "sigmoid": E / (1 + E), "turned": (1 / E) / (1 / E).sum(),
    "others": E / (E.sum() - E), "base 2": np.exp2(SCORES) / np.exp2(SCORES).sum(),
    "base 10": np.power(10, SCORES) / np.power(10, SCORES).sum(), "squares": SCORES**2 / 5.25,
    "sizes": np.array([1, 2, 0.5]) / 3.5, "largest": np.array([0, 1, 0]), "left out": SCORES,
    "averaged": E / 3, "log": np.log(P),
}  # fmt: skip


def test_shares() -> None:
    """Each wrong share is worked out from all scores, one share at a time."""
    made = found("p1, p2, p3 = softmax(a, b, c); f = p1 + p2 + p3", given(), "softmax-values", values("p1", "p2", "p3"))
    assert made.keys() == SHARES.keys()
    for variant, rows in made.items():
        for row in rows:
            (place,) = (i for i in range(3) if row[i] != pytest.approx(P[i]))
            assert row[place] == pytest.approx(SHARES[variant][place]), variant
        assert len(rows) == 3, variant


Q, Y = np.array([0.2, 0.5, 0.3]), np.array([0.25, 0.75, 0.0])
ENTROPIES = {
    "no minus": Y @ np.log(Q), "log10": -Y @ np.log10(Q), "log2": -Y @ np.log2(Q), "all": -np.log(Q).sum(),
    "other": -(1 - Y) @ np.log(Q), "no log": -Y @ Q, "share": Y @ Q, "one minus": 1 - Y @ Q,
    "squared": np.square(Q - Y).sum(), "half squared": np.square(Q - Y).sum() / 2,
    "mean": -Y @ np.log(Q) / 3, "both": -np.log([0.2, 0.5, 0.7]).sum(),
}  # fmt: skip


def test_cross_entropies() -> None:
    """Each wrong cross-entropy is worked out from shares and labels."""
    names = ("p1", "p2", "p3", "y1", "y2", "y3")
    at = dict(zip(names, map(float, [*Q, *Y]), strict=True))
    made = found("f = cross_entropy([p1, p2, p3], [y1, y2, y3])", at, "cross-entropy-value", values("f"))
    assert {variant: rows[0] for variant, rows in made.items()} == {k: [pytest.approx(v)] for k, v in ENTROPIES.items()}


def test_binary_cross_entropies() -> None:
    """Each wrong binary cross-entropy, and each wrong slope of it, is worked out from p and y."""
    p, y = 0.3, 0.8
    made = found("f = bce(p, t)", {"p": p, "t": y}, "cross-entropy-value", values("f"))
    one, two = 0.8 * np.log(0.3), 0.2 * np.log(0.7)
    wanted = {
        "no minus": one + two, "log10": -(one + two) / np.log(10), "first": -one, "second": -two,
        "minus between": two - one, "squared": 0.25, "half squared": 0.125, "label": -np.log(0.3),
        "other": -np.log(0.7), "difference": 0.5, "turned": -0.2 * np.log(0.3) - 0.8 * np.log(0.7),
    }  # fmt: skip
    assert {variant: rows[0] for variant, rows in made.items()} == {k: [pytest.approx(v)] for k, v in wanted.items()}
    made = found("f = bce(p, t)", {"p": p, "t": y}, "cross-entropy-rule", gradients("p"))
    slope = -0.8 / 0.3 + 0.2 / 0.7
    slopes = {
        "p - y": -0.5, "y - p": 0.5, "sign": -slope, "first": -0.8 / 0.3, "second": 0.2 / 0.7,
        "minus between": -0.8 / 0.3 - 0.2 / 0.7, "no share": -0.6, "one": 1, "all": -1 / 0.3,
        "no denominator": 0.8 * 0.7 - 0.2 * 0.3, "times": -0.5 * 0.21, "no 1 - p": -0.5 / 0.3,
        "value": -(one + two),
    }  # fmt: skip
    assert {variant: rows[0] for variant, rows in made.items()} == {k: [pytest.approx(v)] for k, v in slopes.items()}


SLOPES = {
    "left out": (1, 0), "share": (P[0], 0), "one minus": (1 - P[0], 0), "no square": (P[0], None),
    "cross sign": (None, P[0] * P[1]), "cross only": (0, None), "sign": (-P[0] * (1 - P[0]), P[0] * P[1]),
    "same": (None, P[0] * (1 - P[0])), "sigmoid": (None, 0),
}  # fmt: skip
"""The wrong slope of the first share along its own score, and along the second; None where it is right."""


def test_slopes_of_a_share() -> None:
    """Each wrong slope of softmax is worked out from the shares."""
    made = found("p1, p2, p3 = softmax(a, b, c); f = 1*p1", given(), "softmax-rule", gradients("a", "b"))
    right = (P[0] * (1 - P[0]), -P[0] * P[1])
    for variant, wanted in SLOPES.items():
        for place in (0, 1):
            if wanted[place] is not None and wanted[place] != pytest.approx(right[place]):
                other = 1 - place
                assert any(
                    row[place] == pytest.approx(wanted[place]) and row[other] == pytest.approx(right[other])
                    for row in made[variant]
                ), (variant, place)
    assert made.keys() == SLOPES.keys()


def test_gradients_of_scores_and_shares() -> None:
    """Each wrong gradient behind softmax and the cross-entropy is worked out from share and label."""
    labels = dict(zip(("y1", "y2", "y3"), map(float, LABELS), strict=True))
    program = "p1, p2, p3 = softmax(a, b, c); L = cross_entropy([p1, p2, p3], [y1, y2, y3]); f = 2*L"
    made = found(program, given() | labels, "softmax-cross-entropy", gradients("a", "b", "c"))
    d = P - LABELS
    of_scores = {
        "p": P, "turned": -d, "p - 1": P - 1, "slope": d * P * (1 - P), "label": -LABELS, "y": LABELS,
        "sum": P + LABELS, "slope alone": P * (1 - P), "1 - p": 1 - P, "squared": d**2, "doubled": 2 * d,
        "times p": d * P, "product": P * LABELS, "log": -np.log(P),
    }  # fmt: skip
    assert made.keys() == of_scores.keys()
    for variant, numbers in of_scores.items():
        for row in made[variant]:
            (place,) = (i for i in range(3) if row[i] != pytest.approx(2 * d[i]))
            assert row[place] == pytest.approx(2 * numbers[place]), variant
    made = found(program, given() | labels, "cross-entropy-rule", gradients("p1", "p2", "p3"))
    of_shares = {
        "p - y": d, "all": -1 / P, "sign": LABELS / P, "turned": -P / np.where(LABELS, LABELS, np.inf),
        "share": -P * (LABELS > 0), "no share": -LABELS, "log": -LABELS * np.log(P), "log of all": -np.log(P),
        "one over": 1 / P, "y - p": -d, "squared": -LABELS / P**2, "sigmoid": d / (P * (1 - P)),
        "times": -LABELS * P,
    }  # fmt: skip
    assert made.keys() == of_shares.keys()
    for variant, numbers in of_shares.items():
        for row in made[variant]:
            (place,) = (i for i in range(3) if row[i] != pytest.approx(-2 * LABELS[i] / P[i]))
            assert row[place] == pytest.approx(2 * numbers[place]), variant


def test_gradients_of_the_score_behind_a_sigmoid() -> None:
    """Each wrong gradient of a score is worked out from p and y, where p is its sigmoid."""
    made = found("p = sigmoid(z); L = bce(p, t); f = 3*L", {"z": 0.7, "t": 0.4}, "softmax-cross-entropy", gradients("z"))
    p = 1 / (1 + np.exp(-0.7))
    wanted = {"p": p, "turned": 0.4 - p, "slope": (p - 0.4) * p * (1 - p), "slope alone": p * (1 - p), "label": -0.4}
    assert {variant: rows[0] for variant, rows in made.items()} == {k: [pytest.approx(3 * v)] for k, v in wanted.items()}
