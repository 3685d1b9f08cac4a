"""Definitions may be typed in any order: each is read behind what it uses."""

from __future__ import annotations

import pytest

from backprop_tutor.errors import ParseError
from backprop_tutor.language import parse

CASES = [
    ("z = x^2 + y; x = u + v; y = u*v", ("x", "y", "z"), ("read in the order x, y, z: each after what it uses",)),
    ("a = q\nq = x", ("q", "a"), ("read in the order q, a: each after what it uses",)),
    ("q = x; a = q", ("q", "a"), ()),
    ("z = x; x = 2*u; w = x", ("x", "z", "w"), ("read in the order x, z, w: each after what it uses",)),
    ("z = x; w = 3x; x = u", ("x", "z", "w"), (
        "read in the order x, z, w: each after what it uses",
        "nothing uses z and w; the output is w, the last of them, unless another is asked for (of)",
    )),
    ("z = a; q = x; a = x", ("a", "z", "q"), (
        "read in the order a, z, q: each after what it uses",
        "nothing uses z and q; the output is q, the last of them, unless another is asked for (of)",
    )),
    ("f = w*x; w = 2, x = 3", ("f",), ()),
]  # fmt: skip


@pytest.mark.parametrize(("text", "names", "notes"), CASES)
def test_assignments_are_put_in_order(text: str, names: tuple[str, ...], notes: tuple[str, ...]) -> None:
    """The order is the typed one but for what has to move, and a note says that something did."""
    program = parse(text)
    assert (program.assigned, program.notes) == (names, notes)


def test_a_ring_is_refused() -> None:
    """Names that use each other have no order."""
    with pytest.raises(ParseError) as caught:
        parse("a = b + 1; b = c; c = a")
    assert caught.value.faults[0].message == "`b` is used before its assignment on line 1"
    assert caught.value.hint == "each of b → c → a → b is made of the next, so none can be worked out first"


def test_long_programs_are_ordered_at_once() -> None:
    """Many assignments from the last to the first take no recursion."""
    lines = [f"a{i} = a{i - 1} + 1" for i in range(1500, 0, -1)]
    program = parse("\n".join([*lines, "a0 = x"]))
    assert program.assigned[:2] == ("a0", "a1")
    assert program.output == "a1500"
