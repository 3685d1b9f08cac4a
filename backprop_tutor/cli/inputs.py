"""What the commands about one program share: the program, its values, the graph's options, output.

The program comes as an argument, from `--file` or from standard input; values as `name=number` or
from `--values`. Nothing typed is evaluated: numbers are read by the language's own reader.
"""

from __future__ import annotations

import random
import re
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import click

from ..errors import DomainError, FileError, MissingValueError, OptionError, quoted
from ..files import read_text, write_whole
from ..graph_builder import build_graph
from ..language import Program, canonical_name, parse, parse_number
from ..matrices.given import array_given, is_array
from ..objects.deriving import SymbolicDerivation, derive
from ..ops import Number, plain
from ..reasons import reason
from ..render.narration.document import Document
from ..sentences import said
from .array_values import is_typed_array, shapes_typed, typed_array
from .help_pages import PATH, Command, option
from .network_options import NETWORK, network_options, typed_network
from .printing import columns, out, wrote

__all__ = [
    "ProgramCommand", "derivation", "emit", "in_symbols", "learning_rate", "need_numbers", "only_for",
    "over_arrays", "program_given", "program_options", "tell", "typed_only",
]  # fmt: skip

F = TypeVar("F", bound=Callable[..., Any])

_VALUE = re.compile(r"\s*((?:\^?\{[^{}=]*\}|[^\s=+\-*/^()|,;])+)\s*=\s*([^=\n;]+)\Z")
_PARTED = re.compile(r"(?:\s*[,;]\s*|\s+)(?=[^\s=,;]+\s*=)|\s*[,;]\s*\Z")
"""Where an argument that gives several values is cut: `w=-2, x=5`, and the comma of `w=-2,`."""
_ARRAY = re.compile(r"\s*([^\s=+\-*/^()|,;]+)\s*=\s*([^=]+)\Z")
_ARRAYS = derive.__module__.rpartition(".objects.")[0] + ".matrices.array_derivation"
_RANDOM_CHOICES = (-3, -2, -1, 1, 2, 3, 4, 5)
_RANDOM_TRIES = 200


class ProgramCommand(Command):
    """A command whose arguments may begin with a minus sign, as formulas do: -x^2."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Return click's remaining arguments, formulas that begin with a minus among them."""
        known = {o for p in self.params for o in (*p.opts, *p.secondary_opts)} | {"-h", "--help"}
        mended = []
        for i, arg in enumerate(args):
            formula = re.match(r"-[^-]", arg) and arg[:2] not in known
            follows_option = i > 0 and args[i - 1] in known and args[i - 1].startswith("--")
            # The language reads U+2212 as a minus, and click does not.
            mended.append("−" + arg[1:] if formula and not follows_option else arg)
        return super().parse_args(ctx, mended)


def program_options(command: F) -> F:
    """Give a command the program, its values, and the options of its graph."""
    options = (
        click.argument("arguments", nargs=-1, metavar="PROGRAM [NAME=NUMBER]..."),
        option("--file", "-f", "file", type=PATH, help="Read the program from a file."),
        option("--values", type=PATH, help="Read values from a TOML file: w = -2."),
        option("--random", "seed", type=int, metavar="SEED",
                     help="Draw small values for the inputs that have none."),
        option("--of", metavar="NAME", help="The output; the last name assigned if left out."),
        option("--expand", default="", metavar="NAMES",
                     help="Composites to take apart: sigmoid,tanh or all."),
        option("--merge", is_flag=True, help="Let the same text typed twice be one node."),
    )  # fmt: skip
    command = network_options(command)
    for each in reversed(options):
        command = each(command)
    return command


def program_given(
    arguments: tuple[str, ...], file: str | None, values: str | None, network: Mapping[str, Any]
) -> tuple[Program, dict[str, Any]]:
    """Return the program, or the network, that a command line gives, and the values.

    Raises:
        TutorError: whatever in it does not fit.
    """
    program = typed_network(*(network[name] for name in NETWORK))
    if program is None:
        text, given, source = _program_text(arguments, file)
        at = _table(values) | _typed(given)
        return parse(text, at, source=source, arrays=any(map(is_array, at.values()))), at
    stray = [a for a in arguments if a.strip(" ,;") and _VALUE.match(_PARTED.split(a)[0]) is None]
    if file is not None or stray:
        what = quoted(stray[0], 60) if stray else "--file"
        raise OptionError(
            said("--network is a program of its own; leave out {what}, or --network", what=what)
        )
    return program, _table(values) | _typed(arguments)


