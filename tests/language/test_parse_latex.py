"""What LaTeX is read as: the same trees as plain text, and refusals that point into the LaTeX."""

from __future__ import annotations

import pytest

from backprop_tutor.errors import ParseError
from backprop_tutor.language import PLAIN, parse, parse_formula, same, written


@pytest.mark.parametrize(
    ("latex", "plain"),
    [
        (r"\frac{1}{1+e^{-(w x + b)}}", "1/(1 + e^(-(w x + b)))"),
        (r"\sigma(z)", "sigmoid(z)"),
        (r"\sigma\left(z\right)", "sigmoid(z)"),
        (r"\sigma\bigl(z\bigr)", "sigmoid(z)"),
        (r"\dfrac{x}{2} + \tfrac{y}{3}", "x/2 + y/3"),
        (r"\frac{\frac{a}{b}}{c}", "a/b/c"),
        (r"\frac{a}{\frac{b}{c}}", "a/(b/c)"),
        (r"\frac12 x + \frac1n + \frac ab", "1/2*x + 1/n + a/b"),
        (r"\frac12(y-t)^2", "1/2*(y-t)^2"),
        (r"\frac{x}{y}^2", "(x/y)^2"),
        (r"\frac{a}{b}\frac{c}{d}", "(a/b)*(c/d)"),
        (r"w\cdot x \times y \ast z \div b", "w*x*y*z/b"),
        (r"\max(0, z) + \min\{0, z\} + \max\left\{0, z\right\}", "max(0,z)+min(0,z)+max(0,z)"),
        (r"\sqrt{x} + \sqrt[3]{y} + \sqrt2 + \sqrt[n]{z}", "sqrt(x)+cbrt(y)+sqrt(2)+z^(1/n)"),
        (r"|x| + \left|y\right| + \lvert z\rvert + \left\lvert a\right\rvert",
         "abs(x)+abs(y)+abs(z)+abs(a)"),
        (r"\mathrm{ReLU}(z) + \operatorname{relu}(z) + \text{ReLU}\left(z\right)",
         "relu(z)+relu(z)+relu(z)"),
        (r"\operatorname{leaky\_relu}(z, slope=0.1)", "leaky_relu(z, slope=0.1)"),
        (r"\tanh x + \tanh(x) + \tanh{x}", "tanh(x)+tanh(x)+tanh(x)"),
        (r"\sin^2 x + \sin^{2}(x) + \cos^2\left(x\right)", "sin(x)^2+sin(x)^2+cos(x)^2"),
        (r"\ln x + \log(x) + \log_2 x + \log_{10}(y)", "ln(x)+ln(x)+log2(x)+log10(y)"),
        (r"\exp(-x^{2}) + e^{-x^2} + \exp\left(-x\right)", "exp(-x^2)+exp(-x^2)+exp(-x)"),
        (r"\ln\frac{a}{b} + \ln|x| + \ln\sigma(x)", "ln(a/b)+ln(abs(x))+ln(sigmoid(x))"),
        (r"\theta_0 + \theta_1 x", "theta_0 + theta_1*x"),
        (r"\varepsilon\lambda \Omega", "epsilon*lambda*Omega"),
        (r"2\pi x", "2*pi*x"),
        (r"\mathbf{w}\mathbf{x} + b", "w*x + b"),
        (r"x^{2}y + x^{n+1} + x^\alpha + x^{-1}", "x^2*y + x^(n+1) + x^alpha + x^(-1)"),
        (r"{x+1}^2", "(x+1)^2"),
        (r"2\left[x + 1\right] + \left\{y\right\}", "2*(x+1) + y"),
        (r"w\,x\;y\quad z\!a\ b~c", "w*x*y*z*a*b*c"),
        (r"-y\log\hat{y} - (1-y)\log(1-\hat y)", "-y*log(y_hat)-(1-y)*log(1-y_hat)"),
        (r"\bar{x} + \tilde{x}_1 + \hat\theta", "x_bar + x_tilde_1 + theta_hat"),
        (r"\text{net}_{h1} + E_{total} + x_{\text{in}}", "net_h1 + E_total + x_in"),
        (r"x_i y_j + w_{ij} + w_{1,2} + x_\theta", "x_i*y_j + w_ij + w_12 + x_theta"),
        (r"$wx + b$", "w*x + b"),
        (r"$$wx + b$$", "w*x + b"),
        (r"\[ wx + b \]", "w*x + b"),
        (r"\( wx + b \)", "w*x + b"),
        (r"\sigma(w₁·x² − θ)", "sigmoid(w1*x^2 - theta)"),
    ],
)  # fmt: skip
def test_latex_gives_the_tree_of_its_plain_form(latex: str, plain: str) -> None:
    """A formula in LaTeX and the same in plain text are one tree."""
    names = ("y_hat", "x_bar", "x_tilde_1", "theta_hat", "net_h1", "E_total", "x_in", "x_theta")
    one = parse(latex, names).assignments[0].expression
    other = parse(plain, names).assignments[0].expression
    assert written(one, PLAIN) == written(other, PLAIN)
    assert same(one, other)


