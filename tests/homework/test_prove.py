from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import backprop_tutor as bt
from backprop_tutor.homework.equivalence import prove
from backprop_tutor.homework.equivalence.instructions import compiled
from backprop_tutor.homework.equivalence.memory_watch import TOO_MUCH, held
from backprop_tutor.language import parse_formula

PROGRAMS = [
    ("h0 = cbrt(sin(z)); f = |sqrt(max(7, h0))| - h0", "f + 0*z"),
    ("f = abs(ln(relu(w)))", "f + 0*w"),
    ("u_0 = cbrt(w/x)/((1e5+0)^-1); f = atan(gelu(u_0))", "f*(sin(x)^2 + cos(x)^2)"),
    ("f = log2(cosh(B + B))*step(B) + max(B, 1 - cosh(B))", "f + 0*B"),
]
"""Programs on which SymPy raised, hung, or took gigabytes."""


@pytest.mark.parametrize(("program", "student"), PROGRAMS)
def test_a_proof_that_fails_takes_nothing_along(program: str, student: str) -> None:
    """Whatever SymPy does with a formula, the verdict stands, and no error comes out."""
    verdict = bt.equivalent("f", student, program=program, prove=0.5)
    assert (verdict.equal, verdict.decided) == (True, True)


@pytest.mark.parametrize(
    "error", [TypeError("not comparable"), KeyError("index"), RecursionError(), MemoryError()]
)
def test_no_error_of_sympy_is_a_proof(error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    """What SymPy raises anywhere on the way is an answer: not proved."""

    def raising(*given: Any) -> None:
        raise error

    monkeypatch.setattr(prove, "_expression", raising)
    listed = compiled([parse_formula(text, ["x"])[0] for text in ("x + x", "2x")])
    assert prove.difference_vanishes(listed, frozenset(), frozenset()) is False


def test_long_formulas_are_not_tried() -> None:
    """A pair of more steps than SymPy is given is not proved, at once."""
    long = " + ".join(f"sin({n}x)" for n in range(1, 220))
    verdict = bt.equivalent(long, f"{long} + 0*x", prove=1e-3)
    assert (verdict.equal, verdict.proved) == (True, False)


def test_a_process_that_holds_too_much_ends_itself(in_new_python: Callable[[str], str]) -> None:
    """Past its limit a watched process ends with a status of its own; below it nothing happens."""
    assert held() > 10 * 2**20
    code = (
        "import subprocess, sys\n"
        "grow = 'import time; from backprop_tutor.homework.equivalence.memory_watch import watch; watch(%d);' "
        "'kept = [bytes(2**20 * 8 * 20)[::1] + b\"x\" for _ in range(3)]; time.sleep(%s)'\n"
        "for limit, pause in ((200, 60), (4000, 0.2)):\n"
        "    print(subprocess.run([sys.executable, '-c', grow % (limit, pause)]).returncode)\n"
    )
    assert in_new_python(code).split() == [str(TOO_MUCH), "0"]


@pytest.mark.parametrize(
    ("expected", "student"),
    [("f*s", "s*f"), ("f", "1*f"), ("v1*f", "f*v1"), ("L - y", "-y + L"), ("g^2", "g*g"),
     ("f1 + f", "f + f1"), ("out*loss", "loss*out")],
)  # fmt: skip
def test_an_answer_may_use_any_letter(expected: str, student: str) -> None:
    """Also `f`, as a program without a name for its value is called."""
    assert bt.equivalent(expected, student)
    assert not bt.equivalent(expected, f"{student} + 1")
