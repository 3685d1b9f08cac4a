r"""What LaTeX writes choices with: the 1 of an indicator, and the signs inside `\begin{cases}`.

Enters: a text and a position. Leaves: what stands there and where it ends; the lexer makes tokens.
"""

from __future__ import annotations

import re

__all__ = ["ONE", "sign_of_cases"]

ONE = re.compile(
    r"(?P<sign>\\(?:mathbb|mathds|mathbbm|mathbf|boldsymbol|bm|mathrm)\s*(?:\{\s*[1I]\s*\}|1)"
    r"|(?<![\w.])1(?=\s*_\s*\{))(?P<under>\s*_\s*\{)?"
)
r"""The 1 of an indicator, `\mathbb{1}[x > 0]`, `\mathbf{1}_{x > 0}` or `1_{x > 0}`."""

_TEXT = r"\\(?:text|textrm|textit|mathrm|operatorname|mbox|hbox)\s*\{\s*"
_OF_CASES = re.compile(
    rf"\s*(?:(?P<ROW>\\\\\*?(?:\s*\[[^\]\n]{{0,20}}\])?)"
    rf"|(?P<AMP>&)"
    rf"|(?P<ELSE>{_TEXT},?\s*(?:otherwise|else|elsewhere)\s*\.?\s*\}}|\b(?:otherwise|else)\b)"
    rf"|(?P<skip>{_TEXT},?\s*(?:if|for|when|where)?\s*\}}|\b(?:if|when)\b))"
)


def sign_of_cases(text: str, position: int) -> tuple[str, int] | None:
    r"""Return what parts a formula by cases here, "" for words that say nothing, and where it ends.

    >>> sign_of_cases(r"& \text{if } x", 0), sign_of_cases(r"\text{if } x", 0)
    (('AMP', 1), ('', 10))
    """
    match = _OF_CASES.match(text, position)
    if match is None:
        return None
    kind = match.lastgroup or ""
    return ("" if kind == "skip" else kind), match.end()
