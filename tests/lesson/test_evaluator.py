"""The page's evaluator, number formats and answer reader are run by Node and held to Python."""

from __future__ import annotations

import json
import math
import random
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from shared import in_lists, load_cases

import backprop_tutor as bt
from backprop_tutor.errors import DomainError, TutorError
from backprop_tutor.lesson import page
from backprop_tutor.lesson.javascript import functions, rules
from backprop_tutor.ops import FUNCTIONS, OPS
from backprop_tutor.render.narration.numbers import shown

NODE = shutil.which("node")
needs_node = pytest.mark.skipif(NODE is None, reason="Node is not installed")
FOLDER = Path(page.__file__).parent
Run = Callable[[str, Any], Any]
PURE = ("kernel.js", "numbers.js", "evaluator.js", "formula.js", "marking.js", "judging.js")


SERVER = """
const made = (text) => new Function("K", `return ${text}`)(K);
const told = (v) => JSON.stringify(v, (_, n) => typeof n === "number" && !Number.isFinite(n) ? String(n) : n);
require("readline").createInterface({input: process.stdin}).on("line", (line) => {
  const given = JSON.parse(line);
  let answer;
  try {
    answer = {found: ((data) => { let result; eval(given.work); return result ?? null; })(given.data)};
  } catch (error) {
    answer = {fault: String(error.stack)};
  }
  process.stdout.write(told(answer) + "\\n");
});
"""
"""What Node runs after the page's files: a line with `work`, which sees `data` and sets `result`; a line back."""


