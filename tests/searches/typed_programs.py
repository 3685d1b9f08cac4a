"""What type checkers know of the package, and what they find in a user's program.

    python -m benchmarks.typed_programs             # mypy's and pyright's figures; pyright where it is installed
    python -m benchmarks.typed_programs --missing   # and what has no known type, by module

`pyright --verifytypes` counts the names of every module that does not begin with an underscore, not
those of `bt` alone. The planted mistakes are in `tests/cases/planted_mistakes.py`, each line beside
the right one. mypy's and pyright's own versions and the package's are said.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
CASE = ROOT / "tests" / "cases" / "planted_mistakes.py"
_PLANTED = re.compile(r"^(?P<wrong>.*\S)  # not: (?P<right>.*)$", re.MULTILINE)


def ran(*command: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Return what became of a command that finds the package of this tree."""
    home = str(ROOT)
    return subprocess.run(
        command, cwd=cwd, capture_output=True, text=True, encoding="utf-8", check=False, timeout=600,
        env={**os.environ, "MYPYPATH": home, "PYTHONPATH": home},
    )  # fmt: skip


def programs() -> tuple[str, str, dict[int, str]]:
    """Return the program with its mistakes, the one without, and the mistakes by line."""
    wrong = CASE.read_text(encoding="utf-8")
    right = _PLANTED.sub(lambda found: found["right"], wrong)
    lines = enumerate(wrong.splitlines(), start=1)
    return wrong, right, {number: line for number, line in lines if _PLANTED.match(line)}


def mypy_lines(texts: Sequence[str], folder: Path) -> list[set[int]]:
    """Return the lines that `mypy --strict` complains of in each of some users' programs, in one run.

    It runs as over the package itself, with the project's settings and cache: what the programs import
    is analysed once for both. What the cache knows of a program it tells under the path that it had then.
    """
    paths = [folder / f"program_{number}.py" for number in range(len(texts))]
    for path, text in zip(paths, texts, strict=True):
        path.write_text(text, encoding="utf-8")
    done = ran(sys.executable, "-m", "mypy", "--no-error-summary", *map(str, paths), cwd=ROOT)
    if done.returncode not in (0, 1):
        raise SystemExit(done.stdout + done.stderr)
    found = re.findall(r"^(.+\.py):(\d+): error", done.stdout, re.MULTILINE)
    return [{int(line) for name, line in found if Path(name).name == each.name} for each in paths]


def pyright() -> str | None:
    """Return the program `pyright`, or None where there is none."""
    beside = Path(sys.executable).with_name("pyright")
    return str(beside) if beside.exists() else shutil.which("pyright")


def pyright_lines(text: str, folder: Path, program: str) -> set[int]:
    """Return the lines that pyright complains of in a user's program."""
    (folder / "program.py").write_text(text, encoding="utf-8")
    settings = {"extraPaths": [str(ROOT)], "pythonVersion": "3.11"}
    (folder / "pyrightconfig.json").write_text(json.dumps(settings), encoding="utf-8")
    done = ran(program, "--outputjson", "--pythonpath", sys.executable, "program.py", cwd=folder)
    found = json.loads(done.stdout)["generalDiagnostics"]
    return {row["range"]["start"]["line"] + 1 for row in found if row["severity"] == "error"}


def completeness(program: str) -> dict[str, Any]:
    """Return what `pyright --verifytypes` reports."""
    with tempfile.TemporaryDirectory() as place:
        done = ran(
            program, "--verifytypes", "backprop_tutor", "--ignoreexternal", "--outputjson",
            "--pythonpath", sys.executable, cwd=Path(place),
        )  # fmt: skip
    found: dict[str, Any] = json.loads(done.stdout)["typeCompleteness"]
    return found


def main() -> None:
    """Print the figures."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--missing", action="store_true", help="say what has no known type")
    options = asked.parse_args()
    wrong, right, planted = programs()
    program = pyright()
    own = ran(sys.executable, "-m", "mypy", cwd=ROOT)
    print(f"mypy {version('mypy')} --strict over the package: {own.stdout.strip().splitlines()[-1]}")
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        checkers = {"mypy --strict": lambda text: mypy_lines([text], folder)[0]}
        if program is not None:
            checkers["pyright"] = lambda text: pyright_lines(text, folder, program)
        for name, lines in checkers.items():
            found = lines(wrong) & set(planted)
            print(f"{name}: finds {len(found)} of {len(planted)} planted mistakes;", end=" ")
            print(f"complains of {len(lines(right))} lines where they are put right")
            for number in sorted(set(planted) - found):
                print(f"    not found: {planted[number].strip()}")
    if program is None:
        print("pyright is not installed here (pip install pyright): its figures are left out")
        return
    report = completeness(program)
    counts = report["exportedSymbolCounts"]
    total = sum(counts.values())
    share = 100 * report["completenessScore"]
    print(f"pyright --verifytypes: {share:.1f} % of {total} public names are known:")
    print("   ", ", ".join(f"{count} {name}" for name, count in counts.items()))
    if options.missing:
        unknown = Counter(
            ".".join(row["name"].split(".")[:4])
            for row in report["symbols"]
            if row["isExported"] and not row["isTypeKnown"]
        )
        for name, count in unknown.most_common():
            print(f"    {count:5} {name}")


if __name__ == "__main__":
    main()
