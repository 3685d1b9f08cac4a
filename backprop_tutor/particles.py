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

_SUBSCRIPTS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
# 엘 엠 엔 알, and 영 일 삼 육 칠 팔; epsilon, omicron and upsilon end in ㄴ.
_CLOSED = frozenset("lmnrLMNR013678εουΕΟΥ")
_LIQUID = frozenset("lrLR178")
"""Behind ㄹ, 로 stands like behind a vowel."""

_RAISED = re.compile(r"[⁰¹²³⁴⁵⁶⁷⁸⁹ⁿ]\Z|\^[({]?[-−]?[\w.]+\Z")
_FRACTION = re.compile(r"(\d)\s*/\s*\d+\Z")
_WORD = re.compile(r"[a-z]{3,}\Z")
_OF_WORDS = (
    (re.compile(r"le?\Z"), (True, True)),
    (re.compile(r"(?:[mn]e?|ng|[aeiou][bcpk]|[aeiou]ck|(?<![aeiou])[aeiou]t|out)\Z"), (True, False)),
    (re.compile(r""), (False, False)),
)
"""How words of Latin letters end as Korean says them: 모델, 파일; 네임, 탭, 포맷, 인풋; 폴더, 맥스."""


def _ending(before: str) -> tuple[bool, bool]:
    """Return whether a word ends in a consonant, and whether that is ㄹ.

    A power is read as 제곱 and a fraction ends in what stands above; a word of Latin letters is read
    as a word where it can be, or else by its last letter.
    """
    said = re.sub(r"[^\w%⁰¹²³⁴⁵⁶⁷⁸⁹ⁿ]+\Z", "", before[-60:].translate(_SUBSCRIPTS))
    letter = said[-1:]
    if not letter or letter in "%_":
        return False, False
    if "가" <= letter <= "힣":
        final = (ord(letter) - ord("가")) % 28
        return final != 0, final == 8
    if _RAISED.search(said):
        return True, False
    fraction = _FRACTION.search(said)
    if fraction:
        letter = fraction.group(1)
    word = _WORD.search(said.lower())
    if word and re.search("[aeiou]", word.group()):
        return next(ending for end, ending in _OF_WORDS if end.search(word.group()))
    return letter in _CLOSED, letter in _LIQUID


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
