"""`--network` in place of a program, for every command that takes one; explanations without values."""

from __future__ import annotations

from pathlib import Path

import pytest

import backprop_tutor as bt
from backprop_tutor.cli import main


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    """Run a command in this process; return its status, output and messages."""
    with pytest.raises(SystemExit) as end:
        main([*words])
    assert isinstance(end.value.code, int | None)
    return (end.value.code or 0, *capsys.readouterr())


def test_a_network_in_place_of_a_program(capsys: pytest.CaptureFixture[str]) -> None:
    """With a seed it has `bt.network`'s values; values that are typed stand in their place."""
    status, out, _ = run(capsys, "explain", "--network", "2,1", "--seed", "7", "x1=0.5", "--scale", "gates", "--no-check")
    values = {**bt.network([2, 1], seed=7).values, "x1": 0.5}
    wanted = bt.derive(bt.network([2, 1], seed=7), values).explain(scale="gates", check=False)
    assert (status, out) == (0, wanted)


def test_without_a_seed_it_is_in_symbols(capsys: pytest.CaptureFixture[str]) -> None:
    """`explain` writes the chain rule; a command that needs numbers says which are missing."""
    status, out, _ = run(capsys, "explain", "--network", "1,1", "--activation", "tanh", "--loss", "none")
    assert status == 0
    assert "The derivation of a⁽¹⁾₁ in symbols" in out
    status, _, err = run(capsys, "check-gradients", "--network", "1,1")
    assert (status, err) == (2, "Error: no value for w⁽¹⁾₁₁, x₁, b⁽¹⁾₁, t₁; give each: w1_11=… x1=… b1_1=…\n")


def test_pictures_take_networks(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """`draw` draws one in symbols or with numbers."""
    for name, more in (("symbols.svg", ()), ("numbers.svg", ("--seed", "1"))):
        assert run(capsys, "draw", "--network", "1,2,1", *more, "-o", str(tmp_path / name))[0] == 0
        assert (tmp_path / name).exists()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--network", "2,x"), "--network takes the nodes of each layer, the inputs first, such as 2,2,1; not `2,x`"),
        (("--network", "2"), "sizes has 1 layer; at least 2: the inputs and the outputs"),
        (("f = x", "--loss", "mse"), "--loss means nothing without --network"),
        (("f = x", "--seed", "1"), "--seed means nothing without --network"),
        (("sin(x)", "--network", "2,1"), "--network is a program of its own; leave out `sin(x)`, or --network"),
        (("f = wx", "--update", "lr=1"), "--update needs numbers: no value for w, x; give each: w=… x=…"),
        (("f = wx", "--format", "torch"), "the format torch needs numbers: no value for w, x; give each: w=… x=…"),
        (("f = wx", "w=1"), "no value for x; give one: x=…"),
        (("y = u*v", "--jacobian", "y", "--update", "lr=1"), "--update is not for --jacobian"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_said(
    words: tuple[str, ...], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each option that does not fit is refused with the reason."""
    assert run(capsys, "explain", *words) == (2, "", f"Error: {message}\n")


def test_a_network_without_values() -> None:
    """`seed=None` leaves the starting values out, but for those that are given."""
    assert dict(bt.network([1, 1], seed=None).values) == {}
    assert dict(bt.network([1, 1], seed=None, values={"x1": 2}).values) == {"x1": 2}
