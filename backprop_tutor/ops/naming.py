"""Under which names of PyTorch's and Keras's an elementwise row stands in the tensor engine.

A row that says nothing stands everywhere under its own name: a function at the top, a method, its
twin that writes (`sinc_`); an activation also a function of `nn.functional` and a module. These
records say where PyTorch or Keras does otherwise. Nothing is computed here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["EVERYWHERE", "Keras", "Torch", "camel"]


def camel(name: str) -> str:
    """Return a name in capitals, as classes have it.

    >>> camel("leaky_relu"), camel("log1p")
    ('LeakyRelu', 'Log1p')
    """
    return "".join(part[:1].upper() + part[1:] for part in name.split("_"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Torch:
    """Where a row stands in the engine, and under which names.

    Attributes:
        also: further names of its function, its method and its twin ("arcsin").
        top: whether it is a function at the top and a method.
        method: whether it is a method of tensors, where it is at the top.
        twin: whether it has a twin that writes into its operand (`exp_`).
        layer: whether it is a function of `nn.functional` and a module; None for "if it is an
            activation".
        layer_twin: whether `nn.functional` has the twin, too (`elu_`).
        module: its module's name; empty for the row's name in capitals.
        node: its node's name, without `Backward0`; empty for the function's name in capitals.
        arguments: for each argument the row's option; None where they are the same.
        switch: whether the function of `nn.functional` has an argument `inplace`.
        integers: what becomes of integers and booleans: "floating", "kept", "counted" (booleans
            become int64 first) or "refused" (only booleans are).
        refuses: whether the function of `nn.functional` refuses integers.
    """

    also: tuple[str, ...] = ()
    top: bool = True
    method: bool = True
    twin: bool = True
    layer: bool | None = None
    layer_twin: bool = False
    module: str = ""
    node: str = ""
    arguments: Mapping[str, str] | None = None
    switch: bool = True
    integers: str = "floating"
    refuses: bool = False

    def __post_init__(self) -> None:
        if self.integers not in ("floating", "kept", "counted", "refused"):
            raise ValueError(f"integers become floating, kept, counted or refused, not {self.integers!r}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Keras:
    """By which names Keras's layers call a row, and with which values of its options."""

    names: tuple[str, ...] = ()
    options: tuple[tuple[str, float], ...] = ()


EVERYWHERE = Torch()
"""A row's own name, everywhere."""
