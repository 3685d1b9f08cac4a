"""Random programs of views, writes and derivatives, and what is compared of running one.

Nothing here imports PyTorch: `torch_fuzz` runs the programs on both libraries, a test runs stored
ones on the engine.
"""

from __future__ import annotations

import random
import re
from typing import Any

import numpy as np

SHAPES = [(), (3,), (2, 3), (3, 3), (2, 1, 3), (1, 3)]

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
    "retain_grad()",
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


def _state(x: Any) -> list[Any]:
    """Return what is compared of a tensor; an error's text where it may no longer be asked."""
    values = x.detach().numpy().tolist()
    try:
        inside = x.grad if x.is_leaf or x.retains_grad else None
        return [
            values, x.requires_grad, x.is_leaf, None if x.grad_fn is None else x.grad_fn.name(),
            x._version, None if inside is None else inside.detach().numpy().tolist(),
        ]
    except RuntimeError as error:
        return [values, *[_plainly(error)] * 5]


class Run:
    """A program on one library, statement by statement."""

    def __init__(self, library: Any) -> None:
        self.library = library
        self.scope: dict[str, Any] = {"torch": library}

    def step(self, line: str) -> str:
        """Run a statement; return the error it ends in, or ""."""
        try:
            exec(line, self.scope)  # noqa: S102  (the program is made here, or stored with the tests)
        except Exception as error:
            return _plainly(error)
        return ""

    def state(self) -> dict[str, list[Any]]:
        """Return what is compared of every tensor."""
        return {
            name: _state(x) for name, x in self.scope.items() if isinstance(x, self.library.Tensor)
        }


REFUSED = (
    "RuntimeError: a view of a tensor that takes part in a graph is written in place.",
    "RuntimeError: this view was taken before its base was written in place;",
    "RuntimeError: a view of a leaf Variable that requires grad is being used in an in-place operation.",
)
"""How the engine refuses what it does not follow: writes through views, views of before a write."""


def _close(a: Any, b: Any) -> bool:
    one, other = np.asarray(a, float), np.asarray(b, float)
    return one.shape == other.shape and np.allclose(one, other, 1e-9, 1e-12, equal_nan=True)


def difference(mine: dict[str, list[Any]], theirs: dict[str, list[Any]]) -> str:
    """Return in which respect two states differ, or ""."""
    names = ("values", "requires_grad", "is_leaf", "grad_fn", "version", "grad")
    for name, expected in theirs.items():
        if name not in mine:
            return f"{name}: missing"
        if expected[3] == "AsStridedBackward0" or isinstance(expected[1], str):
            continue  # a view of before a write, which the engine refuses to use
        for what, a, b in zip(names, mine[name], expected, strict=True):
            numbers = what in ("values", "grad") and not isinstance(b, str) and b is not None
            if not (_close(a, b) if numbers and a is not None and not isinstance(a, str) else a == b):
                return f"{name}: {what}: {a!r} for {b!r}"
    return ""
