"""`Function`: an operation whose forward and backward a user writes.

The context that both receive is the node itself, so what is stored on it lives as long as the graph.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from functools import wraps
from typing import Any

import numpy as np

from ...ops.array_kernel import RAW
from ..functions.pairs import cast
from .modes import no_grad, set_grad_enabled
from .node import FREED, INFERENCE_SAVED
from .tape import (
    _COUNT,
    MODE,
    Node,
    Rule,
    Tensor,
    edge_of,
    record,
    saved_tensors,
    wrap,
)

__all__ = ["Function", "FunctionCtx", "Variable", "once_differentiable"]


class FunctionCtx(Node):
    """The context of one application of a `Function`."""

    many = True
    function: Any
    needs_input_grad: tuple[bool, ...] = ()

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(f"'{type(self).__name__}' object has no attribute '{name}'")

    def save_for_backward(self, *tensors: Any) -> None:
        """Keep tensors for the backward pass; changes to them in between will be noticed."""
        for i, each in enumerate(tensors):
            if each is not None and not isinstance(each, Tensor):
                raise TypeError(
                    f"save_for_backward can only save variables, but argument {i} is of type "
                    f"{type(each).__name__}"
                )
        self.__dict__["_to_save"] = tensors

    def of_arrays(self, g: Any, saved: Any, options: Any, edges: Any) -> Any:
        """Return the gradients of arrays: a user's function has one way for all."""
        return self.backward(RAW, g, saved, options, edges)

    def mark_non_differentiable(self, *tensors: Tensor) -> None:
        """Say that these outputs have no gradient."""
        self.__dict__["_flat"] = tensors

    def mark_dirty(self, *tensors: Tensor) -> None:
        """Say that these inputs were written to."""
        self.__dict__["_dirty"] = tensors

    def set_materialize_grads(self, value: bool) -> None:
        """Choose whether missing gradients arrive as zeros (the default) or as None."""
        self.__dict__["_zeros"] = value

    @property
    def saved_tensors(self) -> tuple[Any, ...]:
        """What `save_for_backward` kept.

        Raises:
            RuntimeError: it was freed, or written to since.
        """
        if "_to_save" in self.__dict__:  # the node has them once `forward` is over
            return ()
        if self.saved is None:
            raise RuntimeError(FREED)
        return tuple(saved_tensors(self))

    def backward(self, k: Any, g: Any, saved: Any, options: Any, need: Any) -> Any:
        """Run the user's backward; return one gradient for each input."""
        raw = k is RAW
        given: list[Any] = []
        for each, (shape, kind) in zip(g, self.meta, strict=True):
            if each is None:
                zeros = self.__dict__.get("_zeros", True)
                given.append(wrap(np.zeros(shape, kind)) if zeros else None)
            else:
                given.append(wrap(np.asarray(each)) if raw else each)
        with set_grad_enabled(not raw):
            answers = _way_back(self.function)(self, *given)
        if not isinstance(answers, tuple):
            answers = (answers,)
        return self._checked(answers, raw)

    def _checked(self, answers: tuple[Any, ...], raw: bool) -> list[Any]:
        name, count = type(self).__name__, len(self.edges)
        extra = answers[count:]
        if len(answers) < count or any(each is not None for each in extra):
            raise RuntimeError(
                f"function {name} returned an incorrect number of gradients (expected {count}, "
                f"got {len(answers)})"
            )
        found: list[Any] = []
        for i, (answer, facts) in enumerate(zip(answers, self.options, strict=False)):
            if answer is None:
                found.append(None)
                continue
            if facts is None:
                raise RuntimeError(
                    f"function {name} returned a gradient different than None at position {i + 1}, "
                    "but the corresponding forward input was not a Variable"
                )
            if not isinstance(answer, Tensor):
                raise RuntimeError(f"expected Variable or None (got {type(answer).__name__})")
            shape, kind = facts
            found.append(_fitted(answer, shape, kind, name, i, raw))
        return found


