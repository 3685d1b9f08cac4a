"""Attributes computed once, without a lock."""

from __future__ import annotations

import ast
import threading
from pathlib import Path

import pytest

import backprop_tutor as bt
from backprop_tutor.once import cached_property


class Slow:
    """Computes an attribute while it waits for another thread to compute that of another object."""

    both = threading.Barrier(2, timeout=30)

    @cached_property
    def value(self) -> list[int]:
        """A list of its own."""
        self.both.wait()
        return [1]


def test_two_objects_compute_at_once() -> None:
    """No lock is held while an attribute is computed: two threads with two objects meet in it."""
    one, other = Slow(), Slow()
    thread = threading.Thread(target=lambda: other.value)
    thread.start()
    assert one.value is one.value
    thread.join()
    assert other.__dict__["value"] == [1]
    assert Slow.value.__doc__ == "A list of its own."


def test_an_error_is_not_kept() -> None:
    """What failed is computed again when it is asked for again."""

    class Once:
        tries = 0

        @cached_property
        def value(self) -> int:
            self.tries += 1
            if self.tries == 1:
                raise bt.OptionError("not yet")
            return self.tries

    one = Once()
    with pytest.raises(bt.OptionError):
        one.value  # noqa: B018  # reading it is what is tested
    assert one.value == 2


def test_the_house_has_no_other() -> None:
    """No module uses functools' cached_property, whose lock a fork may leave shut."""
    package = Path(bt.__file__).parent
    for path in package.rglob("*.py"):
        source = path.read_text(encoding="utf-8")
        for node in ast.walk(ast.parse(source)) if "cached_property" in source else ():
            if isinstance(node, ast.ImportFrom) and node.module == "functools":
                assert "cached_property" not in {alias.name for alias in node.names}, path
