"""An autograder for Gradescope: the archive that is uploaded, and what runs in it for one submission.

Enters: a problem file, later a submission's folder. Leaves: `autograder.zip` with `setup.sh` and
`run_autograder`, later `results/results.json`, for a sheet that cannot be read too. Whose sheet it is says
the submission's metadata, never the file. Source: https://gradescope-autograders.readthedocs.io/en/latest/specs/
and .../submission_metadata/.
"""

from __future__ import annotations

import io
import json
import sys
import zipfile
from collections.abc import Iterator, Sequence
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path
from typing import Any

from ..errors import FileError, OptionError, TutorError, quoted
from ..files import read_text, write_whole
from ..sentences import said
from ..translation import speaking
from .answers.escaping import in_json, shown_plainly
from .answers.handed_in import Refused, Remark
from .answers.reading import READERS
from .answers.rosters import parse_roster, roster_of
from .answers.sheets import Sheet
from .answers.speakers import Roster, Speaker, student_name
from .marking.batch import mark_here
from .marking.results import StudentResult
from .problems.problem_set import ProblemSet, parse_problems
from .reports.gradescope import Visibility, gradescope_results
from .reports.wording import Reveal

__all__ = ["autograder_zip", "grade_submission"]

_SETUP = """\
#!/usr/bin/env bash
# Runs once, when the autograder's image is built.
set -euo pipefail
python=""
for name in python3.14 python3.13 python3.12 python3.11 python3; do  # what is found may still not run
  if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    python="$name"
    break
  fi
done
if [ -z "$python" ]; then
  apt-get update -q && apt-get install -qy --no-install-recommends python3.11
  python="python3.11"
fi
"$python" -m venv --clear /autograder/venv || {
  version="$("$python" -c 'import sys; print("python%d.%d" % sys.version_info[:2])')"
  apt-get update -q && apt-get install -qy --no-install-recommends "$version-venv"
  "$python" -m venv --clear /autograder/venv
}
/autograder/venv/bin/pip install -r /autograder/source/requirements.txt
"""

_RUN = """\
#!/usr/bin/env bash
# Runs once for each submission.
set -euo pipefail
export PYTHONPATH=/autograder/source
exec /autograder/venv/bin/python -m backprop_tutor.homework.autograder /autograder
"""

