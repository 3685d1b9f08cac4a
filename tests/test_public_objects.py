"""Every object that a program holds: final, equal by value, pickled and copied whole, shown in a line."""

from __future__ import annotations

import copy
import os
import pickle
import subprocess
import sys
from collections.abc import Callable
from dataclasses import FrozenInstanceError, replace
from fractions import Fraction
from typing import Any

import networkx as nx
import pytest
from shared import ROOT

import backprop_tutor as bt
from backprop_tutor.extending import Tolerance
from backprop_tutor.frozen import FrozenDict
from backprop_tutor.translation import speaking


def made() -> dict[str, Any]:
    """Return one object of each kind, made afresh."""
    d = bt.derive("q = x + y; f = q*z", at={"x": -2, "y": 5, "z": -4})
    marking = bt.mark(d, {"df/dx": "-4", "q": "4"})
    return {
        "Program": d.program,
        "Graph": d.graph_table,
        "Derivation": d,
        "an updated Derivation": d.update(lr=0.1),
        "values": d.values,
        "gradients": d.gradients,
        "edges": d.edges,
        "an edge": d.edges["q", "f", 0],
        "LocalGradient": d.local("f", "q"),
        "rows": d.rows()[0],
        **{f"step {step.number}": step for step in d.steps},
        "Check": d.check(),
        "ClosedForm": d.closed_form("x"),
        "Paths": d.paths("x"),
        "Path": d.paths("x").paths[0],
        "Costs": d.costs(),
        "Growth": bt.growth(3),
        "Descent": bt.descend("L = (w - 3)^2", {"w": 0}),
        "Fit": bt.fit("L = (w*x - y)^2", {"x": [1, 2], "y": [2, 4]}, {"w": 0}),
        "Jacobian": bt.jacobian("y1 = u*v; y2 = u + v^2", {"u": 2, "v": 3}, of=("y1", "y2")),
        "Hessian": bt.hessian("f = u*v^2", {"u": 2, "v": 3}),
        "Interval": bt.Interval(0, 1),
        "Tolerance": Tolerance(relative=Fraction(1, 50)),
        "Marking": marking,
        "Cell": marking.cells["q"],
        "Equivalence": bt.equivalent("x + x", "2x"),
        "SymbolicDerivation": bt.derive("z = x^2 + y; x = u + v; y = u*v"),
        "SymbolicArrayDerivation": bt.derive("L = mean(X@W)", shapes={"X": ("N", 3), "W": (3, 2)}),
        "SymbolicGradient": bt.derive("z = x^2 + y; x = u + v; y = u*v").gradients["u"],
        "SymbolicPath": bt.derive("z = x^2 + y; x = u + v; y = u*v").paths("u")[0],
        "Diagram": d.diagram(2),
        "Frames": d.frames(),
        "Animation": d.animation(),
        "ContactSheet": d.contact_sheet(),
        "LessonPage": d.lesson(),
    }


OBJECTS = made()
AGAIN = made()
EACH = pytest.mark.parametrize("name", list(OBJECTS))


@EACH
def test_equal_where_made_alike(name: str) -> None:
    """Two objects made of the same parts are equal."""
    assert OBJECTS[name] == AGAIN[name]
    assert OBJECTS[name] != object()


@EACH
@pytest.mark.parametrize("again", [lambda x: pickle.loads(pickle.dumps(x)), copy.copy, copy.deepcopy], ids=["pickle", "copy", "deepcopy"])  # noqa: S301  # of our own making
def test_whole_after_a_round_trip(name: str, again: Callable[[Any], Any]) -> None:
    """Pickled or copied, an object is what it was."""
    assert again(OBJECTS[name]) == OBJECTS[name]


@EACH
def test_a_line_says_what_it_is(name: str) -> None:
    """A repr has at most 200 characters, on one line, and shows no raw fraction or address."""
    line = repr(OBJECTS[name])
    assert len(line) <= 200
    assert "\n" not in line
    assert "Fraction(" not in line
    assert " at 0x" not in line


@EACH
def test_no_attribute_can_be_set(name: str) -> None:
    """Neither a field nor a new attribute of an object takes another value."""
    thing = OBJECTS[name]
    fields = [each for each in vars(type(thing)).get("__annotations__", {}) if not each.startswith("_")]
    for field in fields[:1]:
        with pytest.raises((FrozenInstanceError, AttributeError, TypeError)):
            setattr(thing, field, None)


