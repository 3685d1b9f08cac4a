"""A short run of the search for consistent cells that are refused, and right sheets that are accused."""

from __future__ import annotations

from searches.follow_through import right_sheets, wrong_sheets


def test_what_follows_earns_its_marks() -> None:
    """What is worked out from a wrong number, however it is rounded, is not refused."""
    found = wrong_sheets(25, seed=11)
    assert found.failed == 0, found.shown


def test_right_sheets_are_never_accused() -> None:
    """Right sheets, rounded or cut off at the end or rounded at every step, have no wrong cell."""
    found = right_sheets(25, seed=12)
    assert found.failed == 0, found.shown
