"""SciPy's functions: not here."""

from benchmarks.shims.not_offered import NotOffered

raise NotOffered("autograd.scipy: the engine stands for no function of SciPy")
