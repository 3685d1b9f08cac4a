"""How near is near enough: the tolerance of a problem or of one cell, and how a teacher writes it.

Enters: `0.01`, `"1%"`, or a table such as `{absolute = 0.05}`. Leaves: a `Tolerance`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from fractions import Fraction
from typing import Any, TypeAlias

from ...errors import OptionError, did_you_mean, quoted
from ...sentences import said

__all__ = ["DEFAULT", "Tolerance", "ToleranceLike", "read_tolerance"]

_KEYS = ("relative", "absolute", "figures", "digits", "truncation", "rounding")


@dataclass(frozen=True, kw_only=True, repr=False)
class Tolerance:
    """When a typed number counts as right.

    Without `figures` and `digits`: |a − b| ≤ relative · max(|a|, |b|), or |a − b| ≤ absolute. There
    is no absolute tolerance unless one is asked for, so that 4e-4 is never equal to 0.

    Attributes:
        relative: the share of the larger of the two numbers.
        absolute: in the unit of the numbers.
        rounding: the relative error up to which a number that is the true one rounded to the digits
            typed counts as right to the precision given.
        figures: so many significant figures must be typed; None if any number will do. A negative
            number -n asks for n or more.
        accurate: how many figures must be right; as many as `figures` if None, 0 for none.
        digits: at least so many significant figures, and right to all that are typed.
        truncation: whether with `digits` a number cut off counts like one rounded.
        judge: a rule of one's own, in place of all others: from the typed number and the true one,
            whether the typed one is right. A function alone is a tolerance, too.
    """

    relative: Fraction = Fraction(1, 100)
    absolute: Fraction = Fraction(0)
    rounding: Fraction = Fraction(1, 20)
    figures: int | None = None
    accurate: int | None = None
    digits: int | None = None
    truncation: bool = False
    judge: Callable[[float, float], object] | None = None

    def __repr__(self) -> str:
        told = {each.name: getattr(self, each.name) for each in fields(self)}
        other = [
            f"{each.name}={told[each.name]}" for each in fields(self) if told[each.name] != each.default
        ]
        return f"<Tolerance {', '.join(other) or f'relative={self.relative}'}>"

    def __post_init__(self) -> None:
        for name in ("relative", "absolute", "rounding"):
            if getattr(self, name) < 0:
                raise OptionError(
                    said(
                        "a tolerance is not negative; {name} = {given}",
                        name=name, given=getattr(self, name),
                    )
                )
        if self.figures is not None and self.digits is not None:
            raise OptionError(said("a tolerance asks for `figures` or for `digits`, not for both"))


    def accepts(self, typed: float, true: float) -> bool:
        """Return what the rule of one's own says of a number.

        Raises:
            OptionError: the rule itself raises.
        """
        assert self.judge is not None  # asked only where there is one
        try:
            return bool(self.judge(typed, true))
        except Exception as error:  # whatever it raises is the rule's fault
            raise OptionError(
                said(
                    "the tolerance's own rule fails at {typed} and {true}: {error}",
                    typed=typed, true=true, error=f"{type(error).__name__}: {error}",
                )
            ) from error  # fmt: skip


ToleranceLike: TypeAlias = (
    Tolerance | str | int | float | Fraction | Mapping[str, object] | Callable[[float, float], object]
)
"""A tolerance as a teacher writes it."""

DEFAULT = Tolerance()
"""1 %, symmetric; nothing absolute; rounding forgiven up to 5 %."""


def read_tolerance(given: ToleranceLike) -> Tolerance:
    """Return the tolerance that a teacher wrote.

    A number or a text with a percent sign is relative; a table may set `relative`, `absolute`,
    `rounding`, `figures` (a number, or `[typed, right]`), `digits` and `truncation`.

    Raises:
        OptionError: what is given is none of these.

    >>> read_tolerance("2%").relative, read_tolerance({"absolute": 0.1}).relative
    (Fraction(1, 50), Fraction(0, 1))
    """
    if isinstance(given, Tolerance):
        return given
    if callable(given):
        return Tolerance(judge=given)
    if not isinstance(given, Mapping):
        return Tolerance(relative=_share(given, "a tolerance"))
    unknown = [str(key) for key in given if key not in _KEYS]
    if unknown:
        hint = did_you_mean(unknown[0], _KEYS)
        raise OptionError(
            said(
                "a tolerance has no {unknown}; {hint}",
                unknown=quoted(unknown[0]), hint=hint or said("it has: ") + ", ".join(_KEYS),
            )
        )
    settings: dict[str, Any] = {
        key: _share(given[key], key) for key in ("relative", "absolute", "rounding") if key in given
    }
    if "absolute" in settings:
        settings.setdefault("relative", Fraction(0))
    if "figures" in given:
        settings["figures"], settings["accurate"] = _figures(given["figures"])
    if "digits" in given:
        settings["digits"] = _count(given["digits"], "digits")
    if "truncation" in given:
        if not isinstance(given["truncation"], bool):
            raise OptionError(
                said(
                    "truncation is true or false, not {given}",
                    given=quoted(str(given["truncation"])),
                )
            )
        settings["truncation"] = given["truncation"]
    return Tolerance(**settings)


def _share(given: Any, name: str) -> Fraction:
    text = str(given).strip()
    percent = text.endswith("%")
    try:
        if isinstance(given, bool) or (isinstance(given, float) and not math.isfinite(given)):
            raise ValueError
        if not isinstance(given, str | int | float | Fraction) or len(text) > 60:
            raise ValueError
        if abs(int(text.lower().rstrip("%").partition("e")[2] or 0)) > 400:
            raise ValueError
        value = Fraction(text.rstrip("% "))
    except (ValueError, ZeroDivisionError):
        raise OptionError(
            said(
                '{name} is a number such as 0.01, or a share such as "1%"; {given} was given',
                name=name, given=quoted(text),
            )
        ) from None
    return value / 100 if percent else value


def _count(given: Any, name: str) -> int:
    if isinstance(given, bool) or not isinstance(given, int) or not 1 <= abs(given) <= 50:
        raise OptionError(
            said(
                "{name} is a whole number from 1 to 50, not {given}",
                name=name, given=quoted(str(given)),
            )
        )
    return given


def _figures(given: Any) -> tuple[int, int | None]:
    """Return figures typed and figures right; `[2, -1]` asks for 2 or more, right to 2."""
    if not isinstance(given, list | tuple):
        return _count(given, "figures"), None
    if len(given) != 2 or isinstance(given[1], bool) or not isinstance(given[1], int):
        raise OptionError(
            said(
                "figures is a number or two, [typed, right], not {given}", given=quoted(str(given))
            )
        )
    typed = abs(_count(given[0], "figures"))
    if given[1] == -1:
        return -typed, typed
    if not 0 <= given[1] <= 50:
        raise OptionError(
            said("the figures that must be right are 0 to 50, not {given}", given=given[1])
        )
    return typed, given[1]