@pytest.mark.parametrize("name", ["Program", "Graph", "Derivation", "Diagram", "Frames", "step 1", "an edge", "rows"])
def test_hashed_by_value(name: str) -> None:
    """Equal objects have equal hashes, so that they are found in sets."""
    assert len({OBJECTS[name], AGAIN[name]}) == 1


def test_other_parts_make_another_object() -> None:
    """Another point, another kind of number, another program, another picture: not equal."""
    d = bt.derive("f = x*y", at={"x": 2, "y": 3})
    assert d != bt.derive("f = x*y", at={"x": 2, "y": 4})
    assert d != bt.derive("f = x*y", at={"x": 2.0, "y": 3})
    assert d != bt.derive("f = y*x", at={"x": 2, "y": 3})
    assert d.program == bt.parse("f = x*y")
    assert d.program != bt.parse("f = x * y")  # its text is shown as typed
    assert d.diagram(1) != d.diagram(2)
    assert d.diagram() != d.diagram(theme="dark")
    assert d.diagram() != d.diagram(lang="ko")
    assert d.frames() != d.frames(precision=5)


WRITES: dict[str, Callable[[bt.Derivation], object]] = {
    "a value of the point": lambda d: d.at.__setitem__("x", 99),
    "the point updated": lambda d: d.at.update(x=99),
    "the point replaced": lambda d: setattr(d, "at", {}),
    "a value of the program": lambda d: d.program.values.__setitem__("x", 1),  # type: ignore[attr-defined]
    "an attribute of a node": lambda d: d.graph.nodes["x"].__setitem__("value", 99),
    "an attribute of an edge": lambda d: d.graph.edges["x", "q", 0].clear(),
    "a node more": lambda d: d.graph.add_node("w"),
    "an edge less": lambda d: d.edges.clear(),  # type: ignore[attr-defined]
    "a contribution": lambda d: d.contributions.pop((0, 2, 0)),
    "a step": lambda d: d.steps.append(1),  # type: ignore[attr-defined]
    "a place of a name": lambda d: d.graph_table.index.__setitem__("x", 1),
}


@pytest.mark.parametrize("write", WRITES.values(), ids=list(WRITES))
def test_nothing_is_changed_behind_a_derivations_back(write: Callable[[bt.Derivation], object]) -> None:
    """Each way to write to what a derivation hands out is refused, and it says what it said before."""
    d = bt.derive("q = x + y; f = q*z", at={"x": -2, "y": 5, "z": -4})
    before = d.explain()
    with pytest.raises((TypeError, AttributeError, nx.NetworkXError)):
        write(d)
    assert d.explain() == before


def test_a_derivation_is_moved_not_replaced() -> None:
    """`moved` derives again; `replace` and the constructor, which would not, are refused."""
    d = bt.derive("q = x + y; f = q*z", at={"x": -2, "y": 5, "z": -4})
    there = bt.derive("q = x + y; f = q*z", at={"x": 3, "y": 5, "z": -4})
    assert d.moved(x=3) == d.moved({"x": 3}) == d.__replace__(at={"x": 3}) == there
    assert d.moved(x=3).gradients == there.gradients
    with pytest.raises(TypeError, match="dataclass"):
        replace(d, at={"x": 3})  # type: ignore[type-var]
    with pytest.raises(TypeError, match="only `at` of a derivation can be replaced"):
        d.__replace__(steps=())
    with pytest.raises(TypeError, match=r"is made by derive\(program, at=\.\.\.\)"):
        bt.Derivation()
    with pytest.raises(bt.OptionError, match="`q` is computed by the program"):
        d.moved(q=1)
    with pytest.raises(bt.UnknownNameError, match="the graph has no node `t`"):
        d.moved(t=1)
    with pytest.raises(bt.OptionError, match="a value is given twice for one name"):
        bt.derive("f = w1", at={"w1": 1}).moved({"w1": 2, "w₁": 3})


