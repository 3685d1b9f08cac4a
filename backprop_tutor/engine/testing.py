"""`assert_close`, under the name `torch.testing`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from . import methods as _methods  # noqa: F401  (fills in the class Tensor)
from .quiet import hush, unhush
from .tape import Tensor

__all__ = ["assert_close"]

_TOLERANCES = {"float64": (1e-7, 1e-7), "float32": (1.3e-6, 1e-5), "float16": (1e-3, 1e-5)}


def assert_close(
    actual: Any, expected: Any, *, allow_subclasses: bool = True, rtol: float | None = None,
    atol: float | None = None, equal_nan: bool = False, check_device: bool = True,
    check_dtype: bool = True, check_layout: bool = True, check_stride: bool = False,
    msg: Any = None,
) -> None:
    """Raise unless actual and expected agree: |actual - expected| <= atol + rtol·|expected|.

    The tolerances follow the dtypes unless both are given. Lists and dictionaries are compared
    entry by entry.

    Raises:
        AssertionError: they do not agree; it says where, and by how much.
        ValueError: only one of the tolerances.
    """
    if (rtol is None) != (atol is None):
        raise ValueError(
            "Both 'rtol' and 'atol' must be either specified or unspecified, but got "
            f"{'no ' if rtol is None else ''}'rtol' and {'no ' if atol is None else ''}'atol'."
        )
    fault = _fault(actual, expected, rtol, atol, equal_nan, check_dtype, "")
    if fault is not None:
        raise AssertionError(msg(fault) if callable(msg) else fault if msg is None else msg)


def _fault(
    actual: Any, expected: Any, rtol: Any, atol: Any, equal_nan: bool, check_dtype: bool, where: str
) -> str | None:
    end = f"\n\nThe failure occurred for item {where}" if where else ""
    if isinstance(actual, Mapping) and isinstance(expected, Mapping):
        if actual.keys() != expected.keys():
            missing = sorted(map(repr, set(expected) - set(actual)))
            extra = sorted(map(repr, set(actual) - set(expected)))
            return (
                "The keys of the mappings do not match:\n"
                f"Missing keys in the actual mapping: [{', '.join(missing)}]\n"
                f"Additional keys in the actual mapping: [{', '.join(extra)}]{end}"
            )
        items: list[Any] = [(k, actual[k], expected[k]) for k in actual]
    elif (
        isinstance(actual, Sequence) and isinstance(expected, Sequence)
        and not isinstance(actual, str)
    ):
        if len(actual) != len(expected):
            return f"The length of the sequences mismatch: {len(actual)} != {len(expected)}{end}"
        items = [(i, a, b) for i, (a, b) in enumerate(zip(actual, expected, strict=True))]
    else:
        fault = _pair_fault(actual, expected, rtol, atol, equal_nan, check_dtype)
        return None if fault is None else fault + end
    for key, a, b in items:
        fault = _fault(a, b, rtol, atol, equal_nan, check_dtype, f"{where}[{key!r}]")
        if fault is not None:
            return fault
    return None


def _pair_fault(
    actual: Any, expected: Any, rtol: Any, atol: Any, equal_nan: bool, check_dtype: bool
) -> str | None:
    numbers = not isinstance(actual, Tensor) and not isinstance(expected, Tensor)
    if numbers and check_dtype and type(actual) is not type(expected) and not isinstance(
        actual, np.ndarray
    ):
        return f"The (d)types do not match: {type(actual)} != {type(expected)}."
    a, b = (x._a if isinstance(x, Tensor) else np.asarray(x) for x in (actual, expected))
    if a.shape != b.shape:
        shapes = [f"torch.Size({list(x.shape)})" for x in (a, b)]
        return f"The values for attribute 'shape' do not match: {shapes[0]} != {shapes[1]}."
    if check_dtype and a.dtype != b.dtype:
        return (
            f"The values for attribute 'dtype' do not match: torch.{a.dtype.name} != "
            f"torch.{b.dtype.name}."
        )
    if rtol is None:
        both = [_TOLERANCES.get(x.dtype.name, (0.0, 0.0)) for x in (a, b)]
        rtol, atol = (max(t[i] for t in both) for i in (0, 1))
    if numbers and a.dtype.kind == "f":
        loose = (1.3e-6, 1e-5) if rtol == 1e-7 else (rtol, atol)
        return _values_fault(a, b, loose[0], loose[1], equal_nan)
    return _values_fault(a, b, rtol, atol, equal_nan)


def _values_fault(a: Any, b: Any, rtol: float, atol: float, equal_nan: bool) -> str | None:
    token = hush()
    try:
        same = np.isclose(a, b, rtol, atol, equal_nan)
        if same.all():
            return None
        exact = rtol == 0 and atol == 0
        wide = [x.astype(np.float64 if x.dtype.kind == "f" else np.int64) for x in (a, b)]
        size = np.abs(wide[0] - wide[1])
        share = size / np.abs(wide[1])
    finally:
        unhush(token)
    word = "equal" if exact else "close"
    allowed = ["" if exact else f" (up to {t} allowed)" for t in (atol, rtol)]
    if a.ndim == 0:
        return (
            f"Scalars are not {word}!\n\nExpected {b.item()} but got {a.item()}.\n"
            f"Absolute difference: {size.item()}{allowed[0]}\n"
            f"Relative difference: {share.item()}{allowed[1]}"
        )
    lines = [f"Tensor-likes are not {word}!\n"]
    wrong = int((~same).sum())
    lines.append(f"Mismatched elements: {wrong} / {a.size} ({wrong / a.size:.1%})")
    for name, values, limit in (("absolute", size, allowed[0]), ("relative", share, allowed[1])):
        masked = np.where(same, 0, values)
        place = tuple(int(i) for i in np.unravel_index(np.argmax(masked), a.shape))
        lines.append(f"Greatest {name} difference: {masked[place].item()} at index {place}{limit}")
    return "\n".join(lines)
