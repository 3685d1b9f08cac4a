"""What says that there is no answer: `idk`, `-`, `n/a`, `?`, an emoji, in the languages of a class.

Enters: a text in plain characters. Leaves: whether it says nothing. A name of the program is a formula,
whatever else it may say.
"""

from __future__ import annotations

import re
import unicodedata

__all__ = ["is_product", "says_nothing"]

_WORDS = frozenset({
    "idk", "dk", "dunno", "n/a", "n.a.", "n.a", "na", "#n/a", "none", "null", "nil", "nothing", "nope",
    "tbd", "tba", "todo", "to do", "wip", "skip", "skipped", "pass", "passed", "empty", "blank",
    "left blank", "unknown", "unsure", "not sure", "not attempted", "not answered", "no answer",
    "no idea", "no clue", "no", "i dont know", "i don't know", "i do not know", "i have no idea",
    "i have no clue", "dont know", "don't know", "do not know", "didnt do", "didn't do", "did not do",
    "couldnt do", "couldn't do", "could not do", "cant", "can't", "cannot", "cant do", "can't do",
    "cannot do", "ran out of time", "no time", "out of time", "help", "sorry", "missing", "undefined",
    "not done", "incomplete", "later", "see paper", "see sheet", "keine ahnung", "weiß nicht",
    "weiss nicht", "weiß ich nicht", "k.a.", "k. a.", "ka", "keine antwort", "keine angabe",
    "entfällt", "leer", "nichts", "je ne sais pas", "sais pas", "aucune idée", "pas de réponse",
    "rien", "no sé", "no se", "ni idea", "sin respuesta", "non so", "non lo so", "não sei", "nao sei",
    "nie wiem", "weet niet", "geen idee", "bilmiyorum", "не знаю", "нет", "모름", "몰라", "몰라요",
    "모르겠음", "모르겠다", "모르겠어요", "모르겠습니다", "잘 모르겠습니다", "없음", "무응답",
    "미응답", "패스", "포기", "미제출", "생략", "不知道", "不会", "不會", "わからない", "わかりません",
    "分かりません", "不明", "なし", "無", "无",
})  # fmt: skip
_IN_A_SENTENCE = re.compile(
    r"(?:idk|i (?:don't|dont|do not|didn't|did not|have no) |(?:no|not a) (?:idea|clue)|n/a|keine ahnung"
    r"|weiß nicht|모르)\b",
    re.IGNORECASE,
)
"""What begins a sentence that says that there is no answer, whatever else is in it."""

_PUNCTUATION = re.compile(r"[\s.!?…。！？;:,\-_*]+$")
_LONGEST = 200
_WITH_A_SIGN = frozenset("∞√πΣσ∂%½¼¾°")


def says_nothing(text: str, names: frozenset[str]) -> bool:
    """Return whether a text says that there is no answer.

    >>> [says_nothing(t, frozenset({"x"})) for t in ("idk", "??", "\u2014", "I don't know.", "x", "0")]
    [True, True, True, True, False, False]
    """
    if len(text) > _LONGEST or is_product(text, names):
        return False
    if _IN_A_SENTENCE.match(text) and not any(character.isdigit() for character in text):
        return True
    if text.casefold() in _WORDS or _PUNCTUATION.sub("", text).casefold() in _WORDS:
        return True
    return all(_silent(character) for character in text)


def is_product(word: str, names: frozenset[str]) -> bool:
    """Return whether a word is a name of the program, or a product of such names of one letter.

    >>> is_product("na", frozenset("an")), is_product("na", frozenset("n"))
    (True, False)
    """
    return word in names or (word.isalpha() and all(letter in names for letter in word))


def _silent(character: str) -> bool:
    """Return whether a character alone is no part of an answer: punctuation, an emoji."""
    if character.isalnum() or character in _WITH_A_SIGN:
        return False
    return unicodedata.category(character)[0] in "PSZCM"
