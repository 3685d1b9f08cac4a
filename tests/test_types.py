"""Type checkers find the mistakes of a user's program, and complain of nothing that is right."""

from __future__ import annotations

from pathlib import Path

import pytest
from searches import typed_programs as types

WRONG, RIGHT, PLANTED = types.programs()


def test_there_are_mistakes_to_find() -> None:
    """Each mistake stands beside the line that was meant, and 20 or more are planted."""
    assert len(PLANTED) >= 20
    assert "# not:" not in RIGHT


def test_mypy_finds_them(tmp_path: Path) -> None:
    """`mypy --strict` finds every planted mistake, and nothing in the program put right."""
    assert (types.ROOT / "backprop_tutor" / "py.typed").exists()
    wrong, right = types.mypy_lines([WRONG, RIGHT], tmp_path)
    assert wrong == set(PLANTED)
    assert right == set()


def test_pyright_finds_them(tmp_path: Path) -> None:
    """pyright finds every planted mistake, and nothing in the program put right."""
    program = types.pyright()
    if program is None:
        pytest.skip("pyright is not installed here")
    assert types.pyright_lines(WRONG, tmp_path, program) == set(PLANTED)
    assert types.pyright_lines(RIGHT, tmp_path, program) == set()
