"""Where tensors live: always on the CPU. `cuda` answers that there is none."""

from __future__ import annotations

import re
from typing import Any

__all__ = [
    "backends", "check_device", "cuda", "device", "get_num_threads", "set_num_threads",
    "use_deterministic_algorithms",
]

_WRITTEN = re.compile("[a-zA-Z_]+(:[0-9]+)?")
DEVICES = ("cpu", "cuda", "mps", "meta", "xpu")


class device:
    """A device; only "cpu" can hold tensors, others may be named.

    >>> device("cpu")
    device(type='cpu')
    """

    __slots__ = ("index", "type")
    type: str
    index: int | None

    def __init__(self, type: Any, index: int | None = None) -> None:
        if isinstance(type, device):
            self.type, self.index = type.type, type.index
            return
        text = str(type)
        if not text:
            raise RuntimeError("Device string must not be empty")
        if not _WRITTEN.fullmatch(text):
            raise RuntimeError(f"Invalid device string: '{text}'")
        name, _, number = text.partition(":")
        if name not in DEVICES:
            raise RuntimeError(
                "Expected one of cpu, cuda, ipu, xpu, mkldnn, opengl, opencl, ideep, hip, ve, fpga, "
                "maia, xla, lazy, vulkan, mps, meta, hpu, mtia, privateuseone device type at start "
                f"of device string: {name}"
            )
        self.type = name
        self.index = int(number) if number else index

    def __repr__(self) -> str:
        tail = "" if self.index is None else f", index={self.index}"
        return f"device(type='{self.type}'{tail})"

    def __str__(self) -> str:
        return self.type if self.index is None else f"{self.type}:{self.index}"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, device) and str(self) == str(other)

    def __hash__(self) -> int:
        return hash(str(self))


CPU = device("cpu")


def check_device(wanted: Any) -> None:
    """Refuse any device but the CPU.

    Raises:
        AssertionError: a CUDA device, as PyTorch's CPU build does.
        RuntimeError: another device, or the name of none.
    """
    if wanted is None:
        return
    found = device(wanted)
    if found.type == "cuda":
        raise AssertionError("Torch not compiled with CUDA enabled")
    if found.type != "cpu":
        raise RuntimeError(f"tensors of this engine live on the cpu, not on {found}")


class _Cuda:
    """Answers for GPUs: there are none."""

    @staticmethod
    def is_available() -> bool:
        """Return False."""
        return False

    @staticmethod
    def device_count() -> int:
        """Return 0."""
        return 0

    @staticmethod
    def manual_seed(seed: int) -> None:
        """Do nothing: there is no GPU to seed."""

    @staticmethod
    def manual_seed_all(seed: int) -> None:
        """Do nothing: there is no GPU to seed."""

    @staticmethod
    def empty_cache() -> None:
        """Do nothing: there is no GPU memory."""

    @staticmethod
    def synchronize() -> None:
        """Do nothing: there is no GPU to wait for."""


cuda: _Cuda = _Cuda()


class _Backend:
    """A library that PyTorch may use and this engine does not; its switches may be set."""

    deterministic = True
    benchmark = False
    enabled = False

    @staticmethod
    def is_available() -> bool:
        """Return False."""
        return False


class _Backends:
    """The libraries PyTorch may use, under `torch.backends`."""

    cudnn: _Backend = _Backend()
    mps: _Backend = _Backend()
    mkl: _Backend = _Backend()


backends: _Backends = _Backends()


def set_num_threads(n: Any) -> None:
    """Accept a number of threads; NumPy keeps its own."""


def get_num_threads() -> Any:
    """Return 1: the engine itself runs on one thread."""
    return 1


def use_deterministic_algorithms(mode: Any, *, warn_only: Any = False) -> None:
    """Accept the wish; everything here is deterministic."""