@pytest.fixture(scope="module")
def run() -> Iterator[Run]:
    """Run the page's pure files in one Node for all tests: `run(work, data)` returns the work's `result`."""
    source = "\n".join((FOLDER / name).read_text(encoding="utf-8") for name in PURE)
    code = f'"use strict"; const FUNCTIONS = {functions()};\n{source}\n{SERVER}'
    with subprocess.Popen(
        [str(NODE), "-e", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
    ) as node:
        assert node.stdin is not None
        assert node.stdout is not None
        asked, answers = node.stdin, node.stdout

        def run(work: str, data: Any) -> Any:
            print(json.dumps({"work": work, "data": data}), file=asked, flush=True)
            watch = threading.Timer(60, node.kill)
            watch.start()
            line = answers.readline()
            watch.cancel()
            assert line, "Node ended, or took a minute"
            answer = json.loads(line)
            assert "fault" not in answer, answer["fault"]
            return answer["found"]

        yield run
        asked.close()
        assert node.wait(60) == 0


def as_program(d: bt.Derivation) -> dict[str, Any]:
    """Return a derivation as the evaluator takes it, with Python's numbers beside it."""
    graph = d.graph_table
    text, codes = rules(graph)
    nodes = [
        {
            "name": node.name, "kind": node.kind, "code": code, "operands": node.operands,
            "varies": graph.varies[i], "relevant": graph.relevant[i],
        }
        for i, (node, code) in enumerate(zip(graph.nodes, codes, strict=True))
    ]  # fmt: skip
    leaves = [float(d.numbers[i]) if n.kind != "operation" else None for i, n in enumerate(graph.nodes)]
    expected = {f"v{i}": float(number) for i, number in enumerate(d.numbers)}
    expected |= {f"g{i}": float(g) for i, g in enumerate(d.upstreams) if g is not None}
    for (_source, target, slot), edge in d.contributions.items():
        expected[f"l{target}.{slot}"] = float(edge.local)
        expected[f"d{target}.{slot}"] = float(edge.downstream)
    return {
        "program": {"nodes": nodes, "output": graph.output}, "rules": text, "leaves": leaves,
        "expected": {k: v if math.isfinite(v) else str(v) for k, v in expected.items()},
    }  # fmt: skip


def assert_same(run: Run, derivations: list[bt.Derivation]) -> None:
    """Every value, gradient, local gradient and contribution agrees to 1e-12 of the pass's size."""
    programs = [as_program(d) for d in derivations]
    work = "result = data.map((p) => runPass(p.program, made(p.rules), p.leaves));"
    for d, program, found in zip(derivations, programs, run(work, programs), strict=True):
        finite = [abs(v) for v in program["expected"].values() if not isinstance(v, str)]
        scale = max(1.0, *finite)
        for key, number in program["expected"].items():
            if number == "nan":
                assert found[key] == "NaN"
                continue
            apart = abs(found[key] - number)
            assert apart <= 1e-12 * max(abs(number), min(1.0, scale)), (d, key, found[key], number)


@needs_node
def test_the_evaluator_agrees_on_all_worked_examples(run: Run) -> None:
    """Every number of every worked example is the same in the page and in Python."""
    cases = load_cases("worked_examples.json")
    assert_same(run, [bt.derive(c["program"], c["values"], of=c["output"]) for c in cases])


@needs_node
def test_the_evaluator_agrees_on_every_operation(run: Run) -> None:
    """Every operation that can be typed is evaluated like in Python, at its sample points."""
    found = []
    for name, op in sorted(FUNCTIONS.items()):
        for sample in op.samples:
            names = [f"x{i}" for i in range(len(sample))]
            at = dict(zip(names, sample, strict=True))
            if op.outputs:
                targets = ", ".join(f"y{i}" for i in range(len(names)))
                text = f"{targets} = {name}({', '.join(names)}); f = y0*3"
            else:
                text = f"f = {name}({', '.join(in_lists(op, names))})"
            found.append(bt.derive(text, at=at))
    assert {node.op for d in found for node in d.graph_table.nodes} >= {o.name for o in FUNCTIONS.values()}
    assert_same(run, found)


def random_program(seed: int) -> bt.Derivation:
    """Return a random program of up to 20 operations, at a point where it is defined."""
    draw = random.Random(seed)
    one = [n for n, op in sorted(FUNCTIONS.items()) if op.accepts(1) and not op.outputs and n.isascii()]
    two = [n for n, op in sorted(FUNCTIONS.items()) if op.accepts(2) and not op.outputs and n.isascii()]
    while True:
        names = [f"x{i}" for i in range(draw.randint(1, 4))]
        at = {name: draw.choice([draw.randint(-3, 3), round(draw.uniform(-2, 2), 3)]) for name in names}
        lines = []
        for i in range(draw.randint(3, 20)):
            a, b = draw.choice(names), draw.choice(names)
            kind = draw.random()
            if kind < 0.45:
                lines.append(f"n{i} = {a} {draw.choice('+-*/')} {b}")
            elif kind < 0.55:
                lines.append(f"n{i} = {a}^{draw.choice(['2', '3', '-1', '0.5', b])}")
            elif kind < 0.9:
                lines.append(f"n{i} = {draw.choice(one)}({a})")
            else:
                lines.append(f"n{i} = {draw.choice(two)}({a}, {b})")
            names.append(f"n{i}")
        try:
            d = bt.derive("\n".join(lines), at=at, names=names)
        except TutorError:
            continue
        if all(abs(float(v)) < 1e6 for v in [*d.numbers, *(e.downstream for e in d.edges.values())]):
            return d


@needs_node
def test_the_evaluator_agrees_on_200_random_programs(run: Run) -> None:
    """Programs over the whole table of operations give the same numbers in the page."""
    assert_same(run, [random_program(seed) for seed in range(200)])


@needs_node
def test_numbers_are_shown_as_python_shows_them(run: Run) -> None:
    """Floats look the same in the page and in the picture, ties included."""
    draw = random.Random(1)
    numbers = [draw.uniform(-1, 1) * 10 ** draw.randint(-9, 9) for _ in range(2000)]
    numbers += [0.5, 2.5, 1000.5, 12344.5, 0.00012345, 99999.5, 999.95, -0.0, 1e-5, 0.15625, 123456.5]
    numbers = [n for n in numbers if not (float(n).is_integer() and abs(n) > 1e5)]
    for digits in (1, 3, 4, 9, 17):
        found = run(f"result = data.map((n) => shown(n, {digits}));", numbers)
        assert found == [shown(n, digits) for n in numbers]


@needs_node
def test_shown_numbers_are_read_back(run: Run) -> None:
    """A shown text stands for its number again, raised exponents and fractions included."""
    texts = ["−1/3", "4.386×10⁻⁷", "(−2)", "0.1966", "123"]
    assert run("result = data.map(shownValue);", texts) == [-1 / 3, 4.386e-7, -2, 0.1966, 123]


NAMES = ["w", "x", "b", "v1", "f", "w1", "out_h1", "theta", "y_hat"]
ENV = {"w": -2, "x": 5, "b": 3, "v1": -10, "f": -7, "w1": 0.5, "out_h1": 0.6, "theta": 1.5, "y_hat": 0.25}


@needs_node
@pytest.mark.parametrize(
    "text",
    [
        "wx + b", "w*x+b", "-2(5)+3", "2^3^2", "-x^2", "1/2x", "w₁·x", "θ^2", "x²", "√x + |w|",
        "sigmoid(w)(1-sigmoid(w))", "σ(w)*(1 − σ(w))", "e^w", "pi/2", "max(w, x, 3)", "ln(x)x",
        "out_h1*(1-out_h1)", "2w^-1", "ŷ + 1", "sqrt(x)/x", "exp(-x)", "3e-2x", "((x))", "tanh(w)^2",
        "x/w/b", "x-w-b", "leaky_relu(w)", "½ x", "where(x > w, b, 2)*3", "where(x <= w, b, x^2)",
        "1[w >= 0] + 2", "2*1(x > 0)", "b 𝟙[w < x]", "where(1[x > 0] > 0, w, b)", "log_b(x)", "log_3(x)",
        "log(x, b)", "log_2(x)", "asinh(w) + sec(x)", "mean(w, x, b)", "norm(w, x)", "logsumexp(w, x)",
        "hardtanh(w) + hardsigmoid(w)", "mish(w)*selu(w)", "gelu(-9*w/w)", "sum(w, x, b, 1)",
    ],
)  # fmt: skip
def test_formulas_are_read_as_python_reads_them(text: str, run: Run) -> None:
    """An answer in the page has the value that the language gives it."""
    from backprop_tutor.language import evaluate, parse_formula

    tree, _notes = parse_formula(text, NAMES)
    expected = float(evaluate(tree, {k: Fraction(v) if isinstance(v, int) else v for k, v in ENV.items()}))
    work = "result = parseFormula(data.text, new Set(data.names)).evaluate(data.env);"
    found = run(work, {"text": text, "names": NAMES, "env": ENV})
    assert found == pytest.approx(expected, rel=1e-13)


@needs_node
@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("3,14", "fault-comma"), ("52%", "fault-sign"), ("", "fault-empty"), ("w +", "fault-end"),
        ("foo", "fault-name"), ("constructor", "fault-name"), ("__proto__", "fault-sign"),
        ("alert(1)", "fault-name"), ("(" * 80 + "1" + ")" * 80, "fault-long"), ("1" * 3000, "fault-long"),
        ("[1]", "fault-sign"), ("w = 2", "fault-sign"), ("nan", "fault-name"), ("sin(1, 2)", "fault-sign"),
        ("toString", "fault-name"), ("x > 0", "fault-sign"), ("where(x, 1, 2)", "fault-comma"),
        ("1[x > 0", "fault-end"), ("1[x > 0)", "fault-sign"), ("log_q(x)", "fault-name"),
    ],
)  # fmt: skip
def test_what_is_no_formula_is_refused_with_its_reason(text: str, kind: str, run: Run) -> None:
    """An unreadable answer says what is wrong with it, and nothing of it is run."""
    work = "try { parseFormula(data, new Set(['w', 'x'])); result = 'read'; } catch (e) { result = e.kind; }"
    assert run(work, text) == kind


def test_no_rule_is_written_twice() -> None:
    """The page's files name no operation of the table: its rules come from there alone."""
    for path in FOLDER.glob("*.js"):
        text = path.read_text(encoding="utf-8")
        for name in ("relu", "leaky_relu", "gelu", "squared_error", "half_squared_error", "silu", "elu"):
            assert name in OPS
            assert name not in text, f"{path.name}: {name}"


@needs_node
def test_outside_its_domain_a_program_has_no_number(run: Run) -> None:
    """Where Python refuses a point, the page finds the node that has no finite value."""
    d = bt.derive("q = ln(x); f = q*2", at={"x": 1})
    with pytest.raises(DomainError):
        bt.derive("q = ln(x); f = q*2", at={"x": -1})
    program = as_program(d)
    program["leaves"][0] = -1.0
    work = "result = firstUndefined(data.program, runPass(data.program, made(data.rules), data.leaves));"
    assert run(work, program) == d.graph_table.find("q")