_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The date of all files in the archive: it is the same bytes at every making."""


def autograder_zip(
    problems: str, *, roster: str = "", reveal: Reveal = "hints", visibility: Visibility = "visible",
    lang: str = "en",
) -> bytes:  # fmt: skip
    """Return the archive for Gradescope's "Configure Autograder".

    Args:
        problems: the text of a problem file.
        roster: the text of a roster, whose e-mails say which id a submission's user has.
        reveal, visibility, lang: as for reports.

    Raises:
        FileError: the problems or the roster cannot be read, or values are drawn by names that no roster
            gives e-mails to.
        OptionError: the package is not installed, so that it is not known what it needs.
    """
    asked = parse_problems(problems)
    people = parse_roster(roster) if roster else ()
    mailed = any(one.email or "@" in one.name for one in people)
    if any(problem.draws for problem in asked) and not mailed:
        raise FileError(
            said(
                "values are drawn by the students' names, and Gradescope knows e-mails: a roster with both "
                "is needed"
            )
        )
    try:
        needed = [line for line in requires("backprop-tutor") or [] if "extra ==" not in line]
    except PackageNotFoundError:
        raise OptionError(
            said("backprop-tutor is not installed: what it needs is not known")
        ) from None
    settings = {"reveal": reveal, "visibility": visibility, "lang": lang}
    files: dict[str, tuple[bytes, int]] = {
        "setup.sh": (_SETUP.encode(), 0o755), "run_autograder": (_RUN.encode(), 0o755),
        "requirements.txt": (("\n".join(needed) + "\n").encode(), 0o644),
        "problems.toml": (problems.encode(), 0o644),
        "settings.json": (json.dumps(settings).encode(), 0o644),
    }  # fmt: skip
    if roster:
        files["roster.csv"] = (roster.encode(), 0o644)
    files.update(_package())
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, (data, mode) in sorted(files.items()):
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.external_attr = (0o100000 | mode) << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, data)
    return out.getvalue()


def _package() -> Iterator[tuple[str, tuple[bytes, int]]]:
    root = Path(__file__).parents[1]
    for path in sorted(root.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            yield f"{root.name}/{path.relative_to(root).as_posix()}", (path.read_bytes(), 0o644)


def grade_submission(root: str | Path) -> dict[str, Any]:
    """Return the results of the submission below a folder laid out as Gradescope's, and write them.

    Every failure is a results file, too: the student reads why, and the score is 0.
    """
    place = Path(root)
    settings = json.loads(read_text(place / "source" / "settings.json"))
    with speaking(settings["lang"]):
        try:
            result, remarks = _graded(place)
            found = gradescope_results(result, settings["reveal"], settings["visibility"])
            found["output"] = "\n".join([found["output"], *map(shown_plainly, remarks)]).strip()
        except TutorError as error:
            found = {
                "score": 0,
                "output": said("Nothing could be marked: {why}", why=shown_plainly(str(error), 2000)),
                "output_format": "text", "visibility": settings["visibility"], "tests": [],
            }  # fmt: skip
    (place / "results").mkdir(exist_ok=True)
    text = in_json(json.dumps(found, ensure_ascii=False, indent=1)) + "\n"
    write_whole(place / "results" / "results.json", text)
    return found


def _graded(place: Path) -> tuple[StudentResult, list[str]]:
    asked = parse_problems(read_text(place / "source" / "problems.toml"))
    roster_path = place / "source" / "roster.csv"
    roster = roster_of(parse_roster(read_text(roster_path)))[0] if roster_path.exists() else None
    users = json.loads(read_text(place / "submission_metadata.json"))["users"]
    student = _student(users, roster, asked)
    path = _the_file(place / "submission")
    speaker = Speaker(student, alone=True, own=student, roster=roster)
    events = list(READERS[path.suffix.lower()](path, path.name, speaker, asked))
    sheets = [event for event in events if isinstance(event, Sheet)]
    if not sheets:
        refused = [str(event) for event in events if isinstance(event, Refused)]
        raise FileError("; ".join(refused) or said("the file has no answers"))
    told = [str(event) for event in events if isinstance(event, Refused | Remark)]
    return mark_here(asked, sheets[-1]), told


def _student(users: Sequence[Any], roster: Roster | None, asked: ProblemSet) -> str:
    """Return whose submission it is.

    Raises:
        FileError: nobody's, one who is not on the roster, or a group with values of their own.
    """
    if not users:
        raise FileError(said("the submission names no student"))
    emails = [str(user.get("email", "")) for user in users]
    if len(users) > 1 and any(problem.draws for problem in asked):
        raise FileError(
            said("{names} have values of their own each; every student hands in a sheet",
                 names=", ".join(map(quoted, emails)))
        )  # fmt: skip
    if roster is None:
        return student_name(emails[0])
    for user in users:
        for key in ("email", "sid", "name"):
            found = roster.known(str(user.get(key) or ""))
            if found is not None:
                return found
    return roster.checked(student_name(emails[0]))


def _the_file(folder: Path) -> Path:
    files = [p for p in sorted(folder.iterdir()) if p.is_file() and p.suffix.lower() in READERS]
    if len(files) == 1:
        return files[0]
    names = ", ".join(p.name for p in sorted(folder.iterdir())) or said("nothing")
    raise FileError(
        said("one file of answers is handed in, ending in {endings}; the submission has {names}",
             endings=", ".join(READERS), names=names)
    )  # fmt: skip


if __name__ == "__main__":
    grade_submission(sys.argv[1])
