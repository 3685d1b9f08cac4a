"""The characters of the language: what each one a user may paste stands for, which are refused.

Everything about single characters lives here; this file does not know the grammar. Enters: text as
given. Leaves: the same text in plain characters, with the offset at which each one stood.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from ..errors import Fault, Span
from ..sentences import N_, said, sentence

__all__ = [
    "ACCENTS",
    "GREEK",
    "JOINER",
    "SUBSCRIPTS",
    "SUPERSCRIPT_DIGITS",
    "Plain",
    "bare",
    "plain_characters",
    "plain_name",
]

GREEK = {
    "alpha": "α",
    "beta": "β",
    "gamma": "γ",
    "delta": "δ",
    "epsilon": "ε",
    "zeta": "ζ",
    "eta": "η",
    "theta": "θ",
    "iota": "ι",
    "kappa": "κ",
    "lambda": "λ",
    "mu": "μ",
    "nu": "ν",
    "xi": "ξ",
    "pi": "π",
    "rho": "ρ",
    "sigma": "σ",
    "tau": "τ",
    "upsilon": "υ",
    "phi": "φ",
    "chi": "χ",
    "psi": "ψ",
    "omega": "ω",
    "Gamma": "Γ",
    "Delta": "Δ",
    "Theta": "Θ",
    "Lambda": "Λ",
    "Xi": "Ξ",
    "Pi": "Π",
    "Sigma": "Σ",
    "Phi": "Φ",
    "Psi": "Ψ",
    "Omega": "Ω",
}
"""Greek letters by name; names are kept in ASCII and shown as letters."""

SUPERSCRIPT_DIGITS = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+", strict=True))
_SUBSCRIPT_DIGITS = dict(zip("₀₁₂₃₄₅₆₇₈₉", "0123456789", strict=True))
_SUBSCRIPT_LETTERS = dict(zip("ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", "aehijklmnoprstuvx", strict=True))

_SAME = {
    "−": "-",
    "‐": "-",
    "‑": "-",
    "‒": "-",
    "–": "-",
    "—": "-",
    "﹣": "-",
    "ᵀ": "ᵀ",
    "‖": "‖",
    "⊤": "ᵀ",
    "⊙": "*",
    "∘": "*",
    "·": "*",
    "×": "*",
    "∙": "*",
    "⋅": "*",
    "•": "*",
    "∗": "*",
    "✕": "*",
    "÷": "/",
    "∕": "/",
    "⁄": "/",
    "∣": "|",
    "≥": ">=",
    "≤": "<=",
    "⩾": ">=",
    "⩽": "<=",
    "≧": ">=",
    "≦": "<=",
    "𝟙": "1",
    "𝟏": "1",
    "√": " sqrt ",
    "∛": " cbrt ",
    "\u00a0": " ",
    "\u2002": " ",
    "\u2003": " ",
    "\u2009": " ",
    "\u202f": " ",
    "\u3000": " ",
    "\t": " ",
    "\r": "",
    "\ufeff": "",
    "ϵ": "epsilon",
    "ϑ": "theta",
    "ϕ": "phi",
    "ς": "sigma",
    "µ": "mu",
    "Ω": "Omega",
    "₌": "=",
    "←": "=",
    "⟵": "=",
    "≔": "=",
    "≝": "=",
}
ACCENTS = {"hat": "\u0302", "bar": "\u0304", "tilde": "\u0303"}
"""The accents that a name may carry, `y_hat`, and the combining character of each."""

_ACCENT_MARKS = {mark: f"_{name}" for name, mark in ACCENTS.items()} | {"\u0305": "_bar"}

JOINER = "\u2060"
"""Stands behind a subscript of letters, where a name ends although letters may follow."""

_DROPPED = frozenset("\u200b\u200c\u200d\u2060\u00ad\ufe0e\ufe0f\u180e")
_BIDI = frozenset("\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_GREEK_LETTERS = {letter: name for name, letter in GREEK.items()}

_LOOK_ALIKE = dict(
    zip(
        "аеорсухіјѕһԁԛԝАВЕКМНОРСТХІЈЅΑΒΕΖΗΙΚΜΝΟΡΤΥΧοɑɡıℓ",
        "aeopcyxijshdqwABEKMHOPCTXIJSABEZHIKMNOPTYXoagil",
        strict=True,
    )
)


@dataclass(frozen=True, slots=True)
class Plain:
    """Text in plain characters; character `i` of it stood at `offsets[i]` of the text given."""

    text: str
    offsets: Sequence[int]
    faults: tuple[Fault, ...] = ()

    def span(self, start: int, stop: int) -> Span:
        """Return where the plain characters `[start, stop)` stood in the text given."""
        if stop <= start:
            place = self.offsets[start]
            return Span(place, place)
        return Span(self.offsets[start], self.offsets[stop - 1] + 1)


def plain_characters(text: str) -> Plain:
    """Return the text in plain characters, with a fault for each character that is refused.

    >>> plain_characters("w₁·x² − y").text
    'w1*x² - y'
    """
    if text.isascii() and not _CONTROL.search(text):
        return Plain(text.replace("\t", " ").replace("\r", " "), range(len(text) + 1))
    out: list[str] = []
    offsets: list[int] = []
    faults: list[Fault] = []
    layer = False
    for place, character in enumerate(text):
        # w⁽²⁾₂₁ is the name w2_21: a layer's number above, node numbers below.
        if character == "⁽" and _LAYER.match(text, place):
            layer = True
            continue
        if character == "⁾" and layer:
            layer = False
            continue
        if layer and character in SUPERSCRIPT_DIGITS:
            out.append(SUPERSCRIPT_DIGITS[character])
            offsets.append(place)
            continue
        below = character in _SUBSCRIPT_DIGITS and place and text[place - 1] == "⁾"
        if below:
            out.append("_")
            offsets.append(place)
        letter, accent = _accented(character)
        if accent and (letter or (out and (out[-1].isalpha() or out[-1] == "⟩"))):
            if not letter and out[-1] != "⟩":
                # The letter that stood before is one name with its accent.
                letter, start = out.pop(), offsets.pop()
                out += f"⟨{letter}⟩"
                offsets += [start] * 3
                letter = ""
            pieces = (f"⟨{letter}⟩" if letter else "") + accent
            out += pieces
            offsets += [place] * len(pieces)
            continue
        if character in _SUBSCRIPT_LETTERS and out and out[-1] == JOINER:
            del out[-1], offsets[-1]
            out.append(_SUBSCRIPT_LETTERS[character])
            offsets.append(place)
            replaced: str | None = JOINER
        else:
            replaced = _replacement(character)
        if place and _vulgar(character) and text[place - 1].isdigit():
            message = said(
                "a mixed number: `{given}{character}` could be a sum or a product",
                given=text[place - 1],
                character=character,
            )
            hint = said("write the operation between them")
            faults.append(Fault(message, Span(place - 1, place + 1), hint))
        if replaced is None:
            faults.append(_refusal(character, Span(place, place + 1)))
            replaced = " "
        for piece in replaced:
            out.append(piece)
            offsets.append(place)
    offsets.append(len(text))
    return Plain("".join(out), offsets, tuple(faults))


_LAYER = re.compile(r"⁽[⁰¹²³⁴⁵⁶⁷⁸⁹]+⁾")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def _vulgar(character: str) -> str:
    """Return the fraction that a character is, `1/3` for `⅓`, or nothing."""
    parts = unicodedata.normalize("NFKC", character).split("\N{FRACTION SLASH}")
    return "/".join(parts) if len(parts) == 2 and all(parts) else ""


def _accented(character: str) -> tuple[str, str]:
    """Return the letter and the accent that a character stands for; no letter for a mark alone."""
    if character in _ACCENT_MARKS:
        return "", _ACCENT_MARKS[character]
    parts = unicodedata.normalize("NFD", character)
    if len(parts) == 2 and parts[0].isascii() and parts[0].isalpha() and parts[1] in _ACCENT_MARKS:
        return parts[0], _ACCENT_MARKS[parts[1]]
    return "", ""


def _replacement(character: str) -> str | None:
    if character in _SAME:
        return _SAME[character]
    if character in _DROPPED:
        return ""
    if character in SUPERSCRIPT_DIGITS:
        return character
    if character in _SUBSCRIPT_DIGITS:
        return _SUBSCRIPT_DIGITS[character]
    if character in _SUBSCRIPT_LETTERS:
        return "_" + _SUBSCRIPT_LETTERS[character] + JOINER
    if character in _GREEK_LETTERS:
        # A letter's name must not run into the letters beside it.
        return f"⟨{_GREEK_LETTERS[character]}⟩"
    if character in "∂∑∏∞":
        return character
    fraction = _vulgar(character)
    if fraction:
        return f" ({fraction})"
    if character.isascii():
        return None if _CONTROL.match(character) else character
    wide = unicodedata.normalize("NFKC", character)
    if 0xFF01 <= ord(character) <= 0xFF5E and len(wide) == 1 and wide.isascii():
        return wide
    return None


def _refusal(character: str, span: Span) -> Fault:
    if "\ud800" <= character <= "\udfff":
        return Fault(
            said(
                "half of a character pair (U+{character:04X}) is not a character",
                character=ord(character),
            ),
            span,
        )
    name = unicodedata.name(character, said("a control character"))
    code = f"U+{ord(character):04X} {name}"
    if character in _BIDI:
        return Fault(
            said(
                "an invisible character that turns the writing direction ({code}) is not accepted",
                code=code,
            ),
            span,
            said("delete it"),
        )
    if character in _LOOK_ALIKE:
        latin = _LOOK_ALIKE[character]
        return Fault(
            said("the character {code} only looks like `{latin}`", code=code, latin=latin),
            span,
            said("did you mean `{latin}`?", latin=latin),
        )
    plain = unicodedata.normalize("NFKC", character)
    if len(plain) == 1 and plain.isascii() and plain.isalnum():
        message = said("the character {code} is a styled `{plain}`", code=code, plain=plain)
        return Fault(message, span, said("did you mean `{plain}`?", plain=plain))
    if unicodedata.category(character).startswith("C"):
        return Fault(
            said("an invisible character ({code}) is not accepted", code=code),
            span,
            said("delete it"),
        )
    return Fault(
        said(
            "the character `{character}` ({code}) has no meaning here",
            character=character,
            code=code,
        ),
        span,
        sentence(_INSTEAD.get(character, "")),
    )


_INSTEAD = {
    **dict.fromkeys("⟨⟩〈〉", N_("an inner product is written x @ w")),
    "⊗": N_("of all pairs write outer(x, w), entry by entry x * w"),
    "⊕": N_("a sum is written x + w, arrays side by side concat(x, w)"),
    **dict.fromkeys("∈∉⊂", N_("type the formulas alone: what is given is a number or an array")),
}
"""Signs of course notes that are not read, and what is written instead."""


def plain_name(name: str) -> str:
    """Return a name as programs keep it: `w₁` is `w1`, `θ` is `theta`, `xᵢ` is `x_i`.

    >>> [plain_name(n) for n in ("w₁", "θ", "xᵢⱼ", "w⁽²⁾₂₁", "ŷ", "q")]
    ['w1', 'theta', 'x_ij', 'w2_21', 'y_hat', 'q']
    """
    if name.isascii():
        return name
    plain = plain_characters(name)
    if plain.faults:
        return name
    return bare(plain.text)


def bare(run: str) -> str:
    """Return a run of letters without the marks that say how far its names reach.

    >>> bare("⟨y⟩_hat_{1j}")
    'y_hat_1j'
    """
    return run.translate(_MARKS)


_MARKS = str.maketrans("", "", "⟨⟩{}" + JOINER)
SUBSCRIPTS = {v: k for k, v in (_SUBSCRIPT_DIGITS | _SUBSCRIPT_LETTERS).items()}
"""The digits and letters that Unicode has as subscripts."""
