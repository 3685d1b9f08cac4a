"""`Optimizer`, what all optimizers share: checks of settings, groups of parameters, their state, the step.

Everything about groups and state dictionaries lives here; a subclass says how one group is
updated. Updates are written into the parameters' arrays in place and counted in their versions,
so that a graph that still needs the old values notices.
"""

from __future__ import annotations

import warnings
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Iterable
from copy import deepcopy
from typing import Any

import numpy as np

from ..autograd.hooks import RemovableHandle, enlist
from ..autograd.modes import enable_grad
from ..autograd.tape import Tensor, wrap
from ..functions.pairs import typename
from ..tensors.quiet import hush, unhush

__all__ = ["Optimizer", "checked_group", "exclusive_modes", "number", "one_element", "required"]


def one_element(name: str, value: Any) -> None:
    """Refuse a tensor of several elements as a setting.

    Raises:
        ValueError: it has not exactly one element.
    """
    if isinstance(value, Tensor) and value.numel() != 1:
        raise ValueError(f"Tensor {name} must be 1-element")


def exclusive_modes(foreach: bool | None, differentiable: bool, fused: bool | None) -> None:
    """Refuse ways of computing that exclude each other.

    Raises:
        RuntimeError: `fused` together with `differentiable` or `foreach`.
    """
    if fused and differentiable:
        raise RuntimeError("`fused` does not support `differentiable`")
    if fused and foreach:
        raise RuntimeError("`fused` and `foreach` cannot be `True` together.")


def _listed(group: dict[str, Any]) -> list[Any]:
    """Return the group's parameters as a list; names given beside them go into the group."""
    params = group["params"]
    if isinstance(params, Tensor):
        return [params]
    if isinstance(params, set):
        raise TypeError(
            "optimizer parameters need to be organized in ordered collections, but the ordering of "
            "tensors in sets will change between runs. Please use a list instead."
        )
    listed = list(params)
    named = [isinstance(param, tuple) for param in listed]
    if any(named):
        if not all(named):
            raise ValueError(
                "all optimizer params should be with/without names. Some param names are missing"
            )
        group["param_names"] = [name for name, _ in listed]
        listed = [param for _, param in listed]
    return listed


def checked_group(
    group: Any, others: list[dict[str, Any]], defaults: dict[str, Any], required: Any
) -> dict[str, Any]:
    """Return the group, its parameters a list and its missing settings filled from `defaults`.

    Raises:
        TypeError: not a dictionary; parameters in a set; something that is not a tensor.
        ValueError: a tensor that is not a leaf; a setting that must be given; a parameter that
            one of the other groups has; names for some only.
    """
    if not isinstance(group, dict):
        raise TypeError(f"param_group must be a dict, but got {type(group)}")
    group["params"] = _listed(group)
    for param in group["params"]:
        if not isinstance(param, Tensor):
            raise TypeError(
                f"optimizer can only optimize Tensors, but one of the params is {typename(param)}"
            )
        if not (param.is_leaf or param.retains_grad):
            raise ValueError("can't optimize a non-leaf Tensor")
    for name, default in defaults.items():
        if default is required and name not in group:
            raise ValueError(
                f"parameter group didn't specify a value of required optimization parameter {name}"
            )
        group.setdefault(name, default)
    for unsupported in ("differentiable", "capturable"):
        if group.get(unsupported):
            raise NotImplementedError(
                f"{unsupported}=True is not supported: updates are written into arrays in place"
            )
    chosen = {id(param) for param in group["params"]}
    if len(chosen) != len(group["params"]):
        warnings.warn(
            "optimizer contains a parameter group with duplicate parameters; in future, this will "
            "cause an error; see github.com/pytorch/pytorch/issues/40967 for more information",
            stacklevel=5,
        )
    if others and ("param_names" in others[0]) != ("param_names" in group):
        this = "with names" if "param_names" in group else "without names"
        raise ValueError(
            "all optimizer param groups should be with/without names. "
            f"cannot add param group {this} to the optimizer"
        )
    if any(id(param) in chosen for other in others for param in other["params"]):
        raise ValueError("some parameters appear in more than one parameter group")
    return group


class _Required:
    """What stands for a default that every group must give itself."""

    def __repr__(self) -> str:
        return "<required parameter>"


required: _Required = _Required()


def number(value: Any) -> float:
    """Return a setting, which may be a tensor of one element, as a Python number."""
    return float(value._a.item()) if isinstance(value, Tensor) else value


