"""Checking gradients against centred differences, first and second order."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from ..tensors.randomness import Generator
from .modes import enable_grad, no_grad
from .requests import grad
from .tape import Tensor, wrap

__all__ = ["GradcheckError", "gradcheck", "gradgradcheck"]


class GradcheckError(RuntimeError):
    """The gradients do not agree with the differences."""


def _tensors(outputs: Any) -> tuple[Tensor, ...]:
    found = outputs if isinstance(outputs, (tuple, list)) else (outputs,)
    return tuple(y for y in found if isinstance(y, Tensor))


def _numerical(
    func: Callable[..., Any], inputs: tuple[Any, ...], x: Tensor, out: int, eps: float
) -> Any:
    """Return ∂output/∂x by centred differences, one row an element of x."""
    flat = x._a.reshape(-1) if x._a.flags.c_contiguous else None
    places = list(np.ndindex(x._a.shape))
    rows = []
    with no_grad():
        for i, place in enumerate(places):
            held = x._a[place]
            found = []
            for step in (-eps, eps):
                if flat is not None:
                    flat[i] = held + step
                else:
                    x._a[place] = held + step
                found.append(np.array(_tensors(func(*inputs))[out]._a, np.float64))
            x._a[place] = held
            rows.append(((found[1] - found[0]) / (2 * eps)).reshape(-1))
    return np.stack(rows) if rows else np.zeros((0, 0))


def _analytical(y: Tensor, x: Tensor) -> Any:
    columns = []
    flat = y.reshape(-1)
    for j in range(y._a.size):
        (g,) = grad(flat[j], x, retain_graph=True, allow_unused=True)
        columns.append(np.zeros(x._a.size) if g is None else np.array(g._a, np.float64).reshape(-1))
    return np.stack(columns, axis=1) if columns else np.zeros((x._a.size, 0))


def _check_flat(
    func: Callable[..., Any], given: tuple[Any, ...], checked: list[Tensor], j: int, y: Tensor,
    eps: float,
) -> None:
    """Refuse an output without a graph that nevertheless moves with an input."""
    if y._a.dtype.kind == "f" and any(_numerical(func, given, x, j, eps).any() for x in checked):
        raise GradcheckError("Numerical gradient for function expected to be zero")


def gradcheck(
    func: Callable[..., Any], inputs: Any, *, eps: float = 1e-6, atol: float = 1e-5,
    rtol: float = 1e-3, raise_exception: bool = True, nondet_tol: float = 0.0,
    check_undefined_grad: bool = True, check_grad_dtypes: bool = False,
    check_batched_grad: bool = False, fast_mode: bool = False,
) -> bool:
    """Return whether the gradients of `func` agree with centred differences.

    The check is always the whole one, so `fast_mode` only allows less. Missing gradients count as
    zeros, and gradients have their input's dtype, by construction: `check_undefined_grad` and
    `check_grad_dtypes` hold whether asked for or not.

    Raises:
        GradcheckError: they do not (unless `raise_exception` is False).
        ValueError: no input requires a gradient.
        NotImplementedError: `check_batched_grad`, as there are no batched gradients here.
    """
    if check_batched_grad:
        raise NotImplementedError("check_batched_grad: this engine has no batched gradients")
    given = (inputs,) if isinstance(inputs, Tensor) else tuple(inputs)
    checked = [(i, x) for i, x in enumerate(given) if isinstance(x, Tensor) and x.requires_grad]
    if not checked:
        raise ValueError(
            "gradcheck expects at least one input tensor to require gradient, but none of them "
            "have requires_grad=True."
        )
    for i, x in checked:
        if x._a.dtype != np.float64:
            warnings.warn(
                f"Input #{i} requires gradient and is not a double precision floating point or "
                "complex. This check will likely fail if all the inputs are not of double "
                "precision floating point or complex. ", UserWarning, stacklevel=2,
            )
    try:
        with enable_grad():
            outs = _tensors(func(*given))
        for j, y in enumerate(outs):
            if not y.requires_grad:
                _check_flat(func, given, [x for _, x in checked], j, y, eps)
                continue
            for i, x in checked:
                numerical = _numerical(func, given, x, j, eps)
                analytical = _analytical(y, x)
                if not np.allclose(analytical, numerical, rtol, atol, equal_nan=True):
                    raise GradcheckError(
                        f"Jacobian mismatch for output {j} with respect to input {i},\n"
                        f"numerical:{wrap(numerical)!r}\nanalytical:{wrap(analytical)!r}\n"
                    )
                again = _analytical(y, x)
                if np.abs(again - analytical).max(initial=0) > nondet_tol:
                    raise GradcheckError(
                        "Backward is not reentrant, i.e., running backward with same input and "
                        "grad_output multiple times gives different values, although analytical "
                        "gradient matches numerical gradient."
                    )
    except GradcheckError:
        if raise_exception:
            raise
        return False
    return True


def gradgradcheck(
    func: Callable[..., Any], inputs: Any, grad_outputs: Any = None, *, eps: float = 1e-6,
    atol: float = 1e-5, rtol: float = 1e-3, gen_non_contig_grad_outputs: bool = False,
    raise_exception: bool = True, nondet_tol: float = 0.0, check_undefined_grad: bool = True,
    check_grad_dtypes: bool = False, check_batched_grad: bool = False, fast_mode: bool = False,
) -> bool:
    """Return whether the second derivatives of `func` agree with centred differences of the first.

    `grad_outputs` are the vectors the first derivative is taken with; made up without them, and
    contiguous in either case. The other options are those of `gradcheck`.
    """
    given = (inputs,) if isinstance(inputs, Tensor) else tuple(inputs)
    outs = [y for y in _tensors(func(*given)) if y.requires_grad]
    if grad_outputs is None:
        source = Generator().manual_seed(0)
        vectors = tuple(
            wrap(source.normal(y._a.size, y._a.dtype).reshape(y._a.shape)).requires_grad_()
            for y in outs
        )
    else:
        vectors = (grad_outputs,) if isinstance(grad_outputs, Tensor) else tuple(grad_outputs)
    count = len(vectors)

    def first(*args: Any) -> Any:
        xs, vs = args[:-count], args[-count:]
        xs = tuple(
            x.detach().requires_grad_() if isinstance(x, Tensor) and x._edge is None
            and not x.requires_grad and x._a.dtype.kind == "f" and given[i].requires_grad else x
            for i, x in enumerate(xs)
        )
        with enable_grad():
            ys = [y for y in _tensors(func(*xs)) if y.requires_grad]
            wanted = [x for x in xs if isinstance(x, Tensor) and x.requires_grad]
            found = grad(ys, wanted, vs, create_graph=True, allow_unused=True)
        return tuple(g for g in found if g is not None)

    return gradcheck(
        first, given + vectors, eps=eps, atol=atol, rtol=rtol, raise_exception=raise_exception,
        nondet_tol=nondet_tol, check_batched_grad=check_batched_grad,
    )
