"""The test suites of other small engines, run unchanged on this engine through shims of ours.

Run `python -m benchmarks.other_suites` from the root of the tree (extra `bench`; `--help` has examples).
A suite is unpacked into a temporary folder, its tests alone; a package of its engine's name, made of
`backprop_tutor.engine` (`benchmarks/shims/`), is what they import. Printed for each suite: tests passed,
failed and not applicable, the last with their reasons. Exits with 1 where a test fails.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import subprocess
import sys
import tarfile
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from benchmarks.shims.verdicts import FAILED, IN_PART, NOT_APPLICABLE, PASSED
from benchmarks.suites import SUITES, Suite

SHIMS = Path(__file__).parent / "shims"
ROOT = Path(__file__).parents[1]
LARGEST = 5_000_000  # bytes of one test file; a source distribution is not ours
EXAMPLES = """\
examples:
  python -m benchmarks.other_suites                     every suite, each from its source distribution
  python -m benchmarks.other_suites micrograd smallpebble   these two
  python -m benchmarks.other_suites smallpebble -k softmax  tests whose name has "softmax", failures in full
  python -m benchmarks.other_suites smallpebble --from DIR  from an unpacked distribution or a checkout
"""


class Unusable(Exception):
    """A suite cannot be had or run, and why."""


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What a suite's run gave: (test, verdict, reason) for each test, and the seconds it took."""

    suite: Suite
    tests: tuple[tuple[str, str, str], ...]
    seconds: float

    def of(self, verdict: str) -> list[tuple[str, str]]:
        """Return (test, reason) of the tests with a verdict."""
        return [(name, reason) for name, found, reason in self.tests if found == verdict]


def download(suite: Suite, place: Path) -> Path:
    """Return the source distribution of a suite, fetched by pip into `place`.

    Raises:
        Unusable: when pip does not bring one; its last line is the reason.

    """
    command = [
        sys.executable,
        "-m",
        "pip",
        "download",
        "--quiet",
        "--disable-pip-version-check",
        "--no-deps",
        "--no-binary",
        ":all:",
        "--dest",
        str(place),
        f"{suite.name}=={suite.version}",
    ]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    found = sorted(place.glob("*.tar.gz"))
    if ran.returncode or not found:
        lines = [line for line in ran.stderr.splitlines() if line.strip()] or [
            "no source distribution"
        ]
        raise Unusable(f"pip brings no {suite.name} {suite.version}: {lines[-1].strip()}")
    return found[0]


def wanted(path: PurePosixPath, suite: Suite) -> bool:
    """Return whether a path below a distribution's top folder is one of the suite's files."""
    return any(path == PurePosixPath(t) or PurePosixPath(t) in path.parents for t in suite.tests)


def unpack(archive: Path, suite: Suite, place: Path) -> None:
    """Write a suite's files from a source distribution below `place`, and nothing else.

    Links and special files are left out, and so is every path that is absolute or climbs by "..".

    Raises:
        Unusable: when the archive cannot be read or a file is larger than a test file is.

    """
    try:
        with tarfile.open(archive, "r:gz") as packed:
            for member in packed:
                path = PurePosixPath(member.name)
                if (
                    not member.isfile()
                    or path.is_absolute()
                    or ".." in path.parts
                    or "\\" in member.name
                ):
                    continue
                below = PurePosixPath(*path.parts[1:])
                if not wanted(below, suite):
                    continue
                if member.size > LARGEST:
                    raise Unusable(f"{archive.name}: {below} has {member.size} bytes")
                held = packed.extractfile(member)
                if held is not None:
                    _write(place, below, held.read())
    except (tarfile.TarError, EOFError, OSError) as error:
        raise Unusable(f"{archive.name}: {error}") from error


def copy(folder: Path, suite: Suite, place: Path) -> None:
    """Write a suite's files from a folder (a checkout, an unpacked distribution) below `place`."""
    for test in suite.tests:
        source = folder / test
        for path in [source] if source.is_file() else sorted(source.rglob("*")):
            if path.is_file() and not path.is_symlink() and "__pycache__" not in path.parts:
                _write(place, PurePosixPath(path.relative_to(folder).as_posix()), path.read_bytes())


def _write(place: Path, below: PurePosixPath, content: bytes) -> None:
    target = place.joinpath(*below.parts)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)


def run(suite: Suite, place: Path, shims: Path, options: argparse.Namespace) -> Outcome:
    """Run the suite that lies in `place` under pytest with its shim, and return the verdicts.

    Raises:
        Unusable: when the tests are not there, a package they need is missing, pytest gives no
            verdicts in time, or the package under test was not the shim.

    """
    absent = [t for t in suite.tests if not (place / t).exists()]
    if absent:
        raise Unusable(f"no {', '.join(absent)} in it")
    missing = [n for n in suite.needs if importlib.util.find_spec(n) is None]
    if missing:
        raise Unusable(f"its tests import {', '.join(missing)}, not installed here")
    shim, verdicts = shims / suite.name, place / "verdicts.json"
    (place / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    shown = ["--tb=short", "-ra"] if options.keyword else ["--tb=no"]
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "benchmarks.shims.verdicts",
        "-p",
        "no:cacheprovider",
        "-c",
        str(place / "pytest.ini"),
        "--rootdir",
        str(place),
        *shown,
        *(["-k", options.keyword] if options.keyword else []),
        *suite.tests,
    ]
    paths = [str(shim), str(ROOT), os.environ.get("PYTHONPATH", "")]
    environment = {k: v for k, v in os.environ.items() if k != "PYTEST_ADDOPTS"} | {
        "PYTHONPATH": os.pathsep.join(p for p in paths if p),
        "PYTHONDONTWRITEBYTECODE": "1",
        "SUITE_VERDICTS": str(verdicts),
        "SUITE_PACKAGE": suite.package,
    }
    start = time.perf_counter()
    try:
        ran = subprocess.run(
            command,
            cwd=place,
            env=environment,
            capture_output=not options.keyword,
            text=True,
            check=False,
            timeout=options.timeout,
        )
    except subprocess.TimeoutExpired as error:
        raise Unusable(f"no end after {options.timeout} s") from error
    seconds = time.perf_counter() - start
    if not verdicts.is_file():
        raise Unusable(
            f"pytest gave no verdicts (exit {ran.returncode}): {(ran.stderr or '').strip()[-300:]}"
        )
    record = json.loads(verdicts.read_text(encoding="utf-8"))
    loaded = record["package"]
    if not record["tests"]:
        raise Unusable("pytest found no test in it")
    if loaded is None or shim.resolve() not in Path(loaded).resolve().parents:
        raise Unusable(f"the tests ran on {loaded}, not on the shim in {shim}")
    return Outcome(
        suite=suite,
        seconds=seconds,
        tests=tuple(_judged(suite, *test) for test in record["tests"]),
    )


