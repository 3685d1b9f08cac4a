"""No room keeps a list of operations by name: what is asked of an operation is a field of its row."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import backprop_tutor as bt
from backprop_tutor.ops import FUNCTIONS, OPS

PACKAGE = Path(bt.__file__).parent
NAMES = {*OPS, *FUNCTIONS}

ALLOWED = {
    "engine/functions/reductions.py": "how a loss is reduced: words of PyTorch's arguments",
    "engine/functions/extremes.py": "functions of tensors with results of two parts: methods, not rows",
    "engine/functions/elementwise.py": "the faster rules, each held to its row by the contract",
    "engine/fused/usual_losses.py": "the faster rules of tensor losses, each held to its record",
    "engine/functions/picking.py": "what `scatter` does with several: words of PyTorch's arguments",
    "engine/optim/lr_scheduler/plateau.py": "whether a metric should fall or rise: PyTorch's words",
    "engine/training/history.py": "whether a metric should fall or rise: words of settings",
    "tf/namespace.py": "TensorFlow's names, and what comes nearest to those that are not here",
    "tf/keras/losses.py": "how a loss is reduced: words of Keras's arguments",
    "engine/keras/losses.py": "Keras's names of its own losses, which are classes of that file",
    "language/symbolic.py": "NumPy's names of rows that the language writes by signs",
    "language/inlining.py": "which operands are read by the signs around them: products and powers",
    "language/dotted.py": "calls of array libraries, and how each is typed here",
    "matrices/meant.py": "the records that run along an axis or take two numbers, and each written out",
    "language/elsewhere.py": "names of other languages that are no functions here, and what to write",
    "lesson/words.py": "keys of the page's own words, which are no operations",
    "worksheets/gate_words.py": "a sheet's words for each operation, one a row, which a test asks for",
    "worksheets/exercises.py": "the default of a setting: sums and products",
    "studies/fits.py": "how samples' losses are put together: words of an option",
    "story/activation_facts.py": "the two activations to which courses give a slope parameter, and their form with it",
    "choices.py": "words for type checkers; a test compares each list with its table",
    "bridge/losses.py": "words of an option: the losses that a model's output may be opened with",
    "homework/equivalence/ranges.py": "from the ends of the operands to those of the value: rules of a proof",
    "homework/equivalence/usual_forms.py": "usual wrong readings of a key, one an operation: what a warning is",
    "homework/slips/softmax_slips.py": "wrong rules of softmax and cross-entropy: what the slip itself is",
    "homework/slips/value_slips.py": "wrong values at single operations: what the slip itself is",
    "homework/slips/whereabouts.py": "which steps beside a logarithm are read as part of it: sums and products",
    "lesson/array_build.py": "what hands a gradient on unchanged: sums and copies",
    "matrices/exact_pass.py": "which records over arrays stay exact on fractions: what that pass is",
    "matrices/index_words.py": "calls of formulas in indices that LaTeX has a command for",
    "render/drawing/summed.py": "the signs on the wires of a sum: one an arithmetic operation",
    "render/narration/array_reasons.py": "the two rules whose gradient p − y is told in words of their own",
    "scales/entry_trees.py": "the words of tensor rules and the rows that they are for single entries",
    "scales/to_gates.py": "reductions that take each entry once",
    "scales/vector_losses.py": "losses and reductions that are written out over their entries",
    "homework/equivalence/squares.py": "what a polynomial is made of",
    "homework/slips/array_batch.py": "wrong rules over a batch, one an operation: what the slip itself is",
    "homework/slips/array_losses.py": "wrong rules of losses, one a loss: what the slip itself is",
    "homework/slips/array_slopes.py": "operations whose slope cannot be left out by mistake: 1, or the other factor",
    "matrices/turning.py": "what leaves a row vector a row: how it is typed",
    "matrices/array_building.py": "tensor losses that broadcast as NumPy does: records, which are not in this table",
    "render/layers/array_names.py": "what hands a gradient on unchanged: sums",
    "render/layers/gates.py": "how a group of gates is written as one: ½Σ(·)²",
    "render/neurons/backward.py": "which trees take brackets when they are multiplied: sums",
    "render/neurons/forward.py": "which sentence says what an activation does to its sum",
    "scales/activations.py": "functions of a sum that courses call a neuron's, beside the table's activations",
    "scales/sums.py": "what a weighted sum is made of: the sign of each term",
    "homework/slips/forward_slips.py": "wrong rules of arithmetic, one a row: what the slip itself is",
    "chains/simplify.py": "what a polynomial is made of: sums, products, quotients, powers",
    "engine/compiling/following.py": "kinds of events that are followed, which are no operations",
    "engine/compiling/kernel.py": "the kernel's words that NumPy has, too, under the same name or its own",
    "engine/compiling/reading.py": "Python's built-in functions that change nothing outside of them",
    "engine/compiling/recording.py": "kinds of nodes, which are no operations",
    "engine/compiling/values.py": "NumPy's functions that write into an array, and those of two operands",
    "render/drawing/symbol_circuit.py": "which gates are written Σ: sums and differences",
    "story/neurons.py": "how the losses of a model are typed, one a loss that is opened",
    "homework/slips/rule_slips.py": "names of the variants of a wrong rule, which are no operations",
}
"""Files with such lists, and why they may."""


def hand_lists(source: str) -> list[tuple[int, list[str]]]:
    """Return the lists, tuples, sets, keys of dictionaries and strings with two names or more.

    Lists of a façade (`__all__`) are what a façade is.
    """
    found = []
    facades: set[int] = set()  # a statement is walked before what stands in it
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, (ast.Assign, ast.AugAssign)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if any(isinstance(target, ast.Name) and target.id == "__all__" for target in targets):
                facades.add(id(node.value))
        parts: list[ast.expr | None] = []
        if isinstance(node, (ast.Tuple, ast.List, ast.Set)) and id(node) not in facades:
            parts = list(node.elts)
        elif isinstance(node, ast.Dict):
            parts = list(node.keys)
        elif isinstance(node, ast.MatchOr):
            parts = [p.value for p in node.patterns if isinstance(p, ast.MatchValue)]
        named = [
            p.value for p in parts
            if isinstance(p, ast.Constant) and isinstance(p.value, str) and p.value in NAMES
        ]  # fmt: skip
        if len(named) >= 2:
            found.append((node.lineno, named))
    return found


def test_no_list_of_operations_stands_outside_of_the_table() -> None:
    """No tuple, list, set or dictionary names two operations, but where it says why."""
    found = {
        path.relative_to(PACKAGE).as_posix(): hand_lists(path.read_text(encoding="utf-8"))
        for path in sorted(PACKAGE.rglob("*.py"))
        if "ops" not in path.relative_to(PACKAGE).parts
    }
    assert {place: lists for place, lists in found.items() if lists and place not in ALLOWED} == {}


def test_no_exception_is_left_over() -> None:
    """Each file that may have a list still has one."""
    for place in ALLOWED:
        assert hand_lists((PACKAGE / place).read_text(encoding="utf-8")), place


@pytest.mark.parametrize("source", [
    'X = ("sin", "cos")', 'X = frozenset({"sin", "tanh", "mine"})', 'X = {"relu": 1, "elu": 2}',
    'f = g(["exp", "log"])',
    'match x:\n    case "exp" | "log":\n        pass',
])
def test_a_hand_list_is_found(source: str) -> None:
    """Each way of writing such a list is seen; a façade is not one."""
    assert hand_lists(source)
    assert hand_lists('__all__ = ["exp", "log"]\n__all__ += ["sin", "cos"]') == []
