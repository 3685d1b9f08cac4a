"""Values of Python's and NumPy's as the engine's tensors, with TensorFlow's strictness about dtypes.

Python's whole numbers are int32 (int64 where they do not fit), its others float32; arrays keep their
dtype. A fraction never becomes a whole number unasked, nor does one tensor's dtype become another's.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from .. import engine as torch
from .dtypes import DTYPES, DType, as_dtype
from .recording import Value
from .shapes import TensorShape

__all__ = ["array_of", "dtype_of", "raw_of", "sizes_of"]

_MOST_DEEP = 64
_DONE = object()
_INT32 = np.iinfo(np.int32)


def dtype_of(raw: Any) -> DType:
    """Return the element type of an engine's tensor."""
    return DTYPES[str(raw.dtype).removeprefix("torch.")]


def _numbers(given: Any) -> Iterator[Any]:
    """Yield what nested lists hold, in order."""
    waiting: list[Iterator[Any]] = [iter((given,))]
    while waiting:
        each: Any = next(waiting[-1], _DONE)
        if each is _DONE:
            waiting.pop()
        elif isinstance(each, (list, tuple)):
            if len(waiting) > _MOST_DEEP:
                raise ValueError(
                    f"Can't convert a Python sequence nested over {_MOST_DEEP} deep to a Tensor."
                )
            waiting.append(iter(each))
        else:
            yield each


def _unsupported(each: Any) -> Exception:
    if isinstance(each, (str, bytes)):
        return TypeError(
            f"{each!r} is text; a tensor here holds numbers or truth values ({', '.join(DTYPES)})"
        )
    return ValueError(
        f"Attempt to convert a value ({each!r}) with an unsupported type ({type(each)}) to a Tensor."
    )


def _kind_of(leaves: list[Any]) -> DType:
    """Return the dtype that Python's numbers have together."""
    found: set[str] = set()
    for each in leaves:
        if isinstance(each, (bool, np.bool_)):
            found.add("bool")
        elif isinstance(each, Value):
            found.add(dtype_of(each.raw).name)
        elif isinstance(each, (np.ndarray, np.generic)):
            found.add(as_dtype(each.dtype).name)
        elif isinstance(each, int):
            found.add("int32" if _INT32.min <= each <= _INT32.max else "int64")
        elif isinstance(each, float):
            found.add("float32")
        else:
            raise _unsupported(each)
    if "bool" in found and len(found) > 1:
        raise ValueError("Can't convert Python sequence with mixed types to Tensor.")
    return DTYPES[
        next((name for name in DTYPES if name in found and name != "int32"), "")
        or ("int32" if found == {"int32"} else "float32")
    ]


def _fits(each: Any, dtype: DType) -> bool:
    """Return whether a number of Python's may be of a dtype."""
    if isinstance(each, Value):
        return dtype_of(each.raw) == dtype
    if isinstance(each, (bool, np.bool_)):
        return dtype.is_bool
    if isinstance(each, (np.ndarray, np.generic)):
        return True
    if isinstance(each, int):
        return dtype.is_floating or (dtype.is_integer and dtype.min <= each <= dtype.max)
    return isinstance(each, float) and dtype.is_floating


def _plain(each: Any) -> Any:
    return each.raw.numpy() if isinstance(each, Value) else each


def _plain_nest(given: Any) -> Any:
    """Return nested lists with tensors among them as nested lists of arrays."""
    if isinstance(given, (list, tuple)):
        return [_plain_nest(each) for each in given]  # at most `_MOST_DEEP` deep, as `_numbers` has seen
    return _plain(given)


def array_of(given: Any, dtype: DType | None = None) -> np.ndarray[Any, Any]:
    """Return an array of what is given; of a dtype where one is said.

    Raises:
        TypeError: a number that the dtype does not hold, or text.
        ValueError: what is no number, or rows of several lengths.
    """
    if isinstance(given, Value):
        given = given.raw.numpy()
    if isinstance(given, torch.Tensor):
        given = given.detach().numpy()
    if hasattr(given, "__array__") and not isinstance(given, (np.ndarray, np.generic)):
        given = np.asarray(given)
    if isinstance(given, (np.ndarray, np.generic)):
        array = np.asarray(given)
        if array.dtype.kind not in "fiub":
            raise _unsupported(given if array.dtype.kind not in "US" else str(array.reshape(-1)[:1]))
        wanted = as_dtype(array.dtype) if dtype is None else dtype
        return np.array(array, wanted.as_numpy_dtype)
    if isinstance(given, range):
        given = list(given)
    leaves = list(_numbers(given))
    wanted = (_kind_of(leaves) if leaves else DTYPES["float32"]) if dtype is None else dtype
    for each in leaves:
        if not _fits(each, wanted):
            if not isinstance(each, (bool, int, float, Value)):
                raise _unsupported(each)
            raise TypeError(f"Cannot convert {each} to EagerTensor of dtype {wanted.name}")
    nested = any(isinstance(each, (np.ndarray, Value)) for each in leaves)
    try:
        array = np.array(_plain_nest(given) if nested else given, wanted.as_numpy_dtype)
    except (ValueError, TypeError):
        mixed = isinstance(given, (list, tuple)) and len({isinstance(e, (list, tuple)) for e in given}) > 1
        said = "Python sequence with mixed types" if mixed else "non-rectangular Python sequence"
        raise ValueError(f"Can't convert {said} to Tensor.") from None
    return array


def raw_of(given: Any, dtype: DType | None = None) -> Any:
    """Return the engine's tensor of what is given, as `array_of`."""
    return torch.from_numpy(array_of(given, dtype))


def sizes_of(shape: Any) -> tuple[int, ...]:
    """Return a shape as a tuple of sizes: of a number, a list, a shape or a tensor of whole numbers.

    Raises:
        TypeError: what is no shape.
    """
    if isinstance(shape, TensorShape):
        return tuple(shape)
    array = array_of(shape) if not isinstance(shape, (list, tuple)) or shape else np.zeros(0, np.int32)
    if array.dtype.kind not in "iu" or array.ndim > 1:
        raise TypeError(f"a shape is a list of whole numbers, not {shape!r}")
    return tuple(int(size) for size in array.reshape(-1))
