"""Names that PyTorch has and this engine has not: what is said of them, and which name comes nearest.

The engine's scope is what courses on MLPs use. A name outside of it, or a typing error, is an
attribute error that says what is nearest there. Where spelling does not tell (an optimizer, a dtype,
a layer of another kind), the table `NEAREST` does.

Modules refuse every such name by `__getattr__`. A tensor has no `__getattr__`: with one, Python 3.11 reads
each of its attributes at five times the cost, some twenty in every operation. What PyTorch's tensors have
and these have not is listed instead (`AbsentMethods`); a typing error gets Python's own suggestion.
"""

from __future__ import annotations

import difflib
import re
import sys
from collections.abc import Callable, Iterator
from typing import Any, NoReturn

__all__ = ["NEAREST", "AbsentMethods", "AbsentName", "refusing"]

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

_OF_TENSORS = """
addbmm addmv addr adjoint aminmax angle apply arctan2 argwhere as_strided as_strided_scatter as_subclass
atan2 baddbmm bfloat16 bitwise_left_shift bitwise_right_shift cauchy ccol_indices cdouble cfloat chalf
char cholesky cholesky_inverse cholesky_solve coalesce col_indices conj conj_physical const_data_ptr
copysign corrcoef cov cross crow_indices cummax cummin deg2rad dense_dim dequantize det diag_embed
diagflat diagonal_scatter diff digamma dim_order dist dsplit eig erfc erfinv exponential fill_diagonal
fix fliplr flipud float_power fmax fmin frac frexp gcd geometric geqrf grad_dtype half hardshrink
hash_tensor heaviside histc histogram hsplit hypot i0 igamma igammac imag index index_add index_copy
index_fill index_put index_reduce indices inner int_repr ipu is_coalesced is_conj is_cpu is_distributed
is_ipu is_maia is_meta is_mkldnn is_mps is_mtia is_neg is_nested is_nonzero is_pinned is_quantized
is_same_size is_set_to is_shared is_sparse is_sparse_csr is_vulkan is_xla is_xpu isneginf isposinf
isreal istft kron kthvalue layout lcm ldexp lgamma log_normal logaddexp logaddexp2 logcumsumexp logdet
logit lstsq lu lu_solve mH map map2 masked_scatter matrix_exp matrix_power mode module_load msort mtia
mvlgamma name nan_to_num nanmean nanmedian nanquantile nansum narrow_copy new new_empty_strided
nextafter nonzero_static orgqr ormqr pin_memory pinverse polygamma prelu put q_per_channel_axis
q_per_channel_scales q_per_channel_zero_points q_scale q_zero_point qr qscheme quantile rad2deg real
record_stream reinforce renorm repeat_interleave resize resize_as resize_as_sparse resolve_conj
resolve_neg rot90 row_indices scatter_reduce select_scatter set sgn share_memory short signbit sinc
slice_inverse slice_scatter slogdet smm solve sparse_dim sparse_mask sparse_resize
sparse_resize_and_clear split_with_sizes sspaddmm stft storage storage_offset storage_type sum_to_size
svd symeig take take_along_dim tensor_split to_dense to_mkldnn to_padded_tensor to_sparse to_sparse_bsc
to_sparse_bsr to_sparse_coo to_sparse_csc to_sparse_csr triangular_solve unique_consecutive unsafe_chunk
unsafe_split unsafe_split_with_sizes untyped_storage values vdot volatile vsplit xlogy xpu
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


class _Absent:
    """A name that PyTorch's tensors have; what a user stores under it in a tensor is found as ever."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name: str = name

    def __get__(self, tensor: Any, owner: type[Any]) -> NoReturn:
        raise AbsentName(
            f"{owner.__name__!r} object", self.name,
            lambda: [n for n in dir(owner) if n[0] != "_" and hasattr(owner, n)],
        )


def _absent() -> dict[str, Any]:
    """Return the body of `AbsentMethods`: each name, and its twin that writes in place."""
    names = [name for name in (*NEAREST, *_OF_TENSORS.split()) if not name[0].isupper()]
    return {"__slots__": (), "__doc__": "What PyTorch's tensors have and these have not.",
            "__module__": __name__,
            **{n: _Absent(n) for name in names for n in (name, f"{name}_")}}


AbsentMethods: type[Any] = type("AbsentMethods", (), _absent())
