"""Functions that a program defines, `g(z) = 1/(1 + exp(-z))`: which left sides are ones, and what is wrong
with them and their calls.

A left side like `g(z)` is a value, that at the z given, until `g` is called with something else than `z`.
Enters: statements, later the trees with their calls. Leaves: names, tokens, faults. `inlining.py` writes
the calls out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..errors import Fault, Span, quoted
from ..sentences import counted, said
from .arguments import Compared, Listed, Option
from .faults import BadFormula
from .lefts import Left, own_call
from .limits import MOST_FAULTS
from .shown_names import shown_name
from .symbols import bare
from .tokens import Statement, Token
from .tree import Apply, Assignment, Expression, Name, free_names, postorder

__all__ = [
    "CALL", "Definition", "Definitions", "call_of", "called", "defined_names", "marked", "unclear_calls",
    "unused_faults",
]  # fmt: skip

CALL = "⟨call⟩"
"""Begins the operation's name in the tree of a call that is not written out yet."""


@dataclass(frozen=True, slots=True)
class Definition:
    """A function as defined: its parameters, its formula, and where its left side stands."""

    name: str
    of: tuple[str, ...]
    body: Expression
    span: Span

    @property
    def shown(self) -> str:
        """Return the left side as the explanations show it."""
        return f"{shown_name(self.name)}({', '.join(map(shown_name, self.of))})"


def defined_names(statements: Sequence[Statement], lefts: Sequence[Left]) -> frozenset[str]:
    """Return the names of left sides like `g(z)` that are called with something else.

    In the formula of such a function its parameters are something else, whatever they are called.
    """
    of = {left.targets[0]: left.of for left in lefts if left.of}
    if not of:
        return frozenset()
    inside: dict[str, set[str]] = {name: set() for name in of}  # whose own calls a formula has
    found: list[str] = []
    for statement, left in zip(statements, lefts, strict=True):
        tokens = statement.tokens[0 if statement.equals is None else statement.equals + 1 :]
        for place, token in enumerate(tokens):
            name = bare(token.text) if token.kind == "word" else ""
            if name in of and place + 1 < len(tokens) and tokens[place + 1].text == "(":
                if not own_call(tokens, place, of[name]):
                    found.append(name)
                elif left.of:
                    inside[left.targets[0]].add(name)
    functions = dict.fromkeys(found)
    for function in found:
        for name in sorted(inside[function]):
            if name not in functions and not set(of[name]).isdisjoint(of[function]):
                functions[name] = None
                found.append(name)
    return frozenset(functions)


def marked(tokens: list[Token], functions: Iterable[str]) -> list[Token]:
    """Return the tokens with the names of called functions marked as such."""
    known = frozenset(functions)
    if not known:
        return tokens
    out = list(tokens)
    for i, token in enumerate(tokens[:-1]):
        if token.kind == "word" and bare(token.text) in known and tokens[i + 1].text == "(":
            out[i] = Token("DEFINED", bare(token.text), token.span, token.tight)
    return out


def unclear_calls(tokens: Sequence[Token], written: Collection[str]) -> list[Fault]:
    """Return the faults of names that have a left side like `g(z)` where a bracket makes them a product.

    `wg(x)` and `g^2(x)` could mean the function at x, or g times x.
    """
    faults = []
    for i, token in enumerate(tokens):
        if token.kind != "NAME" or token.text not in written:
            continue
        j = i + 3 if [t.kind for t in tokens[i + 1 : i + 3]] == ["POWER", "NUMBER"] else i + 1
        if [t.kind for t in tokens[j : j + 2]] == ["JUXTAPOSED", "LPAR"]:
            name = shown_name(token.text)
            span = Span(token.span.start, tokens[j + 1].span.stop)
            message = said("{name} before a bracket could be a function or a product", name=quoted(name))
            hint = said("write {name}( … ) with nothing else in its word, or {name}*( … )", name=name)
            faults.append(Fault(message, span, hint))
    return faults


