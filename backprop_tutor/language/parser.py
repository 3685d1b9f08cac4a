"""The way from text to tree: `parse` for programs, `parse_formula` for answers, as named passes.

    text → plain characters → tokens → statements → words read → formulas → assignments

Every fault of the text is gathered and reported together.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import replace

from lark.exceptions import UnexpectedInput

from ..errors import Fault, LimitError, OptionError, ParseError, Span, quoted
from ..ops import FUNCTIONS
from ..ops.array_rows import ARRAY_ROWS, row_of
from ..sentences import said, sentence
from .array_sums import whole_sums
from .assignments import order_faults, outputs_fault, plain_left, used_names, values_apart
from .commas import parted
from .definitions import defined_names, marked, unclear_calls, unused_faults
from .derivatives import derivative_fault
from .faults import (
    BadFormula,
    NumberRangeError,
    RangeFault,
    bracket_faults,
    grammar_fault,
    habit_fault,
)
from .grammar import build_tree
from .inlining import TooLarge, without_calls
from .latex_grammar import build_latex_tree
from .latex_lexer import LatexLexer
from .latex_names import canonical_name
from .latex_signs import is_latex
from .lefts import Left, as_written, free_target, left_side, values_read
from .lexer import Lexer
from .limits import ANSWER, MOST_FAULTS, PROGRAM, Limits, SizeFault, too_deep, underflows
from .lone import lone_faults, lone_remarks
from .losses import roles_read, with_remarks
from .names import Names
from .ordering import in_order
from .program import Program
from .scan import Scanner
from .sums import written_out
from .symbols import plain_characters
from .tokens import Statement, Token
from .tree import Apply, Assignment, Expression, postorder

__all__ = ["parse", "parse_formula"]


def parse(text: str, names: Iterable[str] = (), source: str = "", arrays: bool = False) -> Program:
    """Return the program that `text` says.

    A program is one or more assignments, one a line or separated by `;`; a bare formula is
    assigned to `f`. A run of letters is one name if it is in `names`, assigned in the program, a
    function, a constant or a Greek letter's name; otherwise single letters side by side. With
    `arrays` names may hold arrays, and `max(W)` is the largest of their entries.

    Raises:
        ParseError: with line, column, a caret and what was expected, every fault at once.
        LimitError: a text larger than `PROGRAM` allows.

    >>> parse("f = wx + b").reading
    'f = w·x + b'
    >>> parse("z = w x + b; a = σ(z)").output
    'a'
    """
    _check_length(text, PROGRAM, source)
    return _Reading(text, PROGRAM, source, arrays).program({canonical_name(n) for n in names})


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
    if not isinstance(text, str):
        raise OptionError(
            said(
                "{what} is text, not {given}", what=sentence(limits.what), given=quoted(repr(text))
            )
        )
    if len(text) > limits.characters:
        message = said(
            "{what} has at most {characters:,} characters; this has {count:,}",
            what=sentence(limits.what),
            characters=limits.characters,
            count=len(text),
        )
        raise LimitError(text[:200], [Fault(message, Span(0, 1))], source)


_LONE_CR = re.compile(r"\r(?!\n)")


class _Reading:
    """One text on its way through the passes."""

    def __init__(self, text: str, limits: Limits, source: str, arrays: bool = False) -> None:
        self.text = _LONE_CR.sub("\n", text)  # a line's end too; every place stays where it is
        self.plain = plain_characters(self.text)
        self.latex = is_latex(text)
        self.build = build_latex_tree if self.latex else build_tree
        self.limits = limits
        self.source = source
        self.arrays = arrays
        self.faults: list[Fault] = []
        self.spoilt: list[int] = []  # where the lexer found faults, in order
        self.left_out: list[Span] = []  # left sides that are refused as a whole
        self.values: dict[str, tuple[str, ...]] = {}  # left sides like f(x), and of what
        self.defined: frozenset[str] = frozenset()  # those that are functions
        self.called: set[str] = set()  # the functions that were called
        self.bare = False  # whether a formula without a left side got its name
        self.nodes = 0

    def _statements(self, names: Names, comments: bool) -> tuple[Scanner, list[Statement]]:
        lexer = LatexLexer if self.latex else Lexer
        source = lexer(self.plain, self.limits, comments, self.arrays)
        scanner = Scanner(source, names, self.arrays)
        statements = scanner.statements()
        self.spoilt = sorted(fault.span.start for fault in scanner.faults)
        self._refuse_beyond_hope(statements)
        return scanner, statements

    def _refuse_beyond_hope(self, statements: list[Statement]) -> None:
        """Refuse before any work a text whose numbers and names alone are too many."""
        leaves = 0
        for statement in statements:
            right = statement.tokens[0 if statement.equals is None else statement.equals + 1 :]
            kinds = [token.kind for token in right]
            leaves += kinds.count("NUMBER") + kinds.count("word") - 2 * kinds.count("EQUALS")
            if leaves > self.limits.nodes:
                raise self._too_many_nodes(Span(right[0].span.start, statement.stop))

    def _too_many_nodes(self, span: Span) -> LimitError:
        message = said(
            "{what} has at most {nodes:,} nodes",
            what=sentence(self.limits.what),
            nodes=self.limits.nodes,
        )
        return LimitError(self.text, [SizeFault(message, span)], self.source)

    def _is_spoilt(self, start: int, stop: int) -> bool:
        """Return whether the lexer found a fault in this stretch of the text."""
        return bisect_right(self.spoilt, stop) > bisect_left(self.spoilt, start)

    def program(self, declared: set[str]) -> Program:
        names = Names(declared, joined=self.latex)
        scanner, statements = self._statements(names, comments=True)
        statements, parted_faults = parted(statements, self.text)
        self.faults += parted_faults
        lefts = [self._left(s) for s in statements]
        self.defined = defined_names(statements, lefts)
        for left in lefts:
            names.declared.update(left.targets, left.of)
            if left.of:
                function = left.targets[0] in self.defined
                scanner.notes[as_written(left, function)] = None
                if not function:
                    self.values[left.targets[0]] = left.of
        assignments: list[Assignment] = []
        start = 0
        for statement, left in zip(statements, lefts, strict=True):
            assignment = self._assignment(statement, start, left.targets, scanner)
            if assignment is not None:
                assignments.append(assignment)
            start = statement.stop + 1
        self.faults.extend(fault for fault in scanner.faults if not self._left_out(fault))
        if not statements and not self.faults:
            where = Span(0, max(1, len(self.text)))
            self.faults.append(
                Fault(
                    said("the program is empty"),
                    where,
                    said("write an assignment, such as f = w*x + b"),
                )
            )
        bare_name = ""
        if self.bare:
            bare_name = free_target([*names.declared, *used_names(assignments)])
            assignments = [
                a if a.targets else Assignment((bare_name,), a.expression, a.span)
                for a in assignments
            ]
        if self.defined:
            try:
                assignments, faults = without_calls(
                    assignments, [left for left in lefts if left.of and left.targets[0] in self.defined],
                    names.declared, self.limits.nodes, self.arrays,
                )  # fmt: skip
            except TooLarge as error:
                raise self._too_many_nodes(error.span) from None
            self.faults += faults
        for assignment in assignments:
            wrong = outputs_fault(assignment.targets, assignment.expression, self.arrays)
            self.faults += [wrong] if wrong else []
        if not self.faults:
            self.faults += unused_faults(lefts, assignments)
        assignments, values = values_apart(assignments)
        assignments, moved = in_order(assignments)
        self.faults += order_faults(self.text, assignments, bare_name)
        if self.faults:
            raise self._error()
        notes = scanner.notes | dict.fromkeys(moved) | lone_remarks(assignments)
        program = Program(tuple(assignments), self.text, tuple(notes), values)
        if not any(name in FUNCTIONS and FUNCTIONS[name].roles for name in self.called):
            return program
        notes |= roles_read(assignments)
        return with_remarks(replace(program, notes=tuple(notes)), values)

    def formula(self, declared: set[str], node: str) -> tuple[Expression, tuple[str, ...]]:
        names = Names(declared, closed=True, joined=self.latex)
        scanner, statements = self._statements(names, comments=False)
        tree: Expression | None = None
        if len(statements) > 1:
            self.faults.append(
                Fault(
                    said("one formula is expected here, and this is more than one"),
                    statements[1].tokens[0].span,
                )
            )
        elif not statements and not scanner.faults:
            self.faults.append(
                Fault(said("nothing is written here"), Span(0, 1), said("write a formula"))
            )
        elif statements:
            tree = self._answer(statements[0], node, scanner)
            if tree is not None:
                self.faults += [*_several_values(tree), *_of_arrays(tree)]
        self.faults = [*scanner.faults, *self.faults]
        if tree is None or self.faults:
            raise self._error()
        return tree, tuple(scanner.notes)

    def _answer(self, statement: Statement, node: str, scanner: Scanner) -> Expression | None:
        """Return the tree of a formula, without a left side that names the quantity asked for."""
        if statement.equals is None:
            return self._tree(statement.tokens, 0, statement.stop, scanner)
        equals = statement.tokens[statement.equals].span
        left = plain_left(self.text[: equals.start])
        scanner.faults[:] = [f for f in scanner.faults if f.span.start >= equals.start]
        if node and left == plain_left(node):
            note = said("the left side `{left} =` was left out: it names this quantity", left=left)
            scanner.notes[note] = None
        else:
            span = Span(0, max(1, equals.start))
            message = said("a formula is expected, without a left side")
            self.faults.append(Fault(message, span, said("delete it and the `=`")))
        tokens = statement.tokens[statement.equals + 1 :]
        if not tokens:
            self.faults.append(
                Fault(said("nothing stands after the `=`"), equals, said("expected a formula"))
            )
            return None
        return self._tree(tokens, equals.stop, statement.stop, scanner)

    def _left(self, statement: Statement) -> Left:
        """Return the left side; one that is refused is left out as a whole."""
        left = left_side(statement, self.text)
        if left.fault is not None:
            self.left_out.append(
                left.fault.span
            )  # what the lexer says about it is beside the point
            self.faults.append(left.fault)
        return left

    def _assignment(
        self, statement: Statement, start: int, targets: tuple[str, ...], scanner: Scanner
    ) -> Assignment | None:
        tokens = statement.tokens
        if statement.equals is None:
            self.bare = True
        elif statement.equals == len(tokens) - 1:
            self.faults.append(
                Fault(
                    said("nothing stands after the `=`"),
                    tokens[-1].span,
                    said("expected a formula"),
                )
            )
            return None
        else:
            start = tokens[statement.equals].span.stop
            tokens = tokens[statement.equals + 1 :]
        tree = self._tree(tokens, start, statement.stop, scanner)
        if tree is None or not (targets or statement.equals is None):
            return None
        span = Span(statement.tokens[0].span.start, statement.tokens[-1].span.stop)
        return Assignment(targets, tree, span)

    def _tree(
        self, tokens: list[Token], start: int, stop: int, scanner: Scanner
    ) -> Expression | None:
        """Return the tree of the tokens from `start` to `stop`, or None where they have a fault."""
        before = len(scanner.faults)
        spoilt = self._is_spoilt(start, stop)
        derivative = derivative_fault(tokens, self.text, stop, scanner.names)
        if derivative is not None:
            self.faults.append(derivative)
            return None
        tokens = values_read(tokens, self.values)
        if self.arrays:
            tokens = whole_sums(tokens, scanner.names, scanner.notes)
        tokens, unsummed = written_out(tokens, scanner.names, self.limits, scanner.notes)
        if unsummed:
            self.faults += unsummed
            return None
        read = scanner.read(marked(tokens, self.defined))
        unclear = unclear_calls(read, {*self.values, *self.defined})
        if unclear:
            self.faults += unclear
            return None
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
        if not self.arrays:
            lone = lone_faults(tree)
            if lone:
                self.faults += lone
                return None
        self._count(tree)
        for token in read:
            if token.kind == "NUMBER" and underflows(token.text):
                note = said(
                    "{given} is too small for float64 and was read as 0", given=quoted(token.text)
                )
                scanner.notes[note] = None
            elif token.kind == "FUNCTION":
                self.called.add(token.text)
        return tree

    def _count(self, tree: Expression) -> None:
        self.nodes += sum(1 for _ in postorder(tree))
        if self.nodes > self.limits.nodes:
            raise self._too_many_nodes(tree.span)

    def _left_out(self, fault: Fault) -> bool:
        """Return whether the fault lies in a left side that is refused as a whole."""
        i = bisect_right(self.left_out, fault.span.start, key=lambda span: span.start) - 1
        return i >= 0 and fault.span.start < self.left_out[i].stop

    def _error(self) -> ParseError:
        once = dict.fromkeys(self.faults)  # a sum's terms have the same faults
        ordered = sorted(once, key=lambda f: (f.span.start, f.span.stop))[:MOST_FAULTS]
        if any(isinstance(fault, SizeFault) for fault in ordered):
            return LimitError(self.text, ordered, self.source)
        if all(isinstance(fault, RangeFault) for fault in ordered):
            return NumberRangeError(self.text, ordered, self.source)
        return ParseError(self.text, ordered, self.source)


def _of_arrays(tree: Expression) -> list[Fault]:
    """Return the fault of an operation on arrays in a formula of single numbers."""
    found = next((n for n in postorder(tree) if isinstance(n, Apply) and n.op in ARRAY_ROWS), None)
    if found is None:
        return []
    return [Fault(said("an operation on arrays in a formula of single numbers"), found.span)]


def _several_values(tree: Expression) -> list[Fault]:
    """Return a fault for each operation of several outputs: a formula has one value."""
    return [
        Fault(said("{op} has several outputs, and a formula has one value", op=node.op), node.span)
        for node in postorder(tree)
        if isinstance(node, Apply) and row_of(node.op).outputs
    ]
