"""The characters that forms, telephones and spreadsheets put into a number: spaces, digits, signs, quotes.

Enters: a text as it was typed. Leaves: the same in ASCII where a character has one meaning only. What is
changed here is never told: everyone reads these characters so.
"""

from __future__ import annotations

import html
import re
import unicodedata

__all__ = ["plain"]

_SIGNS = str.maketrans({
    "−": "-", "‐": "-", "‑": "-", "‒": "-", "﹣": "-", "－": "-", "➖": "-", "˗": "-", "＋": "+", "➕": "+",
    "⁄": "/", "∕": "/", "÷": "/", "／": "/", "٫": ".", "٬": "'", "。": ".", "．": ".", "，": ",", "､": ",",
    "＝": "=", "％": "%", "٪": "%", "（": "(", "）": ")", "［": "[", "］": "]", "′": "'", "＇": "'",
    "‘": "'",
    "’": "'", "ʼ": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "≅": "≈", "≃": "≈", "≒": "≈",
    "∼": "~", "～": "~", "˜": "~", "≔": "=", "⇒": "→", "⟹": "→", "➜": "→", "➔": "→", "×": "×", "✕": "×",
    "✖": "×", "╳": "×", "⋅": "·", "∙": "·", "•": "·", "‧": "·", "・": "·", "ᐧ": "·", "᛫": "·", "∗": "*",
    "＊": "*", "＾": "^", "ｅ": "e", "Ｅ": "E", "\u2007": " ",
})  # fmt: skip
_DASH = re.compile(r"^[–—―]\s*(?=[\d.,(√πe\\])|(?<=[eE(=^{])[–—](?=\d)")
"""A long dash that stands where only a sign can."""
_ENTITY = re.compile(
    r"&(?:minus|nbsp|times|middot|frac12|frac14|frac34|asymp|sdot|#\d+|#x[0-9a-f]+);", re.IGNORECASE
)
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""What turns the direction of writing is refused by the language, as what is seen is not what is read."""


def plain(text: str) -> str:
    r"""Return a text with plain signs, digits and single spaces.

    >>> plain("\u2212\uff10.\uff15\u00a0"), plain("\u0660\u066b\u0665"), plain("\u20141/2")
    ('-0.5', '0.5', '-1/2')
    """
    if text.isascii():
        text = _ENTITY.sub(_character, text) if "&" in text else text
        if text.isascii():
            return " ".join(text.split())
    text = "".join(map(_plain, _ENTITY.sub(_character, text)))
    text = " ".join(text.translate(_SIGNS).split())
    return _DASH.sub("-", text)


def _character(found: re.Match[str]) -> str:
    return html.unescape(found.group())


def _plain(character: str) -> str:
    if character.isascii():
        return character
    if character.isdecimal():
        return str(unicodedata.decimal(character))
    kind = unicodedata.category(character)
    if kind == "Zs":
        return " "
    if kind in ("Cf", "Cc") and character not in "\n\t" and character not in _TURNING:
        return "\u200d" if character == "\u200d" else ""
    return character
