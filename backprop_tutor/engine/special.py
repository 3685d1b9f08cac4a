"""Special functions, under the name `torch.special`."""

from __future__ import annotations

from . import methods as _methods  # noqa: F401  (fills in the class Tensor)
from .functions import erf, exp2, expm1, log1p
from .functions import sigmoid as expit
from .fused import log_softmax, softmax
from .gammas import digamma, erfinv, polygamma
from .gammas import digamma as psi
from .gammas import lgamma as gammaln
from .gammas import mvlgamma as multigammaln
from .reductions import logsumexp
from .rounding import erfc, logit, round, sinc, xlogy

__all__ = [
    "digamma", "erf", "erfc", "erfinv", "exp2", "expit", "expm1", "gammaln", "log1p", "log_softmax",
    "logit", "logsumexp", "multigammaln", "polygamma", "psi", "round", "sinc", "softmax", "xlogy",
]
