"""autograd's operators on functions, all of them by the engine's `autograd.grad`."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from backprop_tutor import engine

from .boxes import Box, boxed, depth, leaves, opened, rebuilt, tensors_of

Function = Callable[..., Any]


def named(argnum: Any) -> bool:
    """Return whether several arguments are named at once."""
    return isinstance(argnum, (list, tuple))


def _run(
    fun: Function, argnum: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> tuple[Any, Any, Any]:
    """Return a function's value on boxes, the argument it was boxed from, and the tensors of that."""
    chosen = tuple(args[i] for i in argnum) if named(argnum) else args[argnum]
    inside, tensors = boxed(chosen)
    given = list(args)
    for i, value in zip(
        argnum if named(argnum) else [argnum], inside if named(argnum) else [inside], strict=True
    ):
        given[i] = value
    return fun(*given, **kwargs), chosen, tensors


def _pulled(out: Any, chosen: Any, tensors: list[Any], vector: Any) -> Any:
    """Return the product of a vector like `out` with the Jacobian, in the shape of `chosen`."""
    roots = [
        (t, v) for t, v in zip(tensors_of(out), tensors_of(vector), strict=True) if t.requires_grad
    ]
    if not roots:
        warnings.warn("Output seems independent of input.", stacklevel=3)
        found: list[Any] = [None] * len(tensors)
    else:
        found = list(
            engine.autograd.grad(
                [t for t, _ in roots],
                tensors,
                [v.to(t.dtype).expand(t.shape) for t, v in roots],
                create_graph=True,
                allow_unused=True,
            )
        )
    parts = [
        Box(engine.zeros_like(t) if g is None else g) for g, t in zip(found, tensors, strict=True)
    ]
    return rebuilt(chosen, iter(parts))


def make_vjp(fun: Function, argnum: Any = 0) -> Function:
    """Return a function of a point that gives the vector-Jacobian product and the value there."""

    def maker(*args: Any, **kwargs: Any) -> tuple[Function, Any]:
        depth[0] += 1
        try:
            out, chosen, tensors = _run(fun, argnum, args, kwargs)
        finally:
            depth[0] -= 1

        def vjp(vector: Any) -> Any:
            return opened(_pulled(out, chosen, tensors, vector))

        return vjp, opened(out)

    return maker


def _ones(out: Any) -> Any:
    if not isinstance(out, Box) and np.ndim(out):
        return np.ones_like(out)
    return np.ones(np.shape(out) if not isinstance(out, Box) else out.shape)


def value_and_grad(fun: Function, argnum: Any = 0) -> Function:
    """Return a function that gives the value and the gradient."""

    def both(*args: Any, **kwargs: Any) -> tuple[Any, Any]:
        vjp, value = make_vjp(fun, argnum)(*args, **kwargs)
        if (
            len(leaves(value)) != 1
            or (value.size if isinstance(value, Box) else np.size(value)) != 1
        ):
            raise TypeError("value_and_grad only applies to real scalar-output functions.")
        return value, vjp(_ones(value))

    return both


def grad(fun: Function, argnum: Any = 0) -> Function:
    """Return the gradient of a function with one number as its result."""

    def gradient(*args: Any, **kwargs: Any) -> Any:
        vjp, value = make_vjp(fun, argnum)(*args, **kwargs)
        if (
            len(leaves(value)) != 1
            or (value.size if isinstance(value, Box) else np.size(value)) != 1
        ):
            raise TypeError("Grad only applies to real scalar-output functions.")
        return vjp(_ones(value))

    return gradient


def elementwise_grad(fun: Function, argnum: Any = 0) -> Function:
    """Return the gradient of the sum of a function's result."""

    def gradient(*args: Any, **kwargs: Any) -> Any:
        vjp, value = make_vjp(fun, argnum)(*args, **kwargs)
        return vjp(_ones(value))

    return gradient


deriv = elementwise_grad


