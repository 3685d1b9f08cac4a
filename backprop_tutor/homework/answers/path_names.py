"""Names of students and problems as parts of paths, of which no two ever share one.

Enters: any name. Leaves: letters, digits, `_`, `-` and `.`, safe on every system and told apart
without regard to case. What a name would be alone is `path_names`' affair; who came first, `Apart`'s.
"""

from __future__ import annotations

import hashlib
import re
import sqlite3
from collections.abc import Iterable, Iterator
from itertools import count

__all__ = ["Apart", "digest", "path_names"]

_UNSAFE = re.compile(r"[^a-z0-9_.\-]+")
_DEVICES = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d|conin\$|conout\$)(?:\.|\Z)")
_LONGEST = 48
_DIGITS = (8, 16, 32)


def digest(text: str, digits: int = 32) -> str:
    """Return the first hexadecimal digits, at most 32, of a digest of the text.

    >>> digest("Anna", 8)
    '36dee767'
    """
    whole = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
    return whole[:digits]


def path_names(name: str, otherwise: str = "student") -> Iterator[str]:
    """Yield a name's parts of a path, the best first, without end.

    The first is the name itself where that is safe everywhere; the next ones carry more and more of
    its digest. `otherwise` stands for a name of which nothing is safe.

    >>> from itertools import islice
    >>> list(islice(path_names("anna"), 2)), next(path_names("../../etc/passwd"))
    (['anna', 'anna-97ff01b7'], 'etc-passwd-03d91574')
    """
    safe = _UNSAFE.sub("-", name.lower()).strip("-.")[:_LONGEST].strip("-.")
    if safe and safe == name and not _DEVICES.match(safe):
        yield safe
    stem = safe if safe and not _DEVICES.match(safe) else otherwise
    for digits in _DIGITS:
        yield f"{stem}-{digest(name, digits)}"
    for number in count(2):
        yield f"{stem}-{digest(name)}-{number}"


class Apart:
    """Gives every owner a part of a path that no other owner has: the first that is free.

    What was given is kept on disk, so that memory does not grow with the class.

    >>> apart = Apart()
    >>> apart.of("Anna", path_names("Anna")), apart.of("anna-36dee767", path_names("anna-36dee767"))
    ('anna-36dee767', 'anna-36dee767-d9aed7ca')
    >>> apart.of("Anna", path_names("Anna"))
    'anna-36dee767'
    """

    def __init__(self) -> None:
        self._base = sqlite3.connect("")
        self._base.execute("CREATE TABLE given (part TEXT PRIMARY KEY, owner BLOB) WITHOUT ROWID")

    def of(self, owner: str, parts: Iterable[str]) -> str:
        """Return the owner's part: the first that is free, or was this owner's before."""
        key = owner.encode("utf-8", "surrogatepass")
        for part in parts:
            self._base.execute("INSERT OR IGNORE INTO given VALUES (?, ?)", (part, key))
            found = self._base.execute("SELECT owner FROM given WHERE part = ?", (part,)).fetchone()
            if found[0] == key:
                return part
        raise ValueError("parts of a path go on without end")

    def close(self) -> None:
        """Forget what was given."""
        self._base.close()
