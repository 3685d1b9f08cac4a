"""Where a name of a formula may lie: the real line by default, a half of it, an interval, integers.

Enters: what a teacher writes, `"positive"` or `{x = [0, 1], n = "integer"}`. Leaves: a `Domain` for
each name, which maps numbers between 0 and 1 onto itself and knows whether a number lies inside.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ...errors import OptionError, UnknownNameError, did_you_mean, quoted
from ...language import canonical_name
from ...sentences import said
from .shares import SHARE_WORDS, read_shares

__all__ = ["REAL", "Domain", "DomainSpec", "read_domains"]

DomainSpec = str | tuple[float, float] | Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class Domain:
    """The numbers from `low` to `high`, ends not included; only whole ones where `whole`."""

    low: float = -math.inf
    high: float = math.inf
    whole: bool = False

    def __contains__(self, number: float) -> bool:
        inside = self.low < number < self.high
        return inside and (not self.whole or float(number).is_integer())


REAL = Domain()

_WORDS = {
    "real": REAL,
    "positive": Domain(0.0),
    "nonnegative": Domain(0.0),
    "negative": Domain(high=0.0),
    "integer": Domain(whole=True),
    "natural": Domain(0.0, whole=True),
    "probability": Domain(0.0, 1.0),
}


def read_domains(given: DomainSpec, names: Iterable[str]) -> dict[str, Domain]:
    """Return the domain of each name; `given` is for all names, or says it by name.

    Raises:
        OptionError: a word or an interval that is none.
        UnknownNameError: a name that neither formula has.

    >>> read_domains("positive", ["x"])["x"].low
    0.0
    """
    listed = list(names)
    if isinstance(given, str):
        read_shares(given, listed)
    if not isinstance(given, Mapping):
        domain = REAL if given is None else _domain(given)
        return dict.fromkeys(listed, domain)
    found = dict.fromkeys(listed, REAL)
    alone: Mapping[str, Any] = read_shares(given, listed)[0]
    for name, value in alone.items():
        key = canonical_name(str(name))
        if key not in found:
            hint = did_you_mean(key, listed) or said(
                "known here: {names}", names=", ".join(listed) or said("none")
            )
            raise UnknownNameError(
                said("a domain is given for the unknown name {key}; {hint}", key=quoted(key), hint=hint)
            )
        found[key] = _domain(value)
    return found


def _domain(given: Any) -> Domain:
    if isinstance(given, Domain):
        return given
    if isinstance(given, str):
        if given in _WORDS:
            return _WORDS[given]
        choices = (*_WORDS, *SHARE_WORDS)
        hint = did_you_mean(given, choices) or said("choices: {names}", names=", ".join(choices))
        raise OptionError(
            said(
                "{given} is not a domain; {hint}, or an interval [low, high]",
                given=quoted(given), hint=hint,
            )
        )
    try:
        low, high = (float(end) for end in given)
    except (TypeError, ValueError):
        raise OptionError(
            said(
                "a domain is a word or an interval [low, high], not {given}",
                given=quoted(str(given)),
            )
        ) from None
    if not low < high:
        raise OptionError(
            said("an interval goes from low to high; {low} is not below {high}", low=low, high=high)
        )
    return Domain(low, high)
