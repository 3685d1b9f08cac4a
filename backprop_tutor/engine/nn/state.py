"""A module's parameters and buffers as a whole: cast to another dtype in place, saved and read back.

Where the dtype changes the parameters stay the same objects, so that an optimizer built before keeps
working. The dictionary of the state maps dotted names to tensors that share memory with the module. Reading
checks every name and every shape and reports all that is wrong in one message; what fits is copied even
then.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from ..autograd.modes import no_grad
from ..autograd.tape import Tensor
from ..tensors.devices import check_device
from ..tensors.dtypes import dtype
from .parameter import Parameter

__all__ = [
    "IncompatibleKeys", "apply_to_tensors", "caster", "load_into", "load_own", "save_own",
    "save_tree", "wanted_dtype",
]


Module = Any
"""`nn.Module`, which stands on this file."""


def apply_to_tensors(root: Module, change: Callable[[Tensor], Tensor], recurse: bool) -> None:
    """Replace the data of every parameter, of its gradient, and every buffer by `change(it)`."""
    if recurse:
        for child in root.children():
            child._apply(change)
    for param in root._parameters.values():
        if param is None:
            continue
        with no_grad():
            param.data = change(param)
            if param._grad is not None:
                param._grad.data = change(param._grad)
    for name, buffer in root._buffers.items():
        if buffer is not None:
            root._buffers[name] = change(buffer)


def wanted_dtype(args: tuple[Any, ...], kwargs: dict[str, Any]) -> dtype | None:
    """Return the dtype asked for by the arguments of `Module.to`, None where there is none.

    A device may stand beside it; the only one there is is the CPU.

    Raises:
        TypeError: a dtype that is not floating, an argument of no known kind.
        RuntimeError: a device that is not the CPU.
    """
    found: dtype | None = kwargs.pop("dtype", None)
    device = kwargs.pop("device", None)
    kwargs.pop("non_blocking", None)
    tensor = kwargs.pop("tensor", None)
    if kwargs:
        raise TypeError(f"to() received an invalid keyword argument '{next(iter(kwargs))}'")
    for arg in args:
        if isinstance(arg, dtype):
            found = arg
        elif isinstance(arg, Tensor):
            tensor = arg
        elif isinstance(arg, bool) or arg is None:
            continue
        elif isinstance(arg, (str, int)) or hasattr(arg, "type"):
            device = arg
        else:
            raise TypeError(
                "to() received an invalid combination of arguments - "
                f"got ({type(arg).__name__})"
            )
    if device is not None:
        check_device(device)
    if tensor is not None:
        found = tensor.dtype
    if found is not None and not found.is_floating_point:
        raise TypeError(
            "nn.Module.to only accepts floating point or complex dtypes, "
            f"but got desired dtype={found}"
        )
    return found


def caster(kind: dtype) -> Callable[[Tensor], Tensor]:
    """Return the function that casts floating tensors to `kind` and leaves others alone."""

    def cast(tensor: Tensor) -> Tensor:
        return tensor.to(kind) if tensor._a.dtype.kind == "f" else tensor

    return cast


EXTRA_STATE = "_extra_state"


class IncompatibleKeys(
    NamedTuple(
        "_IncompatibleKeys", [("missing_keys", list[str]), ("unexpected_keys", list[str])]
    )
):
    """What `load_state_dict` returns: names that were missing, names that were unexpected."""

    __slots__ = ()

    def __repr__(self) -> str:
        if not self.missing_keys and not self.unexpected_keys:
            return "<All keys matched successfully>"
        return (
            f"_IncompatibleKeys(missing_keys={self.missing_keys!r}, "
            f"unexpected_keys={self.unexpected_keys!r})"
        )

    __str__ = __repr__


def save_own(module: Module, destination: dict[str, Any], prefix: str, keep_vars: bool) -> None:
    """Write the module's own parameters, persistent buffers and extra state."""
    for name, param in module._parameters.items():
        if param is not None:
            destination[prefix + name] = param if keep_vars else param.detach()
    for name, buffer in module._buffers.items():
        if buffer is not None and name not in module._non_persistent_buffers_set:
            destination[prefix + name] = buffer if keep_vars else buffer.detach()
    if module._has_extra_state():
        destination[prefix + EXTRA_STATE] = module.get_extra_state()


def save_tree(module: Module, destination: Any, prefix: str, keep_vars: bool) -> Any:
    """Write the state of the module and of everything below it; return the dictionary."""
    if destination is None:
        destination = OrderedDict()
        destination._metadata = OrderedDict()  # each module's version number
    version = {"version": module._version}
    if hasattr(destination, "_metadata"):
        destination._metadata[prefix[:-1]] = version
    for hook, _ in module._state_dict_pre_hooks.values():
        hook(module, prefix, keep_vars)
    module._save_to_state_dict(destination, prefix, keep_vars)
    for name, child in module._modules.items():
        if child is not None:
            child.state_dict(
                destination=destination, prefix=prefix + name + ".", keep_vars=keep_vars
            )
    for hook, _ in module._state_dict_hooks.values():
        changed = hook(module, destination, prefix, version)
        if changed is not None:
            destination = changed
    return destination


