"""Two linear layers are one: as formula, as numbers, as picture; and why not, with an activation between.

Enters: a program, its input, numbers for the names. Leaves: lines and pictures. Numbers that are not given
are small whole ones, drawn by a seed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from ..charts.axes import Axes, around
from ..charts.picture import Picture
from ..errors import OptionError
from ..language import Apply, Name, Number, Program, shown_name
from ..language.tree import postorder
from ..ops import OPS
from ..ops.numpy_kernel import NUMPY
from ..render.narration.numbers import shown
from ..render.stage.marks import Mark, words
from ..sentences import said
from .affine import Affine, Bend, Term, composed, term_text

__all__ = ["Collapse"]


class Collapse:
    """A program with numbers: `lines` tell it, `picture` draws it."""

    program: Program
    input: str

    def __init__(self, program: Program, name: str, given: Mapping[str, Any], seed: int) -> None:
        self.program, self.input = program, name
        self.found: dict[str, Affine] | Bend = composed(program, name)
        self.matrices: bool = any(each[0].isupper() for each in program.inputs)
        self.at: dict[str, Any] = _numbers(program, name, given, seed, self.matrices)
        self._check()

    def _check(self) -> None:
        try:
            self.values(self.at[self.input])
        except (ValueError, TypeError):
            shapes = ", ".join(f"{n} {np.shape(v) or 1}" for n, v in self.at.items())
            raise OptionError(
                said("the numbers do not fit this program: {shapes}", shapes=shapes)
            ) from None

    @property
    def bend(self) -> Bend | None:
        """Return what keeps the layers apart; None where they are one."""
        return self.found if isinstance(self.found, Bend) else None

    @property
    def whole(self) -> Affine:
        """Return the output as one layer."""
        assert isinstance(self.found, dict)  # asked where nothing bends
        return self.found[self.program.output]

    def values(self, x: Any) -> dict[str, Any]:
        """Return every assigned name's numbers at an input."""
        known = {**self.at, self.input: x}
        found: dict[str, Any] = {}
        for assignment in self.program.assignments:
            value = _evaluated(assignment.expression, known)
            known[assignment.targets[0]] = found[assignment.targets[0]] = value
        return found

    def lines(self) -> list[str]:
        """Return the derivation as lines of text."""
        return [
            *self.program.reading.split("\n"),
            "",
            *(self._apart() if self.bend else self._as_one()),
        ]

    def _as_one(self) -> list[str]:
        output, x = shown_name(self.program.output), shown_name(self.input)
        whole, lines = self.whole, []
        assert isinstance(self.found, dict)
        for assignment in self.program.assignments:
            target = assignment.targets[0]
            if target not in self.found:
                continue  # it bends, and the output does without it
            each = self.found[target]
            lines.append(f"{shown_name(target)} = {self._affine_text(each, x)}")
        slope, rest = self._slope(whole.slopes), self._rest(whole.rest)
        right = any(term.after for term in whole.slopes)
        form = f"{x}·W + b" if right else f"W·{x} + b"
        lines += ["", said("{output} is one layer, {form}, with", output=output, form=form)]
        lines += _matrix_lines(f"W = {self._identity(term_text(whole.slopes))}", slope)
        lines += _matrix_lines(f"b = {term_text(whole.rest)}", rest)
        at = self.at[self.input]
        by_layers = self.values(at)[self.program.output]
        at_once = (_product(at, slope) if right else _product(slope, at)) + rest
        lines += [
            "",
            said("at {x} = {at}", x=x, at=_flat(at)),
            said("  layer by layer: {output} = {value}", output=output, value=_flat(by_layers)),
            said("  in one layer:   {output} = {value}", output=output, value=_flat(at_once)),
        ]
        return lines

    def _identity(self, text: str) -> str:
        """Return a sum in which a product of no matrices is the identity."""
        if not self.matrices:
            return text
        parts = text.split(" ")
        return " ".join(
            "I" if part == "1" else f"{part}·I" if part.isdigit() else part for part in parts
        )

    def _affine_text(self, value: Affine, x: str) -> str:
        right = any(term.after for term in value.slopes)
        slope = self._identity(term_text(value.slopes))
        slope = f"({slope})" if " " in slope else slope
        one = x if slope in ("I", "1") else f"{x}·{slope}" if right else f"{slope}·{x}"
        rest = term_text(value.rest)
        return one if rest == "0" else f"{one} + ({rest})" if " " in rest else f"{one} + {rest}"

    def _slope(self, terms: tuple[Term, ...]) -> Any:
        size = np.size(self.at[self.input]) if self.matrices else 1
        empty = np.eye(np.shape(self.at[self.input])[-1] if self.matrices else size)
        return self._added(terms, empty if self.matrices else 1.0)

    def _rest(self, terms: tuple[Term, ...]) -> Any:
        output = self.values(self.at[self.input])[self.program.output]
        return self._added(terms, 1.0) if terms else np.zeros(np.shape(output))

    def _added(self, terms: tuple[Term, ...], empty: Any) -> Any:
        total: Any = 0.0
        for term in terms:
            value: Any = None
            for name in term.names + term.after:
                each = self._named(name)
                value = each if value is None else _product(value, each)
            total = total + float(term.factor) * (empty if value is None else value)
        return total

    def _named(self, name: str) -> Any:
        if name in self.at:
            return self.at[name]
        for assignment in self.program.assignments:  # a function of constants alone
            for node in postorder(assignment.expression):
                if isinstance(node, Apply) and f"({_text(node)})" == name:
                    return _evaluated(node, self.at)
        raise OptionError(said("no numbers for {name}", name=name))

    def _apart(self) -> list[str]:
        bend, output = self.bend, shown_name(self.program.output)
        assert bend is not None  # asked where there is one
        ends = self._witness()
        lines = [
            said(
                "{name} = {formula} is no layer W·x + b: {why}.",
                name=shown_name(bend.name),
                formula=bend.formula,
                why=bend.why,
            ),
            said("What is one layer takes the middle of two points to the middle of their values."),
        ]
        if ends is None:
            return [*lines, said("At these numbers it happens to; others tell them apart.")]
        one, other, middle = ends
        values = [self.values(each)[self.program.output] for each in (one, other, middle)]
        x = shown_name(self.input)
        for each, value in zip((one, other), values, strict=False):
            lines.append(f"  {x} = {_flat(each)}: {output} = {_flat(value)}")
        lines.append(f"  {x} = {_flat(middle)}: {output} = {_flat(values[2])}")
        half = (np.asarray(values[0]) + np.asarray(values[1])) / 2
        lines.append(said("  the middle of the two values is {value}", value=_flat(half)))
        return lines

    def _witness(self) -> tuple[Any, Any, Any] | None:
        """Return two inputs and their middle, at which the output is not the middle of the outputs."""
        random = np.random.RandomState(0)
        shape = np.shape(self.at[self.input])
        for _ in range(200):
            one, other = (random.randint(-3, 4, size=shape).astype(float) for _ in range(2))
            middle = (one + other) / 2
            a, b, c = (
                np.asarray(self.values(each)[self.program.output]) for each in (one, other, middle)
            )
            if np.abs((a + b) / 2 - c).max() > 1e-3 * (1 + np.abs(c).max()):
                return one, other, middle
        return None

    def picture(self) -> Picture | None:
        """Return what each line does to the input plane, or to the axis; None where that has no picture."""
        if not self.matrices:
            return self._curves()
        sizes = {np.shape(value) for value in self.values(self.at[self.input]).values()}
        if np.shape(self.at[self.input]) != (2,) or sizes != {(2,)}:
            return None
        return self._planes()

    def _head(self) -> str:
        return said("the layers are one") if self.bend is None else said("the layers are not one")

    def _planes(self) -> Picture:
        fine, wide = np.linspace(-2, 2, 61), np.linspace(-2, 2, 9)
        lines = [np.stack([fine, np.full(61, s)], 1) for s in wide]
        lines += [np.stack([np.full(61, s), fine], 1) for s in wide]
        stages = {self.input: lines}
        for target in (a.targets[0] for a in self.program.assignments):
            stages[target] = [np.array([self.values(p)[target] for p in line]) for line in lines]
        return self._panels(stages, lambda axes, drawn: _grid(axes, drawn, 9))

    def _curves(self) -> Picture:
        fine = np.linspace(-3, 3, 241)
        stages: dict[str, Any] = {}
        for target in (a.targets[0] for a in self.program.assignments):
            stages[target] = [np.stack([fine, [float(self.values(x)[target]) for x in fine]], 1)]
        return self._panels(
            stages, lambda axes, drawn: axes.line(drawn[0][:, 0], drawn[0][:, 1], "value", 2.4)
        )

    def _panels(self, stages: dict[str, Any], draw: Callable[[Axes, Any], list[Mark]]) -> Picture:
        marks: list[Mark] = [words(self._head(), 28, 34, 20, style="bold")]
        forms = dict(line.split(" = ", 1) for line in self.program.reading.split("\n"))
        for number, (target, drawn) in enumerate(stages.items()):
            points = np.concatenate(drawn)
            axes = Axes(
                box=(56.0 + 320 * number, 96.0, 264.0, 264.0),
                x=around(points[:, 0], 0.05),
                y=around(points[:, 1], 0.05),
            )
            name = shown_name(target)
            title = f"{name} = {forms[name]}" if name in forms else name
            marks += draw(axes, drawn) + axes.frame(title, "" if self.matrices else self.input)
        size = (max(620.0, 30 + 320.0 * len(stages)), 420.0)
        return Picture(marks=tuple(marks), size=size, title=self._head())