def derivation(
    arguments: tuple[str, ...], file: str | None, values: str | None, seed: int | None,
    of: str | None, expand: str, merge: bool, *, arrays: bool = False, symbols: bool = False,
    shapes: tuple[str, ...] = (), **network: Any,
) -> Any:  # fmt: skip
    """Return the derivation that a command line asks for; one over arrays where `arrays` allows it.

    Without a value for any input it is one in symbols, where `symbols` allows it; with `shapes` alone,
    one over arrays in symbols.

    Raises:
        TutorError: whatever in it does not fit.
    """
    if shapes:
        if seed is not None:
            raise OptionError(said("--random draws single numbers, and shapes are given"))
        graph_options: dict[str, Any] = {"of": of, "expand": expand, "merge": merge}
        return _shaped(arguments, file, values, network, shapes, graph_options)
    program, at = program_given(arguments, file, values, network)
    over_arrays = any(map(is_array, at.values()))
    graph_options = {"of": of, "expand": expand, "merge": merge}
    if seed is not None and over_arrays and arrays:
        raise OptionError(said("--random draws single numbers, and arrays are given"))
    if seed is not None and not over_arrays:
        at = _drawn(program, at, seed, graph_options)
    if over_arrays and not arrays:
        raise OptionError(
            said(
                "this command takes programs of single numbers; those over vectors and matrices are "
                "for {commands}",
                commands="explain, draw, shapes",
            )
        )
    return derive(program, None if symbols and not at else at, **graph_options)


def _shaped(
    arguments: tuple[str, ...], file: str | None, values: str | None, network: Mapping[str, Any],
    shapes: tuple[str, ...], graph_options: dict[str, Any],
) -> Any:  # fmt: skip
    """Return the derivation of a program of which shapes alone are given."""
    if any(network[name] not in (None, ()) for name in NETWORK):
        raise OptionError(said("{option} is not for {what}", option="--shape", what="--network"))
    sizes = shapes_typed(shapes)
    text, given, source = _program_text(arguments, file)
    if given or values is not None:
        what = given[0] if given else "--values"
        raise OptionError(
            said("--shape is for a derivation without values; leave out {what}, or --shape",
                 what=quoted(what, 60))
        )  # fmt: skip
    return derive(parse(text, list(sizes), source=source, arrays=True), shapes=sizes, **graph_options)


def over_arrays(found: Any) -> bool:
    """Return whether a derivation is over arrays, which are drawn as layers."""
    arrays: Any = sys.modules.get(_ARRAYS)  # start-up time: where there is one, it is loaded
    return arrays is not None and isinstance(found, arrays.ArrayDerivation)


def in_symbols(found: Any) -> bool:
    """Return whether a derivation has no values."""
    return isinstance(found, SymbolicDerivation)


def need_numbers(found: Any, options: Mapping[str, Any]) -> None:
    """Refuse options that need numbers where no values are given: those that are not None.

    Raises:
        MissingValueError: one of them was given; it says which values are missing.
    """
    for name, value in options.items():
        if value is not None:
            raise MissingValueError(found.without(name))


def only_for(options: dict[str, Any], what: str) -> None:
    """Refuse options that belong to another kind of program: those that are not None.

    Raises:
        OptionError: one of them was given.
    """
    for name, value in options.items():
        if value is not None:
            raise OptionError(said("{option} is not for {what}", option=name, what=what))


def typed_only(
    options: dict[str, Any], always: Iterable[str], context: click.Context
) -> dict[str, Any]:
    """Return the options that were typed and those in `always`: defaults of others' pictures are none."""
    return {
        name: value for name, value in options.items()
        if name in always
        or context.get_parameter_source(name) is click.core.ParameterSource.COMMANDLINE
    }  # fmt: skip


def _program_text(arguments: tuple[str, ...], file: str | None) -> tuple[str, tuple[str, ...], str]:
    """Return the program's text, the arguments that give values, and the text's source."""
    if file is not None and file != "-":
        return read_text(file), arguments, Path(file).name
    if file == "-" or arguments[:1] == ("-",):
        return _stdin(), arguments[1:] if arguments[:1] == ("-",) else arguments, "<stdin>"
    parts = [part for a in arguments for part in _PARTED.split(a) if part]
    values_only = bool(parts) and all(_short_value(part) for part in parts)
    if (not arguments or values_only) and sys.stdin is not None and not sys.stdin.isatty():
        piped = _stdin()
        if piped.strip():
            return piped, arguments, "<stdin>"
    if not arguments:
        raise click.UsageError(
            said('no program was given; for example: explain "f = wx + b" w=-2 x=5 b=3')
        )
    return arguments[0], arguments[1:], ""


def _short_value(argument: str) -> bool:
    return " " not in argument and _VALUE.match(argument) is not None


_LONGEST_INPUT = 20_000_000


