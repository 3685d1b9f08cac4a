"""The commands of LaTeX that formulas use: what each stands for, and which are refused with what
hint.

Everything about single commands lives here, as tables; this file does not know the grammar.
"""

from __future__ import annotations

import re

from ..errors import did_you_mean, quoted
from ..ops import FUNCTIONS, OPS, cached_of_tables
from ..sentences import N_, said
from .symbols import GREEK

__all__ = [
    "ACCENTS", "COMPARED", "DELIMITERS", "ENVIRONMENTS", "FONTS", "FRACTIONS", "GREEK_COMMANDS",
    "OPERATORS", "SIZES", "SKIPPED_WITH_ARGUMENT", "SPACES", "function_command", "refusal",
]  # fmt: skip

GREEK_COMMANDS = {name: name for name in GREEK} | {
    "varepsilon": "epsilon", "vartheta": "theta", "varpi": "pi", "varrho": "rho",
    "varsigma": "sigma", "varphi": "phi", "varkappa": "kappa",
}  # fmt: skip

ACCENTS = {
    "hat": "_hat", "widehat": "_hat", "bar": "_bar", "overline": "_bar",
    "tilde": "_tilde", "widetilde": "_tilde",
}  # fmt: skip

FONTS = frozenset(
    {"mathrm", "operatorname", "text", "textrm", "textit", "textbf", "texttt", "textsf", "mathit",
     "mathbf", "mathsf", "mathtt", "mathnormal", "boldsymbol", "bm", "mbox", "hbox"}
)  # fmt: skip
"""These change how a name looks and nothing else."""

OPERATORS = {
    "cdot": "TIMES", "times": "TIMES", "ast": "TIMES", "bullet": "TIMES", "div": "DIVIDE",
    "lparen": "LPAR", "rparen": "RPAR", "vert": "BAR", "lvert": "BAR_OPEN", "rvert": "BAR_CLOSE",
    "lbrack": "LPAR", "rbrack": "RPAR", "lbrace": "LPAR", "rbrace": "RPAR",
}  # fmt: skip

DELIMITERS = {
    "(": "(", ")": ")", "[": "[", "]": "]", "|": "|", "\\{": "\\{", "\\}": "\\}",
    "\\lparen": "(", "\\rparen": ")", "\\lbrack": "[", "\\rbrack": "]", "\\lbrace": "\\{",
    "\\rbrace": "\\}", "\\vert": "|", "\\lvert": "|", "\\rvert": "|",
}  # fmt: skip
"""What may stand behind `\\left` and `\\right`."""

FRACTIONS = frozenset({"frac", "dfrac", "tfrac", "cfrac"})

SPACES = frozenset(
    {"quad", "qquad", "thinspace", "medspace", "thickspace", "enspace", "enskip", "nobreak",
     "displaystyle", "textstyle", "scriptstyle", "limits", "nolimits", "nonumber", "notag",
     "hfill", "allowbreak", "noindent", "centering", "mathstrut", "strut"}
)  # fmt: skip

SIZES = frozenset(
    size + side for size in ("big", "Big", "bigg", "Bigg") for side in ("", "l", "r", "m")
)

SKIPPED_WITH_ARGUMENT = frozenset({"label", "tag", "hspace", "vspace", "phantom", "hphantom"})

ENVIRONMENTS = frozenset(
    {"align", "aligned", "alignat", "equation", "gather", "gathered", "split", "displaymath",
     "math", "multline", "eqnarray", "flalign", "cases"}
)  # fmt: skip

COMPARED = {
    "leq": "<=", "le": "<=", "leqslant": "<=", "geq": ">=", "ge": ">=", "geqslant": ">=", "lt": "<",
    "gt": ">",
}  # fmt: skip

_SETS = (N_("sets of numbers are not part of the language"), "")
_COMPARED = (N_("of comparisons, >, <, \\geq and \\leq are part of the language"), "")
_SUMMED = (N_("long sums and products are written out term by term"), N_("such as x_1 + x_2 + x_3"))
_TRANSPOSED = (N_("a transpose has no meaning here: every name is a single number"), "")
_ELEMENTS = (N_("products of arrays are not part of the language"), N_("for single numbers write \\cdot"))
_DERIVED = (N_("a derivative is not a name"), N_("an assignment's left side is a name"))
_ENDLESS = (N_("infinity is not a number"), "")

