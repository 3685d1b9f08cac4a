"""The files of a project that one may join: licence, citation, types for users."""

from __future__ import annotations

import os
import re
import subprocess
import tomllib
from pathlib import Path

import pytest
from shared import ROOT

import backprop_tutor as bt


def ran(*command: str, cwd: Path, **env: str) -> subprocess.CompletedProcess[str]:
    """Return what became of a command."""
    return subprocess.run(
        command, cwd=cwd, capture_output=True, text=True, encoding="utf-8", check=False, timeout=300,
        env={**os.environ, **env},
    )  # fmt: skip


PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def parsed(text: str) -> dict[str, object]:
    """Return what a flat YAML file says: `key: value`, `key: >-` with a folded text, lists."""
    found: dict[str, object] = {}
    key, folded = "", False
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith("  "):
            held = found[key]
            if folded:
                found[key] = f"{held} {line.strip()}".strip()
            elif isinstance(held, list) and line.startswith("  - "):
                held.append(line.removeprefix("  - "))
            else:
                raise ValueError(f"line {number}: {line!r} belongs to nothing")
            continue
        matched = re.fullmatch(r"([a-z-]+):(?: (.+))?", line)
        if matched is None or matched[1] in found:
            raise ValueError(f"line {number}: {line!r}")
        key, folded = matched[1], matched[2] == ">-"
        if not folded and ": " in (matched[2] or ""):
            raise ValueError(f"line {number}: a colon in a value wants quotes")
        found[key] = "" if folded else matched[2] if matched[2] else []
    return found


def test_the_citation_is_of_this_version() -> None:
    """CITATION.cff has what its format demands, and the project's version, licence and authors."""
    said = parsed((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert said["cff-version"] == "1.2.0"
    assert set(said) >= {"message", "title", "authors", "type"}
    assert said["type"] in ("software", "dataset")
    assert said["version"] == PROJECT["version"] == bt.__version__
    assert said["license"] == PROJECT["license"].partition(" AND ")[0]  # the fonts have their own
    assert said["authors"] == [f"name: {author['name']}" for author in PROJECT["authors"]]


@pytest.mark.parametrize("text", ["title", "title: a: b", "title: a\ntitle: b", "a:\n  b", "  - a"])
def test_what_is_no_citation_is_not_read(text: str) -> None:
    """The reader of the test above refuses what is not of its format."""
    with pytest.raises((ValueError, KeyError)):
        parsed(text)


def test_the_licence_is_the_one_that_is_named() -> None:
    """LICENSE is the BSD licence with three clauses, of the authors that pyproject.toml names."""
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert text.startswith("BSD 3-Clause License\n")
    assert re.search(r"Copyright \(c\) \d{4}, The backprop_tutor authors\n", text)
    assert text.count("\n1. ") == text.count("\n2. ") == text.count("\n3. ") == 1
    assert PROJECT["license"] == "BSD-3-Clause AND Bitstream-Vera"
    own, fonts = PROJECT["license-files"]
    assert own == "LICENSE"
    assert "Bitstream Vera" in (ROOT / fonts).read_text(encoding="utf-8")


def test_the_top_level_is_what_is_meant_to_stand_there() -> None:
    """No file or folder stands at the top but those that a reader is told of."""
    if not (ROOT / ".git").exists():
        pytest.skip("not a checkout")
    listed = ran("git", "ls-files", cwd=ROOT)
    tops = {line.split("/")[0] for line in listed.stdout.splitlines()}
    assert tops == {
        ".ci",
        ".gitignore",
        "CHANGELOG.md",
        "CITATION.cff",
        "CONTRIBUTING.md",
        "LICENSE",
        "MANIFEST.in",
        "README.md",
        "backprop_tutor",
        "benchmarks",
        "docs",
        "examples",
        "pyproject.toml",
        "tests",
    }


def test_pythons_that_were_tried_are_named() -> None:
    """A classifier names each Python that the tests were run on, and none below the lower bound."""
    named = [text.rpartition(" ")[2] for text in PROJECT["classifiers"] if "Python :: 3." in text]
    assert named == ["3.11", "3.12", "3.13"]
    assert PROJECT["requires-python"] == f">={named[0]}"


def test_the_readme_leads_to_what_is_there() -> None:
    """README's pictures and links are of files of the project: it has no address on the web yet."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    addresses = re.findall(r"\]\(([^)]+)\)", text)
    assert len(addresses) > 10
    missing = [a for a in addresses if not (ROOT / a.partition("#")[0]).exists()]
    assert missing == []



def test_the_reference_lists_every_public_name() -> None:
    """The groups of the site's reference are the public names, each in one group; its menu has every page."""
    from docs.site.groups import GROUPS

    assert sorted(name for names in GROUPS.values() for name in names) == sorted(bt.__all__)
    menu = (ROOT / "docs" / "index.md").read_text(encoding="utf-8")
    pages = {path.relative_to(ROOT / "docs").with_suffix("").as_posix() for path in (ROOT / "docs").rglob("*.md")}
    listed = set(re.findall(r"^([\w/-]+)$", menu, re.MULTILINE)) - {"---"}
    assert listed == pages - {"index"} | {"gallery", "reference"}
