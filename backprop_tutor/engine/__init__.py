"""The tensor engine: PyTorch's names and PyTorch's numbers, on NumPy.

`from backprop_tutor import engine as torch` and a small PyTorch program runs as it stands.
"""

from __future__ import annotations

from .arithmetic import *  # noqa: F403
from .creation import *  # noqa: F403
from .draws import *  # noqa: F403
from .dtypes import float32, float64, int64
from .functions import *  # noqa: F403
from .joining import *  # noqa: F403
from .linear_algebra import *  # noqa: F403
from .modes import *  # noqa: F403
from .randomness import Generator, manual_seed
from .reductions import mean, sum_ as sum
from .shapes import *  # noqa: F403
from .tape import Size, Tensor
from . import methods, tensor_kernel
