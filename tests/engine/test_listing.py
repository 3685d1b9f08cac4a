"""The scope's table in docs/engine.md and the type stub are what the engine's tables make of them."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path

import pytest
from shared import ROOT

from backprop_tutor import engine
from backprop_tutor.engine import listing
from backprop_tutor.engine.functions.table import METHODS


def test_the_table_of_names_is_of_today() -> None:
    """docs/engine.md lists every name there is, and no other (`python -m backprop_tutor.engine.listing`)."""
    text = (ROOT / "docs" / "engine.md").read_text(encoding="utf-8")
    listed = text.partition(listing.BEGIN)[2].partition(listing.END)[0].strip()
    assert listed == listing.scope_table()


@pytest.mark.parametrize("room", listing.STUBS)
def test_a_stub_is_of_today(room: str) -> None:
    """`__init__.pyi` declares every name of its package (`python -m backprop_tutor.engine.listing`)."""
    module = import_module(f"{engine.__name__}.{room}" if room else engine.__name__)
    found = Path(module.__file__).with_suffix(".pyi").read_text(encoding="utf-8")
    assert found == listing.stub(room)
    declared = ("{}: ", "def {}(", "class {}(")
    assert all(
        f" as {name}\n" in found or any(f"\n{form.format(name)}" in found for form in declared)
        for name in module.__all__
    )


def test_the_stub_of_methods_is_of_today() -> None:
    """The base of `Tensor` that type checkers see has every method, operator and property there is."""
    home = Path(engine.__file__).parent / "tensors" / "tensor_methods.pyi"
    found = home.read_text(encoding="utf-8")
    assert found == listing.methods_stub()
    left = {"__repr__", "__format__", "__reduce_ex__", "__deepcopy__", "__array__"}
    assert all(f"    def {name}(" in found for name in METHODS if name not in left)
    assert "Any" not in "".join(re.findall(r"\((.*)\) ->", found))
