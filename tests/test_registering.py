"""Operations of one's own: registered while the program runs, known everywhere, refused with reasons."""

from __future__ import annotations

import json
import math
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from test_contributing import EXAMPLE, FURTHER, LOOKS, OTHER_LOOKS

import backprop_tutor as bt
from backprop_tutor.check.battery import battery_faults
from backprop_tutor.ops import OPS
from backprop_tutor.ops.registry import Table

assert EXAMPLE is not None

HEAD = """
import math
import backprop_tutor as bt
from backprop_tutor.ops import Interval, Operation
from backprop_tutor.sentences import N_
"""
LOADED = """
from backprop_tutor import engine as torch
from backprop_tutor.engine import nn, plots
import backprop_tutor.engine.keras.layers, backprop_tutor.engine.training.choices
torch.tensor
bt.derive("f = sin(x)", {"x": 1}).lesson()
bt.equivalent("x", "2*x/2")
"""
"""Every room that reads the table, read before the operation comes."""
REGISTERED = """
for row in (GAUSSIAN, SQUAREPLUS, HYPOT, MIX):
    bt.register(row)
"""


def ran(folder: Path, program: str) -> str:
    """Return what a program prints in a process of its own: what is registered stays in a process."""
    (folder / "program.py").write_text(program, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "program.py"], cwd=folder, capture_output=True, text=True, encoding="utf-8",
        check=False, timeout=300,
        env={**os.environ, "PYTHONUTF8": "1", "BACKPROP_TUTOR_LANG": "en",
             "PYTHONPATH": str(Path(bt.__file__).parents[1])},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr + done.stdout
    return done.stdout


@pytest.mark.parametrize("before", ["", LOADED], ids=["before anything is read", "after all was read"])
def test_a_registered_operation_is_known_everywhere(tmp_path: Path, before: str) -> None:
    """Each place that a row of the package's own table reaches is reached by one that is registered."""
    said = ran(tmp_path, HEAD + before + EXAMPLE[1] + FURTHER + REGISTERED + LOOKS + OTHER_LOOKS)
    found, others = map(json.loads, said.splitlines())
    kinds = {"node": "GaussianBackward0", "module": "Gaussian(inplace=True)", "train": "Gaussian()",
             "Keras": "Gaussian()", "plot": "gaussian"}
    assert {name: found.pop(name) for name in kinds} == kinds
    assert len(found.pop("stub")) == found.pop("docs") == 3
    assert found == dict.fromkeys(found, True)
    assert (others["typed"], others["checked"], others["derivatives"]) == (["3.5", "5.0", "13/4"], True, True)


def gaussian(**changes: Any) -> bt.Operation:
    """Return the bell curve, with changes."""
    fields: dict[str, Any] = {
        "name": "gaussian", "spelled": ("gaussian",), "sign": "gauss", "rule": "gaussian rule",
        "forward": lambda k, a: k.exp(-(a**2)), "partials": (lambda k, out, a: -2 * a * out,),
        "because": "the slope of the bell curve is its height times minus twice its operand",
        "stands_for": lambda: "exp(-a1^2)", "activation": True, "saturates": (-4, 4),
        "range": bt.Interval(0, 1, (False, True)), "samples": ((0.5,), (-1.5,)),
    }  # fmt: skip
    return bt.Operation(**{**fields, **changes})


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"name": "sigmoid"}, "the name `sigmoid` is taken, by the operation `sigmoid`"),
    ({"spelled": ("ln",)}, "the name `ln` is taken, by the operation `log`"),
    ({"spelled": ("gaussian", "derive")}, "the name `derive` is taken, by backprop_tutor.derive"),
    ({"spelled": ("matmul",)}, "the name `matmul` is taken, by the operation `matmul`"),
    ({"name": "zeros"}, "the name `zeros` is taken, by engine.zeros"),
    ({"spelled": ("rho",)}, "`rho` means something else in the language"),
    ({"spelled": ("pi",)}, "`pi` means something else in the language"),
    ({"spelled": ("lambda",)}, "`lambda` means something else in the language"),
    ({"spelled": ("g",)}, "`g` is no name of a function; expected two or more letters, digits and _, a letter first"),
    ({"spelled": ("_gauss",)}, "`_gauss` is no name of a function; expected two or more letters, digits and _, a letter first"),
    ({"spelled": ()}, "it has no name to be typed by: spelled=('gaussian',)"),
    ({"plain": ("gauss ", "")}, "`plain` belongs to the operations that are written by signs; leave it out"),
    ({"because": " "}, "`because` is empty: it is shown beside each step"),
    ({"samples": ((0.5,),)}, "it has one sample; expected two or more points, away from kinks"),
    (
        {"partials": (lambda k, out, a: -2 * a,)},
        "at (0.5) the slope along operand 1 is -1, and centred differences of the value give -0.778801",
    ),
    (
        {"partials": (lambda k, out, a: -2 * a * out * (1 + 1e-7),)},
        "at (0.5) the slope along operand 1 is -0.778800861, and the derivative of the value is -0.778800783",
    ),
    ({"forward": lambda k, a: k.bell(a)}, "`forward` raises AttributeError: 'Scalar' object has no attribute 'bell' at (0.5); rules are written over the kernel: k.exp(a)"),
    ({"forward": lambda k, a: math.exp(-a * a)}, "words could not be tried: TypeError: must be real number, not _Tracer"),
    ({"stands_for": lambda: "exp(-a1)"}, "it stands for `exp(-a1)`, which is 0.60653066 at (0.5), and its value is 0.778800783"),
    ({"range": bt.Interval(0, 0.5)}, "at (-0.75) the value 0.569783 is outside the range (0, 0.5)"),
    ({"exact": True}, "exact=True, and fractions in do not give fractions out"),
    ({"precise": lambda k, a: k.exp(-a)}, "at (-1.5) the slope along operand 1 is 13.4451, and centred differences of the value give -4.48169"),
    ({"forward": lambda k, a, c: k.exp(-(a**2)) + 0 * c, "partials": (lambda k, out, a, c: -2 * a * out,), "options": (("c", 1.0),)}, "the option `c` changes nothing"),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "reason"), REFUSED, ids=lambda x: x[:40] if isinstance(x, str) else "")