def _way_back(function: Any) -> Any:
    """Return the user's backward rule, under whichever of its two names it is written.

    Raises:
        RuntimeError: it is written under both.
    """
    first, second = (getattr(function, n) is not getattr(Function, n) for n in ("backward", "vjp"))
    if first and second:
        raise RuntimeError(
            "Implementing both 'backward' and 'vjp' for a custom Function is not allowed. You "
            "should only implement one of them."
        )
    return function.vjp if second else function.backward


def _fitted(answer: Tensor, shape: Any, kind: Any, name: str, i: int, raw: bool) -> Any:
    own = answer._a.shape
    if own != shape:
        lead = len(own) - len(shape)
        if lead < 0 or any(m not in (1, n) for m, n in zip(shape, own[lead:], strict=True)):
            raise RuntimeError(
                f"Function {name} returned an invalid gradient at index {i} - got {list(own)} but "
                f"expected shape compatible with {list(shape)}"
            )
        dims = tuple(range(lead)) + tuple(
            d + lead for d, n in enumerate(shape) if n == 1 and own[d + lead] != 1
        )
        answer = answer.sum(dims, True).reshape(shape) if dims else answer.reshape(shape)
    if answer._a.dtype != kind:
        answer = cast(answer, kind)
    return answer._a if raw else answer


class Function:
    """Subclass with static `forward(ctx, ...)` and `backward(ctx, *grads)`; use with `apply`.

    >>> from backprop_tutor import engine as torch
    >>> class Double(Function):
    ...     @staticmethod
    ...     def forward(ctx, x):
    ...         return x * 2
    ...     @staticmethod
    ...     def backward(ctx, g):
    ...         return g * 2
    >>> x = torch.tensor([3.0], requires_grad=True)
    >>> Double.apply(x).backward(); x.grad
    tensor([2.])
    """

    generate_vmap_rule = False

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Refuse to be called as PyTorch's first functions were."""
        raise RuntimeError(
            "Legacy autograd function with non-static forward method is deprecated. Please use "
            "new-style autograd function with static forward method. (Example: "
            "https://pytorch.org/docs/stable/autograd.html#torch.autograd.Function)"
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        warnings.warn(
            f"{type(self)} should not be instantiated. Methods on autograd functions are all "
            "static, so you should invoke them on the class itself. Instantiating an autograd "
            "function will raise an error in a future version of PyTorch.",
            DeprecationWarning, stacklevel=2,
        )

    @staticmethod
    def forward(*args: Any, **kwargs: Any) -> Any:
        """Return the result; to be written by the subclass."""
        raise NotImplementedError(
            "You must implement the forward function for custom autograd.Function."
        )

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Any, ...], output: Any) -> Any:
        """Store on the context what the backward pass needs; for a `forward` without a context."""
        raise NotImplementedError("setup_context is not implemented.")

    @staticmethod
    def backward(ctx: Any, *grad_outputs: Any) -> Any:
        """Return one gradient for each argument of `forward`; to be written by the subclass."""
        raise NotImplementedError(
            "You must implement either the backward or vjp method for your custom autograd.Function "
            "to use it with backward mode AD."
        )

    vjp = backward

    @staticmethod
    def jvp(ctx: Any, *grad_inputs: Any) -> Any:
        """Return the outputs' tangents; forward mode is not used here."""
        raise NotImplementedError(
            "You must implement the jvp function for custom autograd.Function to use it with "
            "forward mode AD."
        )

    @staticmethod
    def vmap(info: Any, in_dims: Any, *args: Any) -> Any:
        """Return the function over a batch; batches are taken one by one here."""
        raise NotImplementedError(
            "To use autograd.Function with vmap, you must either override the vmap staticmethod or "
            "set generate_vmap_rule=True."
        )

    @classmethod
    def apply(cls, *args: Any, **kwargs: Any) -> Any:
        """Run `forward` on the arguments and record it."""
        kind = cls.__dict__.get("_node_kind")
        if kind is None:
            kind = type(f"{cls.__name__}Backward", (FunctionCtx,), {"function": cls})
            cls._node_kind = kind  # type: ignore[attr-defined]
        node: Any = kind()
        edges = tuple(edge_of(x) if isinstance(x, Tensor) else None for x in args)
        node.needs_input_grad = tuple(edge is not None for edge in edges)
        node.edges, node.hooks, node.trace = edges, None, None
        node.saved, node.checks = (), ()
        node.options = tuple(
            (x._a.shape, x._a.dtype) if isinstance(x, Tensor) else None for x in args
        )
        with no_grad():
            if cls.setup_context is not Function.setup_context:
                answer = cls.forward(*args, **kwargs)
                cls.setup_context(node, args, answer)
            else:
                answer = cls.forward(node, *args, **kwargs)
        node.seq = next(_COUNT)
        if MODE.told is not None:
            MODE.told(node, args)
        return _outputs(node, args, answer, MODE.grad and any(node.needs_input_grad))


