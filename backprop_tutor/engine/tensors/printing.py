"""How a tensor prints: PyTorch's layout, digits and line breaks."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..autograd.tape import Tensor
from .dtypes import DEFAULT, bool_, from_numpy_dtype, int64

__all__ = ["format_value", "set_printoptions", "tensor_text"]


class _Options:
    precision = 4
    threshold = 1000
    edgeitems = 3
    linewidth = 80
    sci_mode: bool | None = None


OPTIONS = _Options()
_PROFILES = {
    "default": (4, 1000, 3, 80), "short": (2, 1000, 2, 80), "full": (4, math.inf, 3, 80),
}


def set_printoptions(
    precision: int | None = None, threshold: float | None = None, edgeitems: int | None = None,
    linewidth: int | None = None, profile: str | None = None, sci_mode: bool | None = None,
) -> None:
    """Set how tensors print.

    Raises:
        ValueError: an unknown profile.
    """
    if profile is not None:
        if profile not in _PROFILES:
            raise ValueError(
                f"unknown profile {profile!r}: choose one of {', '.join(sorted(_PROFILES))}"
            )
        OPTIONS.precision, held, OPTIONS.edgeitems, OPTIONS.linewidth = _PROFILES[profile]
        OPTIONS.threshold = held  # type: ignore[assignment]
    if precision is not None:
        OPTIONS.precision = precision
    if threshold is not None:
        OPTIONS.threshold = threshold  # type: ignore[assignment]
    if edgeitems is not None:
        OPTIONS.edgeitems = edgeitems
    if linewidth is not None:
        OPTIONS.linewidth = linewidth
    OPTIONS.sci_mode = sci_mode


class _Format:
    """The width and style that all numbers of one tensor share."""

    def __init__(self, a: Any) -> None:
        self.floating = a.dtype.kind == "f"
        self.whole, self.science, self.width = True, False, 1
        flat = a.reshape(-1)
        if not self.floating:
            for value in flat.tolist():
                self.width = max(self.width, len(str(value)))
            return
        wide = flat.astype(np.float64)
        finite = wide[np.isfinite(wide) & (wide != 0)]
        if finite.size == 0:
            return
        size = np.abs(finite)
        largest, smallest = float(size.max()), float(size.min())
        self.whole = bool((finite == np.ceil(finite)).all())
        ratio = largest / smallest
        digits = OPTIONS.precision
        self.science = ratio > 1000.0 or largest > 1e8 or (not self.whole and smallest < 1e-4)
        if OPTIONS.sci_mode is not None:
            self.science = OPTIONS.sci_mode
        if self.whole:
            text = (f"{{:.{digits}e}}" if self.science else "{:.0f}")
            self.width = max(self.width, *(len(text.format(v)) for v in finite))
            if not self.science:
                self.width += 1
        else:
            text = f"{{:.{digits}e}}" if self.science else f"{{:.{digits}f}}"
            self.width = max(self.width, *(len(text.format(v)) for v in finite))

    def text(self, value: Any) -> str:
        if not self.floating:
            return str(value).rjust(self.width)
        if self.science:
            found = f"{value:.{OPTIONS.precision}e}"
        elif self.whole:
            found = f"{value:.0f}" + ("." if math.isfinite(value) else "")
        else:
            found = f"{value:.{OPTIONS.precision}f}"
        return found.rjust(self.width)


def _vector(a: Any, indent: int, form: _Format, short: bool) -> str:
    room = max(1, (OPTIONS.linewidth - indent) // (form.width + 2))
    edge = OPTIONS.edgeitems
    if short and a.shape[0] > 2 * edge:
        words = (
            [form.text(v) for v in a[:edge].tolist()] + [" ..."]
            + [form.text(v) for v in a[-edge:].tolist()]
        )
    else:
        words = [form.text(v) for v in a.tolist()]
    lines = [words[i : i + room] for i in range(0, len(words), room)]
    return "[" + (",\n" + " " * (indent + 1)).join(", ".join(line) for line in lines) + "]"


def _block(a: Any, indent: int, form: _Format, short: bool) -> str:
    if a.ndim == 0:
        return form.text(a.item())
    if a.ndim == 1:
        return _vector(a, indent, form, short)
    edge = OPTIONS.edgeitems
    if short and a.shape[0] > 2 * edge:
        rows = [_block(a[i], indent + 1, form, short) for i in range(edge)]
        rows.append("...")
        rows += [_block(a[i], indent + 1, form, short) for i in range(len(a) - edge, len(a))]
    else:
        rows = [_block(each, indent + 1, form, short) for each in a]
    between = "," + "\n" * int(a.ndim - 1) + " " * (indent + 1)
    return f"[{between.join(rows)}]"


def _shown(a: Any) -> Any:
    """Return the elements that appear in a shortened print."""
    edge = OPTIONS.edgeitems
    for axis in range(a.ndim):
        if a.shape[axis] > 2 * edge:
            a = np.concatenate([np.take(a, range(edge), axis),
                                np.take(a, range(a.shape[axis] - edge, a.shape[axis]), axis)], axis)
    return a


def tensor_text(x: Tensor, name: str = "tensor(") -> str:
    """Return the tensor as PyTorch prints it.

    >>> from backprop_tutor.engine import tensor
    >>> tensor([1.0, 2.5])
    tensor([1.0000, 2.5000])
    """
    a = x._a
    indent = len(name)
    tail = []
    kind = from_numpy_dtype(a.dtype)
    if a.size == 0:
        body = "[]"
        if a.ndim != 1:
            tail.append(f"size={tuple(a.shape)}")
        if kind is not DEFAULT[0]:
            tail.append(f"dtype={kind!r}")
    else:
        if kind not in (DEFAULT[0], int64, bool_):
            tail.append(f"dtype={kind!r}")
        short = a.size > OPTIONS.threshold
        body = _block(a, indent, _Format(_shown(a) if short else a), short)
    if x.grad_fn is not None:
        tail.append(f"grad_fn=<{x.grad_fn.name()}>")
    elif x.requires_grad:
        tail.append("requires_grad=True")
    text = name + body
    last = len(text) - text.rfind("\n") - 1 if "\n" in text else len(text)
    for part in tail:
        if last + len(part) + 3 > OPTIONS.linewidth:
            text += ",\n" + " " * indent + part
            last = indent + len(part)
        else:
            text += f", {part}"
            last += len(part) + 2
    return text + ")"


def format_value(x: Tensor, spec: str) -> str:
    """Return the tensor formatted; one element takes the format of a number."""
    if x._a.ndim == 0 and type(x) is Tensor:
        return format(x._a.item(), spec)
    if spec:
        raise TypeError(f"unsupported format string passed to {type(x).__name__}.__format__")
    return tensor_text(x)
