"""Hooks: functions that see (and may replace) gradients on their way through the backward pass."""

from __future__ import annotations

import weakref
from collections import OrderedDict
from collections.abc import Callable
from itertools import count
from typing import Any

from .tape import Node, Tensor

__all__ = ["RemovableHandle", "enlist", "register_hook", "retain_grad"]

_NUMBERS = count()


class RemovableHandle:
    """What registering a hook returns: `remove()` takes the hook away again; usable in `with`."""

    def __init__(self, take_away: Callable[[], object], number: int | None = None) -> None:
        self.id: int = next(_NUMBERS) if number is None else number
        self._take_away: Callable[[], object] | None = take_away

    def remove(self) -> None:
        """Take the hook away; a second time does nothing."""
        if self._take_away is not None:
            self._take_away()
            self._take_away = None

    def __enter__(self) -> RemovableHandle:
        return self

    def __exit__(self, *exc: object) -> None:
        self.remove()


def enlist(
    hooks: OrderedDict[int, Any], hook: Callable[..., Any], with_kwargs: bool = False,
    prepend: bool = False,
) -> RemovableHandle:
    """Add `hook` last, or first with `prepend`, and return the handle that removes it."""
    number = next(_NUMBERS)
    hooks[number] = (hook, with_kwargs)
    if prepend:
        hooks.move_to_end(number, last=False)
    return RemovableHandle(lambda: hooks.pop(number, None), number)


def on_node(node: Node, kind: str, index: int, hook: Any) -> RemovableHandle:
    """Add an entry to a node's hooks."""
    entry = (kind, index, next(_NUMBERS), hook)
    if node.hooks is None:
        node.hooks = []
    node.hooks.append(entry)
    held = weakref.ref(node)

    def take_away() -> None:
        found = held()
        if found is not None and found.hooks and entry in found.hooks:
            found.hooks.remove(entry)

    return RemovableHandle(take_away)


def _on_leaf(leaf: Tensor, table: str, hook: Any) -> RemovableHandle:
    number = next(_NUMBERS)
    hooks = leaf.__dict__.setdefault(table, {})
    hooks[number] = hook
    return RemovableHandle(lambda: hooks.pop(number, None))


def register_hook(self: Tensor, hook: Callable[[Tensor], Any]) -> RemovableHandle:
    """Call the hook with the gradient of this tensor; what it returns replaces the gradient.

    Raises:
        RuntimeError: a tensor that requires no gradient.
    """
    if not self.requires_grad:
        raise RuntimeError("cannot register a hook on a tensor that doesn't require gradient")
    if self._edge is None:
        return _on_leaf(self, "_hooks", hook)
    return on_node(self.grad_fn, "tensor", self.output_nr, hook)


def register_post_accumulate_grad_hook(
    self: Tensor, hook: Callable[[Tensor], None]
) -> RemovableHandle:
    """Call the hook with this leaf after its `.grad` was accumulated.

    Raises:
        RuntimeError: a tensor that is not a leaf or requires no gradient.
    """
    if not self.requires_grad:
        raise RuntimeError("cannot register a hook on a tensor that doesn't require gradient")
    if self._edge is not None:
        raise RuntimeError(
            "post accumulate grad hooks cannot be registered on non-leaf tensors"
        )
    return _on_leaf(self, "_after_hooks", hook)


def retain_grad(self: Tensor) -> None:
    """Keep the gradient of a tensor that is not a leaf in its `.grad` too.

    Raises:
        RuntimeError: a tensor that requires no gradient.
    """
    if not self.requires_grad:
        raise RuntimeError("can't retain_grad on Tensor that has requires_grad=False")
    if self._edge is None or self.__dict__.get("_retained"):
        return
    self.__dict__["_retained"] = True
    on_node(self.grad_fn, "retain", self.output_nr, weakref.ref(self))


def _node_hook(self: Node, fn: Callable[..., Any]) -> RemovableHandle:
    """Call `fn(grad_inputs, grad_outputs)` after the node; what it returns replaces the former."""
    return on_node(self, "post", 0, fn)


def _node_prehook(self: Node, fn: Callable[..., Any]) -> RemovableHandle:
    """Call `fn(grad_outputs)` before the node; what it returns replaces them."""
    return on_node(self, "pre", 0, fn)


Node.register_hook = _node_hook  # type: ignore[attr-defined]
Node.register_prehook = _node_prehook  # type: ignore[attr-defined]
