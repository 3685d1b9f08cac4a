"""The scope's table in docs/engine.md and the type stub are what the engine's tables make of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from shared import ROOT

from backprop_tutor import engine
from backprop_tutor.engine import listing


def test_the_table_of_names_is_of_today() -> None:
    """docs/engine.md lists every name there is, and no other (`python -m backprop_tutor.engine.listing`)."""
    text = (ROOT / "docs" / "engine.md").read_text(encoding="utf-8")
    listed = text.partition(listing.BEGIN)[2].partition(listing.END)[0].strip()
    assert listed == listing.scope_table()


@pytest.mark.parametrize("room", listing.STUBS)
def test_a_stub_is_of_today(room: str) -> None:
    """`__init__.pyi` declares every name of its package (`python -m backprop_tutor.engine.listing`)."""
    module = getattr(engine, room) if room else engine
    found = Path(module.__file__).with_suffix(".pyi").read_text(encoding="utf-8")
    assert found == listing.stub(room)
    assert all(f"\n{name}: " in found or f" as {name}\n" in found for name in module.__all__)
