"""Korean particles after names and numbers: `을(를)` in a catalogue becomes 을 or 를 by what stands before.

Which one it is depends on whether the word before it, as it is said, ends in a consonant: w(더블유)를,
n(엔)을, 3(삼)을. A text without such a mark is returned as it is, whatever its language.
"""

from __future__ import annotations

import re

__all__ = ["agreed_text"]

_MARK = re.compile(r"(은\(는\)|을\(를\)|이\(가\)|와\(과\)|\(으\)로|\(이\)라)")
_PARTICLES = {
    "은(는)": ("은", "는"),
    "을(를)": ("을", "를"),
    "이(가)": ("이", "가"),
    "와(과)": ("과", "와"),
    "(으)로": ("으로", "로"),
    "(이)라": ("이라", "라"),
}
"""Behind a consonant, and behind a vowel."""

_SUBSCRIPTS = str.maketrans("₀₁₂₃₄₅₆₇₈₉⁰¹²³⁴⁵⁶⁷⁸⁹", "01234567890123456789")
# 엘 엠 엔 알, and 영 일 삼 육 칠 팔; epsilon, omicron and upsilon end in ㄴ.
_CLOSED = frozenset("lmnrLMNR013678εουΕΟΥ")
_LIQUID = frozenset("lrLR178")
"""Behind ㄹ, 로 stands like behind a vowel."""


def _ending(before: str) -> tuple[bool, bool]:
    """Return whether a word ends in a consonant, and whether that is ㄹ."""
    for letter in reversed(before.translate(_SUBSCRIPTS)):
        if "가" <= letter <= "힣":
            final = (ord(letter) - ord("가")) % 28
            return final != 0, final == 8
        if letter.isalnum():
            return letter in _CLOSED, letter in _LIQUID
    return False, False


def agreed_text(text: str, before: str = "") -> str:
    """Return a text with its particles chosen; `before` is what stands before it.

    >>> agreed_text("w을(를) 올리면 n은(는) v₁(으)로")
    'w를 올리면 n은 v₁로'
    """
    if "(" not in text or not _MARK.search(text):
        return text
    out = ""
    for piece in _MARK.split(text):
        if piece in _PARTICLES:
            closed, liquid = _ending(before + out)
            if piece == "(으)로" and liquid:
                closed = False
            piece = _PARTICLES[piece][0 if closed else 1]
        out += piece
    return out
