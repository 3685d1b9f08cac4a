"""tinygrad's `Tensor` on the engine's.

Most methods have PyTorch's names and meanings, and go to the engine as they are; the others are written out
in `operations`. Whole numbers are int32 unless an operand is int64, as in tinygrad.
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
    engine.bool: np.bool_,
    engine.uint8: np.uint8,
    engine.int8: np.int8,
    engine.int16: np.int16,
    engine.int32: np.int32,
    engine.int64: np.int64,
    engine.float16: np.float16,
    engine.float32: np.float32,
    engine.float64: np.float64,
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

    def __init__(
        self, data: Any, device: Any = None, dtype: Any = None, requires_grad: Any = None
    ) -> None:
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

    @staticmethod
    def _made(
        function: Callable[..., Any], shape: Any, requires_grad: Any = None, **options: Any
    ) -> Tensor:
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
        return Tensor._made(
            lambda s: engine.randint(low, high, s, dtype=dtypes.default_int), shape, **options
        )

    @staticmethod
    def scaled_uniform(*shape: Any, **options: Any) -> Tensor:
        return Tensor._made(
            lambda s: (engine.rand(s) * 2 - 1) * math.prod(s) ** -0.5, shape, **options
        )

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
        return wrap(
            Tensor._made(lambda s, **o: engine.full(s, value, **o), (shape,), **options).held
        )

    @staticmethod
    def eye(n: int, m: int | None = None, **options: Any) -> Tensor:
        m = n if m is None else m
        if n < 0 or m < 0:
            raise ValueError(f"negative size in {(n, m)}")
        return Tensor._of(engine.eye(n, m, **_named(options)))

    @staticmethod
    def arange(*bounds: Any, **options: Any) -> Tensor:
        return wrap(
            engine.arange(*bounds, **_named(options)),
            () if "dtype" not in options else Tensor(0, dtype=dtypes.int64),
        )

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


def _two(name: str) -> Callable[..., Any]:
    def operate(self: Tensor, other: Any) -> Any:
        return wrap(getattr(self.held, name)(unwrap(other)), (self, other))

    return operate


for _name in (
    "add",
    "sub",
    "mul",
    "truediv",
    "floordiv",
    "mod",
    "pow",
    "matmul",
    "and",
    "or",
    "xor",
    "lshift",
    "rshift",
):
    for _full in (f"__{_name}__", f"__r{_name}__"):
        setattr(Tensor, _full, _two(_full))
for _name in ("eq", "ne", "lt", "le", "gt", "ge"):
    setattr(Tensor, f"__{_name}__", _two(f"__{_name}__"))
for _name in ("neg", "invert"):
    setattr(
        Tensor,
        f"__{_name}__",
        lambda self, name=f"__{_name}__": wrap(getattr(self.held, name)(), self),
    )

from . import operations  # noqa: E402, F401 - fills the class above
