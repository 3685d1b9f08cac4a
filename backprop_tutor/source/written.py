"""A derivation as a program in the library that is asked for, with the options that a program takes."""

from __future__ import annotations

from typing import Any

from ..errors import OptionError
from ..sentences import said
from ..steps import Derivation
from .numpy_program import numpy_program
from .torch_program import torch_program

__all__ = ["PROGRAMS", "program_text"]

PROGRAMS = ("numpy", "torch")
"""The formats of explanations that are programs."""


def program_text(
    d: Derivation, format: str, *, comments: bool = True, check: bool | None = None, **unfit: Any
) -> str:
    """Return a derivation as a program, one of `PROGRAMS`.

    Args:
        comments: whether each line says its formula and its shapes.
        check: whether a program in NumPy ends by comparing its gradients with differences.
        unfit: options of explanations in words, which a program does not take; None or False if not given.

    Raises:
        OptionError: an option of explanations in words alone.
    """
    wrong = [name for name, value in unfit.items() if value is not None and value is not False]
    if wrong:
        raise OptionError(
            said("a program has no step of descent: {names} is for explanations in words",
                 names=", ".join(wrong))
        )  # fmt: skip
    if format == "torch":
        return torch_program(d, comments=comments)
    return numpy_program(d, comments=comments, check=bool(check))
