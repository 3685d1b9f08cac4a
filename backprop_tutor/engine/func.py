"""Derivatives as functions of functions, under the name `torch.func`: grad, jacrev, vmap and theirs.

Every transform is built on the ordinary tape: an argument becomes a variable of its own, the
derivative is recorded so that transforms may be nested, and the outermost one lets go of the graph.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import numpy as np

from . import methods as _methods  # noqa: F401  (fills in the class Tensor)
from .autograd import functional as _functional
from .backward import grad as _grad
from .joining import stack
from .modes import enable_grad
from .tape import Tensor, wrap

__all__ = [
    "functional_call", "grad", "grad_and_value", "hessian", "jacfwd", "jacrev", "jvp", "vjp", "vmap",
]

_depth = [0]


def _variable(x: Any) -> Any:
    """Return the argument as a variable: an alias where it is part of a graph, else a new leaf."""
    if not isinstance(x, Tensor):
        return x
    return x.view_as(x) if x.requires_grad else x.detach().requires_grad_()


def _released(value: Any, held: bool) -> Any:
    """Return results without the graph, unless an outer transform or argument holds it."""
    if held or _depth[0]:
        return value
    if isinstance(value, Tensor):
        return value.detach()
    if isinstance(value, (tuple, list)):
        return type(value)(_released(each, held) for each in value)
    return value


def _apart(
    func: Callable[..., Any], args: tuple[Any, ...], argnums: Any
) -> tuple[tuple[Any, ...], list[Any], bool]:
    chosen = (argnums,) if isinstance(argnums, int) else tuple(argnums)
    chosen = tuple(i % len(args) for i in chosen)
    given = tuple(_variable(x) if i in chosen else x for i, x in enumerate(args))
    held = any(isinstance(x, Tensor) and x.requires_grad for x in args)
    return given, [given[i] for i in chosen], held


def grad_and_value(
    func: Callable[..., Any], argnums: Any = 0, has_aux: bool = False
) -> Callable[..., Any]:
    """Return the function that gives the gradient of `func` and its value.

    Raises:
        RuntimeError: a value that is no tensor of one element without dimensions.
    """

    @wraps(func)
    def both(*args: Any, **kwargs: Any) -> Any:
        given, xs, held = _apart(func, args, argnums)
        _depth[0] += 1
        try:
            with enable_grad():
                answer = func(*given, **kwargs)
                value, aux = answer if has_aux else (answer, None)
                if not isinstance(value, Tensor):
                    raise RuntimeError(
                        "Expected f(*args) to return a Tensor as output, got type "
                        f"{type(value)} for output."
                    )
                if value.ndim:
                    raise RuntimeError(
                        "Expected f(*args) to return a scalar tensor, got tensor with "
                        f"{value.ndim} dims. Maybe you wanted to use the vjp or jacrev APIs instead?"
                    )
                found = _gradients(value, xs)
        finally:
            _depth[0] -= 1
        slopes = found[0] if isinstance(argnums, int) else tuple(found)
        slopes, value = _released(slopes, held), _released(value, held)
        return (slopes, (value, aux)) if has_aux else (slopes, value)

    return both


def _gradients(value: Tensor, xs: list[Any], start: Any = None) -> list[Any]:
    if not value.requires_grad:
        return [wrap(np.zeros_like(x._a)) for x in xs]
    return list(_grad(value, xs, start, create_graph=True, materialize_grads=True))


def grad(func: Callable[..., Any], argnums: Any = 0, has_aux: bool = False) -> Callable[..., Any]:
    """Return the function that gives the gradient of `func`.

    >>> from backprop_tutor import engine as torch
    >>> grad(grad(torch.sin))(torch.tensor(0.5))
    tensor(-0.4794)
    """
    both = grad_and_value(func, argnums, has_aux)

    @wraps(func)
    def slope(*args: Any, **kwargs: Any) -> Any:
        found, rest = both(*args, **kwargs)
        return (found, rest[1]) if has_aux else found

    return slope


def jacrev(func: Callable[..., Any], argnums: Any = 0, has_aux: bool = False) -> Callable[..., Any]:
    """Return the function that gives the Jacobian: the output's shape, then the argument's."""

    @wraps(func)
    def whole(*args: Any) -> Any:
        given, xs, held = _apart(func, args, argnums)
        _depth[0] += 1
        try:
            with enable_grad():
                answer = func(*given)
                value, aux = answer if has_aux else (answer, None)
                outs = value if isinstance(value, tuple) else (value,)
                found = []
                for y in outs:
                    rows = [_gradients(each, xs) for each in y.reshape(-1).unbind(0)]
                    found.append(tuple(
                        stack([row[i] for row in rows]).reshape(tuple(y.shape) + tuple(x.shape))
                        for i, x in enumerate(xs)
                    ))
        finally:
            _depth[0] -= 1
        parts = tuple(f[0] if isinstance(argnums, int) else f for f in found)
        result = _released(parts if isinstance(value, tuple) else parts[0], held)
        return (result, aux) if has_aux else result

    return whole


def jacfwd(
    func: Callable[..., Any], argnums: Any = 0, has_aux: bool = False, *, randomness: str = "error"
) -> Callable[..., Any]:
    """Return what `jacrev` returns: the same numbers, whichever way they are computed."""
    return jacrev(func, argnums, has_aux)


def hessian(func: Callable[..., Any], argnums: Any = 0) -> Callable[..., Any]:
    """Return the function that gives the second derivatives."""
    return jacrev(jacrev(func, argnums), argnums)


def vjp(func: Callable[..., Any], *primals: Any, has_aux: bool = False) -> Any:
    """Return the value of `func` and the function from a vector to its product with the Jacobian."""
    held = any(isinstance(x, Tensor) and x.requires_grad for x in primals)
    given = [_variable(x) for x in primals]
    with enable_grad():
        answer = func(*given)
    value, aux = answer if has_aux else (answer, None)

    def product(vector: Any, **options: Any) -> Any:
        return _released(tuple(_gradients(value, given, vector)), held)

    shown = _released(value, held)
    return (shown, product, aux) if has_aux else (shown, product)


def jvp(func: Callable[..., Any], primals: Any, tangents: Any, *, has_aux: bool = False) -> Any:
    """Return the value of `func` and the product of its Jacobian with the tangents."""
    aux: list[Any] = []

    def plain(*xs: Any) -> Any:
        answer = func(*xs)
        if has_aux:
            aux[:] = [answer[1]]
            return answer[0]
        return answer

    found = _functional.jvp(plain, tuple(primals), tuple(tangents))
    return (*found, aux[0]) if has_aux else found


def _row(x: Any, dim: Any, i: int) -> Any:
    if dim is None:
        return x
    if isinstance(x, (tuple, list)):
        dims = dim if isinstance(dim, (tuple, list)) else [dim] * len(x)
        return type(x)(_row(each, d, i) for each, d in zip(x, dims, strict=True))
    if isinstance(x, dict):
        return {k: _row(each, dim[k] if isinstance(dim, dict) else dim, i) for k, each in x.items()}
    return x.select(dim, i) if isinstance(x, Tensor) else x


def _sizes(x: Any, dim: Any) -> list[int]:
    if dim is None or not isinstance(x, (Tensor, tuple, list, dict)):
        return []
    if isinstance(x, Tensor):
        return [x.shape[dim]]
    parts = x.values() if isinstance(x, dict) else x
    dims = list(dim.values()) if isinstance(dim, dict) else (
        dim if isinstance(dim, (tuple, list)) else [dim] * len(parts))
    return [n for each, d in zip(parts, dims, strict=True) for n in _sizes(each, d)]


def vmap(
    func: Callable[..., Any], in_dims: Any = 0, out_dims: Any = 0, randomness: str = "error", *,
    chunk_size: int | None = None,
) -> Callable[..., Any]:
    """Return the function over a batch: `func` on each part along `in_dims`, the results stacked.

    Raises:
        ValueError: nothing to map over, or batches of different sizes.
    """

    @wraps(func)
    def mapped(*args: Any, **kwargs: Any) -> Any:
        dims = in_dims if isinstance(in_dims, tuple) else (in_dims,) * len(args)
        sizes = [n for x, d in zip(args, dims, strict=True) for n in _sizes(x, d)]
        sizes += [n for x in kwargs.values() for n in _sizes(x, 0)]
        if not sizes:
            raise ValueError(
                "vmap: at least one input must be mapped over: all `in_dims` are None"
            )
        if len(set(sizes)) > 1:
            raise ValueError(
                "vmap: Expected all tensors to have the same size in the mapped dimension, got "
                f"sizes {sizes} for the mapped dimension"
            )
        found = [
            func(*(_row(x, d, i) for x, d in zip(args, dims, strict=True)),
                 **{name: _row(x, 0, i) for name, x in kwargs.items()})
            for i in range(sizes[0])
        ]
        return _gathered(found, out_dims)

    return mapped


def _gathered(found: list[Any], out_dims: Any) -> Any:
    first = found[0]
    if isinstance(first, (tuple, list)):
        dims = out_dims if isinstance(out_dims, (tuple, list)) else [out_dims] * len(first)
        return type(first)(
            _gathered([each[i] for each in found], d) for i, d in enumerate(dims)
        )
    if isinstance(first, dict):
        return {k: _gathered([each[k] for each in found], out_dims) for k in first}
    if not isinstance(first, Tensor):
        raise ValueError(
            "vmap: `func` must only return Tensors, got type "
            f"{type(first)}. Did you mean to set out_dims= to None for output?"
        )
    return first if out_dims is None else stack(found, out_dims)


def functional_call(
    module: Any, parameter_and_buffer_dicts: Any, args: Any = None, kwargs: Any = None, *,
    tie_weights: bool = True, strict: bool = False,
) -> Any:
    """Return what a module gives with other parameters and buffers in place of its own."""
    given = parameter_and_buffer_dicts
    if isinstance(given, (tuple, list)):
        given = {name: value for part in given for name, value in part.items()}
    held: list[tuple[Any, str, Any]] = []
    try:
        for path, value in given.items():
            owner_path, _, name = path.rpartition(".")
            owner = module.get_submodule(owner_path)
            for place in (owner._parameters, owner._buffers):
                if name in place:
                    held.append((place, name, place[name]))
                    place[name] = value
                    break
            else:
                if strict:
                    raise RuntimeError(
                        f"Error(s) in loading state_dict for {type(module).__name__}:\n"
                        f"Unexpected key(s): {path!r}."
                    )
        positional = () if args is None else args if isinstance(args, tuple) else (args,)
        return module(*positional, **(kwargs or {}))
    finally:
        for place, name, value in reversed(held):
            place[name] = value
