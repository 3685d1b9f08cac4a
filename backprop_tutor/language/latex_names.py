r"""Names in LaTeX: `w_{11}^{(2)}`, `\hat{y}_i`, `\theta_1`, `\text{net}_{h1}`, and how programs
keep them.

Enters: the text from where a name begins. Leaves: the name as the language spells it (`w2_11`), and
where it ends. What the name means there is `names.py`'s.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..ops import FUNCTIONS
from ..sentences import N_, said
from .latex_commands import ACCENTS, FONTS, GREEK_COMMANDS
from .symbols import bare, plain_characters, plain_name

__all__ = ["RAISED", "NameRead", "canonical_name", "name_at"]

_STEM = re.compile(r"⟨[A-Za-z]+⟩(?:_(?:hat|bar|tilde))?\d*|[A-Za-z][A-Za-z0-9]*")
_COMMAND = re.compile(r"\\([A-Za-z]+)\*?\s*")
_BELOW = re.compile(r"\s*_\s*(?:\{|(?P<bare>[A-Za-z][A-Za-z0-9]*|\d+)|(?P<greek>\\[A-Za-z]+))")
_ABOVE = re.compile(r"\s*\^\s*\{\s*(?:\(\s*(\d+)\s*\)|\[\s*(\d+)\s*\])\s*\}")
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)?\Z")
_ONE_SUBSCRIPT = re.compile(r"(?:\d+|[A-Za-z]+\d*)\Z")
_LONGEST = 120
"""What stands in the braces of a name is no longer than this."""
_INSIDE = re.compile(r"\\(?:" + "|".join(sorted(FONTS)) + r")\s*\{([^{}\\]*)\}")
_SUBSCRIPT = re.compile(r"[A-Za-z0-9]+(?:_[A-Za-z0-9]+)*\Z")

RAISED = (
    (re.compile(r"\s*(\d\d+|[A-Za-z]\d+)"),
     N_("`^{0}` was read as ^{{{0}}}; in LaTeX the first sign alone is raised")),
    (re.compile(r"\s*\{\s*[(\[]\s*([A-Za-z]+)\s*[)\]]\s*\}"),
     N_("`^{{({})}}` was read as a power; a layer is given by its number")),
)  # fmt: skip
"""Exponents that might have been meant otherwise, and the note that says how they were read."""


@dataclass(slots=True)
class NameRead:
    """A name as spelled in the language and where it ends; `fault` is (message, hint) or nothing.

    `layer` is (the name without its raised number, the number) where it had one in brackets.
    """

    text: str
    stop: int
    layer: tuple[str, str] | None = None
    fault: tuple[str, str] = ("", "")
    note: str = ""


def name_at(text: str, position: int) -> NameRead | None:
    r"""Return the name that begins at `position`, or None where none does.

    >>> name_at(r"w_{11}^{(2)} x", 0).text, name_at(r"\hat{y}_i", 0).text
    ('w2_{11}', '⟨y⟩_hat_i')
    """
    stem = _stem_at(text, position)
    if stem is None or stem.fault[0]:
        return stem
    return _with_scripts(text, position, stem)


def canonical_name(name: str) -> str:
    r"""Return a name as programs keep it, however it is typed: `w₁`, `θ`, `\hat{y}_1`, `w_{1j}`.

    What is no name of the language is returned as it is.

    >>> [canonical_name(n) for n in ("w₁", "ŷ_1", r"\hat{y}_1", "w_{1j}", r"\theta", "{g}_{k}", "q")]
    ['w1', 'y_hat_1', 'y_hat_1', 'w_1j', 'theta', 'g_k', 'q']
    """
    if "\\" not in name and "{" not in name:
        return plain_name(name)
    plain = plain_characters(name.strip())
    read = None if plain.faults else name_at(plain.text, 0)
    if read is None or read.fault[0] or read.stop < len(plain.text):
        return name
    return bare(read.text)


def _stem_at(text: str, position: int) -> NameRead | None:
    match = _STEM.match(text, position)
    if match:
        return NameRead(match.group(), match.end())
    if text[position : position + 1] == "{":
        return _grouped(text, position)
    match = _COMMAND.match(text, position)
    if match is None:
        return None
    command, stop = match.group(1), match.end()
    if command in GREEK_COMMANDS:
        # A digit behind a command is not part of the name: \theta 2 is a product.
        return NameRead(f"⟨{GREEK_COMMANDS[command]}⟩", match.start() + 1 + len(command))
    if command == "ell":
        return NameRead("⟨l⟩", match.start() + 1 + len(command), fault=_ell_fault(text))
    if command in ACCENTS or command in FONTS:
        content, end = argument_at(text, stop)
        if content is None:
            message = said("`\\{command}` has no name under it", command=command)
            return NameRead("", end, fault=(message, f"write \\{command}{{…}}"))
        if command in ACCENTS:
            return _accented(command, content, end)
        return _in_font(command, content, end)
    return None


def _ell_fault(text: str) -> tuple[str, str]:
    """Return the fault of an ℓ beside an l, which a program would take for one name; else nothing."""
    if not _AN_L.search(text):
        return "", ""
    return said("`\\ell` and `l` would be one name"), said("rename one of them")


_AN_L = re.compile(r"(?<![A-Za-z\\⟨])l(?![A-Za-z⟩])")


def _grouped(text: str, position: int) -> NameRead | None:
    """Return the name in braces before a subscript: `{g}_{k}`; braces before a power are a group."""
    content, end = argument_at(text, position)
    before = text[:position].rstrip()[-1:]
    if not content or before in ("^", "_") or not _UNDER.match(text, end):
        return None
    inner = name_at(content, 0)
    if inner is None or inner.fault[0] or inner.stop < len(content):
        return None
    word = inner.text.isalpha() and len(inner.text) > 1
    return NameRead(f"⟨{inner.text}⟩" if word else inner.text, end)


_UNDER = re.compile(r"\s*_")


def argument_at(text: str, position: int) -> tuple[str | None, int]:
    """Return what stands in the braces at `position`, or the one sign there, and where it ends."""
    if position < len(text) and text[position] == "{":
        depth = 0
        for i in range(position, min(len(text), position + _LONGEST)):
            depth += (text[i] == "{") - (text[i] == "}")
            if depth == 0:
                return text[position + 1 : i].strip(), i + 1
        return None, position + 1
    match = re.compile(r"[A-Za-z0-9]|⟨[A-Za-z]+⟩|\\[A-Za-z]+").match(text, position)
    if match is None:
        return None, position
    return match.group(), match.end()


def _accented(command: str, content: str, end: int) -> NameRead:
    inner = _simple(content)
    if inner is None:
        message = said("`\\{command}` stands above one name", command=command)
        return NameRead("", end, fault=(message, said("such as \\{command}{{y}}", command=command)))
    stem, _, below = inner.partition("_")
    if stem.isalpha():
        stem = f"⟨{stem}⟩"  # one name with its accent, whatever follows
    return NameRead(stem + ACCENTS[command] + (f"_{below}" if below else ""), end)


def _in_font(command: str, content: str, end: int) -> NameRead:
    content = content.replace("\\_", "_")
    if content in FUNCTIONS:
        return NameRead(content, end)
    if len(content) > 1 and _WORD.match(content) and content[1:].isalpha():
        return NameRead(f"⟨{content}⟩", end)
    if len(content) > 1 and _WORD.match(content):
        stem = re.match(r"[A-Za-z]+", content)
        letters = stem.group() if stem else ""
        return NameRead(
            f"⟨{letters}⟩{content[len(letters) :]}" if len(letters) > 1 else content, end
        )
    inner = _simple(content)
    if inner is None:
        message = said("`\\{command}{{…}}` holds one name or one function", command=command)
        return NameRead("", end, fault=(message, ""))
    return NameRead(inner, end)


def _simple(content: str) -> str | None:
    """Return the one letter, Greek letter or subscripted letter that the content is, or None."""
    match = re.compile(r"(?:([A-Za-z])|⟨([A-Za-z]+)⟩|\\([A-Za-z]+))\s*").match(content)
    if match is None:
        return None
    greek = match.group(2) or GREEK_COMMANDS.get(match.group(3) or "", "")
    if not match.group(1) and not greek:
        return None
    stem = match.group(1) or f"⟨{greek}⟩"
    rest = content[match.end() :]
    if not rest:
        return stem
    below, end, fault, _ = _below(content, match.end())
    return f"{stem}_{below}" if below and end == len(content) and not fault[0] else None


def _below(text: str, position: int) -> tuple[str, int, tuple[str, str], str]:
    """Return the subscript at `position`: its text, where it ends, its fault, a note."""
    match = _BELOW.match(text, position)
    if match is None:
        return "", position, ("", ""), ""
    loose, greek = match.group("bare"), match.group("greek")
    if greek:
        letter = GREEK_COMMANDS.get(greek[1:])
        fault = (
            ("", "")
            if letter
            else (said("a subscript is digits or letters"), said("such as w_{12} or x_i"))
        )
        return letter or "", match.end(), fault, ""
    if loose:
        note = ""
        if len(loose) > 1 and _ONE_SUBSCRIPT.match(loose):
            note = said(
                "`_{loose}` was read as one subscript; in LaTeX that is written _{{{loose}}}",
                loose=loose,
            )
        return loose, match.end(), ("", ""), note
    content, end = argument_at(text, match.end() - 1)
    below = _subscript(content or "")
    if below is None:
        return (
            "",
            end,
            (said("a subscript is digits or letters"), said("such as w_{12} or x_i")),
            "",
        )
    return (f"{{{below}}}" if len(below) > 1 else below), end, ("", ""), ""


def _subscript(content: str) -> str | None:
    content = _INSIDE.sub(r"\1", content).replace("\\_", "_").replace("\\,", "")
    for command, letter in re.findall(r"(\\([A-Za-z]+))", content):
        if letter not in GREEK_COMMANDS:
            return None
        content = content.replace(command, GREEK_COMMANDS[letter], 1)
    content = re.sub(r"[⟨⟩]", "", content)
    parts = [part.strip() for part in re.split(r"[,\s]+", content.strip())]
    joint = "" if all(len(part) == 1 for part in parts) else "_"
    below = joint.join(parts)
    return below if _SUBSCRIPT.match(below) else None


def _with_scripts(text: str, position: int, stem: NameRead) -> NameRead:
    """Return the name with the subscript and the layer's number that follow its stem."""
    below, layer, stop, notes = "", "", stem.stop, ""
    for _ in range(2):
        if not below and "_" not in stem.text.replace("_hat", "").replace("_bar", "").replace(
            "_tilde", ""
        ):
            below, stop, fault, note = _below(text, stop)
            notes = note or notes
            if fault[0]:
                return NameRead(stem.text, stop, fault=fault)
        above = _ABOVE.match(text, stop)
        if above and not layer:
            layer, stop = above.group(1) or above.group(2), above.end()
    end = f"_{below}" if below else ""
    base, accent = stem.text, ""
    for suffix in ("_hat", "_bar", "_tilde"):
        place = base.find(suffix)
        if place > 0:
            base, accent = base[:place], base[place:]
    plain = base + accent + end
    if not layer:
        return NameRead(plain, stop, note=notes)
    named = base + layer + accent + end
    shown = "".join(text[position:stop].split())
    notes = notes or said("`{shown}` was read as the name {named}", shown=shown, named=bare(named))
    return NameRead(named, stop, (plain, layer), note=notes)