def grad_and_aux(fun: Function, argnum: Any = 0) -> Function:
    """Return the gradient of the first result, and the second as it is."""

    def both(*args: Any, **kwargs: Any) -> tuple[Any, Any]:
        kept: list[Any] = []

        def first(*a: Any, **k: Any) -> Any:
            value, beside = fun(*a, **k)
            kept.append(beside)
            return value

        found = grad(first, argnum)(*args, **kwargs)
        return found, opened(kept[0])

    return both


def jacobian(fun: Function, argnum: Any = 0) -> Function:
    """Return the Jacobian: the shape of the result, then that of the argument."""

    def whole(*args: Any, **kwargs: Any) -> Any:
        depth[0] += 1
        try:
            out, chosen, tensors = _run(fun, argnum, args, kwargs)
            shape = tuple(out.shape)
            rows = []
            for place in range(int(np.prod(shape))):
                one = np.zeros(int(np.prod(shape)))
                one[place] = 1.0
                rows.append(_pulled(out, chosen, tensors, one.reshape(shape)).held)
            found = Box(engine.stack(rows).reshape(shape + tuple(tensors[0].shape)))
        finally:
            depth[0] -= 1
        return opened(found)

    return whole


def hessian(fun: Function, argnum: Any = 0) -> Function:
    """Return the Jacobian of the Jacobian."""
    return jacobian(jacobian(fun, argnum), argnum)


def _inner(a: Any, b: Any) -> Any:
    import autograd.numpy as anp  # loaded here: its functions are made of boxes

    return anp.sum(anp.multiply(a, b))


def hessian_tensor_product(fun: Function, argnum: int = 0) -> Function:
    """Return the product of the Hessian with a tensor, given as the last argument."""

    def inside(*args: Any, **kwargs: Any) -> Any:
        return _inner(grad(fun, argnum)(*args[:-1], **kwargs), args[-1])

    return grad(inside, argnum)


def tensor_jacobian_product(fun: Function, argnum: int = 0) -> Function:
    """Return the product of a tensor, given as the last argument, with the Jacobian."""

    def product(*args: Any, **kwargs: Any) -> Any:
        import autograd.numpy as anp  # loaded here: its functions are made of boxes

        vector, rest = args[-1], args[:-1]
        return jacobian(
            lambda *a, **k: anp.tensordot(vector, fun(*a, **k), axes=np.ndim(vector)), argnum
        )(*rest, **kwargs)

    return product


hessian_vector_product, vector_jacobian_product = hessian_tensor_product, tensor_jacobian_product


def make_hvp(fun: Function, argnum: int = 0) -> Function:
    """Return a function of a point that gives the Hessian-vector product there."""
    return make_vjp(grad(fun, argnum), argnum)


def make_jvp(fun: Function, argnum: Any = 0) -> Function:
    """Return a function of a point that gives the Jacobian-vector product: pulled back twice."""

    def maker(*args: Any, **kwargs: Any) -> Function:
        def jvp(vector: Any) -> tuple[Any, Any]:
            value = fun(*args, **kwargs)
            back = make_vjp(lambda w: make_vjp(fun, argnum)(*args, **kwargs)[0](w))(
                rebuilt(
                    value,
                    iter(
                        [
                            np.zeros(np.shape(v) if not isinstance(v, Box) else v.shape)
                            for v in leaves(value)
                        ]
                    ),
                )
            )
            return value, back[0](vector)

        return jvp

    return maker


def make_ggnvp(f: Function, g: Function | None = None, f_argnum: int = 0) -> Function:
    """Return a function of a point that gives the generalised Gauss-Newton product there."""
    outer = g or (lambda x: 0.5 * _inner(x, x))

    def maker(*args: Any, **kwargs: Any) -> Function:
        back, value = make_vjp(f, f_argnum)(*args, **kwargs)
        curve = make_hvp(outer)(value)[0]
        forth = make_jvp(f, f_argnum)(*args, **kwargs)
        return lambda v: back(curve(forth(v)[1]))

    return maker
