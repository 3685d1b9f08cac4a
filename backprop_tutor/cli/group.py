"""The group of all commands, each of which loads its own file when it is called."""

from __future__ import annotations

from importlib import import_module

import click

from .. import __version__
from ..errors import did_you_mean, quoted
from ..sentences import N_, said, sentence
from .help_pages import Pages, language, option
from .printing import out

__all__ = ["cli"]

_COMMANDS = {
    "explain": ("explain", N_("Every value and gradient, step by step, in words and formulas.")),
    "draw": ("draw", N_("The graph as an annotated picture, or one picture a step.")),
    "shapes": ("shapes", N_("The shape of every name of a program over matrices.")),
    "paths": ("paths", N_("Every path from a node to the output, and what backprop saves.")),
    "check-gradients": ("check_gradients", N_("Every gradient three ways, side by side.")),
    "lesson": ("lesson", N_("A page to step through, practise on and play with.")),
    "serve": ("serve", N_("A page where one types, with picture, lesson and files; for a class, too.")),
    "animate": ("animate", N_("The steps as GIF, APNG or WebP, or all on one sheet.")),
    "check": ("check", N_("Mark answer files, with a reason for every wrong answer.")),
    "problem-check": ("problem_check", N_("Look through a problem file before students see it.")),
    "worksheet": ("worksheet", N_("Worksheets to print, their keys, and answer files to fill in.")),
    "exercise": ("exercise", N_("Forward and backward in NumPy: a file to fill in, and its key.")),
    "check-programs": ("check_programs", N_("Run and mark what was filled in, each apart.")),
    "train": ("train", N_("Train a small network on a data set.")),
    "story": ("story", N_("A training told in pictures.")),
    "collapse": ("collapse", N_("Two linear layers are one; with an activation between, not.")),
    "cost": ("cost", N_("Forward against backward: counted, and timed on this machine.")),
    "approximate": ("approximate", N_("A function learnt by more and more units and layers.")),
    "activations": ("activations", N_("Activations, their slopes, and gradients through many layers.")),
    "fit": ("fit", N_("Weights fitted to the rows of a table.")),
}
"""Each command's module in this folder, whose attribute of the module's name it is, and its help."""


class _Commands(Pages):
    """Loads a command's module when the command is called, so that help and errors come at once."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in _COMMANDS:
            return None
        module = _COMMANDS[name][0]
        command = getattr(import_module(f".{module}", __package__), module)
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


def _show_version(ctx: click.Context, parameter: click.Parameter, asked: bool) -> None:
    if asked:
        out(said("{program}, version {version}", program="backprop-tutor", version=__version__))
        ctx.exit()


@click.group(
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog=N_(
        'Try: backprop-tutor explain "f = wx + b" w=-2 x=5 b=3. '
        'Shell completion: put `eval "$(_BACKPROP_TUTOR_COMPLETE=bash_source backprop-tutor)"` '
        "into ~/.bashrc (zsh_source for zsh, fish_source for fish)."
    ),
)
@option(
    "-V", "--version", is_flag=True, expose_value=False, is_eager=True, callback=_show_version,
    help="Show the version and exit.",
)  # fmt: skip
@language
def cli() -> None:
    """Backpropagation, step by step: derive, explain, draw, check and train."""
