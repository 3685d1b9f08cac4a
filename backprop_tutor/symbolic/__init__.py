"""SymPy's side of a graph: local derivatives from the operations' definitions, and closed forms.

SymPy's objects are built from the graph, never from text, and nothing that is shown as typed comes
from here. This room, with `ops/sympy_kernel.py`, is the only one that imports SymPy. What it is asked
about a user's program is limited in size before it is begun, and in time while it runs (`limits`).
"""

from __future__ import annotations

from .closed_forms import (
    ClosedForm,
    closed_form,
    closed_form_of,
    first_forms,
    second_forms,
    value_form,
)
from .derivatives import local_derivative
from .limits import Allowance, Late
from .numbers import local_ball
from .trees import tree_form

__all__ = [
    "Allowance", "ClosedForm", "Late", "closed_form", "closed_form_of", "first_forms", "local_ball",
    "local_derivative", "second_forms", "tree_form", "value_form",
]  # fmt: skip
