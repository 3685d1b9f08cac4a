"""Activation functions as modules, one a class; the functions themselves are in `functional`."""

from __future__ import annotations

from typing import Any

from ..creation import full
from ..tape import Tensor
from . import functional as F
from .module import Module
from .parameter import Parameter

__all__ = [
    "CELU", "ELU", "GELU", "GLU", "SELU", "Hardshrink", "Hardsigmoid", "Hardswish", "Hardtanh",
    "LeakyReLU", "LogSigmoid", "LogSoftmax", "Mish", "PReLU", "RReLU", "ReLU", "ReLU6", "SiLU",
    "Sigmoid", "Softmax", "Softmin", "Softplus", "Softshrink", "Softsign", "Tanh", "Tanhshrink",
    "Threshold",
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


class SELU(_InPlace):
    """λx above 0 and λα(eˣ − 1) below, with the constants that keep mean 0 and variance 1."""

    def forward(self, input: Tensor) -> Tensor:
        """Return selu(x)."""
        return F.selu(input, self.inplace)


class SiLU(_InPlace):
    """x·σ(x), also called swish."""

    def forward(self, input: Tensor) -> Tensor:
        """Return x·σ(x)."""
        return F.silu(input, self.inplace)


class Mish(_InPlace):
    """x·tanh(softplus(x))."""

    def forward(self, input: Tensor) -> Tensor:
        """Return x·tanh(softplus(x))."""
        return F.mish(input, self.inplace)


class Hardsigmoid(_InPlace):
    """x/6 + 1/2, held between 0 and 1."""

    def forward(self, input: Tensor) -> Tensor:
        """Return the piecewise linear sigmoid."""
        return F.hardsigmoid(input, self.inplace)

    def extra_repr(self) -> str:
        """Return nothing."""
        return ""


class Hardswish(_InPlace):
    """x times the piecewise linear sigmoid."""

    def forward(self, input: Tensor) -> Tensor:
        """Return x·hardsigmoid(x)."""
        return F.hardswish(input, self.inplace)

    def extra_repr(self) -> str:
        """Return nothing."""
        return ""


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


class LogSigmoid(_Activation):
    """ln σ(x)."""

    def forward(self, input: Tensor) -> Tensor:
        """Return ln σ(x)."""
        return F.logsigmoid(input)


class Softsign(_Activation):
    """x/(1 + |x|)."""

    def forward(self, input: Tensor) -> Tensor:
        """Return x/(1 + |x|)."""
        return F.softsign(input)


class Tanhshrink(_Activation):
    """x − tanh(x)."""

    def forward(self, input: Tensor) -> Tensor:
        """Return x − tanh(x)."""
        return F.tanhshrink(input)


class LeakyReLU(_Activation):
    """x above 0 and `negative_slope`·x below."""

    _shown = ("negative_slope",)

    def __init__(self, negative_slope: float = 1e-2, inplace: bool = False) -> None:
        super().__init__()
        self.negative_slope = negative_slope
        self.inplace = inplace

    def forward(self, input: Tensor) -> Tensor:
        """Return the leaky ReLU of x."""
        return F.leaky_relu(input, self.negative_slope, self.inplace)


class ELU(_Activation):
    """x above 0 and α(eˣ − 1) below."""

    _shown = ("alpha",)

    def __init__(self, alpha: float = 1.0, inplace: bool = False) -> None:
        super().__init__()
        self.alpha = alpha
        self.inplace = inplace

    def forward(self, input: Tensor) -> Tensor:
        """Return elu(x)."""
        return F.elu(input, self.alpha, self.inplace)


class CELU(_Activation):
    """x above 0 and α(e^(x/α) − 1) below."""

    _shown = ("alpha",)

    def __init__(self, alpha: float = 1.0, inplace: bool = False) -> None:
        super().__init__()
        self.alpha = alpha
        self.inplace = inplace

    def forward(self, input: Tensor) -> Tensor:
        """Return celu(x)."""
        return F.celu(input, self.alpha, self.inplace)


class GELU(_Activation):
    """x times the normal distribution function, or its tanh approximation."""

    _shown = ("approximate",)

    def __init__(self, approximate: str = "none") -> None:
        super().__init__()
        self.approximate = approximate

    def forward(self, input: Tensor) -> Tensor:
        """Return gelu(x)."""
        return F.gelu(input, approximate=self.approximate)


class GLU(_Activation):
    """The first half of a dimension times the sigmoid of its second half."""

    _shown = ("dim",)

    def __init__(self, dim: int = -1) -> None:
        super().__init__()
        self.dim = dim

    def forward(self, input: Tensor) -> Tensor:
        """Return the gated half."""
        return F.glu(input, self.dim)


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


class Threshold(_Activation):
    """x where it exceeds `threshold`, `value` elsewhere."""

    _shown = ("threshold", "value")

    def __init__(self, threshold: float, value: float, inplace: bool = False) -> None:
        super().__init__()
        self.threshold = threshold
        self.value = value
        self.inplace = inplace

    def forward(self, input: Tensor) -> Tensor:
        """Return x or the value."""
        return F.threshold(input, self.threshold, self.value, self.inplace)


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


class Hardshrink(Module):
    """x outside ±λ and 0 inside."""

    def __init__(self, lambd: float = 0.5) -> None:
        super().__init__()
        self.lambd = lambd

    def forward(self, input: Tensor) -> Tensor:
        """Return the shrunk x."""
        return F.hardshrink(input, self.lambd)

    def extra_repr(self) -> str:
        """Return λ."""
        return f"{self.lambd}"


class Softshrink(Hardshrink):
    """x moved by λ towards 0, and 0 within ±λ."""

    def forward(self, input: Tensor) -> Tensor:
        """Return the shrunk x."""
        return F.softshrink(input, self.lambd)


class RReLU(_Activation):
    """A leaky ReLU whose slope is drawn anew for each element in training."""

    _shown = ("lower", "upper")

    def __init__(
        self, lower: float = 1.0 / 8, upper: float = 1.0 / 3, inplace: bool = False
    ) -> None:
        super().__init__()
        self.lower = lower
        self.upper = upper
        self.inplace = inplace

    def forward(self, input: Tensor) -> Tensor:
        """Return the leaky ReLU; its slope is the mean of the bounds in evaluation."""
        return F.rrelu(input, self.lower, self.upper, self.training, self.inplace)


class PReLU(Module):
    """A leaky ReLU whose slope is learnt, one for all channels or one for each."""

    def __init__(
        self, num_parameters: int = 1, init: float = 0.25, device: Any = None, dtype: Any = None
    ) -> None:
        super().__init__()
        self.num_parameters = num_parameters
        self.init = init
        self.weight = Parameter(full((num_parameters,), init, dtype=dtype, device=device))

    def forward(self, input: Tensor) -> Tensor:
        """Return x above 0 and the learnt slope times x below."""
        return F.prelu(input, self.weight)

    def extra_repr(self) -> str:
        """Return the number of slopes."""
        return f"num_parameters={self.num_parameters}"


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
