"""Functions with a rule of their own: each is an `autograd.Function` of the engine."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import numpy as np

from backprop_tutor import engine
from benchmarks.shims.not_offered import NotOffered

from .boxes import Box, depth, to_tensor

Maker = Callable[..., Callable[[Any], Any]]


def isbox(x: Any) -> bool:
    """Return whether x is being differentiated."""
    return isinstance(x, Box)


class primitive:
    """A function of arrays that is differentiated by the rules given to it."""

    def __init__(self, fun: Callable[..., Any]) -> None:
        self.fun = fun
        self.rules: dict[int, Maker] = {}
        wraps(fun)(self)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        places = [i for i, a in enumerate(args) if isbox(a)]
        if not places:
            return self.fun(*args, **kwargs)
        return Box(_applied(self, args, kwargs, places).apply(*(args[i].held for i in places)))

    def defgrad(self, maker: Maker, argnum: int = 0) -> None:
        self.rules[argnum] = maker

    def defvjp(self, rule: Callable[..., Any], argnum: int = 0) -> None:
        self.rules[argnum] = lambda ans, *a, **k: lambda g: rule(g, ans, None, None, *a, **k)

    def defvjp_is_zero(self, argnums: Any = (0,)) -> None:
        for argnum in argnums:
            self.rules[argnum] = lambda ans, *a, n=argnum, **k: lambda g: a[n] * 0.0


def _applied(made: primitive, args: tuple[Any, ...], kwargs: dict[str, Any], places: list[int]) -> Any:
    class Applied(engine.autograd.Function):
        @staticmethod
        def forward(ctx: Any, *tensors: Any) -> Any:
            plain = list(args)
            for i, t in zip(places, tensors, strict=True):
                plain[i] = t.numpy() if t.ndim else t.item()
            out = engine.tensor(np.asarray(made.fun(*plain, **kwargs)))
            ctx.save_for_backward(out, *tensors)
            return out

        @staticmethod
        def backward(ctx: Any, g: Any) -> Any:
            out, *tensors = ctx.saved_tensors
            given = list(args)
            for i, t in zip(places, tensors, strict=True):
                given[i] = Box(t)
            depth[0] += 1
            try:
                found = [_rule(made, i)(Box(out), *given, **kwargs)(Box(g)) for i in places]
            finally:
                depth[0] -= 1
            return tuple(to_tensor(f) for f in found)

    return Applied


def _rule(made: primitive, argnum: int) -> Maker:
    if argnum not in made.rules:
        raise NotOffered(f"{made.fun.__name__}: a function without a rule along argument {argnum}")
    return made.rules[argnum]
