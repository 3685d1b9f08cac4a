"""What mutation starts from: inputs of each kind that are right, numbers at edges, odd characters."""

from __future__ import annotations

__all__ = [
    "FORMULAS", "LATEX", "NUMBERS", "ODD", "PROBLEMS", "PROBLEM_WORDS", "PROGRAMS", "ROSTERS",
    "ROSTER_WORDS", "SHEETS", "SHEET_WORDS", "TOKENS",
]  # fmt: skip


def _words(text: str) -> list[str]:
    return text.split()


NUMBERS = (
    *_words("0 1 -1 2 0.5 1/3 -7/2 1e-400 0e318 1e308 1e400 10**400 2^0.5 1e .5 5. 1_000 1,5 inf -inf nan"),
    *_words("1e-320 -0 0.1 1e16 12345678901234567890 1/0 ٣ ½ ² 1e5000 −2 3.141592653589793 e -e pi"),
    *_words("1e-17 0b101 1j 1e+0 +5 --5 1//2"), "1 000", "9" * 25, "9" * 5000, "0x" + "f" * 40,
)  # fmt: skip
"""Numbers at edges, and what looks like one."""

TOKENS = (
    *_words("+ - * / ^ ** ( ) [ ] { } | = ; , . : ' \" √ ∂ ² ⁻¹ ₁ · × ÷ ≤ ^{ _{ \\ $ % # & @ ! ? ~ ` < >"),
    *_words("sin cos tan exp ln log log2 sqrt cbrt abs relu gelu sigmoid tanh max min softmax step sign"),
    *_words("atan cosh erf softplus x y w w_1 f e π θ lambda \\frac \\sqrt \\sin \\left( \\right) \\cdot"),
    "\n", "\t", " ",
)  # fmt: skip

ODD = (
    "\0", "\x1b[31m", "\x85", "\u2028", "\u202e", "\ufeff", "\ud800", "\udcff", "\u0301", "\u200b", "𝑥",
    "한", "ａ", "ﬁ", "İ", "ß", "\N{COMBINING ENCLOSING KEYCAP}", "🙂", "\r", "\x7f", "'; DROP",
    "__import__('os')", "=cmd()", "../", "$(id)", "{{7*7}}", "<script>", "%s%n",
)  # fmt: skip
"""Characters that a reader may stumble over, and what other programs would obey."""

PROGRAMS = (
    "f = wx + b",
    "q = x + y\nf = q*z",
    "f = 1/(1+exp(-(w0*x0+w1*x1+w2)))",
    "h = relu(w*x); f = (h - t)^2",
    "f = sin(x)cos(y) + ln|x|",
    "f(x, y) = x^2 y",
    "a = tanh(2x) # note\nL = -t*ln(a)",
    "f = max(x, y)/√(x² + 1)",
    "z = w₁x₁ + w₂x₂; f = σ(z)",
    "f = x^2^y - 3!x",
    "f = softmax(a, b, c)",
    "f = -e^(-x²/2)/√(2π)",
    "σ(z) = 1/(1+e^(-z)); h = σ(wx + b); y = σ(h)",
    "g(a, b) = a*b + a; k(z) = g(z, 2); f = k(g(x, y))",
)

LATEX = (
    r"f = \frac{1}{1+e^{-(w_1 x_1 + b)}}",
    r"\hat{y} = \sigma(w^{(1)} x + b)",
    r"f = \sqrt[3]{x} \cdot \ln\left(y\right)",
    r"L = \frac{1}{2}(t - y)^2 \\ y = \tanh(wx)",
    r"$$f = \left|x\right|^{2} - \sin^2 x$$",
    r"\begin{align} z &= wx \\ f &= z^2 \end{align}",
    r"f = \max(0, x) + e^{x} \times \pi",
    r"z_{1} = w_{1j} x \\ f = \operatorname{relu}(z_{1})",
    r"f=\frac12 x",
    r"g(z) = z^2 + 1 \\ f = g(\frac{x}{2}) g(y)",
)

FORMULAS = (
    "-4", "3.0", "1/3", "x + y", "2x", "exp(-x)*(1-exp(-x))", "z", "y*cos(x)", "-z*(x+y)", "1e-3", "x^2",
    "a(1-a)", r"\frac{x}{y}", "-4 ± 0.1", "approx 3", "0.333", "3e0", "= 5", "5 cm", "x=5",
)  # fmt: skip

PROBLEMS = (
    """title = "Week 3"
seed = 1
[[problem]]
id = "p1"
program = '''
q = x + y
f = q*z'''
values = {x = -2, y = {from = -5, to = 5}, z = -4}
ask = ["q", "f", "all gradients", "local(f, q)"]
""",
    """[[problem]]
id = "net"
network = {sizes = [2, 2, 1]}
ask = ["E", "dE/dw1_11", "down(z1_1, v3)", "new(w1_11)"]
lr = 0.5
formulas = ["E"]
points = 2
""",
    """follow_through = 0.5
[[problem]]
id = "n"
program = "f = 1/(1+exp(-(w*x)))"
values = {w = "1/3", x = 2}
want = "formula"
tolerance = 0.01
[[problem.cell]]
quantity = "df/dw"
points = 3
""",
)
PROBLEM_WORDS = (
    *_words("[[problem]] id program values ask network sizes points want domain seed tolerance"),
    *_words("from to not true a.b.c.d 1979-05-27 inf nan [[ ]] lr '''"), "= {",
)  # fmt: skip

SHEETS = {
    ".csv": (
        "student,q,f,df/dx\nanna,3,-12,-4\nben,3,12,\n",
        "student;problem;quantity;answer\nanna;p1;q;3\n",
        'problem,quantity,answer\np1,"local(f, q)",-4\n',
        "student\tp1:q\nanna\t3\n",
    ),
    ".json": (
        '{"student": "anna", "answers": {"q": "3", "df/dx": -4}}',
        '[{"student": "ben", "q": 3, "f": null}]',
        '{"anna": {"p1": {"q": 3, "f": [1]}}}',
        '{"version": 1, "answers": [{"problem": "p1", "quantity": "q", "answer": "3"}]}',
    ),
    ".jsonl": ('{"student": "anna", "q": 3}\n{"student": "ben", "q": "x"}\n',),
    ".toml": ('student = "anna"\n[p1]\nq = 3\n"df/dx" = "-4"\n', '["anna".p1]\nq = 3.0\nf = -12\n'),
}
SHEET_WORDS = (
    "student", "q", "df/dx", "∂f/∂y", "p1", "answer", "null", "true", '"\\ud800"', "anna", '""', "1e999",
)  # fmt: skip

ROSTERS = (
    "student\nanna\nben\n",
    "id,name\n1,Anna Müller\n2,김민수\n",
    "email;name\na@b.c;A\n",
    "anna\nAnna\nanna-a99ff9c1\n",
)
ROSTER_WORDS = ("name", "id", ",", "\n", '"', "CON", "../x", " ", "\t", "student")
