"""What may be a group of parameters: the checks before an optimizer takes one."""

from __future__ import annotations

import warnings
from typing import Any

from ..autograd.tape import Tensor
from ..nn.parameter import typename

__all__ = ["checked_group"]


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
