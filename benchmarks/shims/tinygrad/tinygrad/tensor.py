"""tinygrad's `Tensor` on the engine's.

Most methods have PyTorch's names and meanings, and go to the engine as they are; written out here is what
tinygrad calls or orders otherwise. Whole numbers are int32 unless an operand is int64, as in tinygrad.
"""

from __future__ import annotations

import contextlib
import math
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from backprop_tutor import engine
from benchmarks.shims.not_offered import Missing, NotOffered

from .dtype import dtypes

F = engine.nn.functional
ARRAYS = {
    engine.bool: np.bool_, engine.uint8: np.uint8, engine.int8: np.int8, engine.int16: np.int16,
    engine.int32: np.int32, engine.int64: np.int64, engine.float16: np.float16,
    engine.float32: np.float32, engine.float64: np.float64,
}
PASSED_ON = frozenset((*dir(engine.Tensor), *(n for n in dir(F) if not n.startswith("_"))))


def _to_np_dtype(dtype: Any) -> Any:
    return ARRAYS[dtype]


def as_dtype(dtype: Any) -> Any:
    """Return a dtype given as itself or by name."""
    found = getattr(dtypes, dtype) if isinstance(dtype, str) else dtype
    if isinstance(found, Missing):
        raise NotOffered(found.said)
    return found


def unwrap(x: Any) -> Any:
    """Return arguments with the engine's tensors in the place of ours."""
    if isinstance(x, Tensor):
        return x.held
    if isinstance(x, (list, tuple)):
        return type(x)(unwrap(e) for e in x)
    if isinstance(x, slice):
        return slice(*(unwrap(e) for e in (x.start, x.stop, x.step)))
    return {k: unwrap(v) for k, v in x.items()} if isinstance(x, dict) else x


def wrap(x: Any, operands: Any = ()) -> Any:
    """Return results with our tensors in the place of the engine's."""
    if isinstance(x, engine.Tensor):
        if x.dtype is engine.int64 and not _has_long(operands):
            x = x.to(dtypes.default_int)
        return Tensor._of(x)
    return tuple(wrap(e, operands) for e in x) if isinstance(x, (list, tuple)) else x


def _has_long(x: Any) -> bool:
    if isinstance(x, Tensor):
        return x.held.dtype is engine.int64
    return isinstance(x, (list, tuple)) and any(_has_long(e) for e in x)


def passed_on(name: str) -> Callable[..., Any]:
    """Return a method that goes to the engine under its own name."""
    def method(*operands: Any, **options: Any) -> Any:
        function = getattr(engine.Tensor, name, None) or getattr(F, name)
        return wrap(function(*unwrap(operands), **_named(options)), operands)
    return method


def _named(options: dict[str, Any]) -> dict[str, Any]:
    found = {{"axis": "dim"}.get(k, k): unwrap(v) for k, v in options.items()}
    return found | ({"dtype": as_dtype(found["dtype"])} if "dtype" in found else {})


