"""Text, plain or LaTeX, to the frozen tree and back. Enters: what a user typed. Leaves: a
`Program`.

Programs come from Python functions (`trace`) and from the shape of a network (`network`) as well.

>>> parse("f = wx + b").reading
'f = w·x + b'
"""

from __future__ import annotations

from .evaluate import Value, evaluate, evaluated
from .latex_names import canonical_name
from .limits import ANSWER, NUMBER, PROGRAM, Limits
from .losses import with_remarks
from .network import network
from .number import parse_number
from .parser import parse, parse_formula
from .program import Program
from .shown_names import shown_name, told_apart
from .symbolic import Function, Symbolic, TraceError, functions
from .trace import trace
from .tree import Apply, Assignment, Expression, Name, Number, postorder, same
from .write import PLAIN, UNICODE, Notation, written

__all__ = [
    "ANSWER",
    "NUMBER",
    "PLAIN",
    "PROGRAM",
    "UNICODE",
    "Apply",
    "Assignment",
    "Expression",
    "Function",
    "Limits",
    "Name",
    "Notation",
    "Number",
    "Program",
    "Symbolic",
    "TraceError",
    "Value",
    "canonical_name",
    "evaluate",
    "evaluated",
    "functions",
    "network",
    "parse",
    "parse_formula",
    "parse_number",
    "postorder",
    "same",
    "shown_name",
    "told_apart",
    "trace",
    "with_remarks",
    "written",
]
