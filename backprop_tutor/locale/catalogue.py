r"""Catalogues as files: `.po` text that translators edit, and `.mo` that gettext loads, both written here.

Enters: pairs of a sentence and its translation. A `.mo` file is GNU gettext's: two tables of lengths
and offsets over NUL-ended UTF-8, sorted by the original (gettext manual, "The Format of GNU MO Files").
"""

from __future__ import annotations

import ast
import re
import struct
from collections.abc import Iterable, Mapping

__all__ = ["compiled", "read_po", "written_po"]

_FIELD = re.compile(r'(msgid|msgstr)\s+(".*")\s*\Z')
_MAGIC, _REVISION, _HEADER = 0x950412DE, 0, 28


def read_po(text: str) -> dict[str, str]:
    r"""Return the pairs of a catalogue, its header under the empty sentence.

    Raises:
        ValueError: a line that is none of a catalogue, with its number; a sentence that stands twice.

    >>> read_po('msgid "a"\nmsgstr "b" \n')
    {'a': 'b'}
    """
    pairs: dict[str, str] = {}
    parts = {"msgid": "", "msgstr": ""}
    field = ""
    seen = False

    def close() -> None:
        if seen:
            if parts["msgid"] in pairs:
                raise ValueError(f"the sentence {parts['msgid']!r} stands twice")
            pairs[parts["msgid"]] = parts["msgstr"]

    for number, line in enumerate(text.splitlines(), 1):
        stripped = line.strip()
        if not stripped or stripped.startswith("#"):
            continue
        match = _FIELD.match(stripped)
        if match:
            if match.group(1) == "msgid":
                close()
                parts, seen = {"msgid": "", "msgstr": ""}, True
            field = match.group(1)
            stripped = match.group(2)
        elif not stripped.startswith('"') or not field:
            raise ValueError(f"line {number} belongs to no catalogue: {stripped[:60]}")
        parts[field] += str(ast.literal_eval(stripped))
    close()
    return pairs


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return f'"{escaped}"'


def written_po(
    language: str, sentences: Mapping[str, Iterable[str]], translations: Mapping[str, str]
) -> str:
    """Return a catalogue's text: every sentence with the places in which it stands, in their order."""
    header = (f"Language: {language}", "Content-Type: text/plain; charset=UTF-8", "MIME-Version: 1.0")
    lines = ['msgid ""', 'msgstr ""', *(_quoted(f"{line}\n") for line in header), ""]
    for sentence, places in sentences.items():
        lines.append(f"#: {' '.join(places)}")
        lines.append(f"msgid {_quoted(sentence)}")
        lines.append(f"msgstr {_quoted(translations.get(sentence, ''))}")
        lines.append("")
    return "\n".join(lines)


def compiled(pairs: Mapping[str, str]) -> bytes:
    r"""Return a catalogue as gettext loads it; sentences without translation are left out.

    >>> import gettext, io
    >>> pairs = {"": "Content-Type: text/plain; charset=UTF-8\n", "sum rule": "합의 법칙"}
    >>> gettext.GNUTranslations(io.BytesIO(compiled(pairs))).gettext("sum rule")
    '합의 법칙'
    """
    kept = sorted((k.encode(), v.encode()) for k, v in pairs.items() if v)
    count = len(kept)
    first, second = _HEADER, _HEADER + 8 * count
    at = _HEADER + 16 * count
    tables = []
    texts = b""
    for column in (0, 1):
        rows = b""
        for pair in kept:
            rows += struct.pack("<II", len(pair[column]), at + len(texts))
            texts += pair[column] + b"\0"
        tables.append(rows)
    head = struct.pack("<7I", _MAGIC, _REVISION, count, first, second, 0, at)
    return head + tables[0] + tables[1] + texts
