"""tinygrad's dtypes, those that the engine has."""

from __future__ import annotations

from typing import Any

from backprop_tutor import engine
from benchmarks.shims.not_offered import Missing

DType = engine.dtype
DTypeLike = Any


class _Dtypes:
    bool, uint8, int8, int16, int32, int64 = (
        engine.bool,
        engine.uint8,
        engine.int8,
        engine.int16,
        engine.int32,
        engine.int64,
    )
    float16 = half = engine.float16
    float32 = float = engine.float32
    float64 = double = engine.float64
    char, uchar, short, int, long = (
        engine.int8,
        engine.uint8,
        engine.int16,
        engine.int32,
        engine.int64,
    )
    default_float, default_int = engine.float32, engine.int32

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return Missing(name, "the engine has no such dtype")

    @staticmethod
    def max(dtype: Any) -> Any:
        return engine.iinfo(dtype).max if not dtype.is_floating_point else engine.inf

    @staticmethod
    def min(dtype: Any) -> Any:
        return engine.iinfo(dtype).min if not dtype.is_floating_point else -engine.inf

    @staticmethod
    def is_float(dtype: Any) -> Any:
        return dtype.is_floating_point

    @staticmethod
    def is_int(dtype: Any) -> Any:
        return not dtype.is_floating_point and dtype is not engine.bool


dtypes = _Dtypes()