@pytest.mark.parametrize(
    ("latex", "declared", "name"),
    [
        ("w_{1}", (), "w_1"),
        ("w_1\\,", ("w1",), "w1"),
        ("w_{1}", ("w_1", "w1"), "w_1"),
        ("w_{12}", ("w12",), "w12"),
        ("w_{11}^{(2)}", (), "w2_11"),
        ("w^{(2)}_{11}", (), "w2_11"),
        ("w^{[2]}_{11}", (), "w2_11"),
        ("z^{[2]}", (), "z2"),
        ("a_1^{(1)}", (), "a1_1"),
        (r"\hat{y}_{1}", ("y_hat1",), "y_hat1"),
        (r"\hat{y_1}", ("y_hat1",), "y_hat1"),
        (r"\theta_{1}^{(2)}", (), "theta2_1"),
        (r"\mathbf{w}_{1}", (), "w_1"),
    ],
)
def test_scripts_become_the_names_that_programs_use(
    latex: str, declared: tuple[str, ...], name: str
) -> None:
    """A subscript joins its letter where only that is declared; a raised number is a layer."""
    assert written(parse("f = " + latex, declared).assignments[0].expression, PLAIN) == name


def test_a_raised_number_is_a_power_where_only_the_base_is_known() -> None:
    """Over closed names `x^{(2)}` is a power of x, and the note says so."""
    tree, notes = parse_formula("x^{(2)}", ["x"])
    assert written(tree) == "x²"
    assert notes == ("`x^{(2)}` was read as a power: no name of a layer 2 is known",)


@pytest.mark.parametrize(
    "text",
    [
        "z = wx + b \\\\ a = \\sigma(z)",
        "z = w x + b\na = \\sigma(z)",
        "\\begin{align} z &= wx + b \\\\[2pt]\n a &= \\sigma(z) \\end{align}",
        "\\begin{align*}\nz &=\n w x + b \\nonumber \\\\\n a &= \\sigma(z)\n\\end{align*}",
        "\\begin{equation}\\begin{aligned}z &= wx+b\\\\a&=\\sigma(z)\\end{aligned}\\end{equation}",
        "\\begin{cases} z = wx + b \\\\ a = \\sigma(z) \\end{cases}",
        "\\[ z = wx + b \\]\n\\[ a = \\sigma(z) \\]",
        "$z = wx + b$\n$a = \\sigma(z)$",
        "z = wx + b % the sum\na = \\sigma(z)",
        "z = wx + b; a = \\sigma(z)",
    ],
)
def test_programs_of_several_latex_lines(text: str) -> None:
    """Lines end at a newline, at two backslashes or at `;`; wrappers and alignment are dropped."""
    assert parse(text).reading == "z = w·x + b\na = σ(z)"


