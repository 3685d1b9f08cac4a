"""Activation functions as modules; those that rows of `OPS` make are derived with their functions."""

from __future__ import annotations

from typing import Any, Literal

from ..autograd.tape import Tensor
from ..fused.activations import ACTIVATIONS, module_name, settings, spelling
from . import functional as F
from .module import Module

__all__ = [
    "DERIVED", "GELU", "Hardtanh", "LogSoftmax", "ReLU", "ReLU6", "Sigmoid", "Softmax", "Softmin",
    "Softplus", "Tanh",
]


class _Activation(Module):
    """A module without parameters that shows its settings; `_shown` names them."""

    _shown: tuple[str, ...] = ()

    def extra_repr(self) -> str:
        """Return the settings, and `inplace=True` where it is set."""
        said = [f"{name}={getattr(self, name)!r}" for name in self._shown]
        if self.__dict__.get("inplace"):
            said.append("inplace=True")
        return ", ".join(said)


class _InPlace(_Activation):
    """An activation whose only setting is whether it writes into its input."""

    def __init__(self, inplace: bool = False) -> None:
        super().__init__()
        self.inplace = inplace


class ReLU(_InPlace):
    """max(0, x); the slope at 0 is 0."""

    def forward(self, input: Tensor) -> Tensor:
        """Return max(0, x)."""
        return F.relu(input, self.inplace)


class Sigmoid(_Activation):
    """σ(x) = 1/(1 + e⁻ˣ)."""

    def forward(self, input: Tensor) -> Tensor:
        """Return σ(x)."""
        return F.sigmoid(input)


class Tanh(_Activation):
    """tanh(x)."""

    def forward(self, input: Tensor) -> Tensor:
        """Return tanh(x)."""
        return F.tanh(input)


class GELU(_Activation):
    """x times the normal distribution function, or its tanh approximation."""

    _shown = ("approximate",)

    def __init__(self, approximate: Literal["none", "tanh"] = "none") -> None:
        super().__init__()
        self.approximate = approximate

    def forward(self, input: Tensor) -> Tensor:
        """Return gelu(x)."""
        return F.gelu(input, approximate=self.approximate)


class Hardtanh(_Activation):
    """x held between two bounds; the slope at a bound is 0."""

    _shown: tuple[str, ...] = ("min_val", "max_val")

    def __init__(
        self, min_val: float = -1.0, max_val: float = 1.0, inplace: bool = False
    ) -> None:
        super().__init__()
        if max_val <= min_val:
            raise AssertionError(
                f"max_val ({max_val}) must be greater than min_val ({min_val})"
            )
        self.min_val = min_val
        self.max_val = max_val
        self.inplace = inplace

    def forward(self, input: Tensor) -> Tensor:
        """Return x within the bounds."""
        return F.hardtanh(input, self.min_val, self.max_val, self.inplace)


class ReLU6(Hardtanh):
    """x held between 0 and 6."""

    _shown = ()

    def __init__(self, inplace: bool = False) -> None:
        super().__init__(0.0, 6.0, inplace)


class Softplus(_Activation):
    """ln(1 + e^(βx))/β; x itself where βx exceeds the threshold."""

    _shown = ("beta", "threshold")

    def __init__(self, beta: float = 1.0, threshold: float = 20.0) -> None:
        super().__init__()
        self.beta = beta
        self.threshold = threshold

    def forward(self, input: Tensor) -> Tensor:
        """Return softplus(x)."""
        return F.softplus(input, self.beta, self.threshold)


class _AlongDim(_Activation):
    """An activation along one dimension."""

    _shown = ("dim",)

    def __init__(self, dim: int | None = None) -> None:
        super().__init__()
        self.dim = dim


class Softmax(_AlongDim):
    """eˣ divided by the sum of eˣ along `dim`."""

    def forward(self, input: Tensor) -> Tensor:
        """Return the shares along `dim`."""
        return F.softmax(input, self.dim, _stacklevel=5)


class Softmin(_AlongDim):
    """softmax(−x) along `dim`."""

    def forward(self, input: Tensor) -> Tensor:
        """Return the shares of −x along `dim`."""
        return F.softmin(input, self.dim, _stacklevel=5)


class LogSoftmax(_AlongDim):
    """ln softmax(x) along `dim`."""

    def forward(self, input: Tensor) -> Tensor:
        """Return the logarithms of the shares along `dim`."""
        return F.log_softmax(input, self.dim, _stacklevel=5)


class _Derived(_Activation):
    """An activation that a row of `OPS` makes; its settings are the row's options."""

    _function: Any
    _defaults: dict[str, Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__()
        names = list(self._defaults)
        if len(args) > len(names):
            raise TypeError(
                f"{type(self).__name__}.__init__() takes from 1 to {len(names) + 1} positional "
                f"arguments but {len(args) + 1} were given"
            )
        given = dict(zip(names, args, strict=False))
        for name, value in kwargs.items():
            if name not in self._defaults or name in given:
                said = "got multiple values for" if name in given else "got an unexpected keyword"
                raise TypeError(f"{type(self).__name__}.__init__() {said} argument '{name}'")
            given[name] = value
        for name, default in self._defaults.items():
            setattr(self, name, given.get(name, default))

    def forward(self, input: Tensor) -> Tensor:
        """Return the function of x."""
        found: Tensor = type(self)._function(
            input, **{name: getattr(self, name) for name in self._defaults})
        return found


def _derived(name: str) -> type[Module]:
    """Return the module of an activation's row."""
    defaults: dict[str, Any] = {argument: value for argument, (_, value) in settings(name).items()}
    if spelling(name).switch:
        defaults["inplace"] = False
    members = {
        "__module__": __name__, "__doc__": ACTIVATIONS[name].__doc__,
        "_function": staticmethod(ACTIVATIONS[name]), "_defaults": defaults,
        "_shown": tuple(settings(name)),
    }
    return type(module_name(name), (_Derived,), members)


DERIVED = ACTIVATIONS.derived(lambda f: {module_name(f.__name__): _derived(f.__name__)})
"""The modules that rows of `OPS` make, by name."""


def __getattr__(name: str) -> Any:
    """Return a module that a row makes: pickles and copies look for it here."""
    if name in DERIVED:
        return DERIVED[name]
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
