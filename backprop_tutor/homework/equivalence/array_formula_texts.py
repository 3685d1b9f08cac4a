"""A formula in matrices as students write it, made ready for the language: `Xᵀ`, `X^T`, `dL/dZ`, `σ'(Z)`.

Enters: the text and a graph. Leaves: a `ReadFormula`: a program of one line, and what the stand-in names
in it mean. Nothing is evaluated here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ...errors import ParseError, TutorError, UnknownNameError, did_you_mean, quoted
from ...language import Program, parse
from ...language.limits import ANSWER
from ...matrices.array_graph import ArrayGraph
from ...ops import FUNCTIONS
from ...sentences import said
from .stand_ins import PRIMED, closing, without_gradients

__all__ = ["COUNTS", "ReadFormula", "Slope", "read_formula"]

COUNTS = ("N", "n", "m", "B")
"""Letters for the number of samples, where the program has no such name."""

_TURNED = re.compile(
    r"\^\s*(?:\\top\b|\\intercal\b|\{\s*(?:\\top|\\intercal|T|\\mathsf\s*\{?T\}?|\\mathrm\{T\})\s*\}"
    r"|T(?![A-Za-z0-9_]))|\.T\b"
)
_LEFT = re.compile(r"\s*[^()\[\]=+*@,;\n]{1,60}=(?!=)")
_MOST_SLOPES = 20


@dataclass(frozen=True, slots=True)
class Slope:
    """A stand-in for `σ'(Z)`: the slope of a function, and the formula of what goes into it."""

    name: str
    op: str
    inside: ReadFormula


@dataclass(frozen=True, slots=True)
class ReadFormula:
    """A formula, read.

    Attributes:
        program: its one assignment.
        names: the names in it that stand for values of the graph's nodes.
        gradients: names in it that stand for gradients, and of which node.
        counts: letters that stand for the number of samples.
        slopes: names in it that stand for slopes of functions.
    """

    program: Program
    names: tuple[str, ...]
    gradients: dict[str, int]
    counts: tuple[str, ...]
    slopes: tuple[Slope, ...]

    def all_names(self) -> tuple[str, ...]:
        """Return every node's name that is read, inside of slopes too."""
        return (*self.names, *(name for slope in self.slopes for name in slope.inside.all_names()))

    def all_gradients(self) -> tuple[int, ...]:
        """Return every node whose gradient is read, inside of slopes too."""
        inner = (place for slope in self.slopes for place in slope.inside.all_gradients())
        return (*self.gradients.values(), *inner)


def read_formula(text: str, graph: ArrayGraph) -> ReadFormula:
    """Return a formula over a graph's values and gradients.

    Raises:
        ParseError, UnknownNameError: what is no formula over them.
    """
    if len(text) > ANSWER.characters:
        raise UnknownNameError(
            said("an answer has at most {most:,} characters", most=ANSWER.characters)
        )
    left = _LEFT.match(text)
    body = text[left.end() :] if left and text.count("=") - text.count("axis=") >= 1 else text
    if ";" in body or "\n" in body.strip():
        raise UnknownNameError(said("one formula is expected, on one line"))
    gradients: dict[str, int] = {}
    whole = without_gradients(body.strip(), graph, gradients)
    return _read(_turned(whole, graph), graph, 0, gradients)


def _turned(text: str, graph: ArrayGraph) -> str:
    """Return the text with every transpose written as ᵀ; `^T` is one unless T is a name."""
    if "T" in graph.index:
        return text
    return _without_latex(_TURNED.sub("ᵀ", text))


_LATEX = (
    (re.compile(r"\\(?:left|right|big|Big|,|;|!|quad|displaystyle)(?![A-Za-z])|\$"), ""),
    (re.compile(r"\\(?:mathbf|boldsymbol|bm|mathrm|mathit|text)\s*\{([^{}]*)\}"), r"\1"),
    (re.compile(r"\\odot(?![A-Za-z])"), "⊙"), (re.compile(r"\\(?:cdot|times)(?![A-Za-z])"), "·"),
    (re.compile(r"\\(?:sigma)(?![A-Za-z])"), "σ"),
)  # fmt: skip
"""What formulas in matrices are set with in LaTeX, and what it is without; the language reads the rest."""

_FRAC = re.compile(r"\\[dt]?frac\s*\{([^{}]*)\}\s*\{([^{}]*)\}")


def _without_latex(text: str) -> str:
    """Return a formula in plain characters, as far as it is of matrices: ⊙, fractions, bold letters.

    >>> _without_latex(r"\\frac{1}{N} \\mathbf{X}ᵀ (P - Y)")
    '((1)/(N)) Xᵀ (P - Y)'
    """
    if "\\" not in text and "$" not in text:
        return text
    for pattern, plain in _LATEX:
        text = pattern.sub(plain, text)
    for _ in range(10):  # fractions lie in each other
        if not _FRAC.search(text):
            break
        text = _FRAC.sub(r"((\1)/(\2))", text)
    return text


def _read(text: str, graph: ArrayGraph, depth: int, gradients: dict[str, int]) -> ReadFormula:
    slopes: list[Slope] = []
    text = _without_slopes(text, graph, depth, slopes, gradients)
    nodes = [node.name for node in graph.nodes if node.named and node.kind != "constant"]
    counts = [letter for letter in COUNTS if letter not in graph.index]
    known = [*nodes, *gradients, *counts, *(slope.name for slope in slopes)]
    program = parse(text, known, source="", arrays=True)
    if len(program.assignments) != 1 or len(program.assignments[0].targets) != 1:
        raise UnknownNameError(said("one formula is expected, on one line"))
    for name in program.inputs:
        if name not in known:
            hint = did_you_mean(name, nodes) or said("names: {names}", names=", ".join(nodes[:12]))
            raise UnknownNameError(
                said("no value here is called {name}; {hint}", name=quoted(name), hint=hint)
            )
    used = set(program.inputs)
    return ReadFormula(
        program,
        tuple(name for name in nodes if name in used),
        {name: place for name, place in gradients.items() if name in used},
        tuple(letter for letter in counts if letter in used),
        tuple(slope for slope in slopes if slope.name in used),
    )


def _without_slopes(
    text: str, graph: ArrayGraph, depth: int, slopes: list[Slope], gradients: dict[str, int]
) -> str:
    """Return the text with each `σ'(…)` as one name."""
    while match := PRIMED.search(text):
        name = match["name"].lstrip("\\")
        row = FUNCTIONS.get(name)
        stop = closing(text, match.end())
        if row is None or row.least != 1 or row.most != 1 or stop < 0 or depth > 3:
            return text  # the language says what is wrong there
        if len(slopes) >= _MOST_SLOPES:
            raise UnknownNameError(said("more than {most} slopes in one formula", most=_MOST_SLOPES))
        made = f"slope_{depth}_{len(slopes) + 1}"
        inside = _read(text[match.end() : stop], graph, depth + 1, gradients)
        slopes.append(Slope(made, row.name, inside))
        text = f"{text[: match.start()]}({made}){text[stop + 1 :]}"
    return text


def fault_of(error: TutorError) -> str:
    """Return an error of a formula in one line and its caret."""
    return str(error) if isinstance(error, ParseError) else str(error).splitlines()[0]
