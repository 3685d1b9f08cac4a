"""Whole derivatives of functions: Jacobian, Hessian, and their products with vectors."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from ..absent import refusing
from ..functions.joining import stack
from .modes import enable_grad
from .requests import grad
from .tape import Tensor, wrap

__all__ = ["hessian", "jacobian", "jvp", "vjp"]

if not TYPE_CHECKING:  # type checkers know every name there is, and find the others
    __getattr__ = refusing(__name__)


def _inputs(inputs: Any, called: str) -> tuple[bool, tuple[Tensor, ...]]:
    several = isinstance(inputs, tuple)
    found = inputs if several else (inputs,)
    for i, x in enumerate(found):
        if not isinstance(x, Tensor):
            place = f"value at index {i}" if several else "given inputs"
            raise TypeError(
                f"The inputs given to {called} must be either a Tensor or a tuple of Tensors but "
                f"the {place} has type {type(x)}."
            )
    return several, found


def _outputs(outputs: Any, called: str) -> tuple[bool, tuple[Tensor, ...]]:
    several = isinstance(outputs, tuple)
    found = outputs if several else (outputs,)
    for i, y in enumerate(found):
        if not isinstance(y, Tensor):
            place = (
                f"value at index {i}" if several
                else "given outputs of the user-provided function"
            )
            raise TypeError(
                f"The outputs of the user-provided function given to {called} must be either a "
                f"Tensor or a tuple of Tensors but the {place} has type {type(y)}."
            )
    return several, found


def _leaves(inputs: tuple[Tensor, ...], create_graph: bool) -> tuple[Tensor, ...]:
    if create_graph:
        return tuple(x.view_as(x) if x.requires_grad else x.detach().requires_grad_() for x in inputs)
    return tuple(x.detach().requires_grad_() for x in inputs)


def _rows(
    y: Tensor, xs: tuple[Tensor, ...], create_graph: bool, strict: bool, i: int
) -> tuple[Tensor, ...]:
    """Return ∂y/∂x for each x, in y's shape followed by x's."""
    if strict and not y.requires_grad:
        raise RuntimeError(
            f"Output {i} of the user-provided function does not require gradients. The outputs must "
            "be computed in a differentiable manner from the input when running in strict mode."
        )
    columns: list[list[Tensor]] = [[] for _ in xs]
    flat = y.reshape(-1)
    for j in range(flat._a.size):
        if y.requires_grad:
            found = grad(flat[j], xs, retain_graph=True, create_graph=create_graph, allow_unused=True)
        else:
            found = (None,) * len(xs)
        for k, (x, g) in enumerate(zip(xs, found, strict=True)):
            if g is None and strict:
                raise RuntimeError(
                    f"Output {i} of the user-provided function is independent of input {k}. This is "
                    "not allowed in strict mode."
                )
            columns[k].append(wrap(np.zeros_like(x._a)) if g is None else g)
    return tuple(
        stack(column, 0).reshape(y._a.shape + x._a.shape) if column
        else wrap(np.zeros(y._a.shape + x._a.shape, x._a.dtype))
        for column, x in zip(columns, xs, strict=True)
    )


def jacobian(
    func: Callable[..., Any], inputs: Any, create_graph: bool = False, strict: bool = False,
    vectorize: bool = False, strategy: str = "reverse-mode",
) -> Any:
    """Return ∂func/∂input, in the output's shape followed by the input's.

    For tuples of inputs or outputs, a tuple for each (outputs outside). Under `strict` an output
    that does not depend on an input is an error. `vectorize` and `strategy` choose between ways
    to compute the same numbers; here there is one way.
    """
    if strategy not in ("reverse-mode", "forward-mode"):
        raise ValueError(
            'Expected strategy to be either "forward-mode" or "reverse-mode". Hint: If your function '
            'has more outputs than inputs, "forward-mode" tends to be more performant. Otherwise, '
            'prefer to use "reverse-mode".'
        )
    with enable_grad():
        several, given = _inputs(inputs, "jacobian")
        xs = _leaves(given, create_graph)
        many, ys = _outputs(func(*xs), "jacobian")
        rows = tuple(_rows(y, xs, create_graph, strict, i) for i, y in enumerate(ys))
    found = tuple(row if several else row[0] for row in rows)
    return found if many else found[0]


def hessian(
    func: Callable[..., Any], inputs: Any, create_graph: bool = False, strict: bool = False,
    vectorize: bool = False, outer_jacobian_strategy: str = "reverse-mode",
) -> Any:
    """Return ∂²func/∂input², func having one element; the options are those of `jacobian`.

    Raises:
        RuntimeError: a function of another output.
    """
    several, given = _inputs(inputs, "hessian")

    def one(*xs: Tensor) -> Tensor:
        many, ys = _outputs(func(*xs), "hessian")
        if many or len(ys) != 1 or ys[0]._a.size != 1:
            if many:
                raise RuntimeError("The function given to hessian should return a single Tensor")
            raise RuntimeError(
                "The Tensor returned by the function given to hessian should contain a single element"
            )
        return ys[0].reshape(())

    def slope(*xs: Tensor) -> Any:
        found = jacobian(one, xs, create_graph=True)
        return tuple(found) if several else found[0]

    return jacobian(slope, given if several else given[0], create_graph=create_graph, strict=strict)


def _vector(v: Any, like: tuple[Tensor, ...], called: str) -> tuple[Any, ...]:
    if v is None:
        if len(like) != 1 or like[0]._a.size != 1:
            one = "the input to the user-provided function is a single Tensor" if called == "jvp" else (
                "the user-provided function returns a single Tensor")
            raise RuntimeError(f"The vector v can only be None if {one} with a single element.")
        return (wrap(np.ones_like(like[0]._a)),)
    found = v if isinstance(v, tuple) else (v,)
    if len(found) != len(like):
        raise RuntimeError(f"v is a tuple of invalid length: should be {len(like)} but got {len(found)}.")
    for i, (each, x) in enumerate(zip(found, like, strict=True)):
        if each._a.shape != x._a.shape:
            place = f"Entry {i} in " if len(like) > 1 else ""
            raise RuntimeError(
                f"{place}v has invalid size: should be {x.shape} but got {each.shape}."
            )
    return tuple(found)


def _filled(
    found: tuple[Any, ...], xs: tuple[Tensor, ...], strict: bool = False
) -> tuple[Tensor, ...]:
    """Return the gradients, zeros for what nothing depends on (an error under `strict`)."""
    if strict:
        for i, g in enumerate(found):
            if g is None:
                raise RuntimeError(
                    f"The output of the user-provided function is independent of input {i}. This "
                    "is not allowed in strict mode."
                )
    return tuple(
        wrap(np.zeros_like(x._a)) if g is None else g for g, x in zip(found, xs, strict=True)
    )


def vjp(
    func: Callable[..., Any], inputs: Any, v: Any = None, create_graph: bool = False,
    strict: bool = False,
) -> tuple[Any, Any]:
    """Return the outputs, and vᵀ·J for each input."""
    with enable_grad():
        several, given = _inputs(inputs, "vjp")
        xs = _leaves(given, create_graph)
        many, ys = _outputs(func(*xs), "vjp")
        vector = _vector(v, ys, "vjp")
        found = grad(ys, xs, vector, create_graph=create_graph, allow_unused=True) if any(
            y.requires_grad for y in ys) else (None,) * len(xs)
    rows = _filled(found, xs, strict)
    outs = ys if create_graph else tuple(y.detach() for y in ys)
    return (outs if many else outs[0]), (rows if several else rows[0])


def jvp(
    func: Callable[..., Any], inputs: Any, v: Any = None, create_graph: bool = False,
    strict: bool = False,
) -> tuple[Any, Any]:
    """Return the outputs, and J·v for each output (by differentiating vᵀ·J twice)."""
    with enable_grad():
        _, given = _inputs(inputs, "jvp")
        xs = _leaves(given, create_graph)
        vector = _vector(v, xs, "jvp")
        many, ys = _outputs(func(*xs), "jvp")
        dummies = tuple(wrap(np.zeros_like(y._a)).requires_grad_() for y in ys)
        first = grad(ys, xs, dummies, create_graph=True, allow_unused=True)
        pairs = [(g, w) for g, w in zip(first, vector, strict=True) if g is not None and g.requires_grad]
        found: tuple[Any, ...] = (None,) * len(ys)
        if pairs:
            found = grad([g for g, _ in pairs], dummies, [w for _, w in pairs],
                         create_graph=create_graph, allow_unused=True)
    rows = _filled(found, ys, strict)
    outs = ys if create_graph else tuple(y.detach() for y in ys)
    return (outs if many else outs[0]), (rows if many else rows[0])
