"""Arrays as they are given: NumPy's, lists, or text: `[[1, 2], [3, 4]]`, `1 2; 3 4`, a bmatrix."""

from __future__ import annotations

import math
import re
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from ..errors import OptionError, ShapeError, quoted
from ..language import parse_number
from ..sentences import said

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, np.dtype[Any]]

__all__ = ["MOST_ENTRIES", "all_finite", "array_given", "entry_typed", "finite", "is_array",
           "looks_like_an_array", "matrix_text"]

MOST_ENTRIES = 10_000_000
_BMATRIX = re.compile(r"\\begin\{[bpBv]?matrix\}(.*)\\end\{[bpBv]?matrix\}\Z", re.DOTALL)
_THOUSANDS = re.compile(r"(?=.*\s0)[-−+]?\d{1,3}(?:\s\d{3})+\Z")
"""Whole numbers set apart in threes, one of which begins with 0: hardly a vector."""

_MOST_TEXT = 2_000_000


def is_array(given: object) -> bool:
    """Return whether a value is given as an array of one axis or more."""
    if isinstance(given, str):
        return looks_like_an_array(given)
    if isinstance(given, list | tuple):
        return True
    return len(getattr(given, "shape", ())) > 0


def looks_like_an_array(text: str) -> bool:
    """Return whether a value's text says a vector or a matrix.

    >>> [looks_like_an_array(t) for t in ("[1, 2]", "1 2; 3 4", "1/2", "-0.5")]
    [True, True, False, False]
    """
    stripped = text.strip()
    if stripped.startswith(("[", r"\begin")):
        return True
    return bool(re.search(r"[\d.)]\s+[-−+\d.]|;", stripped))


def array_given(name: str, given: Any, kind: Any = float) -> Array:
    """Return a value as an array: of a dtype, or int64 where every entry is a whole number typed as one.

    Raises:
        OptionError: something that is no array of real, finite numbers.
        ShapeError: rows of different lengths.
        OptionError: more than 10 million entries.
    """
    import numpy as np  # start-up time: only who has arrays pays for NumPy

    listed = matrix_text(name, given) if isinstance(given, str) else given
    try:
        found = np.asarray(listed)
    except ValueError:
        raise ShapeError(
            said("the rows of {name} have different lengths", name=quoted(name))
        ) from None
    if found.size > MOST_ENTRIES:
        raise OptionError(
            said(
                "{name} has {count} entries; at most {most} are taken",
                name=quoted(name), count=f"{found.size:,}", most=f"{MOST_ENTRIES:,}",
            )
        )  # fmt: skip
    if not found.size:
        raise OptionError(said("{name} has no entries", name=quoted(name)))
    if found.dtype.kind in "iub":
        return found.astype(np.int64)
    if found.dtype == object:
        try:
            found = found.astype(np.float64)
        except OverflowError:
            raise OptionError(
                said("{name} has a number that is beyond float64", name=quoted(name))
            ) from None
        except (TypeError, ValueError):
            found = np.asarray(["?"])
    if found.dtype.kind != "f":
        raise OptionError(
            said("the values of {name} are no array of real numbers", name=quoted(name))
        )
    return all_finite(name, found.astype(kind))


def finite(found: Array, quietly: bool = True) -> bool:
    """Return whether every entry is a finite number: each is where the sum of the squares is.

    That product is the cheapest look at an array; where it overflows, entries are looked at one by one.
    Without `quietly` the caller has silenced NumPy's warnings already, for many arrays.

    >>> import numpy as np
    >>> finite(np.array([1e200, 1.0])), finite(np.array([1.0, np.nan]))
    (True, False)
    """
    import numpy as np  # start-up time: only who has arrays pays for NumPy

    if found.dtype.kind != "f":
        return True
    if quietly:
        with np.errstate(all="ignore"):
            return finite(found, quietly=False)
    flat = found.ravel("K")
    return math.isfinite(flat.dot(flat)) or bool(np.isfinite(found).all())


