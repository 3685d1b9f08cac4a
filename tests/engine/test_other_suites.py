"""`benchmarks.other_suites`: a suite is obtained safely, run unchanged on its shim, and judged."""

from __future__ import annotations

import argparse
import io
import tarfile
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from shared import ROOT

TINY = '''
import pytest
from tinyengine import Number, missing

def test_adds():
    assert (Number(2.0) + Number(3.0)).value == 5.0

def test_wrong():
    assert (Number(2.0) + Number(3.0)).value == 6.0

def test_of_its_own():
    assert Number(1.0).value == 2.0

@pytest.mark.parametrize("kind", [Exception, ValueError])
def test_convolves(kind):
    with pytest.raises(kind):
        missing.conv2d(Number(1.0))

def test_in_part():
    assert Number(1.0, 2j).value == 1.0

@pytest.mark.skip(reason="slow")
def test_skipped():
    pass
'''
SHIM = '''
from backprop_tutor import engine
from benchmarks.shims.not_offered import Missing, left_out

missing = Missing("conv2d", "the engine has no convolutions")

class Number:
    def __init__(self, *values):
        if len(values) > 1:
            left_out("complex numbers")
        self.held = values[0] if isinstance(values[0], engine.Tensor) else engine.tensor(values[0])
    @property
    def value(self):
        return self.held.item()
    def __add__(self, other):
        return Number(self.held + other.held)
'''