def test_a_whole_network_in_latex_has_the_names_of_bt_network() -> None:
    """Layer superscripts and subscripts on both sides are one name each."""
    program = parse(
        r"z_1^{(1)} = w_{11}^{(1)} x_1 + w_{12}^{(1)} x_2 + b_1^{(1)} \\"
        r"a_1^{(1)} = \sigma\left(z_1^{(1)}\right) \\ \hat{y} = a_1^{(1)} \\"
        r"L = \frac{1}{2}\left(y - \hat{y}\right)^2",
        ["x1", "x2"],
    )
    assert program.reading == (
        "z⁽¹⁾₁ = w⁽¹⁾₁₁·x₁ + w⁽¹⁾₁₂·x₂ + b⁽¹⁾₁\na⁽¹⁾₁ = σ(z⁽¹⁾₁)\nŷ = a⁽¹⁾₁\nL = 1/2·(y − ŷ)²"
    )
    assert program.inputs == ("w1_11", "x1", "w1_12", "x2", "b1_1", "y")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (r"f = \sigmod(z)", r"""line 1, column 5: the command `\sigmod` is not known
  f = \sigmod(z)
      ^^^^^^^
did you mean `\sigma`?"""),
        (r"f = \mathrm{sigmod}(x)", r"""line 1, column 5: there is no function `sigmod`
  f = \mathrm{sigmod}(x)
      ^^^^^^^^^^^^^^^
did you mean `sigmoid`?"""),
        ("z = wx\nf = \\frac{1}{2", r"""line 2, column 13: this bracket is not closed
  f = \frac{1}{2
              ^
add a `}`"""),
        (r"f = \frac{1}", r"""line 1, column 12: `\frac` lacks a part here
  f = \frac{1}
             ^
write \frac{…}"""),
        (r"f = \frac{}{2}", r"""line 1, column 5: empty brackets
  f = \frac{}{2}
      ^^^^^^^
something stands between brackets"""),
        (r"f = \left( x + 1 \right]", r"""line 1, column 18: `(` is closed by `]`
  f = \left( x + 1 \right]
                   ^^^^^^^
expected `)`"""),
        (r"f = \ln x y", r"""line 1, column 5: how far `ln` reaches is not clear
  f = \ln x y
      ^^^^^
write brackets: ln(x …)"""),
        (r"f = \sin^{-1}(x)", r"""line 1, column 5: `sin^-1` could mean the inverse or one over
  f = \sin^{-1}(x)
      ^^^^^^^
write 1/sin(…), or the inverse by its name"""),
        (r"\frac{\partial L}{\partial w} = x", r"""line 1, column 1: an assignment's left side is a name, not `\frac{\partial L}{\partial w}`
  \frac{\partial L}{\partial w} = x
  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
a gradient is asked for, not assigned"""),
        (r"f = x \in \mathbb{R}", r"""line 1, column 7: sets of numbers are not part of the language
  f = x \in \mathbb{R}
        ^^^
line 1, column 11: sets of numbers are not part of the language
  f = x \in \mathbb{R}
            ^^^^^^^"""),
        (r"f = \sum_{i=1}^{n} x_i", r"""line 1, column 5: a sum whose range is not said in numbers
  f = \sum_{i=1}^{n} x_i
      ^^^^^^^^^^^^^^
write Σ_{i=1}^{3}, or its terms one by one"""),
        (r"f = w_{n+1}", """line 1, column 5: a subscript is digits or letters
  f = w_{n+1}
      ^^^^^^^
such as w_{12} or x_i"""),
        (r"f = \ln_3 x", r"""line 1, column 5: `\ln` has no subscript `3` here
  f = \ln_3 x
      ^^^^^
delete it"""),
        (r"f = x^\top w", r"""line 1, column 7: a transpose has no meaning here: every name is a single number
  f = x^\top w
        ^^^^"""),
        (r"f = 52\%", r"""line 1, column 7: `\%` has no meaning here
  f = 52\%
        ^^
write a percentage as a decimal: 0.52"""),
        (r"f = \begin{cases} x \\ 0 \end{cases}", r"""line 1, column 19: a row of cases without a condition
  f = \begin{cases} x \\ 0 \end{cases}
                    ^
a value, `&`, its condition"""),
    ],
)  # fmt: skip
def test_refusals_point_into_the_latex_as_typed(text: str, message: str) -> None:
    """Line, column and caret belong to the LaTeX, and the remedy is in LaTeX."""
    with pytest.raises(ParseError) as caught:
        parse(text)
    first = str(caught.value)
    assert first.startswith(message) if "cases" in text else first == message


def test_what_latex_readers_would_read_otherwise_is_noted() -> None:
    """Layers and long exponents are named as read."""
    assert parse(r"f = w_{11}^{(2)}").notes == ("`w_{11}^{(2)}` was read as the name w2_11",)
    assert parse(r"f = \theta\cdot x^10").notes == (
        "`^10` was read as ^{10}; in LaTeX the first sign alone is raised",
    )
    assert parse(r"f = w^{(l)}").notes == (
        "`^{(l)}` was read as a power; a layer is given by its number",
    )
