"""The command line that a command was called by, put together again for the pages that it writes."""

from __future__ import annotations

import shlex

import click

__all__ = ["typed_again"]


def typed_again(ctx: click.Context) -> str:
    """Return the command line that a command was called by, its options in the order of the help page."""
    words = ["backprop-tutor", ctx.command.name or ""]
    for parameter in ctx.command.params:
        name = parameter.name or ""
        if ctx.get_parameter_source(name) is not click.core.ParameterSource.COMMANDLINE:
            continue
        value = ctx.params.get(name)
        if value is None or name == "quiet":
            continue
        if isinstance(parameter, click.Argument):
            words += map(str, value) if parameter.nargs == -1 else [str(value)]
        elif getattr(parameter, "is_flag", False):
            words.append(parameter.opts[0])
        else:
            values = value if parameter.multiple else (value,)
            for each in values:
                words += [parameter.opts[0], str(each)]
    return shlex.join(words)
