"""A process that ends itself when it holds too much memory, on Linux, macOS and Windows.

Enters: a limit. Leaves: a thread that looks a few times a second; past the limit the process ends at
once, with `TOO_MUCH` as its exit status. Meant for workers whose result nobody misses, such as proofs:
operating systems differ in what a process may limit itself, but all of them tell what it holds.
"""

from __future__ import annotations

import ctypes
import os
import sys
import threading
from importlib import import_module

__all__ = ["TOO_MUCH", "held", "watch"]

TOO_MUCH = 77
_EVERY = 0.05
_MEGABYTE = 2**20


class _Counters(ctypes.Structure):
    """PROCESS_MEMORY_COUNTERS of the Windows API."""

    _fields_ = [
        ("cb", ctypes.c_ulong),
        ("PageFaultCount", ctypes.c_ulong),
        *((name, ctypes.c_size_t) for name in (
            "PeakWorkingSetSize", "WorkingSetSize", "QuotaPeakPagedPoolUsage",
            "QuotaPagedPoolUsage", "QuotaPeakNonPagedPoolUsage", "QuotaNonPagedPoolUsage",
            "PagefileUsage", "PeakPagefileUsage",
        )),
    ]  # fmt: skip


def held() -> int:
    """Return how many bytes this process holds: now, or at its height where that alone is told."""
    if sys.platform == "win32":
        return _held_on_windows()
    try:
        with open("/proc/self/statm", encoding="ascii") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        resource = import_module("resource")  # POSIX only
        most = int(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
        return most if sys.platform == "darwin" else most * 1024


def _held_on_windows() -> int:
    kernel = ctypes.WinDLL("kernel32")  # type: ignore[attr-defined,unused-ignore]  # Windows alone
    kernel.GetCurrentProcess.restype = ctypes.c_void_p
    kernel.K32GetProcessMemoryInfo.argtypes = [
        ctypes.c_void_p, ctypes.POINTER(_Counters), ctypes.c_ulong,
    ]  # fmt: skip
    counters = _Counters()
    counters.cb = ctypes.sizeof(counters)
    kernel.K32GetProcessMemoryInfo(
        kernel.GetCurrentProcess(), ctypes.byref(counters), counters.cb
    )
    return int(counters.PagefileUsage)


def watch(megabytes: int) -> None:
    """Start to look; the process ends when it holds more than so many megabytes."""
    limit = megabytes * _MEGABYTE

    def look() -> None:
        pause = threading.Event()
        while held() <= limit:
            pause.wait(_EVERY)
        os._exit(TOO_MUCH)

    threading.Thread(target=look, daemon=True, name="memory watch").start()
