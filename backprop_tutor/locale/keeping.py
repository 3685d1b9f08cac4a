"""Catalogues brought up to the source and compiled, by Babel: `.po` for translators, `.mo` for gettext.

Enters: the sentences of the source and a catalogue. Leaves: the catalogue with every sentence once, in the
order of the files, and what gettext loads. Babel is needed here alone, never to speak a language.
"""

from __future__ import annotations

import io
import re
from collections import Counter
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po, write_po

from .extract import marked

__all__ = ["PLACE", "compile_all", "compiled", "pairs", "po_file", "read", "update", "written"]

PLACE = Path(__file__).resolve().parent
DOMAIN = "backprop_tutor"
_COMMAND = "python -m backprop_tutor.locale"
_ENTRY = re.compile(r'^msgid ((?:".*"\s*)+)', re.MULTILINE)
_NUMBERED = re.compile(r'^(?:msg\w+ )?".*?(?<!\\)(?:\\\\)*\\[0-9].*', re.MULTILINE)
_UNBROKEN = 10_000
"""So wide that no line is broken: a sentence that changed is one line of a difference."""


def po_file(language: str) -> Path:
    """Return where a language's catalogue stands."""
    return PLACE / language / "LC_MESSAGES" / f"{DOMAIN}.po"


class _Kept(Catalog):
    """A catalogue whose head is what gettext needs, without a clock: the same sentences, the same bytes."""

    @property  # type: ignore[misc]  # Babel's can be set, too
    def mime_headers(self) -> list[tuple[str, str]]:
        return [
            ("Language", str(self.locale_identifier)), ("Content-Type", "text/plain; charset=UTF-8"),
            ("MIME-Version", "1.0\n"),
        ]  # fmt: skip


def _begun(language: str) -> Catalog:
    """Return a catalogue without sentences."""
    comment = f"# The sentences of backprop_tutor in {language}, kept by `{_COMMAND}`."
    return _Kept(language, header_comment=comment, fuzzy=False)


def read(text: str | bytes) -> Catalog:
    """Return a catalogue's text as Babel holds it.

    Raises:
        ValueError: a line that is none of a catalogue; a sentence that stands twice.
    """
    data = text if isinstance(text, bytes) else text.encode()
    try:
        found = read_po(io.BytesIO(data), abort_invalid=True, charset="utf-8")
    except PoFileError as error:
        raise ValueError(f"line {error.lineno + 1} belongs to no catalogue: {error.line[:60]}") from None
    (again, count), *_rest = Counter(_ENTRY.findall(data.decode())).most_common(1) or [("", 0)]
    if count > 1:
        raise ValueError(f"the sentence {again.strip()} stands twice")
    numbered = _NUMBERED.search(data.decode())
    if numbered:  # Babel would read its digits as text
        line = numbered.group()[:60]
        raise ValueError(f"{line} has a sign by its number; two forms are msgid and msgid_plural")
    catalog = _begun(str(found.locale_identifier or "en"))
    for message in found:
        if message.id:
            catalog[message.id] = message
    return catalog


def pairs(po: Path) -> dict[str, str]:
    """Return a catalogue's sentences and what they are in its language; "" where that is not known yet."""
    found: dict[str, str] = {}
    for each in read(po.read_bytes()):
        if isinstance(each.id, str):
            found |= {each.id: str(each.string or "")} if each.id else {}
        else:  # one and many: two sentences
            found |= dict(zip(each.id, each.string or ("", ""), strict=True))
    return found


def written(catalog: Catalog) -> bytes:
    """Return a catalogue as text, each sentence with the files in which it stands."""
    for message in catalog:
        # Ours are filled in by `said`, which Babel's own checks do not know; the tests compare the names.
        message.flags.discard("python-brace-format")
        message.flags.discard("python-format")
    out = io.BytesIO()
    write_po(out, catalog, width=_UNBROKEN, include_lineno=False, ignore_obsolete=True)
    return out.getvalue()


def compiled(catalog: Catalog) -> bytes:
    """Return a catalogue as gettext loads it; sentences without translation are left out."""
    out = io.BytesIO()
    write_mo(out, catalog)
    return out.getvalue()


def compile_all() -> None:
    """Write the `.mo` beside every `.po`."""
    for po in sorted(PLACE.glob("*/LC_MESSAGES/*.po")):
        po.with_suffix(".mo").write_bytes(compiled(read(po.read_bytes())))


def update(language: str) -> list[str]:
    """Bring a language's catalogue up to the source and return what is still to be translated."""
    po = po_file(language)
    catalog = read(po.read_bytes()) if po.exists() else _begun(language)
    source = Catalog()
    for sentence, places in marked().items():
        source.add(sentence, locations=[(place, 1) for place in places])
    catalog.update(source, no_fuzzy_matching=True, update_creation_date=False)
    po.parent.mkdir(parents=True, exist_ok=True)
    po.write_bytes(written(catalog))
    compile_all()
    return [str(message.id) for message in catalog if message.id and not message.string]
