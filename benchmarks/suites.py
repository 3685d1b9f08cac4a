"""The public test suites that `benchmarks.other_suites` runs: where each lies and what it asks for beside.

A suite is never part of this tree: its tests are read from the source distribution of the engine
they belong to, or from a folder. `differs` lists tests that the engine is not meant to pass, with
the reason; a test listed there that passes is reported, so that the list stays true.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class Suite:
    """One suite: the distribution it comes with, its files, the package that our shim stands for."""

    name: str
    version: str
    package: str
    tests: tuple[str, ...]  # paths in the source distribution, below its top folder
    needs: tuple[str, ...] = ()  # packages that its tests import beside
    differs: Mapping[str, str] = field(default_factory=dict)  # a test's name without its file: why


TINYGRAD = {
    "TestNN.test_embedding_regression": "looks up rows by what empty memory holds",
    "TestOps.test_cat": "asks for IndexError at joining numbers; PyTorch's is RuntimeError",
    "TestOps.test_pad_circular_mode": "asks that negative widths be refused; PyTorch cuts",
    "TestOps.test_repeat": "asks for ValueError at too few repeats; PyTorch's is RuntimeError",
    "TestOps.test_reshape": "asks for ValueError at a shape that does not fit; PyTorch's is RuntimeError",
    "TestOps.test_scatter_no_reduce_tensor_src": "asks that a tensor be refused; PyTorch scatters it",
    "TestOps.test_sigmoid_alt_extreme": "asks for 0 where inf/inf is nan, also in PyTorch",
    "TestOps.test_slice_errors": "asks that a tensor be refused in a slice; PyTorch takes it",
    "TestOps.test_slice_negative_strides": "asks for slices with negative steps; PyTorch refuses them",
}
AUTOGRAD = {
    "test_index_mixed": "a number among arrays as in NumPy; PyTorch selects by numbers first",
    "test_std": "asks for the second slope where a deviation is 0: nan, also in PyTorch",
    "test_custom_where": "about autograd's own `where` of plain arrays, NumPy's here",
    "test_wrapped_name_and_docs": "about the names and docstrings of autograd's own functions",
    **{
        f"test_custom_where_dtypes[{case}]": "about autograd's own `where` of plain numbers, NumPy's here"
        for case in ("float-False-1-2.0", "float-True-3.0-4.0", "int-True-1-2", "list-True-x3-y3")
    },
}

SUITES = {
    suite.name: suite
    for suite in (
        Suite(
            name="micrograd", version="0.1.0", package="micrograd", needs=("torch",),
            tests=("test/test_engine.py",),
        ),
        Suite(
            name="tinygrad", version="0.12.0", package="tinygrad", needs=("torch",), differs=TINYGRAD,
            tests=tuple(f"test/test_{part}.py" for part in ("ops", "optim", "nn", "edgecases")),
        ),
        Suite(
            name="autograd", version="1.9.1", package="autograd", differs=AUTOGRAD, tests=("tests",),
        ),
        Suite(
            name="smallpebble", version="3.0.5", package="smallpebble",
            tests=("tests/test_smallpebble.py",),
        ),
        Suite(name="pydynet", version="1.1", package="pydynet", tests=("tests",)),
    )
}
