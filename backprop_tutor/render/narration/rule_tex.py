r"""A rule over arrays in LaTeX: `Xᵀ·δ` becomes `X^{\top} \cdot \delta`.

Enters: a rule as `matrices.rules` writes it, and how its names are set. Leaves: LaTeX: signs as commands,
words as text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

__all__ = ["rule_latex"]

_SIGNS = {
    "δ": r"\delta", "ᵀ": r"^{\top}", "⁻¹": "^{-1}", "·": r" \cdot ", "⊙": r" \odot ", "−": "-",
    "×": r" \times ", "Σ": r"\sum", "σ": r"\sigma", "π": r"\pi", "√2": r"\sqrt{2}",
    "√π": r"\sqrt{\pi}", "→": r"\to ", "′": "'",
    **{sign: f"^{{{n}}}" for n, sign in enumerate("⁰¹²³⁴⁵⁶⁷⁸⁹")},
}  # fmt: skip
_LETTER = rf"[^\W\d_{''.join(_SIGNS)}]"
_TOKENS = (
    rf"(?P<call>{_LETTER}[\w]*)(?=\()",
    "(?P<sign>" + "|".join(sorted(map(re.escape, _SIGNS), key=len, reverse=True)) + ")",
    r"(?P<number>\d+(?:\.\d+)?(?:e[+-]?\d+)?)",
    rf"(?P<word>{_LETTER}+)",
    r"(?P<rest>.)",
)


def rule_latex(rule: str, names: Mapping[str, str]) -> str:
    r"""Return a rule in LaTeX; `names` has how each name is set.

    >>> rule_latex("Xᵀ·δ", {"X": "X"})
    'X^{\\top} \\cdot \\delta'
    >>> rule_latex("Σ over the rows of δ ⊙ W₁²", {"W₁": "W_{1}"})
    '\\sum\\text{ over the rows of }\\delta \\odot W_{1}^{2}'
    """
    inside = (name for name in names if name and name in rule)  # few of a large network's
    known = "|".join(map(re.escape, sorted(inside, key=len, reverse=True)))
    own = (rf"(?P<name>(?<!{_LETTER})(?:{known})(?!{_LETTER}|[₀-₉_]))",) if known else ()
    written = []
    for match in re.finditer("|".join((*own, *_TOKENS)), rule):
        kind, text = str(match.lastgroup), match.group()
        if kind == "name":
            written.append(names[text])
        elif kind == "sign":
            written.append(_SIGNS[text])
        elif kind == "call":
            written.append(rf"\operatorname{{{_escaped(text)}}}")
        elif kind == "number":
            mantissa, mark, exponent = text.partition("e")
            written.append(rf"{mantissa} \times 10^{{{int(exponent)}}}" if mark else text)
        elif kind == "word":
            written.append(rf"\text{{{text}}}")
        else:
            written.append(_escaped(text))
    return _words_joined("".join(written))


def _words_joined(text: str) -> str:
    r"""Return LaTeX with the words of one run in one `\text{}`, blanks at its ends."""
    joined = re.sub(r"\} +\\text\{", " ", text)
    joined = re.sub(r" *\\text\{([^{}]*)\} *", r"\\text{ \1 }", joined)
    return re.sub(r" {2,}", " ", joined).strip()


def _escaped(text: str) -> str:
    return re.sub(r"([_%#&{}$])", r"\\\1", text)
