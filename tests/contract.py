"""What every elementwise row of `OPS` must hold, field by field: checks, and which of them a row fails.

A check takes a row that need not be the table's own: `dataclasses.replace(row, ...)` with a fault in one
field must fail one of them. What cannot be computed from the rules, because it is usage and not
mathematics (which functions courses call activations), stands below as data.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
from contract_numbers import close, settings, slope, value
from contract_usage import (
    angles_are_told,
    predictions_are_bounded_as_said,
    saturation_is_told,
    single,
    the_argument_is_as_said,
    the_range_is_the_least,
    usage_is_as_courses_have_it,
)
from contract_writing import writing_is_read_back

from backprop_tutor.language import evaluate, parse
from backprop_tutor.ops import (
    FUNCTIONS,
    OPS,
    SCALAR,
    Interval,
    Operation,
    exact,
    function_of,
)
from backprop_tutor.ops.numpy_kernel import NUMPY

__all__ = ["CHECKS", "faults_of"]


def numbers_and_arrays_agree(row: Operation) -> None:
    """The plain and the precise value agree, and the slopes with differences and each other."""
    chosen = settings(row)
    for point in row.samples:
        out = row.forward(SCALAR, *point, **chosen)
        assert close(float(out), float(row.value(SCALAR, *point, **chosen)))
        assert close(float(out), float(row.forward(NUMPY, *map(np.float64, point), **chosen)))
        for slot, held in enumerate(point):
            local = float(row.partial(slot)(SCALAR, out, *point, **chosen))
            assert close(local, float(row.slope(slot)(SCALAR, out, *point, **chosen)))
            step = 1e-6
            upper, lower = (
                value(row, *point[:slot], held + d, *point[slot + 1 :]) for d in (step, -step)
            )
            if not math.isnan(upper - lower):
                difference = (upper - lower) / (2 * step)
                assert math.isclose(local, difference, rel_tol=1e-5, abs_tol=1e-6), (slot, local)


def samples_lie_inside_pieces(row: Operation) -> None:
    """No sample lies on a kink, and there are two at least."""
    assert len(row.samples) >= 2
    for point in row.samples:
        if row.branch is not None:
            assert not row.branch(*point, **dict(row.options)).kink


def words_are_there(row: Operation) -> None:
    """Sign, rule and reasons are words; one reason for all operands, or for each list of them."""
    assert row.sign
    assert row.rule
    if row.signed is not None:  # the sign of a gate some of whose operands are constants
        nothing: list[Any] = [None] * row.least
        assert row.signed(*nothing) == row.sign
        for slot in range(row.least):
            assert 0 < len(row.signed(*nothing[:slot], 2, *nothing[slot + 1 :])) <= 5
    reasons = (row.because,) if isinstance(row.because, str) else row.because
    assert isinstance(row.because, str) or len(reasons) == max(row.least, row.lists)
    for reason in reasons:
        assert reason
        assert not reason.endswith(".")


def names_lead_to_the_row(row: Operation) -> None:
    """Each spelling calls a function of the row's name, and the name a row of the same values."""
    for point in row.samples:
        assert close(value(OPS[row.name], *point), value(row, *point))
    for name in row.spelled:
        assert FUNCTIONS[name].name == row.name
    if row.longer:
        longer = OPS[row.longer]
        assert longer.written_as in row.spelled
        assert function_of(longer.written_as, longer.least).name == row.longer
    shares = [one for one in OPS.values() if row.called in one.spelled and one.longer]
    if shares:
        assert shares[0].name == row.name or shares[0].longer == row.name
        assert bool(row.longer) == (shares[0].name == row.name)