def _grid(axes: Axes, lines: list[Any], count: int) -> list[Mark]:
    marks: list[Mark] = []
    for number, line in enumerate(lines):
        colour = "active" if number < count else "#d95f02"
        marks += axes.line(
            line[:, 0], line[:, 1], colour, 2.2 if number % count == count // 2 else 1.1
        )
    return marks


def _text(node: Apply) -> str:
    from ..language import written

    return written(node)


def _product(one: Any, other: Any) -> Any:
    return one @ other if np.ndim(one) and np.ndim(other) else one * other


def _evaluated(expression: Any, known: Mapping[str, Any]) -> Any:
    values: list[Any] = []
    for node in postorder(expression):
        if isinstance(node, Name):
            values.append(known[node.name])
        elif isinstance(node, Number):
            values.append(float(node.value))
        else:
            given = values[len(values) - len(node.operands) :]
            del values[len(values) - len(node.operands) :]
            values.append(_applied(node, given))
    return values[0]


def _applied(node: Apply, given: list[Any]) -> Any:
    if node.op == "multiply" or "matmul" in node.op:
        found = given[0]
        for each in given[1:]:
            found = _product(found, each)
        return found
    row = OPS.get(node.op)
    if row is None or not row.elementwise:
        raise OptionError(
            said(
                "numbers are shown for sums, products and functions of single numbers, not for {op}",
                op=_text(node),
            )
        )
    options = row.with_options(node.options) if row.options else {}
    with np.errstate(all="ignore"):
        return row.forward(NUMPY, *given, **options)


