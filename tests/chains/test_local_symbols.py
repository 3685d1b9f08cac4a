"""Local gradients in symbols, where names and ties could be mixed up."""

from __future__ import annotations

import backprop_tutor as bt


def test_shares_of_two_softmaxes_keep_their_names() -> None:
    """Two softmaxes with a score in common: each share's slopes name the shares of its own softmax."""
    told = bt.derive("p1, p2 = softmax(x, y); q1, q2 = softmax(x, z); f = p1*q2").explain()
    for line in ("∂p₁/∂y = −p₁·p₂", "∂p₂/∂x = −p₂·p₁", "∂q₁/∂z = −q₁·q₂", "∂q₂/∂x = −q₂·q₁"):
        assert f"  {line}\n" in told


def test_what_ties_shares_the_slope() -> None:
    """Where two are equal, `max` and `min` have the slope ½ along each, in symbols and in numbers."""
    told = bt.derive("f = max(x, y)").explain()
    assert "∂f/∂x = (1[x ≥ y] + 1[x > y])/2" in told
    assert "∂f/∂y = (1[y ≥ x] + 1[y > x])/2" in told
    told = bt.derive("f = min(x, y)").explain()
    assert "∂f/∂x = (1[x ≤ y] + 1[x < y])/2" in told
    assert "∂f/∂y = (1[y ≤ x] + 1[y < x])/2" in told
    at = bt.derive("f = max(x, y)", at={"x": 3, "y": 3})
    assert (at.gradients["x"], at.gradients["y"]) == (0.5, 0.5)
