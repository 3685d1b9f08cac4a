"""axe-core in a page: where it is, and the script that returns what it finds."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

__all__ = ["LOADED", "VIOLATIONS", "code", "needed"]

LOADED = Path(os.environ.get("AXE_CORE", "node_modules/axe-core/axe.min.js"))
_TAGS = "['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']"
VIOLATIONS = (
    "const done = arguments[0], soon = requestAnimationFrame;"  # what a page does before it is painted is done
    "soon(() => soon(() => axe.run(document, {runOnly: " + _TAGS + "})"
    ".then((r) => done(r.violations.map((v) => v.id + ': ' + v.nodes[0].html)), (e) => done([String(e)]))))"
)
"""Run asynchronously; gives each broken rule with its first element."""


def code() -> str:
    """Return the script that makes axe known to a page."""
    return LOADED.read_text(encoding="utf-8") + "\nwindow.axe = axe;"


def needed() -> None:
    """Skip a test where axe-core is not installed."""
    if not LOADED.exists():
        pytest.skip("axe-core is not installed (npm install axe-core, or AXE_CORE=path of axe.min.js)")
