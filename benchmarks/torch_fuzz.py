"""Random programs of views, writes and derivatives, run by PyTorch and by the engine side by side.

Run `python -m benchmarks.torch_fuzz [--programs N] [--seed S]` where PyTorch is installed (extra
`bench`). Each program makes a few leaves, then up to a dozen random statements: operations, views
of views, writes in place (through views, under `no_grad`, of leaves), indexing, backward passes.
After each statement both sides must agree: the same exception with the same message, or the same
values, `requires_grad`, `is_leaf`, name of `grad_fn` and version. The first difference of a program
is printed with the program, which can be run as it stands; the exit code is 1 if there is one.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import torch

from backprop_tutor import engine

SHAPES = [(), (3,), (2, 3), (3, 3), (2, 1, 3), (1, 3)]

Step = Callable[[random.Random, list[str]], str]


def _any(rng: random.Random, names: list[str]) -> str:
    return rng.choice(names)


UNARY = [
    "sin()", "exp()", "tanh()", "sigmoid()", "relu()", "abs()", "neg()", "square()", "clone()",
    "sum()", "mean(0)", "sum(-1, keepdim=True)", "cumsum(0)", "softmax(-1)", "max(-1).values",
    "prod()", "std(0)", "flip(0)", "log1p()", "sqrt()", "contiguous()",
]
VIEWS = [
    "view(-1)", "t()", "T", "unsqueeze(0)", "squeeze()", "detach()", "expand(2, 3, 3)", "[0]",
    "[..., 0]", "[1:]", "[::2]", "[:, None]", "transpose(0, 1)", "reshape(3, -1)", "flatten()",
    "narrow(0, 0, 1)", "select(-1, 1)", "diagonal()", "chunk(2)[0]", "unbind(0)[1]", "split(1)[0]",
    "permute(1, 0)", "view_as(a)", "expand_as(a)", "data", "movedim(0, -1)",
]
WRITES = [
    "add_({other})", "mul_({other})", "sub_(1)", "mul_(2)", "zero_()", "fill_(0.5)", "relu_()",
    "copy_({other})", "sigmoid_()", "clamp_(-0.5, 0.5)", "exp_()", "div_({other})", "tanh_()",
    "masked_fill_({name} > 0, 0.25)", "addcmul_({other}, {other})", "neg_()", "pow_(2)", "sqrt_()",
    "requires_grad_()", "detach_()", "squeeze_()", "unsqueeze_(0)", "t_()", "requires_grad_(False)",
    "retain_grad()", "index_fill_(0, torch.tensor([0]), 2.0)",
]
PLACES = ["0", "..., 0", "1:", "::2", "{name} > 0", "torch.tensor([0, 0])", ":", "None", "-1, ..."]
BINARY = ["{a} + {b}", "{a} * {b}", "{a} - {b}", "{a} / {b}", "{a} @ {b}", "torch.cat([{a}, {b}])",
          "torch.where({a} > {b}, {a}, {b})", "torch.maximum({a}, {b})", "torch.stack([{a}, {b}])",
          "{a} ** 2 + {b}", "torch.outer({a}, {b})", "{a}[torch.tensor([1, 0])] + {b}"]


def _statement(rng: random.Random, names: list[str], count: int) -> tuple[str, str | None]:
    """Return a statement, and the name that it makes, if any."""
    kind = rng.choices(
        ["unary", "view", "binary", "write", "set", "augment", "nograd", "backward", "grad"],
        [3, 5, 3, 5, 2, 2, 1, 1, 1],
    )[0]
    name, other = _any(rng, names), _any(rng, names)
    made = f"v{count}"
    if kind == "unary":
        return f"{made} = {name}.{rng.choice(UNARY)}", made
    if kind == "view":
        view = rng.choice(VIEWS)
        return f"{made} = {name}{view if view[0] == '[' else '.' + view}", made
    if kind == "binary":
        return f"{made} = " + rng.choice(BINARY).format(a=name, b=other), made
    if kind == "write":
        return f"{name}." + rng.choice(WRITES).format(name=name, other=other), None
    if kind == "set":
        value = rng.choice([other, "1.5", f"{other}.sum()", f"{other}[0]"])
        return f"{name}[{rng.choice(PLACES).format(name=name)}] = {value}", None
    if kind == "augment":
        return f"{name} {rng.choice(['+=', '*=', '-='])} {rng.choice([other, '2'])}", None
    if kind == "nograd":
        write = rng.choice(WRITES[:18]).format(name=name, other=other)
        return f"with torch.no_grad(): {name}.{write}", None
    options = rng.choice(["", "retain_graph=True", "create_graph=True"])
    if kind == "backward":
        return f"{name}.sum().backward({options})", None
    return f"{made} = torch.autograd.grad(({name} * 2).sum(), {other}, {options})[0]", made


def program(seed: int) -> list[str]:
    """Return the lines of a random program."""
    rng = random.Random(seed)
    lines, names = [], []
    for name in ("a", "b", "c"):
        shape = rng.choice(SHAPES)
        size = int(np.prod(shape))
        numbers = np.round(np.random.default_rng((seed, len(names))).normal(size=size), 2)
        wanted = rng.random() < 0.7
        lines.append(
            f"{name} = torch.tensor({numbers.reshape(shape).tolist()}, dtype=torch.float64"
            f"{', requires_grad=True' if wanted else ''})"
        )
        names.append(name)
    for count in range(rng.randint(3, 12)):
        line, made = _statement(rng, names, count)
        lines.append(line)
        if made:
            names.append(made)
    return lines


def _plainly(error: BaseException) -> str:
    """Return an exception as it is compared: its type, and what its message says first."""
    text = re.sub(r"\s*\(?(Triggered internally|Exception raised from).*", "", str(error), flags=re.S)
    return f"{type(error).__name__}: {text.strip()}"


def _state(scope: dict[str, Any], kind: type) -> dict[str, Any]:
    found = {}
    for name, x in scope.items():
        if not isinstance(x, kind):
            continue
        values = np.array(x.detach().numpy())
        try:
            inside = x.grad if x.is_leaf or x.retains_grad else None
            found[name] = (
                values, x.requires_grad, x.is_leaf,
                None if x.grad_fn is None else x.grad_fn.name(), x._version,
                None if inside is None else np.array(inside.detach().numpy()),
            )
        except RuntimeError as error:  # a view that may no longer be asked
            found[name] = (values, *[_plainly(error)] * 5)
    return found


def _differs(mine: Any, theirs: Any) -> str:
    """Return in which respect two states of a tensor differ, or ""."""
    names = ("values", "requires_grad", "is_leaf", "grad_fn", "version", "grad")
    for what, a, b in zip(names, mine, theirs, strict=True):
        if isinstance(a, np.ndarray) and isinstance(b, np.ndarray):
            if a.shape != b.shape or not np.allclose(a, b, 1e-9, 1e-12, equal_nan=True):
                return f"{what}: {a.tolist()} for {b.tolist()}"
        elif isinstance(a, np.ndarray) or isinstance(b, np.ndarray) or a != b:
            return f"{what}: {a!r} for {b!r}"
    return ""


def compare(lines: list[str]) -> str:
    """Run a program on both; return the first difference in words, or ""."""
    scopes = {"torch": {"torch": torch}, "engine": {"torch": engine}}
    for line in lines:
        answers = {}
        for which, scope in scopes.items():
            try:
                exec(line, scope)  # noqa: S102  (the program is this file's own)
                answers[which] = ""
            except Exception as error:
                answers[which] = _plainly(error)
        if answers["torch"] != answers["engine"]:
            return f"{line}\n    PyTorch: {answers['torch'][:300]}\n    engine:  {answers['engine'][:300]}"
        theirs, mine = _state(scopes["torch"], torch.Tensor), _state(scopes["engine"], engine.Tensor)
        for name in theirs:
            found = _differs(mine[name], theirs[name]) if name in mine else "missing"
            if found:
                return f"{line}\n    {name}: {found}"
    return ""


def main(arguments: list[str]) -> int:
    """Compare many programs; print the first difference of each that has one."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.torch_fuzz", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--programs", type=int, default=1000, help="how many programs (1000)")
    parser.add_argument("--seed", type=int, default=0, help="number of the first program (0)")
    parser.add_argument("--most", type=int, default=10, help="differences to print in full (10)")
    asked = parser.parse_args(arguments)
    warnings.simplefilter("ignore")
    different = 0
    for seed in range(asked.seed, asked.seed + asked.programs):
        lines = program(seed)
        found = compare(lines)
        if found:
            different += 1
            if different <= asked.most:
                print(f"--- program {seed}")
                print("\n".join(lines))
                print(f"  at {found}")
    print(f"{asked.programs} programs, {different} differ")
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
