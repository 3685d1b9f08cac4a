"""What happens around `forward` when a module that carries hooks is called.

Hooks before and after the forward pass are run in order of registration; hooks on the backward
pass are in `backward_hooks`, which is loaded when it is first needed. A module without hooks never
comes here.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from itertools import count
from typing import Any

__all__ = ["RemovableHandle", "call_with_hooks", "enlist", "hook_call"]

Module = Any
"""`nn.Module`, which stands on this file."""

Hooks = OrderedDict[int, tuple[Callable[..., Any], bool]]
_numbers = count()


class RemovableHandle:
    """What registering a hook returns: `remove()` takes the hook away again; usable in `with`."""

    def __init__(self, hooks: OrderedDict[int, Any]) -> None:
        self.id: int = next(_numbers)
        self._hooks = hooks

    def remove(self) -> None:
        """Take the hook away; a second call does nothing."""
        self._hooks.pop(self.id, None)

    def __enter__(self) -> RemovableHandle:
        return self

    def __exit__(self, *_: object) -> None:
        self.remove()


def enlist(
    hooks: Hooks, hook: Callable[..., Any], with_kwargs: bool = False, prepend: bool = False
) -> RemovableHandle:
    """Add `hook` last, or first with `prepend`, and return the handle that removes it."""
    handle = RemovableHandle(hooks)
    hooks[handle.id] = (hook, with_kwargs)
    if prepend:
        hooks.move_to_end(handle.id, last=False)
    return handle


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
        from . import backward_hooks  # loaded by those who hook the backward pass, and only then

        watch = backward_hooks.Watch(module)
        args = backward_hooks.watch_inputs(watch, args)
    result = module.forward(*args, **kwargs)
    for hook, with_kwargs in tuple(module._forward_hooks.values()):
        changed = hook(module, args, kwargs, result) if with_kwargs else hook(module, args, result)
        if changed is not None:
            result = changed
    return result if watch is None else backward_hooks.watch_outputs(watch, result)
