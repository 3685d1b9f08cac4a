"""`backprop-tutor check-programs`: students' programs run apart, each in a process, and marked."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from ..errors import FileError, OptionError, printable, quoted
from ..files import special, write_whole
from ..homework.reports.class_table import table_csv
from ..sentences import N_, counted, said
from ..testing import NotRightError, check_program
from .help_pages import PATH, language, option
from .inputs import ProgramCommand, derivation, program_options
from .printing import out, wrote

__all__ = ["check_programs"]


@click.command(
    "check-programs",
    cls=ProgramCommand,
    epilog="""\b
Example:
  backprop-tutor check-programs "z = w*x + b; L = (σ(z) - t)^2" w=1 x=2 b=-1 t=0 --programs handed_in/
""",
)
@program_options
@option("--programs", required=True, type=PATH, metavar="FOLDER",
        help="The files of Python that were handed in, one a student; or one file.")
@option("--seconds", type=float, default=10.0, show_default=True, help="How long each may run.")
@language
@option("-o", "--output", type=PATH, help="Write the marks as a CSV file too.")
def check_programs(programs: str, seconds: float, output: str | None, **program: Any) -> None:
    """RUN each student's `backward` and mark the gradients that it returns.

    This executes what students wrote. Each program runs in a process of its own, in an empty folder and
    without your environment's variables; it is killed after so many seconds, and on Linux and macOS its
    memory and the files it writes are limited. That is no jail: it may read what you may read, and use the
    network. For programs of people you do not know use a container or a machine made for it.

    Exits with 1 where a program is not all right.
    """
    if not 0 < seconds <= 600:
        raise OptionError(said("--seconds is above 0 and at most 600, not {given}", given=f"{seconds:g}"))
    found = derivation(**program, arrays=True)
    rows = []
    for path in _files(programs):
        right, told = _marked(path, found, seconds)
        rows.append([path.stem, f"{right:.0%}", told])
        out(f"{printable(path.stem)}: {right:.0%}")
        out("".join(f"  {line}\n" for line in told.splitlines()), newline=False)
    if output is not None:
        wrote(write_whole(output, table_csv([said("student"), said("score"), said("remarks")], rows)))
    wrong = sum(row[1] != "100%" for row in rows)
    out(said("{programs}, {wrong} not all right", wrong=wrong,
             programs=counted(len(rows), N_("1 program"), N_("{count} programs"))))  # fmt: skip
    if wrong:
        raise click.exceptions.Exit(1)


def _files(given: str) -> list[Path]:
    """Return the programs in a folder by name, or the one that is given.

    Raises:
        FileError: there is no such file or folder, or no program in it.
    """
    path = Path(given)
    if path.is_dir():
        found = sorted(each for each in path.iterdir() if each.suffix == ".py" and each.is_file())
        if not found:
            raise FileError(said("there is no file of Python (.py) in {folder}", folder=quoted(given)))
        return found
    fault = special(path)
    if fault or not path.exists():
        told = f"{quoted(given)} {fault}" if fault else said("there is no file {name}", name=quoted(given))
        raise FileError(told)
    return [path]


def _marked(path: Path, found: Any, seconds: float) -> tuple[float, str]:
    """Return the share of gradients that are right, and what is wrong."""
    try:
        check_program(path, found, seconds=seconds)
    except NotRightError as error:
        return error.score, "\n".join(map(printable, str(error).splitlines()))
    return 1.0, ""