def test_steps_and_edges_speak_names() -> None:
    """A step names its node, an edge both of its ends; matched by name and found by name."""
    d = bt.derive("q = x + y; f = q*z*q", at={"x": -2, "y": 5, "z": -4})
    found = [step.value for step in d.steps if isinstance(step, bt.ForwardStep) and step.node == "q"]
    match d.steps[0]:
        case bt.ForwardStep(node="q", value=value):
            found.append(value)
    assert found == [3, 3]
    assert [(type(step).__name__, step.node) for step in d.steps[3:]] == [
        ("SeedStep", "f"), ("BackwardStep", "f"), ("BackwardStep", "v1"), ("AccumulateStep", "q"), ("BackwardStep", "q"),
    ]  # fmt: skip
    assert list(d.edges) == [("x", "q", 0), ("y", "q", 1), ("q", "v1", 0), ("z", "v1", 1), ("v1", "f", 0), ("q", "f", 1)]
    assert d.edges["q", "v1", 0].downstream == -12
    assert d.edges["q", "f"] == d.edges["q", "f", 1]
    assert ("q", "x", 0) not in d.edges


@pytest.mark.parametrize(
    ("key", "message"),
    [
        (("q", "x", 0), "`x` does not use `q` directly; it has no operands"),
        (("q", "f", 1), "`q` is operand 0 of `f`, not 1"),
        (("p", "f", 0), "the graph has no node `p`; its nodes: x, y, v1, q, z, f"),
        ("q", 'an edge is named by two nodes and the operand: "q", "f", 0'),
        (("v2", "v1", 1), "no gradient passes from `v1` to `v2`"),
    ],
)
def test_an_edge_that_is_not_there(key: Any, message: str) -> None:
    """An unknown edge says what was asked for and what there is."""
    d = bt.derive("q = x + y*2; f = q*z", at={"x": -2, "y": 5, "z": -4})
    with pytest.raises(bt.UnknownNameError) as caught:
        d.edges[key]
    assert str(caught.value) == message
    assert isinstance(caught.value, KeyError)


def test_a_table_has_a_row_an_edge() -> None:
    """`rows` gives the names, the operand's number, the three gradients and the formula of each edge."""
    rows = bt.derive("f = x^2*y", at={"x": 3, "y": 2}).rows()
    assert rows == [
        ("v1", "x", 0, 6, 2, 12, "2·x"), ("f", "v1", 0, 2, 1, 2, "y"), ("f", "y", 1, 9, 1, 9, "v₁"),
    ]  # fmt: skip
    assert rows[0]._fields == ("of", "wrt", "slot", "local", "upstream", "downstream", "symbols")


def test_the_language_is_that_of_the_making() -> None:
    """A picture made in a language is drawn in it later; `lang` chooses one without a block."""
    d = bt.derive("f = wx + b", at={"w": -2, "x": 5, "b": 3})
    with speaking("ko"):
        picture, frames = d.diagram(), d.frames()
    assert "f의 계산 그래프" in picture.svg
    assert picture == d.diagram(lang="ko")
    assert picture.svg == d.diagram(lang="ko").svg
    assert picture.source == d.diagram(lang="ko").source
    assert frames[0].svg == d.frames(lang="ko")[0].svg
    assert "Computational graph of f" in d.diagram().svg
    assert d.explain(lang="ko").startswith("다음의 유도: f\n")
    with pytest.raises(bt.OptionError, match="no catalogue for the language `xx`; there are: en, ko"):
        d.diagram(lang="xx")


def test_a_frozen_mapping_is_a_dict_to_read() -> None:
    """It compares, prints and is copied as the dict it holds; every way to write is refused."""
    frozen = FrozenDict(a=1)
    assert frozen == {"a": 1}
    assert repr(frozen) == "{'a': 1}"
    assert hash(frozen) == hash(FrozenDict(a=1))
    plain = frozen.copy()
    plain["a"] = 2
    assert frozen == {"a": 1}
    for write in ("clear", "pop", "popitem", "setdefault", "update", "__delitem__", "__setitem__", "__ior__"):
        with pytest.raises(TypeError, match="this mapping cannot be changed"):
            getattr(frozen, write)("a")


@pytest.mark.parametrize("name", sorted(bt.__all__))
def test_each_public_name_is_documented_with_an_example(name: str) -> None:
    """`help(bt.NAME)` shows an example that runs; the doctests run it."""
    assert ">>> " in (getattr(bt, name).__doc__ or "")


def test_the_examples_of_the_documentation() -> None:
    """The examples of docs/library.md run and print what they show, in a process of their own."""
    done = subprocess.run(
        [sys.executable, "-m", "doctest", "-v", "-o", "ELLIPSIS", str(ROOT / "docs" / "library.md")],
        capture_output=True, text=True, encoding="utf-8", check=False, timeout=300,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-3000:]
    assert "Test passed." in done.stdout
