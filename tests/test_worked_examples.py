"""Published worked examples: every printed number, and every number in full."""

from __future__ import annotations

from typing import Any

import pytest
from shared import load_cases

import backprop_tutor as bt

EXAMPLES = load_cases("worked_examples.json")
BY_NAME = {case["name"]: case for case in EXAMPLES}


def derived(case: dict[str, Any]) -> bt.Derivation:
    return bt.derive(case["program"], at=case["values"], of=case["output"])


@pytest.mark.parametrize("case", EXAMPLES, ids=lambda case: case["name"])
def test_full_numbers(case: dict[str, Any]) -> None:
    """Every value and gradient equals the hand-written reverse accumulation to the last digits."""
    d = derived(case)
    for name, value in case["verified_values"].items():
        assert d.values[name] == pytest.approx(value, rel=1e-13, abs=1e-15), name
    for name, value in case["verified_gradients"].items():
        assert d.gradients[name] == pytest.approx(value, rel=1e-12, abs=1e-15), name


@pytest.mark.parametrize("case", EXAMPLES, ids=lambda case: case["name"])
def test_published_numbers(case: dict[str, Any]) -> None:
    """Every printed number is met at the precision it was printed with."""
    digits = case["published_precision"]
    units = 2 if "tolerance_note" in case else 1
    d = derived(case)
    for table, found in (
        (case["expected_values"], d.values),
        (case["expected_gradients"], d.gradients),
    ):
        for name, printed in table.items():
            assert abs(float(found[name]) - printed) <= units * 0.51 * 10**-digits, name


@pytest.mark.parametrize("case", EXAMPLES, ids=lambda case: case["name"])
def test_three_ways(case: dict[str, Any]) -> None:
    """The reverse pass, SymPy and centred differences agree for every node."""
    check = derived(case).check()
    assert check.ok
    assert {row.status for row in check.rows} == {"agree"} or case["name"] == "micrograd_readme"


def test_micrograd_lies_on_a_kink() -> None:
    """The one example whose point is on a kink (relu of 0) says so instead of failing."""
    case = BY_NAME["micrograd_readme"]
    statuses = {row.status for row in derived(case).check().rows}
    assert statuses <= {"agree", "kink"}


@pytest.mark.parametrize("name", ["mazur_2_2_2", "hmkcode_2_2_1"])
def test_updates(name: str) -> None:
    """One gradient-descent step gives the published weights, all from the old gradients."""
    case = BY_NAME[name]
    after = derived(case).update(lr=case["learning_rate"])
    for weight, value in case["verified_updated"].items():
        assert after.at[weight] == pytest.approx(value, rel=1e-13), weight
    for weight in ("i1", "i2"):
        assert after.at[weight] == case["values"][weight]
