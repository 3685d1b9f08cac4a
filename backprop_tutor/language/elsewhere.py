"""Functions that other languages and courses have and this one has not: what to write instead.

One table, from a name (capitals and `_` aside) to a formula over the same arguments.
"""

from __future__ import annotations

from ..errors import quoted
from ..sentences import N_, said, sentence

__all__ = ["entry_by_entry", "unknown_function", "way_out"]

_DOTTED = ("*", "/", "^")
"""Signs that other languages write with a dot where they go entry by entry."""

_NO_SLOPE = N_("it is flat between its steps, so there is no gradient to follow")

_WRITTEN = {
    "mae": "|y - t|", "l1": "|y - t|", "l1loss": "|y - t|", "absoluteerror": "|y - t|",
    "l2": "(y - t)^2", "rmse": "sqrt(mse([y1, y2], [t1, t2]))", "rms": "sqrt(mean(a^2, b^2))",
    "sse": "se(y1, t1) + se(y2, t2)", "ssd": "se(y1, t1) + se(y2, t2)",
    "huber": "where(|y - t| < 1, (y - t)^2/2, |y - t| - 1/2)",
    "smoothl1": "where(|y - t| < 1, (y - t)^2/2, |y - t| - 1/2)", "logcosh": "ln(cosh(y - t))",
    "hinge": "max(0, 1 - t*y)", "hingeloss": "max(0, 1 - t*y)", "nll": "-ln(p)", "nllloss": "-ln(p)",
    "logloss": "bce(p, t)", "bceloss": "bce(p, t)", "bcewithlogits": "bce(sigmoid(z), t)",
    "mseloss": "mse(y, t)", "crossentropyloss": "cross_entropy([p1, p2], [t1, t2])",
    "meanabsoluteerror": "mean(|y1 - t1|, |y2 - t2|)", "kl": "p1*ln(p1/q1) + p2*ln(p2/q2)",
    "kldiv": "p1*ln(p1/q1) + p2*ln(p2/q2)", "entropy": "-(p1*ln(p1) + p2*ln(p2))", "sig": "sigmoid(x)",
    "sgm": "sigmoid(x)", "expit": "sigmoid(x)", "logit": "ln(p/(1 - p))", "th": "tanh(x)",
    "tgh": "tanh(x)", "tg": "tan(x)", "sh": "sinh(x)", "ch": "cosh(x)", "arctg": "atan(x)",
    "ctg": "cot(x)", "cotan": "cot(x)", "square": "x^2", "sqr": "x^2", "cube": "x^3", "pow": "x^n",
    "power": "x^n", "reciprocal": "1/x", "inv": "1/x", "neg": "-x", "add": "a + b", "sub": "a - b",
    "mul": "a*b", "div": "a/b", "dot": "a1*b1 + a2*b2", "prod": "a*b*c", "avg": "mean(a, b)",
    "average": "mean(a, b)", "prelu": "leaky_relu(x, slope=0.25)", "hardswish": "x*hardsigmoid(x)",
    "thresholdedrelu": "where(x > 1, x, 0)", "logsoftmax": "z1 - logsumexp(z1, z2)", "floor": "",
    "ceil": "", "round": "", "heaviside": "step(x)", "unitstep": "step(x)", "clip": "min(max(x, a), b)",
    "clamp": "min(max(x, a), b)", "cond": "where(x > 0, a, b)", "ifelse": "where(x > 0, a, b)",
    "iff": "where(x > 0, a, b)", "piecewise": "where(x > 0, a, b)", "var": "mean(a^2, b^2) - mean(a, b)^2",
    "hstack": "concat(A, B, axis=1)", "vstack": "concat(A, B)", "cat": "concat(A, B)", "mm": "A @ B",
    "bmm": "A @ B", "multiply": "a*b", "subtract": "a - b", "divide": "a/b", "maximum": "max(a, b)",
    "minimum": "min(a, b)", "trace": "sum(A*I)", "diag": "A*I", "argmax": "", "argmin": "",
    "lse": "logsumexp(z)",
    "inner": "x @ w", "vdot": "x @ w", "amax": "max(a, b)", "amin": "min(a, b)", "vec": "reshape(A, -1)",
    "flatten": "reshape(A, -1)", "ravel": "reshape(A, -1)", "hadamard": "A * B",
    "kron": "outer(x, w)", "outerproduct": "outer(x, w)", "softargmax": "softmax(z)",
}  # fmt: skip
"""What is written for it; nothing where it is flat wherever it has a slope."""

_TOLD = {
    "det": N_("determinants are not part of the language"),
    "rank": N_("the rank of a matrix moves in jumps: there is no gradient to follow"),
    **dict.fromkeys(("svd", "eig", "eigh", "qr", "cholesky", "eigvals"),
                    N_("decompositions of matrices are not part of the language")),
    "einsum": N_("write its products A @ B, its transposes A.T, its sums sum(A, axis=0)"),
    "eye": N_("give the identity as a value: I=[[1, 0], [0, 1]]"),
    "identity": N_("give the identity as a value: I=[[1, 0], [0, 1]]"),
    "len": N_("write the number itself; a mean is mean( … )"),
    "numel": N_("write the number itself; a mean is mean( … )"),
}  # fmt: skip
"""What has no formula, and what to do."""


def way_out(name: str) -> str:
    """Return the hint on a function that is not here, or nothing.

    >>> way_out("MAE"), way_out("wavelet")
    ('write |y - t|', '')
    """
    plain = name.replace("_", "").casefold()
    if plain in _TOLD:
        return sentence(_TOLD[plain])
    written = _WRITTEN.get(plain)
    if written is None:
        return ""
    if not written:
        return sentence(_NO_SLOPE)
    return said("write {formula}", formula=written)


def entry_by_entry(text: str, position: int) -> str:
    """Return the hint on a dot before a sign; nothing where it is none.

    >>> entry_by_entry("x .* w", 2), entry_by_entry("x.w", 1)
    ('write `*` alone: it goes entry by entry', '')
    """
    if text[position + 1 : position + 2] in _DOTTED:
        return said("write {sign} alone: it goes entry by entry", sign=quoted(text[position + 1]))
    return ""


def unknown_function(name: str, hint: str) -> tuple[str, str]:
    """Return the message and the hint of a function that there is not."""
    return said("there is no function {name}", name=quoted(name)), way_out(name) or hint
