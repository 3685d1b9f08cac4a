"""`tf.print`: values on standard error as TensorFlow prints them, long ones by their ends."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np

from ..recording import Value
from ..structures import like

__all__ = ["print_"]

_ENDS = 3


def _number(x: Any) -> str:
    """Return a number in the fewest of two lengths that give it back, as TensorFlow writes it."""
    if isinstance(x, (bool, np.bool_)):
        return str(int(x))
    if not isinstance(x, np.floating):
        return str(x)
    short, long = (6, 9) if x.dtype == np.float32 else (15, 17)
    text = f"{x:.{short}g}"
    return text if x.dtype.type(text) == x or x != x else f"{x:.{long}g}"


def _written(array: np.ndarray[Any, Any], summarize: int, indent: int) -> str:
    if array.ndim == 0:
        return _number(array.item() if array.dtype.kind != "f" else array[()])
    count = len(array)
    cut = summarize >= 0 and count > 2 * summarize
    places = [*range(summarize), *range(count - summarize, count)] if cut else list(range(count))
    parts = [_written(array[i], summarize, indent + 1) for i in places]
    if cut:
        parts.insert(summarize, "...")
    between = " " if array.ndim == 1 else "\n" * (array.ndim - 1) + " " * (indent + 1)
    return "[" + between.join(parts) + "]"


def print_(*inputs: Any, **options: Any) -> None:
    """Print values, separated by a space; `output_stream`, `sep`, `end`, `summarize` as in TensorFlow.

    Raises:
        ValueError: an option that there is not.
    """
    streams = {"stderr": sys.stderr, "stdout": sys.stdout}
    stream = options.pop("output_stream", sys.stderr)
    sep, end = options.pop("sep", " "), options.pop("end", "\n")
    summarize, _ = options.pop("summarize", _ENDS), options.pop("name", None)
    if options:
        raise ValueError(
            f"Unrecognized keyword arguments for tf.print: {list(options)}; there are output_stream, "
            f"sep, end, "
            "summarize, name"
        )
    stream = streams.get(stream, stream) if isinstance(stream, str) else stream
    stream.write(sep.join(_shown(each, summarize) for each in inputs) + end)


def _shown(each: Any, summarize: int | None) -> str:
    cut = _ENDS if summarize is None else summarize
    if isinstance(each, Value):
        return _written(np.asarray(each.raw.numpy()), cut, 0)
    if isinstance(each, np.ndarray):
        return _written(each, cut, 0)
    if isinstance(each, (list, tuple, dict)):
        return str(like(each, lambda x: _Bare(_shown(x, summarize))))
    return str(each)


class _Bare(str):
    """A text that is shown in a list without quotes."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)
