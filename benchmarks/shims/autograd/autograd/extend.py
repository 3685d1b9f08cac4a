"""Rules of one's own."""

from benchmarks.shims.not_offered import Missing

from .tracer import primitive

defvjp = Missing("defvjp", "rules are given as `autograd.Function` on this engine")

__all__ = ["defvjp", "primitive"]