def call_of(name: str, arguments: tuple[Any, ...], span: Span) -> Apply:
    """Return the call of a function that the program defines.

    Raises:
        BadFormula: an option, a list or a comparison among its arguments.
    """
    for each in arguments:
        if isinstance(each, Option | Listed | Compared):
            message = said("{name} is a function of this program: its arguments are formulas",
                           name=quoted(shown_name(name)))  # fmt: skip
            raise BadFormula(Fault(message, each.span))
    return Apply(CALL + name, arguments, (), span)


def unused_faults(lefts: Sequence[Left], assignments: Sequence[Assignment]) -> list[Fault]:
    """Return the faults of left sides like `g(z)` whose names stand nowhere else, nor z.

    The last statement is asked for; and where it is written so, too, all may be.
    """
    if not any(left.of for left in lefts) or lefts[-1].of:
        return []
    used: Counter[str] = Counter(target for one in assignments for target in one.targets)
    for one in assignments:
        used.update(free_names(one.expression))
    own = {one.targets[0]: free_names(one.expression) for one in assignments}
    faults = []
    for left in lefts:
        if not left.of or used[left.targets[0]] > 1 or left.targets[0] not in own:
            continue
        if all(used[name] == (name in own[left.targets[0]]) for name in left.of):
            name = shown_name(left.targets[0])
            shown = f"{name}({', '.join(map(shown_name, left.of))})"
            message = said("the function {name} is defined and never called", name=quoted(shown))
            hint = said("call it, {name}( … ), or leave it out; a value is written {name} = …", name=name)
            faults.append(Fault(message, left.span, hint))
    return faults


