"""What a module owns: `Parameter`, which is learnt, `Buffer`, which is only kept, and child modules.

Parameters and buffers are tensors in every respect; what sets them apart is that a module which gets
one as an attribute registers it. The rules of registering, replacing and deleting live here, and the
walks over a tree of modules. This file does not know what a module computes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np

from ..autograd.tape import Tensor, wrap
from ..functions.pairs import describe, typename

__all__ = ["Buffer", "Parameter", "require_tensor"]


Module = Any
"""`nn.Module`, which stands on this file."""


def require_tensor(given: Any, place: str) -> None:
    """Refuse what is not a tensor.

    Raises:
        TypeError: `given` is something else; `place` says where it was given.
    """
    if not isinstance(given, Tensor):
        raise TypeError(f"{place} must be Tensor, not {describe(given)}")


class Parameter(Tensor):
    """A tensor that is learnt: a leaf that requires a gradient and registers itself in a module.

    It shares memory with `data`. Without `data` it is empty.

    Raises:
        AttributeError: `data` is not a tensor.
        RuntimeError: `data` is of a dtype that cannot require gradients.
    """

    def __new__(cls, data: Tensor | None = None, requires_grad: bool = True) -> Parameter:
        """Return a leaf that shares the data's memory."""
        if requires_grad and data is not None and data.detach()._a.dtype.kind != "f":
            raise RuntimeError(
                "Only Tensors of floating point and complex dtype can require gradients"
            )
        if data is None:
            data = wrap(np.empty(0, np.float32))
        made: Parameter = Tensor._make_subclass(cls, data.detach(), requires_grad)
        return made

    def __init__(self, data: Tensor | None = None, requires_grad: bool = True) -> None:
        """Do nothing more: `__new__` has made the tensor."""

    def __repr__(self, *, tensor_contents: None = None) -> str:
        return "Parameter containing:\n" + super().__repr__()

    def __deepcopy__(self, memo: dict[int, Any]) -> Parameter:
        if id(self) in memo:
            known: Parameter = memo[id(self)]
            return known
        copied = type(self)(wrap(self._a.copy(order="K")), self.requires_grad)
        memo[id(self)] = copied
        return copied

    def __reduce_ex__(self, protocol: Any) -> Any:
        return type(self), (wrap(self._a), self.requires_grad)


class Buffer(Tensor):
    """A tensor that registers itself as a module's buffer; `persistent` ones are in its state."""

    persistent: bool

    def __new__(cls, data: Tensor | None = None, *, persistent: bool = True) -> Buffer:
        """Return a tensor that shares the data's memory."""
        if data is None:
            data = wrap(np.empty(0, np.float32))
        made: Buffer = Tensor._make_subclass(cls, data.detach(), data.requires_grad)
        made.persistent = persistent
        return made

    def __init__(self, data: Tensor | None = None, *, persistent: bool = True) -> None:
        """Do nothing more: `__new__` has made the tensor."""


def _check_name(owner: Module, kind: str, name: Any, taken: dict[str, Any]) -> None:
    """Refuse a name that is not text, is empty, holds a dot or is in use for something else."""
    if not isinstance(name, str):
        raise TypeError(f"{kind} name should be a string. Got {typename(name)}")
    if kind == "module" and hasattr(owner, name) and name not in taken:
        raise KeyError(f"attribute '{name}' already exists")
    if "." in name:
        given = f", got: {name}" if kind == "module" else ""
        raise KeyError(f'{kind} name can\'t contain "."{given}')
    if name == "":
        raise KeyError(f'{kind} name can\'t be empty string ""')
    if hasattr(owner, name) and name not in taken:
        raise KeyError(f"attribute '{name}' already exists")


def register_parameter(owner: Module, name: str, param: Parameter | None) -> None:
    """Add a parameter, or an empty place for one, under `name`."""
    places = owner.__dict__.get("_parameters")
    if places is None:
        raise AttributeError("cannot assign parameter before Module.__init__() call")
    _check_name(owner, "parameter", name, places)
    if param is not None:
        if not isinstance(param, Parameter):
            raise TypeError(
                f"cannot assign '{typename(param)}' object to parameter '{name}' "
                "(torch.nn.Parameter or None required)"
            )
        if param.grad_fn is not None:
            raise ValueError(
                f"Cannot assign non-leaf Tensor to parameter '{name}'. Model parameters must be "
                f"created explicitly. To express '{name}' as a function of another Tensor, compute "
                "the value in the forward() method."
            )
    places[name] = param


def register_buffer(owner: Module, name: str, tensor: Tensor | None, persistent: bool) -> None:
    """Add a tensor that belongs to the state but is not learnt."""
    places = owner.__dict__.get("_buffers")
    if places is None:
        raise AttributeError("cannot assign buffer before Module.__init__() call")
    _check_name(owner, "buffer", name, places)
    if tensor is not None and not isinstance(tensor, Tensor):
        raise TypeError(
            f"cannot assign '{typename(tensor)}' object to buffer '{name}' "
            "(torch Tensor or None required)"
        )
    places[name] = tensor
    if persistent:
        owner._non_persistent_buffers_set.discard(name)
    else:
        owner._non_persistent_buffers_set.add(name)


