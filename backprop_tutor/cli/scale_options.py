"""The options `--scale`, `--fit`, `--binary` of commands that draw: a word is a scale, a number a size.

`--scale 3` was a picture's size before there were scales; both stand, together too: `--scale neurons
--scale 3`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from ..choices import Fit, words
from ..errors import OptionError, did_you_mean, quoted
from ..objects.scaled import SCALES, checked_scale
from ..sentences import said
from .help_pages import option

__all__ = ["SIZES_AND_SCALES", "binary_option", "fit_option", "size_and_scale"]

F = TypeVar("F", bound=Callable[..., Any])


class _SizeOrScale(click.types.StringParamType):
    name = "number or scale"

    def get_metavar(self, param: click.Parameter, ctx: click.Context | None = None) -> str:
        """Return how the value is written in help pages."""
        return f"NUMBER|{'|'.join(SCALES)}"

    def convert(self, value: Any, param: Any, ctx: Any) -> Any:
        """Return a size as a number, a scale as its word."""
        if value in SCALES:
            return str(value)
        try:
            return float(value)
        except ValueError:
            hint = did_you_mean(str(value), SCALES) or said(
                "the scales: {names}", names=", ".join(SCALES)
            )
            raise OptionError(
                said("--scale takes a scale, or a number for the size; not {given}; {hint}",
                     given=quoted(str(value)), hint=hint)
            ) from None


SIZES_AND_SCALES = _SizeOrScale()


def size_and_scale(given: tuple[float | str, ...]) -> tuple[float | None, str | None]:
    """Return the size and the scale that `--scale` asks for; None where it does not.

    Raises:
        OptionError: two sizes or two scales.
    """
    sizes = [each for each in given if isinstance(each, float)]
    scales = [each for each in given if isinstance(each, str)]
    if len(sizes) > 1 or len(scales) > 1:
        raise OptionError(
            said("--scale is given twice: {names}", names=", ".join(f"{each}" for each in given))
        )
    return (sizes[0] if sizes else None), (checked_scale(scales[0]) if scales else None)


def binary_option(command: F) -> F:
    """Give a command the option `--binary`."""
    chosen: F = option(
        "--binary", is_flag=True,
        help="At the scale of gates: take weighted sums apart into products and sums of two.",
    )(command)
    return chosen


def fit_option(command: F) -> F:
    """Give a command the option `--fit`."""
    chosen: F = option(
        "--fit", type=click.Choice(words(Fit)),
        help="The picture's format; 16:9 if left out, at the scale of gates as large as needed.",
    )(command)
    return chosen
