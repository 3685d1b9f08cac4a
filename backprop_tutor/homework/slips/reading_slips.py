"""Slips of reading: an input was read as another number, and everything was worked out rightly from that.

A minus that was dropped, digits exchanged, the decimal point moved, another input's number. Nothing here is
a wrong rule, so these are no part of what a problem's numbers are to tell apart.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from .broken_pass import Bend, Scene
from .slip_record import Site, Slip, different

__all__ = ["ROWS", "exchanged_digits", "short_text"]

_MOST = 12
"""With so many inputs each is tried with every other's number; with more, with those of its own letter."""

_LONGEST = 8


def short_text(number: float) -> str:
    """Return a number as it is typed; empty where it has many digits.

    >>> short_text(-0.45), short_text(1 / 3)
    ('-0.45', '')
    """
    text = f"{number:.10g}"
    return text if len(text) <= _LONGEST and "e" not in text else ""


def exchanged_digits(text: str) -> Iterator[str]:
    """Yield a number's text with two neighbouring digits exchanged, over the point too.

    >>> list(exchanged_digits("1.24"))
    ['2.14', '1.42']
    """
    digits = [i for i, letter in enumerate(text) if letter.isdigit()]
    for place, (one, other) in enumerate(pairwise(digits)):
        alike = text[one] == text[other]
        # A nought in front is not exchanged, nor does one come to stand there where none was.
        leading = place == 0 and text[one] == "0"
        if not alike and not leading:
            letters = list(text)
            letters[one], letters[other] = letters[other], letters[one]
            yield "".join(letters)


def _inputs(scene: Scene) -> list[tuple[int, str, float]]:
    graph = scene.plan.graph
    return [
        (place, node.name, scene.plan.numbers[place])
        for place, node in enumerate(graph.nodes)
        if node.kind == "input" and graph.uses[place]
    ]


def _read_as(number: float) -> dict[str, list[float]]:
    found = {"minus dropped" if number < 0 else "minus put in": [-number]}
    text = short_text(number)
    found["digits exchanged"] = [float(made) for made in exchanged_digits(text)]
    found["point moved"] = [number * 10, number / 10]
    found["zero"] = [0.0]
    found["one"] = [1.0]
    return found


def _misread(scene: Scene) -> Iterator[Site]:
    inputs = _inputs(scene)
    for place, name, number in inputs:
        seen: list[float] = [number]
        for variant, numbers in _read_as(number).items():
            for read in numbers:
                if not any(not different(read, other) for other in seen):
                    seen.append(read)
                    yield _site(place, read, variant)
        for other, its, read in inputs:
            near = len(inputs) <= _MOST or its[0] == name[0]
            if other != place and near and not any(not different(read, known) for known in seen):
                seen.append(read)
                yield _site(place, read, "another input", {"other": its})


def _site(place: int, read: float, variant: str, words: dict[str, str] | None = None) -> Site:
    shown = f"{read:.10g}".replace("-", "−")
    return Site(place, Bend(numbers={place: read}), variant, {"read": shown, **(words or {})})


def _exchanged(scene: Scene) -> Iterator[Site]:
    inputs = _inputs(scene)
    for number, (place, name, value) in enumerate(inputs):
        for other, its, read in inputs[number + 1 :]:
            near = len(inputs) <= _MOST or its[0] == name[0]
            if near and different(value, read):
                bend = Bend(numbers={place: read, other: value})
                yield Site(place, bend, f"with {its}", {"one": name, "other": its})


ROWS = (
    Slip(
        name="misread-input", family="inputs", rank=2, sites=_misread, joined=False, fixed=True,
        of_reading=True,
        sentence="This input was read as {read}; what follows from it is worked out from that.",
        hint="Copy the given numbers once more, one by one.",
        variants={
            "minus dropped": "The minus of this input was dropped: everything is worked out with {read}.",
            "minus put in": "This input was given a minus that it does not have: everything is worked out "
            "with {read}.",
            "digits exchanged": "Digits of this input were exchanged: everything is worked out with "
            "{read}.",
            "point moved": "The decimal point of this input was moved: everything is worked out with "
            "{read}.",
            "another input": "The number of {other} was taken for this input: everything is worked out "
            "with {read}.",
        },
        ranks={"minus dropped": 1, "minus put in": 3, "zero": 4, "one": 4, "another input": 3},
    ),
    Slip(
        name="inputs-exchanged", family="inputs", rank=3.5, sites=_exchanged, joined=False, fixed=True,
        of_reading=True,
        sentence="The numbers of {one} and {other} were taken for each other; everything else is worked "
        "out from that.",
        hint="Copy the given numbers once more, one by one.",
    ),
)  # fmt: skip
