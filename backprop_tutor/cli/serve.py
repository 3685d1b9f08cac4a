"""`backprop-tutor serve`: a page in the browser where one types a program, for one person or a class."""

from __future__ import annotations

import webbrowser
from pathlib import Path

import click

from ..errors import OptionError
from ..sentences import said
from .help_pages import PATH, Command, Number, WholeNumber, language, option
from .printing import out, say

__all__ = ["serve"]


@click.command(
    cls=Command,
    epilog="""\b
Examples:
  backprop-tutor serve
  backprop-tutor serve --port 0 --open
  backprop-tutor serve --host 0.0.0.0 --port 8080 --workers 4 --allow-host tutor.example.org
  backprop-tutor serve --problems problems.toml --students roster.csv --host 0.0.0.0
""",
)
@option("--host", default="127.0.0.1", show_default=True,
        help="The address to listen at; 0.0.0.0 for everybody in reach.")
@option("--port", type=WholeNumber(0, 65535), default=8000, show_default=True,
        help="The port; 0 for any that is free.")
@option("--workers", type=WholeNumber(1, 64),
        help="Processes that draw, and as many for lessons; one a processor if left out.")
@option("--seconds", type=Number(0.1, 600), default=2.0, show_default=True,
        help="How long a picture may take before its process is ended.")
@option("--megabytes", type=WholeNumber(256, 1_000_000), default=1024, show_default=True,
        help="How much memory a process may take.")
@option("--rate", type=Number(1, 1_000_000), default=200.0, show_default=True,
        help="Requests a second that one address may go on making.")
@option("--allow-host", "hosts", multiple=True, metavar="NAME",
        help="A name under which the page is asked for, as behind a proxy; may be given several times.")
@option("--allow-frame", "frames", multiple=True, metavar="ORIGIN",
        help="A site that may show the page in a frame: https://school.example.org.")
@option("--problems", type=PATH, metavar="FILE", help="Offer a problem file to a class, and take answers.")
@option("--answers", type=PATH, metavar="FILE",
        help="The CSV file in which answers are kept, for `check`; beside the problems if left out.")
@option("--students", type=PATH, metavar="ROSTER", help="Who may join; whoever gives a name if left out.")
@option("--open", "open_", is_flag=True, help="Open the page in the browser.")
@language
def serve(
    host: str, port: int, workers: int | None, seconds: float, megabytes: int, rate: float,
    hosts: tuple[str, ...], frames: tuple[str, ...], problems: str | None, answers: str | None,
    students: str | None, open_: bool,
) -> None:  # fmt: skip
    """Serve a page where one types a program and sees its values, gradients and lesson."""
    from ..serve import Settings  # start-up time: a web server
    from ..serve.running import run

    for name, value in (("--answers", answers), ("--students", students)):
        if value is not None and problems is None:
            raise OptionError(said("{name} means nothing without --problems", name=name))
    chosen = Settings(
        host=host, port=port, seconds=seconds, megabytes=megabytes, rate=rate, hosts=hosts,
        frames=frames, workers=Settings.workers if workers is None else workers,
        problems=_path(problems), answers=_path(answers), roster=_path(students),
    )  # fmt: skip

    def ready(address: str, teacher: str) -> None:
        out(said("the page is at {address} (Ctrl-C ends it)", address=address))
        if teacher:
            out(said("students answer at {address}class", address=address))
            out(said("the teacher looks on at {address}teacher#{token}", address=address, token=teacher))
            out(said("answers are kept in {path}", path=chosen.kept))
        if open_ and not webbrowser.open(address):
            say(said("no browser was found; open {address} yourself", address=address))

    run(chosen, ready)


def _path(text: str | None) -> Path | None:
    return None if text is None else Path(text)
