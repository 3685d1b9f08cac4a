"""A short run of the fuzzers: `python -m benchmarks.fuzz` is the long one."""

from __future__ import annotations

from multiprocessing import get_context
from typing import Any

import pytest
from searches.fuzz import mutator, running, seeds, targets

TARGETS = [
    "plain", "latex", "derive", "numeric", "formula", "equivalent", "problems", "sheets", "rosters",
    "tensors", "command",
]  # fmt: skip


def test_the_targets() -> None:
    """The table has the eleven readers that take a stranger's text."""
    assert list(running.TARGETS) == TARGETS


@pytest.mark.parametrize("name", TARGETS)
def test_nothing_foreign(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Mutated inputs are read or refused; nothing but a TutorError comes out."""
    monkeypatch.setattr("sys.stdin", None)
    found = running.here(name, seed=11, count=150)
    assert (found.inputs, found.foreign) == (150, {}), found.examples()
    assert found.accepted > 0


def test_an_input_can_be_made_again() -> None:
    """The seed, the target's name and the number alone make an input."""
    one, other = (
        [mutator.mutated(running._generator("plain", 3, n), seeds.PROGRAMS) for n in range(50)]
        for _ in range(2)
    )
    assert one == other
    assert len(set(one)) > 40


def test_faults_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """A reader with a foreign exception is not judged good, and the table names the first input."""
    def planted(rng: Any) -> object:
        if rng.random() < 0.2:
            raise KeyError("planted")
        return None

    monkeypatch.setitem(targets.TARGETS, "plain", targets.Target("planted", planted))
    found = running.here("plain", seed=1, count=40)
    ((kind, (count, first)),) = found.foreign.items()
    assert kind == "KeyError in " + kind.partition(" in ")[2]
    assert not running.judged(found)
    assert found.accepted + count == 40
    assert running.attempted("plain", 1, first)[0] == kind
    with pytest.raises(KeyError, match="planted"):
        running.repeated("plain", 1, first)
    found = running.Figures()
    found.add(7, "", 1.5)
    assert not running.judged(found)
    assert found.examples() == ["1.5 s: --only 7"]


def test_a_process_of_its_own() -> None:
    """A run in a process of its own counts the same inputs."""
    alone = running.run("rosters", 5, 0, 60, get_context("spawn"))
    same = running.here("rosters", 5, 60)
    assert (alone.inputs, alone.accepted, alone.foreign) == (60, same.accepted, {})
    assert running.row("rosters", alone).split()[:3] == ["rosters", "60", str(same.accepted)]


def test_a_run_in_parts() -> None:
    """A run that starts at a number takes up where one that ended there stopped."""
    context = get_context("spawn")
    first, second = (running.run("rosters", 5, start, 30, context) for start in (0, 30))
    assert first.accepted + second.accepted == running.here("rosters", 5, 60).accepted
    assert (first.inputs, second.inputs) == (30, 30)