def all_finite(name: str, found: Array) -> Array:
    """Return an array whose every entry is a finite number.

    Raises:
        OptionError: the first entry that is none.
    """
    import numpy as np  # start-up time: only who has arrays pays for NumPy

    if not finite(found):
        wrong = np.argwhere(~np.isfinite(found))
        place = ", ".join(map(str, wrong[0]))
        raise OptionError(
            said(
                "the value of {name} is {value}; expected a finite number",
                name=quoted(f"{name}[{place}]"), value=found[tuple(wrong[0])],
            )
        )  # fmt: skip
    return found


def matrix_text(name: str, text: str) -> Any:
    """Return the nested lists that a text says; its entries are numbers as they are typed anywhere.

    >>> matrix_text("W", "[[0.1, 1/2], [-3, 4]]"), matrix_text("W", "1 2; 3 4")
    ([[0.1, Fraction(1, 2)], [-3, 4]], [[1, 2], [3, 4]])

    Raises:
        OptionError: brackets that do not close, or more than 3 of them inside each other; `1 000`.
        ParseError: an entry that is no number.
    """
    stripped = text.strip()
    if len(stripped) > _MOST_TEXT:
        raise OptionError(
            said("{name} is too long to be typed; give it as a file", name=quoted(name))
        )
    latex = _BMATRIX.match(stripped)
    if latex:
        rows = [
            row.split("&") for row in latex[1].replace(r"\cr", r"\\").split(r"\\") if row.strip()
        ]
        return [[entry_typed(each, name) for each in row] for row in rows]
    if stripped.startswith("[") and (";" not in stripped):
        return _nested(name, stripped)
    if _THOUSANDS.match(stripped):
        raise OptionError(
            said(
                "{given} may be one number or several: write {one}, or [{several}]",
                given=quoted(stripped), one="".join(stripped.split()),
                several=", ".join(part.lstrip("0") or "0" for part in stripped.split()),
            )
        )  # fmt: skip
    lines = [row for row in stripped.strip("[]").split(";") if row.strip()]
    found = [[entry_typed(each, name) for each in re.split(r"[,\s]+", row.strip())] for row in lines]
    return found if len(found) > 1 or ";" in stripped else found[0]


def entry_typed(text: str, source: str = "") -> int | float | Fraction:
    """Return one entry as it is typed; whole numbers and fractions stay what they are.

    >>> entry_typed("2"), entry_typed("1/2"), entry_typed("0.5")
    (2, Fraction(1, 2), 0.5)
    """
    value = parse_number(text, source=source).value if source else parse_number(text).value
    return int(value) if not isinstance(value, float) and value.denominator == 1 else value


_PARTS = re.compile(r"[\[\],]|[^\[\],]+")


def _nested(name: str, text: str) -> Any:
    """Return `[[1, 2], [3, 4]]` as nested lists, without recursion."""

    def broken() -> OptionError:
        return OptionError(
            said(
                "{name} is no list of rows: {given}; a matrix is [[1, 2], [3, 4]]",
                name=quoted(name), given=quoted(text),
            )
        )  # fmt: skip

    stack: list[list[Any]] = [[]]
    awaited = True  # whether an entry or a list may come next
    for part in _PARTS.findall(text):
        if not part.strip():
            continue
        if part == "[":
            if not awaited or len(stack) > 4:
                raise broken()
            stack.append([])
        elif part == "]":
            if len(stack) < 2 or (awaited and stack[-1]):
                raise broken()
            closed = stack.pop()
            stack[-1].append(closed)
            awaited = False
        elif part == ",":
            if awaited:
                raise broken()
            awaited = True
        else:
            if not awaited:
                raise broken()
            stack[-1].append(entry_typed(part, name))
            awaited = False
    if len(stack) != 1 or len(stack[0]) != 1 or not isinstance(stack[0][0], list):
        raise broken()
    return stack[0][0]
