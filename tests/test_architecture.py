"""The house: floors and import directions, forbidden calls, the façade, file sizes."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from pathlib import Path

import pytest
from import_graph import KINDS, cycles, floors, graph_of, parsed, walked

import backprop_tutor as bt

PACKAGE = Path(bt.__file__).parent
MODULES = sorted(PACKAGE.rglob("*.py"))

FLOORS = [
    {"accepted", "choices", "particles"},
    {"sentences"},
    {"errors", "reasons"},
    {"asked", "frozen", "installed"},
    {"pages"},
    {"cells", "extras", "files", "numerics", "once", "ops", "processes", "translation"},
    {"language"},
    {"graph"},
    {"graph_builder"},
    {"steps"},
    {"slope_terms"},
    {"passes", "slopes"},
    {"chains"},
    {"symbolic", "descent"},
    {"stored"},
    {"matrices"},
    {"studies"},
    {"check"},
    {"scales"},
    {"source"},
    {"render"},
    {"charts"},
    {"homework"},
    {"lesson", "worksheets", "motion"},
    {"objects"},
    {"testing", "notebook", "bridge", "registering", "tf"},
    {"extending", "serve", "story"},
    {"cli"},
    {"__main__", "listing"},
]
"""From the ground up; a module imports only from lower floors, or from its own room."""

WINGS = {"engine": {"extras", "ops", "numerics", "errors", "files", "reasons", "sentences", "choices"}}
"""The tensor wing stands on the foundation alone; only the bridge and the command line see it."""


def room(path: Path) -> str:
    relative = path.relative_to(PACKAGE)
    return relative.parts[0].removesuffix(".py")


def floor(name: str) -> int:
    return next(i for i, names in enumerate(FLOORS) if name in names)


def imported_rooms(path: Path) -> set[str]:
    """Return the rooms of the house that a module imports anywhere, laziness included."""
    depth = len(path.relative_to(PACKAGE).parts)
    found = set()
    for node in walked(path):
        if not isinstance(node, ast.ImportFrom):
            if isinstance(node, ast.Import):
                found |= {
                    a.name.split(".")[1] for a in node.names if a.name.startswith("backprop_tutor.")
                }
            continue
        if node.level == depth:
            if node.module:
                found.add(node.module.split(".")[0])
            else:
                found |= {alias.name for alias in node.names}
        elif node.level == 0 and (node.module or "").startswith("backprop_tutor"):
            parts = (node.module or "").split(".")
            found |= {parts[1]} if len(parts) > 1 else {alias.name for alias in node.names}
    return found - {"__version__"}


def test_imports_point_down() -> None:
    """A module imports only from lower floors; the engine only from the foundation."""
    faults = []
    for path in MODULES:
        name = room(path)
        for other in imported_rooms(path) - {name} if name != "__init__" else ():
            if name in WINGS:
                fits = other in WINGS[name]
            elif other in WINGS:
                fits = name in ("cli", "bridge", "registering", "story", "tf")
            else:
                fits = floor(other) < floor(name)
            if not fits:
                faults.append(f"{path.relative_to(PACKAGE)} imports {other}, which is not below it")
    assert faults == []


FORBIDDEN = {"eval", "exec", "compile", "sympify", "parse_expr", "lambdify", "__import__"}
FORBIDDEN_METHODS = {"subs", "sympify", "parse_expr", "lambdify"}
WRITES_PROGRAMS = PACKAGE / "engine" / "compiling" / "writing.py"
"""The one module that makes a function of text: text of its own, in which stands nothing that a user typed."""
FORBIDDEN_MODULES = {"pickle", "marshal", "shelve", "yaml"}


def evaluated(nodes: Iterable[ast.AST], allowed: frozenset[str] = frozenset()) -> list[str]:
    """Return where a module calls what executes text, loads what is pickled, or starts a shell."""
    found = []
    for node in nodes:
        if isinstance(node, ast.Call):
            called = node.func
            if isinstance(called, ast.Name) and called.id in FORBIDDEN - allowed:
                found.append(f"line {node.lineno}: {called.id}")
            elif isinstance(called, ast.Attribute) and called.attr in FORBIDDEN_METHODS:
                found.append(f"line {node.lineno}: .{called.attr}")
            if any(k.arg == "shell" and getattr(k.value, "value", False) for k in node.keywords):
                found.append(f"line {node.lineno}: a shell")
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            names = {*(a.name for a in node.names), getattr(node, "module", "") or ""}
            found += [f"line {node.lineno}: {name}" for name in sorted(FORBIDDEN_MODULES & names)]
    return found


def test_no_text_is_evaluated() -> None:
    """No module calls what executes text, pickles what a user gave, or starts a shell."""
    own = {WRITES_PROGRAMS: frozenset({"compile", "exec"})}
    found = {
        str(path.relative_to(PACKAGE)): evaluated(walked(path), own.get(path, frozenset()))
        for path in MODULES
    }
    assert {name: told for name, told in found.items() if told} == {}


@pytest.mark.parametrize(("source", "told"), [
    ("eval('1')", ["line 1: eval"]), ("x.subs('y', 1)", ["line 1: .subs"]),
    ("run('a', shell=True)", ["line 1: a shell"]), ("import pickle", ["line 1: pickle"]),
    ("from yaml import load", ["line 1: yaml"]), ("run('a', shell=False)", []), ("x.compile()", []),
])  # fmt: skip
def test_what_is_evaluated_is_found(source: str, told: list[str]) -> None:
    """Each way of executing a text is seen."""
    assert evaluated(ast.walk(ast.parse(source))) == told


def test_modules_are_of_a_size_to_read() -> None:
    """No module is longer than 400 lines, and each says in a docstring what it is."""
    faults = [
        str(path.relative_to(PACKAGE)) for path in MODULES
        if path.read_text(encoding="utf-8").count("\n") > 400 or not ast.get_docstring(parsed(path))
    ]  # fmt: skip
    assert faults == []


def test_first_sentences_differ() -> None:
    """A module's first sentence is true of no other module."""
    firsts: dict[str, Path] = {}
    for path in MODULES:
        docstring = ast.get_docstring(parsed(path)) or ""
        first = re.split(r"(?<=[.:])\s", docstring, maxsplit=1)[0]
        assert first not in firsts, f"{path} and {firsts[first]}: {first}"
        firsts[first] = path