def _misfit(key: str, given: Any, current: Tensor) -> str:
    """Return what is wrong with `given` as the value of `current`, or the empty string."""
    if not isinstance(given, Tensor):
        return (
            f'While copying the parameter named "{key}", expected torch.Tensor or Tensor-like '
            f"object from checkpoint but received {type(given)}"
        )
    if given.shape != current.shape:
        return (
            f"size mismatch for {key}: copying a param with shape {given.shape} from checkpoint, "
            f"the shape in current model is {current.shape}."
        )
    return ""


def _take(module: Module, name: str, current: Tensor, given: Tensor, assign: bool) -> None:
    with no_grad():
        if not assign:
            current.copy_(given)
            return
        if isinstance(current, Parameter):
            if not isinstance(given, Parameter):
                given = Parameter(given, requires_grad=current.requires_grad)
            else:
                given.requires_grad_(current.requires_grad)
        setattr(module, name, given)


def load_own(
    module: Module,
    state_dict: Mapping[str, Any],
    prefix: str,
    local_metadata: dict[str, Any],
    strict: bool,
    missing_keys: list[str],
    unexpected_keys: list[str],
    error_msgs: list[str],
) -> None:
    """Copy the module's own parameters and buffers from `state_dict`, noting what does not fit."""
    for hook, _ in module._load_state_dict_pre_hooks.values():
        hook(
            module, state_dict, prefix, local_metadata, strict, missing_keys, unexpected_keys,
            error_msgs,
        )
    own: dict[str, Tensor] = {k: v for k, v in module._parameters.items() if v is not None}
    for name, buffer in module._buffers.items():
        if buffer is not None and name not in module._non_persistent_buffers_set:
            own[name] = buffer
    for name, current in own.items():
        key = prefix + name
        if key not in state_dict:
            if strict:
                missing_keys.append(key)
            continue
        given = state_dict[key]
        if isinstance(given, Tensor) and current.dim() == 0 and tuple(given.shape) == (1,):
            given = given[0]
        problem = _misfit(key, given, current)
        if problem:
            error_msgs.append(problem)
        else:
            _take(module, name, current, given, bool(local_metadata.get("assign_to_params_buffers")))
    extra = prefix + EXTRA_STATE
    if module._takes_extra_state():
        if extra in state_dict:
            module.set_extra_state(state_dict[extra])
        elif strict:
            missing_keys.append(extra)
    elif strict and extra in state_dict:
        unexpected_keys.append(extra)
    if strict:
        for key in state_dict:
            if key.startswith(prefix) and key != extra:
                first, *rest = key[len(prefix) :].split(".", 1)
                if first not in (module._modules if rest else own):
                    unexpected_keys.append(key)


def load_into(
    root: Module, state_dict: Mapping[str, Any], strict: bool, assign: bool
) -> IncompatibleKeys:
    """Copy a state dictionary into the module and everything below it.

    Raises:
        TypeError: `state_dict` is not a mapping.
        RuntimeError: with `strict`, names are missing or unexpected; always, shapes that differ.
    """
    if not isinstance(state_dict, Mapping):
        raise TypeError(f"Expected state_dict to be dict-like, got {type(state_dict)}.")
    missing: list[str] = []
    unexpected: list[str] = []
    errors: list[str] = []
    metadata = getattr(state_dict, "_metadata", None)
    entries = OrderedDict(state_dict)

    def load(module: Module, local: Mapping[str, Any], prefix: str) -> None:
        about = {} if metadata is None else dict(metadata.get(prefix[:-1], {}))
        if assign:
            about["assign_to_params_buffers"] = True
        module._load_from_state_dict(local, prefix, about, True, missing, unexpected, errors)
        for name, child in module._modules.items():
            if child is not None:
                below = prefix + name + "."
                load(child, {k: v for k, v in local.items() if k.startswith(below)}, below)
        result = IncompatibleKeys(missing, unexpected)
        for hook, _ in module._load_state_dict_post_hooks.values():
            if hook(module, result) is not None:
                raise AssertionError(
                    "Hooks registered with ``register_load_state_dict_post_hook`` are not"
                    "expected to return new values, if incompatible_keys need to be modified,"
                    "it should be done inplace."
                )

    load(root, entries, "")
    if strict:
        if unexpected:
            listed = ", ".join(f'"{key}"' for key in unexpected)
            errors.insert(0, f"Unexpected key(s) in state_dict: {listed}. ")
        if missing:
            listed = ", ".join(f'"{key}"' for key in missing)
            errors.insert(0, f"Missing key(s) in state_dict: {listed}. ")
    if errors:
        raise RuntimeError(
            f"Error(s) in loading state_dict for {type(root).__name__}:\n\t" + "\n\t".join(errors)
        )
    return IncompatibleKeys(missing, unexpected)
