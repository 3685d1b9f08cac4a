"""New exercises: random graphs of chosen operations, at numbers that make good homework.

Enters: a recipe. Leaves: the text of a problem file. Of many graphs and many values those are taken
whose answers are short, none 0, 1 or equal to another, no gate saturated or on a kink, and at which
the most slips can be told apart. The same recipe gives the same exercises on every machine.
"""

from __future__ import annotations

import random
from bisect import insort
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, TypeAlias

from ..errors import DomainError, OptionError, did_you_mean, quoted
from ..graph import Graph
from ..graph_builder import build_graph
from ..homework.quantities.quantity import Quantity, asked_quantities, true_number
from ..homework.slips.telling_apart import on_kinks, resolutions
from ..language import PLAIN, Apply, Expression, Name, parse, written
from ..ops import FUNCTIONS, OPS, Number, exact, plain
from ..passes import evaluate, run
from ..sentences import said
from ..steps import Derivation
from .knobs import Range, _written
from .toml import toml_text

__all__ = ["Recipe", "random_exercises"]

_INPUTS = ("x", "y", "z", "w", "u", "t", "r", "s", "m", "n", "k", "h")
_NAMES = ("a", "b", "c", "d", "g", "p", "q", "v", "j", "l")
_GRAPHS, _POINTS, _LOOKED_AT, _ENOUGH = 16, 120, 4, 3
_MOST_SETS = 100
_FAN_OUT = 0.3
_FAINT = 0.001
"""A smaller answer, behind a saturated gate, is taken only where there is no other."""

_RANGE = Range(-5, 5, 1)
_SIGNS = OPS.derived(
    lambda row: {row.plain[1].strip(): row.name}
    if row.plain is not None and row.least == 2 and not row.written_as
    else {}
)
"""The operations that stand between their operands, by their signs."""


