"""NumPy's draws."""

from numpy.random import *  # noqa: F403 - the module stands for NumPy's
