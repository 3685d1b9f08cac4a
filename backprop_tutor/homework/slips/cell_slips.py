"""Slips of the pen: the number of one cell is another cell's, or has its digits, point or sign changed.

None is a broken pass: they are found by comparing a sheet's numbers with each other, in `penned`.
"""

from __future__ import annotations

from .slip_record import Slip

__all__ = ["COPIED", "DIGITS", "POINT", "ROWS", "SIGN", "SWAPPED"]


def _none(scene: object) -> object:
    return iter(())


COPIED = Slip(
    name="copied", family="copied", rank=4, sites=_none, joined=False,  # type: ignore[arg-type]
    sentence="The answer of another cell stands here.",
    hint="Check which quantity this cell asks for.",
)  # fmt: skip
SWAPPED = Slip(
    name="swapped-cells", family="copied", rank=2, sites=_none, joined=False,  # type: ignore[arg-type]
    sentence="The answers of two cells stand in each other's place.",
    hint="Both numbers are there: check which quantity each cell asks for.",
)  # fmt: skip
POINT = Slip(
    name="decimal-point", family="writing", rank=1, sites=_none, joined=False,  # type: ignore[arg-type]
    sentence="The decimal point of this answer was moved.",
    hint="The digits are right. How large is the number?",
)  # fmt: skip
DIGITS = Slip(
    name="digits-exchanged", family="writing", rank=1, sites=_none, joined=False,  # type: ignore[arg-type]
    sentence="Two digits of this answer were exchanged.",
    hint="Compare the digits with those of your working.",
)  # fmt: skip
SIGN = Slip(
    name="sign-slip", family="writing", rank=3.2, sites=_none, joined=False,  # type: ignore[arg-type]
    sentence="The sign of this answer alone is wrong.",
    hint="The size is right. Does the minus belong there?",
)  # fmt: skip

ROWS = (SWAPPED, POINT, DIGITS, SIGN, COPIED)
