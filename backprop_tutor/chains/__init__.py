"""The chain rule in symbols: gradients as formulas of our own, without a value and without SymPy.

`links` finds what depends on what, and each slope; `gradients` puts the slopes together, as long as
the formulas are short; `simplify` shortens them; `routes` lists paths, and what many of them share.
Nothing here writes a sentence.
"""

from __future__ import annotations

from .gradients import SHORT, Formula, Part, SymbolicPass, symbolic_pass
from .links import Chain, Link, Quantity, chain_of
from .routes import Route, Shared, routes, shared_factors, ways
from .simplify import put_in, simplified

__all__ = [
    "SHORT", "Chain", "Formula", "Link", "Part", "Quantity", "Route", "Shared", "SymbolicPass",
    "chain_of", "put_in", "routes", "shared_factors", "simplified", "symbolic_pass", "ways",
]  # fmt: skip
