"""Where a fault can be planted in a module's source, and its syntax tree with one fault in it.

Enters: a path and its source. Leaves: `Mutant`s, each a place and a kind of fault, and a changed tree.
Only syntax is looked at; nothing is written, and nothing runs.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass

__all__ = ["Mutant", "mutants", "planted"]

_COMPARED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE,
    ast.GtE: ast.Gt, ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}
_COMPUTED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.Pow: ast.Mult,
    ast.FloorDiv: ast.Mult, ast.Mod: ast.Mult, ast.BitOr: ast.BitAnd, ast.BitAnd: ast.BitOr,
}


@dataclass(frozen=True)
class Mutant:
    """One fault: the `index`-th place of the file at which `kind` applies.

    `function` is the first line and the name of the code it lies in, as its frames tell them.
    """

    path: str
    line: int
    kind: str
    index: int
    function: tuple[int, str]
    before: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.kind}: {self.before}"


def _compare(node: ast.AST) -> ast.AST | None:
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        node.ops = [_COMPARED[type(node.ops[0])]()]
        return node
    return None


def _compute(node: ast.AST) -> ast.AST | None:
    if isinstance(node, ast.BinOp | ast.AugAssign) and type(node.op) in _COMPUTED:
        node.op = _COMPUTED[type(node.op)]()
        return node
    return None


def _number(node: ast.AST) -> ast.AST | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        if isinstance(node.value, bool):
            return None
        node.value += 1
        return node
    return None


def _truth(node: ast.AST) -> ast.AST | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, bool):
        node.value = not node.value
        return node
    return None


def _both(node: ast.AST) -> ast.AST | None:
    if isinstance(node, ast.BoolOp):
        node.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        return node
    return None


def _sign(node: ast.AST) -> ast.AST | None:
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.Not):
        return node.operand
    return None


def _branch(node: ast.AST) -> ast.AST | None:
    if isinstance(node, ast.If | ast.IfExp | ast.While):
        node.test = ast.copy_location(ast.UnaryOp(ast.Not(), node.test), node.test)
        return node
    return None


def _statement(node: ast.AST) -> ast.AST | None:
    dropped = isinstance(node, ast.AugAssign | ast.Raise) or (
        isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)
    )
    return ast.Pass() if dropped else None


def _exchange(node: ast.AST) -> ast.AST | None:
    left = isinstance(node, ast.Call) and ast.unparse(node.func) in ("isinstance", "hasattr", "max", "min")
    if isinstance(node, ast.Call) and not left and len(node.args) >= 2 and not any(
        isinstance(each, ast.Starred) for each in node.args[:2]
    ):
        node.args = [node.args[1], node.args[0], *node.args[2:]]
        return node
    return None


def _member(node: ast.AST) -> ast.AST | None:
    """Drop the last of several names or strings that stand in a list, a tuple or a set."""
    kinds = ast.List | ast.Tuple | ast.Set
    if isinstance(node, kinds) and len(node.elts) >= 2 and isinstance(
        getattr(node, "ctx", ast.Load()), ast.Load
    ):
        node.elts = node.elts[:-1]
        return node
    return None


KINDS: dict[str, Callable[[ast.AST], ast.AST | None]] = {
    "another comparison": _compare,
    "another arithmetic": _compute,
    "another number": _number,
    "another truth": _truth,
    "and for or": _both,
    "a sign or not left out": _sign,
    "the other branch": _branch,
    "a statement left out": _statement,
    "arguments exchanged": _exchange,
    "the last member left out": _member,
}


def _walk(tree: ast.Module) -> Iterator[tuple[ast.AST, tuple[int, str]]]:
    """Yield the nodes that run, in a fixed order, each with the code it lies in.

    Annotations, docstrings, `__all__` and what only type checkers read are left out, and so are the
    samples of a record: they are what its tests are run at.
    """
    stack: list[tuple[ast.AST, tuple[int, str]]] = [(tree, (1, "<module>"))]
    while stack:
        node, code = stack.pop()
        yield node, code
        for name, value in reversed(list(ast.iter_fields(node))):
            if name in ("annotation", "returns", "decorator_list", "type_params"):
                continue
            for each in reversed(value if isinstance(value, list) else [value]):
                if not isinstance(each, ast.AST) or _idle(each) or _given_to_tests(each):
                    continue
                inner = code
                if isinstance(node, ast.FunctionDef) and name == "body":
                    first = min([node.lineno, *(d.lineno for d in node.decorator_list)])
                    inner = (first, node.name)
                elif isinstance(node, ast.Lambda) and name == "body":
                    inner = (node.lineno, "<lambda>")
                elif isinstance(node, ast.ClassDef) and name == "body":
                    inner = (1, "<module>")
                stack.append((each, inner))


def _given_to_tests(node: ast.AST) -> bool:
    return isinstance(node, ast.keyword) and node.arg == "samples"


def _idle(node: ast.AST) -> bool:
    if isinstance(node, ast.Import | ast.ImportFrom):
        return True
    if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
        return True
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return True
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
        return node.targets[0].id in ("__all__", "__slots__")
    return False


def mutants(path: str, source: str) -> list[Mutant]:
    """Return every mutant of a module's source."""
    lines = source.splitlines()
    found: list[Mutant] = []
    counts = dict.fromkeys(KINDS, 0)
    for node, code in _walk(ast.parse(source)):
        for kind, change in KINDS.items():
            if change(copy.copy(node)) is None:
                continue
            line = getattr(node, "lineno", 1)
            before = lines[line - 1].strip()
            found.append(Mutant(path, line, kind, counts[kind], code, before))
            counts[kind] += 1
    return found


def planted(mutant: Mutant, source: str) -> ast.Module:
    """Return the module's syntax tree with the mutant's fault in it."""
    tree = ast.parse(source)
    change = KINDS[mutant.kind]
    seen = 0
    for node, _ in _walk(tree):
        if change(copy.copy(node)) is None:
            continue
        if seen == mutant.index:
            return ast.fix_missing_locations(_exchanged(tree, node, change))
        seen += 1
    raise ValueError(f"no such place: {mutant}")


def _exchanged(
    tree: ast.Module, node: ast.AST, change: Callable[[ast.AST], ast.AST | None]
) -> ast.Module:
    """Return the tree with the node changed in its place."""
    for parent in ast.walk(tree):
        for name, value in ast.iter_fields(parent):
            members = value if isinstance(value, list) else [value]
            for at, each in enumerate(members):
                if each is not node:
                    continue
                new = change(node)
                assert new is not None
                ast.copy_location(new, each)
                if isinstance(value, list):
                    value[at] = new
                else:
                    setattr(parent, name, new)
                return tree
    raise ValueError("the node is not in its tree")
