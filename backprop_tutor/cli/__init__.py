"""The command line: one file a command, loaded when it is called; no mathematics.

`main` ends with one exit status, and with one message where something is wrong, never a traceback:

    0    what was asked for is done
    1    it is done, and faults were found: `problem-check`, `check-gradients`
    2    a mistake of the user's, or a place that cannot be read or written
    130  stopped by Ctrl-C
"""

from __future__ import annotations

import os
import sys
from importlib import import_module

import click

from .. import __version__
from ..errors import TutorError, did_you_mean, quoted
from ..sentences import N_, said, sentence
from .printing import failed, say
from .speech import show, speaking_as_asked

__all__ = ["main"]

_COMMANDS = {
    "explain": ("explain", N_("Every value and gradient, step by step, in words and formulas.")),
    "draw": ("draw", N_("The graph as an annotated picture, or one picture a step.")),
    "paths": ("paths", N_("Every path from a node to the output, and what backprop saves.")),
    "check-gradients": ("check_gradients", N_("Every gradient three ways, side by side.")),
    "lesson": ("lesson", N_("A page to step through, practise on and play with.")),
    "animate": ("animate", N_("The steps as GIF, APNG or WebP, or all on one sheet.")),
    "check": ("check", N_("Mark answer files, with a reason for every wrong answer.")),
    "problem-check": ("problem_check", N_("Look through a problem file before students see it.")),
    "worksheet": ("worksheet", N_("Worksheets to print, their keys, and answer files to fill in.")),
    "train": ("train", N_("Train a small network on a data set.")),
}
"""Each command's module in this folder, whose attribute of the module's name it is, and its help."""


class _Commands(click.Group):
    """Loads a command's module when the command is called, so that help and errors come at once."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in _COMMANDS:
            return None
        module = _COMMANDS[name][0]
        command = getattr(import_module(f".{module}", __name__), module)
        assert isinstance(command, click.Command)  # the table names commands
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in _COMMANDS:
            hint = did_you_mean(args[0], _COMMANDS) or said(
                "the commands: {names}", names=", ".join(_COMMANDS)
            )
            message = said("no command {name}; {hint}", name=quoted(args[0], 60), hint=hint)
            raise click.UsageError(message, ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section(said("Commands")):
            formatter.write_dl([(name, sentence(text)) for name, (_, text) in _COMMANDS.items()])


@click.group(
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog=(
        'Try: backprop-tutor explain "f = wx + b" w=-2 x=5 b=3. '
        'Shell completion: put `eval "$(_BACKPROP_TUTOR_COMPLETE=bash_source backprop-tutor)"` '
        "into ~/.bashrc (zsh_source for zsh, fish_source for fish)."
    ),
)
@click.version_option(__version__, "-V", "--version", prog_name="backprop-tutor")
def cli() -> None:
    """Backpropagation, step by step: derive, explain, draw, check and train."""


def main(args: list[str] | None = None) -> None:
    """Run the command line and exit with the status that the module's head lists."""
    for stream in (sys.stdout, sys.stderr):
        # Formulas need more characters than some consoles' encodings have.
        if hasattr(stream, "reconfigure") and (stream.encoding or "").lower() not in (
            "utf-8",
            "utf8",
        ):
            stream.reconfigure(encoding="utf-8")
    try:
        with speaking_as_asked(sys.argv[1:] if args is None else args):
            _run(args)
    except TutorError as error:  # BACKPROP_TUTOR_LANG names no language
        failed(str(error))
        sys.exit(2)


def _run(args: list[str] | None) -> None:
    """Run the command line in the language that was chosen."""
    try:
        status = cli.main(args=args, prog_name="backprop-tutor", standalone_mode=False)
    except click.exceptions.Abort:
        say(said("Stopped."))
        sys.exit(130)
    except click.ClickException as error:
        show(error)
        sys.exit(error.exit_code)
    except TutorError as error:
        failed(str(error))
        sys.exit(2)
    except OSError as error:
        # Files have their own words; what is left is the terminal or a redirection.
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115  (until the end)
        failed(said("the output cannot be written: {why}", why=error.strerror or str(error)))
        sys.exit(2)
    if isinstance(status, int) and status:  # what a command passed to `Exit`, which click returns
        sys.exit(status)
