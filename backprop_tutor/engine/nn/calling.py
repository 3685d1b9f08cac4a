"""What happens around `forward` when a module that carries hooks is called.

Hooks before and after the forward pass are run in order of registration. Those of the backward pass are
seen by two identity functions, one before the module's inputs, one behind its outputs; what they return
takes the place of the gradients. A module without hooks never comes here.
"""

from __future__ import annotations

import warnings
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from ..autograd.function import Function
from ..autograd.hooks import RemovableHandle, enlist
from ..autograd.tape import Tensor

__all__ = ["Watch", "call_with_hooks", "hook_call", "watch_inputs", "watch_outputs"]


Module = Any
"""`nn.Module`, which stands on this file."""

Hooks = OrderedDict[int, tuple[Callable[..., Any], bool]]


def hook_call(
    module: Module, hooks: Hooks, hook: Callable[..., Any], with_kwargs: bool, prepend: bool
) -> RemovableHandle:
    """Add `hook` to those that run when the module is called, and let its calls know."""
    module.__dict__["_hooked"] = True
    return enlist(hooks, hook, with_kwargs, prepend)


def call_with_hooks(module: Module, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Return what `forward` returns, the module's hooks run around it."""
    on_the_way_back = module._backward_hooks, module._backward_pre_hooks
    for hook, with_kwargs in tuple(module._forward_pre_hooks.values()):
        if with_kwargs:
            changed = hook(module, args, kwargs)
            if changed is None:
                continue
            if not (isinstance(changed, tuple) and len(changed) == 2):
                raise RuntimeError(
                    "forward pre-hook must return None or a tuple "
                    f"of (new_args, new_kwargs), but got {changed}."
                )
            args, kwargs = changed
        else:
            changed = hook(module, args)
            if changed is not None:
                args = changed if isinstance(changed, tuple) else (changed,)
    watch = None
    if any(on_the_way_back):
        watch = Watch(module)
        args = watch_inputs(watch, args)
    result = module.forward(*args, **kwargs)
    for hook, with_kwargs in tuple(module._forward_hooks.values()):
        changed = hook(module, args, kwargs, result) if with_kwargs else hook(module, args, result)
        if changed is not None:
            result = changed
    return result if watch is None else watch_outputs(watch, result)


class Watch:
    """One call's backward hooks: gradients of the outputs in, gradients of the inputs out."""

    def __init__(self, module: Module) -> None:
        self.module = module
        self.pre_hooks: list[Module] = [hook for hook, _ in module._backward_pre_hooks.values()]
        self.hooks: list[Module] = [hook for hook, _ in module._backward_hooks.values()]
        self.arguments = 0
        self.places: list[int] = []
        self.grad_outputs: tuple[Any, ...] | None = None

    def outputs_known(self, grads: tuple[Any, ...]) -> tuple[Any, ...]:
        """Run the pre-hooks; run the hooks too where no input wants a gradient."""
        for hook in self.pre_hooks:
            changed = hook(self.module, grads)
            if changed is not None:
                grads = changed if isinstance(changed, tuple) else (changed,)
        self.grad_outputs = grads
        if not self.places:
            warnings.warn(
                "Full backward hook is firing when gradients are computed with respect to module "
                "outputs since no inputs require gradients. See "
                "https://docs.pytorch.org/docs/main/generated/torch.nn.Module.html"
                "#torch.nn.Module.register_full_backward_hook for more details.",
                stacklevel=5,
            )
            self._run((None,) * self.arguments)
        return grads

    def inputs_known(self, grads: tuple[Any, ...]) -> tuple[Any, ...]:
        """Run the hooks and return the gradients to hand on."""
        padded: list[Any] = [None] * self.arguments
        for place, grad in zip(self.places, grads, strict=True):
            padded[place] = grad
        result = self._run(tuple(padded))
        return tuple(result[place] for place in self.places)

    def _run(self, grads: tuple[Any, ...]) -> tuple[Any, ...]:
        for hook in self.hooks:
            changed = hook(self.module, grads, self.grad_outputs)
            if changed is None:
                continue
            if not isinstance(changed, tuple):
                changed = (changed,)
            if len(changed) != len(grads):
                raise RuntimeError(
                    "Backward hook returned an invalid number of grad_input, "
                    f"got {len(changed)}, but expected {len(grads)}"
                )
            grads = changed
        return grads


class BackwardHookFunction(Function):
    """The identity, whose backward pass tells a `Watch` which gradients came by."""

    @staticmethod
    def forward(ctx: Any, report: Callable[..., Any], *tensors: Tensor) -> tuple[Tensor, ...]:
        """Return the tensors unchanged, as views."""
        ctx.report = report
        return tuple(tensor.view_as(tensor) for tensor in tensors)

    @staticmethod
    def backward(ctx: Any, *grads: Any) -> tuple[Any, ...]:
        """Report the gradients and hand on what the hooks made of them."""
        return (None, *ctx.report(grads))


def watch_inputs(watch: Watch, args: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return the arguments, those that want a gradient passed through the watch."""
    watch.arguments = len(args)
    watch.places = [
        i for i, a in enumerate(args) if isinstance(a, Tensor) and a.requires_grad
    ]
    if not watch.places:
        return args
    seen = BackwardHookFunction.apply(watch.inputs_known, *(args[i] for i in watch.places))
    passed = list(args)
    for place, tensor in zip(watch.places, seen, strict=True):
        passed[place] = tensor
    return tuple(passed)


def watch_outputs(watch: Watch, result: Any) -> Any:
    """Return the outputs, passed through the watch."""
    single = isinstance(result, Tensor)
    outputs = (result,) if single else result
    if not isinstance(outputs, tuple) or not all(isinstance(o, Tensor) for o in outputs):
        warnings.warn(
            "For backward hooks to be called, module output should be a Tensor or a tuple of "
            f"Tensors but received {type(result)}",
            stacklevel=4,
        )
        return result
    if not any(o.requires_grad for o in outputs):
        return result
    seen = BackwardHookFunction.apply(watch.outputs_known, *outputs)
    return seen[0] if single else tuple(seen)
