"""The error function on arrays, to the last digits of float64, which NumPy does not have.

Method: W. J. Cody, "Rational Chebyshev approximations for the error function", Mathematics of
Computation 23 (1969), the coefficients as in his CALERF (1990).
"""

from __future__ import annotations

from typing import Any

import numpy as np

__all__ = ["erf"]

_A = (3.16112374387056560e00, 1.13864154151050156e02, 3.77485237685302021e02,
      3.20937758913846947e03, 1.85777706184603153e-1)
_B = (2.36012909523441209e01, 2.44024637934444173e02, 1.28261652607737228e03,
      2.84423683343917062e03)
_C = (5.64188496988670089e-1, 8.88314979438837594e00, 6.61191906371416295e01,
      2.98635138197400131e02, 8.81952221241769090e02, 1.71204761263407058e03,
      2.05107837782607147e03, 1.23033935479799725e03, 2.15311535474403846e-8)
_D = (1.57449261107098347e01, 1.17693950891312499e02, 5.37181101862009858e02,
      1.62138957456669019e03, 3.29079923573345963e03, 4.36261909014324716e03,
      3.43936767414372164e03, 1.23033935480374942e03)
_P = (3.05326634961232344e-1, 3.60344899949804439e-1, 1.25781726111229246e-1,
      1.60837851487422766e-2, 6.58749161529837803e-4, 1.63153871373020978e-2)
_Q = (2.56852019228982242e00, 1.87295284992346047e00, 5.27905102951428412e-1,
      6.05183413124413191e-2, 2.33520497626869185e-3)
_SQRPI = 5.6418958354775628695e-1


def erf(a: Any) -> Any:
    """Return 2/sqrt(pi) times the integral of exp(-t^2) from 0 to `a`, element by element.

    Any shape; the dtype is kept (computed in float64). Error at most 2 units in the last place.

    >>> float(erf(0.5)).hex() == (0.5204998778130465).hex()
    True
    """
    given = np.asarray(a)
    dtype = given.dtype if given.dtype.kind == "f" else np.dtype(np.float64)
    x = np.atleast_1d(given).astype(np.float64)
    y = np.absolute(x)
    small = y <= 0.46875
    result = np.empty_like(x)

    near = x[small]
    square = near * near
    top, bottom = _A[4] * square, square
    for i in range(3):
        top, bottom = (top + _A[i]) * square, (bottom + _B[i]) * square
    result[small] = near * (top + _A[3]) / (bottom + _B[3])

    large = ~small
    far = y[large]
    with np.errstate(all="ignore"):
        top, bottom = _C[8] * far, far.copy()
        for i in range(7):
            top, bottom = (top + _C[i]) * far, (bottom + _D[i]) * far
        middle = (top + _C[7]) / (bottom + _D[7])
        inverse = 1.0 / (far * far)
        top, bottom = _P[5] * inverse, inverse.copy()
        for i in range(4):
            top, bottom = (top + _P[i]) * inverse, (bottom + _Q[i]) * inverse
        tail = inverse * (top + _P[4]) / (bottom + _Q[4])
        outer = (_SQRPI - tail) / far
        cut = np.trunc(far * 16.0) / 16.0
        factor = np.exp(-cut * cut) * np.exp(-(far - cut) * (far + cut))
        complement = np.where(far > 4.0, outer, middle) * factor
        complement = np.where(far > 6.0, 0.0, complement)
        complement = np.where(np.isnan(far), np.nan, complement)
    result[large] = np.copysign((0.5 - complement) + 0.5, x[large])
    return result.astype(dtype).reshape(given.shape)[()]
