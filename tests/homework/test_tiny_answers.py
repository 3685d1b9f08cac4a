"""Numbers nearer to 0 than any float64 are not 0, and keep their sign; cells are found by what they mean."""

from __future__ import annotations

import pytest

import backprop_tutor as bt
from backprop_tutor.homework.marking.written_answers import read_answer
from backprop_tutor.homework.quantities.quantity import asked_quantities
from backprop_tutor.homework.slips.broken_pass import Plan
from backprop_tutor.homework.slips.sheet_columns import SheetKey

D = bt.derive("f = x*y", {"x": 3, "y": 2})


@pytest.mark.parametrize("power", ["1e-400", "2.5E-999", "1e-320222222222222222222", "7e−320222222222222222222"])
@pytest.mark.parametrize(("sign", "least"), [("", 5e-324), ("+", 5e-324), ("-", -5e-324), ("−", -5e-324)])
def test_a_tiny_number_is_not_zero(power: str, sign: str, least: float) -> None:
    """What is too small for float64 is read as the smallest number of its sign."""
    plan = Plan(D)
    written = read_answer(sign + power, SheetKey(plan, asked_quantities(plan.graph, ["all values"])))
    assert (written.text, written.number, written.fault) == (sign + power, least, "")
    assert written.worked_out or "222" not in power


def test_cells_are_found_by_what_they_mean() -> None:
    """A cell's quantity may be spelled in every way; one that is not on the sheet is told with those that are."""
    cells = bt.mark(D, {"df/dx": 2, "f": 6}).cells
    assert cells["∂f/∂x"] is cells["df / dx"] is cells["df/dx"]
    assert "∂f/∂x" in cells
    assert "df/dy" not in cells
    with pytest.raises(KeyError) as caught:
        cells["∂f/∂y"]
    assert "`df/dy` is not on this sheet; its cells: " in str(caught.value)
