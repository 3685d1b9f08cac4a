"""Special functions, under the name `torch.special`."""

from __future__ import annotations

from . import methods as _methods  # noqa: F401  (fills in the class Tensor)
from .functions import erf, exp2, expm1, log1p
from .functions import sigmoid as expit
from .fused import log_softmax, softmax
from .reductions import logsumexp
from .rounding import erfc, logit, round, sinc, xlogy

__all__ = [
    "erf", "erfc", "exp2", "expit", "expm1", "log1p", "log_softmax", "logit", "logsumexp", "round",
    "sinc", "softmax", "xlogy",
]
