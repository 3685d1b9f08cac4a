"""Asking for gradients: `backward`, which accumulates in leaves, and `grad`, which returns them."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from ...ops.array_kernel import one_of
from ..functions.joining import stack
from ..tensors.quiet import hush, unhush
from .modes import set_grad_enabled
from .tape import MODE, Tensor, edge_of, wrap
from .traversal import run_backward

__all__ = ["backward", "from_scalar", "grad"]


def _seed(root: Tensor, given: Any, i: int, create: bool) -> Any:
    """Return the gradient a root starts with, checked against its shape."""
    array = root._a
    if given is None:
        if array.size != 1:
            raise RuntimeError("grad can be implicitly created only for scalar outputs")
        if not create and not array.ndim:
            return one_of(array.dtype)
        one = np.ones(array.shape, array.dtype)
        return wrap(one) if create else one
    if not isinstance(given, Tensor):
        raise TypeError(
            f"gradients can be either Tensors or None, but got {type(given).__name__}"
        )
    if given._a.shape != array.shape:
        raise RuntimeError(
            f"Mismatch in shape: grad_output[{i}] has a shape of {given.shape} and output[{i}] "
            f"has a shape of {root.shape}."
        )
    if given._a.dtype != array.dtype:
        given = given.to(root.dtype)
    return given if create else given._a


def _tuple_of(tensors: Any) -> tuple[Any, ...]:
    return (tensors,) if isinstance(tensors, Tensor) else tuple(tensors)


def _roots(outputs: Any, gradients: Any, create: bool) -> list[tuple[Any, Any]]:
    outs = _tuple_of(outputs)
    if gradients is None:
        given: tuple[Any, ...] = (None,) * len(outs)
    else:
        given = (gradients,) if isinstance(gradients, Tensor) else tuple(gradients)
    for each in given:
        if each is not None and not isinstance(each, Tensor):
            raise TypeError(
                f"gradients can be either Tensors or None, but got {type(each).__name__}"
            )
    if len(given) != len(outs):
        raise RuntimeError(f"got {len(outs)} tensors and {len(given)} gradients")
    roots = []
    for i, (root, start) in enumerate(zip(outs, given, strict=True)):
        if root.requires_grad:
            seed = _seed(root, start, i, create)
            roots.append((edge_of(root), seed))
        else:
            raise RuntimeError(
                f"element {i} of tensors does not require grad and does not have a grad_fn"
            )
    return roots


def _run(roots: Any, keep: bool, create: bool, only: Any, captured: Any) -> None:
    if create:
        with set_grad_enabled(True):
            run_backward(roots, keep, True, only, captured)
        return
    token = hush()
    before = MODE.grad
    MODE.grad = False
    try:
        run_backward(roots, keep, False, only, captured)
    finally:
        MODE.grad = before
        unhush(token)


def from_scalar(root: Tensor, keep: bool) -> None:
    """Run the plain pass from a result of one element without dimensions: the usual case."""
    token = hush()
    before = MODE.grad
    MODE.grad = False
    try:
        run_backward(((root._edge, one_of(root._a.dtype)),), keep, False)
    finally:
        MODE.grad = before
        unhush(token)


def backward(
    tensors: Any, grad_tensors: Any = None, retain_graph: bool | None = None,
    create_graph: bool = False, grad_variables: Any = None, inputs: Any = None,
) -> None:
    """Accumulate in `.grad` of the leaves the gradient of the sum of the tensors.

    Args:
        tensors: one tensor or several, the roots.
        grad_tensors: ∂/∂root for each; may be None for a root of one element.
        retain_graph: keep what was saved for another pass (default: as `create_graph`).
        create_graph: record the pass itself, for higher derivatives.
        grad_variables: not accepted; PyTorch has withdrawn it.
        inputs: accumulate for these only.

    Raises:
        RuntimeError: a root without a graph, a gradient of another shape, a freed graph, a saved
            tensor that was written to.
    """
    if grad_variables is not None:
        raise RuntimeError("`grad_variables` is deprecated. Use `grad_tensors` instead.")
    only = None
    if inputs is not None:
        wanted = _tuple_of(inputs)
        if not wanted:
            raise RuntimeError("`inputs` argument to `backward()` cannot be empty.")
        only = []
        for x in wanted:
            if not x.requires_grad:
                raise RuntimeError("can't retain_grad on Tensor that has requires_grad=False")
            if x._edge is not None:
                x.retain_grad()
            only.append(edge_of(x))
    if create_graph:
        warnings.warn(
            "Using backward() with create_graph=True will create a reference cycle between the "
            "parameter and its gradient which can cause a memory leak. We recommend using "
            "autograd.grad when creating the graph to avoid this. If you have to use this function, "
            "make sure to reset the .grad fields of your parameters to None after use to break the "
            "cycle and avoid the leak.", UserWarning, stacklevel=3,
        )
    keep = create_graph if retain_graph is None else retain_graph
    _run(_roots(tensors, grad_tensors, create_graph), keep, create_graph, only, None)


def _batched(
    outputs: Any, inputs: Any, grad_outputs: Any, retain_graph: bool | None, create_graph: bool,
    allow_unused: bool | None, materialize_grads: bool,
) -> tuple[Any, ...]:
    """Return the gradients for each of a batch of starting gradients, stacked."""
    starts = _tuple_of(grad_outputs)
    count = starts[0]._a.shape[0]
    found = []
    for i in range(count):
        keep = True if i < count - 1 else retain_graph
        rows = tuple(each[i] for each in starts)
        found.append(grad(
            outputs, inputs, rows, keep, create_graph, True, allow_unused,
            materialize_grads=materialize_grads,
        ))
    return tuple(
        None if column[0] is None else stack(column)
        for column in zip(*found, strict=True)
    )


def grad(
    outputs: Any, inputs: Any, grad_outputs: Any = None, retain_graph: bool | None = None,
    create_graph: bool = False, only_inputs: bool = True, allow_unused: bool | None = None,
    is_grads_batched: bool = False, materialize_grads: bool = False,
) -> tuple[Any, ...]:
    """Return the gradients of the sum of the outputs along each input, leaving `.grad` alone.

    Raises:
        RuntimeError: an input that does not require a gradient, or that was not used
            (unless `allow_unused` or `materialize_grads`), and all that `backward` raises.
    """
    if is_grads_batched:
        return _batched(
            outputs, inputs, grad_outputs, retain_graph, create_graph, allow_unused, materialize_grads
        )
    if materialize_grads and allow_unused is False:
        raise ValueError(
            "Expected allow_unused to be True or not passed when materialize_grads=True, but got: "
            "allow_unused=False."
        )
    wanted = _tuple_of(inputs)
    keep = create_graph if retain_graph is None else retain_graph
    roots = _roots(outputs, grad_outputs, create_graph)
    edges = []
    for x in wanted:
        if not x.requires_grad:
            raise RuntimeError("One of the differentiated Tensors does not require grad")
        edges.append(edge_of(x))
    captured: dict[Any, Any] = {}
    _run(roots, keep, create_graph, edges, captured)
    results: list[Any] = []
    for i, (x, edge) in enumerate(zip(wanted, edges, strict=True)):
        found = captured.get(edge)
        if found is None:
            if materialize_grads:
                results.append(wrap(np.zeros_like(x._a)))
                continue
            if not allow_unused:
                raise RuntimeError(
                    f"The differentiated Tensor at index {i} appears to not have been used in the "
                    "graph. Set allow_unused=True if this is the desired behavior."
                )
            results.append(None)
        elif create_graph:
            results.append(found)
        else:
            results.append(wrap(np.array(found)))
    return tuple(results)
