"""Searches for faults that tests run for a moment and commands in `benchmarks/` for hours.

Random programs and the judge of the check, wrong answers of every kind, an adversary without the answers,
commands that are killed, mutated inputs, shapes
that do not fit. They live here, so that no test depends on `benchmarks/`.
"""
