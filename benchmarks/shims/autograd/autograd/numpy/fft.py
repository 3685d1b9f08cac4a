"""Fourier transforms: not here."""

from benchmarks.shims.not_offered import Missing


def __getattr__(name: str) -> Missing:
    if name.startswith("_"):
        raise AttributeError(name)
    return Missing(name, "the engine has no Fourier transforms")
