"""What a layer will return where its input is not there yet: `KerasTensor`, known by its shape alone."""

from __future__ import annotations

from typing import Any, NoReturn

from ... import engine as torch
from ..structures import like
from ..tensors import Tensor

__all__ = ["KerasTensor", "called", "is_symbolic"]


class KerasTensor:
    """What a layer will return, known by its shape: `layer` called on `given`.

    Attributes:
        sizes: the sizes of one sample.
        layer: the layer that returns it; of an input, the `InputLayer`.
        given: what the layer is called on, a `KerasTensor` or a list of them; of an input None.
        arguments, options: what it is given besides.
    """

    dtype = "float32"

    def __init__(
        self,
        sizes: tuple[int, ...],
        layer: Any,
        given: Any = None,
        arguments: tuple[Any, ...] = (),
        options: dict[str, Any] | None = None,
    ) -> None:
        self.sizes = sizes
        self.layer = layer
        self.given = given
        self.arguments = arguments
        self.options = options or {}

    @property
    def shape(self) -> tuple[int | None, ...]:
        """The shape of a batch, None standing for its size."""
        return (None, *self.sizes)

    def _refused(self, *_: Any) -> NoReturn:
        raise TypeError(
            f"{self!r} has no numbers yet: it is put into layers, such as layers.Add()([a, b]) for a sum "
            "or layers.Lambda(function)(a) for another formula"
        )

    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __neg__ = _refused
    __matmul__ = __pow__ = __getitem__ = __iter__ = __bool__ = __float__ = _refused

    def __repr__(self) -> str:
        return f"<KerasTensor shape={self.shape}, dtype={self.dtype}, name={self.layer.name}>"


def is_symbolic(given: Any) -> bool:
    """Return whether a layer is called on what is not there yet, alone or in a list.

    Raises:
        ValueError: on such and on tensors at once.
    """
    if not isinstance(given, (list, tuple)):
        return isinstance(given, KerasTensor)
    kinds = [isinstance(each, KerasTensor) for each in given]
    if any(kinds) and not all(kinds):
        raise ValueError(
            "a layer is called on tensors, or on what `Input` returned; not on both at once"
        )
    return any(kinds)


def called(
    layer: Any, given: Any, arguments: tuple[Any, ...], options: dict[str, Any]
) -> KerasTensor:
    """Return what a layer will return; it is built, and asked once for zeros, which tells the shape.

    Raises:
        ValueError: the layer does not return one tensor of rows.
    """
    zeros = like(given, lambda each: Tensor(torch.zeros((1, *each.sizes))))
    out = layer(zeros, *arguments, **{"training": False, **options})
    if not isinstance(out, Tensor) or not out.shape:
        raise ValueError(
            f"the layer {layer.name} returned {out!r}; in a model of inputs and outputs a layer returns "
            "one tensor, a row for each sample"
        )
    layer.output_sizes = tuple(int(size) for size in out.shape[1:])
    return KerasTensor(layer.output_sizes, layer, given, arguments, options)
