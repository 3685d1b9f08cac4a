"""Problem files: TOML read, validated and bound to graphs, every fault at once with its place.

Enters: the text of a problem file. Leaves: a `ProblemSet` of `Problem`s, each of which derives its
own answers. What a problem's values are for one student is `variants`' affair.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from ...choices import Want
from ...errors import FileError, OptionError, TutorError, did_you_mean, quoted
from ...files import read_text
from ...graph import Graph
from ...graph_builder import build_graph
from ...language import Program, canonical_name, network, parse, parse_number
from ...ops import Number, plain
from ...sentences import said
from ..equivalence.domains import read_domains
from ..quantities.quantity import Quantity, ask_too, parse_quantity
from ..quantities.tolerance import DEFAULT, Tolerance, read_tolerance
from .array_values import array_graph_of, array_values, of_arrays
from .columns import read_headings
from .file_limits import PROBLEMS, toml_within
from .problem_faults import MOST_LISTED, listed_faults, schema_fault
from .problem_record import Cell, Problem, ProblemSet
from .problem_schema import ProblemTable, RangeTable, SheetTable
from .variants import Draw, read_draw

__all__ = ["Cell", "Problem", "ProblemSet", "parse_problems", "read_problems"]

T = TypeVar("T")

MOST_WEIGHTS = 1_000
"""So many weights a problem's network may have, which students are to derive by hand."""


def read_problems(path: str | Path) -> ProblemSet:
    """Return the problems of a TOML file.

    Raises:
        FileError: no such file, not UTF-8, not TOML, or not problems; every fault with its place.
    """
    return parse_problems(read_text(path, PROBLEMS.bytes), source=str(Path(path).name))


def parse_problems(text: str, source: str = "problems") -> ProblemSet:
    """Return the problems that a TOML text says.

    Raises:
        FileError: every fault at once, each with its place.

    >>> sheet = parse_problems('''
    ... [[problem]]
    ... id = "p1"
    ... program = "q = x + y; f = q*z"
    ... values = {x = -2, y = 5, z = -4}
    ... ask = ["q", "all gradients"]
    ... ''')
    >>> sorted(sheet.problem("p1").answers().items())
    [('df/dq', -4), ('df/dx', -4), ('df/dy', -4), ('df/dz', 3), ('q', 3)]
    """
    try:
        tables = toml_within(text, PROBLEMS)
    except FileError as error:
        raise FileError(f"{quoted(source, 200)}: {error}") from None
    try:
        sheet = SheetTable.model_validate(tables)
    except ValidationError as error:
        told = [schema_fault(fault, tables) for fault in error.errors()]
        found = {fault.partition("`: ")[0]: fault for fault in reversed(told)}
        raise FileError(listed_faults(source, list(found.values())[::-1])) from None
    faults: list[str] = []
    problems: list[Problem] = []
    seen: dict[str, int] = {}
    for number, table in enumerate(sheet.problems, 1):
        place = said("problem {number} ({id})", number=number, id=quoted(table.id))
        binder = _Binder(place, table, sheet, faults)
        problem = binder.bound()
        if (first := seen.get(table.id.casefold())) is not None:
            binder.fault("id", said("problem {first} has the same id", first=first))
        seen.setdefault(table.id.casefold(), number)
        if problem is not None:
            problems.append(problem)
        if binder.full:
            break
    headings = read_headings(sheet.headings, problems, faults)
    if faults:
        raise FileError(listed_faults(source, faults))
    digest = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
    students = sheet.students if isinstance(sheet.students, str) else tuple(sheet.students)
    return ProblemSet(
        title=sheet.title, problems=tuple(problems), digest=digest, source=source, students=students,
        attempts=sheet.attempts, headings=headings,
    )


