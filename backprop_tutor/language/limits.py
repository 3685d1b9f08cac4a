"""The sizes of text that are accepted, and the refusals that name them."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["ANSWER", "NUMBER", "PROGRAM", "Limits"]


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a text may be: characters, nodes of its tree, nesting, characters a number."""

    what: str
    characters: int
    nodes: int
    depth: int
    digits: int = 400


PROGRAM = Limits("a program", characters=2_000_000, nodes=200_000, depth=1_000)
"""For a program; a formula of its own or one of many."""

ANSWER = Limits("an answer", characters=10_000, nodes=2_000, depth=100)
"""For a single formula given as an answer."""

NUMBER = Limits("a number", characters=400, nodes=200, depth=100)
"""For a single number given as an answer or a value."""