def test_the_facade_is_what_it_says() -> None:
    """Every public name can be had, is listed, and lives where the table says."""
    for name in bt.__all__:
        assert getattr(bt, name) is not None
        assert name in dir(bt)
    assert set(bt.__all__) == set(bt._HOMES)
    assert bt.testing.assert_gradients is not None
    assert bt.sigmoid(0) == 0.5
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        bt.nothing  # noqa: B018  # the attribute's absence is what is tested


def test_import_is_light(in_new_python: object) -> None:
    """Importing the package loads none of sympy, networkx, matplotlib, numpy."""
    code = (
        "import sys; import backprop_tutor; "
        "print([m for m in ('sympy', 'networkx', 'matplotlib', 'numpy', 'lark', 'jinja2') if m in sys.modules])"
    )
    assert in_new_python(code).strip().endswith("[]")  # type: ignore[operator]


@pytest.mark.parametrize("kind", range(3), ids=KINDS)
def test_no_module_climbs_back(kind: int) -> None:
    """No module of the package imports, by whatever way, one that imports it."""
    assert cycles(graph_of(PACKAGE, kind)) == []


@pytest.mark.parametrize("room", ["homework", "render"])
def test_rooms_stand_above_each_other(room: str) -> None:
    """The rooms inside a room import in one direction, however late."""
    inner: dict[str, set[str]] = {}
    for module, targets in graph_of(PACKAGE / room, 2).items():
        own = ".".join(module.split(".")[2:3])
        inner.setdefault(own, set()).update({".".join(t.split(".")[2:3]) for t in targets} - {own})
    assert cycles(inner) == []


def test_the_engine_is_entered_by_a_few_doors() -> None:
    """At most twenty files and rooms stand at the engine's top."""
    found = {path.name for path in (PACKAGE / "engine").iterdir()} - {"__pycache__"}
    assert len(found) <= 20, sorted(found)


ENGINE_FILES, ENGINE_FLOORS, FLOORS_WITH_COMPILING = 109, 13, 18
"""What the engine has at most, its room `compiling` left out of the first two. These numbers only fall."""


def test_the_engine_has_few_files_and_few_floors() -> None:
    """The longest chain of imports inside the engine, and its number of files, stay within their bounds."""
    whole = graph_of(PACKAGE / "engine", 2)
    own = {name for name in whole if ".compiling" not in name}
    graph = {name: whole[name] & own for name in own}
    assert (len(own) <= ENGINE_FILES, floors(graph) <= ENGINE_FLOORS) == (True, True), (len(own), floors(graph))
    assert floors(whole) <= FLOORS_WITH_COMPILING


@pytest.mark.parametrize(("graph", "count"), [
    ({"a": set()}, 1), ({"a": {"b"}, "b": {"c"}, "c": set(), "d": {"c"}}, 3),
    ({"a": {"b"}, "b": {"a", "c"}, "c": set()}, 2),
])  # fmt: skip
def test_floors_are_counted(graph: dict[str, set[str]], count: int) -> None:
    """A chain of three is three floors; a ring counts as one."""
    assert floors(graph) == count


def test_a_cycle_is_found() -> None:
    """What counts cycles finds rings of two and three modules, and no other."""
    graph = {"a": {"b"}, "b": {"a", "c"}, "c": {"d"}, "d": {"e"}, "e": {"c", "f"}, "f": set()}
    assert cycles(graph) == [["c", "d", "e"], ["a", "b"]]


def test_no_test_depends_on_the_benchmarks() -> None:
    """No file below tests/ imports from benchmarks/, by a statement, by a name or from its folder."""
    faults = []
    for path in sorted((PACKAGE.parent / "tests").rglob("*.py")):
        if "benchmarks" not in path.read_text(encoding="utf-8"):
            continue
        for node in ast.walk(parsed(path)):
            named: list[object] = []
            if isinstance(node, ast.Import):
                named = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                named = [node.module]
            elif isinstance(node, ast.BinOp) and isinstance(node.right, ast.Constant):
                named = [node.right.value]
            elif isinstance(node, ast.Constant):
                named = [node.value] if re.match(r"benchmarks\.\w", str(node.value)) else []
            if any(re.fullmatch(r"benchmarks([./][\w./]*)?", str(name)) for name in named):
                faults.append(f"{path.name}:{getattr(node, 'lineno', 0)}")
    assert faults == []
