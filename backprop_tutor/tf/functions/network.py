"""What `tf.nn` has beside the pointwise functions: softmax, losses on logits, dropout."""

from __future__ import annotations

from typing import Any

from ... import engine as torch
from ..converting import array_of, raw_of
from ..errors import InvalidArgumentError
from ..pairs import alike, pair
from ..recording import Value, run
from ..tensors import Tensor
from .making import tensor
from .pointwise import of_kind
from .reducing import axes_of

__all__ = [
    "bias_add",
    "dropout",
    "gelu",
    "in_top_k",
    "l2_loss",
    "leaky_relu",
    "log_softmax",
    "moments",
    "sigmoid_cross_entropy_with_logits",
    "softmax",
    "softmax_cross_entropy_with_logits",
    "sparse_softmax_cross_entropy_with_logits",
    "zero_fraction",
]

F = torch.nn.functional


def _fractions(op: str, given: Any) -> Value:
    value: Value = tensor(given)
    of_kind(op, value, "fractions")
    return value


def softmax(logits: Any, axis: Any = None, name: str | None = None) -> Any:
    """Return exp(x) divided by its sum along a dimension, the last one unless `axis` is given."""
    value = _fractions("Softmax", logits)
    (dim,) = axes_of("Softmax", value, -1 if axis is None else axis)
    return run(lambda raw: torch.softmax(raw, dim=dim), value)


def log_softmax(logits: Any, axis: Any = None, name: str | None = None) -> Any:
    """Return the logarithm of the softmax."""
    value = _fractions("LogSoftmax", logits)
    (dim,) = axes_of("LogSoftmax", value, -1 if axis is None else axis)
    return run(lambda raw: torch.log_softmax(raw, dim=dim), value)


def leaky_relu(features: Any, alpha: float = 0.2, name: str | None = None) -> Any:
    """Return x, and alpha·x below 0."""
    return run(lambda raw: F.leaky_relu(raw, alpha), _fractions("LeakyRelu", features))


def gelu(features: Any, approximate: bool = False, name: str | None = None) -> Any:
    """Return x·Φ(x), or its approximation by tanh."""
    value = _fractions("Gelu", features)
    if approximate:
        return run(lambda raw: F.gelu(raw, approximate="tanh"), value)
    return run(F.gelu, value)


def bias_add(value: Any, bias: Any, data_format: Any = None, name: str | None = None) -> Any:
    """Return the rows with a bias added to each."""
    return pair("BiasAdd", torch.add, tensor(value), bias)


def l2_loss(t: Any, name: str | None = None) -> Any:
    """Return half the sum of the squares."""
    return run(lambda raw: torch.sum(torch.square(raw)) / 2, _fractions("L2Loss", t))


def dropout(x: Any, rate: float, noise_shape: Any = None, seed: Any = None, name: str | None = None) -> Any:
    """Return x with the fraction `rate` set to 0 and the rest scaled by 1/(1 − rate).

    Raises:
        ValueError: a rate outside 0 to 1.
    """
    value = _fractions("Dropout", x)
    if not 0 <= rate < 1:
        raise ValueError(
            f"`rate` must be a scalar tensor or a float in the range [0, 1). Received: rate={rate}"
        )
    if noise_shape is not None:
        raise InvalidArgumentError(
            "noise_shape is not for this module: each element is drawn by itself [Op:Dropout]"
        )
    return run(lambda raw: F.dropout(raw, rate, True), value)


def _logits(op: str, labels: Any, logits: Any) -> tuple[Value, Value]:
    """Return labels and logits of one dtype and shape.

    Raises:
        ValueError: one of them is missing.
        InvalidArgumentError: shapes that differ.
    """
    if labels is None or logits is None:
        raise ValueError("Both `labels` and `logits` must be provided.")
    outputs = _fractions(op, logits)
    targets = alike(op, outputs, labels, 0)
    if tuple(targets.raw.shape) != tuple(outputs.raw.shape):
        raise InvalidArgumentError(
            f"`logits` and `labels` must have the same shape, received ({tuple(outputs.raw.shape)} vs "
            f"{tuple(targets.raw.shape)}) [Op:{op}]"
        )
    return targets, outputs


def sigmoid_cross_entropy_with_logits(
    labels: Any = None, logits: Any = None, name: str | None = None
) -> Any:
    """Return max(x, 0) − x·y + ln(1 + exp(−|x|)) of logits x and labels y, of each element."""
    targets, outputs = _logits("SigmoidCrossEntropy", labels, logits)
    return run(
        lambda y, x: torch.clamp(x, min=0) - x * y + torch.log1p(torch.exp(-torch.abs(x))), targets, outputs
    )


def softmax_cross_entropy_with_logits(
    labels: Any, logits: Any, axis: int = -1, name: str | None = None
) -> Any:
    """Return −Σ y·log softmax(x) of logits x and labels y, of each row."""
    targets, outputs = _logits("SoftmaxCrossEntropyWithLogits", labels, logits)
    return run(lambda y, x: -torch.sum(y * torch.log_softmax(x, dim=axis), axis), targets, outputs)


def sparse_softmax_cross_entropy_with_logits(labels: Any, logits: Any, name: str | None = None) -> Any:
    """Return −log softmax(x)[class] of logits x, of each row; the labels are class numbers.

    Raises:
        InvalidArgumentError: a label that is no class.
    """
    op = "SparseSoftmaxCrossEntropyWithLogits"
    outputs, numbers = _fractions(op, logits), array_of(labels)
    sizes = tuple(outputs.raw.shape)
    if numbers.dtype.kind not in "iu":
        raise InvalidArgumentError(f"labels are whole numbers, not {numbers.dtype.name} [Op:{op}]")
    if numbers.shape != sizes[:-1]:
        raise ValueError(
            f"`labels.shape.rank` must equal `logits.shape.rank - 1`. Received: "
            f"labels.shape={numbers.shape} and "
            f"logits.shape={sizes}"
        )
    for label in numbers[(numbers < 0) | (numbers >= sizes[-1])].reshape(-1)[:1]:
        raise InvalidArgumentError(
            f"Received a label value of {label} which is outside the valid range of [0, {sizes[-1]}) "
            f"[Op:{op}]"
        )
    places = raw_of(numbers.astype("int64"))

    def loss(raw: Any) -> Any:
        flat = raw.reshape(-1, sizes[-1])
        return F.cross_entropy(flat, places.reshape(-1), reduction="none").reshape(sizes[:-1])

    return run(loss, outputs)


def moments(x: Any, axes: Any, shift: Any = None, keepdims: bool = False, name: str | None = None) -> Any:
    """Return the mean and the variance along dimensions."""
    value = _fractions("Moments", x)
    dims = axes_of("Moments", value, axes)
    mean = run(lambda raw: torch.mean(raw, dim=dims, keepdim=keepdims), value)
    spread = run(
        lambda raw: torch.mean(torch.square(raw - torch.mean(raw, dim=dims, keepdim=True)), dims, keepdims),
        value,
    )
    return mean, spread


def zero_fraction(value: Any, name: str | None = None) -> Any:
    """Return the fraction of the elements that are 0: of a relu's output, those that are shut."""
    array = array_of(value)
    return Tensor(raw_of(float((array == 0).mean()) if array.size else float("nan")))


def in_top_k(targets: Any, predictions: Any, k: int, name: str | None = None) -> Any:
    """Return whether each target is among the k largest predictions of its row."""
    numbers, rows = array_of(targets), array_of(predictions)
    own = rows[range(len(rows)), numbers][:, None]
    return Tensor(raw_of((rows > own).sum(axis=1) < k))
