"""Turning an operator of one-argument functions into one that names its argument."""

from __future__ import annotations

from typing import Any

from .operators import named


def unary_to_nary(operator: Any) -> Any:
    """Return the operator with an argument's number, or several, before its own arguments."""

    def nary(fun: Any, argnum: Any = 0, *own: Any, **options: Any) -> Any:
        def apply(*args: Any, **kwargs: Any) -> Any:
            def single(x: Any) -> Any:
                given = list(args)
                for i, v in zip(
                    argnum if named(argnum) else [argnum], x if named(argnum) else [x], strict=True
                ):
                    given[i] = v
                return fun(*given, **kwargs)

            single.__name__ = getattr(fun, "__name__", "fun")
            x = tuple(args[i] for i in argnum) if named(argnum) else args[argnum]
            return operator(single, x, *own, **options)

        return apply

    return nary
