"""New exercises: random graphs of chosen operations, at numbers that make good homework.

Enters: a recipe. Leaves: the text of a problem file. Of many graphs and many values those are taken
whose answers are short, none 0, 1 or equal to another, no gate saturated or on a kink, and at which
the most slips can be told apart. The same recipe gives the same exercises on every machine.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from ..errors import DomainError, OptionError, did_you_mean, quoted
from ..graph import Graph
from ..graph_builder import build_graph
from ..homework.quantities.quantity import Quantity, asked_quantities, true_number
from ..homework.slips.telling_apart import on_kinks, resolutions
from ..language import PLAIN, Apply, Expression, Name, parse, written
from ..ops import FUNCTIONS, OPS, Number, plain
from ..passes import run
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
    best: tuple[tuple[float, ...], str, dict[str, Number]] | None = None
    good = 0
    for _ in range(_GRAPHS):
        if good == _ENOUGH:
            break
        program = _program(recipe, draw)
        if program in seen:
            continue
        found = _values(program, recipe, draw)
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


def _values(
    program: str, recipe: Recipe, draw: random.Random
) -> tuple[tuple[float, ...], dict[str, Number]] | None:
    """Return the best values found for a graph with how bad they are; None where there are none."""
    graph, quantities = _built(program, recipe)
    best = None
    candidates = _candidates(graph, quantities, recipe.range, _POINTS, draw)
    roughness = {point: rough for rough, point in candidates}
    looked_at = (dict(point) for _, point in candidates[:_LOOKED_AT])
    for at, hidden in resolutions(graph, looked_at, quantities):
        found = ((float(hidden.lost), roughness[tuple(at.items())]), dict(at))
        if best is None or found[0] < best[0]:
            best = found
        if hidden.lost == 0:
            break
    return best


Point = tuple[tuple[str, Number], ...]


def _built(program: str, recipe: Recipe) -> tuple[Graph, tuple[Quantity, ...]]:
    graph = build_graph(parse(program, [*_NAMES, *_INPUTS]))
    return graph, asked_quantities(graph, recipe.ask)


def _candidates(
    graph: Graph, quantities: Sequence[Quantity], range_: Range, count: int, draw: random.Random
) -> list[tuple[float, Point]]:
    """Return different points with how unpleasant their answers are, the best first."""
    pool = _pool(range_)
    found: list[tuple[float, Point]] = []
    for _ in range(count):
        at = {name: draw.choice(pool) for name in graph.inputs}
        roughness = _roughness(graph, at, quantities)
        if roughness is not None:
            found.append((roughness, tuple(at.items())))
    found.sort(key=lambda c: (c[0], str(c[1])))
    return list(dict.fromkeys(found))


def _sets(
    program: str, first: dict[str, Number], recipe: Recipe, number: int
) -> list[dict[str, int | float | str]]:
    """Return the sets of values of an exercise: the one it was chosen for, then the next best."""
    points = [first]
    if recipe.sets > 1:
        draw = random.Random(f"{recipe.seed}/{number}/{program}/sets")
        graph, quantities = _built(program, recipe)
        listed = _candidates(graph, quantities, recipe.range, _POINTS + 8 * recipe.sets, draw)
        others = [dict(point) for _, point in listed if dict(point) != first][: 2 * recipe.sets]
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
    found = sum(_length(answer) for answer in answers)
    found += 6.0 * (len(answers) - len({round(abs(float(answer)), 9) for answer in answers}))
    saturated = sum(
        OPS[node.op].spelled[:1] in (("sigmoid",), ("tanh",))
        and abs(float(derivation.numbers[node.operands[0]])) > 3
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