class _Names(type):
    def __getattr__(cls, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        if name in PASSED_ON:
            return passed_on(name)
        raise NotOffered(f"{name}: the engine has no such operation")


class Tensor(metaclass=_Names):
    """A tensor with tinygrad's methods."""

    training = False

    def __init__(self, data: Any, device: Any = None, dtype: Any = None, requires_grad: Any = None) -> None:
        dtype = as_dtype(dtype)
        if isinstance(data, Tensor):
            made = data.held
        elif isinstance(data, np.ndarray):
            made = engine.from_numpy(data.copy())
        elif isinstance(data, bytes):
            made = engine.tensor(list(data), dtype=engine.uint8)
        elif data is None:
            made = engine.empty(0)
        else:
            made = engine.tensor(unwrap(data))
            if made.dtype is engine.int64 and not isinstance(data, np.generic):
                made = made.to(dtypes.default_int)
            elif made.dtype is engine.float32:
                made = made.to(dtypes.default_float)
        made = made.detach().to(dtype) if dtype is not None else made.detach()
        if requires_grad is not False and made.dtype.is_floating_point:
            made.requires_grad_()  # tinygrad's `gradient` asks no leaf whether it wants one
        self.held = made
        self.asked = requires_grad

    @classmethod
    def _of(cls, held: Any) -> Tensor:
        made = cls.__new__(cls)
        made.held, made.asked = held, None
        return made

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") or name in ("held", "asked"):
            raise AttributeError(name)
        method = getattr(type(self), name)
        return lambda *a, **k: method(self, *a, **k)

    # What a tensor is.

    @property
    def shape(self) -> tuple[int, ...]:
        return tuple(self.held.shape)

    @property
    def dtype(self) -> Any:
        return self.held.dtype

    @property
    def ndim(self) -> int:
        return int(self.held.ndim)

    @property
    def device(self) -> str:
        return "CPU"

    @property
    def T(self) -> Tensor:
        return self.transpose()

    @property
    def grad(self) -> Any:
        return wrap(self.held.grad)

    @grad.setter
    def grad(self, value: Any) -> None:
        self.held.grad = unwrap(value)

    @property
    def requires_grad(self) -> Any:
        return self.asked if self.held.is_leaf else self.held.requires_grad

    @requires_grad.setter
    def requires_grad(self, wanted: bool) -> None:
        self.held.requires_grad, self.asked = wanted, wanted

    def __len__(self) -> int:
        return len(self.held)

    def __iter__(self) -> Iterator[Any]:
        return iter([wrap(t, self) for t in self.held])

    def __getitem__(self, index: Any) -> Any:
        return wrap(self.held[unwrap(index)], self)

    def __setitem__(self, index: Any, value: Any) -> None:
        with engine.no_grad() if self.held.is_leaf else contextlib.nullcontext():
            self.held[unwrap(index)] = unwrap(value)

    def __bool__(self) -> bool:
        raise TypeError("a tensor of tinygrad is neither true nor false")

    __hash__ = object.__hash__

    def numpy(self) -> Any:
        return self.held.detach().numpy()

    def data(self) -> Any:
        return memoryview(self.numpy())

    def item(self) -> Any:
        return self.held.item()

    def tolist(self) -> Any:
        return self.held.tolist()

    def numel(self) -> int:
        return int(self.held.numel())

    def size(self, dim: Any = None) -> Any:
        return self.shape if dim is None else self.shape[dim]

    def realize(self, *_: Any) -> Tensor:
        return self

    def contiguous(self) -> Tensor:
        return self

    def to(self, _: Any) -> Tensor:
        return self

    to_ = to

    def is_floating_point(self) -> bool:
        return bool(self.held.dtype.is_floating_point)

    @classmethod
    @contextlib.contextmanager
    def train(cls, mode: bool = True) -> Iterator[None]:
        before, cls.training = cls.training, mode
        try:
            yield
        finally:
            cls.training = before

    # Gradients.

    def backward(self, gradient: Any = None, **_: Any) -> Tensor:
        self.held.backward(unwrap(gradient))
        return self

    def gradient(self, *targets: Any, gradient: Any = None) -> Any:
        found = engine.autograd.grad(self.held, unwrap(targets), unwrap(gradient))
        return [wrap(g) for g in found]

    def assign(self, value: Any) -> Tensor:
        with engine.no_grad():
            self.held.copy_(unwrap(value))
        return self

    def replace(self, value: Any) -> Tensor:
        self.held = unwrap(value)
        return self

    # Dtypes.

    def cast(self, dtype: Any) -> Tensor:
        return Tensor._of(self.held.to(as_dtype(dtype)))

    def int(self) -> Tensor:
        return self.cast(dtypes.int32)

    def float(self) -> Tensor:
        return self.cast(dtypes.float32)

    def half(self) -> Tensor:
        return self.cast(dtypes.float16)

    def bool(self) -> Tensor:
        return self.cast(dtypes.bool)

    # What is made.

    @staticmethod
    def _made(function: Callable[..., Any], shape: Any, requires_grad: Any = None, **options: Any) -> Tensor:
        while len(shape) and isinstance(shape[0], (list, tuple)):
            shape = (*shape[0], *shape[1:])
        sizes = shape
        if any(s < 0 for s in sizes):
            raise ValueError(f"negative size in {tuple(sizes)}")
        options.pop("device", None)
        made = function(tuple(sizes), **_named(options))
        return Tensor._of(made.requires_grad_() if requires_grad else made)

    empty = staticmethod(lambda *s, **o: Tensor._made(engine.empty, s, **o))
    zeros = staticmethod(lambda *s, **o: Tensor._made(engine.zeros, s, **o))
    ones = staticmethod(lambda *s, **o: Tensor._made(engine.ones, s, **o))
    rand = staticmethod(lambda *s, **o: Tensor._made(engine.rand, s, **o))
    randn = staticmethod(lambda *s, **o: Tensor._made(engine.randn, s, **o))

    @staticmethod
    def normal(*shape: Any, mean: Any = 0.0, std: Any = 1.0, **options: Any) -> Tensor:
        return Tensor._made(lambda s: engine.randn(s) * std + mean, shape, **options)

    @staticmethod
    def uniform(*shape: Any, low: Any = 0.0, high: Any = 1.0, **options: Any) -> Tensor:
        return Tensor._made(lambda s: engine.rand(s) * (high - low) + low, shape, **options)

    @staticmethod
    def randint(*shape: Any, low: Any = 0, high: Any = 10, **options: Any) -> Tensor:
        return Tensor._made(lambda s: engine.randint(low, high, s, dtype=dtypes.default_int), shape, **options)

    @staticmethod
    def scaled_uniform(*shape: Any, **options: Any) -> Tensor:
        return Tensor._made(lambda s: (engine.rand(s) * 2 - 1) * math.prod(s) ** -0.5, shape, **options)

    @staticmethod
    def _filled(fill: Callable[..., Any], shape: Any, options: dict[str, Any]) -> Tensor:
        return Tensor._made(lambda s: fill(engine.empty(s)), shape, **options)

    @staticmethod
    def glorot_uniform(*shape: Any, **options: Any) -> Tensor:
        return Tensor._filled(engine.nn.init.xavier_uniform_, shape, options)

    @staticmethod
    def kaiming_uniform(*shape: Any, a: Any = 0.01, **options: Any) -> Tensor:
        return Tensor._filled(lambda t: engine.nn.init.kaiming_uniform_(t, a), shape, options)

    @staticmethod
    def kaiming_normal(*shape: Any, a: Any = 0.01, **options: Any) -> Tensor:
        return Tensor._filled(lambda t: engine.nn.init.kaiming_normal_(t, a), shape, options)

    @staticmethod
    def full(shape: Any, value: Any, **options: Any) -> Tensor:
        return wrap(Tensor._made(lambda s, **o: engine.full(s, value, **o), (shape,), **options).held)

    @staticmethod
    def eye(n: int, m: int | None = None, **options: Any) -> Tensor:
        m = n if m is None else m
        if n < 0 or m < 0:
            raise ValueError(f"negative size in {(n, m)}")
        return Tensor._of(engine.eye(n, m, **_named(options)))

    @staticmethod
    def arange(*bounds: Any, **options: Any) -> Tensor:
        return wrap(engine.arange(*bounds, **_named(options)), () if "dtype" not in options else Tensor(0, dtype=dtypes.int64))

    @staticmethod
    def linspace(start: Any, stop: Any, steps: int, **options: Any) -> Tensor:
        if as_dtype(options.get("dtype")) is engine.bool:
            raise ValueError("no linspace of booleans")
        return Tensor._of(engine.linspace(start, stop, steps, **_named(options)))

    def full_like(self, value: Any, **options: Any) -> Tensor:
        return wrap(engine.full_like(self.held, value, **_named(options)), self)

    def zeros_like(self, **options: Any) -> Tensor:
        return wrap(engine.zeros_like(self.held, **_named(options)), self)

    def ones_like(self, **options: Any) -> Tensor:
        return wrap(engine.ones_like(self.held, **_named(options)), self)

    def rand_like(self, **options: Any) -> Tensor:
        return wrap(engine.rand_like(self.held, **_named(options)), self)

    # What tinygrad calls or orders otherwise.

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
        """Pad with a constant, by joining; negative widths cut."""
        if mode != "constant":
            raise NotOffered(f"pad with mode {mode}: the engine pads by joining constants alone")
        x = self.held
        pairs = list(padding)
        if not all(p is None or isinstance(p, (list, tuple)) for p in pairs):
            if len(pairs) % 2:
                raise ValueError("padding wants two widths for each dimension")
            flat = [(pairs[i], pairs[i + 1]) for i in range(0, len(pairs), 2)]
            pairs = [(0, 0)] * (x.ndim - len(flat)) + flat[::-1]
        if len(pairs) != x.ndim:
            raise ValueError(f"padding of {len(pairs)} dimensions for {x.ndim}")
        for d, pair in enumerate(pairs):
            before, after = pair or (0, 0)
            x = x.narrow(d, max(0, -before), x.shape[d] + min(0, before) + min(0, after))
            blocks = [engine.full((*x.shape[:d], max(0, n), *x.shape[d + 1:]), value, dtype=x.dtype)
                      for n in (before, after)]
            x = engine.cat([blocks[0], x, blocks[1]], d) if before > 0 or after > 0 else x
        return wrap(x, self)

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
            return wrap(engine.scatter(self.held, dim, _places(index), unwrap(src), reduce=reduce), self)
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

    def binary_crossentropy_logits(self, y: Any, reduction: str = "mean", pos_weight: Any = None) -> Tensor:
        return wrap(F.binary_cross_entropy_with_logits(
            self.held, unwrap(y), reduction=reduction, pos_weight=unwrap(pos_weight)))

    def sparse_categorical_crossentropy(
        self, y: Any, ignore_index: int = -1, label_smoothing: float = 0.0, reduction: str = "mean"
    ) -> Tensor:
        classes_second = self.held.transpose(1, -1) if self.ndim > 2 else self.held
        return wrap(F.cross_entropy(
            classes_second, _places(y), ignore_index=ignore_index, label_smoothing=label_smoothing, reduction=reduction))

    def cross_entropy(self, y: Any, reduction: str = "mean", label_smoothing: float = 0.0) -> Tensor:
        target = unwrap(y) if y.held.dtype.is_floating_point else _places(y)
        return wrap(F.cross_entropy(self.held, target, reduction=reduction, label_smoothing=label_smoothing))

    def nll_loss(self, y: Any, weight: Any = None, ignore_index: Any = None, reduction: str = "mean") -> Tensor:
        ignored = {} if ignore_index is None else {"ignore_index": ignore_index}
        return wrap(F.nll_loss(self.held, _places(y), unwrap(weight), reduction=reduction, **ignored))


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


def _two(name: str) -> Callable[..., Any]:
    def operate(self: Tensor, other: Any) -> Any:
        return wrap(getattr(self.held, name)(unwrap(other)), (self, other))
    return operate


for _name in ("add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "matmul", "and", "or", "xor",
              "lshift", "rshift"):
    for _full in (f"__{_name}__", f"__r{_name}__"):
        setattr(Tensor, _full, _two(_full))
for _name in ("eq", "ne", "lt", "le", "gt", "ge"):
    setattr(Tensor, f"__{_name}__", _two(f"__{_name}__"))
for _name in ("neg", "invert"):
    setattr(Tensor, f"__{_name}__", lambda self, name=f"__{_name}__": wrap(getattr(self.held, name)(), self))
