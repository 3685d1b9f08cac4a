"""What a picture's own style rules say about one of its elements: a reader of the SVG's `<style>`.

Rules are selectors of tags and classes with spaces between, as `render` writes them. Of the rules
that match, the one that names more classes wins, then more tags, then the later one (CSS Cascading
and Inheritance, section 6). Text inherits nothing here: the rule for `text` says all.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element

__all__ = ["Rules", "read_rules"]

_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_PART = re.compile(r"(?P<tag>[a-z]+)?(?P<classes>(?:\.[A-Za-z0-9_-]+)*)\Z")

Compound = tuple[str, frozenset[str]]
"""A tag ("" for any) and classes, which one element must have together."""


@dataclass(frozen=True, slots=True)
class _Rule:
    selector: tuple[Compound, ...]
    rank: tuple[int, int, int]
    says: dict[str, str]


class Rules:
    """The rules of one picture; `of(chain)` is what they say about the chain's last element."""

    def __init__(self, rules: Sequence[_Rule]) -> None:
        self._rules = sorted(rules, key=lambda rule: rule.rank)

    def of(self, chain: Sequence[Element]) -> dict[str, str]:
        """Return the properties of an element, given with all elements above it."""
        facts = [(e.tag.rpartition("}")[2], frozenset(e.get("class", "").split())) for e in chain]
        found: dict[str, str] = {}
        for rule in self._rules:
            if _matches(rule.selector, facts):
                found |= rule.says
        return found


def read_rules(text: str) -> Rules:
    """Return the rules of a style sheet.

    >>> from xml.etree.ElementTree import fromstring
    >>> rules = read_rules(".a .b{fill:red}.b{fill:blue;stroke:none}")
    >>> rules.of([fromstring('<g class="a"/>'), fromstring('<path class="b"/>')])
    {'fill': 'red', 'stroke': 'none'}
    """
    found = []
    for place, (selectors, body) in enumerate(_RULE.findall(text)):
        says = dict(part.split(":", 1) for part in body.split(";") if part)
        for selector in selectors.split(","):
            compounds = tuple(_compound(part) for part in selector.split())
            classes = sum(len(names) for _, names in compounds)
            tags = sum(bool(tag) for tag, _ in compounds)
            found.append(_Rule(compounds, (classes, tags, place), says))
    return Rules(found)


def _compound(text: str) -> Compound:
    match = _PART.match(text)
    if match is None:
        raise ValueError(f"a selector of the pictures has tags and classes only, not {text!r}")
    return match["tag"] or "", frozenset(name for name in match["classes"].split(".") if name)


def _matches(selector: Sequence[Compound], facts: Sequence[Compound]) -> bool:
    """Return whether the last fact matches the last compound, and those above it the others."""
    place = len(facts) - 1
    for number, (tag, names) in enumerate(reversed(selector)):
        while place >= 0:
            has_tag, has_names = facts[place]
            place -= 1
            if tag in ("", has_tag) and names <= has_names:
                break
            if number == 0:
                return False
        else:
            return False
    return True
