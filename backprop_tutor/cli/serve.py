"""`backprop-tutor serve`: a page in the browser where one types a program, for one person or a class."""

from __future__ import annotations

import webbrowser

import click

from ..sentences import said
from .help_pages import Command, Number, WholeNumber, language, option
from .printing import out, say

__all__ = ["serve"]


@click.command(
    cls=Command,
    epilog="""\b
Examples:
  backprop-tutor serve
  backprop-tutor serve --port 0 --open
  backprop-tutor serve --host 0.0.0.0 --port 8080 --workers 4 --allow-host tutor.example.org
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
@option("--open", "open_", is_flag=True, help="Open the page in the browser.")
@language
def serve(
    host: str, port: int, workers: int | None, seconds: float, megabytes: int, rate: float,
    hosts: tuple[str, ...], frames: tuple[str, ...], open_: bool,
) -> None:  # fmt: skip
    """Serve a page where one types a program and sees its values, gradients and lesson."""
    from ..serve import Settings  # start-up time: a web server
    from ..serve.running import run

    chosen = Settings(
        host=host, port=port, seconds=seconds, megabytes=megabytes, rate=rate, hosts=hosts,
        frames=frames, workers=Settings.workers if workers is None else workers,
    )  # fmt: skip

    def ready(address: str) -> None:
        out(said("the page is at {address} (Ctrl-C ends it)", address=address))
        if open_ and not webbrowser.open(address):
            say(said("no browser was found; open {address} yourself", address=address))

    run(chosen, ready)