class _Binder:
    """Makes one table a problem; gathers faults instead of stopping at the first."""

    def __init__(self, place: str, table: ProblemTable, sheet: SheetTable, faults: list[str]) -> None:
        self.place = place
        self.table = table
        self.sheet = sheet
        self.faults = faults

    def tried(self, key: str, work: Callable[[], T]) -> T | None:
        """Return what the work returns, or None with its fault noted."""
        try:
            return work()
        except TutorError as error:
            lines = str(error).splitlines() or [type(error).__name__]
            self.fault(key, "\n    ".join(lines))
            return None

    @property
    def full(self) -> bool:
        """Whether there are more faults than are listed, so that no more are looked for."""
        return len(self.faults) > MOST_LISTED

    def fault(self, key: str, message: str) -> None:
        """Note what is wrong at a key of the table."""
        self.faults.append(f"{self.place}, `{key}`: {message}")

    def bound(self) -> Problem | None:
        before = len(self.faults)
        table = self.table
        program = self.tried("network" if table.network else "program", self.program)
        if program is None:
            return None
        found = self.over_arrays(program) if of_arrays(table) else self.over_numbers(program)
        if found is None:
            return None
        graph, fixed, draws = found
        cells = self.cells(graph)
        lr = self.tried("lr", lambda: _number(table.lr or 0)) if table.lr is not None else None
        if any(c.quantity.kind == "new" for c in cells) and table.lr is None:
            self.fault("lr", said("`new(…)` is asked for, which needs a learning rate"))
        if table.domain is not None:
            self.tried("domain", lambda: read_domains(table.domain, graph.inputs))
        if len(self.faults) > before:
            return None
        follow = table.follow_through
        problem = Problem(
            id=table.id, title=table.title, text=table.text, graph=graph, fixed=fixed, draws=draws,
            cells=cells, seed=str(self.sheet.seed), lr=lr, domain=table.domain,
            together=isinstance(table.values, list), small_gradients=table.small_gradients,
            follow_through=self.sheet.follow_through if follow is None else follow,
            kinks=table.kinks or self.sheet.kinks,
        )  # fmt: skip
        if problem.of_arrays and self.tried("values", problem.derivation) is None:
            return None
        self.tried("ask" if problem.of_arrays else "values", problem.answers)
        return problem if len(self.faults) == before else None

    def over_numbers(self, program: Program) -> tuple[Graph, dict[str, Any], dict[str, Draw]] | None:
        table = self.table
        graph = self.tried("of", lambda: build_graph(program, of=table.of, expand=table.expand))
        return None if graph is None else (graph, *self.given(program, graph))

    def over_arrays(self, program: Program) -> tuple[Graph, dict[str, Any], dict[str, Draw]] | None:
        """Return the graph of a program over arrays, and its values: the shapes are the values'."""
        table = self.table
        only = {
            "network": table.network, "expand": table.expand, "domain": table.domain, "kinks": table.kinks
        }  # fmt: skip
        for key, given in only.items():
            if given and given != "convention":
                self.fault(key, said("this is for programs of single numbers"))
        found = array_values(table, self.tried)
        if found is None or table.network is not None:
            return None
        fixed, draws = found
        given_names = {*fixed, *draws}
        graph = self.tried("program", lambda: array_graph_of(program, fixed, draws, table.of))
        if graph is None:
            return None
        for name in given_names.difference(graph.inputs):
            listed = said("the inputs: {names}", names=_few(graph.inputs))
            hint = did_you_mean(name, graph.inputs) or listed
            self.fault(f"values.{name}", said("no input has this name; {hint}", hint=hint))
        return graph, fixed, draws

    def program(self) -> Program:
        table = self.table
        if (table.program is None) == (table.network is None):
            raise OptionError(said("a problem has a `program` or a `network`, one of the two"))
        if table.network is None:
            names, arrays = [*self.values()], of_arrays(table)
            return parse(table.program or "", names, source="program", arrays=arrays)
        net: Any = table.network  # a file's words: `network` refuses those that it does not know
        _small_enough(net.sizes)
        return network(net.sizes, net.activation, net.loss, net.names, net.biases, net.seed)

    def values(self) -> Mapping[str, Any]:
        """Return the values by name; of sets, each name's values in the order of the sets."""
        given = self.table.values
        if isinstance(given, dict):
            return given
        return {name: [row.get(name, 0) for row in given] for name in given[0]}

    def given(self, program: Program, graph: Graph) -> tuple[dict[str, Number], dict[str, Draw]]:
        fixed: dict[str, Number] = {name: plain(v) for name, v in program.values.items()}
        draws: dict[str, Draw] = {}
        inputs = set(graph.inputs)
        values = self.values()
        for order, row in enumerate(self.table.values, 1):
            if isinstance(row, dict) and set(row) != set(values):
                listed = f"set {order} gives {_few(row)}; set 1 gives {_few(values)}"
                self.fault("values", listed)
        for name, value in values.items():
            if self.full:
                break
            key = canonical_name(name)
            if key not in inputs:
                listed = said("the inputs: {names}", names=_few(graph.inputs))
                hint = did_you_mean(key, inputs) or listed
                self.fault(f"values.{name}", said("no input has this name; {hint}", hint=hint))
                continue
            if isinstance(value, int | float | str):
                number = self.tried(f"values.{name}", partial(_number, value))
                if number is not None:
                    fixed[key] = number
            else:
                draw = self.tried(f"values.{name}", partial(_draw, value))
                if draw is not None:
                    fixed.pop(key, None)
                    draws[key] = draw
        set_in_program = {n.name for n in graph.nodes if n.kind == "input" and n.value is not None}
        named = {canonical_name(name) for name in values}
        valued = {*fixed, *draws, *set_in_program, *named}
        missing = [n for n in graph.inputs if n not in valued]
        if missing:
            self.fault("values", said("no value for {names}", names=_few(missing)))
        return fixed, draws

    def cells(self, graph: Graph) -> tuple[Cell, ...]:
        table = self.table
        asked = self.asked(graph)
        if asked is None:
            return ()
        if not asked:
            self.fault("ask", said("nothing is asked for"))
        formulas = set(self._known("formulas", table.formulas, graph, asked))
        own = dict(
            zip(
                self._known("cells", table.cells, graph, asked),
                (settings for settings in table.cells.values()),
                strict=False,
            )
        )
        common = self.tolerance("tolerance", table.tolerance, self.sheet.tolerance)
        given = table.points if isinstance(table.points, dict) else {}
        by_cell = dict(zip(self._known("points", given, graph, asked), given.values(), strict=False))
        if self.full:
            return ()
        each = 1.0 if isinstance(table.points, dict) else table.points
        cells = []
        for quantity in asked:
            settings = own.get(quantity.text)
            want: Want = "formula" if quantity.text in formulas else table.want
            points, tolerance = by_cell.get(quantity.text, each), common
            accept = () if settings is None else tuple(str(given) for given in settings.accept)
            if settings is not None:
                want = settings.want or want
                points = points if settings.points is None else settings.points
                if settings.tolerance is not None:
                    key = f"cells.{quantity.text}.tolerance"
                    tolerance = self.tolerance(key, settings.tolerance, None)
            cells.append(
                Cell(
                    quantity=quantity, points=float(points), tolerance=tolerance, want=want,
                    accept=accept,
                )
            )
        return tuple(self._scaled(cells))

    def asked(self, graph: Graph) -> tuple[Quantity, ...] | None:
        """Return what is asked for, or None with the fault of each item that is no quantity."""
        before = len(self.faults)
        found: dict[str, Quantity] = {}
        for item in [self.table.ask] if isinstance(self.table.ask, str) else self.table.ask:
            self.tried("ask", partial(ask_too, graph, item, found))
            if self.full:
                break
        return tuple(found.values()) if len(self.faults) == before else None

    def _scaled(self, cells: list[Cell]) -> list[Cell]:
        """Return the cells with their points in proportion to the problem's total."""
        total, summed = self.table.total, sum(cell.points for cell in cells)
        if total is None or not cells:
            return cells
        if not summed:
            self.fault("total", said("no cell has points to share it"))
            return cells
        return [replace(cell, points=cell.points * total / summed) for cell in cells]

    def _known(
        self, key: str, names: Iterable[str], graph: Graph, asked: tuple[Quantity, ...]
    ) -> list[str]:
        """Return canonical names of quantities that are asked for; faults for the others."""
        texts = [quantity.text for quantity in asked]
        found: list[str] = []
        for name in names:
            if self.full:
                break
            quantity = self.tried(f"{key}.{name}", lambda n=name: parse_quantity(n, graph))  # type: ignore[misc]
            text = quantity.text if quantity is not None else ""
            if quantity is not None and text not in texts:
                hint = did_you_mean(text, texts) or said("asked are {names}", names=_few(texts))
                self.fault(f"{key}.{name}", said("this is not asked for; {hint}", hint=hint))
            found.append(text)
        return found

    def tolerance(self, key: str, own: Any, common: Any) -> Tolerance:
        given = common if own is None else own
        if given is None:
            return DEFAULT
        return self.tried(key, lambda: read_tolerance(given)) or DEFAULT


def _few(names: Iterable[str], most: int = 12) -> str:
    """Return the names with commas, the first twelve of more."""
    listed = list(names)
    return ", ".join(listed[:most]) + (", …" if len(listed) > most else "")


def _small_enough(sizes: list[int]) -> None:
    """Refuse a network that is larger than a problem's may be."""
    weights = sum(max(a, 0) * max(b, 0) for a, b in pairwise(sizes))
    if weights > MOST_WEIGHTS:
        raise OptionError(
            said(
                "sizes {sizes} make {weights:,} weights; a problem's network has at most {most:,}",
                sizes=sizes if len(sizes) <= 12 else [*sizes[:12], "..."],
                weights=weights,
                most=MOST_WEIGHTS,
            )
        )


def _draw(given: RangeTable | list[int | float | str]) -> Draw:
    return Draw(tuple(map(_number, given))) if isinstance(given, list) else read_draw(given)


def _number(given: int | float | str) -> Number:
    if isinstance(given, str):
        return plain(parse_number(given).value)
    if isinstance(given, float) and (given != given or given in (float("inf"), float("-inf"))):
        raise OptionError(said("a value is a finite number, not {given}", given=given))
    return given
