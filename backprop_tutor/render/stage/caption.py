"""The foot of a stage: the step's title, its formulas, its reason, and the legend beside them.

Enters: a `Note` and legend lines. Leaves: marks. Formulas are runs, so that names are italic and results
bold in their colour; what is too long is broken at a space and goes on indented. Caption lines end 20 px
before the legend.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ..drawing.bands import Stage
from ..typesetting.fonts import elided
from .marks import Mark, Run, words

__all__ = [
    "FORMULA", "LEGEND", "REASON", "TITLE", "Legend", "Note", "caption_height", "caption_marks", "formula",
    "spoken_note",
]  # fmt: skip

TITLE, FORMULA, REASON, LEGEND = 15.0, 17.0, 14.0, 13.0
_FIRST, _REASON_LEADING, _LEGEND_LEADING = 16.0, 20.0, 22.0
_CLEAR = 20.0
_SURE = 0.01
"""Widths that are added up in another order differ by less."""
_ON_A_SLIDE, _ON_A_PHONE = (FORMULA, 30.0, 25.0, 28.0), (14.0, 24.0, 20.0, 14.0)
"""A formula's size, how far below the line before it stands, the same of a broken line, and its indent."""

Line = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Note:
    """What is said under one frame: its title, a line of runs for each formula, and why."""

    title: str
    lines: tuple[Line, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Legend:
    """One line of the legend: the role whose colour it has, and its text."""

    role: str
    text: str


_NAME = re.compile(r"[^\W\d_](?:[^\W\d]|[₀-₉ₐ-ₜᵢ-ᵪ⁰-⁹⁽⁾⁻ᵀ′_\d])*")


def formula(text: str, names: Iterable[str] = ()) -> Line:
    """Return a formula as runs: the names given are italic, and so is every word with a ∂ before it.

    >>> [(run.text, run.style) for run in formula("z = w + 2", ("w", "z"))]
    [('z', 'italic'), (' = ', 'regular'), ('w', 'italic'), (' + 2', 'regular')]
    """
    known = set(names)
    runs: list[Run] = []
    at = 0
    for match in _NAME.finditer(text):
        word = match[0]
        derived = text[max(match.start() - 1, 0) : match.start()] == "∂"
        if not (derived or word in known or word.rstrip("ᵀ′²³⁻") in known):
            continue
        start = match.start() - derived
        if start > at:
            runs.append(Run(text[at:start]))
        runs.append(Run(text[start : match.end()], "italic"))
        at = match.end()
    if at < len(text):
        runs.append(Run(text[at:]))
    return tuple(runs)


def spoken_note(note: Note) -> str:
    """Return a caption as one text, for those who do not see the picture."""
    lines = ("".join(run.text for run in line) for line in note.lines)
    return ". ".join(part for part in (note.title, *lines, note.reason) if part)


def _broken(line: Sequence[Run], room: float, size: float, indent: float) -> list[Line]:
    """Return a line in lines no wider than `room`, broken at spaces; later ones are narrower.

    A term of a chain of equations stays whole where it fits into a line, which is broken before its `=`. A
    word, of whatever styles, stays whole; one that is wider than a line is broken between its pieces, and
    a piece that is wider is elided.
    """
    if _width(line, size) <= room - _SURE:
        return [_joined([run for run in line if run.text])]
    lines: list[list[Run]] = [[]]
    wide = 0.0
    found = _words(line)
    for number, word in enumerate(found):
        limit = room - (indent if len(lines) > 1 else 0.0)
        whole = _term(found, number, size)
        ahead = whole if whole <= room - indent else _width(word, size)
        if lines[-1] and wide + ahead > limit:
            lines.append([])
            wide, limit = 0.0, room - indent
            word = [_of(word[0], word[0].text.lstrip()), *word[1:]]
        for piece in word:
            if lines[-1] and wide + piece.width(size) > limit:
                lines.append([])
                wide, limit = 0.0, room - indent
            piece = _of(piece, elided(piece.text, limit, size, piece.style))
            lines[-1].append(piece)
            wide += piece.width(size)
    return [_joined(each) for each in lines]


def _of(run: Run, text: str) -> Run:
    """Return another text in the style of a run."""
    return run if text == run.text else Run(text, run.style, run.fill)


def _term(found: Sequence[Sequence[Run]], number: int, size: float) -> float:
    """Return how wide a word is, and where it is an `=` all with it up to the next."""
    wide = _width(found[number], size)
    if _text(found[number]) != "=":
        return wide
    for word in found[number + 1 :]:
        if _text(word) == "=":
            break
        wide += _width(word, size)
    return wide


def _text(word: Sequence[Run]) -> str:
    return "".join(piece.text for piece in word).strip()


def _width(pieces: Sequence[Run], size: float) -> float:
    return sum(piece.width(size) for piece in pieces)


def _words(line: Sequence[Run]) -> list[list[Run]]:
    """Return a line's words, the spaces before each with it; a word may have several styles."""
    words: list[list[Run]] = []
    loose = True
    for run in line:
        for part in re.findall(r"\s*\S+|\s+\Z", run.text):
            if loose or part[:1].isspace():
                words.append([])
            words[-1].append(_of(run, part))
            loose = part[-1:].isspace()
    return words


def _joined(runs: Sequence[Run]) -> Line:
    found: list[Run] = []
    for run in runs:
        if found and (found[-1].style, found[-1].fill) == (run.style, run.fill):
            found[-1] = _of(run, found[-1].text + run.text)
        else:
            found.append(run)
    return tuple(found)


def _room(stage: Stage, legend: Sequence[Legend], beside: float) -> float:
    widest = max((Run(line.text).width(LEGEND) for line in legend), default=0.0)
    return stage.right - stage.left - max(widest, beside) - _CLEAR


def _below(stage: Stage) -> bool:
    """Return whether the legend stands below the caption, where there is no room beside it."""
    return stage.width < 700


def _rows(
    note: Note, stage: Stage, legend: Sequence[Legend], beside: float
) -> list[tuple[float, float, Line, str]]:
    """Return the caption's lines: indent, distance from the top, runs, and the class of each."""
    below = _below(stage)
    room = stage.right - stage.left if below else _room(stage, legend, beside)
    formula, leading, next_, indent = _ON_A_PHONE if below else _ON_A_SLIDE
    rows: list[tuple[float, float, Line, str]] = []
    y = _FIRST
    for number, piece in enumerate(_broken([Run(note.title)], room, TITLE, 0.0)):
        y += _REASON_LEADING if number else 0.0
        rows.append((0.0, y, piece, "step"))
    for line in note.lines:
        for number, piece in enumerate(_broken(line, room, formula, indent)):
            y += next_ if number else leading
            rows.append((indent if number else 0.0, y, piece, "formula"))
    y += 9.0 if note.reason else 0.0
    for piece in _broken([Run(note.reason)], room, REASON, 0.0) if note.reason else ():
        y += _REASON_LEADING
        rows.append((0.0, y, piece, "reason"))
    return rows


def caption_height(note: Note, stage: Stage, legend: Sequence[Legend], beside: float = 0.0) -> float:
    """Return how much of the foot a caption and its legend take."""
    bottom = _rows(note, stage, legend, beside)[-1][1] + 6.0
    tall = _LEGEND_LEADING * len(legend)
    return bottom + 8.0 + tall if _below(stage) else max(bottom, _FIRST + tall)


_LOOKS = {"step": (TITLE, "quiet"), "formula": (FORMULA, "ink"), "reason": (REASON, "quiet")}


def caption_marks(
    note: Note, stage: Stage, legend: Sequence[Legend], beside: float = 0.0
) -> tuple[Mark, ...]:
    """Return the caption at the stage's foot, with the legend at its right.

    `beside`: the width of whatever else stands at the right, if it is wider than the legend.
    """
    top = stage.caption
    marks: list[Mark] = []
    rows = _rows(note, stage, legend, beside)
    for indent, y, runs, kind in rows:
        size, fill = _LOOKS[kind]
        size = _ON_A_PHONE[0] if kind == "formula" and _below(stage) else size
        marks.append(words(runs, stage.left + indent, top + y, size, fill=fill, kind=kind))
    below = _below(stage)
    y = top + (rows[-1][1] + _LEGEND_LEADING + 4.0 if below else _FIRST)
    for line in legend:
        x, anchor = (stage.left, "start") if below else (stage.right, "end")
        marks.append(words(line.text, x, y, LEGEND, fill=line.role, anchor=anchor, kind="key"))
        y += _LEGEND_LEADING
    return tuple(marks)