class Optimizer:
    """The base of all optimizers.

    Args:
        params: parameters, (name, parameter) pairs, or groups: dictionaries with "params" and
            settings that differ from the defaults.
        defaults: the settings of groups that do not give their own.
    """

    def __init__(self, params: Iterable[Any], defaults: dict[str, Any]) -> None:
        self.defaults = defaults
        self._pre_hooks: OrderedDict[int, tuple[Callable[..., Any], bool]] = OrderedDict()
        self._post_hooks: OrderedDict[int, tuple[Callable[..., Any], bool]] = OrderedDict()
        self._scratch: dict[int, np.ndarray[Any, Any]] = {}
        self._constants: dict[Any, np.ndarray[Any, Any]] = {}
        self._places: dict[int, tuple[float, list[Any]]] = {}  # a group's arrays, looked up once
        given: object = params
        if isinstance(given, Tensor):
            raise TypeError(
                "params argument given to the optimizer should be an iterable of Tensors or dicts, "
                f"but got {typename(given)}"
            )
        self.state: defaultdict[Any, dict[str, Any]] = defaultdict(dict)
        self.param_groups: list[dict[str, Any]] = []
        groups = list(params)
        if not groups:
            raise ValueError("optimizer got an empty parameter list")
        if not isinstance(groups[0], dict):
            groups = [{"params": groups}]
        for group in groups:
            self.add_param_group(group)

    def add_param_group(self, param_group: dict[str, Any]) -> None:
        """Add parameters with settings of their own, for instance layers that are unfrozen.

        Raises:
            TypeError: the group is not a dictionary, or holds something that is not a tensor.
            ValueError: a parameter is computed from others, or is in another group already.
        """
        checked = checked_group(param_group, self.param_groups, self.defaults, required)
        self.param_groups.append(checked)

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Forget the gradients of all parameters, or fill them with zeros."""
        for group in self.param_groups:
            for p in group["params"]:
                if set_to_none:
                    p._arrived = None
                elif p._grad is not None:
                    p._grad.detach_().zero_()

    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        """Update every parameter that has a gradient; return what `closure` returns.

        `closure` computes the loss and the gradients anew.
        """
        if self._pre_hooks:
            for hook, _ in self._pre_hooks.values():
                hook(self, (closure,), {})
        loss = None
        if closure is not None:
            with enable_grad():
                loss = closure()
        token = hush()
        try:
            for group in self.param_groups:
                self._update(group)
        finally:
            unhush(token)
        if self._post_hooks:
            for hook, _ in self._post_hooks.values():
                hook(self, (closure,), {})
        return loss

    def _update(self, group: dict[str, Any]) -> None:
        raise NotImplementedError

    def register_step_pre_hook(self, hook: Callable[..., Any]) -> RemovableHandle:
        """Call `hook(optimizer, args, kwargs)` before every step."""
        return enlist(self._pre_hooks, hook)

    def register_step_post_hook(self, hook: Callable[..., Any]) -> RemovableHandle:
        """Call `hook(optimizer, args, kwargs)` after every step."""
        return enlist(self._post_hooks, hook)

    # what the updates compute with

    def _room(self, p: Tensor) -> np.ndarray[Any, Any]:
        """Return an array like the parameter's, to compute in; the same one at every step."""
        array = p._a
        room = self._scratch.get(id(p))
        if room is None or room.shape != array.shape or room.dtype is not array.dtype:
            room = self._scratch[id(p)] = np.empty_like(array, order="C")
        return room

    def _let_go(self) -> None:
        """Let go of arrays that updates keep for their own sake; the next update makes them anew."""
        self._scratch.clear()
        self._places.clear()

    def _constant(self, value: float, kind: Any) -> np.ndarray[Any, Any]:
        """Return a setting as a 0-d array of a dtype; arithmetic with it is faster than with it."""
        found = self._constants.get((value, kind))
        if found is None:
            if len(self._constants) > 256:
                self._constants.clear()
            found = self._constants[(value, kind)] = np.array(value, dtype=kind)
        return found

    # state

    def state_dict(self) -> dict[str, Any]:
        """Return the state and the groups, the parameters replaced by their numbers."""
        numbers: dict[int, int] = {}
        groups = []
        for group in self.param_groups:
            for p in group["params"]:
                numbers.setdefault(id(p), len(numbers))
            packed = {name: value for name, value in group.items() if name != "params"}
            packed["params"] = [numbers[id(p)] for p in group["params"]]
            groups.append(packed)
        state = {
            numbers[id(p)] if isinstance(p, Tensor) else p: values
            for p, values in self.state.items()
        }
        return {"state": state, "param_groups": groups}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Take over a state, its tensors cast to the parameters' dtypes (shared where they have them).

        Raises:
            ValueError: other numbers of groups, or of parameters in a group.
        """
        groups = self.param_groups
        saved = [dict(group) for group in state_dict["param_groups"]]
        if len(groups) != len(saved):
            raise ValueError("loaded state dict has a different number of parameter groups")
        for ours, theirs in zip(groups, saved, strict=True):
            if len(ours["params"]) != len(theirs["params"]):
                raise ValueError(
                    "loaded state dict contains a parameter group "
                    "that doesn't match the size of optimizer's group"
                )
        owners = {
            number: p
            for ours, theirs in zip(groups, saved, strict=True)
            for number, p in zip(theirs["params"], ours["params"], strict=True)
        }
        state: defaultdict[Any, dict[str, Any]] = defaultdict(dict)
        for key, values in state_dict["state"].items():
            if key in owners:
                p = owners[key]
                state[p] = {name: _cast(name, value, p) for name, value in values.items()}
            else:
                state[key] = deepcopy(values)
        for ours, theirs in zip(groups, saved, strict=True):
            theirs = {name: deepcopy(value) for name, value in theirs.items() if name != "params"}
            ours.update({name: value for name, value in theirs.items() if name != "param_names"})
        self.state = state

    def __repr__(self) -> str:
        lines = [type(self).__name__ + " ("]
        for number, group in enumerate(self.param_groups):
            lines.append(f"Parameter Group {number}")
            lines += [
                f"    {name}: {group[name]}" for name in sorted(group) if name != "params"
            ]
            lines.append("")
        lines.pop()
        return "\n".join([*lines, ")"])


def _cast(name: str, value: Any, p: Tensor) -> Any:
    """Return a value of the state, as precise as the parameter it belongs to.

    A tensor that is so already is shared with the state that is loaded, as in PyTorch.
    """
    if not isinstance(value, Tensor):
        return deepcopy(value)
    if name == "step" or p._a.dtype.kind != "f" or value._a.dtype == p._a.dtype:
        return value
    return wrap(value._a.astype(p._a.dtype))
