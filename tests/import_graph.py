"""The graph of a room's imports, of three kinds, and its cycles and floors.

Each kind holds the one before: imports at the top of modules, also those inside functions, also those
under `TYPE_CHECKING`. A cycle is a set of modules each of which reaches every other.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from shared import ROOT

KINDS = ("at the top", "in functions", "under TYPE_CHECKING")


def module_name(path: Path) -> str:
    """Return the dotted name of a file of the package."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def parsed(path: Path) -> ast.Module:
    """Return a file's syntax tree, read once."""
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def walked(path: Path) -> tuple[ast.Call | ast.Import | ast.ImportFrom, ...]:
    """Return the calls and the imports anywhere in a file, looked for once."""
    return tuple(node for node in ast.walk(parsed(path)) if isinstance(node, ast.Call | ast.Import | ast.ImportFrom))


def imports(path: Path, known: frozenset[str]) -> Iterator[tuple[int, str]]:
    """Yield the kind and the module of each import among the known ones, submodules resolved."""
    own = module_name(path)
    package = own if path.name == "__init__.py" else own.rpartition(".")[0]
    stack: list[tuple[ast.AST, int]] = [(parsed(path), 0)]
    while stack:
        node, kind = stack.pop()
        if isinstance(node, ast.ImportFrom):
            base = ".".join(package.split(".")[: len(package.split(".")) - node.level + 1])
            source = (f"{base}.{node.module}" if node.module else base) if node.level else node.module
            for alias in node.names:
                whole = f"{source}.{alias.name}"
                found = whole if whole in known else source
                if found in known and found != own:
                    yield kind, str(found)
        for child in ast.iter_child_nodes(node):
            inner = kind
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                inner = max(kind, 1)
            if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
                inner = 2
            stack.append((child, inner))


def cycles(graph: dict[str, set[str]]) -> list[list[str]]:
    """Return the sets of modules that reach each other, largest first."""
    order: list[str] = []
    seen: set[str] = set()
    for root in sorted(graph):
        stack = [(root, iter(sorted(graph[root])))]
        if root in seen:
            continue
        seen.add(root)
        while stack:
            node, rest = stack[-1]
            for other in rest:
                if other not in seen:
                    seen.add(other)
                    stack.append((other, iter(sorted(graph[other]))))
                    break
            else:
                order.append(node)
                stack.pop()
    back: dict[str, set[str]] = {name: set() for name in graph}
    for name, others in graph.items():
        for other in others:
            back[other].add(name)
    placed: set[str] = set()
    found = []
    for root in reversed(order):
        if root in placed:
            continue
        group, todo = [], [root]
        placed.add(root)
        while todo:
            node = todo.pop()
            group.append(node)
            for other in sorted(back[node] - placed):
                placed.add(other)
                todo.append(other)
        if len(group) > 1:
            found.append(sorted(group))
    return sorted(found, key=len, reverse=True)


def floors(graph: dict[str, set[str]]) -> int:
    """Return the length of the longest way down, each cycle counted as one."""
    group = {name: name for name in graph}
    for members in cycles(graph):
        group.update(dict.fromkeys(members, members[0]))
    below: dict[str, set[str]] = {group[name]: set() for name in graph}
    for name, others in graph.items():
        below[group[name]] |= {group[other] for other in others} - {group[name]}
    height: dict[str, int] = {}
    while len(height) < len(below):
        for name, others in below.items():
            if name not in height and all(other in height for other in others):
                height[name] = 1 + max((height[other] for other in others), default=0)
    return max(height.values())


@cache
def _below(folder: Path) -> dict[str, list[tuple[int, str]]]:
    """Return, for each module below a folder, what it imports and how, read once."""
    found = {module_name(path): path for path in sorted(folder.rglob("*.py"))}
    known = frozenset(found)
    return {name: list(imports(path, known)) for name, path in found.items()}


def graph_of(folder: Path, kind: int) -> dict[str, set[str]]:
    """Return, for each module below a folder, those that it imports by the kinds up to one."""
    return {name: {other for k, other in found if k <= kind} for name, found in _below(folder).items()}
