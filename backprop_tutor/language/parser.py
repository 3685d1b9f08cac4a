"""The way from text to tree: `parse` for programs, `parse_formula` for answers, as named passes.

    text → plain characters → tokens → statements → words read → formulas → assignments

Every fault of the text is gathered and reported together.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable

from lark.exceptions import UnexpectedInput

from ..errors import Fault, LimitError, ParseError, Span, quoted
from .faults import bracket_faults, grammar_fault, habit_fault
from .grammar import BadFormula, build_tree
from .latex_grammar import build_latex_tree
from .latex_lexer import LatexLexer, is_latex
from .lexer import Lexer
from .limits import ANSWER, PROGRAM, Limits, too_deep, underflows
from .names import Names
from .scan import Scanner
from .symbols import canonical_name, plain_characters
from .tokens import Statement, Token
from .tree import Apply, Assignment, Expression, Number, Program, postorder

__all__ = ["parse", "parse_formula"]


def parse(text: str, names: Iterable[str] = (), source: str = "") -> Program:
    """Return the program that `text` says.

    A program is one or more assignments, one a line or separated by `;`; a bare formula is
    assigned to `f`. A run of letters is one name if it is in `names`, assigned in the program, a
    function, a constant or a Greek letter's name; otherwise single letters side by side.

    Raises:
        ParseError: with line, column, a caret and what was expected, every fault at once.
        LimitError: a text larger than `PROGRAM` allows.

    >>> parse("f = wx + b").reading
    'f = w·x + b'
    >>> parse("z = w x + b; a = σ(z)").output
    'a'
    """
    _check_length(text, PROGRAM, source)
    return _Reading(text, PROGRAM, source).program({canonical_name(n) for n in names})


def parse_formula(
    text: str, names: Iterable[str], *, limits: Limits = ANSWER, node: str = "", source: str = ""
) -> tuple[Expression, tuple[str, ...]]:
    """Return the tree of a single formula over declared names, and notes on how it was read.

    A left side `... =` is dropped with a note where it names `node`, the quantity asked for.

    Raises:
        ParseError: with every fault; a name that is not declared is one.

    >>> from backprop_tutor.language import written
    >>> print(written(parse_formula("2x(w+1)", ["x", "w"])[0]))
    2·x·(w + 1)
    """
    _check_length(text, limits, source)
    reading = _Reading(text, limits, source)
    return reading.formula({canonical_name(n) for n in names}, node)


def _check_length(text: str, limits: Limits, source: str) -> None:
    if len(text) > limits.characters:
        raise LimitError(
            text[:200],
            [Fault(f"{limits.what} has at most {limits.characters:,} characters; this has "
                   f"{len(text):,}", Span(0, 1))],
            source,
        )  # fmt: skip


class _Reading:
    """One text on its way through the passes."""

    def __init__(self, text: str, limits: Limits, source: str) -> None:
        self.text = text
        self.plain = plain_characters(text)
        self.latex = is_latex(text)
        self.build = build_latex_tree if self.latex else build_tree
        self.limits = limits
        self.source = source
        self.faults: list[Fault] = []
        self.spoilt: list[int] = []  # where the lexer found faults, in order
        self.nodes = 0

    def _statements(self, names: Names, comments: bool) -> tuple[Scanner, list[Statement]]:
        lexer = LatexLexer if self.latex else Lexer
        scanner = Scanner(lexer(self.plain, self.limits, comments), names)
        statements = scanner.statements()
        self.spoilt = sorted(fault.span.start for fault in scanner.faults)
        return scanner, statements

    def _is_spoilt(self, tokens: list[Token]) -> bool:
        """Return whether the lexer found a fault among these tokens."""
        start, stop = tokens[0].span.start, tokens[-1].span.stop + 1
        return bisect_left(self.spoilt, stop) > bisect_left(self.spoilt, start)

    def program(self, declared: set[str]) -> Program:
        names = Names(declared, joined=self.latex)
        scanner, statements = self._statements(names, comments=True)
        targets = [self._targets(s) for s in statements]
        for group in targets:
            names.declared.update(name for name, _ in group)
        assignments = [
            assignment
            for statement, group in zip(statements, targets, strict=True)
            if (assignment := self._assignment(statement, group, scanner)) is not None
        ]
        self.faults.extend(scanner.faults)
        if not statements and not self.faults:
            where = Span(0, max(1, len(self.text)))
            self.faults.append(
                Fault("the program is empty", where, "write an assignment, such as f = w*x + b")
            )
        self._order(assignments)
        self._raise()
        return Program(tuple(assignments), self.text, tuple(scanner.notes))

    def formula(self, declared: set[str], node: str) -> tuple[Expression, tuple[str, ...]]:
        names = Names(declared, closed=True, joined=self.latex)
        scanner, statements = self._statements(names, comments=False)
        tree: Expression | None = None
        if len(statements) > 1:
            self.faults.append(
                Fault("one formula is expected here, and this is more than one",
                      statements[1].tokens[0].span)
            )  # fmt: skip
        elif not statements:
            self.faults.append(Fault("nothing is written here", Span(0, 1), "write a formula"))
        else:
            tokens = statements[0].tokens
            if statements[0].equals is not None:
                tokens = self._right_side(statements[0], node, scanner)
            tree = self._tree(tokens, scanner)
        self.faults = [*scanner.faults, *self.faults]
        self._raise()
        assert tree is not None  # no fault, so there is a tree
        return tree, tuple(scanner.notes)

    def _right_side(self, statement: Statement, node: str, scanner: Scanner) -> list[Token]:
        equals = statement.equals or 0
        span = Span(statement.tokens[0].span.start, statement.tokens[equals].span.start)
        left = re.sub(r"[\s()]", "", self.text[span.start : span.stop]).replace("∂", "d")
        if node and left == node.replace("∂", "d").replace(" ", ""):
            scanner.notes[f"the left side `{left} =` was left out: it names this quantity"] = None
            scanner.faults = [f for f in scanner.faults if f.span.start >= span.stop]
        else:
            self.faults.append(
                Fault("a formula is expected, without a left side", span, "delete it and the `=`")
            )
        return statement.tokens[equals + 1 :]

    def _targets(self, statement: Statement) -> list[tuple[str, Span]]:
        if statement.equals is None:
            return []
        left = statement.tokens[: statement.equals]
        found: list[tuple[str, Span]] = []
        good = bool(left) and len(left) % 2 == 1
        for i, token in enumerate(left):
            if token.kind != ("COMMA" if i % 2 else "word"):
                good = False
                break
            if i % 2 == 0:
                name = token.text.replace("⟨", "").replace("⟩", "")
                found.append((name, token.span))
        if good:
            return found
        span = Span(
            left[0].span.start if left else statement.tokens[0].span.start,
            left[-1].span.stop if left else statement.tokens[0].span.stop,
        )
        given = self.text[span.start : span.stop]
        self.faults.append(
            Fault(
                "an assignment's left side is a name" + (f", not {quoted(given)}" if left else ""),
                span,
                "a gradient is asked for, not assigned" if "/" in given else "such as q = x + y",
            )
        )
        return []

    def _assignment(
        self, statement: Statement, group: list[tuple[str, Span]], scanner: Scanner
    ) -> Assignment | None:
        tokens = statement.tokens
        targets = tuple(name for name, _ in group)
        if statement.equals is None:
            targets = ("f",)
        elif statement.equals == len(tokens) - 1:
            self.faults.append(
                Fault("nothing stands after the `=`", tokens[-1].span, "expected a formula")
            )
            return None
        else:
            tokens = tokens[statement.equals + 1 :]
        tree = self._tree(tokens, scanner)
        if tree is None or not targets:
            return None
        span = Span(statement.tokens[0].span.start, statement.tokens[-1].span.stop)
        fault = _outputs_fault(targets, tree)
        if fault:
            self.faults.append(fault)
        return Assignment(targets, tree, span)

    def _tree(self, tokens: list[Token], scanner: Scanner) -> Expression | None:
        before = len(scanner.faults)
        spoilt = self._is_spoilt(tokens)
        read = scanner.read(tokens)
        faults = [] if spoilt else bracket_faults(read)
        faults += too_deep(read, self.limits)
        habit = habit_fault(read)
        if habit and not faults:
            faults.append(habit)
        self.faults.extend(faults)
        if spoilt or faults or len(scanner.faults) > before:
            return None
        try:
            tree = self.build(read)
        except BadFormula as error:
            self.faults.append(error.fault)
            return None
        except UnexpectedInput as error:
            self.faults.append(grammar_fault(read, error))
            return None
        self._count(tree)
        for token in read:
            if token.kind == "NUMBER" and underflows(token.text):
                note = f"{quoted(token.text)} is too small for float64 and was read as 0"
                scanner.notes[note] = None
        return tree

    def _count(self, tree: Expression) -> None:
        self.nodes += sum(1 for _ in postorder(tree))
        if self.nodes > self.limits.nodes:
            raise LimitError(
                self.text,
                [Fault(f"{self.limits.what} has at most {self.limits.nodes:,} nodes", tree.span)],
                self.source,
            )

    def _order(self, assignments: list[Assignment]) -> None:
        """Report names assigned twice, and names used before their assignment."""
        first: dict[str, Assignment] = {}
        for assignment in assignments:
            for target in assignment.targets:
                if target in first:
                    line, _ = first[target].span.line_and_column(self.text)
                    self.faults.append(
                        Fault(f"{quoted(target)} is assigned twice; first on line {line}",
                              assignment.span, "give the second another name")
                    )  # fmt: skip
                else:
                    first[target] = assignment
        seen: set[str] = set()
        for assignment in assignments:
            for node in postorder(assignment.expression):
                name = getattr(node, "name", None)
                if name in first and name not in seen:
                    itself = first[name] is assignment
                    line, _ = first[name].span.line_and_column(self.text)
                    what = "its own assignment" if itself else f"its assignment on line {line}"
                    self.faults.append(Fault(f"{quoted(name)} is used before {what}", node.span))
                    break
            seen.update(assignment.targets)

    def _raise(self) -> None:
        if self.faults:
            ordered = sorted(self.faults, key=lambda f: (f.span.start, f.span.stop))
            raise ParseError(self.text, ordered[:50], self.source)


def _outputs_fault(targets: tuple[str, ...], tree: Expression) -> Fault | None:
    """Return the fault where targets and an operation's number of outputs disagree."""
    if len(set(targets)) < len(targets):
        return Fault("the same name stands twice on the left side", tree.span)
    several = isinstance(tree, Apply) and tree.op == "softmax"
    inside = [
        n for n in postorder(tree) if isinstance(n, Apply) and n.op == "softmax" and n is not tree
    ]
    if inside:
        return Fault("softmax has several outputs and stands alone on the right side",
                     inside[0].span, "p1, p2 = softmax(z1, z2)")  # fmt: skip
    if several and isinstance(tree, Apply) and len(targets) != len(tree.operands):
        count = len(tree.operands)
        wanted = ", ".join(f"p{i + 1}" for i in range(min(count, 4)))
        return Fault(
            f"softmax of {count} has {count} outputs, and {len(targets)} stand on the left side",
            tree.span, f"{wanted} = softmax(…)",
        )  # fmt: skip
    if not several and len(targets) > 1:
        return Fault(f"{len(targets)} names for one value", tree.span,
                     "only softmax has several outputs")  # fmt: skip
    if isinstance(tree, Number) and len(targets) > 1:
        return Fault("several names for one number", tree.span)
    return None
