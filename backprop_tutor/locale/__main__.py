"""`python -m backprop_tutor.locale update ko`: bring a catalogue up to the source, and compile it.

`update LANGUAGE` adds new sentences (empty, to be translated), drops those that are gone, and writes
`.po` and `.mo`; a language that has no catalogue yet gets one. `compile` writes every `.mo` anew.
`messages.po` beside a catalogue has the words of click, written by hand. Both need Babel.
"""

from __future__ import annotations

import re
import sys
from importlib.util import find_spec

USAGE = "python -m backprop_tutor.locale update LANGUAGE | compile\n"


def main(arguments: list[str]) -> int:
    """Do what the arguments say; return the exit status."""
    named = len(arguments) == 2 and arguments[0] == "update"
    wanted = named and re.fullmatch(r"[a-z]{2,3}(_[A-Z]{2})?", arguments[1])
    if arguments != ["compile"] and not wanted:
        sys.stderr.write(USAGE)
        return 2
    if find_spec("babel") is None:
        sys.stderr.write("catalogues are kept by Babel: pip install babel\n")
        return 2
    from . import keeping  # Babel, looked for above

    if not wanted:
        keeping.compile_all()
        return 0
    for sentence in keeping.update(arguments[1]):
        sys.stdout.write(f"to be translated: {sentence}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
