"""SymPy's word on two formulas found equal: proved, or not within the time it was given.

Enters: trees. Leaves: True where SymPy simplifies their difference to 0, else False, which says
nothing: SymPy never rejects. It works in a process of its own, which is killed when the time is up and
ends itself when it holds too much memory; long formulas are not tried. Whatever goes wrong in there
is no proof, and no verdict either. The trees reach SymPy as objects, never as text.
"""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import TimeoutError as FutureTimeout
from fractions import Fraction
from typing import Any

from ...errors import OptionError
from ...language import Expression
from ...ops import OPS
from ...processes import FRESH
from ...sentences import said
from .domains import Domain
from .instructions import Constant, Instructions, Operate, compiled
from .memory_watch import watch

__all__ = ["proved"]

_LONGEST = 400
"""Steps of both formulas together that SymPy is tried on."""

_MEGABYTES = 1024
"""What its process may hold; SymPy itself takes some eighty."""


def proved(
    expected: Expression,
    student: Expression,
    definitions: Mapping[str, Expression],
    domains: Mapping[str, Domain],
    seconds: float,
) -> bool:
    """Return whether SymPy shows the two formulas equal within `seconds`.

    Raises:
        OptionError: seconds that are not positive.
    """
    if not seconds > 0:
        raise OptionError(said("the time for a proof is positive, not {seconds}", seconds=seconds))
    from pebble import ProcessExpired, ProcessPool  # start-up time: only for proofs

    listed = compiled((expected, student), definitions)
    if listed.results[0] == listed.results[1]:
        return True
    if len(listed.steps) > _LONGEST:
        return False
    positive = frozenset(name for name, domain in domains.items() if domain.low >= 0)
    whole = frozenset(name for name, domain in domains.items() if domain.whole)
    with ProcessPool(max_workers=1, context=FRESH) as pool:
        try:
            pool.schedule(_loaded).result(timeout=60)
            future = pool.schedule(
                difference_vanishes, args=(listed, positive, whole), timeout=seconds
            )
            return bool(future.result())
        except (FutureTimeout, ProcessExpired, MemoryError):
            return False
        finally:
            pool.stop()  # type: ignore[no-untyped-call]  # pebble's own


def _loaded() -> bool:
    """Load SymPy in the process, before its time is counted, and watch its memory from then on."""
    watch(_MEGABYTES)
    from ...ops import sympy_kernel  # the point of it: SymPy is loaded here

    return sympy_kernel.SYMPY is not None


def difference_vanishes(
    listed: Instructions, positive: frozenset[str], whole: frozenset[str]
) -> bool:
    """Return whether SymPy simplifies the two formulas' difference to 0; no limit of time.

    >>> from backprop_tutor.language import parse_formula
    >>> trees = [parse_formula(text, ["x"])[0] for text in ("(x+1)^2", "x^2 + 2x + 1")]
    >>> difference_vanishes(compiled(trees), frozenset(), frozenset())
    True
    """
    import sympy as sp  # start-up time

    try:
        one, other = (_expression(listed, result, positive, whole) for result in listed.results)
        apart = one - other
        if apart == 0 or sp.expand(apart) == 0:
            return True
        return bool(sp.simplify(apart) == 0 or sp.simplify(apart.rewrite(sp.exp)) == 0)
    except Exception:
        # SymPy raises what it likes ("not comparable", KeyError, RecursionError, AttributeError):
        # it could not, and that is no proof, and no verdict either.
        return False


def _expression(
    listed: Instructions, result: int, positive: frozenset[str], whole: frozenset[str]
) -> Any:
    import sympy as sp  # start-up time

    from ...ops.sympy_kernel import SYMPY

    values: list[Any] = []
    for step in listed.steps[: result + 1]:
        if isinstance(step, Operate):
            op = OPS[step.op]
            given = op.with_options(step.options) if op.options or op.outputs else {}
            options = {
                name: int(value) if name == "index" else _rational(Fraction(str(value)))
                for name, value in given.items()
            }
            values.append(op.forward(SYMPY, *(values[i] for i in step.operands), **options))
        elif isinstance(step, Constant):
            values.append(_constant(step))
        else:
            facts = {"real": True, "positive": True if step.name in positive else None}
            if step.name in whole:
                facts["integer"] = True
            values.append(sp.Symbol(step.name, **facts))
    return values[result] * sp.Integer(1)


def _rational(value: Fraction) -> Any:
    import sympy as sp  # start-up time

    return sp.Rational(value.numerator, value.denominator)


def _constant(step: Constant) -> Any:
    import sympy as sp  # start-up time

    if isinstance(step.value, str):
        return sp.pi if step.value == "pi" else sp.E
    return _rational(step.value)
