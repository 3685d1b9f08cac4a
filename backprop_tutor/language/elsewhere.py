"""Functions that other languages and courses have and this one has not: what to write instead.

One table, from a name (capitals and `_` aside) to a formula over the same arguments.
"""

from __future__ import annotations

from ..errors import quoted
from ..sentences import N_, said, sentence

__all__ = ["unknown_function", "way_out"]

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
}  # fmt: skip
"""What is written for it; nothing where it is flat wherever it has a slope."""


def way_out(name: str) -> str:
    """Return the hint on a function that is not here, or nothing.

    >>> way_out("MAE"), way_out("wavelet")
    ('write |y - t|', '')
    """
    written = _WRITTEN.get(name.replace("_", "").casefold())
    if written is None:
        return ""
    if not written:
        return sentence(_NO_SLOPE)
    return said("write {formula}", formula=written)


def unknown_function(name: str, hint: str) -> tuple[str, str]:
    """Return the message and the hint of a function that there is not."""
    return said("there is no function {name}", name=quoted(name)), way_out(name) or hint