@dataclass(frozen=True, slots=True)
class Definitions:
    """The functions of a program by name, and the names that are taken; `faults` says what is wrong."""

    functions: Mapping[str, Definition]
    taken: frozenset[str]

    def faults(self, assignments: Sequence[Assignment]) -> list[Fault]:
        """Return what is wrong with the definitions and their calls, before any is written out."""
        found = [*self._own_faults(assignments), *self._rings()]
        bodies = [one.body for one in self.functions.values()]
        for tree in [*bodies, *(one.expression for one in assignments)]:
            for node in postorder(tree):
                if isinstance(node, Name) and node.name in self.functions:
                    found.append(self._bare_use(node))
                elif isinstance(node, Apply) and node.op.startswith(CALL):
                    fault = self._count_fault(node)
                    found += [fault] if fault else []
        return found

    def _own_faults(self, assignments: Sequence[Assignment]) -> list[Fault]:
        faults = []
        assigned = {target: one for one in assignments for target in one.targets}
        users = self._users(assignments)
        made_of: dict[str, set[str]] = {}
        for one in self.functions.values():
            name = shown_name(one.name)
            if len(set(one.of)) < len(one.of):
                message = said("{left} has the same argument twice", left=quoted(one.shown))
                faults.append(Fault(message, one.span))
            for parameter in dict.fromkeys(one.of):
                z = shown_name(parameter)
                other = said("call the argument another name: {left} = …",
                             left=f"{name}({', '.join(self._others(one, parameter))})")  # fmt: skip
                home = assigned.get(parameter)
                if parameter in self.functions or (home is not None and not _constant(home)):
                    message = said("{z} is the argument of {name} here, and is assigned as well",
                                   z=quoted(z), name=name)  # fmt: skip
                    faults.append(Fault(message, one.span, other))
                    continue
                if parameter not in made_of:
                    made_of[parameter] = self._made_of(parameter, users)
                through = next((name for name in _uses(one) if name in made_of[parameter]), "")
                if through:
                    message = said(
                        "{z} is the argument of {name} here, and {through}, which {name} uses, is made of "
                        "another {z_2}",
                        z=quoted(z), z_2=z, name=name, through=quoted(shown_name(through)),
                    )  # fmt: skip
                    faults.append(Fault(message, one.span, other))
        return faults

    def _others(self, one: Definition, parameter: str) -> list[str]:
        """Return the parameters with one called by a letter that is free."""
        free = next((n for n in "tsuarpq" if n not in self.taken), f"{parameter}_0")
        return [shown_name(free if name == parameter else name) for name in one.of]

    def _made_of(self, parameter: str, users: Mapping[str, Sequence[str]]) -> set[str]:
        """Return the values and functions that are made of another thing called like a parameter."""
        row = list(users.get(parameter, ()))
        found = set(row)
        for now in row:
            row += [each for each in users.get(now, ()) if each not in found]
            found.update(users.get(now, ()))
        return found

    def _users(self, assignments: Sequence[Assignment]) -> dict[str, list[str]]:
        """Return which values and functions use a name that is no parameter of theirs, or call it."""
        users: dict[str, list[str]] = {}
        for one in assignments:
            for name in (*free_names(one.expression), *called(one.expression)):
                users.setdefault(name, []).extend(one.targets)
        for each in self.functions.values():
            for name in _uses(each):
                users.setdefault(name, []).append(each.name)
        return users

    def _rings(self) -> list[Fault]:
        """Return the faults of functions that call themselves, be it through others; one a ring."""
        left = {name: set(called(one.body)) for name, one in self.functions.items()}
        users: dict[str, list[str]] = {name: [] for name in left}
        for name, others in left.items():
            for other in others:
                users[other].append(name)
        ready = [name for name, others in left.items() if not others]
        for name in ready:  # what calls nothing that is left is in no ring
            del left[name]
            for user in users[name]:
                left[user].discard(name)
                if not left[user]:
                    ready.append(user)
        faults = []
        while left:
            now, row = min(left), []
            while now not in row:  # each that is left calls one that is left
                row.append(now)
                now = min(left[now])
            ring = row[row.index(now) :]
            faults.append(self._ring_fault(ring))
            left = {} if len(faults) >= MOST_FAULTS else _without(left, row)
        return faults

    def _ring_fault(self, ring: list[str]) -> Fault:
        shown = [shown_name(name) for name in ring]
        message = said("the function {name} calls itself", name=quoted(shown[0]))
        if len(ring) > 1:
            path = " → ".join([*shown, shown[0]])
            message = said("the function {name} calls itself: {path}", name=quoted(shown[0]), path=path)
        following = ring[1 % len(ring)]
        place = next(n for n in postorder(self.functions[ring[0]].body) if _calls(n, following))
        hint = said("a function is written out where it is called, and this one would never end")
        return Fault(message, place.span, hint)

    def _bare_use(self, node: Name) -> Fault:
        one = self.functions[node.name]
        name = shown_name(one.name)
        message = said("{name} is a function here, {left}, and stands without its argument",
                       name=quoted(name), left=one.shown)  # fmt: skip
        return Fault(message, node.span, said("write {name}( … )", name=name))

    def _count_fault(self, node: Apply) -> Fault | None:
        one = self.functions[node.op[len(CALL) :]]
        if len(node.operands) == len(one.of):
            return None
        message = said(
            "{left} is called with {given}, and was defined with {count}",
            left=quoted(one.shown), given=_arguments(len(node.operands)), count=_arguments(len(one.of)),
        )  # fmt: skip
        inner = ", ".join("…" for _ in one.of)
        return Fault(message, node.span, said("write {call}", call=f"{shown_name(one.name)}({inner})"))


def called(tree: Expression) -> list[str]:
    """Return the functions of the program that a tree calls."""
    return [
        node.op[len(CALL) :] for node in postorder(tree)
        if isinstance(node, Apply) and node.op.startswith(CALL)
    ]  # fmt: skip


def _uses(one: Definition) -> list[str]:
    """Return the names that a function uses from outside, and the functions that it calls."""
    return [*(n for n in free_names(one.body) if n not in one.of), *dict.fromkeys(called(one.body))]


def _calls(node: Expression, name: str) -> bool:
    return isinstance(node, Apply) and node.op == CALL + name


def _without(left: Mapping[str, set[str]], row: Sequence[str]) -> dict[str, set[str]]:
    """Return what is left without a row of functions and what calls them, which is told with them."""
    gone = set(row)
    while True:
        more = {name for name, others in left.items() if name not in gone and not others.isdisjoint(gone)}
        if not more:
            return {name: others for name, others in left.items() if name not in gone}
        gone |= more


def _constant(one: Assignment) -> bool:
    """Return whether an assignment gives an input its value."""
    return not free_names(one.expression)


def _arguments(count: int) -> str:
    return counted(count, "1 argument", "{count} arguments")
