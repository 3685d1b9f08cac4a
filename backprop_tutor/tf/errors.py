"""TensorFlow's errors, under its name `tf.errors`: what operations refuse, in its words."""

from __future__ import annotations

from ..errors import TutorError

__all__ = ["InvalidArgumentError", "OpError"]


class OpError(TutorError):
    """The base of what operations refuse."""

    @property
    def message(self) -> str:
        """What is said."""
        return str(self)


class InvalidArgumentError(OpError):
    """Operands whose dtypes or shapes do not fit the operation.

    >>> from backprop_tutor import tf
    >>> try:
    ...     tf.constant(2) * tf.constant(3.0)
    ... except tf.errors.InvalidArgumentError as error:
    ...     print(error)
    cannot compute Mul as input #1(zero-based) was expected to be a int32 tensor but is a float tensor ...
    """
