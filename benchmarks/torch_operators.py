"""PyTorch's own operator samples on the engine: values, gradients and second derivatives.

Run `python -m benchmarks.torch_operators [--dtype D] [NAME ...]` where PyTorch is installed (extra
`bench`). Every sample input of `op_db` in one dtype goes through PyTorch and through the engine; for
operators the engine has, differences and errors are listed, and a table of totals ends the run.
`--dtype all` ends with a table of one row a dtype. The exit code is 1 where anything differs that is
not in `KNOWN`.
"""

from __future__ import annotations

import argparse
import sys
import types
import warnings
from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

# PyTorch's test machinery imports this package for its own tests alone.
sys.modules.setdefault("expecttest", types.ModuleType("expecttest"))
sys.modules["expecttest"].TestCase = object
sys.modules["expecttest"].assert_expected_inline = None
from torch.testing._internal.common_methods_invocations import op_db  # noqa: E402

from backprop_tutor import engine  # noqa: E402

SEED = 42
"""The number that PyTorch's own samples of random operators seed with."""

UNSET = {"empty", "empty_like", "new_empty", "empty_strided"}
"""Operators whose numbers mean nothing: only shape and dtype are compared."""

TOLERANCES = {"float64": (1e-9, 1e-11), "float32": (1.3e-6, 1e-5)}
"""Relative and absolute; the latter are those of `torch.testing.assert_close`."""

ABSENT = object()
"""Stands for derivatives that PyTorch does not have."""

DTYPES = {getattr(torch, n): getattr(engine, n) for n in (
    "float64", "float32", "int64", "int32", "uint8", "bool")}


# Samples whose arguments come in another order than the function's, or that name another function.
ARRANGED = {
    "normal [in_place]": lambda x, *options: x.clone().normal_(*options),
    "normal [number_mean]": lambda std, mean, *rest, **options: engine.normal(mean, std, *rest, **options),
    "rand_like": engine.randn_like,
    "__getitem__": engine.Tensor.__getitem__,
    "einsum": lambda tensors, equation: engine.einsum(equation, *tensors),
    "nn.functional.embedding": lambda w, i, **options: engine.nn.functional.embedding(i, w, **options),
    "where": lambda a, condition, b: engine.where(condition, a, b),
    "T": lambda x: x.T, "H": lambda x: x.H, "mT": lambda x: x.mT,
    "zero_": lambda x: x.clone().zero_(), "fill_": lambda x, v: x.clone().fill_(v),
}


@dataclass(frozen=True)
class Known:
    """A difference that stands: in which operators and dtypes, what its note says, and why."""

    operators: tuple[str, ...]
    dtypes: tuple[str, ...]
    note: str
    reason: str

    def covers(self, label: str, dtype: str, note: str) -> bool:
        """Return whether a note of an operator's samples in a dtype is this difference."""
        return (label in self.operators and (not self.dtypes or dtype in self.dtypes)
                and self.note in note)


KNOWN = (
    Known(("sort", "topk"), (), "numbers of output 1 differ",
          "which of equal elements is named: PyTorch's own order of them is not stable"),
    Known(("argsort",), (), "numbers of output 0 differ",
          "which of equal elements is named: PyTorch's own order of them is not stable"),
    Known(("matmul", "__rmatmul__"), ("float32",), "numbers of output 0 differ",
          "products that cancel: the order in which a BLAS library adds them shows"),
    Known(("nn.functional.embedding",), (), "sparse gradients are not supported",
          "there are no sparse tensors"),
)
"""The differences that do not fail the run; `dtypes` empty stands for all."""


class Unsupported(Exception):
    """A sample that uses what the engine does not offer (complex numbers, other layouts)."""


def convert(x: Any) -> Any:
    """Return an argument of PyTorch as the engine takes it."""
    if isinstance(x, torch.Tensor):
        if x.dtype not in DTYPES or x.layout is not torch.strided:
            raise Unsupported
        made = engine.from_numpy(x.detach().numpy(force=True).copy())
        if x.requires_grad:
            made.requires_grad_()
        return made
    if isinstance(x, torch.dtype):
        if x not in DTYPES:
            raise Unsupported
        return DTYPES[x]
    if isinstance(x, torch.Size):
        return tuple(x)
    if isinstance(x, torch.Generator):
        raise Unsupported
    if isinstance(x, (torch.layout, torch.memory_format, complex)):
        raise Unsupported
    if isinstance(x, tuple) and not hasattr(x, "_fields"):
        return tuple(convert(e) for e in x)
    if isinstance(x, list):
        return [convert(e) for e in x]
    if isinstance(x, dict):
        return {k: convert(v) for k, v in x.items()}
    return x


