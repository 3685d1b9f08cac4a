"""tinygrad's layers on the engine's functions."""

from __future__ import annotations

from typing import Any

from backprop_tutor import engine
from benchmarks.shims.not_offered import Missing
from tinygrad.tensor import Tensor, unwrap, wrap

from . import optim, state

F = engine.nn.functional
_CONVOLVES = "the engine has no convolutions"
Conv1d, Conv2d = Missing("Conv1d", _CONVOLVES), Missing("Conv2d", _CONVOLVES)
ConvTranspose1d, ConvTranspose2d = (
    Missing("ConvTranspose1d", _CONVOLVES),
    Missing("ConvTranspose2d", _CONVOLVES),
)
LSTMCell = Missing("LSTMCell", "the engine has no recurrent layers")
InstanceNorm = Missing("InstanceNorm", "the engine has no such layer")


class Linear:
    """A linear layer, its weight (out, in)."""

    def __init__(self, n: int, m: int, bias: bool = True) -> None:
        made = engine.nn.Linear(n, m, bias=bias)
        self.weight, self.bias = wrap(made.weight), wrap(made.bias)

    def __call__(self, x: Any) -> Any:
        return wrap(F.linear(unwrap(x), unwrap(self.weight), unwrap(self.bias)))


class Embedding:
    """Rows of a table."""

    def __init__(self, count: int, width: int) -> None:
        self.weight = wrap(engine.nn.Embedding(count, width).weight)

    def __call__(self, places: Any) -> Any:
        return wrap(F.embedding(unwrap(places).to(engine.int64), unwrap(self.weight)))


class BatchNorm:
    """Normalising over all dimensions but the second."""

    def __init__(
        self,
        sz: int,
        eps: float = 1e-5,
        affine: bool = True,
        track_running_stats: bool = True,
        momentum: float = 0.1,
    ) -> None:
        self.eps, self.momentum, self.tracks = eps, momentum, track_running_stats
        self.weight, self.bias = (Tensor.ones(sz), Tensor.zeros(sz)) if affine else (None, None)
        self.running_mean = Tensor.zeros(sz) if self.tracks else None
        self.running_var = Tensor.ones(sz) if self.tracks else None

    def __call__(self, x: Any) -> Any:
        return wrap(
            F.batch_norm(
                unwrap(x),
                unwrap(self.running_mean),
                unwrap(self.running_var),
                unwrap(self.weight),
                unwrap(self.bias),
                Tensor.training or not self.tracks,
                self.momentum,
                self.eps,
            )
        )


class LayerNorm:
    """Normalising over the last dimensions."""

    def __init__(self, shape: Any, eps: float = 1e-5, elementwise_affine: bool = True) -> None:
        self.shape = (shape,) if isinstance(shape, int) else tuple(shape)
        self.eps = eps
        self.weight, self.bias = (
            (Tensor.ones(*self.shape), Tensor.zeros(*self.shape))
            if elementwise_affine
            else (None, None)
        )

    def __call__(self, x: Any) -> Any:
        return wrap(
            F.layer_norm(unwrap(x), self.shape, unwrap(self.weight), unwrap(self.bias), self.eps)
        )


class LayerNorm2d(LayerNorm):
    """Normalising over the second of four dimensions."""

    def __call__(self, x: Any) -> Any:
        return super().__call__(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)


class GroupNorm:
    """Normalising over groups of the second dimension."""

    def __init__(self, groups: int, channels: int, eps: float = 1e-5, affine: bool = True) -> None:
        self.groups, self.eps = groups, eps
        self.weight, self.bias = (
            (Tensor.ones(channels), Tensor.zeros(channels)) if affine else (None, None)
        )

    def __call__(self, x: Any) -> Any:
        return wrap(
            F.group_norm(unwrap(x), self.groups, unwrap(self.weight), unwrap(self.bias), self.eps)
        )


class RMSNorm:
    """Scaling by the root of the mean square."""

    def __init__(self, dim: int, eps: float = 1e-6, elementwise_affine: bool = True) -> None:
        self.eps, self.weight = eps, Tensor.ones(dim) if elementwise_affine else None

    def __call__(self, x: Any) -> Any:
        return wrap(F.rms_norm(unwrap(x), (unwrap(x).shape[-1],), unwrap(self.weight), self.eps))


__all__ = [
    "BatchNorm",
    "Conv1d",
    "Conv2d",
    "ConvTranspose1d",
    "ConvTranspose2d",
    "Embedding",
    "GroupNorm",
    "InstanceNorm",
    "LSTMCell",
    "LayerNorm",
    "LayerNorm2d",
    "Linear",
    "RMSNorm",
    "optim",
    "state",
]
