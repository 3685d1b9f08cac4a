"""A reader with a pencil: every equation of a printed text, its numbers multiplied out at 60 digits.

Knows only what is printed: no tree, no float. `equations` finds in a line the terms that are numbers
alone; `wrong` says which do not give the result behind the last equals sign, to the digits shown.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import mpmath

MP = mpmath.MPContext()
MP.dps = 60
RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")

TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?(?:e(?P<e>[-−]?\d+)|×10(?P<ten>[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+))?)|(?P<raised>⁻?[⁰¹²³⁴⁵⁶⁷⁸⁹]+)"
    r"|(?P<share>[₀₁₂₃₄₅₆₇₈₉]+)|(?P<word>[A-Za-zσπ_][A-Za-z_0-9]*)|(?P<sign>[-−+·×/^(),|=\[\]]))"
)


def _sigmoid(a):
    return 1 / (1 + MP.exp(-a))


def _pairs(rule: Callable) -> Callable:
    def of(predicted, targets):
        lists = isinstance(predicted, list)
        pairs = zip(predicted, targets, strict=True) if lists else [(predicted, targets)]
        return rule(list(pairs))

    return of


def _elu(a, alpha=1):
    return a if a > 0 else alpha * MP.expm1(a)


SLOPE = MP.mpf("0.01")
ALPHA, SCALE = MP.mpf("1.6732632423543772848"), MP.mpf("1.0507009873554804934")
FUNCTIONS: dict[str, Callable] = {
    "exp": MP.exp, "ln": MP.ln, "log2": lambda a: MP.ln(a) / MP.ln(2), "log10": MP.log10,
    "sqrt": MP.sqrt, "cbrt": lambda a: MP.sign(a) * MP.cbrt(abs(a)), "sin": MP.sin, "cos": MP.cos,
    "tan": MP.tan, "asin": MP.asin, "acos": MP.acos, "atan": MP.atan, "sinh": MP.sinh,
    "cosh": MP.cosh, "tanh": MP.tanh, "erf": MP.erf, "σ": _sigmoid, "relu": lambda a: max(a, 0),
    "leaky_relu": lambda a, slope=SLOPE: a if a > 0 else slope * a, "elu": _elu,
    "softplus": lambda a: MP.log1p(MP.exp(a)), "silu": lambda a: a * _sigmoid(a),
    "gelu": lambda a: a * MP.erfc(-a / MP.sqrt(2)) / 2, "abs": abs, "sign": MP.sign,
    "step": lambda a: MP.mpf(1 if a > 0 else 0), "max": lambda *a: max(a), "min": lambda *a: min(a),
    "se": lambda y, t: (y - t) ** 2, "half_se": lambda y, t: (y - t) ** 2 / 2,
    "mse": _pairs(lambda pairs: sum((y - t) ** 2 for y, t in pairs) / len(pairs)),
    "sec": MP.sec, "csc": MP.csc, "cot": MP.cot, "asinh": MP.asinh, "acosh": MP.acosh,
    "atanh": MP.atanh, "log": lambda a, b: MP.ln(a) / MP.ln(b), "logb": lambda b, a: MP.ln(a) / MP.ln(b), "softsign": lambda a: a / (1 + abs(a)),
    "selu": lambda a: SCALE * (a if a > 0 else ALPHA * MP.expm1(a)),
    "celu": lambda a, alpha=1: a if a > 0 else alpha * MP.expm1(a / alpha),
    "log1p": MP.log1p, "expm1": MP.expm1, "exp2": lambda a: MP.mpf(2) ** a, "rsqrt": lambda a: 1 / MP.sqrt(a),
    "mish": lambda a: a * MP.tanh(MP.log1p(MP.exp(a))), "logsigmoid": lambda a: -MP.log1p(MP.exp(-a)),
    "hardtanh": lambda a, low=-1, high=1: min(max(a, low), high),
    "hardsigmoid": lambda a: min(max((a + 3) / 6, 0), 1), "relu6": lambda a: min(max(a, 0), 6),
    "sum": lambda *a: MP.fsum(a), "mean": lambda *a: MP.fsum(a) / len(a),
    "norm": lambda *a: MP.sqrt(sum(x * x for x in a)),
    "logsumexp": lambda *a: MP.ln(sum(MP.exp(x) for x in a)),
    "bce": lambda p, t: -(t * MP.ln(p) + (1 - t) * MP.ln(1 - p)),
    "ce": _pairs(lambda pairs: -sum(t * MP.ln(p) for p, t in pairs)),
}  # fmt: skip


class NotNumbers(Exception):
    """A term with a name in it."""


class _Reader:
    """Recursive descent over one term: sums, products, signs, powers, calls."""

    def __init__(self, text: str) -> None:
        self.tokens: list[re.Match[str]] = []
        place = 0
        text = text.rstrip()
        while place < len(text):
            match = TOKEN.match(text, place)
            if match is None:
                raise NotNumbers(text)
            self.tokens.append(match)
            place = match.end()
        self.place = 0

    def sign(self) -> str:
        return (self.tokens[self.place]["sign"] or "") if self.place < len(self.tokens) else ""

    def take(self) -> re.Match[str]:
        if self.place >= len(self.tokens):
            raise NotNumbers
        self.place += 1
        return self.tokens[self.place - 1]

    def whole(self):
        value = self.sum()
        if self.place < len(self.tokens):
            raise NotNumbers
        return value

    def sum(self):
        value = self.product()
        while self.sign() in ("+", "−", "-"):
            more = self.take()["sign"] == "+"
            other = self.product()
            value = value + other if more else value - other
        return value

    def product(self):
        value = self.signed()
        while self.sign() in ("·", "×", "/"):
            over = self.take()["sign"] == "/"
            other = self.signed()
            value = value / other if over else value * other
        return value

    def signed(self):
        if self.sign() in ("−", "-"):
            self.take()
            return -self.signed()
        return self.power()

    def power(self):
        value = self.atom()
        if self.sign() == "^":
            self.take()
            return value ** self.signed()
        if self.place < len(self.tokens) and self.tokens[self.place]["raised"]:
            return value ** int(self.take()["raised"].translate(RAISED))
        return value

    def atom(self):
        token = self.take()
        if token["number"]:
            power = (token["ten"] or token["e"] or "0").translate(RAISED).replace("−", "-")
            return MP.mpf(re.split("[e×]", token["number"])[0]) * MP.mpf(10) ** int(power)
        if token["word"] == "π":
            return +MP.pi
        if token["word"] == "e":
            return MP.exp(1)
        if token["word"]:
            return self.call(token["word"])
        if token["sign"] == "(":
            return self.closed(")")
        if token["sign"] == "[":
            listed = [self.sum()]
            while self.sign() == ",":
                self.take()
                listed.append(self.sum())
            if self.take()["sign"] != "]":
                raise NotNumbers
            return listed
        if token["sign"] == "|":
            return abs(self.closed("|"))
        raise NotNumbers

    def closed(self, end: str):
        value = self.sum()
        if self.take()["sign"] != end:
            raise NotNumbers
        return value

    def call(self, name: str):
        if self.sign() != "(" or (name not in FUNCTIONS and name != "softmax"):
            raise NotNumbers(name)
        given, options = [], {}
        while self.take()["sign"] != ")":
            ahead = self.tokens[self.place + 1] if self.place + 1 < len(self.tokens) else None
            if ahead is not None and ahead["sign"] == "=":
                key = self.take()["word"]
                self.take()
                options[key] = self.sum()
            else:
                given.append(self.sum())
            if self.sign() not in (",", ")"):
                raise NotNumbers
        if name == "softmax":
            share = self.take()["share"]
            shares = [MP.exp(z) for z in given]
            return shares["₀₁₂₃₄₅₆₇₈₉".index(share) - 1] / sum(shares)
        return FUNCTIONS[name](*given, **options)


def value_of(term: str):
    """Return the value of a term of numbers alone.

    Raises:
        NotNumbers: the term has a name in it, or is no formula.
    """
    return _Reader(term).whole()


def equations(line: str) -> Iterator[tuple[list[str], str]]:
    """Yield the terms of numbers alone of a line, and its result."""
    body = re.sub(r"   [(\[].*", "", line)
    sides = [side.strip() for side in re.split(r" = | ← ", body)]
    if len(sides) < 2 or "…" in line:
        return
    terms = []
    for side in sides[:-1]:
        try:
            value_of(side)
        except NotNumbers:
            continue
        terms.append(side)
    yield terms, sides[-1]


def wrong(line: str, precision: int) -> list[str]:
    """Return the terms of a line that do not give its result, to the digits shown."""
    faults = []
    for terms, result in equations(line):
        try:
            shown = value_of(result)
        except NotNumbers:
            continue
        # Zeros at the end are not shown; where very many digits are asked, fewer may be true.
        digits = max(len(re.sub(r"×.*|^[−0.]+|[.()−]", "", result)), min(precision, 12))
        for term in terms:
            found = value_of(term)
            if not isinstance(found, (MP.mpf, int)):
                faults.append(f"{term} is not a real number, in: {line}")
                continue
            if shown == 0:
                good = found == 0 or (abs(found) < 1e-307 and "too small for float64" in line)
            else:
                unit = MP.mpf(10) ** (int(MP.floor(MP.log10(abs(shown)))) - digits + 1)
                good = abs(found - shown) <= unit / 2 * (1 + MP.mpf(10) ** -6)
            if not good:
                faults.append(f"{term} gives {MP.nstr(found, 12)}, not {result}, in: {line}")
    return faults


_PIECES = [
    (r"\\left\|", "|"), (r"\\right\|", "|"), (r"\\left\[", "["), (r"\\right\]", "]"), (r"\\left\(", "("), (r"\\right\)", ")"),
    (r"\\cdot\b", "·"), (r"\\pi\b", "π"), (r"\\sigma\b", "σ"), (r"\\ln\b", "ln"),
    (r"\\log_\{2\}", "log2"), (r"\\log_\{10\}", "log10"), (r"\\sqrt\[3\]", "cbrt"),
    (r"\\arcsin\b", "asin"), (r"\\arccos\b", "acos"), (r"\\arctan\b", "atan"),
    (r"\\operatorname\{LeakyReLU\}", "leaky_relu"), (r"\\operatorname\{ar([a-z]+)\}", r"a\1"),
    (r"\\operatorname\{([A-Za-z_0-9\\]+)\}", lambda found: found[1].lower()),
    (r"\\(sin|cos|tan|sec|csc|cot|sinh|cosh|tanh|max|min|sqrt)\b", r"\1"), (r"\\_", "_"),
    (r"\\log_\{([^{}]*)\}\(", r"logb(\1, "),
]  # fmt: skip


def plain(latex: str) -> str:
    """Return a LaTeX formula as the reader reads it; what it does not know stays as it is."""
    text = re.sub(r"\s*\\times 10\^\{(-?\d+)\}", lambda m: "×10" + _raised(m[1]), latex)
    text = text.replace(r"\times", "×").replace("-", "−")
    for pattern, piece in _PIECES:
        text = re.sub(pattern, piece, text)
    text = re.sub(r"_\{(\d+)\}", lambda m: "".join("₀₁₂₃₄₅₆₇₈₉"[int(c)] for c in m[1]), text)
    return _grouped(text)


def _grouped(text: str) -> str:
    """Return a formula with brackets for braces, fractions as quotients, `e^{}` as a call."""
    out, place = "", 0
    while place < len(text):
        if text.startswith(r"\frac", place):
            top, place = _group(text, text.index("{", place))
            bottom, place = _group(text, text.index("{", place))
            out += f"(({_grouped(top)})/({_grouped(bottom)}))"
        elif text.startswith("e^{", place) and not out[-1:].isalpha():
            inside, place = _group(text, place + 2)
            out += f"exp({_grouped(inside)})"
        elif text[place] == "{":
            inside, place = _group(text, place)
            out += f"({_grouped(inside)})"
        else:
            out += text[place]
            place += 1
    return out


def _group(text: str, start: int) -> tuple[str, int]:
    """Return what stands in the braces that open at `start`, and the place behind them."""
    depth = 0
    for place in range(start, len(text)):
        depth += {"{": 1, "}": -1}.get(text[place], 0)
        if depth == 0:
            return text[start + 1 : place], place + 1
    raise NotNumbers(text)


def _raised(digits: str) -> str:
    return "".join("⁰¹²³⁴⁵⁶⁷⁸⁹"[int(c)] if c.isdigit() else "⁻" for c in digits)


def latex_lines(text: str) -> Iterator[str]:
    """Yield the displayed lines of a LaTeX or Markdown text, as the reader reads them."""
    for line in text.splitlines():
        if "&=" not in line:
            continue
        remark = "too small for float64" in line
        bare = re.sub(r"\\text\{(?:[^{}]|\{[^{}]*\})*\}|\\q?quad", "", line).removesuffix(r"\\")
        yield plain(bare.replace("&=", " = ")) + ("   (too small for float64)" if remark else "")