def resolve(name: str) -> Any:
    """Return the engine's function of an operator's name, or None."""
    if name in ARRANGED:
        return ARRANGED[name]
    if name in ("bool", "double", "float", "int", "long", "byte"):
        return getattr(engine.Tensor, name)
    at: Any = engine
    for part in name.split("."):
        at = getattr(at, part, None)
        if at is None:
            break
    if at is None:
        at = getattr(engine.Tensor, name, None)
    return at.fget if isinstance(at, property) else at


def tensors(x: Any, kind: type) -> list[Any]:
    """Return the tensors of a result, or of arguments."""
    if isinstance(x, kind):
        return [x]
    if isinstance(x, (list, tuple)):
        return [t for e in x for t in tensors(e, kind)]
    if isinstance(x, dict):
        return [t for e in x.values() for t in tensors(e, kind)]
    return []


def close(a: Any, b: Any, unset: bool = False) -> bool:
    """Return whether the engine's array agrees with PyTorch's tensor; `unset` numbers are not read."""
    b = b.detach().numpy(force=True)
    if unset:
        return a.shape == b.shape and a.dtype == b.dtype
    relative, absolute = TOLERANCES.get(a.dtype.name, (0.0, 0.0))
    return (a.shape == b.shape and a.dtype == b.dtype
            and bool(np.allclose(a, b, relative, absolute, equal_nan=True)))


def difference(mine: list[Any], theirs: list[Any], unset: bool) -> str:
    """Return in words how the engine's tensors differ from PyTorch's; nothing if they agree."""
    facts = [(tuple(x._a.shape), x._a.dtype.name) for x in mine]
    wanted = [(tuple(y.shape), str(y.dtype).removeprefix("torch.")) for y in theirs]
    if facts != wanted:
        return f"{facts} instead of {wanted}"
    bad = [str(i) for i, (x, y) in enumerate(zip(mine, theirs, strict=True))
           if not close(x._a, y, unset)]
    return f"numbers of output {', '.join(bad)} differ" if bad else ""


def plain(x: Any) -> Any:
    """Return the array of either library's tensor."""
    return x.detach().numpy(force=True)


def leaves(args: Any, kind: type) -> list[Any]:
    found = [t for t in tensors(args, kind) if t.requires_grad]
    return list({id(t): t for t in found}.values())


def gradients(lib: Any, outs: list[Any], inputs: list[Any], seed: int, make: Any) -> Any:
    """Return first derivatives along the inputs and second ones, with fixed directions.

    Where PyTorch has no second ones (`cdist`, ...) they are `ABSENT`.
    """
    rng = np.random.default_rng(seed)
    outs = [o for o in outs if o.requires_grad]
    if not outs or not inputs:
        return None, None
    vs = [make(rng.normal(size=tuple(o.shape)).astype(np.float64)).to(o.dtype) for o in outs]
    first = lib.autograd.grad(outs, inputs, vs, create_graph=True, allow_unused=True)
    used = [g for g in first if g is not None and g.requires_grad]
    second = None
    if used:
        ws = [make(rng.normal(size=tuple(g.shape))).to(g.dtype) for g in used]
        try:
            second = lib.autograd.grad(used, inputs, ws, allow_unused=True)
        except RuntimeError as error:
            if lib is not torch or "is not implemented" not in str(error):
                raise
            second = ABSENT
    return first, second


def _none(g: Any) -> bool:
    """Return whether a gradient is none, or as good as 0: one library may compute what another knows."""
    return g is None or bool(np.allclose(plain(g), 0, 0, TOLERANCES["float64"][1]))


def agree(mine: Any, theirs: Any) -> bool:
    if theirs is None or mine is None:
        one = theirs if mine is None else mine
        if one is None:
            return True
        return all(_none(g) for g in one)
    for a, b in zip(mine, theirs, strict=False):
        if b is None or a is None:
            one = a if b is None else b
            if not _none(one):
                return False
        elif not close(plain(a), b):
            return False
    return True


