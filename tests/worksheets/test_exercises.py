from __future__ import annotations

import random
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import backprop_tutor as bt
from backprop_tutor.graph_builder import build_graph
from backprop_tutor.homework.answers.rosters import parse_roster
from backprop_tutor.homework.checking import check_class
from backprop_tutor.homework.problems.lint import lint_problem
from backprop_tutor.homework.problems.problem_set import ProblemSet, parse_problems
from backprop_tutor.homework.quantities.quantity import asked_quantities
from backprop_tutor.homework.slips.telling_apart import on_kinks, resolution, resolutions
from backprop_tutor.language import parse
from backprop_tutor.worksheets import Recipe, exercises, random_exercises, write_worksheets
from backprop_tutor.worksheets.exercises import _roughness
from backprop_tutor.worksheets.knobs import Range, read_range

RECIPES = [
    Recipe(count=2, operations=("add", "multiply", "sigmoid"), seed=7),
    Recipe(count=1, operations=("+", "*", "-", "tanh"), size=4, seed=1),
    Recipe(count=1, operations=("relu", "max", "multiply", "add"), size=4, seed=2),
    Recipe(count=1, operations=("se", "multiply", "add"), size=3, seed=3),
]


@pytest.fixture(scope="module", params=RECIPES, ids=lambda r: ",".join(r.operations))
def made(request: pytest.FixtureRequest) -> tuple[Recipe, ProblemSet]:
    """Return a recipe and the exercises made by it, once for all that is asked of them."""
    return request.param, parse_problems(random_exercises(request.param))


def test_exercises_are_made_of_what_was_asked(made: tuple[Recipe, ProblemSet]) -> None:
    """So many problems, of these operations and no others, of this size, all results used."""
    recipe, sheet = made
    assert len(sheet) == recipe.count
    programs = set()
    for problem in sheet:
        nodes = problem.graph.nodes
        used = [node.op for node in nodes if node.kind == "operation"]
        assert len(used) == recipe.size
        assert set(used) <= set(recipe.operations)
        for place, node in enumerate(nodes):
            assert node.name == "f" or problem.graph.uses[place]
        programs.add(problem.graph.program.reading)
    assert len(programs) == recipe.count


def test_slips_can_be_told_apart(made: tuple[Recipe, ProblemSet]) -> None:
    """At the chosen numbers every slip shows and none gives another's sheet; nothing is on a kink."""
    for problem in made[1]:
        derivation = problem.derivation()
        found = resolution(problem.graph, derivation.at, [cell.quantity for cell in problem.cells])
        assert found.slips > 10
        assert found.lost <= 0.02 * found.slips
        assert not on_kinks(derivation)
        assert lint_problem(problem).ok


def test_answers_are_short(made: tuple[Recipe, ProblemSet]) -> None:
    """Three significant figures say every answer without a power of ten."""
    for problem in made[1]:
        for answer in problem.answers().values():
            assert answer == 0 or 1e-3 <= abs(float(answer)) < 1e4
        whole = [a for a in problem.answers().values() if not isinstance(a, float)]
        assert all(len(str(abs(a))) <= 6 for a in whole)


def test_a_point_on_a_kink_is_no_exercise() -> None:
    """Values at which a gate stands on its kink are not taken, those beside it are."""
    graph = build_graph(parse("a = relu(x - y); f = a + z"))
    quantities = asked_quantities(graph, ["df/dx"])
    assert _roughness(graph, {"x": 2, "y": 2, "z": 3}, quantities) is None
    assert _roughness(graph, {"x": 4, "y": 2, "z": 3}, quantities) is not None


def test_the_seed_decides() -> None:
    """The same recipe gives the same file, another seed other exercises."""
    one, again, other = (
        random_exercises(Recipe(count=1, operations=("add", "tanh"), size=2, seed=s)) for s in (7, 7, 8)
    )
    assert one == again
    assert tomllib.loads(one)["problem"] != tomllib.loads(other)["problem"]


