from __future__ import annotations

import pytest
from searches import adversary


@pytest.mark.parametrize("number", range(len(adversary.PROBLEMS)))
def test_no_marks_without_the_answer(number: int) -> None:
    """A short search by the adversary earns nothing in thirty problems, formulas and numbers."""
    for formula in (True, False):
        tally = adversary.attacked(number, formula, seed=3, tries=10)
        assert tally.cheats == []
        assert sum(tally.statuses.values()) >= 5


def test_the_adversary_would_notice() -> None:
    """What earned marks is told from what is right: by truth, not by luck."""
    _, _, truth = adversary.PROBLEMS[0]
    assert adversary._really_right("x + x", truth, True)
    assert not adversary._really_right("sin(1e300)", truth, True)
    assert not adversary._really_right("2x + 1e-300^3", truth, True)
    assert adversary._really_right("3.4", truth, False)
    assert not adversary._really_right("0", truth, False)
