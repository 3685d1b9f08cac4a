"""The running of compiled kernels."""

from benchmarks.shims.not_offered import Missing

run_schedule = get_program = Missing("tinygrad.engine", "the engine has no compiler")
