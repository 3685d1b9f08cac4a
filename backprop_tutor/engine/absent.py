"""Names that PyTorch has and this engine has not: what is said of them, and which name comes nearest.

The engine's scope is what courses on MLPs use. A name outside of it, or a typing error, is an
attribute error that says what is nearest there. Where spelling does not tell (an optimizer, a dtype,
a layer of another kind), the table `NEAREST` does.
"""

from __future__ import annotations

import difflib
import re
import sys
from collections.abc import Callable, Iterator
from typing import Any, NoReturn

__all__ = ["NEAREST", "AbsentName", "refusing"]

_MEANT = """
float16 bfloat16: float32    half: float    HalfTensor: FloatTensor    int8: uint8    char: byte
int16: int32    short: int
complex64: float32    complex128: float64
RAdam: NAdam    LBFGS SparseAdam Adafactor: Adam    ASGD: SGD    Rprop: RMSprop    swa_utils: lr_scheduler
Conv1d Conv2d Conv3d Bilinear RNN LSTM GRU Transformer MultiheadAttention: Linear
BatchNorm2d InstanceNorm1d: BatchNorm1d    GroupNorm RMSNorm: LayerNorm    Unflatten: Flatten
AlphaDropout Dropout1d Dropout2d Dropout3d: Dropout    PReLU RReLU: LeakyReLU    prelu rrelu: leaky_relu
GLU: SiLU    glu: silu    Threshold: ReLU    threshold: relu    GaussianNLLLoss PoissonNLLLoss: MSELoss
MultiLabelSoftMarginLoss SoftMarginLoss: BCEWithLogitsLoss    HingeEmbeddingLoss MarginRankingLoss: L1Loss
scaled_dot_product_attention: softmax    pad: torch.cat    conv1d conv2d max_pool2d: torch.Tensor.unfold
func vmap jacrev jacfwd: torch.autograd.functional.jacobian    hvp vhp: vjp
saved_tensors_hooks: Function    testing assert_close: torch.allclose    special fft: torch.linalg
cholesky qr lu det slogdet logdet pinv pinverse: torch.linalg.inv    svd eig eigh svdvals: torch.linalg.norm
lstsq solve_triangular: torch.linalg.solve    multi_dot chain_matmul matrix_power: torch.matmul
kron: outer    tensordot: einsum    inner vdot: dot    baddbmm addbmm addmv addr: addmm
quantile: median    nanmean: mean    nansum: sum    kthvalue: topk    mode: unique    histc: bincount
bucketize searchsorted: sort    take take_along_dim: gather    index_add scatter_reduce: scatter_add
index_copy index_put: scatter    index_fill: masked_fill    cdist dist pdist: norm
rot90 fliplr flipud: flip    column_stack dstack: stack    as_strided: torch.Tensor.unfold
repeat_interleave: torch.Tensor.repeat
heaviside: where    diff: torch.Tensor.narrow    std_mean: std    var_mean: var    nan_to_num: where
normalize cosine_similarity pairwise_distance: torch.norm    parameters_to_vector: torch.cat
"""


def _meant() -> Iterator[tuple[str, str]]:
    for part in re.split(r"    |\n", _MEANT.strip()):
        absent, _, nearest = part.partition(": ")
        for name in absent.split():
            yield name, nearest


NEAREST: dict[str, str] = dict(_meant())
"""Nearest in meaning, where spelling leads elsewhere: a name of the same room, or a whole path."""


class AbsentName(AttributeError):
    """A name that is not there; its message, made when it is read, names the nearest one that is."""

    def __init__(self, holder: str, name: str, listed: Callable[[], Any] | tuple[str, ...]) -> None:
        super().__init__(holder, name)
        self.holder: str = holder
        self.asked: str = name
        self.listed: Callable[[], Any] | tuple[str, ...] = listed

    def __str__(self) -> str:
        there = sorted(self.listed() if callable(self.listed) else self.listed)
        known = NEAREST.get(self.asked.removesuffix("_"), "")
        nearest = known.rpartition(".")[2]
        if nearest not in there:
            close = difflib.get_close_matches(self.asked, there, 1, 0.0)
            nearest = known if "." in known else close[0] if close else ""
        said = f"{self.holder} has no attribute {self.asked!r}"
        return f"{said}; the nearest there is: {nearest}" if nearest else said

    def __reduce__(self) -> tuple[Any, ...]:
        return AttributeError, (str(self),)


def refusing(module: str) -> Callable[[str], NoReturn]:
    """Return the `__getattr__` of a module: every name it has not is absent.

    >>> from backprop_tutor.engine import optim
    >>> try:
    ...     optim.LBFGS
    ... except AttributeError as error:
    ...     print(error)
    module 'backprop_tutor.engine.optim' has no attribute 'LBFGS'; the nearest there is: Adam
    """

    def __getattr__(name: str) -> NoReturn:
        raise AbsentName(f"module {module!r}", name, lambda: sys.modules[module].__all__)

    return __getattr__
