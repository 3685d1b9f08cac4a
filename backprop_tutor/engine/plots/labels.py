"""Which class a point's label is: 0 and 1, −1 and 1, any numbers or texts, in the order of the model's.

Everything about the meaning of labels is decided here; the plot only draws class numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ...errors import OptionError, quoted
from ...sentences import counted

__all__ = ["class_numbers", "usual_threshold"]


def _written(label: Any) -> str:
    if isinstance(label, str):
        return label
    return f"{label:g}".replace("-", "−")


def usual_threshold(labels: np.ndarray[Any, Any]) -> float:
    """Return where a single output turns from one class to the other: 0 between −1 and 1, else ½.

    >>> usual_threshold(np.array([-1, 1])), usual_threshold(np.array([0, 1]))
    (0.0, 0.5)
    """
    signs = labels.dtype.kind in "if" and np.isin(labels, (-1, 1)).all() and (labels == -1).any()
    return 0.0 if signs else 0.5


def class_numbers(
    labels: np.ndarray[Any, Any], count: int, classes: Sequence[str] = ()
) -> tuple[np.ndarray[Any, Any], list[str]]:
    """Return each label's class number among `count` classes, and the classes' names.

    Integers from 0 to `count` − 1 are class numbers, and texts that stand in `classes` are
    found there; any other labels stand for the classes in their own order, −1 before 1.

    Raises:
        OptionError: something other than labels, or not `count` of them.
    """
    if labels.dtype.kind not in "iufbUS":
        labels = labels.astype(str)
    if labels.dtype.kind == "f" and not np.isfinite(labels).all():
        raise OptionError("a label is not a finite number; expected class numbers, −1 and 1, or texts")
    if labels.dtype.kind == "b":
        labels = labels.astype(np.int64)
    found = np.unique(labels)
    named = [
        classes[i] if i < len(classes) else f"class {i}" for i in range(max(count, len(classes)))
    ]
    text = labels.dtype.kind in "US"
    if text and classes and all(str(label) in classes for label in found):
        return np.array([list(classes).index(str(label)) for label in labels]), named
    if not text and all(label in range(count) for label in found.tolist()):
        return labels.astype(np.int64), named
    shown = ", ".join(quoted(_written(label)) for label in found.tolist()[:8])
    if set(found.tolist()) <= {-1, 1} and count == 2:
        found = np.array([-1, 1])
    if len(found) != count:
        more = " and more" if len(found) > 8 else ""
        held = counted(len(found), "1 label", "{count} labels")
        raise OptionError(
            f"the points have {held} ({shown}{more}) and the model tells {count} classes "
            f"apart; expected the class numbers 0 to {count - 1}, or {count} labels"
        )
    written = [_written(label) for label in found.tolist()]
    names = written if text else [f"class {label}" for label in written]
    names = [classes[i] if i < len(classes) else name for i, name in enumerate(names)]
    return np.searchsorted(found, labels), names
