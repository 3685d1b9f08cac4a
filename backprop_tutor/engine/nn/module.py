"""`Module`, the base of every layer and model: parameters, buffers and children under their names.

A subclass sets its parts as attributes in `__init__`, after `super().__init__()`, and says in
`forward` what it computes. What the methods do is written in `parameter`, `state` and `calling`;
this file is the surface.
"""

from __future__ import annotations

import builtins
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

from ..autograd.hooks import RemovableHandle, enlist
from ..autograd.tape import Tensor
from ..tensors.dtypes import dtype, float32, float64
from . import calling, parameter, state
from .parameter import Parameter

__all__ = ["Module"]

Self = TypeVar("Self", bound="Module")


class Module:
    """The base of all layers and models.

    >>> class Twice(Module):
    ...     def forward(self, x):
    ...         return 2 * x
    >>> Twice()(21)
    42
    """

    training: bool
    call_super_init: bool = False
    _version: int = 1
    _hooked: bool = True  # whether calls may be hooked; False once built, until a hook comes

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        name = type(self).__name__
        if kwargs and not self.call_super_init:
            first = next(iter(kwargs))
            raise TypeError(f"{name}.__init__() got an unexpected keyword argument '{first}'")
        if args and not self.call_super_init:
            raise TypeError(
                f"{name}.__init__() takes 1 positional argument but {len(args) + 1} were given"
            )
        own = self.__dict__
        own["training"] = True
        own["_hooked"] = False
        own["_parameters"] = {}
        own["_buffers"] = {}
        own["_non_persistent_buffers_set"] = set()
        own["_modules"] = {}
        for hooks in _HOOKS:
            own[hooks] = OrderedDict()
        if self.call_super_init:
            super().__init__(*args, **kwargs)

    # computing

    def forward(self, *input: Any) -> Any:
        """Return what the module computes; subclasses say what that is."""
        raise NotImplementedError(
            f'Module [{type(self).__name__}] is missing the required "forward" function'
        )

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Return what `forward` returns, hooks run around it."""
        if self._hooked:
            return calling.call_with_hooks(self, args, kwargs)
        return self.forward(*args, **kwargs)

    def register_forward_pre_hook(
        self, hook: Callable[..., Any], *, prepend: bool = False, with_kwargs: bool = False
    ) -> RemovableHandle:
        """Call `hook(module, args)` before every forward; what it returns replaces the args."""
        return calling.hook_call(self, self._forward_pre_hooks, hook, with_kwargs, prepend)

    def register_forward_hook(
        self,
        hook: Callable[..., Any],
        *,
        prepend: bool = False,
        with_kwargs: bool = False,
        always_call: bool = False,
    ) -> RemovableHandle:
        """Call `hook(module, args, output)` after every forward; it may return another output."""
        if always_call:
            raise NotImplementedError("always_call=True is not supported: hooks run after success")
        return calling.hook_call(self, self._forward_hooks, hook, with_kwargs, prepend)

    def register_full_backward_pre_hook(
        self, hook: Callable[..., Any], prepend: bool = False
    ) -> RemovableHandle:
        """Call `hook(module, grad_output)` when the gradients of the outputs are known."""
        return calling.hook_call(self, self._backward_pre_hooks, hook, False, prepend)

    def register_full_backward_hook(
        self, hook: Callable[..., Any], prepend: bool = False
    ) -> RemovableHandle:
        """Call `hook(module, grad_input, grad_output)` when both are known."""
        return calling.hook_call(self, self._backward_hooks, hook, False, prepend)

    # membership

    def register_parameter(self, name: str, param: Parameter | None) -> None:
        """Add a parameter under `name`; None keeps an empty place."""
        parameter.register_parameter(self, name, param)

    def register_buffer(self, name: str, tensor: Tensor | None, persistent: bool = True) -> None:
        """Add a tensor that is kept but not learnt; only persistent ones are in the state."""
        parameter.register_buffer(self, name, tensor, persistent)

    def add_module(self, name: str, module: Module | None) -> None:
        """Add a child under `name`."""
        parameter.register_module(self, name, module)

    def register_module(self, name: str, module: Module | None) -> None:
        """Add a child under `name`."""
        parameter.register_module(self, name, module)

    def __getattr__(self, name: str) -> Any:
        own = self.__dict__
        for places in ("_parameters", "_buffers", "_modules"):
            if places in own and name in own[places]:
                return own[places][name]
        raise parameter.missing_attribute(self, name)

    def __setattr__(self, name: str, value: Any) -> None:
        if not parameter.assign(self, name, value, isinstance(value, Module)):
            object.__setattr__(self, name, value)

    def __delattr__(self, name: str) -> None:
        if not parameter.delete(self, name):
            object.__delattr__(self, name)

    def __dir__(self) -> list[str]:
        names = {*dir(type(self)), *self.__dict__}
        names.update(self._parameters, self._modules, self._buffers)
        return sorted(name for name in names if not name[0].isdigit())

    def get_submodule(self, target: str) -> Module:
        """Return the module at a dotted path."""
        found: Module = parameter.find_submodule(self, target)
        return found

    def get_parameter(self, target: str) -> Parameter:
        """Return the parameter at a dotted path."""
        path, _, name = target.rpartition(".")
        owner = parameter.find_submodule(self, path)
        if not hasattr(owner, name):
            raise AttributeError(f"{type(owner).__name__} has no attribute `{name}`")
        found = getattr(owner, name)
        if not isinstance(found, Parameter):
            raise AttributeError(f"`{name}` is not an nn.Parameter")
        return found

    def get_buffer(self, target: str) -> Tensor:
        """Return the buffer at a dotted path."""
        path, _, name = target.rpartition(".")
        owner = parameter.find_submodule(self, path)
        if not hasattr(owner, name):
            raise AttributeError(f"{type(owner).__name__} has no attribute `{name}`")
        if name not in owner._buffers:
            raise AttributeError(f"`{name}` is not a buffer")
        found: Tensor = owner._buffers[name]
        return found

    def named_modules(
        self,
        memo: set[Module] | None = None,
        prefix: str = "",
        remove_duplicate: bool = True,
    ) -> Iterator[tuple[str, Module]]:
        """Yield the module and all below it with dotted names, each module once."""
        return parameter.named_modules(self, memo, prefix, remove_duplicate)

    def modules(self, remove_duplicate: bool = True) -> Iterator[Module]:
        """Yield the module and all below it."""
        for _, module in self.named_modules(remove_duplicate=remove_duplicate):
            yield module

    def named_children(self) -> Iterator[tuple[str, Module]]:
        """Yield the direct children with their names, each once."""
        seen: set[Module] = set()
        for name, module in self._modules.items():
            if module is not None and module not in seen:
                seen.add(module)
                yield name, module

    def children(self) -> Iterator[Module]:
        """Yield the direct children."""
        for _, module in self.named_children():
            yield module

    def _named(
        self, places: str, prefix: str, recurse: bool, remove_duplicate: bool
    ) -> Iterator[tuple[str, Any]]:
        modules = (
            self.named_modules(prefix=prefix, remove_duplicate=remove_duplicate)
            if recurse
            else iter([(prefix, self)])
        )
        return parameter.named_members(
            modules, lambda module: getattr(module, places).items(), remove_duplicate
        )

    def named_parameters(
        self, prefix: str = "", recurse: bool = True, remove_duplicate: bool = True
    ) -> Iterator[tuple[str, Parameter]]:
        """Yield the parameters with dotted names, each once."""
        return self._named("_parameters", prefix, recurse, remove_duplicate)

    def parameters(self, recurse: bool = True) -> Iterator[Parameter]:
        """Yield the parameters."""
        for _, param in self.named_parameters(recurse=recurse):
            yield param

    def named_buffers(
        self, prefix: str = "", recurse: bool = True, remove_duplicate: bool = True
    ) -> Iterator[tuple[str, Tensor]]:
        """Yield the buffers with dotted names, each once."""
        return self._named("_buffers", prefix, recurse, remove_duplicate)

    def buffers(self, recurse: bool = True) -> Iterator[Tensor]:
        """Yield the buffers."""
        for _, buffer in self.named_buffers(recurse=recurse):
            yield buffer

    # changing all of it

    def apply(self: Self, fn: Callable[[Module], None]) -> Self:
        """Call `fn` on every module below, children first, then on itself; return itself."""
        for child in self.children():
            child.apply(fn)
        fn(self)
        return self

    def _apply(self: Self, fn: Callable[[Tensor], Tensor], recurse: bool = True) -> Self:
        state.apply_to_tensors(self, fn, recurse)
        return self

    def to(self: Self, *args: Any, **kwargs: Any) -> Self:
        """Cast floating parameters and buffers to a dtype; a device may only be the CPU."""
        kind = state.wanted_dtype(args, dict(kwargs))
        return self if kind is None else self._apply(state.caster(kind))

    def type(self: Self, dst_type: dtype) -> Self:
        """Cast all parameters and buffers to `dst_type`."""
        return self._apply(lambda tensor: tensor.to(dst_type))

    def double(self: Self) -> Self:
        """Cast floating parameters and buffers to float64."""
        return self._apply(state.caster(float64))

    def float(self: Self) -> Self:
        """Cast floating parameters and buffers to float32."""
        return self._apply(state.caster(float32))

    def cpu(self: Self) -> Self:
        """Return itself: the CPU is where everything is."""
        return self

    def cuda(self: Self, device: Any = None) -> Self:
        """Refuse: there is no such device here.

        Raises:
            AssertionError: always, in PyTorch's words.
        """
        return self.to("cuda")

    def train(self: Self, mode: bool = True) -> Self:
        """Set training mode, or evaluation mode with False, here and below; return itself."""
        if not isinstance(mode, bool):
            raise ValueError("training mode is expected to be boolean")
        self.training = mode
        for child in self.children():
            child.train(mode)
        return self

    def eval(self: Self) -> Self:
        """Set evaluation mode: dropout passes everything, BatchNorm uses its running statistics."""
        return self.train(False)

    def requires_grad_(self: Self, requires_grad: bool = True) -> Self:
        """Freeze or unfreeze all parameters; return itself."""
        for param in self.parameters():
            param.requires_grad_(requires_grad)
        return self

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Forget the gradients of all parameters, or fill them with zeros."""
        for param in self.parameters():
            if param._grad is not None:
                if set_to_none:
                    param._grad = None
                else:
                    param._grad.detach_().zero_()

    # state

    def state_dict(
        self, *args: Any, destination: Any = None, prefix: str = "", keep_vars: bool = False
    ) -> Any:
        """Return an ordered dictionary from dotted names to the tensors of the state."""
        given = (*args, *(destination, prefix, keep_vars)[len(args) :])
        return state.save_tree(self, *given)

    def load_state_dict(
        self, state_dict: Mapping[str, Any], strict: bool = True, assign: bool = False
    ) -> state.IncompatibleKeys:
        """Copy a state into the module; return the names that were missing or unexpected."""
        return state.load_into(self, state_dict, strict, assign)

    def _save_to_state_dict(self, destination: Any, prefix: str, keep_vars: bool) -> None:
        state.save_own(self, destination, prefix, keep_vars)

    def _load_from_state_dict(self, *args: Any) -> None:
        state.load_own(self, *args)

    def get_extra_state(self) -> Any:
        """Return more to be kept in the state; a subclass may say what."""
        raise RuntimeError("get_extra_state() is called where a subclass overrides it")

    def set_extra_state(self, state: Any) -> None:
        """Take back what `get_extra_state` returned."""
        raise RuntimeError("set_extra_state() is called where a subclass overrides it")

    def _has_extra_state(self) -> bool:
        return builtins.type(self).get_extra_state is not Module.get_extra_state

    def _takes_extra_state(self) -> bool:
        return builtins.type(self).set_extra_state is not Module.set_extra_state

    def register_state_dict_pre_hook(self, hook: Callable[..., Any]) -> RemovableHandle:
        """Call `hook(module, prefix, keep_vars)` before `state_dict` collects."""
        return enlist(self._state_dict_pre_hooks, hook)

    def register_state_dict_post_hook(self, hook: Callable[..., Any]) -> RemovableHandle:
        """Call `hook(module, state_dict, prefix, local_metadata)` after it has collected."""
        return enlist(self._state_dict_hooks, hook)

    def register_load_state_dict_pre_hook(self, hook: Callable[..., Any]) -> RemovableHandle:
        """Call `hook(module, state_dict, prefix, ...)` before a module's own state is read."""
        return enlist(self._load_state_dict_pre_hooks, hook)

    def register_load_state_dict_post_hook(self, hook: Callable[..., Any]) -> RemovableHandle:
        """Call `hook(module, incompatible_keys)` after a module's state has been read."""
        return enlist(self._load_state_dict_post_hooks, hook)

    # showing

    def _get_name(self) -> str:
        return builtins.type(self).__name__

    def extra_repr(self) -> str:
        """Return what stands in the brackets of the representation."""
        return ""

    def __repr__(self) -> str:
        lines = self.extra_repr().split("\n") if self.extra_repr() else []
        below = [
            f"({name}): " + indented(repr(module)) for name, module in self._modules.items()
        ]
        inside = lines + below
        if not inside:
            return self._get_name() + "()"
        if len(lines) == 1 and not below:
            return f"{self._get_name()}({lines[0]})"
        return self._get_name() + "(\n  " + "\n  ".join(inside) + "\n)"


_HOOKS = (
    "_forward_hooks", "_forward_pre_hooks", "_backward_hooks", "_backward_pre_hooks",
    "_state_dict_hooks", "_state_dict_pre_hooks",
    "_load_state_dict_pre_hooks", "_load_state_dict_post_hooks",
)


def indented(text: str) -> str:
    """Return the text with every line but the first moved two places to the right."""
    first, *rest = text.split("\n")
    return "\n".join([first, *("  " + line if line.strip() else "" for line in rest)])
