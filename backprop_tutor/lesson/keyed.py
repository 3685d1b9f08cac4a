"""A lesson's data as text that nobody reads by accident: bytes under a repeated key, in base64.

The key stands in the page, so this is a curtain and no lock: it keeps answers out of the page's
source, out of a search in it and out of a glance at it; whoever runs the page's own program gets
them, as from any page that marks answers without a server.
"""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any

__all__ = ["keyed"]

_KEY_BYTES = 251


def keyed(data: Any) -> tuple[str, str]:
    """Return the key and the keyed data, both in base64; the same data gives the same text.

    >>> key, text = keyed({"q": 3})
    >>> raw = base64.b64decode(text)
    >>> bytes(a ^ b for a, b in zip(raw, base64.b64decode(key)))
    b'{"q":3}'
    """
    plain = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
    seed = hashlib.sha256(plain).digest()
    key = b"".join(hashlib.sha256(seed + bytes([i])).digest() for i in range(8))[:_KEY_BYTES]
    stream = (key * (len(plain) // _KEY_BYTES + 1))[: len(plain)]
    mixed = (int.from_bytes(plain) ^ int.from_bytes(stream)).to_bytes(len(plain))
    return base64.b64encode(key).decode("ascii"), base64.b64encode(mixed).decode("ascii")