Point: TypeAlias = tuple[tuple[str, Number], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """What exercises are wanted.

    Attributes:
        count: how many.
        operations: their operations, by name.
        size: operations a graph.
        range: from where the inputs' values are taken.
        ask: what is asked.
        want: "number" or "formula".
        seed: another seed gives other exercises.
        sets: so many sets of values for each, of which every student gets one; there are fewer
            where the range does not have as many good ones.
    """

    count: int
    operations: tuple[str, ...] = ("add", "multiply")
    size: int = 4
    range: Range = _RANGE
    ask: tuple[str, ...] = ("all values", "all gradients")
    want: str = "number"
    seed: int = 0
    sets: int = 1

    def __post_init__(self) -> None:
        if not 1 <= self.count <= 200:
            raise OptionError(
                said("from 1 to 200 graphs are made at a time, not {count}", count=self.count)
            )
        if not 1 <= self.size <= len(_NAMES) + 1:
            raise OptionError(
                said(
                    "a graph has 1 to {count} operations, not {size}",
                    count=len(_NAMES) + 1, size=self.size,
                )
            )
        if self.want not in ("number", "formula"):
            raise OptionError(said("want is number or formula, not {want}", want=quoted(self.want)))
        if not 1 <= self.sets <= _MOST_SETS:
            raise OptionError(
                said(
                    "an exercise has 1 to {most_sets} sets of values, not {sets}",
                    most_sets=_MOST_SETS, sets=self.sets,
                )
            )
        object.__setattr__(self, "operations", tuple(map(_operation, self.operations)))
        if not self.operations:
            raise OptionError(
                said("name the operations of the graphs, such as add,multiply,sigmoid")
            )


def _operation(name: str) -> str:
    """Return an operation's name in the table, from the name or the sign that was typed."""
    given = name.strip()
    row = OPS.get(_SIGNS.get(given, given)) or FUNCTIONS.get(given)
    offered = [op.name for op in OPS.values() if op.drawn and _typed(op.name)]
    if row is None or row.name not in offered:
        hint = did_you_mean(given, offered) or said("the operations: {names}", names=", ".join(offered))
        raise OptionError(
            said("no exercise is made of {given}; {hint}", given=quoted(given), hint=hint)
        )
    return row.name


def _typed(name: str) -> bool:
    return bool(OPS[name].spelled) or OPS[name].text is not None


def random_exercises(recipe: Recipe, progress: Callable[[int], None] | None = None) -> str:
    """Return a problem file of new exercises.

    `progress` is called with the number of exercises found, after each.

    Raises:
        OptionError: no values of the range were found at which a graph is defined.

    >>> text = random_exercises(Recipe(count=1, operations=("add", "multiply"), size=2, seed=1))
    >>> text == random_exercises(Recipe(count=1, operations=("add", "multiply"), size=2, seed=1))
    True
    """
    tables = []
    seen: set[str] = set()
    for number in range(1, recipe.count + 1):
        draw = random.Random(f"{recipe.seed}/{number}/{','.join(recipe.operations)}/{recipe.size}")
        program, values = _exercise(recipe, draw, seen)
        seen.add(program)
        listed = _sets(program, values, recipe, number)
        tables.append(
            {
                "id": f"g{number}", "program": program,
                "values": listed if len(listed) > 1 else listed[0],
                "ask": list(recipe.ask), "want": recipe.want,
            }
        )  # fmt: skip
        if progress is not None:
            progress(number)
    return toml_text({"title": "Exercises", "seed": recipe.seed, "problem": tables})


def _exercise(
    recipe: Recipe, draw: random.Random, seen: set[str]
) -> tuple[str, dict[str, Number]]:
    """Return the best of several graphs, with its values."""
    best: tuple[tuple[float, float], str, dict[str, Number]] | None = None
    good = 0
    for _ in range(_GRAPHS):
        if good == _ENOUGH:
            break
        program = _program(recipe, draw)
        if program in seen:
            continue
        graph, quantities = _built(program, recipe)
        candidates = _candidates(graph, quantities, recipe.range, _POINTS, _LOOKED_AT, draw)
        if not candidates:
            continue
        if best is not None and best[0] <= (0.0, candidates[0][0]):
            good += 1  # at best as good, so it need not be looked at
            continue
        found = _chosen(graph, quantities, candidates, best and best[0][0])
        if found is None:
            continue
        good += found[0][0] == 0
        if best is None or found[0] < best[0]:
            best = (found[0], program, found[1])
    if best is None:
        raise OptionError(
            said("no exercise was found with these operations and numbers; try another --range or --size")
        )
    return best[1], best[2]


def _program(recipe: Recipe, draw: random.Random) -> str:
    """Return a random program in which every result is used, some of them twice."""
    ready: list[str] = []
    used: list[str] = []
    inputs = iter(_INPUTS)
    names = iter(_NAMES)
    lines: list[str] = []
    steps = _plan(recipe, draw)
    for number, op in enumerate(steps, 1):
        operands: list[str] = []
        # So many results can still be taken up by the operations to come.
        room = sum(OPS[later].least - 1 for later in steps[number:])
        for left in reversed(range(OPS[op].least)):
            fans = [name for name in used if name not in operands]
            if ready and (draw.random() < 0.75 or len(ready) > room + left):
                name = ready.pop(draw.randrange(len(ready)))
            elif fans and (draw.random() < _FAN_OUT or len(lines) >= len(_INPUTS) - 1):
                name = draw.choice(fans)
            else:
                name = next(inputs, None) or draw.choice(fans or _INPUTS[:1])
            operands.append(name)
        used += [name for name in operands if name not in used]
        target = "f" if number == len(steps) else next(names)
        tree: Expression = Apply(op, tuple(map(Name, operands)))
        lines.append(f"{target} = {written(tree, PLAIN)}")
        ready.append(target)
    return "\n".join(lines)


def _plan(recipe: Recipe, draw: random.Random) -> list[str]:
    """Return the operations in order: each once while there is room, then any; no two alike unary."""
    first = list(recipe.operations)
    draw.shuffle(first)
    while True:
        chosen = [*first, *draw.choices(recipe.operations, k=recipe.size)][: recipe.size]
        draw.shuffle(chosen)
        single = [OPS[op].least == 1 for op in chosen]
        twice = any(a == b and one for a, b, one in zip(chosen, chosen[1:], single, strict=False))
        if not twice or all(OPS[op].least == 1 for op in recipe.operations):
            return chosen


def _chosen(
    graph: Graph, quantities: Sequence[Quantity], candidates: Sequence[tuple[float, Point]],
    most: float | None,
) -> tuple[tuple[float, float], dict[str, Number]] | None:
    """Return the best of some points with how bad it is; None where each hides more than `most` slips."""
    best = None
    roughness = {point: rough for rough, point in candidates}
    points = (dict(point) for _, point in candidates)
    for at, hidden in resolutions(graph, points, quantities, most=most):
        found = ((float(hidden.lost), roughness[tuple(at.items())]), dict(at))
        if best is None or found[0] < best[0]:
            best = found
        if hidden.lost == 0:
            break
    return best


def _built(program: str, recipe: Recipe) -> tuple[Graph, tuple[Quantity, ...]]:
    graph = build_graph(parse(program, [*_NAMES, *_INPUTS]))
    return graph, asked_quantities(graph, recipe.ask)


def _candidates(
    graph: Graph, quantities: Sequence[Quantity], range_: Range, count: int, wanted: int,
    draw: random.Random,
) -> list[tuple[float, Point]]:
    """Return the best of different points with how unpleasant their answers are, the best first.

    The way back is worked out only where the values alone are not too unpleasant already.
    """
    pool = _pool(range_)
    drawn = [tuple((name, draw.choice(pool)) for name in graph.inputs) for _ in range(count)]
    least = sorted(
        (rough, str(point), point) for point in dict.fromkeys(drawn)
        if (rough := _roughness_of_values(graph, dict(point), quantities)) is not None
    )  # fmt: skip
    found: list[tuple[float, str, Point]] = []
    for rough, text, point in least:
        if len(found) >= wanted and rough > found[wanted - 1][0]:
            break
        whole = _roughness(graph, dict(point), quantities)
        if whole is not None:
            insort(found, (whole, text, point))
    return [(rough, point) for rough, _, point in found[:wanted]]


def _sets(
    program: str, first: dict[str, Number], recipe: Recipe, number: int
) -> list[dict[str, int | float | str]]:
    """Return the sets of values of an exercise: the one it was chosen for, then the next best."""
    points = [first]
    if recipe.sets > 1:
        draw = random.Random(f"{recipe.seed}/{number}/{program}/sets")
        graph, quantities = _built(program, recipe)
        count, wanted = _POINTS + 8 * recipe.sets, 2 * recipe.sets
        listed = _candidates(graph, quantities, recipe.range, count, wanted + 1, draw)
        others = [dict(point) for _, point in listed if dict(point) != first][:wanted]
        looked_at = list(resolutions(graph, others, quantities))
        # The sort is stable: among points that hide as much the pleasant ones stay in front.
        looked_at.sort(key=lambda found: found[1].lost)
        points += [dict(at) for at, _ in looked_at][: recipe.sets - 1]
    return [{name: _written(value) for name, value in point.items()} for point in points]


def _pool(range_: Range) -> list[Number]:
    low, high, step = (Fraction(n) for n in (range_.low, range_.high, range_.step))
    count = int((high - low) / step) + 1
    numbers = [low + step * i for i in range(count)]
    return [plain(n) for n in numbers if n not in (0, 1, -1)] or [plain(n) for n in numbers if n]


def _roughness_of_values(
    graph: Graph, at: dict[str, Number], quantities: Sequence[Quantity]
) -> float | None:
    """Return how unpleasant the values among the answers are; None where there are none."""
    numbers: list[Any] = []
    try:
        for node in graph.nodes:
            if node.kind == "operation":
                numbers.append(evaluate(node, numbers, graph))
            else:
                numbers.append(exact(at[node.name] if node.kind == "input" else node.value or 0))
    except DomainError:
        return None
    return _unpleasant(graph, numbers, [plain(numbers[q.node]) for q in quantities if q.kind == "value"])


def _roughness(
    graph: Graph, at: dict[str, Number], quantities: Sequence[Quantity]
) -> float | None:
    """Return how unpleasant the answers are; None where there are none, or a kink is hit."""
    try:
        derivation = run(graph, at, Derivation)
        answers = [true_number(derivation, quantity) for quantity in quantities]
    except (DomainError, OverflowError):
        return None
    if on_kinks(derivation):
        return None
    return _unpleasant(graph, derivation.numbers, answers)


def _unpleasant(graph: Graph, numbers: Sequence[Any], answers: Sequence[Number]) -> float:
    """Return how long answers are and how often they repeat, and how many gates are saturated."""
    found = sum(_length(answer) for answer in answers)
    found += 6.0 * (len(answers) - len({round(abs(float(answer)), 9) for answer in answers}))
    saturated = sum(
        OPS[node.op].spelled[:1] in (("sigmoid",), ("tanh",)) and abs(float(numbers[node.operands[0]])) > 3
        for node in graph.nodes
        if node.kind == "operation"
    )
    return found + 10.0 * saturated


def _length(answer: Number) -> float:
    """Return how long an answer is to write, beyond four characters; 0 and 1 are bad answers."""
    size = abs(float(answer))
    if size in (0.0, 1.0):
        return 8.0
    if size < _FAINT:
        return 100.0
    if not 0.01 <= size < 1000:
        return 12.0
    if isinstance(answer, float):
        return 0.0 if 0.1 <= size < 100 else 2.0
    exact = Fraction(answer)
    decimals = str(float(exact)).rstrip("0").rstrip(".").lstrip("-")
    return max(0.0, len(decimals) - 4.0) if Fraction(decimals) == abs(exact) else 6.0
