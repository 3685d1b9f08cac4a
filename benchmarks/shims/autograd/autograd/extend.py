"""Rules of one's own."""

from __future__ import annotations

from typing import Any

from .tracer import Maker, primitive


def defvjp(fun: primitive, *makers: Maker, argnums: Any = None) -> None:
    """Give a function its rules, for the arguments in order or for those named."""
    for argnum, maker in zip(argnums or range(len(makers)), makers, strict=True):
        fun.rules[argnum] = maker


__all__ = ["defvjp", "primitive"]
