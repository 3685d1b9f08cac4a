"""Making a tensor wider or narrower at its ends: by a constant, its mirror image, its edge or its start."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ...tape import Rule, Tensor, record

__all__ = ["pad"]


def _mirrored(pair: tuple[int, int], size: int) -> Any:
    """Return where x₂ x₁ | x₀ x₁ x₂ ... comes from."""
    places = np.abs(np.arange(-pair[0], size + pair[1]))
    return np.where(places < size, places, 2 * (size - 1) - places)


def _at_edge(pair: tuple[int, int], size: int) -> Any:
    """Return where x₀ x₀ | x₀ x₁ x₂ ... comes from."""
    return np.clip(np.arange(-pair[0], size + pair[1]), 0, size - 1)


def _around(pair: tuple[int, int], size: int) -> Any:
    """Return where x₋₂ x₋₁ | x₀ x₁ x₂ ... comes from; what is cut off is not come round to."""
    start, stop = max(0, -pair[0]), size - max(0, -pair[1])
    before, after = max(0, pair[0]), max(0, pair[1])
    if max(before, after) > size or before > stop - start or (after and start >= stop):
        raise RuntimeError("Padding value causes wrapping around more than once.")
    return start + np.arange(-before, stop - start + after) % max(1, stop - start)


def _taken_backward(k: Any, g: Any, saved: Any, options: Any, need: Any) -> Any:
    key, shape = options
    return (k.put(g, key, shape, False),)


def _framed_backward(k: Any, g: Any, saved: Any, options: Any, need: Any) -> Any:
    inner, kept, shape = options
    return (k.put(k.index(g, inner), kept, shape, True),)


SOURCES: dict[str, Callable[[tuple[int, int], int], Any]] = {
    "reflect": _mirrored, "replicate": _at_edge, "circular": _around,
}
RULES = {
    (mode, count): Rule(name.format(count), _taken_backward)
    for mode, name in {
        "reflect": "ReflectionPad{}DBackward0", "replicate": "ReplicationPad{}DBackward0",
        "circular": "CopySlices",
    }.items()
    for count in (1, 2, 3)
}
FRAMED = Rule("ConstantPadNdBackward0", _framed_backward)


def _widths(pad: Any) -> list[int]:
    """Return the widths of the argument.

    Raises:
        TypeError: no sequence, or something else than whole numbers in it.
    """
    if not isinstance(pad, (list, tuple)):
        raise TypeError(
            f"pad(): argument 'pad' (position 2) must be tuple of ints, not {type(pad).__name__}"
        )
    for i, width in enumerate(pad):
        if isinstance(width, bool) or not isinstance(width, (int, np.integer)):
            raise TypeError(
                "pad(): argument 'pad' (position 2) must be tuple of ints, but found element of type "
                f"{type(width).__name__} at pos {i}"
            )
    return [int(width) for width in pad]


def _framed(x: Tensor, pairs: Sequence[tuple[int, int]], value: float) -> Tensor:
    """Return x in a frame of a constant; a negative width cuts."""
    a = x._a
    kept = tuple(slice(max(0, -b), n - max(0, -e)) for n, (b, e) in zip(a.shape, pairs, strict=True))
    if any(cut.stop < cut.start for cut in kept):
        raise RuntimeError("narrow(): length must be non-negative.")
    part = a[kept]
    inner = tuple(
        slice(max(0, b), max(0, b) + n) for n, (b, _) in zip(part.shape, pairs, strict=True)
    )
    shape = tuple(n + max(0, b) + max(0, e) for n, (b, e) in zip(part.shape, pairs, strict=True))
    out = np.full(shape, np.asarray(value).astype(a.dtype), a.dtype)
    out[inner] = part
    return record(FRAMED, out, (x,), (), (inner, kept, a.shape))


def _unsupported(count: int, dims: int) -> NotImplementedError:
    return NotImplementedError(
        f"Padding size {count} is not supported for {dims}D input tensor.\n"
        "Supported combinations for non-constant padding:\n"
        "  - 2D or 3D input: padding size = 2 (pads last dimension)\n"
        "  - 3D or 4D input: padding size = 4 (pads last 2 dimensions)\n"
        "  - 4D or 5D input: padding size = 6 (pads last 3 dimensions)"
    )


def _check(shape: tuple[int, ...], pairs: list[tuple[int, int]], count: int, mode: str) -> None:
    """Refuse widths that leave nothing, or that reach further than there is to mirror.

    Raises:
        RuntimeError: as said.
    """
    padded = range(len(shape) - count, len(shape))
    wanted = [n + sum(pair) for n, pair in zip(shape, pairs, strict=True)]
    if mode == "circular":
        if min(wanted) < 0:
            raise RuntimeError("Negative padding value is resulting in an empty dimension")
        return
    for at in padded:
        if mode == "reflect" and max(pairs[at]) >= shape[at]:
            raise RuntimeError(
                "Argument #4: Padding size should be less than the corresponding input dimension, but "
                f"got: padding {pairs[at]} at dimension {at} of input {list(shape)}"
            )
    if all(wanted[at] < 1 for at in padded):
        letters = "DHW"[3 - count:]
        given = [f"{letter}: {shape[at]}" for letter, at in zip(letters, padded, strict=True)]
        made = [f"{letter}: {wanted[at]}" for letter, at in zip(letters, padded, strict=True)]
        raise RuntimeError(
            f"input ({', '.join(given)}) is too small. Calculated output {' '.join(made)}"
        )
    if min(wanted) < 0:
        raise RuntimeError(f"Trying to create tensor with negative dimension {min(wanted)}: {wanted}")


def pad(
    input: Tensor, pad: Sequence[int], mode: str = "constant", value: float | None = None
) -> Tensor:
    """Return the input with places added at the ends of its last dimensions.

    `pad` holds two widths for the last dimension, then two for the one before, and so on; a negative
    width cuts places off. `mode` says what is put there: `"constant"` the `value`, 0 without one;
    `"reflect"` the mirror image about the last place, `"replicate"` the last place again,
    `"circular"` the other end.

    Raises:
        NotImplementedError: a mode there is not; other widths than the last one, two or three
            dimensions of a tensor with one or two dimensions more, except for a constant.
        RuntimeError: an odd number of widths, too many, wider than there are places to mirror or to
            wrap, or cutting off more than there is.
        TypeError: widths that are no whole numbers.

    >>> import backprop_tutor.engine as torch
    >>> pad(torch.tensor([[1.0, 2.0, 3.0]]), (2, 1), "reflect")
    tensor([[3., 2., 1., 2., 3., 2.]])
    """
    widths, dims = _widths(pad), input._a.ndim
    if len(widths) % 2:
        raise RuntimeError("Padding length must be divisible by 2")
    if len(widths) > 2 * dims:
        raise RuntimeError(
            "Padding length should be less than or equal to two times the input dimension but got "
            f"padding length {len(widths)} and input of dimension {dims}"
        )
    count = len(widths) // 2
    pairs = [(0, 0)] * (dims - count)
    pairs += [(widths[2 * i], widths[2 * i + 1]) for i in reversed(range(count))]
    if mode == "constant":
        return _framed(input, pairs, 0 if value is None else value)
    if value:
        raise RuntimeError(f'Padding mode "{mode}" doesn\'t take in value argument')
    if (mode, dims - count) not in {(m, extra) for m in SOURCES for extra in (1, 2)} or not 1 <= count <= 3:
        if mode not in SOURCES and 1 <= count <= 3 and dims - count in (1, 2):
            raise NotImplementedError(f"Unrecognised padding mode {mode}")
        raise _unsupported(len(widths), dims)
    shape = input._a.shape
    if mode != "circular" and not all(shape[1 if dims - count == 2 else 0:]):
        raise RuntimeError(
            f"Expected {count + 1}D or {count + 2}D (batch mode) tensor with possibly 0 batch size and "
            f"other non-zero dimensions for input, but got: {list(shape)}"
        )
    _check(shape, pairs, count, mode)
    sources = [SOURCES[mode](pairs[at], shape[at]) for at in range(dims - count, dims)]
    key = (..., *np.ix_(*sources))
    return record(RULES[mode, count], input._a[key], (input,), (), (key, shape))
