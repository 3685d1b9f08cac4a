"""What is fuzzed: a table of readers, each with how its inputs are made and what is done with them.

A target's `attempt` makes its input from a random generator and reads it. It returns what kind of
input it was, and raises what the reader raises: a `TutorError` is an answer, anything else a fault.
"""

from __future__ import annotations

import contextlib
import io
import json
import random
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import backprop_tutor as bt
from backprop_tutor.homework.answers.reading import read_answers
from backprop_tutor.homework.answers.rosters import parse_roster
from backprop_tutor.homework.answers.sheets import Sheet
from backprop_tutor.homework.marking.results import marked_sheet
from backprop_tutor.homework.problems.problem_set import ProblemSet, parse_problems
from backprop_tutor.language import parse_number
from backprop_tutor.ops import plain

from . import seeds
from .mutator import damaged, mutated, number, program, values

__all__ = ["TARGETS", "Target"]


@dataclass(frozen=True)
class Target:
    """A reader: what it is, and a function that makes one input and has it read."""

    what: str
    attempt: Callable[[random.Random], object]


@lru_cache(maxsize=1)
def _problem() -> bt.Derivation:
    return bt.derive("q = x + y\nf = q*z", at={"x": -2, "y": 5, "z": -4})


@lru_cache(maxsize=1)
def _set() -> ProblemSet:
    return parse_problems(
        '[[problem]]\nid = "p1"\nprogram = "q = x + y; f = q*z"\nvalues = {x = -2, y = 5, z = -4}\n'
    )


@lru_cache(maxsize=1)
def _folder() -> Path:
    """Return this process's folder for files that a target reads; it goes with the process."""
    return Path(_kept().name)


@lru_cache(maxsize=1)
def _kept() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="fuzz-")


def _plain(rng: random.Random) -> object:
    return bt.parse(
        mutated(rng, seeds.PROGRAMS) if rng.random() < 0.7 else mutated(rng, [program(rng)])
    ).reading


def _latex(rng: random.Random) -> object:
    return bt.parse(mutated(rng, seeds.LATEX)).reading


def _derive(rng: random.Random) -> object:
    text = program(rng) if rng.random() < 0.7 else mutated(rng, seeds.PROGRAMS)
    at = {
        n: plain(parse_number(v).value)
        for n, v in values(rng, ["x", "y", "w", "b", "z", "t"]).items()
    }
    parsed = bt.parse(text)
    names = {node for node in at if node in parsed.reading or rng.random() < 0.05}
    derivation = bt.derive(parsed, at={n: at[n] for n in names})
    derivation.explain(rng.choice(["text", "markdown", "latex", "json"]), check=rng.random() < 0.3)
    if rng.random() < 0.1:
        derivation.update(lr=0.1)
    return derivation.values


def _numeric(rng: random.Random) -> object:
    answer: object = mutated(rng, seeds.FORMULAS) if rng.random() < 0.5 else number(rng)
    if rng.random() < 0.05:
        answer = rng.choice(
            [None, 3, 3.5, float("inf"), float("nan"), 10**400, -0.0, True, [], {}, b"3"]
        )
    quantity = rng.choice(["q", "f", "df/dx", "df/dq", "local(f, q)", "down(f, q)"])
    return bt.mark(_problem(), {quantity: answer}, want=rng.choice(["number", "either"])).score


def _formula(rng: random.Random) -> object:
    text = mutated(rng, seeds.FORMULAS) if rng.random() < 0.6 else program(rng).rpartition("= ")[2]
    return bt.mark(
        _problem(), {rng.choice(["q", "df/dx", "local(f, q)"]): text}, want="formula"
    ).score


def _equivalent(rng: random.Random) -> object:
    one = program(rng).rpartition("= ")[2]
    other = mutated(rng, [one]) if rng.random() < 0.7 else program(rng).rpartition("= ")[2]
    return bt.equivalent(one, other).equal


def _problems(rng: random.Random) -> object:
    return len(list(parse_problems(mutated(rng, seeds.PROBLEMS, seeds.PROBLEM_WORDS), "p.toml")))


def _sheets(rng: random.Random) -> object:
    suffix = rng.choice(list(seeds.SHEETS))
    data = mutated(rng, seeds.SHEETS[suffix], seeds.SHEET_WORDS).encode("utf-8", "surrogatepass")
    path = _folder() / f"anna{suffix}"
    path.write_bytes(damaged(rng, data) if rng.random() < 0.3 else data)
    events = list(read_answers(path, _set()))
    for event in events:
        if isinstance(event, Sheet):
            marked_sheet(_set(), event).model_dump_json()
        else:
            str(event)
    return len(events)


def _rosters(rng: random.Random) -> object:
    return len(
        parse_roster(
            mutated(rng, seeds.ROSTERS, ("name", "id", ",", "\n", '"', "CON", "../x", " "))
        )
    )


@lru_cache(maxsize=1)
def _saved() -> tuple[tuple[str, bytes], ...]:
    """Return files of both kinds that hold tensors, by their endings."""
    from backprop_tutor import engine as torch

    found = []
    content = {"w": torch.ones(3, 2), "b": torch.arange(4), "n": torch.tensor(0.5)}
    for suffix, data in (
        (".pt", {**content, "more": [1, "a", (None, True)]}),
        (".safetensors", content),
    ):
        path = _folder() / f"saved{suffix}"
        torch.save(data, str(path))
        found.append((suffix, path.read_bytes()))
    return tuple(found)


def _tensors(rng: random.Random) -> object:
    from backprop_tutor import engine as torch

    suffix, data = rng.choice(_saved())
    path = _folder() / f"damaged{suffix}"
    path.write_bytes(damaged(rng, data))
    return type(torch.load(str(path)))


COMMANDS = (
    ("explain",),
    ("explain", "--format", "json"),
    ("explain", "--no-check"),
    ("explain", "--update", "lr=0.1"),
    ("paths",),
    ("check-gradients",),
    ("explain", "--precision", "3"),
)


def _command(rng: random.Random) -> object:
    from backprop_tutor.cli import main

    at = values(rng, ["x", "y", "w", "b"])
    given = [f"{n}={mutated(rng, [v]) if rng.random() < 0.3 else v}" for n, v in at.items()]
    if rng.random() < 0.2:
        given = [mutated(rng, given) for _ in given]
    text = program(rng) if rng.random() < 0.5 else mutated(rng, seeds.PROGRAMS)
    held = io.StringIO()
    with contextlib.redirect_stdout(held), contextlib.redirect_stderr(held):
        try:
            main([*rng.choice(COMMANDS), text, *given])
        except SystemExit as stop:
            status = stop.code
    if status not in (0, 1, 2):
        raise AssertionError(f"the exit status {status}")
    if "Traceback" in held.getvalue():
        raise AssertionError(held.getvalue())
    if status == 2:
        raise bt.TutorError("refused")
    return json.dumps(status)


TARGETS: Mapping[str, Target] = {
    "plain": Target("programs as plain text", _plain),
    "latex": Target("programs in LaTeX", _latex),
    "derive": Target("deriving and explaining", _derive),
    "numeric": Target("marking a numeric answer", _numeric),
    "formula": Target("marking a formula", _formula),
    "equivalent": Target("whether two formulas are equivalent", _equivalent),
    "problems": Target("problem files (TOML)", _problems),
    "sheets": Target("answer files (CSV, JSON, JSONL, TOML), marked", _sheets),
    "rosters": Target("rosters (CSV)", _rosters),
    "tensors": Target("saved tensors (.pt, .safetensors)", _tensors),
    "command": Target("programs and values on the command line", _command),
}
