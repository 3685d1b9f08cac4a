"""The problem file and the roster that the tests of worksheets share."""

from __future__ import annotations

import pytest

PROBLEMS = '''
title = "Week 3 <b>&</b> *gradients*"
seed = 1

[[problem]]
id = "p1"
title = "A circuit # with = markup"
program = """
q = x + y
f = q*z"""
values = {x = {from = -5, to = 5, not = [0]}, y = {from = -5, to = 5}, z = -4}
ask = ["q", "f", "all gradients", "local(f, q)"]

[[problem]]
id = "neuron"
text = "How does each weight move the output?"
program = "f = 1/(1+exp(-(w0*x0+w1*x1+w2)))"
values = {w0 = 2, x0 = {from = -2, to = 2}, w1 = -3, x1 = -2, w2 = -3}
points = 2

[[problem]]
id = "net"
network = {sizes = [2, 2, 1]}
ask = ["E", "dE/dw1_11", "dE/dw2_11", "down(z1_1, v3)", "local(a1_1, z1_1)", "new(w1_11)"]
lr = 0.5
formulas = ["local(a1_1, z1_1)", "dE/dw2_11", "E"]
'''

NAMES = (
    "Anna Müller", "김민수", "<script>alert(1)</script>", "O'Brien & Sons", "../../etc/passwd",
    "=1+1", "CON", "anna", "ANNA", "#let x = [y]", "$x^2$ \\input{y}", "a|b`c`", "-3",
)  # fmt: skip


@pytest.fixture(scope="session")
def problems() -> str:
    """A problem file with drawn values, a network, formulas and titles full of markup."""
    return PROBLEMS


@pytest.fixture(scope="session")
def roster() -> str:
    """Thirty students, some with names that would be markup, paths or formulas."""
    names = [*NAMES, *(f"Student {number}" for number in range(len(NAMES), 30))]
    rows = ['"' + name.replace('"', '""') + '"' for name in names]
    return "student\n" + "\n".join(rows) + "\n"