def counts_fit(row: Operation) -> None:
    """Every sample has a count of operands that the row takes, in lists of one length."""
    assert all(row.accepts(len(point)) for point in row.samples)
    assert bool(row.roles) == row.name.endswith(("error", "entropy"))
    if row.roles:
        assert len(row.roles) == 2
        assert row.lists == (1 if row.most == 2 else 2)
    else:
        assert row.lists == 1
    if row.most is None:
        parts = [
            (point[: len(point) // row.lists], point[len(point) // row.lists :])
            for point in row.samples
        ]
        more = (
            [one * 2 + other * 2 for one, other in parts]
            if row.lists > 1
            else [point * 2 for point in row.samples]
        )
        assert all(not math.isnan(value(row, *point)) for point in more)


def options_are_those_of_the_rules(row: Operation) -> None:
    """The rules take the options under their names, and moving one moves a value or a slope."""
    chosen = settings(row)
    for name, default in row.options:
        for point in row.samples:
            one = row.forward(SCALAR, *point, **chosen)
            other = row.forward(SCALAR, *point, **{**chosen, name: default + 0.5})
            if one != other:
                break
        else:
            raise AssertionError(name)


def a_longer_form_is_equal(row: Operation) -> None:
    """What a row stands for has its value at every sample; its options are at their defaults."""
    if row.stands_for is None:
        return
    for point in row.samples:
        given: list[Any] = [len(point)] if row.most is None else []
        text = row.stands_for(*given, *([0] if row.outputs else []))
        env: dict[str, Any] = {f"a{i}": x for i, x in enumerate(point, 1)}
        out: Any = None
        for assignment in parse(text, tuple(env)).assignments:
            out = evaluate(assignment.expression, env)
            env.update(dict.fromkeys(assignment.targets, out))
        assert close(float(out), value(row, *point)), text


def the_domain_is_told(row: Operation) -> None:
    """A row says what it needs where, and only where, some operands have no value."""
    probes = [(x,) * max(row.least, row.lists) for x in (-2.0, -1.0, 0.0, 1.0, 1.5)]
    probes += [(-2.0, 0.5, 3.0, 4.0)[: row.least], (1.0, 0.0)] if row.least == 2 else []
    undefined = any(math.isnan(value(row, *point)) for point in probes)
    assert bool(row.domain) == (undefined and not row.angle) or (row.angle and row.poles < math.inf)


def kinks_are_told(row: Operation) -> None:
    """Where the slope jumps at 0 there is a branch that says so; comparing pairs is said by `bends`."""
    if single(row) and abs(slope(row, 1e-9) - slope(row, -1e-9)) > 1e-3:
        assert row.branch is not None
        assert row.branch(0, **dict(row.options)).kink
    for one, other in row.bends:
        point = [0.5, -1.0, 2.0, 3.0][: row.least]
        point[other] = point[one]
        assert row.branch is not None
        assert row.branch(*point).kink
    if row.branch is not None and row.least > 2:
        assert row.bends
    if row.picks:
        assert row.branch is not None


def exactness_is_told(row: Operation) -> None:
    """Fractions in give fractions out, in value and slopes, exactly for rows that say so."""
    if row.options and not row.exact:
        return  # its options are floats by default
    found = []
    for point in row.samples:
        given = tuple(exact(Fraction(x).limit_denominator(64)) for x in point)
        if row.name == "power" and given[1] != int(given[1]):  # type: ignore[arg-type]
            continue
        chosen = {k: exact(Fraction(v)) for k, v in row.options} | (
            {"index": 0} if row.outputs else {}
        )
        out = row.value(SCALAR, *given, **chosen)
        slopes = [row.slope(slot)(SCALAR, out, *given, **chosen) for slot in range(len(given))]
        found += [out, *slopes] if row.name != "power" else [out]
    assert row.exact == all(isinstance(x, Fraction | int) for x in found)


def zeros_are_told(row: Operation) -> None:
    """A row that never vanishes gives no 0 of operands that are not 0."""
    if not row.vanishes:
        points = [*row.samples, *((x,) * row.least for x in (-3.0, -0.5, 0.5, 3.0))]
        assert all(value(row, *point) != 0 for point in points if all(point))


def signs_are_told(row: Operation) -> None:
    """What keeps the sign of its operand, and is 0 at 0 alone, says so, and nothing else does."""
    inside = row.argument or Interval(-math.inf, math.inf)
    points = [x for size in (1e-3, 0.5, 1.0, 3.0, 30.0) for x in (-size, size) if inside.low < x < inside.high]
    keeps = (
        row.least == row.most == 1 and row.elementwise and min(points, default=0) < 0
        and value(row, 0.0) == 0 and all(value(row, x) * x > 0 for x in points)
    )
    assert row.keeps_sign == keeps


def arrays_are_taken_element_by_element(row: Operation) -> None:
    """Elementwise rows, and they alone, have no number of the output to choose."""
    assert row.elementwise == (not row.outputs)


def exercises_are_made_of_what_has_slopes(row: Operation) -> None:
    """Random exercises leave out copies, steps, lists of any length, choices, and powers."""
    flat = (
        all(
            float(
                row.partial(slot)(
                    SCALAR, value(row, *row.samples[0]), *row.samples[0], **settings(row)
                )
            )
            in (0.0, 1.0)
            for slot in range(len(row.samples[0]))
        )
        and row.least == 1
        and not row.reads(0)
    )
    unfit = row.outputs or (row.most is None and row.least == 1) or flat or row.name == "power"
    unfit = unfit or row.name.startswith(("where_", "indicator_"))
    assert row.drawn == (not unfit)


def picked_operands_are_the_extreme(row: Operation) -> None:
    """What picks the largest returns it, what picks the smallest that one, and nothing else does."""
    for word, extreme in (("largest", max), ("smallest", min)):
        points = [turned for p in row.samples for turned in (p, p[::-1], p[1:] + p[:1])]
        always = row.least > 1 and all(value(row, *p) == extreme(p) for p in points)
        assert (row.picks == word) == always


def python_and_numpy_compute_the_same(row: Operation) -> None:
    """The operator and each of NumPy's functions of that name return the row's value."""
    by_signs = row.plain is not None and not row.written_as
    assert bool(row.operator) == (by_signs or row.name == "abs")
    assert bool(row.numpy) == bool(row.operator or row.picks)
    for point in row.samples:
        if row.operator:
            assert close(float(getattr(operator, row.operator)(*point)), value(row, *point))
        for name in row.numpy:
            if row.least == len(point):
                assert close(float(getattr(np, name)(*point)), value(row, *point))


CHECKS: tuple[Callable[[Operation], None], ...] = (
    numbers_and_arrays_agree, samples_lie_inside_pieces, words_are_there, names_lead_to_the_row,
    counts_fit, options_are_those_of_the_rules, writing_is_read_back, a_longer_form_is_equal,
    the_domain_is_told, kinks_are_told, exactness_is_told, zeros_are_told, signs_are_told,
    arrays_are_taken_element_by_element, usage_is_as_courses_have_it, saturation_is_told,
    the_argument_is_as_said, the_range_is_the_least, predictions_are_bounded_as_said, angles_are_told,
    exercises_are_made_of_what_has_slopes, picked_operands_are_the_extreme,
    python_and_numpy_compute_the_same,
)  # fmt: skip


def faults_of(
    row: Operation, checks: tuple[Callable[[Operation], None], ...] = CHECKS
) -> list[str]:
    """Return the names of the checks that a row fails."""
    failed = []
    for check in checks:
        try:
            check(row)
        except Exception:  # whatever a fault leads to, it has been noticed
            failed.append(check.__name__)
    return failed