def _numbers(
    program: Program, name: str, given: Mapping[str, Any], seed: int, matrices: bool
) -> dict[str, Any]:
    random = np.random.RandomState(seed)
    found: dict[str, Any] = {}
    for each in program.inputs:
        shape: tuple[int, ...] = ()
        if matrices:
            shape = (2, 2) if each[0].isupper() and each != name else (2,)
        drawn = random.randint(1, 4, size=shape) * random.choice([-1.0, 1.0], size=shape)
        while len(shape) == 2 and abs(np.linalg.det(drawn)) < 0.5:  # a plane that stays one
            drawn = random.randint(1, 4, size=shape) * random.choice([-1.0, 1.0], size=shape)
        found[each] = np.asarray(given[each], float) if each in given else drawn
        if not np.shape(found[each]):
            found[each] = float(found[each])
    return found


def _flat(value: Any) -> str:
    rows = np.asarray(value)
    if not rows.ndim:
        return shown(float(rows), 6)
    return "(" + ", ".join(shown(float(v), 6) for v in rows.reshape(-1)) + ")"


def _matrix_lines(head: str, value: Any) -> list[str]:
    rows = np.asarray(value)
    if rows.ndim < 2:
        return [f"  {head} = {_flat(rows)}"]
    texts = [[shown(float(v), 6) for v in row] for row in rows]
    wide = max(len(text) for row in texts for text in row)
    lead = f"  {head} = "
    return [
        (lead if number == 0 else " " * len(lead))
        + "[ "
        + "  ".join(t.rjust(wide) for t in row)
        + " ]"
        for number, row in enumerate(texts)
    ]
