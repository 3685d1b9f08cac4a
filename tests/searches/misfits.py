"""Random programs whose shapes do not fit: what is said of them is held to what happens.

Enters: a seed and a count. Leaves: what was tried, by kind, and each complaint with its program. A misfit is
a `ShapeError`, its caret lies on something in the text, it says the shapes of the operands, a remedy that it
offers fits and has the shape it says, and all misfits of a program come at once.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import numpy as np

import backprop_tutor as bt
from backprop_tutor.ops.sizes import shown

__all__ = ["Found", "main", "search"]

Shape = tuple[Any, ...]

_FORMS = {
    "product": "{0}@{1}", "beside": "{0} {1}", "sum": "{0} + {1}", "difference": "{0} - {1}",
    "entries": "{0}*{1}", "hadamard": "{0} ⊙ {1}", "quotient": "{0}/{1}", "layer": "{0}@{1} + {2}",
    "upright": "{1}@{0} + {2}", "turned": "{0}ᵀ {1}", "dotted": "{0}.T@{1}", "function": "relu({0}@{1})",
    "larger": "max({0}, {1})", "three": "max({0}, {1}, {2})", "loss": "mse({0}, {1})",
    "entropy": "bce({0}, {1})", "classes": "cross_entropy({0}, {1})", "dot": "dot({0}, {1})",
    "outer": "outer({0}, {1})", "batch": "batchnorm({0}, {1}, {2})", "norm": "layernorm({0}, {1}, {2})",
    "mask": "dropout({0}, {1})", "join": "concat({0}, {1})", "join along": "concat({0}, {1}, axis={a})",
    "join three": "concat({0}, {1}, {2}, axis={a})", "stack": "stack({0}, {1})", "total": "sum({0}, axis={a})",
    "mean": "mean({0}, axis=({a}, {c}))", "shares": "softmax({0}, axis={a})",
    "logs": "log_softmax({0}, axis={a})", "largest": "max({0}, axis={a})", "norm along": "norm({0}, axis={a})",
    "entry": "{0}[{i}, {j}]", "row": "{0}[{i}]", "column": "{0}[:, {j}]", "shape": "reshape({0}, {m}, {n})",
    "open": "reshape({0}, -1, {n})", "flat": "reshape({0}, {m})", "spread": "broadcast_to({0}, {m}, {n})",
    "turn": "{0}.T", "order": "permute({0}, {a}, {c})", "flip": "flip({0}, {a})", "solve": "solve({0}, {1})",
    "inverse": "inverse({0})", "own": "g({0}, {1})", "own twice": "h({0}@{1})",
}  # fmt: skip
_OWN = "g(s, t) = s@t + 1; h(u) = u*u + exp(u)"
_NAMES = ("X", "W", "b", "W_1", "Y", "A", "β", "x", "T_2")
_FAULT = re.compile(r"line (\d+), column (\d+): (.*)\n  (.*)\n  ( *)(\^+)")
_FITS = re.compile(r"`([^`]+)` would be ([^;`]+?)(?=;|$)")
_NEEDS = re.compile(r"`([^`]+)` would need (?:(\S+) (entry|entries|rows?|columns?)|the shape (\S+))(?=;|$)")
_ROWS = re.compile(r"rows of ([\d, ]+) or (\d+) would be filled")
_SAME = re.compile(r"where (\w+) and (\w+) are equal")
_NUMBER = re.compile(r"where (\w+) is (\d+), write")


@dataclass(slots=True)
class Found:
    """What was tried: `counts` by kind of outcome; `complaints`, each a sentence with its program."""

    counts: Counter[str] = field(default_factory=Counter)
    complaints: list[str] = field(default_factory=list)


def search(seed: int, count: int, numbers: float = 0.2) -> Found:
    """Return what `count` random programs gave; of so many, of numbers alone, `derive` is asked, too."""
    found = Found()
    for i in range(count):
        rng = random.Random(f"{seed}/{i}")
        lines = [_line(rng, k) for k in range(rng.choice((1, 1, 1, 2, 3)))]
        sizes: dict[str, Shape] = {}
        for _, _, own in lines:
            sizes |= own
        try:
            _look(found, [(text, kind) for text, kind, _ in lines], sizes, rng.random() < numbers)
        except Exception as error:
            found.complaints.append(f"{type(error).__name__}: {error}\n  {lines}")
    return found


def main(count: int, seed: int) -> int:
    """Print what a search finds; return how many complaints there are."""
    found = search(seed, count)
    for kind, times in sorted(found.counts.items()):
        print(f"{times:8,}  {kind}")
    for complaint in found.complaints:
        print(f"\n{complaint}")
    print(f"\n{count:,} programs from seed {seed}: {len(found.complaints)} complaints")
    return len(found.complaints)


def _size(rng: random.Random) -> Any:
    return rng.choice((1, 2, 3, 3, 4, 4, 5, 6, "N", "N", "M", "d"))


def _line(rng: random.Random, number: int) -> tuple[str, str, dict[str, Shape]]:
    """Return a formula of one operation, its kind, and the shapes of its names, which end in the number."""
    kind = rng.choice(list(_FORMS))
    names = [f"{name}{number}" for name in rng.sample(_NAMES, 3)]
    alike = [_size(rng) for _ in range(3)]
    shapes = {}
    for name in names:
        rank = rng.choice((0, 1, 1, 2, 2, 2, 2, 3))
        # most sizes come from a few, so that much nearly fits
        shapes[name] = tuple(rng.choice(alike) if rng.random() < 0.8 else _size(rng) for _ in range(rank))
    texts = list(names)
    if rng.random() < 0.2:
        texts[0] = rng.choice(("({}.T)", "relu({})", "(2*{})", "exp({})")).format(names[0])
    text = _FORMS[kind].format(
        *texts, a=rng.randint(-3, 3), c=rng.randint(-2, 2), i=rng.randint(-5, 5), j=rng.randint(-5, 5),
        m=rng.randint(1, 6), n=rng.randint(1, 6),
    )  # fmt: skip
    used = {name: shape for name, shape in shapes.items() if name in text}
    return text, kind, used


def _program(lines: list[str]) -> str:
    body = "\n".join(f"R{k} = {text}" for k, text in enumerate(lines))
    return f"{_OWN}\n{body}" if any(text.startswith(("g(", "h(")) for text in lines) else body


def _read(program: str, sizes: dict[str, Shape]) -> dict[str, Shape] | bt.TutorError:
    try:
        return dict(bt.shapes(_with_both(program), sizes))
    except bt.TutorError as error:
        return error


def _with_both(program: str) -> str:
    """Return a program in which both functions are called, so that none is idle."""
    if not program.startswith(_OWN):
        return program
    calls = [name for name in ("g", "h") if f"= {name}(" not in program]
    extra = {"g": "idle0 = g(1*2, 3)", "h": "idle1 = h(2)"}
    first, _, rest = program.partition("\n")
    for name in calls:
        start = first.index(f"{name}(")
        stop = first.find(";", start)
        first = (first[:start] + (first[stop + 1 :] if stop >= 0 else "")).strip(" ;")
        extra.pop(name)
    return f"{first}\n{rest}"


def _look(found: Found, lines: list[tuple[str, str]], sizes: dict[str, Shape], derived: bool) -> None:
    program = _with_both(_program([text for text, _ in lines]))
    result = _read(program, sizes)
    alone = [_read(_program([text]), _used(text, sizes)) for text, _ in lines]
    wrong = [k for k, each in enumerate(alone) if isinstance(each, bt.TutorError)]
    if not isinstance(result, bt.TutorError):
        found.counts["fits"] += 1
        if wrong:
            found.complaints.append(f"a line alone does not fit:\n{program}\n{sizes}\n{alone[wrong[0]]}")
        return
    if not isinstance(result, bt.ShapeError):
        kinds = {type(each).__name__ for each in alone if isinstance(each, bt.TutorError)}
        found.counts[f"refused otherwise: {'/'.join(sorted(kinds))}"] += 1
        if not isinstance(result, bt.ParseError):
            found.complaints.append(f"{type(result).__name__}: {result}\n{program}\n{sizes}")
        return
    faults = _FAULT.findall(str(result))
    shift = 1 if program.startswith((_OWN[:4], "h(u)")) else 0
    at_fault = sorted({int(line) - 1 - shift for line, *_ in faults})
    if "".join(_FAULT.sub("", str(result)).split()):
        found.complaints.append(f"more than faults is said:\n{result}\n{sizes}")
    wrong = [k for k in wrong if not lines[k][0].startswith(("g(", "h("))]  # told where they are defined
    if not set(wrong) <= set(at_fault):
        found.complaints.append(f"lines {at_fault} are told, and {wrong} do not fit:\n{result}\n{sizes}")
        return
    for line, column, message, shown_line, blank, carets in faults:
        own = program.splitlines()[int(line) - 1]
        k = int(line) - 1 - shift
        found.counts["misfits"] += 1
        marked = shown_line[len(blank) : len(blank) + len(carets)]
        if not marked.strip() or len(blank) + len(carets) > len(shown_line) or own[int(column) - 1] != marked[0]:
            found.complaints.append(f"a caret beside the text:\n{result}")
        if k >= 0:
            _look_at(found, lines[k], _used(lines[k][0], sizes), message, str(alone[k]))
    if derived:
        _compare(found, program, sizes, str(result))


def _used(text: str, sizes: dict[str, Shape]) -> dict[str, Shape]:
    return {name: shape for name, shape in sizes.items() if name in text}


def _look_at(found: Found, line: tuple[str, str], sizes: dict[str, Shape], message: str, whole: str) -> None:
    text, kind = line
    told = sum(
        shown(shape) in message or (not shape and "number" in message)
        or (len(shape) == 1 and f"{shape[0]} entries" in message) for shape in sizes.values()
    )  # fmt: skip
    simple = not any(sign in text for sign in ("relu", "exp(", "2*", ".T)", "{0}@{1} +")) and kind not in (
        "layer", "upright", "function", "own", "own twice", "turned", "dotted")
    lone = ("axis", "is a number", "every entry", "square", "a batch", "symbol", "index", "indices",
            "one number", "no scalar product")
    if simple and told < (1 if any(word in message for word in lone) else min(2, len(sizes))):
        found.complaints.append(f"the operands' shapes are not told:\n{whole}\n{sizes}")
    fits = _FITS.findall(message)
    for written, shape in fits:
        found.counts["remedies"] += 1
        made = _read(f"R0 = {written}", {n: s for n, s in sizes.items() if n in written})
        wanted = () if shape == "a number" else shape
        given = made if isinstance(made, bt.TutorError) else made.get("R0")
        if isinstance(given, bt.TutorError) or (shown(given or ()) if given else ()) != wanted:
            found.complaints.append(f"`{written}` would be {shape}, and is {given}:\n{whole}\n{sizes}")
    if not fits:
        _repair(found, line, sizes, whole)
    if not fits and not _NEEDS.search(message) and "axis" not in message and "entry" not in message:
        found.counts[f"nothing offered: {kind}"] += 1


def _repair(found: Found, line: tuple[str, str], sizes: dict[str, Shape], whole: str) -> None:
    """Do what a message says is needed, again and again: in the end the line fits, or says something else."""
    text, _ = line
    now: dict[str, Shape] = dict(sizes)
    message = whole
    done = False
    for _ in range(6):
        changed = False
        for name, count, what, shape in _NEEDS.findall(message):
            if name not in now or _NUMBER.search(message) or _SAME.search(message):
                continue
            own = list(now[name])
            if shape:
                own = [int(n) if n.isdigit() else n for n in re.findall(r"\w+", shape)]
            elif what.startswith("column"):
                own[1] = int(count) if count.isdigit() else count
            else:
                own[0] = int(count) if count.isdigit() else count
            now[name] = tuple(own)
            changed = True
        for one, other in [*_SAME.findall(message), *_NUMBER.findall(message)]:
            keep: Any = int(other) if other.isdigit() else other
            now = {n: tuple(keep if size == one else size for size in s) for n, s in now.items()}
            changed = True
        for listed, last in _ROWS.findall(message):
            for rows in [*listed.split(", "), last]:
                formed = re.sub(r"-1, \d+", f"-1, {rows}", text)
                if isinstance(_read(f"R0 = {formed}", now), bt.TutorError):
                    found.complaints.append(f"rows of {rows} are not filled:\n{whole}\n{sizes}")
            return
        if not changed:
            break
        done = True
        found.counts["repairs"] += 1
        result = _read(_program([text]), now)
        if not isinstance(result, bt.TutorError):
            return
        message = str(result)
    if done and (_NEEDS.search(message) or _SAME.search(message) or _NUMBER.search(message)):
        found.complaints.append(f"does not fit when it is done as told:\n{whole}\n{sizes}\n{message}")


def _compare(found: Found, program: str, sizes: dict[str, Shape], message: str) -> None:
    """Hold what `derive` says of arrays of these shapes to what `shapes` said."""
    if not any(sizes.values()) or any(isinstance(n, str) for shape in sizes.values() for n in shape):
        return
    at = {name: np.ones(shape) if shape else 1.0 for name, shape in sizes.items()}
    try:
        bt.derive(program, at=at)
    except bt.ShapeError as error:
        if str(error) != message:
            found.complaints.append(f"derive says otherwise:\n{message}\n{error}")
        found.counts["derived"] += 1
    except bt.TutorError as error:
        found.complaints.append(f"derive raises {type(error).__name__}: {error}\n{message}")
