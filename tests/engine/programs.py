"""Running a small PyTorch program on a library and writing down what came of it.

The case files in `tests/cases/torch` hold such programs with what PyTorch made of them. They are
made by `python -m benchmarks.cases`, which runs this file's `outcome` on PyTorch; the tests run it
on the engine. A case has the fields

    topic, case      what it is about (its name within the file)
    program          the program; what it leaves in `R` is its result
    before           a prelude that it needs: "net" or "run"
    result           R as plain data, or {"raises": class, "message": text}
    warns            the warnings' first words
    tolerance        the relative difference that numbers may have (1e-6)
    absolute         the absolute difference that they may have (1e-12)
    first_line       whether only the first line of a message is compared

Programs may use `t(v)` (a float64 leaf; `g=False`: a constant), `grad(f, *xs)` and `grads(f, *xs)`
(the gradients of f's sum), and the usual names `torch nn F Fn optim data np math OrderedDict`.
"""

from __future__ import annotations

import math
import re
import warnings
from collections import OrderedDict
from typing import Any

import numpy as np

BEFORE = {
    "": "",
    "net": """
class Net(nn.Module):
  def __init__(s):
    super().__init__(); s.l1=nn.Linear(2,3); s.act=nn.ReLU(); s.bn=nn.BatchNorm1d(3)
    s.l2=nn.Linear(3,1); s.register_buffer('b',torch.ones(2))
    s.register_buffer('nb',torch.ones(2),persistent=False); s.p=nn.Parameter(torch.zeros(1))
    s.lst=nn.ModuleList([nn.Linear(1,1),nn.Linear(1,1)]); s.d=nn.ModuleDict({'x':nn.Tanh()}); s.none=None
  def forward(s,x): return s.l2(s.act(s.bn(s.l1(x))))+s.p
torch.manual_seed(0); n=Net()
""",
    "run": """
def run(mk,gs=(1.,1.,-2.,.3,-.7,.2,0.,.1)):
  p=torch.tensor([1.,-.5],dtype=torch.float64,requires_grad=True)
  q=torch.tensor([[.3]],dtype=torch.float32,requires_grad=True); o=mk([p,q]); out=[]
  for k,g in enumerate(gs):
    p.grad=torch.tensor([g,g*2],dtype=torch.float64); q.grad=torch.tensor([[g]]) if k!=2 else None
    o.step(); out.append([p.tolist(),q.tolist()])
  st=o.state_dict()
  return [out,{str(k):v for k,v in st['state'].items()},st['param_groups'],repr(o)]
""",
}
"""The preludes of programs."""


def names(torch: Any) -> dict[str, Any]:
    """Return what a program may use, on a library."""

    def leaf(values: Any, g: bool = True) -> Any:
        return torch.tensor(values, dtype=torch.float64, requires_grad=g)

    def grad(function: Any, *xs: Any) -> Any:
        return torch.autograd.grad(function(*xs).sum(), xs)

    def grads(function: Any, *xs: Any) -> list[Any]:
        leaves = [x.detach().clone().requires_grad_() for x in xs]
        function(*leaves).sum().backward()
        return [each.grad for each in leaves]

    functional = torch.nn.functional
    return {
        "torch": torch, "nn": torch.nn, "F": functional, "Fn": functional, "optim": torch.optim,
        "data": torch.utils.data, "t": leaf, "grad": grad, "grads": grads, "np": np, "math": math,
        "OrderedDict": OrderedDict, "warnings": warnings,
    }


def plain(value: Any, torch: Any) -> Any:
    """Return a result as the case files write it."""
    if isinstance(value, torch.Tensor):
        return {
            "tensor": plain(value.tolist(), torch), "dtype": str(value.dtype).removeprefix("torch."),
            "shape": list(value.shape),
        }
    if isinstance(value, dict):
        return {str(key): plain(each, torch) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(each, torch) for each in value]
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    return value if value is None or isinstance(value, (bool, int, str)) else str(value)


def outcome(torch: Any, case: dict[str, Any]) -> dict[str, Any]:
    """Run a case's program on a library; return its result and its warnings."""
    held = names(torch)
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        try:
            source = BEFORE[case.get("before", "")] + case["program"]
            exec(compile(source, "<case>", "exec"), held)  # noqa: S102  (the project's own case file)
            result = plain(held.get("R"), torch)
        except Exception as error:  # which exception is right, the case says
            result = {"raises": type(error).__name__, "message": str(error)}
    return {"result": result, "warns": sorted({_first_words(str(each.message)) for each in heard})}


def _first_words(warning: str) -> str:
    """Return a warning without the places in the program and in PyTorch's source that it names."""
    said = warning.partition("Traceback of forward call")[0].partition("(Triggered internally")[0]
    return " ".join(said.split())[:200]


def _meaning(text: str) -> str:
    """Return a message in which both ways to say that a function lacks a dtype read the same.

    PyTorch names a loop of its C++ ("mse_cpu" not implemented for 'Long'), the engine the function that
    was called, the dtype and what helps.
    """
    for name, short in SHORT.items():
        text = re.sub(rf"\w+\(\) is not defined for torch\.{name}; [^()]*(\(\))?", f"no {short}", text)
    return re.sub(r"\"\w+\" not implemented for '(\w+)'", r"no \1", text)


SHORT = {
    "float64": "Double", "float32": "Float", "int64": "Long", "int32": "Int", "uint8": "Byte", "bool": "Bool",
}
"""What PyTorch's messages call dtypes."""


def same(found: Any, expected: Any, tolerance: float = 1e-6, absolute: float = 1e-12) -> bool:
    """Return whether two plain results agree: numbers to a tolerance, all else exactly."""
    if isinstance(found, dict) and isinstance(expected, dict):
        return found.keys() == expected.keys() and all(
            same(found[key], expected[key], tolerance, absolute) for key in found)
    if isinstance(found, list) and isinstance(expected, list):
        return len(found) == len(expected) and all(
            same(a, b, tolerance, absolute) for a, b in zip(found, expected, strict=True))
    if isinstance(found, bool) or isinstance(expected, bool):
        return found is expected
    if isinstance(found, (int, float)) and isinstance(expected, (int, float)):
        return found == expected or (
            isinstance(found, float) and math.isclose(found, expected, rel_tol=tolerance, abs_tol=absolute))
    if isinstance(found, str) and isinstance(expected, str):
        return _meaning(found) == _meaning(expected)
    return bool(type(found) is type(expected) and found == expected)


def difference(found: dict[str, Any], case: dict[str, Any]) -> str:
    """Return how an outcome differs from what a case says, or ""."""
    got, wanted = found["result"], case["result"]
    if isinstance(wanted, dict) and "raises" in wanted:
        if not (isinstance(got, dict) and "raises" in got):
            return f"{got} instead of {wanted['raises']}: {wanted['message']}"
        lines = 1 if case.get("first_line") else None
        said, meant = (" ".join(" ".join(x["message"].splitlines()[:lines]).split()) for x in (got, wanted))
        if _meaning(said) != _meaning(meant):
            return f"says {said!r} instead of {meant!r}"
        kinds = {"AbsentName": "AttributeError"}
        if kinds.get(got["raises"], got["raises"]).lstrip("_") != wanted["raises"].lstrip("_"):
            return f"{got['raises']} instead of {wanted['raises']}"
    elif not same(got, wanted, case.get("tolerance", 1e-6), case.get("absolute", 1e-12)):
        return f"{got} is not {wanted}"
    if found["warns"] != case.get("warns", []):
        return f"warns {found['warns']} instead of {case.get('warns', [])}"
    return ""
