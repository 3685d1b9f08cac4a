"""What tinygrad calls or orders otherwise than PyTorch, as methods of its `Tensor`."""

from __future__ import annotations

from typing import Any

from backprop_tutor import engine

from .tensor import Tensor, as_dtype, unwrap, wrap

F = engine.nn.functional


def _tensor(x: Any, beside: Tensor) -> Any:
    """Return an operand as a tensor of the engine, a number with the dtype it has beside a tensor."""
    if isinstance(x, Tensor):
        return x.held
    return engine.tensor(x, dtype=engine.result_type(beside.held, x))


def _places(index: Any) -> Any:
    """Return an index tensor as int64, which PyTorch asks for."""
    return unwrap(index).to(engine.int64)


def _ranked(x: Any) -> Any:
    """Return booleans as numbers: PyTorch does not rank booleans."""
    return x.to(engine.int32) if x.dtype is engine.bool else x


# What tinygrad calls or orders otherwise.


class Operations:
    """The methods; `Tensor` is given each of them."""

    def idiv(self, other: Any) -> Tensor:
        return wrap(engine.div(self.held, unwrap(other), rounding_mode="trunc"), (self, other))

    def div(self, other: Any, reverse: Any = False, rounding_mode: Any = None) -> Tensor:
        a, b = (unwrap(other), self.held) if reverse else (self.held, unwrap(other))
        return wrap(engine.div(a, b, rounding_mode=rounding_mode), (self, other))

    def mod(self, other: Any) -> Tensor:
        return wrap(engine.remainder(self.held, unwrap(other)), (self, other))

    def pow(self, other: Any, reverse: Any = False) -> Tensor:
        a, b = (unwrap(other), self.held) if reverse else (self.held, unwrap(other))
        return wrap(engine.pow(a, b), (self, other))

    def lshift(self, other: Any) -> Tensor:
        return wrap(self.held << unwrap(other), (self, other))

    def rshift(self, other: Any) -> Tensor:
        return wrap(self.held >> unwrap(other), (self, other))

    def maximum(self, other: Any) -> Tensor:
        return wrap(engine.maximum(self.held, _tensor(other, self)), (self, other))

    def minimum(self, other: Any) -> Tensor:
        return wrap(engine.minimum(self.held, _tensor(other, self)), (self, other))

    def where(self, a: Any, b: Any) -> Tensor:
        return wrap(engine.where(self.held, unwrap(a), unwrap(b)), (a, b))

    def dot(self, other: Any, **_: Any) -> Tensor:
        return wrap(engine.matmul(self.held, unwrap(other)), (self, other))

    def cat(self, *others: Any, dim: int = 0) -> Tensor:
        return wrap(engine.cat([unwrap(self), *unwrap(others)], dim), (self, *others))

    def stack(self, *others: Any, dim: int = 0) -> Tensor:
        if isinstance(self, (list, tuple)):
            if others:
                raise ValueError("tensors are given as one list or one by one")
            self, *others = self
        return wrap(engine.stack([unwrap(self), *unwrap(others)], dim), (self, *others))

    @staticmethod
    def einsum(formula: str, *operands: Any) -> Tensor:
        return wrap(engine.einsum(formula, *unwrap(operands)), operands)

    def meshgrid(self, *others: Any, indexing: str = "ij") -> Any:
        return wrap(engine.meshgrid(self.held, *unwrap(others), indexing=indexing), (self, others))

    def _extreme(self, name: str, axis: Any, keepdim: bool) -> Tensor:
        function = getattr(engine, name)
        if axis is None:
            found = function(self.held)
            return wrap(found.reshape((1,) * self.ndim) if keepdim else found, self)
        if isinstance(axis, int):
            return wrap(function(self.held, axis, keepdim)[0], self)
        return wrap(getattr(engine, f"a{name}")(self.held, axis, keepdim), self)

    def max(self, axis: Any = None, keepdim: bool = False) -> Tensor:
        return self._extreme("max", axis, keepdim)

    def min(self, axis: Any = None, keepdim: bool = False) -> Tensor:
        return self._extreme("min", axis, keepdim)

    def argmax(self, axis: Any = None, keepdim: bool = False) -> Tensor:
        return wrap(engine.argmax(_ranked(self.held), axis, keepdim))

    def argmin(self, axis: Any = None, keepdim: bool = False) -> Tensor:
        return wrap(engine.argmin(_ranked(self.held), axis, keepdim))

    def _along(self, name: str, axis: int) -> Any:
        return getattr(engine, name)(self.held, axis)

    def cumsum(self, axis: int = 0) -> Tensor:
        return wrap(self._along("cumsum", axis), self)

    def cumprod(self, axis: int) -> Tensor:
        return wrap(self._along("cumprod", axis), self)

    def cummax(self, axis: int = 0) -> Any:
        return wrap(self._along("cummax", axis)[0], self)

    def logcumsumexp(self, axis: int = 0) -> Tensor:
        return wrap(self._along("logcumsumexp", axis), self)

    def _over(self, name: str, axis: Any, options: dict[str, Any]) -> Any:
        return wrap(getattr(engine, name)(self.held, axis, **options), self)

    def sum(self, axis: Any = None, keepdim: bool = False, dtype: Any = None) -> Tensor:
        return self._over("sum", axis, {"keepdim": keepdim, "dtype": as_dtype(dtype)})

    def mean(self, axis: Any = None, keepdim: bool = False) -> Tensor:
        return self._over("mean", axis, {"keepdim": keepdim})

    def prod(self, axis: Any = None, keepdim: bool = False, dtype: Any = None) -> Tensor:
        if axis is None:
            return wrap(engine.prod(self.held, dtype=as_dtype(dtype)), self)
        return self._over("prod", axis, {"keepdim": keepdim, "dtype": as_dtype(dtype)})

    def any(self, axis: Any = None, keepdim: bool = False) -> Tensor:
        return self._over("any", axis, {"keepdim": keepdim})

    def all(self, axis: Any = None, keepdim: bool = False) -> Tensor:
        return self._over("all", axis, {"keepdim": keepdim})

    def var(self, axis: Any = None, keepdim: bool = False, correction: int = 1) -> Tensor:
        return self._over("var", axis, {"keepdim": keepdim, "correction": correction})

    def std(self, axis: Any = None, keepdim: bool = False, correction: int = 1) -> Tensor:
        return self._over("std", axis, {"keepdim": keepdim, "correction": correction})

    def std_mean(self, axis: Any = None, keepdim: bool = False, correction: int = 1) -> Any:
        return self._over("std_mean", axis, {"keepdim": keepdim, "correction": correction})

    def var_mean(self, axis: Any = None, keepdim: bool = False, correction: int = 1) -> Any:
        return self._over("var_mean", axis, {"keepdim": keepdim, "correction": correction})

    def softmax(self, axis: int = -1, dtype: Any = None) -> Tensor:
        return wrap(F.softmax(self.held, axis, dtype=as_dtype(dtype)))

    def log_softmax(self, axis: int = -1, dtype: Any = None) -> Tensor:
        return wrap(F.log_softmax(self.held, axis, dtype=as_dtype(dtype)))

    def logsumexp(self, axis: Any = None, keepdim: bool = False) -> Tensor:
        axis = tuple(range(self.ndim)) if axis is None else axis
        return wrap(engine.logsumexp(self.held, axis, keepdim))

    def reshape(self, *shape: Any) -> Tensor:
        sizes = shape[0] if len(shape) == 1 and isinstance(shape[0], (list, tuple)) else shape
        kept = [self.shape[i] if n is None else n for i, n in enumerate(sizes)]
        return wrap(self.held.reshape(tuple(kept)), self)

    def transpose(self, dim0: int = 1, dim1: int = 0) -> Tensor:
        return wrap(self.held.transpose(dim0, dim1), self)

    def squeeze(self, dim: Any = None) -> Tensor:
        return wrap(self.held.squeeze() if dim is None else self.held.squeeze(dim), self)

    def flatten(self, start_dim: int = 0, end_dim: int = -1) -> Tensor:
        return wrap(self.held.flatten(start_dim, end_dim), self)

    def flip(self, *axis: Any, **options: Any) -> Tensor:
        return wrap(self.held.flip(*(axis or (options["axis"],))), self)

    def pad(self, padding: Any, mode: str = "constant", value: Any = 0.0) -> Tensor:
        """Pad by widths from the last dimension on, or by a pair for each dimension."""
        flat = list(padding)
        if not all(isinstance(p, int) for p in flat):
            if len(flat) != self.ndim:
                raise ValueError(f"padding of {len(flat)} dimensions for {self.ndim}")
            if mode != "constant":
                first = next((i for i, p in enumerate(flat) if p not in (None, (0, 0))), len(flat))
                flat = flat[min(first, 2):]
            flat = [n for p in reversed(flat) for n in (p or (0, 0))]
        elif len(flat) % 2:
            raise ValueError("padding wants two widths for each dimension")
        return wrap(F.pad(self.held, flat, mode, value), self)

    def scaled_dot_product_attention(
        self, key: Any, value: Any, attn_mask: Any = None, dropout_p: float = 0.0, is_causal: bool = False,
        enable_gqa: bool = False,
    ) -> Tensor:
        return wrap(F.scaled_dot_product_attention(
            self.held, unwrap(key), unwrap(value), unwrap(attn_mask), dropout_p if Tensor.training else 0.0,
            is_causal, enable_gqa=enable_gqa))

    def shrink(self, bounds: Any) -> Tensor:
        return self[tuple(slice(None) if b is None else slice(*b) for b in bounds)]

    def clip(self, min_: Any = None, max_: Any = None, **options: Any) -> Tensor:
        low, high = options.get("min", min_), options.get("max", max_)
        return wrap(engine.clamp(self.held, unwrap(low), unwrap(high)), self)

    clamp = clip

    def isinf(self, detect_positive: bool = True, detect_negative: bool = True) -> Tensor:
        up, down = engine.isposinf(self.held), engine.isneginf(self.held)
        return Tensor._of((up & detect_positive) | (down & detect_negative))

    def isclose(self, other: Any, **options: Any) -> Tensor:
        return wrap(engine.isclose(self.held, unwrap(other), **options))

    def sort(self, dim: int = -1, descending: bool = False) -> Any:
        values, places = engine.sort(self.held, dim=dim, descending=descending, stable=True)
        return wrap(values, self), wrap(places)

    def argsort(self, dim: int = -1, descending: bool = False) -> Any:
        return wrap(engine.argsort(self.held, dim=dim, descending=descending, stable=True))

    def topk(self, k: int, dim: int = -1, largest: bool = True, sorted_: bool = True) -> Any:
        values, places = engine.topk(self.held, k, dim, largest, sorted_)
        return wrap(values, self), wrap(places)

    def gather(self, dim: int, index: Any) -> Tensor:
        return wrap(engine.gather(self.held, dim, _places(index)), self)

    def scatter(self, dim: int, index: Any, src: Any, reduce: Any = None) -> Tensor:
        if reduce is not None:
            return wrap(
                engine.scatter(self.held, dim, _places(index), unwrap(src), reduce=reduce), self
            )
        return wrap(engine.scatter(self.held, dim, _places(index), unwrap(src)), self)

    def one_hot(self, num_classes: int = -1) -> Tensor:
        return wrap(F.one_hot(_places(self), num_classes))

    def repeat(self, *sizes: Any) -> Tensor:
        return wrap(self.held.repeat(*sizes), self)

    def masked_fill(self, mask: Any, value: Any) -> Tensor:
        return wrap(engine.masked_fill(self.held, unwrap(mask), unwrap(value)), self)

    # Activations and losses.

    def leaky_relu(self, neg_slope: float = 0.01) -> Tensor:
        return wrap(F.leaky_relu(self.held, neg_slope))

    def gelu(self) -> Tensor:
        return wrap(F.gelu(self.held, approximate="tanh"))

    def quick_gelu(self) -> Tensor:
        return wrap(self.held * engine.sigmoid(1.702 * self.held))

    def swish(self) -> Tensor:
        return wrap(F.silu(self.held))

    def dropout(self, p: float = 0.5) -> Tensor:
        return wrap(F.dropout(self.held, p, Tensor.training))

    def binary_crossentropy(self, y: Any, reduction: str = "mean") -> Tensor:
        return wrap(F.binary_cross_entropy(self.held, unwrap(y), reduction=reduction))

    def binary_crossentropy_logits(
        self, y: Any, reduction: str = "mean", pos_weight: Any = None
    ) -> Tensor:
        return wrap(
            F.binary_cross_entropy_with_logits(
                self.held, unwrap(y), reduction=reduction, pos_weight=unwrap(pos_weight)
            )
        )

    def sparse_categorical_crossentropy(
        self, y: Any, ignore_index: int = -1, label_smoothing: float = 0.0, reduction: str = "mean"
    ) -> Tensor:
        classes_second = self.held.transpose(1, -1) if self.ndim > 2 else self.held
        return wrap(
            F.cross_entropy(
                classes_second,
                _places(y),
                ignore_index=ignore_index,
                label_smoothing=label_smoothing,
                reduction=reduction,
            )
        )

    def cross_entropy(
        self, y: Any, reduction: str = "mean", label_smoothing: float = 0.0
    ) -> Tensor:
        target = unwrap(y) if y.held.dtype.is_floating_point else _places(y)
        return wrap(
            F.cross_entropy(self.held, target, reduction=reduction, label_smoothing=label_smoothing)
        )

    def nll_loss(
        self, y: Any, weight: Any = None, ignore_index: Any = None, reduction: str = "mean"
    ) -> Tensor:
        ignored = {} if ignore_index is None else {"ignore_index": ignore_index}
        return wrap(
            F.nll_loss(self.held, _places(y), unwrap(weight), reduction=reduction, **ignored)
        )


for _name, _method in list(vars(Operations).items()):
    if not _name.startswith("__"):
        setattr(Tensor, _name, _method)