def _judged(suite: Suite, name: str, verdict: str, reason: str) -> tuple[str, str, str]:
    """Return a test's verdict in the light of the suite's list of differences."""
    short = name.split("::", 1)[-1].replace("::", ".")
    why = suite.differs.get(short)
    if why is None or verdict == NOT_APPLICABLE:
        return name, verdict, reason
    if verdict == PASSED:
        return name, FAILED, f"it passes, though listed as not applicable: {why}"
    return name, NOT_APPLICABLE, why


def obtain_and_run(suite: Suite, options: argparse.Namespace, shims: Path | None = None) -> Outcome:
    """Return the outcome of a suite, from its folder or its distribution, in a temporary folder."""
    with tempfile.TemporaryDirectory(prefix="suite-") as made:
        place = Path(made).resolve() / "run"
        place.mkdir()
        if options.folder is not None:
            copy(options.folder, suite, place)
        else:
            unpack(download(suite, Path(made)), suite, place)
        return run(suite, place, shims or SHIMS, options)


def report(outcome: Outcome, quiet: bool = False) -> str:
    """Return the lines about a suite: its failures, then why tests are not applicable, most first."""
    lines = [f"{outcome.suite.name} {outcome.suite.version}"]
    lines += [f"  FAILED {name}: {reason}" for name, reason in outcome.of(FAILED)]
    if not quiet:
        for verdict, words in (
            (IN_PART, "pass without their"),
            (NOT_APPLICABLE, "not applicable:"),
        ):
            why = Counter(reason for _, reason in outcome.of(verdict))
            order = sorted(why.items(), key=lambda pair: (-pair[1], pair[0]))
            lines += [f"  {count:4d} {words} {reason}" for reason, count in order]
    return "\n".join(lines)


def table(outcomes: list[Outcome], unusable: dict[str, str]) -> str:
    """Return the table of totals, one row a suite."""
    rows = [("suite", "version", "passed", "in part", "failed", "not applicable", "seconds")]
    rows += [
        (
            o.suite.name,
            o.suite.version,
            *(str(len(o.of(v))) for v in (PASSED, IN_PART, FAILED, NOT_APPLICABLE)),
            f"{o.seconds:.0f}",
        )
        for o in outcomes
    ]
    widths = [max(len(r[i]) for r in rows) for i in range(len(rows[0]))]
    lines = [
        "  ".join(
            c.ljust(w) if i < 2 else c.rjust(w)
            for i, (c, w) in enumerate(zip(r, widths, strict=True))
        )
        for r in rows
    ]
    return "\n".join([*lines, *(f"{name}: not run: {why}" for name, why in unusable.items())])


def parser() -> argparse.ArgumentParser:
    """Return the command's options."""
    made = argparse.ArgumentParser(
        prog="python -m benchmarks.other_suites",
        epilog=EXAMPLES,
        description="Run the test suites of other small engines on this engine, through shims.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    made.add_argument(
        "names",
        nargs="*",
        metavar="NAME",
        help=f"suites to run: {', '.join(SUITES)} (default: all)",
    )
    made.add_argument(
        "--from",
        dest="folder",
        type=Path,
        metavar="FOLDER",
        help="a folder with the one suite named, instead of its source distribution",
    )
    made.add_argument(
        "-k",
        dest="keyword",
        metavar="WORD",
        help="only these tests, as pytest's -k; failures in full",
    )
    made.add_argument(
        "--timeout",
        type=float,
        default=1800.0,
        metavar="SECONDS",
        help="for one suite (default: 1800)",
    )
    return made


def main(arguments: list[str] | None = None) -> int:
    """Run the suites named and print what came of them; return 1 where one failed or did not run."""
    options = parser().parse_args(arguments)
    unknown = [n for n in options.names if n not in SUITES]
    if unknown:
        parser().error(f"no suite called {', '.join(unknown)}; there are {', '.join(SUITES)}")
    if options.folder is not None and (len(options.names) != 1 or not options.folder.is_dir()):
        parser().error("--from wants one NAME and a folder that exists")
    outcomes: list[Outcome] = []
    unusable: dict[str, str] = {}
    for name in options.names or SUITES:
        try:
            outcomes.append(obtain_and_run(SUITES[name], options))
        except Unusable as error:
            unusable[name] = str(error)
        else:
            print(report(outcomes[-1]), flush=True)
    print(table(outcomes, unusable))
    return int(bool(unusable) or any(o.of(FAILED) for o in outcomes) or not outcomes)


if __name__ == "__main__":
    sys.exit(main())