def compare(info: Any, label: str, function: Any, kind: Any) -> tuple[Counter[str], list[str]]:
    """Return the counts of an operator's samples, and a line for each that differs."""
    counts: Counter[str] = Counter()
    notes: list[str] = []
    differentiable = info.supports_autograd and kind is torch.float64
    try:
        samples = list(info.sample_inputs("cpu", kind, requires_grad=differentiable))
    except Exception as error:
        return counts, [f"no samples: {error}"]
    for n, sample in enumerate(samples):
        try:
            args = convert((sample.input, *sample.args))
            kwargs = convert(sample.kwargs)
        except (Unsupported, TypeError, ValueError):
            continue
        try:
            torch.manual_seed(SEED)
            theirs = info.op(sample.input, *sample.args, **sample.kwargs)
        except Exception:
            continue
        if any(o.dtype not in DTYPES for o in tensors(theirs, torch.Tensor)):
            continue
        counts["samples"] += 1
        shown = f"#{n} {sample.args!r:.90} {sample.kwargs!r:.90}".replace("\n", " ")
        try:
            engine.manual_seed(SEED)
            mine = function(*args, **kwargs)
            a, b = tensors(mine, engine.Tensor), tensors(theirs, torch.Tensor)
            differs = difference(a, b, info.name in UNSET)
            if not b and mine != theirs:
                differs = f"{mine!r} instead of {theirs!r}"
        except Exception as error:
            notes.append(f"value {type(error).__name__}: {error} at {shown}"[:260])
            continue
        if differs:
            notes.append(f"{differs} at {shown}"[:260])
            continue
        counts["values"] += 1
        if not differentiable:
            continue
        try:
            inputs = leaves((sample.input, sample.args, sample.kwargs), torch.Tensor)
            t1, t2 = gradients(torch, b, inputs, n, torch.from_numpy)
        except Exception:
            continue
        counts["with gradients"] += 1
        try:
            m1, m2 = gradients(engine, a, leaves((args, kwargs), engine.Tensor), n, engine.from_numpy)
        except Exception as error:
            notes.append(f"gradient {type(error).__name__}: {error} at {shown}"[:260])
            continue
        if not agree(m1, t1):
            notes.append(f"gradient differs at {shown}"[:260])
            continue
        counts["gradients"] += 1
        if t2 is ABSENT:
            counts["without second"] += 1
        elif agree(m2, t2):
            counts["second"] += 1
        else:
            notes.append(f"second derivative differs at {shown}"[:260])
    return counts, notes


def survey(dtype: str, operators: list[str]) -> tuple[Counter[str], dict[str, list[str]], set[str]]:
    """Return the counts over all operators in a dtype, what differs, and the operators left out."""
    kind = getattr(torch, dtype)
    totals: Counter[str] = Counter()
    broken: dict[str, list[str]] = {}
    absent = set()
    for info in op_db:
        if operators and info.name not in operators:
            continue
        label = info.name + (f" [{info.variant_test_name}]" if info.variant_test_name else "")
        function = ARRANGED.get(label) or resolve(info.name)
        if function is None or kind not in info.dtypes:
            absent.add(label)
            continue
        counts, notes = compare(info, label, function, kind)
        totals.update(counts)
        totals["operators"] += 1
        totals["whole operators"] += not notes
        unknown = [n for n in notes if not any(k.covers(label, dtype, n) for k in KNOWN)]
        totals["known differences"] += len(notes) - len(unknown)
        if unknown:
            broken[label] = unknown
    return totals, broken, absent


COLUMNS = ("operators", "samples", "values", "whole operators", "known differences")


def main(arguments: list[str]) -> int:
    """Compare every operator, print what differs and the totals; return 1 if anything differs."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.torch_operators", description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    names = [str(d).removeprefix("torch.") for d in DTYPES]
    parser.add_argument("operators", nargs="*", help="names as PyTorch lists them; all without any")
    parser.add_argument(
        "--dtype", default="float64", choices=[*names, "all"],
        help="the samples' dtype; derivatives are compared in float64 only",
    )
    parser.add_argument("-v", "--verbose", action="store_true", help="name the operators left out")
    asked = parser.parse_args(arguments)
    warnings.simplefilter("ignore")
    chosen = names if asked.dtype == "all" else [asked.dtype]
    rows, failed = [], False
    for dtype in chosen:
        totals, broken, absent = survey(dtype, asked.operators)
        rows.append((dtype, *(totals[name] for name in COLUMNS)))
        failed = failed or bool(broken)
        for label, notes in sorted(broken.items()):
            print(f"{label}, {dtype}: {len(notes)}")
            for note in notes[:2]:
                print(f"    {note}")
        if asked.verbose:
            print(f"absent in {dtype}: {', '.join(sorted(absent))}")
        if asked.dtype != "all":
            print(f"{'absent':18} {len(absent)}")
            for name, count in totals.items():
                print(f"{name:18} {count}")
    if asked.dtype == "all":
        print("  ".join(f"{name:>10}" for name in ("dtype", *COLUMNS)))
        for row in rows:
            print("  ".join(
                f"{cell:>{max(10, len(name))}}"
                for cell, name in zip(row, ("dtype", *COLUMNS), strict=True)
            ))
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