def register_module(owner: Module, name: str, module: Module | None) -> None:
    """Add a child module, or an empty place for one, under `name`."""
    if module is not None and not hasattr(module, "_modules"):
        raise TypeError(f"{typename(module)} is not a Module subclass")
    _check_name(owner, "module", name, owner._modules)
    owner._modules[name] = module


def _forget(owner: Module, name: str, *kinds: str) -> None:
    for kind in kinds:
        places = owner.__dict__.get(kind)
        if places is not None and name in places:
            if isinstance(places, set):
                places.discard(name)
            else:
                del places[name]
    owner.__dict__.pop(name, None)


def assign(owner: Module, name: str, value: Any, is_module: bool) -> bool:
    """Put `value` where its kind belongs; return False where it is an ordinary attribute."""
    own = owner.__dict__
    params = own.get("_parameters")
    if isinstance(value, Parameter):
        if params is None:
            raise AttributeError("cannot assign parameters before Module.__init__() call")
        _forget(owner, name, "_buffers", "_modules", "_non_persistent_buffers_set")
        register_parameter(owner, name, value)
        return True
    if params is not None and name in params:
        if value is not None:
            raise TypeError(
                f"cannot assign '{typename(value)}' as parameter '{name}' "
                "(torch.nn.Parameter or None expected)"
            )
        params[name] = None
        return True
    modules = own.get("_modules")
    if is_module:
        if modules is None:
            raise AttributeError("cannot assign module before Module.__init__() call")
        _forget(owner, name, "_parameters", "_buffers", "_non_persistent_buffers_set")
        modules[name] = value
        return True
    if modules is not None and name in modules:
        if value is not None:
            raise TypeError(
                f"cannot assign '{typename(value)}' as child module '{name}' "
                "(torch.nn.Module or None expected)"
            )
        modules[name] = None
        return True
    buffers = own.get("_buffers")
    if isinstance(value, Buffer) or (buffers is not None and name in buffers):
        if value is not None and not isinstance(value, Tensor):
            raise TypeError(
                f"cannot assign '{typename(value)}' as buffer '{name}' "
                "(torch.nn.Buffer, torch.Tensor or None expected)"
            )
        if buffers is None:
            raise AttributeError("cannot assign buffer before Module.__init__() call")
        if name in buffers:
            buffers[name] = value
        else:
            _forget(owner, name, "_parameters", "_modules")
            register_buffer(owner, name, value, getattr(value, "persistent", True))
        return True
    return False


def delete(owner: Module, name: str) -> bool:
    """Remove a parameter, a buffer or a child; return False where `name` is none of them."""
    for kind in ("_parameters", "_buffers", "_modules"):
        if name in owner.__dict__[kind]:
            del owner.__dict__[kind][name]
            owner._non_persistent_buffers_set.discard(name)
            return True
    return False


def missing_attribute(owner: Module, name: str) -> AttributeError:
    """Return the error for a name that the module does not have."""
    return AttributeError(f"'{type(owner).__name__}' object has no attribute '{name}'")


def named_modules(
    root: Module, seen: set[Module] | None, prefix: str, remove_duplicate: bool
) -> Iterator[tuple[str, Module]]:
    """Yield each module below and including `root` with its dotted name, parents first."""
    visited = set() if seen is None else seen
    waiting: list[tuple[str, Module]] = [(prefix, root)]
    while waiting:
        name, module = waiting.pop()
        if module in visited:
            continue
        if remove_duplicate:
            visited.add(module)
        yield name, module
        below = [
            (name + ("." if name else "") + child_name, child)
            for child_name, child in module._modules.items()
            if child is not None
        ]
        waiting.extend(reversed(below))


def named_members(
    modules: Iterable[tuple[str, Module]],
    members: Callable[[Module], Iterable[tuple[str, Any]]],
    remove_duplicate: bool,
) -> Iterator[tuple[str, Any]]:
    """Yield what `members` finds in each module, with dotted names, each object once."""
    seen: set[Any] = set()
    for prefix, module in modules:
        for name, member in members(module):
            if member is None or member in seen:
                continue
            if remove_duplicate:
                seen.add(member)
            yield prefix + ("." if prefix else "") + name, member


def find_submodule(root: Module, target: str) -> Module:
    """Return the module at a dotted path below `root`."""
    found = root
    for item in target.split(".") if target else ():
        if not hasattr(found, item):
            raise AttributeError(f"{type(found).__name__} has no attribute `{item}`")
        found = getattr(found, item)
        if not hasattr(found, "_modules"):
            raise AttributeError(f"`{item}` is not an nn.Module")
    return found
