"""What only some uses need: which extra of the package brings it, and the one message where it is missing.

The plain install draws, explains, checks, marks and trains. `pyproject.toml` names the extras; a test
compares its list with this one.
"""

from __future__ import annotations

from importlib.util import find_spec

from .errors import OptionError
from .sentences import N_, said

__all__ = ["EXTRAS", "need"]

EXTRAS = {
    "matplotlib": ("matplotlib", "plots", N_("curves and other plots of training")),
    "PIL": ("Pillow", "animate", N_("animations")),
}
"""The project that brings a module, the extra that brings the project, and who needs it."""


def need(module: str) -> None:
    """Refuse what needs a module of an extra that is not installed.

    >>> need("PIL")

    Raises:
        OptionError: it is not installed; the extra is named.
    """
    if find_spec(module) is None:
        project, extra, use = EXTRAS[module]
        raise OptionError(
            said(
                "{project} is not installed, which is needed for {use}: "
                'pip install "backprop-tutor[{extra}]"',
                project=project, use=said(use), extra=extra,
            )
        )
