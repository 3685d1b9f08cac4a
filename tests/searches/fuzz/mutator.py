"""Texts made from other texts: characters, tokens, brackets and numbers changed at random.

Enters: a random generator and seeds. Leaves: a text, most of it still like its seed. Nothing here
knows what the text is for; a target adds its own words.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence

from .seeds import NUMBERS, ODD, TOKENS

__all__ = ["damaged", "mutated", "number", "program", "values"]

_PIECE = re.compile(r"\s+|[^\W\d_]+|\d[\d.eE+-]*|.", re.DOTALL)


def number(rng: random.Random) -> str:
    """Return a number, often one at an edge."""
    if rng.random() < 0.5:
        return rng.choice(NUMBERS)
    if rng.random() < 0.5:
        return str(rng.randint(-20, 20))
    return f"{rng.uniform(-10, 10):.{rng.randint(0, 17)}g}" + rng.choice(
        ["", "", f"e{rng.randint(-330, 330)}"]
    )


def _anything(rng: random.Random, words: Sequence[str]) -> str:
    kind = rng.random()
    if kind < 0.35 and words:
        return rng.choice(words)
    if kind < 0.6:
        return rng.choice(TOKENS)
    return number(rng) if kind < 0.85 else rng.choice(ODD)


def mutated(rng: random.Random, seeds: Sequence[str], words: Sequence[str] = ()) -> str:
    """Return a seed after a few changes: pieces dropped, doubled, replaced, taken from others."""
    pieces = _PIECE.findall(rng.choice(seeds))
    for _ in range(min(12, int(rng.expovariate(0.4)))):
        place = rng.randrange(len(pieces) + 1)
        end = min(len(pieces), place + rng.choice([1, 1, 1, 2, 5]))
        other = rng.randrange(len(pieces) + 1)
        kind = rng.randrange(9)
        if kind == 0:
            del pieces[place:end]
        elif kind == 1:
            pieces[place:place] = pieces[place:end] * rng.choice([1, 1, 2, 30])
        elif kind == 2:
            pieces[place:end] = [_anything(rng, words)]
        elif kind == 3:
            pieces.insert(place, _anything(rng, words))
        elif kind == 4:
            borrowed = _PIECE.findall(rng.choice(seeds))
            pieces[place:end] = borrowed[rng.randrange(len(borrowed) + 1) :][:6]
        elif kind == 5:
            pieces[place:place], pieces[other:other] = ["("], [")"]
        elif kind == 6:
            pieces[place:place] = [
                rng.choice(["(", "[", "{", "-", "\\frac{", "sin("])
            ] * rng.choice([2, 20, 400])
        elif kind == 7:
            numbers = [i for i, piece in enumerate(pieces) if piece[:1].isdigit()]
            if numbers:
                pieces[rng.choice(numbers)] = number(rng)
        else:
            pieces[place:end], pieces[other:other] = [], pieces[place:end]
    return "".join(pieces)[:60_000]


def damaged(rng: random.Random, data: bytes) -> bytes:
    """Return bytes after a few changes: flipped, cut off, doubled, overwritten."""
    found = bytearray(data)
    for _ in range(rng.choice([0, 1, 1, 2, 5, 20])):
        if not found:
            break
        place = rng.randrange(len(found))
        length = rng.choice([1, 1, 2, 4, 8, 64])
        kind = rng.randrange(6)
        if kind == 0:
            found[place] ^= 1 << rng.randrange(8)
        elif kind == 1:
            del found[place:]
        elif kind == 2:
            del found[place : place + length]
        elif kind == 3:
            found[place : place + length] = rng.randbytes(length)
        elif kind == 4:
            found[place : place + length] = rng.choice([b"\0", b"\xff"]) * length
        else:
            found[place:place] = found[place : place + length]
    return bytes(found)


_ONE = (
    "sin", "cos", "tan", "exp", "ln", "sqrt", "cbrt", "abs", "relu", "sigmoid", "tanh", "gelu", "atan",
    "softplus", "step", "sign", "cosh", "erf", "log2",
)  # fmt: skip
_TWO = ("+", "-", "*", "/", "^", "+", "*")


def _expression(rng: random.Random, names: Sequence[str], depth: int) -> str:
    if depth == 0 or rng.random() < 0.15:
        return (
            rng.choice(names)
            if rng.random() < 0.7
            else rng.choice(["2", "3", "0.5", "1/3", "10", "e", number(rng)])
        )

    def inside() -> str:
        return _expression(rng, names, depth - 1)

    kind = rng.random()
    if kind < 0.3:
        return f"{rng.choice(_ONE)}({inside()})"
    if kind < 0.38:
        return f"{rng.choice(['max', 'min'])}({inside()}, {inside()})"
    if kind < 0.44:
        return f"-{inside()}"
    if kind < 0.48:
        return f"|{inside()}|"
    return f"({inside()}) {rng.choice(_TWO)} ({inside()})"


def program(rng: random.Random) -> str:
    """Return a program of a few lines that is well formed, and mostly defined somewhere."""
    names, lines = ["x", "y", "w"], []
    for index in range(rng.randint(0, 4)):
        lines.append(f"h_{index} = {_expression(rng, names, rng.randint(1, 3))}")
        names.append(f"h_{index}")
    return "\n".join([*lines, f"f = {_expression(rng, names, rng.randint(1, 3))}"])


def values(rng: random.Random, names: Sequence[str]) -> dict[str, str]:
    """Return a number for each name, as a user would type it."""
    plain = ["1", "-2", "0.5", "3", "1/3", "-0.25", "0"]
    return {name: rng.choice(plain) if rng.random() < 0.6 else number(rng) for name in names}
