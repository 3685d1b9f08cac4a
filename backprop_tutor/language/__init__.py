"""Text, plain or LaTeX, to the frozen tree and back. Enters: what a user typed. Leaves: a `Program`.

>>> parse("f = wx + b").reading
'f = w·x + b'
"""

from __future__ import annotations

from .limits import ANSWER, PROGRAM, Limits
from .parser import parse, parse_formula
from .symbols import canonical_name, shown_name
from .tree import Apply, Assignment, Expression, Name, Number, Program, postorder, same
from .write import PLAIN, UNICODE, Notation, written

__all__ = [
    "ANSWER",
    "PLAIN",
    "PROGRAM",
    "UNICODE",
    "Apply",
    "Assignment",
    "Expression",
    "Limits",
    "Name",
    "Notation",
    "Number",
    "Program",
    "canonical_name",
    "parse",
    "parse_formula",
    "postorder",
    "same",
    "shown_name",
    "written",
]