@pytest.fixture(scope="module")
def command() -> Iterator[Any]:
    """The command's module, which lies outside the package."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(ROOT))
        yield import_module("benchmarks.other_suites")


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    """A folder with a small suite in `source` and its shim in `shims`."""
    for name, text in {
        "source/test/test_tiny.py": TINY, "source/tinyengine/__init__.py": "raise ImportError('the real one')\n",
        "shims/tinyengine/tinyengine/__init__.py": SHIM,
    }.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path


def suite_of(command: Any, **options: Any) -> Any:
    return command.Suite(**{
        "name": "tinyengine", "version": "1.0", "package": "tinyengine", "tests": ("test",), **options,
    })


def options_for(folder: Path | None) -> argparse.Namespace:
    return argparse.Namespace(folder=folder, keyword=None, timeout=120)


def test_each_test_of_a_suite_is_judged(command: Any, tiny: Path) -> None:
    """Passed, in part, failed and not applicable with reasons; the real package is not what ran."""
    suite = suite_of(command, differs={"test_of_its_own": "wants 2 for 1"})
    outcome = command.obtain_and_run(suite, options_for(tiny / "source"), tiny / "shims")
    where = "test/test_tiny.py::"
    assert outcome.of("passed") == [(where + "test_adds", "")]
    assert outcome.of("in part") == [(where + "test_in_part", "complex numbers")]
    assert [name for name, _ in outcome.of("failed")] == [where + "test_wrong"]
    refused = "conv2d: the engine has no convolutions"
    assert dict(outcome.of("not applicable")) == {
        where + "test_convolves[Exception]": refused, where + "test_convolves[ValueError]": refused,
        where + "test_of_its_own": "wants 2 for 1", where + "test_skipped": "the suite skips it: slow",
    }
    lines = command.report(outcome).splitlines()
    assert lines[0] == "tinyengine 1.0"
    assert lines[1].startswith("  FAILED test/test_tiny.py::test_wrong: AssertionError: assert 5.0 == 6.0")
    assert lines[2:] == [
        "     1 pass without their complex numbers",
        "     2 not applicable: conv2d: the engine has no convolutions",
        "     1 not applicable: the suite skips it: slow",
        "     1 not applicable: wants 2 for 1",
    ]
    table = command.table([outcome], {"other": "no network"}).splitlines()
    assert table[0].split() == ["suite", "version", "passed", "in", "part", "failed", "not", "applicable", "seconds"]
    assert table[1].split()[:6] == ["tinyengine", "1.0", "1", "1", "1", "4"]
    assert table[2] == "other: not run: no network"


def test_a_listed_difference_that_passes_is_a_failure(command: Any, tiny: Path) -> None:
    """The list of what the engine is not meant to pass stays true."""
    suite = suite_of(command, differs={"test_adds": "an old reason"})
    outcome = command.obtain_and_run(suite, options_for(tiny / "source"), tiny / "shims")
    assert ("test/test_tiny.py::test_adds", "it passes, though listed as not applicable: an old reason") in (
        outcome.of("failed"))


def test_a_run_without_the_shim_does_not_count(command: Any, tiny: Path) -> None:
    """A suite that loads another package of that name, or none, is not run."""
    (tiny / "source/test/tinyengine.py").write_text(SHIM, encoding="utf-8")
    (tiny / "shims/tinyengine/tinyengine/__init__.py").unlink()
    with pytest.raises(command.Unusable, match="not on the shim"):
        command.obtain_and_run(suite_of(command), options_for(tiny / "source"), tiny / "shims")


def test_a_suite_that_cannot_be_run_says_why(command: Any, tiny: Path) -> None:
    """No tests in the folder, and a package that is not installed."""
    with pytest.raises(command.Unusable, match="no tests/a, tests/b in it"):
        command.obtain_and_run(suite_of(command, tests=("tests/a", "tests/b")), options_for(tiny / "source"))
    with pytest.raises(command.Unusable, match="its tests import no_such_package, not installed here"):
        command.obtain_and_run(suite_of(command, needs=("no_such_package",)), options_for(tiny / "source"))


def test_an_archive_writes_its_tests_and_nothing_else(command: Any, tmp_path: Path) -> None:
    """Paths that climb or are absolute, links, and files that are no tests are left out."""
    archive, place = tmp_path / "tiny-1.0.tar.gz", tmp_path / "place"
    place.mkdir()
    with tarfile.open(archive, "w:gz") as packed:
        for name in (
            "tiny-1.0/test/test_a.py", "tiny-1.0/test/deep/test_b.py", "tiny-1.0/tiny/__init__.py",
            "tiny-1.0/test/../../../escaped.py", "/test/test_c.py", "../test/test_d.py", "tiny-1.0/test\\..\\e.py",
        ):
            entry = tarfile.TarInfo(name)
            entry.size = 5
            packed.addfile(entry, io.BytesIO(b"x = 1"))
        link = tarfile.TarInfo("tiny-1.0/test/link.py")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        packed.addfile(link)
    command.unpack(archive, suite_of(command), place)
    found = sorted(p.relative_to(tmp_path).as_posix() for p in tmp_path.rglob("*.py"))
    assert found == ["place/test/deep/test_b.py", "place/test/test_a.py"]


def test_a_large_file_and_a_broken_archive_are_refused(
    command: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both say which archive it is."""
    archive = tmp_path / "tiny-1.0.tar.gz"
    with tarfile.open(archive, "w:gz") as packed:
        entry = tarfile.TarInfo("tiny-1.0/test/test_a.py")
        entry.size = 5
        packed.addfile(entry, io.BytesIO(b"x = 1"))
    monkeypatch.setattr(command, "LARGEST", 4)
    with pytest.raises(command.Unusable, match=r"tiny-1.0.tar.gz: test/test_a.py has 5 bytes"):
        command.unpack(archive, suite_of(command), tmp_path)
    archive.write_bytes(b"no archive")
    with pytest.raises(command.Unusable, match=r"tiny-1.0.tar.gz"):
        command.unpack(archive, suite_of(command), tmp_path)


def test_the_command_ends_by_its_outcome(
    command: Any, tiny: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """0 where all pass, 1 where one fails or a suite is not run, 2 for a name it does not know."""
    monkeypatch.setattr(command, "SUITES", {"tinyengine": suite_of(command)})
    monkeypatch.setattr(command, "SHIMS", tiny / "shims")
    assert command.main(["tinyengine", "--from", str(tiny / "source")]) == 1
    assert "test_wrong" in capsys.readouterr().out
    good = TINY.replace("6.0", "5.0").replace(".value == 2.0", ".value == 1.0")
    (tiny / "source/test/test_tiny.py").write_text(good, encoding="utf-8")
    assert command.main(["tinyengine", "--from", str(tiny / "source")]) == 0
    assert command.main(["tinyengine", "--from", str(tiny / "shims")]) == 1
    assert "tinyengine: not run: no test in it" in capsys.readouterr().out
    for wrong in (["other"], ["--from", str(tiny)], ["tinyengine", "--from", str(tiny / "nowhere")]):
        with pytest.raises(SystemExit) as ended:
            command.main(wrong)
        assert ended.value.code == 2