_INNER = (N_("angle brackets are not read"), N_("an inner product is written x @ w"))

_REFUSED = {
    "mathbb": _SETS, "in": _SETS, "R": _SETS, "mathcal": (N_("script letters are not names here"), ""),
    "mathfrak": (N_("Gothic letters are not names here"), ""),
    "neq": _COMPARED, "ne": _COMPARED, "approx": _COMPARED, "sim": _COMPARED,
    "equiv": _COMPARED,
    "int": (N_("integrals are not part of the language"), ""),
    "lim": (N_("limits are not part of the language"), ""),
    "top": _TRANSPOSED, "intercal": _TRANSPOSED, "dagger": _TRANSPOSED,
    "odot": _ELEMENTS, "circ": _ELEMENTS, "otimes": _ELEMENTS, "star": _ELEMENTS,
    "nabla": _DERIVED, "dot": _DERIVED, "ddot": _DERIVED, "prime": _DERIVED,
    "vec": (N_("vectors are not part of the language: every name is a single number"), ""),
    "infty": _ENDLESS, "pm": (N_("± stands for two numbers at once"), "write + or -"),
    "mp": (N_("∓ stands for two numbers at once"), "write + or -"),
    "over": (N_("`\\over` is not read"), r"write \frac{…}{…}"),
    "binom": (N_("binomials are not part of the language"), ""),
    "lg": (N_("the base of `\\lg` is not agreed on"), r"write \log_{10} or \log_2"),
    "argmax": (N_("argmax has no slope to speak of"), ""),
    "arg": (N_("argmax has no slope to speak of"), ""),
    "langle": _INNER, "rangle": _INNER,
    "argmin": (N_("argmin has no slope to speak of"), ""),
    "middle": (N_("`\\middle` is not read"), N_("write the bracket alone")),
    "ldots": _SUMMED, "cdots": _SUMMED, "dots": _SUMMED, "to": _DERIVED, "mapsto": _DERIVED,
    "lVert": (N_("norms are not part of the language"), N_("for one number write |x|")),
    "rVert": (N_("norms are not part of the language"), N_("for one number write |x|")),
    "Vert": (N_("norms are not part of the language"), N_("for one number write |x|")),
    "def": (N_("definitions are not part of the language"), ""),
    "newcommand": (N_("definitions are not part of the language"), ""),
    "input": (N_("files are not read from a formula"), ""),
    "include": (N_("files are not read from a formula"), ""),
}  # fmt: skip


@cached_of_tables()
def _offered() -> tuple[str, ...]:
    """Return every command that is read, those with which rows are written among them."""
    of_rows = {
        command
        for row in OPS.values()
        for written in (row.latex_name, *(row.latex or ()))
        for command in re.findall(r"\\([a-z]+)(?=\\left\(|\{$|_|$)", written)
        if row.spelled
    }
    return tuple(sorted({
        *GREEK_COMMANDS, *COMPARED, *ACCENTS, *FONTS, *OPERATORS, *FRACTIONS, *SPACES, *SIZES, *of_rows,
        "left", "right", "begin", "end", "exp",
    }))  # fmt: skip


def function_command(command: str) -> str:
    """Return the function that a command names, or nothing.

    >>> function_command("tanh"), function_command("relu"), function_command("foo")
    ('tanh', 'relu', '')
    """
    offered = command.isascii() and command in FUNCTIONS and command != "sqrt"
    return command if offered and command not in _REFUSED else ""


def refusal(command: str) -> tuple[str, str]:
    r"""Return why a command is refused, and the hint towards the remedy.

    >>> refusal("sigmod")
    ('the command `\\sigmod` is not known', 'did you mean `\\sigma`?')
    """
    if command in _REFUSED:
        return _REFUSED[command]
    hint = did_you_mean(command, _offered()).replace("`", "`\\", 1)
    return said("the command {value} is not known", value=quoted(chr(92) + command)), hint