def test_values_come_from_the_range() -> None:
    """Inputs are taken from the range that was given."""
    recipe = Recipe(count=1, operations=("multiply", "add"), size=3, range=read_range("0.5:2:0.5"))
    for problem in parse_problems(random_exercises(recipe)):
        assert set(problem.fixed.values()) <= {0.5, 1.5, 2}


def test_every_student_has_numbers_of_their_own(tmp_path: Path) -> None:
    """With sets, students get different numbers at which no slip hides, and their keys full marks."""
    recipe = Recipe(count=1, operations=("add", "multiply", "relu"), size=3, seed=4, sets=8)
    text = random_exercises(recipe)
    alone = parse_problems(random_exercises(replace(recipe, sets=1)))
    for problem, single in zip(parse_problems(text), alone, strict=True):
        assert problem.graph.program.reading == single.graph.program.reading
        points = {tuple(problem.values(f"s{i}").items()) for i in range(60)}
        assert len(points) >= 6
        assert all(-5 <= value <= 5 for point in points for _, value in point)
        asked = [cell.quantity for cell in problem.cells]
        found = list(resolutions(problem.graph, map(dict, points), asked))
        assert len(found) == len(points)
        assert all(each.lost <= 0.1 * each.slips for _, each in found)
    students = parse_roster("".join(f"student {i}\n" for i in range(25)))
    write_worksheets(text, tmp_path / "out", students=students, formats=["markdown"])
    marks = check_class(tmp_path / "out" / "problems.toml", tmp_path / "out" / "key.csv", tmp_path / "m", workers=0)
    assert (marks.counts.students, marks.counts.mean, marks.refused) == (25, 1.0, [])


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"count": 0}, "from 1 to 200 graphs"),
        ({"count": 1, "size": 0}, "a graph has 1 to 11 operations"),
        ({"count": 1, "operations": ("sigmod",)}, "did you mean `sigmoid`"),
        ({"count": 1, "operations": ("softmax",)}, "no exercise is made of `softmax`"),
        ({"count": 1, "operations": ()}, "name the operations"),
        ({"count": 1, "sets": 0}, "1 to 100 sets of values, not 0"),
        ({"count": 1, "want": "both"}, "want is number or formula"),
    ],
)
def test_recipes_that_are_none_are_refused(options: dict[str, object], says: str) -> None:
    """What a recipe cannot be is refused with the choices."""
    with pytest.raises(bt.OptionError, match=says):
        random_exercises(Recipe(**options))  # type: ignore[arg-type]


def built(program: str) -> tuple[Any, Any]:
    graph = build_graph(parse(program))
    return graph, asked_quantities(graph, ("all values", "all gradients"))


@pytest.mark.parametrize("program", ["a = x*y\nb = a + x\nf = b*z", "a = relu(x)\nf = a*y + x", "f = σ(x*y)*z"])
def test_the_best_points_are_found_without_looking_at_all(program: str) -> None:
    """Points whose values alone are too unpleasant are passed over: the best are those of all."""
    graph, quantities = built(program)
    listed = [
        exercises._candidates(graph, quantities, Range(-5, 5, 1), 120, wanted, random.Random(3))
        for wanted in (4, 10_000)
    ]
    assert len(listed[1]) > 20
    assert listed[0] == listed[1][:4]


def test_points_that_hide_too_much_are_left_out() -> None:
    """With a limit exactly those are yielded that hide no more, and the same is said of them."""
    graph, quantities = built("a = x + y\nb = a*x\nf = b + y")
    points = [{"x": x, "y": y} for x in (-3, -2, 2, 4) for y in (-2, 3, 5)]
    whole = list(resolutions(graph, points, quantities))
    hidden = sorted(found.lost for _, found in whole)
    most = hidden[len(hidden) // 2]
    assert hidden[0] <= most < hidden[-1]
    kept = [(at, found) for at, found in whole if found.lost <= most]
    assert list(resolutions(graph, points, quantities, most=most)) == kept
