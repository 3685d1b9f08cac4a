"""Content security policies of pages that stand alone: their one script and style, and no request.

Enters: texts of scripts and styles. Leaves: the policy, in which they are named by their hashes.
"""

from __future__ import annotations

import base64
import hashlib

__all__ = ["STILL", "hashed", "policy"]

STILL = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
"""The policy of a page without scripts."""


def hashed(text: str) -> str:
    """Return the source by which a content security policy names a script or a style.

    >>> hashed("")
    "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"
    """
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"


def policy(code: str, styles: str) -> str:
    """Return the content security policy of a page: its one script, its styles, and no request."""
    return (
        f"default-src 'none'; script-src {hashed(code)}; style-src {styles}; "
        "img-src data: blob:; base-uri 'none'; form-action 'none'"
    )