def test_a_row_at_fault_is_refused_with_the_reason(changes: dict[str, Any], reason: str) -> None:
    """A name that is taken or cannot be read, or a rule that the battery refutes; the table stays."""
    before = dict(OPS)
    with pytest.raises(bt.OptionError) as caught:
        bt.register(gaussian(**changes))
    head, *faults = str(caught.value).splitlines()
    assert head == f"the operation `{changes.get('name', 'gaussian')}` is refused:"
    assert f"- {reason}" in faults
    assert dict(OPS) == before


BUILT: list[tuple[dict[str, Any], str]] = [
    ({"samples": (0.5, 1.0)}, "gaussian: a sample is a tuple of numbers, not 0.5"),
    ({"samples": ()}, "gaussian: no sample points for the contract battery"),
    ({"spelled": "gaussian"}, "gaussian: spelled is a tuple of names, not 'gaussian'"),
    ({"sign": "toolong"}, "gaussian: the sign 'toolong' does not fit a gate"),
    ({"forward": 3}, "gaussian: forward: a function is expected, not 3"),
    ({"partials": ()}, "gaussian: 1 operands and 0 partials"),
    ({"name": "a b"}, "a b: an operation's name is an identifier"),
]


@pytest.mark.parametrize(("changes", "message"), BUILT, ids=lambda x: x if isinstance(x, str) else "")
def test_a_record_that_cannot_be_is_refused_when_it_is_built(changes: dict[str, Any], message: str) -> None:
    """What no operation can be is an error at once."""
    with pytest.raises(bt.OptionError) as caught:
        gaussian(**changes)
    assert str(caught.value) == message


@pytest.mark.parametrize("thing", [None, 3, "gaussian", gaussian])
def test_only_operations_are_registered(thing: Any) -> None:
    """What is no operation is refused by its kind."""
    with pytest.raises(bt.OptionError, match=f"an Operation is expected, not `{type(thing).__name__}`"):
        bt.register(thing)


@pytest.mark.parametrize("name", sorted(OPS))
def test_the_battery_finds_no_fault_in_the_tables_own_rows(name: str) -> None:
    """What registration asks, every row of the table holds."""
    assert battery_faults(OPS[name]) == []


def test_registering_again_changes_nothing(tmp_path: Path) -> None:
    """The same cell run twice registers once; another rule under the name is refused; threads agree."""
    program = HEAD + EXAMPLE[1] + """
import threading
first = GAUSSIAN
""" + EXAMPLE[1] + """
found, faults = [], []
def one():
    try:
        found.append(bt.register(first, check=False))
        for _ in range(50):
            found.append(bt.derive("f = gaussian(x) + sin(x)", {"x": 0.5}).values["f"] > 1)
            [row.name for row in bt.ops.OPS.values()]
    except Exception as error:
        faults.append(repr(error))
threads = [threading.Thread(target=one) for _ in range(8)]
[t.start() for t in threads]; [t.join() for t in threads]
print(faults, len({id(f) for f in found if f is not True}), bt.register(GAUSSIAN) is bt.gaussian)
import dataclasses
try:
    bt.register(dataclasses.replace(GAUSSIAN, because="another reason"))
except bt.OptionError as error:
    print(error)
"""
    assert ran(tmp_path, program) == (
        "[] 1 True\nthe operation `gaussian` is refused:\n"
        "- the name `gaussian` is taken, by the operation `gaussian`\n"
    )


def test_a_table_takes_a_row_with_all_that_follow_it_or_not_at_all() -> None:
    """A row that one of the derived tables refuses leaves no trace in the others."""
    rows = Table({"x": 1})
    names = rows.derived(lambda row: {f"{row}": row})
    deeper = names.derived(lambda row: {f"deeper {row}": 10 / (row - 5)})
    with pytest.raises(ZeroDivisionError):
        rows.add("y", 5)
    with pytest.raises(ValueError, match="two rows are named 1"):
        rows.add("z", 1)
    assert (dict(rows), dict(names), dict(deeper)) == ({"x": 1}, {"1": 1}, {"deeper 1": -2.5})
    with pytest.raises(TypeError, match=r"the table is read only; backprop_tutor\.register adds an operation"):
        rows["y"] = 2
    assert re.fullmatch(r"\{'x': 1\}", repr(rows))
