"""The public names, by what they are for."""

from __future__ import annotations

__all__ = ["GROUPS"]

GROUPS: dict[str, tuple[str, ...]] = {
    "Derive": ("derive", "trace", "parse", "Program", "network", "shapes"),
    "What a derivation holds": (
        "Derivation", "ArrayDerivation", "SymbolicDerivation", "SymbolicArrayDerivation",
        "SymbolicGradient", "SymbolicPath",
        "LocalGradient", "EdgeRow", "ForwardStep", "SeedStep", "BackwardStep", "Contribution",
        "AccumulateStep", "UpdateStep", "Branch", "Interval",
    ),
    "Ask more": ("descend", "fit", "sweep", "jacobian", "hessian", "growth"),
    "Mark": ("mark", "Marking", "equivalent"),
    "Models of the engine": ("from_model", "from_step", "diagram"),
    "Add an operation": ("register", "Operation"),
    "Errors": (
        "TutorError", "ParseError", "TraceError", "MissingValueError", "UnknownNameError", "OptionError",
        "ShapeError", "DomainError", "LimitError", "TooManyPathsError", "FileError",
    ),
}  # fmt: skip
"""Together they are `bt.__all__`."""
