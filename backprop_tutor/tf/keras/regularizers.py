"""What weights cost by their size, `tf.keras.regularizers`: in `model.losses` and the loss of `fit`."""

from __future__ import annotations

from typing import Any

from ... import engine as torch
from ...engine.absent import refusing
from ..functions.making import tensor
from ..recording import run

__all__ = ["L1", "L1L2", "L2", "Regularizer", "get", "l1", "l1_l2", "l2"]


class Regularizer:
    """A function of a weight that returns what is added to the loss; subclasses say what."""

    def __call__(self, x: Any) -> Any:
        """Return the penalty of a weight."""
        raise NotImplementedError(f"{type(self).__name__} says no penalty: write __call__(self, x)")


class L1L2(Regularizer):
    """l1·Σ|w| + l2·Σw².

    >>> from backprop_tutor import tf
    >>> print(tf.keras.regularizers.L1L2(l1=0.1, l2=0.5)(tf.constant([1.0, -2.0])))
    tf.Tensor(2.8, shape=(), dtype=float32)
    """

    def __init__(self, l1: float | None = 0.0, l2: float | None = 0.0) -> None:
        self.l1 = _factor("l1", l1)
        self.l2 = _factor("l2", l2)

    def __call__(self, x: Any) -> Any:
        """Return the penalty of a weight."""

        def penalty(weight: Any) -> Any:
            found = torch.zeros(())
            if self.l1:
                found = found + self.l1 * weight.abs().sum()
            return found + self.l2 * weight.square().sum() if self.l2 else found

        return run(penalty, tensor(x))

    def __repr__(self) -> str:
        return f"<{type(self).__name__} l1={self.l1:g}, l2={self.l2:g}>"


class L1(L1L2):
    """l1·Σ|w|."""

    def __init__(self, l1: float | None = 0.01) -> None:
        super().__init__(l1=l1)


class L2(L1L2):
    """l2·Σw²; its slope is 2·l2·w: twice the factor that weight decay subtracts."""

    def __init__(self, l2: float | None = 0.01) -> None:
        super().__init__(l2=l2)


def l1(l1: float = 0.01) -> L1:
    """Return the sum of sizes, `L1`."""
    return L1(l1)


def l2(l2: float = 0.01) -> L2:
    """Return the sum of squares, `L2`."""
    return L2(l2)


def l1_l2(l1: float = 0.01, l2: float = 0.01) -> L1L2:
    """Return both, `L1L2`."""
    return L1L2(l1, l2)


_NAMED = {"l1": L1, "l2": L2, "l1_l2": lambda: L1L2(0.01, 0.01)}


def get(identifier: Any) -> Any:
    """Return the penalty of a name (l1, l2, l1_l2), what is given, or None.

    Raises:
        ValueError: an unknown name, or what cannot be called.
    """
    if identifier is None or callable(identifier):
        return identifier
    if isinstance(identifier, str) and identifier.lower() in _NAMED:
        return _NAMED[identifier.lower()]()
    raise ValueError(
        f"a regularizer is {identifier!r}; expected l1, l2, l1_l2 or a function of the weight, such as "
        "tf.keras.regularizers.L2(0.001)"
    )


def _factor(name: str, given: float | None) -> float:
    number = 0.0 if given is None else given
    if (
        isinstance(number, bool)
        or not isinstance(number, (int, float))
        or not 0 <= number < float("inf")
    ):
        raise ValueError(
            f"Value is not valid for a regularization penalty coefficient: {name}={given!r}; expected a "
            "number, 0 or more"
        )
    return float(number)


__getattr__ = refusing(__name__)
