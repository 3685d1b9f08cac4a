"""Laws of the comparison of formulas, on formulas drawn at random and on any text."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from backprop_tutor.errors import TutorError
from backprop_tutor.homework.equivalence.equivalent import equivalent

_LEAVES = st.sampled_from(["x", "y", "2", "0.5", "-3", "pi"])


def _deeper(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    binary = st.tuples(inner, st.sampled_from("+-*/"), inner).map(
        lambda t: f"({t[0]}){t[1]}({t[2]})"
    )
    unary = st.tuples(
        st.sampled_from(["sin", "exp", "abs", "relu", "tanh", "σ", "ln", "sqrt"]), inner
    ).map(lambda t: f"{t[0]}({t[1]})")
    return binary | unary


_FORMULAS = st.recursive(_LEAVES, _deeper, max_leaves=8)


@given(_FORMULAS, _FORMULAS)
@settings(max_examples=40, deadline=None)
def test_laws(one: str, other: str) -> None:
    """Equal is reflexive and symmetric, and a formula is never equal to what differs from it.

    Beside values of 10¹⁶, such as 1/sin(π) has, a thousandth is lost; twice the value is not.
    """
    assert equivalent(one, other).equal == equivalent(other, one).equal
    shuffled = f"({other})*0.5 + ({one}) + ({other})/2"
    verdict = equivalent(f"({one}) + ({other})", shuffled)
    assert verdict.equal or "neither" in verdict.note
    changed = (f"({one}) + 1/1000", f"2*({one}) + 1")
    assert not all(equivalent(one, each).equal for each in changed)


@given(st.text(max_size=25))
@settings(max_examples=80, deadline=None)
def test_any_text_is_compared_or_refused(text: str) -> None:
    """No text gives anything but a verdict or a refusal."""
    try:
        equivalent("w*x + b", text, names=["w", "x", "b"])
    except TutorError as error:
        refusal = str(error)
        assert refusal
