"""The names of compiler operations."""

from benchmarks.shims.not_offered import Missing

Ops = UOp = Missing("tinygrad.uop", "the engine has no compiler")
