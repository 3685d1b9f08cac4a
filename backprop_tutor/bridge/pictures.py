"""A model of the engine as a picture of its layers: `bt.diagram(model)`, and Keras's `plot_model`.

Enters: a model, with or without a batch. Leaves: a `Diagram` at the scale of layers.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from ..choices import ThemeName
from ..engine.nn import Embedding, Linear, Module
from ..engine.tensors.tensor import Tensor
from ..errors import DomainError, OptionError, quoted
from ..sentences import said
from .models import from_model

if TYPE_CHECKING:
    from ..objects.arrays import ArrayDerivation
    from ..render.drawing.diagram import Diagram
    from ..render.drawing.theme import Theme

__all__ = ["diagram", "plot_model"]


def diagram(
    # Any: a model, arrays and a loss of either wing; what is none is refused in words
    model: Any, X: Any = None, y: Any = None, loss: Any = None, *, step: int | None = None,
    theme: ThemeName | Theme = "light", lang: str | None = None,
    fit: Literal["16:9", "4:3", "a4", "phone"] = "16:9", precision: int | None = None, force: bool = False,
) -> Diagram:  # fmt: skip
    """Return a model drawn as layers: its parameters with their shapes and values, its operations.

    With a batch `X` and what is wanted, `y`, every value and gradient of the loss stands in it, or those up
    to a step; without, one row of zeros shows the shapes, and nothing is computed yet.

    Args:
        model: an engine's model, or Keras's.
        X, y, loss: as for `from_model`. Without `y` the output's sum stands for a loss.
        step, theme, lang, fit, precision, force: as for a derivation's `diagram`.

    Raises:
        OptionError: no model, or one that cannot be opened.

    >>> from backprop_tutor.engine import nn
    >>> diagram(nn.Sequential(nn.Linear(2, 3), nn.ReLU())).size
    (1280.0, 720.0)
    """
    if not isinstance(model, Module):
        raise OptionError(
            said("a model is an engine's Module, not {kind}", kind=quoted(type(model).__name__))
        )
    if X is None:
        if y is not None or loss is not None:
            given = quoted("y" if y is not None else "loss")
            raise OptionError(said("{given} is of a batch; give `X` too", given=given))
        step = 0 if step is None else step
        # One row, or two where rows are compared: normalised over the batch one row is nothing.
        batches = [np.repeat(row, rows, 0) for row in _rows_of_zeros(model) for rows in (1, 2)]
    else:
        batches = [X]
    judged = loss
    if y is None:
        if loss is not None:
            raise OptionError(said("a loss compares the output with what is wanted; give `y` too"))
        y, judged = np.zeros(1), _summed
    d = _opened(model, batches, y, "cross_entropy" if judged is None else judged)
    return d.diagram(step, theme=theme, lang=lang, fit=fit, precision=precision, force=force)


def _opened(model: Any, batches: list[Any], y: Any, loss: Any) -> ArrayDerivation:
    """Return the derivation at the first batch that the model takes.

    Raises:
        OptionError, DomainError: it takes none of them; what it says of the first.
    """
    first, *others = batches
    try:
        return from_model(model, first, y, loss)
    except (OptionError, DomainError):
        for batch in others:
            with suppress(OptionError, DomainError):
                return from_model(model, batch, y, loss)
        raise


def _summed(output: Tensor | Sequence[Tensor], wanted: Tensor) -> Tensor:
    """Return the sum of all that a model gives; of several outputs each."""
    parts = [output] if isinstance(output, Tensor) else list(output)
    found: Tensor = parts[0].sum()
    for part in parts[1:]:
        found = found + part.sum()
    return found


def _rows_of_zeros(model: Any) -> list[Any]:
    """Return a row of zeros for each size that the model may take: the one of its first layer in front.

    A table takes as many places as its vectors fill the input of a layer; weights that are no layer's are
    multiplied from the right or, turned, from the left.

    Raises:
        OptionError: a model without a layer or a weight that would say a size.
    """
    layers = [module for module in model.modules() if isinstance(module, (Linear, Embedding))]
    inputs = [layer.in_features for layer in layers if isinstance(layer, Linear)]
    rows: list[Any] = []
    for layer in layers:
        if isinstance(layer, Linear):
            rows.append(np.zeros((1, layer.in_features)))
        else:
            width = layer.embedding_dim
            counts = [1, *(n // width for n in inputs if n > width and n % width == 0)]
            rows += [np.zeros((1, count), np.int64) for count in counts]
    if not rows:
        weights = [parameter._a for parameter in model.parameters() if parameter._a.ndim == 2]
        rows = [np.zeros((1, size)) for weight in weights for size in weight.shape]
    if not rows:
        raise OptionError(said("no layer of the model says what size it takes; give a batch, `X`"))
    return rows


def plot_model(
    model: Any, to_file: str = "model.png", show_shapes: bool = True, **others: Any
) -> Diagram:
    """Draw a model into a file, as `keras.utils.plot_model`, and return its picture.

    The picture is that of `diagram`; its boxes always have their shapes.

    Raises:
        OptionError: an option of Keras's that this picture does not have.
    """
    if others or show_shapes is not True:
        name = next(iter(others), "show_shapes")
        raise OptionError(
            said("{name} is not for this picture: it shows layers with their shapes", name=quoted(name))
        )
    drawn = diagram(model)
    drawn.save(to_file)
    return drawn
