"""Paths through a chain, with the slopes along them; and the factors that many gradients share.

A path's product is one term of the chain rule. What begins with ∂f/∂t is worked out once by a backward
pass, and again for every path by whoever multiplies paths out: both are counted, nothing is guessed.
"""

from __future__ import annotations

from dataclasses import dataclass

from .links import Chain, Link

__all__ = ["Route", "Shared", "routes", "shared_factors", "ways"]


@dataclass(frozen=True, slots=True)
class Route:
    """One path from a quantity to the output: its links, the first one at the quantity."""

    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Shared:
    """∂f/∂quantity as a factor of several inputs' gradients.

    `inputs` are the numbers of those inputs, `paths` how many paths from inputs lead through it.
    """

    quantity: int
    inputs: tuple[int, ...]
    paths: int


def ways(chain: Chain) -> tuple[int, ...]:
    """Return for each quantity the number of paths from it to the output."""
    found = [0] * len(chain.quantities)
    found[chain.output] = 1
    for i in range(chain.output - 1, -1, -1):
        found[i] = sum(found[link.target] for link in chain.out_of[i])
    return tuple(found)


def routes(chain: Chain, start: int) -> list[Route]:
    """Return every path from a quantity to the output; whoever asks has counted them (`ways`)."""
    found: list[Route] = []
    trail: list[Link] = []
    counts = ways(chain)
    stack = [(start, 0)]
    while stack:
        place, tried = stack.pop()
        out = [link for link in chain.out_of[place] if counts[link.target]]
        if place == chain.output:
            found.append(Route(tuple(trail)))
        elif tried < len(out):
            stack.append((place, tried + 1))
            trail.append(out[tried])
            stack.append((out[tried].target, 0))
            continue
        if trail:
            trail.pop()
    return found


def shared_factors(chain: Chain, most: int = 12) -> tuple[list[Shared], int]:
    """Return what the gradients of several inputs share, from the output on, and how many there are.

    Of factors that the same inputs share only the longest counts: the one nearest to them. At most
    `most` are returned.
    """
    count = len(chain.quantities)
    reached, paths = [0] * count, [0] * count
    for bit, i in enumerate(chain.inputs):
        reached[i], paths[i] = 1 << bit, 1
    for link in chain.links:  # target by target, in order of computation
        reached[link.target] |= reached[link.source]
        paths[link.target] += paths[link.source]
    counts = ways(chain)
    found: list[Shared] = []
    number = 0
    for i in range(chain.output - 1, -1, -1):
        if chain.quantities[i].formula is None or not counts[i] or reached[i].bit_count() < 2:
            continue
        behind = {link.source for link in chain.links_into[i]}
        if any(reached[k] == reached[i] and len(chain.out_of[k]) == 1 for k in behind):
            continue
        number += 1
        if number <= most:
            inputs = tuple(k for bit, k in enumerate(chain.inputs) if reached[i] >> bit & 1)
            found.append(Shared(i, inputs, paths[i] * counts[i]))
    return found, number
