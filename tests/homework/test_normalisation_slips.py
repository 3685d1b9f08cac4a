"""Sheets of networks with normalisation: one wrong rule is named, and right sheets are not accused."""

from __future__ import annotations

from typing import Any

import normalised_layers as nets
import numpy as np
import pytest

import backprop_tutor as bt


def marked(kind: str, seed: int, rule: str = "", digits: int = 12) -> Any:
    """Return the marking of a sheet typed with so many decimals; None where the rule shows nowhere."""
    at = nets.point(seed)
    found, right = nets.sheet(at, kind, rule), nets.sheet(at, kind)
    if rule and all(found[name].shape == right[name].shape and np.allclose(found[name], right[name], atol=0.02)
                    for name in found):
        return None
    answers = {name: np.round(value, digits).tolist() for name, value in found.items()}
    return bt.mark(bt.derive(nets.PROGRAM.format(kind), at=at), answers)


@pytest.mark.parametrize("kind", ["batchnorm", "layernorm"])
@pytest.mark.parametrize("rule", [rule for rule, (slip, _) in nets.RULES.items() if slip])
def test_a_wrong_rule_of_normalising_is_named(kind: str, rule: str) -> None:
    """In full and rounded to four decimals the slip is found, by its variant where it has one."""
    seen = 0
    for seed in range(1, 5):
        marking = marked(kind, seed, rule, 12 if seed % 2 else 4)
        if marking is None:
            continue
        seen += 1
        slip, variant = nets.RULES[rule]
        named = {name for each in marking.slips for name in each.names}
        assert slip in named, (seed, marking.slips)
        if variant and not any(len(each.names) > 1 for each in marking.slips):
            assert variant in {each.variant for each in marking.slips}, (seed, marking.slips)
    assert seen


@pytest.mark.parametrize("kind", ["batchnorm", "layernorm"])
def test_right_sheets_are_not_accused(kind: str) -> None:
    """Right sheets, in full or rounded to three decimals, have no slip."""
    for seed in range(1, 9):
        marking = marked(kind, seed, digits=12 if seed % 2 else 3)
        assert not marking.slips, seed
        assert marking.score == 1, (seed, str(marking))
