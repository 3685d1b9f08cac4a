"""No two names share a part of a path, whoever chose them."""

from __future__ import annotations

import re
from itertools import islice

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backprop_tutor.homework.answers.path_names import Apart, digest, path_names
from backprop_tutor.homework.answers.rosters import parse_roster

_SAFE = re.compile(r"[a-z0-9_][a-z0-9_.\-]*\Z")


@given(st.lists(st.text(max_size=60), unique=True, max_size=8))
@settings(max_examples=200, deadline=None)
def test_any_names_are_apart(names: list[str]) -> None:
    """Every part is safe on every system, and no two owners have the same one."""
    apart = Apart()
    parts = [apart.of(name, path_names(name)) for name in names]
    assert len(set(parts)) == len(parts)
    assert all(_SAFE.match(part) and ".." not in part.strip(".") for part in parts)
    assert parts == [apart.of(name, path_names(name)) for name in names]
    apart.close()


@pytest.mark.parametrize(
    "name", ["CON", "con", "nul.txt", "..", ".", "", "a/b", "a\\b", "com1", "-rf", " x", "\ud800", "김"]
)
def test_dangerous_names(name: str) -> None:
    """Names of devices, of folders above, and options become harmless."""
    made = next(path_names(name))
    assert made not in ("con", "nul.txt", "com1", "..", ".", "")
    assert _SAFE.match(made)


def test_a_name_that_is_anothers_part() -> None:
    """Whoever is called like another's part of a path gets a longer one, in either order."""
    name = f"anna-{digest('Anna', 8)}"
    for names in (["Anna", name], [name, "Anna"]):
        apart = Apart()
        parts = [apart.of(one, path_names(one)) for one in names]
        assert parts[0] == name
        assert parts[1] != name
    third = f"anna-{digest('Anna', 16)}"
    parts = [apart.of(one, path_names(one)) for one in (name, third, "Anna")]
    assert len(set(parts)) == 3


def test_parts_go_on_without_end() -> None:
    """Where every digest is taken a number is added."""
    apart = Apart()
    listed = list(islice(path_names("Anna"), 5))
    parts = [apart.of(f"owner {i}", iter(listed)) for i in range(5)]
    assert parts == listed
    assert listed[3].endswith("-2")


def test_a_roster_with_another_students_part() -> None:
    """A roster with a name and the part of a path of that name is read, both apart."""
    name = f"anna-{digest('Anna', 8)}"
    for text in (f"Anna\n{name}\n", f"{name}\nAnna\n", f"student\nAnna\n{name}\nANNA\nanna\n"):
        slugs = [student.slug for student in parse_roster(text)]
        assert len(set(slugs)) == len(slugs)
