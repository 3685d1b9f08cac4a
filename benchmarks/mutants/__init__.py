"""Mutants: small faults planted one at a time in the source, and whether the tests notice them."""