def _outputs(node: Any, args: tuple[Any, ...], answer: Any, recorded: bool) -> Any:
    outs = answer if isinstance(answer, tuple) else (answer,)
    facts = node.__dict__
    flat = {id(x) for x in facts.pop("_flat", ())}
    dirty = {id(x) for x in facts.pop("_dirty", ())}
    inputs = {id(x) for x in args if isinstance(x, Tensor)}
    for x in args:
        if recorded and id(x) in dirty and x._edge is None and x._rg:
            raise RuntimeError(
                "a leaf Variable that requires grad has been used in an in-place operation."
            )
    made: list[Any] = []
    for out in outs:
        if isinstance(out, Tensor) and id(out) in inputs and id(out) not in dirty:
            twin = wrap(out._a)
            twin._ver = out._ver
            made.append(twin)
        else:
            made.append(out)
    node.meta = [
        (x._a.shape, x._a.dtype) if isinstance(x, Tensor) else ((), np.dtype(np.float32))
        for x in made
    ]
    to_save = facts.pop("_to_save", ())
    if recorded:
        places = {id(x): i for i, x in enumerate(outs) if id(x) not in inputs}
        arrays: list[Any] = []
        checks: list[Any] = []
        for each in to_save:
            if each is None:
                arrays.append(None)
                checks.append(None)
                continue
            if each._ver is None:
                raise RuntimeError(INFERENCE_SAVED)
            source: Any = places.get(id(each), each)
            arrays.append(each._a)
            checks.append((each._ver, each._ver[0], source))
        node.saved, node.checks = arrays, checks
        for i, (out, new) in enumerate(zip(outs, made, strict=True)):
            if isinstance(new, Tensor) and id(out) not in flat and new._a.dtype.kind == "f":
                new._edge, new._rg = (node, i), True
                if id(out) in dirty and new._ver is not None:
                    new._ver[0] += 1
    else:
        node.saved = [None if x is None else x._a for x in to_save]
        node.checks = [None] * len(to_save)
    return tuple(made) if isinstance(answer, tuple) else made[0]


def _twice_backward(k: Any, g: Any, saved: Any, options: Any, need: Any) -> Any:
    raise RuntimeError(
        "trying to differentiate twice a function that was marked with @once_differentiable"
    )


TWICE = Rule("NotDifferentiableBackward", _twice_backward)


def once_differentiable(fn: Callable[..., Any]) -> Callable[..., Any]:
    """Return the `backward`, whose result refuses to be differentiated again."""

    @wraps(fn)
    def wrapper(ctx: Any, *args: Any) -> Any:
        with no_grad():
            outputs = fn(ctx, *args)
        if not MODE.grad or not any(isinstance(x, Tensor) and x.requires_grad for x in args):
            return outputs
        sources = tuple(x for x in args if isinstance(x, Tensor))
        several = isinstance(outputs, tuple)
        marked = tuple(
            record(TWICE, x._a, sources) if isinstance(x, Tensor) else x
            for x in (outputs if several else (outputs,))
        )
        return marked if several else marked[0]

    return wrapper


def Variable(data: Tensor, requires_grad: bool = False) -> Tensor:
    """Return the tensor, detached, as a leaf: the name from before tensors had gradients."""
    leaf = data.detach()
    leaf.requires_grad = requires_grad
    return leaf