def _stdin() -> str:
    if sys.stdin is None:
        raise FileError(said("standard input is closed"))
    try:
        text = sys.stdin.read(_LONGEST_INPUT + 1)
    except UnicodeDecodeError:
        raise FileError(said("standard input is not UTF-8 text")) from None
    except OSError as error:
        raise FileError(
            said("standard input cannot be read: {strerror}", strerror=reason(error))
        ) from None
    if len(text) > _LONGEST_INPUT:
        raise FileError(
            said(
                "standard input has more than {longest_input:,} characters",
                longest_input=_LONGEST_INPUT,
            )
        )
    return text


def _typed(arguments: Iterable[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for argument in (part for given in arguments for part in _parted(given)):
        if not argument.strip(" ,;"):
            continue  # a comma between two arguments, with blanks around it
        match = _VALUE.match(argument) or _ARRAY.match(argument)
        if match is None:
            torn = "=" not in argument or argument.startswith("=")  # a formula's piece
            raise OptionError(
                said(
                    "{argument} is not a value; expected name=number, such as w=-2 or t=1/3",
                    argument=quoted(argument),
                )
                + (said("; a program with blanks stands in quotation marks") if torn else "")
            )
        name = canonical_name(match.group(1))
        if name in found:
            raise OptionError(said("{name} is given twice on the command line", name=quoted(name)))
        if is_typed_array(match.group(2)):
            found[name] = typed_array(name, match.group(2))
        else:
            source = said("value of {name}", name=name)
            found[name] = plain(parse_number(match.group(2), source=source).value)
    return found


def _parted(given: str) -> list[str]:
    """Return the values in one argument; a matrix keeps its commas."""
    name, mark, value = given.partition("=")
    whole = mark and "=" not in value and " " not in name.strip() and is_typed_array(value)
    return [given] if whole else _PARTED.split(given)


def _table(path: str | None) -> dict[str, Any]:
    """Return the values of a TOML file: names to numbers, or to texts such as "1/3"."""
    if path is None:
        return {}
    from ..homework.problems.file_limits import (  # start-up time: only files have bounds
        PROBLEMS,
        toml_within,
    )

    try:
        table = toml_within(read_text(path), PROBLEMS)
    except FileError as error:
        shown = quoted(path, 200)
        raise FileError(str(error) if shown in str(error) else f"{shown}: {error}") from None
    found: dict[str, Any] = {}
    for name, value in table.items():
        if isinstance(value, list):
            found[canonical_name(name)] = array_given(name, value)
            continue
        if isinstance(value, bool) or not isinstance(value, (int, float, str)):
            raise FileError(
                said(
                    '{path}: the value of {name} is a number or a text such as "1/3", not {value}',
                    path=quoted(path, 200),
                    name=quoted(name),
                    value=quoted(repr(value)),
                )
            )
        read = (
            parse_number(value, source=f"{path}: {name}").value if isinstance(value, str) else value
        )
        found[canonical_name(name)] = plain(read)
    return found


def _drawn(
    program: Program, at: dict[str, Number], seed: int, graph_options: dict[str, Any]
) -> dict[str, Number]:
    """Return the values with small readable ones drawn for the inputs that have none."""
    graph = build_graph(program, **graph_options)
    known = set(at) | set(program.values)
    free = [
        n.name for n in graph.nodes if n.kind == "input" and n.value is None and n.name not in known
    ]
    draw = random.Random(seed)
    last: DomainError | None = None
    for _ in range(_RANDOM_TRIES):
        tried: dict[str, Number] = at | {name: draw.choice(_RANDOM_CHOICES) for name in free}
        try:
            derive(program, tried, **graph_options)
        except DomainError as error:
            last = error
            continue
        return tried
    raise OptionError(
        said("no small values were found at which the program is defined: {last}", last=last)
    )


def learning_rate(text: str | None) -> Number | None:
    """Return the learning rate of `--update`: `lr=0.5`, or the number alone."""
    if text is None:
        return None
    name, mark, rest = text.partition("=")
    if mark and name.strip() not in ("lr", "η", "eta"):
        raise OptionError(said("--update takes lr=NUMBER, not {given}", given=quoted(text)))
    return plain(parse_number(rest if mark else text, source="--update").value)


def emit(content: str, output: str | None) -> None:
    """Print a text as it is, or write it to a file and say so."""
    if output is not None:
        wrote(write_whole(output, content))
    else:
        out(content, newline=False, whole=True)


def tell(document: Document, output: str | None) -> None:
    """Print a document, as wide as the terminal and in its colours, or write it to a file and say so."""
    from ..render.narration.text import text, text_coloured  # start-up time, as below

    if output is not None:
        wrote(write_whole(output, text(document)))
    elif sys.stdout.isatty():
        from rich.console import Console

        Console(soft_wrap=True, highlight=False).print(text_coloured(document, columns()), end="")
    else:
        out(text(document, columns()), newline=False, whole=True)
