"""The one device."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from backprop_tutor import engine


class _Devices:
    DEFAULT = "CPU"

    def __getitem__(self, _: str) -> Any:
        return SimpleNamespace(renderer=None, compiler=None)


Device = _Devices()


def is_dtype_supported(dtype: Any, _: Any = None) -> bool:
    """Return whether the engine has a dtype."""
    return isinstance(dtype, engine.dtype)
