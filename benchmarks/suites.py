"""The public test suites that `benchmarks.other_suites` runs: where each lies and what it asks for beside.

A suite is never part of this tree: its tests are read from the source distribution of the engine
they belong to, or from a folder. `differs` lists tests that the engine is not meant to pass, with the reason;
a test listed there that passes is reported, so that the list stays true.
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


SUITES = {s.name: s for s in (
    Suite(
        name="micrograd", version="0.1.0", package="micrograd",
        tests=("test/test_engine.py",), needs=("torch",),
    ),
    Suite(
        name="tinygrad", version="0.12.0", package="tinygrad", needs=("torch",),
        tests=("test/test_ops.py", "test/test_optim.py", "test/test_nn.py", "test/test_edgecases.py"),
        differs={
            "TestNN.test_embedding_regression": "looks up rows by what empty memory holds; PyTorch refuses rows out of range",
            "TestOps.test_cat": "asks for IndexError at joining numbers; PyTorch's is RuntimeError",
            "TestOps.test_repeat": "asks for ValueError at too few repeats; PyTorch's is RuntimeError",
            "TestOps.test_reshape": "asks for ValueError at a shape of another size; PyTorch's is RuntimeError",
            "TestOps.test_scatter_no_reduce_tensor_src": "asks that a tensor be refused; PyTorch scatters it",
            "TestOps.test_sigmoid_alt_extreme": "asks for 0 where the quotient of infinities is nan, also in PyTorch",
            "TestOps.test_slice_errors": "asks that a one-element tensor be refused in a slice; PyTorch takes it",
            "TestOps.test_slice_negative_strides": "asks for slices with negative steps; PyTorch refuses them",
        },
    ),
    Suite(
        name="smallpebble", version="3.0.5", package="smallpebble", tests=("tests/test_smallpebble.py",),
    ),
    Suite(name="pydynet", version="1.1", package="pydynet", tests=("tests",)),
    Suite(
        name="autograd", version="1.9.1", package="autograd", tests=("tests",),
        differs={
            "test_index_mixed": "selects by a number among arrays as NumPy does; PyTorch selects by numbers first",
            "test_std": "asks for the second slope where a deviation is 0: nan, also in PyTorch",
            "test_custom_where": "about autograd's own `where` of plain arrays; plain arrays go to NumPy here",
            **dict.fromkeys((
                "test_custom_where_dtypes[float-False-1-2.0]", "test_custom_where_dtypes[float-True-3.0-4.0]",
                "test_custom_where_dtypes[int-True-1-2]", "test_custom_where_dtypes[list-True-x3-y3]",
            ), "about autograd's own `where` of plain numbers; they go to NumPy here"),
            "test_wrapped_name_and_docs": "about the names and docstrings of autograd's own functions",
        },
    ),
)}
