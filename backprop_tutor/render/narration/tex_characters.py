"""Prose for LaTeX: every character as one that all engines have, none of them markup.

Unicode's raised and lowered characters become real superscripts and subscripts, run by run, so
`w⁽²⁾₁₁` is `w$^{(2)}_{11}$`. A letter of another script (가) stands as it is; `packages` says what
the preamble needs for it.
"""

from __future__ import annotations

import re
import unicodedata

from ...language.symbols import GREEK

__all__ = ["escape", "packages"]

_RAISED = {
    **dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱ", "0123456789+-=()ni", strict=True)),
    "ᵀ": r"\top ",
}
_LOWERED = {
    **dict(zip("₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎", "0123456789+-=()", strict=True)),
    **dict(zip("ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", "aehijklmnoprstuvx", strict=True)),
}
_ACCENTS = {"\u0302": "^", "\u0303": "~", "\u0304": "=", "\u0307": ".", "\u0308": '"',
            "\u0300": "`", "\u0301": "'"}  # fmt: skip

_CHARACTERS = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#",
    "%": r"\%", "_": r"\_", "^": r"\textasciicircum{}", "~": r"\textasciitilde{}",
    "<": "$<$", ">": "$>$", "|": "$|$", "`": r"\`{}",
    "−": "$-$", "×": r"$\times$", "·": r"$\cdot$", "⋅": r"$\cdot$", "÷": r"$\div$", "±": r"$\pm$",
    "∂": r"$\partial$", "∇": r"$\nabla$", "½": r"$\frac{1}{2}$", "¼": r"$\frac{1}{4}$",
    "¾": r"$\frac{3}{4}$", "→": r"$\to$", "←": r"$\leftarrow$", "↦": r"$\mapsto$",
    "≈": r"$\approx$", "≠": r"$\neq$", "≤": r"$\le$", "≥": r"$\ge$", "∞": r"$\infty$",
    "√": r"$\surd$", "∛": r"$\sqrt[3]{\,}$", "⋮": r"$\vdots$", "✓": r"$\surd$", "…": r"\dots{}",
    "⟨": r"$\langle$", "⟩": r"$\rangle$", "ℓ": r"$\ell$", "•": r"$\bullet$", "′": "$'$",
    "∈": r"$\in$", "∣": "$|$", "ϵ": r"$\epsilon$", "ϕ": r"$\phi$", "ϑ": r"$\vartheta$",
    "µ": r"$\mu$", "ς": r"$\varsigma$", "’": "'", "‘": "`", "“": "``", "”": "''", "–": "--",
    "—": "---", "\u00a0": "~", "\u202f": r"\,", "\u2009": r"\,",
    **{letter: rf"$\{name}$" for name, letter in GREEK.items()},
    "ο": "o",
}  # fmt: skip

_SCRIPTS = re.compile(f"[{''.join(_RAISED)}{''.join(_LOWERED)}]+")
_WORDS = re.compile(f"({_SCRIPTS.pattern})")


def escape(prose: str) -> str:
    r"""Return prose in which nothing is markup, in characters that every LaTeX has.

    >>> print(escape("w⁽²⁾₁₁ & ŷ = 50 % of σ(z_1)"))
    w$^{(2)}_{11}$ \& \^{y} = 50 \% of $\sigma$(z\_1)
    """
    pieces = _WORDS.split(prose)
    return "".join(_scripts(p) if i % 2 else "".join(map(_character, p)) for i, p in enumerate(pieces))


_HANGUL = re.compile("[\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3]")


def packages(source: str) -> str:
    r"""Return the lines of the preamble that the scripts of a LaTeX source need; empty for Latin ones.

    kotex chooses the fonts for pdfLaTeX, XeLaTeX and LuaLaTeX alike.

    >>> print(packages("합의 법칙"), end="")
    \usepackage{kotex}
    """
    return "\\usepackage{kotex}\n" if _HANGUL.search(source) else ""


def _scripts(run: str) -> str:
    """Return a run of raised and lowered characters, all of each kind together."""
    raised = "".join(_RAISED.get(c, "") for c in run)
    lowered = "".join(_LOWERED.get(c, "") for c in run)
    return "$" + (f"^{{{raised}}}" if raised else "") + (f"_{{{lowered}}}" if lowered else "") + "$"


def _character(character: str) -> str:
    known = _CHARACTERS.get(character)
    if known is not None:
        return known
    if character.isascii():
        return character if character.isprintable() or character == "\n" else " "
    apart = unicodedata.normalize("NFD", character)
    if len(apart) == 2 and apart[0].isascii() and apart[1] in _ACCENTS:
        return rf"\{_ACCENTS[apart[1]]}{{{apart[0]}}}"
    return character if character.isprintable() else " "
