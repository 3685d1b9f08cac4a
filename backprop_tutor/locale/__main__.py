"""`python -m backprop_tutor.locale update ko`: bring a catalogue up to the source, and compile it.

`update LANGUAGE` adds new sentences (empty, to be translated), drops those that are gone, and writes
`.po` and `.mo`; a language that has no catalogue yet gets one. `compile` writes every `.mo` anew.
`messages.po` beside a catalogue has the words of click, written by hand.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from .catalogue import compiled, read_po, written_po
from .extract import marked

PLACE = Path(__file__).resolve().parent
DOMAIN = "backprop_tutor"


def po_file(language: str) -> Path:
    """Return where a language's catalogue stands."""
    return PLACE / language / "LC_MESSAGES" / f"{DOMAIN}.po"


def compile_all() -> None:
    """Write the `.mo` beside every `.po`."""
    for po in sorted(PLACE.glob("*/LC_MESSAGES/*.po")):
        po.with_suffix(".mo").write_bytes(compiled(read_po(po.read_text(encoding="utf-8"))))


def update(language: str) -> list[str]:
    """Bring a language's catalogue up to the source and return what is still to be translated."""
    po = po_file(language)
    known = read_po(po.read_text(encoding="utf-8")) if po.exists() else {}
    sentences = marked()
    po.parent.mkdir(parents=True, exist_ok=True)
    with po.open("w", encoding="utf-8", newline="\n") as file:
        file.write(written_po(language, sentences, known))
    compile_all()
    return [sentence for sentence in sentences if not known.get(sentence)]


def main(arguments: list[str]) -> int:
    """Do what the arguments say; return the exit status."""
    if arguments == ["compile"]:
        compile_all()
        return 0
    named = len(arguments) == 2 and arguments[0] == "update"
    if named and re.fullmatch(r"[a-z]{2,3}(_[A-Z]{2})?", arguments[1]):
        missing = update(arguments[1])
        for sentence in missing:
            sys.stdout.write(f"to be translated: {sentence}\n")
        return 0
    sys.stderr.write("python -m backprop_tutor.locale update LANGUAGE | compile\n")
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
